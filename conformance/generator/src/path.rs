//! Paths: Reference Paths, Jayway Paths and the paths of JSONata expressions.

use std::borrow::Cow;

use arbitrary::Unstructured;

use crate::{
    draw::Draw,
    shape::{self, Kind, Shape, Step, Variables},
    text,
};

/// How a path is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `$.a['b c'][0]`
    JsonPath,
    /// ``$states.input.a.`b c`[0]``
    Jsonata,
}

/// A value that a path can start from.
#[derive(Clone, Debug)]
pub struct Root<'s> {
    prefix: Cow<'static, str>,
    shape: &'s Shape,
    weight: usize,
}

/// Everything that an expression can read at some place.
#[derive(Clone, Debug)]
pub struct View<'s> {
    /// How paths are written there.
    pub style: Style,
    roots: Vec<Root<'s>>,
}

impl<'s> View<'s> {
    /// What a JSONPath field sees: `$`, `$$` and variables.
    #[must_use]
    pub fn jsonpath(input: &'s Shape, context: &'s Shape, variables: &'s Variables) -> Self {
        let mut view = Self { style: Style::JsonPath, roots: Vec::with_capacity(2 + variables.len()) };
        view.add("$", input, 8).add("$$", context, 1).variables(variables)
    }

    /// What a JSONata string sees: `$states` and variables.
    #[must_use]
    pub fn jsonata(input: &'s Shape, context: &'s Shape, variables: &'s Variables) -> Self {
        let mut view = Self { style: Style::Jsonata, roots: Vec::with_capacity(3 + variables.len()) };
        view.add("$states.input", input, 8).add("$states.context", context, 1).variables(variables)
    }

    /// The same, with the result or the error output of the state, `$states.result` or `$states.errorOutput`.
    #[must_use]
    pub fn offering(mut self, name: &'static str, shape: &'s Shape) -> Self {
        self.add(name, shape, 8);
        self
    }

    fn add(&mut self, prefix: impl Into<Cow<'static, str>>, shape: &'s Shape, weight: usize) -> &mut Self {
        self.roots.push(Root { prefix: prefix.into(), shape, weight });
        self
    }

    fn variables(&mut self, variables: &'s Variables) -> Self {
        for (name, shape) in variables {
            self.add(format!("${name}"), shape, 3);
        }
        Self { style: self.style, roots: std::mem::take(&mut self.roots) }
    }

    /// A path to a value of some kind that surely exists, and what is known about the value.
    pub fn find(&self, u: &mut Unstructured<'_>, kind: Kind) -> Option<(String, &'s Shape)> {
        let root = u.weighted(&self.roots, |root| root.weight)?;
        self.find_below(u, root, kind).or_else(|| self.roots.iter().find_map(|root| self.find_below(u, root, kind)))
    }

    /// The same, without the context object where that is not allowed (PATH-026).
    pub fn find_in_data(&self, u: &mut Unstructured<'_>, kind: Kind) -> Option<(String, &'s Shape)> {
        let roots = self.roots.iter().filter(|root| !["$$", "$states.context"].contains(&&*root.prefix));
        let found: Vec<_> = roots.filter_map(|root| self.find_below(u, root, kind)).collect();
        let chosen = u.below(found.len());
        found.into_iter().nth(chosen)
    }

    fn find_below(&self, u: &mut Unstructured<'_>, root: &Root<'s>, kind: Kind) -> Option<(String, &'s Shape)> {
        let (steps, shape) = shape::find(u, root.shape, kind)?;
        match self.style {
            Style::JsonPath => Some((jsonpath(u, &root.prefix, &steps), shape)),
            Style::Jsonata => {
                // JSONata flattens arrays in arrays, and what is in them is found elsewhere.
                let nested = steps.windows(2).any(|pair| matches!(pair, [Step::Index(_), Step::Index(_)]));
                let flat = !matches!(shape, Shape::Array(items) if items.iter().any(|item| Kind::Array.takes(item)));
                (!nested && flat).then(|| (jsonata(&root.prefix, &steps), shape))
            }
        }
    }

