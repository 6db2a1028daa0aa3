//! Where a state is being written: its `States` object, what is known there, and where it leads.

use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::{
    path::View,
    shape::{Shape, Variables},
};

/// What is known at a point between two states.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// The data: the raw input of the next state.
    pub data: Shape,
    /// The variables that surely have a value.
    pub variables: Variables,
    /// Whether the run is meant to come here.
    pub live: bool,
}

impl Flow {
    pub fn start(data: Shape) -> Self {
        Self { data, variables: Variables::new(), live: true }
    }

    /// The same place with other data.
    pub fn with(&self, data: Shape) -> Self {
        Self { data, variables: self.variables.clone(), live: self.live }
    }

    /// What holds on either way here.
    pub fn or(self, other: Self) -> Self {
        let mut theirs = other.variables;
        let both = |(name, shape): (String, Shape)| theirs.remove(&name).map(|other| (name, shape.or(other)));
        Self {
            data: self.data.or(other.data),
            variables: self.variables.into_iter().filter_map(both).collect(),
            live: self.live || other.live,
        }
    }
}

/// What comes after a state.
#[derive(Clone, Debug)]
pub(super) enum Exit {
    /// A state of this name.
    Next(String),
    /// The end of the machine, branch or iteration.
    End,
}

impl Exit {
    /// Writes it into a state.
    pub fn write(&self, state: &mut Map<String, Value>) {
        match self {
            Self::Next(name) => state.insert("Next".to_owned(), json!(name)),
            Self::End => state.insert("End".to_owned(), json!(true)),
        };
    }
}

/// The query language of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    JsonPath,
    Jsonata,
}

/// A `States` object that is being written.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// The states so far.
    pub states: Map<String, Value>,
    /// `States` objects around it.
    pub depth: usize,
    /// What is known of the context object.
    pub context: Rc<Shape>,
    /// Whether its states may run more than once.
    pub repeated: bool,
    /// Whether what a state is given has to be among what it passes on, because a loop leads back.
    pub preserves: bool,
}

impl Scope {
    /// The `States` object of the machine itself.
    pub fn outermost(input: &Shape) -> Self {
        Self { states: Map::new(), depth: 0, context: context(Some(input)), repeated: false, preserves: false }
    }

    /// One inside a state of this one.
    pub fn inner(&self, repeated: bool) -> Self {
        Self {
            states: Map::new(),
            depth: self.depth + 1,
            context: self.context.clone(),
            repeated: self.repeated || repeated,
            preserves: false,
        }
    }

    /// One inside a distributed Map, whose iterations are executions of their own (DMAP-003).
    pub fn isolated(&self) -> Self {
        Self { context: context(None), ..self.inner(true) }
    }

    /// What a field sees in a state of this scope.
    pub fn view<'s>(&'s self, language: Language, data: &'s Shape, variables: &'s Variables) -> View<'s> {
        match language {
            Language::JsonPath => View::jsonpath(data, &self.context, variables),
            Language::Jsonata => View::jsonata(data, &self.context, variables),
        }
    }
}

/// The members of the context object that every engine has.
fn context(input: Option<&Shape>) -> Rc<Shape> {
    let text = |name: &str| (name.to_owned(), Shape::text("text"));
    let time = |name: &str| (name.to_owned(), Shape::Timestamp("2025-01-01T00:00:00Z".to_owned()));
    let object = |name: &str, members: Vec<(String, Shape)>| (name.to_owned(), Shape::Object(members));
    let mut execution = vec![text("Id"), text("Name"), time("StartTime")];
    execution.extend(input.map(|input| ("Input".to_owned(), input.clone())));
    Rc::new(Shape::Object(vec![
        object("Execution", execution),
        object("StateMachine", vec![text("Id"), text("Name")]),
        object("State", vec![text("Name"), time("EnteredTime")]),
    ]))
}
