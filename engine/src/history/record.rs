//! Events in the words of AWS's API.

use serde_json::{Map, Value, json};

use crate::{failure::StateError, machine::StateType, observe::Event};

/// Region that service tasks are recorded with.
const REGION: &str = "us-east-1";

/// Type and details of an event.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    pub kind: String,
    pub details: Option<(String, Value)>,
}

impl Record {
    fn bare(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), details: None }
    }

    /// A state was entered with `input`, a JSON text.
    pub fn entered(kind: StateType, name: &str, input: String) -> Self {
        Self::passed(format!("{}StateEntered", kind.name()), "stateEnteredEventDetails", name, "input", input)
    }

    /// A state was left with `output`, a JSON text.
    pub fn exited(kind: StateType, name: &str, output: String) -> Self {
        Self::passed(format!("{}StateExited", kind.name()), "stateExitedEventDetails", name, "output", output)
    }

    fn passed(kind: String, details_field: &str, name: &str, field: &str, text: String) -> Self {
        let details = with(|details| {
            details.insert("name".to_owned(), name.into());
            payload(details, field, text);
        });
        Self { kind, details: Some((details_field.to_owned(), details)) }
    }

    /// With details in the field that is named after the type.
    fn of(kind: impl Into<String>, details: Value) -> Self {
        let kind = kind.into();
        let mut field = kind.clone();
        if let Some(first) = field.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        field.push_str("EventDetails");
        Self { kind, details: Some((field, details)) }
    }
}

/// JSON text and its `...Details` (HIST-008).
fn payload(details: &mut Map<String, Value>, field: &str, text: String) {
    details.insert(field.to_owned(), text.into());
    details.insert(format!("{field}Details"), json!({ "truncated": false }));
}

/// The texts of assigned variables.
fn assignments(details: &mut Map<String, Value>, assigned: &Map<String, Value>) {
    if assigned.is_empty() {
        return;
    }
    let texts: Map<_, _> = assigned.iter().map(|(name, value)| (name.clone(), value.to_string().into())).collect();
    details.insert("assignedVariables".to_owned(), Value::Object(texts));
    details.insert("assignedVariablesDetails".to_owned(), json!({ "truncated": false }));
}

/// Name and cause, each only where there is one.
fn failure(details: &mut Map<String, Value>, error: &StateError) {
    if let Some(name) = &error.error {
        details.insert("error".to_owned(), name.as_ref().into());
    }
    if let Some(cause) = &error.cause {
        details.insert("cause".to_owned(), cause.as_str().into());
    }
}

fn name_of(error: &StateError) -> Option<String> {
    error.error.as_deref().map(str::to_owned)
}

fn with(fill: impl FnOnce(&mut Map<String, Value>)) -> Value {
    let mut details = Map::new();
    fill(&mut details);
    Value::Object(details)
}

/// What the API says of an event.
pub(super) fn record(event: &Event<'_>) -> Record {
    match event {
        Event::ExecutionStarted { input } => Record::of(
            "ExecutionStarted",
            with(|details| {
                payload(details, "input", input.to_string());
                details.insert("roleArn".to_owned(), "arn:aws:iam::123456789012:role/StepFunctionsRole".into());
            }),
        ),
        Event::ExecutionSucceeded { output } => {
            Record::of("ExecutionSucceeded", with(|details| payload(details, "output", output.to_string())))
        }
        Event::ExecutionFailed { error } => Record::of("ExecutionFailed", with(|details| failure(details, error))),
        Event::ExecutionTimedOut { error } => Record::of("ExecutionTimedOut", with(|details| failure(details, error))),
        Event::ExecutionAborted { error } => Record::of("ExecutionAborted", with(|details| failure(details, error))),
        Event::StateEntered { kind, name, input } => Record::entered(*kind, name, input.to_string()),
        Event::StateExited { kind, name, output, assigned, .. } => {
            let mut exited = Record::exited(*kind, name, output.to_string());
            if let (Some((_, Value::Object(details))), Some(assigned)) = (&mut exited.details, assigned) {
                assignments(details, assigned);
            }
            exited
        }
        Event::StateAborted { kind, .. } => Record::bare(format!("{}StateAborted", kind.name())),
        Event::TaskScheduled { resource, input, timeout, heartbeat, .. } => {
            scheduled(resource, input.to_string(), [*timeout, *heartbeat])
        }
        Event::TaskStarted { resource } => started(resource),
        Event::TaskSubmitted { resource } => submitted(resource),
        Event::TaskSucceeded { resource, output } => succeeded(resource, output.to_string()),
        Event::TaskFailed { resource, error } => failed(resource, "Failed", name_of(error), error.cause.clone()),
        Event::TaskTimedOut { resource, error } => failed(resource, "TimedOut", name_of(error), error.cause.clone()),
        Event::ParallelStateStarted => Record::bare("ParallelStateStarted"),
        Event::ParallelStateSucceeded => Record::bare("ParallelStateSucceeded"),
        Event::ParallelStateFailed => Record::bare("ParallelStateFailed"),
        Event::MapStateStarted { length } => Record::of("MapStateStarted", json!({ "length": length })),
        Event::MapStateSucceeded => Record::bare("MapStateSucceeded"),
        Event::MapStateFailed => Record::bare("MapStateFailed"),
        Event::MapIterationStarted { name, index } => iteration("MapIterationStarted", name, *index),
        Event::MapIterationSucceeded { name, index } => iteration("MapIterationSucceeded", name, *index),
        Event::MapIterationFailed { name, index } => iteration("MapIterationFailed", name, *index),
        Event::MapIterationAborted { name, index } => iteration("MapIterationAborted", name, *index),
        Event::MapRunStarted { map_run } => Record::of("MapRunStarted", json!({ "mapRunArn": map_run })),
        Event::MapRunSucceeded => Record::bare("MapRunSucceeded"),
        Event::MapRunFailed { error } => Record::of("MapRunFailed", with(|details| failure(details, error))),
        Event::EvaluationFailed { state, location, error } => Record::of(
            "EvaluationFailed",
            with(|details| {
                failure(details, error);
                details.insert("location".to_owned(), (*location).into());
                details.insert("state".to_owned(), (*state).into());
            }),
        ),
    }
}

