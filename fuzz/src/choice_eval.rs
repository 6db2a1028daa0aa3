//! Choice Rules: what their operators say of one another.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_engine::{
    machine::Machine,
    observe::Unobserved,
    profile::Profile,
    run::{self, End, Options},
    task::NoTasks,
};
use serde_json::{Map, Value, json};

use crate::{
    PROFILES,
    data::{TEXTS, asking, below, document, flip, number, pick, value},
};

const COMPARISONS: [&str; 5] = ["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"];
const KINDS: [&str; 3] = ["String", "Numeric", "Timestamp"];

const TIMES: [&str; 4] =
    ["2024-02-29T12:00:00Z", "2024-02-29T13:00:00.000+01:00", "1970-01-01T00:00:00.5+01:00", "2016-12-31T23:59:60Z"];

/// Two rules and the data they test.
pub struct Input {
    rules: [Value; 2],
    data: Value,
    profile: Profile,
    /// The operators that compare `x` and `y`.
    kind: &'static str,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let x = comparable(u);
        // Equal values are rare by chance.
        let y = if below(u, 3) == 0 { x.clone() } else { comparable(u) };
        let data = json!({"x": x, "y": y, "n": number(u), "t": pick(u, &TEXTS)});
        Ok(Self { profile: pick(u, &PROFILES), kind: pick(u, &KINDS), rules: [rule(u, 2), rule(u, 2)], data })
    }
}

/// A value that mostly can be compared with another one.
fn comparable(u: &mut Unstructured<'_>) -> Value {
    match below(u, 4) {
        0 => number(u),
        1 => pick(u, &TEXTS).into(),
        2 => pick(u, &TIMES).into(),
        _ => value(u, 1),
    }
}

fn path(u: &mut Unstructured<'_>) -> &'static str {
    // The last one selects nothing.
    pick(u, &["$.x", "$.y", "$.n", "$.t", "$.x[0]", "$.x.a", "$.nope"])
}

fn rule(u: &mut Unstructured<'_>, depth: usize) -> Value {
    match below(u, if depth == 0 { 6 } else { 9 }) {
        0..=2 => {
            let kind = pick(u, &KINDS);
            let operand = match kind {
                "String" => pick(u, &TEXTS).into(),
                "Numeric" => Some(number(u)).filter(Value::is_number).unwrap_or(json!(0)),
                _ => pick(u, &TIMES).into(),
            };
            let operator = format!("{kind}{}", pick(u, &COMPARISONS));
            test(path(u), operator, operand)
        }
        3 => {
            let operator = format!("{}{}Path", pick(u, &KINDS), pick(u, &COMPARISONS));
            test(path(u), operator, path(u).into())
        }
        4 => {
            let operators =
                ["IsNull", "IsPresent", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp", "BooleanEquals"];
            let operator = pick(u, &operators).to_owned();
            test(path(u), operator, flip(u).into())
        }
        5 => test(path(u), "StringMatches".to_owned(), pick(u, &["*", "a*", "a\\*b", "*é*", "", "a*b*", "\\"]).into()),
        6 => json!({"Not": rule(u, depth - 1)}),
        operator => {
            json!({ if operator == 7 { "And" } else { "Or" }: [rule(u, depth - 1), rule(u, depth - 1)] })
        }
    }
}

fn test(variable: &str, operator: String, operand: Value) -> Value {
    Value::Object(Map::from_iter([("Variable".to_owned(), variable.into()), (operator, operand)]))
}

/// A machine that tries both rules: what `exec` takes.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", document(&self.data, "Ask", asking(json!({"And": self.rules}))))
    }
}

/// Whether a rule matches; `None` when the state fails.
fn holds(rule: &Value, data: &Value, profile: Profile) -> Option<bool> {
    let definition = json!({"StartAt": "Ask", "States": asking(rule.clone())});
    let machine = Machine::compile(&definition, profile).unwrap_or_else(|findings| panic!("{rule}: {findings:?}"));
    let outcome = run::run(&machine, data.clone(), &Options::default(), &mut NoTasks, &mut Unobserved);
    match outcome.expect("a run of two states").end {
        End::Succeeded(answer) => Some(answer.as_bool().expect("the result of a Pass state")),
        End::Failed(_) => None,
        End::TimedOut(error) => panic!("{rule} on {data} timed out: {error:?}"),
        End::Stopped(error) => panic!("{rule} on {data} was stopped: {error:?}"),
    }
}

/// Not Not, De Morgan, the tables of And and Or, the trichotomy of comparisons, and the twins of the Path operators.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let [one, two] = &input.rules;
    let ask = |rule: Value| holds(&rule, &input.data, input.profile);
    let (a, b) = (ask(one.clone()), ask(two.clone()));
    let both = ask(json!({"And": [one, two]}));
    let either = ask(json!({"Or": [one, two]}));
    // CHOICE-020, CHOICE-022: what decides ends the evaluation, so a failure after it does not matter.
    assert_eq!(both, a.and_then(|a| if a { b } else { Some(false) }), "And of {input:?}");
    assert_eq!(either, a.and_then(|a| if a { Some(true) } else { b }), "Or of {input:?}");
    assert_eq!(ask(json!({"Not": one})), a.map(|a| !a), "Not of {input:?}");
    assert_eq!(ask(json!({"Not": {"Not": one}})), a, "Not Not of {input:?}");
    let not = |rule: &Value| json!({"Not": rule});
    assert_eq!(ask(not(&json!({"And": [not(one), not(two)]}))), either, "De Morgan of {input:?}");
    assert_eq!(ask(not(&json!({"Or": [not(one), not(two)]}))), both, "De Morgan of {input:?}");
    comparisons(&input);
}

/// The comparisons of the values at `x` and `y`.
fn comparisons(input: &Input) {
    let kind = input.kind;
    let ask = |comparison: &str| {
        let rule = test("$.x", format!("{kind}{comparison}Path"), "$.y".into());
        holds(&rule, &input.data, input.profile).unwrap_or_else(|| panic!("both Paths select: {input:?}"))
    };
    let answers = COMPARISONS.map(ask);
    let [equal, less, greater, at_most, at_least] = answers;
    let operator = match kind {
        "String" => "IsString",
        "Numeric" => "IsNumeric",
        _ => "IsTimestamp",
    };
    let is = |name| holds(&test(name, operator.to_owned(), true.into()), &input.data, input.profile) == Some(true);
    let one_of_three = [equal, less, greater].into_iter().filter(|holds| *holds).count();
    assert_eq!(one_of_three, usize::from(is("$.x") && is("$.y")), "{kind} trichotomy of {input:?}");
    assert_eq!(at_most, less || equal, "{kind} of {input:?}");
    assert_eq!(at_least, greater || equal, "{kind} of {input:?}");
    if is("$.y") {
        for (comparison, wanted) in COMPARISONS.iter().zip(answers) {
            let rule = test("$.x", format!("{kind}{comparison}"), input.data["y"].clone());
            let found = holds(&rule, &input.data, input.profile);
            assert_eq!(found, Some(wanted), "{kind}{comparison} and its Path twin: {input:?}");
        }
    }
}

/// The machine.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
