//! Pass and Wait states.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    scope::{Exit, Flow, Language, Scope},
};
use crate::{
    draw::Draw,
    jsonata,
    shape::{Kind, Shape},
    template, timestamp,
};

impl Machine {
    pub(super) fn pass(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
    ) -> Flow {
        let (mut state, language) = self.state(u, "Pass");
        exit.write(&mut state);
        let flow = match language {
            Language::JsonPath => {
                let mut result = self.input_path(u, scope, &mut state, &flow);
                result = self.perhaps_template(u, scope, &mut state, "Parameters", result, &flow);
                if u.chance(20) {
                    let value = template::value(u, 2);
                    result = Shape::of(&value);
                    state.insert("Result".to_owned(), value);
                }
                self.result(u, scope, &mut state, flow, result)
            }
            Language::Jsonata => {
                let data = flow.data.clone();
                self.output(u, scope, &mut state, flow, None, data)
            }
        };
        scope.states.insert(name, Value::Object(state));
        flow
    }

    pub(super) fn wait(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
    ) -> Flow {
        let (mut state, language) = self.state(u, "Wait");
        exit.write(&mut state);
        let flow = match language {
            Language::JsonPath => {
                let effective = self.input_path(u, scope, &mut state, &flow);
                wait_for(u, scope, &mut state, language, &effective, &flow);
                let variables = self.assign(u, scope, &mut state, language, &effective, &flow, None);
                let mut flow = self.output_path(u, scope, &mut state, flow.with(effective));
                flow.variables.extend(variables);
                flow
            }
            Language::Jsonata => {
                wait_for(u, scope, &mut state, language, &flow.data, &flow);
                let data = flow.data.clone();
                self.output(u, scope, &mut state, flow, None, data)
            }
        };
        scope.states.insert(name, Value::Object(state));
        flow
    }
}

/// The time that a Wait state waits for, in one of the four fields.
fn wait_for(
    u: &mut Unstructured<'_>,
    scope: &Scope,
    state: &mut Map<String, Value>,
    language: Language,
    data: &Shape,
    flow: &Flow,
) {
    let view = scope.view(language, data, &flow.variables);
    let (field, kind) = *u.pick(&[
        ("Seconds", None),
        ("Seconds", Some(Kind::Positive)),
        ("Timestamp", None),
        ("Timestamp", Some(Kind::Timestamp)),
    ]);
    let found = kind.and_then(|kind| view.find(u, kind));
    let (field, value) = match (found, language) {
        (Some((path, _)), Language::JsonPath) => (format!("{field}Path"), json!(path)),
        (Some((path, _)), Language::Jsonata) => (field.to_owned(), jsonata::delimited(u, &path)),
        (None, _) if field == "Seconds" => (field.to_owned(), json!(u.within(0..=60))),
        (None, _) if u.chance(50) => (field.to_owned(), json!(timestamp::near_start(u))),
        (None, _) => (field.to_owned(), json!(timestamp::timestamp(u))),
    };
    state.insert(field, value);
}
