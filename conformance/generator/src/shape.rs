//! What is known about a value at some point of a machine: its type, and a sample.

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use serde_json::{Map, Value};

use crate::{draw::Draw, timestamp};

/// Most nodes of a shape that are looked at when a path is drawn.
const MAX_NODES: usize = 80;
/// Largest value that a path may select, so that data which selects itself grows slowly.
const MAX_SELECTED: usize = 20;

/// What is certain about a value, with a sample that is probably right.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Nothing.
    Unknown,
    /// It is null.
    Null,
    /// It is a boolean.
    Boolean(bool),
    /// It is a whole number, of this sign.
    Integer(i64),
    /// It is a number.
    Number(f64),
    /// It is a string.
    Text(String),
    /// It is a timestamp.
    Timestamp(String),
    /// It is an array with at least these elements.
    Array(Vec<Shape>),
    /// It is an object with at least these members.
    Object(Vec<(String, Shape)>),
}

/// A class of shapes that some place wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything at all.
    Any,
    /// Null.
    Null,
    /// A boolean.
    Boolean,
    /// A number.
    Number,
    /// A whole number that can be counted with: sums of a few stay within 32 bits.
    Integer,
    /// A whole number from 1 to 1000.
    Positive,
    /// A string.
    Text,
    /// A timestamp.
    Timestamp,
    /// A string, number, boolean or null.
    Scalar,
    /// An array.
    Array,
    /// An array of which an element is known.
    FullArray,
    /// An object.
    Object,
}

impl Kind {
    /// Whether everything of this shape is of the kind.
    #[must_use]
    pub fn takes(self, shape: &Shape) -> bool {
        match self {
            Self::Any => true,
            Self::Null => *shape == Shape::Null,
            Self::Boolean => matches!(shape, Shape::Boolean(_)),
            Self::Number => matches!(shape, Shape::Integer(_) | Shape::Number(_)),
            Self::Integer => matches!(shape, Shape::Integer(-1_000_000..=1_000_000)),
            Self::Positive => matches!(shape, Shape::Integer(1..=1000)),
            Self::Text => matches!(shape, Shape::Text(_) | Shape::Timestamp(_)),
            Self::Timestamp => matches!(shape, Shape::Timestamp(_)),
            Self::Scalar => !matches!(shape, Shape::Array(_) | Shape::Object(_) | Shape::Unknown),
            Self::Array => matches!(shape, Shape::Array(_)),
            Self::FullArray => matches!(shape, Shape::Array(items) if !items.is_empty()),
            Self::Object => matches!(shape, Shape::Object(_)),
        }
    }
}

impl Shape {
    /// The shape of a value that is known.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(boolean) => Self::Boolean(*boolean),
            Value::Number(number) => match number.as_i64() {
                Some(integer) => Self::Integer(integer),
                None => Self::Number(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) if timestamp::looks_like(text) => Self::Timestamp(text.clone()),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(items) => Self::Array(items.iter().map(Self::of).collect()),
            Value::Object(members) => Self::object(members),
        }
    }

    fn object(members: &Map<String, Value>) -> Self {
        Self::Object(members.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect())
    }

    /// A string of which only the type is known.
    #[must_use]
    pub fn text(sample: &str) -> Self {
        Self::Text(sample.to_owned())
    }

    /// What holds for values of either shape.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            (Self::Boolean(left), Self::Boolean(_)) => Self::Boolean(left),
            (Self::Integer(left), Self::Integer(right)) => Self::Integer(left.min(right)),
            (Self::Integer(number), Self::Number(_)) => Self::Number(number as f64),
            (Self::Number(left), Self::Integer(_) | Self::Number(_)) => Self::Number(left),
            (Self::Timestamp(left), Self::Timestamp(_)) => Self::Timestamp(left),
            (Self::Text(left) | Self::Timestamp(left), Self::Text(_) | Self::Timestamp(_)) => Self::Text(left),
            (Self::Array(left), Self::Array(right)) => {
                Self::Array(left.into_iter().zip(right).map(|(left, right)| left.or(right)).collect())
            }
            (Self::Object(left), Self::Object(mut right)) => Self::Object(
                left.into_iter()
                    .filter_map(|(name, shape)| {
                        let at = right.iter().position(|(other, _)| *other == name)?;
                        let other = right.swap_remove(at).1;
                        Some((name, shape.or(other)))
                    })
                    .collect(),
            ),
            _ => Self::Unknown,
        }
    }

    /// What holds for every element of an array.
    #[must_use]
    pub fn element(&self) -> Self {
        match self {
            Self::Array(items) => items.iter().cloned().reduce(Self::or).unwrap_or(Self::Unknown),
            _ => Self::Unknown,
        }
    }

    /// The member of an object.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(known, _)| known == name).map(|(_, shape)| shape),
            _ => None,
        }
    }

    /// Puts a member into an object, in place of one of the same name; anything else stays as it is.
    #[must_use]
    pub fn with(mut self, name: &str, shape: Self) -> Self {
        if let Self::Object(members) = &mut self {
            match members.iter_mut().find(|(known, _)| known == name) {
                Some((_, member)) => *member = shape,
                None => members.push((name.to_owned(), shape)),
            }
        }
        self
    }

    /// The number of values in it, itself included.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Array(items) => 1 + items.iter().map(Self::size).sum::<usize>(),
            Self::Object(members) => 1 + members.iter().map(|(_, shape)| shape.size()).sum::<usize>(),
            _ => 1,
        }
    }
}

/// One step of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'s> {
    Name(&'s str),
    Index(usize),
}

struct Node<'s> {
    parent: usize,
    step: Option<Step<'s>>,
    shape: &'s Shape,
    size: usize,
}

/// A node drawn from a shape, with the way there.
pub(crate) fn find<'s>(u: &mut Unstructured<'_>, shape: &'s Shape, kind: Kind) -> Option<(Vec<Step<'s>>, &'s Shape)> {
    let mut nodes = Vec::new();
    collect(shape, 0, None, &mut nodes);
    let fits = |node: &Node<'_>| kind.takes(node.shape) && node.size <= MAX_SELECTED;
    let count = nodes.iter().filter(|node| fits(node)).count();
    let chosen = u.below(count);
    let (mut at, node) = nodes.iter().enumerate().filter(|(_, node)| fits(node)).nth(chosen)?;
    let mut steps = Vec::new();
    while let Some(step) = nodes[at].step {
        steps.push(step);
        at = nodes[at].parent;
    }
    steps.reverse();
    Some((steps, node.shape))
}

/// Adds a shape and all in it; gives the number of values in it.
fn collect<'s>(shape: &'s Shape, parent: usize, step: Option<Step<'s>>, nodes: &mut Vec<Node<'s>>) -> usize {
    if nodes.len() >= MAX_NODES {
        return MAX_SELECTED;
    }
    let own = nodes.len();
    nodes.push(Node { parent, step, shape, size: 1 });
    let below: usize = match shape {
        Shape::Array(items) => {
            items.iter().enumerate().map(|(index, item)| collect(item, own, Some(Step::Index(index)), nodes)).sum()
        }
        Shape::Object(members) => {
            members.iter().map(|(name, member)| collect(member, own, Some(Step::Name(name)), nodes)).sum()
        }
        _ => 0,
    };
    nodes[own].size += below;
    1 + below
}

/// The variables that surely have a value, by name.
pub type Variables = BTreeMap<String, Shape>;
