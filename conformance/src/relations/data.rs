//! Other ways for data to come to the same place.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Value, json};

use super::{
    Related,
    document::{
        CONTEXT, Language, Nesting, Object, Place, fresh_name, kind, mentions, pick, places, reads_more_context,
    },
    wrapping::{outermost_places, states_mut},
};

/// Any resource: the task script goes by the name of the state.
const RESOURCE: &str = "arn:aws:lambda:us-east-1:123456789012:function:Work";

/// A state that neither reads the context object nor holds states that do.
fn ignores_context(state: &Object) -> bool {
    !mentions(&Value::Object(state.clone()), &CONTEXT)
}

/// A Pass becomes a Task that answers the Result, or its input.
pub(super) fn pass_to_task(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let fits = |place: &Place| {
        place.state(&scenario.definition).is_some_and(|state| kind(state) == "Pass" && ignores_context(state))
            && !scenario.tasks.contains_key(&place.name)
    };
    let place = pick(u, outermost_places(&scenario.definition).into_iter().filter(fits).collect())?;
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let mut attempt = match state.shift_remove("Result") {
        Some(result) => json!({"output": result}),
        None => json!({"echo": true}),
    };
    attempt["times"] = json!("always");
    state.insert("Type".to_owned(), json!("Task"));
    state.insert("Resource".to_owned(), json!(RESOURCE));
    scenario.tasks.insert(place.name, json!([attempt]));
    Some(Related::same(scenario))
}

/// A Task that answers at once, with its input or always the same, becomes a Pass.
pub(super) fn task_to_pass(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    const EXTRA: [&str; 8] = [
        "Retry",
        "Catch",
        "ResultSelector",
        "TimeoutSeconds",
        "TimeoutSecondsPath",
        "HeartbeatSeconds",
        "HeartbeatSecondsPath",
        "Credentials",
    ];
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        kind(state) == "Task"
            && place.language == Language::JsonPath
            && ignores_context(state)
            && !EXTRA.iter().any(|field| state.contains_key(*field))
            && only_answer(scenario, &place.name)
                .is_some_and(|answer| answer.is_none() || !state.contains_key("Parameters"))
    };
    let place = pick(u, outermost_places(&scenario.definition).into_iter().filter(fits).collect())?;
    let mut scenario = scenario.clone();
    let answer = only_answer(&scenario, &place.name)?;
    let state = place.state_mut(&mut scenario.definition)?;
    state.insert("Type".to_owned(), json!("Pass"));
    state.shift_remove("Resource");
    if let Some(result) = answer {
        state.insert("Result".to_owned(), result);
    }
    scenario.tasks.shift_remove(&place.name);
    Some(Related::same(scenario))
}

/// What a task answers to every call: a value, or (`Some(None)`) its input.
pub(super) fn only_answer(scenario: &Scenario, state: &str) -> Option<Option<Value>> {
    let [Value::Object(attempt)] = scenario.tasks.get(state)?.as_array()?.as_slice() else { return None };
    if ["seconds", "heartbeats", "input"].iter().any(|member| attempt.contains_key(*member)) {
        return None;
    }
    match attempt.get("output") {
        Some(output) => Some(Some(output.clone())),
        None => attempt.contains_key("echo").then_some(None),
    }
}

/// The literal Result of a Pass comes with the execution input instead.
pub(super) fn literal_to_input(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    if is_jsonata(&scenario.definition) || reads_more_context(&scenario.definition, &[".State.", ".Map.", ".Task."]) {
        return None;
    }
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        place.site.nesting != Nesting::Child
            && kind(state) == "Pass"
            && state.contains_key("Result")
            && !["InputPath", "Parameters"].into_iter().any(|field| state.contains_key(field))
    };
    let place = pick(u, places(&scenario.definition).into_iter().filter(fits).collect())?;
    let name = fresh_name(&scenario.definition, "Unpack");
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let literal = state.shift_remove("Result")?;
    state.insert("InputPath".to_owned(), json!("$$.Execution.Input.literal"));
    let unpack = json!({"Type": "Pass", "InputPath": "$.input", "Next": scenario.definition.get("StartAt")});
    scenario.input = json!({"input": scenario.input, "literal": literal});
    scenario.definition["StartAt"] = json!(name);
    states_mut(&mut scenario.definition)?.insert(name, unpack);
    Some(Related::same(scenario))
}

/// Whether the states of a machine are JSONata states unless they say otherwise.
pub(super) fn is_jsonata(definition: &Value) -> bool {
    definition.get("QueryLanguage").is_some_and(|language| language == "JSONata")
}

/// An object as Result becomes a payload template without Paths.
pub(super) fn result_to_parameters(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        let is_template = |result: &Value| result.is_object() && !mentions(result, &[".$"]);
        kind(state) == "Pass" && state.get("Result").is_some_and(is_template)
    };
    let place = pick(u, places(&scenario.definition).into_iter().filter(fits).collect())?;
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let result = state.shift_remove("Result")?;
    // Parameters beside a Result have no effect (PASS-006).
    state.insert("Parameters".to_owned(), result);
    Some(Related::same(scenario))
}
