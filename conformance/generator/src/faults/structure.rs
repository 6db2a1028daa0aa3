//! Faults of the document, of state names and transitions (STRUCT, LINT and PAR-004 rows).

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::{
    Fault, Location,
    place::{At, Kind, above, add_state, at, below, missing, name, put, rename, state, wrong},
};
use crate::draw::Draw;

const ROOT: At = at(&[Kind::Root]);
const NESTED: At = at(&[Kind::Branch, Kind::Processor]);
const ANY: At = state(&[]);
const FLOWING: At = state(&["Task", "Pass", "Wait", "Parallel", "Map"]);
const NOWHERE: &str = "No such state";

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("root-in-an-array", "STRUCT-001", "WRONG_TYPE", |_, d| {
        *d = json!([d.take()]);
        Some(String::new())
    }),
    Fault::new("null-for-a-document", "STRUCT-003", "MISSING_DESCRIPTION", |_, d| {
        *d = Value::Null;
        Some(String::new())
    }),
    Fault::new("root-without-states", "STRUCT-004", "MISSING_FIELD", |u, d| missing(u, d, ROOT, "States")),
    Fault::new("states-in-an-array", "STRUCT-005", "WRONG_TYPE", |u, d| wrong(u, d, ROOT, "States", json!([]))),
    Fault::new("root-without-start", "STRUCT-006", "MISSING_FIELD", |u, d| missing(u, d, ROOT, "StartAt")),
    Fault::new("empty-start", "STRUCT-007", "EMPTY", |u, d| wrong(u, d, ROOT, "StartAt", json!(""))),
    Fault::new("start-by-number", "STRUCT-007", "WRONG_TYPE", |u, d| wrong(u, d, ROOT, "StartAt", json!(1))),
    Fault::new("misspelt-language-of-the-machine", "STRUCT-009", "UNKNOWN_VALUE", |u, d| {
        let value = json!(u.pick(&["JSONATA", "jsonata", "JSONata ", "XPath"]));
        wrong(u, d, ROOT.jsonata_machine(true), "QueryLanguage", value)
    }),
    Fault::new("misspelt-language-of-a-state", "STRUCT-011", "UNKNOWN_VALUE", |u, d| {
        wrong(u, d, ANY.jsonata().with(&["QueryLanguage"]), "QueryLanguage", json!("jsonata"))
    }),
    Fault::new("language-that-is-no-text", "STRUCT-011", "WRONG_TYPE", |u, d| {
        wrong(u, d, ANY.jsonata(), "QueryLanguage", json!(null))
    }),
    Fault::new("comment-of-the-root-that-is-no-text", "STRUCT-012", "WRONG_TYPE", |u, d| {
        wrong(u, d, ROOT, "Comment", json!(["why"]))
    }),
    Fault::new("version-two", "STRUCT-014", "UNKNOWN_VALUE", |u, d| wrong(u, d, ROOT, "Version", json!("2.0"))),
    Fault::new("version-as-a-number", "STRUCT-014", "WRONG_TYPE", |u, d| wrong(u, d, ROOT, "Version", json!(1.0))),
    Fault::new("no-time-at-all", "STRUCT-015", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[0, -1, 100_000_000]));
        wrong(u, d, ROOT, "TimeoutSeconds", value)
    }),
    Fault::new("unknown-field-of-the-root", "STRUCT-018", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Color", "startAt", "Type"]);
        put(u, d, ROOT, field, json!(1))
    }),
    Fault::new("name-of-81-characters", "STRUCT-019", "TOO_LONG", |u, d| renamed(u, d, &"n".repeat(81))),
    Fault::new("name-of-81-characters-of-two-bytes", "STRUCT-020", "TOO_LONG", |u, d| renamed(u, d, &"ü".repeat(81))),
    Fault::new("nameless-state", "STRUCT-021", "EMPTY", |u, d| renamed(u, d, "")),
    Fault::new("state-without-type", "STRUCT-022", "MISSING_FIELD", |u, d| missing(u, d, ANY, "Type")),
    Fault::new("misspelt-type", "STRUCT-023", "UNKNOWN_VALUE", |u, d| {
        let value = json!(u.pick(&["task", "PASS", "Loop", ""]));
        wrong(u, d, ANY, "Type", value)
    }),
    Fault::new("comment-of-a-state-that-is-no-text", "STRUCT-024", "WRONG_TYPE", |u, d| {
        wrong(u, d, ANY, "Comment", json!(7))
    }),
    Fault::new("back-to-jsonpath", "STRUCT-027", "QUERY_LANGUAGE_DOWNGRADE", |u, d| {
        wrong(u, d, state(&["Pass", "Succeed"]).jsonata_machine(true), "QueryLanguage", json!("JSONPath"))
    }),
    Fault::new("language-of-a-branch-or-processor", "STRUCT-029", "UNKNOWN_FIELD", |u, d| {
        put(u, d, NESTED, "QueryLanguage", json!("JSONata"))
    }),
    Fault::new("end-as-a-text", "STRUCT-030", "WRONG_TYPE", |u, d| {
        wrong(u, d, FLOWING.with(&["End"]), "End", json!("true"))
    }),
    Fault::new("end-that-is-false", "STRUCT-032", "MISSING_FIELD", |u, d| {
        put(u, d, FLOWING.with(&["End"]), "End", json!(false))
    }),
    Fault::new("next-by-number", "STRUCT-033", "WRONG_TYPE", |u, d| {
        wrong(u, d, FLOWING.with(&["Next"]), "Next", json!(2))
    }),
    Fault::new("end-and-next", "STRUCT-034", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, FLOWING.with(&["Next"]), "End", json!(true))
    }),
    Fault::new("neither-end-nor-next", "STRUCT-035", "MISSING_FIELD", |u, d| {
        let field = *u.pick(&["Next", "End"]);
        missing(u, d, FLOWING, field)
    }),
    Fault::new("unknown-field-of-a-state", "STRUCT-040", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Color", "next", "Input Path"]);
        put(u, d, ANY, field, json!(1))
    }),
    Fault::new("transition-out-of-a-branch", "PAR-004", "MISSING_TRANSITION_TARGET", |u, d| leaves(u, d, "/Branches/")),
    Fault::new("transition-out-of-a-processor", "MAP-003", "MISSING_TRANSITION_TARGET", |u, d| leaves(u, d, "tor/")),
    Fault::new("dangling-start", "LINT-001", "MISSING_TRANSITION_TARGET", |u, d| {
        wrong(u, d, at(&[Kind::Root, Kind::Branch, Kind::Processor]), "StartAt", json!(NOWHERE))
    }),
    Fault::new("dangling-next", "LINT-002", "MISSING_TRANSITION_TARGET", |u, d| {
        wrong(u, d, FLOWING.with(&["Next"]), "Next", json!(NOWHERE))
    }),
    Fault::new("dangling-rule", "LINT-003", "MISSING_TRANSITION_TARGET", |u, d| {
        wrong(u, d, at(&[Kind::Rule]), "Next", json!(NOWHERE))
    }),
    Fault::new("dangling-default", "LINT-004", "MISSING_TRANSITION_TARGET", |u, d| {
        wrong(u, d, state(&["Choice"]), "Default", json!(NOWHERE))
    }),
    Fault::new("dangling-catcher", "LINT-005", "MISSING_TRANSITION_TARGET", |u, d| {
        wrong(u, d, at(&[Kind::Catcher, Kind::LastCatcher]), "Next", json!(NOWHERE))
    }),
    Fault::new("dangling-in-another-case", "LINT-028", "MISSING_TRANSITION_TARGET", |u, d| {
        let object = FLOWING.with(&["Next"]).one(u, d)?;
        let next = d.pointer_mut(&object.pointer)?.get_mut("Next")?;
        *next = json!(format!("{} ", next.as_str()?));
        Some(below(&object.pointer, "Next"))
    }),
    Fault::new("unreachable-state", "LINT-006", "MISSING_TRANSITION_TARGET", |_, d| {
        add_state(d, "", NOWHERE, json!({"Type": "Succeed"}))
    }),
    Fault::new("unreachable-state-inside", "LINT-008", "MISSING_TRANSITION_TARGET", |u, d| {
        let machine = NESTED.one(u, d)?.pointer;
        add_state(d, &machine, NOWHERE, json!({"Type": "Succeed"}))
    }),
    Fault::new("state-that-only-reaches-itself", "LINT-009", "MISSING_TRANSITION_TARGET", |u, d| {
        let machine = at(&[Kind::Root, Kind::Branch, Kind::Processor]).one(u, d)?.pointer;
        add_state(d, &machine, NOWHERE, json!({"Type": "Pass", "Next": NOWHERE}))
    }),
    Fault::new("unreachable-state-in-a-processor", "LINT-027", "MISSING_TRANSITION_TARGET", |u, d| {
        let machine = at(&[Kind::Processor]).one(u, d)?.pointer;
        add_state(d, &machine, "a/b~c", json!({"Type": "Fail"}))
    }),
    Fault::new("machine-that-cannot-end", "LINT-010", "MISSING_END_STATE", |_, d| {
        let start = d["StartAt"].clone();
        for state in d["States"].as_object_mut()?.values_mut() {
            if state["Type"] == "Succeed" || state["Type"] == "Fail" {
                *state = json!({"Type": "Pass", "Next": start});
            } else if state.as_object_mut()?.shift_remove("End").is_some() {
                state["Next"] = start.clone();
            }
        }
        Some(String::new())
    }),
    Fault::new("name-used-twice", "LINT-012", "DUPLICATE_STATE_NAME", |u, d| {
        // The state around comes first.
        let states: Vec<_> = ANY.all(d).into_iter().filter(|object| depth(&object.pointer) > 0).collect();
        let inner = states.get(u.below(states.len()))?.pointer.clone();
        let steps = if inner.contains("/Branches/") && above(&inner, 3).ends_with("Branches") { 4 } else { 3 };
        let outer = name(above(&inner, steps));
        rename(d, &inner, &outer)
    }),
];

