//! The document, its root, the names and the types of states.

use super::*;

#[rstest]
#[case::array(json!([]), &["WRONG_TYPE  STRUCT-001"])]
#[case::string(json!(""), &["WRONG_TYPE  STRUCT-001"])]
#[case::null(json!(null), &["MISSING_DESCRIPTION  STRUCT-003"])]
#[case::empty(json!({}), &["MISSING_FIELD  STRUCT-006", "MISSING_FIELD  STRUCT-004"])]
fn a_definition_is_an_object(#[case] definition: Value, #[case] expected: &[&str]) {
    assert_errors(&definition, expected);
}

#[rstest]
#[case::no_text("", "MISSING_DESCRIPTION  STRUCT-003")]
#[case::blanks(" \n\t", "MISSING_DESCRIPTION  STRUCT-003")]
#[case::null("null", "MISSING_DESCRIPTION  STRUCT-003")]
#[case::unfinished("{", "INVALID_JSON_DESCRIPTION  STRUCT-002")]
#[case::two_values("{} {}", "INVALID_JSON_DESCRIPTION  STRUCT-002")]
fn text_without_a_json_value_is_refused(#[case] text: &str, #[case] expected: &str) {
    let (_, found) = validate_text(text, Profile::Aws);
    let found: Vec<String> = found.iter().map(|f| format!("{} {} {}", f.code, f.location, f.requirement)).collect();
    assert_eq!(found, [expected]);
}

#[test]
fn a_syntax_error_names_line_and_column() {
    let (value, found) = validate_text("{\n  \"StartAt\": x}", Profile::Aws);
    assert_eq!(value, None);
    assert!(found[0].message.contains("line 2 column 14"), "{}", found[0].message);
}

#[test]
fn a_repeated_key_is_refused_where_it_stands() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "End": true}}}"#;
    let (value, found) = validate_text(text, Profile::Aws);
    assert!(value.is_some());
    let found: Vec<String> = found.iter().map(|f| format!("{} {} {}", f.code, f.location, f.requirement)).collect();
    assert_eq!(found, ["DUPLICATE_KEY /States/A/End DATA-009"]);
}

#[rstest]
#[case::comment("Comment", json!("text"), &[])]
#[case::comment_number("Comment", json!(1), &["WRONG_TYPE /Comment STRUCT-012"])]
#[case::version("Version", json!("1.0"), &[])]
#[case::another_version("Version", json!("1.1"), &["UNKNOWN_VALUE /Version STRUCT-014"])]
#[case::numeric_version("Version", json!(1.0), &["WRONG_TYPE /Version STRUCT-014"])]
#[case::shortest_timeout("TimeoutSeconds", json!(1), &[])]
#[case::longest_timeout("TimeoutSeconds", json!(99_999_999), &[])]
#[case::whole_number_with_a_fraction_part("TimeoutSeconds", json!(3.0), &[])]
#[case::zero_timeout("TimeoutSeconds", json!(0), &["OUT_OF_RANGE /TimeoutSeconds STRUCT-015"])]
#[case::timeout_too_long("TimeoutSeconds", json!(100_000_000), &["OUT_OF_RANGE /TimeoutSeconds STRUCT-015"])]
#[case::enormous_timeout("TimeoutSeconds", json!(1e300), &["OUT_OF_RANGE /TimeoutSeconds STRUCT-015"])]
#[case::fractional_timeout("TimeoutSeconds", json!(1.5), &["WRONG_TYPE /TimeoutSeconds STRUCT-015"])]
#[case::timeout_text("TimeoutSeconds", json!("1"), &["WRONG_TYPE /TimeoutSeconds STRUCT-015"])]
#[case::unknown_field("Name", json!("x"), &["UNKNOWN_FIELD  STRUCT-018"])]
#[case::field_in_another_case("startAt", json!("S"), &["UNKNOWN_FIELD  STRUCT-018"])]
#[case::states_array("States", json!([]), &["WRONG_TYPE /States STRUCT-005"])]
#[case::start_number("StartAt", json!(1), &["WRONG_TYPE /StartAt STRUCT-007"])]
#[case::empty_start("StartAt", json!(""), &["EMPTY /StartAt STRUCT-007"])]
fn a_root_field_is_checked(#[case] field: &str, #[case] value: Value, #[case] expected: &[&str]) {
    let mut definition = machine("Pass", json!({}));
    definition[field] = value;
    assert_errors(&definition, expected);
}

