//! The typed form of a case file.

mod objects;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

pub use asl_engine::profile::Profile;
pub use objects::{Object, Objects, Repeated};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{expect::Expect, script::Attempt};

/// Every profile.
pub const PROFILES: [Profile; 2] = [Profile::Aws, Profile::Spec];

/// The script of the Task states of a case: state name → attempts in order.
pub type Tasks = BTreeMap<String, Vec<Attempt>>;

/// The objects of a store: bucket name → key → text.
pub type Store = BTreeMap<String, BTreeMap<String, String>>;

/// One fact of the language, and the machine that shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "RawCase")]
pub struct Case {
    /// Permanent name, `<area>/<topic>/<fact>`.
    pub id: String,
    /// The fact in a sentence.
    pub description: String,
    /// Ids of the requirements that this case would catch an engine breaking.
    pub requirements: Vec<String>,
    /// Where the expected value comes from.
    pub source: Source,
    /// What an engine must be able to do beyond running JSONPath machines without tasks.
    pub requires: BTreeSet<Feature>,
    /// The only profile in which the case holds; `None` where it holds in all.
    pub profile: Option<Profile>,
    /// The machine.
    pub definition: Definition,
    /// The length to which blanks at its end bring the text of the machine.
    pub definition_bytes: Option<usize>,
    /// The name of the execution.
    pub execution_name: Option<String>,
    /// When the execution is stopped, if it is.
    pub stop: Option<Stop>,
    /// The execution input.
    pub input: Input,
    /// Members merged over the default context object.
    pub context: Option<Map<String, Value>>,
    /// What the Task states answer.
    pub tasks: Tasks,
    /// What item readers can read.
    pub store: Objects,
    /// The machine type whose published quotas are enforced.
    pub limits: Option<Limits>,
    /// What must come.
    pub expect: Expect,
    /// How an invalid definition becomes valid.
    pub repair: Option<Repair>,
}

impl Case {
    /// The first part of the id.
    #[must_use]
    pub fn area(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    /// The machine as an engine gets it.
    #[must_use]
    pub fn machine(&self) -> Cow<'_, Definition> {
        match self.definition_bytes {
            Some(bytes) => Cow::Owned(self.definition.padded(bytes)),
            None => Cow::Borrowed(&self.definition),
        }
    }

    /// What item readers can read, as an engine gets it.
    #[must_use]
    pub fn objects(&self) -> Store {
        objects::texts(&self.store)
    }

    /// Whether the case holds in `profile`.
    #[must_use]
    pub fn holds_in(&self, profile: Profile) -> bool {
        self.profile.is_none_or(|only| only == profile)
    }
}

/// A machine: JSON, or text that JSON cannot carry (not JSON at all, duplicate keys).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Definition {
    /// The document.
    #[serde(rename = "definition")]
    Json(Value),
    /// Its text.
    #[serde(rename = "definitionText")]
    Text(String),
}

impl Definition {
    /// Its text, with blanks at the end to the length of `bytes`.
    #[must_use]
    pub fn padded(&self, bytes: usize) -> Self {
        let mut text = match self {
            Self::Json(document) => document.to_string(),
            Self::Text(text) => text.clone(),
        };
        text.extend(std::iter::repeat_n(' ', bytes.saturating_sub(text.len())));
        Self::Text(text)
    }
}

/// A call of StopExecution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// When, in virtual seconds since the start; no effect on an execution that has ended before.
    pub seconds: f64,
    /// The error that the caller gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The cause that the caller gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// An execution input: JSON, or text that is not JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// The value.
    #[serde(rename = "input")]
    Json(Value),
    /// Its text.
    #[serde(rename = "inputText")]
    Text(String),
}

/// Where an expected value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The specification.
    Spec,
    /// The documentation of AWS Step Functions.
    AwsDocs,
    /// Recorded or measured on AWS Step Functions.
    AwsObserved,
    /// Our reading where no source decides.
    Inferred,
}

/// What some engines can do and others cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feature {
    /// Runs Task states whose answers the runner supplies.
    Task,
    /// Runs in virtual time, and reports it.
    Time,
    /// Has the context object of AWS, and lets a case set its members.
    Context,
    /// Runs the Map state in distributed mode.
    Distributed,
    /// Reads and writes objects of a store.
    Store,
    /// Reports the execution history.
    History,
    /// Enforces the published quotas.
    Limits,
    /// Runs JSONata states.
    Jsonata,
    /// Distinguishes Express machines.
    Express,
    /// Has the functions with random results.
    Random,
    /// Words its causes as AWS does.
    Causes,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 11] = [
        Self::Task,
        Self::Time,
        Self::Context,
        Self::Distributed,
        Self::Store,
        Self::History,
        Self::Limits,
        Self::Jsonata,
        Self::Express,
        Self::Random,
        Self::Causes,
    ];
}

impl std::fmt::Display for Feature {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(formatter)
    }
}

/// The machine types of AWS Step Functions, which differ in their quotas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limits {
    /// Standard workflows, in the regions with the highest rate of transitions.
    Standard,
    /// Standard workflows, in the other regions.
    StandardSmallRegion,
    /// Express workflows.
    Express,
    /// Express workflows that the caller waits for.
    ExpressSync,
}

