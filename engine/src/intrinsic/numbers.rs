//! The functions on numbers.

use std::borrow::Cow;

use serde_json::{Number, Value};

use super::{
    java,
    site::{Refusal, Site},
};
use crate::number;

/// `States.MathAdd`: of integers; aws rounds fractions first and knows 32 bits only (D13).
pub(super) fn add(site: Site<'_>, left: &Value, right: &Value) -> Result<Value, Refusal> {
    let (left, right) = (site.number(left)?, site.number(right)?);
    let sum = if site.is_aws() { add_in_32_bits(left, right) } else { add_integers(left, right) };
    sum.map(Value::Number).ok_or_else(|| site.refuse())
}

fn add_in_32_bits(left: &Number, right: &Number) -> Option<Number> {
    let round = |value| number::round_half_up(value).and_then(|value| i32::try_from(value).ok());
    round(left)?.checked_add(round(right)?).map(Number::from)
}

/// Exact up to 64 bits; larger integers are doubles, and so are their sums.
fn add_integers(left: &Number, right: &Number) -> Option<Number> {
    if let (Some(left), Some(right)) = (number::integer(left), number::integer(right)) {
        return left.checked_add(right).map(number::from_integer);
    }
    let both_whole = number::is_integer(left) && number::is_integer(right);
    both_whole.then(|| Number::from_f64(left.as_f64()? + right.as_f64()?)).flatten()
}

/// `States.MathRandom`: from `start` to before `end`; the same number for the same seed (INTR-MathRandom-05), in both
/// profiles the one that AWS gives.
pub(super) fn random<'v>(site: Site<'v>, values: Vec<Cow<'v, Value>>) -> Result<Value, Refusal> {
    let (start, end, seed) = match values.as_slice() {
        [start, end] => (start, end, None),
        [start, end, seed] => {
            let seed = number::truncate(site.number(seed)?).ok_or_else(|| site.refuse())?;
            (start, end, Some(seed))
        }
        _ => return Err(site.refuse()),
    };
    let (start, end) = (site.integer(start)?, site.integer(end)?);
    if start >= end {
        return Err(site.refuse());
    }
    let width = end.abs_diff(start);
    let distance = match seed {
        Some(seed) => java::Random::seeded(seed).below(width),
        None => scale(site.environment.random.bits(), width),
    };
    Ok(start.saturating_add_unsigned(distance).into())
}

/// Random bits scaled to a number below `bound`.
pub(super) fn scale(bits: u64, bound: u64) -> u64 {
    // The upper half of the product, which is below the bound.
    (u128::from(bits).saturating_mul(bound.into()) >> 64) as u64
}
