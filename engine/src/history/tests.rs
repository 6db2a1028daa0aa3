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

#[test]
fn what_a_state_passes_on_is_kept_once() {
    let mut history = History::default();
    let value = json!({"a": [1.0, "é"]});
    for id in [1, 3] {
        note(&mut history, id, id - 1, Event::StateEntered { kind: PASS, name: "P", input: &value });
        note(&mut history, id + 1, id, Event::StateExited { kind: PASS, name: "P", output: &value, assigned: None });
    }
    assert_eq!(history.texts.len(), "PPPP".len() + r#"{"a":[1.0,"é"]}"#.len());
    assert_eq!(payloads(history), vec![json!(r#"{"a":[1.0,"é"]}"#); 4]);
}

#[test]
fn members_in_another_order_are_another_text() {
    let mut history = History::default();
    let (one, other) = (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}));
    note(&mut history, 1, 0, Event::StateEntered { kind: PASS, name: "P", input: &one });
    note(&mut history, 2, 1, Event::StateExited { kind: PASS, name: "P", output: &other, assigned: None });
    assert_eq!(payloads(history), [r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#]);
}

#[test]
fn an_input_that_does_not_come_from_the_last_event_is_its_own() {
    let mut history = History::default();
    let (one, other) = (json!(1), json!(2));
    note(&mut history, 5, 4, Event::StateExited { kind: PASS, name: "P", output: &one, assigned: None });
    note(&mut history, 6, 3, Event::StateEntered { kind: PASS, name: "Q", input: &other });
    assert_eq!(payloads(history), ["1", "2"]);
}
