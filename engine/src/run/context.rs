//! The context object (CTX rows).

use serde_json::{Map, Value, json};

use super::{Options, execution::Execution, strand::Strand};
use crate::{
    machine::{Kind, Machine, State},
    observe::Observer,
    task::TaskHandler,
    time::Span,
    timestamp::Timestamp,
};

/// Start of the virtual clock unless the context says otherwise: 2025-01-01T00:00:00Z, in seconds since the Unix epoch.
const DEFAULT_START: i64 = 1_735_689_600;

/// The context objects of all executions of a run. `State`, `Task` and `Map` are set when they are about to be read; there
/// are none for a machine that reads none.
#[derive(Debug, Default)]
pub(super) struct Contexts {
    /// By execution: the root first.
    objects: Vec<Value>,
    /// Start of the virtual clock, in seconds since the Unix epoch.
    start: i64,
    /// Whether any state of the machine reads them.
    is_read: bool,
}

/// Start of the virtual clock, in seconds since the Unix epoch.
pub(super) fn start_of(options: &Options) -> i64 {
    let given = options.context.as_ref().and_then(|context| context.pointer("/Execution/StartTime"));
    let start = given.and_then(Value::as_str).and_then(Timestamp::parse);
    start.map_or(DEFAULT_START, |time| time.whole_seconds())
}

impl Contexts {
    pub fn start(machine: &Machine, options: &Options, input: &Value) -> Self {
        let start = start_of(options);
        let is_read = machine.states.iter().any(|state| state.reads_context);
        if !is_read {
            return Self { objects: Vec::new(), start, is_read };
        }
        let name = options.name.as_deref().unwrap_or("execution");
        let mut context = json!({
            "Execution": {
                "Id": format!("arn:aws:states:us-east-1:123456789012:execution:Machine:{name}"),
                "Input": input,
                "Name": name,
                "RoleArn": "arn:aws:iam::123456789012:role/StepFunctionsRole",
                "StartTime": Timestamp::from_epoch(start, 0).to_string(),
                "RedriveCount": 0,
            },
            "StateMachine": {
                "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:Machine",
                "Name": "Machine",
            },
        });
        if options.is_synchronous
            && let Some(execution) = context.get_mut("Execution").and_then(Value::as_object_mut)
        {
            execution.shift_remove("RedriveCount");
        }
        if let Some(given) = &options.context {
            merge(&mut context, given);
        }
        Self { objects: vec![context], start, is_read }
    }

    /// Adds the context of a child execution (DMAP-003), which must be the next one.
    pub fn start_child(&mut self, index: usize, name: &str, input: &Value) {
        if !self.is_read {
            return;
        }
        let mut context = self.objects.first().cloned().unwrap_or_default();
        if let Some(execution) = context.get_mut("Execution").and_then(Value::as_object_mut) {
            let id = execution.get("Id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let id = format!("{}:{name}", id.rsplit_once(':').map_or(id.as_str(), |(prefix, _)| prefix));
            execution.insert("Id".to_owned(), id.into());
            execution.insert("Name".to_owned(), name.into());
            execution.insert("Input".to_owned(), input.clone());
        }
        self.objects.resize(index.saturating_add(1), Value::Null);
        if let Some(place) = self.objects.get_mut(index) {
            *place = context;
        }
    }

    /// Forgets the context of a child execution that has ended.
    pub fn end_child(&mut self, index: usize) {
        if let Some(place) = self.objects.get_mut(index) {
            *place = Value::Null;
        }
    }

    pub fn current(&self, execution: usize) -> &Value {
        self.objects.get(execution).unwrap_or(&Value::Null)
    }

    pub fn object(&mut self, execution: usize) -> Option<&mut Map<String, Value>> {
        self.objects.get_mut(execution).and_then(Value::as_object_mut)
    }

    /// A point in virtual time as a timestamp (CTX-022).
    pub fn time(&self, at: Span) -> String {
        let micros = at.as_micros();
        let seconds = i64::try_from(micros / 1_000_000).unwrap_or(i64::MAX);
        let nanos = u32::try_from((micros % 1_000_000).saturating_mul(1000)).unwrap_or(0);
        Timestamp::from_epoch(self.start.saturating_add(seconds), nanos).to_string()
    }

    /// A point in virtual time, in milliseconds since the Unix epoch.
    pub fn millis(&self, at: Span) -> i64 {
        let millis = i64::try_from(at.as_micros() / 1_000).unwrap_or(i64::MAX);
        self.start.saturating_mul(1_000).saturating_add(millis)
    }

    /// Seconds from the start of the run to a point in real time; negative when that is past.
    pub fn seconds_until(&self, time: &Timestamp) -> i64 {
        time.whole_seconds().saturating_sub(self.start)
    }
}

/// Merges objects member by member; anything else is replaced. The depth is that of the given context, which was
/// parsed under a bound.
fn merge(target: &mut Value, given: &Value) {
    match (target, given) {
        (Value::Object(target), Value::Object(given)) => {
            for (name, value) in given {
                merge(target.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (target, given) => *target = given.clone(),
    }
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// Puts the members that belong to the current state into the context object.
    pub(super) fn prepare_context(&mut self, strand: &Strand, state: &State) {
        let mut current = Map::new();
        current.insert("EnteredTime".to_owned(), self.contexts.time(strand.entered_at).into());
        current.insert("Name".to_owned(), Value::from(&*state.name));
        if matches!(state.kind, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_)) {
            current.insert("RetryCount".to_owned(), strand.retries.total().into());
        }
        if let Some(context) = self.contexts.object(strand.execution) {
            context.insert("State".to_owned(), Value::Object(current));
            context.shift_remove("Task");
            context.shift_remove("Map");
        }
    }

    /// CTX-016.
    pub(super) fn prepare_token(&mut self, strand: &Strand, token: &str) {
        if let Some(context) = self.contexts.object(strand.execution) {
            context.insert("Task".to_owned(), json!({ "Token": token }));
        }
    }
}
