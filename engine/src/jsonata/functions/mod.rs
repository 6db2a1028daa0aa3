//! The functions that expressions can call: a table of all, those of AWS, and replacements of what the library gets wrong.

mod aws;
mod text;

use std::rc::Rc;

use jsonata_core::{
    evaluator::{Evaluator, EvaluatorError},
    value::JValue,
};

use super::{Bindings, budget::Budget, convert::Exact, guard, instrument::host};
use crate::profile::Profile;

/// What the language knows under a name.
struct Row {
    name: &'static str,
    /// Parameters of the reference implementation, which decide how many arguments `$map` and its like pass.
    arity: usize,
    /// Whether a number in the result may be another than those in the arguments.
    calculates: bool,
}

const fn keeps(name: &'static str, arity: usize) -> Row {
    Row { name, arity, calculates: false }
}

const fn makes(name: &'static str, arity: usize) -> Row {
    Row { name, arity, calculates: true }
}

/// Sorted by name. `$eval` is missing on purpose (JNATA-033).
#[rustfmt::skip]
const FUNCTIONS: &[Row] = &[
    makes("abs", 1), keeps("append", 2), keeps("assert", 2), makes("average", 1), keeps("base64decode", 1),
    keeps("base64encode", 1), keeps("boolean", 1), makes("ceil", 1), keeps("contains", 2), keeps("count", 1),
    keeps("decodeUrl", 1), keeps("decodeUrlComponent", 1), keeps("distinct", 1), keeps("each", 2),
    keeps("encodeUrl", 1), keeps("encodeUrlComponent", 1), keeps("error", 1), keeps("exists", 1), keeps("filter", 2),
    makes("floor", 1), keeps("formatBase", 2), keeps("formatInteger", 2), keeps("formatNumber", 3),
    keeps("fromMillis", 3), keeps("hash", 2), keeps("join", 2), keeps("keys", 1), keeps("length", 1),
    keeps("lookup", 2), keeps("lowercase", 1), keeps("map", 2), keeps("match", 3), keeps("max", 1), keeps("merge", 1),
    makes("millis", 0), keeps("min", 1), keeps("not", 1), keeps("now", 2), makes("number", 1), keeps("pad", 3),
    keeps("parse", 1), makes("parseInteger", 2), keeps("partition", 2), makes("power", 2), makes("random", 1),
    makes("range", 3), keeps("reduce", 3), keeps("replace", 4), keeps("reverse", 1), makes("round", 2),
    keeps("shuffle", 1), keeps("sift", 2), keeps("single", 2), keeps("sort", 2), keeps("split", 3), keeps("spread", 1),
    makes("sqrt", 1), keeps("string", 1), keeps("substring", 3), keeps("substringAfter", 2),
    keeps("substringBefore", 2), makes("sum", 1), makes("toMillis", 2), keeps("trim", 1), keeps("type", 1),
    keeps("uppercase", 1), keeps("uuid", 0), keeps("zip", 0),
];

fn row(name: &str) -> Option<&'static Row> {
    FUNCTIONS.binary_search_by_key(&name, |row| row.name).ok().and_then(|at| FUNCTIONS.get(at))
}

/// Number of parameters of a function; `None` when there is no function of this name.
pub(super) fn arity(name: &str) -> Option<usize> {
    row(name).map(|row| row.arity)
}

/// Whether a function may return a number that none of its arguments holds. Unknown functions do not count: the bodies
/// of those that an expression defines are seen where they are written.
pub(super) fn calculates(name: &str) -> bool {
    row(name).is_some_and(|row| row.calculates)
}

/// Whether a function calls functions that it is given.
pub(super) fn is_higher_order(name: &str) -> bool {
    ["each", "filter", "map", "match", "reduce", "replace", "sift", "single", "sort"].contains(&name)
}

/// Functions of one argument that the library gets wrong or that are ours, whose argument may be the context item.
pub(super) fn takes_context(name: &str) -> bool {
    ["base64decode", "decodeUrl", "decodeUrlComponent", "encodeUrl", "encodeUrlComponent"].contains(&name)
}

type HostResult = Result<JValue, EvaluatorError>;

/// What host functions of one evaluation share. They must outlive every borrow, so random numbers are drawn by a
/// generator of their own.
pub(super) struct Shared {
    pub budget: Budget,
    pub exact: Exact,
    pub random: crate::random::Random,
    pub now: i64,
    /// Variables of the machine that have the name of a function and hide it.
    pub hidden: Vec<String>,
}

/// Registers what `names` asks for.
pub(super) fn register(
    evaluator: &mut Evaluator,
    names: impl Iterator<Item = impl AsRef<str>>,
    shared: &Rc<Shared>,
) -> Result<(), EvaluatorError> {
    for name in names {
        let name = name.as_ref();
        let Some(function) = function(name) else { continue };
        let shared = Rc::clone(shared);
        evaluator.register_fn_override(name, move |arguments: &[JValue]| function(arguments, &shared))?;
    }
    Ok(())
}

