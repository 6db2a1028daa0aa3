//! The static rules of the language: what makes a definition valid (every requirement of kind `static`).
//!
//! [`validate`] never stops at the first violation and never guesses: each violation is one [`Diagnostic`] with a
//! stable code, a location and the requirement that is broken. Rules about one field are rows of the tables in
//! `fields` and `configurations`; what takes more than one field or state has a module of its own.
//!
//! The order of the findings is stable and follows the document: those that concern several fields of an object come
//! before those about its members one by one. The work is linear in the size of the document, and the recursion is
//! bounded by [`MAX_DEPTH`] and [`MAX_NESTING`].

mod choice;
mod configurations;
mod fields;
mod jsonata;
mod map;
mod paths;
mod report;
mod retry_catch;
mod states;
mod suggestion;
mod template;
mod transitions;
mod validator;
mod values;
mod variables;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::suggestion::nearest;
use self::{report::Token, validator::Validator};
use crate::{
    diagnostic::{Code, Diagnostic},
    json::{self, ParseErrorKind},
    profile::Profile,
};

/// Deepest nesting of arrays and objects in a definition (LINT-023); a value that may be at most as deep at run time
/// could not be made from a deeper literal anyway.
pub const MAX_DEPTH: usize = crate::meter::MAX_DEPTH;

/// Deepest nesting of `States` objects, the outermost included (LINT-023; AWS does not publish its number).
pub const MAX_NESTING: usize = 50;

/// The two kinds of execution of AWS Step Functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MachineType {
    /// Everything the language has.
    #[default]
    Standard,
    /// No activities, no `.sync` and `.waitForTaskToken` resources (TASK-028), no distributed Map (DMAP-002).
    Express,
}

/// Every violation in `definition`, read in `profile`, as a machine of type Standard.
///
/// The definition is valid when no finding has the severity `Error`.
#[must_use]
pub fn validate(definition: &Value, profile: Profile) -> Vec<Diagnostic> {
    validate_as(definition, profile, MachineType::Standard)
}

/// As [`validate`], with the rules for a given machine type (TASK-028, DMAP-002).
#[must_use]
pub fn validate_as(definition: &Value, profile: Profile, machine_type: MachineType) -> Vec<Diagnostic> {
    let mut validator = Validator::new(profile, machine_type);
    match too_deep(definition, 0) {
        // Nothing below walks a document that could exhaust the stack.
        Some(place) => {
            place.into_iter().rev().for_each(|token| validator.report.enter(token));
            let message = format!("arrays and objects may be nested {MAX_DEPTH} deep, and this value is deeper");
            validator.error(Code::TooDeeplyNested, "LINT-023", message);
        }
        None => validator.definition(definition),
    }
    validator.report.into_findings()
}

/// Reads `text` and validates what it holds (STRUCT-001, STRUCT-002, STRUCT-003).
///
/// The value is `None` when the text is blank or is not JSON. Repeated keys (DATA-009), which the value no longer
/// shows, come first among the findings.
#[must_use]
pub fn validate_text(text: &str, profile: Profile) -> (Option<Value>, Vec<Diagnostic>) {
    validate_text_as(text, profile, MachineType::Standard)
}

/// As [`validate_text`], with the rules for a given machine type (TASK-028, DMAP-002).
#[must_use]
pub fn validate_text_as(text: &str, profile: Profile, machine_type: MachineType) -> (Option<Value>, Vec<Diagnostic>) {
    let whole = |code, requirement, message| {
        let mut validator = Validator::new(profile, machine_type);
        validator.error(code, requirement, message);
        validator.report.into_findings()
    };
    if text.trim().is_empty() {
        let message = "the definition is empty; expected a JSON object with StartAt and States".to_owned();
        return (None, whole(Code::MissingDescription, "STRUCT-003", message));
    }
    match json::parse(text) {
        Err(error) if error.kind == ParseErrorKind::TooDeep => {
            (None, whole(Code::TooDeeplyNested, "LINT-023", error.to_string()))
        }
        Err(error) => {
            let message = format!("the definition is not JSON: {error}");
            (None, whole(Code::InvalidJsonDescription, "STRUCT-002", message))
        }
        Ok(parsed) => {
            let mut findings: Vec<Diagnostic> = parsed.duplicates.into_iter().map(duplicate_key).collect();
            findings.extend(validate_as(&parsed.value, profile, machine_type));
            (Some(parsed.value), findings)
        }
    }
}

/// The finding about the member at `location`, whose name its object holds more than once (DATA-009). For readers of
/// other languages than JSON: [`validate_text`] makes it itself.
#[must_use]
pub fn duplicate_key(location: String) -> Diagnostic {
    Diagnostic {
        code: Code::DuplicateKey,
        severity: crate::diagnostic::Severity::Error,
        message: "this object already has a member of this name".to_owned(),
        location,
        requirement: "DATA-009",
    }
}

/// The way to the first value below more than [`MAX_DEPTH`] arrays and objects, innermost step first.
fn too_deep(value: &Value, depth: usize) -> Option<Vec<Token<'_>>> {
    if depth > MAX_DEPTH {
        return Some(Vec::new());
    }
    let below = depth.saturating_add(1);
    let found = |token, member| {
        too_deep(member, below).map(|mut place| {
            place.push(token);
            place
        })
    };
    match value {
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| found(Token::Index(index), item)),
        Value::Object(members) => members.iter().find_map(|(name, member)| found(Token::Name(name), member)),
        _ => None,
    }
}
