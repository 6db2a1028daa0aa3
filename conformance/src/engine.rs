//! Engines under test: what they are asked and what they answer.
//!
//! The same messages go to an engine in this process and, as one line of JSON each, to one in another process. They
//! hold all that an engine needs and nothing of what the case expects.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use thiserror::Error;

use crate::{
    case::{Case, Definition, Feature, Input, Limits, Profile, Stop, Store},
    script::{ScriptError, TaskScript},
};

/// An engine of the Amazon States Language.
pub trait Engine {
    /// Who it is and what it can do. Asked once, before the first case.
    fn describe(&self) -> Description;

    /// Validates or runs one machine. Calls of Task states are answered by `tasks`.
    ///
    /// A machine that the engine cannot run for lack of a feature is [`Reply::Unsupported`], with the reason.
    ///
    /// # Errors
    /// [`Fault`] when there is no reply: the engine died, kept silent or spoke nonsense, or the task script has no
    /// answer to its call.
    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault>;
}

/// Who an engine is and what it can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description {
    /// Name, in lower case: it also names the file of known failures.
    pub name: String,
    /// Version.
    pub version: String,
    /// Programming language.
    pub language: String,
    /// Features that cases may require of it.
    pub features: BTreeSet<Feature>,
    /// What it reports beyond the outcome.
    pub observables: BTreeSet<Observable>,
    /// The readings of the language that it can take; every case runs in each one in which it holds.
    pub profiles: BTreeSet<Profile>,
}

/// What an engine may report beyond status, output, error and cause, which every engine reports, and the calls of Task
/// states, which the runner sees itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Observable {
    /// Codes and locations of the errors in an invalid definition.
    Diagnostics,
    /// Codes and locations of warnings about a valid definition.
    Warnings,
    /// Names of the states entered, in order.
    Visited,
    /// Seconds of each retry delay and Wait state.
    Waits,
    /// Virtual seconds of the run.
    Elapsed,
    /// Number of states entered plus retries.
    Transitions,
    /// Execution history.
    History,
    /// Objects in the store after the run.
    Store,
}

impl Observable {
    /// Everything that can be reported.
    pub const ALL: [Self; 8] = [
        Self::Diagnostics,
        Self::Warnings,
        Self::Visited,
        Self::Waits,
        Self::Elapsed,
        Self::Transitions,
        Self::History,
        Self::Store,
    ];
}

impl fmt::Display for Observable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// What an engine is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request<'c> {
    /// The machine.
    #[serde(flatten)]
    pub definition: Cow<'c, Definition>,
    /// Whether to answer [`Reply::Valid`] or [`Reply::Invalid`], and run nothing.
    #[serde(default)]
    pub validate_only: bool,
    /// The execution input.
    #[serde(flatten)]
    pub input: Cow<'c, Input>,
    /// The name of the execution; the engine chooses one if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution_name: Option<Cow<'c, str>>,
    /// When the execution is to be stopped from outside, if it runs until then; an engine that cannot be stopped answers
    /// [`Reply::Unsupported`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Cow<'c, Stop>>,
    /// Members to merge over the default context object; objects merge recursively.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Cow<'c, Map<String, Value>>>,
    /// What item readers can read; writers may write to its buckets.
    #[serde(default, skip_serializing_if = "store_is_empty")]
    pub store: Cow<'c, Store>,
    /// The machine type whose published quotas are to be enforced; absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// The reading of the language to take.
    pub profile: Profile,
    /// What the case compares beyond the outcome; an engine need not report more.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub observe: BTreeSet<Observable>,
}

fn store_is_empty(store: &Store) -> bool {
    store.is_empty()
}

