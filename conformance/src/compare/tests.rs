use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;
use serde_json::{Value, json};

use super::{Observed, compare, equal};
use crate::{
    engine::{Finding, Observable, Outcome, Reply},
    expect::Expect,
};

#[rstest]
#[case("1", "1.0", true)]
#[case("1", "1.5", false)]
#[case("-0.0", "0", true)]
#[case("9007199254740993", "9007199254740992", false)]
#[case("9007199254740993", "9007199254740992.0", false)]
#[case("18446744073709551615", "18446744073709551615.0", false)]
#[case("1e300", "1e300", true)]
#[case("1e40", "1", false)]
#[case("1", "\"1\"", false)]
#[case("[1, 2]", "[2, 1]", false)]
#[case("[1]", "[1, 1]", false)]
#[case("{\"a\": 1, \"b\": [2.0]}", "{\"b\": [2], \"a\": 1}", true)]
#[case("{\"a\": 1}", "{\"a\": 1, \"b\": null}", false)]
fn values_are_equal_by_value(#[case] left: &str, #[case] right: &str, #[case] same: bool) {
    let parse = |text| serde_json::from_str::<Value>(text).expect("a value");
    assert_eq!(equal(&parse(left), &parse(right)), same);
    assert_eq!(equal(&parse(right), &parse(left)), same);
}

#[rstest]
#[case("9.223372036854776e18", "9223372036854776000", true)]
#[case("9.223372036854776e18", "9223372036854775808", true)]
#[case("9.223372036854776e18", "9223372036854775807", false)]
#[case("9223372036854775808", "9223372036854776000", false)]
fn a_double_may_be_printed_as_the_fewest_digits_that_stand_for_it(
    #[case] expected: &str,
    #[case] got: &str,
    #[case] same: bool,
) {
    let parse = |text| serde_json::from_str::<Value>(text).expect("a value");
    assert_eq!(equal(&parse(expected), &parse(got)), same);
}

fn differences(expect: Value, reply: &Reply) -> Vec<(String, String, String)> {
    let inputs = BTreeMap::from([("T".to_owned(), vec![json!(1), json!(2)])]);
    let observables = BTreeSet::from(Observable::ALL);
    let expect: Expect = serde_json::from_value(expect).expect("an expectation");
    let comparison = compare(&expect, Observed { reply, task_inputs: &inputs, observables: &observables });
    comparison.differences.into_iter().map(|found| (found.path, found.expected, found.got)).collect()
}

fn succeeded(output: Value) -> Reply {
    Reply::from(Outcome::succeeded(output))
}

fn failed(error: Option<&str>, cause: Option<&str>) -> Reply {
    Reply::from(Outcome::failed(error.map(str::to_owned), cause.map(str::to_owned)))
}

#[test]
fn only_the_innermost_difference_of_an_output_is_named() {
    let expect = json!({"status": "SUCCEEDED", "output": {"a": [1, {"b/c": 2}], "d": 3}});
    let found = differences(expect, &succeeded(json!({"a": [1, {"b/c": 5}], "e": 4})));
    let texts = |path: &str, expected: &str, got: &str| (path.to_owned(), expected.to_owned(), got.to_owned());
    assert_eq!(
        found,
        [texts("output/a/1/b~1c", "2", "5"), texts("output/d", "3", "nothing"), texts("output/e", "nothing", "4")]
    );
}

#[rstest]
#[case::null_is_a_name_left_out(json!({"status": "FAILED", "error": null}), failed(None, Some("any")), true)]
#[case::a_name_where_none_is_expected(json!({"status": "FAILED", "error": null}), failed(Some("E"), None), false)]
#[case::no_name_where_one_is_expected(json!({"status": "FAILED", "error": "E"}), failed(None, None), false)]
#[case::a_cause_is_compared_only_if_given(json!({"status": "FAILED", "error": "E"}), failed(Some("E"), Some("x")), true)]
#[case::another_cause(json!({"status": "FAILED", "error": "E", "cause": "y"}), failed(Some("E"), Some("x")), false)]
#[case::another_status(json!({"status": "FAILED", "error": "E"}), succeeded(json!(1)), false)]
#[case::a_schema(json!({"status": "SUCCEEDED", "outputSchema": {"type": "string"}}), succeeded(json!("x")), true)]
#[case::against_a_schema(json!({"status": "SUCCEEDED", "outputSchema": {"type": "string"}}), succeeded(json!(1)), false)]
#[case::number_of_calls(json!({"status": "SUCCEEDED", "output": 1, "calls": {"T": 2, "U": 0}}), succeeded(json!(1)), true)]
#[case::too_few_calls(json!({"status": "SUCCEEDED", "output": 1, "calls": {"T": 3}}), succeeded(json!(1)), false)]
#[case::inputs(json!({"status": "SUCCEEDED", "output": 1, "taskInputs": {"T": [1, 2.0]}}), succeeded(json!(1)), true)]
#[case::inputs_out_of_order(json!({"status": "SUCCEEDED", "output": 1, "taskInputs": {"T": [2, 1]}}), succeeded(json!(1)), false)]
#[case::refused(json!({"status": "REFUSED"}), Reply::Refused { reason: String::new() }, true)]
#[case::not_refused(json!({"status": "REFUSED"}), succeeded(json!(1)), false)]
#[case::accepted(json!({"valid": true}), Reply::Valid { warnings: vec![] }, true)]
#[case::run_instead_of_validated(json!({"valid": true}), succeeded(json!(1)), false)]
fn an_outcome_agrees_or_not(#[case] expect: Value, #[case] reply: Reply, #[case] agrees: bool) {
    let found = differences(expect, &reply);
    assert_eq!(found.is_empty(), agrees, "{found:?}");
}

