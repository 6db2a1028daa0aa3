//! Typed access to the fields of an object of the definition.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use super::{Compiled, Omission};
use crate::{
    json,
    machine::{Figure, Placement, QueryLanguage, Selector, StateId},
    number,
    path::{Path, ReferencePath, SyntaxError},
    profile::Profile,
    template::{Expression, Template, jsonata_body},
};

/// An object of the definition, where it stands, and how its expressions are written.
pub(super) struct Fields<'d> {
    object: &'d Map<String, Value>,
    location: String,
    /// Where it stands in its state, as causes write it: empty, or a text such as `Catch[1]/` (JNATA-031).
    place: String,
    language: QueryLanguage,
}

/// A whole number that is not negative, in whatever form it is written.
pub(super) fn whole(value: &Value) -> Option<u64> {
    value.as_number().and_then(number::to_i64).and_then(|integer| u64::try_from(integer).ok())
}

impl<'d> Fields<'d> {
    /// The root of a definition, whose states are in JSONPath unless they say otherwise (STRUCT-010).
    pub fn root(definition: &'d Value) -> Compiled<Self> {
        let mut root = Self::of(definition, String::new(), String::new(), QueryLanguage::JsonPath)?;
        root.language = root.own_language().unwrap_or(QueryLanguage::JsonPath);
        Ok(root)
    }

    fn of(value: &'d Value, location: String, place: String, language: QueryLanguage) -> Compiled<Self> {
        match value {
            Value::Object(object) => Ok(Self { object, location, place, language }),
            _ => Err(Omission { location, message: "an object was expected".to_owned() }),
        }
    }

    fn own_language(&self) -> Option<QueryLanguage> {
        Some(match self.text("QueryLanguage")? {
            "JSONata" => QueryLanguage::Jsonata,
            _ => QueryLanguage::JsonPath,
        })
    }

    /// A member of a `States` object, in its own language or in that of the machine (STRUCT-025, STRUCT-028).
    pub fn state(&self, name: &str, machine: QueryLanguage) -> Compiled<Self> {
        let mut state = self.object(name)?;
        state.place.clear();
        state.language = state.own_language().unwrap_or(machine);
        Ok(state)
    }

    pub fn language(&self) -> QueryLanguage {
        self.language
    }

    fn is_jsonata(&self) -> bool {
        self.language == QueryLanguage::Jsonata
    }

    /// A field of this object as causes write it.
    pub fn place(&self, field: &str) -> String {
        format!("{}{field}", self.place)
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
        self.optional_object(field)?.ok_or_else(|| self.lacking(field))
    }

    pub fn optional_object(&self, field: &str) -> Compiled<Option<Self>> {
        let value = self.get(field);
        value.map(|value| Self::of(value, self.at(field), format!("{}{field}/", self.place), self.language)).transpose()
    }

    /// The elements of an array of objects; none when the field is absent.
    pub fn objects(&self, field: &str) -> Compiled<Vec<Self>> {
        let location = self.at(field);
        let items = self.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let object = |(index, item)| {
            let place = format!("{}{field}[{index}]/", self.place);
            Self::of(item, format!("{location}/{index}"), place, self.language)
        };
        items.iter().enumerate().map(object).collect()
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

    /// A payload template, or a field that takes JSONata strings at any depth (JNATA-006).
    pub fn template(&self, field: &str, profile: Profile) -> Compiled<Option<Template>> {
        let compile = |value| {
            if self.is_jsonata() {
                Template::compile_query(value, &self.place(field), profile)
            } else {
                Template::compile(value, profile)
            }
        };
        let template = self.get(field).map(compile).transpose();
        template.map_err(|error| self.omission(format!("{field}, {error}")))
    }

    /// This object as a template in which one field is literal.
    pub fn whole_template_but(&self, literal: &str, profile: Profile) -> Compiled<Template> {
        let place = self.place.strip_suffix('/').unwrap_or(&self.place);
        let template = Template::compile_query_but(self.object, literal, place, profile);
        template.map_err(|error| self.omission(error.to_string()))
    }

    /// A field whose value as a whole may be a JSONata string; `None` when it is none.
    pub fn query(&self, field: &str, profile: Profile) -> Compiled<Option<Expression>> {
        let body = self.text(field).filter(|_| self.is_jsonata()).and_then(jsonata_body);
        let Some(body) = body else { return Ok(None) };
        Expression::parse_query(body, profile).map(Some).map_err(|error| self.omission(format!("{field}: {error}")))
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

    /// A number, a JSONata string, or the twin of the field that ends in `Path`.
    pub fn figure(&self, field: &'static str, path_field: &'static str, profile: Profile) -> Compiled<Option<Figure>> {
        if let Some(number) = self.number(field) {
            return Ok(Some(Figure::Literal(number.clone())));
        }
        if let Some(expression) = self.query(field, profile)? {
            return Ok(Some(Figure::Query { field, expression }));
        }
        let path = self.reference(path_field, profile)?;
        Ok(path.map(|path| Figure::Path { field: path_field, path }))
    }
}
