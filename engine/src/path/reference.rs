//! Reference Paths, which name one place and can write there.

use std::fmt::{self, Display};

use serde_json::{Map, Value};
use thiserror::Error;

use super::{
    PathError, Root, SyntaxError,
    dialect::Dialect,
    eval::{elements, member},
    outcome::Miss,
    print::bracketed_name,
    scan::{Parser, Place},
    syntax::Step,
};
use crate::profile::Profile;

/// A compiled Reference Path (PATH-018 to PATH-025).
///
/// Displayed in one canonical form, which parses to an equal Reference Path.
#[derive(Clone, Debug)]
pub struct ReferencePath {
    text: Box<str>,
    root: Root,
    steps: Box<[ReferenceStep]>,
}

/// One step of a Reference Path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum ReferenceStep {
    /// A member of an object.
    Name(Box<str>),
    /// An element of an array, from 0.
    Index(usize),
}

/// Why a value cannot be placed: `States.ResultPathMatchFailure` (IO-024, IO-025).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct AssignError(pub String);

impl ReferencePath {
    /// Parses a Reference Path: names and indexes after `$`, `$$` or `$name`. Both profiles take the same ones.
    ///
    /// # Errors
    /// The first place at which the text is not one: the operators `@ , : ?` unescaped (PATH-018), a wildcard, a
    /// descent, a filter or a function (PATH-019), a negative index, or no Path at all.
    pub fn parse(text: &str, profile: Profile) -> Result<Self, SyntaxError> {
        let mut parser = Parser::new(text, Dialect::of(profile), Place::ReferencePath)?;
        let (root, query) = parser.path()?;
        let steps = query.steps.into_iter().map(ReferenceStep::new).collect::<Option<_>>();
        let steps = steps.ok_or_else(|| parser.error_at(0, "a Reference Path identifies one node"))?;
        Ok(Self { text: text.into(), root, steps })
    }

    /// What it starts from. Fields that do not take every root refuse the others (IO-016, IO-017, PATH-026).
    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of steps below the root, at most [`super::MAX_STEPS`]: how much deeper than the placed value the
    /// target of [`ReferencePath::assign`] may become.
    #[must_use]
    pub fn steps_len(&self) -> usize {
        self.steps.len()
    }

    /// Selects from the value of its root. The work is one look-up a step.
    ///
    /// # Errors
    /// [`PathError::Missing`], [`PathError::PastEnd`] or [`PathError::Inapplicable`], as a definite Path.
    pub fn select<'v>(&self, root: &'v Value) -> Result<&'v Value, PathError> {
        self.steps
            .iter()
            .enumerate()
            .try_fold(root, |here, (at, step)| step.child(here).map_err(|miss| miss.at(at)))
            .map_err(|stop| stop.describe(&self.steps, true))
    }

    /// Moves the selected part out of the value of its root, whose rest is dropped.
    ///
    /// # Errors
    /// Those of [`ReferencePath::select`].
    pub fn take(&self, mut root: Value) -> Result<Value, PathError> {
        self.select(&root)?;
        let mut here = &mut root;
        for step in &self.steps {
            match step.child_mut(here) {
                Some(child) => here = child,
                None => return Err(PathError::Missing(format!("No results for path: {}", self.below_root()))),
            }
        }
        Ok(here.take())
    }

    /// Puts `value` into `target`, the value of the root: over what is there (IO-021), with missing objects created on
    /// the way (IO-022), into an existing element of an array (IO-023). `$` replaces the whole target.
    ///
    /// A null on the way is a value like any other scalar: it is not replaced by an object. The specification creates
    /// "intervening fields" only where there is none, and no observation of the service says otherwise.
    ///
    /// # Errors
    /// [`AssignError`], with `target` as it was, for a name below anything but an object (IO-024), and an index that
    /// is not in an existing array (IO-025).
    pub fn assign(&self, target: &mut Value, value: Value) -> Result<(), AssignError> {
        let Some((last, way)) = self.steps.split_last() else {
            *target = value;
            return Ok(());
        };
        let refuse = |what: &str, step| AssignError(format!("{what} at step {step} of path {}", self.below_root()));
        let no_object = |step| refuse("an object is expected", step);
        let mut here = target;
        for (at, step) in way.iter().enumerate() {
            here = match (step, here) {
                (ReferenceStep::Name(name), Value::Object(members)) => {
                    if !members.contains_key(&**name) {
                        let created = self.wrap(at.saturating_add(1), value)?;
                        members.insert(name.to_string(), created);
                        return Ok(());
                    }
                    members.get_mut(&**name).ok_or_else(|| no_object(step))?
                }
                (ReferenceStep::Name(_), _) => return Err(no_object(step)),
                (ReferenceStep::Index(index), here) => element(here, *index).map_err(|what| refuse(what, step))?,
            };
        }
        // One look-up where the member exists, as it does in a loop.
        match (last, here) {
            (ReferenceStep::Name(name), Value::Object(members)) => match members.get_mut(&**name) {
                Some(place) => *place = value,
                None => drop(members.insert(name.to_string(), value)),
            },
            (ReferenceStep::Name(_), _) => return Err(no_object(last)),
            (ReferenceStep::Index(index), here) => {
                *element(here, *index).map_err(|what| refuse(what, last))? = value;
            }
        }
        Ok(())
    }

    /// The objects of the steps from `first` on, with `value` in the innermost.
    fn wrap(&self, first: usize, value: Value) -> Result<Value, AssignError> {
        let created = self.steps.get(first..).unwrap_or_default();
        if created.iter().any(|step| matches!(step, ReferenceStep::Index(_))) {
            return Err(AssignError(format!("an array is expected in path {}", self.below_root())));
        }
        Ok(created.iter().rev().fold(value, |inner, step| match step {
            ReferenceStep::Name(name) => Value::Object(Map::from_iter([(name.to_string(), inner)])),
            ReferenceStep::Index(_) => inner,
        }))
    }

    fn below_root(&self) -> String {
        std::iter::once("$".to_owned()).chain(self.steps.iter().map(ToString::to_string)).collect()
    }
}

/// An element to be written, or what is expected in its place.
fn element(value: &mut Value, index: usize) -> Result<&mut Value, &'static str> {
    let Value::Array(items) = value else { return Err("an array is expected") };
    items.get_mut(index).ok_or("an array with that element is expected")
}

impl ReferenceStep {
    fn new(step: Step) -> Option<Self> {
        match step {
            Step::Name(name) => Some(Self::Name(name)),
            Step::Index(index) => usize::try_from(index).ok().map(Self::Index),
            _ => None,
        }
    }

    fn child<'v>(&self, value: &'v Value) -> Result<&'v Value, Miss> {
        match self {
            Self::Name(name) => member(value, name),
            Self::Index(index) => elements(value)?.get(*index).ok_or(Miss::PastEnd),
        }
    }

    fn child_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        match self {
            Self::Name(name) => value.as_object_mut()?.get_mut(&**name),
            Self::Index(index) => value.as_array_mut()?.get_mut(*index),
        }
    }
}

impl Display for ReferencePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)?;
        self.steps.iter().try_for_each(|step| step.fmt(f))
    }
}

impl Display for ReferenceStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => bracketed_name(f, name),
            Self::Index(index) => write!(f, "[{index}]"),
        }
    }
}

impl PartialEq for ReferencePath {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root && self.steps == other.steps
    }
}

impl Eq for ReferencePath {}
