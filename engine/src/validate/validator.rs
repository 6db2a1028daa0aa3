//! The walk through the document: every object is compared with its [`Shape`], every value with its row.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    MachineType,
    configurations::ROOT,
    fields::{Field, Group, Language, Shape},
    jsonata::Offers,
    report::{Report, Token},
    suggestion,
    transitions::Flow,
    variables::Variables,
};
use crate::{
    diagnostic::{Code, Severity},
    profile::Profile,
};

/// Findings after which no more suggestions are looked for.
const MAX_SUGGESTIONS: usize = 1_000;
/// Characters of a value that a message quotes.
const MAX_QUOTE: usize = 60;

/// What the place of a value in its state says about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    /// The query language of the state (LINT-019).
    pub(super) language: Language,
    /// Whether fields of the other language pass, because the language itself is a finding (LINT-029).
    pub(super) lenient: bool,
    /// What `$states` offers beside the input and the context object.
    pub(super) offers: Offers,
}

/// The state of one validation.
#[derive(Debug)]
pub(super) struct Validator<'d> {
    pub(super) report: Report<'d>,
    pub(super) profile: Profile,
    pub(super) machine_type: MachineType,
    /// The query language of states that name none.
    pub(super) language: Language,
    /// Whether the root names JSONata, spelled right (STRUCT-027).
    pub(super) is_jsonata_machine: bool,
    /// The states and labels met so far, in the whole document (LINT-012, LINT-013).
    pub(super) state_names: HashSet<&'d str>,
    pub(super) labels: HashSet<&'d str>,
    pub(super) variables: Variables<'d>,
    /// The `States` objects around the present value, outermost first.
    pub(super) flows: Vec<Flow<'d>>,
    /// Whether unreachable states go unreported (LINT-026).
    pub(super) hides_unreachable: bool,
    /// Regular expressions in Paths so far.
    pub(super) patterns: usize,
}

impl<'d> Validator<'d> {
    pub(super) fn new(profile: Profile, machine_type: MachineType) -> Self {
        Self {
            report: Report::default(),
            profile,
            machine_type,
            language: Language::JsonPath,
            is_jsonata_machine: false,
            state_names: HashSet::new(),
            labels: HashSet::new(),
            variables: Variables::default(),
            flows: Vec::new(),
            hides_unreachable: false,
            patterns: 0,
        }
    }

    /// Validates a whole document (STRUCT-001).
    pub(super) fn definition(&mut self, definition: &'d Value) {
        match definition {
            Value::Null => {
                let message = "the definition is null; expected a JSON object with StartAt and States".to_owned();
                self.error(Code::MissingDescription, "STRUCT-003", message);
            }
            Value::Object(members) => {
                self.language = match members.get("QueryLanguage") {
                    None => Language::JsonPath,
                    Some(language) => language_named(language),
                };
                self.is_jsonata_machine = members.get("QueryLanguage").is_some_and(|language| language == "JSONata");
                self.machine(&ROOT, members);
            }
            other => self.wrong_type("STRUCT-001", "a JSON object with StartAt and States", other),
        }
    }

    /// Compares an object with what its shape takes.
    pub(super) fn object(&mut self, shape: &'static Shape, members: &'d Map<String, Value>, site: Site) {
        for field in shape.fields.iter().flat_map(|rows| rows.iter()) {
            if let Some(requirement) = field.required
                && !members.contains_key(field.name)
            {
                let message = format!("{} needs the field '{}'", shape.name, field.name);
                self.error(Code::MissingField, requirement, message);
            }
        }
        for group in shape.groups {
            self.group(shape, group, members, site);
        }
        if let Some(check) = shape.check {
            check(self, members, site);
        }
        for (name, value) in members {
            match shape.field(name) {
                None => self.unknown_field(shape, name, site),
                Some(Field { only: Some((only, requirement)), .. }) if *only != site.language => {
                    if !site.lenient {
                        let (only, used) = (only.name(), site.language.name());
                        let message = format!("'{name}' is a field of {only}, and the query language here is {used}");
                        self.error(Code::OtherQueryLanguage, requirement, message);
                    }
                }
                Some(field) => {
                    let offers =
                        if ["Output", "Assign"].contains(&field.name) { shape.offers } else { Offers::Nothing };
                    let site = Site { offers, ..site };
                    self.within(Token::Name(name), |validator| validator.value(field, value, site));
                }
            }
        }
    }

