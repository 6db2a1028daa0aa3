//! Who goes on next, and when.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::strand::StrandId;
use crate::{observe::EventId, time::Span};

/// What can go on now.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ready {
    Strand(StrandId),
    Iterations(Batch),
}

/// Iterations of an inline Map that were started together and wait for their first turns. They become strands one by
/// one: most end in their first turn, and thousands of strands side by side would not fit the cache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Batch {
    pub map: StrandId,
    /// The event that started the Map, which tells one visit of the state from another.
    pub visit: EventId,
    /// The event that started the first of the iterations; those of the others follow it.
    pub event: EventId,
    pub count: usize,
}

/// Strands that can go on now, and those that can later. Entries of strands that are gone are harmless: their ids are
/// never used again.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    ready: VecDeque<Ready>,
    later: BinaryHeap<Reverse<(Span, u64, StrandId)>>,
    /// Breaks ties of time in the order of scheduling.
    sequence: u64,
}

impl Timeline {
    pub fn make_ready(&mut self, strand: StrandId) {
        self.ready.push_back(Ready::Strand(strand));
    }

    /// Lets a batch begin after all that is ready.
    pub fn make_batch_ready(&mut self, batch: Batch) {
        if batch.count > 0 {
            self.ready.push_back(Ready::Iterations(batch));
        }
    }

    /// Takes what goes on next; of a batch, its first iteration.
    pub fn next_ready(&mut self) -> Option<Ready> {
        let next = self.ready.pop_front()?;
        if let Ready::Iterations(batch) = next
            && batch.count > 1
        {
            let rest = Batch { event: batch.event.saturating_add(1), count: batch.count.saturating_sub(1), ..batch };
            self.ready.push_front(Ready::Iterations(rest));
        }
        Some(next)
    }

    pub fn nobody_is_ready(&self) -> bool {
        self.ready.is_empty()
    }

    pub fn wake_at(&mut self, at: Span, strand: StrandId) {
        self.sequence = self.sequence.wrapping_add(1);
        self.later.push(Reverse((at, self.sequence, strand)));
    }

    pub fn next_wake(&mut self) -> Option<(Span, StrandId)> {
        self.later.pop().map(|Reverse((at, _, strand))| (at, strand))
    }
}
