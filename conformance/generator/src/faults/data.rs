//! Faults of Paths, payload templates, intrinsic functions, input and output processing, and variables.

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::{
    Fault, Location,
    place::{At, Kind, at, below, put, state, wrong},
};
use crate::draw::Draw;

const READING: At = state(&["Task", "Parallel", "Map", "Pass", "Wait", "Choice", "Succeed"]).jsonpath();
const WORKING: At = state(&["Task", "Parallel", "Pass"]).jsonpath();
const PLACING: At = state(&["Task", "Parallel", "Map", "Pass"]).jsonpath();
const ASSIGNING: At = state(&["Task", "Parallel", "Map", "Pass", "Wait"]);

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("path-without-dollar", "PATH-001", "INVALID_PATH", |u, d| {
        wrong(u, d, READING, "InputPath", json!("order.x"))
    }),
    Fault::new("path-that-does-not-parse", "PATH-016", "INVALID_PATH", |u, d| {
        let field = *u.pick(&["InputPath", "OutputPath"]);
        let path = *u.pick(&["$.a[", "$[", "$.", "$.a['b]", "$.a[?(@.b]", "$.a b", "$.a]", ""]);
        wrong(u, d, READING, field, json!(path))
    }),
    Fault::new("path-in-a-jsonata-state", "PATH-017", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, state(&["Task", "Pass", "Wait", "Map", "Parallel"]).jsonata(), "InputPath", json!("$"))
    }),
    Fault::new("reference-path-with-an-operator", "PATH-018", "INVALID_REFERENCE_PATH", |u, d| {
        let path = *u.pick(&["$.a[0,1]", "$.a[0:1]", "$.a[?(@.b)]", "$['a','b']", "$.a:b", "$.a@b"]);
        wrong(u, d, PLACING, "ResultPath", json!(path))
    }),
    Fault::new("reference-path-to-many", "PATH-019", "INVALID_REFERENCE_PATH", |u, d| {
        let path = *u.pick(&["$.a[*]", "$.*", "$..a", "$.length()"]);
        wrong(u, d, PLACING, "ResultPath", json!(path))
    }),
    Fault::new("items-by-a-slice", "PATH-025", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, state(&["Map"]).jsonpath(), "ItemsPath", json!("$.items[0:2]"))
    }),
    Fault::new("concurrency-from-the-context", "PATH-026", "INVALID_REFERENCE_PATH", |u, d| {
        let at = state(&["Map"]).jsonpath().clearing(&["MaxConcurrency"]);
        wrong(u, d, at, "MaxConcurrencyPath", json!("$$.Execution.Input.count"))
    }),
    Fault::new("filter-by-words", "PATH-041", "INVALID_PATH", |u, d| {
        let word = *u.pick(&["in", "nin", "subsetof", "anyof", "noneof", "size"]);
        wrong(u, d, READING, "InputPath", json!(format!("$.a[?(@.b {word} ['x'])]")))
    }),
    Fault::new("template-in-an-array", "TMPL-001", "WRONG_TYPE", |u, d| {
        let value = json!(u.pick(&[json!([]), json!("$"), json!(null)]));
        wrong(u, d, WORKING, "Parameters", value)
    }),
    Fault::new("computed-number", "TMPL-005", "WRONG_TYPE", |u, d| computed(u, d, json!(7))),
    Fault::new("neither-path-nor-invocation", "TMPL-005", "INVALID_INTRINSIC", |u, d| computed(u, d, json!("plain"))),
    Fault::new("blank-before-a-function", "TMPL-010", "INVALID_INTRINSIC", |u, d| {
        computed(u, d, json!(" States.UUID()"))
    }),
    Fault::new("name-with-and-without-ending", "TMPL-014", "DUPLICATE_KEY", |u, d| {
        let object = put(u, d, WORKING, "Parameters", json!({"a": 1, "a.$": "$"}))?;
        Some(below(&below(&object, "Parameters"), "a.$"))
    }),
    Fault::new("invocation-without-arguments", "INTR-SYNTAX-01", "INVALID_INTRINSIC", |u, d| {
        let text = *u.pick(&["States.UUID", "States.UUID (", "States.UUID(", "States.UUID ()", "States.UUID()x"]);
        computed(u, d, json!(text))
    }),
    Fault::new("dash-in-the-name-of-a-function", "INTR-SYNTAX-02", "INVALID_INTRINSIC", |u, d| {
        computed(u, d, json!("States.Array-Length($)"))
    }),
    Fault::new("argument-of-no-kind", "INTR-SYNTAX-03", "INVALID_INTRINSIC", |u, d| {
        let argument = *u.pick(&["abc", "{}", "[1]", "1 2", "'a' 'b'", ",", "1,"]);
        computed(u, d, json!(format!("States.Array({argument})")))
    }),
    Fault::new("invocations-eleven-deep", "INTR-SYNTAX-08", "INVALID_INTRINSIC", |u, d| {
        computed(u, d, json!(format!("{}{}", "States.Array(".repeat(11), ")".repeat(11))))
    }),
    Fault::new("escape-of-a-plain-character", "INTR-SYNTAX-10", "INVALID_INTRINSIC", |u, d| {
        let escape = *u.pick(&["\\\"", "\\n", "\\u0041", "\\a"]);
        computed(u, d, json!(format!("States.Format('{escape}')")))
    }),
    Fault::new("double-quoted-argument", "INTR-SYNTAX-12", "INVALID_INTRINSIC", |u, d| {
        computed(u, d, json!("States.Format(\"text\")"))
    }),
    Fault::new("unknown-function", "INTR-SYNTAX-13", "INVALID_INTRINSIC", |u, d| {
        let function = *u.pick(&["States.Nothing", "States.format", "States.ArrayConcat", "Own.Function"]);
        computed(u, d, json!(format!("{function}()")))
    }),
    Fault::new("invocation-for-a-path", "INTR-SYNTAX-17", "INVALID_PATH", |u, d| {
        let field = *u.pick(&["InputPath", "OutputPath"]);
        wrong(u, d, READING, field, json!("States.Array()"))
    }),
    Fault::new("invocation-for-a-reference-path", "INTR-SYNTAX-17", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, PLACING, "ResultPath", json!("States.Array()"))
    }),
    Fault::new("input-path-of-a-fail", "IO-002", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Fail"]).jsonpath(), "InputPath", json!("$"))
    }),
    Fault::new("input-path-that-is-no-text", "IO-003", "WRONG_TYPE", |u, d| {
        wrong(u, d, READING, "InputPath", json!(["$"]))
    }),
    Fault::new("parameters-of-a-wait", "IO-009", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Wait", "Choice", "Succeed"]).jsonpath(), "Parameters", json!({}))
    }),
    Fault::new("result-selector-of-a-pass", "IO-011", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Pass", "Wait", "Choice", "Succeed"]).jsonpath(), "ResultSelector", json!({}))
    }),
    Fault::new("result-selector-that-is-no-template", "IO-011", "WRONG_TYPE", |u, d| {
        wrong(u, d, state(&["Task", "Parallel", "Map"]).jsonpath(), "ResultSelector", json!("$"))
    }),
    Fault::new("result-path-of-a-wait", "IO-014", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Wait", "Choice", "Succeed"]).jsonpath(), "ResultPath", json!("$"))
    }),
    Fault::new("result-path-that-is-no-text", "IO-015", "WRONG_TYPE", |u, d| {
        wrong(u, d, PLACING, "ResultPath", json!(false))
    }),
    Fault::new("result-into-the-context", "IO-016", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, PLACING, "ResultPath", json!("$$.result"))
    }),
    Fault::new("result-into-a-variable", "IO-017", "INVALID_REFERENCE_PATH", |u, d| {
        let path = *u.pick(&["$result", "$result.x"]);
        wrong(u, d, PLACING, "ResultPath", json!(path))
    }),
    Fault::new("output-path-of-a-fail", "IO-026", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Fail"]).jsonpath(), "OutputPath", json!("$"))
    }),
    Fault::new("output-path-that-is-no-text", "IO-026", "WRONG_TYPE", |u, d| {
        wrong(u, d, READING, "OutputPath", json!(1))
    }),
    Fault::new("result-path-of-a-jsonata-state", "IO-033", "OTHER_QUERY_LANGUAGE", |u, d| {
        let field = *u.pick(&["ResultPath", "OutputPath", "InputPath"]);
        put(u, d, state(&["Task", "Parallel", "Map"]).jsonata(), field, json!("$"))
    }),
    Fault::new("assign-in-an-array", "VAR-001", "WRONG_TYPE", |u, d| wrong(u, d, ASSIGNING, "Assign", json!([]))),
    Fault::new("assign-of-a-succeed", "VAR-003", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Succeed", "Fail"]), "Assign", json!({}))
    }),
    Fault::new("assign-of-a-nested-rule", "VAR-005", "UNKNOWN_FIELD", |u, d| {
        put(u, d, at(&[Kind::InnerRule]), "Assign", json!({}))
    }),
    Fault::new("assign-of-a-retrier", "VAR-005", "UNKNOWN_FIELD", |u, d| {
        put(u, d, at(&[Kind::Retrier, Kind::LastRetrier]), "Assign", json!({}))
    }),
    Fault::new("variable-of-81-characters", "VAR-010", "TOO_LONG", |u, d| assigned(u, d, &"v".repeat(81))),
    Fault::new("variable-that-is-no-identifier", "VAR-011", "INVALID_VARIABLE_NAME", |u, d| {
        let name = *u.pick(&["1x", "a-b", "", "a b", "$x", "😀"]);
        assigned(u, d, name)
    }),
    Fault::new("variable-of-a-reserved-name", "VAR-012", "INVALID_VARIABLE_NAME", |u, d| assigned(u, d, "states")),
    Fault::new("part-of-a-variable", "VAR-013", "INVALID_VARIABLE_NAME", |u, d| {
        let name = *u.pick(&["x.y", "x[2]"]);
        assigned(u, d, name)
    }),
    Fault::new("variable-of-an-outer-scope", "VAR-033", "VARIABLE_SCOPE_CONFLICT", |u, d| shadows(u, d, "Parallel")),
    Fault::new("variable-of-an-outer-scope-of-a-map", "LINT-020", "VARIABLE_SCOPE_CONFLICT", |u, d| {
        shadows(u, d, "Map")
    }),
];

