//! Scripted Task states: what each call of a Task state is answered with.
//!
//! The script is interpreted on this side of every bridge, so an adapter in another language never has to; and what it
//! was asked is recorded here, so the number and the inputs of the calls need no help of the engine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::{
    case::{Tasks, present},
    compare,
};

/// One entry of a script: how it answers, which calls and how many of them.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "RawAttempt")]
pub struct Attempt {
    /// What the worker does.
    pub answer: Scripted,
    /// Virtual seconds from the call to the answer.
    pub seconds: f64,
    /// Virtual seconds after the call at which the worker sends a heartbeat.
    pub heartbeats: Vec<f64>,
    /// The only input that this attempt answers; `None` answers any.
    pub input: Option<Value>,
    /// How many calls this attempt answers; `None` is any number.
    pub times: Option<u64>,
}

/// What a worker does.
#[derive(Clone, Debug, PartialEq)]
pub enum Scripted {
    /// Succeeds with this output.
    Output(Value),
    /// Succeeds with its input.
    Echo,
    /// Fails.
    Error {
        /// The Error Name, if it gives one.
        error: Option<String>,
        /// The cause, if it gives one.
        cause: Option<String>,
    },
    /// Never answers.
    Timeout,
}

/// One call of a Task state, as the engine reports it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskCall {
    /// Name of the state.
    pub state: String,
    /// The `Resource` of the state.
    pub resource: String,
    /// The effective input of the task.
    pub input: Value,
}

/// What a call is answered with, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskAnswer {
    /// What the worker answers; absent for a worker that never does.
    #[serde(flatten)]
    pub result: TaskResult,
    /// Virtual seconds from the call to the answer.
    #[serde(default)]
    pub seconds: f64,
    /// Virtual seconds after the call at which the worker sends a heartbeat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heartbeats: Vec<f64>,
}

/// The answer itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "lowercase")]
pub enum TaskResult {
    /// The task succeeds.
    Output {
        /// Its result.
        output: Value,
    },
    /// The task fails.
    Error {
        /// The Error Name, if it has one.
        error: Option<String>,
        /// The cause, if it has one.
        cause: Option<String>,
    },
    /// The task never answers.
    Timeout,
}

/// Answers the calls of Task states.
pub trait TaskScript {
    /// The answer to the next call of a state.
    ///
    /// # Errors
    /// [`ScriptError`] when the script has none; the engine then abandons the run, whatever it answers after that.
    fn answer(&mut self, call: &TaskCall) -> Result<TaskAnswer, ScriptError>;
}

/// The engine called a task that the script has no answer for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScriptError {
    /// No attempts are scripted for the state.
    #[error("state '{0}' calls a task, and the case scripts none for it")]
    NotScripted(String),
    /// Every attempt that fits the call has been used.
    #[error("call {call} of state '{state}' runs past the task script (input {input})")]
    RunDry {
        /// Name of the state.
        state: String,
        /// Number of the call, from 1.
        call: usize,
        /// Input of the call, as JSON.
        input: String,
    },
}

/// The script of one run: which attempts are left, and what was called.
#[derive(Debug)]
pub struct Script<'t> {
    tasks: &'t Tasks,
    used: BTreeMap<&'t str, Vec<u64>>,
    inputs: BTreeMap<String, Vec<Value>>,
    fault: Option<ScriptError>,
}

impl<'t> Script<'t> {
    /// The beginning of a script.
    #[must_use]
    pub fn new(tasks: &'t Tasks) -> Self {
        let used = tasks.iter().map(|(state, attempts)| (state.as_str(), vec![0; attempts.len()])).collect();
        Self { tasks, used, inputs: BTreeMap::new(), fault: None }
    }

    /// The inputs of the calls so far, by state.
    #[must_use]
    pub fn inputs(&self) -> &BTreeMap<String, Vec<Value>> {
        &self.inputs
    }

    /// The first call that had no answer.
    #[must_use]
    pub fn fault(&self) -> Option<&ScriptError> {
        self.fault.as_ref()
    }

    /// The first attempt that is left and fits the call, taken.
    fn take(&mut self, call: &TaskCall) -> Result<&'t Attempt, ScriptError> {
        let (Some(attempts), Some(used)) = (self.tasks.get(&call.state), self.used.get_mut(call.state.as_str())) else {
            return Err(ScriptError::NotScripted(call.state.clone()));
        };
        let fitting = attempts.iter().zip(used).find(|(attempt, used)| {
            attempt.times.is_none_or(|times| **used < times)
                && attempt.input.as_ref().is_none_or(|input| compare::equal(input, &call.input))
        });
        let Some((attempt, used)) = fitting else {
            return Err(ScriptError::RunDry {
                state: call.state.clone(),
                call: self.inputs.get(&call.state).map_or(0, Vec::len),
                input: call.input.to_string(),
            });
        };
        *used += 1;
        Ok(attempt)
    }
}

