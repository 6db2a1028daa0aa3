//! The kinds of values that fields have.

use serde_json::Value;

use super::{
    fields::{Field, Kind, Language, Shape},
    jsonata::{self, Delimiters},
    paths::looks_like_path,
    report::Token,
    validator::{Site, Validator, describe, quote},
};
use crate::{diagnostic::Code, failure::names, number, timestamp::Timestamp};

impl<'d> Validator<'d> {
    /// Compares a value with the row of its field.
    pub(super) fn value(&mut self, field: &'static Field, value: &'d Value, site: Site) {
        if field.expression
            && let Value::String(text) = value
            && self.jsonata_string(text, site)
        {
            return;
        }
        let rule = field.requirement;
        match self.kind(field) {
            Kind::Any => {}
            Kind::Comment => self.text(rule, value, |_, _| {}),
            Kind::Text => self.text(rule, value, Self::literal),
            Kind::Boolean => {
                if !value.is_boolean() {
                    self.wrong_type(rule, "true or false", value);
                }
            }
            Kind::Integer { min, max } => self.integer(field, value, min, max),
            Kind::Number { min, max } => self.number(field, value, min, max),
            Kind::OneOf(known) => self.text(rule, value, |validator, text| validator.one_of(rule, known, text)),
            Kind::Timestamp => self.text(rule, value, |validator, text| validator.timestamp(rule, text)),
            Kind::Resource => self.text(rule, value, |validator, text| validator.resource(rule, text)),
            Kind::JsonPointer => self.text(rule, value, |validator, text| validator.json_pointer(rule, text)),
            Kind::ErrorName => self.text(rule, value, Self::error_name),
            Kind::ErrorEquals => self.error_equals(rule, value),
            Kind::QueryLanguage => self.query_language(rule, value),
            Kind::Label => self.text(rule, value, Self::label),
            Kind::Path { nullable } => self.path_field(rule, value, nullable),
            Kind::ReferencePath(roots) => self.reference_path_field(rule, value, roots),
            Kind::ResultPath => self.result_path(rule, value),
            Kind::StringPath => self.text(rule, value, |validator, text| validator.string_path(rule, text)),
            Kind::Target(dangling) => self.text(rule, value, |validator, text| validator.target(rule, dangling, text)),
            Kind::Template => self.template_field(rule, value),
            Kind::Payload => self.payload(rule, value, site),
            Kind::PayloadObject => self.payload_object(rule, value, site),
            Kind::Output => self.jsonata_value(value, site),
            Kind::Items => self.items(rule, value, site),
            Kind::Result => self.result(value),
            Kind::Assign => self.assign(rule, value, site),
            Kind::Texts => self.texts(rule, value),
            Kind::States => self.states(rule, value),
            Kind::Rules(shape) => self.rules(rule, shape, value, site),
            Kind::Objects { shape, may_be_empty } => self.objects(rule, shape, may_be_empty, value, site),
            Kind::Object(shape) => match value {
                Value::Object(members) => self.object(shape, members, site),
                other => self.wrong_type(rule, "an object", other),
            },
            Kind::Machine(shape) => match value {
                Value::Object(members) => self.machine(shape, members),
                other => self.wrong_type(rule, "an object with StartAt and States", other),
            },
        }
    }

    /// What the value of a field has to be in the present profile.
    pub(super) fn kind(&self, field: &Field) -> Kind {
        match field.spec {
            Some(kind) if !self.profile.is_aws() => kind,
            _ => field.kind,
        }
    }