#[test]
fn start_and_states_are_required() {
    let mut definition = machine("Pass", json!({}));
    definition.as_object_mut().unwrap().remove("StartAt");
    assert_errors(&definition, &["MISSING_FIELD  STRUCT-006"]);
    assert_errors(&json!({"StartAt": "S"}), &["MISSING_FIELD  STRUCT-004"]);
}

#[rstest]
#[case::longest("n".repeat(80), None)]
#[case::characters_count_and_not_bytes("Ж".repeat(80), None)]
#[case::too_long("n".repeat(81), Some("TOO_LONG /States/{} STRUCT-019"))]
#[case::too_many_characters("Ж".repeat(81), Some("TOO_LONG /States/{} STRUCT-019"))]
fn a_state_name_has_at_most_80_characters(#[case] name: String, #[case] expected: Option<&str>) {
    let definition = json!({"StartAt": name, "States": {&name: {"Type": "Succeed"}}});
    let expected: Vec<String> = expected.iter().map(|finding| finding.replace("{}", &name)).collect();
    assert_errors(&definition, &expected.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn a_state_name_is_not_empty() {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": ""}, "": {"Type": "Succeed"}}});
    assert_errors(&definition, &["EMPTY /States/ STRUCT-021"]);
}

#[test]
fn a_pointer_escapes_the_characters_it_uses() {
    let definition = json!({"StartAt": "a/b~c", "States": {"a/b~c": {"Type": "Pass", "End": 1}}});
    assert_errors(&definition, &["WRONG_TYPE /States/a~1b~0c/End STRUCT-030"]);
}

#[rstest]
#[case::missing(json!({"End": true}), &["MISSING_FIELD  STRUCT-022"])]
#[case::number(json!({"Type": 1, "End": true}), &["WRONG_TYPE /Type STRUCT-023"])]
#[case::another_case(json!({"Type": "pass", "End": true}), &["UNKNOWN_VALUE /Type STRUCT-023"])]
#[case::unknown_type_hides_the_other_fields(
    json!({"Type": "Loop", "Resource": 1}),
    &["UNKNOWN_VALUE /Type STRUCT-023"]
)]
#[case::no_object(json!("Pass"), &["WRONG_TYPE  STRUCT-005"])]
fn a_state_has_one_of_the_eight_types(#[case] state: Value, #[case] expected: &[&str]) {
    assert_state(&json!({"StartAt": "S", "States": {"S": state}}), expected);
}

