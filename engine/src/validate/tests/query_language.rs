//! Query languages, and what each of them takes.

use super::*;

#[rstest]
#[case::jsonpath(json!("JSONPath"), &[])]
#[case::jsonata(json!("JSONata"), &[])]
#[case::another_case(json!("jsonata"), &["UNKNOWN_VALUE /QueryLanguage STRUCT-011"])]
#[case::number(json!(1), &["WRONG_TYPE /QueryLanguage STRUCT-011"])]
fn the_machine_names_its_language_exactly(#[case] language: Value, #[case] expected: &[&str]) {
    let mut definition = machine("Pass", json!({}));
    definition["QueryLanguage"] = language;
    assert_errors(&definition, expected);
}

#[test]
fn a_misspelt_language_is_read_as_jsonata() {
    let mut definition = machine("Pass", json!({"InputPath": "$"}));
    definition["QueryLanguage"] = json!("foo");
    let expected = ["UNKNOWN_VALUE /QueryLanguage STRUCT-011", "OTHER_QUERY_LANGUAGE /States/S IO-033"];
    definition["States"]["S"]["Comment"] = json!("c");
    let mut found = findings(&definition, Profile::Aws, Severity::Error);
    found.sort_by_key(|finding| finding.contains("/States"));
    assert_eq!(found, expected);
    definition["States"]["S"] = json!({"Type": "Pass", "QueryLanguage": "JSONPath", "InputPath": "$", "Next": "T"});
    assert_errors(&definition, &["UNKNOWN_VALUE /QueryLanguage STRUCT-011"]);
}

#[test]
fn a_state_may_switch_to_jsonata_but_not_back() {
    assert_errors(&machine("Pass", json!({"QueryLanguage": "JSONata", "Output": 1})), &[]);
    // Fields of the other language are not reported as well (LINT-029), wrong values are.
    let back = json!({"QueryLanguage": "JSONPath", "Output": 1, "InputPath": 5});
    let definition = jsonata_machine("Pass", back);
    let expected = ["QUERY_LANGUAGE_DOWNGRADE /QueryLanguage STRUCT-027", "WRONG_TYPE /InputPath IO-003"];
    assert_state_in(Profile::Aws, &definition, &expected);
    let expected = ["OTHER_QUERY_LANGUAGE  JNATA-054", "WRONG_TYPE /InputPath IO-003"];
    assert_state_in(Profile::Spec, &definition, &expected);
}

#[test]
fn a_nested_state_takes_the_language_of_the_machine() {
    let processor = json!({"StartAt": "N", "States": {"N": {"Type": "Pass", "InputPath": "$.a", "End": true}}});
    let definition = machine("Map", json!({"QueryLanguage": "JSONata", "ItemProcessor": processor}));
    assert_errors(&definition, &[]);
}

#[rstest]
#[case::input_path("Pass", json!({"InputPath": "$"}), &["OTHER_QUERY_LANGUAGE  IO-033"])]
#[case::each_field_once(
    "Task",
    json!({"InputPath": "$", "Parameters": {}}),
    &["OTHER_QUERY_LANGUAGE  IO-033", "OTHER_QUERY_LANGUAGE  IO-033"]
)]
#[case::result("Pass", json!({"Result": 1}), &["OTHER_QUERY_LANGUAGE  PASS-007"])]
#[case::result_selector("Task", json!({"ResultSelector": {}}), &["OTHER_QUERY_LANGUAGE  IO-033"])]
#[case::timeout_path("Task", json!({"TimeoutSecondsPath": "$.t"}), &["OTHER_QUERY_LANGUAGE  JNATA-055"])]
#[case::items_path("Map", json!({"ItemsPath": "$.i"}), &["OTHER_QUERY_LANGUAGE  JNATA-055"])]
#[case::parameters_of_map("Map", json!({"Parameters": {}}), &["OTHER_QUERY_LANGUAGE  IO-033"])]
#[case::seconds_path_alone(
    "Wait",
    json!({"Seconds": "absent", "SecondsPath": "$.s"}),
    &["OTHER_QUERY_LANGUAGE  JNATA-055"]
)]
#[case::error_path("Fail", json!({"ErrorPath": "$.e"}), &["OTHER_QUERY_LANGUAGE  JNATA-055"])]
#[case::result_path_in_catcher(
    "Task",
    json!({"Catch": [{"ErrorEquals": ["E"], "Next": "T", "ResultPath": "$.e"}]}),
    &["OTHER_QUERY_LANGUAGE /Catch/0 CATCH-011"]
)]
#[case::field_of_neither("Wait", json!({"Parameters": {}}), &["UNKNOWN_FIELD  WAIT-018"])]
fn a_jsonata_state_refuses_fields_of_jsonpath(#[case] kind: &str, #[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&jsonata_machine(kind, fields), expected);
}

