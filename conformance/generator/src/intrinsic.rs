//! Invocations of the 18 intrinsic functions, one table row each (INTR rows).

use arbitrary::Unstructured;

use crate::{
    draw::Draw,
    path::View,
    shape::{Kind, Shape},
    text, timestamp,
};

/// What an invocation is made of: its arguments as written, and what it gives.
type Drawn = (Vec<String>, Shape);

/// One intrinsic function.
pub struct Function {
    /// The name, with its prefix.
    pub name: &'static str,
    /// What it gives.
    pub gives: Kind,
    /// How often it is drawn, compared with others.
    weight: usize,
    draw: fn(&mut Arguments<'_, '_, '_>) -> Drawn,
}

/// The intrinsic functions. The first row is the smallest.
pub const FUNCTIONS: [Function; 18] = [
    row("States.UUID", Kind::Text, 2, |_| (Vec::new(), Shape::text("00000000-0000-4000-8000-000000000000"))),
    row("States.Format", Kind::Text, 6, |a| {
        let count = a.u.below(4);
        let mut template = quoted_part(text::text(a.u));
        let mut arguments = vec![String::new()];
        for _ in 0..count {
            template.push_str("{}");
            template.push_str(&quoted_part(text::text(a.u)));
            arguments.push(a.take(Kind::Scalar).0);
        }
        arguments[0] = format!("'{template}'");
        (arguments, Shape::text("formatted"))
    }),
    row("States.StringToJson", Kind::Any, 3, |a| {
        let json = *a.u.pick(&["7", "\"text\"", "[1,2,3]", "{\"name\":\"north\",\"x\":1}", "true", "null", "-0.5e1"]);
        let shape = serde_json::from_str(json).map_or(Shape::Unknown, |value| Shape::of(&value));
        (vec![quoted(json)], shape)
    }),
    row("States.JsonToString", Kind::Text, 3, |a| (vec![a.take(Kind::Any).0], Shape::text("{}"))),
    row("States.Array", Kind::Array, 4, |a| {
        let items: Vec<_> = (0..a.u.below(4)).map(|_| a.take(Kind::Any)).collect();
        let (arguments, shapes) = items.into_iter().unzip();
        (arguments, Shape::Array(shapes))
    }),
    row("States.ArrayPartition", Kind::Array, 2, |a| {
        let (array, shape) = a.take(Kind::Array);
        let size = a.u.within(1..=3);
        let known = match shape {
            Shape::Array(items) => items,
            _ => Vec::new(),
        };
        let chunks = known.chunks_exact(usize::try_from(size).unwrap_or(1));
        (vec![array, size.to_string()], Shape::Array(chunks.map(|chunk| Shape::Array(chunk.to_vec())).collect()))
    }),
    row("States.ArrayContains", Kind::Boolean, 2, |a| {
        (vec![a.take(Kind::Array).0, a.take(Kind::Any).0], Shape::Boolean(false))
    }),
    row("States.ArrayRange", Kind::Array, 3, |a| {
        let (first, length, step) = (a.u.within(-5..=5), a.u.within(0..=4), a.u.within(1..=3));
        let last = first + length * step;
        let numbers = (0..=length).map(|index| Shape::Integer(first + index * step)).collect();
        (vec![first.to_string(), last.to_string(), step.to_string()], Shape::Array(numbers))
    }),
    row("States.ArrayGetItem", Kind::Any, 2, |a| {
        let (array, shape) = a.take(Kind::FullArray);
        match shape {
            Shape::Array(mut items) if !items.is_empty() => {
                let index = a.u.below(items.len());
                (vec![array, index.to_string()], items.swap_remove(index))
            }
            _ => (vec!["States.Array(1)".to_owned(), "0".to_owned()], Shape::Integer(1)),
        }
    }),
    row("States.ArrayLength", Kind::Integer, 2, |a| {
        let (array, shape) = a.take(Kind::Array);
        let length = match shape {
            Shape::Array(items) => i64::try_from(items.len()).unwrap_or(0),
            _ => 0,
        };
        (vec![array], Shape::Integer(length))
    }),
    // Equal elements may go, so that only one is certain to be left, and which one is not.
    row("States.ArrayUnique", Kind::Array, 2, |a| {
        let (array, shape) = a.take(Kind::Array);
        let known = matches!(&shape, Shape::Array(items) if !items.is_empty());
        (vec![array], Shape::Array(if known { vec![shape.element()] } else { Vec::new() }))
    }),
    row("States.Base64Encode", Kind::Text, 2, |a| (vec![a.take(Kind::Text).0], Shape::text("SGVsbG8="))),
    row("States.Base64Decode", Kind::Text, 2, |a| {
        let inner = a.take(Kind::Text).0;
        let literal = *a.u.pick(&["'SGVsbG8='", "''", "'5pel5pys'"]);
        let encoded = if a.u.chance(50) { format!("States.Base64Encode({inner})") } else { literal.to_owned() };
        (vec![encoded], Shape::text("Hello"))
    }),
    row("States.Hash", Kind::Text, 2, |a| {
        let algorithm = *a.u.pick(&["'MD5'", "'SHA-1'", "'SHA-256'", "'SHA-384'", "'SHA-512'"]);
        (vec![a.take(Kind::Text).0, algorithm.to_owned()], Shape::text("0123"))
    }),
    row("States.JsonMerge", Kind::Object, 2, |a| {
        let ((left, mut shape), (right, other)) = (a.take(Kind::Object), a.take(Kind::Object));
        if let Shape::Object(members) = other {
            shape = members.into_iter().fold(shape, |shape, (name, member)| shape.with(&name, member));
        }
        (vec![left, right, "false".to_owned()], shape)
    }),
    row("States.MathRandom", Kind::Integer, 2, |a| {
        let start = a.u.within(1..=50);
        let end = start + a.u.within(1..=50);
        let mut arguments = vec![start.to_string(), end.to_string()];
        if a.u.chance(60) {
            arguments.push(a.u.within(-3..=99).to_string());
        }
        (arguments, Shape::Integer(start))
    }),
    row("States.MathAdd", Kind::Integer, 4, |a| {
        let ((left, first), second) = (a.take(Kind::Integer), a.u.within(-9..=99));
        let sum = match first {
            Shape::Integer(first) => first + second,
            _ => second,
        };
        (vec![left, second.to_string()], Shape::Integer(sum))
    }),
    row("States.StringSplit", Kind::Array, 2, |a| {
        let delimiter = quoted(a.u.word(&[",", " ", ".", "-", "e"]));
        (vec![a.take(Kind::Text).0, delimiter], Shape::Array(Vec::new()))
    }),
];

const fn row(
    name: &'static str,
    gives: Kind,
    weight: usize,
    draw: fn(&mut Arguments<'_, '_, '_>) -> Drawn,
) -> Function {
    Function { name, gives, weight, draw }
}

/// The functions that give a string, which `ErrorPath` and `CausePath` accept (FAIL-011).
pub(crate) fn gives_text(function: &Function) -> bool {
    function.gives == Kind::Text
}

/// Draws the arguments of one invocation.
struct Arguments<'u, 'b, 'v> {
    u: &'u mut Unstructured<'b>,
    view: &'v View<'v>,
    depth: usize,
}

impl Arguments<'_, '_, '_> {
    /// An argument of some kind, and what is known about its value.
    fn take(&mut self, kind: Kind) -> (String, Shape) {
        if self.depth > 0 && self.u.chance(20) {
            return call_of(self.u, self.view, kind, self.depth - 1);
        }
        if self.u.chance(75)
            && let Some((path, shape)) = self.view.find(self.u, kind)
        {
            return (path, shape.clone());
        }
        literal(self.u, kind)
    }
}

