//! Input and output processing of JSONPath states (IO rows), and leaving a state.

use std::{borrow::Cow, rc::Rc};

use serde_json::{Map, Value};

use super::{
    End,
    execution::{Execution, Progress},
    strand::{Phase, Strand},
};
use crate::{
    environment::Environment,
    failure::{Failure, StateError, names},
    machine::{Next, Placement, QueryLanguage, Selector, State},
    observe::{Event, Observer, Origin},
    path::PathError,
    quotas,
    scope::Scope,
    task::TaskHandler,
};

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// The input after InputPath, borrowed from the raw input where it is a part of it.
    pub(super) fn filtered_input<'e>(&'e self, strand: &'e Strand, state: &State) -> Result<Cow<'e, Value>, Failure> {
        let environment = self.environment(strand, &strand.input);
        select(&state.data.input_path, &environment)
    }

    /// The effective input as a value of its own (IO-006, IO-010). Moves the raw input where nobody needs it later.
    pub(super) fn effective_input(&self, strand: &mut Strand, state: &State) -> Result<Value, Failure> {
        if state.passes_input() && !state.keeps_input {
            return Ok(std::mem::take(&mut strand.input));
        }
        let filtered = self.filtered_input(strand, state)?;
        match &state.data.parameters {
            Some(parameters) => parameters.evaluate(&self.environment(strand, &filtered)),
            None => self.owned(filtered),
        }
    }

    /// Applies InputPath to the input of a state that needs nothing else of it.
    pub(super) fn filter_input(&self, strand: &mut Strand, state: &State) -> Result<(), Failure> {
        if !matches!(state.data.input_path, Selector::Whole) {
            strand.input = self.owned(self.filtered_input(strand, state)?)?;
        }
        Ok(())
    }

    fn owned(&self, value: Cow<'_, Value>) -> Result<Value, Failure> {
        match value {
            Cow::Borrowed(value) => self.meter.copy(value, 0),
            Cow::Owned(value) => Ok(value),
        }
    }

    /// ResultSelector, Assign, ResultPath and OutputPath, in this order, and the way out (IO-001).
    pub(super) fn complete(&mut self, strand: &mut Strand, state: &State, result: Value) -> Result<Progress, Failure> {
        if state.reads_context {
            self.prepare_context(strand, state);
        }
        self.check_payload(&result, state)?;
        let data = &state.data;
        if state.language == QueryLanguage::Jsonata {
            return self.complete_query(strand, state, result);
        }
        // VAR-027: Assign sees the result before ResultSelector.
        let environment = self.environment(strand, &result);
        let assigned = data.assign.as_ref().map(|assign| assign.evaluate(&environment)).transpose()?;
        let result = match &data.result_selector {
            Some(selector) => selector.evaluate(&self.environment(strand, &result))?,
            None => result,
        };
        let is_result = data.result_selector.is_none()
            && matches!((&data.result_path, &data.output_path), (Placement::Replace, Selector::Whole));
        let origin = if is_result { Origin::Result } else { Origin::Made };
        // Only in the `spec` profile can a Catcher see a failing OutputPath, and then it needs the raw input.
        let is_retold = !state.catch.is_empty() && !self.machine.profile.is_aws();
        let raw = match &data.output_path {
            Selector::Path(_) if is_retold => Some(self.meter.copy(&strand.input, 0)?),
            _ => None,
        };
        let output = self.place(strand, &data.result_path, result)?;
        match self.output(strand, state, output) {
            Ok(output) => self.leave(strand, state, output, assigned, state.next, origin),
            Err(failure) => {
                strand.input = raw.unwrap_or_default();
                Err(failure)
            }
        }
    }

    /// Output and Assign of a JSONata state with a result (JNATA-049, JNATA-050, VAR-024).
    fn complete_query(&mut self, strand: &mut Strand, state: &State, result: Value) -> Result<Progress, Failure> {
        let data = &state.data;
        let environment = self.environment_of(strand, Some(&result));
        let assigned = data.assign.as_ref().map(|assign| assign.evaluate(&environment)).transpose()?;
        let output = data.output.as_ref().map(|output| output.evaluate(&environment)).transpose()?;
        let origin = if output.is_none() { Origin::Result } else { Origin::Made };
        self.leave(strand, state, output.unwrap_or(result), assigned, state.next, origin)
    }

    /// ResultPath: combines a result with the raw input (IO-018 to IO-025). Takes the raw input unless it fails.
    pub(super) fn place(&self, strand: &mut Strand, placement: &Placement, result: Value) -> Result<Value, Failure> {
        match placement {
            Placement::Replace => Ok(result),
            Placement::Discard => Ok(std::mem::take(&mut strand.input)),
            Placement::At(path) => {
                self.meter.measure(&result, path.steps_len())?;
                let mut raw = std::mem::take(&mut strand.input);
                match path.assign(&mut raw, result) {
                    Ok(()) => Ok(raw),
                    Err(error) => {
                        strand.input = raw;
                        Err(StateError::new(names::RESULT_PATH_MATCH_FAILURE, error.to_string()).into())
                    }
                }
            }
        }
    }

    /// OutputPath (IO-027 to IO-031).
    pub(super) fn output(&self, strand: &Strand, state: &State, value: Value) -> Result<Value, Failure> {
        match &state.data.output_path {
            Selector::Whole => Ok(value),
            selector => {
                let selected = select(selector, &self.environment(strand, &value))?;
                self.owned(selected)
            }
        }
    }

    /// Exits the state with `output`, stores what it assigns, and goes to the next state.
    pub(super) fn leave(
        &mut self,
        strand: &mut Strand,
        state: &State,
        output: Value,
        assigned: Option<Value>,
        next: Next,
        origin: Origin,
    ) -> Result<Progress, Failure> {
        let assigned = match assigned {
            Some(Value::Object(assigned)) => Some(assigned),
            _ => None,
        };
        let bytes = match &assigned {
            Some(assigned) => self.check_variables(strand, assigned)?,
            None => Vec::new(),
        };
        strand.input = output;
        Ok(self.depart(strand, state, assigned.map(|values| Assigned { values, bytes }), next, origin))
    }

    /// Exits the state with the input of the strand, which has become its output.
    pub(super) fn depart(
        &mut self,
        strand: &mut Strand,
        state: &State,
        assigned: Option<Assigned>,
        next: Next,
        origin: Origin,
    ) -> Progress {
        let event = Event::StateExited {
            kind: state.state_type(),
            name: &state.name,
            output: &strand.input,
            origin,
            assigned: assigned.as_ref().map(|assigned| &assigned.values),
        };
        strand.last_event = self.emit(strand.execution, strand.last_event, event);
        if let Some(assigned) = assigned {
            assign(strand, assigned);
        }
        if let Err(Failure::Error(error)) = self.check_payload(&strand.input, state) {
            // LIMIT-026: the state has succeeded; the execution ends on the way to the next one.
            self.end_with(End::Failed(error), strand.last_event);
            return Progress::Blocked;
        }
        match next {
            Next::State(next) => {
                strand.state = next;
                strand.phase = Phase::Enter;
                Progress::Going
            }
            Next::End => Progress::Done(std::mem::take(&mut strand.input)),
        }
    }

    /// ERR-017, LIMIT-003.
    pub(super) fn check_payload(&self, value: &Value, state: &State) -> Result<(), Failure> {
        let Some(limits) = &self.options.quotas else { return Ok(()) };
        if quotas::json_bytes(value) <= limits.payload_bytes {
            return Ok(());
        }
        let cause = format!(
            "The state/task '{}' returned a result with a size exceeding the maximum number of bytes service limit.",
            state.name
        );
        Err(StateError::new(names::DATA_LIMIT_EXCEEDED, cause).into())
    }

    /// The lengths of assigned values, where quotas are enforced (LIMIT-005 to LIMIT-007).
    fn check_variables(&self, strand: &Strand, assigned: &Map<String, Value>) -> Result<Vec<usize>, Failure> {
        let Some(limits) = &self.options.quotas else { return Ok(Vec::new()) };
        let bytes: Vec<usize> = assigned.values().map(quotas::json_bytes).collect();
        let new = bytes.iter().fold(0_usize, |sum, bytes| sum.saturating_add(*bytes));
        let all = new.saturating_add(strand.scope.bytes_without(assigned));
        if new <= limits.variable_bytes && all <= limits.variables_bytes {
            return Ok(bytes);
        }
        Err(StateError::new(names::DATA_LIMIT_EXCEEDED, "The variables exceed the maximum size.").into())
    }
}

