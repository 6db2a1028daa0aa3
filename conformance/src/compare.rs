//! What was expected against what came.

mod history;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use crate::{
    engine::{Finding, Observable, Outcome, Reply, Status},
    expect::{Ending, Expect},
};

/// Deepest nesting that is compared.
const MAX_DEPTH: usize = 1_000;
/// Differences kept of one case.
const MAX_DIFFERENCES: usize = 20;
/// Longest text, in bytes, of either side of a difference.
const MAX_TEXT: usize = 2_000;

/// One place where what came differs from what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where: an observable and, for a value, a JSON Pointer into it.
    pub path: String,
    /// What should have been there.
    pub expected: String,
    /// What was there.
    pub got: String,
}

impl Difference {
    fn new(path: impl Into<String>, expected: impl ToString, got: impl ToString) -> Self {
        Self { path: path.into(), expected: clip(&expected.to_string()), got: clip(&got.to_string()) }
    }
}

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Empty when all that was compared agrees.
    pub differences: Vec<Difference>,
    /// What the case expects and the engine does not report.
    pub unchecked: BTreeSet<Observable>,
}

/// What can be compared: the reply, and what the runner saw itself.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'r> {
    /// What the engine answered.
    pub reply: &'r Reply,
    /// The inputs of the task calls by state.
    pub task_inputs: &'r BTreeMap<String, Vec<Value>>,
    /// What the engine reports beyond the outcome.
    pub observables: &'r BTreeSet<Observable>,
}

/// Compares what came with what was expected. Where several outcomes are permitted, the differences are those to the
/// nearest.
#[must_use]
pub fn compare(expect: &Expect, observed: Observed<'_>) -> Comparison {
    match (expect, observed.reply) {
        (Expect::Invalid(expected), Reply::Invalid { errors }) => {
            findings("errors", Observable::Diagnostics, expected, errors, observed)
        }
        (Expect::Valid { warnings: None }, Reply::Valid { .. }) | (Expect::Refused, Reply::Refused { .. }) => {
            Comparison::default()
        }
        (Expect::Valid { warnings: Some(expected) }, Reply::Valid { warnings }) => {
            findings("warnings", Observable::Warnings, expected, warnings, observed)
        }
        (Expect::Ends(endings), Reply::Outcome(outcome)) => endings
            .iter()
            .map(|ending| end(ending, outcome, observed))
            .min_by_key(|comparison| comparison.differences.len())
            .unwrap_or_default(),
        (expect, reply) => Comparison {
            differences: vec![Difference::new("status", expected_kind(expect), reply_kind(reply))],
            unchecked: BTreeSet::new(),
        },
    }
}

fn expected_kind(expect: &Expect) -> String {
    match expect {
        Expect::Invalid(errors) => format!("an invalid definition ({})", list(errors)),
        Expect::Valid { .. } => "a valid definition".to_owned(),
        Expect::Refused => "an execution that does not start".to_owned(),
        Expect::Ends(endings) => {
            let mut kinds: Vec<_> = endings.iter().map(|ending| ending.status.to_string()).collect();
            kinds.dedup();
            kinds.join(" or ")
        }
    }
}

fn reply_kind(reply: &Reply) -> String {
    match reply {
        Reply::Outcome(outcome) => ended(outcome),
        Reply::Valid { .. } => "a valid definition".to_owned(),
        Reply::Invalid { errors } if errors.is_empty() => "an invalid definition".to_owned(),
        Reply::Invalid { errors } => format!("an invalid definition ({})", list(errors)),
        Reply::Refused { reason } => format!("an execution that does not start ({reason})"),
        Reply::Unsupported { reason } => format!("unsupported ({reason})"),
        Reply::Error { message } => format!("an error of the engine ({message})"),
    }
}

fn ended(outcome: &Outcome) -> String {
    let parts = [outcome.error.as_deref(), outcome.cause.as_deref()];
    let detail = parts.into_iter().flatten().collect::<Vec<_>>().join(": ");
    match &outcome.output {
        _ if !detail.is_empty() => format!("{} ({detail})", outcome.status),
        Some(output) => format!("{} ({output})", outcome.status),
        None => outcome.status.to_string(),
    }
}

fn list(findings: &[Finding]) -> String {
    findings.iter().map(Finding::to_string).collect::<Vec<_>>().join(", ")
}

fn findings(
    path: &str,
    observable: Observable,
    expected: &[Finding],
    got: &[Finding],
    observed: Observed<'_>,
) -> Comparison {
    let mut comparison = Comparison::default();
    if !observed.observables.contains(&observable) {
        comparison.unchecked.insert(observable);
        return comparison;
    }
    let (expected, got) = (sorted(expected), sorted(got));
    if expected != got {
        let none = "none".to_owned();
        let text = |findings: &[Finding]| if findings.is_empty() { none.clone() } else { list(findings) };
        comparison.differences.push(Difference::new(path, text(&expected), text(&got)));
    }
    comparison
}

