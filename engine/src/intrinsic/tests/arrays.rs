use rstest::rstest;
use serde_json::{Value, json};

use super::{check, check_both};
use crate::profile::Profile;

#[rstest]
#[case::array_02_example_of_the_spec(
    "States.Array('Foo', 2020, $.someJson, null)",
    json!({"someJson": {"random": "abcdefg"}}),
    json!(["Foo", 2020, {"random": "abcdefg"}, null])
)]
#[case::array_03_without_arguments("States.Array()", json!({}), json!([]))]
#[case::array_partition_05_example_of_the_spec(
    "States.ArrayPartition($,4)", json!([1, 2, 3, 4, 5, 6, 7, 8, 9]), json!([[1, 2, 3, 4], [5, 6, 7, 8], [9]])
)]
#[case::array_partition_05_chunk_above_length("States.ArrayPartition($, 2147483647)", json!([1, 2]), json!([[1, 2]]))]
#[case::array_partition_03_whole_double("States.ArrayPartition($, 1.0)", json!([1, 2]), json!([[1], [2]]))]
#[case::array_partition_06_empty("States.ArrayPartition($, 4)", json!([]), json!([]))]
#[case::array_contains_04_example_of_the_spec(
    "States.ArrayContains($.inputArray, $.lookingFor)",
    json!({"inputArray": [1, 2, 3, 4, 5, 6, 7, 8, 9], "lookingFor": 5}),
    json!(true)
)]
#[case::array_contains_04_absent("States.ArrayContains($, 4)", json!([1, 2, 3]), json!(false))]
#[case::array_contains_04_by_value("States.ArrayContains($, 1.0)", json!([1]), json!(true))]
#[case::array_contains_04_false_is_not_zero("States.ArrayContains($, false)", json!([0]), json!(false))]
#[case::array_contains_04_types_differ("States.ArrayContains($, '1')", json!([1]), json!(false))]
#[case::array_contains_03_null("States.ArrayContains($, null)", json!([1, null]), json!(true))]
#[case::array_contains_05_array("States.ArrayContains($, States.Array(1, 2))", json!([[1, 2]]), json!(true))]
#[case::array_contains_05_member_order(
    "States.ArrayContains($.in, $.it)", json!({"in": [{"a": 1, "b": 2}], "it": {"b": 2, "a": 1}}), json!(true)
)]
#[case::array_contains_05_extra_member(
    "States.ArrayContains($.in, $.it)", json!({"in": [{"a": 1, "b": 2}], "it": {"a": 1}}), json!(false)
)]
#[case::array_range_05_example_of_the_spec("States.ArrayRange(1, 9, 2)", json!({}), json!([1, 3, 5, 7, 9]))]
#[case::array_range_06_steps_over_the_end("States.ArrayRange(0, 10, 3)", json!({}), json!([0, 3, 6, 9]))]
#[case::array_range_07_downward("States.ArrayRange(5, 0, -2)", json!({}), json!([5, 3, 1]))]
#[case::array_range_09_away_from_the_end("States.ArrayRange(5, 1, 1)", json!({}), json!([]))]
#[case::array_range_09_away_from_the_end_downward("States.ArrayRange(1, 5, -1)", json!({}), json!([]))]
#[case::array_range_10_equal_bounds("States.ArrayRange(7, 7, 3)", json!({}), json!([7]))]
#[case::array_range_10_equal_bounds_negative_step("States.ArrayRange(7, 7, -3)", json!({}), json!([7]))]
#[case::array_range_08_1000_elements("States.ArrayLength(States.ArrayRange(1, 1000, 1))", json!({}), json!(1000))]
#[case::array_range_08_1000_elements_downward(
    "States.ArrayLength(States.ArrayRange(1000, 1, -1))", json!({}), json!(1000)
)]
#[case::array_range_at_the_ends_of_64_bits(
    "States.ArrayRange(9223372036854775806, 9223372036854775807, 1)",
    json!({}),
    json!([9_223_372_036_854_775_806_i64, 9_223_372_036_854_775_807_i64])
)]
#[case::array_get_item_03_example_of_the_spec(
    "States.ArrayGetItem($.inputArray, $.index)",
    json!({"inputArray": [1, 2, 3, 4, 5, 6, 7, 8, 9], "index": 5}),
    json!(6)
)]
#[case::array_get_item_03_of_a_new_array("States.ArrayGetItem(States.Array('a', 'b'), 1)", json!({}), json!("b"))]
#[case::array_length_02_example_of_the_spec(
    "States.ArrayLength($.inputArray)", json!({"inputArray": [1, 2, 3, 4, 5, 6, 7, 8, 9]}), json!(9)
)]
#[case::array_length_02_empty("States.ArrayLength($)", json!([]), json!(0))]
#[case::array_unique_02_example_of_the_spec(
    "States.ArrayUnique($.inputArray)", json!({"inputArray": [1, 2, 3, 3, 3, 3, 3, 3, 4]}), json!([1, 2, 3, 4])
)]
#[case::array_unique_03_measured("States.ArrayUnique($)", json!(["a", "b", "a", "c", "b"]), json!(["a", "b", "c"]))]
#[case::array_unique_03_measured_nulls("States.ArrayUnique($)", json!([null, null, 1, null]), json!([null, 1]))]
#[case::array_unique_04_05_measured("States.ArrayUnique($)", json!([1, "1", 1.0, "01"]), json!([1, "1", "01"]))]
#[case::array_unique_06_objects(
    "States.JsonToString(States.ArrayUnique($))",
    json!([{"a": 1, "b": 2}, {"b": 2, "a": 1}]),
    json!(r#"[{"a":1,"b":2}]"#)
)]
#[case::array_unique_02_equal_hashes("States.ArrayUnique($)", json!(["Aa", "BB", "Aa"]), json!(["Aa", "BB"]))]
#[case::json_merge_04_example_of_the_spec(
    "States.JsonMerge($.json1, $.json2, false)",
    json!({"json1": {"a": {"a1": 1, "a2": 2}, "b": 2}, "json2": {"a": {"a3": 1, "a4": 2}, "c": 3}}),
    json!({"a": {"a3": 1, "a4": 2}, "b": 2, "c": 3})
)]
fn both_profiles_give(#[case] text: &str, #[case] input: Value, #[case] expected: Value) {
    check_both(text, &input, Some(&expected));
}

