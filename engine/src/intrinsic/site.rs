//! Where a function is invoked: what its implementation may use, and how it refuses.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::function::Function;
use crate::{
    environment::Environment,
    failure::{Failure, StateError, names},
    json, meter, number,
    path::{Path, PathError},
    profile::Profile,
};

/// Most characters of a text that is encoded, decoded or hashed.
const MAX_CHARACTERS: usize = 10_000;

/// Why an invocation has no value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refusal {
    /// Count, type, range or length of the arguments.
    Arguments(Function),
    /// A brace without its partner, and that partner (INTR-Format-08).
    Template { found: char, missing: char },
    /// A string argument ends inside an escape (INTR-SYNTAX-11).
    OpenEscape,
    /// A Path argument has no value; the text says why.
    Path(String),
    /// Not the fault of the invocation.
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl Refusal {
    /// A Path argument without a value. An index past the end counts as a miss here, unlike under a `.$` key (D52).
    pub(super) fn of_path(path: &Path, error: PathError, environment: &Environment<'_>) -> Self {
        match error {
            PathError::Failure(failure) => Self::Failure(failure),
            PathError::Missing(_) | PathError::PastEnd(_) => {
                // The cause holds the whole input, so that input is paid for.
                match environment.meter.measure(environment.input, 0).and_then(|size| environment.meter.charge(size)) {
                    Err(failure) => Self::Failure(failure),
                    Ok(()) => Self::Path(format!(
                        "The JsonPath argument for the field '{}' could not be found in the input '{}'",
                        // As measured: a Path into the context object loses one `$`.
                        path.text().strip_prefix('$').filter(|rest| rest.starts_with('$')).unwrap_or(path.text()),
                        json::to_text(environment.input),
                    )),
                }
            }
            PathError::Inapplicable(_) | PathError::Unassigned(_) => Self::Path(error.to_string()),
        }
    }

    /// The failure of the state; the cause quotes the outermost invocation as written (INTR-SYNTAX-23).
    pub(super) fn into_failure(self, invocation: &str, profile: Profile) -> Failure {
        let cause = |reason: &str| {
            format!("There was an error while evaluating the intrinsic function: {invocation}. {reason}")
        };
        let cause = match self {
            Self::Failure(failure) => return failure,
            Self::Arguments(function) => cause(&format!("Invalid arguments in {}", function.name())),
            Self::Template { found, missing } => cause(&format!(
                "Invalid template in {}: matching '{missing}' not found for '{found}'.",
                Function::Format.name()
            )),
            Self::OpenEscape => cause("A string argument ends inside an escape"),
            Self::Path(reason) => format!("The function '{invocation}' had the following error: {reason}"),
        };
        let error = if profile.is_aws() { names::RUNTIME } else { names::INTRINSIC_FAILURE };
        StateError::new(error, cause).into()
    }
}

/// One invocation being evaluated.
#[derive(Clone, Copy)]
pub(super) struct Site<'v> {
    /// The function, which is named when it refuses.
    pub(super) function: Function,
    /// The data and settings of the state.
    pub(super) environment: &'v Environment<'v>,
}

impl<'v> Site<'v> {
    /// Whether the reading of AWS applies.
    pub(super) fn is_aws(self) -> bool {
        self.environment.profile.is_aws()
    }

    /// The refusal of the arguments.
    pub(super) fn refuse(self) -> Refusal {
        Refusal::Arguments(self.function)
    }

    /// The arguments of a function that takes exactly `N`.
    pub(super) fn exactly<const N: usize>(self, values: Vec<Cow<'v, Value>>) -> Result<[Cow<'v, Value>; N], Refusal> {
        values.try_into().map_err(|_| self.refuse())
    }

    /// An argument that must be an array.
    pub(super) fn array(self, value: &Value) -> Result<&[Value], Refusal> {
        value.as_array().map(Vec::as_slice).ok_or_else(|| self.refuse())
    }

    /// An argument that must be a string.
    pub(super) fn string(self, value: &Value) -> Result<&str, Refusal> {
        value.as_str().ok_or_else(|| self.refuse())
    }

    /// An argument that must be a number.
    pub(super) fn number(self, value: &Value) -> Result<&Number, Refusal> {
        value.as_number().ok_or_else(|| self.refuse())
    }

    /// An argument that must be an integer; aws: cut toward zero (D13).
    pub(super) fn integer(self, value: &Value) -> Result<i64, Refusal> {
        let value = self.number(value)?;
        let integer = if self.is_aws() { number::truncate(value) } else { number::to_i64(value) };
        integer.ok_or_else(|| self.refuse())
    }

    /// A text that must not be longer than encoding, decoding and hashing allow.
    pub(super) fn limited(self, text: &str) -> Result<&str, Refusal> {
        if text.chars().nth(MAX_CHARACTERS).is_some() { Err(self.refuse()) } else { Ok(text) }
    }

    /// Pays for work.
    pub(super) fn charge(self, units: u64) -> Result<(), Refusal> {
        Ok(self.environment.meter.charge(units)?)
    }

    /// Pays for new data.
    pub(super) fn allocate(self, units: usize) -> Result<(), Refusal> {
        Ok(self.environment.meter.allocate(units as u64)?)
    }

    /// Pays for visiting every part of a value.
    pub(super) fn visit(self, value: &Value) -> Result<(), Refusal> {
        let size = self.environment.meter.measure(value, 0)?;
        self.charge(size)
    }

    /// A value to keep, below `depth` levels of the result: moved when it is new, copied when it belongs to the state.
    pub(super) fn own(self, value: Cow<'v, Value>, depth: usize) -> Result<Value, Refusal> {
        match value {
            Cow::Borrowed(value) => Ok(self.environment.meter.copy(value, depth)?),
            Cow::Owned(value) => {
                self.environment.meter.measure(&value, depth)?;
                Ok(value)
            }
        }
    }

    /// The item of an array at `index`, to stand below `depth` levels of the result. It leaves null behind when the
    /// array is new: take every item once.
    pub(super) fn item(self, array: &mut Cow<'v, Value>, index: usize, depth: usize) -> Result<Value, Refusal> {
        let item = match array {
            Cow::Borrowed(array) => array.get(index).map(Cow::Borrowed),
            Cow::Owned(array) => array.get_mut(index).map(|item| Cow::Owned(item.take())),
        };
        self.own(item.ok_or_else(|| self.refuse())?, depth)
    }

    /// Extends a text that is being built.
    pub(super) fn push(self, text: &mut String, piece: &str) -> Result<(), Refusal> {
        self.environment.meter.allocate(meter::text_units(piece))?;
        text.push_str(piece);
        Ok(())
    }

    /// A new text as a value.
    pub(super) fn text(self, text: String) -> Result<Value, Refusal> {
        self.environment.meter.allocate(meter::text_units(&text))?;
        Ok(Value::String(text))
    }
}