/// An argument that stands for itself.
fn literal(u: &mut Unstructured<'_>, kind: Kind) -> (String, Shape) {
    match kind {
        Kind::Null => ("null".to_owned(), Shape::Null),
        Kind::Boolean => {
            let value = u.chance(50);
            (value.to_string(), Shape::Boolean(value))
        }
        Kind::Positive | Kind::Integer => integer(u, 1),
        Kind::Number => {
            let number = *u.pick(&[0.5, -1.25, 100.0]);
            (number.to_string(), Shape::Number(number))
        }
        Kind::Text => {
            let text = text::text(u);
            (quoted(text), Shape::text(text))
        }
        Kind::Timestamp => {
            let time = timestamp::timestamp(u);
            (quoted(&time), Shape::Timestamp(time))
        }
        Kind::Array | Kind::FullArray => {
            let ((first, one), (second, other)) = (integer(u, 0), literal(u, Kind::Text));
            (format!("States.Array({first}, {second})"), Shape::Array(vec![one, other]))
        }
        Kind::Object => {
            let name = text::key(u, false);
            let shape = Shape::Object(vec![(name.to_owned(), Shape::Integer(1))]);
            (format!("States.StringToJson({})", quoted(&format!("{{\"{name}\":1}}"))), shape)
        }
        Kind::Any | Kind::Scalar => {
            let kind = *u.pick(&[Kind::Integer, Kind::Text, Kind::Boolean, Kind::Null, Kind::Number]);
            literal(u, kind)
        }
    }
}

fn integer(u: &mut Unstructured<'_>, least: i64) -> (String, Shape) {
    let number = u.within(least..=99);
    (number.to_string(), Shape::Integer(number))
}

/// A text as a string argument, with what is reserved escaped (INTR-SYNTAX-09).
fn quoted(text: &str) -> String {
    format!("'{}'", quoted_part(text))
}

fn quoted_part(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for character in text.chars() {
        if ['\'', '{', '}', '\\'].contains(&character) {
            part.push('\\');
        }
        part.push(character);
    }
    part
}

/// An invocation of any function, and what it gives. It succeeds in every profile.
pub fn call(u: &mut Unstructured<'_>, view: &View<'_>, depth: usize) -> (String, Shape) {
    let function = u.weighted(&FUNCTIONS, |function| function.weight).unwrap_or(&FUNCTIONS[0]);
    invoke(u, view, function, depth)
}

/// An invocation that gives a value of some kind.
pub fn call_of(u: &mut Unstructured<'_>, view: &View<'_>, kind: Kind, depth: usize) -> (String, Shape) {
    let fits = |gives: Kind| match kind {
        Kind::Any => true,
        Kind::Scalar => matches!(gives, Kind::Text | Kind::Integer | Kind::Boolean),
        Kind::Number | Kind::Integer => gives == Kind::Integer,
        Kind::Array => gives == Kind::Array,
        kind => gives == kind,
    };
    match u.weighted(&FUNCTIONS, |function| if fits(function.gives) { function.weight } else { 0 }) {
        Some(function) if fits(function.gives) => invoke(u, view, function, depth),
        _ => literal(u, kind),
    }
}

/// An invocation of one function.
pub fn invoke(u: &mut Unstructured<'_>, view: &View<'_>, function: &Function, depth: usize) -> (String, Shape) {
    let (arguments, shape) = (function.draw)(&mut Arguments { u, view, depth });
    let separator = *u.pick(&[", ", ",", "  ,  "]);
    let blank = if u.chance(10) { " " } else { "" };
    (format!("{}({blank}{}{blank})", function.name, arguments.join(separator)), shape)
}
