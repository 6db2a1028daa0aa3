//! Documents that are invalid on purpose: named faults, one or more for each static requirement.
//!
//! A [`Fault`] is applied to a valid document, at a random place where it fits, and tells which finding a validator must
//! then report and where. The predictions are those of the `aws` profile. What else is reported can only be a
//! consequence: a state that nothing leads to any more, or an end that is gone.

mod choice;
mod data;
mod jsonata;
mod map;
mod place;
mod states;
mod structure;
mod without;

use arbitrary::Unstructured;
use serde_json::Value;

pub use without::WITHOUT_FAULT;

/// A JSON Pointer to the value that the finding is about.
pub type Location = String;

/// A way to break one rule.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// What is done, in kebab-case; unique.
    pub name: &'static str,
    /// The requirement that is broken.
    pub requirement: &'static str,
    /// The code of the finding.
    pub code: &'static str,
    /// Breaks the rule somewhere in a valid document; `None`, and no change, where it fits nowhere.
    pub apply: fn(&mut Unstructured<'_>, &mut Value) -> Option<Location>,
}

impl Fault {
    const fn new(
        name: &'static str,
        requirement: &'static str,
        code: &'static str,
        apply: fn(&mut Unstructured<'_>, &mut Value) -> Option<Location>,
    ) -> Self {
        Self { name, requirement, code, apply }
    }
}

/// All faults.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    [structure::FAULTS, states::FAULTS, data::FAULTS, choice::FAULTS, map::FAULTS, jsonata::FAULTS]
        .into_iter()
        .flatten()
}
