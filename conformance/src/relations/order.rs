//! Changes of order and of names.

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::Value;

use super::{
    Related,
    document::{
        CONTEXT, Object, below, fresh_name, mentions, pick, places, shuffle, shuffle_members, sites, visit_targets,
    },
};

/// Permutes the members of all objects that are not data: machines, `States`, states, rules, Retriers, Catchers.
///
/// Templates and data keep their order, because wildcards and stringified values show it.
pub(super) fn members(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let mut scenario = scenario.clone();
    for place in places(&scenario.definition) {
        let Some(state) = place.state_mut(&mut scenario.definition) else { continue };
        for list in ["Choices", "Retry", "Catch"] {
            for entry in entries(state, list) {
                shuffle_members(u, entry);
            }
        }
        shuffle_members(u, state);
    }
    for site in sites(&scenario.definition) {
        let Some(machine) = scenario.definition.pointer_mut(&site.pointer).and_then(Value::as_object_mut) else {
            continue;
        };
        if let Some(states) = machine.get_mut("States").and_then(Value::as_object_mut) {
            shuffle_members(u, states);
        }
        shuffle_members(u, machine);
    }
    Some(Related::same(scenario))
}

/// The objects in a list of a state.
pub(super) fn entries<'s>(state: &'s mut Object, list: &str) -> impl Iterator<Item = &'s mut Object> {
    state.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Permutes the names in every ErrorEquals.
pub(super) fn error_names(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let mut scenario = scenario.clone();
    let mut any = false;
    for place in places(&scenario.definition) {
        let Some(state) = place.state_mut(&mut scenario.definition) else { continue };
        for list in ["Retry", "Catch"] {
            for entry in entries(state, list) {
                let Some(Value::Array(names)) = entry.get_mut("ErrorEquals") else { continue };
                any |= names.len() > 1;
                shuffle(u, names);
            }
        }
    }
    any.then(|| Related::same(scenario))
}

/// Gives states other names, the names of others among them.
///
/// The context object shows the name, so nothing may read it; and a Map Run is named after its state.
pub(super) fn rename(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    if mentions(&scenario.definition, &CONTEXT) || mentions(&scenario.definition, &["ResultWriter"]) {
        return None;
    }
    let before: Vec<_> = places(&scenario.definition).into_iter().map(|place| place.name).collect();
    let mut after = before.clone();
    shuffle(u, &mut after);
    for name in &mut after {
        if below(u, 3) == 0 {
            let stem = pick(u, vec!["state", "x", "Ünïcode 名", "a/b~c", "$.path", "\"quoted\""])?;
            *name = format!("{} {}", fresh_name(&scenario.definition, stem), name.len());
        }
    }
    let mut unique = after.clone();
    unique.sort_unstable();
    unique.dedup();
    if unique.len() < after.len() || after.iter().any(|name| name.chars().count() > 80) {
        return None;
    }
    let mut related = Related::same(scenario.clone());
    related.names = before.into_iter().zip(after).collect();
    rename_states(&mut related.scenario, &related.names);
    Some(related)
}

/// Gives states the names that stand for theirs in `names`, and lets everything lead to them by these.
pub(crate) fn rename_states(scenario: &mut Scenario, names: &BTreeMap<String, String>) {
    let new = |name: &String| names.get(name).unwrap_or(name).clone();
    // Inner sites first: a pointer to them goes through the names of the states around them.
    let mut sites = sites(&scenario.definition);
    sites.sort_by_key(|site| std::cmp::Reverse(site.pointer.len()));
    for site in sites {
        visit_targets(&mut scenario.definition, &site, &mut |target| *target = new(target));
        let machine = scenario.definition.pointer_mut(&site.pointer);
        if let Some(Value::Object(states)) = machine.and_then(|machine| machine.get_mut("States")) {
            *states = std::mem::take(states).into_iter().map(|(name, state)| (new(&name), state)).collect();
        }
    }
    let tasks = std::mem::take(&mut scenario.tasks);
    scenario.tasks = tasks.into_iter().map(|(name, attempts)| (new(&name), attempts)).collect();
}
