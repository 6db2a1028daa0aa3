//! Faults of JSONata strings and of fields in states of the other query language.

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::{
    Fault, Location,
    place::{At, below, put, state, wrong},
};
use crate::draw::Draw;

/// States whose Output is computed from the input alone.
const PLAIN: At = state(&["Pass", "Wait", "Succeed"]).jsonata();

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("half-of-the-delimiters", "JNATA-003", "INVALID_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{% 1", "1 %}", "{%", "%}", "{%}"]);
        written(u, d, text)
    }),
    Fault::new("nothing-between-the-delimiters", "JNATA-005", "INVALID_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{%%}", "{% %}", "{%\n%}"]);
        written(u, d, text)
    }),
    Fault::new("expression-that-does-not-parse", "JNATA-011", "INVALID_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{% 1 + %}", "{% (1 %}", "{% [1, %}", "{% 'a %}", "{% {\"a\" 1} %}", "{% 1 2 %}"]);
        written(u, d, text)
    }),
    Fault::new("input-document-at-the-top", "JNATA-012", "UNSUPPORTED_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{% $ %}", "{% $.order %}"]);
        written(u, d, text)
    }),
    Fault::new("field-at-the-top", "JNATA-013", "UNSUPPORTED_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{% order %}", "{% order.x %}", "{% `two words` %}"]);
        written(u, d, text)
    }),
    Fault::new("root-of-the-input", "JNATA-014", "UNSUPPORTED_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{% $$ %}", "{% $$.order %}"]);
        written(u, d, text)
    }),
    Fault::new("result-where-there-is-none", "JNATA-020", "UNSUPPORTED_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{% $states.result %}", "{% $states.errorOutput.Error %}"]);
        written(u, d, text)
    }),
    Fault::new("arguments-of-a-pass", "JNATA-052", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Pass", "Wait", "Choice", "Succeed", "Map", "Fail"]), "Arguments", json!({}))
    }),
    Fault::new("output-of-a-jsonpath-state", "JNATA-054", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, state(&["Task", "Pass", "Wait", "Succeed", "Parallel"]).jsonpath(), "Output", json!({}))
    }),
    Fault::new("path-field-of-a-jsonata-state", "JNATA-055", "OTHER_QUERY_LANGUAGE", |u, d| {
        let at = state(&["Task"]).jsonata().without(&["TimeoutSeconds", "HeartbeatSeconds"]);
        put(u, d, at, "TimeoutSecondsPath", json!("$.limit"))
    }),
    Fault::new("field-as-an-operand", "JNATA-075", "UNSUPPORTED_JSONATA_EXPRESSION", |u, d| {
        let text = *u.pick(&["{% -phone %}", "{% $sum(phone) %}", "{% [1..phone] %}", "{% {'a': phone} %}"]);
        written(u, d, text)
    }),
    Fault::new("field-in-a-function", "JNATA-076", "UNSUPPORTED_JSONATA_EXPRESSION", |u, d| {
        written(u, d, "{% $map([1, 2], function($y) { phone }) %}")
    }),
    Fault::new("arguments-of-a-jsonpath-task", "LINT-018", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, state(&["Task", "Parallel"]).jsonpath(), "Arguments", json!({}))
    }),
    Fault::new("path-in-a-state-of-its-own-language", "LINT-019", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, state(&["Pass", "Wait", "Task"]).jsonata().jsonata_machine(false), "OutputPath", json!("$"))
    }),
];

/// Puts a string into the Output of a state, itself or deeper.
fn written(u: &mut Unstructured<'_>, document: &mut Value, text: &str) -> Option<Location> {
    if u.chance(60) {
        return wrong(u, document, PLAIN, "Output", json!(text));
    }
    let output = wrong(u, document, PLAIN, "Output", json!({"a": [0, text]}))?;
    Some(below(&below(&output, "a"), 1))
}
