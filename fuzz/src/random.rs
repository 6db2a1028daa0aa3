//! Bytes that are the same on every machine.

/// SplitMix64.
#[derive(Debug)]
pub struct Bytes(u64);

impl Bytes {
    /// The sequence that belongs to `seed`.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// An input of fewer than `bound` bytes.
    pub fn input(&mut self, bound: u64) -> Vec<u8> {
        let length = self.next() % bound.max(1);
        (0..length).map(|_| (self.next() >> 32) as u8).collect()
    }
}
