//! Retriers and Catchers.

use super::*;

#[rstest]
#[case::empty(json!([]), &[])]
#[case::object(json!({}), &["WRONG_TYPE /Retry RETRY-001"])]
#[case::string(json!(["E"]), &["WRONG_TYPE /Retry/0 RETRY-001"])]
#[case::no_names(json!([{}]), &["MISSING_FIELD /Retry/0 RETRY-003"])]
#[case::names_string(json!([{"ErrorEquals": "E"}]), &["WRONG_TYPE /Retry/0/ErrorEquals RETRY-003"])]
#[case::names_empty(json!([{"ErrorEquals": []}]), &["EMPTY /Retry/0/ErrorEquals RETRY-003"])]
#[case::name_number(json!([{"ErrorEquals": ["E", 1]}]), &["WRONG_TYPE /Retry/0/ErrorEquals/1 RETRY-003"])]
#[case::all_alone_and_last(json!([{"ErrorEquals": ["E"]}, {"ErrorEquals": ["States.ALL"]}]), &[])]
#[case::all_beside_another(
    json!([{"ErrorEquals": ["E", "States.ALL"]}]),
    &["MISPLACED_STATES_ALL /Retry/0/ErrorEquals/1 LINT-014"]
)]
#[case::all_before_another(
    json!([{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}]),
    &["MISPLACED_STATES_ALL /Retry/0/ErrorEquals/0 LINT-015"]
)]
fn a_retrier_names_its_errors(#[case] retry: Value, #[case] expected: &[&str]) {
    for state_type in ["Task", "Parallel", "Map"] {
        assert_state(&machine(state_type, json!({"Retry": retry})), expected);
    }
}

