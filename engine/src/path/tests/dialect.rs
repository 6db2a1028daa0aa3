use rstest::rstest;
use serde_json::{Value, json};

use super::{
    super::{
        dialect::Dialect,
        eval::Evaluation,
        scan::{Parser, Place},
    },
    *,
};

/// What a dialect selects, if anything.
fn select_with(dialect: &Dialect, text: &str, root: &Value) -> Option<Value> {
    let (_, query) = Parser::new(text, dialect, Place::Path).ok()?.path().ok()?;
    let meter = meter();
    let evaluation = Evaluation { root, dialect, meter: &meter, pads: dialect.past_end_in_list_is_null };
    evaluation.select(&query, root).ok().map(std::borrow::Cow::into_owned)
}

/// Each row of the dialect, switched alone from the `aws` reading to the other.
#[rstest]
#[case::path_015(|d: &mut Dialect| d.functions ^= true, "$.list.length()", None, Some(json!(3)))]
#[case::path_027(
    |d: &mut Dialect| d.past_end_in_list_is_null ^= true, "$.rows[*][0]", Some(json!([1, null])), Some(json!([1]))
)]
#[case::path_032(
    |d: &mut Dialect| d.missing_parent_gives_empty_list ^= true, "$.nope[*]", Some(json!([])), None
)]
#[case::path_033(
    |d: &mut Dialect| d.union_of_names_is_an_object ^= true,
    "$.o['a','b']", Some(json!({"a": 1, "b": 2})), Some(json!([1, 2]))
)]
#[case::path_034(|d: &mut Dialect| d.union_past_end_fails ^= true, "$.list[0,9]", None, Some(json!([5])))]
#[case::path_035(|d: &mut Dialect| d.negative_index_counts_from_end ^= true, "$.list[-1]", None, Some(json!(7)))]
#[case::path_037(
    |d: &mut Dialect| d.slice_step_is_honoured ^= true, "$.list[0::2]", Some(json!([5, 6, 7])), Some(json!([5, 7]))
)]
#[case::path_038(
    |d: &mut Dialect| d.slice_with_two_bounds_counts_from_end ^= true,
    "$.list[1:-1]", Some(json!([])), Some(json!([6]))
)]
#[case::slice_without_bounds(
    |d: &mut Dialect| d.slice_without_bounds ^= true, "$.list[:]", None, Some(json!([5, 6, 7]))
)]
#[case::path_039(|d: &mut Dialect| d.slice_needs_array ^= true, "$.o[0:1]", None, Some(json!([])))]
#[case::path_040(|d: &mut Dialect| d.length_scripts ^= true, "$.list[(@.length-1)]", Some(json!(7)), None)]
#[case::path_041(
    |d: &mut Dialect| d.filter_words ^= true, "$.list[?(@ in [5, 7])]", None, Some(json!([5, 7]))
)]
#[case::path_042(
    |d: &mut Dialect| d.regular_expressions ^= true, "$.texts[?(@ =~ /5/)]", Some(json!(["5"])), None
)]
#[case::path_043(
    |d: &mut Dialect| d.loose_comparison ^= true, "$.texts[?(@ == 5)]", Some(json!(["5"])), Some(json!([]))
)]
#[case::path_044(
    |d: &mut Dialect| d.filter_tests_object_itself ^= true, "$.o[?(@ == 1)]", Some(json!([])), Some(json!([1]))
)]
#[case::path_045(
    |d: &mut Dialect| d.index_after_filter_needs_array ^= true, "$.list[?(@ > 5)][0]", None, Some(json!([]))
)]
#[case::path_046(|d: &mut Dialect| d.loose_names ^= true, "$.a-b", Some(json!(8)), None)]
#[case::missing_operand(
    |d: &mut Dialect| d.missing_operand_differs ^= true, "$.list[?(@.a != 1)]", Some(json!([])), Some(json!([5, 6, 7]))
)]
fn a_row_can_be_switched_alone(
    #[case] switch: fn(&mut Dialect),
    #[case] text: &str,
    #[case] aws: Option<Value>,
    #[case] other: Option<Value>,
) {
    let data = json!({
        "list": [5, 6, 7], "rows": [[1], []], "o": {"a": 1, "b": 2}, "texts": ["5", "x"], "a-b": 8
    });
    let mut dialect = Dialect::of(Profile::Aws).clone();
    assert_eq!(select_with(&dialect, text, &data), aws);
    switch(&mut dialect);
    assert_eq!(select_with(&dialect, text, &data), other);
}
