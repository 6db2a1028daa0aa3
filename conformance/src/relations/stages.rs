//! The stages of input and output processing, each in a Pass state of its own.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Map, Value, json};

use super::{
    Related,
    data::is_jsonata,
    document::{Language, Nesting, Object, Place, Site, fresh_name, kind, pick, visit_targets},
    wrapping::{outermost_places, states_mut},
};

/// Outermost JSONPath states of a JSONPath machine that have the field and none of the others.
fn with_field(scenario: &Scenario, field: &str, without: &[&str]) -> Vec<Place> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        place.language == Language::JsonPath
            && state.contains_key(field)
            && !without.iter().any(|other| state.contains_key(*other))
    };
    if is_jsonata(&scenario.definition) {
        return Vec::new();
    }
    outermost_places(&scenario.definition).into_iter().filter(fits).collect()
}

/// Whether a field reads the context object, which is that of another state in another state.
fn reads_context(state: &Object, field: &str) -> bool {
    state.get(field).is_some_and(|value| super::document::mentions(value, &["$$"]))
}

/// InputPath moves into a Pass before the state.
pub(super) fn input_path(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    // ResultPath and Catchers go back to the raw input.
    let candidates = with_field(scenario, "InputPath", &["ResultPath", "Retry", "Catch"]);
    let reads = |place: &Place| place.state(&scenario.definition).is_none_or(|state| reads_context(state, "InputPath"));
    let place = pick(u, candidates.into_iter().filter(|place| !reads(place)).collect())?;
    let name = fresh_name(&scenario.definition, "Before");
    let mut scenario = scenario.clone();
    let outermost = Site { pointer: String::new(), nesting: Nesting::Outermost };
    visit_targets(&mut scenario.definition, &outermost, &mut |target| {
        if *target == place.name {
            target.clone_from(&name);
        }
    });
    let path = place.state_mut(&mut scenario.definition)?.shift_remove("InputPath")?;
    let before = json!({"Type": "Pass", "InputPath": path, "Next": place.name});
    states_mut(&mut scenario.definition)?.insert(name, before);
    Some(Related::same(scenario))
}

/// OutputPath moves into a Pass after the state.
pub(super) fn output_path(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    // OutputPath sees the variables as they were before Assign.
    move_behind(scenario, u, "OutputPath", &["Assign", "Retry", "Catch", "Choices"], &[("OutputPath", "InputPath")])
}

/// ResultSelector puts the result into an object, and OutputPath takes it out again.
pub(super) fn boxed_result(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        let has = |field| state.contains_key(field);
        place.language == Language::JsonPath
            && matches!(kind(state), "Task" | "Parallel" | "Map")
            && !["ResultSelector", "ResultPath"].into_iter().any(has)
            && state.get("OutputPath").is_none_or(|path| path.as_str().is_some_and(is_below_input))
    };
    let places = super::document::places(&scenario.definition);
    let place = pick(u, places.into_iter().filter(fits).collect())?;
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let path = state.get("OutputPath").and_then(Value::as_str).unwrap_or("$");
    let path = format!("$.boxed{}", path.strip_prefix('$')?);
    state.insert("OutputPath".to_owned(), json!(path));
    state.insert("ResultSelector".to_owned(), json!({"boxed.$": "$"}));
    Some(Related::same(scenario))
}

/// Whether a Path begins at the input of its field, and not at the context object or a variable.
fn is_below_input(path: &str) -> bool {
    path == "$" || path.starts_with("$.") || path.starts_with("$[")
}

/// ResultSelector moves into a Pass after the state, and OutputPath with it.
pub(super) fn result_selector(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let moves = [("ResultSelector", "Parameters"), ("OutputPath", "OutputPath")];
    move_behind(scenario, u, "ResultSelector", &["ResultPath", "Assign", "Retry", "Catch"], &moves)
}

/// Moves fields of a state that has `field`, and none of those it must be `without`, into a Pass after it.
fn move_behind(
    scenario: &Scenario,
    u: &mut Unstructured<'_>,
    field: &str,
    without: &[&str],
    moves: &[(&str, &str)],
) -> Option<Related> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        kind(state) != "Succeed" && !moves.iter().any(|(field, _)| reads_context(state, field))
    };
    let place = pick(u, with_field(scenario, field, without).into_iter().filter(fits).collect())?;
    let name = fresh_name(&scenario.definition, "After");
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let mut after = Map::from_iter([("Type".to_owned(), json!("Pass"))]);
    for (old, new) in moves {
        if let Some(value) = state.shift_remove(*old) {
            after.insert((*new).to_owned(), value);
        }
    }
    for field in ["Next", "End"] {
        after.extend(state.remove_entry(field));
    }
    state.insert("Next".to_owned(), json!(name));
    states_mut(&mut scenario.definition)?.insert(name, Value::Object(after));
    Some(Related::same(scenario))
}
