//! The objects that the store of a case holds when it begins.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Store;

/// Bucket name → key → object.
pub type Objects = BTreeMap<String, BTreeMap<String, Object>>;

/// An object: its text, or how to make a long one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Object {
    /// The text.
    Text(String),
    /// A text between two others.
    Repeated(Repeated),
}

/// A text, so many times, between a prefix and a suffix.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeated {
    #[serde(default)]
    prefix: String,
    repeat: String,
    times: usize,
    #[serde(default)]
    suffix: String,
}

impl Object {
    /// Length of the text, in bytes.
    fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Repeated(Repeated { prefix, repeat, times, suffix }) => {
                repeat.len().saturating_mul(*times).saturating_add(prefix.len()).saturating_add(suffix.len())
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Repeated(Repeated { prefix, repeat, times, suffix }) => {
                [prefix, &repeat.repeat(*times), suffix].map(String::as_str).concat()
            }
        }
    }
}

/// Length of all objects together, in bytes.
pub(super) fn total(objects: &Objects) -> usize {
    objects.values().flat_map(BTreeMap::values).fold(0, |sum, object| sum.saturating_add(object.len()))
}

/// The texts of all objects.
pub(super) fn texts(objects: &Objects) -> Store {
    let texts = |objects: &BTreeMap<String, Object>| objects.iter().map(|(key, o)| (key.clone(), o.text())).collect();
    objects.iter().map(|(bucket, objects)| (bucket.clone(), texts(objects))).collect()
}
