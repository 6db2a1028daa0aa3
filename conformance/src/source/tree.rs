//! A document that knows where in its text every value stands.

use std::ops::Range;

use asl_engine::json;
use serde_json::{Map, Value};

/// Bytes of pointers after which no further duplicate is recorded.
const MAX_DUPLICATE_TEXT: usize = 1 << 20;

/// Bytes of a text, from the first to the one after the last.
pub type Span = Range<usize>;

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where the value stands.
    pub span: Span,
    /// The value.
    pub content: Content,
}

/// What a [`Node`] holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Anything but an array or object.
    Scalar(Value),
    /// The elements.
    Array(Vec<Node>),
    /// The members in the order of the text, repeated names included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Its value.
    pub value: Node,
}

/// A step down from a value to one inside it.
#[derive(Clone, Copy, Debug)]
pub enum Step<'n> {
    /// To a member.
    Member(&'n Member),
    /// To an element.
    Element(&'n Node),
}

impl<'n> Step<'n> {
    /// Where the step leads.
    #[must_use]
    pub fn node(self) -> &'n Node {
        match self {
            Self::Member(member) => &member.value,
            Self::Element(node) => node,
        }
    }
}

impl Node {
    /// A scalar.
    #[must_use]
    pub fn scalar(span: Span, value: impl Into<Value>) -> Self {
        Self { span, content: Content::Scalar(value.into()) }
    }

    /// The value without places; of a repeated name the last member counts (DATA-009).
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::Array(items) => items.iter().map(Self::to_value).collect(),
            Content::Object(members) => {
                let member = |member: &Member| (member.name.clone(), member.value.to_value());
                Value::Object(members.iter().map(member).collect::<Map<_, _>>())
            }
        }
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.content {
            Content::Object(members) => members,
            _ => &[],
        }
    }

    /// The last member of that name, if there is one.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.name == name)
    }

    /// The value of the last member of that name, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.member(name).map(|member| &member.value)
    }

    /// The text, if this is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The steps to the value at a JSON Pointer; as far as they lead if it does not exist.
    #[must_use]
    pub fn walk(&self, pointer: &str) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let step = match &node.content {
                Content::Object(_) => node.member(&token).map(Step::Member),
                Content::Array(items) => {
                    token.parse().ok().and_then(|index: usize| items.get(index)).map(Step::Element)
                }
                Content::Scalar(_) => None,
            };
            let Some(step) = step else { break };
            steps.push(step);
            node = step.node();
        }
        steps
    }

    /// JSON Pointers to the members whose name occurs more than once in their object, each once.
    #[must_use]
    pub fn duplicates(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(self, &mut String::new(), &mut found, &mut 0);
        found
    }
}

fn collect(node: &Node, place: &mut String, found: &mut Vec<String>, bytes: &mut usize) {
    let length = place.len();
    match &node.content {
        Content::Scalar(_) => {}
        Content::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                json::push_pointer_index(place, index);
                collect(item, place, found, bytes);
                place.truncate(length);
            }
        }
        Content::Object(members) => {
            // How often each name has come so far.
            let mut times = std::collections::HashMap::new();
            for member in members {
                json::push_pointer(place, &member.name);
                let times = times.entry(member.name.as_str()).or_insert(0_usize);
                *times += 1;
                if *times == 2 && *bytes <= MAX_DUPLICATE_TEXT {
                    *bytes += place.len();
                    found.push(place.clone());
                }
                collect(&member.value, place, found, bytes);
                place.truncate(length);
            }
        }
    }
}
