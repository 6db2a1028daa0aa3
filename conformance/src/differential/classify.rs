//! Which requirements a difference is about: what the minimal document uses, and what differs.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    relations::document::{Language, kind, places},
    requirements::{self, Requirement},
};

/// Most requirements that are named.
const MAX_NAMED: usize = 8;
/// Most nodes of a rule or a value that are looked at.
const MAX_NODES: usize = 10_000;

/// Something that a document uses, in the terms of the table of requirements.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Use {
    /// Prefix of the ids.
    pub prefix: String,
    /// Field, function, operator, error name or topic.
    pub feature: String,
}

impl Use {
    fn new(prefix: &str, feature: &str) -> Self {
        Self { prefix: prefix.to_owned(), feature: feature.to_owned() }
    }
}

/// Everything that a definition uses.
#[must_use]
pub fn uses(definition: &Value) -> BTreeSet<Use> {
    let mut uses = BTreeSet::new();
    if definition.get("TimeoutSeconds").is_some() {
        uses.insert(Use::new("STRUCT", "TimeoutSeconds"));
    }
    for place in places(definition) {
        let Some(state) = place.state(definition) else { continue };
        uses.insert(Use::new(prefix(kind(state)), "effect"));
        for (field, value) in state {
            match field.as_str() {
                // Nested states are places of their own.
                "Branches" | "ItemProcessor" => {}
                "Type" | "Next" | "End" | "Comment" | "QueryLanguage" | "Default" => {}
                "Retry" | "Catch" => handlers(if field == "Retry" { "RETRY" } else { "CATCH" }, value, &mut uses),
                "Choices" => rules(value, &mut uses),
                _ => drop(uses.insert(field_use(kind(state), field))),
            }
            if !matches!(field.as_str(), "Branches" | "ItemProcessor" | "Iterator" | "Result") {
                texts(place.language, value, field, &mut uses);
            }
        }
    }
    uses
}

fn prefix(kind: &str) -> &'static str {
    match kind {
        "Task" => "TASK",
        "Parallel" => "PAR",
        "Map" => "MAP",
        "Choice" => "CHOICE",
        "Wait" => "WAIT",
        "Succeed" => "SUCC",
        "Fail" => "FAIL",
        _ => "PASS",
    }
}

fn field_use(kind: &str, field: &str) -> Use {
    let own = match field {
        "InputPath" | "OutputPath" | "ResultPath" | "ResultSelector" => "IO",
        "Parameters" if kind != "Map" => "IO",
        "Assign" => "VAR",
        "ItemReader" | "ItemBatcher" | "ResultWriter" => "DMAP",
        "Arguments" | "Output" => "JNATA",
        _ => prefix(kind),
    };
    Use::new(own, field)
}

fn handlers(prefix: &str, list: &Value, uses: &mut BTreeSet<Use>) {
    for handler in list.as_array().into_iter().flatten().filter_map(Value::as_object) {
        uses.insert(Use::new(prefix, "matching"));
        for (field, value) in handler {
            match field.as_str() {
                "ErrorEquals" => {
                    let names = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                    uses.extend(names.filter(|name| name.starts_with("States.")).map(|name| Use::new("ERR", name)));
                }
                "Assign" => drop(uses.insert(Use::new("VAR", "Catcher"))),
                "Next" | "Comment" => {}
                field => drop(uses.insert(Use::new(prefix, field))),
            }
        }
    }
}

fn rules(list: &Value, uses: &mut BTreeSet<Use>) {
    let mut open = vec![list];
    let mut seen = 0;
    while let Some(value) = open.pop().filter(|_| seen < MAX_NODES) {
        seen += 1;
        match value {
            Value::Array(rules) => open.extend(rules),
            Value::Object(rule) => {
                for (name, value) in rule {
                    match name.as_str() {
                        "Next" | "Comment" | "Variable" | "Output" => {}
                        "Assign" => drop(uses.insert(Use::new("VAR", "Choice Rule"))),
                        name => drop(uses.insert(Use::new("CHOICE", name))),
                    }
                    if matches!(name.as_str(), "And" | "Or" | "Not") {
                        open.push(value);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Intrinsic functions, payload templates, Paths and JSONata in the texts of a field.
fn texts(language: Language, value: &Value, field: &str, uses: &mut BTreeSet<Use>) {
    let mut open = vec![(field, value)];
    let mut seen = 0;
    while let Some((name, value)) = open.pop().filter(|_| seen < MAX_NODES) {
        seen += 1;
        match value {
            Value::String(text) if language == Language::Jsonata && text.starts_with("{%") => {
                uses.insert(Use::new("JNATA", "value"));
                uses.extend(functions(text, "$").map(|name| Use::new("JNATA", &format!("${name}"))));
            }
            Value::String(_) if language == Language::Jsonata => {}
            Value::String(text) => {
                if name.ends_with(".$") {
                    uses.insert(Use::new("TMPL", ".$ key"));
                }
                uses.extend(functions(text, "States.").map(|name| Use::new(&format!("INTR-{name}"), "result")));
                if text.starts_with('$') && ["*", "..", "?(", ":"].iter().any(|step| text.contains(step)) {
                    uses.insert(Use::new("PATH", "Path"));
                }
                if let Some(member) = text.strip_prefix("$$.") {
                    uses.insert(Use::new("CTX", member.split(['.', '[']).next().unwrap_or_default()));
                }
            }
            Value::Array(items) => open.extend(items.iter().map(|item| (name, item))),
            Value::Object(members) => open.extend(members.iter().map(|(name, member)| (name.as_str(), member))),
            _ => {}
        }
    }
}

/// Names that follow `start` and are called.
fn functions<'t>(text: &'t str, start: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(start).filter_map(move |(at, _)| {
        let rest = &text[at + start.len()..];
        let end = rest.find(|symbol: char| !symbol.is_ascii_alphanumeric())?;
        (end > 0 && rest[end..].starts_with('(')).then(|| &rest[..end])
    })
}

/// The requirements that a difference in `field` of a machine with these uses is probably about, the likeliest first.
#[must_use]
pub fn candidates(uses: &BTreeSet<Use>, field: &str) -> Vec<&'static Requirement> {
    let topics: &[&str] = match field {
        "status" | "error" | "cause" => &["failure", "effect"],
        "output" | "outputSchema" => &["result", "output", "effect"],
        _ => &["effect"],
    };
    let jsonata = uses.iter().any(|one| one.prefix == "JNATA");
    let fits = |requirement: &&'static Requirement| {
        requirement.kind == "dynamic"
            && (requirement.query_language == "both" || (requirement.query_language == "JSONata") == jsonata)
    };
    let dynamic: Vec<_> = requirements::all().iter().filter(fits).collect();
    let named = |id: &str, feature: &str| {
        uses.iter().any(|one| one.feature == feature && one.feature != "effect" && group(id) == one.prefix)
    };
    let specific = dynamic.iter().filter(|requirement| named(requirement.id, requirement.feature));
    let general = dynamic.iter().filter(|requirement| {
        uses.iter().any(|one| one.feature == "effect" && one.prefix == group(requirement.id))
            && topics.contains(&requirement.feature)
    });
    specific.chain(general).copied().take(MAX_NAMED).collect()
}

/// An id without its number.
fn group(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(group, _)| group)
}
