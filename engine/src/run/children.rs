//! Strands that run inside a Parallel or Map state (PAR and MAP rows).

use serde_json::Value;

use super::{
    Abort, End,
    errors::Raised,
    execution::{Execution, Progress},
    map::Iterations,
    strand::{Parent, Phase, Strand, StrandId},
    timeline::Batch,
};
use crate::{
    failure::{Failure, StateError, names},
    machine::{Kind, State, StateId},
    meter::Meter,
    observe::{Event, EventId, Observer},
    task::TaskHandler,
    time::Span,
};

/// The children of a strand that is in a Parallel or Map state.
#[derive(Debug)]
pub(super) struct Children {
    /// Outputs by index; `None` for what has not ended or left no element.
    pub outputs: Vec<Option<Value>>,
    /// Those that have had a turn or stand in line for it as strands, by index; `None` for those that have ended.
    running: Vec<Option<StrandId>>,
    /// How many have been started and have not ended.
    pub active: usize,
    /// The event that started them.
    pub started: EventId,
    /// The last event of the child that ended last.
    pub last_event: EventId,
    /// What only a Map has.
    pub iterations: Option<Iterations>,
}

/// How a strand ended.
pub(super) enum Ending {
    Output(Value),
    Error(Raised),
}

impl Children {
    /// No children yet, of `count` that are to come.
    pub fn new(count: usize, started: EventId, iterations: Option<Iterations>) -> Self {
        let mut outputs = Vec::new();
        outputs.resize_with(count, || None);
        Self { outputs, running: Vec::with_capacity(count), active: 0, started, last_event: started, iterations }
    }

    /// Adds the child of the next index.
    pub fn started(&mut self, child: StrandId) {
        self.running.push(Some(child));
        self.active = self.active.saturating_add(1);
    }

    fn ended(&mut self, index: usize, now: Span) {
        if let Some(place) = self.running.get_mut(index)
            && place.take().is_some()
        {
            self.active = self.active.saturating_sub(1);
        }
        if let Some(iterations) = &mut self.iterations {
            iterations.ended(index, now);
        }
    }

    /// Most children at a time.
    pub fn concurrency(&self) -> usize {
        self.iterations.as_ref().map_or(usize::MAX, |iterations| iterations.concurrency)
    }

    fn running(self) -> impl Iterator<Item = StrandId> {
        self.running.into_iter().flatten()
    }

    pub fn measure(&self, meter: &Meter) -> Result<u64, Failure> {
        let waiting = self.iterations.iter().flat_map(Iterations::waiting);
        let outputs = self.outputs.iter().flatten();
        outputs.chain(waiting).try_fold(0_u64, |sum, value| Ok(sum.saturating_add(meter.measure(value, 0)?)))
    }
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// PAR-006, PAR-008.
    pub(super) fn start_branches(
        &mut self,
        strand: &mut Strand,
        state: &State,
        branches: &[StateId],
    ) -> Result<Progress, Failure> {
        let mut input = Some(self.effective_input(strand, state)?);
        let started = self.emit(strand.execution, strand.last_event, Event::ParallelStateStarted);
        strand.last_event = started;
        let mut children = Children::new(branches.len(), started, None);
        for (index, start) in branches.iter().enumerate() {
            let is_last = index.saturating_add(1) == branches.len();
            let copy =
                if is_last { input.take() } else { input.as_ref().map(|v| self.meter.copy(v, 0)).transpose()? };
            let child = self.strands.reserve();
            self.start_strand(Strand::child_of(strand, child, index, *start, copy.unwrap_or_default(), started));
            children.started(child);
        }
        strand.phase = Phase::Children(Box::new(children));
        Ok(Progress::Blocked)
    }

    /// Makes a strand of the next iteration of a batch, unless its Map has come to an end.
    pub(super) fn begin_iteration(&mut self, batch: Batch) -> Option<Strand> {
        let id = self.strands.reserve();
        let begun = self.begin_as(id, batch);
        if begun.is_none() {
            self.strands.retire(id);
        }
        begun
    }

    fn begin_as(&mut self, id: StrandId, batch: Batch) -> Option<Strand> {
        let waiting = self.strands.get_mut(batch.map)?;
        let Kind::Map(map) = &self.machine.states.get(waiting.state.0)?.kind else { return None };
        let Phase::Children(children) = &mut waiting.phase else { return None };
        if children.started != batch.visit {
            return None;
        }
        let (index, input) = children.iterations.as_mut()?.begin()?;
        children.running.push(Some(id));
        Some(Strand::child_of(waiting, id, index, map.start, input, batch.event))
    }

