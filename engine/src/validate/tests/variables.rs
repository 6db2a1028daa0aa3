//! Names, scopes and references of variables.

use super::*;

#[rstest]
#[case::empty(json!({}), &[])]
#[case::array(json!([]), &["WRONG_TYPE /Assign VAR-001"])]
#[case::literal_and_path(json!({"a": 1, "b.$": "$.b"}), &[])]
#[case::unicode(json!({"größe_2": 1, "变量": 1}), &[])]
#[case::leading_digit(json!({"1a": 1}), &["INVALID_VARIABLE_NAME /Assign/1a VAR-011"])]
#[case::leading_underscore(json!({"_a": 1}), &["INVALID_VARIABLE_NAME /Assign/_a VAR-011"])]
#[case::dash(json!({"a-b": 1}), &["INVALID_VARIABLE_NAME /Assign/a-b VAR-011"])]
#[case::dollar(json!({"$a": 1}), &["INVALID_VARIABLE_NAME /Assign/$a VAR-011"])]
#[case::no_name(json!({"": 1}), &["INVALID_VARIABLE_NAME /Assign/ VAR-011"])]
#[case::reserved(json!({"states": 1}), &["INVALID_VARIABLE_NAME /Assign/states VAR-012"])]
#[case::reserved_and_computed(json!({"states.$": "$.a"}), &["INVALID_VARIABLE_NAME /Assign/states.$ VAR-012"])]
#[case::another_case(json!({"States": 1}), &[])]
#[case::part(json!({"a.b": 1}), &["INVALID_VARIABLE_NAME /Assign/a.b VAR-013"])]
#[case::element(json!({"a[0]": 1}), &["INVALID_VARIABLE_NAME /Assign/a[0] VAR-013"])]
#[case::same_name_twice(json!({"a": 1, "a.$": "$.a"}), &["DUPLICATE_KEY /Assign/a.$ TMPL-014"])]
#[case::bad_path(json!({"a.$": "$["}), &["INVALID_PATH /Assign/a.$ PATH-016"])]
#[case::number_under_dollar(json!({"a.$": 1}), &["WRONG_TYPE /Assign/a.$ TMPL-005"])]
fn an_assigned_name_is_an_identifier(#[case] assign: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Pass", json!({"Assign": assign})), expected);
}

#[test]
fn a_variable_name_has_at_most_80_characters() {
    assert_state(&machine("Pass", json!({"Assign": {"é".repeat(80): 1}})), &[]);
    let name = "é".repeat(81);
    let expected = format!("TOO_LONG /Assign/{name} VAR-010");
    assert_state(&machine("Pass", json!({"Assign": {name: 1}})), &[&expected]);
}

#[test]
fn a_jsonata_state_has_no_computed_names() {
    let definition = jsonata_machine("Pass", json!({"Assign": {"a.$": 1}}));
    assert_state(&definition, &["INVALID_VARIABLE_NAME /Assign/a.$ VAR-013"]);
    let definition = jsonata_machine("Pass", json!({"Assign": {"a": ["{% 1"]}}));
    assert_state(&definition, &["INVALID_JSONATA_EXPRESSION /Assign/a/0 JNATA-003"]);
}

#[rstest]
#[case::task("Task")]
#[case::parallel("Parallel")]
#[case::map("Map")]
#[case::pass("Pass")]
#[case::wait("Wait")]
#[case::choice("Choice")]
fn a_state_that_goes_on_may_assign(#[case] state_type: &str) {
    assert_state(&machine(state_type, json!({"Assign": {"a": 1}})), &[]);
}

#[test]
fn rules_and_catchers_may_assign_but_retriers_and_nested_rules_may_not() {
    let rule = json!({"Variable": "$.x", "IsNull": true, "Assign": {"a": 1}, "Next": "T"});
    assert_state(&machine("Choice", json!({"Choices": [rule]})), &[]);
    let nested = json!({"Not": {"Variable": "$.x", "IsNull": true, "Assign": {}}, "Next": "T"});
    assert_state(&machine("Choice", json!({"Choices": [nested]})), &["UNKNOWN_FIELD /Choices/0/Not VAR-005"]);
    let catcher = json!({"ErrorEquals": ["E"], "Assign": {"a": 1}, "Next": "T"});
    assert_state(&machine("Task", json!({"Catch": [catcher]})), &[]);
    let retrier = json!({"ErrorEquals": ["E"], "Assign": {}});
    assert_state(&machine("Task", json!({"Retry": [retrier]})), &["UNKNOWN_FIELD /Retry/0 VAR-005"]);
}

fn nested_assignment(name: &str) -> Value {
    json!({"StartAt": name, "States": {name: {"Type": "Pass", "Assign": {"v": 1}, "End": true}}})
}

#[test]
fn an_inner_scope_cannot_assign_what_an_outer_one_does() {
    let mut definition = machine("Parallel", json!({"Branches": [nested_assignment("N"), nested_assignment("M")]}));
    assert_errors(&definition, &[]);
    definition["States"]["T"] = json!({"Type": "Pass", "Assign": {"v.$": "$.v"}, "End": true});
    let expected = [
        "VARIABLE_SCOPE_CONFLICT /Branches/0/States/N/Assign/v VAR-033",
        "VARIABLE_SCOPE_CONFLICT /Branches/1/States/M/Assign/v VAR-033",
    ];
    assert_state(&definition, &expected);
}

#[test]
fn the_assignments_of_a_map_state_belong_to_the_outer_scope() {
    let fields = json!({"Assign": {"v": 1}, "ItemProcessor": nested_assignment("N")});
    let definition = machine("Map", fields);
    assert_state(&definition, &["VARIABLE_SCOPE_CONFLICT /ItemProcessor/States/N/Assign/v VAR-033"]);
    let catcher = json!([{"ErrorEquals": ["E"], "Assign": {"v": 1}, "Next": "T"}]);
    let definition = machine("Map", json!({"Catch": catcher, "ItemProcessor": nested_assignment("N")}));
    assert_state(&definition, &["VARIABLE_SCOPE_CONFLICT /ItemProcessor/States/N/Assign/v VAR-033"]);
}

#[test]
fn a_reference_to_a_variable_that_nothing_assigns_is_a_warning() {
    let definition = machine("Pass", json!({"InputPath": "$v.a", "Assign": {"w.$": "States.Array($x, $w)"}}));
    let expected =
        ["UNASSIGNED_VARIABLE /States/S/InputPath LINT-021", "UNASSIGNED_VARIABLE /States/S/Assign/w.$ LINT-021"];
    assert_warnings(&definition, &expected);
    let mut assigned = definition;
    assigned["States"]["T"] = json!({"Type": "Pass", "Assign": {"v": 1, "x": 1}, "End": true});
    assert_warnings(&assigned, &[]);
}

#[test]
fn an_inner_scope_reads_outer_variables_except_in_a_distributed_map() {
    let mut processor = json!({"StartAt": "N", "States": {"N": {"Type": "Pass", "InputPath": "$v", "End": true}}});
    assert_warnings(&machine("Map", json!({"Assign": {"v": 1}, "ItemProcessor": processor})), &[]);
    processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    let definition =
        machine("Map", json!({"Assign": {"v": 1}, "ItemSelector": {"a.$": "$v"}, "ItemProcessor": processor}));
    assert_warnings(&definition, &["UNASSIGNED_VARIABLE /States/S/ItemProcessor/States/N/InputPath LINT-021"]);
}
