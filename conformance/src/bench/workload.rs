//! Machines and inputs whose size is a parameter.

use serde_json::{Map, Value, json};

use super::floor;

/// Does only the unavoidable work of a workload, on its input.
pub type Floor = Box<dyn Fn(Value) -> Value>;

/// A machine, an input, and how many transitions they make.
pub struct Workload {
    /// What it does, and how often.
    pub name: String,
    /// The machine.
    pub definition: Value,
    /// An object.
    pub input: Value,
    /// States entered, plus retries, of one run.
    pub transitions: u64,
    /// The loop to compare with, for workloads that have one.
    pub floor: Option<Floor>,
}

impl Workload {
    fn new(name: impl Into<String>, definition: Value, input: Value, transitions: u64) -> Self {
        Self { name: name.into(), definition, input, transitions, floor: None }
    }

    fn above(mut self, floor: impl Fn(Value) -> Value + 'static) -> Self {
        self.floor = Some(Box::new(floor));
        self
    }

    /// The machine with a Choice in front of it, which ends the execution at once on an input with the member `skip`.
    #[must_use]
    pub fn guarded(&self) -> Value {
        let mut machine = self.definition.clone();
        let start = machine.get("StartAt").cloned().unwrap_or_default();
        if let Some(states) = machine.get_mut("States").and_then(Value::as_object_mut) {
            let rule = json!({"Variable": "$.skip", "IsPresent": true, "Next": "Skipped"});
            states.insert("Begin".to_owned(), json!({"Type": "Choice", "Choices": [rule], "Default": start}));
            states.insert("Skipped".to_owned(), json!({"Type": "Succeed"}));
        }
        machine["StartAt"] = "Begin".into();
        machine
    }

    /// The input on which the [guarded](Self::guarded) machine ends at once.
    #[must_use]
    pub fn skipped(&self) -> Value {
        let mut input = self.input.clone();
        input["skip"] = true.into();
        input
    }
}

/// The workloads that every engine is asked to run. Nothing in them waits for time to pass, so that an engine whose
/// clock is real can take part.
#[must_use]
pub fn portable() -> Vec<Workload> {
    vec![
        pass_chain(100, 100),
        result_path(1, 100, 100),
        result_path(256, 100, 100),
        counter_loop(5_000),
        queried_counter_loop(500),
        tasks(100, 100),
        waits(0, 100, 100),
        parallel(2, 100),
        parallel(16, 100),
        parallel(40, 100),
        map(100),
        map(10_000),
        nested_map(100),
        mapped_expression(1_000),
        queried_map(1_000),
    ]
}

/// A machine that does nothing.
#[must_use]
pub fn empty() -> Value {
    json!({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
}

/// `length` Pass states in a row, walked `rounds` times.
#[must_use]
pub fn pass_chain(length: usize, rounds: u64) -> Workload {
    let name = format!("Pass chain of {length}{}", times(rounds));
    let times = i64::try_from(rounds).unwrap_or(i64::MAX);
    let machine = chain(&json!({"Type": "Pass"}), length, rounds);
    Workload::new(name, machine, counted(json!({"a": 1})), chain_transitions(length, rounds))
        .above(move |input| floor::pass_chain(length, times, input))
}

/// `length` Pass states that each put a result into a payload of `kilobytes`, walked `rounds` times.
#[must_use]
pub fn result_path(kilobytes: usize, length: usize, rounds: u64) -> Workload {
    let state = json!({"Type": "Pass", "Result": 1, "ResultPath": "$.result"});
    let input = counted(json!({"payload": payload(kilobytes * 1024)}));
    let name = format!("ResultPath into {kilobytes} KB");
    Workload::new(name, chain(&state, length, rounds), input, chain_transitions(length, rounds))
}

/// `length` Pass states that each copy a payload of `kilobytes`.
#[must_use]
pub fn copied(kilobytes: usize, length: usize) -> Workload {
    let state = json!({"Type": "Pass", "Parameters": {"payload.$": "$.payload"}});
    let input = json!({"payload": payload(kilobytes * 1024)});
    Workload::new(format!("copies of {kilobytes} KB"), chain(&state, length, 1), input, length as u64)
}

/// `length` Task states in a row that get their input back, walked `rounds` times.
#[must_use]
pub fn tasks(length: usize, rounds: u64) -> Workload {
    let state = json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:Echo"});
    let machine = chain(&state, length, rounds);
    Workload::new("Task chain", machine, counted(json!({"a": 1})), chain_transitions(length, rounds))
}

/// `length` Wait states of `seconds` in a row, walked `rounds` times.
#[must_use]
pub fn waits(seconds: u64, length: usize, rounds: u64) -> Workload {
    let machine = chain(&json!({"Type": "Wait", "Seconds": seconds}), length, rounds);
    let name = format!("Wait chain, {seconds} s each");
    Workload::new(name, machine, counted(json!({"a": 1})), chain_transitions(length, rounds))
}

/// A Task that fails and is retried `retries` times.
#[must_use]
pub fn retry_storm(retries: u64) -> Workload {
    let retrier = json!({"ErrorEquals": ["Busy"], "IntervalSeconds": 1, "MaxAttempts": retries, "BackoffRate": 1.0});
    let state = json!({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:Fail",
        "Retry": [retrier], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}], "End": true});
    let machine = json!({"StartAt": "Try", "States": {"Try": state, "Done": {"Type": "Succeed"}}});
    Workload::new(format!("Retry storm of {retries}"), machine, json!({"a": 1}), retries + 2)
}

