//! Text around each grammar of the language: nearly right, long, deep, or full of characters that mean something.

use arbitrary::Unstructured;

use crate::{
    draw::Draw,
    intrinsic, jsonata,
    path::{self, View},
    shape::{Kind, Shape, Variables},
    template, timestamp,
};

/// Fragments that mean something in some grammar.
const FRAGMENTS: [&str; 48] = [
    "$",
    "$$",
    ".",
    "..",
    "[",
    "]",
    "(",
    ")",
    "*",
    "?",
    "@",
    "'",
    "\"",
    "\\",
    ",",
    ":",
    "-",
    "0",
    "1",
    "9999999999999999999",
    "{%",
    "%}",
    "{",
    "}",
    "{}",
    "States.",
    "States.Format",
    "States.Array(",
    "null",
    "true",
    "&&",
    "||",
    "==",
    "=~ /a/i",
    " ",
    "\n",
    "\u{0}",
    "ü",
    "日本",
    "😀",
    "e\u{301}",
    "T",
    "Z",
    "+14:00",
    "~",
    "$states.",
    "function($x){",
    ":=",
];

/// A text like a Path.
pub fn path(u: &mut Unstructured<'_>) -> String {
    let text = path::jayway(u);
    twisted(u, text)
}

/// A text like a Reference Path.
pub fn reference_path(u: &mut Unstructured<'_>) -> String {
    let text = path::reference(u);
    twisted(u, text)
}

/// A text like an invocation of an intrinsic function.
pub fn intrinsic(u: &mut Unstructured<'_>) -> String {
    let (data, variables) = (data(u), Variables::new());
    let text = intrinsic::call(u, &View::jsonpath(&data, &Shape::Unknown, &variables), 3).0;
    twisted(u, text)
}

/// A text like a JSONata expression, without delimiters.
pub fn jsonata(u: &mut Unstructured<'_>) -> String {
    let (data, variables) = (data(u), Variables::new());
    let text = jsonata::expression(u, &View::jsonata(&data, &Shape::Unknown, &variables), Kind::Any, 3).0;
    twisted(u, text)
}

/// A text like a timestamp.
pub fn timestamp(u: &mut Unstructured<'_>) -> String {
    let text = timestamp::timestamp(u);
    twisted(u, text)
}

/// A text like JSON.
pub fn json(u: &mut Unstructured<'_>) -> String {
    let text = template::value(u, 4).to_string();
    twisted(u, text)
}

fn data(u: &mut Unstructured<'_>) -> Shape {
    Shape::of(&template::input(u, true))
}

/// A way to spoil a text.
type Twist = fn(&mut Unstructured<'_>, String) -> String;

/// The ways, of which the first leaves the text as it is.
const TWISTS: [Twist; 8] = [
    |_, text| text,
    |u, text| {
        let (head, tail) = split(u, &text);
        format!("{head}{}{tail}", u.pick(&FRAGMENTS))
    },
    |u, text| split(u, &text).0.to_owned(),
    |u, text| split(u, &text).1.to_owned(),
    // Without one character.
    |u, text| {
        let (head, tail) = split(u, &text);
        let mut rest = tail.chars();
        rest.next();
        format!("{head}{}", rest.as_str())
    },
    // A part, many times.
    |u, text| {
        let (head, tail) = split(u, &text);
        let times = *u.pick(&[2, 10, 200, 2000]);
        format!("{head}{}{tail}", u.pick(&FRAGMENTS).repeat(times))
    },
    // Wrapped in itself, deep.
    |u, text| {
        let depth = *u.pick(&[1, 11, 100, 1000]);
        let (open, close) =
            *u.pick(&[("(", ")"), ("[", "]"), ("States.Array(", ")"), ("[?(@", ")]"), ("{\"a\":", "}")]);
        format!("{}{text}{}", open.repeat(depth), close.repeat(depth))
    },
    |u, _| (0..u.below(12)).map(|_| *u.pick(&FRAGMENTS)).collect(),
];

fn twisted(u: &mut Unstructured<'_>, mut text: String) -> String {
    for _ in 0..u.below(4) {
        text = u.pick(&TWISTS)(u, text);
        if text.len() > 100_000 {
            break;
        }
    }
    text
}

/// The text before and after a random character.
fn split<'t>(u: &mut Unstructured<'_>, text: &'t str) -> (&'t str, &'t str) {
    let count = text.chars().count();
    let at = u.below(count + 1);
    let offset = text.char_indices().nth(at).map_or(text.len(), |(offset, _)| offset);
    text.split_at(offset)
}
