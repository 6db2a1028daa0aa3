//! Faults of Choice states and their rules.

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::{
    Fault, Location,
    place::{At, Kind, at, below, missing, put, state, wrong},
};
use crate::{condition::OPERATORS, draw::Draw};

const CHOICE: At = state(&["Choice"]);
const RULE: At = at(&[Kind::Rule]);
const ANY_RULE: At = at(&[Kind::Rule, Kind::InnerRule]);
const TEST: At = ANY_RULE.jsonpath().with(&["Variable"]);

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("no-rule", "CHOICE-001", "EMPTY", |u, d| wrong(u, d, CHOICE, "Choices", json!([]))),
    Fault::new("choice-without-rules", "CHOICE-001", "MISSING_FIELD", |u, d| missing(u, d, CHOICE, "Choices")),
    Fault::new("rule-without-next", "CHOICE-002", "MISSING_FIELD", |u, d| missing(u, d, RULE, "Next")),
    Fault::new("nested-rule-with-next", "CHOICE-003", "UNKNOWN_FIELD", |u, d| {
        put(u, d, at(&[Kind::InnerRule]), "Next", json!("Somewhere"))
    }),
    Fault::new("default-by-number", "CHOICE-004", "WRONG_TYPE", |u, d| wrong(u, d, CHOICE, "Default", json!(1))),
    Fault::new("choice-that-goes-on", "CHOICE-012", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Next", "End", "Retry", "Catch", "Parameters", "ResultSelector", "ResultPath"]);
        put(u, d, CHOICE, field, json!(true))
    }),
    Fault::new("condition-that-is-no-boolean", "CHOICE-014", "WRONG_TYPE", |u, d| {
        let value = json!(u.pick(&[json!(1), json!("true"), json!(null)]));
        wrong(u, d, RULE.jsonata(), "Condition", value)
    }),
    Fault::new("rule-without-condition", "CHOICE-014", "MISSING_FIELD", |u, d| {
        missing(u, d, RULE.jsonata(), "Condition")
    }),
    Fault::new("variable-beside-condition", "CHOICE-016", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, RULE.jsonata(), "Variable", json!("$.x"))
    }),
    Fault::new("and-beside-variable", "CHOICE-017", "EXCLUSIVE_FIELDS", |u, d| {
        let field = *u.pick(&["And", "Or"]);
        put(u, d, TEST, field, json!([{"Variable": "$.x", "IsPresent": true}]))
    }),
    Fault::new("two-comparisons", "CHOICE-018", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, TEST.without(&["IsPresent"]), "IsPresent", json!(true))
    }),
    Fault::new("no-comparison", "CHOICE-018", "MISSING_FIELD", |u, d| {
        let object = TEST.one(u, d)?.pointer;
        let members = d.pointer_mut(&object)?.as_object_mut()?;
        members.retain(|name, _| OPERATORS.iter().all(|operator| operator.name != name));
        Some(object)
    }),
    Fault::new("unknown-comparison", "CHOICE-018", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["StringContains", "numericEquals", "IsArray"]);
        put(u, d, TEST, field, json!(true))
    }),
    Fault::new("and-of-nothing", "CHOICE-019", "EMPTY", |u, d| {
        wrong(u, d, ANY_RULE.jsonpath().with(&["And"]), "And", json!([]))
    }),
    Fault::new("or-of-nothing", "CHOICE-021", "EMPTY", |u, d| {
        wrong(u, d, ANY_RULE.jsonpath().with(&["Or"]), "Or", json!([]))
    }),
    Fault::new("not-of-an-array", "CHOICE-023", "WRONG_TYPE", |u, d| {
        wrong(u, d, ANY_RULE.jsonpath().with(&["Not"]), "Not", json!([]))
    }),
    Fault::new("comparison-without-variable", "CHOICE-026", "MISSING_FIELD", |u, d| missing(u, d, TEST, "Variable")),
    Fault::new("variable-that-is-no-path", "CHOICE-026", "INVALID_PATH", |u, d| {
        wrong(u, d, TEST, "Variable", json!("order.x"))
    }),
    Fault::new("text-operand-that-is-a-number", "CHOICE-031", "WRONG_TYPE", |u, d| {
        compare(u, d, |name| name.starts_with("String") && !name.ends_with("Path"), json!(7))
    }),
    Fault::new("number-operand-that-is-a-text", "CHOICE-032", "WRONG_TYPE", |u, d| {
        compare(u, d, |name| name.starts_with("Numeric") && !name.ends_with("Path"), json!("7"))
    }),
    Fault::new("time-operand-that-is-none", "CHOICE-033", "INVALID_TIMESTAMP", |u, d| {
        compare(u, d, |name| name.starts_with("Timestamp") && !name.ends_with("Path"), json!("yesterday"))
    }),
    Fault::new("boolean-operand-that-is-a-text", "CHOICE-034", "WRONG_TYPE", |u, d| {
        compare(u, d, |name| name == "BooleanEquals" || name.starts_with("Is"), json!("true"))
    }),
    Fault::new("path-operand-that-is-none", "CHOICE-035", "INVALID_PATH", |u, d| {
        compare(u, d, |name| name.ends_with("Path"), json!("x"))
    }),
    Fault::new("path-operand-that-is-a-number", "CHOICE-035", "WRONG_TYPE", |u, d| {
        compare(u, d, |name| name.ends_with("Path"), json!(7))
    }),
];

/// Gives a data test another operator with a wrong operand.
fn compare(
    u: &mut Unstructured<'_>,
    document: &mut Value,
    wanted: fn(&str) -> bool,
    operand: Value,
) -> Option<Location> {
    let rule = TEST.one(u, document)?.pointer;
    let operators: Vec<_> = OPERATORS.iter().filter(|operator| wanted(operator.name)).collect();
    let operator = u.pick(&operators).name;
    let members = document.pointer_mut(&rule)?.as_object_mut()?;
    members.retain(|name, _| OPERATORS.iter().all(|operator| operator.name != name));
    members.insert(operator.to_owned(), operand);
    Some(below(&rule, operator))
}
