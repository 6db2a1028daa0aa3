use rstest::rstest;
use serde_json::{Value, json};

use super::{Attempt, Script, ScriptError, TaskAnswer, TaskCall, TaskResult, TaskScript, tasks_to_json};
use crate::case::Tasks;

fn tasks(value: Value) -> Tasks {
    serde_json::from_value(value).expect("a script")
}

fn call(script: &mut Script<'_>, input: Value) -> Result<TaskResult, ScriptError> {
    let call = TaskCall { state: "T".to_owned(), resource: "arn:x".to_owned(), input };
    script.answer(&call).map(|answer| answer.result)
}

fn output(output: Value) -> Result<TaskResult, ScriptError> {
    Ok(TaskResult::Output { output })
}

#[test]
fn attempts_are_used_in_order_and_running_past_them_is_an_error() {
    let tasks = tasks(json!({"T": [{"error": "E"}, {"output": null}, {"timeout": true}]}));
    let mut script = Script::new(&tasks);
    assert_eq!(call(&mut script, json!(1)), Ok(TaskResult::Error { error: Some("E".to_owned()), cause: None }));
    assert_eq!(call(&mut script, json!(2)), output(Value::Null));
    assert_eq!(call(&mut script, json!(3)), Ok(TaskResult::Timeout));
    assert_eq!(script.fault(), None);
    let dry = ScriptError::RunDry { state: "T".to_owned(), call: 4, input: "4".to_owned() };
    assert_eq!(call(&mut script, json!(4)), Err(dry.clone()));
    assert_eq!(script.fault(), Some(&dry));
    assert_eq!(script.inputs()["T"], [json!(1), json!(2), json!(3), json!(4)]);
}

#[test]
fn an_attempt_answers_as_often_as_it_says() {
    let tasks = tasks(json!({"T": [{"output": 1, "times": 2}, {"echo": true, "times": "always"}]}));
    let mut script = Script::new(&tasks);
    let answers: Vec<_> = (10..15).map(|input| call(&mut script, json!(input))).collect();
    assert_eq!(answers, [1, 1, 12, 13, 14].map(|value| output(json!(value))));
}

#[test]
fn an_attempt_with_an_input_waits_for_its_call() {
    let tasks =
        tasks(json!({"T": [{"output": "one", "input": 1}, {"output": "null", "input": null}, {"output": "any"}]}));
    let mut script = Script::new(&tasks);
    assert_eq!(call(&mut script, json!(null)), output(json!("null")));
    assert_eq!(call(&mut script, json!(2)), output(json!("any")));
    assert_eq!(call(&mut script, json!(1.0)), output(json!("one")));
    assert!(matches!(call(&mut script, json!(1)), Err(ScriptError::RunDry { call: 4, .. })));
}

#[test]
fn a_state_without_a_script_has_no_answer() {
    let tasks = tasks(json!({"U": [{"echo": true}]}));
    let mut script = Script::new(&tasks);
    assert_eq!(call(&mut script, json!(1)), Err(ScriptError::NotScripted("T".to_owned())));
}

#[rstest]
#[case::nothing(json!({}))]
#[case::two_answers(json!({"output": 1, "error": "E"}))]
#[case::zero_times(json!({"output": 1, "times": 0}))]
#[case::another_word(json!({"output": 1, "times": "often"}))]
#[case::an_unknown_field(json!({"output": 1, "delay": 1}))]
#[case::negative_time(json!({"output": 1, "seconds": -1}))]
#[case::echo_that_is_none(json!({"echo": false}))]
fn a_senseless_attempt_is_refused(#[case] attempt: Value) {
    assert!(serde_json::from_value::<Attempt>(attempt).is_err());
}

#[test]
fn a_script_is_written_as_it_is_read() {
    let text = json!({"T": [
        {"output": null, "seconds": 1.5, "heartbeats": [0.5, 1.0], "input": {"a": 1}, "times": 3},
        {"echo": true, "times": "always"}, {"timeout": true}, {"error": null, "cause": null}, {"error": "E", "cause": "c"}
    ]});
    assert_eq!(tasks_to_json(&tasks(text.clone())), text);
}

#[rstest]
#[case(TaskResult::Output { output: json!(null) }, json!({"result": "output", "output": null, "seconds": 0.0}))]
#[case(
    TaskResult::Error { error: Some("E".to_owned()), cause: None },
    json!({"result": "error", "error": "E", "cause": null, "seconds": 0.0})
)]
#[case(TaskResult::Timeout, json!({"result": "timeout", "seconds": 0.0}))]
fn an_answer_has_one_form_on_the_wire(#[case] result: TaskResult, #[case] message: Value) {
    let answer = TaskAnswer { result, seconds: 0.0, heartbeats: Vec::new() };
    assert_eq!(serde_json::to_value(&answer).expect("JSON"), message);
    assert_eq!(serde_json::from_value::<TaskAnswer>(message).expect("an answer"), answer);
}
