//! Where a fault may be put: the objects of a document, found by what they are.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::Location;
use crate::draw::Draw;

/// What an object of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Root,
    State,
    Branch,
    Processor,
    Retrier,
    /// The last of its array.
    LastRetrier,
    Catcher,
    LastCatcher,
    /// A rule with a Next.
    Rule,
    /// A rule inside another.
    InnerRule,
    ProcessorConfig,
    ItemReader,
    ReaderConfig,
    ItemBatcher,
    WriterConfig,
}

/// An object of a document.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub pointer: Location,
    pub kind: Kind,
    /// Whether JSONata is the query language of the state that it is in.
    jsonata: bool,
    /// Whether the machine has JSONata as its query language.
    jsonata_machine: bool,
    /// The type of the state that it is or is in.
    state_type: String,
}

/// The objects that a fault fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    kinds: &'static [Kind],
    types: &'static [&'static str],
    jsonata: Option<bool>,
    jsonata_machine: Option<bool>,
    with: &'static [&'static str],
    without: &'static [&'static str],
    clearing: &'static [&'static str],
}

/// Objects of some kinds.
pub(super) const fn at(kinds: &'static [Kind]) -> At {
    At { kinds, types: &[], jsonata: None, jsonata_machine: None, with: &[], without: &[], clearing: &[] }
}

/// States of some types; of all, when there are none.
pub(super) const fn state(types: &'static [&'static str]) -> At {
    At { types, ..at(&[Kind::State]) }
}

impl At {
    /// In a JSONPath state.
    pub const fn jsonpath(self) -> Self {
        Self { jsonata: Some(false), ..self }
    }

    /// In a JSONata state.
    pub const fn jsonata(self) -> Self {
        Self { jsonata: Some(true), ..self }
    }

    /// In a machine whose query language is JSONata, or is not.
    pub const fn jsonata_machine(self, is: bool) -> Self {
        Self { jsonata_machine: Some(is), ..self }
    }

    /// With these fields.
    pub const fn with(self, with: &'static [&'static str]) -> Self {
        Self { with, ..self }
    }

    /// Without these fields.
    pub const fn without(self, without: &'static [&'static str]) -> Self {
        Self { without, ..self }
    }

    /// Wherever, but these fields are removed.
    pub const fn clearing(self, clearing: &'static [&'static str]) -> Self {
        Self { clearing, ..self }
    }

    fn fits(&self, object: &Object, members: &Map<String, Value>) -> bool {
        self.kinds.contains(&object.kind)
            && (self.types.is_empty() || self.types.contains(&&*object.state_type))
            && self.jsonata.is_none_or(|jsonata| jsonata == object.jsonata)
            && self.jsonata_machine.is_none_or(|jsonata| jsonata == object.jsonata_machine)
            && self.with.iter().all(|field| members.contains_key(*field))
            && !self.without.iter().any(|field| members.contains_key(*field))
    }

    /// The objects of a document that fit, in order.
    pub fn all(&self, document: &Value) -> Vec<Object> {
        let fits = |object: &Object| {
            document
                .pointer(&object.pointer)
                .and_then(Value::as_object)
                .is_some_and(|members| self.fits(object, members))
        };
        objects(document).into_iter().filter(fits).collect()
    }

    /// One of them.
    pub fn one(&self, u: &mut Unstructured<'_>, document: &Value) -> Option<Object> {
        let found = self.all(document);
        let chosen = u.below(found.len());
        found.into_iter().nth(chosen)
    }
}

/// Gives a field a wrong value; the finding is at the value.
pub(super) fn wrong(
    u: &mut Unstructured<'_>,
    document: &mut Value,
    at: At,
    field: &str,
    value: Value,
) -> Option<Location> {
    let object = put(u, document, at, field, value)?;
    Some(below(&object, field))
}

/// Gives a field to an object that may not have it; the finding is at the object.
pub(super) fn put(
    u: &mut Unstructured<'_>,
    document: &mut Value,
    at: At,
    field: &str,
    value: Value,
) -> Option<Location> {
    let object = at.one(u, document)?;
    let members = document.pointer_mut(&object.pointer)?.as_object_mut()?;
    for cleared in at.clearing {
        members.shift_remove(*cleared);
    }
    members.insert(field.to_owned(), value);
    Some(object.pointer)
}

/// Takes a field away; the finding is at the object.
pub(super) fn missing(u: &mut Unstructured<'_>, document: &mut Value, at: At, field: &'static str) -> Option<Location> {
    let objects: Vec<_> = at
        .all(document)
        .into_iter()
        .filter(|object| document.pointer(&object.pointer).is_some_and(|members| members.get(field).is_some()))
        .collect();
    let object = objects.get(u.below(objects.len()))?;
    document.pointer_mut(&object.pointer)?.as_object_mut()?.shift_remove(field);
    Some(object.pointer.clone())
}

/// A JSON Pointer one step further.
pub(super) fn below(pointer: &str, step: impl ToString) -> Location {
    format!("{pointer}/{}", step.to_string().replace('~', "~0").replace('/', "~1"))
}

/// A JSON Pointer some steps back.
pub(super) fn above(pointer: &str, steps: usize) -> &str {
    (0..steps).fold(pointer, |pointer, _| pointer.rsplit_once('/').map_or("", |(above, _)| above))
}

/// The last step of a JSON Pointer, without escapes.
pub(super) fn name(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
}

