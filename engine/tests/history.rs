//! Execution histories of a score of machines, one event a line, as the service would write them.

use std::fmt::Write as _;

use asl_engine::{
    failure::StateError,
    history::History,
    machine::Machine,
    profile::Profile,
    run::{self, Options},
    task::{TaskCall, TaskHandler, TaskReply},
    time::Span,
};
use rstest::{Context, rstest};
use serde_json::{Value, json};

/// Answers by the name of the state.
struct Workers;

impl TaskHandler for Workers {
    fn call(&mut self, call: TaskCall<'_>) -> Result<TaskReply, String> {
        let after = |seconds, result| TaskReply { result, after: Span::seconds(seconds), heartbeats: Vec::new() };
        Ok(match call.state {
            "Works" | "Waits for token" | "Syncs" => after(2, Some(Ok(json!({"done": true})))),
            "Is slow" => after(30, Some(Ok(json!(1)))),
            "Is silent" => after(0, None),
            "Fails" => {
                after(1, Some(Err(StateError { error: Some("Bank.Busy".into()), cause: Some("try later".into()) })))
            }
            other => return Err(format!("no worker for {other}")),
        })
    }
}

fn history(definition: &Value, input: Value) -> String {
    let machine = Machine::compile(definition, Profile::Aws).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    let mut history = History::starting_at(1_735_689_600);
    run::run(&machine, input, &Options::default(), &mut Workers, &mut history).expect("it ends");
    let mut text = String::new();
    for event in history.into_events() {
        let member = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let details = event.as_object().and_then(|event| event.iter().find(|(name, _)| name.ends_with("EventDetails")));
        let time = member("timestamp").trim_start_matches("2025-01-01T00:").to_owned();
        let _ = write!(text, "{:>3} <-{:>3}  {time:<10} {}", event["id"], event["previousEventId"], member("type"));
        if let Some((_, details)) = details {
            let _ = write!(text, "  {details}");
        }
        text.push('\n');
    }
    text
}

const LAMBDA: &str = "arn:aws:lambda:us-east-1:123456789012:function:F";
const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:A";
const SERVICE: &str = "arn:aws:states:::sns:publish";

fn one(name: &str, mut state: Value) -> Value {
    state["End"] = json!(true);
    json!({"StartAt": name, "States": {name: state}})
}

fn task(name: &str, resource: &str) -> Value {
    one(name, json!({"Type": "Task", "Resource": resource}))
}

fn parallel(branches: &[Value]) -> Value {
    one("Both", json!({"Type": "Parallel", "Branches": branches}))
}

fn map(processor: &Value, distributed: bool) -> Value {
    let mut processor = processor.clone();
    if distributed {
        processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    }
    one("Each", json!({"Type": "Map", "ItemProcessor": processor}))
}

#[rstest]
#[case::pass_with_variables(one("A", json!({"Type": "Pass", "Result": 1, "Assign": {"x.$": "$"}})), json!({}))]
#[case::choice(json!({"StartAt": "C", "States": {
    "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericEquals": 1, "Next": "S"}]},
    "S": {"Type": "Succeed"}}}), json!({"n": 1}))]
#[case::wait(one("W", json!({"Type": "Wait", "Seconds": 10})), json!({}))]
#[case::fail(json!({"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E", "Cause": "c"}}}), json!({}))]
#[case::lambda_task(task("Works", LAMBDA), json!({"a": 1}))]
#[case::activity_task(task("Works", ACTIVITY), json!({"a": 1}))]
#[case::service_task(task("Works", SERVICE), json!({"a": 1}))]
#[case::callback_task(task("Waits for token", "arn:aws:states:::sqs:sendMessage.waitForTaskToken"), json!({}))]
#[case::sync_task(task("Syncs", "arn:aws:states:::batch:submitJob.sync"), json!({}))]
#[case::retried_and_caught(json!({"StartAt": "Fails", "States": {
    "Fails": {"Type": "Task", "Resource": LAMBDA, "End": true,
        "Retry": [{"ErrorEquals": ["Bank.Busy"], "MaxAttempts": 1}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "R"}]},
    "R": {"Type": "Succeed"}}}), json!({}))]
#[case::timed_out(one("Is silent", json!({"Type": "Task", "Resource": SERVICE, "TimeoutSeconds": 5})), json!({}))]
#[case::machine_timed_out({
    let mut machine = one("W", json!({"Type": "Wait", "Seconds": 10}));
    machine["TimeoutSeconds"] = json!(3);
    machine
}, json!({}))]
#[case::parallel(parallel(&[one("A", json!({"Type": "Pass"})), one("B", json!({"Type": "Wait", "Seconds": 1}))]), json!({}))]
#[case::parallel_with_aborted_sibling(parallel(&[task("Fails", LAMBDA), task("Is slow", LAMBDA)]), json!({}))]
#[case::runtime_error_in_a_branch(
    parallel(&[one("A", json!({"Type": "Pass", "InputPath": "$.nope"})), one("B", json!({"Type": "Wait", "Seconds": 1}))]),
    json!({}))]
#[case::map(map(&one("A", json!({"Type": "Pass"})), false), json!([1, 2]))]
#[case::map_of_nothing(map(&one("A", json!({"Type": "Pass"})), false), json!([]))]
#[case::map_with_failing_item(map(&task("Fails", LAMBDA), false), json!([1, 2]))]
#[case::jsonata_failure({
    let mut machine = one("A", json!({"Type": "Pass", "Output": {"v": "{% $states.input.nope %}"}}));
    machine["QueryLanguage"] = json!("JSONata");
    machine
}, json!({}))]
fn history_reads_like_that_of_the_service(
    #[context] context: Context,
    #[case] definition: Value,
    #[case] input: Value,
) {
    let name = context.description.expect("each case has a name");
    insta::assert_snapshot!(name, history(&definition, input));
}

#[test]
fn a_distributed_map_shows_its_run_and_not_its_children() {
    let text = history(&map(&one("A", json!({"Type": "Pass"})), true), json!([1, 2]));
    let run = text.find("mapRun:Machine/Each:").expect("the ARN of the Map Run");
    // What follows the label is random.
    let end = text[run..].find('"').map(|length| run + length).expect("the end of the ARN");
    insta::assert_snapshot!("distributed_map", format!("{}mapRun:Machine/Each:...{}", &text[..run], &text[end..]));
}
