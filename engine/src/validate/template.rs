//! Payload templates (TMPL rows), and the literal Result of a Pass state.

use serde_json::{Map, Value};

use super::{
    fields::Language,
    paths::{looks_like_invocation, looks_like_path},
    report::Token,
    validator::{Site, Validator, quote},
};
use crate::diagnostic::Code;

/// The name that a member has after evaluation, when its value is computed (TMPL-006).
pub(super) fn computed_name(name: &str) -> Option<&str> {
    name.strip_suffix(".$")
}

impl<'d> Validator<'d> {
    /// A field that holds a payload template (TMPL-001).
    pub(super) fn template_field(&mut self, rule: &'static str, value: &'d Value) {
        match value {
            Value::Object(members) => self.template(members),
            other => self.wrong_type(rule, "a payload template, which is an object", other),
        }
    }

    /// A payload template in a JSONPath state, any value in a JSONata state.
    pub(super) fn payload(&mut self, rule: &'static str, value: &'d Value, site: Site) {
        match site.language {
            Language::JsonPath => self.template_field(rule, value),
            Language::Jsonata => self.jsonata_value(value, site),
        }
    }

    /// As [`payload`](Self::payload), for a field that holds an object in both languages.
    pub(super) fn payload_object(&mut self, rule: &'static str, value: &'d Value, site: Site) {
        match value {
            Value::Object(_) => self.payload(rule, value, site),
            other => self.wrong_type(rule, "an object", other),
        }
    }

    /// The members of a payload template, or of an object inside one (TMPL-011).
    pub(super) fn template(&mut self, members: &'d Map<String, Value>) {
        for (name, value) in members {
            self.within(Token::Name(name), |validator| validator.template_member(members, name, value));
        }
    }

    /// One member of a payload template.
    pub(super) fn template_member(&mut self, siblings: &Map<String, Value>, name: &str, value: &'d Value) {
        let Some(plain) = computed_name(name) else {
            self.template_value(value);
            if let Value::String(text) = value {
                self.undollared(name, text);
            }
            return;
        };
        if siblings.contains_key(plain) {
            let message = format!("{} and {} are the same name once evaluated", quote(plain), quote(name));
            self.error(Code::DuplicateKey, "TMPL-014", message);
        }
        match value {
            Value::String(text) if text.starts_with('$') => self.path("PATH-016", text),
            Value::String(text) => {
                self.invocation(text);
            }
            other => self.wrong_type("TMPL-005", "a string that holds a Path or an intrinsic function", other),
        }
    }

    /// A literal value of a payload template; the objects in it are templates again (TMPL-012, TMPL-013).
    fn template_value(&mut self, value: &'d Value) {
        match value {
            Value::Object(members) => self.template(members),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.within(Token::Index(index), |validator| validator.template_value(item));
                }
            }
            _ => {}
        }
    }

    /// Warns of a literal that should probably be computed (TMPL-004).
    fn undollared(&mut self, name: &str, text: &str) {
        if looks_like_path(text, self.profile) || looks_like_invocation(text, self.profile) {
            let message = format!("{} is plain text here; '{name}.$' would evaluate it", quote(text));
            self.warning(Code::NoDollar, "TMPL-004", message);
        }
    }

    /// Warns of Paths in the literal Result of a Pass state (PASS-004, LINT-024).
    pub(super) fn result(&mut self, value: &'d Value) {
        match value {
            Value::String(text) if looks_like_path(text, self.profile) => {
                let message = format!("Result is never evaluated, so {} is plain text", quote(text));
                self.warning(Code::PassResultIsStatic, "LINT-024", message);
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.within(Token::Index(index), |validator| validator.result(item));
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.within(Token::Name(name), |validator| validator.result(member));
                }
            }
            _ => {}
        }
    }
}
