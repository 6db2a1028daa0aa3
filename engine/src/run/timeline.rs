//! Who goes on next, and when.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::strand::StrandId;
use crate::time::Span;

/// Strands that can go on now, and those that can later. Entries of strands that are gone are harmless: their ids are
/// never used again.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    ready: VecDeque<StrandId>,
    later: BinaryHeap<Reverse<(Span, u64, StrandId)>>,
    /// Breaks ties of time in the order of scheduling.
    sequence: u64,
}

impl Timeline {
    pub fn make_ready(&mut self, strand: StrandId) {
        self.ready.push_back(strand);
    }

    pub fn next_ready(&mut self) -> Option<StrandId> {
        self.ready.pop_front()
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
