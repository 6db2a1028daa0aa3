//! A look at the arguments of functions that could run long or grow far beyond what they are given.

use std::rc::Rc;

use jsonata_core::{ast::AstNode, evaluator::EvaluatorError, functions::string::build_regex, value::JValue};

use super::{
    budget::{self, Budget, LONGEST_RANGE, LONGEST_SEQUENCE, LONGEST_STRING},
    functions::Shared,
    picture,
};

/// The range operator.
pub(super) const RANGE: &str = "..";

/// Longest text of a regular expression, with its counted repetitions written out.
const LARGEST_REGEX: u64 = 100_000;
/// What a class of characters counts.
const CLASS: u64 = 4;
/// What matching may cost: bytes of the subject times size of the regular expression.
const MATCHING: u64 = 400_000_000;
/// Items that `$distinct` compares, each with each.
const LONGEST_DISTINCT: usize = 10_000;

/// Whether a call of this function is looked at.
pub(super) fn applies(name: &str, args: &[AstNode]) -> bool {
    match name {
        "contains" => !matches!(args, [_, AstNode::String(_)]),
        "string" => args.len() > 1,
        "distinct" | "join" | "match" | "pad" | "replace" | "split" => true,
        "formatInteger" | "formatNumber" | "fromMillis" | "parseInteger" | "toMillis" => true,
        _ => false,
    }
}

/// Whether a result is a number, a boolean, or a short text.
pub(super) fn is_small(name: &str) -> bool {
    matches!(
        name,
        "abs"
            | "average"
            | "boolean"
            | "ceil"
            | "contains"
            | "count"
            | "exists"
            | "floor"
            | "formatBase"
            | "length"
            | "max"
            | "millis"
            | "min"
            | "not"
            | "number"
            | "parseInteger"
            | "power"
            | "random"
            | "round"
            | "sqrt"
            | "sum"
            | "toMillis"
            | "type"
            | "uuid"
    )
}

/// Refuses arguments (name, context item, arguments) that would exceed a bound.
pub(super) fn check(arguments: &[JValue], shared: &Shared) -> Result<(), EvaluatorError> {
    let [JValue::String(name), context, arguments @ ..] = arguments else { return Ok(()) };
    let budget = &shared.budget;
    match &**name {
        RANGE => range(arguments),
        "contains" => matching(&subject(arguments, context, 2), arguments.last(), budget),
        "distinct" => match arguments {
            [JValue::Array(items)] if items.len() > LONGEST_DISTINCT => Err(budget::too_long()),
            [JValue::Array(items)] => budget.work((items.len() as u64).saturating_mul(items.len() as u64) / 8),
            _ => Ok(()),
        },
        "join" => join(arguments),
        "match" => matches(&subject(arguments, context, 2), arguments, budget),
        "pad" => pad(&subject(arguments, context, 2), arguments),
        "replace" => replace(&subject(arguments, context, 3), arguments, budget),
        "split" => split(&subject(arguments, context, 2), arguments, budget),
        "string" => match arguments {
            // Two blanks a level.
            [value, JValue::Bool(true), ..] => budget.weigh(value, 2).map(|_| ()),
            _ => Ok(()),
        },
        _ => picture::check(name, arguments),
    }
}

/// The text that a function works on: its first argument, or the context item where there are too few.
fn subject(arguments: &[JValue], context: &JValue, needed: usize) -> Rc<str> {
    let subject = match arguments.first() {
        Some(first) if arguments.len() >= needed => first,
        _ => context,
    };
    subject.as_rc_str().map_or_else(|| "".into(), Rc::clone)
}

/// JNATA-061.
fn range(arguments: &[JValue]) -> Result<(), EvaluatorError> {
    match arguments {
        [JValue::Number(low), JValue::Number(high)] if high - low + 1.0 > LONGEST_RANGE => Err(budget::too_much()),
        // The library counts in 64 bits.
        [JValue::Number(low), JValue::Number(high)] if low.abs().max(high.abs()) > 9e15 => Err(budget::too_much()),
        _ => Ok(()),
    }
}

fn fits(bytes: u64) -> Result<(), EvaluatorError> {
    if bytes > LONGEST_STRING as u64 { Err(budget::too_much()) } else { Ok(()) }
}

fn join(arguments: &[JValue]) -> Result<(), EvaluatorError> {
    let Some(JValue::Array(items)) = arguments.first() else { return Ok(()) };
    let separator = arguments.get(1).and_then(JValue::as_str).map_or(0, str::len) as u64;
    let texts = items.iter().filter_map(JValue::as_str).map(|text| text.len() as u64);
    fits(texts.fold(0, |sum: u64, text| sum.saturating_add(text).saturating_add(separator)))
}