/// Renames a state that is not the first of its `States` object.
fn renamed(u: &mut Unstructured<'_>, document: &mut Value, new: &str) -> Option<Location> {
    let is_start = |pointer: &str| {
        let start = document.pointer(above(pointer, 2)).and_then(|machine| machine.get("StartAt")?.as_str());
        start == Some(&*name(pointer))
    };
    let states: Vec<_> = ANY.all(document).into_iter().filter(|object| !is_start(&object.pointer)).collect();
    let pointer = states.get(u.below(states.len()))?.pointer.clone();
    rename(document, &pointer, new)
}

/// `States` objects around a state, but for the outermost.
fn depth(pointer: &str) -> usize {
    pointer.matches("/States/").count().saturating_sub(1)
}

/// Leads from a state inside a branch or processor to one outside.
fn leaves(u: &mut Unstructured<'_>, document: &mut Value, inside: &str) -> Option<Location> {
    let start = document["StartAt"].clone();
    let states: Vec<_> = FLOWING
        .with(&["Next"])
        .all(document)
        .into_iter()
        .filter(|object| {
            object.pointer.contains(inside) || inside == "tor/" && object.pointer.contains("/ItemProcessor/")
        })
        .collect();
    let pointer = states.get(u.below(states.len()))?.pointer.clone();
    document.pointer_mut(&pointer)?["Next"] = start;
    Some(below(&pointer, "Next"))
}
