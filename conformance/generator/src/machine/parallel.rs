//! Parallel states.

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::{
    Machine,
    errors::{Fate, Trouble},
    scope::{Exit, Flow, Language, Scope},
};
use crate::{draw::Draw, shape::Shape, text::ERRORS};

impl Machine {
    pub(super) fn parallel(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
    ) -> Flow {
        let fate = self.fate(u);
        self.parallel_with(u, scope, name, exit, flow, fate)
    }

    /// A Parallel state of a given fate.
    pub(super) fn parallel_with(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
        fate: Fate,
    ) -> Flow {
        // Only a task can fail once and succeed later.
        let fate = if fate == Fate::Recovers && !self.config.tasks { Fate::Succeeds } else { fate };
        let (mut state, language) = self.state(u, "Parallel");
        exit.write(&mut state);
        let effective = match language {
            Language::JsonPath => {
                let data = self.input_path(u, scope, &mut state, &flow);
                self.perhaps_template(u, scope, &mut state, "Parameters", data, &flow)
            }
            Language::Jsonata => self.arguments(u, scope, &mut state, &flow),
        };
        let error = *u.pick(&ERRORS);
        // One profile has a name of its own for the failure of a branch (ERR-015).
        let trouble = Trouble { names: vec![error, "States.BranchFailed"], output: (true, true) };
        let handled = self.handlers(u, scope, (&mut state, language), exit, &flow, &trouble, fate);
        let is_retried = state.contains_key("Retry");
        let count = 1 + u.below(3);
        let doomed = (handled.failures > 0).then(|| u.below(count));
        let mut branches = Vec::new();
        let mut results = Vec::new();
        for index in 0..count {
            let mut inner = scope.inner(is_retried);
            let start = self.fresh(u);
            let flow = flow.with(effective.clone());
            let flow = if doomed == Some(index) {
                let failures = (fate == Fate::Recovers).then_some(handled.failures);
                self.doomed(u, &mut inner, start.clone(), flow, error, failures)
            } else {
                let length = self.short(u);
                self.sequence(u, &mut inner, start.clone(), &Exit::End, flow, length)
            };
            results.push(flow.data);
            let mut branch = json!({"StartAt": start, "States": inner.states});
            if self.config.comments && u.chance(30) {
                branch["Comment"] = json!("a branch");
            }
            branches.push(branch);
        }
        state.insert("Branches".to_owned(), Value::Array(branches));
        let result = Shape::Array(results);
        let live = flow.live && matches!(fate, Fate::Succeeds | Fate::Recovers);
        let flow = Flow { live, ..flow };
        let flow = match language {
            Language::JsonPath => self.result(u, scope, &mut state, flow, result),
            Language::Jsonata => {
                let offer = Some(("$states.result", &result));
                self.output(u, scope, &mut state, flow, offer, result.clone())
            }
        };
        scope.states.insert(name, Value::Object(state));
        match handled.caught {
            Some(caught) => flow.or(caught),
            None => flow,
        }
    }
}
