//! Whole machines with their input and task script: what must hold of every run.

use std::{collections::BTreeMap, fmt};

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_conformance::{
    case::{Store, Tasks},
    reference::Workers,
    script::Script,
};
use asl_engine::{
    history::History,
    json,
    machine::Machine,
    observe::{Observer, Unobserved},
    profile::Profile,
    run::{self, End, Options, Outcome},
    store::{MemoryStore, ObjectStore},
    trace::Trace,
};
use asl_generator::{Config, Scenario};
use serde_json::Value;

use crate::{
    PROFILES,
    data::{below, pick},
};

/// Transitions that a machine may take, children included: the generator bounds its loops well below.
const FUEL: u64 = 20_000;

/// Data that may be alive: some machines double theirs in a loop, and fail the sooner.
const LIVE_LIMIT: u64 = 10_000;

/// A scenario, and how it is run.
pub struct Input {
    pub(crate) scenario: Scenario,
    pub(crate) profile: Profile,
    seed: u64,
    question: Question,
}

/// What is asked of a run, beside coming to an end. One question an input: each takes about as long as the run.
#[derive(Clone, Copy)]
enum Question {
    /// Whether it ends like this whenever it is repeated.
    Repeats,
    /// Whether it ends like this when it is observed.
    Observed,
    /// Whether its history and trace are those of its outcome.
    Recorded,
    /// Whether the definition prints as what it is.
    Printed,
}

const QUESTIONS: [Question; 4] = [Question::Repeats, Question::Observed, Question::Recorded, Question::Printed];

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let profile = pick(u, &PROFILES);
        let (seed, question) = (below(u, 4) as u64, pick(u, &QUESTIONS));
        let drawn = Config::draw(u);
        // A fuzzer tries more small machines in the same time; large ones are what `asl-conformance fuzz` draws.
        let config = Config { states: drawn.states / 8, ..drawn };
        Ok(Self { profile, seed, question, scenario: asl_generator::Machine::draw(u, &config)? })
    }
}

/// The members of a case: its `definition` is what `exec` takes, `input`, `tasks`, `context` and `store` are its options.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.scenario.to_value())
    }
}

/// A drawn machine is valid; its run ends within its fuel and its script, gives the same whenever it is repeated and
/// however it is observed, and its history is that of its outcome.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let definition = &input.scenario.definition;
    // This validates as well.
    let machine = Machine::compile(definition, input.profile);
    let machine = machine.unwrap_or_else(|findings| panic!("a valid machine is refused: {findings:?}\n{input:?}"));
    match input.question {
        Question::Repeats => {
            let outcome = input.go(&machine, &mut Unobserved);
            assert_eq!(input.go(&machine, &mut Unobserved), outcome, "two runs differ\n{input:?}");
        }
        Question::Observed => {
            let outcome = input.go(&machine, &mut Unobserved);
            assert_eq!(input.record(&machine).0, outcome, "an observer changes the run\n{input:?}");
        }
        Question::Recorded => {
            let (outcome, trace, history) = input.record(&machine);
            assert!(outcome.transitions >= trace.visited.len() as u64, "fewer transitions than states\n{input:?}");
            is_history_of(&history.into_events(), &outcome, &input);
        }
        Question::Printed => {
            input.go(&machine, &mut Unobserved);
            let text = json::to_text(definition);
            let again = json::parse_value(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(json::equal(&again, definition), "prints as another document: {text}");
        }
    }
}

impl Input {
    fn options(&self) -> Options {
        let context = self.scenario.context.clone();
        Options { seed: self.seed, fuel: FUEL, live_limit: LIVE_LIMIT, context, ..Options::default() }
    }

    /// Runs the machine under all observers.
    fn record(&self, machine: &Machine) -> (Outcome, Trace, History) {
        let mut seen = (Trace::default(), History::starting_at(self.options().start()));
        let outcome = self.go(machine, &mut seen);
        let (trace, history) = seen;
        (outcome, trace, history)
    }

    /// Runs the machine, which comes to an end.
    fn go<O: Observer>(&self, machine: &Machine, observer: &mut O) -> Outcome {
        let tasks: Tasks = parts(Some(&Value::Object(self.scenario.tasks.clone())));
        let store: Store = parts(self.scenario.store.as_ref());
        let mut memory = MemoryStore::default();
        for (bucket, objects) in &store {
            memory.create_bucket(bucket);
            for (key, text) in objects {
                memory.put(bucket, key, text.clone().into_bytes()).expect("the bucket exists");
            }
        }
        let mut script = Script::new(&tasks);
        let mut workers = Workers::new(&mut script, Box::new(memory));
        let outcome = run::run(machine, self.scenario.input.clone(), &self.options(), &mut workers, observer);
        outcome.unwrap_or_else(|abort| panic!("the run comes to no end: {abort}\n{self:?}"))
    }
}

fn parts<T: serde::de::DeserializeOwned + Default>(value: Option<&Value>) -> T {
    let Some(value) = value else { return T::default() };
    T::deserialize(value).unwrap_or_else(|error| panic!("no member of a case: {error}: {value}"))
}

/// Ids are consecutive, each event has its cause before it, nothing is left more often than it is entered, and the last
/// event is the end of the run.
fn is_history_of(events: &[Value], outcome: &Outcome, input: &Input) {
    let mut open: BTreeMap<&str, i64> = BTreeMap::new();
    for (at, event) in (1..).zip(events) {
        assert_eq!(event["id"].as_u64(), Some(at), "{event} in the history of {input:?}");
        let previous = event["previousEventId"].as_u64();
        assert!(previous.is_some_and(|previous| previous < at), "{event} in the history of {input:?}");
        let kind = event["type"].as_str().unwrap_or_default();
        let (step, details) = if kind.ends_with("StateEntered") {
            (1, "stateEnteredEventDetails")
        } else if kind.ends_with("StateExited") {
            (-1, "stateExitedEventDetails")
        } else {
            continue;
        };
        let count = open.entry(event[details]["name"].as_str().unwrap_or_default()).or_default();
        *count += step;
        assert!(*count >= 0, "{event} leaves a state that was not entered: {input:?}");
    }
    let (first, last) = (events.first(), events.last());
    assert_eq!(first.map(|event| &event["type"]), Some(&"ExecutionStarted".into()), "{input:?}");
    let end = match &outcome.end {
        End::Succeeded(_) => "ExecutionSucceeded",
        End::Failed(_) => "ExecutionFailed",
        End::TimedOut(_) => "ExecutionTimedOut",
        End::Stopped(_) => "ExecutionAborted",
    };
    assert_eq!(last.map(|event| &event["type"]), Some(&end.into()), "{input:?}");
    if let End::Succeeded(output) = &outcome.end {
        let text = last.and_then(|event| event["executionSucceededEventDetails"]["output"].as_str());
        let shown = text.and_then(|text| json::parse_value(text).ok());
        assert!(shown.is_some_and(|shown| json::equal(&shown, output)), "the history has another output: {input:?}");
    }
}

/// The members of a case.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
