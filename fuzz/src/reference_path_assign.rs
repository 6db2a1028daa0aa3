//! Writing through Reference Paths: what is put is what is got, and nothing else changes.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_engine::path::ReferencePath;
use serde_json::{Map, Value, json};

use crate::{
    PROFILES,
    data::{below, document, flip, name, object, several, value},
};

/// A step of a Reference Path, and whether it is written in dot form with escapes.
#[derive(Clone, Copy)]
enum Step {
    Name(&'static str, bool),
    Index(usize),
}

/// A document, a place in it and a value for that place.
pub struct Input {
    document: Value,
    steps: Vec<Step>,
    value: Value,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let steps = several(u, 4, |u| match below(u, 3) {
            2 => Step::Index(below(u, 4)),
            _ => Step::Name(name(u), flip(u)),
        });
        Ok(Self { steps, value: value(u, 1), document: object(u, 3) })
    }
}

impl Input {
    fn path(&self) -> String {
        let mut text = "$".to_owned();
        for step in &self.steps {
            match step {
                Step::Index(index) => text.push_str(&format!("[{index}]")),
                // PATH-021: a backslash takes any character into the name.
                Step::Name(name, true) if !name.is_empty() => {
                    text.push('.');
                    name.chars().for_each(|c| if c.is_alphanumeric() { text.push(c) } else { text.extend(['\\', c]) });
                }
                Step::Name(name, _) => {
                    text.push_str(&format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'")));
                }
            }
        }
        text
    }
}

/// A machine that puts the value there: what `exec` takes.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let put = json!({"Type": "Pass", "Result": self.value, "ResultPath": self.path(), "End": true});
        write!(f, "{:#}", document(&self.document, "Put", Map::from_iter([("Put".to_owned(), put)])))
    }
}

/// The document after the value was put there, worked out by rebuilding everything on the way; `None` where that is no
/// place (IO-021 to IO-025).
fn naive_put(document: Option<&Value>, steps: &[Step], value: &Value) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(value.clone()) };
    match (step, document) {
        (Step::Name(name, _), None) => Some(json!({ *name: naive_put(None, rest, value)? })),
        (Step::Name(name, _), Some(Value::Object(members))) => {
            let placed = naive_put(members.get(*name), rest, value)?;
            let mut members: Map<String, Value> = members.clone();
            members.insert((*name).to_owned(), placed);
            Some(Value::Object(members))
        }
        (Step::Index(index), Some(Value::Array(items))) => {
            let placed = naive_put(Some(items.get(*index)?), rest, value)?;
            let mut items = items.clone();
            items[*index] = placed;
            Some(Value::Array(items))
        }
        _ => None,
    }
}

/// What is put is what is got; the rest of the document stays; a refused assignment changes nothing.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let text = input.path();
    for profile in PROFILES {
        let path = ReferencePath::parse(&text, profile).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        let before = path.select(&input.document).ok();
        let mut document = input.document.clone();
        let put = path.assign(&mut document, input.value.clone());
        match naive_put(Some(&input.document), &input.steps, &input.value) {
            Some(wanted) => {
                assert_eq!(put, Ok(()), "{input:?}");
                assert_eq!(document.to_string(), wanted.to_string(), "{input:?}");
                assert_eq!(path.select(&document).ok(), Some(&input.value), "put, then get: {input:?}");
                assert_eq!(path.take(document.clone()).as_ref(), Ok(&input.value), "put, then take: {input:?}");
                if let Some(before) = before {
                    // Undone by putting back what was there.
                    assert_eq!(path.assign(&mut document, before.clone()), Ok(()), "{input:?}");
                    assert_eq!(document, input.document, "{input:?}");
                }
            }
            None => {
                assert!(put.is_err(), "there is no such place: {input:?}");
                assert_eq!(document, input.document, "a refused assignment changed the document: {input:?}");
                assert_eq!(before, None, "a place that can be read can be written: {input:?}");
            }
        }
    }
}

/// The machine.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
