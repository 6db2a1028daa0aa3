//! Variables and their scopes (VAR rows; specification, "Variable Scope").

use std::rc::Rc;

use serde_json::{Map, Value};

/// The variables of one running `States` object, and of the scopes around it.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    outer: Option<Rc<Scope>>,
    values: Map<String, Value>,
}

impl Scope {
    /// An empty scope inside `outer` (VAR-032: inner scopes read outer variables).
    #[must_use]
    pub fn inside(outer: Rc<Scope>) -> Self {
        Self { outer: Some(outer), values: Map::new() }
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

    /// The variables of this scope alone.
    #[must_use]
    pub fn own(&self) -> &Map<String, Value> {
        &self.values
    }

    /// Names and values visible here, inner ones first.
    pub fn visible(&self) -> impl Iterator<Item = (&String, &Value)> {
        std::iter::successors(Some(self), |scope| scope.outer.as_deref()).flat_map(|scope| scope.values.iter())
    }
}
