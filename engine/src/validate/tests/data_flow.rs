//! Paths, Reference Paths, payload templates and intrinsic functions as values of fields.

use super::*;

#[rstest]
#[case::path("InputPath", json!("$.a[*].b"), &[])]
#[case::context("InputPath", json!("$$.Execution.Input"), &[])]
#[case::null("InputPath", json!(null), &[])]
#[case::no_path("InputPath", json!("a"), &["INVALID_PATH /InputPath IO-003"])]
#[case::unfinished("InputPath", json!("$.a["), &["INVALID_PATH /InputPath IO-003"])]
#[case::number("InputPath", json!(1), &["WRONG_TYPE /InputPath IO-003"])]
#[case::invocation("InputPath", json!("States.UUID()"), &["INVALID_PATH /InputPath INTR-SYNTAX-17"])]
#[case::null_output("OutputPath", json!(null), &[])]
#[case::output_invocation("OutputPath", json!("States.UUID()"), &["INVALID_PATH /OutputPath INTR-SYNTAX-17"])]
#[case::output_text("OutputPath", json!("x"), &["INVALID_PATH /OutputPath IO-026"])]
#[case::result_path("ResultPath", json!("$.a['b'][0]"), &[])]
#[case::no_result("ResultPath", json!(null), &[])]
#[case::result_text("ResultPath", json!("a"), &["INVALID_REFERENCE_PATH /ResultPath IO-015"])]
#[case::result_boolean("ResultPath", json!(true), &["WRONG_TYPE /ResultPath IO-015"])]
#[case::result_wildcard("ResultPath", json!("$.*"), &["INVALID_REFERENCE_PATH /ResultPath PATH-019"])]
#[case::result_descent("ResultPath", json!("$..a"), &["INVALID_REFERENCE_PATH /ResultPath PATH-019"])]
#[case::result_slice("ResultPath", json!("$.a[0:1]"), &["INVALID_REFERENCE_PATH /ResultPath PATH-018"])]
#[case::result_union("ResultPath", json!("$.a[0,1]"), &["INVALID_REFERENCE_PATH /ResultPath PATH-018"])]
#[case::result_filter("ResultPath", json!("$.a[?(@.b)]"), &["INVALID_REFERENCE_PATH /ResultPath PATH-018"])]
#[case::result_in_context("ResultPath", json!("$$.a"), &["INVALID_REFERENCE_PATH /ResultPath IO-016"])]
#[case::result_in_variable("ResultPath", json!("$a.b"), &["INVALID_REFERENCE_PATH /ResultPath IO-017"])]
#[case::result_invocation("ResultPath", json!("States.UUID()"), &["INVALID_REFERENCE_PATH /ResultPath INTR-SYNTAX-17"])]
fn a_path_field_is_checked(#[case] field: &str, #[case] value: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Task", json!({field: value})), expected);
}

#[rstest]
#[case::filter_word("$.a[?(@.b in ['x'])]", &["INVALID_PATH /InputPath IO-003"], &[])]
#[case::script("$.a[(@.length-1)]", &[], &["INVALID_PATH /InputPath IO-003"])]
#[case::names_without_quotes("$.a-b.1a.größe", &[], &[])]
fn the_dialect_of_paths_is_that_of_the_profile(#[case] path: &str, #[case] aws: &[&str], #[case] spec: &[&str]) {
    let definition = machine("Pass", json!({"InputPath": path}));
    assert_state_in(Profile::Aws, &definition, aws);
    assert_state_in(Profile::Spec, &definition, spec);
}