/// What makes an invalid definition valid.
#[derive(Clone, Debug, PartialEq)]
pub enum Repair {
    /// Operations on the document.
    Patch(json_patch::Patch),
    /// The whole repaired text.
    Text(String),
    /// The length to which blanks bring the text instead.
    Bytes(usize),
}

/// Most bytes of a text, or of all objects of a store, that a case may ask to be made.
const LONGEST_TEXT: usize = 1 << 24;

/// A case as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawCase {
    id: String,
    description: String,
    requirements: Vec<String>,
    source: Source,
    #[serde(default)]
    requires: BTreeSet<Feature>,
    profile: Option<Profile>,
    #[serde(default, deserialize_with = "present")]
    definition: Option<Value>,
    definition_text: Option<String>,
    definition_bytes: Option<usize>,
    execution_name: Option<String>,
    stop: Option<Stop>,
    #[serde(default, deserialize_with = "present")]
    input: Option<Value>,
    input_text: Option<String>,
    context: Option<Map<String, Value>>,
    #[serde(default)]
    tasks: Tasks,
    #[serde(default)]
    store: Objects,
    limits: Option<Limits>,
    expect: Expect,
    repair: Option<json_patch::Patch>,
    repair_text: Option<String>,
    repair_bytes: Option<usize>,
}

impl TryFrom<RawCase> for Case {
    type Error = &'static str;

    fn try_from(raw: RawCase) -> Result<Self, Self::Error> {
        if raw.definition_bytes.is_some() && raw.limits.is_none() {
            return Err("`definitionBytes` matters only where `limits` are enforced");
        }
        let lengths = [raw.definition_bytes, raw.repair_bytes, Some(objects::total(&raw.store))];
        if lengths.into_iter().flatten().any(|bytes| bytes > LONGEST_TEXT) {
            return Err("a text that is to be made is too long");
        }
        Ok(Self {
            definition: match (raw.definition, raw.definition_text) {
                (Some(document), None) => Definition::Json(document),
                (None, Some(text)) => Definition::Text(text),
                _ => return Err("exactly one of `definition` and `definitionText` is needed"),
            },
            input: match (raw.input, raw.input_text) {
                (None, None) => Input::Json(Value::Object(Map::new())),
                (Some(value), None) => Input::Json(value),
                (None, Some(text)) => Input::Text(text),
                _ => return Err("`input` and `inputText` exclude each other"),
            },
            repair: match (raw.repair, raw.repair_text, raw.repair_bytes) {
                (None, None, None) => None,
                (Some(patch), None, None) => Some(Repair::Patch(patch)),
                (None, Some(text), None) => Some(Repair::Text(text)),
                (None, None, Some(bytes)) => Some(Repair::Bytes(bytes)),
                _ => return Err("`repair`, `repairText` and `repairBytes` exclude each other"),
            },
            definition_bytes: raw.definition_bytes,
            execution_name: raw.execution_name,
            stop: raw.stop,
            id: raw.id,
            description: raw.description,
            requirements: raw.requirements,
            source: raw.source,
            requires: raw.requires,
            profile: raw.profile,
            context: raw.context,
            tasks: raw.tasks,
            store: raw.store,
            limits: raw.limits,
            expect: raw.expect,
        })
    }
}

/// Reads a member whose `null` differs from its absence.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Case, Definition};
    use crate::engine::Request;

    fn case(members: Value) -> Case {
        let mut case = json!({
            "id": "area/topic/fact", "description": "a fact", "requirements": ["PASS-001"], "source": "spec",
            "definition": {"é": 1}, "expect": {"valid": true}
        });
        for (name, member) in members.as_object().expect("members") {
            case[name] = member.clone();
        }
        serde_json::from_value(case).expect("a case")
    }

    #[test]
    fn an_object_of_the_store_may_be_given_by_what_is_repeated() {
        let object = json!({"prefix": "[", "repeat": "1,", "times": 3, "suffix": "1]"});
        let case = case(json!({"store": {"b": {"k": object, "l": "text"}}}));
        assert_eq!(case.objects()["b"]["k"], "[1,1,1,1]");
        assert_eq!(case.objects()["b"]["l"], "text");
    }

    #[test]
    fn an_engine_gets_the_definition_as_text_of_so_many_bytes() {
        let case = case(json!({"definitionBytes": 10, "limits": "standard"}));
        let request = Request::of(&case, super::Profile::Aws);
        assert_eq!(*request.definition, Definition::Text("{\"é\":1}  ".to_owned()));
    }

    #[test]
    fn a_request_says_when_to_stop_and_what_the_execution_is_called() {
        let case = case(json!({"stop": {"seconds": 1.5, "cause": "c"}, "executionName": "n"}));
        let request = serde_json::to_value(Request::of(&case, super::Profile::Aws)).expect("JSON");
        assert_eq!(request["stop"], json!({"seconds": 1.5, "cause": "c"}));
        assert_eq!(request["executionName"], "n");
    }
}
