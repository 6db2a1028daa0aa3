//! Facts by requirement. Expected values come from the rows, AWS's documentation and the JSONata reference.

mod functions;
mod hostile;
mod syntax;
mod values;

use rstest::rstest;
use serde_json::{Value, json};

use super::{Bindings, Error, Expression, Limit};
use crate::{meter::Meter, profile::Profile, random::Random, scope::Scope};

/// 2025-01-01T00:00:00.123Z.
const NOW: i64 = 1_735_689_600_123;

fn evaluate_in(text: &str, profile: Profile) -> Result<Value, Error> {
    let expression = Expression::parse(text, profile).unwrap();
    let input = json!({
        "a": {"b": 1.0}, "one": [1], "none": [], "nothing": null, "big": i64::MAX, "bigger": 9_223_372_036_854_775_808_u64,
        "items": [{"id": 1, "p": "x"}, {"id": 2, "p": "y"}],
    });
    let (result, error_output, context) = (json!({"r": 1}), json!({"Error": "E"}), json!({"State": {"Name": "S"}}));
    let mut scope = Scope::default();
    scope.set("list".to_owned(), json!([1, 2, 3]));
    scope.set("object".to_owned(), json!({"k": {"l": 1}}));
    let bindings = Bindings {
        input: &input,
        result: Some(&result),
        error_output: Some(&error_output),
        context: &context,
        scope: &scope,
        meter: &Meter::new(1_000_000, u64::MAX / 4),
        random: &Random::seeded(7),
        now: NOW,
    };
    expression.evaluate(&bindings)
}

fn evaluate(text: &str) -> Result<Value, Error> {
    evaluate_in(text, Profile::Aws)
}

fn code(text: &str) -> String {
    match evaluate(text) {
        Err(Error::Coded { code, .. }) => code,
        other => panic!("{text}: {other:?}"),
    }
}

#[rstest]
#[case::input("$states.input.a.b", json!(1))]
#[case::result("$states.result.r", json!(1))]
#[case::error_output("$states.errorOutput.Error", json!("E"))]
#[case::context("$states.context.State.Name", json!("S"))]
#[case::variable("$object.k.l", json!(1))]
#[case::a_whole_variable("$list", json!([1, 2, 3]))]
#[case::all_of_states("$count($keys($states))", json!(4))]
fn an_expression_reads_states_and_variables(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(evaluate(text), Ok(expected));
}

#[rstest]
#[case::jnata_021("$states.error")]
#[case::jnata_022("$states.input.nope")]
#[case::inside_a_null("$states.input.nothing.x")]
#[case::var_020("$unassigned")]
#[case::var_020_part("$unassigned.x")]
#[case::computed("$states.input.items[id = 3]")]
fn nothing_is_an_error(#[case] text: &str) {
    assert_eq!(evaluate(text), Err(Error::Undefined));
}

#[test]
fn what_is_read_can_be_asked() {
    let expression = Expression::parse("$states.input.a & $x.y & $sum($z) & ($l := 1; $l)", Profile::Aws).unwrap();
    let uses = expression.uses();
    assert!(uses.states.members.contains_key("input") && !uses.context() && !uses.result() && !uses.error_output());
    assert_eq!(uses.variables().collect::<Vec<_>>(), ["x", "z"]);
}

#[test]
fn a_recursive_function_is_no_variable() {
    let expression = Expression::parse("($f := function($n) { $f($n) }; $f(1))", Profile::Aws).unwrap();
    assert_eq!(expression.uses().variables().count(), 0);
}

/// The rewritten expression has the value of the original one.
#[rstest]
#[case("$split('a,b', ',')[0]", json!("a"))]
#[case("$filter([[1,2],[3]], function($x) { $count($x) = 2 })[0]", json!([1, 2]))]
#[case("$match('ababa', /a(b)/)[1].index", json!(2))]
#[case("$map([[1, 2]], function($x) { $x })", json!([1, 2]))]
#[case("[[], [1, [2]]]", json!([[], [1, [2]]]))]
#[case("[1..3, 5]", json!([1, 2, 3, 5]))]
#[case("$map(['a', 'b'], $uppercase)", json!(["A", "B"]))]
#[case("$map(['hello'], $substring(?, 1))", json!("ello"))]
#[case("($f := $uppercase ~> $length; $f('abc'))", json!(3))]
#[case("$list ~> $map(function($x) { $x + 1 }) ~> $sum", json!(9))]
#[case("$object ~> |k|{'z': 2}|", json!({"k": {"l": 1, "z": 2}}))]
#[case("$states.input.items{p: id}", json!({"x": 1, "y": 2}))]
#[case("$states.input.items^(>id).p", json!(["y", "x"]))]
#[case("$states.input.items.{'t': p}", json!([{"t": "x"}, {"t": "y"}]))]
#[case("$states.input.items#$i.{'n': $i}", json!([{"n": 0}, {"n": 1}]))]
#[case("$reduce([1..5], function($a, $b) { $a * $b })", json!(120))]
#[case("($c := function($n) { function($m) { $n + $m } }; $c(1)(2))", json!(3))]
#[case("($f := function($n) { $n = 0 ? 'done' : $f($n - 1) }; $f(20000))", json!("done"))]
#[case("($sum := function($x) { 42 }; $sum([1]))", json!(42))]
fn bounds_do_not_change_a_value(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(evaluate(text), Ok(expected));
}

#[test]
fn a_variable_hides_the_function_of_its_name() {
    let mut scope = Scope::default();
    scope.set("uppercase".to_owned(), json!([1]));
    let evaluate = |text: &str| {
        let bindings = Bindings {
            input: &Value::Null,
            result: None,
            error_output: None,
            context: &Value::Null,
            scope: &scope,
            meter: &Meter::new(1_000, 1_000_000),
            random: &Random::seeded(0),
            now: 0,
        };
        Expression::parse(text, Profile::Aws).unwrap().evaluate(&bindings)
    };
    assert_eq!(evaluate("[$uppercase]"), Ok(json!([1])));
    assert!(matches!(evaluate("$uppercase('x')"), Err(Error::Coded { code, .. }) if code == "T1006"));
}

#[test]
fn fuel_ends_an_evaluation() {
    let expression = Expression::parse("$map([1..50000], function($x) { $string($x) })", Profile::Aws).unwrap();
    let bindings = Bindings {
        input: &Value::Null,
        result: None,
        error_output: None,
        context: &Value::Null,
        scope: &Scope::default(),
        meter: &Meter::new(1, u64::MAX / 4),
        random: &Random::seeded(0),
        now: 0,
    };
    assert_eq!(expression.evaluate(&bindings), Err(Error::Failure(crate::failure::Failure::OutOfFuel)));
}

#[rstest]
#[case(Error::Undefined, "returned nothing (undefined).")]
#[case(Error::UnsupportedType, "returned an unsupported result type.")]
#[case(
    Error::Coded { code: "T1006".to_owned(), message: "Attempted to invoke a non-function".to_owned() },
    "threw an error during evaluation. T1006: Attempted to invoke a non-function"
)]
#[case(
    Error::Limit(Limit::Memory),
    "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage"
)]
fn jnata_031_an_error_ends_the_sentence_of_the_cause(#[case] error: Error, #[case] text: &str) {
    assert_eq!(error.to_string(), text);
}
