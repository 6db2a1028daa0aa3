//! Handlers and variables that change nothing.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Value, json};

use super::{
    Related,
    document::{Place, below, kind, mentions, pick, places},
};

/// An Error Name that no generated machine raises.
const UNUSED: &str = "Nobody.Raises.This";

/// States whose type is one of these.
fn of_kinds(definition: &Value, kinds: &[&str]) -> Vec<Place> {
    let fits = |place: &Place| place.state(definition).is_some_and(|state| kinds.contains(&kind(state)));
    places(definition).into_iter().filter(fits).collect()
}

/// Adds a Catcher that catches nothing, before all others.
pub(super) fn catcher(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let place = pick(u, of_kinds(&scenario.definition, &["Task", "Parallel", "Map"]))?;
    let target = pick(u, place.siblings(&scenario.definition)?.keys().cloned().collect())?;
    let entry = json!({"ErrorEquals": [UNUSED], "Next": target});
    add_handler(scenario, &place, "Catch", entry)
}

/// Adds a Retrier that retries nothing, before all others.
pub(super) fn retrier(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let place = pick(u, of_kinds(&scenario.definition, &["Task", "Parallel", "Map"]))?;
    let entry = json!({"ErrorEquals": [UNUSED], "MaxAttempts": 1 + below(u, 9)});
    add_handler(scenario, &place, "Retry", entry)
}

fn add_handler(scenario: &Scenario, place: &Place, list: &str, entry: Value) -> Option<Related> {
    if mentions(&scenario.definition, &[UNUSED]) {
        return None;
    }
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    state.entry(list).or_insert_with(|| json!([])).as_array_mut()?.insert(0, entry);
    Some(Related::same(scenario))
}

/// Assigns a variable that nobody reads.
pub(super) fn variable(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    const NAME: &str = "nobodyReadsThis";
    if mentions(&scenario.definition, &[NAME]) {
        return None;
    }
    let place = pick(u, of_kinds(&scenario.definition, &["Task", "Parallel", "Map", "Pass", "Wait", "Choice"]))?;
    let value = pick(u, vec![json!(1), json!("$.x"), json!(null), json!({"a": [1, 2]})])?;
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    state.entry("Assign").or_insert_with(|| json!({})).as_object_mut()?.insert(NAME.to_owned(), value);
    Some(Related::same(scenario))
}

/// A Catcher of several names becomes one Catcher for each.
pub(super) fn split_catcher(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let mut candidates = Vec::new();
    for place in places(&scenario.definition) {
        let catchers = place.state(&scenario.definition)?.get("Catch").and_then(Value::as_array);
        for (index, catcher) in catchers.into_iter().flatten().enumerate() {
            let names = catcher.get("ErrorEquals").and_then(Value::as_array).map_or(0, Vec::len);
            candidates.extend((names > 1).then(|| (place.clone(), index)));
        }
    }
    let (place, index) = pick(u, candidates)?;
    let mut scenario = scenario.clone();
    let catchers = place.state_mut(&mut scenario.definition)?.get_mut("Catch")?.as_array_mut()?;
    let catcher = catchers.get(index)?.clone();
    let names = catcher.get("ErrorEquals")?.as_array()?.clone();
    let single = names.into_iter().map(|name| {
        let mut single = catcher.clone();
        single["ErrorEquals"] = json!([name]);
        single
    });
    catchers.splice(index..=index, single);
    Some(Related::same(scenario))
}