    /// Reports fields of a group that exclude each other, and the absence of all. A field of the other query language
    /// is a finding of its own and counts as present.
    fn group(&mut self, shape: &Shape, group: &Group, members: &Map<String, Value>, site: Site) {
        if group.language.is_some_and(|language| language != site.language) {
            return;
        }
        let of_language = |name: &&&str| shape.field(name).is_some_and(|field| field.is_of(site.language));
        let present = |name: &&&str| members.contains_key(**name);
        let choice = || group.names.iter().filter(of_language).copied().collect::<Vec<_>>().join("', '");
        if group.names.iter().filter(of_language).filter(present).count() > 1 {
            let message = format!("{} takes only one of the fields '{}'", shape.name, choice());
            self.error(Code::ExclusiveFields, group.exclusive, message);
        }
        if let Some(requirement) = group.needed
            && !group.names.iter().any(|name| members.contains_key(*name))
        {
            let message = format!("{} needs one of the fields '{}'", shape.name, choice());
            self.error(Code::MissingField, requirement, message);
        }
    }

    fn unknown_field(&mut self, shape: &Shape, name: &str, site: Site) {
        let suggestion = if self.report.len() < MAX_SUGGESTIONS {
            suggestion::nearest(name, shape.names(site.language))
        } else {
            None
        };
        let hint = suggestion.map(|nearest| format!("; did you mean '{nearest}'?")).unwrap_or_default();
        let message = format!("{} does not take the field {}{hint}", shape.name, quote(name));
        self.error(Code::UnknownField, shape.refusal(name), message);
    }

    /// Does something at a member or element of the present value.
    pub(super) fn within(&mut self, token: Token<'d>, look: impl FnOnce(&mut Self)) {
        self.report.enter(token);
        look(self);
        self.report.leave();
    }

    /// Reports a violation at the present value.
    pub(super) fn error(&mut self, code: Code, requirement: &'static str, message: String) {
        self.report.add(Severity::Error, code, requirement, message);
    }

    /// Reports something legal that is probably a mistake.
    pub(super) fn warning(&mut self, code: Code, requirement: &'static str, message: String) {
        self.report.add(Severity::Warning, code, requirement, message);
    }

    /// Reports that the present value has the wrong JSON type.
    pub(super) fn wrong_type(&mut self, requirement: &'static str, expected: &str, found: &Value) {
        self.expected(Code::WrongType, requirement, expected, found);
    }

    /// Reports that the present value is not what was expected.
    pub(super) fn expected(&mut self, code: Code, requirement: &'static str, expected: &str, found: &Value) {
        let message = format!("{} must be {expected}, not {}", self.report.subject(), describe(found));
        self.error(code, requirement, message);
    }
}

/// The query language that a `QueryLanguage` field asks for: whatever is not exactly JSONPath is read as JSONata
/// (STRUCT-011).
pub(super) fn language_named(name: &Value) -> Language {
    if name == "JSONPath" { Language::JsonPath } else { Language::Jsonata }
}

/// A value in the words of a message.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(boolean) => boolean.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quote(text),
        Value::Array(items) if items.is_empty() => "an empty array".to_owned(),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(members) if members.is_empty() => "an empty object".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The beginning of a text, in quotes.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTE) {
        Some((end, _)) => format!("'{}...'", text.get(..end).unwrap_or_default()),
        None => format!("'{text}'"),
    }
}