fn end(expected: &Ending, outcome: &Outcome, observed: Observed<'_>) -> Comparison {
    let mut comparison = Comparison::default();
    if expected.status != outcome.status {
        comparison.differences.push(Difference::new("status", expected.status, ended(outcome)));
        return comparison;
    }
    let differences = &mut comparison.differences;
    if let Some(output) = &expected.output {
        match &outcome.output {
            Some(got) => values("output", output, got, 0, differences),
            None => differences.push(Difference::new("output", output, "nothing")),
        }
    }
    if let Some(schema) = &expected.output_schema {
        schema_differences(schema, outcome.output.as_ref(), differences);
    }
    if expected.status != Status::Succeeded {
        text("error", expected.error.as_ref(), outcome.error.as_ref(), differences);
        text("cause", expected.cause.as_ref(), outcome.cause.as_ref(), differences);
        let cause = outcome.cause.as_deref().unwrap_or_default();
        for part in expected.cause_contains.iter().filter(|part| !cause.contains(part.as_str())) {
            differences.push(Difference::new("causeContains", format!("{part:?}"), format!("{cause:?}")));
        }
    }
    tasks(expected, observed.task_inputs, differences);
    observables(expected, outcome, observed.observables, &mut comparison);
    comparison.differences.truncate(MAX_DIFFERENCES);
    comparison
}

fn text(path: &str, expected: Option<&Option<String>>, got: Option<&String>, differences: &mut Vec<Difference>) {
    let Some(expected) = expected else { return };
    if expected.as_ref() != got {
        let show = |text: Option<&String>| text.map_or("none".to_owned(), |text| format!("{text:?}"));
        differences.push(Difference::new(path, show(expected.as_ref()), show(got)));
    }
}

fn schema_differences(schema: &Value, output: Option<&Value>, differences: &mut Vec<Difference>) {
    let validator = match jsonschema::validator_for(schema) {
        Ok(validator) => validator,
        Err(error) => return differences.push(Difference::new("outputSchema", "a JSON Schema", error)),
    };
    let Some(output) = output else {
        return differences.push(Difference::new("output", schema, "nothing"));
    };
    for error in validator.iter_errors(output) {
        let path = format!("output{}", error.instance_path());
        differences.push(Difference::new(path, format!("outputSchema: {error}"), error.instance()));
    }
}

fn tasks(expected: &Ending, inputs: &BTreeMap<String, Vec<Value>>, differences: &mut Vec<Difference>) {
    for (state, calls) in expected.calls.iter().flatten() {
        let got = inputs.get(state).map_or(0, Vec::len) as u64;
        if got != *calls {
            differences.push(Difference::new(format!("calls/{state}"), calls, got));
        }
    }
    for (state, expected) in expected.task_inputs.iter().flatten() {
        let (expected, got) = (Value::from(expected.clone()), Value::from(inputs.get(state).cloned()));
        values(&format!("taskInputs/{state}"), &expected, &got, 0, differences);
    }
}

/// Compares what only some engines report.
fn observables(expected: &Ending, outcome: &Outcome, reported: &BTreeSet<Observable>, comparison: &mut Comparison) {
    let mut check = |observable, name: &str, agrees: bool, expected: String, got: Option<String>| {
        if !reported.contains(&observable) {
            comparison.unchecked.insert(observable);
        } else if !agrees {
            let got = got.unwrap_or_else(|| "nothing".to_owned());
            comparison.differences.push(Difference::new(name, expected, got));
        }
    };
    if let Some(names) = &expected.visited {
        let agrees = outcome.visited.as_ref() == Some(names);
        check(Observable::Visited, "visited", agrees, json(names), outcome.visited.as_ref().map(json));
    }
    if let Some(names) = &expected.visited_any_order {
        let (names, got) = (sorted(names), outcome.visited.as_ref().map(|names| sorted(names)));
        let agrees = got.as_ref() == Some(&names);
        check(Observable::Visited, "visitedAnyOrder", agrees, json(&names), got.as_ref().map(json));
    }
    if let Some(waits) = &expected.waits {
        let agrees = outcome.waits.as_ref().is_some_and(|got| {
            got.len() == waits.len() && waits.iter().zip(got).all(|(expected, got)| same_time(expected, got))
        });
        check(Observable::Waits, "waits", agrees, json(waits), outcome.waits.as_ref().map(json));
    }
    if let Some(ranges) = &expected.waits_within {
        let agrees = outcome.waits.as_ref().is_some_and(|got| {
            got.len() == ranges.len() && ranges.iter().zip(got).all(|(range, got)| lies_within(range, got))
        });
        check(Observable::Waits, "waitsWithin", agrees, json(ranges), outcome.waits.as_ref().map(json));
    }
    if let Some(elapsed) = &expected.elapsed {
        let agrees = outcome.elapsed.as_ref().is_some_and(|got| same_time(elapsed, got));
        check(Observable::Elapsed, "elapsed", agrees, json(elapsed), outcome.elapsed.as_ref().map(json));
    }
    if let Some(transitions) = &expected.transitions {
        let agrees = outcome.transitions == Some(*transitions);
        check(Observable::Transitions, "transitions", agrees, json(transitions), outcome.transitions.map(|n| json(&n)));
    }
    if let Some(events) = &expected.history {
        if reported.contains(&Observable::History) {
            let got = outcome.history.as_deref().unwrap_or_default();
            let compare = if expected.history_chains { history::chains } else { history::sequence };
            compare(events, got, &mut comparison.differences);
        } else {
            comparison.unchecked.insert(Observable::History);
        }
    }
    if !expected.store.is_empty() {
        if reported.contains(&Observable::Store) {
            store::compare(&expected.store, outcome.store.as_ref(), &mut comparison.differences);
        } else {
            comparison.unchecked.insert(Observable::Store);
        }
    }
}

