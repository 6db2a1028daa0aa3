//! A difference that was found, as a case file that `run --cases` accepts.

use std::{collections::BTreeSet, fmt};

use asl_generator::Scenario;
use serde_json::{Map, Value, json};

use super::{
    arena::{self, Deviation, Question},
    classify::{self, Use},
    kind::Kind,
    print,
};
use crate::{
    case::{Definition, Profile},
    expect::{Ending, Expect},
    lint,
    relations::document::places,
};

/// Longest description that the schema of cases allows.
const MAX_DESCRIPTION: usize = 160;
/// Longest name of a file, without its ending.
const MAX_NAME: usize = 60;

/// A difference, with the machine that shows it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Name of the engine.
    pub engine: String,
    /// The reading of the language in which it was found.
    pub profile: Profile,
    /// Number of the drawn document, for the seed of the campaign.
    pub document: u64,
    /// What the answer was held against: the reference, or the relation of this name.
    pub against: &'static str,
    /// What differs.
    pub deviation: Deviation,
    /// What the machine uses.
    pub uses: BTreeSet<Use>,
}

/// What two findings have in common that are reported once.
pub type Signature = (String, Kind, BTreeSet<Use>);

impl Finding {
    /// A finding about a document.
    #[must_use]
    pub fn new(engine: &str, profile: Profile, document: u64, question: &Question, deviation: Deviation) -> Self {
        let against = match question {
            Question::Reference => "reference",
            Question::Relation { relation, .. } => relation.name,
        };
        let uses = classify::uses(&deviation.scenario.definition);
        Self { engine: engine.to_owned(), profile, document, against, deviation, uses }
    }

    /// What tells findings apart.
    #[must_use]
    pub fn signature(&self) -> Signature {
        (self.against.to_owned(), self.deviation.kind.clone(), self.uses.clone())
    }

    /// States of the machine, nested ones included.
    #[must_use]
    pub fn states(&self) -> usize {
        places(&self.machine().definition).len()
    }

    /// The machine that the engine was first asked about.
    fn machine(&self) -> &Scenario {
        self.deviation.before.as_ref().map_or(&self.deviation.scenario, |(scenario, _)| scenario)
    }

    /// Ids of the requirements that it is probably about.
    #[must_use]
    pub fn requirements(&self) -> Vec<&'static str> {
        classify::candidates(&self.uses, &self.deviation.kind.field).iter().map(|requirement| requirement.id).collect()
    }

    /// The name of its file, without `.json`: the same for the same signature.
    #[must_use]
    pub fn name(&self) -> String {
        let kind = &self.deviation.kind;
        let mut words = vec![if kind.field.is_empty() { kind.verdict } else { &kind.field }];
        if self.against != "reference" {
            words.push(self.against);
        }
        words.extend(self.uses.iter().filter(|one| one.feature != "effect").map(|one| one.feature.as_str()));
        let mut slug = String::new();
        for symbol in words.join("-").to_lowercase().chars() {
            let symbol = if symbol.is_ascii_alphanumeric() { symbol } else { '-' };
            if slug.len() < MAX_NAME && !(symbol == '-' && (slug.is_empty() || slug.ends_with('-'))) {
                slug.push(symbol);
            }
        }
        format!("{}-{:08x}", slug.trim_end_matches('-'), hash(&format!("{:?}", self.signature())))
    }

    /// The case file. A difference from the reference is one case; one between related machines is two, of which the
    /// engine passes the first.
    #[must_use]
    pub fn file(&self) -> Value {
        let id = |fact: &str| format!("{}/{}/{fact}", self.engine, self.name());
        let Deviation { scenario, expected, before, .. } = &self.deviation;
        let cases: Vec<_> = match before {
            None => vec![self.case(&id("differs"), &self.to_string(), scenario, expected)],
            Some((first, observed)) => {
                let description = format!("the machine before {}", self.against);
                vec![
                    self.case(&id("before"), &description, first, observed),
                    self.case(&id("after"), &self.to_string(), scenario, expected),
                ]
            }
        };
        json!({"$schema": "../../case.schema.json", "cases": cases})
    }

    /// The text of the case file.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n", print::pretty(&self.file()))
    }

    fn case(&self, id: &str, description: &str, scenario: &Scenario, expected: &Ending) -> Value {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("id", json!(id));
        put("description", json!(clip(description)));
        let requirements = self.requirements();
        put("requirements", if requirements.is_empty() { json!(["DATA-005"]) } else { json!(requirements) });
        put("source", json!("inferred"));
        if let Some(mut case) = arena::case(scenario) {
            case.expect = Expect::Ends(vec![expected.clone()]);
            // Text takes part in neither: the definition is a document.
            debug_assert!(matches!(case.definition, Definition::Json(_)), "drawn as JSON");
            let requires = lint::needed(&case);
            if !requires.is_empty() {
                put("requires", json!(requires));
            }
        }
        put("profile", json!(self.profile));
        put("definition", scenario.definition.clone());
        put("input", scenario.input.clone());
        if let Some(context) = &scenario.context {
            put("context", context.clone());
        }
        if !scenario.tasks.is_empty() {
            put("tasks", Value::Object(scenario.tasks.clone()));
        }
        if let Some(store) = &scenario.store {
            put("store", store.clone());
        }
        put("expect", json!(expected));
        Value::Object(members)
    }
}

/// One line: what differs, from what, and in which machines.
impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = &self.deviation.kind;
        match kind.field.as_str() {
            "" => write!(formatter, "the engine {}", kind.verdict)?,
            field => write!(formatter, "{field} differs")?,
        }
        match self.against {
            "reference" => write!(formatter, " from that of the reference")?,
            relation => write!(formatter, " after the change {relation}")?,
        }
        let uses: Vec<_> = self.uses.iter().filter(|one| one.feature != "effect").map(|one| &*one.feature).collect();
        if uses.is_empty() { Ok(()) } else { write!(formatter, ": {}", uses.join(", ")) }
    }
}

/// A description that the schema of cases allows.
fn clip(text: &str) -> String {
    let text: String = text.chars().take(MAX_DESCRIPTION).collect();
    text.trim_end_matches(|symbol: char| symbol == '.' || symbol.is_whitespace()).to_owned()
}

/// FNV-1a: short, and the same everywhere.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
