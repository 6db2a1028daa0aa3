//! How machines, branches and iterations end.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    errors::Fate,
    scope::{Exit, Flow, Language, Scope},
};
use crate::{
    config::Config,
    draw::Draw,
    intrinsic,
    shape::{Kind, Shape},
    text::ERRORS,
};

/// How the run is meant to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Succeeds,
    Fails,
    TimesOut,
}

impl Ending {
    pub fn draw(u: &mut Unstructured<'_>, config: &Config) -> Self {
        match u.below(20) {
            11..=15 => Self::Fails,
            16..=19 if config.timeouts => Self::TimesOut,
            _ => Self::Succeeds,
        }
    }
}

/// A way to fail that nothing in the machine prevents.
type Failure = fn(&mut Machine, &mut Unstructured<'_>, &mut Scope, String, Flow);

/// The ways to fail, the smallest first.
const FAILURES: [(usize, Failure); 8] = [
    (6, |machine, u, scope, name, flow| machine.fail(u, scope, name, &flow, None)),
    (4, |machine, u, scope, name, flow| match machine.config.tasks {
        true => _ = machine.task_with(u, scope, name, &Exit::End, flow, Fate::Fails),
        false => machine.fail(u, scope, name, &flow, None),
    }),
    (3, |machine, u, scope, name, flow| match machine.config.parallel {
        true => _ = machine.parallel_with(u, scope, name, &Exit::End, flow, Fate::Fails),
        false => machine.fail(u, scope, name, &flow, None),
    }),
    (3, |machine, u, scope, name, flow| match machine.config.map {
        true => _ = machine.map_with(u, scope, name, &Exit::End, flow, Fate::Fails),
        false => machine.fail(u, scope, name, &flow, None),
    }),
    (1, |machine, u, scope, name, _| machine.broken(u, scope, name, ("InputPath", json!("$.missing.path")))),
    (1, |machine, u, scope, name, _| {
        machine.broken(u, scope, name, ("Parameters", json!({"value.$": "$.missing.path"})));
    }),
    (1, |machine, u, scope, name, _| {
        let call = *u.pick(&["States.StringToJson('nonsense')", "States.MathAdd('1', 1)", "States.ArrayLength(1)"]);
        machine.broken(u, scope, name, ("Parameters", json!({"value.$": call})));
    }),
    (1, |machine, u, scope, name, _| machine.unmatched(u, scope, name)),
];

impl Machine {
    /// The end of the machine.
    pub(super) fn finale(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        flow: Flow,
        ending: Ending,
    ) {
        match ending {
            Ending::Succeeds => _ = self.leaf(u, scope, name, flow),
            Ending::Fails => {
                let (_, failure) = u.weighted(&FAILURES, |(weight, _)| *weight).unwrap_or(&FAILURES[0]);
                failure(self, u, scope, name, flow);
            }
            Ending::TimesOut => {
                self.timeout = Some(u.within(1_000_000..=5_000_000));
                let end = self.fresh(u);
                let mut wait = json!({"Type": "Wait", "Seconds": u.within(6_000_000..=99_999_999), "Next": end});
                if self.config.comments {
                    wait["Comment"] = json!("longer than the machine may run");
                }
                scope.states.insert(name, wait);
                self.leaf(u, scope, end, flow);
            }
        }
    }

    /// A single state that ends its `States` object well.
    pub(super) fn leaf(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, name: String, flow: Flow) -> Flow {
        match u.below(3) {
            0 => self.succeed(u, scope, name, flow),
            1 if self.config.tasks => self.task_with(u, scope, name, &Exit::End, flow, Fate::Succeeds),
            _ => self.pass(u, scope, name, &Exit::End, flow),
        }
    }

    fn succeed(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, name: String, flow: Flow) -> Flow {
        let (mut state, language) = self.state(u, "Succeed");
        let flow = match language {
            Language::JsonPath => {
                let effective = self.input_path(u, scope, &mut state, &flow);
                self.output_path(u, scope, &mut state, flow.with(effective))
            }
            Language::Jsonata => {
                let data = flow.data.clone();
                let flow = self.output(u, scope, &mut state, flow, None, data);
                // VAR-003
                state.remove("Assign");
                flow
            }
        };
        scope.states.insert(name, Value::Object(state));
        flow
    }

    /// A state that ends the machine on a way that the run is not meant to take.
    pub(super) fn end_here(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, name: String, flow: &Flow) {
        match u.chance(50) {
            true => _ = self.succeed(u, scope, name, flow.clone()),
            false => self.fail(u, scope, name, flow, None),
        }
    }

    /// A Fail state, of a given error or of any.
    pub(super) fn fail(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        flow: &Flow,
        error: Option<&'static str>,
    ) {
        let (mut state, language) = self.state(u, "Fail");
        for field in ["Error", "Cause"] {
            if let ("Error", Some(error)) = (field, error) {
                state.insert(field.to_owned(), json!(error));
                continue;
            }
            let view = scope.view(language, &flow.data, &flow.variables);
            let (form, literal) = (u.below(5), *u.pick(&ERRORS));
            let found = view.find(u, Kind::Text);
            match (form, found, language) {
                (0, ..) if error.is_none() => {}
                (1, Some((path, _)), Language::JsonPath) => _ = state.insert(format!("{field}Path"), json!(path)),
                (1, Some((path, _)), Language::Jsonata) => {
                    state.insert(field.to_owned(), crate::jsonata::delimited(u, &path));
                }
                (2, _, Language::JsonPath) if self.config.intrinsics => {
                    let functions: Vec<_> =
                        intrinsic::FUNCTIONS.iter().filter(|function| intrinsic::gives_text(function)).collect();
                    let function = *u.pick(&functions);
                    let (call, _) = intrinsic::invoke(u, &view, function, 1);
                    state.insert(format!("{field}Path"), json!(call));
                }
                _ => _ = state.insert(field.to_owned(), json!(literal)),
            }
        }
        scope.states.insert(name, Value::Object(state));
    }

    /// States of a branch or an iteration that fails: always, or as many times as given.
    pub(super) fn doomed(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        mut name: String,
        mut flow: Flow,
        error: &'static str,
        failures: Option<usize>,
    ) -> Flow {
        if u.chance(50) {
            let next = self.fresh(u);
            flow = self.pass(u, scope, name, &Exit::Next(next.clone()), flow);
            name = next;
        }
        if failures.is_none() && (!self.config.tasks || u.chance(60)) {
            self.fail(u, scope, name, &flow, Some(error));
            return flow.with(Shape::Unknown);
        }
        let (mut state, language) = self.state(u, "Task");
        state.insert("Resource".to_owned(), json!("arn:aws:lambda:us-east-1:123456789012:function:Fails"));
        Exit::End.write(&mut state);
        let failure = json!({"error": error, "cause": "as drawn"});
        let mut attempts = vec![failure; failures.unwrap_or(1)];
        match failures {
            Some(_) => attempts.push(json!({"echo": true, "times": "always"})),
            None => attempts[0]["times"] = json!("always"),
        }
        self.tasks.insert(name.clone(), Value::Array(attempts));
        let data = flow.data.clone();
        let flow = match language {
            Language::JsonPath => self.result(u, scope, &mut state, flow, data),
            Language::Jsonata => {
                let offer = Some(("$states.result", &data));
                self.output(u, scope, &mut state, flow, offer, data.clone())
            }
        };
        scope.states.insert(name, Value::Object(state));
        flow
    }

    /// A state with a field that fails at run time. No Catcher sees it in one profile, and one does in the other.
    fn broken(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, name: String, (field, value): (&str, Value)) {
        let is_jsonata = self.config.languages == crate::config::QueryLanguages::Jsonata;
        let (field, value) = match is_jsonata {
            true => ("Output", json!(u.pick(&["{% $states.input.missing.path %}", "{% $error('broken') %}"]))),
            false => (field, value),
        };
        let mut state = Map::from_iter([(field.to_owned(), value), ("End".to_owned(), json!(true))]);
        if !is_jsonata && field == "Parameters" && self.config.tasks && u.chance(50) {
            let end = self.fresh(u);
            state.insert("Resource".to_owned(), json!("arn:aws:states:::http:invoke"));
            state.insert("Catch".to_owned(), json!([{"ErrorEquals": ["States.ALL"], "Next": end}]));
            scope.states.insert(end, json!({"Type": "Succeed"}));
        }
        let state_type = if state.contains_key("Resource") { "Task" } else { "Pass" };
        state.insert("Type".to_owned(), json!(state_type));
        scope.states.insert(name, Value::Object(state));
    }

    /// A Choice state of which no rule matches, without Default (CHOICE-007).
    fn unmatched(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, name: String) {
        let end = self.fresh(u);
        let rule = match self.config.languages {
            crate::config::QueryLanguages::Jsonata => json!({"Condition": "{% 1 > 2 %}", "Next": end}),
            _ => json!({"Variable": "$.missing", "IsPresent": true, "Next": end}),
        };
        scope.states.insert(name, json!({"Type": "Choice", "Choices": [rule]}));
        scope.states.insert(end, json!({"Type": "Succeed"}));
    }
}
