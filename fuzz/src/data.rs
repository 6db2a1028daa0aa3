//! Values drawn from bytes. Names and scalars come from small pools, so that equal ones meet. None of the draws fails:
//! without bytes each gives its first choice, which is a leaf.

use arbitrary::Unstructured;
use asl_engine::{
    environment::{Environment, States},
    failure::Failure,
    meter::Meter,
    profile::Profile,
    random::Random,
    scope::Scope,
};
use serde_json::{Map, Value, json};

/// Names of members, easy ones and such as must be quoted.
pub(crate) const NAMES: [&str; 12] =
    ["a", "b", "c", "items", "length", "x-y", "0", "two words", "it's", "back\\slash", "é", "dot.ted"];

/// Texts that mean something to someone.
pub(crate) const TEXTS: [&str; 16] = [
    "",
    "a",
    "b",
    "1",
    "1.0",
    "-1",
    "true",
    "a*b",
    "a,b;;c",
    "{}",
    "it's \\ here",
    "é\u{1F680}",
    "e\u{301}",
    "2024-02-29T12:00:00Z",
    "2024-02-29T13:00:00.000+01:00",
    "{\"a\":[1]}",
];

/// One of some items.
pub(crate) fn pick<T: Copy>(u: &mut Unstructured<'_>, items: &[T]) -> T {
    items[below(u, items.len())]
}

/// A name of a member: mostly one of few, so that paths and documents meet.
pub(crate) fn name(u: &mut Unstructured<'_>) -> &'static str {
    if below(u, 4) < 3 { NAMES[below(u, 3)] } else { pick(u, &NAMES) }
}

/// A number below `bound`, which is above 0.
pub(crate) fn below(u: &mut Unstructured<'_>, bound: usize) -> usize {
    u.int_in_range(0..=bound - 1).unwrap_or(0)
}

/// A small integer, negative ones included.
pub(crate) fn small(u: &mut Unstructured<'_>) -> i64 {
    u.int_in_range(-4..=6).unwrap_or(0)
}

/// True in half of the cases, and never without bytes.
pub(crate) fn flip(u: &mut Unstructured<'_>) -> bool {
    u.arbitrary().unwrap_or(false)
}

/// A few things.
pub(crate) fn several<'u, T>(
    u: &mut Unstructured<'u>,
    most: usize,
    mut draw: impl FnMut(&mut Unstructured<'u>) -> T,
) -> Vec<T> {
    let count = below(u, most + 1);
    (0..count).map(|_| draw(u)).collect()
}

/// A number: mostly small, whole and fractional, sometimes at a limit.
pub(crate) fn number(u: &mut Unstructured<'_>) -> Value {
    match below(u, 8) {
        0..=3 => json!(small(u)),
        4 => json!(small(u) as f64),
        5 => json!(small(u) as f64 / 2.0),
        6 => pick(u, &[i64::MAX, i64::MIN, i64::from(i32::MAX), i64::from(i32::MIN), (1 << 53) + 1]).into(),
        // Not finite: null.
        _ => json!(u.arbitrary::<f64>().unwrap_or(0.5)),
    }
}

/// A text: one that means something, or any.
pub(crate) fn text(u: &mut Unstructured<'_>) -> String {
    match below(u, 4) {
        3 => {
            let length = below(u, 12);
            u.bytes(length.min(u.len())).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
        }
        _ => pick(u, &TEXTS).to_owned(),
    }
}

/// A value nested at most `depth` deep.
pub(crate) fn value(u: &mut Unstructured<'_>, depth: usize) -> Value {
    match below(u, if depth == 0 { 5 } else { 14 }) {
        0 => Value::Null,
        1 => flip(u).into(),
        2 | 3 => number(u),
        4 => text(u).into(),
        5..=8 => several(u, 4, |u| value(u, depth - 1)).into(),
        _ => object(u, depth),
    }
}

/// An object nested at most `depth` deep.
pub(crate) fn object(u: &mut Unstructured<'_>, depth: usize) -> Value {
    let members = several(u, 4, |u| (name(u).to_owned(), value(u, depth.saturating_sub(1))));
    Value::Object(members.into_iter().collect::<Map<_, _>>())
}

/// A machine that takes `input` from its first state and goes on with the state `start`: it runs by itself, without an
/// input of its own, as `exec` runs a file.
pub(crate) fn document(input: &Value, start: &str, mut states: Map<String, Value>) -> Value {
    states.insert("Input".to_owned(), json!({"Type": "Pass", "Result": input, "Next": start}));
    json!({"StartAt": "Input", "States": states})
}

/// The state `Ask`, which tries a Choice Rule, and two states that answer true and false.
pub(crate) fn asking(mut rule: Value) -> Map<String, Value> {
    rule["Next"] = "Yes".into();
    let mut states = Map::new();
    states.insert("Ask".to_owned(), json!({"Type": "Choice", "Choices": [rule], "Default": "No"}));
    for (name, answer) in [("Yes", true), ("No", false)] {
        states.insert(name.to_owned(), json!({"Type": "Pass", "Result": answer, "End": true}));
    }
    states
}

/// Evaluates something on `input`, with plenty of fuel and no variables.
pub(crate) fn on<T>(input: &Value, profile: Profile, evaluate: impl FnOnce(&Environment<'_>) -> T) -> T {
    let (scope, random) = (Scope::default(), Random::seeded(0));
    let meter = meter();
    evaluate(&Environment {
        input,
        context: &Value::Null,
        scope: &scope,
        profile,
        meter: &meter,
        random: &random,
        states: States::default(),
    })
}

/// Fuel and memory for every input that a target draws.
pub(crate) fn meter() -> Meter {
    Meter::new(100_000, 1_000_000)
}

/// Whether an evaluation ended because the interpreter, and not the language, has a limit.
pub(crate) fn is_exhaustion(failure: &Failure) -> bool {
    match failure {
        Failure::OutOfFuel => true,
        Failure::Error(error) => error.error.as_deref() == Some("States.DataLimitExceeded"),
        Failure::Query { .. } | Failure::Abandoned(_) | Failure::Unsupported(_) => false,
    }
}
