//! The loop that runs all strands.

use serde_json::Value;

use super::{
    Abort, End, Options, Outcome,
    children::Ending,
    context::Contexts,
    errors::Raised,
    strand::{Phase, Strand, Strands},
    throttle::Bucket,
    timeline::{Ready, Timeline},
};
use crate::{
    environment::{Environment, States},
    failure::{Failure, StateError, names},
    machine::{Machine, State, StateId},
    meter::{Meter, TRANSITION},
    observe::{Event, EventId, Observer, Stamp},
    quotas,
    random::Random,
    task::TaskHandler,
    time::Span,
};

/// One run of a machine.
pub(super) struct Execution<'m, H, O> {
    pub machine: &'m Machine,
    pub options: &'m Options,
    pub handler: &'m mut H,
    pub observer: &'m mut O,
    pub meter: Meter,
    pub random: Random,
    pub contexts: Contexts,
    pub strands: Strands,
    pub timeline: Timeline,
    /// Tokens for transitions, where their rate is limited.
    pub bucket: Option<Bucket>,
    pub now: Span,
    pub transitions: u64,
    pub task_tokens: u64,
    /// Number of the last event of each execution.
    events: Vec<EventId>,
    end: Option<(End, EventId)>,
}

/// Where a strand stands after a step.
pub(super) enum Progress {
    /// It can go on at once.
    Going,
    /// It waits for time to pass or for its children.
    Blocked,
    /// Its terminal state gave this output.
    Done(Value),
    /// An error left its current state.
    Failed(Raised),
}

impl<'m, H: TaskHandler, O: Observer> Execution<'m, H, O> {
    pub fn new(machine: &'m Machine, options: &'m Options, handler: &'m mut H, observer: &'m mut O) -> Self {
        Self {
            machine,
            options,
            handler,
            observer,
            meter: Meter::new(options.fuel, options.live_limit),
            random: Random::seeded(options.seed),
            contexts: Contexts::default(),
            strands: Strands::default(),
            timeline: Timeline::default(),
            bucket: options.quotas.as_ref().and_then(|limits| limits.transitions).map(Bucket::new),
            now: Span::ZERO,
            transitions: 0,
            task_tokens: 0,
            events: vec![0],
            end: None,
        }
    }

    pub fn run(mut self, input: Value) -> Result<Outcome, Abort> {
        if let Some(reason) = self.refusal(&input) {
            return Err(Abort::Refused(reason));
        }
        self.contexts = Contexts::start(self.machine, self.options, &input);
        self.emit(0, 0, Event::ExecutionStarted { input: &input });
        let id = self.strands.reserve();
        self.strands.put(Strand::of_execution(id, 0, self.machine.start, input));
        self.timeline.make_ready(id);
        self.simulate()?;
        Ok(self.finish())
    }

    /// Why the execution does not start, if it does not (LIMIT-004, LIMIT-013).
    fn refusal(&self, input: &Value) -> Option<String> {
        let limits = self.options.quotas.as_ref()?;
        let most = limits.payload_bytes;
        if quotas::json_bytes(input) > most {
            return Some(format!("the execution input is larger than the quota of {most} bytes"));
        }
        self.options.name.as_deref().and_then(quotas::name_fault)
    }

    /// Lets strands take turns until the root strand ends or time runs out.
    fn simulate(&mut self) -> Result<(), Abort> {
        let (deadline, end) = self.deadline();
        while self.end.is_none() {
            let ready = self.timeline.next_ready();
            if let Some(Ready::Iterations(batch)) = ready {
                if let Some(iteration) = self.begin_iteration(batch) {
                    self.take_turn(iteration)?;
                }
                continue;
            }
            let id = if let Some(Ready::Strand(id)) = ready {
                id
            } else if let Some((at, id)) = self.timeline.next_wake() {
                if at > deadline {
                    // HIST-031, HIST-032: neither end has a predecessor.
                    self.now = deadline;
                    self.end = Some((end, 0));
                    return Ok(());
                }
                if self.strands.get_mut(id).is_none() {
                    continue;
                }
                self.now = at;
                id
            } else {
                return Err(Abort::Unsupported("the machine waits for something that never comes".to_owned()));
            };
            if let Some(strand) = self.strands.take(id) {
                self.take_turn(strand)?;
            }
        }
        Ok(())
    }

