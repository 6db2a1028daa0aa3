//! Bounds on the work and the memory of a run.
//!
//! Work is counted in *units*: one for every JSON value visited or copied, and one for every 64 bytes of text copied.
//! A transition costs [`TRANSITION`] units, so that fuel given in transitions also bounds a machine whose
//! transitions each do much work.

use std::cell::Cell;

use serde_json::Value;

use crate::failure::{Failure, StateError, names};

/// Units that one transition costs.
pub const TRANSITION: u64 = 1_000;
/// Deepest nesting of arrays and objects that a value may have: whatever walks a value recursively must fit the stack of
/// a test thread in an unoptimised build.
pub const MAX_DEPTH: usize = 256;

/// Counts the work and the live copies of a run.
#[derive(Debug)]
pub struct Meter {
    left: Cell<u64>,
    live: Cell<u64>,
    live_limit: u64,
}

impl Meter {
    /// A meter that allows `fuel` transitions (or the same amount of data work) and about `live_limit` units of
    /// values alive at a time.
    #[must_use]
    pub fn new(fuel: u64, live_limit: u64) -> Self {
        Self { left: Cell::new(fuel.saturating_mul(TRANSITION)), live: Cell::new(0), live_limit }
    }

    /// Takes `units` from the fuel.
    ///
    /// # Errors
    /// [`Failure::OutOfFuel`] when less is left.
    pub fn charge(&self, units: u64) -> Result<(), Failure> {
        match self.left.get().checked_sub(units) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => {
                self.left.set(0);
                Err(Failure::OutOfFuel)
            }
        }
    }

    /// Charges for `units` of new, live data.
    ///
    /// # Errors
    /// [`Failure::OutOfFuel`], or `States.DataLimitExceeded` when far more than the limit is alive.
    pub fn allocate(&self, units: u64) -> Result<(), Failure> {
        self.charge(units)?;
        let live = self.live.get().saturating_add(units);
        self.live.set(live);
        if live > self.live_limit.saturating_mul(2) {
            return Err(too_much("more data is alive than the interpreter allows"));
        }
        Ok(())
    }

    /// Whether the upper bound of live data is above the limit, so that it should be counted anew and
    /// [set](Self::set_live).
    #[must_use]
    pub fn live_is_suspect(&self) -> bool {
        self.live.get() > self.live_limit
    }

    /// Replaces the upper bound by a counted figure.
    ///
    /// # Errors
    /// `States.DataLimitExceeded` when the figure really is above the limit.
    pub fn set_live(&self, units: u64) -> Result<(), Failure> {
        self.live.set(units);
        if units > self.live_limit {
            return Err(too_much("more data is alive than the interpreter allows"));
        }
        Ok(())
    }

    /// A metered copy of `value`, to be placed below `depth` levels of nesting.
    ///
    /// # Errors
    /// [`Failure::OutOfFuel`]; `States.DataLimitExceeded` when the copy would be too deep or too much.
    pub fn copy(&self, value: &Value, depth: usize) -> Result<Value, Failure> {
        self.allocate(size(value, depth)?)?;
        Ok(value.clone())
    }

    /// Counts `value` and checks that it may stand below `depth` levels of nesting.
    ///
    /// # Errors
    /// [`Failure::OutOfFuel`]; `States.DataLimitExceeded` when the value is too deep.
    pub fn measure(&self, value: &Value, depth: usize) -> Result<u64, Failure> {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Ok(1),
            Value::String(text) => Ok(text_units(text)),
            Value::Array(items) => {
                let inner = deeper(depth)?;
                self.charge(items.len() as u64)?;
                let mut sum = 1_u64;
                for item in items {
                    sum = sum.saturating_add(self.measure(item, inner)?);
                }
                Ok(sum)
            }
            Value::Object(members) => {
                let inner = deeper(depth)?;
                self.charge(members.len() as u64)?;
                let mut sum = 1_u64;
                for (name, member) in members {
                    sum = sum.saturating_add(text_units(name)).saturating_add(self.measure(member, inner)?);
                }
                Ok(sum)
            }
        }
    }
}

/// The units of a copy of `value` that is to stand below `depth` levels of nesting, names included.
fn size(value: &Value, depth: usize) -> Result<u64, Failure> {
    let mut sum = 1_u64;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
        Value::String(text) => sum = text_units(text),
        Value::Array(items) => {
            let inner = deeper(depth)?;
            for item in items {
                sum = sum.saturating_add(size(item, inner)?);
            }
        }
        Value::Object(members) => {
            let inner = deeper(depth)?;
            for (name, member) in members {
                sum = sum.saturating_add(text_units(name)).saturating_add(size(member, inner)?);
            }
        }
    }
    Ok(sum)
}

/// The units of a text.
#[must_use]
pub fn text_units(text: &str) -> u64 {
    (text.len() as u64 / 64).saturating_add(1)
}

fn deeper(depth: usize) -> Result<usize, Failure> {
    if depth >= MAX_DEPTH {
        return Err(too_much("a value is nested more deeply than the interpreter allows"));
    }
    Ok(depth.saturating_add(1))
}

fn too_much(cause: &str) -> Failure {
    StateError::new(names::DATA_LIMIT_EXCEEDED, cause).into()
}