/// Puts a value under a key that ends in `.$`, in some payload template.
fn computed(u: &mut Unstructured<'_>, document: &mut Value, value: Value) -> Option<Location> {
    let (at, field) = *u.pick(&[
        (WORKING, "Parameters"),
        (state(&["Task", "Parallel", "Map"]).jsonpath(), "ResultSelector"),
        (ASSIGNING.jsonpath(), "Assign"),
        (state(&["Map"]).jsonpath().clearing(&["Parameters"]), "ItemSelector"),
    ]);
    let nested = field != "Assign" && u.chance(40);
    let template = if nested { json!({"deep": [{"a.$": value}]}) } else { json!({"fault.$": value}) };
    let object = put(u, document, at, field, template)?;
    let steps: &[&str] = if nested { &["deep", "0", "a.$"] } else { &["fault.$"] };
    Some(steps.iter().fold(below(&object, field), below_step))
}

#[allow(clippy::needless_pass_by_value, reason = "the form that fold asks for")]
fn below_step(pointer: String, step: &&str) -> String {
    below(&pointer, step)
}

fn assigned(u: &mut Unstructured<'_>, document: &mut Value, name: &str) -> Option<Location> {
    let object = put(u, document, ASSIGNING, "Assign", json!({name: 1}))?;
    Some(below(&below(&object, "Assign"), name))
}

/// Assigns a name in a state and in one inside it.
fn shadows(u: &mut Unstructured<'_>, document: &mut Value, outer: &str) -> Option<Location> {
    let around = if outer == "Map" { state(&["Map"]) } else { state(&["Parallel"]) }.one(u, document)?.pointer;
    let inner: Vec<_> = ASSIGNING
        .all(document)
        .into_iter()
        .filter(|object| object.pointer.starts_with(&format!("{around}/")))
        .collect();
    let inner = inner.get(u.below(inner.len()))?.pointer.clone();
    document.pointer_mut(&around)?["Assign"] = json!({"shadowed": 1});
    document.pointer_mut(&inner)?["Assign"] = json!({"shadowed": 2});
    Some(below(&below(&inner, "Assign"), "shadowed"))
}
