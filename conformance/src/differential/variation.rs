//! Changes of drawn scenarios without care for how the run ends.
//!
//! The generator takes care that a run gets far: paths hit, and each state has one kind of trouble that its handlers
//! are made for. Engines differ where nobody took care, so some scenarios are made careless here. They stay valid in
//! form; whatever the reference makes of them is what has to come.

use std::collections::BTreeSet;

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Map, Value, json};

use crate::relations::document::{Language, Object, Place, below, mentions, pick, places};

/// Changes a scenario, or not, as the bytes say.
pub fn vary(scenario: &mut Scenario, u: &mut Unstructured<'_>) {
    const CHANGES: [fn(&mut Scenario, &mut Unstructured<'_>) -> Option<()>; 8] =
        [errors, errors, handlers, texts, operands, fractions, chained_assign, lose_member];
    for _ in 0..below(u, 4) {
        let change = CHANGES[below(u, CHANGES.len())];
        // A change that does not fit leaves the scenario as it is.
        let _ = change(scenario, u);
    }
}

/// States that handle errors.
fn handling(definition: &Value) -> Vec<Place> {
    let handles = |state: &Object| state.contains_key("Retry") || state.contains_key("Catch");
    places(definition).into_iter().filter(|place| place.state(definition).is_some_and(handles)).collect()
}

/// The names that Retriers and Catchers of a state list.
fn listed_names(state: &Object) -> BTreeSet<String> {
    let handlers = ["Retry", "Catch"].into_iter().filter_map(|list| state.get(list)?.as_array()).flatten();
    let names = handlers.filter_map(|handler| handler.get("ErrorEquals")?.as_array()).flatten();
    names.filter_map(Value::as_str).filter(|name| !name.starts_with("States.")).map(str::to_owned).collect()
}

/// A task fails with several of the errors that its handlers list, in any order.
fn errors(scenario: &mut Scenario, u: &mut Unstructured<'_>) -> Option<()> {
    let tasks = handling(&scenario.definition).into_iter().filter(|place| scenario.tasks.contains_key(&place.name));
    let place = pick(u, tasks.collect())?;
    let mut names: Vec<_> = listed_names(place.state(&scenario.definition)?).into_iter().collect();
    names.push("Unlisted".to_owned());
    let attempts = scenario.tasks.get_mut(&place.name)?.as_array_mut()?;
    let mut changed: Vec<Value> = Vec::new();
    for _ in 0..=below(u, 5) {
        changed.push(json!({"error": names.get(below(u, names.len()))?, "cause": "varied"}));
    }
    changed.append(attempts);
    // A script that ends would make a fault of the machine look like one of the script.
    changed.push(json!({"output": "at last", "times": "always"}));
    *attempts = changed;
    Some(())
}

/// A state gets one more Retrier, or one more Catcher with another way to go on, for errors that it handles already.
fn handlers(scenario: &mut Scenario, u: &mut Unstructured<'_>) -> Option<()> {
    let place = pick(u, handling(&scenario.definition))?;
    let state = place.state_mut(&mut scenario.definition)?;
    let list = if below(u, 2) == 0 { "Retry" } else { "Catch" };
    let names: Vec<_> = listed_names(state).into_iter().collect();
    let name = names.get(below(u, names.len()))?.clone();
    let handlers = state.get_mut(list)?.as_array_mut()?;
    let mut handler = match list {
        "Retry" => json!({"MaxAttempts": below(u, 4), "IntervalSeconds": 1 + below(u, 9)}),
        _ => handlers.first()?.clone(),
    };
    handler["ErrorEquals"] = json!([name]);
    if list == "Catch" && place.language == Language::JsonPath {
        let path = pick(u, vec![Value::Null, json!("$"), json!("$.error"), json!("$.order.error")])?;
        handler["ResultPath"] = path;
    }
    let at = below(u, handlers.len());
    handlers.insert(at, handler);
    Some(())
}

/// One member more of an Assign reads a variable that another member of it assigns.
fn chained_assign(scenario: &mut Scenario, u: &mut Unstructured<'_>) -> Option<()> {
    const NAME: &str = "chained";
    // An inner scope must not assign what one around it assigns (VAR-033).
    let assigns = |place: &Place| place.state(&scenario.definition).is_some_and(|state| state.contains_key("Assign"));
    if mentions(&scenario.definition, &[NAME]) {
        return None;
    }
    let place = pick(u, places(&scenario.definition).into_iter().filter(assigns).collect())?;
    let assign = place.state_mut(&mut scenario.definition)?.get_mut("Assign")?.as_object_mut()?;
    let variable = pick(u, assign.keys().map(|name| format!("${}", name.trim_end_matches(".$"))).collect())?;
    match place.language {
        Language::JsonPath => assign.insert(format!("{NAME}.$"), json!(variable)),
        Language::Jsonata => assign.insert(NAME.to_owned(), json!(format!("{{% {variable} %}}"))),
    };
    Some(())
}

/// Texts at the edges of orders and encodings.
const EDGES: [&str; 8] = ["\u{FB03}", "\u{1F600}", "\u{FFFD}x", "\u{10000}", "e\u{301}", "\u{E9}", "Z", "\u{0}"];

/// Some texts of the data become texts at the edges, wherever they stand.
fn texts(scenario: &mut Scenario, u: &mut Unstructured<'_>) -> Option<()> {
    let names: BTreeSet<String> = places(&scenario.definition).into_iter().map(|place| place.name).collect();
    let is_structure = |text: &str| names.contains(text) || text.starts_with(['$', '{']) || text.contains("States.");
    let mut tasks = Value::Object(std::mem::take(&mut scenario.tasks));
    for old in texts_of(&scenario.input) {
        if below(u, 2) == 0 || is_structure(&old) || is_timestamp(&old) {
            continue;
        }
        let new = EDGES[below(u, EDGES.len())];
        for value in [&mut scenario.definition, &mut scenario.input, &mut tasks] {
            replace_text(value, &old, new);
        }
    }
    scenario.tasks = std::mem::take(tasks.as_object_mut()?);
    Some(())
}

/// A text that a Choice Rule compares with becomes one at the edges, and so does a text of the input.
fn operands(scenario: &mut Scenario, u: &mut Unstructured<'_>) -> Option<()> {
    let mut operands = Vec::new();
    let mut open = vec![&mut scenario.definition];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                for (name, member) in members {
                    let is_operand = name.starts_with("String") && !name.ends_with("Path") && name != "StringMatches";
                    if is_operand { operands.push(member) } else { open.push(member) }
                }
            }
            _ => {}
        }
    }
    *pick(u, operands)? = json!(EDGES[below(u, EDGES.len())]);
    texts(scenario, u)
}