    /// Starts a child execution of a distributed Map: no variables of the parent (VAR-038), a history of its own
    /// (DMAP-003).
    pub(super) fn spawn_execution(
        &mut self,
        parent: &Strand,
        index: usize,
        start: StateId,
        name: &str,
        input: Value,
        is_express: bool,
    ) -> StrandId {
        let execution = self.new_execution();
        self.contexts.start_child(execution, name, &input);
        let id = self.strands.reserve();
        self.start_strand(Strand {
            parent: Some(Parent { strand: parent.id, index }),
            is_child_execution: true,
            is_express,
            ..Strand::of_execution(id, execution, start, input)
        });
        id
    }

    /// Tells the parent of a strand how it ended, or ends the run.
    pub(super) fn strand_ended(&mut self, strand: &Strand, ending: Ending) -> Result<(), Abort> {
        self.strands.retire(strand.id);
        let Some(parent) = strand.parent else {
            let end = match ending {
                Ending::Output(output) => End::Succeeded(output),
                Ending::Error(raised) => End::Failed(raised.error),
            };
            self.end_with(end, strand.last_event);
            return Ok(());
        };
        if let Ending::Error(raised) = &ending
            && raised.is_fatal(self.machine.profile)
            && !strand.is_child_execution
        {
            return self.fail_execution(parent, raised.clone(), strand.last_event);
        }
        if strand.is_child_execution {
            self.contexts.end_child(strand.execution);
        }
        let raised = match ending {
            Ending::Output(output) => match self.meter.measure(&output, 1) {
                Ok(_) => {
                    self.child_succeeded(parent, strand, output);
                    return Ok(());
                }
                Err(Failure::Error(error) | Failure::Query { error, .. }) => error.into(),
                Err(stop) => return Err(self.abort(stop)),
            },
            Ending::Error(raised) => raised,
        };
        if let Some(mut waiting) = self.strands.take(parent.strand) {
            if let Phase::Children(children) = &mut waiting.phase {
                children.ended(parent.index, self.now);
            }
            self.child_failed(&mut waiting, strand, parent.index, raised);
            self.strands.put(waiting);
        }
        Ok(())
    }

    /// An error that nothing catches ends the execution that the strand belongs to (ERR-019): the whole run, or one
    /// child execution of a distributed Map.
    fn fail_execution(&mut self, mut parent: Parent, raised: Raised, last_event: EventId) -> Result<(), Abort> {
        loop {
            let Some(mut ancestor) = self.strands.take(parent.strand) else { return Ok(()) };
            if let Phase::Children(children) = std::mem::take(&mut ancestor.phase) {
                self.remove(children.running().collect());
            }
            ancestor.last_event = last_event;
            match ancestor.parent {
                Some(next) if !ancestor.is_child_execution => {
                    self.strands.retire(ancestor.id);
                    parent = next;
                }
                _ => return self.strand_ended(&ancestor, Ending::Error(raised)),
            }
        }
    }

    /// Keeps the output of a child, in place and with one look-up of the parent: a Map does this thousands of times.
    fn child_succeeded(&mut self, parent: Parent, child: &Strand, output: Value) {
        let Parent { strand: id, index } = parent;
        let next_event = self.next_event(child.execution);
        let Some(waiting) = self.strands.get_mut(id) else { return };
        let (execution, state) = (waiting.execution, waiting.state);
        let Phase::Children(children) = &mut waiting.phase else { return };
        children.ended(index, self.now);
        if let Some(place) = children.outputs.get_mut(index) {
            *place = Some(output);
        }
        let iterations = children.iterations.as_ref();
        let is_inline_map = iterations.is_some_and(|iterations| !iterations.is_distributed);
        if children.active == 0 || iterations.is_some_and(Iterations::has_waiting) {
            self.timeline.make_ready(id);
        }
        if !child.is_child_execution {
            children.last_event = if is_inline_map { next_event } else { child.last_event };
        }
        if is_inline_map {
            let name = self.state(state).map_or("", |state| &*state.name);
            self.emit(execution, child.last_event, Event::MapIterationSucceeded { name, index });
        }
    }

    /// PAR-012, MAP-028: stops the siblings, unless the Map tolerates the failure.
    fn child_failed(&mut self, waiting: &mut Strand, child: &Strand, index: usize, raised: Raised) {
        let name = self.state(waiting.state).map_or("", |state| &*state.name);
        let Phase::Children(mut children) = std::mem::take(&mut waiting.phase) else { return };
        let raised = match children.iterations.as_mut() {
            None => {
                self.abort_failed_task(child);
                self.branch_failure(raised)
            }
            Some(iterations) => {
                if !iterations.is_distributed {
                    let event = Event::MapIterationFailed { name, index };
                    self.emit(waiting.execution, child.last_event, event);
                }
                match iterations.failed(index, raised) {
                    Some(breach) => breach,
                    None => {
                        if !child.is_child_execution {
                            children.last_event = child.last_event;
                        }
                        waiting.phase = Phase::Children(children);
                        self.timeline.make_ready(waiting.id);
                        return;
                    }
                }
            }
        };
        self.write_failed_run(waiting, &children);
        self.stop(*children, waiting, name, child.last_event);
        if !child.is_child_execution {
            waiting.last_event = child.last_event;
        }
        waiting.phase = Phase::Failing(Box::new(raised));
        self.timeline.make_ready(waiting.id);
    }

