//! Decisions drawn from bytes. None of them fails: when the bytes run out, every decision comes out as the smallest.

use std::ops::RangeInclusive;

use arbitrary::Unstructured;

/// Infallible draws. The first choice is the one taken when there are no bytes left, so tables list leaves first.
pub(crate) trait Draw {
    /// A number below `bound`; 0 when the bound is 0.
    fn below(&mut self, bound: usize) -> usize;

    /// A number of a range.
    fn within(&mut self, range: RangeInclusive<i64>) -> i64;

    /// True in so many of a hundred cases, and never without bytes.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100_usize.saturating_sub(percent)
    }

    /// One of some items, of which there has to be one.
    fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }

    /// One of some words.
    fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    /// One of some rows, each as probable as its weight says; `None` when all weights are 0.
    fn weighted<'t, T>(&mut self, rows: &'t [T], weight: impl Fn(&T) -> usize) -> Option<&'t T> {
        let mut at = self.below(rows.iter().map(&weight).sum());
        rows.iter().find(|row| {
            let weight = weight(row);
            let found = at < weight;
            at = at.saturating_sub(weight);
            found
        })
    }
}

impl Draw for Unstructured<'_> {
    fn below(&mut self, bound: usize) -> usize {
        match bound {
            0 | 1 => 0,
            _ => self.int_in_range(0..=bound - 1).unwrap_or(0),
        }
    }

    fn within(&mut self, range: RangeInclusive<i64>) -> i64 {
        let start = *range.start();
        self.int_in_range(range).unwrap_or(start)
    }
}
