//! The reference interpreter of this repository as an engine under test: the only file that knows its interface.

use std::borrow::Cow;

use asl_engine::{
    diagnostic::{Code, Diagnostic, Severity},
    failure::StateError,
    history::History,
    json,
    machine::Machine,
    observe::{Event, Observer, Stamp, Unobserved},
    quotas::{Quotas, json_bytes},
    run::{self, Abort, End, Options, run},
    store::{MemoryStore, ObjectStore},
    task::{TaskCall, TaskHandler, TaskReply},
    time::Span,
    trace::Trace,
    validate::{MachineType, validate_as, validate_text_as},
};
use serde_json::{Map, Value};

use crate::{
    case::{Definition, Feature, Input, Limits, PROFILES, Profile, Stop, Store},
    engine::{Description, Engine, Fault, Finding, Observable, Outcome, Reply, Request},
    events,
    script::{self, ScriptError, TaskResult, TaskScript},
};

/// Transitions after which a machine counts as endless: several times what the longest case takes, and few enough that
/// the trace of an endless machine stays small.
const FUEL: u64 = 100_000;

/// The reference interpreter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reference;

impl Engine for Reference {
    fn describe(&self) -> Description {
        Description {
            name: "reference".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            language: "Rust".to_owned(),
            features: Feature::ALL.into(),
            observables: Observable::ALL.into(),
            profiles: PROFILES.into(),
        }
    }

    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        run_within(FUEL, request, tasks)
    }
}

/// The reference interpreter with a bound of its own on the transitions of a run, for machines that may be endless.
#[derive(Clone, Copy, Debug)]
pub struct Bounded(pub u64);

impl Engine for Bounded {
    fn describe(&self) -> Description {
        Reference.describe()
    }

    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        run_within(self.0, request, tasks)
    }
}

/// What takes a [`Witness`].
const WITNESSED: [Observable; 3] = [Observable::Visited, Observable::Waits, Observable::History];

fn run_within(fuel: u64, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
    if request.validate_only {
        return Ok(verdict(&validate(&request.definition, request.limits, request.profile)));
    }
    let machine = match compile(&request.definition, request.limits, request.profile) {
        Ok(machine) => machine,
        Err(findings) => return Ok(verdict(&findings)),
    };
    let input = match &*request.input {
        Input::Json(input) => input.clone(),
        Input::Text(text) => match json::parse(text) {
            Ok(parsed) => parsed.value,
            Err(error) => return Ok(Reply::Refused { reason: error.to_string() }),
        },
    };
    let options = Options {
        context: request.context.as_deref().cloned().map(Value::Object),
        name: request.execution_name.as_deref().map(str::to_owned),
        stop: request.stop.as_deref().map(stop),
        quotas: request.limits.map(quotas),
        is_synchronous: request.limits == Some(Limits::ExpressSync),
        fuel,
        ..Options::default()
    };
    let mut workers = Workers::new(tasks, Box::new(memory_store(&request.store)));
    let mut witness = Witness {
        history: request.observe.contains(&Observable::History).then(History::default),
        ..Witness::default()
    };
    // An execution that nobody watches is not slowed down by being watched.
    let is_watched = WITNESSED.iter().any(|observable| request.observe.contains(observable));
    let ran = if is_watched {
        run(&machine, input, &options, &mut workers, &mut witness)
    } else {
        run(&machine, input, &options, &mut workers, &mut Unobserved)
    };
    match ran {
        Ok(outcome) => {
            let mut outcome = witness.outcome(outcome);
            if !is_watched {
                (outcome.visited, outcome.waits) = (None, None);
            }
            if request.observe.contains(&Observable::Store) {
                outcome.store = Some(contents(&mut *workers.store, &request.store));
            }
            Ok(Reply::from(outcome))
        }
        Err(Abort::Task(message)) => Err(workers.fault.map_or(Fault::Protocol(message), Fault::Script)),
        Err(Abort::Refused(reason)) => Ok(Reply::Refused { reason }),
        Err(Abort::Unsupported(reason)) => Ok(Reply::Unsupported { reason }),
        Err(abort @ Abort::OutOfFuel { .. }) => Ok(Reply::Error { message: abort.to_string() }),
    }
}

/// What the reference validator finds in a definition.
#[must_use]
pub fn validate(definition: &Definition, limits: Option<Limits>, profile: Profile) -> Vec<Diagnostic> {
    if let Some(finding) = too_large(definition, limits) {
        return vec![finding];
    }
    match definition {
        Definition::Json(document) => validate_as(document, profile, machine_type(limits)),
        Definition::Text(text) => validate_text_as(text, profile, machine_type(limits)).1,
    }
}

/// The finding about a definition above the quota.
fn too_large(definition: &Definition, limits: Option<Limits>) -> Option<Diagnostic> {
    let quotas = quotas(limits?);
    quotas.definition_finding(match definition {
        Definition::Json(document) => json_bytes(document),
        Definition::Text(text) => text.len(),
    })
}

/// The machine of a valid definition.
///
/// # Errors
/// The findings about an invalid one, or about one that the interpreter cannot run.
pub fn compile(definition: &Definition, limits: Option<Limits>, profile: Profile) -> Result<Machine, Vec<Diagnostic>> {
    let findings = match (definition, limits) {
        // The compiler validates documents itself, as machines of type Standard.
        (Definition::Json(_), None | Some(Limits::Standard | Limits::StandardSmallRegion)) => {
            too_large(definition, limits).into_iter().collect()
        }
        _ => validate(definition, limits, profile),
    };
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Err(findings);
    }
    match definition {
        Definition::Json(document) => Machine::compile(document, profile),
        // A text without findings is JSON.
        Definition::Text(text) => {
            Machine::compile(&json::parse(text).map(|parsed| parsed.value).unwrap_or_default(), profile)
        }
    }
}

