//! How fast states may be entered (LIMIT-016 to LIMIT-018).

use super::{
    execution::Execution,
    strand::{Phase, Strand},
};
use crate::{observe::Observer, quotas::TransitionRate, task::TaskHandler, time::Span};

/// Parts of a token: with a million of them, a rate in tokens a second is one in parts a microsecond.
const TOKEN: i128 = 1_000_000;

/// The tokens that are left for transitions. Every Standard execution of a run takes from the same bucket, since the
/// quota is one of the account.
#[derive(Debug)]
pub(super) struct Bucket {
    size: i128,
    per_micro: i128,
    /// Parts of tokens; negative when tokens to come are promised.
    level: i128,
    filled_at: Span,
}

impl Bucket {
    /// A full bucket.
    pub fn new(rate: TransitionRate) -> Self {
        let size = i128::from(rate.bucket).saturating_mul(TOKEN);
        // A rate of zero would let a machine wait for ever.
        Self { size, per_micro: i128::from(rate.per_second.max(1)), level: size, filled_at: Span::ZERO }
    }

    /// Takes a token and tells how long to wait for it. Tokens are promised in the order in which they are asked for.
    pub fn take(&mut self, now: Span) -> Span {
        let passed = i128::from(now.since(self.filled_at).as_micros());
        self.filled_at = now;
        let filled = self.level.saturating_add(passed.saturating_mul(self.per_micro)).min(self.size);
        self.level = filled.saturating_sub(TOKEN);
        let lacking = self.level.min(0).saturating_neg();
        let rounded_up = lacking.saturating_add(self.per_micro).saturating_sub(1);
        Span::micros(rounded_up.checked_div(self.per_micro).and_then(|wait| u64::try_from(wait).ok()).unwrap_or(0))
    }
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// Takes the token of the transition that `strand` is about to make, and tells whether the strand has to wait for
    /// it. A retry is a transition, too (LIMIT-019); Express executions are not throttled (LIMIT-018).
    pub(super) fn is_throttled(&mut self, strand: &mut Strand) -> bool {
        let Some(bucket) = &mut self.bucket else { return false };
        let is_transition = matches!(strand.phase, Phase::Enter | Phase::Retry);
        if !is_transition || strand.is_express || std::mem::take(&mut strand.has_token) {
            return false;
        }
        let wait = bucket.take(self.now);
        if wait == Span::ZERO {
            return false;
        }
        strand.has_token = true;
        self.timeline.wake_at(self.now.after(wait), strand.id);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> Bucket {
        Bucket::new(TransitionRate { bucket: 3, per_second: 2 })
    }

    fn waits(bucket: &mut Bucket, now: Span, times: usize) -> Vec<f64> {
        (0..times).map(|_| bucket.take(now).as_seconds()).collect()
    }

    #[test]
    fn a_full_bucket_gives_its_tokens_at_once_and_then_one_each_half_second() {
        assert_eq!(waits(&mut bucket(), Span::ZERO, 6), [0.0, 0.0, 0.0, 0.5, 1.0, 1.5]);
    }

    #[test]
    fn a_bucket_fills_to_its_size_and_no_further() {
        let mut bucket = bucket();
        assert_eq!(waits(&mut bucket, Span::ZERO, 3), [0.0, 0.0, 0.0]);
        assert_eq!(waits(&mut bucket, Span::seconds(100), 4), [0.0, 0.0, 0.0, 0.5]);
    }

    #[test]
    fn promised_tokens_are_not_given_twice() {
        let mut bucket = bucket();
        assert_eq!(waits(&mut bucket, Span::ZERO, 5), [0.0, 0.0, 0.0, 0.5, 1.0]);
        assert_eq!(waits(&mut bucket, Span::seconds(1), 2), [0.5, 1.0]);
    }

    #[test]
    fn a_wait_is_rounded_up_to_microseconds() {
        let mut bucket = Bucket::new(TransitionRate { bucket: 1, per_second: 3 });
        assert_eq!([bucket.take(Span::ZERO), bucket.take(Span::ZERO)], [Span::ZERO, Span::micros(333_334)]);
    }
}
