//! Reductions of the graph of states.

use std::collections::{BTreeMap, BTreeSet};

use asl_generator::Scenario;
use serde_json::{Value, json};

use super::{Edit, Step};
use crate::relations::{
    document::{Nesting, Object, Place, Site, kind, places, sites, visit_targets},
    rename_states,
};

/// A change of the graph of states.
#[derive(Clone, Debug)]
pub(super) enum StateEdit {
    /// The machine begins at this state, with this input, and everything around its `States` is gone.
    StartAt(Place, Value),
    /// The machine, branch or iteration ends with this state.
    EndAt(Place),
    /// What led to this state leads to another.
    Bypass(Place, String),
    /// What led to this state ends there.
    Drop(Place),
    /// The state becomes a Pass that gives this value.
    Literal(Place, Value),
    /// States get these names.
    Rename(BTreeMap<String, String>),
}

/// The changes that may help, the largest first.
pub(super) fn edits(scenario: &Scenario, steps: &[Step]) -> Vec<StateEdit> {
    let places = places(&scenario.definition);
    let place = |name: &str| places.iter().find(|place| place.name == name).cloned();
    let mut edits = Vec::new();
    // The later it begins, the smaller it gets.
    for step in steps.iter().rev() {
        edits.extend(place(&step.name).map(|place| StateEdit::StartAt(place, step.input.clone())));
    }
    for step in steps {
        edits.extend(place(&step.name).map(StateEdit::EndAt));
    }
    for step in steps {
        if let (Some(place), Some(output)) = (place(&step.name), &step.output) {
            let holds_states = place.state(&scenario.definition).is_some_and(|state| kind(state) != "Pass");
            edits.extend(holds_states.then(|| StateEdit::Literal(place, output.clone())));
        }
    }
    for place in &places {
        let successors = place.state(&scenario.definition).map(successors).unwrap_or_default();
        edits.extend(successors.into_iter().map(|next| StateEdit::Bypass(place.clone(), next)));
    }
    edits.extend(places.into_iter().map(StateEdit::Drop));
    edits
}

/// Short names for all states, in order of the document.
pub(super) fn new_names(scenario: &Scenario) -> Option<StateEdit> {
    let letters = (b'A'..=b'Z').map(|letter| char::from(letter).to_string());
    let names: BTreeMap<_, _> = places(&scenario.definition).into_iter().map(|place| place.name).zip(letters).collect();
    (names.len() == places(&scenario.definition).len()).then_some(StateEdit::Rename(names))
}

impl Edit for StateEdit {
    fn apply(&self, scenario: &Scenario) -> Option<Scenario> {
        let mut scenario = scenario.clone();
        match self {
            Self::StartAt(place, input) => start_at(&mut scenario, place, input)?,
            Self::EndAt(place) => {
                let state = place.state_mut(&mut scenario.definition)?;
                state.shift_remove("Next")?;
                state.insert("End".to_owned(), json!(true));
            }
            Self::Bypass(place, next) if *next != place.name => {
                retarget(&mut scenario.definition, &place.site, &place.name, next);
            }
            Self::Bypass(..) => return None,
            Self::Drop(place) => drop_state(&mut scenario.definition, place)?,
            Self::Literal(place, value) => {
                let jsonata = scenario.definition.get("QueryLanguage").is_some_and(|language| language == "JSONata");
                let state = place.state_mut(&mut scenario.definition)?;
                let field = if jsonata { "Output" } else { "Result" };
                let mut pass = json!({"Type": "Pass", field: value});
                for name in ["Next", "End"] {
                    pass.as_object_mut()?.extend(state.remove_entry(name));
                }
                *state = pass.as_object()?.clone();
            }
            Self::Rename(names) => rename_states(&mut scenario, names),
        }
        tidy(&mut scenario);
        Some(scenario)
    }
}

fn start_at(scenario: &mut Scenario, place: &Place, input: &Value) -> Option<()> {
    let states = place.siblings(&scenario.definition)?.clone();
    let root = scenario.definition.as_object_mut()?;
    if place.site.nesting == Nesting::Outermost && root.get("StartAt").is_some_and(|start| *start == place.name) {
        return None;
    }
    root.insert("StartAt".to_owned(), json!(place.name));
    root.insert("States".to_owned(), Value::Object(states));
    scenario.input.clone_from(input);
    Some(())
}

fn retarget(definition: &mut Value, site: &Site, old: &str, new: &str) {
    visit_targets(definition, site, &mut |target| {
        if target == old {
            new.clone_into(target);
        }
    });
}

/// Removes a state, and all rules, Catchers and defaults that lead to it; a state whose Next it was ends.
fn drop_state(definition: &mut Value, place: &Place) -> Option<()> {
    let states = definition.pointer_mut(&place.site.pointer)?.get_mut("States")?.as_object_mut()?;
    states.shift_remove(&place.name)?;
    let leads_there = |object: &Object, field: &str| object.get(field).is_some_and(|target| *target == place.name);
    for state in states.values_mut().filter_map(Value::as_object_mut) {
        if leads_there(state, "Next") {
            state.shift_remove("Next");
            state.insert("End".to_owned(), json!(true));
        }
        if leads_there(state, "Default") {
            state.shift_remove("Default");
        }
        for list in ["Choices", "Catch"] {
            if let Some(Value::Array(entries)) = state.get_mut(list) {
                entries.retain(|entry| !entry.as_object().is_some_and(|entry| leads_there(entry, "Next")));
            }
        }
    }
    Some(())
}

/// Where a state may lead to.
fn successors(state: &Object) -> Vec<String> {
    let mut next = Vec::new();
    let mut add =
        |object: &Object, field: &str| next.extend(object.get(field).and_then(Value::as_str).map(str::to_owned));
    add(state, "Next");
    add(state, "Default");
    for list in ["Choices", "Catch"] {
        let entries = state.get(list).and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(Value::as_object).for_each(|entry| add(entry, "Next"));
    }
    next
}

/// Removes states that nothing leads to, and scripts of tasks that are gone.
pub(super) fn tidy(scenario: &mut Scenario) {
    for site in sites(&scenario.definition) {
        let Some(machine) = scenario.definition.pointer_mut(&site.pointer) else { continue };
        let mut open: Vec<String> =
            machine.get("StartAt").and_then(Value::as_str).map(str::to_owned).into_iter().collect();
        let Some(Value::Object(states)) = machine.get_mut("States") else { continue };
        let mut reached = BTreeSet::new();
        while let Some(name) = open.pop() {
            let Some(Value::Object(state)) = states.get(&name) else { continue };
            if reached.insert(name) {
                open.extend(successors(state));
            }
        }
        states.retain(|name, _| reached.contains(name));
    }
    let names: BTreeSet<_> = places(&scenario.definition).into_iter().map(|place| place.name).collect();
    scenario.tasks.retain(|name, _| names.contains(name));
}
