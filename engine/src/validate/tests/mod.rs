//! What is refused and what is accepted, row by row.
//!
//! Expected findings are written `CODE location requirement`. Most tables give the fields of one state, called `S`, and
//! locations below it.

use rstest::rstest;
use serde_json::{Value, json};

use super::{validate, validate_text};
use crate::{diagnostic::Severity, profile::Profile};

mod choice;
mod data_flow;
mod handlers;
mod laws;
mod map;
mod query_language;
mod structure;
mod transitions;
mod variables;

const BOTH: [Profile; 2] = [Profile::Aws, Profile::Spec];
const LAMBDA: &str = "arn:aws:lambda:us-east-1:123456789012:function:F";

/// The findings of one severity.
fn findings(definition: &Value, profile: Profile, severity: Severity) -> Vec<String> {
    let found = validate(definition, profile);
    let rendered = found.into_iter().filter(|finding| finding.severity == severity);
    rendered.map(|finding| format!("{} {} {}", finding.code, finding.location, finding.requirement)).collect()
}

/// Asserts the errors in a document, in both profiles.
#[track_caller]
fn assert_errors(definition: &Value, expected: &[&str]) {
    for profile in BOTH {
        assert_errors_in(profile, definition, expected);
    }
}

#[track_caller]
fn assert_errors_in(profile: Profile, definition: &Value, expected: &[&str]) {
    assert_eq!(findings(definition, profile, Severity::Error), expected, "{} profile, {definition}", profile.name());
}

/// Asserts the warnings in a document without errors.
#[track_caller]
fn assert_warnings(definition: &Value, expected: &[&str]) {
    for profile in BOTH {
        assert_errors_in(profile, definition, &[]);
        assert_eq!(findings(definition, profile, Severity::Warning), expected, "{} profile", profile.name());
    }
}

/// A machine of one state `S` with `fields`, and a state `T` to go to. The state goes to `T` unless its type or the
/// fields say otherwise; a field with the value `"absent"` is left out.
fn machine(state_type: &str, fields: Value) -> Value {
    let mut state = match state_type {
        "Task" => json!({"Resource": LAMBDA, "Next": "T"}),
        "Parallel" => json!({"Branches": [flow()], "Next": "T"}),
        "Map" => json!({"ItemProcessor": flow(), "Next": "T"}),
        "Wait" => json!({"Seconds": 1, "Next": "T"}),
        "Choice" => json!({"Choices": [{"Variable": "$.x", "IsNull": true, "Next": "T"}]}),
        "Pass" => json!({"Next": "T"}),
        _ => json!({}),
    };
    state["Type"] = json!(state_type);
    let state_fields = state.as_object_mut().unwrap();
    for (name, value) in fields.as_object().unwrap() {
        state_fields.insert(name.clone(), value.clone());
    }
    state_fields.retain(|_, value| *value != "absent");
    let leads_on = !["Succeed", "Fail"].contains(&state_type);
    let start = json!({"StartAt": "S", "States": {"S": state}});
    if leads_on { with_target(start) } else { start }
}

/// The same in a JSONata machine.
fn jsonata_machine(state_type: &str, fields: Value) -> Value {
    let mut fields = fields;
    if state_type == "Choice" && fields.get("Choices").is_none() {
        fields["Choices"] = json!([{"Condition": true, "Next": "T"}]);
    }
    let mut machine = machine(state_type, fields);
    machine["QueryLanguage"] = json!("JSONata");
    machine
}

fn with_target(mut machine: Value) -> Value {
    machine["States"]["T"] = json!({"Type": "Succeed"});
    machine
}

/// A branch or item processor with one state.
fn flow() -> Value {
    json!({"StartAt": "N", "States": {"N": {"Type": "Pass", "End": true}}})
}

/// Asserts the errors below the state `S`, in both profiles.
#[track_caller]
fn assert_state(definition: &Value, expected: &[&str]) {
    let absolute: Vec<String> = expected.iter().map(|finding| below_state(finding)).collect();
    assert_errors(definition, &absolute.iter().map(String::as_str).collect::<Vec<_>>());
}

#[track_caller]
fn assert_state_in(profile: Profile, definition: &Value, expected: &[&str]) {
    let absolute: Vec<String> = expected.iter().map(|finding| below_state(finding)).collect();
    assert_errors_in(profile, definition, &absolute.iter().map(String::as_str).collect::<Vec<_>>());
}

fn below_state(finding: &str) -> String {
    let (code, rest) = finding.split_once(' ').unwrap();
    format!("{code} /States/S{rest}")
}

#[rstest]
#[case::pass("Pass")]
#[case::task("Task")]
#[case::wait("Wait")]
#[case::choice("Choice")]
#[case::parallel("Parallel")]
#[case::map("Map")]
#[case::succeed("Succeed")]
#[case::fail("Fail")]
fn the_plain_state_of_every_type_is_accepted_in_both_languages(#[case] state_type: &str) {
    assert_errors(&machine(state_type, json!({})), &[]);
    assert_errors(&jsonata_machine(state_type, json!({})), &[]);
}
