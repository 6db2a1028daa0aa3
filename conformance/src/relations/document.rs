//! Definitions as documents: where their states are, what the states lead to, and what the document mentions.
//!
//! Nothing here recurses, so the nesting of a document does not matter.

use arbitrary::Unstructured;
use serde_json::{Map, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// The query language of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JSONPath, the default (STRUCT-012).
    JsonPath,
    /// JSONata.
    Jsonata,
}

/// What is around a `States` object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// It is that of the machine itself: nothing runs beside its states.
    Outermost,
    /// It is that of a branch or of an inline Map.
    Inner,
    /// It is below a distributed Map, so its states belong to a child execution.
    Child,
}

/// An object that holds `States`: the machine itself, a branch or an item processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// JSON Pointer to the object.
    pub pointer: String,
    /// What is around it.
    pub nesting: Nesting,
}

/// A state of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where its `States` object is.
    pub site: Site,
    /// Its name.
    pub name: String,
    /// Its query language (STRUCT-025, STRUCT-028).
    pub language: Language,
}

impl Place {
    /// JSON Pointer to the state.
    #[must_use]
    pub fn pointer(&self) -> String {
        format!("{}/States/{}", self.site.pointer, escape(&self.name))
    }

    /// The state.
    #[must_use]
    pub fn state<'d>(&self, definition: &'d Value) -> Option<&'d Object> {
        definition.pointer(&self.pointer())?.as_object()
    }

    /// The state, to be changed.
    #[must_use]
    pub fn state_mut<'d>(&self, definition: &'d mut Value) -> Option<&'d mut Object> {
        definition.pointer_mut(&self.pointer())?.as_object_mut()
    }

    /// The `States` object that the state is in.
    #[must_use]
    pub fn siblings<'d>(&self, definition: &'d Value) -> Option<&'d Object> {
        definition.pointer(&self.site.pointer)?.get("States")?.as_object()
    }
}

/// Every object that holds `States`, the machine itself first.
#[must_use]
pub fn sites(definition: &Value) -> Vec<Site> {
    let mut found = Vec::new();
    let mut open = vec![Site { pointer: String::new(), nesting: Nesting::Outermost }];
    while let Some(site) = open.pop() {
        let Some(states) = states_at(definition, &site) else { continue };
        for (name, state) in states {
            let at = format!("{}/States/{}", site.pointer, escape(name));
            let inner = |field: &str, nesting| Site { pointer: format!("{at}/{field}"), nesting };
            let branches = state.get("Branches").and_then(Value::as_array).map_or(0, Vec::len);
            let below = if site.nesting == Nesting::Child { Nesting::Child } else { Nesting::Inner };
            open.extend((0..branches).map(|index| inner(&format!("Branches/{index}"), below)));
            for field in ["ItemProcessor", "Iterator"] {
                if let Some(processor) = state.get(field) {
                    open.push(inner(field, if is_distributed(processor) { Nesting::Child } else { below }));
                }
            }
        }
        found.push(site);
    }
    found
}

/// Every state, in no particular order.
#[must_use]
pub fn places(definition: &Value) -> Vec<Place> {
    let default = language(definition).unwrap_or(Language::JsonPath);
    let mut places = Vec::new();
    for site in sites(definition) {
        for (name, state) in states_at(definition, &site).into_iter().flatten() {
            let language = language(state).unwrap_or(default);
            places.push(Place { site: site.clone(), name: name.clone(), language });
        }
    }
    places
}

fn states_at<'d>(definition: &'d Value, site: &Site) -> Option<&'d Object> {
    definition.pointer(&site.pointer)?.get("States")?.as_object()
}

fn language(object: &Value) -> Option<Language> {
    match object.get("QueryLanguage")?.as_str()? {
        "JSONata" => Some(Language::Jsonata),
        _ => Some(Language::JsonPath),
    }
}

fn is_distributed(processor: &Value) -> bool {
    processor.pointer("/ProcessorConfig/Mode").is_some_and(|mode| mode == "DISTRIBUTED")
}

