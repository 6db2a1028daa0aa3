//! JSONata expressions (JNATA rows): parsed once, checked, evaluated under bounds.
//!
//! The language itself is the crate `jsonata-core`, which no other module names, so that it can be replaced. Around it
//! stand, in the order in which an expression meets them:
//!
//! - `nesting`: a look at the text alone, so that the recursive parser never sees a hostile one;
//! - `analysis`: what Step Functions refuses (JNATA-012 to JNATA-014), and what the expression reads;
//! - `path`: a plain field path is walked on our own values and needs none of what follows;
//! - `instrument`: the expression is rewritten so that whatever builds or repeats passes through `budget`;
//! - `convert`: only what the expression names is converted, and the result back;
//! - `functions`: those of AWS, and replacements of those that the library gets wrong.

mod analysis;
mod budget;
mod convert;
mod error;
mod evaluate;
mod functions;
mod guard;
mod instrument;
mod nesting;
mod parse;
mod path;
mod picture;
mod shape;
mod signature;
mod words;

#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

use serde_json::Value;

pub use self::{
    analysis::Uses,
    error::{Error, Fault, FaultKind, Limit},
};
use self::{instrument::Program, path::FieldPath};
use crate::{meter::Meter, profile::Profile, random::Random, scope::Scope};

/// What an expression can read.
#[derive(Clone, Copy, Debug)]
pub struct Bindings<'e> {
    /// `$states.input` (JNATA-016).
    pub input: &'e Value,
    /// `$states.result`, where there is one (JNATA-018).
    pub result: Option<&'e Value>,
    /// `$states.errorOutput`, where there is one (JNATA-019).
    pub error_output: Option<&'e Value>,
    /// `$states.context` (JNATA-017).
    pub context: &'e Value,
    /// Variables.
    pub scope: &'e Scope,
    /// Bounds of the run, charged for what the expression does.
    pub meter: &'e Meter,
    /// Where `$random`, `$uuid` and `$shuffle` take their numbers.
    pub random: &'e Random,
    /// `$millis()`: milliseconds of virtual time since the Unix epoch.
    pub now: i64,
}

impl<'e> Bindings<'e> {
    /// A member of `$states` (JNATA-021).
    fn member(&self, name: &str) -> Option<&'e Value> {
        match name {
            "input" => Some(self.input),
            "context" => Some(self.context),
            "result" => self.result,
            "errorOutput" => self.error_output,
            _ => None,
        }
    }
}

/// A parsed expression. Cloning is cheap. Equal when the texts and profiles are.
#[derive(Clone)]
pub struct Expression(Arc<Parsed>);

struct Parsed {
    text: String,
    profile: Profile,
    uses: Uses,
    /// Set where the expression is no more than that.
    path: Option<FieldPath>,
    program: Program,
}

impl Expression {
    /// Parses the text between the delimiters `{%` and `%}`.
    ///
    /// # Errors
    /// Every [`Fault`], in order of writing. A syntax error stands alone.
    pub fn parse(text: &str, profile: Profile) -> Result<Self, Vec<Fault>> {
        parse::with_stack(text, || Self::parse_here(text, profile))
    }

    fn parse_here(text: &str, profile: Profile) -> Result<Self, Vec<Fault>> {
        let tree = parse::tree(text).map_err(|fault| vec![fault])?;
        let (uses, path, program) = match tree {
            None => (Uses::default(), None, Program::too_deep()),
            Some(tree) => {
                let analysis = analysis::analyse(&tree, text, profile);
                if !analysis.faults.is_empty() {
                    return Err(analysis.faults);
                }
                let path = FieldPath::of(&tree);
                let program = Program::new(tree, &analysis, profile);
                (analysis.uses, path, program)
            }
        };
        Ok(Self(Arc::new(Parsed { text: text.trim().to_owned(), profile, uses, path, program })))
    }

    /// The text, without outer blanks, as causes quote it (JNATA-031).
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// What the expression reads.
    #[must_use]
    pub fn uses(&self) -> &Uses {
        &self.0.uses
    }

    /// The value of the expression, as JSON.
    ///
    /// # Errors
    /// See [`Error`]. Work is bounded in steps, bytes and depth, so that the outcome does not depend on the machine it
    /// runs on; a second of real time is the last resort.
    pub fn evaluate(&self, bindings: &Bindings<'_>) -> Result<Value, Error> {
        let parsed = &*self.0;
        if let Some(value) = parsed.path.as_ref().and_then(|path| path.select(bindings)) {
            return convert::copy(value.ok_or(Error::Undefined)?, bindings.meter);
        }
        let evaluated = evaluate::run(&parsed.program, &parsed.uses, bindings, parsed.profile);
        evaluated.map_err(|error| error.about(parsed.uses.only_function()))
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text && self.0.profile == other.0.profile
    }
}

impl Eq for Expression {}

impl fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Expression").field(&self.0.text).finish()
    }
}
