//! Other spellings of Paths.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::Value;

use super::{
    Related,
    document::{Language, Object, places},
};

/// Fields that hold payload templates.
const TEMPLATES: [&str; 6] = ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials", "BatchInput"];
/// Deepest nesting of rules and templates that is looked at.
const MAX_DEPTH: usize = 100;

/// Calls `visit` with every string of a JSONPath state that is a Path or an intrinsic invocation.
pub fn visit_paths(state: &mut Object, visit: &mut dyn FnMut(&mut String)) {
    fields(state, visit, 0);
}

fn fields(object: &mut Object, visit: &mut dyn FnMut(&mut String), depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    for (name, value) in object {
        match (name.as_str(), value) {
            (name, value) if TEMPLATES.contains(&name) => template(value, visit, depth + 1),
            // Nested states are visited on their own, and data are not looked into.
            ("Result" | "States" | "Branches" | "ItemProcessor" | "Iterator", _) => {}
            (name, Value::String(path)) if name == "Variable" || name.ends_with("Path") => visit(path),
            (_, Value::Object(inner)) => fields(inner, visit, depth + 1),
            (_, Value::Array(items)) => {
                items.iter_mut().filter_map(Value::as_object_mut).for_each(|item| fields(item, visit, depth + 1));
            }
            _ => {}
        }
    }
}

fn template(value: &mut Value, visit: &mut dyn FnMut(&mut String), depth: usize) {
    match value {
        _ if depth > MAX_DEPTH => {}
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(path) if name.ends_with(".$") => visit(path),
                    member => template(member, visit, depth + 1),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| template(item, visit, depth + 1)),
        _ => {}
    }
}

/// Writes the steps of all plain Paths in brackets.
pub(super) fn bracket_steps(scenario: &Scenario, _: &mut Unstructured<'_>) -> Option<Related> {
    let mut scenario = scenario.clone();
    let mut any = false;
    for place in places(&scenario.definition) {
        if place.language != Language::JsonPath {
            continue;
        }
        let Some(state) = place.state_mut(&mut scenario.definition) else { continue };
        visit_paths(state, &mut |path| {
            if let Some(bracketed) = bracketed(path) {
                *path = bracketed;
                any = true;
            }
        });
    }
    any.then(|| Related::same(scenario))
}

/// A Path of plain names and indexes with its names in brackets; `None` for another, or one without names.
fn bracketed(path: &str) -> Option<String> {
    let at = path.find(['.', '['])?;
    let (root, steps) = path.split_at(at);
    if !root.starts_with('$') {
        return None;
    }
    let mut text = root.to_owned();
    let mut rest = steps;
    let mut any = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, tail) = after.split_at(end);
            if name.is_empty() || !name.chars().all(|symbol| symbol.is_ascii_alphanumeric() || symbol == '_') {
                return None;
            }
            text.push_str(&format!("['{name}']"));
            rest = tail;
            any = true;
        } else {
            let (index, tail) = rest.strip_prefix('[')?.split_once(']')?;
            if index.is_empty() || !index.bytes().all(|digit| digit.is_ascii_digit()) {
                return None;
            }
            text.push_str(&format!("[{index}]"));
            rest = tail;
        }
    }
    any.then_some(text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::bracketed;

    #[rstest]
    #[case("$.a", Some("$['a']"))]
    #[case("$$.Execution.Input.x_1[0].b", Some("$$['Execution']['Input']['x_1'][0]['b']"))]
    #[case("$total.a", Some("$total['a']"))]
    #[case("$", None)]
    #[case("$[0]", None)]
    #[case("$..a", None)]
    #[case("$.*", None)]
    #[case("$.a[*]", None)]
    #[case("$.a[1:2]", None)]
    #[case("$['a'].b", None)]
    #[case("$.größe", None)]
    #[case("States.Format('a.b')", None)]
    fn only_plain_paths_are_written_in_brackets(#[case] path: &str, #[case] expected: Option<&str>) {
        assert_eq!(bracketed(path).as_deref(), expected);
    }
}
