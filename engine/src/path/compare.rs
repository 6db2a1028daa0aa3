//! Equality and order of values in a filter.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::{
    failure::Failure,
    meter::{Meter, text_units},
};

/// Whether two values are equal: numbers by value, objects whatever the order of their members. `loose` also makes a
/// number equal to a text of it (PATH-043).
///
/// Takes no more stack for deep values than for flat ones.
pub(super) fn equal(left: &Value, right: &Value, loose: bool, meter: &Meter) -> Result<bool, Failure> {
    let mut pending = vec![(left, right)];
    while let Some(pair) = pending.pop() {
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
            (Value::Number(left), Value::Number(right)) => order_numbers(left, right).is_eq(),
            (left, right) if loose => order_loosely(left, right).map_or(left == right, Ordering::is_eq),
            (left, right) => left == right,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The order of two numbers or of two texts; values of other kinds have none.
pub(super) fn order(left: &Value, right: &Value, loose: bool) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(order_numbers(left, right)),
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        _ if loose => order_loosely(left, right),
        _ => None,
    }
}

/// The order of a number and a text of a number.
fn order_loosely(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(number), Value::String(text)) => Some(order_numbers(number, &number_in(text)?)),
        (Value::String(text), Value::Number(number)) => Some(order_numbers(&number_in(text)?, number)),
        _ => None,
    }
}

fn number_in(text: &str) -> Option<Number> {
    const LONGEST: usize = 400;
    if text.len() > LONGEST { None } else { serde_json::from_str(text).ok() }
}

/// The order of two numbers by value: 1 equals 1.0, and integers are exact.
pub(super) fn order_numbers(left: &Number, right: &Number) -> Ordering {
    match (integer(left), integer(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(left), None) => order_mixed(left, float(right)),
        (None, Some(right)) => order_mixed(right, float(left)).reverse(),
        (None, None) => float(left).partial_cmp(&float(right)).unwrap_or(Ordering::Equal),
    }
}

fn order_mixed(integer: i128, float: f64) -> Ordering {
    // An integer of a JSON value has 64 bits, so that the conversion saturates only where the order is clear.
    integer.cmp(&(float.floor() as i128)).then(if float.fract() == 0.0 { Ordering::Equal } else { Ordering::Less })
}

/// The exact value of a number that is written without a fraction and has at most 64 bits.
pub(super) fn integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

/// The nearest double.
pub(super) fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}