#[rstest]
#[case::shortest_interval("IntervalSeconds", json!(1), None)]
#[case::longest_interval("IntervalSeconds", json!(99_999_999), None)]
#[case::no_interval("IntervalSeconds", json!(0), Some(("OUT_OF_RANGE", "RETRY-006")))]
#[case::interval_text("IntervalSeconds", json!("1"), Some(("WRONG_TYPE", "RETRY-006")))]
#[case::no_attempts("MaxAttempts", json!(0), None)]
#[case::negative_attempts("MaxAttempts", json!(-1), Some(("OUT_OF_RANGE", "RETRY-008")))]
#[case::too_many_attempts("MaxAttempts", json!(100_000_000), Some(("OUT_OF_RANGE", "RETRY-008")))]
#[case::constant_rate("BackoffRate", json!(1), None)]
#[case::fractional_rate("BackoffRate", json!(1.5), None)]
#[case::shrinking_rate("BackoffRate", json!(0.99), Some(("OUT_OF_RANGE", "RETRY-011")))]
#[case::rate_text("BackoffRate", json!("2"), Some(("WRONG_TYPE", "RETRY-011")))]
#[case::longest_delay("MaxDelaySeconds", json!(31_622_400), None)]
#[case::no_delay("MaxDelaySeconds", json!(0), Some(("OUT_OF_RANGE", "RETRY-014")))]
#[case::full_jitter("JitterStrategy", json!("FULL"), None)]
#[case::jitter_number("JitterStrategy", json!(1), Some(("WRONG_TYPE", "RETRY-017")))]
#[case::comment("Comment", json!("c"), None)]
fn a_field_of_a_retrier_is_checked(#[case] field: &str, #[case] value: Value, #[case] expected: Option<(&str, &str)>) {
    let definition = machine("Task", json!({"Retry": [{"ErrorEquals": ["E"], field: value}]}));
    let expected: Vec<String> = expected.iter().map(|(code, rule)| format!("{code} /Retry/0/{field} {rule}")).collect();
    assert_state(&definition, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[rstest]
#[case::delay("MaxDelaySeconds", json!(31_622_401), "OUT_OF_RANGE /Retry/0/MaxDelaySeconds RETRY-015")]
#[case::jitter("JitterStrategy", json!("SAMPLE"), "UNKNOWN_VALUE /Retry/0/JitterStrategy RETRY-017")]
fn only_aws_bounds_delay_and_jitter(#[case] field: &str, #[case] value: Value, #[case] expected: &str) {
    let definition = machine("Task", json!({"Retry": [{"ErrorEquals": ["E"], field: value}]}));
    assert_state_in(Profile::Aws, &definition, &[expected]);
    assert_state_in(Profile::Spec, &definition, &[]);
}

#[rstest]
#[case::unknown("Next", "RETRY-026")]
#[case::path("MaxAttemptsPath", "RETRY-027")]
fn a_retrier_has_no_other_fields(#[case] field: &str, #[case] rule: &str) {
    let definition = machine("Task", json!({"Retry": [{"ErrorEquals": ["E"], field: "$.a"}]}));
    assert_state(&definition, &[&format!("UNKNOWN_FIELD /Retry/0 {rule}")]);
}

#[rstest]
#[case::empty(json!([]), &[])]
#[case::string(json!("E"), &["WRONG_TYPE /Catch CATCH-001"])]
#[case::number(json!([1]), &["WRONG_TYPE /Catch/0 CATCH-001"])]
#[case::plain(json!([{"ErrorEquals": ["E"], "Next": "T"}]), &[])]
#[case::no_names(json!([{"Next": "T"}]), &["MISSING_FIELD /Catch/0 CATCH-003"])]
#[case::names_empty(json!([{"ErrorEquals": [], "Next": "T"}]), &["EMPTY /Catch/0/ErrorEquals CATCH-003"])]
#[case::no_next(json!([{"ErrorEquals": ["E"]}]), &["MISSING_FIELD /Catch/0 CATCH-004"])]
#[case::next_number(json!([{"ErrorEquals": ["E"], "Next": 1}]), &["WRONG_TYPE /Catch/0/Next CATCH-004"])]
#[case::result_path_null(json!([{"ErrorEquals": ["E"], "Next": "T", "ResultPath": null}]), &[])]
#[case::result_path_wildcard(
    json!([{"ErrorEquals": ["E"], "Next": "T", "ResultPath": "$.*"}]),
    &["INVALID_REFERENCE_PATH /Catch/0/ResultPath PATH-019"]
)]
#[case::result_path_number(
    json!([{"ErrorEquals": ["E"], "Next": "T", "ResultPath": 1}]),
    &["WRONG_TYPE /Catch/0/ResultPath CATCH-007"]
)]
#[case::unknown_field(json!([{"ErrorEquals": ["E"], "Next": "T", "End": true}]), &["UNKNOWN_FIELD /Catch/0 CATCH-016"])]
#[case::all_beside_another(
    json!([{"ErrorEquals": ["States.ALL", "E"], "Next": "T"}]),
    &["MISPLACED_STATES_ALL /Catch/0/ErrorEquals/0 LINT-016"]
)]
#[case::all_before_another(
    json!([{"ErrorEquals": ["States.ALL"], "Next": "T"}, {"ErrorEquals": ["E"], "Next": "T"}]),
    &["MISPLACED_STATES_ALL /Catch/0/ErrorEquals/0 LINT-017"]
)]
fn a_catcher_is_checked(#[case] catch: Value, #[case] expected: &[&str]) {
    for state_type in ["Task", "Parallel", "Map"] {
        assert_state(&machine(state_type, json!({"Catch": catch})), expected);
    }
}

#[test]
fn an_error_name_of_a_service_is_a_warning_in_error_equals() {
    let names = json!(["States.Http.StatusCode.400", "States.Timeout", "Mine"]);
    let definition = machine("Task", json!({"Retry": [{"ErrorEquals": names}]}));
    assert_warnings(&definition, &["RESERVED_ERROR_NAME /States/S/Retry/0/ErrorEquals/0 ERR-003"]);
}
