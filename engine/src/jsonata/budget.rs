//! The bounds of one evaluation: steps, bytes, depth.

use std::cell::Cell;

use jsonata_core::{
    evaluator::EvaluatorError,
    value::{JArray, JValue},
};

use crate::profile::Profile;

/// Steps of an evaluation: calls, and values that pass from where they are made to where they are kept.
const STEPS: u64 = 400_000;
/// Values of all values that are weighed, which takes time but no memory.
const VISITS: u64 = 40_000_000;
/// Bytes, roughly, that an evaluation may build in all.
const BYTES: u64 = 96 << 20;
/// Bytes, roughly, of one value.
const LARGEST: u64 = 40 << 20;

/// Length of the longest sequence of a range: 8 bytes an item make 6,990,256 bytes (JNATA-061).
pub(super) const LONGEST_RANGE: f64 = 873_782.0;
/// Length of the longest result of `$range` (JNATA-062).
pub(super) const LONGEST_STEPPED_RANGE: f64 = 360_145.0;
/// Length of any other sequence.
pub(super) const LONGEST_SEQUENCE: usize = 1_000_000;
/// Longest string, in bytes (JNATA-047, JNATA-063).
pub(super) const LONGEST_STRING: usize = 6_990_256;
/// Real time after which an evaluation is given up, in milliseconds, should the bounds above not have ended it (D65).
pub(super) const LONGEST_TIME: u64 = 900;

/// Levels of evaluation, counted as the reference implementation does: one for every node of the tree between the
/// outermost and the present one, through the functions that are being called (JNATA-046).
pub(super) fn deepest(profile: Profile) -> usize {
    if profile.is_aws() { 100 } else { 400 }
}

/// Messages by which [`Error::from_message`](super::Error::from_message) knows the bounds again.
pub(super) fn too_deep() -> EvaluatorError {
    EvaluatorError::EvaluationError("U1001: depth".to_owned())
}

/// See [`too_deep`].
pub(super) fn too_much() -> EvaluatorError {
    EvaluatorError::EvaluationError("D2015: memory".to_owned())
}

/// See [`too_deep`].
pub(super) fn too_long() -> EvaluatorError {
    EvaluatorError::EvaluationError("D1012: time".to_owned())
}

/// What is left to one evaluation.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<u64>,
    visits: Cell<u64>,
    bytes: Cell<u64>,
    base: Cell<usize>,
    deepest: usize,
}

impl Budget {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            steps: Cell::new(STEPS),
            visits: Cell::new(VISITS),
            bytes: Cell::new(BYTES),
            base: Cell::new(0),
            deepest: deepest(profile),
        }
    }

    /// Steps taken so far.
    pub(super) fn steps(&self) -> u64 {
        STEPS.saturating_sub(self.steps.get())
    }

    fn take(left: &Cell<u64>, amount: u64) -> bool {
        match left.get().checked_sub(amount) {
            Some(rest) => {
                left.set(rest);
                true
            }
            None => false,
        }
    }

    /// One step.
    pub(super) fn step(&self) -> Result<(), EvaluatorError> {
        if Self::take(&self.steps, 1) { Ok(()) } else { Err(too_long()) }
    }

    /// Lets work of this size pass that the library does in one go.
    pub(super) fn work(&self, units: u64) -> Result<(), EvaluatorError> {
        if Self::take(&self.visits, units) { Ok(()) } else { Err(too_long()) }
    }

    /// A call `levels` below the root of the body around it: the levels of the callee count from there.
    pub(super) fn enter(&self, levels: usize) -> Result<(), EvaluatorError> {
        self.base.set(self.base.get().saturating_add(levels));
        self.reach(0)
    }

    /// The end of such a call.
    pub(super) fn leave(&self, levels: usize) {
        self.base.set(self.base.get().saturating_sub(levels));
    }

    /// A body is entered that will certainly nest `levels` deep.
    pub(super) fn reach(&self, levels: usize) -> Result<(), EvaluatorError> {
        self.step()?;
        if self.base.get().saturating_add(levels) > self.deepest { Err(too_deep()) } else { Ok(()) }
    }

    /// A value passes to where it is kept, together with `extra` values that are not weighed.
    pub(super) fn pass(&self, value: &JValue, extra: u64) -> Result<(), EvaluatorError> {
        self.step()?;
        let weight = self.weigh(value, 0)?;
        let bytes = weight.saturating_add(extra.saturating_mul(PLACE));
        if Self::take(&self.bytes, bytes) { Ok(()) } else { Err(too_much()) }
    }

    /// The size of a value as a tree, in bytes, with `indent` bytes for every level above every value.
    pub(super) fn weigh(&self, value: &JValue, indent: u64) -> Result<u64, EvaluatorError> {
        let mut weight = 0_u64;
        let mut visits = 0_u64;
        let mut stack = vec![(value, 0_u64)];
        while let Some((value, margin)) = stack.pop() {
            visits = visits.saturating_add(1);
            weight = weight.saturating_add(margin);
            let inner = margin.saturating_add(indent);
            match value {
                JValue::String(text) if text.len() > LONGEST_STRING => return Err(too_much()),
                JValue::String(text) => weight = weight.saturating_add(text.len() as u64).saturating_add(PLACE),
                JValue::Array(items) => {
                    weight = weight.saturating_add(PLACE.saturating_mul(2));
                    match plain_items(items) {
                        Some(count) if indent == 0 => {
                            weight = weight.saturating_add(PLACE.saturating_mul(count));
                            visits = visits.saturating_add(count / 8);
                        }
                        _ => stack.extend(items.iter().map(|item| (item, inner))),
                    }
                }
                JValue::Object(members) => {
                    weight = weight.saturating_add(PLACE.saturating_mul(2));
                    for (name, member) in members.iter() {
                        weight = weight.saturating_add(name.len() as u64).saturating_add(PLACE.saturating_mul(2));
                        stack.push((member, inner));
                    }
                }
                _ => weight = weight.saturating_add(PLACE),
            }
            if weight > LARGEST {
                return Err(too_much());
            }
        }
        self.work(visits)?;
        Ok(weight)
    }
}

/// Bytes that a number takes, or a reference to anything else.
const PLACE: u64 = 24;

/// The length of a long array of numbers, which needs no further look.
fn plain_items(items: &JArray) -> Option<u64> {
    const LONG: usize = 64;
    let is_plain = items.len() >= LONG && items.iter().all(|item| matches!(item, JValue::Number(_)));
    is_plain.then_some(items.len() as u64)
}
