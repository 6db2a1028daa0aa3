//! Variables: their names, their scopes, and references to them (VAR rows).

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    fields::Language,
    report::Token,
    template::computed_name,
    validator::{Site, Validator, quote},
};
use crate::diagnostic::Code;

/// Longest variable name, in characters (VAR-010).
const LONGEST_NAME: usize = 80;

/// The names that the scopes around the present value assign. A `States` object is one scope (VAR-031).
#[derive(Debug, Default)]
pub(super) struct Variables<'d> {
    /// The depths of the scopes that assign a name, outermost first.
    depths: HashMap<&'d str, Vec<usize>>,
    /// The names of each scope, outermost first.
    scopes: Vec<Vec<&'d str>>,
    /// The outermost scope whose variables can be read, one entry a distributed Map (VAR-038).
    barriers: Vec<usize>,
}

impl<'d> Variables<'d> {
    /// Opens the scope of a `States` object. An isolated one cannot read what is outside.
    pub(super) fn open(&mut self, states: Option<&'d Map<String, Value>>, isolated: bool) {
        let depth = self.scopes.len();
        if isolated {
            self.barriers.push(depth);
        }
        let mut names = Vec::new();
        for name in states.into_iter().flat_map(Map::values).flat_map(assignments).flat_map(Map::keys) {
            let name = computed_name(name).unwrap_or(name);
            let depths = self.depths.entry(name).or_default();
            if depths.last() != Some(&depth) {
                depths.push(depth);
                names.push(name);
            }
        }
        self.scopes.push(names);
    }

    /// Closes the innermost scope.
    pub(super) fn close(&mut self, isolated: bool) {
        for name in self.scopes.pop().unwrap_or_default() {
            if let Some(depths) = self.depths.get_mut(name) {
                depths.pop();
            }
        }
        if isolated {
            self.barriers.pop();
        }
    }

    /// Whether a scope around the innermost one assigns the name (VAR-033).
    fn is_assigned_outside(&self, name: &str) -> bool {
        let depth = self.scopes.len().saturating_sub(1);
        self.depths.get(name).and_then(|depths| depths.first()).is_some_and(|first| *first < depth)
    }

    /// Whether some state assigns the name in a scope that can be read.
    fn is_assigned(&self, name: &str) -> bool {
        let barrier = self.barriers.last().copied().unwrap_or_default();
        self.depths.get(name).and_then(|depths| depths.last()).is_some_and(|last| *last >= barrier)
    }
}

/// The Assign objects of a state, of its Choice Rules and of its Catchers.
fn assignments(state: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let rules = ["Choices", "Catch"].into_iter().filter_map(|field| state.get(field)?.as_array()).flatten();
    std::iter::once(state).chain(rules).filter_map(|holder| holder.get("Assign")?.as_object())
}

impl<'d> Validator<'d> {
    /// An `Assign` field (VAR-001, VAR-007).
    pub(super) fn assign(&mut self, rule: &'static str, value: &'d Value, site: Site) {
        let Value::Object(members) = value else {
            self.wrong_type(rule, "an object with a member a variable", value);
            return;
        };
        for (name, value) in members {
            self.within(Token::Name(name), |validator| match site.language {
                Language::JsonPath => {
                    validator.variable_name(computed_name(name).unwrap_or(name));
                    validator.template_member(members, name, value);
                }
                Language::Jsonata => {
                    validator.variable_name(name);
                    validator.jsonata_value(value, site);
                }
            });
        }
    }

    fn variable_name(&mut self, name: &str) {
        if let Some((rule, why)) = fault(name) {
            let message = format!("{} cannot be assigned: {why}", quote(name));
            self.error(Code::InvalidVariableName, rule, message);
        } else if name.chars().count() > LONGEST_NAME {
            let message =
                format!("the name of a variable has at most {LONGEST_NAME} characters, unlike {}", quote(name));
            self.error(Code::TooLong, "VAR-010", message);
        }
        if self.variables.is_assigned_outside(name) {
            let message = format!("the variable {} is already assigned in a scope around this one", quote(name));
            self.error(Code::VariableScopeConflict, "VAR-033", message);
        }
    }

    /// A reference to a variable. Whether it has a value is known at run time only, but one that nothing assigns never
    /// has (LINT-021).
    pub(super) fn reference(&mut self, name: &str) {
        if !self.variables.is_assigned(name) {
            let message = format!("nothing assigns the variable {} where it could be read here", quote(name));
            self.warning(Code::UnassignedVariable, "LINT-021", message);
        }
    }
}

/// What is wrong with the name of a variable (VAR-011 to VAR-013).
fn fault(name: &str) -> Option<(&'static str, &'static str)> {
    if name == "states" {
        return Some(("VAR-012", "the name is reserved"));
    }
    if name.contains(['.', '[']) {
        return Some(("VAR-013", "only a whole variable can be assigned, not a part of one"));
    }
    let mut characters = name.chars();
    let is_identifier =
        characters.next().is_some_and(unicode_ident::is_xid_start) && characters.all(unicode_ident::is_xid_continue);
    (!is_identifier)
        .then_some(("VAR-011", "a name begins with a letter and goes on with letters, digits and underscores"))
}