#[rstest]
#[case::comment("Pass", json!({"Comment": "text"}), &[])]
#[case::comment_number("Pass", json!({"Comment": 1}), &["WRONG_TYPE /Comment STRUCT-024"])]
#[case::unknown("Pass", json!({"Colour": "red"}), &["UNKNOWN_FIELD  STRUCT-040"])]
#[case::two_unknown(
    "Pass",
    json!({"Colour": 1, "Size": 2}),
    &["UNKNOWN_FIELD  STRUCT-040", "UNKNOWN_FIELD  STRUCT-040"]
)]
#[case::catch_on_pass("Pass", json!({"Catch": []}), &["UNKNOWN_FIELD  PASS-009"])]
#[case::result_selector_on_pass("Pass", json!({"ResultSelector": {}}), &["UNKNOWN_FIELD  PASS-009"])]
#[case::timeout_on_map("Map", json!({"TimeoutSeconds": 1}), &["UNKNOWN_FIELD  STRUCT-040"])]
#[case::timeout_on_parallel("Parallel", json!({"TimeoutSeconds": 1}), &["UNKNOWN_FIELD  PAR-017"])]
#[case::heartbeat_on_parallel("Parallel", json!({"HeartbeatSeconds": 1}), &["UNKNOWN_FIELD  PAR-017"])]
#[case::retry_on_wait("Wait", json!({"Retry": []}), &["UNKNOWN_FIELD  WAIT-018"])]
#[case::result_path_on_wait("Wait", json!({"ResultPath": "$"}), &["UNKNOWN_FIELD  WAIT-018"])]
#[case::next_on_succeed("Succeed", json!({"Next": "S"}), &["UNKNOWN_FIELD  SUCC-005"])]
#[case::end_on_succeed("Succeed", json!({"End": true}), &["UNKNOWN_FIELD  SUCC-005"])]
#[case::assign_on_succeed("Succeed", json!({"Assign": {}}), &["UNKNOWN_FIELD  VAR-003"])]
#[case::paths_on_succeed("Succeed", json!({"InputPath": "$.a", "OutputPath": null}), &[])]
#[case::parameters_on_succeed("Succeed", json!({"Parameters": {}}), &["UNKNOWN_FIELD  SUCC-005"])]
#[case::input_path_on_fail("Fail", json!({"InputPath": "$"}), &["UNKNOWN_FIELD  FAIL-013"])]
#[case::output_path_on_fail("Fail", json!({"OutputPath": "$"}), &["UNKNOWN_FIELD  FAIL-013"])]
#[case::assign_on_fail("Fail", json!({"Assign": {}}), &["UNKNOWN_FIELD  VAR-003"])]
#[case::end_on_fail("Fail", json!({"End": true}), &["UNKNOWN_FIELD  FAIL-013"])]
#[case::computed_cause_on_fail("Fail", json!({"Cause.$": "$.c"}), &["UNKNOWN_FIELD  FAIL-014"])]
#[case::next_on_choice("Choice", json!({"Next": "T"}), &["UNKNOWN_FIELD  CHOICE-012"])]
#[case::end_on_choice("Choice", json!({"End": true}), &["UNKNOWN_FIELD  CHOICE-012"])]
#[case::catch_on_choice("Choice", json!({"Catch": []}), &["UNKNOWN_FIELD  CHOICE-012"])]
#[case::result_path_on_choice("Choice", json!({"ResultPath": null}), &["UNKNOWN_FIELD  CHOICE-012"])]
fn a_state_takes_the_fields_of_its_type(#[case] state_type: &str, #[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&machine(state_type, fields), expected);
}