    fn take_turn(&mut self, mut strand: Strand) -> Result<(), Abort> {
        if self.advance(&mut strand)? {
            self.strands.put(strand);
        }
        Ok(())
    }

    /// The latest virtual time that the execution may reach, and how it ends there: by a timeout (STRUCT-016,
    /// STRUCT-017, LIMIT-011) or because somebody stops it (HIST-032).
    fn deadline(&self) -> (Span, End) {
        let machine = self.machine.timeout.map_or(Span::FOREVER, Span::seconds);
        let timeout = self.options.quotas.as_ref().map_or(machine, |limits| machine.min(limits.duration));
        match &self.options.stop {
            Some(stop) if stop.at < timeout => (stop.at, End::Stopped(stop.error.clone())),
            _ => (timeout, End::TimedOut(StateError { error: Some(names::TIMEOUT.into()), cause: None })),
        }
    }

    /// Lets one strand go on until it has to wait or another one is ready; gives whether it has not ended.
    fn advance(&mut self, strand: &mut Strand) -> Result<bool, Abort> {
        let ending = loop {
            if self.meter.live_is_suspect() {
                self.count_live_data(strand)?;
            }
            if let Some(raised) = self.history_is_full(strand) {
                break Ending::Error(raised);
            }
            match self.step(strand)? {
                Progress::Going if self.timeline.nobody_is_ready() && self.end.is_none() => {}
                Progress::Going => {
                    self.timeline.make_ready(strand.id);
                    return Ok(true);
                }
                Progress::Blocked => return Ok(true),
                Progress::Done(output) => break Ending::Output(output),
                Progress::Failed(raised) => break Ending::Error(raised),
            }
        };
        self.strand_ended(strand, ending)?;
        Ok(false)
    }

    fn step(&mut self, strand: &mut Strand) -> Result<Progress, Abort> {
        let Some(state) = self.machine.states.get(strand.state.0) else {
            return Err(Abort::Unsupported("a transition to a state that was not compiled".to_owned()));
        };
        if self.is_throttled(strand) {
            return Ok(Progress::Blocked);
        }
        let worked = match std::mem::take(&mut strand.phase) {
            Phase::Enter => {
                self.count_transition()?;
                self.enter(strand, state);
                self.work(strand, state)
            }
            Phase::Retry => self.work(strand, state),
            Phase::WaitOver => self.wait_over(strand, state),
            Phase::TaskOver(result) => self.task_answered(strand, state, *result),
            Phase::Failing(raised) => return self.handle_raised(strand, state, *raised),
            Phase::Children(children) => self.tend(strand, state, children),
        };
        match worked {
            Ok(progress) => Ok(progress),
            Err(failure) => self.handle(strand, state, failure),
        }
    }

    fn enter(&mut self, strand: &mut Strand, state: &State) {
        strand.retries.reset();
        strand.entered_at = self.now;
        let event = Event::StateEntered { kind: state.state_type(), name: &state.name, input: &strand.input };
        strand.last_event = self.emit(strand.execution, strand.last_event, event);
        strand.entered_event = strand.last_event;
    }

    /// Counts a state entered or a retry (LIMIT-019).
    pub fn count_transition(&mut self) -> Result<(), Abort> {
        self.transitions = self.transitions.saturating_add(1);
        self.meter.charge(TRANSITION).map_err(|failure| self.abort(failure))
    }

    /// Why the run ends without an end of its own.
    pub fn abort(&self, failure: Failure) -> Abort {
        match failure {
            Failure::OutOfFuel => Abort::OutOfFuel { transitions: self.transitions.saturating_sub(1) },
            Failure::Abandoned(reason) => Abort::Task(reason),
            Failure::Unsupported(what) => Abort::Unsupported(what),
            Failure::Error(error) | Failure::Query { error, .. } => Abort::Unsupported(error.cause.unwrap_or_default()),
        }
    }

    /// Records an event and gives its number.
    pub fn emit(&mut self, execution: usize, previous: EventId, event: Event<'_>) -> EventId {
        let Some(last) = self.events.get_mut(execution) else { return 0 };
        *last = last.saturating_add(1);
        let id = *last;
        if O::ENABLED {
            let stamp = if execution == 0 { id } else { 0 };
            self.observer.event(Stamp { id: stamp, previous, at: self.now }, &event);
        }
        if execution == 0 {
            self.watch_history(id);
        }
        id
    }

