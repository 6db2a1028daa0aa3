//! Making a machine smaller while it still shows what it shows: delta debugging on documents.
//!
//! First whole parts go: the machine is cut down to the states of a branch, started in the middle, ended early, states
//! are bypassed or replaced by what they gave. Then members and elements go, and at last the values that are left
//! become simpler. Every step is kept only if the machine got smaller and still shows what it shows.

mod states;
mod values;

use asl_generator::Scenario;
use serde_json::{Map, Value};

use crate::relations::document::places;

/// Bound on the work of a reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Most machines that are tried.
    pub trials: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { trials: 5_000 }
    }
}

/// A state as it was run once.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Name of the state.
    pub name: String,
    /// Its raw input.
    pub input: Value,
    /// Its output, if it was left.
    pub output: Option<Value>,
}

impl Step {
    /// The states of an execution history in the shape of cases, in order of entry.
    #[must_use]
    pub fn of(history: &[Map<String, Value>]) -> Vec<Self> {
        let mut steps: Vec<Self> = Vec::new();
        for event in history {
            let (Some(kind), Some(Value::String(name))) =
                (event.get("type").and_then(Value::as_str), event.get("name"))
            else {
                continue;
            };
            if kind.ends_with("StateEntered") {
                let input = event.get("input").cloned().unwrap_or_default();
                steps.push(Self { name: name.clone(), input, output: None });
            } else if kind.ends_with("StateExited") {
                let open = steps.iter_mut().rev().find(|step| step.name == *name && step.output.is_none());
                if let Some(step) = open {
                    step.output = event.get("output").cloned();
                }
            }
        }
        steps
    }
}

/// How large a machine is: its states count most.
fn size(scenario: &Scenario) -> (usize, usize) {
    (places(&scenario.definition).len(), scenario.to_value().to_string().len())
}

/// One attempt to make a scenario smaller; `None` where it makes no sense.
trait Edit {
    fn apply(&self, scenario: &Scenario) -> Option<Scenario>;
}

/// The smallest machine that was found for which `holds`, beginning with one for which it does. `steps` tells how a
/// machine was run.
pub fn reduce(
    scenario: Scenario,
    steps: &dyn Fn(&Scenario) -> Vec<Step>,
    holds: &mut dyn FnMut(&Scenario) -> bool,
    budget: Budget,
) -> Scenario {
    let mut reduction = Reduction { size: size(&scenario), scenario, holds, left: budget.trials };
    loop {
        let before = reduction.size;
        reduction.exhaust(|scenario| states::edits(scenario, &steps(scenario)));
        reduction.exhaust(values::removals);
        reduction.exhaust(values::simplifications);
        if reduction.size == before || reduction.left == 0 {
            break;
        }
    }
    reduction.exhaust(|scenario| states::new_names(scenario).into_iter().collect());
    reduction.scenario
}

struct Reduction<'h> {
    scenario: Scenario,
    size: (usize, usize),
    holds: &'h mut dyn FnMut(&Scenario) -> bool,
    left: usize,
}

impl Reduction<'_> {
    /// Tries the edits of a list one after the other. After one that is kept the list is made anew, and goes on where
    /// it was: what did not help before rarely helps now, and the next round tries it again.
    fn exhaust<E: Edit>(&mut self, list: impl Fn(&Scenario) -> Vec<E>) {
        let mut edits = list(&self.scenario);
        let mut at = 0;
        while let Some(edit) = edits.get(at) {
            if self.left == 0 {
                return;
            }
            if self.keep(edit) {
                edits = list(&self.scenario);
            } else {
                at += 1;
            }
        }
    }

    fn keep(&mut self, edit: &impl Edit) -> bool {
        let Some(candidate) = edit.apply(&self.scenario) else { return false };
        let size = size(&candidate);
        if size >= self.size {
            return false;
        }
        self.left -= 1;
        let keep = (self.holds)(&candidate);
        if keep {
            self.scenario = candidate;
            self.size = size;
        }
        keep
    }
}
