//! Machines and states: names, types, query languages, ends, and what is particular to Task states.

use serde_json::{Map, Value};

use super::{
    MAX_NESTING,
    fields::{self, Language, Shape},
    jsonata::Offers,
    map::is_distributed,
    report::Token,
    transitions::Flow,
    validator::{Site, Validator, language_named, quote},
};
use crate::{diagnostic::Code, number};

/// Longest state name, in characters (STRUCT-019, D01).
const LONGEST_NAME: usize = 80;
/// The eight types of states (STRUCT-023).
const TYPES: [&str; 8] = ["Task", "Parallel", "Map", "Pass", "Wait", "Choice", "Succeed", "Fail"];

/// The table of a type of state.
fn shape(state_type: &str) -> Option<&'static Shape> {
    Some(match state_type {
        "Task" => &fields::TASK,
        "Parallel" => &fields::PARALLEL,
        "Map" => &fields::MAP,
        "Pass" => &fields::PASS,
        "Wait" => &fields::WAIT,
        "Choice" => &fields::CHOICE,
        "Succeed" => &fields::SUCCEED,
        "Fail" => &fields::FAIL,
        _ => return None,
    })
}

impl<'d> Validator<'d> {
    /// The document itself, a branch or an item processor.
    pub(super) fn machine(&mut self, shape: &'static Shape, members: &'d Map<String, Value>) {
        if self.flows.len() >= MAX_NESTING {
            let message = format!("machines may be nested {MAX_NESTING} deep, and this one is deeper");
            self.error(Code::TooDeeplyNested, "LINT-023", message);
            return;
        }
        let states = members.get("States").and_then(Value::as_object);
        let start = members.get("StartAt").and_then(Value::as_str).filter(|start| !start.is_empty());
        let flow = Flow::new(start, states);
        if !flow.has_terminal_state() {
            self.no_terminal_state(self.flows.is_empty());
        }
        let isolated = is_distributed(members);
        self.flows.push(flow);
        self.variables.open(states, isolated);
        self.object(shape, members, Site { language: self.language, lenient: false, offers: Offers::Nothing });
        self.variables.close(isolated);
        self.flows.pop();
    }

    /// A `States` object (STRUCT-005).
    pub(super) fn states(&mut self, rule: &'static str, value: &'d Value) {
        let Value::Object(states) = value else {
            self.wrong_type(rule, "an object that holds the states by name", value);
            return;
        };
        for (name, state) in states {
            self.within(Token::Name(name), |validator| {
                validator.state_name(name);
                validator.reachability(name);
                match state {
                    Value::Object(members) => validator.state(members),
                    other => validator.wrong_type(rule, "an object that describes a state", other),
                }
            });
        }
    }

    fn state_name(&mut self, name: &'d str) {
        if name.is_empty() {
            let message = "the name of a state must not be empty".to_owned();
            self.error(Code::Empty, "STRUCT-021", message);
        }
        if name.chars().count() > LONGEST_NAME {
            let message = format!("the name of a state has at most {LONGEST_NAME} characters, unlike {}", quote(name));
            self.error(Code::TooLong, "STRUCT-019", message);
        }
        if !self.state_names.insert(name) {
            let message = format!("there is another state {} in this definition", quote(name));
            self.error(Code::DuplicateStateName, "LINT-012", message);
        }
    }

    fn state(&mut self, members: &'d Map<String, Value>) {
        let state_type = match members.get("Type") {
            None => {
                self.error(Code::MissingField, "STRUCT-022", "a state needs the field 'Type'".to_owned());
                return;
            }
            Some(Value::String(state_type)) => state_type,
            Some(other) => {
                self.within(Token::Name("Type"), |validator| validator.wrong_type("STRUCT-023", "a string", other));
                return;
            }
        };
        let Some(shape) = shape(state_type) else {
            let message = format!("Type must be one of {}, not {}", TYPES.join(", "), quote(state_type));
            self.within(Token::Name("Type"), |validator| validator.error(Code::UnknownValue, "STRUCT-023", message));
            return;
        };
        let language = members.get("QueryLanguage").map_or(self.language, language_named);
        let lenient = self.is_downgrade(language);
        self.object(shape, members, Site { language, lenient, offers: Offers::Nothing });
    }

    /// Whether a state goes back to JSONPath in a JSONata machine (STRUCT-027, D34).
    fn is_downgrade(&self, language: Language) -> bool {
        self.profile.is_aws() && self.is_jsonata_machine && language == Language::JsonPath
    }

    /// The field `QueryLanguage` of the machine or of a state.
    pub(super) fn query_language(&mut self, rule: &'static str, value: &'d Value) {
        self.text(rule, value, |validator, text| {
            if !["JSONPath", "JSONata"].contains(&text) {
                let message = format!("QueryLanguage must be 'JSONPath' or 'JSONata', not {}", quote(text));
                validator.error(Code::UnknownValue, rule, message);
            } else if validator.is_downgrade(language_named(value)) {
                let message = "a state cannot use JSONPath in a machine that uses JSONata".to_owned();
                validator.error(Code::QueryLanguageDowngrade, "STRUCT-027", message);
            }
        });
    }
}

/// A state that is not the end of its machine says where it leads (STRUCT-032 to STRUCT-035).
pub(super) fn transition<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, _site: Site) {
    match (members.get("Next"), members.get("End")) {
        (Some(_), Some(Value::Bool(true))) => {
            let message = "a state with \"End\": true takes no field 'Next'".to_owned();
            validator.error(Code::ExclusiveFields, "STRUCT-034", message);
        }
        (None, None) => {
            let message = "a state needs the field 'Next', or \"End\": true".to_owned();
            validator.error(Code::MissingField, "STRUCT-035", message);
        }
        (None, Some(Value::Bool(false))) => {
            let message = "a state with \"End\": false needs the field 'Next'".to_owned();
            validator.error(Code::MissingField, "STRUCT-032", message);
        }
        _ => {}
    }
}

/// What concerns several fields of a Task state (TASK-017, TASK-027).
pub(super) fn task<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, site: Site) {
    transition(validator, members, site);
    if let (Some(Value::Number(timeout)), Some(Value::Number(heartbeat))) =
        (members.get("TimeoutSeconds"), members.get("HeartbeatSeconds"))
        && number::compare(heartbeat, timeout).is_ge()
    {
        let message = format!("HeartbeatSeconds must be smaller than TimeoutSeconds, {timeout}, and is {heartbeat}");
        validator.within(Token::Name("HeartbeatSeconds"), |validator| {
            validator.error(Code::OutOfRange, "TASK-017", message);
        });
    }
    if let Some(Value::Object(credentials)) = members.get("Credentials")
        && validator.profile.is_aws()
        && !credentials.contains_key("RoleArn")
        && !(site.language == Language::JsonPath && credentials.contains_key("RoleArn.$"))
    {
        validator.within(Token::Name("Credentials"), |validator| {
            validator.error(Code::MissingField, "TASK-027", "Credentials needs the field 'RoleArn'".to_owned());
        });
    }
}