    /// Checks a string further, and refuses anything else.
    pub(super) fn text(&mut self, rule: &'static str, value: &'d Value, check: impl FnOnce(&mut Self, &'d str)) {
        match value {
            Value::String(text) => check(self, text),
            other => self.wrong_type(rule, "a string", other),
        }
    }

    /// A string that stands for itself: a Path in it has no effect (LINT-024).
    pub(super) fn literal(&mut self, text: &'d str) {
        if looks_like_path(text, self.profile) {
            let field = self.report.subject();
            let message = format!("{} in '{field}' is plain text here, not a Path", quote(text));
            self.warning(Code::NoPath, "LINT-024", message);
        }
    }

    fn integer(&mut self, field: &Field, value: &Value, min: i64, max: i64) {
        let expected = match max {
            i64::MAX => format!("an integer of {min} or more"),
            _ => format!("an integer from {min} to {max}"),
        };
        match value {
            Value::Number(number) if number::is_integer(number) => {
                self.range(field, value, number, &min.into(), Some(&max.into()), &expected)
            }
            other => self.wrong_type(field.requirement, &expected, other),
        }
    }

    fn number(&mut self, field: &Field, value: &Value, min: f64, max: f64) {
        let bound = serde_json::Number::from_f64;
        let expected = if max.is_finite() {
            format!("a number from {min} to {max}")
        } else {
            format!("a number of {min:?} or more")
        };
        match (value, bound(min)) {
            (Value::Number(number), Some(min)) => {
                self.range(field, value, number, &min, bound(max).as_ref(), &expected)
            }
            (other, _) => self.wrong_type(field.requirement, &expected, other),
        }
    }

    fn range(
        &mut self,
        field: &Field,
        value: &Value,
        number: &serde_json::Number,
        min: &serde_json::Number,
        max: Option<&serde_json::Number>,
        expected: &str,
    ) {
        if number::compare(number, min).is_lt() {
            self.expected(Code::OutOfRange, field.requirement, expected, value);
        } else if max.is_some_and(|max| number::compare(number, max).is_gt()) {
            self.expected(Code::OutOfRange, field.above.unwrap_or(field.requirement), expected, value);
        }
    }

    fn one_of(&mut self, rule: &'static str, known: &[&str], text: &str) {
        if !known.contains(&text) {
            let field = self.report.subject();
            let message = format!("{field} must be '{}', not {}", known.join("' or '"), quote(text));
            self.error(Code::UnknownValue, rule, message);
        }
    }

    fn timestamp(&mut self, rule: &'static str, text: &str) {
        if Timestamp::parse(text).is_none() {
            let field = self.report.subject();
            let message =
                format!("{field} must be a timestamp such as '2016-03-14T01:59:00Z' (RFC 3339), not {}", quote(text));
            self.error(Code::InvalidTimestamp, rule, message);
        }
    }

    fn json_pointer(&mut self, rule: &'static str, text: &str) {
        let escapes = |text: &str| text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if !(text.is_empty() || text.starts_with('/')) || !escapes(text) {
            let message =
                format!("{} must be a JSON Pointer such as '/items', not {}", self.report.subject(), quote(text));
            self.error(Code::InvalidPath, rule, message);
        }
    }

    /// The name that a Fail state chooses: the prefix `States.` belongs to the language (ERR-003).
    fn error_name(&mut self, name: &'d str) {
        if is_reserved(name) {
            let message =
                format!("{} is not an error name of the language, to which the prefix 'States.' belongs", quote(name));
            self.error(Code::ReservedErrorName, "ERR-003", message);
        }
        self.literal(name);
    }

    /// A non-empty array of strings.
    fn texts(&mut self, rule: &'static str, value: &'d Value) {
        match value {
            Value::Array(items) if items.is_empty() => self.empty(rule),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.within(Token::Index(index), |validator| validator.text(rule, item, |_, _| {}));
                }
            }
            other => self.wrong_type(rule, "an array of strings", other),
        }
    }

    /// An array of objects of one shape.
    fn objects(&mut self, rule: &'static str, shape: &'static Shape, may_be_empty: bool, value: &'d Value, site: Site) {
        match value {
            Value::Array(items) if items.is_empty() && !may_be_empty => self.empty("PAR-002"),
            Value::Array(items) => {
                self.states_all(items);
                for (index, item) in items.iter().enumerate() {
                    self.within(Token::Index(index), |validator| validator.element(rule, shape, item, site));
                }
            }
            other => self.wrong_type(rule, "an array of objects", other),
        }
    }

    /// Reports an empty array, object or string that must not be empty.
    pub(super) fn empty(&mut self, rule: &'static str) {
        let message = format!("{} must not be empty", self.report.subject());
        self.error(Code::Empty, rule, message);
    }

    /// A value of a JSONata state that may hold JSONata strings at any depth (JNATA-006).
    pub(super) fn jsonata_value(&mut self, value: &'d Value, site: Site) {
        match value {
            Value::String(text) => {
                self.jsonata_string(text, site);
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.within(Token::Index(index), |validator| validator.jsonata_value(item, site));
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.within(Token::Name(name), |validator| validator.jsonata_value(member, site));
                }
            }
            _ => {}
        }
    }

    /// Checks a string that may be a JSONata string; whether it is one, or means to be (JNATA-003).
    pub(super) fn jsonata_string(&mut self, text: &'d str, site: Site) -> bool {
        if site.language != Language::Jsonata {
            return false;
        }
        match jsonata::delimiters(text) {
            Delimiters::None => return false,
            Delimiters::Half => {
                let message =
                    format!("a JSONata string opens with '{{%' and closes with '%}}', unlike {}", quote(text));
                self.error(Code::InvalidJsonataExpression, "JNATA-003", message);
            }
            Delimiters::Both(expression) => {
                let expression = jsonata::expression(expression, site.offers, self.profile);
                for finding in expression.findings {
                    self.error(finding.code, finding.requirement, finding.message);
                }
                for variable in expression.variables {
                    self.reference(&variable);
                }
            }
        }
        true
    }

    fn items(&mut self, rule: &'static str, value: &'d Value, site: Site) {
        match value {
            Value::Array(_) => self.jsonata_value(value, site),
            // In distributed mode, members are items too (D30); the mode is known to the check of the Map.
            Value::Object(_) => self.jsonata_value(value, site),
            other => {
                let message = format!("Items must be an array or a JSONata string, not {}", describe(other));
                self.error(Code::WrongType, rule, message);
            }
        }
    }
}

/// Whether an error name is one that only the language may have, and that it does not have (ERR-003).
pub(super) fn is_reserved(name: &str) -> bool {
    name.starts_with("States.") && !names::PREDEFINED.contains(&name)
}
