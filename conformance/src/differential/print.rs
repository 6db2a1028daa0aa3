//! JSON in the layout of the case files: on one line what fits there.

use serde_json::Value;

/// Longest line.
const WIDTH: usize = 120;
/// Deepest nesting that is broken into lines.
const MAX_DEPTH: usize = 60;

/// The text of a value, without a line break at its end.
#[must_use]
pub fn pretty(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, 0, &mut text);
    text
}

/// Appends a value that stands `indent` columns to the right, followed by `after` more symbols.
fn write(value: &Value, indent: usize, after: usize, text: &mut String) {
    let line = one_line(value);
    let start = text.rsplit('\n').next().map_or(0, |line| line.chars().count());
    let is_flat = |value: &Value| {
        !matches!(value, Value::Array(items) if !items.is_empty())
            && !matches!(value, Value::Object(members) if !members.is_empty())
    };
    if is_flat(value) || indent > 2 * MAX_DEPTH || start + line.chars().count() + after <= WIDTH {
        return text.push_str(&line);
    }
    let (open, close) = if value.is_array() { ('[', ']') } else { ('{', '}') };
    text.push(open);
    let entries: Vec<(Option<&String>, &Value)> = match value {
        Value::Array(items) => items.iter().map(|item| (None, item)).collect(),
        Value::Object(members) => members.iter().map(|(name, member)| (Some(name), member)).collect(),
        _ => Vec::new(),
    };
    let last = entries.len().saturating_sub(1);
    for (index, (name, entry)) in entries.into_iter().enumerate() {
        text.push('\n');
        text.extend(std::iter::repeat_n(' ', indent + 2));
        if let Some(name) = name {
            text.push_str(&Value::from(name.as_str()).to_string());
            text.push_str(": ");
        }
        write(entry, indent + 2, usize::from(index < last), text);
        if index < last {
            text.push(',');
        }
    }
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
    text.push(close);
}

fn one_line(value: &Value) -> String {
    let compact = value.to_string();
    // Blanks after the colons and commas between members, none inside texts.
    let mut text = String::with_capacity(compact.len() + 16);
    let (mut in_text, mut escaped) = (false, false);
    for symbol in compact.chars() {
        text.push(symbol);
        match symbol {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            ':' | ',' if !in_text => text.push(' '),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_fits_stands_on_one_line() {
        assert_eq!(pretty(&json!({"a": [1, "x, \"y\": z"], "b": {}})), r#"{"a": [1, "x, \"y\": z"], "b": {}}"#);
    }

    #[test]
    fn what_does_not_fit_is_broken_at_its_members() {
        let long = "x".repeat(100);
        let text = pretty(&json!({"first": long, "second": {"a": [1, 2]}}));
        assert_eq!(text, format!("{{\n  \"first\": \"{long}\",\n  \"second\": {{\"a\": [1, 2]}}\n}}"));
        assert_eq!(
            serde_json::from_str::<Value>(&text).expect("JSON"),
            json!({"first": long, "second": {"a": [1, 2]}})
        );
    }
}
