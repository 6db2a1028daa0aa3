//! What the benches share: settings of criterion's groups and documents of a given size.
//!
//! The workloads themselves belong to `asl-conformance`, whose command `bench` runs them on any engine.

pub use asl_conformance::bench::{floor, workload};

use asl_engine::{
    failure::StateError,
    machine::Machine,
    meter::Meter,
    observe::Observer,
    profile::Profile,
    run::{self, Options, Outcome},
    task::{TaskCall, TaskHandler, TaskReply},
};
use serde_json::{Map, Value, json};

/// A machine with a bit of everything, whose JSON text has about `bytes` bytes: a chain of groups of six states.
#[must_use]
pub fn document(bytes: usize) -> Value {
    let group = |first: usize| {
        let name = |offset: usize| format!("State{}", first + offset);
        let task = json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:F",
            "Parameters": {"order.$": "$.order.id", "sum.$": "States.MathAdd($.n, 1)", "fixed": [1, 2, 3]},
            "ResultPath": "$.result", "Next": name(1),
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": name(5), "ResultPath": "$.error"}]});
        let rule = json!({"And": [{"Variable": "$.n", "NumericLessThan": 10},
            {"Variable": "$.order.kind", "StringEquals": "gift"}], "Next": name(2)});
        let branch = |name: String| json!({"StartAt": name, "States": {name.clone(): {"Type": "Pass", "End": true}}});
        [
            (name(0), task),
            (name(1), json!({"Type": "Choice", "Choices": [rule], "Default": name(3)})),
            (name(2), json!({"Type": "Wait", "SecondsPath": "$.delay", "Next": name(3)})),
            (
                name(3),
                json!({"Type": "Parallel", "Branches": [branch(name(0) + "a"), branch(name(0) + "b")],
                "ResultPath": null, "Next": name(4)}),
            ),
            (
                name(4),
                json!({"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 4, "Next": name(5),
                "ItemProcessor": branch(name(0) + "c"), "ResultPath": "$.mapped"}),
            ),
            (name(5), json!({"Type": "Pass", "OutputPath": "$.order", "Next": name(6)})),
        ]
    };
    let one: usize = group(100_000).iter().map(|(name, state)| name.len() + state.to_string().len() + 4).sum();
    let groups = (bytes / one).max(1);
    let mut states: Map<_, _> = (0..groups).flat_map(|index| group(index * 6)).collect();
    states.insert(format!("State{}", groups * 6), json!({"Type": "Succeed"}));
    json!({"StartAt": "State0", "States": states})
}

/// A document for Paths, whose JSON text has about `bytes` bytes: records of 60 bytes, every tenth of them cheap.
#[must_use]
pub fn records(bytes: usize) -> Value {
    let item = |index: usize| {
        let price = if index.is_multiple_of(10) { 9 } else { 12 + index };
        json!({"name": format!("item number {index:06}"), "price": price, "tags": ["x", "y"]})
    };
    json!({"a": {"b": {"c": 1}}, "items": (0..bytes / 60).map(item).collect::<Vec<_>>()})
}

/// A compiled machine.
///
/// # Panics
/// When the definition is invalid.
#[must_use]
pub fn compiled(definition: &Value) -> Machine {
    match Machine::compile(definition, Profile::Aws) {
        Ok(machine) => machine,
        Err(findings) => panic!("an invalid workload: {findings:?}"),
    }
}

/// A meter that never runs out.
#[must_use]
pub fn meter() -> Meter {
    Meter::new(u64::MAX, u64::MAX / 4)
}

/// Answers its input at once; a resource that ends in `Fail` fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trivial;

impl TaskHandler for Trivial {
    fn call(&mut self, call: TaskCall<'_>) -> Result<TaskReply, String> {
        Ok(if call.resource.ends_with("Fail") {
            TaskReply::error(StateError::new("Busy", "always"))
        } else {
            TaskReply::output(call.input)
        })
    }
}

/// Runs a machine to its end, whatever that takes.
///
/// # Panics
/// When the run is abandoned.
pub fn execute<O: Observer>(machine: &Machine, input: Value, observer: &mut O) -> Outcome {
    let options = Options { fuel: u64::MAX, live_limit: u64::MAX / 4, ..Options::default() };
    match run::run(machine, input, &options, &mut Trivial, observer) {
        Ok(outcome) => outcome,
        Err(abort) => panic!("an abandoned workload: {abort}"),
    }
}
