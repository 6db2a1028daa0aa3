//! `States.Format`.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    parse::is_reserved,
    site::{Refusal, Site},
};
use crate::number;

/// A template, split at its `{}`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Template {
    /// The text before each `{}`.
    before: Vec<String>,
    /// The text after the last one.
    last: String,
}

impl Template {
    /// Splits a template, written out or selected by a Path, at its `{}` (INTR-Format-02, INTR-Format-07).
    pub(super) fn parse(raw: &str) -> Result<Self, Refusal> {
        let mut texts = Vec::new();
        let mut text = String::new();
        let mut characters = raw.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                // A backslash before another character is itself: only a template from a Path has one.
                '\\' => text.push(characters.next_if(|escaped| is_reserved(*escaped)).unwrap_or('\\')),
                '{' if characters.next_if_eq(&'}').is_some() => texts.push(std::mem::take(&mut text)),
                '{' => return Err(Refusal::Template { found: '{', missing: '}' }),
                '}' => return Err(Refusal::Template { found: '}', missing: '{' }),
                other => text.push(other),
            }
        }
        Ok(Self { before: texts, last: text })
    }
}

/// `States.Format`: `literal` is the template when it is written out; otherwise it is the first of `values`.
pub(super) fn format<'v>(
    site: Site<'v>,
    literal: Option<&'v Result<Template, Refusal>>,
    mut values: Vec<Cow<'v, Value>>,
) -> Result<Value, Refusal> {
    let template = match literal {
        Some(template) => Cow::Borrowed(template.as_ref().map_err(Clone::clone)?),
        None if values.is_empty() => return Err(site.refuse()),
        None => {
            let first = values.remove(0);
            site.visit(&first)?;
            Cow::Owned(Template::parse(site.string(&first)?)?)
        }
    };
    if template.before.len() != values.len() {
        return Err(site.refuse());
    }
    let mut text = String::new();
    for (before, value) in template.before.iter().zip(&values) {
        site.push(&mut text, before)?;
        if !site.is_aws() && (value.is_array() || value.is_object()) {
            return Err(site.refuse());
        }
        insert(site, &mut text, value)?;
    }
    site.push(&mut text, &template.last)?;
    Ok(Value::String(text))
}

/// Inserts a value as Java prints it: strings bare, objects as `{name=value, ...}` (INTR-Format-04, INTR-Format-06,
/// D15).
/// The depth of values is bounded by [`crate::meter::MAX_DEPTH`].
fn insert(site: Site<'_>, text: &mut String, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Null => site.push(text, "null"),
        Value::Bool(true) => site.push(text, "true"),
        Value::Bool(false) => site.push(text, "false"),
        Value::Number(value) => site.push(text, &number::to_text(value)),
        Value::String(value) => site.push(text, value),
        Value::Array(items) => {
            site.push(text, "[")?;
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                insert(site, text, item)?;
            }
            site.push(text, "]")
        }
        Value::Object(members) => {
            site.push(text, "{")?;
            for (index, (name, member)) in members.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                site.push(text, name)?;
                text.push('=');
                insert(site, text, member)?;
            }
            site.push(text, "}")
        }
    }
}
