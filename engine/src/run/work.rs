//! The work of each type of state.

use serde_json::{Number, Value};

use super::{
    data::invalid_path,
    execution::{Execution, Progress},
    strand::{Phase, Strand},
};
use crate::{
    environment::Environment,
    failure::{Failure, StateError, names},
    machine::{Choice, Fail, Figure, Kind, Next, QueryLanguage, Selector, State, Wait, Wording},
    number,
    observe::{Observer, Origin},
    path::{ReferencePath, Root},
    profile::Profile,
    task::TaskHandler,
    template::{Expression, Template},
    time::Span,
    timestamp::Timestamp,
};

/// How a state without a result is left.
struct WayOut<'s> {
    assign: Option<&'s Template>,
    output: Option<&'s Template>,
    next: Next,
}

impl<'s> WayOut<'s> {
    /// With the Assign and the Output of the state itself.
    fn of(state: &'s State, next: Next) -> Self {
        Self { assign: state.data.assign.as_ref(), output: state.data.output.as_ref(), next }
    }
}

/// Longest wait of the `aws` profile, in seconds: the largest 32-bit integer, which 24,856 days exceed (WAIT-020).
const LONGEST_WAIT: i64 = i32::MAX as i64;
/// Largest value of a `Seconds` that an expression gives (WAIT-004).
const LONGEST_QUERIED_WAIT: i64 = 99_999_999;

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// Begins, or begins again, the work of the state that the strand has entered.
    pub(super) fn work(&mut self, strand: &mut Strand, state: &State) -> Result<Progress, Failure> {
        if state.is_identity {
            return Ok(self.depart(strand, state, None, state.next, Origin::Input));
        }
        if state.reads_context {
            self.prepare_context(strand, state);
        }
        match &state.kind {
            Kind::Pass { .. } if state.language == QueryLanguage::Jsonata => {
                self.pass_input_on(strand, state, WayOut::of(state, state.next))
            }
            Kind::Pass { result: None } => {
                let result = self.effective_input(strand, state)?;
                self.complete(strand, state, result)
            }
            Kind::Pass { result: Some(result) } => {
                self.effective_input_is_valid(strand, state)?;
                let result = self.meter.copy(result, 0)?;
                self.complete(strand, state, result)
            }
            Kind::Succeed => {
                self.filter_input(strand, state)?;
                self.pass_input_on(strand, state, WayOut::of(state, Next::End))
            }
            Kind::Fail(fail) => {
                strand.phase = Phase::Failing(Box::new(self.fail(strand, fail)?.into()));
                Ok(Progress::Going)
            }
            Kind::Choice(choice) => self.choose(strand, state, choice),
            Kind::Wait(wait) => self.wait(strand, state, wait),
            Kind::Task(task) => self.call_task(strand, state, task),
            Kind::Parallel(branches) => self.start_branches(strand, state, branches),
            Kind::Map(map) => self.start_map(strand, state, map),
        }
    }

    /// Result takes the place of what InputPath and Parameters make (PASS-006), which still have to be applicable.
    fn effective_input_is_valid(&self, strand: &Strand, state: &State) -> Result<(), Failure> {
        if state.data.parameters.is_none() && matches!(state.data.input_path, Selector::Whole) {
            return Ok(());
        }
        let filtered = self.filtered_input(strand, state)?;
        if let Some(parameters) = &state.data.parameters {
            parameters.evaluate(&self.environment(strand, &filtered))?;
        }
        Ok(())
    }

    /// FAIL-004, FAIL-010.
    fn fail(&self, strand: &Strand, fail: &Fail) -> Result<StateError, Failure> {
        let environment = self.environment(strand, &strand.input);
        let text = |wording: &Option<Wording>| match wording {
            None => Ok(None),
            Some(Wording::Literal(text)) => Ok(Some(text.clone())),
            Some(Wording::Computed { field, expression }) => {
                // FAIL-010: a miss is States.Runtime in both profiles, so only intrinsics keep their own error.
                let value = expression.evaluate(field, &environment).map_err(|failure| match failure {
                    Failure::Error(StateError { error: Some(name), cause })
                        if name == names::PARAMETER_PATH_FAILURE =>
                    {
                        StateError { error: Some(names::RUNTIME.into()), cause }.into()
                    }
                    other => other,
                })?;
                match value.as_str() {
                    Some(text) => Ok(Some(text.to_owned())),
                    // FAIL-007.
                    None if matches!(expression, Expression::Query(_)) => {
                        Err(expression.unexpected(field, "string", &value))
                    }
                    None => Err(Failure::from(StateError::runtime(format!(
                        "The value of the field '{field}' must be a string, but it is {}",
                        kind_of(&value)
                    )))),
                }
            }
        };
        let cause = text(&fail.cause)?;
        Ok(StateError { error: text(&fail.error)?.map(Into::into), cause })
    }

    /// CHOICE-005 to CHOICE-008.
    fn choose(&mut self, strand: &mut Strand, state: &State, choice: &Choice) -> Result<Progress, Failure> {
        self.filter_input(strand, state)?;
        let environment = self.environment(strand, &strand.input);
        let mut chosen = None;
        for rule in &choice.rules {
            if rule.condition.holds(&environment)? {
                chosen = Some(rule);
                break;
            }
        }
        let way_out = match (chosen, choice.default) {
            // VAR-040, CHOICE-011: Assign and Output of the state are not for a rule that matches.
            (Some(rule), _) => {
                let next = Next::State(rule.next);
                WayOut { assign: rule.assign.as_ref(), output: rule.output.as_ref(), next }
            }
            (None, Some(next)) => WayOut::of(state, Next::State(next)),
            (None, None) => return Err(no_choice(self.machine.profile).into()),
        };
        self.pass_input_on(strand, state, way_out)
    }

    /// Leaves a state that has no result: its output is its effective input (VAR-029), or what Output makes of it
    /// (JNATA-051).
    fn pass_input_on(&mut self, strand: &mut Strand, state: &State, way_out: WayOut<'_>) -> Result<Progress, Failure> {
        if way_out.assign.is_none() && way_out.output.is_none() && matches!(state.data.output_path, Selector::Whole) {
            let is_whole = matches!(state.data.input_path, Selector::Whole);
            let origin = if is_whole { Origin::Input } else { Origin::Made };
            return Ok(self.depart(strand, state, None, way_out.next, origin));
        }
        let environment = self.environment(strand, &strand.input);
        let assigned = way_out.assign.map(|assign| assign.evaluate(&environment)).transpose()?;
        let output = match way_out.output {
            Some(output) => output.evaluate(&environment)?,
            None => {
                let input = std::mem::take(&mut strand.input);
                self.output(strand, state, input)?
            }
        };
        self.leave(strand, state, output, assigned, way_out.next, Origin::Made)
    }

    /// WAIT-003 to WAIT-016.
    fn wait(&mut self, strand: &mut Strand, state: &State, wait: &Wait) -> Result<Progress, Failure> {
        self.filter_input(strand, state)?;
        let environment = self.environment(strand, &strand.input);
        let seconds = match wait {
            Wait::Seconds(seconds) => i64::try_from(*seconds).unwrap_or(i64::MAX),
            Wait::SecondsPath(path) => seconds(path, &environment)?,
            Wait::SecondsQuery(expression) => queried_seconds(expression, &environment)?,
            Wait::TimestampQuery(expression) => self.seconds_from_now(&queried_timestamp(expression, &environment)?),
            Wait::Timestamp(time) => self.seconds_from_now(time),
            Wait::TimestampPath(path) => self.seconds_from_now(&timestamp(path, &environment)?),
        };
        if seconds > LONGEST_WAIT && self.machine.profile.is_aws() {
            return Err(StateError::runtime("Wait state delay is too long.").into());
        }
        let length = Span::seconds(u64::try_from(seconds).unwrap_or(0));
        strand.phase = Phase::WaitOver;
        if O::ENABLED {
            self.observer.delay(&state.name, length);
        }
        if length == Span::ZERO {
            return Ok(Progress::Going);
        }
        self.timeline.wake_at(self.now.after(length), strand.id);
        Ok(Progress::Blocked)
    }

    /// A time in the past does not wait (WAIT-012); fractions are cut off (WAIT-013).
    fn seconds_from_now(&self, time: &Timestamp) -> i64 {
        let now = i64::try_from(self.now.as_micros() / 1_000_000).unwrap_or(i64::MAX);
        self.contexts.seconds_until(time).saturating_sub(now).max(0)
    }

    pub(super) fn wait_over(&mut self, strand: &mut Strand, state: &State) -> Result<Progress, Failure> {
        if state.reads_context {
            self.prepare_context(strand, state);
        }
        self.pass_input_on(strand, state, WayOut::of(state, state.next))
    }

    /// The number that a field gives, and where it comes from.
    pub(super) fn figure(&self, figure: &Figure, environment: &Environment<'_>) -> Result<Number, Failure> {
        match figure {
            Figure::Literal(number) => Ok(number.clone()),
            Figure::Query { field, expression } => match &*expression.evaluate(field, environment)? {
                Value::Number(number) => Ok(number.clone()),
                other => Err(expression.unexpected(field, "number", other)),
            },
            Figure::Path { field, path } => {
                let value = select(path, environment)?;
                let refuse = || {
                    Failure::from(StateError::runtime(format!(
                        "The {field} parameter does not reference a number: it is {}",
                        kind_of(value)
                    )))
                };
                match value {
                    Value::Number(number) => Ok(number.clone()),
                    // D35.
                    Value::String(text) if self.machine.profile.is_aws() => text.parse().map_err(|_| refuse()),
                    _ => Err(refuse()),
                }
            }
        }
    }

    /// A figure that must be an integer in a range.
    pub(super) fn integer(
        &self,
        figure: &Figure,
        range: std::ops::RangeInclusive<i64>,
        environment: &Environment<'_>,
    ) -> Result<i64, Failure> {
        let number = self.figure(figure, environment)?;
        let integer = number::to_i64(&number).filter(|integer| range.contains(integer));
        integer.ok_or_else(|| {
            if let Figure::Query { field, expression } = figure {
                return expression.out_of_range(field, &Value::Number(number));
            }
            let field = if let Figure::Path { field, .. } = figure { field } else { "field" };
            let (from, to) = (range.start(), range.end());
            StateError::runtime(format!("The value {number} of {field} is not an integer from {from} to {to}")).into()
        })
    }
}

