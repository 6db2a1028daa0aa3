//! Events of AWS's execution history in the shape that cases use.

use serde_json::{Map, Value};

/// Members of event details that hold JSON as text.
const TEXTS: [&str; 3] = ["input", "output", "parameters"];

/// The event of a case for an event as `GetExecutionHistory` gives it: the details move up to `type`, texts of JSON
/// become values, `previousEventId` becomes `previous`; what merely says how a text was cut is left out.
#[must_use]
pub fn simplify(event: Map<String, Value>) -> Map<String, Value> {
    let mut simple = Map::new();
    for (name, member) in event {
        match member {
            Value::Object(details) if name.ends_with("EventDetails") => {
                let details = details.into_iter().filter(|(name, _)| !name.ends_with("Details"));
                simple.extend(details.map(|(name, detail)| {
                    let value = value(&name, detail);
                    (name, value)
                }));
            }
            member if name == "previousEventId" => drop(simple.insert("previous".to_owned(), member)),
            member => drop(simple.insert(name, member)),
        }
    }
    simple
}

fn value(name: &str, detail: Value) -> Value {
    let parse = |text: &str| serde_json::from_str(text).ok();
    match detail {
        Value::String(text) if TEXTS.contains(&name) => parse(&text).unwrap_or(Value::String(text)),
        Value::Object(texts) if name == "assignedVariables" => {
            let values = texts.into_iter().map(|(name, text)| {
                let value = text.as_str().and_then(parse).unwrap_or(text);
                (name, value)
            });
            values.collect::<Map<_, _>>().into()
        }
        detail => detail,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::simplify;

    #[test]
    fn details_move_up_and_texts_become_values() {
        let event = json!({
            "timestamp": "2025-01-01T00:00:00Z", "type": "PassStateExited", "id": 3, "previousEventId": 2,
            "stateExitedEventDetails": {
                "name": "A", "output": "{\"a\":1}", "outputDetails": {"truncated": false},
                "assignedVariables": {"x": "[1]"}, "assignedVariablesDetails": {"truncated": false}
            }
        });
        let Value::Object(event) = event else { unreachable!() };
        let simple = json!({
            "timestamp": "2025-01-01T00:00:00Z", "type": "PassStateExited", "id": 3, "previous": 2,
            "name": "A", "output": {"a": 1}, "assignedVariables": {"x": [1]}
        });
        assert_eq!(Value::Object(simplify(event)), simple);
    }
}
