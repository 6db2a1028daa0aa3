//! JSONata strings and values that hold some, one table row each form (JNATA rows).

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use crate::{
    config::Config,
    draw::Draw,
    path::View,
    shape::{Kind, Shape},
    template, text,
};

/// One form of expression.
struct Form {
    gives: Kind,
    weight: usize,
    draw: fn(&mut Parts<'_, '_, '_>) -> (String, Shape),
}

const fn form(gives: Kind, weight: usize, draw: fn(&mut Parts<'_, '_, '_>) -> (String, Shape)) -> Form {
    Form { gives, weight, draw }
}

/// The forms, the smallest first.
const FORMS: &[Form] = &[
    form(Kind::Integer, 4, |p| p.sum("+", |left, right| left + right)),
    form(Kind::Integer, 2, |p| p.sum("-", |left, right| left - right)),
    form(Kind::Integer, 2, |p| p.sum("*", |left, right| left * right)),
    form(Kind::Integer, 2, |p| {
        let array = p.take(Kind::Array).0;
        (format!("$count({array})"), Shape::Integer(0))
    }),
    form(Kind::Integer, 1, |p| (format!("$length({})", p.take(Kind::Text).0), Shape::Integer(0))),
    form(Kind::Integer, 1, |p| {
        let (left, right) = (p.take(Kind::Integer).0, p.u.within(1..=9));
        (format!("$sum([{left}, {right}])"), Shape::Integer(right))
    }),
    form(Kind::Integer, 1, |p| (format!("$floor({})", p.take(Kind::Number).0), Shape::Integer(0))),
    form(Kind::Integer, 1, |p| (format!("$max([1, {}])", p.take(Kind::Integer).0), Shape::Integer(1))),
    form(Kind::Text, 4, |p| {
        let (left, right) = (p.take(Kind::Text).0, p.take(Kind::Scalar).0);
        (format!("{left} & {right}"), Shape::text("joined"))
    }),
    form(Kind::Text, 2, |p| (format!("$uppercase({})", p.take(Kind::Text).0), Shape::text("UPPER"))),
    form(Kind::Text, 2, |p| (format!("$string({})", p.take(Kind::Any).0), Shape::text("text"))),
    form(Kind::Text, 1, |p| (format!("$substring({}, 0, 3)", p.take(Kind::Text).0), Shape::text("sub"))),
    form(Kind::Text, 1, |p| (format!("$join([{}, 'b'], '-')", p.take(Kind::Text).0), Shape::text("a-b"))),
    form(Kind::Text, 1, |p| (format!("$trim({})", p.take(Kind::Text).0), Shape::text("trimmed"))),
    form(Kind::Boolean, 3, |p| p.comparison()),
    form(Kind::Boolean, 1, |p| (format!("$exists({})", p.take(Kind::Any).0), Shape::Boolean(true))),
    form(Kind::Boolean, 1, |p| (format!("{} in ['a', 'north']", p.take(Kind::Text).0), Shape::Boolean(false))),
    form(Kind::Boolean, 1, |p| {
        let (left, right) = (p.comparison().0, p.comparison().0);
        let operator = *p.u.pick(&["and", "or"]);
        (format!("({left}) {operator} $not({right})"), Shape::Boolean(false))
    }),
    form(Kind::Array, 2, |p| {
        let last = p.u.within(2..=5);
        (format!("[1..{last}]"), Shape::Array((1..=last).map(Shape::Integer).collect()))
    }),
    form(Kind::Array, 2, |p| {
        let ((left, one), (right, other)) = (p.take(Kind::Scalar), p.take(Kind::Scalar));
        (format!("[{left}, {right}]"), Shape::Array(vec![one, other]))
    }),
    form(Kind::Array, 2, |p| {
        let factor = p.u.within(2..=9);
        let items = [1, 2, 3].map(|number| Shape::Integer(number * factor));
        (format!("$map([1, 2, 3], function($v) {{ $v * {factor} }})"), Shape::Array(items.to_vec()))
    }),
    form(Kind::Array, 1, |_| ("$split('a,b,c', ',')".to_owned(), Shape::Array(vec![Shape::text("a"); 3]))),
    form(Kind::Array, 1, |_| {
        ("$partition([1..4], 2)".to_owned(), Shape::Array(vec![Shape::Array(vec![Shape::Integer(1); 2]); 2]))
    }),
    form(Kind::Object, 2, |p| {
        let (value, shape) = p.take(Kind::Any);
        let name = text::key(p.u, false);
        (format!("{{\"{name}\": {value}}}"), Shape::Object(vec![(name.to_owned(), shape)]))
    }),
    form(Kind::Object, 2, |p| {
        let ((object, shape), (value, other)) = (p.take(Kind::Object), p.take(Kind::Scalar));
        (format!("$merge([{object}, {{\"extra\": {value}}}])"), shape.with("extra", other))
    }),
    form(Kind::Any, 2, |p| {
        let (test, (left, one), (right, other)) = (p.comparison().0, p.take(Kind::Scalar), p.take(Kind::Scalar));
        (format!("({test}) ? {left} : {right}"), one.or(other))
    }),
    form(Kind::Any, 1, |p| {
        let (value, shape) = p.take(Kind::Scalar);
        (format!("($local := {value}; $local)"), shape)
    }),
];

/// Draws the parts of one expression.
struct Parts<'u, 'b, 'v> {
    u: &'u mut Unstructured<'b>,
    view: &'v View<'v>,
    depth: usize,
}

impl Parts<'_, '_, '_> {
    /// An operand of some kind.
    fn take(&mut self, kind: Kind) -> (String, Shape) {
        if self.depth > 0 && self.u.chance(25) {
            let (expression, shape) = expression(self.u, self.view, kind, self.depth - 1);
            return (format!("({expression})"), shape);
        }
        if self.u.chance(75)
            && let Some((path, shape)) = self.view.find(self.u, kind)
        {
            return (path, shape.clone());
        }
        literal(self.u, kind)
    }

