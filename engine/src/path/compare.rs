//! Equality and order of values in a filter.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::{
    failure::Failure,
    meter::{Meter, text_units},
    number,
};

/// Whether two values are equal: numbers by value, objects whatever the order of their members. `loose` also makes a
/// number equal to a text of it (PATH-043).
///
/// Takes no more stack for deep values than for flat ones.
pub(super) fn equal(left: &Value, right: &Value, loose: bool, meter: &Meter) -> Result<bool, Failure> {
    let mut pair = (left, right);
    let mut pending = Vec::new();
    loop {
        meter.charge(1)?;
        let same = match pair {
            (Value::Array(left), Value::Array(right)) => {
                pending.extend(left.iter().zip(right));
                left.len() == right.len()
            }
            (Value::Object(left), Value::Object(right)) => {
                let pairs = left.iter().filter_map(|(name, member)| Some((member, right.get(name)?)));
                let before = pending.len();
                pending.extend(pairs);
                left.len() == right.len() && pending.len().checked_sub(before) == Some(left.len())
            }
            (Value::String(left), Value::String(right)) => {
                meter.charge(text_units(left))?;
                left == right
            }
            (Value::Number(left), Value::Number(right)) => number::equal(left, right),
            (left, right) if loose => order_loosely(left, right).map_or(left == right, Ordering::is_eq),
            (left, right) => left == right,
        };
        match pending.pop() {
            Some(next) if same => pair = next,
            _ => return Ok(same),
        }
    }
}

/// The order of two numbers or of two texts; values of other kinds have none.
pub(super) fn order(left: &Value, right: &Value, loose: bool) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(number::compare(left, right)),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ if loose => order_loosely(left, right),
        _ => None,
    }
}

/// The order of a number and a text of a number.
fn order_loosely(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::String(text)) => Some(number::compare(left, &number_in(text)?)),
        (Value::String(text), Value::Number(right)) => Some(number::compare(&number_in(text)?, right)),
        _ => None,
    }
}

fn number_in(text: &str) -> Option<Number> {
    const LONGEST: usize = 400;
    if text.len() > LONGEST { None } else { serde_json::from_str(text).ok() }
}
