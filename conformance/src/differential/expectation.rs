//! What an outcome lets one expect of another engine, or of the same engine after a change.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    engine::{Outcome, Status},
    expect::Ending,
    relations::{
        Keeps, OutputChange, Related, Relation,
        document::{kind, mentions, places},
    },
};

/// Deepest nesting of an output that is looked into.
const MAX_DEPTH: usize = 200;

/// An end of an execution, with the inputs of the task calls by state.
#[derive(Clone, Debug)]
pub struct Observation {
    /// What the engine reported.
    pub outcome: Outcome,
    /// What it asked the tasks.
    pub inputs: BTreeMap<String, Vec<Value>>,
}

impl Observation {
    /// What another engine has to report about the same machine.
    ///
    /// Engines word their own causes differently, and what runs side by side may be reported in any order; neither is
    /// expected.
    #[must_use]
    pub fn expectation(&self, definition: &Value) -> Ending {
        let outcome = &self.outcome;
        let sequential = !has_concurrency(definition);
        let failed = outcome.status == Status::Failed;
        let mut ending = Ending {
            status: outcome.status,
            error: failed.then(|| outcome.error.clone()),
            cause: (failed && !is_predefined(outcome.error.as_deref())).then(|| outcome.cause.clone()),
            elapsed: outcome.elapsed.clone(),
            ..Ending::default()
        };
        if sequential {
            ending.visited.clone_from(&outcome.visited);
            ending.waits.clone_from(&outcome.waits);
            ending.transitions = outcome.transitions;
        }
        self.expect_output(&mut ending);
        self.expect_calls(&mut ending, sequential, definition);
        ending
    }

    fn expect_output(&self, ending: &mut Ending) {
        let Some(output) = &self.outcome.output else { return };
        if holds_own_cause(output) {
            ending.output_schema = Some(schema(output, 0));
        } else {
            ending.output = Some(output.clone());
        }
    }

    /// The calls, unless what happens first decides which of them are made at all.
    fn expect_calls(&self, ending: &mut Ending, sequential: bool, definition: &Value) {
        let races =
            !sequential && (ending.status != Status::Succeeded || mentions(definition, &["Catch", "Tolerated"]));
        if self.inputs.is_empty() || races {
            return;
        }
        if sequential && !self.inputs.values().flatten().any(holds_own_cause) {
            ending.task_inputs = Some(self.inputs.clone());
        } else {
            ending.calls = Some(self.inputs.iter().map(|(state, calls)| (state.clone(), calls.len() as u64)).collect());
        }
    }

    /// What the same engine has to report after a change; `None` where the relation says nothing.
    #[must_use]
    pub fn expectation_after(
        &self,
        definition: &Value,
        relation: &Relation,
        related: &Related,
        profile: crate::case::Profile,
    ) -> Option<Ending> {
        if !relation.holds_for.covers(&self.outcome) {
            return None;
        }
        let mut ending = self.expectation(definition);
        if ending.status == Status::Failed
            && let Some(name) = related.failure.name(profile)?
        {
            ending.error = Some(Some(name.to_owned()));
            ending.cause = None;
        }
        let beside: &[Value] = match related.output {
            OutputChange::Same => return Some(after(ending, relation, related)),
            OutputChange::InArray => &[],
            OutputChange::Beside(given) => &[json!(given)],
        };
        ending.output = ending.output.map(|output| std::iter::once(&output).chain(beside).cloned().collect());
        ending.output_schema = ending.output_schema.map(|schema| array_of(schema, beside));
        Some(after(ending, relation, related))
    }
}

/// What is expected on the way, after a change.
fn after(mut ending: Ending, relation: &Relation, related: &Related) -> Ending {
    match relation.keeps {
        Keeps::Time => {
            ending.visited = None;
            ending.transitions = None;
        }
        Keeps::Way => {
            let rename = |names: Vec<String>| names.iter().map(|name| related.name(name).to_owned()).collect();
            ending.visited = ending.visited.map(rename);
        }
    }
    // Delays are observed in the order in which they begin, which is known only of machines without concurrency.
    if has_concurrency(&related.scenario.definition) {
        ending.visited = None;
        ending.waits = None;
        ending.transitions = None;
    }
    let kept = |name: &String| related.scenario.tasks.contains_key(related.name(name));
    ending.calls = ending.calls.map(|calls| renamed(calls, related, kept));
    ending.task_inputs = ending.task_inputs.map(|inputs| renamed(inputs, related, kept));
    ending
}

fn renamed<T>(members: BTreeMap<String, T>, related: &Related, kept: impl Fn(&String) -> bool) -> BTreeMap<String, T> {
    let members = members.into_iter().filter(|(name, _)| kept(name));
    members.map(|(name, member)| (related.name(&name).to_owned(), member)).collect()
}

fn is_predefined(name: Option<&str>) -> bool {
    name.is_some_and(|name| name.starts_with("States."))
}

/// Whether something in the machine may run beside something else.
#[must_use]
pub fn has_concurrency(definition: &Value) -> bool {
    places(definition)
        .iter()
        .any(|place| place.state(definition).is_some_and(|state| matches!(kind(state), "Parallel" | "Map")))
}

/// An error output whose cause is the engine's own.
fn is_own_error(value: &Value) -> bool {
    value.get("Cause").is_some_and(Value::is_string) && is_predefined(value.get("Error").and_then(Value::as_str))
}

/// Whether an error output with a cause of the engine's own is somewhere in a value.
fn holds_own_cause(value: &Value) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(_) if is_own_error(value) => return true,
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    false
}

/// A value with one text in the place of all causes of the engine's own.
#[must_use]
pub fn without_own_causes(value: &Value) -> Value {
    let mut value = value.clone();
    let mut open = vec![&mut value];
    while let Some(value) = open.pop() {
        if is_own_error(value) {
            value["Cause"] = json!("own");
        }
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values_mut()),
            _ => {}
        }
    }
    value
}

/// A JSON Schema of a value in which causes of the engine's own may be any text.
fn schema(value: &Value, depth: usize) -> Value {
    match value {
        _ if depth > MAX_DEPTH || !holds_own_cause(value) => json!({"const": value}),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| schema(item, depth + 1)).collect();
            json!({"type": "array", "prefixItems": items, "minItems": items.len(), "maxItems": items.len()})
        }
        Value::Object(members) => {
            let is_own = is_own_error(value);
            let properties: serde_json::Map<_, _> = members
                .iter()
                .map(|(name, member)| match name.as_str() {
                    "Cause" if is_own => (name.clone(), json!({"type": "string"})),
                    _ => (name.clone(), schema(member, depth + 1)),
                })
                .collect();
            let names: Vec<_> = members.keys().collect();
            json!({"type": "object", "required": names, "properties": properties, "additionalProperties": false})
        }
        scalar => json!({"const": scalar}),
    }
}

/// The schema of an array of one value with this schema, and these values after it.
fn array_of(schema: Value, beside: &[Value]) -> Value {
    let consts = beside.iter().map(|value| json!({"const": value}));
    let items: Vec<_> = std::iter::once(schema).chain(consts).collect();
    json!({"type": "array", "prefixItems": items, "minItems": items.len(), "maxItems": items.len()})
}
