//! What AWS takes from the Java library: the order of a hash set and the numbers of `java.util.Random`.

use serde_json::{Number, Value};

use crate::number;

/// `java.util.Random`, a linear congruential generator of 48 bits (INTR-MathRandom-07).
pub(crate) struct Random(u64);

impl Random {
    const MULTIPLIER: u64 = 0x5_DEEC_E66D;
    const MASK: u64 = (1 << 48) - 1;

    pub(crate) fn seeded(seed: i64) -> Self {
        Self((seed.cast_unsigned() ^ Self::MULTIPLIER) & Self::MASK)
    }

    /// The upper `count` bits (at most 32) of the next state.
    fn next(&mut self, count: u32) -> u32 {
        self.0 = self.0.wrapping_mul(Self::MULTIPLIER).wrapping_add(0xB) & Self::MASK;
        (self.0 >> 48_u32.saturating_sub(count)) as u32
    }

    /// `nextDouble()`: a number from 0 (inclusive) to 1 (exclusive), of 53 bits (JNATA-041).
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub(crate) fn unit(&mut self) -> f64 {
        let bits = (u64::from(self.next(26)) << 27) | u64::from(self.next(27));
        bits as f64 / (1_u64 << 53) as f64
    }

    /// A number from 0 (inclusive) to `bound` (exclusive).
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        match u32::try_from(bound) {
            Ok(bound) if (1..1 << 31).contains(&bound) => self.next_int(bound).into(),
            // Java has no answer for bounds beyond an int; any fixed number will do.
            _ => super::numbers::scale((u64::from(self.next(32)) << 32) | u64::from(self.next(32)), bound),
        }
    }

    /// `nextInt(bound)`. 31 random bits below the largest multiple of the bound are taken modulo the bound; others are
    /// drawn again.
    fn next_int(&mut self, bound: u32) -> u32 {
        if bound.is_power_of_two() {
            return (u64::from(bound).saturating_mul(self.next(31).into()) >> 31) as u32;
        }
        loop {
            let bits = self.next(31);
            let value = bits.checked_rem(bound).unwrap_or(0);
            if bits.wrapping_sub(value).wrapping_add(bound.wrapping_sub(1)) < 1 << 31 {
                return value;
            }
        }
    }
}

/// Positions of distinct values, given by position and hash in order of insertion, in the order in which a
/// `java.util.HashSet` hands them out (INTR-ArrayUnique-03, D57): by bucket, of which there are 16, or twice as many as
/// often as they are filled by more than three quarters.
///
/// Long chains, which Java turns into trees, keep the order of insertion here.
pub(super) fn hash_set_order(mut hashed: Vec<(usize, i32)>) -> Vec<usize> {
    let mut buckets = 16_u32;
    while (hashed.len() as u64).saturating_mul(4) > u64::from(buckets).saturating_mul(3) {
        buckets = buckets.saturating_mul(2);
    }
    hashed.sort_by_key(|(_, hash)| {
        let hash = hash.cast_unsigned();
        (hash ^ (hash >> 16)) & buckets.saturating_sub(1)
    });
    hashed.into_iter().map(|(position, _)| position).collect()
}

/// The `hashCode` of a value. [Equal](crate::json::equal) values have equal hashes: a double that is whole counts as
/// the integer it equals.
pub(super) fn hash(value: &Value) -> i32 {
    match value {
        Value::Null => 0,
        Value::Bool(true) => 1231,
        Value::Bool(false) => 1237,
        Value::Number(value) => hash_number(value),
        Value::String(value) => hash_text(value),
        Value::Array(items) => items.iter().fold(1_i32, |sum, item| sum.wrapping_mul(31).wrapping_add(hash(item))),
        Value::Object(members) => {
            members.iter().fold(0_i32, |sum, (name, member)| sum.wrapping_add(hash_text(name) ^ hash(member)))
        }
    }
}

/// Over UTF-16 code units.
fn hash_text(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |sum, unit| sum.wrapping_mul(31).wrapping_add(unit.into()))
}

/// Integer, Long, BigInteger or Double, the first that can hold the value.
fn hash_number(value: &Number) -> i32 {
    let halves = |bits: u64| ((bits >> 32) as u32, bits as u32);
    let Some(integer) = number::integer(value) else {
        let (high, low) = halves(value.as_f64().unwrap_or_default().to_bits());
        return (high ^ low).cast_signed();
    };
    if let Ok(integer) = i32::try_from(integer) {
        return integer;
    }
    match i64::try_from(integer) {
        Ok(integer) => {
            let (high, low) = halves(integer.cast_unsigned());
            (high ^ low).cast_signed()
        }
        Err(_) => {
            let (high, low) = halves(u64::try_from(integer).unwrap_or_default());
            high.wrapping_mul(31).wrapping_add(low).cast_signed()
        }
    }
}