#[rstest]
#[case::neither("Wait", json!({"Seconds": "absent"}), &["MISSING_FIELD  WAIT-001"])]
#[case::both("Wait", json!({"Timestamp": "2016-03-14T01:59:00Z"}), &["EXCLUSIVE_FIELDS  WAIT-001"])]
#[case::literal_and_path("Wait", json!({"SecondsPath": "$.s"}), &["EXCLUSIVE_FIELDS  WAIT-001"])]
#[case::no_wait("Wait", json!({"Seconds": 0}), &[])]
#[case::longest("Wait", json!({"Seconds": 99_999_999}), &[])]
#[case::too_long("Wait", json!({"Seconds": 100_000_000}), &["OUT_OF_RANGE /Seconds WAIT-004"])]
#[case::negative("Wait", json!({"Seconds": -1}), &["OUT_OF_RANGE /Seconds WAIT-004"])]
#[case::fraction("Wait", json!({"Seconds": 1.5}), &["WRONG_TYPE /Seconds WAIT-004"])]
#[case::expression_in_jsonpath("Wait", json!({"Seconds": "{% 1 %}"}), &["WRONG_TYPE /Seconds WAIT-004"])]
#[case::seconds_path("Wait", json!({"Seconds": "absent", "SecondsPath": "$.s"}), &[])]
#[case::seconds_path_text(
    "Wait",
    json!({"Seconds": "absent", "SecondsPath": "s"}),
    &["INVALID_REFERENCE_PATH /SecondsPath WAIT-007"]
)]
#[case::timestamp("Wait", json!({"Seconds": "absent", "Timestamp": "2016-03-14T01:59:00Z"}), &[])]
#[case::offset("Wait", json!({"Seconds": "absent", "Timestamp": "2016-03-14T01:59:00.5+02:00"}), &[])]
#[case::date_alone(
    "Wait",
    json!({"Seconds": "absent", "Timestamp": "2016-03-14"}),
    &["INVALID_TIMESTAMP /Timestamp WAIT-009"]
)]
#[case::timestamp_expression_in_jsonpath(
    "Wait",
    json!({"Seconds": "absent", "Timestamp": "{% $x %}"}),
    &["INVALID_TIMESTAMP /Timestamp WAIT-009"]
)]
#[case::timestamp_number("Wait", json!({"Seconds": "absent", "Timestamp": 5}), &["WRONG_TYPE /Timestamp WAIT-009"])]
#[case::timestamp_path_wildcard(
    "Wait",
    json!({"Seconds": "absent", "TimestampPath": "$.*"}),
    &["INVALID_REFERENCE_PATH /TimestampPath PATH-019"]
)]
fn a_wait_state_says_how_long_in_one_way(#[case] state_type: &str, #[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&machine(state_type, fields), expected);
}

#[rstest]
#[case::nothing(json!({}), &[])]
#[case::name_and_cause(json!({"Error": "E", "Cause": "c"}), &[])]
#[case::error_number(json!({"Error": 1}), &["WRONG_TYPE /Error FAIL-002"])]
#[case::cause_null(json!({"Cause": null}), &["WRONG_TYPE /Cause FAIL-003"])]
#[case::predefined_name(json!({"Error": "States.Timeout"}), &[])]
#[case::reserved_name(json!({"Error": "States.Mine"}), &["RESERVED_ERROR_NAME /Error ERR-003"])]
#[case::prefix_without_dot(json!({"Error": "StatesMine"}), &[])]
#[case::paths(json!({"ErrorPath": "$.e", "CausePath": "$$.State.Name"}), &[])]
#[case::string_intrinsics(json!({"ErrorPath": "States.UUID()", "CausePath": "States.Format('{}', $.e)"}), &[])]
#[case::error_twice(json!({"Error": "E", "ErrorPath": "$.e"}), &["EXCLUSIVE_FIELDS  FAIL-012"])]
#[case::cause_twice(json!({"Cause": "c", "CausePath": "$.c"}), &["EXCLUSIVE_FIELDS  FAIL-012"])]
#[case::wildcard(json!({"CausePath": "$.c[*]"}), &["INVALID_REFERENCE_PATH /CausePath PATH-019"])]
#[case::neither_path_nor_invocation(json!({"ErrorPath": "e"}), &["INVALID_INTRINSIC /ErrorPath INTR-SYNTAX-01"])]
#[case::path_number(json!({"ErrorPath": 1}), &["WRONG_TYPE /ErrorPath FAIL-008"])]
fn a_fail_state_names_error_and_cause_at_most_once(#[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Fail", fields), expected);
}

#[test]
fn error_path_takes_functions_that_give_strings_only_in_the_aws_profile() {
    let definition = machine("Fail", json!({"ErrorPath": "States.MathAdd(1, 2)"}));
    assert_state_in(Profile::Aws, &definition, &["INVALID_INTRINSIC /ErrorPath FAIL-011"]);
    assert_state_in(Profile::Spec, &definition, &[]);
}