type Function = fn(&[JValue], &Shared) -> HostResult;

fn function(name: &str) -> Option<Function> {
    Some(match name {
        "base64decode" => text::base64decode,
        "decodeUrl" => text::decode_url,
        "decodeUrlComponent" => text::decode_url_component,
        "encodeUrl" => text::encode_url,
        "encodeUrlComponent" => text::encode_url_component,
        "eval" => |_, _| Err(error("T1006", "Attempted to invoke a non-function")),
        "hash" => aws::hash,
        "millis" => aws::millis,
        "parse" => aws::parse,
        "partition" => aws::partition,
        "random" => aws::random,
        "range" => aws::range,
        "shuffle" => aws::shuffle,
        "uuid" => aws::uuid,
        host::ENTER => |arguments, shared| {
            shared.budget.enter(levels(arguments.first()))?;
            Ok(arguments.first().cloned().unwrap_or(JValue::Undefined))
        },
        host::LEAVE => |arguments, shared| {
            shared.budget.leave(levels(arguments.first()));
            pass(arguments.get(1), 0, shared)
        },
        host::REACH => |arguments, shared| {
            shared.budget.reach(levels(arguments.first()))?;
            Ok(JValue::Undefined)
        },
        host::PASS => |arguments, shared| pass(arguments.first(), levels(arguments.get(1)) as u64, shared),
        host::GUARD => |arguments, shared| {
            guard::check(arguments, shared)?;
            Ok(JValue::Undefined)
        },
        host::WHOLE => |arguments, _| {
            Ok(match arguments.first() {
                Some(JValue::Number(number)) => JValue::Number(number.trunc()),
                other => other.cloned().unwrap_or(JValue::Undefined),
            })
        },
        host::EACH => |arguments, shared| {
            shared.budget.work(length(arguments).saturating_mul(20))?;
            Ok(match arguments.first() {
                // One value stands for an array of it, which the library does not grant null.
                Some(JValue::Null) => JValue::array(vec![JValue::Null]),
                first => first.cloned().unwrap_or(JValue::Undefined),
            })
        },
        host::SOME => |arguments, shared| {
            shared.budget.work(length(arguments).saturating_mul(20))?;
            match arguments.first() {
                Some(JValue::Array(items)) if items.is_empty() => Ok(JValue::Undefined),
                first => Ok(first.cloned().unwrap_or(JValue::Undefined)),
            }
        },
        host::SORT => |arguments, shared| {
            let length = length(arguments);
            shared.budget.work(length.saturating_mul(20).saturating_mul(length.max(1).ilog2().into()))?;
            Ok(arguments.first().cloned().unwrap_or(JValue::Undefined))
        },
        host::HIDDEN => |arguments, shared| {
            let name = arguments.first().and_then(JValue::as_str).unwrap_or_default();
            Ok(JValue::Bool(shared.hidden.iter().any(|hidden| hidden == name)))
        },
        _ => return None,
    })
}

fn length(arguments: &[JValue]) -> u64 {
    arguments.first().and_then(JValue::as_array).map_or(1, Vec::len) as u64
}

fn levels(value: Option<&JValue>) -> usize {
    value.and_then(JValue::as_f64).map_or(0, |levels| levels as usize)
}

fn pass(value: Option<&JValue>, extra: u64, shared: &Shared) -> HostResult {
    let Some(value) = value else { return Ok(JValue::Undefined) };
    shared.budget.pass(value, extra)?;
    Ok(value.clone())
}

/// An error of the language.
pub(super) fn error(code: &str, message: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(format!("{code}: {message}"))
}

/// `T0410` for an argument, counted from 1.
fn wrong_argument(position: usize, function: &str) -> EvaluatorError {
    error("T0410", &format!("Argument {position} of function \"{function}\" does not match function signature"))
}

impl Shared {
    pub(super) fn new(bindings: &Bindings<'_>, profile: Profile, hidden: Vec<String>, draws: bool) -> Self {
        let seed = if draws { bindings.random.bits() } else { 0 };
        Self {
            budget: Budget::new(profile),
            exact: Exact::default(),
            random: crate::random::Random::seeded(seed),
            now: bindings.now,
            hidden,
        }
    }
}

/// Whether a function is one of those that are [registered](register).
pub(super) fn is_ours(name: &str) -> bool {
    function(name).is_some()
}

/// Whether a function draws random numbers.
pub(super) fn draws(name: &str) -> bool {
    ["random", "shuffle", "uuid", "base64decode"].contains(&name)
}
