//! Task states (TASK rows; specification, "Task State").

use serde_json::Value;

use super::{
    errors::Raised,
    execution::{Execution, Progress},
    strand::{Phase, Strand},
};
use crate::{
    failure::{Failure, StateError, names},
    machine::{Figure, Kind, QueryLanguage, State, Task},
    number,
    observe::{Event, Observer, Origin},
    task::{TaskCall, TaskHandler, TaskReply},
    time::Span,
};

/// Largest value of the fields that count seconds (D45), and the default timeout of the `aws` profile (TASK-010).
const MAX_SECONDS: i64 = 99_999_999;
/// Default timeout of the `spec` profile (D02).
const SPEC_TIMEOUT: i64 = 60;

/// Longest HTTP task, where quotas are enforced (LIMIT-021).
const LONGEST_HTTP_TASK: Span = Span::seconds(60);

/// Limits of one attempt, in seconds of virtual time.
#[derive(Clone, Copy)]
struct Limits {
    timeout: Span,
    heartbeat: Option<Span>,
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// One attempt of the work of a Task state.
    pub(super) fn call_task(&mut self, strand: &mut Strand, state: &State, task: &Task) -> Result<Progress, Failure> {
        let token = self.token(strand, task);
        let credentials = match &task.credentials {
            Some(credentials) => {
                let filtered = self.filtered_input(strand, state)?;
                Some(credentials.evaluate(&self.environment(strand, &filtered))?)
            }
            None => None,
        };
        // Paths apply to the effective input (TASK-014), expressions see the state input (JNATA-016).
        let limits = match state.language {
            QueryLanguage::Jsonata => Some(self.limits(strand, task, &strand.input)?),
            QueryLanguage::JsonPath => None,
        };
        let origin = if state.passes_input() { Origin::Input } else { Origin::Made };
        let input = self.effective_input(strand, state)?;
        let limits = limits.map_or_else(|| self.limits(strand, task, &input), Ok)?;
        self.check_payload(&input, state)?;
        let resource: &str = &task.resource;
        let literal = |figure: &Option<Figure>| match figure {
            Some(Figure::Literal(number)) => number::to_i64(number).and_then(|seconds| u64::try_from(seconds).ok()),
            _ => None,
        };
        let scheduled = Event::TaskScheduled {
            state: &state.name,
            resource,
            input: &input,
            origin,
            timeout: literal(&task.timeout),
            heartbeat: literal(&task.heartbeat),
        };
        strand.last_event = self.emit(strand.execution, strand.last_event, scheduled);
        strand.last_event = self.emit(strand.execution, strand.last_event, Event::TaskStarted { resource });
        if is_callback(resource) || resource.contains(".sync") {
            strand.last_event = self.emit(strand.execution, strand.last_event, Event::TaskSubmitted { resource });
        }
        let call = TaskCall { state: &state.name, resource, input, token: &token, credentials };
        let reply = self.handler.call(call).map_err(Failure::Abandoned)?;
        let (length, result) = self.answer(reply, limits);
        if length == Span::ZERO {
            return self.task_answered(strand, state, result);
        }
        strand.phase = Phase::TaskOver(Box::new(result));
        self.timeline.wake_at(self.now.after(length), strand.id);
        Ok(Progress::Blocked)
    }

    fn token(&mut self, strand: &Strand, task: &Task) -> String {
        if !is_callback(&task.resource) {
            return String::new();
        }
        self.task_tokens = self.task_tokens.saturating_add(1);
        let token = format!("task-token-{}", self.task_tokens);
        self.prepare_token(strand, &token);
        token
    }

    /// TASK-009, TASK-014, TASK-019, TASK-023.
    fn limits(&self, strand: &Strand, task: &Task, input: &Value) -> Result<Limits, Failure> {
        let environment = self.environment(strand, input);
        let span = |figure: &Option<Figure>| {
            let seconds =
                figure.as_ref().map(|figure| self.integer(figure, 1..=MAX_SECONDS, &environment)).transpose()?;
            Ok::<_, Failure>(seconds.map(|seconds| Span::seconds(u64::try_from(seconds).unwrap_or(0))))
        };
        let default = if self.machine.profile.is_aws() { MAX_SECONDS } else { SPEC_TIMEOUT };
        let default = Span::seconds(u64::try_from(default).unwrap_or(0));
        let mut timeout = span(&task.timeout)?.unwrap_or(default);
        if self.options.quotas.is_some() && task.resource.contains(":states:::http:") {
            timeout = timeout.min(LONGEST_HTTP_TASK);
        }
        Ok(Limits { timeout, heartbeat: span(&task.heartbeat)? })
    }

    /// When an attempt ends and how: by its answer, its timeout or a missed heartbeat, whichever comes first. What
    /// happens exactly at a limit is in time (TASK-009, TASK-019, TASK-020).
    fn answer(&self, reply: TaskReply, limits: Limits) -> (Span, Result<Value, Raised>) {
        let timed_out = |is_heartbeat| {
            let error = StateError { error: Some(names::TIMEOUT.into()), cause: None };
            Err(Raised { error, is_heartbeat })
        };
        let end = if reply.result.is_some() { reply.after } else { Span::FOREVER };
        let mut latest = limits.timeout.min(end);
        if let Some(interval) = limits.heartbeat {
            let mut beats = reply.heartbeats;
            beats.sort_unstable();
            let mut last = Span::ZERO;
            for beat in beats.into_iter().chain([Span::FOREVER]) {
                let due = last.after(interval);
                if due >= latest {
                    break;
                }
                if beat > due {
                    return (due, timed_out(true));
                }
                last = beat;
            }
        }
        match reply.result {
            Some(result) if end <= limits.timeout => (end, result.map_err(|error| Raised::from(self.named(error)))),
            _ => {
                latest = limits.timeout;
                (latest, timed_out(false))
            }
        }
    }

    /// Takes the answer of a task (TASK-004, HIST-013, HIST-017).
    pub(super) fn task_answered(
        &mut self,
        strand: &mut Strand,
        state: &State,
        result: Result<Value, Raised>,
    ) -> Result<Progress, Failure> {
        let Kind::Task(task) = &state.kind else { return Ok(Progress::Going) };
        let resource: &str = &task.resource;
        let result = match result {
            // A result that is too large is an error of the task, which can be caught (ERR-009).
            Ok(output) => match self.check_payload(&output, state) {
                Ok(()) => Ok(output),
                Err(Failure::Error(error)) => Err(error.into()),
                Err(other) => return Err(other),
            },
            failed => failed,
        };
        let event = match &result {
            Ok(output) => Event::TaskSucceeded { resource, output },
            Err(Raised { error, .. }) if error.error.as_deref() == Some(names::TIMEOUT) && error.cause.is_none() => {
                Event::TaskTimedOut { resource, error }
            }
            Err(Raised { error, .. }) => Event::TaskFailed { resource, error },
        };
        strand.last_event = self.emit(strand.execution, strand.last_event, event);
        match result {
            Ok(output) => self.complete(strand, state, output),
            Err(raised) => {
                strand.phase = Phase::Failing(Box::new(raised));
                Ok(Progress::Going)
            }
        }
    }
}

/// Whether the task ends when its token is reported back (TASK-029).
fn is_callback(resource: &str) -> bool {
    resource.ends_with(".waitForTaskToken")
}
