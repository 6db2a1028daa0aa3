//! Runs of small machines, seen from outside.

use asl_engine::{
    failure::StateError,
    machine::Machine,
    profile::Profile,
    quotas::{Quotas, TransitionRate},
    run::{self, Abort, End, Options, Outcome, Stop},
    task::{NoTasks, TaskCall, TaskHandler, TaskReply},
    time::Span,
    trace::Trace,
};
use rstest::rstest;
use serde_json::{Value, json};

fn machine(definition: &Value) -> Machine {
    Machine::compile(definition, Profile::Aws).unwrap_or_else(|findings| {
        panic!("{}", findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })
}

fn run(definition: &Value, input: Value) -> (Outcome, Trace) {
    run_with(definition, input, &mut NoTasks)
}

fn run_with(definition: &Value, input: Value, tasks: &mut impl TaskHandler) -> (Outcome, Trace) {
    let mut trace = Trace::default();
    let outcome = run::run(&machine(definition), input, &Options::default(), tasks, &mut trace).expect("it ends");
    (outcome, trace)
}

/// Fails with the given names in turn, then succeeds.
struct Failing(Vec<&'static str>);

impl TaskHandler for Failing {
    fn call(&mut self, call: TaskCall<'_>) -> Result<TaskReply, String> {
        if self.0.is_empty() {
            return Ok(TaskReply::output(call.input));
        }
        Ok(TaskReply::error(StateError::new(self.0.remove(0), "as told")))
    }
}

#[test]
fn parallel_branches_take_as_long_as_the_longest() {
    let wait = |name: &str, seconds: u64| json!({"StartAt": name, "States": {name: {"Type": "Wait", "Seconds": seconds, "End": true}}});
    let definition = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Branches": [wait("A", 20), wait("B", 10)], "End": true}}});
    let (outcome, trace) = run(&definition, json!(1));
    assert_eq!(outcome.end, End::Succeeded(json!([1, 1])));
    assert_eq!(outcome.elapsed, Span::seconds(20));
    assert_eq!(trace.visited, ["P", "A", "B"]);
}

#[test]
fn retriers_count_for_themselves_and_yield_to_catch() {
    let definition = json!({"StartAt": "X", "States": {
        "X": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:F",
            "Retry": [
                {"ErrorEquals": ["ErrorA", "ErrorB"], "IntervalSeconds": 1, "BackoffRate": 2, "MaxAttempts": 2},
                {"ErrorEquals": ["ErrorC"], "IntervalSeconds": 5}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Z"}], "End": true},
        "Z": {"Type": "Pass", "End": true}}});
    let (outcome, trace) = run_with(&definition, json!({}), &mut Failing(vec!["ErrorA", "ErrorB", "ErrorC", "ErrorB"]));
    assert_eq!(outcome.end, End::Succeeded(json!({"Error": "ErrorB", "Cause": "as told"})));
    assert_eq!(trace.waits, [1, 2, 5].map(Span::seconds));
    assert_eq!(trace.visited, ["X", "Z"]);
}

#[rstest]
#[case(0, 10)]
#[case(1, 30)]
#[case(2, 20)]
fn map_concurrency_bounds_how_many_iterations_run(#[case] limit: u64, #[case] seconds: u64) {
    let definition = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": limit, "End": true,
        "ItemProcessor": {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}}}}});
    let (outcome, _) = run(&definition, json!([1, 2, 3]));
    assert_eq!(outcome.end, End::Succeeded(json!([1, 2, 3])));
    assert_eq!(outcome.elapsed, Span::seconds(seconds));
}

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "E"}], "Default": "A"},
        "E": {"Type": "Succeed"}}});
    let options = Options { fuel: 1000, ..Options::default() };
    let ended = run::run(&machine(&definition), json!({}), &options, &mut NoTasks, &mut Trace::default());
    assert!(matches!(ended, Err(Abort::OutOfFuel { .. })), "{ended:?}");
}