/// CHOICE-007.
fn no_choice(profile: Profile) -> StateError {
    let name = if profile.is_aws() { names::RUNTIME } else { names::NO_CHOICE_MATCHED };
    StateError::new(name, "Failed to transition out of the state. The state does not point to a next state.")
}

/// The value of a `...Path` field.
pub(super) fn select<'e>(path: &ReferencePath, environment: &Environment<'e>) -> Result<&'e Value, Failure> {
    let root = match path.root() {
        Root::Input => environment.input,
        Root::Context => environment.context,
        Root::Variable(name) => environment
            .scope
            .get(name)
            .ok_or_else(|| Failure::from(StateError::runtime(format!("variable '${name}' has no value"))))?,
    };
    path.select(root).map_err(|error| invalid_path(path.text(), error))
}

/// WAIT-008.
fn seconds(path: &ReferencePath, environment: &Environment<'_>) -> Result<i64, Failure> {
    let value = select(path, environment)?;
    let integer = value.as_number().and_then(number::to_i64);
    let problem = match integer {
        Some(seconds) if seconds >= 0 => return Ok(seconds),
        Some(_) => "references a negative value",
        None => "cannot be parsed as a long",
    };
    Err(StateError::runtime(format!("The SecondsPath parameter {problem}: {} == {value}", path.text())).into())
}

