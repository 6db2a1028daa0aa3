//! The only source of randomness of a run: seeded, so that a run is repeatable.

use std::cell::RefCell;

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use uuid::Uuid;

/// Random numbers of one run.
#[derive(Debug)]
pub struct Random(RefCell<ChaCha8Rng>);

impl Random {
    /// The sequence that belongs to `seed`.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(RefCell::new(ChaCha8Rng::seed_from_u64(seed)))
    }

    /// Any 64 bits.
    pub fn bits(&self) -> u64 {
        self.0.borrow_mut().next_u64()
    }

    /// A number from 0 (inclusive) to 1 (exclusive).
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub fn unit(&self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A UUID of version 4 (INTR-UUID-02, JNATA-042).
    pub fn uuid(&self) -> Uuid {
        let bits = Uuid::from_u64_pair(self.bits(), self.bits());
        uuid::Builder::from_random_bytes(bits.into_bytes()).into_uuid()
    }
}
