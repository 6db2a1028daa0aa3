//! More states around and between those of a machine.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Map, Value, json};

use super::{
    FailureChange, OutputChange, Related,
    document::{CONTEXT, Nesting, Object, Place, Site, below, fresh_name, kind, mentions, pick, places, visit_targets},
};

fn outermost() -> Site {
    Site { pointer: String::new(), nesting: Nesting::Outermost }
}

/// States of the outermost `States`, where nothing else runs at the same time.
pub(super) fn outermost_places(definition: &Value) -> Vec<Place> {
    places(definition).into_iter().filter(|place| place.site.nesting == Nesting::Outermost).collect()
}

/// The outermost `States`.
pub(super) fn states_mut(definition: &mut Value) -> Option<&mut Object> {
    definition.get_mut("States")?.as_object_mut()
}

/// Puts a bare Pass state on one transition between outermost states.
pub(super) fn identity_pass(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let mut scenario = scenario.clone();
    let mut count = 0;
    visit_targets(&mut scenario.definition, &outermost(), &mut |_| count += 1);
    let chosen = below(u, count);
    let name = fresh_name(&scenario.definition, "Between");
    let mut next = None;
    let mut at = 0;
    visit_targets(&mut scenario.definition, &outermost(), &mut |target| {
        if at == chosen {
            next = Some(std::mem::replace(target, name.clone()));
        }
        at += 1;
    });
    states_mut(&mut scenario.definition)?.insert(name, json!({"Type": "Pass", "Next": next?}));
    Some(Related::same(scenario))
}

/// Lets a state that ends the machine lead to a bare Succeed state.
pub(super) fn end_to_succeed(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let ends =
        |place: &Place| place.state(&scenario.definition).is_some_and(|state| state.get("End") == Some(&json!(true)));
    let place = pick(u, outermost_places(&scenario.definition).into_iter().filter(ends).collect())?;
    let name = fresh_name(&scenario.definition, "Done");
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    state.shift_remove("End");
    state.insert("Next".to_owned(), json!(name));
    states_mut(&mut scenario.definition)?.insert(name, json!({"Type": "Succeed"}));
    Some(Related::same(scenario))
}

/// Takes `StartAt` and `States` out of a machine and puts a machine of one state around them, which gets a name and
/// them to hold.
fn around(definition: &mut Value, name: &str, hold: impl FnOnce(Object) -> Value) -> Option<()> {
    let root = definition.as_object_mut()?;
    let inner = ["StartAt", "States"].into_iter().filter_map(|field| root.remove_entry(field)).collect();
    root.insert("StartAt".to_owned(), json!(name));
    root.insert("States".to_owned(), json!({name: hold(inner)}));
    Some(())
}

/// The whole machine becomes the only branch of a Parallel state.
pub(super) fn machine_in_parallel(scenario: &Scenario, _: &mut Unstructured<'_>) -> Option<Related> {
    let mut related = Related::same(scenario.clone());
    let definition = &mut related.scenario.definition;
    let name = fresh_name(definition, "Around");
    around(definition, &name, |inner| json!({"Type": "Parallel", "Branches": [inner], "End": true}))?;
    related.output = OutputChange::InArray;
    related.failure = FailureChange::LeavesParallel;
    Some(related)
}

/// The whole machine becomes the first branch of a Parallel state, beside one that ends at once.
pub(super) fn machine_beside_pass(scenario: &Scenario, _: &mut Unstructured<'_>) -> Option<Related> {
    const GIVEN: &str = "beside";
    let mut related = Related::same(scenario.clone());
    let definition = &mut related.scenario.definition;
    let name = fresh_name(definition, "Around");
    let beside = fresh_name(definition, "Beside");
    let field = if super::data::is_jsonata(definition) { "Output" } else { "Result" };
    let other = json!({"StartAt": beside, "States": {beside: {"Type": "Pass", field: GIVEN, "End": true}}});
    around(definition, &name, |inner| json!({"Type": "Parallel", "Branches": [inner, other], "End": true}))?;
    related.output = OutputChange::Beside(GIVEN);
    related.failure = FailureChange::LeavesParallel;
    Some(related)
}

/// The whole machine becomes the processor of a Map state, and the input its only item.
pub(super) fn machine_in_map(scenario: &Scenario, _: &mut Unstructured<'_>) -> Option<Related> {
    if mentions(&scenario.definition, &CONTEXT) {
        return None;
    }
    let mut related = Related::same(scenario.clone());
    let definition = &mut related.scenario.definition;
    let name = fresh_name(definition, "Around");
    around(definition, &name, |inner| json!({"Type": "Map", "ItemProcessor": inner, "End": true}))?;
    related.scenario.input = json!([scenario.input]);
    related.output = OutputChange::InArray;
    Some(related)
}