#[rstest]
#[case::no_resource(json!({"Resource": "absent"}), &["MISSING_FIELD  TASK-001"])]
#[case::number(json!({"Resource": 1}), &["WRONG_TYPE /Resource TASK-001"])]
#[case::any_scheme(json!({"Resource": "https://example.com/a%20b?c=d"}), &[])]
#[case::no_scheme(json!({"Resource": "HelloWorld"}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::empty(json!({"Resource": ""}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::scheme_alone(json!({"Resource": "arn:"}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::blank(json!({"Resource": "arn:aws:a b"}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::half_an_escape(json!({"Resource": "arn:a%2"}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::path(json!({"Resource": "$.resource"}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::timeouts(json!({"TimeoutSeconds": 2, "HeartbeatSeconds": 1}), &[])]
#[case::zero_timeout(json!({"TimeoutSeconds": 0}), &["OUT_OF_RANGE /TimeoutSeconds TASK-007"])]
#[case::timeout_text(json!({"TimeoutSeconds": "60"}), &["WRONG_TYPE /TimeoutSeconds TASK-007"])]
#[case::zero_heartbeat(json!({"HeartbeatSeconds": 0}), &["OUT_OF_RANGE /HeartbeatSeconds TASK-016"])]
#[case::heartbeat_as_long(
    json!({"TimeoutSeconds": 5, "HeartbeatSeconds": 5}),
    &["OUT_OF_RANGE /HeartbeatSeconds TASK-017"]
)]
#[case::timeout_path(json!({"TimeoutSecondsPath": "$.t", "HeartbeatSecondsPath": "$$.Execution.Input.h"}), &[])]
#[case::timeout_twice(json!({"TimeoutSeconds": 5, "TimeoutSecondsPath": "$.t"}), &["EXCLUSIVE_FIELDS  TASK-015"])]
#[case::heartbeat_twice(json!({"HeartbeatSeconds": 5, "HeartbeatSecondsPath": "$.t"}), &["EXCLUSIVE_FIELDS  TASK-024"])]
#[case::timeout_path_null(json!({"TimeoutSecondsPath": null}), &["WRONG_TYPE /TimeoutSecondsPath TASK-013"])]
#[case::heartbeat_path_filter(
    json!({"HeartbeatSecondsPath": "$.a[?(@.b == 1)]"}),
    &["INVALID_REFERENCE_PATH /HeartbeatSecondsPath PATH-018"]
)]
#[case::credentials(json!({"Credentials": {"RoleArn.$": "$.role"}}), &[])]
#[case::credentials_text(json!({"Credentials": "arn:aws:iam::1:role/r"}), &["WRONG_TYPE /Credentials TASK-026"])]
fn a_task_state_is_checked(#[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Task", fields), expected);
}

#[test]
fn credentials_hold_a_role_in_the_aws_profile() {
    let definition = machine("Task", json!({"Credentials": {"Key": "k"}}));
    assert_state_in(Profile::Aws, &definition, &["MISSING_FIELD /Credentials TASK-027"]);
    assert_state_in(Profile::Spec, &definition, &[]);
}

#[rstest]
#[case::activity("arn:aws:states:us-east-1:123456789012:activity:A")]
#[case::sync("arn:aws:states:::ecs:runTask.sync")]
#[case::sync_2("arn:aws:states:::states:startExecution.sync:2")]
#[case::task_token("arn:aws:states:::sqs:sendMessage.waitForTaskToken")]
fn an_express_machine_does_not_wait_for_others(#[case] resource: &str) {
    let definition = machine("Task", json!({"Resource": resource}));
    assert_state(&definition, &[]);
    let express = crate::validate::validate_as(&definition, Profile::Aws, crate::validate::MachineType::Express);
    let found: Vec<_> = express.iter().map(|f| (f.location.as_str(), f.requirement)).collect();
    assert_eq!(found, [("/States/S/Resource", "TASK-028")]);
}
