//! Typed access to the fields of an object of the definition.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::{Compiled, Omission};
use crate::{
    json,
    machine::{Figure, Placement, Selector, StateId},
    number,
    path::{Path, ReferencePath, SyntaxError},
    profile::Profile,
    template::{Expression, Template},
};

/// An object of the definition and where it stands.
pub(super) struct Fields<'d> {
    object: &'d Map<String, Value>,
    location: String,
}

/// A whole number that is not negative, in whatever form it is written.
pub(super) fn whole(value: &Value) -> Option<u64> {
    value.as_number().and_then(number::to_i64).and_then(|integer| u64::try_from(integer).ok())
}

impl<'d> Fields<'d> {
    pub fn of(value: &'d Value, location: String) -> Compiled<Self> {
        match value {
            Value::Object(object) => Ok(Self { object, location }),
            _ => Err(Omission { location, message: "an object was expected".to_owned() }),
        }
    }

    pub fn get(&self, field: &str) -> Option<&'d Value> {
        self.object.get(field)
    }

    pub fn members(&self) -> impl Iterator<Item = (&'d str, &'d Value)> {
        self.object.iter().map(|(name, value)| (name.as_str(), value))
    }

    pub fn omission(&self, message: impl Into<String>) -> Omission {
        Omission { location: self.location.clone(), message: message.into() }
    }

    pub fn at(&self, field: &str) -> String {
        let mut location = self.location.clone();
        json::push_pointer(&mut location, field);
        location
    }

    fn lacking(&self, field: &str) -> Omission {
        self.omission(format!("the field {field} was expected"))
    }

    pub fn object(&self, field: &str) -> Compiled<Self> {
        let value = self.get(field).ok_or_else(|| self.lacking(field))?;
        Self::of(value, self.at(field))
    }

    pub fn optional_object(&self, field: &str) -> Compiled<Option<Self>> {
        self.get(field).map(|value| Self::of(value, self.at(field))).transpose()
    }

    /// The elements of an array of objects; none when the field is absent.
    pub fn objects(&self, field: &str) -> Compiled<Vec<Self>> {
        let location = self.at(field);
        let items = self.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().enumerate().map(|(index, item)| Self::of(item, format!("{location}/{index}"))).collect()
    }

    pub fn text(&self, field: &str) -> Option<&'d str> {
        self.get(field).and_then(Value::as_str)
    }

    pub fn required_text(&self, field: &str) -> Compiled<&'d str> {
        self.text(field).ok_or_else(|| self.lacking(field))
    }

    pub fn texts(&self, field: &str) -> Vec<String> {
        let items = self.get(field).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub fn number(&self, field: &str) -> Option<&'d Number> {
        self.get(field).and_then(Value::as_number)
    }

    pub fn whole(&self, field: &str) -> Option<u64> {
        self.get(field).and_then(whole)
    }

    /// The state that a field names.
    pub fn target(&self, field: &str, names: &HashMap<&str, StateId>) -> Compiled<StateId> {
        let name = self.required_text(field)?;
        names.get(name).copied().ok_or_else(|| self.omission(format!("{field} names no state")))
    }

    fn parsed<T>(&self, field: &str, parse: impl Fn(&str) -> Result<T, SyntaxError>) -> Compiled<Option<T>> {
        let text = self.text(field);
        text.map(|text| parse(text).map_err(|error| self.omission(format!("{field}: {error}")))).transpose()
    }

    pub fn path(&self, field: &str, profile: Profile) -> Compiled<Option<Path>> {
        self.parsed(field, |text| Path::parse(text, profile))
    }

    pub fn reference(&self, field: &str, profile: Profile) -> Compiled<Option<ReferencePath>> {
        self.parsed(field, |text| ReferencePath::parse(text, profile))
    }

    pub fn expression(&self, field: &str, profile: Profile) -> Compiled<Option<Expression>> {
        self.parsed(field, |text| Expression::parse(text, profile))
    }

    pub fn template(&self, field: &str, profile: Profile) -> Compiled<Option<Template>> {
        let template = self.get(field).map(|value| Template::compile(value, profile)).transpose();
        template.map_err(|(key, error)| self.omission(format!("{field}, {key}: {error}")))
    }

    /// `InputPath` or `OutputPath` (IO-003, IO-026).
    pub fn selector(&self, field: &str, profile: Profile) -> Compiled<Selector> {
        Ok(match self.get(field) {
            None => Selector::Whole,
            Some(Value::Null) => Selector::Nothing,
            Some(Value::String(text)) if text == "$" => Selector::Whole,
            Some(_) => self.path(field, profile)?.map_or(Selector::Whole, Selector::Path),
        })
    }

    /// `ResultPath` (IO-015).
    pub fn placement(&self, profile: Profile) -> Compiled<Placement> {
        Ok(match self.get("ResultPath") {
            None => Placement::Replace,
            Some(Value::Null) => Placement::Discard,
            Some(Value::String(text)) if text == "$" => Placement::Replace,
            Some(_) => self.reference("ResultPath", profile)?.map_or(Placement::Replace, Placement::At),
        })
    }

    /// A number, or the twin of the field that ends in `Path`.
    pub fn figure(&self, field: &str, path_field: &'static str, profile: Profile) -> Compiled<Option<Figure>> {
        if let Some(number) = self.number(field) {
            return Ok(Some(Figure::Literal(number.clone())));
        }
        let path = self.reference(path_field, profile)?;
        Ok(path.map(|path| Figure::Path { field: path_field, path }))
    }
}
