use rstest::rstest;
use serde_json::{Value, json};

use super::{
    super::{ReferencePath, Root},
    *,
};

fn reference(text: &str) -> ReferencePath {
    let [aws, spec] = BOTH.map(|profile| ReferencePath::parse(text, profile).unwrap());
    assert_eq!(aws, spec);
    aws
}

/// The twelve examples of the specification.
#[rstest]
#[case("$.store.book", &["store", "book"])]
#[case("$.store\\.book", &["store.book"])]
#[case("$.\\stor\\e.boo\\k", &["store", "book"])]
#[case("$.store.book.title", &["store", "book", "title"])]
#[case("$.foo.\\.bar", &["foo", ".bar"])]
#[case("$.foo\\@bar.baz\\[\\[.\\?pretty", &["foo@bar", "baz[[", "?pretty"])]
#[case("$.&Ж中.\\uD800\\uDF46", &["&Ж中", "\u{10346}"])]
#[case("$.ledgers.branch[0].pending.count", &["ledgers", "branch", "0", "pending", "count"])]
#[case("$.ledgers.branch[0]", &["ledgers", "branch", "0"])]
#[case("$.ledgers[0][22][315].foo", &["ledgers", "0", "22", "315", "foo"])]
#[case("$['store']['book']", &["store", "book"])]
#[case("$['store'][0]['book']", &["store", "0", "book"])]
fn path_020_to_022_examples_of_the_specification(#[case] text: &str, #[case] steps: &[&str]) {
    // A step of digits is an index here: none of the examples has such a name.
    let data = steps.iter().rev().fold(json!("found"), |inner, step| match step.parse::<usize>() {
        Ok(index) => std::iter::repeat_n(Value::Null, index).chain([inner]).collect(),
        Err(_) => json!({*step: inner}),
    });
    assert_eq!(reference(text).select(&data), Ok(&json!("found")));
    assert_eq!(reference(text).take(data.clone()), Ok(json!("found")));
    assert_eq!(reference(text).steps_len(), steps.len());
    for profile in BOTH {
        assert_eq!(select(text, profile, &data), Ok(json!("found")));
    }
}

#[rstest]
#[case::path_018_at("$.a@b")]
#[case::path_018_comma("$.a,b")]
#[case::path_018_colon("$.a:b")]
#[case::path_018_question_mark("$.a?")]
#[case::path_018_union("$[0,1]")]
#[case::path_018_union_of_names("$['a','b']")]
#[case::path_018_slice("$.a[0:1]")]
#[case::path_018_filter("$.a[?(@.b)]")]
#[case::path_018_script("$.a[(@.length-1)]")]
#[case::path_019_wildcard("$.a.*")]
#[case::path_019_wildcard_in_brackets("$.a[*]")]
#[case::path_019_descent("$..a")]
#[case::path_019_function("$.a.length()")]
#[case::path_019_negative_index("$.a[-1]")]
#[case::path_019_trailing_dot("$.a.")]
#[case::no_dollar("a")]
fn path_018_and_019_what_is_no_reference_path(#[case] text: &str) {
    for profile in BOTH {
        assert!(ReferencePath::parse(text, profile).is_err(), "{text}");
    }
}

#[rstest]
#[case("$['a@b,c:d?*']", "a@b,c:d?*")]
#[case("$.a\\@b\\,c\\:d\\?\\*", "a@b,c:d?*")]
#[case("$['say \\\"hi\\\"']", "say \"hi\"")]
#[case("$[\"it\\'s\"]", "it's")]
#[case("$['back\\\\slash']", "back\\slash")]
#[case("$['\\u0041\\n']", "A\n")]
#[case("$.a\\u00e9", "aé")]
#[case("$.a\\under", "aunder")]
#[case("$['']", "")]
#[case("$.a\\(\\)", "a()")]
fn path_021_to_024_names_with_special_characters(#[case] text: &str, #[case] name: &str) {
    assert_eq!(reference(text).select(&json!({name: 1})), Ok(&json!(1)));
}

#[rstest]
#[case("$", Root::Input, 0)]
#[case("$$.Map.Item", Root::Context, 2)]
#[case("$limits.max", Root::Variable("limits".into()), 1)]
fn the_root_can_be_asked(#[case] text: &str, #[case] root: Root, #[case] steps: usize) {
    assert_eq!(*reference(text).root(), root);
    assert_eq!(reference(text).steps_len(), steps);
    assert_eq!(reference(text).text(), text);
}

#[rstest]
#[case::io_018("$", json!({"a": 1}), json!("new"))]
#[case::io_021("$.master.detail", json!({"master": {"detail": [1, 2, 3]}}), json!({"master": {"detail": "new"}}))]
#[case::io_022("$.m.result.sum", json!({"m": {"d": 1}}), json!({"m": {"d": 1, "result": {"sum": "new"}}}))]
#[case::io_022_from_nothing("$.a.b.c", json!({}), json!({"a": {"b": {"c": "new"}}}))]
#[case::io_023("$.list[1]", json!({"list": [1, 2, 3]}), json!({"list": [1, "new", 3]}))]
#[case::io_023_below("$.list[0].x.y", json!({"list": [{"z": 1}]}), json!({"list": [{"z": 1, "x": {"y": "new"}}]}))]
#[case::io_021_null("$.a", json!({"a": null}), json!({"a": "new"}))]
#[case::root_array("$[0]", json!([1]), json!(["new"]))]
fn assign_places_the_value(#[case] text: &str, #[case] mut target: Value, #[case] expected: Value) {
    assert_eq!(reference(text).assign(&mut target, json!("new")), Ok(()));
    assert_eq!(target, expected);
}

#[rstest]
#[case::io_024_text("$.x", json!("foo"))]
#[case::io_024_below_a_number("$.a.b", json!({"a": 1}))]
#[case::io_024_below_null("$.a.b", json!({"a": null}))]
#[case::io_024_name_in_an_array("$.a.b", json!({"a": []}))]
#[case::io_025_past_the_end("$.a[1]", json!({"a": [1]}))]
#[case::io_025_index_of_an_object("$.a[0]", json!({"a": {}}))]
#[case::io_025_index_of_nothing("$.a[0]", json!({}))]
#[case::io_025_index_below_created("$.a.b[0].c", json!({}))]
fn assign_leaves_what_it_cannot_change(#[case] text: &str, #[case] target: Value) {
    let mut changed = target.clone();
    assert!(reference(text).assign(&mut changed, json!("new")).is_err());
    assert_eq!(changed, target);
}

#[test]
fn errors_of_select_are_those_of_a_definite_path() {
    let data = json!({"a": [1], "b": 2});
    for text in ["$.nope", "$.nope.x", "$.a[1]", "$.a[1].x", "$.b[0]", "$.a.x"] {
        let error = reference(text).select(&data).cloned();
        assert_eq!(error, select(text, Profile::Aws, &data));
        assert!(error.is_err());
        assert_eq!(reference(text).take(data.clone()), error);
    }
}
