//! Choice Rules.

use super::*;

#[rstest]
#[case::none(json!("absent"), &["MISSING_FIELD  CHOICE-001"])]
#[case::object(json!({}), &["WRONG_TYPE /Choices CHOICE-001"])]
#[case::empty(json!([]), &["EMPTY /Choices CHOICE-001"])]
#[case::string(json!(["x"]), &["WRONG_TYPE /Choices/0 CHOICE-001"])]
fn a_choice_state_has_rules(#[case] choices: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Choice", json!({"Choices": choices, "Default": "T"})), expected);
}

#[rstest]
#[case::default_number(json!({"Default": 1}), &["WRONG_TYPE /Default CHOICE-004"])]
#[case::default(json!({"Default": "T"}), &[])]
fn default_names_a_state(#[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Choice", fields), expected);
}

#[rstest]
#[case::no_test(json!({}), &["MISSING_FIELD  CHOICE-018"])]
#[case::variable_alone(json!({"Variable": "$.a"}), &["MISSING_FIELD  CHOICE-018"])]
#[case::operator_alone(json!({"IsNull": true}), &["MISSING_FIELD  CHOICE-026"])]
#[case::two_operators(json!({"Variable": "$.a", "IsNull": true, "IsString": true}), &["EXCLUSIVE_FIELDS  CHOICE-018"])]
#[case::literal_and_path(
    json!({"Variable": "$.a", "StringEquals": "a", "StringEqualsPath": "$.a"}),
    &["EXCLUSIVE_FIELDS  CHOICE-018"]
)]
#[case::and_with_variable(
    json!({"And": [{"Variable": "$.a", "IsNull": true}], "Variable": "$.a"}),
    &["EXCLUSIVE_FIELDS  CHOICE-017"]
)]
#[case::not_with_operator(
    json!({"Not": {"Variable": "$.a", "IsNull": true}, "IsNull": true}),
    &["EXCLUSIVE_FIELDS  CHOICE-017"]
)]
#[case::and_with_or(
    json!({"And": [{"Variable": "$.a", "IsNull": true}], "Or": [{"Variable": "$.a", "IsNull": true}]}),
    &["EXCLUSIVE_FIELDS  CHOICE-018"]
)]
#[case::and(json!({"And": [{"Variable": "$.a", "IsNull": true, "Comment": "c"}]}), &[])]
#[case::and_empty(json!({"And": []}), &["EMPTY /And CHOICE-019"])]
#[case::and_object(json!({"And": {}}), &["WRONG_TYPE /And CHOICE-019"])]
#[case::and_strings(json!({"And": ["a"]}), &["WRONG_TYPE /And/0 CHOICE-019"])]
#[case::or_empty(json!({"Or": []}), &["EMPTY /Or CHOICE-021"])]
#[case::not_array(json!({"Not": [{"Variable": "$.a", "IsNull": true}]}), &["WRONG_TYPE /Not CHOICE-023"])]
#[case::not_around_an_empty_or(json!({"Not": {"Or": []}}), &["EMPTY /Not/Or CHOICE-021"])]
#[case::nested_next(
    json!({"Not": {"Variable": "$.a", "IsNull": true, "Next": "T"}}),
    &["UNKNOWN_FIELD /Not CHOICE-003"]
)]
#[case::nested_without_test(json!({"Or": [{"Variable": "$.a"}]}), &["MISSING_FIELD /Or/0 CHOICE-018"])]
#[case::unknown_operator(
    json!({"Variable": "$.a", "IsNull": true, "StringContains": "a"}),
    &["UNKNOWN_FIELD  CHOICE-018"]
)]
#[case::context_variable(json!({"Variable": "$$.State.RetryCount", "NumericEquals": 1}), &[])]
#[case::any_path(json!({"Variable": "$.a[*]", "IsPresent": true}), &[])]
#[case::variable_text(json!({"Variable": "status", "IsNull": true}), &["INVALID_PATH /Variable CHOICE-026"])]
#[case::variable_null(json!({"Variable": null, "IsNull": true}), &["WRONG_TYPE /Variable CHOICE-026"])]
#[case::variable_invocation(
    json!({"Variable": "States.UUID()", "IsNull": true}),
    &["INVALID_PATH /Variable INTR-SYNTAX-17"]
)]
#[case::condition(json!({"Condition": true}), &["OTHER_QUERY_LANGUAGE  JNATA-054"])]
#[case::output(json!({"Variable": "$.a", "IsNull": true, "Output": 1}), &["OTHER_QUERY_LANGUAGE  JNATA-054"])]
#[case::comment_number(json!({"Variable": "$.a", "IsNull": true, "Comment": 1}), &["WRONG_TYPE /Comment STRUCT-024"])]
fn a_rule_makes_one_test(#[case] rule: Value, #[case] expected: &[&str]) {
    let mut rule = rule;
    rule["Next"] = json!("T");
    let expected: Vec<String> = expected.iter().map(|finding| finding.replacen(' ', " /Choices/0", 1)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_state(&machine("Choice", json!({"Choices": [rule]})), &expected);
}

#[rstest]
#[case::next_missing(json!({"Variable": "$.a", "IsNull": true}), &["MISSING_FIELD /Choices/0 CHOICE-002"])]
#[case::next_number(json!({"Variable": "$.a", "IsNull": true, "Next": 1}), &["WRONG_TYPE /Choices/0/Next CHOICE-002"])]
fn a_top_level_rule_has_a_next(#[case] rule: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Choice", json!({"Choices": [rule], "Default": "T"})), expected);
}

const LITERALS: [(&str, &str); 17] = [
    ("StringEquals", "CHOICE-031"),
    ("StringLessThan", "CHOICE-031"),
    ("StringGreaterThan", "CHOICE-031"),
    ("StringLessThanEquals", "CHOICE-031"),
    ("StringGreaterThanEquals", "CHOICE-031"),
    ("StringMatches", "CHOICE-031"),
    ("NumericEquals", "CHOICE-032"),
    ("NumericLessThan", "CHOICE-032"),
    ("NumericGreaterThan", "CHOICE-032"),
    ("NumericLessThanEquals", "CHOICE-032"),
    ("NumericGreaterThanEquals", "CHOICE-032"),
    ("TimestampEquals", "CHOICE-033"),
    ("TimestampLessThan", "CHOICE-033"),
    ("TimestampGreaterThan", "CHOICE-033"),
    ("TimestampLessThanEquals", "CHOICE-033"),
    ("TimestampGreaterThanEquals", "CHOICE-033"),
    ("BooleanEquals", "CHOICE-034"),
];
const TYPE_TESTS: [&str; 6] = ["IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp"];

fn comparison(operator: &str, operand: &Value) -> Value {
    machine("Choice", json!({"Choices": [{"Variable": "$.a", operator: operand, "Next": "T"}]}))
}

#[test]
fn every_operator_takes_operands_of_its_type_only() {
    let type_tests = TYPE_TESTS.map(|operator| (operator, "CHOICE-034"));
    for (operator, rule) in LITERALS.into_iter().chain(type_tests) {
        let (right, wrong) = match rule {
            "CHOICE-031" => (json!("a"), json!(1)),
            "CHOICE-032" => (json!(-1.5), json!("1")),
            "CHOICE-033" => (json!("2016-03-14T01:59:00Z"), json!(0)),
            _ => (json!(false), json!("false")),
        };
        assert_state(&comparison(operator, &right), &[]);
        assert_state(&comparison(operator, &wrong), &[&format!("WRONG_TYPE /Choices/0/{operator} {rule}")]);
        if rule == "CHOICE-033" {
            let expected = format!("INVALID_TIMESTAMP /Choices/0/{operator} {rule}");
            assert_state(&comparison(operator, &json!("2016-03-14T01:59Z")), &[&expected]);
        }
    }
}

#[test]
fn every_comparison_but_string_matches_takes_a_path() {
    for (operator, _) in LITERALS {
        let by_path = format!("{operator}Path");
        if operator == "StringMatches" {
            let expected = ["MISSING_FIELD /Choices/0 CHOICE-018", "UNKNOWN_FIELD /Choices/0 CHOICE-018"];
            assert_state(&comparison(&by_path, &json!("$.b")), &expected);
            continue;
        }
        assert_state(&comparison(&by_path, &json!("$$.Execution.Name")), &[]);
        let at = format!("/Choices/0/{by_path} CHOICE-035");
        assert_state(&comparison(&by_path, &json!("b")), &[&format!("INVALID_PATH {at}")]);
        assert_state(&comparison(&by_path, &json!(1)), &[&format!("WRONG_TYPE {at}")]);
    }
}

#[rstest]
#[case::boolean(json!({"Condition": false}), &[])]
#[case::expression(json!({"Condition": "{% $x %}", "Output": 1, "Assign": {"x": 1}}), &[])]
#[case::text(json!({"Condition": "true"}), &["WRONG_TYPE /Condition CHOICE-014"])]
#[case::half(json!({"Condition": "{% true"}), &["INVALID_JSONATA_EXPRESSION /Condition JNATA-003"])]
#[case::missing(json!({}), &["MISSING_FIELD  CHOICE-014"])]
#[case::variable(json!({"Condition": true, "Variable": "$.a"}), &["OTHER_QUERY_LANGUAGE  CHOICE-016"])]
#[case::operator(json!({"Condition": true, "StringEquals": "a"}), &["OTHER_QUERY_LANGUAGE  CHOICE-016"])]
#[case::combination(json!({"Condition": true, "Not": {"Condition": true}}), &["OTHER_QUERY_LANGUAGE  CHOICE-016"])]
fn a_jsonata_rule_has_a_condition(#[case] rule: Value, #[case] expected: &[&str]) {
    let mut rule = rule;
    rule["Next"] = json!("T");
    let expected: Vec<String> = expected.iter().map(|finding| finding.replacen(' ', " /Choices/0", 1)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_state(&jsonata_machine("Choice", json!({"Choices": [rule]})), &expected);
}
