//! What makes the outcome of a drawn machine the same on every engine that conforms.

use asl_generator::{Config, QueryLanguages, Scenario};
use serde_json::{Value, json};

use crate::{
    case::Feature,
    engine::Description,
    relations::document::{CONTEXT, Language, Object, fresh_name, kind, mentions, places, reads_more_context},
};

/// Switches off what the engine does not claim to have, and results that nobody can foretell.
pub fn restrict(config: &mut Config, engine: &Description) {
    let has = |feature| engine.features.contains(&feature);
    config.tasks &= has(Feature::Task);
    config.waits &= has(Feature::Time);
    config.timeouts &= has(Feature::Time);
    config.retry &= has(Feature::Time);
    config.distributed &= has(Feature::Distributed);
    config.readers &= has(Feature::Store);
    // The names of result files and Map Runs are the engine's own.
    config.writers = false;
    if !has(Feature::Jsonata) {
        config.languages = QueryLanguages::JsonPath;
    }
}

/// What depends on chance, and what stands in its place.
const CHANCE: [(&str, &str); 4] =
    [("States.UUID()", "States.Format('uuid')"), ("$uuid()", "'uuid'"), ("$random()", "0.5"), ("FULL", "NONE")];

/// The scenario without what depends on chance, as far as it can be replaced.
#[must_use]
pub fn without_chance(mut scenario: Scenario) -> Scenario {
    for (chance, certainty) in CHANCE {
        replace_text(&mut scenario.definition, chance, certainty);
    }
    scenario
}

/// The scenario with every member of the context object set that AWS lets the environment choose, and no task token
/// read, because each engine makes its own; `None` for one that reads the whole object where there is a token.
#[must_use]
pub fn pinned(mut scenario: Scenario) -> Option<Scenario> {
    const TOKENS: [(&str, &str); 2] =
        [("$$.Task.Token", "$$.State.Name"), ("$states.context.Task.Token", "$states.context.State.Name")];
    if !mentions(&scenario.definition, &CONTEXT) {
        return Some(scenario);
    }
    for (token, name) in TOKENS {
        replace_text(&mut scenario.definition, token, name);
    }
    let has_token = mentions(&scenario.definition, &[".waitForTaskToken"]);
    if has_token && reads_more_context(&scenario.definition, &[".Execution", ".StateMachine", ".State", ".Map"]) {
        return None;
    }
    let context = scenario.context.get_or_insert_with(|| json!({}));
    let execution = context.as_object_mut()?.entry("Execution").or_insert_with(|| json!({})).as_object_mut()?;
    for (member, value) in [
        ("Id", json!("arn:aws:states:us-east-1:123456789012:execution:Machine:execution")),
        ("Name", json!("execution")),
        ("RoleArn", json!("arn:aws:iam::123456789012:role/Role")),
        ("StartTime", json!("2025-01-01T00:00:00Z")),
        ("RedriveCount", json!(0)),
    ] {
        execution.entry(member).or_insert(value);
    }
    context["StateMachine"] =
        json!({"Id": "arn:aws:states:us-east-1:123456789012:stateMachine:Machine", "Name": "Machine"});
    Some(scenario)
}

/// The scenario with the turns of what runs side by side taken in other orders: branches come to their states later,
/// the first ones or the last ones most; items are processed one by one.
///
/// What conforming engines agree on is the same in all of them.
#[must_use]
pub fn perturbed(scenario: &Scenario) -> [Scenario; 2] {
    [false, true].map(|first| {
        let mut scenario = scenario.clone();
        let mut places = places(&scenario.definition);
        // From the inside out, so that pointers stay right.
        places.sort_by_key(|place| std::cmp::Reverse(place.pointer().len()));
        for place in places {
            let base = fresh_name(&scenario.definition, "Delay");
            let Some(state) = place.state_mut(&mut scenario.definition) else { continue };
            if kind(state) == "Map" {
                state.shift_remove("MaxConcurrencyPath");
                state.insert("MaxConcurrency".to_owned(), json!(i32::from(first)));
            }
            let Some(Value::Array(branches)) = state.get_mut("Branches") else { continue };
            let last = branches.len().saturating_sub(1);
            for (index, branch) in branches.iter_mut().enumerate() {
                delay(branch, &format!("{base} {index}"), if first { last - index } else { index });
            }
        }
        scenario
    })
}

/// Puts bare Pass states before the states of a branch.
fn delay(branch: &mut Value, name: &str, times: usize) {
    const STATES: usize = 40;
    for number in 0..times * STATES {
        let name = format!("{name} {number}");
        let pass = json!({"Type": "Pass", "Next": branch["StartAt"]});
        if let Some(states) = branch.get_mut("States").and_then(Value::as_object_mut) {
            states.insert(name.clone(), pass);
            branch["StartAt"] = json!(name);
        }
    }
}

/// The text in the place of causes.
const REPLACED: &str = "replaced";

/// The scenario with every caught cause replaced by a fixed text before anything can read it: engines word their own
/// causes differently, so an outcome that depends on one says nothing.
#[must_use]
pub fn without_causes(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    for place in places(&scenario.definition) {
        let catchers = place.state(&scenario.definition).and_then(|state| state.get("Catch")).and_then(Value::as_array);
        for index in 0..catchers.map_or(0, Vec::len) {
            let name = fresh_name(&scenario.definition, "Replace");
            let Some(state) = place.state_mut(&mut scenario.definition) else { continue };
            let catcher = state.get_mut("Catch").and_then(|list| list.get_mut(index)).and_then(Value::as_object_mut);
            let Some(catcher) = catcher else { continue };
            let inserted = match place.language {
                Language::Jsonata => {
                    replace_in_jsonata(catcher);
                    None
                }
                Language::JsonPath => replace_in_jsonpath(catcher, &name),
            };
            let states = scenario.definition.pointer_mut(&format!("{}/States", place.site.pointer));
            if let (Some(inserted), Some(Value::Object(states))) = (inserted, states) {
                states.insert(name, inserted);
            }
        }
    }
    scenario
}

fn replace_in_jsonata(catcher: &mut Object) {
    const ORIGINAL: &str = "$states.errorOutput";
    let replacement = format!("$merge([{ORIGINAL}, {{\"Cause\": \"{REPLACED}\"}}])");
    catcher.entry("Output").or_insert_with(|| json!(format!("{{% {ORIGINAL} %}}")));
    for field in ["Output", "Assign"] {
        if let Some(value) = catcher.get_mut(field) {
            replace_text(value, ORIGINAL, &replacement);
        }
    }
}

/// Replaces a part of every text of a value.
fn replace_text(value: &mut Value, old: &str, new: &str) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if text.contains(old) => *text = text.replace(old, new),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values_mut()),
            _ => {}
        }
    }
}

/// Lets a Catcher lead to a Pass that replaces the cause; gives that state.
fn replace_in_jsonpath(catcher: &mut Object, name: &str) -> Option<Value> {
    if catcher.get("Assign").is_some_and(|assign| mentions(assign, &["$"])) {
        catcher.shift_remove("Assign");
    }
    let path = match catcher.get("ResultPath") {
        Some(Value::Null) => return None,
        Some(Value::String(path)) => path.clone(),
        _ => "$".to_owned(),
    };
    let next = catcher.insert("Next".to_owned(), json!(name))?;
    Some(json!({"Type": "Pass", "Result": REPLACED, "ResultPath": format!("{path}.Cause"), "Next": next}))
}
