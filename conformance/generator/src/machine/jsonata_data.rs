//! The data of JSONata states: Arguments, Output and Assign.

use arbitrary::Unstructured;
use serde_json::{Map, Value};

use super::{
    Machine,
    jsonpath_data::LARGE,
    scope::{Flow, Language, Scope},
};
use crate::{draw::Draw, jsonata, shape::Shape};

impl Machine {
    /// Perhaps an Arguments field; gives what the work of the state gets.
    pub(super) fn arguments(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        flow: &Flow,
    ) -> Shape {
        if !self.config.data_flow || !u.chance(40) {
            return flow.data.clone();
        }
        let view = scope.view(Language::Jsonata, &flow.data, &flow.variables);
        let (value, shape) = jsonata::value(u, &view, &self.config, 2);
        state.insert("Arguments".to_owned(), value);
        shape
    }

    /// Perhaps Assign and Output, of a state, a Choice Rule or a Catcher. `result` is what `$states.result` or
    /// `$states.errorOutput` holds there, under that name; `default` is the output without an Output field.
    pub(super) fn output(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        holder: &mut Map<String, Value>,
        flow: Flow,
        result: Option<(&'static str, &Shape)>,
        default: Shape,
    ) -> Flow {
        let variables = self.assign(u, scope, holder, Language::Jsonata, &flow.data, &flow, result);
        let mut view = scope.view(Language::Jsonata, &flow.data, &flow.variables);
        if let Some((name, shape)) = result {
            view = view.offering(name, shape);
        }
        let data = if scope.preserves || default.size() > LARGE {
            // Without a result, the default is the input.
            if result.is_some() {
                holder.insert("Output".to_owned(), jsonata::delimited(u, "$states.input"));
            }
            flow.data.clone()
        } else if self.config.data_flow && u.chance(40) {
            let (value, shape) = jsonata::object(u, &view, &self.config, 1);
            holder.insert("Output".to_owned(), value);
            shape
        } else {
            default
        };
        let mut flow = flow.with(data);
        flow.variables.extend(variables);
        flow
    }
}
