//! What is wrong with an expression, and what an evaluation ends with.

use thiserror::Error;
use uuid::Uuid;

use crate::failure::Failure;

/// Kind of a [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The expression does not parse (JNATA-005, JNATA-011).
    Syntax,
    /// A name or `$` at the top level (JNATA-012, JNATA-013).
    TopLevel,
    /// `$$` (JNATA-014).
    Root,
}

/// Something in the text of an expression that makes a definition invalid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Fault {
    /// Where in the text, in bytes from its start.
    pub offset: usize,
    /// What is wrong, in one line.
    pub message: String,
    /// Which rule is broken.
    pub kind: FaultKind,
}

/// Why an evaluation has no value. All but [`Error::Failure`] are `States.QueryEvaluationError` to the machine
/// (JNATA-022 to JNATA-027); the text of each continues a sentence that names the expression (JNATA-031).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Error {
    /// The language has an error for it, usually with a code such as `T0410` (JNATA-057).
    #[error("threw an error during evaluation. {code}: {message}")]
    Coded {
        /// A letter and four digits.
        code: String,
        /// What the library says about it.
        message: String,
    },
    /// An exceeded limit, which has no code (JNATA-046, JNATA-047, JNATA-064).
    #[error("threw an error during evaluation: {0}")]
    Limit(Limit),
    /// Something that the library cannot do, in its own words, such as a regular expression with look-around.
    #[error("threw an error during evaluation: {0}")]
    Library(String),
    /// An error that AWS reports without code and message (JNATA-056).
    #[error("threw an internal error during evaluation. {0}")]
    Internal(Uuid),
    /// Nothing, as a whole or inside an array or object (JNATA-022).
    #[error("returned nothing (undefined).")]
    Undefined,
    /// A function, which JSON cannot hold (JNATA-027).
    #[error("returned an unsupported result type.")]
    UnsupportedType,
    /// The run itself must stop, or its bounds on data were exceeded.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// Bounds of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum Limit {
    /// Nesting of the expression and of the functions it calls.
    #[error("Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive")]
    Depth,
    /// Size of a value, or of all values that were built.
    #[error("Expression evaluation memory limit exceeded: Check for excessive memory usage")]
    Memory,
    /// Steps, or seconds.
    #[error("Expression evaluation timeout: Check for infinite loop")]
    Time,
}

impl Error {
    /// Reads a message of the library. It may carry a code of the language, one of its own, or one of ours.
    pub(super) fn from_message(message: &str, incident: impl FnOnce() -> Uuid) -> Self {
        let Some((code, rest)) = split_code(message) else {
            return Self::Library(message.to_owned());
        };
        match code {
            "D1011" | "U1001" | "U1002" => Self::Limit(Limit::Depth),
            "D2014" | "D2015" => Self::Limit(Limit::Memory),
            "D1012" | "U1003" => Self::Limit(Limit::Time),
            INTERNAL => Self::Internal(incident()),
            code => Self::Coded { code: code.to_owned(), message: rest.to_owned() },
        }
    }
}

impl Error {
    /// Words a refused argument as the reference implementation does, which names the function; the library does not.
    pub(super) fn about(self, function: Option<&str>) -> Self {
        let (Self::Coded { code, message }, Some(function)) = (&self, function) else { return self };
        let Some(index) = message.split_whitespace().find(|word| word.bytes().all(|byte| byte.is_ascii_digit())) else {
            return self;
        };
        let argument = format!("Argument {index} of function \"{function}\"");
        let message = match (code.as_str(), message.rsplit_once(' ')) {
            ("T0410", _) => format!("{argument} does not match function signature"),
            ("T0412", Some((_, kind))) => {
                let kind = kind.trim_matches('"').trim_end_matches('s').to_lowercase();
                format!("{argument} must be an array of \"{kind}s\"")
            }
            _ => return self,
        };
        Self::Coded { code: code.clone(), message }
    }
}

/// A code for errors that AWS reports without one, never shown.
pub(super) const INTERNAL: &str = "U9999";

/// The first `[DSTU]dddd` of a message, and the text around it.
pub(super) fn split_code(message: &str) -> Option<(&str, &str)> {
    let at = message.as_bytes().windows(5).position(|window| match window {
        [letter, digits @ ..] => b"DSTU".contains(letter) && digits.iter().all(u8::is_ascii_digit),
        [] => false,
    })?;
    let (code, rest) = message.get(at..)?.split_at_checked(5)?;
    let rest = rest.trim_start_matches([':', ' ']);
    Some((code, if rest.is_empty() { message } else { rest }))
}