/// The value of the field `Type`.
#[must_use]
pub fn kind(state: &Object) -> &str {
    state.get("Type").and_then(Value::as_str).unwrap_or_default()
}

/// Calls `visit` with every name of a state that the `States` at a site lead to: `StartAt`, `Next` and `Default`, those
/// of Choice Rules and Catchers included.
pub fn visit_targets(definition: &mut Value, site: &Site, visit: &mut dyn FnMut(&mut String)) {
    let Some(machine) = definition.pointer_mut(&site.pointer).and_then(Value::as_object_mut) else { return };
    visit_member(machine, "StartAt", visit);
    for state in machine.get_mut("States").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        let Some(state) = state.as_object_mut() else { continue };
        visit_member(state, "Next", visit);
        visit_member(state, "Default", visit);
        for list in ["Choices", "Catch"] {
            let entries = state.get_mut(list).and_then(Value::as_array_mut);
            for entry in entries.into_iter().flatten().filter_map(Value::as_object_mut) {
                visit_member(entry, "Next", visit);
            }
        }
    }
}

fn visit_member(object: &mut Object, field: &str, visit: &mut dyn FnMut(&mut String)) {
    if let Some(Value::String(target)) = object.get_mut(field) {
        visit(target);
    }
}

/// Whether any string or member name of a value contains one of these texts.
#[must_use]
pub fn mentions(value: &Value, texts: &[&str]) -> bool {
    any_text(value, |text| texts.iter().any(|wanted| text.contains(wanted)))
}

/// Whether a definition reads other members of the context object than `members`, each written as the beginning of a
/// Path below the context object, in dot notation.
#[must_use]
pub fn reads_more_context(definition: &Value, members: &[&str]) -> bool {
    let is_other = |rest: &str| !members.iter().any(|member| rest.starts_with(member));
    any_text(definition, |text| {
        let text = text.replace("['", ".").replace("[\"", ".").replace("']", "").replace("\"]", "");
        CONTEXT.iter().any(|root| text.match_indices(root).any(|(at, _)| is_other(&text[at + root.len()..])))
    })
}

/// Whether `holds` for any string or member name of a value.
fn any_text(value: &Value, holds: impl Fn(&str) -> bool) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) if holds(text) => return true,
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                if members.keys().any(|name| holds(name)) {
                    return true;
                }
                open.extend(members.values());
            }
            _ => {}
        }
    }
    false
}

/// How the context object is read, in either query language.
pub const CONTEXT: [&str; 2] = ["$$", "$states.context"];

/// A name that no state has, made of `stem`.
#[must_use]
pub fn fresh_name(definition: &Value, stem: &str) -> String {
    let places = places(definition);
    let free = |name: &String| !places.iter().any(|place| place.name == *name);
    std::iter::once(stem.to_owned())
        .chain((2..).map(|number| format!("{stem} {number}")))
        .find(free)
        .unwrap_or_else(|| stem.to_owned())
}

/// A member name as a part of a JSON Pointer.
#[must_use]
pub fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// One of some items.
pub fn pick<T>(u: &mut Unstructured<'_>, mut items: Vec<T>) -> Option<T> {
    if items.is_empty() {
        return None;
    }
    let index = below(u, items.len());
    Some(items.swap_remove(index))
}

/// A number below `bound`, 0 for a bound of 0. Without bytes it is 0.
pub fn below(u: &mut Unstructured<'_>, bound: usize) -> usize {
    if bound < 2 { 0 } else { u.int_in_range(0..=bound - 1).unwrap_or(0) }
}

/// The items in another order.
pub fn shuffle<T>(u: &mut Unstructured<'_>, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        let other = below(u, last + 1);
        items.swap(last, other);
    }
}

/// Puts the members into another order; true if there are at least two.
pub fn shuffle_members(u: &mut Unstructured<'_>, object: &mut Object) -> bool {
    let mut members: Vec<_> = std::mem::take(object).into_iter().collect();
    shuffle(u, &mut members);
    object.extend(members);
    object.len() > 1
}
