//! Whether `requires` says what a case needs of an engine, all of it and nothing more.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{
    case::{Case, Definition, Feature, Limits},
    expect::Ending,
    script::Scripted,
};

/// Deepest nesting that is looked at.
const MAX_DEPTH: usize = 500;

/// Members of the context object that every engine with Paths into it has.
const COMMON_CONTEXT: [&str; 3] = [".State.Name", ".Map.Item", ".Execution.Input"];

/// What the definition of a case uses.
#[derive(Debug, Default)]
struct Uses {
    task: bool,
    jsonata: bool,
    distributed: bool,
    store: bool,
    context: bool,
    random: bool,
    express: bool,
    /// Something takes time, or happens beside something else.
    time: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Yes,
    No,
    /// The document does not tell.
    Open,
}

impl Need {
    /// Exactly when `certain`; open when only `possible`.
    fn between(certain: bool, possible: bool) -> Self {
        match (certain, possible) {
            (true, _) => Self::Yes,
            (false, true) => Self::Open,
            (false, false) => Self::No,
        }
    }
}

/// The tags that a case needs or may need.
pub(super) fn needed(case: &Case) -> BTreeSet<Feature> {
    let Some(uses) = Uses::of(case) else { return BTreeSet::new() };
    Feature::ALL.into_iter().filter(|feature| need(case, *feature, &uses) != Need::No).collect()
}

/// The tags that are missing, and those that stand there for nothing.
pub(super) fn check(case: &Case) -> Vec<String> {
    let Some(uses) = Uses::of(case) else { return Vec::new() };
    let judge = |feature: &Feature| match (need(case, *feature, &uses), case.requires.contains(feature)) {
        (Need::Yes, false) => Some(format!("needs \"{feature}\" in `requires`")),
        (Need::No, true) => Some(format!("has no use for \"{feature}\" in `requires`")),
        _ => None,
    };
    Feature::ALL.iter().filter_map(judge).collect()
}

fn need(case: &Case, feature: Feature, uses: &Uses) -> Need {
    let runs = !case.expect.is_validity();
    let endings = case.expect.endings();
    let any = |observes: fn(&Ending) -> bool| endings.iter().any(observes);
    match feature {
        // A definition with a Task state can be validated by an engine that lets nobody script it.
        Feature::Task => Need::between(runs && uses.task, false),
        Feature::Time => {
            let scripted = case.tasks.values().flatten().any(|attempt| {
                attempt.seconds > 0.0 || !attempt.heartbeats.is_empty() || attempt.answer == Scripted::Timeout
            });
            let observed =
                any(|ending| ending.waits.is_some() || ending.waits_within.is_some() || ending.elapsed.is_some());
            Need::between(observed || case.stop.is_some(), runs && (uses.time || scripted))
        }
        Feature::Context => Need::between(runs && uses.context, case.context.is_some()),
        Feature::Distributed => Need::between(uses.distributed, !runs),
        Feature::Store => Need::between(!case.store.is_empty(), runs && uses.store),
        Feature::History => Need::between(any(|ending| ending.history.is_some()), false),
        Feature::Limits => Need::between(case.limits.is_some(), false),
        Feature::Jsonata => Need::between(uses.jsonata, !runs),
        Feature::Express => {
            let is_express = matches!(case.limits, Some(Limits::Express | Limits::ExpressSync));
            Need::between(is_express, uses.express)
        }
        // A schema may look into a Cause that was caught.
        Feature::Causes => {
            Need::between(any(|ending| !ending.cause_contains.is_empty()), any(|ending| ending.output_schema.is_some()))
        }
        Feature::Random => Need::between(false, uses.random),
    }
}

impl Uses {
    /// `None` for text that is no JSON document, of which nothing can be found out.
    fn of(case: &Case) -> Option<Self> {
        let mut uses = Self::default();
        match &case.definition {
            Definition::Json(document) => uses.walk("", document, 0),
            Definition::Text(text) => uses.walk("", &serde_json::from_str(text).ok()?, 0),
        }
        Some(uses)
    }

    fn walk(&mut self, name: &str, value: &Value, depth: usize) {
        match value {
            _ if depth > MAX_DEPTH => {}
            Value::String(text) => self.text(name, text),
            Value::Array(items) => items.iter().for_each(|item| self.walk(name, item, depth + 1)),
            Value::Object(members) => {
                if name == "States" {
                    members.values().for_each(|state| self.state(state));
                }
                for (name, member) in members {
                    self.time |= matches!(name.as_str(), "Retry" | "TimeoutSeconds" | "TimeoutSecondsPath");
                    self.store |= matches!(name.as_str(), "ItemReader" | "ResultWriter");
                    self.walk(name, member, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn state(&mut self, state: &Value) {
        let kind = state.get("Type").and_then(Value::as_str);
        self.task |= kind == Some("Task");
        self.time |= matches!(kind, Some("Wait" | "Parallel" | "Map"));
    }

    fn text(&mut self, name: &str, text: &str) {
        match (name, text) {
            ("QueryLanguage", "JSONata") => self.jsonata = true,
            ("Mode", "DISTRIBUTED") => self.distributed = true,
            ("ExecutionType", "EXPRESS") => self.express = true,
            ("JitterStrategy", "FULL") => self.random = true,
            _ if name.ends_with(".$") || name.ends_with("Path") || name == "Variable" => {
                self.context |= reads_more(text, "$$");
                self.random |= text.contains("States.UUID") || text.contains("States.MathRandom");
            }
            _ if text.starts_with("{%") => {
                self.context |= reads_more(text, "$states.context");
                self.random |= ["$random", "$uuid", "$shuffle"].iter().any(|function| text.contains(function));
                self.time |= text.contains("$now") || text.contains("$millis");
            }
            _ => {}
        }
    }
}

/// Whether `text` reads more of the context object, called `root` there, than the members that every engine has.
fn reads_more(text: &str, root: &str) -> bool {
    let text = text.replace("['", ".").replace("']", "");
    text.match_indices(root)
        .any(|(at, _)| !COMMON_CONTEXT.iter().any(|member| text[at + root.len()..].starts_with(member)))
}