impl<'c> Request<'c> {
    /// What `case` asks in `profile`.
    #[must_use]
    pub fn of(case: &'c Case, profile: Profile) -> Self {
        Self {
            definition: case.machine(),
            validate_only: case.expect.is_validity(),
            input: Cow::Borrowed(&case.input),
            execution_name: case.execution_name.as_deref().map(Cow::Borrowed),
            stop: case.stop.as_ref().map(Cow::Borrowed),
            context: case.context.as_ref().map(Cow::Borrowed),
            store: Cow::Owned(case.objects()),
            limits: case.limits,
            profile,
            observe: case.expect.observables(),
        }
    }
}

/// What an engine answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "lowercase")]
pub enum Reply {
    /// The execution ended.
    Outcome(Box<Outcome>),
    /// The definition is accepted; only if nothing but that was asked.
    Valid {
        /// What its author should still know.
        #[serde(default)]
        warnings: Vec<Finding>,
    },
    /// The definition is refused.
    Invalid {
        /// The reasons, if the engine tells them.
        #[serde(default)]
        errors: Vec<Finding>,
    },
    /// The execution did not start: its input is not JSON or above a quota, or its name is not allowed.
    Refused {
        /// Why.
        reason: String,
    },
    /// The engine cannot run this machine for lack of a feature.
    Unsupported {
        /// Which.
        reason: String,
    },
    /// The engine gave up for a reason that is not part of the language.
    Error {
        /// What happened.
        message: String,
    },
}

impl From<Outcome> for Reply {
    fn from(outcome: Outcome) -> Self {
        Self::Outcome(Box::new(outcome))
    }
}

/// How an execution ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// A terminal state was left.
    #[default]
    Succeeded,
    /// An error reached the machine.
    Failed,
    /// The `TimeoutSeconds` of the machine passed.
    TimedOut,
    /// It was stopped from outside.
    Aborted,
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(formatter)
    }
}

/// The end of an execution, and what the engine observed on the way; it may leave out what it does not declare.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How the execution ended.
    pub status: Status,
    /// The output of one that succeeded.
    #[serde(default, deserialize_with = "crate::case::present", skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// The Error Name of one that did not succeed, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The cause of one that did not succeed, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// See [`Observable::Visited`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited: Option<Vec<String>>,
    /// See [`Observable::Waits`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Vec<Number>>,
    /// See [`Observable::Elapsed`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<Number>,
    /// See [`Observable::Transitions`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transitions: Option<u64>,
    /// See [`Observable::History`]: events in order of id, in the shape of `expect.history` of the case format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<Map<String, Value>>>,
    /// See [`Observable::Store`]: bucket to key to text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<Store>,
}

impl Outcome {
    /// Success with `output`.
    #[must_use]
    pub fn succeeded(output: Value) -> Self {
        Self { status: Status::Succeeded, output: Some(output), ..Self::default() }
    }

    /// Failure with `error` and `cause`.
    #[must_use]
    pub fn failed(error: Option<String>, cause: Option<String>) -> Self {
        Self { status: Status::Failed, error, cause, ..Self::default() }
    }

    /// The end of an execution that ran for longer than its machine allows, with `error` and `cause`.
    #[must_use]
    pub fn timed_out(error: Option<String>, cause: Option<String>) -> Self {
        Self { status: Status::TimedOut, error, cause, ..Self::default() }
    }

    /// The end of an execution that was stopped with `error` and `cause`.
    #[must_use]
    pub fn aborted(error: Option<String>, cause: Option<String>) -> Self {
        Self { status: Status::Aborted, error, cause, ..Self::default() }
    }
}

/// One fault of a definition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// What kind of fault.
    pub code: String,
    /// JSON Pointer to the value at fault.
    pub location: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.code, if self.location.is_empty() { "/" } else { &self.location })
    }
}

/// Why there is no reply.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Fault {
    /// The engine died.
    #[error("{0}")]
    Crashed(String),
    /// The engine did not answer in time.
    #[error("no answer within {0} s")]
    TimedOut(f64),
    /// The engine's answer breaks the protocol.
    #[error("{0}")]
    Protocol(String),
    /// The task script has no answer to a call of the engine.
    #[error(transparent)]
    Script(#[from] ScriptError),
}
