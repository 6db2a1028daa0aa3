//! What can be seen of a run while it goes on.
//!
//! The interpreter numbers its events as AWS does (HIST-001), whether somebody listens or not, because causes refer to
//! the numbers. An observer is called with references only: without one nothing is built or copied.

use serde_json::{Map, Value};

use crate::{failure::StateError, machine::StateType, time::Span};

/// Number of an event in the history of its execution; 0 is "none".
pub type EventId = u64;

/// Follows a run.
pub trait Observer {
    /// Whether this observer looks at anything; `false` removes the calls at compile time.
    const ENABLED: bool = true;

    /// An event of the execution history.
    fn event(&mut self, stamp: Stamp, event: &Event<'_>);

    /// A retry delay or a Wait state begins.
    fn delay(&mut self, _state: &str, _length: Span) {}
}

/// Observer of nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {
    const ENABLED: bool = false;

    fn event(&mut self, _stamp: Stamp, _event: &Event<'_>) {}
}

/// Two observers at a time.
impl<A: Observer, B: Observer> Observer for (A, B) {
    const ENABLED: bool = A::ENABLED || B::ENABLED;

    fn event(&mut self, stamp: Stamp, event: &Event<'_>) {
        self.0.event(stamp, event);
        self.1.event(stamp, event);
    }

    fn delay(&mut self, state: &str, length: Span) {
        self.0.delay(state, length);
        self.1.delay(state, length);
    }
}

impl<O: Observer> Observer for &mut O {
    const ENABLED: bool = O::ENABLED;

    fn event(&mut self, stamp: Stamp, event: &Event<'_>) {
        (**self).event(stamp, event);
    }

    fn delay(&mut self, state: &str, length: Span) {
        (**self).delay(state, length);
    }
}

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Number of the event, from 1 without gaps; 0 for events of child executions, which the history of the parent
    /// does not show (HIST-028).
    pub id: EventId,
    /// The event that led to it (HIST-003).
    pub previous: EventId,
    /// When, since the start of the run.
    pub at: Span,
}

/// Where a payload comes from, so that nobody need compare it with another, or print it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The input of the state, as it was.
    Input,
    /// The result of the state, as it was.
    Result,
    /// Anything else.
    Made,
}

/// The events of AWS's execution history (HIST rows).
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the members are those of the events of the same name in the AWS API")]
pub enum Event<'e> {
    ExecutionStarted {
        input: &'e Value,
    },
    ExecutionSucceeded {
        output: &'e Value,
    },
    ExecutionFailed {
        error: &'e StateError,
    },
    ExecutionTimedOut {
        error: &'e StateError,
    },
    ExecutionAborted {
        error: &'e StateError,
    },
    StateEntered {
        kind: StateType,
        name: &'e str,
        input: &'e Value,
    },
    StateExited {
        kind: StateType,
        name: &'e str,
        output: &'e Value,
        origin: Origin,
        assigned: Option<&'e Map<String, Value>>,
    },
    /// A running state was stopped because a sibling failed (HIST-026).
    StateAborted {
        kind: StateType,
        name: &'e str,
    },
    TaskScheduled {
        state: &'e str,
        resource: &'e str,
        input: &'e Value,
        /// [`Origin::Input`] where the task gets the input of its state.
        origin: Origin,
        timeout: Option<u64>,
        heartbeat: Option<u64>,
    },
    TaskStarted {
        resource: &'e str,
    },
    TaskSubmitted {
        resource: &'e str,
    },
    TaskSucceeded {
        resource: &'e str,
        output: &'e Value,
    },
    TaskFailed {
        resource: &'e str,
        error: &'e StateError,
    },
    TaskTimedOut {
        resource: &'e str,
        error: &'e StateError,
    },
    ParallelStateStarted,
    ParallelStateSucceeded,
    ParallelStateFailed,
    MapStateStarted {
        length: usize,
    },
    MapStateSucceeded,
    MapStateFailed,
    MapIterationStarted {
        name: &'e str,
        index: usize,
    },
    MapIterationSucceeded {
        name: &'e str,
        index: usize,
    },
    MapIterationFailed {
        name: &'e str,
        index: usize,
    },
    MapIterationAborted {
        name: &'e str,
        index: usize,
    },
    MapRunStarted {
        map_run: &'e str,
    },
    MapRunSucceeded,
    MapRunFailed {
        error: &'e StateError,
    },
    EvaluationFailed {
        state: &'e str,
        location: &'e str,
        error: &'e StateError,
    },
}
