//! One thread of control: the machine itself, a branch, an iteration or a child execution.

use std::rc::Rc;

use serde_json::Value;

use super::{children::Children, errors::Raised};
use crate::{machine::StateId, observe::EventId, scope::Scope, time::Span};

/// Identifies a strand; ids of ended strands are not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StrandId {
    place: u32,
    generation: u32,
}

/// The strand that waits for this one, and the place of this one among its siblings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    pub strand: StrandId,
    pub index: usize,
}

#[derive(Debug)]
pub(super) struct Strand {
    pub id: StrandId,
    pub parent: Option<Parent>,
    /// The execution it belongs to: 0 for the root, others for the children of distributed Maps.
    pub execution: usize,
    /// Whether it is the outermost strand of a child execution.
    pub is_child_execution: bool,
    /// Whether it belongs to a child execution of type Express.
    pub is_express: bool,
    /// Whether it has waited for the token of its next transition (LIMIT-016).
    pub has_token: bool,
    /// Variables. Shared with the parent until this strand assigns one of its own.
    pub scope: Rc<Scope>,
    pub owns_scope: bool,
    pub state: StateId,
    /// Raw input of the current state, for as long as it is needed.
    pub input: Value,
    pub phase: Phase,
    /// ARN of the Map Run that is going on.
    pub map_run: Option<Box<str>>,
    pub retries: Retries,
    pub entered_at: Span,
    pub entered_event: EventId,
    /// The event that the next one names as its predecessor.
    pub last_event: EventId,
}

impl Strand {
    /// A child that shares the scope and the execution of its parent.
    pub fn child_of(
        parent: &Self,
        id: StrandId,
        index: usize,
        start: StateId,
        input: Value,
        last_event: EventId,
    ) -> Self {
        Self {
            parent: Some(Parent { strand: parent.id, index }),
            is_express: parent.is_express,
            last_event,
            ..Self::new(id, parent.execution, Rc::clone(&parent.scope), start, input)
        }
    }

    /// The first strand of an execution, with a scope of its own.
    pub fn of_execution(id: StrandId, execution: usize, start: StateId, input: Value) -> Self {
        Self { owns_scope: true, ..Self::new(id, execution, Rc::new(Scope::default()), start, input) }
    }

    #[inline]
    fn new(id: StrandId, execution: usize, scope: Rc<Scope>, state: StateId, input: Value) -> Self {
        Self {
            id,
            parent: None,
            execution,
            is_child_execution: false,
            is_express: false,
            has_token: false,
            scope,
            owns_scope: false,
            state,
            input,
            phase: Phase::Enter,
            map_run: None,
            retries: Retries::default(),
            entered_at: Span::ZERO,
            entered_event: 0,
            last_event: 0,
        }
    }
}

/// What a strand does next.
#[derive(Debug, Default)]
pub(super) enum Phase {
    /// Enter its state.
    #[default]
    Enter,
    /// Try the work of its state again.
    Retry,
    /// Leave its Wait state.
    WaitOver,
    /// Take the answer of its task.
    TaskOver(Box<Result<Value, Raised>>),
    /// Look after its children.
    Children(Box<Children>),
    /// Handle an error.
    Failing(Box<Raised>),
}

/// Retries made during one visit of a state (RETRY-020, RETRY-021).
#[derive(Debug, Default)]
pub(super) struct Retries {
    /// By each Retrier; empty before the first retry.
    pub by_retrier: Vec<u64>,
}

impl Retries {
    pub fn reset(&mut self) {
        self.by_retrier.clear();
    }

    /// By all Retriers together (CTX-014).
    pub fn total(&self) -> u64 {
        self.by_retrier.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// All strands that have not ended, side by side: a Map starts thousands, and an allocation for each would cost more than
/// the move of a strand.
#[derive(Debug, Default)]
pub(super) struct Strands {
    places: Vec<Place>,
    free: Vec<u32>,
}

#[derive(Debug, Default)]
struct Place {
    generation: u32,
    strand: Option<Strand>,
}

impl Strands {
    /// A new id, with a place to put its strand in.
    pub fn reserve(&mut self) -> StrandId {
        if let Some(place) = self.free.pop() {
            let generation = self.places.get(place as usize).map_or(0, |place| place.generation);
            return StrandId { place, generation };
        }
        let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(Place::default());
        StrandId { place, generation: 0 }
    }

    /// Makes room for strands that are about to start.
    pub fn make_room(&mut self, strands: usize) {
        self.places.reserve(strands.saturating_sub(self.free.len()));
    }

    /// Puts a strand into its place.
    pub fn put(&mut self, strand: Strand) {
        if let Some(place) = self.places.get_mut(strand.id.place as usize) {
            place.strand = Some(strand);
        }
    }

    fn place(&mut self, id: StrandId) -> Option<&mut Place> {
        self.places.get_mut(id.place as usize).filter(|place| place.generation == id.generation)
    }

    /// Takes a strand out, to put it back later or to [retire](Self::retire) its id.
    pub fn take(&mut self, id: StrandId) -> Option<Strand> {
        self.place(id)?.strand.take()
    }

    pub fn get_mut(&mut self, id: StrandId) -> Option<&mut Strand> {
        self.place(id)?.strand.as_mut()
    }

    /// Gives up an id for ever.
    pub fn retire(&mut self, id: StrandId) {
        if let Some(place) = self.place(id) {
            place.strand = None;
            place.generation = place.generation.wrapping_add(1);
            self.free.push(id.place);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &Strand> {
        self.places.iter().filter_map(|place| place.strand.as_ref())
    }
}