#[rstest]
#[case::nesting(json!({"v.$": "$"}))]
#[case::doubling(json!({"v.$": "$", "w.$": "$"}))]
#[case::doubled_text(json!({"v.$": "States.Format('{}{}', $.v, $.v)"}))]
fn a_loop_that_grows_its_data_ends_within_bounds(#[case] parameters: Value) {
    let definition = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Parameters": parameters, "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.nope", "IsPresent": true, "Next": "E"}], "Default": "A"},
        "E": {"Type": "Succeed"}}});
    let options = Options { fuel: 100_000, live_limit: 100_000, ..Options::default() };
    let ended =
        run::run(&machine(&definition), json!({"v": "0123456789"}), &options, &mut NoTasks, &mut Trace::default());
    let Ok(Outcome { end: End::Failed(error), .. }) = ended else { panic!("{ended:?}") };
    assert_eq!(error.error.as_deref(), Some("States.DataLimitExceeded"));
}

#[test]
fn a_parallel_loop_cannot_nest_its_output_without_bound() {
    let definition = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}], "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.nope", "IsPresent": true, "Next": "E"}], "Default": "P"},
        "E": {"Type": "Succeed"}}});
    let (outcome, _) = run(&definition, json!(0));
    let End::Failed(error) = outcome.end else { panic!("{:?}", outcome.end) };
    assert_eq!(error.error.as_deref(), Some("States.DataLimitExceeded"));
}

fn run_under(definition: &Value, options: &Options) -> Outcome {
    run::run(&machine(definition), json!({}), options, &mut NoTasks, &mut Trace::default()).expect("it ends")
}

fn stop(seconds: u64) -> Option<Stop> {
    Some(Stop { at: Span::seconds(seconds), error: StateError::new("Halt", "enough") })
}

#[test]
fn an_execution_can_be_stopped_before_its_end_and_not_after_it() {
    let definition = json!({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}});
    let stopped_at = |seconds| run_under(&definition, &Options { stop: stop(seconds), ..Options::default() });
    let stopped = stopped_at(9);
    assert_eq!(stopped.end, End::Stopped(StateError::new("Halt", "enough")));
    assert_eq!(stopped.elapsed, Span::seconds(9));
    assert_eq!(stopped_at(11).end, End::Succeeded(json!({})));
}

#[test]
fn a_timeout_comes_before_a_later_stop() {
    let definition =
        json!({"TimeoutSeconds": 5, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}});
    let outcome = run_under(&definition, &Options { stop: stop(6), ..Options::default() });
    assert!(matches!(outcome.end, End::TimedOut(_)), "{outcome:?}");
    assert_eq!(outcome.elapsed, Span::seconds(5));
}

#[test]
fn a_retry_takes_a_token_like_a_state_that_is_entered() {
    // Tokens: P and F at once; then the bucket of one a second pays for the retry, after its own second, and for F.
    let definition = json!({"StartAt": "P", "States": {"P": {
        "Type": "Parallel",
        "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}],
        "Retry": [{"ErrorEquals": ["E"], "IntervalSeconds": 1, "MaxAttempts": 1}],
        "End": true}}});
    let rate = Some(TransitionRate { bucket: 2, per_second: 1 });
    let quotas = Some(Quotas { transitions: rate, ..Quotas::standard() });
    let outcome = run_under(&definition, &Options { quotas, ..Options::default() });
    assert_eq!((outcome.transitions, outcome.elapsed), (4, Span::seconds(2)));
}

#[test]
fn strands_get_their_tokens_in_turn() {
    let branch = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Pass", "End": true}}});
    let definition = json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Branches": [branch("A"), branch("B"), branch("C")], "End": true}}});
    let rate = Some(TransitionRate { bucket: 1, per_second: 1 });
    let quotas = Some(Quotas { transitions: rate, ..Quotas::standard() });
    assert_eq!(run_under(&definition, &Options { quotas, ..Options::default() }).elapsed, Span::seconds(3));
    let outcome = run_under(&definition, &Options { quotas: Some(Quotas::express()), ..Options::default() });
    assert_eq!(outcome.elapsed, Span::ZERO);
}
