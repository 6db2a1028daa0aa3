//! The data of JSONPath states: InputPath, Parameters, ResultSelector, ResultPath, OutputPath and Assign.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    scope::{Flow, Language, Scope},
};
use crate::{
    draw::Draw,
    path,
    shape::{Kind, Shape},
    template, text,
};

/// Data of more values than this are not added to.
pub(super) const LARGE: usize = 50;

impl Machine {
    /// Perhaps an InputPath; gives the data after it.
    pub(super) fn input_path(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        flow: &Flow,
    ) -> Shape {
        if scope.preserves {
            return flow.data.clone();
        }
        self.selection(u, scope, state, "InputPath", flow.data.clone(), flow)
    }

    /// Perhaps an InputPath or OutputPath, applied to `data`.
    fn selection(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        field: &str,
        data: Shape,
        flow: &Flow,
    ) -> Shape {
        if !self.config.data_flow || !u.chance(20) {
            return data;
        }
        let view = scope.view(Language::JsonPath, &data, &flow.variables);
        let (value, selected) = match u.below(10) {
            0 => (Value::Null, Shape::Object(Vec::new())),
            1 => (json!("$"), data.clone()),
            2 if self.config.indefinite_paths => match view.find(u, Kind::Array) {
                Some((array, _)) => (json!(path::indefinite(u, &array)), Shape::Array(Vec::new())),
                None => return data,
            },
            _ => match view.find(u, Kind::Object) {
                Some((path, shape)) => (json!(path), shape.clone()),
                None => return data,
            },
        };
        state.insert(field.to_owned(), value);
        selected
    }

    /// Perhaps a payload template; gives what comes out of it, or the data as they were.
    pub(super) fn perhaps_template(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        field: &str,
        data: Shape,
        flow: &Flow,
    ) -> Shape {
        if !self.config.data_flow || !u.chance(35) {
            return data;
        }
        let view = scope.view(Language::JsonPath, &data, &flow.variables);
        let (value, shape) = template::template(u, &view, &self.config);
        state.insert(field.to_owned(), value);
        shape
    }

    /// What follows the work of a state: ResultSelector, Assign, ResultPath and OutputPath.
    pub(super) fn result(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        flow: Flow,
        result: Shape,
    ) -> Flow {
        let variables = self.assign(u, scope, state, Language::JsonPath, &result, &flow, None);
        let has_selector = state["Type"] != "Pass";
        let result =
            if has_selector { self.perhaps_template(u, scope, state, "ResultSelector", result, &flow) } else { result };
        let placed = self.result_path(u, scope, state, &flow.data, result);
        let mut flow = self.output_path(u, scope, state, flow.with(placed));
        flow.variables.extend(variables);
        flow
    }

    /// Perhaps an OutputPath.
    pub(super) fn output_path(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        flow: Flow,
    ) -> Flow {
        if scope.preserves {
            return flow;
        }
        let data = self.selection(u, scope, state, "OutputPath", flow.data.clone(), &flow);
        flow.with(data)
    }

    /// Perhaps a ResultPath, of a state or a Catcher; gives the data after it.
    pub(super) fn result_path(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        holder: &mut Map<String, Value>,
        raw: &Shape,
        result: Shape,
    ) -> Shape {
        let discards = scope.preserves || raw.size() > LARGE;
        if !discards && (!self.config.data_flow || u.chance(20)) {
            return result;
        }
        let name = text::key(u, self.config.odd_names);
        let is_new = raw.member(name).is_none();
        let (path, placed) = match u.below(8) {
            _ if discards && (raw.size() > LARGE || !is_new) => (Value::Null, raw.clone()),
            0 => (Value::Null, raw.clone()),
            1 if !discards => (json!("$"), result),
            2 if !discards && Kind::FullArray.takes(raw) => (json!("$[0]"), replace_first(raw, result)),
            3 if Kind::Object.takes(raw) => {
                // No other place makes a member of this name, so what is there is an object.
                let path = format!("${}{}", step(u, "added"), step(u, name));
                (json!(path), raw.clone().with("added", Shape::Object(vec![(name.to_owned(), result)])))
            }
            _ if Kind::Object.takes(raw) => (json!(format!("${}", step(u, name))), raw.clone().with(name, result)),
            _ => (Value::Null, raw.clone()),
        };
        holder.insert("ResultPath".to_owned(), path);
        placed
    }

    /// Perhaps an Assign field; gives the variables that it sets. `$states.result` or `$states.errorOutput` is offered
    /// under `offer`.
    #[allow(clippy::too_many_arguments, reason = "what a field sees, where it stands and where it goes")]
    pub(super) fn assign(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        holder: &mut Map<String, Value>,
        language: Language,
        data: &Shape,
        flow: &Flow,
        offer: Option<(&'static str, &Shape)>,
    ) -> Vec<(String, Shape)> {
        if !self.config.variables || !u.chance(35) {
            return Vec::new();
        }
        let mut names: Vec<_> = (0..u.within(1..=2)).map(|_| text::variable(u, scope.depth)).collect();
        names.dedup();
        // A loop comes back to states that know the types of older variables.
        names.retain(|name| !scope.preserves || !flow.variables.contains_key(name));
        let mut view = scope.view(language, data, &flow.variables);
        if let Some((name, shape)) = offer {
            view = view.offering(name, shape);
        }
        let (value, variables) = match language {
            Language::JsonPath => template::assign(u, &view, &self.config, names),
            Language::Jsonata => {
                let mut members = Map::new();
                let mut shapes = Vec::new();
                for name in names {
                    let (value, shape) = crate::jsonata::value(u, &view, &self.config, 1);
                    members.insert(name.clone(), value);
                    shapes.push((name, shape));
                }
                (Value::Object(members), shapes)
            }
        };
        holder.insert("Assign".to_owned(), value);
        variables
    }
}

fn step(u: &mut Unstructured<'_>, name: &str) -> String {
    let plain = name.chars().all(|character| character.is_ascii_alphanumeric());
    if plain && u.chance(80) { format!(".{name}") } else { path::bracketed(name, '\'') }
}

fn replace_first(array: &Shape, shape: Shape) -> Shape {
    match array.clone() {
        Shape::Array(mut items) => {
            if let Some(first) = items.first_mut() {
                *first = shape;
            }
            Shape::Array(items)
        }
        other => other,
    }
}
