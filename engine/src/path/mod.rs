//! Paths and Reference Paths (PATH rows; specification, "Paths" and "Reference Paths").
//!
//! A [`Path`] reads; a [`ReferencePath`], which can name one place only, also writes. Both are parsed once. A definite
//! Path borrows what it selects; any other gathers metered copies into one array (PATH-011).
//!
//! What the sources leave open is decided in one table, in `dialect.rs`. Texts and nesting are bounded, so that
//! neither parsing nor evaluation can exhaust the stack: see [`MAX_TEXT`], [`MAX_STEPS`] and [`MAX_NESTING`].

use std::borrow::Cow;

use serde_json::Value;
use thiserror::Error;

use crate::{failure::Failure, meter::Meter, profile::Profile};

mod compare;
mod condition;
mod dialect;
mod eval;
mod filter;
mod functions;
mod outcome;
mod parse;
mod pattern;
mod print;
mod reference;
mod scan;
mod syntax;
#[cfg(test)]
mod tests;

use dialect::Dialect;
use eval::Evaluation;
pub use limits::{NESTING as MAX_NESTING, STEPS as MAX_STEPS, TEXT as MAX_TEXT};
use outcome::Stop;
pub use reference::{AssignError, ReferencePath};
use scan::{Parser, Place};
use syntax::Query;

/// Bounds of a Path. They belong to this interpreter, not to the language.
mod limits {
    /// Longest text of a Path, in bytes.
    pub const TEXT: usize = 65_536;
    /// Most steps of a Path, those inside its filters included.
    pub const STEPS: usize = 250;
    /// Deepest nesting of parentheses and of brackets with filters or lists in them.
    pub const NESTING: usize = 50;
    /// Most regular expressions in one Path.
    pub const PATTERNS: usize = 16;
    /// Largest regular expression, in steps. One takes some 32 bytes when compiled.
    pub const PATTERN_SIZE: usize = 1 << 14;
    /// Deepest nesting of a regular expression.
    pub const PATTERN_NESTING: u32 = 50;
}

/// What a Path starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root {
    /// `$`: the input.
    Input,
    /// `$$`: the context object (PATH-003).
    Context,
    /// `$name`: a variable.
    Variable(Box<str>),
}

/// Why a text is not a Path (PATH-016).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message} at offset {offset}")]
pub struct SyntaxError {
    /// Byte offset in the text.
    pub offset: usize,
    /// What was expected.
    pub message: String,
}

/// Why a Path selects nothing.
///
/// Texts say `$` for the root, whatever it is, and give steps in bracket form, as the service does.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PathError {
    /// A Path has no value (PATH-013).
    #[error("{0}")]
    Missing(String),
    /// The last step of a definite Path is an index past the end of an existing array. Under a `.$` key the `aws`
    /// profile makes null of it (PATH-014); everywhere else it is like [`PathError::Missing`] (INTR-SYNTAX-20).
    #[error("{0}")]
    PastEnd(String),
    /// A step that the value does not allow, such as an index into a number (PATH-031).
    #[error("{0}")]
    Inapplicable(String),
    /// A variable without a value (VAR-019).
    #[error("variable '${0}' has no value")]
    Unassigned(String),
    /// Fuel or memory ran out.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What a Path selects, without copies of what is part of the value of its root.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection<'v> {
    /// The value of a definite Path.
    Value(Cow<'v, Value>),
    /// The entries of the list that any other Path selects.
    List(Vec<Cow<'v, Value>>),
}

/// A compiled Path.
///
/// Displayed in one canonical form, which parses to an equal Path. Two Paths are equal when their roots and steps are,
/// however they were written.
#[derive(Clone, Debug)]
pub struct Path {
    text: Box<str>,
    root: Root,
    query: Query,
}

impl Path {
    /// Parses a Path (PATH-001).
    ///
    /// # Errors
    /// The first place at which the text is no Path of the profile, or is beyond the bounds of the interpreter.
    pub fn parse(text: &str, profile: Profile) -> Result<Self, SyntaxError> {
        let (root, query) = Parser::new(text, Dialect::of(profile), Place::Path)?.path()?;
        Ok(Self { text: text.into(), root, query })
    }

    /// What it starts from.
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Whether it selects at most one value by construction. Otherwise it selects a list (PATH-011). Of the steps,
    /// names, unions of names and indexes are definite, and so is a function.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        self.query.call.is_some() || !self.query.is_list()
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Selects from the value of its root, as a payload template does: in the `aws` profile, an index past the end of
    /// one array among several gives null in a list (PATH-027).
    ///
    /// # Errors
    /// [`PathError::Missing`], [`PathError::PastEnd`] and [`PathError::Inapplicable`] when there is nothing to select;
    /// [`PathError::Failure`] when fuel or memory ran out.
    pub fn select<'v>(&self, root: &'v Value, profile: Profile, meter: &Meter) -> Result<Cow<'v, Value>, PathError> {
        let dialect = Dialect::of(profile);
        self.evaluate(root, Evaluation { root, dialect, meter, pads: dialect.past_end_in_list_is_null })
    }

    /// Selects from the value of its root what exists there: an index past the end gives nothing in a list, in either
    /// profile. For intrinsic arguments and Choice Rules, where such an index is a miss (INTR-SYNTAX-20; D52).
    ///
    /// # Errors
    /// Those of [`Path::select`].
    pub fn select_existing<'v>(
        &self,
        root: &'v Value,
        profile: Profile,
        meter: &Meter,
    ) -> Result<Cow<'v, Value>, PathError> {
        self.evaluate(root, Evaluation { root, dialect: Dialect::of(profile), meter, pads: false })
    }

    /// Selects as [`Path::select_existing`] does, but makes no array of copies: for whoever only looks at the entries.
    ///
    /// # Errors
    /// Those of [`Path::select`].
    pub fn select_in_place<'v>(
        &self,
        root: &'v Value,
        profile: Profile,
        meter: &Meter,
    ) -> Result<Selection<'v>, PathError> {
        let evaluation = Evaluation { root, dialect: Dialect::of(profile), meter, pads: false };
        evaluation.select_in_place(&self.query, root).map_err(|stop| self.described(stop))
    }

    fn evaluate<'v>(&self, root: &'v Value, evaluation: Evaluation<'_>) -> Result<Cow<'v, Value>, PathError> {
        evaluation.select(&self.query, root).map_err(|stop| self.described(stop))
    }

    fn described(&self, stop: Stop) -> PathError {
        stop.describe(&self.query.steps, self.query.call.is_none())
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root && self.query == other.query
    }
}

impl Eq for Path {}