/// Gives a state another name, in all transitions to it too; gives its new pointer.
pub(super) fn rename(document: &mut Value, pointer: &str, new: &str) -> Option<Location> {
    let (states, old) = (above(pointer, 1), name(pointer));
    let machine = document.pointer_mut(above(states, 1))?;
    let renamed = |value: &mut Value| {
        if *value == *old {
            *value = json!(new);
        }
    };
    renamed(machine.get_mut("StartAt")?);
    let members = machine.get_mut("States")?.as_object_mut()?;
    for state in members.values_mut() {
        for field in ["Next", "Default"] {
            state.get_mut(field).map(renamed);
        }
        for list in ["Choices", "Catch"] {
            for rule in state.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                rule.get_mut("Next").map(renamed);
            }
        }
    }
    *members = std::mem::take(members)
        .into_iter()
        .map(|(name, state)| (if name == old { new.to_owned() } else { name }, state))
        .collect();
    Some(below(states, new))
}

/// Adds a state that nothing leads to yet.
pub(super) fn add_state(document: &mut Value, machine: &str, name: &str, state: Value) -> Option<Location> {
    let states = below(machine, "States");
    document.pointer_mut(&states)?.as_object_mut()?.insert(name.to_owned(), state);
    Some(below(&states, name))
}

/// All objects of a document that rules are about, in the order of the document.
fn objects(document: &Value) -> Vec<Object> {
    let jsonata = document.get("QueryLanguage").is_some_and(|language| language == "JSONata");
    let mut walk = Walk { objects: Vec::new(), jsonata_machine: jsonata };
    walk.machine(document, String::new(), Kind::Root, jsonata, "");
    walk.objects
}

struct Walk {
    objects: Vec<Object>,
    jsonata_machine: bool,
}

impl Walk {
    fn add(&mut self, pointer: &str, kind: Kind, jsonata: bool, state_type: &str) {
        let (pointer, state_type) = (pointer.to_owned(), state_type.to_owned());
        self.objects.push(Object { pointer, kind, jsonata, jsonata_machine: self.jsonata_machine, state_type });
    }

    fn machine(&mut self, machine: &Value, pointer: Location, kind: Kind, jsonata: bool, state_type: &str) {
        self.add(&pointer, kind, jsonata, state_type);
        let states = below(&pointer, "States");
        for (name, state) in machine.get("States").and_then(Value::as_object).into_iter().flatten() {
            self.state(state, below(&states, name));
        }
    }

    fn state(&mut self, state: &Value, pointer: Location) {
        let jsonata = match state.get("QueryLanguage") {
            Some(language) => language == "JSONata",
            None => self.jsonata_machine,
        };
        let state_type = state["Type"].as_str().unwrap_or_default();
        self.add(&pointer, Kind::State, jsonata, state_type);
        for (field, value) in state.as_object().into_iter().flatten() {
            let place = below(&pointer, field);
            match &**field {
                "Retry" => self.list(value, &place, (Kind::Retrier, Kind::LastRetrier), jsonata, state_type),
                "Catch" => self.list(value, &place, (Kind::Catcher, Kind::LastCatcher), jsonata, state_type),
                "Choices" => self.rules(value, &place, Kind::Rule, jsonata),
                "Branches" => {
                    for (index, branch) in value.as_array().into_iter().flatten().enumerate() {
                        self.machine(branch, below(&place, index), Kind::Branch, jsonata, state_type);
                    }
                }
                "ItemProcessor" | "Iterator" => {
                    if value.get("ProcessorConfig").is_some() {
                        self.add(&below(&place, "ProcessorConfig"), Kind::ProcessorConfig, jsonata, state_type);
                    }
                    self.machine(value, place, Kind::Processor, jsonata, state_type);
                }
                "ItemReader" => {
                    self.add(&below(&place, "ReaderConfig"), Kind::ReaderConfig, jsonata, state_type);
                    self.add(&place, Kind::ItemReader, jsonata, state_type);
                }
                "ItemBatcher" => self.add(&place, Kind::ItemBatcher, jsonata, state_type),
                "ResultWriter" if value.get("WriterConfig").is_some() => {
                    self.add(&below(&place, "WriterConfig"), Kind::WriterConfig, jsonata, state_type);
                }
                _ => {}
            }
        }
    }

    fn list(&mut self, list: &Value, pointer: &str, (kind, last): (Kind, Kind), jsonata: bool, state_type: &str) {
        let count = list.as_array().map_or(0, Vec::len);
        for index in 0..count {
            let kind = if index + 1 == count { last } else { kind };
            self.add(&below(pointer, index), kind, jsonata, state_type);
        }
    }

    fn rules(&mut self, rules: &Value, pointer: &str, kind: Kind, jsonata: bool) {
        for (index, rule) in rules.as_array().into_iter().flatten().enumerate() {
            self.rule(rule, below(pointer, index), kind, jsonata);
        }
    }

    fn rule(&mut self, rule: &Value, pointer: Location, kind: Kind, jsonata: bool) {
        self.add(&pointer, kind, jsonata, "Choice");
        for field in ["And", "Or"] {
            self.rules(&rule[field], &below(&pointer, field), Kind::InnerRule, jsonata);
        }
        if let Some(inner) = rule.get("Not") {
            self.rule(inner, below(&pointer, "Not"), Kind::InnerRule, jsonata);
        }
    }
}
