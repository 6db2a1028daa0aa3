//! States that say the same in the other query language.
//!
//! Only what is certain is translated: literals, whole inputs, and tests of members that are there or fail the state.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Map, Value, json};

use super::{
    Related,
    data::is_jsonata,
    document::{Language, Nesting, Object, Place, kind, mentions, pick, places},
};

/// Deepest nesting of templates and rules that is translated.
const MAX_DEPTH: usize = 20;
/// How a JSONata string begins.
const DELIMITER: &str = "{%";

/// A JSONPath state becomes a JSONata state.
pub(super) fn to_jsonata(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    translate(scenario, u, Language::JsonPath, jsonata_twin)
}

/// A JSONata state of a JSONPath machine becomes a JSONPath state.
pub(super) fn to_jsonpath(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    translate(scenario, u, Language::Jsonata, |_, state| jsonpath_twin(state))
}

fn translate(
    scenario: &Scenario,
    u: &mut Unstructured<'_>,
    language: Language,
    twin: impl Fn(&Place, &Object) -> Option<Object>,
) -> Option<Related> {
    if is_jsonata(&scenario.definition) || has_fragile_numbers(scenario) {
        return None;
    }
    let candidate = |place: Place| {
        let state = twin(&place, place.state(&scenario.definition)?)?;
        Some((place, state))
    };
    let of_language = places(&scenario.definition).into_iter().filter(|place| place.language == language);
    let (place, state) = pick(u, of_language.filter_map(candidate).collect())?;
    let mut scenario = scenario.clone();
    *place.state_mut(&mut scenario.definition)? = state;
    Some(Related::same(scenario))
}

