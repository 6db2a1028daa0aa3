//! Bugs that need a look at how the run went, or at the data.

use std::borrow::Cow;

use asl_conformance::{
    Engine, Fault, Reply, Request, TaskCall, TaskScript,
    case::{Definition, Input},
    differential::campaign::FUEL,
    engine::{Observable, Outcome},
    reference::Bounded,
    relations::document::{Place, escape, mentions, places},
    script::{ScriptError, TaskAnswer, TaskResult},
};
use serde_json::{Value, json};

use crate::bugs::rewritten;

/// A task script whose answers can be heard again from the start.
struct Memory<'t> {
    script: &'t mut dyn TaskScript,
    heard: Vec<(TaskCall, Result<TaskAnswer, ScriptError>)>,
    at: usize,
}

impl<'t> Memory<'t> {
    fn new(script: &'t mut dyn TaskScript) -> Self {
        Self { script, heard: Vec::new(), at: 0 }
    }
}

impl TaskScript for Memory<'_> {
    fn answer(&mut self, call: &TaskCall) -> Result<TaskAnswer, ScriptError> {
        let known = self.heard.get(self.at).filter(|(heard, _)| heard.state == call.state);
        let answer = match known {
            Some((_, answer)) => answer.clone(),
            None => {
                let answer = self.script.answer(call);
                self.heard.truncate(self.at);
                self.heard.push((call.clone(), answer.clone()));
                answer
            }
        };
        self.at += 1;
        answer
    }
}

/// The outcome of a run that failed with States.Runtime, and the state it failed in.
fn failed_in(request: &Request<'_>, reply: &Reply) -> Option<Place> {
    let Reply::Outcome(outcome) = reply else { return None };
    if outcome.error.as_deref() != Some("States.Runtime") {
        return None;
    }
    let Definition::Json(definition) = &*request.definition else { return None };
    let is_entry = |event: &&serde_json::Map<String, Value>| {
        event.get("type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("StateEntered"))
    };
    let name = outcome.history.as_ref()?.iter().rev().find(is_entry)?.get("name")?.as_str()?;
    places(definition).into_iter().find(|place| place.name == name)
}

/// A run that tells its history.
fn run(request: &Request<'_>, memory: &mut Memory<'_>) -> Result<Reply, Fault> {
    let mut request = request.clone();
    request.observe.insert(Observable::History);
    memory.at = 0;
    Bounded(FUEL).run(&request, memory)
}

/// A state that fails with States.Runtime under a Catcher of States.ALL goes on as the Catcher says.
pub fn all_catches_runtime(request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
    let mut memory = Memory::new(tasks);
    let reply = run(request, &mut memory)?;
    let Some(place) = failed_in(request, &reply) else { return Ok(reply) };
    let catching = rewritten(request, |definition| {
        let catcher = place.state(definition).and_then(|state| state.get("Catch")?.as_array()?.last()).cloned();
        let Some(catcher) = catcher.filter(|catcher| mentions(&catcher["ErrorEquals"], &["States.ALL"])) else {
            return;
        };
        let mut pass = json!({
            "Type": "Pass", "QueryLanguage": "JSONPath",
            "Result": {"Error": "States.Runtime", "Cause": "caught"}, "Next": catcher["Next"],
        });
        if let Some(path) = catcher.get("ResultPath") {
            pass["ResultPath"] = path.clone();
        }
        if let (Some(state), Value::Object(pass)) = (place.state_mut(definition), pass) {
            *state = pass;
        }
    });
    run(&catching, &mut memory)
}

/// Where a payload template reads a Path that selects nothing, it gets null.
pub fn missing_gives_null(request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
    const REPAIRS: usize = 3;
    let mut memory = Memory::new(tasks);
    let mut request = request.clone();
    let mut reply = run(&request, &mut memory)?;
    for _ in 0..REPAIRS {
        let Some(place) = failed_in(&request, &reply) else { break };
        let Definition::Json(definition) = &*request.definition else { break };
        let repaired = paths(definition, &place).into_iter().find_map(|(object, name)| {
            let candidate = rewritten(&request, |definition| {
                if let Some(Value::Object(members)) = definition.pointer_mut(&object) {
                    members.shift_remove(&name);
                    members.insert(name.trim_end_matches(".$").to_owned(), Value::Null);
                }
            });
            let reply = run(&candidate, &mut memory).ok()?;
            (failed_in(&candidate, &reply).as_ref() != Some(&place)).then_some((candidate, reply))
        });
        let Some((next, better)) = repaired else { break };
        (request, reply) = (next, better);
    }
    Ok(reply)
}

/// Every computed member of a template that is a Path: pointer to the object, and name of the member.
fn paths(definition: &Value, place: &Place) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open = vec![format!("{}/Parameters", place.pointer())];
    while let Some(pointer) = open.pop() {
        let Some(Value::Object(members)) = definition.pointer(&pointer) else { continue };
        for (name, value) in members {
            match value {
                Value::String(path) if name.ends_with(".$") && path.starts_with('$') => {
                    found.push((pointer.clone(), name.clone()));
                }
                _ => open.push(format!("{pointer}/{}", escape(name))),
            }
        }
    }
    found
}