/// What the findings about a definition say of it.
fn verdict(findings: &[Diagnostic]) -> Reply {
    let select = |severity| {
        let findings = findings.iter().filter(|finding| finding.severity == severity);
        findings.map(finding).collect()
    };
    if let Some(lack) = findings.iter().find(|finding| finding.code == Code::Unsupported) {
        return Reply::Unsupported { reason: lack.to_string() };
    }
    let errors: Vec<_> = select(Severity::Error);
    if errors.is_empty() { Reply::Valid { warnings: select(Severity::Warning) } } else { Reply::Invalid { errors } }
}

/// A finding of the reference validator in the terms of cases.
#[must_use]
pub fn finding(diagnostic: &Diagnostic) -> Finding {
    Finding { code: diagnostic.code.name(), location: diagnostic.location.clone() }
}

/// The machine type whose rules apply under `limits`.
#[must_use]
pub fn machine_type(limits: Option<Limits>) -> MachineType {
    match limits {
        Some(Limits::Express | Limits::ExpressSync) => MachineType::Express,
        Some(Limits::Standard | Limits::StandardSmallRegion) | None => MachineType::Standard,
    }
}

/// The published quotas of a machine type.
#[must_use]
pub fn quotas(limits: Limits) -> Quotas {
    match limits {
        Limits::Standard => Quotas::standard(),
        Limits::StandardSmallRegion => Quotas::standard_in_small_region(),
        Limits::Express | Limits::ExpressSync => Quotas::express(),
    }
}

fn stop(stop: &Stop) -> run::Stop {
    let error = StateError { error: stop.error.clone().map(Cow::Owned), cause: stop.cause.clone() };
    run::Stop { at: Span::fraction(stop.seconds), error }
}

fn memory_store(store: &Store) -> MemoryStore {
    let mut memory = MemoryStore::default();
    for (bucket, objects) in store {
        memory.create_bucket(bucket);
        for (key, text) in objects {
            // The bucket was created above.
            let _ = memory.put(bucket, key, text.clone().into_bytes());
        }
    }
    memory
}

/// All objects in the buckets of a case, as text.
fn contents(store: &mut dyn ObjectStore, buckets: &Store) -> Store {
    let mut contents = Store::new();
    for bucket in buckets.keys() {
        let objects = contents.entry(bucket.clone()).or_default();
        for object in store.list(bucket, "").unwrap_or_default() {
            let content = store.get(bucket, &object.key).unwrap_or_default();
            objects.insert(object.key, String::from_utf8_lossy(&content).into_owned());
        }
    }
    contents
}

/// A task script and a store as the outside world of a run.
pub struct Workers<'s> {
    script: &'s mut dyn TaskScript,
    store: Box<dyn ObjectStore>,
    /// Why the run was abandoned, if it was for lack of an answer.
    pub fault: Option<ScriptError>,
}

impl<'s> Workers<'s> {
    /// Tasks are answered by `script`; items are read from and written to `store`.
    #[must_use]
    pub fn new(script: &'s mut dyn TaskScript, store: Box<dyn ObjectStore>) -> Self {
        Self { script, store, fault: None }
    }
}

impl TaskHandler for Workers<'_> {
    fn call(&mut self, call: TaskCall<'_>) -> Result<TaskReply, String> {
        let call =
            script::TaskCall { state: call.state.to_owned(), resource: call.resource.to_owned(), input: call.input };
        let answer = self.script.answer(&call).map_err(|fault| {
            let message = fault.to_string();
            self.fault = Some(fault);
            message
        })?;
        Ok(TaskReply {
            result: match answer.result {
                TaskResult::Output { output } => Some(Ok(output)),
                TaskResult::Error { error, cause } => Some(Err(StateError { error: error.map(Cow::Owned), cause })),
                TaskResult::Timeout => None,
            },
            after: Span::fraction(answer.seconds),
            heartbeats: answer.heartbeats.into_iter().map(Span::fraction).collect(),
        })
    }

    fn store(&mut self) -> Option<&mut dyn ObjectStore> {
        Some(&mut *self.store)
    }
}

/// Sees all that cases compare; the history only on demand, because it turns every value into text.
#[derive(Debug, Default)]
pub struct Witness {
    /// The way through the states.
    pub trace: Trace,
    /// The execution history, if it is wanted.
    pub history: Option<History>,
}

impl Observer for Witness {
    fn event(&mut self, stamp: Stamp, event: &Event<'_>) {
        self.trace.event(stamp, event);
        if let Some(history) = &mut self.history {
            history.event(stamp, event);
        }
    }

    fn delay(&mut self, state: &str, length: Span) {
        self.trace.delay(state, length);
    }
}

impl Witness {
    /// The end of a run together with what was seen of it.
    fn outcome(self, run: asl_engine::run::Outcome) -> Outcome {
        let ended = match run.end {
            End::Succeeded(output) => Outcome::succeeded(output),
            End::Failed(StateError { error, cause }) => Outcome::failed(error.map(Cow::into_owned), cause),
            End::TimedOut(StateError { error, cause }) => Outcome::timed_out(error.map(Cow::into_owned), cause),
            End::Stopped(StateError { error, cause }) => Outcome::aborted(error.map(Cow::into_owned), cause),
        };
        Outcome {
            visited: Some(self.trace.visited),
            waits: Some(self.trace.waits.into_iter().map(Span::as_json).collect()),
            elapsed: Some(run.elapsed.as_json()),
            transitions: Some(run.transitions),
            history: self.history.map(|history| {
                let events = history.into_events();
                events.into_iter().map(|event| events::simplify(object(event))).collect()
            }),
            ..ended
        }
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
