//! Running a compiled machine.
//!
//! A run is a discrete-event simulation. Every branch, iteration and child execution is a strand; a
//! strand does the work of its states until it has to wait for virtual time or for its children, and the clock moves
//! only when no strand can go on. Strands that are ready take turns, one transition each, so concurrency is exact and
//! the same on every machine.

mod children;
mod context;
mod data;
mod distributed;
mod errors;
mod execution;
mod map;
mod strand;
mod task;
mod throttle;
mod timeline;
mod work;
mod writer;

use serde_json::Value;
use thiserror::Error;

use crate::{failure::StateError, machine::Machine, observe::Observer, quotas::Quotas, task::TaskHandler, time::Span};
use execution::Execution;

/// Settings of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Seed of all randomness: jitter, `States.UUID`, `States.MathRandom` without a seed.
    pub seed: u64,
    /// Bound on the work of the run, in transitions; work on data counts as well ([`crate::meter`]).
    pub fuel: u64,
    /// Bound on the data that is alive at a time, in units of [`crate::meter`].
    pub live_limit: u64,
    /// Members to be merged over the default context object. `Execution.StartTime` also sets the virtual clock.
    pub context: Option<Value>,
    /// Name of the execution (LIMIT-013); `execution` if absent. The given context may say otherwise.
    pub name: Option<String>,
    /// When the execution is stopped from outside, unless it has ended before.
    pub stop: Option<Stop>,
    /// The published quotas of AWS to be enforced; none by default.
    pub quotas: Option<Quotas>,
    /// Whether the caller waits for the end, as with synchronous Express executions, whose context object has no
    /// `RedriveCount` (CTX-010).
    pub is_synchronous: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 0,
            fuel: 1_000_000,
            live_limit: 4_000_000,
            context: None,
            name: None,
            stop: None,
            quotas: None,
            is_synchronous: false,
        }
    }
}

impl Options {
    /// Start of the virtual clock, in seconds since the Unix epoch.
    #[must_use]
    pub fn start(&self) -> i64 {
        context::start_of(self)
    }
}

/// A call of StopExecution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// When, in virtual time since the start.
    pub at: Span,
    /// What the caller gives as the error and its cause; either may be absent.
    pub error: StateError,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The end itself.
    pub end: End,
    /// Virtual time from start to end.
    pub elapsed: Span,
    /// States entered, plus retries (LIMIT-019).
    pub transitions: u64,
}

/// The end of an execution.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// A terminal state was reached; its output is the output of the execution (STRUCT-039).
    Succeeded(Value),
    /// An error was not handled (ERR-001).
    Failed(StateError),
    /// The machine ran for longer than its `TimeoutSeconds` (STRUCT-017).
    TimedOut(StateError),
    /// The execution was stopped from outside (HIST-032).
    Stopped(StateError),
}

/// Why a run came to no end of its own.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Abort {
    /// The fuel is spent: the machine may never end.
    #[error("out of fuel after {transitions} transitions")]
    OutOfFuel {
        /// States entered, plus retries, until then.
        transitions: u64,
    },
    /// The task handler had no answer.
    #[error("{0}")]
    Task(String),
    /// The execution was not started (LIMIT-004, LIMIT-013).
    #[error("{0}")]
    Refused(String),
    /// The machine needs something that this interpreter lacks; the text names it.
    #[error("unsupported: {0}")]
    Unsupported(String),
}

/// Runs `machine` on `input`.
///
/// # Errors
/// See [`Abort`]. Errors of the language are not among them: they are in [`End`].
pub fn run<H: TaskHandler, O: Observer>(
    machine: &Machine,
    input: Value,
    options: &Options,
    tasks: &mut H,
    observer: &mut O,
) -> Result<Outcome, Abort> {
    Execution::new(machine, options, tasks, observer).run(input)
}