/// What a state assigns.
pub(super) struct Assigned {
    values: Map<String, Value>,
    /// Lengths of the values as JSON text, where quotas are enforced.
    bytes: Vec<usize>,
}

/// Stores variables in the scope of the strand, which it creates when it is the first (VAR-022, VAR-031).
fn assign(strand: &mut Strand, assigned: Assigned) {
    if !strand.owns_scope {
        strand.scope = Rc::new(Scope::inside(Rc::clone(&strand.scope)));
        strand.owns_scope = true;
    }
    let scope = Rc::make_mut(&mut strand.scope);
    for (name, bytes) in assigned.values.keys().zip(assigned.bytes) {
        scope.set_bytes(name, bytes);
    }
    for (name, value) in assigned.values {
        scope.set(name, value);
    }
}

fn select<'e>(selector: &Selector, environment: &Environment<'e>) -> Result<Cow<'e, Value>, Failure> {
    match selector {
        Selector::Whole => Ok(Cow::Borrowed(environment.input)),
        Selector::Nothing => Ok(Cow::Owned(Value::Object(Map::new()))),
        Selector::Path(path) => environment.select_existing(path).map_err(|error| invalid_path(path.text(), error)),
    }
}

/// A Path of a field other than a template selects nothing: `States.Runtime` in both profiles (D06).
pub(super) fn invalid_path(text: &str, error: PathError) -> Failure {
    match error {
        PathError::Failure(failure) => failure,
        other => StateError::runtime(format!("Invalid path '{text}' : {other}")).into(),
    }
}
