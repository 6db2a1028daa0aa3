//! Payload templates of JSONPath states, and literal data (TMPL rows).

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use crate::{
    config::Config,
    draw::Draw,
    intrinsic,
    path::{self, View},
    shape::{Kind, Shape},
    text, timestamp,
};

/// Any JSON value, at most `depth` arrays and objects deep.
pub fn value(u: &mut Unstructured<'_>, depth: usize) -> Value {
    match u.below(if depth == 0 { 7 } else { 10 }) {
        0 => json!(u.within(0..=99)),
        1 => json!(text::text(u)),
        2 => json!(u.chance(50)),
        3 => json!(u.pick(&[0.5, -1.25, 3.0, 1e21, 12345.678])),
        4 => json!(timestamp::timestamp(u)),
        5 => Value::Null,
        6 => json!(u.pick(&[-1_i64, 2_147_483_648, 9_007_199_254_740_993])),
        7 => (0..u.below(4)).map(|_| value(u, depth - 1)).collect(),
        8 => list(u),
        _ => Value::Object((0..u.below(4)).map(|_| (text::key(u, true).to_owned(), value(u, depth - 1))).collect()),
    }
}

/// An array worth iterating over: numbers, texts or objects of one form.
pub fn list(u: &mut Unstructured<'_>) -> Value {
    let length = u.within(1..=4);
    match u.below(3) {
        0 => (0..length).map(|_| json!(u.within(0..=99))).collect(),
        1 => (0..length).map(|_| json!(text::text(u))).collect(),
        _ => (0..length).map(|index| json!({"x": index, "name": text::text(u), "price": u.within(1..=99)})).collect(),
    }
}

/// An input of a machine: an object with something of every kind in it.
pub fn input(u: &mut Unstructured<'_>, odd: bool) -> Value {
    let mut input = json!({
        "items": list(u), "count": u.within(1..=9), "name": text::text(u), "open": u.chance(50),
        "when": timestamp::timestamp(u),
    });
    if let Value::Object(members) = &mut input {
        for _ in 0..u.below(6) {
            members.insert(text::key(u, odd).to_owned(), value(u, 2));
        }
        members.insert("order".to_owned(), json!({"x": u.within(0..=9), "city": text::text(u), "tags": list(u)}));
    }
    input
}

/// A payload template, and what it gives.
pub fn template(u: &mut Unstructured<'_>, view: &View<'_>, config: &Config) -> (Value, Shape) {
    members(u, view, config, 2)
}

fn members(u: &mut Unstructured<'_>, view: &View<'_>, config: &Config, depth: usize) -> (Value, Shape) {
    let mut members = Map::new();
    let mut shapes = Vec::new();
    let mut names: Vec<&str> = (0..u.within(1..=4)).map(|_| text::key(u, config.odd_names)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let (name, value, shape) = member(u, view, config, name, depth);
        shapes.push((name.strip_suffix(".$").unwrap_or(&name).to_owned(), shape));
        members.insert(name, value);
    }
    (Value::Object(members), Shape::Object(shapes))
}

/// One member of a template: its name as written, its value as written, and what it gives.
fn member(
    u: &mut Unstructured<'_>,
    view: &View<'_>,
    config: &Config,
    name: &str,
    depth: usize,
) -> (String, Value, Shape) {
    match u.below(12) {
        0 | 1 => {
            let value = value(u, 1);
            let shape = Shape::of(&value);
            (name.to_owned(), value, shape)
        }
        2 if depth > 0 => {
            let (value, shape) = members(u, view, config, depth - 1);
            (name.to_owned(), value, shape)
        }
        3 if depth > 0 => {
            let (value, shape) = members(u, view, config, depth - 1);
            (name.to_owned(), json!([value, "$.not-a-path"]), Shape::Array(vec![shape, Shape::text("$.not-a-path")]))
        }
        other => {
            let (computed, shape) = computed(u, view, config, other);
            (format!("{name}.$"), json!(computed), shape)
        }
    }
}

/// What may stand under a key that ends in `.$`.
fn computed(u: &mut Unstructured<'_>, view: &View<'_>, config: &Config, choice: usize) -> (String, Shape) {
    if choice < 7 && config.intrinsics {
        return intrinsic::call(u, view, 2);
    }
    if choice < 8
        && config.indefinite_paths
        && let Some((array, _)) = view.find(u, Kind::Array)
    {
        return (path::indefinite(u, &array), Shape::Array(Vec::new()));
    }
    match view.find(u, Kind::Any) {
        Some((path, shape)) => (path, shape.clone()),
        None => ("$$.State.Name".to_owned(), Shape::text("Charge")),
    }
}

/// An Assign field for variables of these names, and what they will hold.
pub fn assign(
    u: &mut Unstructured<'_>,
    view: &View<'_>,
    config: &Config,
    names: Vec<String>,
) -> (Value, Vec<(String, Shape)>) {
    let mut members = Map::new();
    let mut shapes = Vec::new();
    for variable in names {
        let (name, value, shape) = member(u, view, config, &variable, 1);
        members.insert(name, value);
        shapes.push((variable, shape));
    }
    (Value::Object(members), shapes)
}
