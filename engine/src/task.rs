//! What does the work of Task states, supplied by the caller.

use serde_json::Value;

use crate::{failure::StateError, store::ObjectStore, time::Span};

/// One attempt of a Task state (TASK-003).
#[derive(Debug)]
pub struct TaskCall<'c> {
    /// Name of the state.
    pub state: &'c str,
    /// The `Resource` URI, not interpreted.
    pub resource: &'c str,
    /// The effective input, or the evaluated `Arguments` (TASK-005, TASK-006).
    pub input: Value,
    /// The token that the context object shows in a callback task (CTX-016).
    pub token: &'c str,
    /// The evaluated `Credentials` (TASK-026).
    pub credentials: Option<Value>,
}

/// How an attempt goes, in virtual time.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskReply {
    /// The result, or the error that the worker reports; `None` for a worker that never answers.
    pub result: Option<Result<Value, StateError>>,
    /// Time from the start of the task to the result.
    pub after: Span,
    /// Times, from the start of the task, at which the worker sends a heartbeat.
    pub heartbeats: Vec<Span>,
}

impl TaskReply {
    /// An immediate success.
    #[must_use]
    pub fn output(value: Value) -> Self {
        Self { result: Some(Ok(value)), after: Span::ZERO, heartbeats: Vec::new() }
    }

    /// An immediate failure.
    #[must_use]
    pub fn error(error: StateError) -> Self {
        Self { result: Some(Err(error)), after: Span::ZERO, heartbeats: Vec::new() }
    }
}

/// The outside world of a run.
pub trait TaskHandler {
    /// Does the work of one attempt.
    ///
    /// # Errors
    /// A sentence saying why there is no answer at all, not even a failure of the task: the run is abandoned.
    fn call(&mut self, call: TaskCall<'_>) -> Result<TaskReply, String>;

    /// Where item readers read from and result writers write to; without one both fail.
    fn store(&mut self) -> Option<&mut dyn ObjectStore> {
        None
    }
}

/// A handler for machines without Task states: any call abandons the run.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTasks;

impl TaskHandler for NoTasks {
    fn call(&mut self, call: TaskCall<'_>) -> Result<TaskReply, String> {
        Err(format!("state '{}' calls a task, and no task handler was given", call.state))
    }
}
