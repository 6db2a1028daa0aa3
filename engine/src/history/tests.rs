use serde_json::{Value, json};

use super::History;
use crate::{
    machine::StateType,
    observe::{Event, Observer, Stamp},
    time::Span,
};

fn note(history: &mut History, id: u64, previous: u64, event: Event<'_>) {
    history.event(Stamp { id, previous, at: Span::ZERO }, &event);
}

fn payloads(history: History) -> Vec<Value> {
    let details = |event: &Value| match event["type"].as_str() {
        Some("PassStateEntered") => event["stateEnteredEventDetails"]["input"].clone(),
        _ => event["stateExitedEventDetails"]["output"].clone(),
    };
    history.into_events().iter().map(details).collect()
}

const PASS: StateType = StateType::Pass;

fn entered<'e>(name: &'e str, input: &'e Value) -> Event<'e> {
    Event::StateEntered { kind: PASS, name, input }
}

fn exited<'e>(name: &'e str, output: &'e Value, is_input: bool) -> Event<'e> {
    Event::StateExited { kind: PASS, name, output, is_input, assigned: None }
}

#[test]
fn what_a_state_passes_on_is_kept_once() {
    let mut history = History::default();
    let value = json!({"a": [1.0, "é"]});
    for (id, name) in [(1, "P"), (3, "Q")] {
        note(&mut history, id, id - 1, entered(name, &value));
        note(&mut history, id + 1, id, exited(name, &value, true));
    }
    assert_eq!(history.texts, r#"{"a":[1.0,"é"]}PQ"#.as_bytes());
    let events = history.clone().into_events();
    let names = [1, 3].map(|index: usize| &events[index]["stateExitedEventDetails"]["name"]);
    assert_eq!(names, ["P", "Q"]);
    assert_eq!(payloads(history), vec![json!(r#"{"a":[1.0,"é"]}"#); 4]);
}

#[test]
fn an_output_of_its_own_is_kept() {
    let mut history = History::default();
    let (one, other) = (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}));
    note(&mut history, 1, 0, entered("P", &one));
    note(&mut history, 2, 1, exited("P", &other, false));
    assert_eq!(payloads(history), [r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#]);
}

#[test]
fn events_of_other_strands_between_do_not_lend_their_texts() {
    let mut history = History::default();
    let (one, other) = (json!(1), json!(2));
    note(&mut history, 5, 4, exited("P", &one, false));
    note(&mut history, 6, 3, entered("Q", &other));
    note(&mut history, 7, 2, exited("R", &one, true));
    assert_eq!(payloads(history), ["1", "2", "1"]);
}
