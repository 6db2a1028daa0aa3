//! Retriers and Catchers (RETRY, CATCH and ERR rows; specification, "Error Handling").

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    Abort,
    execution::{Execution, Progress},
    strand::{Phase, Strand},
};
use crate::{
    failure::{Failure, StateError, names},
    machine::{Catcher, Next, QueryLanguage, Retrier, State},
    observe::{Event, Observer, Origin},
    profile::Profile,
    task::TaskHandler,
    time::Span,
};

/// An error on its way to the Retriers and Catchers of its state.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Raised {
    pub error: StateError,
    /// A missed heartbeat: reported as a timeout and matched under both names in the `aws` profile (ERR-012).
    pub is_heartbeat: bool,
}

impl From<StateError> for Raised {
    fn from(error: StateError) -> Self {
        Self { error, is_heartbeat: false }
    }
}

impl Raised {
    pub fn name(&self) -> Option<&str> {
        self.error.error.as_deref()
    }

    /// Whether no Retrier or Catcher may see it (ERR-019).
    pub fn is_fatal(&self, profile: Profile) -> bool {
        profile.is_aws() && self.name() == Some(names::RUNTIME)
    }

    fn matches(&self, error_equals: &[String], profile: Profile) -> bool {
        error_equals.iter().any(|pattern| match pattern.as_str() {
            names::ALL => true,
            // D04: a wildcard for every error but timeouts.
            names::TASK_FAILED if profile.is_aws() => self.name() != Some(names::TIMEOUT),
            names::HEARTBEAT_TIMEOUT if self.is_heartbeat => true,
            pattern => self.name() == Some(pattern),
        })
    }

    /// The error output (ERR-004 to ERR-006).
    fn output(&self) -> Value {
        let member = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let mut output = Map::with_capacity(2);
        output.insert("Error".to_owned(), member(self.name()));
        output.insert("Cause".to_owned(), member(self.error.cause.as_deref()));
        Value::Object(output)
    }
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// Retries, catches, or fails the strand.
    pub(super) fn handle(&mut self, strand: &mut Strand, state: &State, failure: Failure) -> Result<Progress, Abort> {
        let raised = match failure {
            Failure::Error(error) => Raised::from(self.explained(strand, state, error)),
            Failure::Query { error, location } => self.query_failed(strand, state, error, &location),
            stop => return Err(self.abort(stop)),
        };
        self.handle_raised(strand, state, raised)
    }

    pub(super) fn handle_raised(
        &mut self,
        strand: &mut Strand,
        state: &State,
        raised: Raised,
    ) -> Result<Progress, Abort> {
        let profile = self.machine.profile;
        self.map_run_failed(strand, &raised.error);
        if raised.is_fatal(profile) {
            return Ok(Progress::Failed(raised));
        }
        if let Some(delay) = self.retry_delay(strand, state, &raised) {
            return self.retry_after(strand, state, delay);
        }
        self.work_failed(strand, state);
        let catcher = state.catch.iter().find(|catcher| raised.matches(&catcher.error_equals, profile));
        let Some(catcher) = catcher else { return Ok(Progress::Failed(raised)) };
        match self.caught(strand, state, catcher, &raised) {
            Ok(progress) => Ok(progress),
            // CATCH-019: what goes wrong in a Catcher is not caught again.
            Err(Failure::Error(error)) => Ok(Progress::Failed(self.explained(strand, state, error).into())),
            Err(Failure::Query { error, location }) => {
                let raised = self.query_failed(strand, state, error, &location);
                self.work_failed(strand, state);
                Ok(Progress::Failed(raised))
            }
            Err(stop) => Err(self.abort(stop)),
        }
    }