#[rstest]
#[case::array_partition_01_one_argument("States.ArrayPartition($)", json!([1]))]
#[case::array_partition_01_three_arguments("States.ArrayPartition($, 1, 1)", json!([1]))]
#[case::array_partition_02_no_array("States.ArrayPartition($, 1)", json!({}))]
#[case::array_partition_03_zero("States.ArrayPartition($, 0)", json!([1]))]
#[case::array_partition_03_negative("States.ArrayPartition($, -1)", json!([1]))]
#[case::array_partition_03_string("States.ArrayPartition($, '2')", json!([1]))]
#[case::array_partition_03_null("States.ArrayPartition($, null)", json!([1]))]
#[case::array_partition_04_below_one("States.ArrayPartition($, 0.6)", json!([1]))]
#[case::array_partition_04_above_minus_one("States.ArrayPartition($, -0.4)", json!([1]))]
#[case::array_contains_01_one_argument("States.ArrayContains($)", json!([1]))]
#[case::array_contains_02_no_array("States.ArrayContains('abc', 'a')", json!({}))]
#[case::array_range_01_two_arguments("States.ArrayRange(1, 9)", json!({}))]
#[case::array_range_02_string("States.ArrayRange(1, '9', 1)", json!({}))]
#[case::array_range_04_zero_step("States.ArrayRange(1, 9, 0)", json!({}))]
#[case::array_range_04_zero_step_equal_bounds("States.ArrayRange(1, 1, 0)", json!({}))]
#[case::array_range_04_step_truncates_to_zero("States.ArrayRange(1, 9, 0.49)", json!({}))]
#[case::array_range_08_1001_elements("States.ArrayRange(1, 1001, 1)", json!({}))]
#[case::array_range_08_1001_elements_downward("States.ArrayRange(1001, 1, -1)", json!({}))]
#[case::array_range_08_most_elements("States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)", json!({}))]
#[case::array_range_beyond_64_bits("States.ArrayRange(1e300, 1e301, 1e300)", json!({}))]
#[case::array_get_item_01_one_argument("States.ArrayGetItem($)", json!([1]))]
#[case::array_get_item_02_string_index("States.ArrayGetItem($, '0')", json!([1]))]
#[case::array_get_item_02_no_array("States.ArrayGetItem('abc', 0)", json!({}))]
#[case::array_get_item_04_index_is_length("States.ArrayGetItem($, 3)", json!([1, 2, 3]))]
#[case::array_get_item_04_negative("States.ArrayGetItem($, -1)", json!([1, 2, 3]))]
#[case::array_length_01_string("States.ArrayLength('abc')", json!({}))]
#[case::array_length_01_no_argument("States.ArrayLength()", json!({}))]
#[case::array_unique_01_object("States.ArrayUnique($)", json!({}))]
#[case::array_unique_01_two_arguments("States.ArrayUnique($, $)", json!([1]))]
#[case::json_merge_01_two_arguments("States.JsonMerge($, $)", json!({}))]
#[case::json_merge_02_array("States.JsonMerge($, States.Array(), false)", json!({}))]
#[case::json_merge_02_null("States.JsonMerge(null, $, false)", json!({}))]
#[case::json_merge_03_string("States.JsonMerge($, $, 'false')", json!({}))]
#[case::json_merge_03_null("States.JsonMerge($, $, null)", json!({}))]
fn both_profiles_fail(#[case] text: &str, #[case] input: Value) {
    check_both(text, &input, None);
}

