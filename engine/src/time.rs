//! Virtual time: microseconds since the start of the run.

use serde_json::Number;

/// A point in virtual time, or a length of it. Arithmetic saturates at about 292,000 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

const MICROS: u64 = 1_000_000;

impl Span {
    /// The start of a run, or no time at all.
    pub const ZERO: Self = Self(0);
    /// Later than everything.
    pub const FOREVER: Self = Self(u64::MAX);

    /// Whole seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(MICROS))
    }

    /// Microseconds.
    #[must_use]
    pub const fn micros(micros: u64) -> Self {
        Self(micros)
    }

    /// Seconds with a fraction, rounded to microseconds; negative and NaN give zero.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
    pub fn fraction(seconds: f64) -> Self {
        Self((seconds * 1e6).round() as u64)
    }

    /// This point in time, `length` later.
    #[must_use]
    pub fn after(self, length: Self) -> Self {
        Self(self.0.saturating_add(length.0))
    }

    /// The time from `earlier` to this point, zero if that lies later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    /// In seconds.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "exact up to 285 years")]
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// In whole microseconds.
    #[must_use]
    pub fn as_micros(self) -> u64 {
        self.0
    }

    /// In seconds, as a JSON number: an integer where it is whole.
    #[must_use]
    pub fn as_json(self) -> Number {
        if self.0.is_multiple_of(MICROS) {
            return Number::from(self.0.checked_div(MICROS).unwrap_or_default());
        }
        Number::from_f64(self.as_seconds()).unwrap_or_else(|| Number::from(0))
    }
}
