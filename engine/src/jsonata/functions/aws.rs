//! The functions that Step Functions adds (JNATA-036 to JNATA-045, JNATA-069 to JNATA-074), and those whose result
//! must follow the clock and the seed of the run.

use jsonata_core::{evaluator::EvaluatorError, value::JValue};
use md5::Digest;

use super::{HostResult, Shared, error, wrong_argument};
use crate::{
    intrinsic::java,
    json,
    jsonata::{
        budget::{self, LONGEST_STEPPED_RANGE},
        convert,
    },
};

/// Refuses arguments beyond the last parameter (JNATA-072).
fn at_most(count: usize, arguments: &[JValue], function: &str) -> Result<(), EvaluatorError> {
    if arguments.len() > count { Err(wrong_argument(count.saturating_add(1), function)) } else { Ok(()) }
}

/// An argument that is undefined when it is missing.
fn argument(arguments: &[JValue], index: usize) -> &JValue {
    arguments.get(index).unwrap_or(&JValue::Undefined)
}

/// A number, `None` when undefined.
fn number(arguments: &[JValue], index: usize, function: &str) -> Result<Option<f64>, EvaluatorError> {
    match argument(arguments, index) {
        JValue::Number(number) => Ok(Some(*number)),
        JValue::Undefined => Ok(None),
        _ => Err(wrong_argument(index.saturating_add(1), function)),
    }
}

/// `$partition(array, size)`.
pub(super) fn partition(arguments: &[JValue], _: &Shared) -> HostResult {
    at_most(2, arguments, "partition")?;
    let one;
    let items: &[JValue] = match argument(arguments, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Null => {
            return Err(error("T0412", "Argument 1 of function \"partition\" must be an array"));
        }
        JValue::Array(items) => items,
        other => {
            one = [other.clone()];
            &one
        }
    };
    let size = match number(arguments, 1, "partition")? {
        // D54: toward zero.
        Some(size) => size.trunc(),
        None => items.len() as f64,
    };
    if size < 0.0 {
        return Err(error("D3137", "Second argument must be zero or greater"));
    }
    if items.is_empty() || size < 1.0 || size.is_nan() {
        return Ok(JValue::Undefined);
    }
    // JNATA-070: constructed arrays, which no step takes apart.
    let chunks = items.chunks((size as usize).max(1)).map(|chunk| JValue::cons(chunk.to_vec())).collect();
    Ok(JValue::cons(chunks))
}

/// `$range(first, last, step)`.
pub(super) fn range(arguments: &[JValue], _: &Shared) -> HostResult {
    at_most(3, arguments, "range")?;
    if arguments.len() < 2 {
        return Err(wrong_argument(2, "range"));
    }
    let bounds = [number(arguments, 0, "range")?, number(arguments, 1, "range")?, number(arguments, 2, "range")?];
    let [Some(first), Some(last), Some(step)] = bounds.map(|bound| bound.map(f64::trunc)) else {
        return Ok(JValue::Undefined);
    };
    let count = ((last - first) / step).floor() + 1.0;
    // JNATA-045; a NaN counts as unusable too.
    if step == 0.0 || count < 1.0 || count.is_nan() {
        return Ok(JValue::Undefined);
    }
    if count > LONGEST_STEPPED_RANGE {
        return Err(budget::too_much());
    }
    let items = (0..count as u32).map(|index| JValue::Number(first + f64::from(index) * step)).collect();
    // JNATA-038: a sequence, so one item stands for itself.
    Ok(JValue::sequence(items))
}

/// `$hash(text, algorithm)`.
pub(super) fn hash(arguments: &[JValue], _: &Shared) -> HostResult {
    at_most(2, arguments, "hash")?;
    let text = |index: usize| match argument(arguments, index) {
        JValue::String(text) => Ok(Some(text.as_bytes())),
        JValue::Undefined => Ok(None),
        _ => Err(wrong_argument(index.saturating_add(1), "hash")),
    };
    let (Some(data), Some(algorithm)) = (text(0)?, text(1)?) else { return Ok(JValue::Undefined) };
    let digest = match algorithm {
        b"MD5" => hexadecimal(&md5::Md5::digest(data)),
        b"SHA-1" => hexadecimal(&sha1::Sha1::digest(data)),
        b"SHA-256" => hexadecimal(&sha2::Sha256::digest(data)),
        b"SHA-384" => hexadecimal(&sha2::Sha384::digest(data)),
        b"SHA-512" => hexadecimal(&sha2::Sha512::digest(data)),
        _ => return Err(error("D3137", "Unsupported hash algorithm: use MD5, SHA-1, SHA-256, SHA-384 or SHA-512")),
    };
    Ok(JValue::string(digest))
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `$random(seed)`.
pub(super) fn random(arguments: &[JValue], shared: &Shared) -> HostResult {
    at_most(1, arguments, "random")?;
    Ok(JValue::Number(match number(arguments, 0, "random")? {
        // JNATA-041, D54. The cast cuts toward zero.
        Some(seed) => java::Random::seeded(seed as i64).unit(),
        None => shared.random.unit(),
    }))
}

/// `$uuid()`.
pub(super) fn uuid(arguments: &[JValue], shared: &Shared) -> HostResult {
    at_most(0, arguments, "uuid")?;
    Ok(JValue::string(shared.random.uuid().to_string()))
}

/// `$parse(text)`.
pub(super) fn parse(arguments: &[JValue], shared: &Shared) -> HostResult {
    at_most(1, arguments, "parse")?;
    let text = match argument(arguments, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::String(text) => text,
        _ => return Err(wrong_argument(1, "parse")),
    };
    // JNATA-073: strictly one document, without duplicate keys or numbers beyond a double.
    match json::parse(text) {
        Ok(parsed) if parsed.duplicates.is_empty() => Ok(convert::bind(&parsed.value, &shared.exact)),
        _ => Err(error("D3137", "Invalid JSON")),
    }
}

/// `$millis()`: virtual time.
pub(super) fn millis(_: &[JValue], shared: &Shared) -> HostResult {
    Ok(JValue::Number(shared.now as f64))
}

/// `$shuffle(array)`, by the seed of the run.
pub(super) fn shuffle(arguments: &[JValue], shared: &Shared) -> HostResult {
    at_most(1, arguments, "shuffle")?;
    let mut items = match argument(arguments, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items.to_vec(),
        other => vec![other.clone()],
    };
    for end in (1..items.len()).rev() {
        let other = (shared.random.unit() * (end as f64 + 1.0)) as usize;
        items.swap(end, other.min(end));
    }
    Ok(JValue::array(items))
}