    /// A Map Run that fails writes its results, too; the Map fails with its own error whatever comes of that.
    fn write_failed_run(&mut self, waiting: &Strand, children: &Children) {
        let Some(state) = self.state(waiting.state) else { return };
        let Kind::Map(map) = &state.kind else { return };
        let writer = map.distributed.as_ref().and_then(|distributed| distributed.writer.as_ref());
        if let (Some(writer), Some(iterations)) =
            (writer.filter(|writer| writer.resource.is_some()), &children.iterations)
        {
            let _ = self.written_result(waiting, state, writer, &children.outputs, iterations);
        }
    }

    /// HIST-040: a task whose failure ends a branch is recorded as aborted, too.
    fn abort_failed_task(&mut self, child: &Strand) {
        let Some(state) = self.state(child.state) else { return };
        if matches!(state.kind, Kind::Task(_)) {
            let event = Event::StateAborted { kind: state.state_type(), name: &state.name };
            self.emit(child.execution, child.last_event, event);
        }
    }

    /// Stops the siblings of a failed child and records it (HIST-026, HIST-042).
    fn stop(&mut self, children: Children, waiting: &Strand, name: &str, previous: EventId) {
        let is_inline_map = children.iterations.as_ref().is_some_and(|iterations| !iterations.is_distributed);
        let not_begun = children.iterations.as_ref().map_or(0..0, Iterations::not_begun);
        for id in children.running() {
            let Some(stopped) = self.strands.take(id) else { continue };
            self.record_abort(&stopped, previous);
            if is_inline_map && let Some(Parent { index, .. }) = stopped.parent {
                self.emit(waiting.execution, previous, Event::MapIterationAborted { name, index });
            }
            if let Phase::Children(children) = stopped.phase {
                self.remove(children.running().collect());
            }
            self.strands.retire(id);
        }
        for index in not_begun {
            self.emit(waiting.execution, previous, Event::MapIterationAborted { name, index });
        }
    }

    fn record_abort(&mut self, stopped: &Strand, previous: EventId) {
        if matches!(stopped.phase, Phase::Enter) {
            return;
        }
        if let Some(state) = self.state(stopped.state) {
            let event = Event::StateAborted { kind: state.state_type(), name: &state.name };
            self.emit(stopped.execution, previous, event);
        }
    }

    /// Removes strands and all that run inside them, without a trace.
    fn remove(&mut self, mut ids: Vec<StrandId>) {
        while let Some(id) = ids.pop() {
            if let Some(strand) = self.strands.take(id)
                && let Phase::Children(children) = strand.phase
            {
                ids.extend(children.running());
            }
            self.strands.retire(id);
        }
    }

    /// D10: the specification has a name of its own for a failing branch.
    fn branch_failure(&self, raised: Raised) -> Raised {
        if self.machine.profile.is_aws() {
            return raised;
        }
        let name = raised.name().unwrap_or("no name");
        let cause = raised.error.cause.as_deref().map_or_else(String::new, |cause| format!(": {cause}"));
        StateError::new(names::BRANCH_FAILED, format!("A branch failed with {name}{cause}")).into()
    }

    /// Looks after the children: starts those that wait for their turn, and takes the result when all have ended.
    pub(super) fn tend(
        &mut self,
        strand: &mut Strand,
        state: &State,
        mut children: Box<Children>,
    ) -> Result<Progress, Failure> {
        if let Kind::Map(map) = &state.kind {
            self.start_iterations(strand, state, map, &mut children)?;
        }
        if children.active > 0 {
            strand.phase = Phase::Children(children);
            return Ok(Progress::Blocked);
        }
        strand.last_event = children.last_event;
        match &state.kind {
            Kind::Map(map) => self.finish_map(strand, state, map, *children),
            _ => {
                self.emit(strand.execution, strand.last_event, Event::ParallelStateSucceeded);
                let result = Value::Array(children.outputs.into_iter().flatten().collect());
                self.complete(strand, state, result)
            }
        }
    }

    /// DMAP-056: every attempt is a Map Run of its own.
    pub(super) fn map_run_failed(&mut self, strand: &mut Strand, error: &StateError) {
        if strand.map_run.take().is_some() {
            self.emit(strand.execution, strand.last_event, Event::MapRunFailed { error });
        }
    }

    /// HIST-023, HIST-025: the failure of a Parallel or Map is recorded once no Retrier is left.
    pub(super) fn work_failed(&mut self, strand: &mut Strand, state: &State) {
        let event = match &state.kind {
            Kind::Parallel(_) => Event::ParallelStateFailed,
            Kind::Map(_) => Event::MapStateFailed,
            _ => return,
        };
        strand.last_event = self.emit(strand.execution, strand.last_event, event);
    }
}
