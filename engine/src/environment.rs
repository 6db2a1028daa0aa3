//! What an expression of a JSONPath state can see.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    meter::Meter,
    path::{Path, PathError, Root, Selection},
    profile::Profile,
    random::Random,
    scope::Scope,
};

/// The data and the settings that Paths, payload templates and intrinsic functions are evaluated with.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'e> {
    /// What `$` stands for; in a JSONata state `$states.input`.
    pub input: &'e Value,
    /// What `$$` stands for: the context object.
    pub context: &'e Value,
    /// What `$name` stands for.
    pub scope: &'e Scope,
    /// The reading of the language.
    pub profile: Profile,
    /// Bounds on work and memory.
    pub meter: &'e Meter,
    /// Source of random numbers.
    pub random: &'e Random,
    /// What JSONata states see beside their input.
    pub states: States<'e>,
}

/// Members of `$states` that only some fields have, and the clock (JNATA-018, JNATA-019).
#[derive(Clone, Copy, Debug, Default)]
pub struct States<'e> {
    /// `$states.result`.
    pub result: Option<&'e Value>,
    /// `$states.errorOutput`.
    pub error_output: Option<&'e Value>,
    /// The virtual clock, in milliseconds since the Unix epoch.
    pub now: i64,
}

impl<'e> Environment<'e> {
    /// The value that a Path selects.
    ///
    /// # Errors
    /// What [`Path::select`] fails with, and [`PathError::Unassigned`] for a variable without a value (VAR-019).
    pub fn select(&self, path: &Path) -> Result<Cow<'e, Value>, PathError> {
        path.select(self.root(path)?, self.profile, self.meter)
    }

    /// The value that a Path selects among what exists, as the argument of an intrinsic function (INTR-SYNTAX-20).
    ///
    /// # Errors
    /// What [`Path::select_existing`] fails with, and [`PathError::Unassigned`] for a variable without a value.
    pub fn select_existing(&self, path: &Path) -> Result<Cow<'e, Value>, PathError> {
        path.select_existing(self.root(path)?, self.profile, self.meter)
    }

    /// What a Path selects among what exists, without copies (ArrayLength, IsPresent and others that only look).
    ///
    /// # Errors
    /// What [`Path::select_existing`] fails with, and [`PathError::Unassigned`] for a variable without a value.
    pub fn select_in_place(&self, path: &Path) -> Result<Selection<'e>, PathError> {
        path.select_in_place(self.root(path)?, self.profile, self.meter)
    }

    fn root(&self, path: &Path) -> Result<&'e Value, PathError> {
        match path.root() {
            Root::Input => Ok(self.input),
            Root::Context => Ok(self.context),
            Root::Variable(name) => self.scope.get(name).ok_or_else(|| PathError::Unassigned(name.to_string())),
        }
    }
}