#[rstest]
#[case::visited(json!({"visited": ["A", "B"]}), true)]
#[case::visited_in_another_order(json!({"visited": ["B", "A"]}), false)]
#[case::visited_any_order(json!({"visitedAnyOrder": ["B", "A"]}), true)]
#[case::visited_any_order_is_a_multiset(json!({"visitedAnyOrder": ["B", "A", "A"]}), false)]
#[case::waits(json!({"waits": [1, 2.0]}), true)]
#[case::a_wait_too_many(json!({"waits": [1]}), false)]
#[case::waits_within(json!({"waitsWithin": [[1, 1], [0, 2.5]]}), true)]
#[case::a_wait_too_long(json!({"waitsWithin": [[0, 0.9], [0, 2]]}), false)]
#[case::a_wait_too_short(json!({"waitsWithin": [[0, 1], [2.1, 3]]}), false)]
#[case::fewer_ranges(json!({"waitsWithin": [[0, 1]]}), false)]
#[case::elapsed(json!({"elapsed": 3}), true)]
#[case::other_elapsed(json!({"elapsed": 3.001}), false)]
#[case::transitions(json!({"transitions": 2}), true)]
#[case::history_members_given(json!({"history": [{"type": "ExecutionStarted", "previous": 0}]}), true)]
#[case::other_history_member(json!({"history": [{"type": "ExecutionStarted", "previous": 1}]}), false)]
#[case::missing_history_member(json!({"history": [{"type": "ExecutionStarted", "name": "A"}]}), false)]
#[case::longer_history(json!({"history": [{"type": "ExecutionStarted"}, {"type": "ExecutionSucceeded"}]}), false)]
fn what_an_engine_reports_is_compared(#[case] mut expect: Value, #[case] agrees: bool) {
    let reply: Reply = serde_json::from_value(json!({
        "reply": "outcome", "status": "SUCCEEDED", "output": null, "visited": ["A", "B"], "waits": [1, 2],
        "elapsed": 3.0000000001, "transitions": 2, "history": [{"type": "ExecutionStarted", "previous": 0, "input": {}}]
    }))
    .expect("a reply");
    expect["status"] = json!("SUCCEEDED");
    expect["output"] = Value::Null;
    let found = differences(expect, &reply);
    assert_eq!(found.is_empty(), agrees, "{found:?}");
}

#[test]
fn what_an_engine_does_not_report_is_counted_instead_of_compared() {
    let expect = json!({"status": "SUCCEEDED", "output": 1, "visited": ["A"], "history": [{"type": "X"}]});
    let expect: Expect = serde_json::from_value(expect).expect("an expectation");
    let reply = succeeded(json!(1));
    let none = (BTreeMap::new(), BTreeSet::new());
    let comparison = compare(&expect, Observed { reply: &reply, task_inputs: &none.0, observables: &none.1 });
    assert_eq!(comparison.differences, []);
    assert_eq!(comparison.unchecked, BTreeSet::from([Observable::Visited, Observable::History]));
}

#[test]
fn a_declared_observable_that_does_not_come_is_a_difference() {
    let expect = json!({"status": "SUCCEEDED", "output": 1, "visited": ["A"]});
    assert_eq!(differences(expect, &succeeded(json!(1))).len(), 1);
}

#[test]
fn any_permitted_outcome_will_do_and_the_nearest_is_reported() {
    let expect = json!({"oneOf": [{"status": "SUCCEEDED", "output": [1, 2]}, {"status": "FAILED", "error": "E"}]});
    assert_eq!(differences(expect.clone(), &failed(Some("E"), None)), []);
    assert_eq!(differences(expect.clone(), &succeeded(json!([1, 2]))), []);
    let found = differences(expect, &succeeded(json!([1, 3])));
    assert_eq!(found, [("output/1".to_owned(), "2".to_owned(), "3".to_owned())]);
}

#[test]
fn errors_are_compared_by_code_and_location_in_any_order() {
    let finding = |code: &str, location: &str| Finding { code: code.to_owned(), location: location.to_owned() };
    let expect = json!({"valid": false, "errors": [{"code": "A", "location": ""}, {"code": "B", "location": "/x"}]});
    let errors = vec![finding("B", "/x"), finding("A", "")];
    assert_eq!(differences(expect.clone(), &Reply::Invalid { errors }), []);
    let errors = vec![finding("A", "")];
    assert_eq!(differences(expect.clone(), &Reply::Invalid { errors }).len(), 1);
    assert_eq!(differences(expect, &Reply::Valid { warnings: Vec::new() }).len(), 1);
}

#[test]
fn a_long_text_is_cut_between_characters() {
    let expect = json!({"status": "SUCCEEDED", "output": 1});
    let found = differences(expect, &succeeded(Value::from("ü".repeat(5_000))));
    assert!(found[0].2.len() < 2_100 && found[0].2.ends_with("... (10002 bytes)"), "{}", found[0].2.len());
}

#[test]
fn deep_values_differ_instead_of_exhausting_the_stack() {
    let deep = (0..2_000).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    assert!(!equal(&deep, &deep.clone()));
    let expect = json!({"status": "SUCCEEDED", "output": 1});
    assert_eq!(differences(expect, &succeeded(deep)).len(), 1);
}