impl TaskScript for Script<'_> {
    fn answer(&mut self, call: &TaskCall) -> Result<TaskAnswer, ScriptError> {
        self.inputs.entry(call.state.clone()).or_default().push(call.input.clone());
        match self.take(call) {
            Ok(attempt) => Ok(attempt.answer(&call.input)),
            Err(fault) => {
                self.fault.get_or_insert(fault.clone());
                Err(fault)
            }
        }
    }
}

impl Attempt {
    fn answer(&self, input: &Value) -> TaskAnswer {
        let result = match &self.answer {
            Scripted::Output(output) => TaskResult::Output { output: output.clone() },
            Scripted::Echo => TaskResult::Output { output: input.clone() },
            Scripted::Error { error, cause } => TaskResult::Error { error: error.clone(), cause: cause.clone() },
            Scripted::Timeout => TaskResult::Timeout,
        };
        TaskAnswer { result, seconds: self.seconds, heartbeats: self.heartbeats.clone() }
    }

    /// The attempt as it stands in a file.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut members = Map::new();
        match &self.answer {
            Scripted::Output(output) => drop(members.insert("output".to_owned(), output.clone())),
            Scripted::Echo => drop(members.insert("echo".to_owned(), Value::Bool(true))),
            Scripted::Timeout => drop(members.insert("timeout".to_owned(), Value::Bool(true))),
            Scripted::Error { error, cause } => {
                members.insert("error".to_owned(), Value::from(error.clone()));
                members.insert("cause".to_owned(), Value::from(cause.clone()));
            }
        }
        if self.seconds != 0.0 {
            members.insert("seconds".to_owned(), Value::from(self.seconds));
        }
        if !self.heartbeats.is_empty() {
            members.insert("heartbeats".to_owned(), Value::from(self.heartbeats.clone()));
        }
        if let Some(input) = &self.input {
            members.insert("input".to_owned(), input.clone());
        }
        if self.times != Some(1) {
            members.insert("times".to_owned(), self.times.map_or(Value::from("always"), Value::from));
        }
        Value::Object(members)
    }
}

/// A script as it stands in a case, or in the file of `--tasks`.
#[must_use]
pub fn tasks_to_json(tasks: &Tasks) -> Value {
    let attempts = |attempts: &Vec<Attempt>| attempts.iter().map(Attempt::to_json).collect::<Value>();
    tasks.iter().map(|(state, entries)| (state.clone(), attempts(entries))).collect::<Map<_, _>>().into()
}

/// An attempt as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAttempt {
    #[serde(default, deserialize_with = "present")]
    output: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    error: Option<Option<String>>,
    #[serde(default, deserialize_with = "present")]
    cause: Option<Option<String>>,
    #[serde(default)]
    timeout: bool,
    #[serde(default)]
    echo: bool,
    #[serde(default)]
    seconds: f64,
    #[serde(default)]
    heartbeats: Vec<f64>,
    #[serde(default, deserialize_with = "present")]
    input: Option<Value>,
    times: Option<RawTimes>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTimes {
    Number(u64),
    Word(String),
}

impl TryFrom<RawAttempt> for Attempt {
    type Error = &'static str;

    fn try_from(raw: RawAttempt) -> Result<Self, Self::Error> {
        let fails = raw.error.is_some() || raw.cause.is_some();
        let answer = match (raw.output, fails, raw.timeout, raw.echo) {
            (Some(output), false, false, false) => Scripted::Output(output),
            (None, true, false, false) => Scripted::Error { error: raw.error.flatten(), cause: raw.cause.flatten() },
            (None, false, true, false) => Scripted::Timeout,
            (None, false, false, true) => Scripted::Echo,
            _ => return Err("an attempt is one of `output`, `error` and `cause`, `timeout`, `echo`"),
        };
        let times = match raw.times {
            None => Some(1),
            Some(RawTimes::Number(0)) => return Err("`times` is at least 1"),
            Some(RawTimes::Number(times)) => Some(times),
            Some(RawTimes::Word(word)) if word == "always" => None,
            Some(RawTimes::Word(_)) => return Err("`times` is a number or \"always\""),
        };
        if !raw.heartbeats.iter().chain([&raw.seconds]).all(|seconds| seconds.is_finite() && *seconds >= 0.0) {
            return Err("`seconds` and `heartbeats` are not negative");
        }
        Ok(Self { answer, seconds: raw.seconds, heartbeats: raw.heartbeats, input: raw.input, times })
    }
}

#[cfg(test)]
mod tests;