#[rstest]
#[case::array_partition_04_cut("States.ArrayPartition($, 2.6)", json!([1, 2, 3]), Some(json!([[1, 2], [3]])), None)]
#[case::array_partition_04_cut("States.ArrayPartition($, 2.4)", json!([1, 2, 3]), Some(json!([[1, 2], [3]])), None)]
#[case::array_range_03_cut("States.ArrayRange(1.4, 5.6, 2.2)", json!({}), Some(json!([1, 3, 5])), None)]
#[case::array_range_03_cut("States.ArrayRange(1.6, 1.4, 1)", json!({}), Some(json!([1])), None)]
#[case::array_range_03_cut_downward("States.ArrayRange(5.4, -0.6, -2.4)", json!({}), Some(json!([5, 3, 1])), None)]
#[case::array_get_item_02_cut("States.ArrayGetItem($, 1.2)", json!([1, 2, 3]), Some(json!(2)), None)]
#[case::array_get_item_05_empty_array("States.ArrayGetItem($, 999)", json!([]), Some(json!(null)), None)]
#[case::array_unique_03_measured(
    "States.ArrayUnique($)", json!([true, false, true, false]), Some(json!([false, true])), Some(json!([true, false]))
)]
#[case::array_unique_03_measured_arrays(
    "States.ArrayUnique($)",
    json!([[1, 2], [1, 2], [2, 1]]),
    Some(json!([[2, 1], [1, 2]])),
    Some(json!([[1, 2], [2, 1]]))
)]
#[case::array_unique_03_by_the_hash_rule(
    "States.ArrayUnique($)", json!([3, 2, 1]), Some(json!([1, 2, 3])), Some(json!([3, 2, 1]))
)]
#[case::array_unique_03_upper_half_of_the_hash_counts(
    "States.ArrayUnique($)", json!([65536, 0]), Some(json!([0, 65536])), Some(json!([65536, 0]))
)]
#[case::json_merge_05_deep(
    "States.JsonMerge($.a, $.b, true)",
    json!({"a": {"x": {"p": 1, "q": {"r": 1}}, "y": 1}, "b": {"x": {"q": {"s": 2}}, "y": {"z": 2}}}),
    None,
    Some(json!({"x": {"p": 1, "q": {"r": 1, "s": 2}}, "y": {"z": 2}}))
)]
fn the_profiles_differ(
    #[case] text: &str,
    #[case] input: Value,
    #[case] aws: Option<Value>,
    #[case] spec: Option<Value>,
) {
    check(Profile::Aws, text, &input, aws.as_ref());
    check(Profile::Spec, text, &input, spec.as_ref());
}

/// Sixteen buckets hold 12 values; with the 13th there are 32, so that 16 leaves the bucket of 0.
#[test]
fn d57_a_hash_set_grows_when_three_quarters_full() {
    check(
        Profile::Aws,
        "States.ArrayUnique($)",
        &json!([16, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0]),
        Some(&json!([16, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])),
    );
    check(
        Profile::Aws,
        "States.ArrayUnique($)",
        &json!([16, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
        Some(&json!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16])),
    );
}

#[rstest]
#[case::null(json!(null), 0)]
#[case::booleans(json!([true, false]), (31 + 1231) * 31 + 1237)]
#[case::empty_string(json!(""), 0)]
#[case::string(json!("Aa"), 65 * 31 + 97)]
#[case::surrogates(json!("🚀"), 0xD83D * 31 + 0xDE80)]
#[case::negative_integer(json!(-1), -1)]
#[case::whole_double(json!(7.0), 7)]
#[case::long(json!(4_294_967_299_i64), 1 ^ 3)]
#[case::big_integer(json!(9_223_372_036_854_775_808_u64), i32::MIN)]
#[case::double(json!(1.5), 0x3FF8_0000)]
#[case::empty_list(json!([]), 1)]
#[case::list(json!([1, 2]), 994)]
#[case::map(json!({"a": 1, "b": null}), (97 ^ 1) + 98)]
fn hashes_are_those_of_java(#[case] value: Value, #[case] expected: i32) {
    assert_eq!(super::super::java::hash(&value), expected);
}