    /// What the first root holds: the input of the state.
    #[must_use]
    pub fn input(&self) -> &'s Shape {
        self.roots.first().map_or(&Shape::Unknown, |root| root.shape)
    }
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|other| other.is_ascii_alphanumeric() || other == '_')
}

fn jsonpath(u: &mut Unstructured<'_>, prefix: &str, steps: &[Step<'_>]) -> String {
    let mut path = prefix.to_owned();
    for step in steps {
        match step {
            Step::Index(index) => path.push_str(&format!("[{index}]")),
            Step::Name(name) if is_plain(name) && !u.chance(15) => {
                path.push('.');
                path.push_str(name);
            }
            Step::Name(name) => path.push_str(&bracketed(name, *u.pick(&['\'', '"']))),
        }
    }
    path
}

/// A name as a quoted bracket step (PATH-024).
pub(crate) fn bracketed(name: &str, quote: char) -> String {
    let mut step = String::from("[");
    step.push(quote);
    for character in name.chars() {
        if character == quote || character == '\\' {
            step.push('\\');
        }
        step.push(character);
    }
    step.push(quote);
    step.push(']');
    step
}

fn jsonata(prefix: &str, steps: &[Step<'_>]) -> String {
    let mut path = prefix.to_owned();
    for step in steps {
        match step {
            Step::Index(index) => path.push_str(&format!("[{index}]")),
            Step::Name(name) if is_plain(name) => path.push_str(&format!(".{name}")),
            Step::Name(name) => path.push_str(&format!(".`{name}`")),
        }
    }
    path
}

/// A Reference Path of any root, whether it selects something or not.
#[must_use]
pub fn reference(u: &mut Unstructured<'_>) -> String {
    let root = *u.pick(&["$", "$", "$", "$$", "$total", "$名前"]);
    let names: Vec<_> = (0..u.below(4)).map(|_| (u.chance(30), text::key(u, true), u.below(3))).collect();
    let steps: Vec<_> = names
        .iter()
        .map(|(index, name, position)| if *index { Step::Index(*position) } else { Step::Name(name) })
        .collect();
    jsonpath(u, root, &steps)
}

/// A step that may select several values or none.
type Indefinite = fn(&mut Unstructured<'_>) -> String;

/// The indefinite steps of the dialect that all profiles know, one row each.
const INDEFINITE: &[(&str, Indefinite)] = &[
    ("bracket wildcard", |_| "[*]".to_owned()),
    ("dot wildcard", |_| ".*".to_owned()),
    ("descent to a name", |u| format!("..{}", text::key(u, false))),
    ("slice", |u| format!("[{}:{}]", u.below(2), u.within(1..=3))),
    ("slice without end", |u| format!("[{}:]", u.below(3))),
    ("slice without start", |u| format!("[:{}]", u.within(1..=3))),
    ("slice from the end", |u| format!("[-{}:]", u.within(1..=2))),
    ("filter for a member", |u| format!("[?(@.{})]", text::key(u, false))),
    ("filter by number", |u| {
        let operator = *u.pick(&["==", "!=", "<", "<=", ">", ">="]);
        format!("[?(@.{} {operator} {})]", text::key(u, false), u.below(100))
    }),
    ("filter by text", |u| format!("[?(@.{} == 'north')]", text::key(u, false))),
    ("filter with both", |u| format!("[?(@.{} && @.{})]", text::key(u, false), text::key(u, false))),
    ("filter with either", |u| format!("[?(@.{} || @.{} > 1)]", text::key(u, false), text::key(u, false))),
];

/// A Jayway Path with a step that may select several values. It never fails at run time below an array or object that
/// exists, and what it gives is an array.
#[must_use]
pub fn indefinite(u: &mut Unstructured<'_>, prefix: &str) -> String {
    let (_, step) = u.pick(INDEFINITE);
    let mut path = prefix.to_owned();
    path.push_str(&step(u));
    if u.chance(40) {
        path.push_str(&format!(".{}", text::key(u, false)));
    }
    path
}

/// A Jayway Path of any kind, whether it selects something or not.
#[must_use]
pub fn jayway(u: &mut Unstructured<'_>) -> String {
    let start = reference(u);
    if u.chance(50) { indefinite(u, &start) } else { start }
}