/// Stands before every symbol outside the basic plane, and comes after all others in UTF-16 order as well.
const LAST: char = '\u{FFFF}';
/// The first symbol outside the basic plane.
const OUTSIDE: u32 = 0x1_0000;
/// What the two halves of the number of such a symbol are added to.
const MARK: u32 = 0x100;

/// Intrinsic functions, JSONata and patterns.
const LOOKS_INTO_TEXTS: [&str; 10] = [
    "States.Array",
    "States.Base64",
    "States.Format",
    "States.Hash",
    "States.Json",
    "States.Math",
    "States.String",
    "States.UUID",
    "{%",
    "StringMatches",
];

/// Compares texts as if they were encoded so that symbols outside the basic plane come last.
pub fn code_point_order(request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
    // What looks into texts would see the encoding.
    let Definition::Json(definition) = &*request.definition else { return Bounded(FUEL).run(request, tasks) };
    if mentions(definition, &LOOKS_INTO_TEXTS) {
        return Bounded(FUEL).run(request, tasks);
    }
    let mut request = rewritten(request, |definition| map_texts(definition, &encode));
    if let Input::Json(input) = request.input.to_mut() {
        map_texts(input, &encode);
    }
    if let Some(context) = &request.context {
        let mut context = Value::Object(context.clone().into_owned());
        map_texts(&mut context, &encode);
        request.context = context.as_object().cloned().map(Cow::Owned);
    }
    let reply = Bounded(FUEL).run(&request, &mut Encoding(tasks))?;
    Ok(match reply {
        Reply::Outcome(outcome) => Reply::from(decoded(*outcome)),
        other => other,
    })
}

struct Encoding<'t>(&'t mut dyn TaskScript);

impl TaskScript for Encoding<'_> {
    fn answer(&mut self, call: &TaskCall) -> Result<TaskAnswer, ScriptError> {
        let mut call = call.clone();
        call.state = decode(&call.state);
        map_texts(&mut call.input, &decode);
        let mut answer = self.0.answer(&call)?;
        match &mut answer.result {
            TaskResult::Output { output } => map_texts(output, &encode),
            TaskResult::Error { error, cause } => {
                for text in [error, cause].into_iter().flatten() {
                    *text = encode(text);
                }
            }
            TaskResult::Timeout => {}
        }
        Ok(answer)
    }
}

fn decoded(outcome: Outcome) -> Outcome {
    let text = |text: Option<String>| text.as_deref().map(decode);
    let mut output = outcome.output;
    if let Some(output) = &mut output {
        map_texts(output, &decode);
    }
    let visited = outcome.visited.map(|names| names.iter().map(|name| decode(name)).collect());
    Outcome { output, error: text(outcome.error), cause: text(outcome.cause), visited, ..outcome }
}

/// Maps every text and every name of a member.
fn map_texts(value: &mut Value, map: &dyn Fn(&str) -> String) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => *text = map(text),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                *members = std::mem::take(members).into_iter().map(|(name, member)| (map(&name), member)).collect();
                open.extend(members.values_mut());
            }
            _ => {}
        }
    }
}

fn encode(text: &str) -> String {
    /// Longer texts stay as they are, so that no name gets longer than is allowed.
    const LONGEST: usize = 20;
    if text.chars().count() > LONGEST {
        return text.to_owned();
    }
    let mark = |half: u32| char::from_u32(MARK + half).unwrap_or(LAST);
    let mut encoded = String::new();
    for symbol in text.chars() {
        match u32::from(symbol).checked_sub(OUTSIDE) {
            Some(number) => encoded.extend([LAST, mark(number >> 10), mark(number & 0x3FF)]),
            None => encoded.push(symbol),
        }
    }
    encoded
}

fn decode(text: &str) -> String {
    let half = |symbol: Option<char>| symbol.and_then(|symbol| u32::from(symbol).checked_sub(MARK)).unwrap_or_default();
    let mut decoded = String::new();
    let mut symbols = text.chars();
    while let Some(symbol) = symbols.next() {
        if symbol == LAST {
            let (high, low) = (half(symbols.next()), half(symbols.next()));
            decoded.extend(char::from_u32(OUTSIDE + (high << 10) + low));
        } else {
            decoded.push(symbol);
        }
    }
    decoded
}
