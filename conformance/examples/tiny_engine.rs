//! The smallest engine worth testing: it knows the states Pass, Succeed and Fail, and says so of everything else.
//!
//! An engine of your own is tested in the same way: a test target with `harness = false` and a `main` like the one at
//! the end, and this crate as a dev-dependency. Then `cargo test` runs the suite, and `cargo test choice/` the cases of
//! one area.

use std::{collections::BTreeSet, process::ExitCode};

use asl_conformance::{
    Description, Engine, Fault, Outcome, Reply, Request, TaskScript,
    case::{Definition, Input, Profile},
};
use serde_json::{Map, Value};

/// The engine.
#[derive(Clone, Copy, Debug, Default)]
pub struct TinyEngine;

/// A machine that goes round in circles is given up after so many states.
const MAX_STATES: usize = 1_000;

impl Engine for TinyEngine {
    fn describe(&self) -> Description {
        Description {
            name: "tiny".to_owned(),
            version: "0.1.0".to_owned(),
            language: "Rust".to_owned(),
            features: BTreeSet::new(),
            observables: BTreeSet::new(),
            profiles: BTreeSet::from([Profile::Aws]),
        }
    }

    fn run(&mut self, request: &Request<'_>, _tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        if request.validate_only {
            return Ok(unsupported("validation"));
        }
        let Definition::Json(definition) = &*request.definition else {
            return Ok(unsupported("definitions as text"));
        };
        let input = match &*request.input {
            Input::Json(input) => input.clone(),
            Input::Text(text) => match serde_json::from_str(text) {
                Ok(input) => input,
                Err(error) => return Ok(Reply::Refused { reason: error.to_string() }),
            },
        };
        Ok(run(definition, input).map_or_else(|lack| unsupported(&lack), Reply::from))
    }
}

fn unsupported(what: &str) -> Reply {
    Reply::Unsupported { reason: what.to_owned() }
}

/// Runs a machine; the error is what the engine lacks for it.
fn run(definition: &Value, input: Value) -> Result<Outcome, String> {
    let machine = only(definition, "the machine", &["Comment", "Version", "StartAt", "States"])?;
    let mut name = text(machine, "StartAt")?;
    let mut data = input;
    for _ in 0..MAX_STATES {
        let state = &definition["States"][name];
        match text(state.as_object().ok_or("a state that does not exist")?, "Type")? {
            "Pass" => {
                let state = only(state, "Pass", &["Type", "Comment", "Result", "Next", "End"])?;
                data = state.get("Result").cloned().unwrap_or(data);
                match state.get("Next").and_then(Value::as_str) {
                    Some(next) => name = next,
                    None => return Ok(Outcome::succeeded(data)),
                }
            }
            "Succeed" => {
                only(state, "Succeed", &["Type", "Comment"])?;
                return Ok(Outcome::succeeded(data));
            }
            "Fail" => {
                let state = only(state, "Fail", &["Type", "Comment", "Error", "Cause"])?;
                let field = |name| state.get(name).and_then(Value::as_str).map(str::to_owned);
                return Ok(Outcome::failed(field("Error"), field("Cause")));
            }
            other => return Err(format!("the state type {other}")),
        }
    }
    Err(format!("a run of more than {MAX_STATES} states"))
}

/// The members of `value`, if they are all among `known`.
fn only<'v>(value: &'v Value, what: &str, known: &[&str]) -> Result<&'v Map<String, Value>, String> {
    let members = value.as_object().ok_or("what is not an object")?;
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("the field {name} of {what}")),
        None => Ok(members),
    }
}

fn text<'v>(members: &'v Map<String, Value>, name: &str) -> Result<&'v str, String> {
    members.get(name).and_then(Value::as_str).ok_or_else(|| format!("the lack of {name}"))
}

#[allow(dead_code, reason = "tests include this file as a module")]
fn main() -> ExitCode {
    asl_conformance::test_main(TinyEngine::default)
}