/// Whether a text may stand where only a timestamp is valid.
fn is_timestamp(text: &str) -> bool {
    text.as_bytes().get(10) == Some(&b'T')
}

fn texts_of(value: &Value) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => _ = texts.insert(text.clone()),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    texts
}

fn replace_text(value: &mut Value, old: &str, new: &str) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if text == old => new.clone_into(text),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values_mut()),
            _ => {}
        }
    }
}

/// The whole number that ends a call of an intrinsic function becomes a fraction.
fn fractions(scenario: &mut Scenario, u: &mut Unstructured<'_>) -> Option<()> {
    let fraction = [".5", ".49", ".999", ".0"][below(u, 4)];
    let mut open = vec![&mut scenario.definition];
    let mut calls = Vec::new();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if text.starts_with("States.") => calls.push(text),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values_mut()),
            _ => {}
        }
    }
    let call = pick(u, calls)?;
    let arguments = call.strip_suffix(')')?;
    let digits = arguments.bytes().rev().take_while(u8::is_ascii_digit).count();
    let before = arguments.as_bytes().get(arguments.len().checked_sub(digits + 1)?)?;
    if digits > 0 && matches!(before, b' ' | b',' | b'-' | b'(') {
        *call = format!("{arguments}{fraction})");
    }
    Some(())
}

/// An object of the input loses a member.
fn lose_member(scenario: &mut Scenario, u: &mut Unstructured<'_>) -> Option<()> {
    let mut open = vec![&mut scenario.input];
    let mut objects: Vec<&mut Map<String, Value>> = Vec::new();
    // Only the outermost object and those in its members: a reference to an object excludes those to its parts.
    if let Some(Value::Object(members)) = open.pop() {
        if below(u, 2) == 0 {
            objects.push(members);
        } else {
            objects.extend(members.values_mut().filter_map(Value::as_object_mut));
        }
    }
    let object = pick(u, objects)?;
    let name = pick(u, object.keys().cloned().collect())?;
    object.shift_remove(&name);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        Scenario {
            definition: json!({"StartAt": "A", "States": {"A": {
                "Type": "Task", "Resource": "r", "End": true,
                "Parameters": {"sum.$": "States.MathAdd($.n, 7)", "text": "north"},
                "Retry": [{"ErrorEquals": ["Busy"]}],
                "Catch": [{"ErrorEquals": ["Busy"], "Next": "A"}],
            }}}),
            input: json!({"n": 1, "text": "north"}),
            tasks: Map::from_iter([("A".to_owned(), json!([{"echo": true}]))]),
            context: None,
            store: None,
        }
    }

    /// The scenario after one change, tried with several bytes until it is another.
    fn changed(change: fn(&mut Scenario, &mut Unstructured<'_>) -> Option<()>) -> Scenario {
        (0..=u8::MAX)
            .map(|byte| {
                let mut scenario = scenario();
                let _ = change(&mut scenario, &mut Unstructured::new(&[byte; 32]));
                scenario
            })
            .find(|changed| *changed != scenario())
            .expect("some bytes change it")
    }

    #[test]
    fn errors_are_those_that_the_handlers_list_and_the_script_never_ends() {
        let changed = changed(errors);
        let attempts = changed.tasks["A"].as_array().expect("attempts");
        assert!(
            attempts
                .iter()
                .all(|attempt| { attempt.get("error").is_none_or(|error| error == "Busy" || error == "Unlisted") })
        );
        assert_eq!(attempts.last(), Some(&json!({"output": "at last", "times": "always"})));
    }

    #[test]
    fn a_text_becomes_the_same_text_everywhere() {
        let changed = changed(texts);
        let parameters = &changed.definition["States"]["A"]["Parameters"];
        assert_eq!(changed.input["text"], parameters["text"]);
        assert_ne!(changed.input["text"], "north");
    }

    #[test]
    fn only_the_last_number_of_a_call_becomes_a_fraction() {
        let changed = changed(fractions);
        let sum = changed.definition["States"]["A"]["Parameters"]["sum.$"].as_str().expect("a call").to_owned();
        assert!(sum.starts_with("States.MathAdd($.n, 7.") && sum.ends_with(')'), "{sum}");
    }

    #[test]
    fn a_handler_comes_before_the_last() {
        let changed = changed(handlers);
        let state = &changed.definition["States"]["A"];
        let count = |list: &str| state[list].as_array().map_or(0, Vec::len);
        assert_eq!(count("Retry") + count("Catch"), 3);
    }

    #[test]
    fn the_input_loses_one_member() {
        assert_eq!(changed(lose_member).input.as_object().map(Map::len), Some(1));
    }
}
