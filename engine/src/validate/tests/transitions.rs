//! Next, End, targets, reachability, terminal states and names that occur once.

use super::*;

#[rstest]
#[case::next(json!({"Next": "T"}), &[])]
#[case::next_number(
    json!({"Next": 1, "Parameters": {}}),
    &["WRONG_TYPE /States/S/Next STRUCT-033", "MISSING_TRANSITION_TARGET /States/T LINT-006"]
)]
#[case::end_text(json!({"End": "true"}), &["WRONG_TYPE /States/S/End STRUCT-030"])]
#[case::end_and_next(json!({"End": true}), &["EXCLUSIVE_FIELDS /States/S STRUCT-034"])]
#[case::end_false_and_next(json!({"End": false}), &[])]
#[case::to_itself_only(json!({"Next": "S"}), &["MISSING_TRANSITION_TARGET /States/T LINT-006"])]
fn a_state_leads_on_or_ends(#[case] fields: Value, #[case] expected: &[&str]) {
    assert_errors(&machine("Pass", fields), expected);
}

#[rstest]
#[case::neither(json!({"Type": "Pass"}), &["MISSING_FIELD /States/S STRUCT-035"])]
#[case::end_false(json!({"Type": "Pass", "End": false}), &["MISSING_FIELD /States/S STRUCT-032"])]
fn a_state_with_neither_next_nor_end_is_refused(#[case] state: Value, #[case] expected: &[&str]) {
    let rules = json!([{"Variable": "$.a", "IsNull": true, "Next": "S"}]);
    let start = json!({"Type": "Choice", "Choices": rules, "Default": "T"});
    let definition = json!({"StartAt": "C", "States": {"C": start, "S": state, "T": {"Type": "Succeed"}}});
    assert_errors(&definition, expected);
}

#[rstest]
#[case::next("Pass", json!({"Next": "t"}), "/Next LINT-002")]
#[case::default("Choice", json!({"Default": "X"}), "/Default LINT-004")]
#[case::rule(
    "Choice",
    json!({"Default": "T", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "X"}]}),
    "/Choices/0/Next LINT-003"
)]
#[case::catch("Task", json!({"Catch": [{"ErrorEquals": ["E"], "Next": "N"}]}), "/Catch/0/Next LINT-005")]
fn a_target_is_a_state_of_the_same_machine(#[case] state_type: &str, #[case] fields: Value, #[case] place: &str) {
    let definition = machine(state_type, fields);
    let expected = format!("MISSING_TRANSITION_TARGET /States/S{place}");
    let found = findings(&definition, Profile::Aws, Severity::Error);
    assert_eq!(found.first(), Some(&expected));
}

#[test]
fn a_dangling_start_makes_every_state_unreachable() {
    let mut definition = machine("Pass", json!({}));
    definition["StartAt"] = json!("s");
    let expected = [
        "MISSING_TRANSITION_TARGET /StartAt LINT-001",
        "MISSING_TRANSITION_TARGET /States/S LINT-006",
        "MISSING_TRANSITION_TARGET /States/T LINT-006",
    ];
    assert_errors(&definition, &expected);
}

#[test]
fn a_transition_stays_in_its_machine() {
    let out = json!({"StartAt": "N", "States": {"N": {"Type": "Pass", "Next": "T"}, "M": {"Type": "Succeed"}}});
    let definition = machine("Parallel", json!({"Branches": [out]}));
    let expected = [
        "MISSING_TRANSITION_TARGET /Branches/0/States/N/Next LINT-002",
        "MISSING_TRANSITION_TARGET /Branches/0/States/M LINT-006",
    ];
    assert_state(&definition, &expected);
}

#[test]
fn every_kind_of_transition_reaches_a_state() {
    let handlers = json!([{"ErrorEquals": ["E"], "Next": "D"}]);
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": LAMBDA, "Catch": handlers, "Next": "B"},
        "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": true, "Next": "C"}], "Default": "E"},
        "C": {"Type": "Succeed"}, "D": {"Type": "Succeed"}, "E": {"Type": "Pass", "Next": "A"},
    }});
    assert_errors(&definition, &[]);
}

#[test]
fn a_state_may_lead_to_itself() {
    assert_errors(&machine("Choice", json!({"Default": "S"})), &[]);
}

#[test]
fn states_that_lead_to_each_other_only_are_unreachable() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"},
    }});
    let expected = ["MISSING_TRANSITION_TARGET /States/B LINT-006", "MISSING_TRANSITION_TARGET /States/C LINT-006"];
    assert_errors(&definition, &expected);
}

#[test]
fn an_unreachable_state_is_reported_in_a_nested_machine() {
    let nested = json!({"StartAt": "N", "States": {"N": {"Type": "Succeed"}, "Ghost": {"Type": "Succeed"}}});
    let expected = ["MISSING_TRANSITION_TARGET /ItemProcessor/States/Ghost LINT-006"];
    assert_state(&machine("Map", json!({"ItemProcessor": nested})), &expected);
}

#[test]
fn a_missing_terminal_state_hides_unreachable_states_but_not_dangling_targets() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Next": "A"}, "B": {"Type": "Pass", "Next": "X"},
    }});
    let expected = ["MISSING_END_STATE  LINT-010", "MISSING_TRANSITION_TARGET /States/B/Next LINT-002"];
    assert_errors(&definition, &expected);
}

#[test]
fn a_nested_machine_without_terminal_state_is_a_warning() {
    let nested = json!({"StartAt": "N", "States": {"N": {"Type": "Pass", "Next": "N"}}});
    let definition = machine("Parallel", json!({"Branches": [nested]}));
    assert_warnings(&definition, &["MISSING_END_STATE /States/S/Branches/0 LINT-011"]);
}

#[test]
fn a_state_name_occurs_once_in_the_whole_document() {
    let definition = machine("Parallel", json!({"Branches": [flow(), flow()]}));
    assert_state(&definition, &["DUPLICATE_STATE_NAME /Branches/1/States/N LINT-012"]);
    let nested = json!({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}});
    let definition = machine("Map", json!({"ItemProcessor": nested}));
    assert_state(&definition, &["DUPLICATE_STATE_NAME /ItemProcessor/States/S LINT-012"]);
}

#[rstest]
#[case::none(json!("absent"), &["MISSING_FIELD  PAR-001"])]
#[case::object(json!({}), &["WRONG_TYPE /Branches PAR-001"])]
#[case::empty(json!([]), &["EMPTY /Branches PAR-002"])]
#[case::string(json!(["N"]), &["WRONG_TYPE /Branches/0 PAR-001"])]
#[case::no_start(json!([{"States": {"N": {"Type": "Succeed"}}}]), &["MISSING_FIELD /Branches/0 STRUCT-006"])]
#[case::no_states(json!([{"StartAt": "N"}]), &["MISSING_FIELD /Branches/0 STRUCT-004"])]
#[case::comment(json!([{"StartAt": "N", "States": {"N": {"Type": "Succeed"}}, "Comment": "c"}]), &[])]
#[case::timeout(
    json!([{"StartAt": "N", "States": {"N": {"Type": "Succeed"}}, "TimeoutSeconds": 1}]),
    &["UNKNOWN_FIELD /Branches/0 PAR-003"]
)]
#[case::query_language(
    json!([{"StartAt": "N", "States": {"N": {"Type": "Succeed"}}, "QueryLanguage": "JSONPath"}]),
    &["UNKNOWN_FIELD /Branches/0 STRUCT-029"]
)]
fn a_branch_is_a_machine_without_settings_of_its_own(#[case] branches: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Parallel", json!({"Branches": branches})), expected);
}
