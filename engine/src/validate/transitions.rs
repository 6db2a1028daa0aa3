//! Transitions between states: targets, reachability and terminal states (LINT-001 to LINT-011).

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::validator::{Validator, quote};
use crate::diagnostic::{Code, Severity};

/// One `States` object and what its transitions reach.
#[derive(Debug)]
pub(super) struct Flow<'d> {
    /// `None` when there is no usable `States` field, so that no target can be wrong.
    states: Option<&'d Map<String, Value>>,
    /// The states that can be reached from StartAt; `None` when there is no StartAt to walk from.
    reachable: Option<HashSet<&'d str>>,
}

impl<'d> Flow<'d> {
    /// Walks from `StartAt` along all transitions (LINT-007, LINT-009).
    pub(super) fn new(start: Option<&'d str>, states: Option<&'d Map<String, Value>>) -> Self {
        let reachable = start.zip(states).map(|(start, states)| {
            let mut reached = HashSet::new();
            let mut open = vec![start];
            while let Some(name) = open.pop() {
                if let Some((name, state)) = states.get_key_value(name)
                    && reached.insert(name.as_str())
                {
                    open.extend(targets(state));
                }
            }
            reached
        });
        Self { states, reachable }
    }

    /// Whether some state ends the machine.
    pub(super) fn has_terminal_state(&self) -> bool {
        self.states.is_none_or(|states| states.values().any(may_be_terminal))
    }

    fn has(&self, name: &str) -> bool {
        self.states.is_none_or(|states| states.contains_key(name))
    }

    fn reaches(&self, name: &str) -> bool {
        self.reachable.as_ref().is_none_or(|reachable| reachable.contains(name))
    }
}

/// Whether a state ends its machine, as Succeed and Fail always do, or is not understood and might.
fn may_be_terminal(state: &Value) -> bool {
    match state.get("Type").and_then(Value::as_str) {
        Some("Choice") => false,
        Some("Task" | "Pass" | "Wait" | "Parallel" | "Map") => state.get("End").is_some_and(|end| *end != false),
        _ => true,
    }
}

/// The names of the states that a state may go to.
fn targets(state: &Value) -> impl Iterator<Item = &str> {
    let own = ["Next", "Default"].into_iter().filter_map(|field| state.get(field));
    let rules = ["Choices", "Catch"].into_iter().filter_map(|field| state.get(field)?.as_array()).flatten();
    own.chain(rules.filter_map(|rule| rule.get("Next"))).filter_map(Value::as_str)
}

impl<'d> Validator<'d> {
    /// A field that names a state of the same `States` object (LINT-001 to LINT-005).
    pub(super) fn target(&mut self, rule: &'static str, dangling: &'static str, name: &str) {
        if name.is_empty() && self.report.subject() == "StartAt" {
            self.empty(rule);
        } else if let Some(flow) = self.flows.last()
            && !flow.has(name)
        {
            let elsewhere =
                if self.is_state_around(name) { "; a transition cannot leave its States object" } else { "" };
            let message = format!("there is no state {} to go to here{elsewhere}", quote(name));
            self.error(Code::MissingTransitionTarget, dangling, message);
        }
    }

    fn is_state_around(&self, name: &str) -> bool {
        self.flows.iter().any(|flow| flow.has(name))
    }

    /// Reports the present state when nothing leads to it (LINT-006, LINT-008).
    pub(super) fn reachability(&mut self, name: &str) {
        if !self.hides_unreachable && self.flows.last().is_some_and(|flow| !flow.reaches(name)) {
            let message = format!("no transition leads from StartAt to the state {}", quote(name));
            self.error(Code::MissingTransitionTarget, "LINT-006", message);
        }
    }

    /// Reports that the present machine cannot end: an error for the outermost one, which hides unreachable states, a
    /// warning for others (LINT-010, LINT-011, LINT-026).
    pub(super) fn no_terminal_state(&mut self, is_outermost: bool) {
        let (severity, rule) =
            if is_outermost { (Severity::Error, "LINT-010") } else { (Severity::Warning, "LINT-011") };
        self.hides_unreachable |= is_outermost;
        let message = "no state ends this machine: one needs \"End\": true, or the type Succeed or Fail".to_owned();
        self.report.add(severity, Code::MissingEndState, rule, message);
    }
}