/// An event of an iteration of an inline Map.
pub(super) fn iteration(kind: &str, name: &str, index: usize) -> Record {
    Record::of(kind, json!({ "name": name, "index": index }))
}

/// The three families of task events (HIST-013 to HIST-017).
enum Worker<'r> {
    Lambda,
    Activity,
    Service { resource_type: &'r str, action: &'r str },
}

impl<'r> Worker<'r> {
    fn of(resource: &'r str) -> Self {
        let parts: Vec<&str> = resource.splitn(7, ':').collect();
        match parts.as_slice() {
            ["arn", _, "lambda", ..] => Self::Lambda,
            ["arn", _, "states", _, _, "activity", ..] => Self::Activity,
            ["arn", _, "states", _, _, "aws-sdk", call] => {
                // The resource type of an SDK call is two parts long.
                let service = call.find(':').unwrap_or(call.len());
                let start = resource.len().saturating_sub(call.len());
                let (head, action) = resource.split_at(start.saturating_add(service));
                let from = start.saturating_sub("aws-sdk:".len());
                let resource_type = head.get(from..).unwrap_or(head);
                Self::Service { resource_type, action: action.trim_start_matches(':') }
            }
            ["arn", _, "states", _, _, resource_type, action] => Self::Service { resource_type, action },
            _ => Self::Service { resource_type: "unknown", action: resource },
        }
    }

    fn prefix(&self) -> &'static str {
        match self {
            Self::Lambda => "LambdaFunction",
            Self::Activity => "Activity",
            Self::Service { .. } => "Task",
        }
    }

    /// The members that say which service did the work.
    fn identify(&self, details: &mut Map<String, Value>) {
        if let Self::Service { resource_type, action } = self {
            details.insert("resourceType".to_owned(), (*resource_type).into());
            details.insert("resource".to_owned(), (*action).into());
        }
    }
}

/// A task was scheduled with `input`, a JSON text (HIST-013).
pub(super) fn scheduled(resource: &str, input: String, limits: [Option<u64>; 2]) -> Record {
    let worker = Worker::of(resource);
    let details = with(|details| {
        worker.identify(details);
        if let Worker::Service { .. } = worker {
            details.insert("region".to_owned(), REGION.into());
            details.insert("parameters".to_owned(), input.into());
        } else {
            details.insert("resource".to_owned(), resource.into());
            payload(details, "input", input);
        }
        for (field, seconds) in ["timeoutInSeconds", "heartbeatInSeconds"].into_iter().zip(limits) {
            if let Some(seconds) = seconds {
                details.insert(field.to_owned(), seconds.into());
            }
        }
    });
    Record::of(format!("{}Scheduled", worker.prefix()), details)
}

pub(super) fn started(resource: &str) -> Record {
    let worker = Worker::of(resource);
    let kind = format!("{}Started", worker.prefix());
    match worker {
        Worker::Lambda => Record::bare(kind),
        Worker::Activity => Record::of(kind, json!({ "workerName": "worker" })),
        Worker::Service { .. } => Record::of(kind, with(|details| worker.identify(details))),
    }
}

fn submitted(resource: &str) -> Record {
    let worker = Worker::of(resource);
    Record::of("TaskSubmitted", with(|details| worker.identify(details)))
}

/// A task answered `output`, a JSON text (HIST-017).
pub(super) fn succeeded(resource: &str, output: String) -> Record {
    let worker = Worker::of(resource);
    let details = with(|details| {
        worker.identify(details);
        payload(details, "output", output);
    });
    Record::of(format!("{}Succeeded", worker.prefix()), details)
}

/// A task failed in a way that the type of its event ends in.
pub(super) fn failed(resource: &str, ending: &str, error: Option<String>, cause: Option<String>) -> Record {
    let worker = Worker::of(resource);
    let details = with(|details| {
        worker.identify(details);
        for (field, text) in [("error", error), ("cause", cause)] {
            if let Some(text) = text {
                details.insert(field.to_owned(), text.into());
            }
        }
    });
    Record::of(format!("{}{ending}", worker.prefix()), details)
}
