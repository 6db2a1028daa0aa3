//! Reductions of members, elements and values anywhere in a scenario.

use asl_generator::Scenario;
use serde_json::{Value, json};

use super::{Edit, states::tidy};
use crate::relations::document::escape;

/// Most places of a scenario that are looked at.
const MAX_PLACES: usize = 3_000;

/// A change at one place of a scenario.
#[derive(Clone, Debug)]
pub(super) enum ValueEdit {
    /// The member or element at this JSON Pointer goes.
    Remove(String),
    /// Another value takes its place.
    Replace(String, Value),
}

/// Removals of every member and element, the largest first.
pub(super) fn removals(scenario: &Scenario) -> Vec<ValueEdit> {
    let document = scenario.to_value();
    let mut places = pointers(&document);
    places.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    places.into_iter().map(|(pointer, _)| ValueEdit::Remove(pointer)).collect()
}

/// Simpler values for every value.
pub(super) fn simplifications(scenario: &Scenario) -> Vec<ValueEdit> {
    let document = scenario.to_value();
    let mut edits = Vec::new();
    for (pointer, _) in pointers(&document) {
        let simpler = document.pointer(&pointer).map(simpler).unwrap_or_default();
        edits.extend(simpler.into_iter().map(|value| ValueEdit::Replace(pointer.clone(), value)));
    }
    edits
}

/// JSON Pointers to all values but the outermost, with the length of their texts.
fn pointers(document: &Value) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), document)];
    while let Some((pointer, value)) = open.pop() {
        if found.len() >= MAX_PLACES {
            break;
        }
        match value {
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)));
            }
            Value::Object(members) => {
                open.extend(members.iter().map(|(name, member)| (format!("{pointer}/{}", escape(name)), member)));
            }
            _ => {}
        }
        if !pointer.is_empty() {
            found.push((pointer, value.to_string().len()));
        }
    }
    found
}

/// Values that could take the place of a value, the simplest first.
fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => std::iter::once(json!([])).chain(items.iter().cloned()).collect(),
        Value::Object(members) => std::iter::once(json!({})).chain(members.values().cloned()).collect(),
        Value::String(text) => simpler_texts(text).into_iter().map(Value::from).collect(),
        Value::Number(number) => {
            let half = number.as_i64().map(|number| json!(number / 10));
            [json!(0), json!(1)].into_iter().chain(half).collect()
        }
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

fn simpler_texts(text: &str) -> Vec<String> {
    let mut texts = vec![String::new(), "a".to_owned(), "$".to_owned()];
    if text.starts_with('$') {
        // Paths: without the last step, and without the first.
        texts.extend(
            text.char_indices()
                .rev()
                .filter(|(_, symbol)| matches!(symbol, '.' | '['))
                .map(|(at, _)| text[..at].to_owned()),
        );
        let second = text.char_indices().filter(|(_, symbol)| matches!(symbol, '.' | '[')).nth(1);
        texts.extend(second.map(|(at, _)| format!("${}", &text[at..])));
    }
    if text.starts_with("States.") {
        texts.extend(arguments(text));
        texts.extend(arguments(text).into_iter().map(|argument| text.replacen(&argument, "1", 1)));
    }
    if let Some(expression) = text.strip_prefix("{%").and_then(|text| text.strip_suffix("%}")) {
        texts.extend(["true", "1", "$states.input"].map(|simple| format!("{{% {simple} %}}")));
        texts.extend(arguments(expression.trim()).into_iter().map(|part| format!("{{% {part} %}}")));
    } else if let Some((middle, _)) = text.char_indices().nth(text.chars().count() / 2) {
        texts.extend([text[..middle].to_owned(), text[middle..].to_owned()]);
    }
    texts
}

/// The parts between the commas of the outermost parentheses of a text.
fn arguments(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut quoted, mut escaped) = (0_usize, 0, None, false);
    for (at, symbol) in text.char_indices() {
        match (quoted, symbol) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(quote), symbol) => quoted = (symbol != quote).then_some(quote),
            (None, '\'' | '"') => quoted = Some(symbol),
            (None, '(' | '[' | '{') => {
                depth += 1;
                if depth == 1 {
                    start = at + 1;
                }
            }
            (None, ')' | ']' | '}' | ',') => {
                if depth == 1 {
                    parts.push(text[start..at].trim().to_owned());
                    start = at + 1;
                }
                if symbol != ',' {
                    depth = depth.saturating_sub(1);
                }
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

impl Edit for ValueEdit {
    fn apply(&self, scenario: &Scenario) -> Option<Scenario> {
        let mut document = scenario.to_value();
        match self {
            Self::Remove(pointer) => {
                let (parent, name) = pointer.rsplit_once('/')?;
                match document.pointer_mut(parent)? {
                    Value::Object(members) => drop(members.shift_remove(&name.replace("~1", "/").replace("~0", "~"))?),
                    Value::Array(items) => {
                        let index: usize = name.parse().ok()?;
                        (index < items.len()).then(|| items.remove(index))?;
                    }
                    _ => return None,
                }
            }
            Self::Replace(pointer, value) => *document.pointer_mut(pointer)? = value.clone(),
        }
        let mut scenario = from_value(document)?;
        tidy(&mut scenario);
        Some(scenario)
    }
}

/// The scenario of its members in one object; those that are gone are the smallest possible.
fn from_value(mut document: Value) -> Option<Scenario> {
    let mut take = |name: &str| document.get_mut(name).map(Value::take);
    let tasks = match take("tasks") {
        Some(Value::Object(tasks)) => tasks,
        Some(_) => return None,
        None => serde_json::Map::new(),
    };
    Some(Scenario {
        definition: take("definition")?,
        input: take("input").unwrap_or_else(|| json!({})),
        tasks,
        context: take("context"),
        store: take("store"),
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::arguments;

    #[rstest]
    #[case("States.Format('a, (b', $.x, States.Array(1, 2))", &["'a, (b'", "$.x", "States.Array(1, 2)"])]
    #[case(r"States.Format('it\'s')", &[r"'it\'s'"])]
    #[case("States.UUID()", &[])]
    #[case("$merge([$a, $b])", &["[$a, $b]"])]
    #[case("$a + 1", &[])]
    fn arguments_stand_between_the_commas_of_the_call(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(arguments(text), expected);
    }
}