/// A Parallel state with `branches` of one Pass each, entered `rounds` times.
#[must_use]
pub fn parallel(branches: usize, rounds: u64) -> Workload {
    let branch = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let branches: Vec<Value> = (0..branches)
        .map(|index| {
            let mut branch = branch.clone();
            let state = branch["States"]["P"].take();
            branch["States"] = Value::Object(Map::from_iter([(format!("P{index}"), state)]));
            branch["StartAt"] = format!("P{index}").into();
            branch
        })
        .collect();
    let name = format!("Parallel with {} branches", branches.len());
    let transitions = (branches.len() as u64 + 3) * rounds + 1;
    let state = json!({"Type": "Parallel", "Branches": branches, "ResultPath": null});
    Workload::new(name, chain(&state, 1, rounds), counted(json!({"a": 1})), transitions)
}

/// A Map over `items` with one Pass each.
#[must_use]
pub fn map(items: u64) -> Workload {
    let machine = map_of(json!({"Type": "Pass", "End": true}));
    let input = json!({"items": (0..items).collect::<Value>()});
    Workload::new(format!("Map of {items}"), machine, input, items + 1).above(floor::map)
}

/// A Map over `side` arrays, with a Map over the `side` items of each.
#[must_use]
pub fn nested_map(side: u64) -> Workload {
    let pass = json!({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}});
    let machine = map_of(json!({"Type": "Map", "ItemProcessor": pass, "End": true}));
    let rows: Value = (0..side).map(|_| (0..side).collect::<Value>()).collect();
    Workload::new(format!("nested Map of {side} by {side}"), machine, json!({"items": rows}), (side + 1) * side + 1)
}

/// A Map over `items` that evaluates an intrinsic function for each.
#[must_use]
pub fn mapped_expression(items: u64) -> Workload {
    let state = json!({"Type": "Pass", "Parameters": {"sum.$": "States.MathAdd($.a, 1)"}, "End": true});
    Workload::new(format!("Map of {items} with an intrinsic each"), map_of(state), objects(items), items + 1)
}

/// The JSONata twin of [`mapped_expression`].
#[must_use]
pub fn queried_map(items: u64) -> Workload {
    let state = json!({"Type": "Pass", "QueryLanguage": "JSONata",
        "Output": {"sum": "{% $states.input.a + 1 %}"}, "End": true});
    let name = format!("Map of {items} with a JSONata expression each");
    Workload::new(name, map_of(state), objects(items), items + 1)
}

/// A loop that counts to `end` with `States.MathAdd`: two transitions a round.
#[must_use]
pub fn counter_loop(end: u64) -> Workload {
    let machine = json!({"StartAt": "Count", "States": {
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"},
        "More": {"Type": "Choice", "Default": "Done",
            "Choices": [{"Variable": "$.n", "NumericLessThan": end, "Next": "Count"}]},
        "Done": {"Type": "Succeed"}}});
    let times = i64::try_from(end).unwrap_or(i64::MAX);
    Workload::new(format!("counter loop to {end}"), machine, json!({"n": 0}), 2 * end + 1)
        .above(move |input| floor::counter_loop(times, input))
}

/// The JSONata twin of [`counter_loop`].
#[must_use]
pub fn queried_counter_loop(end: u64) -> Workload {
    let machine = json!({"StartAt": "Count", "States": {
        "Count": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": {"n": "{% $states.input.n + 1 %}"},
            "Next": "More"},
        "More": {"Type": "Choice", "QueryLanguage": "JSONata", "Default": "Done",
            "Choices": [{"Condition": format!("{{% $states.input.n < {end} %}}"), "Next": "Count"}]},
        "Done": {"Type": "Succeed"}}});
    Workload::new(format!("JSONata counter loop to {end}"), machine, json!({"n": 0}), 2 * end + 1)
}

/// An object whose JSON text has about `bytes` bytes: records of 64 bytes.
#[must_use]
pub fn payload(bytes: usize) -> Value {
    let record = |index: usize| json!({"id": 100_000 + index, "name": "a name of some length", "price": 9.5});
    json!({"records": (0..bytes / 60).map(record).collect::<Vec<_>>()})
}

/// A Map over `$.items` with one state each.
fn map_of(state: Value) -> Value {
    let processor = json!({"StartAt": "S", "States": {"S": state}});
    json!({"StartAt": "M", "States": {
        "M": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": processor, "End": true}}})
}

fn objects(items: u64) -> Value {
    json!({"items": (0..items).map(|index| json!({"a": index})).collect::<Vec<_>>()})
}

/// `length` copies of a state in a row; with more than one round, a loop around them that counts in `$.c.n`.
fn chain(state: &Value, length: usize, rounds: u64) -> Value {
    let mut states = Map::new();
    for index in 0..length {
        let mut state = state.clone();
        if index + 1 < length {
            state["Next"] = format!("S{}", index + 1).into();
        } else if rounds > 1 {
            state["Next"] = "Count".into();
        } else {
            state["End"] = true.into();
        }
        states.insert(format!("S{index}"), state);
    }
    if rounds > 1 {
        let count = json!({"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.c.n, 1)"}, "ResultPath": "$.c",
            "Next": "More"});
        let rule = json!({"Variable": "$.c.n", "NumericLessThan": rounds, "Next": "S0"});
        states.insert("Count".to_owned(), count);
        states.insert("More".to_owned(), json!({"Type": "Choice", "Choices": [rule], "Default": "Done"}));
        states.insert("Done".to_owned(), json!({"Type": "Succeed"}));
    }
    json!({"StartAt": "S0", "States": states})
}

fn chain_transitions(length: usize, rounds: u64) -> u64 {
    let length = length as u64;
    if rounds > 1 { (length + 2) * rounds + 1 } else { length }
}

/// The input with the counter of the loop around a chain.
fn counted(mut input: Value) -> Value {
    input["c"] = json!({"n": 0});
    input
}

fn times(rounds: u64) -> String {
    if rounds > 1 { format!(", {rounds} times") } else { String::new() }
}
