//! Rules for cases beyond what the reader of the files enforces. Nothing here edits a case.

mod features;
mod repair;

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt,
    sync::OnceLock,
};

use jsonschema::Validator;
use serde_json::Value;

use crate::{
    case::{Case, Feature},
    requirements,
    suite::{CaseFile, LoadFault, Suite},
};

/// A rule that a case breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the case, or name of the file.
    pub at: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.at, self.message)
    }
}

/// Every rule that a case of `suite` breaks.
#[must_use]
pub fn lint(suite: &Suite) -> Vec<Finding> {
    let mut findings: Vec<_> = suite.faults.iter().map(unreadable).collect();
    for file in &suite.files {
        schema(file, &mut findings);
        descriptions(file, &mut findings);
    }
    let mut ids = HashSet::new();
    for case in &suite.cases {
        if !ids.insert(case.id.as_str()) {
            findings.push(Finding { at: case.id.clone(), message: "the id is used twice".to_owned() });
        }
        let messages = [vague(case), requirement_ids(case), features::check(case), repair::check(case)];
        findings.extend(messages.into_iter().flatten().map(|message| Finding { at: case.id.clone(), message }));
    }
    findings
}

/// The features that a case needs of an engine, and those that it may need where the document does not tell.
#[must_use]
pub fn needed(case: &Case) -> BTreeSet<Feature> {
    features::needed(case)
}

fn unreadable(fault: &LoadFault) -> Finding {
    let at = fault.case.as_ref().map_or(fault.file.clone(), |case| format!("{}, {case}", fault.file));
    Finding { at, message: fault.reason.clone() }
}

/// The JSON Schema of case files, as text.
pub const SCHEMA: &str = include_str!("../../case.schema.json");

fn validator() -> &'static Result<Validator, String> {
    static VALIDATOR: OnceLock<Result<Validator, String>> = OnceLock::new();
    VALIDATOR.get_or_init(|| {
        let schema: Value = serde_json::from_str(SCHEMA).map_err(|error| error.to_string())?;
        jsonschema::validator_for(&schema).map_err(|error| error.to_string())
    })
}

fn schema(file: &CaseFile, findings: &mut Vec<Finding>) {
    // A file that does not parse is among the faults of the suite.
    let Ok(document) = serde_json::from_str::<Value>(&file.text) else { return };
    let mut add = |at: String, message: String| findings.push(Finding { at, message });
    match validator() {
        Ok(validator) => validator.iter_errors(&document).for_each(|error| {
            let place = error.instance_path().to_string();
            add(named(file, &document, &place), format!("breaks case.schema.json at {place}: {error}"));
        }),
        Err(error) => add("case.schema.json".to_owned(), error.clone()),
    }
}

/// The id of the case that a pointer into a file leads into, else the name of the file.
fn named(file: &CaseFile, document: &Value, place: &str) -> String {
    let case = place.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    let id = document.pointer(&case).and_then(|case| case.get("id")).and_then(Value::as_str);
    id.unwrap_or(&file.name).to_owned()
}

/// Ids begin with the name of the file, and no two cases of a file say the same.
fn descriptions(file: &CaseFile, findings: &mut Vec<Finding>) {
    let Ok(entries) = crate::suite::entries(&file.text) else { return };
    let mut seen: HashMap<String, String> = HashMap::new();
    for entry in entries {
        let text = |name| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = text("id");
        let topic: Vec<_> = id.split('/').take(2).collect();
        if !is_topic(file.name.trim_end_matches(".json"), &topic.join("/")) {
            let message = format!("the id does not begin with the name of its file, {}", file.name);
            findings.push(Finding { at: id.clone(), message });
        }
        if let Some(other) = seen.insert(text("description").to_lowercase(), id.clone()) {
            findings.push(Finding { at: id, message: format!("has the description of {other}") });
        }
    }
}

fn is_topic(file: &str, topic: &str) -> bool {
    file == topic || file.strip_suffix(topic).is_some_and(|folder| folder.ends_with('/'))
}

/// Words that say nothing of the fact.
const VAGUE: [&str; 7] = ["works", "testing", "correctly", "properly", "should", "various", "as expected"];
/// Words that begin a sentence about the case instead of the language.
const VAGUE_BEGINNINGS: [&str; 6] = ["test", "tests", "check", "checks", "verify", "verifies"];

fn vague(case: &Case) -> Vec<String> {
    let words = case.description.to_lowercase();
    let words = words.split(|symbol: char| !symbol.is_alphanumeric()).collect::<Vec<_>>().join(" ");
    let vague = VAGUE.into_iter().filter(|vague| format!(" {words} ").contains(&format!(" {vague} ")));
    let begin = VAGUE_BEGINNINGS.into_iter().filter(|vague| words.split(' ').next() == Some(vague));
    vague.chain(begin).map(|vague| format!("the description says '{vague}' instead of the fact")).collect()
}

fn requirement_ids(case: &Case) -> Vec<String> {
    let fault = |id: &String| {
        if requirements::find(id).is_none() {
            Some(format!("no requirement has the id {id}"))
        } else if requirements::unobservable().contains_key(id.as_str()) {
            Some(format!("{id} stands in unobservable.tsv, so no case can show it"))
        } else {
            None
        }
    };
    case.requirements.iter().filter_map(fault).collect()
}

#[cfg(test)]
mod tests;