    /// The number that the next event of an execution will have.
    pub fn next_event(&self, execution: usize) -> EventId {
        self.events.get(execution).map_or(0, |last| last.saturating_add(1))
    }

    /// Event 25,000 is the failure of the execution itself (LIMIT-009, LIMIT-028).
    fn watch_history(&mut self, id: EventId) {
        let Some(limit) = self.options.quotas.as_ref().and_then(|limits| limits.history_events) else { return };
        if id.saturating_add(1) == limit && self.end.is_none() {
            self.end = Some((End::Failed(StateError::runtime(history_is_full(limit))), id));
        }
    }

    /// The failure of a child execution that has used up its own history; one of type Express has no limit (LIMIT-010).
    fn history_is_full(&self, strand: &Strand) -> Option<Raised> {
        let limit = self.options.quotas.as_ref()?.history_events?;
        let is_limited = strand.execution > 0 && !strand.is_express;
        let is_full =
            is_limited && self.events.get(strand.execution).is_some_and(|last| last.saturating_add(1) >= limit);
        is_full.then(|| StateError::runtime(history_is_full(limit)).into())
    }

    /// The number that counts the events of one more execution.
    pub fn new_execution(&mut self) -> usize {
        self.events.push(0);
        self.events.len().saturating_sub(1)
    }

    /// What the expressions of a strand see, with `input` as `$`.
    pub fn environment<'e>(&'e self, strand: &'e Strand, input: &'e Value) -> Environment<'e> {
        Environment {
            input,
            context: self.contexts.current(strand.execution),
            scope: &strand.scope,
            profile: self.machine.profile,
            meter: &self.meter,
            random: &self.random,
            states: States { now: self.contexts.millis(self.now), ..States::default() },
        }
    }

    /// What the expressions of a JSONata state see once there is a result (JNATA-018).
    pub fn environment_of<'e>(&'e self, strand: &'e Strand, result: Option<&'e Value>) -> Environment<'e> {
        let mut environment = self.environment(strand, &strand.input);
        environment.states.result = result;
        environment
    }

    pub fn start_strand(&mut self, strand: Strand) {
        let id = strand.id;
        self.strands.put(strand);
        self.timeline.make_ready(id);
    }

    /// Ends the whole execution.
    pub fn end_with(&mut self, end: End, previous: EventId) {
        if self.end.is_none() {
            self.end = Some((end, previous));
        }
    }

    /// Replaces the upper bound of live data by a count of it.
    fn count_live_data(&mut self, running: &Strand) -> Result<(), Abort> {
        let counted = self.strands.iter().chain([running]).try_fold(0_u64, |sum, strand| {
            let mut sum = sum.saturating_add(self.meter.measure(&strand.input, 0)?);
            for value in strand.scope.own().values() {
                sum = sum.saturating_add(self.meter.measure(value, 0)?);
            }
            if let Phase::Children(children) = &strand.phase {
                sum = sum.saturating_add(children.measure(&self.meter)?);
            }
            Ok(sum)
        });
        match counted.and_then(|units| self.meter.set_live(units)) {
            Ok(()) => Ok(()),
            Err(Failure::Error(error)) => {
                self.end_with(End::Failed(error), running.last_event);
                Ok(())
            }
            Err(stop) => Err(self.abort(stop)),
        }
    }

    fn finish(mut self) -> Outcome {
        let unfinished = || (End::Failed(StateError::runtime("the execution ended in no state")), 0);
        let (mut end, previous) = self.end.take().unwrap_or_else(unfinished);
        if let (End::Failed(error), Some(_)) = (&mut end, &self.options.quotas) {
            quotas::shorten(error);
        }
        let event = match &end {
            End::Succeeded(output) => Event::ExecutionSucceeded { output },
            End::Failed(error) => Event::ExecutionFailed { error },
            End::TimedOut(error) => Event::ExecutionTimedOut { error },
            End::Stopped(error) => Event::ExecutionAborted { error },
        };
        self.emit(0, previous, event);
        Outcome { end, elapsed: self.now, transitions: self.transitions }
    }

    pub fn state(&self, id: StateId) -> Option<&'m State> {
        self.machine.states.get(id.0)
    }
}

fn history_is_full(limit: u64) -> String {
    format!("The execution reached the maximum number of history events ({limit}).")
}
