//! Sequences of states, and the table of what a step of one may be.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    scope::{Exit, Flow, Language, Scope},
};
use crate::{
    config::{Config, QueryLanguages},
    draw::Draw,
    shape::Kind,
};

/// A kind of step.
struct Row {
    weight: usize,
    allowed: fn(&Config, &Scope, &Flow) -> bool,
    write: fn(&mut Machine, &mut Unstructured<'_>, &mut Scope, String, &Exit, Flow) -> Flow,
}

const fn row(
    weight: usize,
    allowed: fn(&Config, &Scope, &Flow) -> bool,
    write: fn(&mut Machine, &mut Unstructured<'_>, &mut Scope, String, &Exit, Flow) -> Flow,
) -> Row {
    Row { weight, allowed, write }
}

/// The steps, the smallest first.
const STEPS: [Row; 8] = [
    row(16, |_, _, _| true, Machine::pass),
    // Where little is known, new data are needed.
    row(30, |_, scope, flow| flow.data.size() < 4 && !scope.preserves, Machine::refill),
    row(10, |config, _, _| config.waits, Machine::wait),
    row(24, |config, _, _| config.tasks, Machine::task),
    row(18, |config, _, _| config.choice, Machine::choice),
    row(12, |config, scope, _| config.parallel && scope.depth < config.depth, Machine::parallel),
    row(16, |config, scope, _| config.map && scope.depth < config.depth, Machine::map),
    row(6, |config, scope, _| config.loops && config.choice && !scope.preserves, Machine::counting_loop),
];

impl Machine {
    /// Writes states one after the other, `length` at least, and leads to `exit`.
    pub(super) fn sequence(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        mut name: String,
        exit: &Exit,
        mut flow: Flow,
        length: usize,
    ) -> Flow {
        for left in (0..length.max(1)).rev() {
            let next = (left > 0).then(|| self.fresh(u));
            let then = next.clone().map_or_else(|| exit.clone(), Exit::Next);
            flow = self.step(u, scope, name, &then, flow);
            match next {
                Some(next) => name = next,
                None => break,
            }
        }
        flow
    }

    /// Writes one step, which may be of several states.
    fn step(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, name: String, exit: &Exit, flow: Flow) -> Flow {
        if self.budget == 0 || u.is_empty() {
            return self.pass(u, scope, name, exit, flow);
        }
        self.budget -= 1;
        let config = &self.config;
        let row = u.weighted(&STEPS, |row| if (row.allowed)(config, scope, &flow) { row.weight } else { 0 });
        (row.unwrap_or(&STEPS[0]).write)(self, u, scope, name, exit, flow)
    }

    /// The beginning of a state: its type, its query language and perhaps a comment.
    pub(super) fn state(&mut self, u: &mut Unstructured<'_>, state_type: &str) -> (Map<String, Value>, Language) {
        let mut state = Map::new();
        state.insert("Type".to_owned(), json!(state_type));
        if self.config.comments && u.chance(30) {
            state.insert("Comment".to_owned(), json!(u.pick(&["", "why", "$.not.a.path", "{% not code %}"])));
        }
        let language = match self.config.languages {
            QueryLanguages::JsonPath => Language::JsonPath,
            QueryLanguages::Jsonata => Language::Jsonata,
            QueryLanguages::Mixed if u.chance(40) => {
                state.insert("QueryLanguage".to_owned(), json!("JSONata"));
                return (state, Language::Jsonata);
            }
            QueryLanguages::Mixed => Language::JsonPath,
        };
        if u.chance(3) {
            let name = if language == Language::JsonPath { "JSONPath" } else { "JSONata" };
            state.insert("QueryLanguage".to_owned(), json!(name));
        }
        (state, language)
    }

    /// A Pass state that makes data of its own: an object with something of every kind in it.
    fn refill(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, name: String, exit: &Exit, flow: Flow) -> Flow {
        let (mut state, language) = self.state(u, "Pass");
        let data = crate::template::input(u, self.config.odd_names);
        let shape = crate::shape::Shape::of(&data);
        let field = if language == Language::JsonPath { "Result" } else { "Output" };
        state.insert(field.to_owned(), data);
        exit.write(&mut state);
        scope.states.insert(name, Value::Object(state));
        flow.with(shape)
    }

    /// How many states a branch or an arm should have.
    pub(super) fn short(&self, u: &mut Unstructured<'_>) -> usize {
        1 + u.below(1 + (self.budget / 6).min(3))
    }
}

/// Whether an array with known elements is among the data, for a Map.
pub(super) fn has_list(flow: &Flow) -> bool {
    fn any(shape: &crate::shape::Shape, depth: usize) -> bool {
        use crate::shape::Shape::{Array, Object};
        Kind::FullArray.takes(shape)
            || depth > 0
                && match shape {
                    Array(items) => items.iter().any(|item| any(item, depth - 1)),
                    Object(members) => members.iter().any(|(_, member)| any(member, depth - 1)),
                    _ => false,
                }
    }
    any(&flow.data, 4)
}
