//! Why an evaluation stopped, kept cheap until someone asks for the text.

use std::fmt::{self, Display, Write as _};

use serde_json::Value;

use super::PathError;
use crate::failure::Failure;

/// Why a query selects nothing.
#[derive(Debug)]
pub(super) enum Stop {
    /// The step `at` does not lead anywhere.
    Miss { at: usize, miss: Miss },
    /// Fuel or memory ran out.
    Failure(Failure),
}

/// What a step met.
#[derive(Debug)]
pub(super) enum Miss {
    /// An object without the member.
    NoMember,
    /// A name where there is no object.
    NotObject,
    /// An index where there is null.
    Null,
    /// An index past the end of an array.
    PastEnd,
    /// Another index that the array does not have.
    OutOfBounds(i64),
    /// An index or a slice where there is no array.
    NotArray(String),
    /// A filter where there is neither array nor object.
    Scalar(String),
    /// A function that has no value, and why.
    Function(String),
}

impl Miss {
    /// Whether nothing is there, as opposed to something that a step cannot be applied to.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::NoMember | Self::NotObject | Self::Null | Self::PastEnd)
    }

    pub fn at(self, at: usize) -> Stop {
        Stop::Miss { at, miss: self }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Stop {
    /// The error for the reader. `last` is whether nothing follows the steps.
    pub fn describe<S: Display>(self, steps: &[S], last: bool) -> PathError {
        let (at, miss) = match self {
            Self::Failure(failure) => return PathError::Failure(failure),
            Self::Miss { at, miss } => (at, miss),
        };
        let before = Trail(steps.get(..at).unwrap_or(steps));
        let through = Trail(steps.get(..=at).unwrap_or(steps));
        let last = last && steps.len().saturating_sub(1) == at;
        let step = steps.get(at).map(ToString::to_string).unwrap_or_default();
        match miss {
            Miss::NoMember if last => PathError::Missing(format!("No results for path: {through}")),
            Miss::NoMember => PathError::Missing(format!("Missing property in path {through}")),
            Miss::NotObject => PathError::Missing(format!("Property {step} not found in path {before}")),
            Miss::Null => PathError::Missing(format!("The path {before} is null")),
            Miss::PastEnd if last => PathError::PastEnd(out_of_bounds(&through)),
            Miss::PastEnd => PathError::Missing(out_of_bounds(&through)),
            Miss::OutOfBounds(index) => PathError::Missing(out_of_bounds(&format_args!("{before}[{index}]"))),
            Miss::NotArray(context) => PathError::Inapplicable(format!(
                "Filter: {step} can only be applied to arrays. Current context is: {context}"
            )),
            Miss::Scalar(context) => PathError::Inapplicable(format!(
                "Filter: {step} can not be applied to primitives. Current context is: {context}"
            )),
            Miss::Function(cause) => PathError::Inapplicable(format!("{cause} in path {through}")),
        }
    }
}

fn out_of_bounds(path: &dyn Display) -> String {
    format!("Index out of bounds when evaluating path {path}")
}

/// Steps from the root.
struct Trail<'s, S>(&'s [S]);

impl<S: Display> Display for Trail<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('$')?;
        self.0.iter().try_for_each(|step| step.fmt(f))
    }
}

/// A short text for a value: a scalar itself, or its kind.
pub(super) fn outline(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
        Value::String(text) => match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.clone(),
        },
        scalar => scalar.to_string(),
    }
}
