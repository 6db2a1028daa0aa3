//! Retriers and Catchers: what their error names may be and where `States.ALL` may stand (LINT-014 to LINT-017).

use serde_json::Value;

use super::{
    fields::Shape,
    report::Token,
    validator::{Site, Validator, quote},
    values::is_reserved,
};
use crate::{diagnostic::Code, failure::names};

impl<'d> Validator<'d> {
    /// An element of `Retry`, `Catch` or `Branches`.
    pub(super) fn element(&mut self, rule: &'static str, shape: &'static Shape, value: &'d Value, site: Site) {
        match value {
            Value::Object(members) if shape.field("StartAt").is_some() => self.machine(shape, members),
            Value::Object(members) => self.object(shape, members, site),
            other => self.wrong_type(rule, "an array of objects", other),
        }
    }

    /// `ErrorEquals` (RETRY-003, CATCH-003, ERR-003).
    pub(super) fn error_equals(&mut self, rule: &'static str, value: &'d Value) {
        let Value::Array(items) = value else {
            self.wrong_type(rule, "an array of error names", value);
            return;
        };
        if items.is_empty() {
            self.empty(rule);
        }
        for (index, item) in items.iter().enumerate() {
            self.within(Token::Index(index), |validator| {
                validator.text(rule, item, |validator, name| {
                    if is_reserved(name) {
                        let message = format!("{} is not an error name of the language", quote(name));
                        validator.warning(Code::ReservedErrorName, "ERR-003", message);
                    }
                    if name == names::ALL && items.len() > 1 {
                        let rule = if rule == "RETRY-003" { "LINT-014" } else { "LINT-016" };
                        let message = "States.ALL must be the only error name of its array".to_owned();
                        validator.error(Code::MisplacedStatesAll, rule, message);
                    }
                });
            });
        }
    }

    /// Reports `States.ALL` in any Retrier or Catcher but the last, which would never be reached (LINT-015, LINT-017).
    pub(super) fn states_all(&mut self, handlers: &'d [Value]) {
        let rule = if self.report.subject() == "Retry" { "LINT-015" } else { "LINT-017" };
        let before_the_last = handlers.split_last().map_or(&[][..], |(_, before)| before);
        for (index, handler) in before_the_last.iter().enumerate() {
            let Some(names) = handler.get("ErrorEquals").and_then(Value::as_array) else { continue };
            for (position, _) in names.iter().enumerate().filter(|(_, name)| **name == names::ALL) {
                let place = [Token::Index(index), Token::Name("ErrorEquals"), Token::Index(position)];
                place.into_iter().for_each(|token| self.report.enter(token));
                let message =
                    "States.ALL must stand in the last element, because those after it would never be used".to_owned();
                self.error(Code::MisplacedStatesAll, rule, message);
                place.iter().for_each(|_| self.report.leave());
            }
        }
    }
}
