//! What a case expects. Never sent to an engine.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Number, Value};

use crate::{
    case::{Store, present},
    engine::{Finding, Observable, Status},
};

/// What must come of a case.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
pub enum Expect {
    /// The definition is refused, for exactly these reasons.
    Invalid(Vec<Finding>),
    /// The definition is accepted; nothing is run.
    Valid {
        /// The warnings that come with it, when the case names them.
        warnings: Option<Vec<Finding>>,
    },
    /// The execution does not start.
    Refused,
    /// The execution ends in one of these ways; never empty.
    Ends(Vec<Ending>),
}

impl Expect {
    /// Whether only the validity of the definition is asked.
    #[must_use]
    pub fn is_validity(&self) -> bool {
        matches!(self, Self::Invalid(_) | Self::Valid { .. })
    }

    /// What is compared beyond the outcome.
    #[must_use]
    pub fn observables(&self) -> BTreeSet<Observable> {
        match self {
            Self::Invalid(_) => BTreeSet::from([Observable::Diagnostics]),
            Self::Valid { warnings: Some(_) } => BTreeSet::from([Observable::Warnings]),
            Self::Valid { warnings: None } | Self::Refused => BTreeSet::new(),
            Self::Ends(endings) => endings.iter().flat_map(Ending::observables).collect(),
        }
    }

    /// The permitted ends of the execution; none for the other kinds.
    #[must_use]
    pub fn endings(&self) -> &[Ending] {
        match self {
            Self::Ends(endings) => endings,
            Self::Invalid(_) | Self::Valid { .. } | Self::Refused => &[],
        }
    }
}

/// A permitted end of an execution, and what is observed on the way; only what is given is compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Ending {
    /// How it ends.
    pub status: Status,
    /// The output.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
    /// A JSON Schema of the output, where it cannot be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Value>,
    /// The Error Name; `Some(None)` is a failure without one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub error: Option<Option<String>>,
    /// The cause; `Some(None)` is a failure without one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub cause: Option<Option<String>>,
    /// Texts that the cause contains, where AWS words it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cause_contains: Vec<String>,
    /// Names of the states entered, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited: Option<Vec<String>>,
    /// Names of the states entered, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visited_any_order: Option<Vec<String>>,
    /// Number of task calls by state; states not named are not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calls: Option<BTreeMap<String, u64>>,
    /// Input of each task call by state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_inputs: Option<BTreeMap<String, Vec<Value>>>,
    /// Seconds of each retry delay and Wait state, in the order they begin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits: Option<Vec<Number>>,
    /// Least and greatest value of each of these seconds, both included, where chance decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_within: Option<Vec<[f64; 2]>>,
    /// Virtual seconds of the whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elapsed: Option<Number>,
    /// States entered plus retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transitions: Option<u64>,
    /// The events of the execution history; only the members given are compared, `null` meaning that one is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<Vec<Map<String, Value>>>,
    /// Whether the order of the events is free, as long as each follows its predecessor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub history_chains: bool,
    /// Objects that exist afterwards: bucket to key, in which `*` stands for any text, to text.
    #[serde(default, skip_serializing_if = "Store::is_empty")]
    pub store: Store,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawValidity {
    valid: bool,
    errors: Option<Vec<Finding>>,
    warnings: Option<Vec<Finding>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawOneOf {
    one_of: Vec<Ending>,
}

impl TryFrom<Map<String, Value>> for Expect {
    type Error = String;

    fn try_from(members: Map<String, Value>) -> Result<Self, String> {
        if members.contains_key("unreviewed") {
            Err("`expect` is unreviewed: a person has to work out from the sources what has to come".to_owned())
        } else if members.contains_key("valid") {
            Self::validity(read(members)?)
        } else if members.contains_key("oneOf") {
            let RawOneOf { one_of } = read(members)?;
            if one_of.len() < 2 {
                return Err("`oneOf` needs at least two outcomes".to_owned());
            }
            one_of.iter().try_for_each(Ending::check)?;
            Ok(Self::Ends(one_of))
        } else if members.get("status").is_some_and(|status| status == "REFUSED") {
            if members.len() == 1 { Ok(Self::Refused) } else { Err("REFUSED stands alone".to_owned()) }
        } else {
            let ending: Ending = read(members)?;
            ending.check()?;
            Ok(Self::Ends(vec![ending]))
        }
    }
}

impl Expect {
    fn validity(raw: RawValidity) -> Result<Self, String> {
        match raw {
            RawValidity { valid: false, errors: Some(errors), warnings: None } if !errors.is_empty() => {
                Ok(Self::Invalid(errors))
            }
            RawValidity { valid: true, errors: None, warnings } => Ok(Self::Valid { warnings }),
            _ => Err("`valid: false` takes `errors`, `valid: true` takes `warnings`".to_owned()),
        }
    }
}

fn read<T: DeserializeOwned>(members: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(members)).map_err(|error| format!("`expect`: {error}"))
}

impl Ending {
    fn observables(&self) -> impl Iterator<Item = Observable> {
        let compared = [
            (Observable::Visited, self.visited.is_some() || self.visited_any_order.is_some()),
            (Observable::Waits, self.waits.is_some() || self.waits_within.is_some()),
            (Observable::Elapsed, self.elapsed.is_some()),
            (Observable::Transitions, self.transitions.is_some()),
            (Observable::History, self.history.is_some()),
            (Observable::Store, !self.store.is_empty()),
        ];
        compared.into_iter().filter_map(|(observable, compared)| compared.then_some(observable))
    }

    /// Refuses combinations that would compare nothing, or what cannot be.
    fn check(&self) -> Result<(), String> {
        let has_output = self.output.is_some() || self.output_schema.is_some();
        match self.status {
            Status::Succeeded if self.output.is_some() == self.output_schema.is_some() => {
                Err("SUCCEEDED needs exactly one of `output` and `outputSchema`".to_owned())
            }
            Status::Succeeded if self.error.is_some() || self.cause.is_some() => {
                Err("SUCCEEDED has no `error` and no `cause`".to_owned())
            }
            Status::Failed if self.error.is_none() => Err("FAILED needs `error`".to_owned()),
            Status::Failed | Status::TimedOut | Status::Aborted if has_output => {
                Err("only SUCCEEDED has an output".to_owned())
            }
            _ => Ok(()),
        }
    }
}