fn pad(subject: &str, arguments: &[JValue]) -> Result<(), EvaluatorError> {
    let width = arguments.iter().find_map(JValue::as_f64).unwrap_or(0.0).abs();
    let filler = arguments.last().and_then(JValue::as_str).map_or(1, |text| text.len().clamp(1, 4));
    if width > 1e9 || width.is_nan() {
        return Err(budget::too_much());
    }
    fits((subject.len() as u64).saturating_add((width as u64).saturating_mul(filler as u64)))
}

/// How often a pattern, a text or a regular expression, occurs.
fn occurrences(subject: &str, pattern: Option<&JValue>, budget: &Budget) -> Result<u64, EvaluatorError> {
    matching(subject, pattern, budget)?;
    Ok(match pattern {
        Some(JValue::String(text)) if text.is_empty() => (subject.len() as u64).saturating_add(1),
        Some(JValue::String(text)) => subject.matches(&**text).count() as u64,
        Some(JValue::Regex { pattern, flags }) => {
            build_regex(pattern, flags).map_or(0, |regex| regex.find_iter(subject).count() as u64)
        }
        _ => 0,
    })
}

fn split(subject: &str, arguments: &[JValue], budget: &Budget) -> Result<(), EvaluatorError> {
    let pattern = arguments.iter().rev().find(|argument| !matches!(argument, JValue::Number(_)));
    let parts = occurrences(subject, pattern, budget)?;
    if parts > LONGEST_SEQUENCE as u64 { Err(budget::too_much()) } else { Ok(()) }
}

fn replace(subject: &str, arguments: &[JValue], budget: &Budget) -> Result<(), EvaluatorError> {
    let arguments = if arguments.len() >= 3 { arguments.get(1..).unwrap_or_default() } else { arguments };
    let found = occurrences(subject, arguments.first(), budget)?;
    let Some(JValue::String(replacement)) = arguments.get(1) else { return Ok(()) };
    // Each `$1` stands for at most its match; all matches together are at most the subject.
    let groups = match arguments.first() {
        Some(JValue::Regex { .. }) => replacement.matches('$').count() as u64,
        _ => 0,
    };
    let inserted = found.saturating_mul(replacement.len() as u64);
    let copied = groups.saturating_add(1).saturating_mul(subject.len() as u64);
    fits(inserted.saturating_add(copied))
}

/// `$match` copies every group of every match.
fn matches(subject: &str, arguments: &[JValue], budget: &Budget) -> Result<(), EvaluatorError> {
    let pattern = arguments.iter().find(|argument| matches!(argument, JValue::Regex { .. }));
    let found = occurrences(subject, pattern, budget)?;
    let groups = match pattern {
        Some(JValue::Regex { pattern, .. }) => pattern.matches('(').count() as u64,
        _ => 0,
    };
    // An object for every match, and a place for every group.
    let objects = found.saturating_mul(groups.saturating_mul(40).saturating_add(400));
    let texts = groups.saturating_add(1).saturating_mul(subject.len() as u64);
    if objects.saturating_add(texts) > 40 << 20 { Err(budget::too_much()) } else { Ok(()) }
}

/// Charges for matching a regular expression, which takes time in proportion to both.
fn matching(subject: &str, pattern: Option<&JValue>, budget: &Budget) -> Result<(), EvaluatorError> {
    let Some(JValue::Regex { pattern, .. }) = pattern else { return Ok(()) };
    let size = regex_size(pattern);
    let cost = size.saturating_mul(subject.len() as u64);
    if size > LARGEST_REGEX || cost > MATCHING {
        return Err(budget::too_long());
    }
    // Compiling and matching, in values weighed.
    budget.work(size.saturating_add(cost / 40))
}

/// The length of a regular expression with its counted repetitions written out. What is not a well-formed one counts
/// as something.
fn regex_size(pattern: &str) -> u64 {
    // Sizes of the groups that are open, and of the last thing in each, which a repetition applies to.
    let mut open = vec![(0_u64, 0_u64)];
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        let atom = match character {
            '(' => {
                open.push((1, 0));
                continue;
            }
            ')' if open.len() > 1 => open.pop().map_or(0, |(size, _)| size),
            '\\' => {
                rest.next();
                CLASS
            }
            '[' => {
                // A bracket that comes first, or is escaped, does not close.
                let mut first = true;
                while let Some(inner) = rest.next() {
                    match inner {
                        '\\' => {
                            rest.next();
                        }
                        ']' if !first => break,
                        _ => {}
                    }
                    first = first && inner == '^';
                }
                CLASS
            }
            '{' => {
                let counts = rest.as_str().split('}').next().unwrap_or_default();
                let largest = counts.split(',').filter_map(|count| count.trim().parse::<u64>().ok()).max();
                if let (Some(largest), Some((size, last))) = (largest, open.last_mut()) {
                    *size = size.saturating_add(last.saturating_mul(largest));
                }
                continue;
            }
            _ => 1,
        };
        if let Some((size, last)) = open.last_mut() {
            *size = size.saturating_add(atom);
            *last = atom;
        }
    }
    open.iter().fold(0, |sum, (size, _)| sum.saturating_add(*size))
}