/// WAIT-016.
fn timestamp(path: &ReferencePath, environment: &Environment<'_>) -> Result<Timestamp, Failure> {
    let value = select(path, environment)?;
    value.as_str().and_then(Timestamp::parse).ok_or_else(|| {
        let text = path.text();
        StateError::runtime(format!(
            "The TimestampPath parameter does not reference a valid ISO-8601 timestamp: {text} == {value}"
        ))
        .into()
    })
}

/// WAIT-006.
fn queried_seconds(expression: &Expression, environment: &Environment<'_>) -> Result<i64, Failure> {
    let value = expression.evaluate("Seconds", environment)?;
    let Value::Number(number) = &*value else { return Err(expression.unexpected("Seconds", "number", &value)) };
    let seconds = number::to_i64(number).filter(|seconds| (0..=LONGEST_QUERIED_WAIT).contains(seconds));
    seconds.ok_or_else(|| expression.out_of_range("Seconds", &value))
}

/// WAIT-014.
fn queried_timestamp(expression: &Expression, environment: &Environment<'_>) -> Result<Timestamp, Failure> {
    let value = expression.evaluate("Timestamp", environment)?;
    let Some(text) = value.as_str() else { return Err(expression.unexpected("Timestamp", "string", &value)) };
    Timestamp::parse(text).ok_or_else(|| expression.out_of_range("Timestamp", &value))
}

/// What a value is, for a person.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
