//! Runs of scenarios on the reference interpreter: a task handler from the script, and a watcher of everything that a
//! run reaches.
#![allow(dead_code, reason = "each test uses a part")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use arbitrary::Unstructured;
use asl_engine::{
    failure::StateError,
    machine::Machine as Compiled,
    observe::{Event, Observer, Stamp},
    profile::Profile,
    quotas::Quotas,
    run::{self, Abort, Options, Outcome},
    store::{MemoryStore, ObjectStore},
    task::{TaskCall, TaskHandler, TaskReply},
    time::Span,
};
use asl_generator::{Config, Machine, Scenario, seeded_bytes};
use serde_json::Value;

/// Bytes that one machine is drawn from.
pub const BYTES: usize = 8192;

/// The scenario of a seed.
pub fn scenario(seed: u64, adjust: impl Fn(&mut Config)) -> (Config, Scenario) {
    let bytes = seeded_bytes(seed, BYTES);
    let mut u = Unstructured::new(&bytes);
    let mut config = Config::draw(&mut u);
    adjust(&mut config);
    let scenario = Machine::draw(&mut u, &config).expect("drawing never fails");
    (config, scenario)
}

/// Answers calls as the script of a scenario says.
pub struct Script<'s> {
    attempts: HashMap<&'s str, &'s [Value]>,
    /// By state: the attempt in use, and the calls it has answered.
    places: HashMap<&'s str, (usize, u64)>,
    store: MemoryStore,
}

impl<'s> Script<'s> {
    pub fn new(scenario: &'s Scenario) -> Self {
        let attempts = |value: &'s Value| value.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut store = MemoryStore::default();
        for (bucket, objects) in scenario.store.iter().filter_map(Value::as_object).flatten() {
            store.create_bucket(bucket);
            for (key, text) in objects.as_object().into_iter().flatten() {
                let text = text.as_str().expect("objects are texts").as_bytes().to_vec();
                store.put(bucket, key, text).expect("the bucket is there");
            }
        }
        Self {
            attempts: scenario.tasks.iter().map(|(state, script)| (&**state, attempts(script))).collect(),
            places: HashMap::new(),
            store,
        }
    }

    fn next(&mut self, state: &str) -> Option<&'s Value> {
        let (state, attempts) = self.attempts.get_key_value(state)?;
        let (at, used) = self.places.entry(state).or_default();
        loop {
            let attempt = attempts.get(*at)?;
            let times = match attempt.get("times") {
                None => 1,
                Some(times) => times.as_u64().unwrap_or(u64::MAX),
            };
            if *used < times {
                *used += 1;
                return Some(attempt);
            }
            (*at, *used) = (*at + 1, 0);
        }
    }
}

impl TaskHandler for Script<'_> {
    fn call(&mut self, call: TaskCall<'_>) -> Result<TaskReply, String> {
        let attempt = self.next(call.state).ok_or_else(|| format!("the script of {:?} is used up", call.state))?;
        let text = |member: &str| attempt[member].as_str().map(str::to_owned);
        let result = if attempt.get("timeout").is_some() {
            None
        } else if attempt.get("error").is_some() {
            Some(Err(StateError { error: text("error").map(Into::into), cause: text("cause") }))
        } else if attempt.get("echo").is_some() {
            Some(Ok(call.input))
        } else {
            Some(Ok(attempt["output"].clone()))
        };
        let seconds = |value: &Value| Span::seconds(value.as_u64().unwrap_or(0));
        Ok(TaskReply {
            result,
            after: seconds(&attempt["seconds"]),
            heartbeats: attempt["heartbeats"].as_array().into_iter().flatten().map(seconds).collect(),
        })
    }

    fn store(&mut self) -> Option<&mut dyn ObjectStore> {
        Some(&mut self.store)
    }
}

/// Everything that a run is seen to reach.
#[derive(Debug, Default)]
pub struct Watcher {
    /// The types of the states entered.
    pub types: BTreeSet<String>,
    /// The names of the states entered.
    pub visited: BTreeSet<String>,
    /// Error names seen in events.
    pub errors: BTreeSet<String>,
    /// By state: the states that the run went to from there.
    pub ways: BTreeMap<String, Vec<String>>,
    /// The states left, by the event that left them.
    left: HashMap<u64, String>,
}

impl Observer for Watcher {
    fn event(&mut self, stamp: Stamp, event: &Event<'_>) {
        let mut error = |error: &StateError| {
            self.errors.extend(error.error.as_deref().map(str::to_owned));
        };
        match event {
            Event::StateEntered { kind, name, .. } => {
                self.types.insert(format!("{kind:?}"));
                self.visited.insert((*name).to_owned());
                if let Some(from) = self.left.remove(&stamp.previous) {
                    self.ways.entry(from).or_default().push((*name).to_owned());
                }
            }
            Event::StateExited { name, output, .. } => {
                // Child executions have no numbers.
                if stamp.id > 0 {
                    self.left.insert(stamp.id, (*name).to_owned());
                }
                // The output of a Catcher names what it caught.
                for value in [Some(*output), output.get("error")].into_iter().flatten() {
                    self.errors.extend(value["Error"].as_str().map(str::to_owned));
                }
            }
            Event::ExecutionFailed { error: found }
            | Event::ExecutionTimedOut { error: found }
            | Event::TaskFailed { error: found, .. }
            | Event::TaskTimedOut { error: found, .. }
            | Event::MapRunFailed { error: found }
            | Event::EvaluationFailed { error: found, .. } => error(found),
            _ => {}
        }
    }
}

/// Runs a scenario; the definition has to be valid.
pub fn run(
    scenario: &Scenario,
    profile: Profile,
    quotas: Option<Quotas>,
    watcher: &mut impl Observer,
) -> Result<Outcome, Abort> {
    let machine = Compiled::compile(&scenario.definition, profile)
        .unwrap_or_else(|findings| panic!("{findings:?}\n{:#}", scenario.to_value()));
    let options = Options { quotas, context: scenario.context.clone(), fuel: 200_000, ..Options::default() };
    run::run(&machine, scenario.input.clone(), &options, &mut Script::new(scenario), watcher)
}