/// One state becomes the only state of the only branch of a Parallel state.
pub(super) fn state_in_parallel(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        let has = |field| state.contains_key(field);
        matches!(kind(state), "Pass" | "Task" | "Wait" | "Parallel" | "Map")
            && !["Assign", "Catch"].into_iter().any(has)
    };
    if scenario.definition.get("QueryLanguage").is_some_and(|language| language == "JSONata") {
        return None;
    }
    let place = pick(u, outermost_places(&scenario.definition).into_iter().filter(fits).collect())?;
    let name = fresh_name(&scenario.definition, "Around");
    let mut related = Related::same(scenario.clone());
    let definition = &mut related.scenario.definition;
    visit_targets(definition, &outermost(), &mut |target| {
        if *target == place.name {
            target.clone_from(&name);
        }
    });
    let states = states_mut(definition)?;
    let mut state = states.shift_remove(&place.name)?;
    let mut outer = Map::new();
    for field in ["Next", "End"] {
        outer.extend(state.as_object_mut()?.remove_entry(field));
    }
    state["End"] = json!(true);
    outer.insert("Type".to_owned(), json!("Parallel"));
    outer.insert("Branches".to_owned(), json!([{"StartAt": place.name, "States": {place.name: state}}]));
    outer.insert("OutputPath".to_owned(), json!("$[0]"));
    states.insert(name, Value::Object(outer));
    related.failure = FailureChange::PerhapsLeavesParallel;
    Some(related)
}

/// Whether nothing in a state fails by itself or takes time: it holds states that move data, and Tasks that answer
/// every call at once.
fn is_pure(scenario: &Scenario, place: &Place) -> bool {
    let below = format!("{}/", place.pointer());
    let inside = |other: &Place| other.site.pointer.starts_with(&below);
    let is_calm = |other: &Place| match other.state(&scenario.definition).map(kind) {
        Some("Pass" | "Choice" | "Succeed" | "Parallel" | "Map") => true,
        Some("Task") => super::data::only_answer(scenario, &other.name).is_some(),
        _ => false,
    };
    place.state(&scenario.definition).is_some_and(|state| !state.contains_key("Catch") && !state.contains_key("Retry"))
        && places(&scenario.definition).iter().filter(|other| inside(other)).all(is_calm)
}

/// A branch or an iteration assigns a variable, and a Choice after it ends the machine if that can be seen there.
pub(super) fn inner_variable(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    const NAME: &str = "innerVariable";
    let candidates = outermost_places(&scenario.definition).into_iter().filter_map(|place| {
        let state = place.state(&scenario.definition)?;
        (matches!(kind(state), "Parallel" | "Map") && (state.contains_key("Next") || state.contains_key("End")))
            .then_some(place)
    });
    let outer = pick(u, candidates.collect())?;
    let below_outer = format!("{}/", outer.pointer());
    let assigns = |place: &Place| {
        let state = place.state(&scenario.definition);
        place.site.pointer.starts_with(&below_outer)
            && state.is_some_and(|state| matches!(kind(state), "Task" | "Parallel" | "Map" | "Pass" | "Wait"))
    };
    let inner = pick(u, places(&scenario.definition).into_iter().filter(assigns).collect())?;
    let (test, done) = (fresh_name(&scenario.definition, "Leaked"), fresh_name(&scenario.definition, "Done"));
    let mut scenario = scenario.clone();
    let assign = inner.state_mut(&mut scenario.definition)?.entry("Assign").or_insert_with(|| json!({}));
    assign.as_object_mut()?.insert(NAME.to_owned(), json!(1));
    let state = outer.state_mut(&mut scenario.definition)?;
    state.shift_remove("End");
    let next = state.insert("Next".to_owned(), json!(test));
    let failure = fresh_name(&scenario.definition, "Visible");
    let choice = json!({
        "Type": "Choice",
        "QueryLanguage": "JSONata",
        "Choices": [{"Condition": format!("{{% $exists(${NAME}) %}}"), "Next": failure}],
        "Default": next.clone().unwrap_or_else(|| json!(done)),
    });
    let states = states_mut(&mut scenario.definition)?;
    states.insert(test, choice);
    states.insert(failure, json!({"Type": "Fail", "Error": "Variable.Leaked"}));
    if next.is_none() {
        states.insert(done, json!({"Type": "Succeed"}));
    }
    Some(Related::same(scenario))
}

/// An inline Map of states that only move data gets another MaxConcurrency.
pub(super) fn concurrency(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        kind(state) == "Map"
            && place.site.nesting == Nesting::Outermost
            && !mentions(&Value::Object(state.clone()), &["DISTRIBUTED", "MaxConcurrencyPath", "Tolerated"])
            && is_pure(scenario, place)
    };
    let place = pick(u, places(&scenario.definition).into_iter().filter(fits).collect())?;
    let limit = 1 + below(u, 3);
    let mut scenario = scenario.clone();
    place.state_mut(&mut scenario.definition)?.insert("MaxConcurrency".to_owned(), json!(limit));
    Some(Related::same(scenario))
}