/// Numbers that change their notation on the way through JSONata (D38), so that a later JSONPath state may tell.
fn has_fragile_numbers(scenario: &Scenario) -> bool {
    const EXACT: u64 = 1 << 53;
    let tasks = Value::Object(scenario.tasks.clone());
    let mut open = vec![&scenario.definition, &scenario.input, &tasks];
    while let Some(value) = open.pop() {
        match value {
            Value::Number(number) => {
                let is_exact = number.as_i64().is_some_and(|number| number.unsigned_abs() <= EXACT);
                let is_fraction = number.as_f64().is_some_and(|number| number.fract() != 0.0 && number.abs() < 1e6);
                if !is_exact && !is_fraction {
                    return true;
                }
            }
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    false
}

/// Fields that read the same in both languages.
const SHARED: [&str; 9] =
    ["Type", "Comment", "Next", "End", "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Retry", "Default"];

/// Translates the members of a state one by one; `other` gives those that are not shared, or `None` for a state that
/// has no certain twin.
fn members(state: &Object, other: impl Fn(&str, &Value) -> Option<Vec<(&'static str, Value)>>) -> Option<Object> {
    let mut twin = Map::new();
    for (name, value) in state {
        if SHARED.contains(&name.as_str()) {
            twin.insert(name.clone(), value.clone());
        } else if name != "QueryLanguage" {
            twin.extend(other(name, value)?.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
    }
    Some(twin)
}

fn jsonata_twin(place: &Place, state: &Object) -> Option<Object> {
    let is_literal = |value: &Value| !mentions(value, &[DELIMITER]);
    let catchers = |value: &Value| {
        let is_plain = |catcher: &Value| catcher.get("ResultPath").is_none() && catcher.get("Assign").is_none();
        value.as_array().is_some_and(|catchers| catchers.iter().all(is_plain))
    };
    let has_result = state.contains_key("Result");
    let mut twin = members(state, |name, value| match (kind(state), name) {
        ("Pass", "Result") if is_literal(value) => Some(vec![("Output", value.clone())]),
        ("Pass", "Parameters") if has_result => Some(Vec::new()),
        ("Pass", "Parameters") => Some(vec![("Output", template(value, 0)?)]),
        ("Task", "Parameters") => Some(vec![("Arguments", template(value, 0)?)]),
        ("Pass" | "Task", "ResultPath") if value.is_null() => Some(vec![("Output", json!("{% $states.input %}"))]),
        ("Wait", "Seconds") if is_literal(value) => Some(vec![("Seconds", value.clone())]),
        ("Wait", "Timestamp") if is_literal(value) => Some(vec![("Timestamp", value.clone())]),
        ("Fail", "Error") if is_literal(value) => Some(vec![("Error", value.clone())]),
        ("Fail", "Cause") if is_literal(value) => Some(vec![("Cause", value.clone())]),
        ("Task", "Catch") if catchers(value) => Some(vec![("Catch", value.clone())]),
        // Elsewhere a Path that selects nothing could be caught.
        ("Choice", "Choices") if place.site.nesting == Nesting::Outermost => {
            let rules: Option<Vec<_>> = value.as_array()?.iter().map(|rule| top_rule(rule.as_object()?)).collect();
            Some(vec![("Choices", rules?.into())])
        }
        (_, "InputPath" | "OutputPath" | "ResultPath") if value == "$" => Some(Vec::new()),
        _ => None,
    })?;
    // ResultPath null drops the Result; both would have become Output.
    if state.get("ResultPath").is_some_and(Value::is_null) {
        twin.insert("Output".to_owned(), json!("{% $states.input %}"));
    }
    matches!(kind(state), "Pass" | "Task" | "Wait" | "Fail" | "Choice" | "Succeed").then_some(())?;
    twin.insert("QueryLanguage".to_owned(), json!("JSONata"));
    Some(twin)
}

/// A payload template of literals and whole inputs.
fn template(value: &Value, depth: usize) -> Option<Value> {
    match value {
        _ if depth > MAX_DEPTH => None,
        Value::Object(fields) => {
            let mut object = Map::new();
            for (name, member) in fields {
                match (name.strip_suffix(".$"), member) {
                    (Some(name), Value::String(path)) => {
                        let whole = match path.as_str() {
                            "$" => "{% $states.input %}",
                            "$$.State.Name" => "{% $states.context.State.Name %}",
                            _ => return None,
                        };
                        object.insert(name.to_owned(), json!(whole));
                    }
                    (Some(_), _) => return None,
                    (None, member) => drop(object.insert(name.clone(), template(member, depth + 1)?)),
                }
            }
            Some(Value::Object(object))
        }
        Value::Array(items) => items.iter().map(|item| template(item, depth + 1)).collect(),
        Value::String(text) if text.contains(DELIMITER) => None,
        literal => Some(literal.clone()),
    }
}

fn top_rule(rule: &Object) -> Option<Value> {
    let mut twin = Map::new();
    for name in ["Next", "Comment"] {
        twin.extend(rule.get_key_value(name).map(|(name, value)| (name.clone(), value.clone())));
    }
    if rule.contains_key("Assign") {
        return None;
    }
    twin.insert("Condition".to_owned(), json!(format!("{{% {} %}}", condition(rule, 0)?)));
    Some(Value::Object(twin))
}

/// The test of a rule as a JSONata expression.
fn condition(rule: &Object, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let inner = |rule: &Value| condition(rule.as_object()?, depth + 1);
    for (name, operator) in [("And", " and "), ("Or", " or ")] {
        if let Some(rules) = rule.get(name) {
            let tests: Option<Vec<_>> = rules.as_array()?.iter().map(inner).collect();
            return Some(format!("({})", tests?.join(operator)));
        }
    }
    if let Some(negated) = rule.get("Not") {
        return Some(format!("$not({})", inner(negated)?));
    }
    let variable = variable(rule.get("Variable")?.as_str()?)?;
    let (operator, operand) = rule.iter().find(|(name, _)| !matches!(name.as_str(), "Variable" | "Comment"))?;
    let is_type = |name: &str| match operand.as_bool()? {
        true => Some(format!("$type({variable}) = '{name}'")),
        false => Some(format!("$type({variable}) != '{name}'")),
    };
    match operator.as_str() {
        "StringEquals" | "BooleanEquals" | "NumericEquals" => Some(format!("{variable} = {operand}")),
        "IsString" => is_type("string"),
        "IsNumeric" => is_type("number"),
        "IsBoolean" => is_type("boolean"),
        "IsNull" => is_type("null"),
        _ => None,
    }
}

/// A Path of one plain step below the input, as an expression. With more steps arrays on the way would be mapped over.
fn variable(path: &str) -> Option<String> {
    let name = path.strip_prefix("$.")?;
    let is_plain = |symbol: char| symbol.is_ascii_alphanumeric() || symbol == '_';
    (!name.is_empty() && name.chars().all(is_plain)).then(|| format!("$states.input.{name}"))
}

fn jsonpath_twin(state: &Object) -> Option<Object> {
    let is_literal = |value: &Value| !mentions(value, &[DELIMITER]);
    let catchers = |value: &Value| {
        let is_plain = |catcher: &Value| catcher.get("Output").is_none() && catcher.get("Assign").is_none();
        value.as_array().is_some_and(|catchers| catchers.iter().all(is_plain))
    };
    let twin = members(state, |name, value| match (kind(state), name) {
        ("Pass", "Output") if is_literal(value) => Some(vec![("Result", value.clone())]),
        ("Pass", "Output") if value == "{% $states.input %}" => Some(vec![("ResultPath", Value::Null)]),
        ("Task", "Output") if value == "{% $states.input %}" => Some(vec![("ResultPath", Value::Null)]),
        ("Wait", "Seconds") if is_literal(value) => Some(vec![("Seconds", value.clone())]),
        ("Wait", "Timestamp") if is_literal(value) => Some(vec![("Timestamp", value.clone())]),
        ("Fail", "Error") if is_literal(value) => Some(vec![("Error", value.clone())]),
        ("Fail", "Cause") if is_literal(value) => Some(vec![("Cause", value.clone())]),
        ("Task", "Catch") if catchers(value) => Some(vec![("Catch", value.clone())]),
        _ => None,
    })?;
    let literal_times =
        ["TimeoutSeconds", "HeartbeatSeconds"].iter().all(|field| twin.get(*field).is_none_or(Value::is_number));
    (literal_times && matches!(kind(state), "Pass" | "Task" | "Wait" | "Fail" | "Succeed")).then_some(twin)
}
