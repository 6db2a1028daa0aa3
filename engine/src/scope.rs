//! Variables and their scopes (VAR rows; specification, "Variable Scope").

use std::{collections::HashMap, rc::Rc};

use serde_json::{Map, Value};

/// The variables of one running `States` object, and of the scopes around it.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    outer: Option<Rc<Scope>>,
    values: Map<String, Value>,
    /// Lengths of the values as JSON text, in bytes, where quotas are enforced.
    bytes: HashMap<String, usize>,
}

impl Scope {
    /// An empty scope inside `outer` (VAR-032: inner scopes read outer variables).
    #[must_use]
    pub fn inside(outer: Rc<Scope>) -> Self {
        Self { outer: Some(outer), ..Self::default() }
    }

    /// The value of a variable, looked up from the inside out; `None` when it has none.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut scope = self;
        loop {
            if let Some(value) = scope.values.get(name) {
                return Some(value);
            }
            scope = scope.outer.as_deref()?;
        }
    }

    /// Stores a value in this scope.
    pub fn set(&mut self, name: String, value: Value) {
        self.values.insert(name, value);
    }

    /// Notes how long the JSON text of a variable of this scope is.
    pub fn set_bytes(&mut self, name: &str, bytes: usize) {
        self.bytes.insert(name.to_owned(), bytes);
    }

    /// The noted lengths of all variables visible here, but those that `replaced` names (LIMIT-007).
    #[must_use]
    pub fn bytes_without(&self, replaced: &Map<String, Value>) -> usize {
        let scopes = std::iter::successors(Some(self), |scope| scope.outer.as_deref());
        let kept = scopes.flat_map(|scope| &scope.bytes).filter(|(name, _)| !replaced.contains_key(*name));
        kept.fold(0, |sum, (_, bytes)| sum.saturating_add(*bytes))
    }

    /// The variables of this scope alone.
    #[must_use]
    pub fn own(&self) -> &Map<String, Value> {
        &self.values
    }
}
