use serde_json::{Value, json};

use super::History;
use crate::{
    failure::StateError,
    machine::StateType,
    observe::{Event, Observer, Origin, Stamp},
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
    let origin = if is_input { Origin::Input } else { Origin::Made };
    Event::StateExited { kind: PASS, name, output, origin, assigned: None }
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

#[test]
fn a_task_that_passes_on_what_it_gets_is_kept_in_two_texts() {
    let mut history = History::default();
    let (input, answer, resource) = (json!({"a": 1}), json!([2]), "arn:aws:lambda:us-east-1:123456789012:function:F");
    let error = StateError::new("E", "why");
    let (kind, name, origin) = (StateType::Task, "T", Origin::Input);
    let scheduled =
        Event::TaskScheduled { state: name, resource, input: &input, origin, timeout: None, heartbeat: None };
    let events = [
        Event::StateEntered { kind, name, input: &input },
        scheduled,
        Event::TaskStarted { resource },
        Event::TaskFailed { resource, error: &error },
        Event::TaskSucceeded { resource, output: &answer },
        Event::StateExited { kind, name, output: &answer, origin: Origin::Result, assigned: None },
    ];
    for (id, event) in (1..).zip(events) {
        note(&mut history, id, id - 1, event);
    }
    assert_eq!(history.texts, format!("{{\"a\":1}}T{resource}Ewhy{resource}[2]T").as_bytes());
    let events = history.into_events();
    let details = |index: usize, name: &str, field: &str| events[index][name][field].clone();
    assert_eq!(details(1, "lambdaFunctionScheduledEventDetails", "input"), r#"{"a":1}"#);
    assert_eq!(events[2]["type"], "LambdaFunctionStarted");
    assert_eq!(events[3]["lambdaFunctionFailedEventDetails"], json!({"error": "E", "cause": "why"}));
    assert_eq!(details(4, "lambdaFunctionSucceededEventDetails", "output"), "[2]");
    assert_eq!(details(5, "stateExitedEventDetails", "output"), "[2]");
}