    /// The delay before the next attempt, if a Retrier grants one (RETRY-004, RETRY-009, RETRY-020).
    fn retry_delay(&self, strand: &mut Strand, state: &State, raised: &Raised) -> Option<Span> {
        let profile = self.machine.profile;
        let matching = |retrier: &&Retrier| raised.matches(&retrier.error_equals, profile);
        let (index, retrier) = state.retry.iter().enumerate().find(|(_, retrier)| matching(retrier))?;
        let counts = &mut strand.retries.by_retrier;
        counts.resize(state.retry.len(), 0);
        let count = counts.get_mut(index)?;
        if *count >= retrier.max_attempts {
            return None;
        }
        let delay = self.delay(retrier, *count);
        *count = count.saturating_add(1);
        Some(delay)
    }

    /// RETRY-007, RETRY-012, RETRY-016, RETRY-019: jitter is drawn after the cap.
    #[allow(clippy::cast_precision_loss, reason = "published maxima are far below 2^53")]
    fn delay(&self, retrier: &Retrier, retries_before: u64) -> Span {
        let exponent = i32::try_from(retries_before).unwrap_or(i32::MAX);
        let computed = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
        let capped = retrier.max_delay_seconds.map_or(computed, |cap| computed.min(cap as f64));
        Span::fraction(if retrier.full_jitter { capped * self.random.unit() } else { capped })
    }

    fn retry_after(&mut self, strand: &mut Strand, state: &State, delay: Span) -> Result<Progress, Abort> {
        self.count_transition()?;
        if O::ENABLED {
            self.observer.delay(&state.name, delay);
        }
        strand.phase = Phase::Retry;
        if delay == Span::ZERO {
            return Ok(Progress::Going);
        }
        self.timeline.wake_at(self.now.after(delay), strand.id);
        Ok(Progress::Blocked)
    }

    /// CATCH-006, CATCH-008 to CATCH-010, VAR-030, VAR-039. Neither ResultSelector nor OutputPath applies (IO-013,
    /// IO-032).
    fn caught(
        &mut self,
        strand: &mut Strand,
        state: &State,
        catcher: &Catcher,
        raised: &Raised,
    ) -> Result<Progress, Failure> {
        let error_output = raised.output();
        if state.reads_context {
            self.prepare_context(strand, state);
        }
        let next = Next::State(catcher.next);
        let is_jsonata = state.language == QueryLanguage::Jsonata;
        // In a JSONPath state `$` is the error output (VAR-030).
        let mut environment = self.environment(strand, if is_jsonata { &strand.input } else { &error_output });
        environment.states.error_output = Some(&error_output);
        let assigned = catcher.assign.as_ref().map(|assign| assign.evaluate(&environment)).transpose()?;
        let output = catcher.output.as_ref().map(|output| output.evaluate(&environment)).transpose()?;
        let output = match output {
            Some(output) => output,
            None if is_jsonata => error_output,
            None => self.place(strand, &catcher.result_path, error_output)?,
        };
        self.leave(strand, state, output, assigned, next, Origin::Made)
    }

    /// HIST-030.
    fn query_failed(&mut self, strand: &mut Strand, state: &State, error: StateError, location: &str) -> Raised {
        let error = self.explained(strand, state, error);
        let event = Event::EvaluationFailed { state: &state.name, location, error: &error };
        strand.last_event = self.emit(strand.execution, strand.last_event, event);
        error.into()
    }

    /// Adds the preamble that AWS puts before the causes of its own errors (HIST-012).
    pub(super) fn explained(&self, strand: &Strand, state: &State, mut error: StateError) -> StateError {
        const WITHOUT: [&str; 2] = [names::DATA_LIMIT_EXCEEDED, names::EXCEED_TOLERATED_FAILURE_THRESHOLD];
        let is_plain = error.error.as_deref().is_some_and(|name| WITHOUT.contains(&name));
        if let (Some(cause), false) = (&error.cause, is_plain) {
            error.cause = Some(format!(
                "An error occurred while executing the state '{}' (entered at the event id #{}). {cause}",
                state.name, strand.entered_event
            ));
        }
        error
    }

    /// What an error of a task worker is called (ERR-010, D42).
    pub(super) fn named(&self, mut error: StateError) -> StateError {
        if error.error.is_none() && !self.machine.profile.is_aws() {
            error.error = Some(Cow::Borrowed(names::TASK_FAILED));
        }
        error
    }
}