/// Collects the innermost differences between two values.
fn values(path: &str, expected: &Value, got: &Value, depth: usize, differences: &mut Vec<Difference>) {
    if differences.len() >= MAX_DIFFERENCES || (depth == 0 && equal(expected, got)) {
        return;
    }
    match (expected, got) {
        _ if depth > MAX_DEPTH => differences.push(Difference::new(path, "less nesting", "too deeply nested")),
        (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => {
            for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
                values(&format!("{path}/{index}"), expected, got, depth + 1, differences);
            }
        }
        (Value::Object(expected), Value::Object(got)) => {
            for (name, member) in expected {
                let path = format!("{path}/{}", pointer(name));
                match got.get(name) {
                    Some(got) => values(&path, member, got, depth + 1, differences),
                    None => differences.push(Difference::new(path, member, "nothing")),
                }
            }
            for (name, member) in got.iter().filter(|(name, _)| !expected.contains_key(*name)) {
                differences.push(Difference::new(format!("{path}/{}", pointer(name)), "nothing", member));
            }
        }
        (expected, got) if equal(expected, got) => {}
        (expected, got) => differences.push(Difference::new(path, expected, got)),
    }
}

/// Whether two JSON values are the same: numbers by value, members in any order. Too deeply nested values are not.
#[must_use]
pub fn equal(expected: &Value, got: &Value) -> bool {
    fn within(expected: &Value, got: &Value, depth: usize) -> bool {
        match (expected, got) {
            _ if depth > MAX_DEPTH => false,
            (Value::Number(expected), Value::Number(got)) => same_number(expected, got),
            (Value::Array(expected), Value::Array(got)) => {
                expected.len() == got.len() && expected.iter().zip(got).all(|(item, got)| within(item, got, depth + 1))
            }
            (Value::Object(expected), Value::Object(got)) => {
                expected.len() == got.len()
                    && expected
                        .iter()
                        .all(|(name, member)| got.get(name).is_some_and(|got| within(member, got, depth + 1)))
            }
            (expected, got) => expected == got,
        }
    }
    within(expected, got, 0)
}

fn same_number(expected: &Number, got: &Number) -> bool {
    match (integer(expected), integer(got)) {
        (Some(integer), Some(got)) if integer == got => true,
        // JavaScript prints the double 2^63 as the fewest digits that stand for it, 9223372036854776000.
        (Some(_), Some(got)) => {
            expected.as_f64().is_some_and(|double| expected.is_f64() && double.to_string() == got.to_string())
        }
        (None, None) => expected.as_f64() == got.as_f64(),
        _ => false,
    }
}

/// The value of a number that is whole and not enormous.
fn integer(number: &Number) -> Option<i128> {
    if let Some(integer) = number.as_i128() {
        return Some(integer);
    }
    let float = number.as_f64()?;
    #[allow(clippy::cast_possible_truncation, reason = "whole and in range")]
    (float.fract() == 0.0 && float.abs() < 1e38).then_some(float as i128)
}

/// How far apart two times may lie that agree, in seconds.
const MICROSECOND: f64 = 1e-6;

fn same_time(expected: &Number, got: &Number) -> bool {
    match (expected.as_f64(), got.as_f64()) {
        (Some(expected), Some(got)) => (expected - got).abs() < MICROSECOND,
        _ => false,
    }
}

fn lies_within([least, greatest]: &[f64; 2], got: &Number) -> bool {
    got.as_f64().is_some_and(|got| got > least - MICROSECOND && got < greatest + MICROSECOND)
}

fn sorted<T: Ord + Clone>(items: &[T]) -> Vec<T> {
    let mut items = items.to_vec();
    items.sort();
    items
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| error.to_string())
}

/// Cuts a long text, and says so.
fn clip(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    let end = (0..=MAX_TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    format!("{}... ({} bytes)", &text[..end], text.len())
}

/// A member name as a part of a JSON Pointer.
fn pointer(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests;