    fn sum(&mut self, operator: &str, result: fn(i64, i64) -> i64) -> (String, Shape) {
        let ((left, shape), right) = (self.take(Kind::Integer), self.u.within(1..=9));
        let sample = match shape {
            // Repeated multiplication stays a sample.
            Shape::Integer(left) => result(left % 1_000_000, right),
            _ => right,
        };
        (format!("{left} {operator} {right}"), Shape::Integer(sample))
    }

    /// A comparison that is true about as often as not.
    fn comparison(&mut self) -> (String, Shape) {
        let (left, shape) = self.take(Kind::Integer);
        let sample = match shape {
            Shape::Integer(sample) => sample,
            _ => 0,
        };
        let operator = *self.u.pick(&["=", "!=", "<", "<=", ">", ">="]);
        let right = sample + self.u.within(-1..=1);
        let holds = match operator {
            "=" => sample == right,
            "!=" => sample != right,
            "<" => sample < right,
            "<=" => sample <= right,
            ">" => sample > right,
            _ => sample >= right,
        };
        (format!("{left} {operator} {right}"), Shape::Boolean(holds))
    }
}

fn literal(u: &mut Unstructured<'_>, kind: Kind) -> (String, Shape) {
    match kind {
        Kind::Null => ("null".to_owned(), Shape::Null),
        Kind::Boolean => ("true".to_owned(), Shape::Boolean(true)),
        Kind::Positive | Kind::Integer | Kind::Number => {
            let number = u.within(1..=99);
            (number.to_string(), Shape::Integer(number))
        }
        Kind::Timestamp => ("'2020-02-29T12:00:00Z'".to_owned(), Shape::Timestamp("2020-02-29T12:00:00Z".to_owned())),
        Kind::Array | Kind::FullArray => {
            ("[1, 2]".to_owned(), Shape::Array(vec![Shape::Integer(1), Shape::Integer(2)]))
        }
        Kind::Object => ("{\"x\": 1}".to_owned(), Shape::Object(vec![("x".to_owned(), Shape::Integer(1))])),
        Kind::Text => {
            let text = text::text(u);
            (Value::from(text).to_string(), Shape::text(text))
        }
        Kind::Any | Kind::Scalar => {
            let kind = *u.pick(&[Kind::Integer, Kind::Text, Kind::Boolean]);
            literal(u, kind)
        }
    }
}

/// An expression of some kind, without delimiters, and what it gives.
pub fn expression(u: &mut Unstructured<'_>, view: &View<'_>, kind: Kind, depth: usize) -> (String, Shape) {
    let fits = |gives: Kind| match kind {
        Kind::Any => true,
        Kind::Scalar => matches!(gives, Kind::Text | Kind::Integer | Kind::Boolean),
        Kind::Number | Kind::Integer => gives == Kind::Integer,
        kind => gives == kind,
    };
    if !u.chance(30)
        && let Some((path, shape)) = view.find(u, kind)
    {
        return (path, shape.clone());
    }
    match u.weighted(FORMS, |form| if fits(form.gives) { form.weight } else { 0 }) {
        Some(form) if fits(form.gives) => (form.draw)(&mut Parts { u, view, depth }),
        _ => literal(u, kind),
    }
}

/// An expression between its delimiters, with or without blanks (JNATA-004).
#[must_use]
pub fn delimited(u: &mut Unstructured<'_>, expression: &str) -> Value {
    let blank = if u.chance(85) { " " } else { "" };
    json!(format!("{{%{blank}{expression}{blank}%}}"))
}

/// A condition that is meant to come out as asked, if that can be told beforehand.
pub fn condition(u: &mut Unstructured<'_>, view: &View<'_>, wanted: bool) -> Value {
    let (expression, shape) = expression(u, view, Kind::Boolean, 1);
    match shape {
        Shape::Boolean(sample) if sample != wanted => delimited(u, &format!("$not({expression})")),
        _ => delimited(u, &expression),
    }
}

/// A value with JSONata strings in it, and what it gives.
pub fn value(u: &mut Unstructured<'_>, view: &View<'_>, config: &Config, depth: usize) -> (Value, Shape) {
    match u.below(if depth == 0 { 5 } else { 9 }) {
        0 | 1 => {
            let value = template::value(u, 1);
            let shape = Shape::of(&value);
            (value, shape)
        }
        2..=4 => {
            let (expression, shape) = expression(u, view, Kind::Any, 2);
            (delimited(u, &expression), shape)
        }
        5 => {
            let items: Vec<_> = (0..u.below(3)).map(|_| value(u, view, config, depth - 1)).collect();
            let (values, shapes) = items.into_iter().unzip();
            (Value::Array(values), Shape::Array(shapes))
        }
        _ => object(u, view, config, depth - 1),
    }
}

/// An object with JSONata strings in it, and what it gives.
pub fn object(u: &mut Unstructured<'_>, view: &View<'_>, config: &Config, depth: usize) -> (Value, Shape) {
    let mut members = Map::new();
    let mut shape = Shape::Object(Vec::new());
    for _ in 0..u.within(1..=4) {
        let name = text::key(u, config.odd_names);
        let (value, member) = value(u, view, config, depth);
        members.insert(name.to_owned(), value);
        shape = shape.with(name, member);
    }
    (Value::Object(members), shape)
}