#[rstest]
#[case::empty(json!({}), &[])]
#[case::array(json!([]), &["WRONG_TYPE /Parameters IO-009"])]
#[case::string(json!("$.a"), &["WRONG_TYPE /Parameters IO-009"])]
#[case::path(json!({"a.$": "$.a[*]"}), &[])]
#[case::context(json!({"a.$": "$$.State.Name"}), &[])]
#[case::invocation(json!({"a.$": "States.Format('{} {}', $.a, States.UUID())"}), &[])]
#[case::deep(json!({"a": {"b": [{"c.$": "$.c"}]}}), &[])]
#[case::number(json!({"a.$": 1}), &["WRONG_TYPE /Parameters/a.$ TMPL-005"])]
#[case::object(json!({"a.$": {}}), &["WRONG_TYPE /Parameters/a.$ TMPL-005"])]
#[case::bad_path(json!({"a.$": "$.a["}), &["INVALID_PATH /Parameters/a.$ PATH-016"])]
#[case::bad_path_in_an_array(json!({"a": [{"b.$": "$["}]}), &["INVALID_PATH /Parameters/a/0/b.$ PATH-016"])]
#[case::text(json!({"a.$": "text"}), &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-01"])]
#[case::leading_blank(json!({"a.$": " States.UUID()"}), &["INVALID_INTRINSIC /Parameters/a.$ TMPL-010"])]
#[case::blank_before_the_parenthesis(
    json!({"a.$": "States.UUID ()"}),
    &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-01"]
)]
#[case::unknown_function(json!({"a.$": "States.Nope()"}), &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-13"])]
#[case::double_quotes(json!({"a.$": "States.Format(\"x\")"}), &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-12"])]
#[case::unreserved_escape(
    json!({"a.$": "States.Format('\\n')"}),
    &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-10"]
)]
#[case::another_function(json!({"a.$": "Mine.Function()"}), &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-01"])]
#[case::path_argument(json!({"a.$": "States.Array($.a[)"}), &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-01"])]
#[case::booleans(json!({"a.$": "States.JsonMerge($.a, $.b, false)"}), &[])]
#[case::json_to_string_of_a_call(json!({"a.$": "States.JsonToString(States.Array(1))"}), &[])]
#[case::same_name_twice(json!({"a": 1, "a.$": "$.a"}), &["DUPLICATE_KEY /Parameters/a.$ TMPL-014"])]
#[case::same_name_twice_deep(json!({"x": {"a.$": "$.a", "a": 1}}), &["DUPLICATE_KEY /Parameters/x/a.$ TMPL-014"])]
#[case::jsonata_is_text(json!({"a": "{% "}), &[])]
fn a_payload_template_is_checked(#[case] template: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Pass", json!({"Parameters": template})), expected);
}

#[rstest]
#[case::ten_deep(10, &[])]
#[case::eleven_deep(11, &["INVALID_INTRINSIC /Parameters/a.$ INTR-SYNTAX-08"])]
fn invocations_nest_ten_deep(#[case] depth: usize, #[case] expected: &[&str]) {
    let text = format!("{}1{}", "States.Array(".repeat(depth), ")".repeat(depth));
    assert_state(&machine("Pass", json!({"Parameters": {"a.$": text}})), expected);
}

#[rstest]
#[case::result_selector("Task", "ResultSelector", "IO-011")]
#[case::item_selector("Map", "ItemSelector", "MAP-014")]
#[case::parameters_of_map("Map", "Parameters", "IO-009")]
fn every_payload_template_is_an_object(#[case] state_type: &str, #[case] field: &str, #[case] rule: &str) {
    assert_state(&machine(state_type, json!({field: 1})), &[&format!("WRONG_TYPE /{field} {rule}")]);
    let bad = format!("INVALID_PATH /{field}/a/b.$ PATH-016");
    assert_state(&machine(state_type, json!({field: {"a": {"b.$": "$["}}})), &[&bad]);
}

#[rstest]
#[case::path_without_dollar_key(
    "Pass",
    json!({"Parameters": {"a": "$.a"}}),
    &["NO_DOLLAR /States/S/Parameters/a TMPL-004"]
)]
#[case::context_without_dollar_key(
    "Pass",
    json!({"Parameters": {"a": {"b": "$$.State"}}}),
    &["NO_DOLLAR /States/S/Parameters/a/b TMPL-004"]
)]
#[case::invocation_without_dollar_key(
    "Pass",
    json!({"Assign": {"a": "States.UUID()"}}),
    &["NO_DOLLAR /States/S/Assign/a TMPL-004"]
)]
#[case::a_price_is_no_path("Pass", json!({"Parameters": {"a": "$ 5"}}), &[])]
#[case::path_in_result(
    "Pass",
    json!({"Result": {"a": ["$.a"]}}),
    &["PASS_RESULT_IS_STATIC /States/S/Result/a/0 LINT-024"]
)]
#[case::computed_key_in_result(
    "Pass",
    json!({"Result": {"a.$": "$.a"}}),
    &["PASS_RESULT_IS_STATIC /States/S/Result/a.$ LINT-024"]
)]
#[case::any_result("Pass", json!({"Result": [null, 1, "x", {}]}), &[])]
#[case::path_as_cause("Fail", json!({"Cause": "$.cause"}), &["NO_PATH /States/S/Cause LINT-024"])]
#[case::path_as_operand(
    "Choice",
    json!({"Choices": [{"Variable": "$.x", "StringEquals": "$.y", "Next": "T"}]}),
    &["NO_PATH /States/S/Choices/0/StringEquals LINT-024"]
)]
#[case::path_in_a_comment("Pass", json!({"Comment": "$.a"}), &[])]
fn a_literal_that_looks_like_a_path_is_a_warning(#[case] kind: &str, #[case] fields: Value, #[case] expected: &[&str]) {
    assert_warnings(&machine(kind, fields), expected);
}
