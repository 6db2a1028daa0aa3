//! From a valid definition to a [`Machine`]: names become indices, every expression is parsed once.
//!
//! The validator has accepted the document before anything here looks at it, so whatever still does not fit is an
//! omission of one of the two: it comes out as a diagnostic that says so, never as a panic.

mod fields;
mod map;
mod states;

use std::collections::HashMap;

use serde_json::Value;

use crate::{
    diagnostic::{Code, Diagnostic, Severity},
    machine::{Machine, QueryLanguage, State, StateId},
    profile::Profile,
    validate,
};
use fields::Fields;

impl Machine {
    /// Compiles a definition.
    ///
    /// # Errors
    /// The findings of [`validate::validate`] when one of them is an error, or a diagnostic of code `UNSUPPORTED` for a
    /// part of the language that this interpreter lacks.
    pub fn compile(definition: &Value, profile: Profile) -> Result<Self, Vec<Diagnostic>> {
        let findings = validate::validate(definition, profile);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(findings);
        }
        let mut compiler = Compiler { profile, language: QueryLanguage::JsonPath, states: Vec::new() };
        compiler.machine(definition).map_err(|omission| vec![omission.into()])
    }
}

/// Something that the validator accepts and the compiler does not take.
#[derive(Debug)]
struct Omission {
    location: String,
    message: String,
}

impl From<Omission> for Diagnostic {
    fn from(omission: Omission) -> Self {
        Self {
            code: Code::Unsupported,
            severity: Severity::Error,
            location: omission.location,
            message: omission.message,
            requirement: "LINT-025",
        }
    }
}

type Compiled<T> = Result<T, Omission>;

struct Compiler {
    profile: Profile,
    /// Of the machine: the default of every state, nested ones included (STRUCT-028).
    language: QueryLanguage,
    /// A place for every state, filled once the state is compiled.
    states: Vec<Option<State>>,
}

impl Compiler {
    fn machine(&mut self, definition: &Value) -> Compiled<Machine> {
        let root = Fields::root(definition)?;
        self.language = root.language();
        let timeout = root.get("TimeoutSeconds").and_then(fields::whole);
        let start = self.flow(&root)?;
        let states = self.states.drain(..).collect::<Option<Vec<_>>>();
        let states = states.ok_or_else(|| root.omission("a state was left out"))?;
        Ok(Machine { states, start, timeout, profile: self.profile })
    }

    /// Compiles an object with `StartAt` and `States`; gives the start state.
    fn flow(&mut self, object: &Fields<'_>) -> Compiled<StateId> {
        let states = object.object("States")?;
        let first = self.states.len();
        let names: HashMap<&str, StateId> =
            states.members().zip(first..).map(|((name, _), index)| (name, StateId(index))).collect();
        self.states.resize_with(first.saturating_add(names.len()), || None);
        for ((name, _), index) in states.members().zip(first..) {
            let state = self.state(name, &states.state(name, self.language)?, &names)?;
            if let Some(place) = self.states.get_mut(index) {
                *place = Some(state);
            }
        }
        object.target("StartAt", &names)
    }
}