#[rstest]
#[case::output("Pass", json!({"Output": 1}), &["OTHER_QUERY_LANGUAGE  JNATA-054"])]
#[case::arguments("Task", json!({"Arguments": {}}), &["OTHER_QUERY_LANGUAGE  JNATA-054"])]
#[case::items("Map", json!({"Items": []}), &["OTHER_QUERY_LANGUAGE  JNATA-054"])]
#[case::output_in_catcher(
    "Task",
    json!({"Catch": [{"ErrorEquals": ["E"], "Next": "T", "Output": 1}]}),
    &["OTHER_QUERY_LANGUAGE /Catch/0 CATCH-014"]
)]
#[case::output_on_fail("Fail", json!({"Output": 1}), &["UNKNOWN_FIELD  FAIL-013"])]
#[case::arguments_on_pass("Pass", json!({"Arguments": 1}), &["UNKNOWN_FIELD  JNATA-052"])]
fn a_jsonpath_state_refuses_fields_of_jsonata(#[case] kind: &str, #[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&machine(kind, fields), expected);
}

#[rstest]
#[case::any_output("Pass", json!({"Output": [1, {"a": null}]}), &[])]
#[case::output_expression("Succeed", json!({"Output": "{% 1 %}"}), &[])]
#[case::any_arguments("Task", json!({"Arguments": 5}), &[])]
#[case::arguments_on_map("Map", json!({"Arguments": 5}), &["UNKNOWN_FIELD  JNATA-052"])]
#[case::half_a_string("Pass", json!({"Output": "{% 1"}), &["INVALID_JSONATA_EXPRESSION /Output JNATA-003"])]
#[case::other_half("Pass", json!({"Output": {"a": ["1 %}"]}}), &["INVALID_JSONATA_EXPRESSION /Output/a/0 JNATA-003"])]
#[case::nothing_between("Pass", json!({"Output": "{%  %}"}), &["INVALID_JSONATA_EXPRESSION /Output JNATA-005"])]
#[case::no_blanks("Pass", json!({"Output": "{%1%}"}), &[])]
#[case::outer_blanks("Pass", json!({"Output": " {% %} "}), &[])]
#[case::comment_is_text("Pass", json!({"Comment": "{% "}), &[])]
#[case::timeout_expression("Task", json!({"TimeoutSeconds": "{% 5 %}", "HeartbeatSeconds": "{% 1 %}"}), &[])]
#[case::timeout_text("Task", json!({"TimeoutSeconds": "5"}), &["WRONG_TYPE /TimeoutSeconds TASK-007"])]
#[case::half_a_timeout(
    "Task",
    json!({"TimeoutSeconds": "{% 5"}),
    &["INVALID_JSONATA_EXPRESSION /TimeoutSeconds JNATA-003"]
)]
#[case::resource_is_a_constant("Task", json!({"Resource": "{% $r %}"}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::credentials("Task", json!({"Credentials": {"RoleArn": "{% 'r' %}"}}), &[])]
#[case::wait_expression("Wait", json!({"Seconds": "{% 5 %}"}), &[])]
#[case::wait_twice("Wait", json!({"Timestamp": "{% 5 %}"}), &["EXCLUSIVE_FIELDS  WAIT-002"])]
#[case::wait_never("Wait", json!({"Seconds": "absent"}), &["MISSING_FIELD  WAIT-002"])]
#[case::error_expression("Fail", json!({"Error": "{% 'E' %}", "Cause": "{% 'c' %}"}), &[])]
#[case::retrier_expression(
    "Task",
    json!({"Retry": [{"ErrorEquals": ["E"], "MaxAttempts": "{% 1 %}"}]}),
    &["WRONG_TYPE /Retry/0/MaxAttempts RETRY-008"]
)]
#[case::template_keys_mean_nothing("Pass", json!({"Output": {"a.$": 1, "a": 2}}), &[])]
fn a_jsonata_state_takes_jsonata_strings(#[case] kind: &str, #[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&jsonata_machine(kind, fields), expected);
}
