//! The typed form of a case file.

use std::collections::{BTreeMap, BTreeSet};

pub use asl_engine::profile::Profile;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{expect::Expect, script::Attempt};

/// Every profile.
pub const PROFILES: [Profile; 2] = [Profile::Aws, Profile::Spec];

/// The script of the Task states of a case: state name → attempts in order.
pub type Tasks = BTreeMap<String, Vec<Attempt>>;

/// The objects that item readers can read: bucket → key → text.
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
    /// The execution input.
    pub input: Input,
    /// Members merged over the default context object.
    pub context: Option<Map<String, Value>>,
    /// What the Task states answer.
    pub tasks: Tasks,
    /// What item readers can read.
    pub store: Store,
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
    /// Standard workflows.
    Standard,
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
}

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
    #[serde(default, deserialize_with = "present")]
    input: Option<Value>,
    input_text: Option<String>,
    context: Option<Map<String, Value>>,
    #[serde(default)]
    tasks: Tasks,
    #[serde(default)]
    store: Store,
    limits: Option<Limits>,
    expect: Expect,
    repair: Option<json_patch::Patch>,
    repair_text: Option<String>,
}

impl TryFrom<RawCase> for Case {
    type Error = &'static str;

    fn try_from(raw: RawCase) -> Result<Self, Self::Error> {
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
            repair: match (raw.repair, raw.repair_text) {
                (None, None) => None,
                (Some(patch), None) => Some(Repair::Patch(patch)),
                (None, Some(text)) => Some(Repair::Text(text)),
                _ => return Err("`repair` and `repairText` exclude each other"),
            },
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
