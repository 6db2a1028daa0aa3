//! An observer that keeps what cases compare: the way through the states, the calls of tasks, the waits.

use serde_json::{Map, Value};

use crate::{
    observe::{Event, Observer, Stamp},
    time::Span,
};

/// The trace of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Names of states in order of entry, nested ones included.
    pub visited: Vec<String>,
    /// State name to the inputs of its task calls, in order.
    pub task_inputs: Map<String, Value>,
    /// Length of each retry delay and each Wait state, in the order in which they begin.
    pub waits: Vec<Span>,
}

impl Observer for Trace {
    fn event(&mut self, _stamp: Stamp, event: &Event<'_>) {
        match event {
            Event::StateEntered { name, .. } => self.visited.push((*name).to_owned()),
            Event::TaskScheduled { state, input, .. } => {
                let inputs = self.task_inputs.entry(*state).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(inputs) = inputs {
                    inputs.push((*input).clone());
                }
            }
            _ => {}
        }
    }

    fn delay(&mut self, _state: &str, length: Span) {
        self.waits.push(length);
    }
}
