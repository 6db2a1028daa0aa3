//! Validation: what is valid by construction has no error, and a named fault has its named finding.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_engine::{
    diagnostic::{Diagnostic, Severity},
    profile::Profile,
    validate::validate,
};
use asl_generator::{
    Config, Machine,
    faults::{self, Fault},
};
use serde_json::{Map, Value};

use crate::{
    PROFILES,
    data::{below, flip},
};

/// A valid machine, and the same with one fault.
pub struct Input {
    valid: Value,
    broken: Option<(&'static Fault, Value, String)>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let breaks = flip(u);
        let at = below(u, faults::all().count());
        let config = Config::draw(u);
        let valid = Machine::draw(u, &config)?.definition;
        let mut document = valid.clone();
        let fault = faults::all().nth(at).filter(|_| breaks);
        let broken = fault.and_then(|fault| (fault.apply)(u, &mut document).map(|location| (fault, location)));
        Ok(Self { valid, broken: broken.map(|(fault, location)| (fault, document, location)) })
    }
}

/// The document: what `exec` and `check` take.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let document = self.broken.as_ref().map_or(&self.valid, |(_, document, _)| document);
        write!(f, "{document:#}")
    }
}

/// A drawn machine has no error in either profile, in whatever order its members stand; one with a fault has the
/// finding that was foretold.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let Some((fault, document, location)) = &input.broken else {
        for profile in PROFILES {
            let errors = errors(&input.valid, profile);
            assert!(errors.is_empty(), "a valid machine is refused: {errors:?}\n{input:?}");
            let backwards = reversed(&input.valid);
            let found = self::errors(&backwards, profile);
            assert!(found.is_empty(), "the order of members matters: {found:?}\n{input:?}");
        }
        return;
    };
    // What the faults foretell holds in the default profile.
    let errors = errors(document, Profile::Aws);
    let is_foretold = |found: &Diagnostic| found.code.name() == fault.code && found.location == *location;
    assert!(
        errors.iter().any(is_foretold),
        "{} ({}) should be {} at {location:?}; found {errors:?}\n{input:?}",
        fault.name,
        fault.requirement,
        fault.code
    );
}

fn errors(document: &Value, profile: Profile) -> Vec<Diagnostic> {
    let mut findings = validate(document, profile);
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

/// The same document with the members of every object in reverse order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(reversed).collect(),
        Value::Object(members) => {
            let members = members.iter().rev().map(|(name, member)| (name.clone(), reversed(member)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        scalar => scalar.clone(),
    }
}

/// The document.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
