//! Evaluation of JSONata expressions: bounded, repeatable, and never a panic.

use asl_engine::{
    jsonata::{Bindings, Error, Expression, Limit},
    random::Random,
    scope::Scope,
};
use serde_json::{Value, json};

use crate::{PROFILES, data::meter, naive_path::same};

/// Any expression evaluates to a JSON value or an error, and to the same one again.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let input = json!({
        "a": [1, -2.5, {"b": "x", "c": null}, [true, "é"]], "b": "some text", "c": {"d": {"e": 9_007_199_254_740_993_u64}},
        "t": "2024-02-29T12:00:00Z", "n": 17, "list": [{"k": 1, "v": "one"}, {"k": 2, "v": "two"}],
    });
    for profile in PROFILES {
        let Ok(expression) = Expression::parse(text, profile) else { continue };
        let (first, second) = (evaluate(&expression, &input), evaluate(&expression, &input));
        match (&first, &second) {
            // A limit of real time is no property of the expression.
            (Err(Error::Limit(Limit::Time)), _) | (_, Err(Error::Limit(Limit::Time))) => {}
            (Ok(first), Ok(second)) => assert!(same(first, second), "{text:?} gives {first} and {second}"),
            _ => assert_eq!(first, second, "{text:?} ({profile:?})"),
        }
    }
}

fn evaluate(expression: &Expression, input: &Value) -> Result<Value, Error> {
    let mut scope = Scope::default();
    scope.set("x".to_owned(), json!([3, 1, 2]));
    let (meter, random) = (meter(), Random::seeded(0));
    expression.evaluate(&Bindings {
        input,
        result: Some(&json!({"ok": true})),
        error_output: Some(&json!({"Error": "E", "Cause": "{\"x\":1}"})),
        context: &json!({"Execution": {"Name": "e"}}),
        scope: &scope,
        meter: &meter,
        random: &random,
        now: 1_700_000_000_000,
    })
}

/// A machine that evaluates the expression: what `exec` takes.
#[must_use]
pub fn show(data: &[u8]) -> String {
    let text = format!("{{% {} %}}", String::from_utf8_lossy(data));
    let state = json!({"Type": "Pass", "Output": text, "End": true});
    format!("{:#}", json!({"QueryLanguage": "JSONata", "StartAt": "Evaluate", "States": {"Evaluate": state}}))
}
