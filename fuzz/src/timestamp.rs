//! Timestamps: which texts are some, and their order in time.

use std::{cmp::Ordering, fmt};

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_engine::timestamp::Timestamp;
use serde_json::json;

use crate::data::{asking, below, document, flip, pick, several};

/// The parts of a timestamp, possible or not.
pub struct Input {
    date: [i64; 3],
    time: [i64; 3],
    /// Digits of the fraction; none means no fraction.
    fraction: String,
    /// Sign, hours and minutes; none means `Z`.
    offset: Option<(char, i64, i64)>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self::draw(u))
    }
}

/// The text.
impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ([year, month, day], [hour, minute, second]) = (self.date, self.time);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if !self.fraction.is_empty() {
            write!(f, ".{}", self.fraction)?;
        }
        match self.offset {
            None => write!(f, "Z"),
            Some((sign, hours, minutes)) => write!(f, "{sign}{hours:02}:{minutes:02}"),
        }
    }
}

impl Input {
    fn draw(u: &mut Unstructured<'_>) -> Self {
        let mut part = |usual: [i64; 4], most: i64| {
            if flip(u) { pick(u, &usual) } else { u.int_in_range(0..=most).unwrap_or(0) }
        };
        let date = [part([2024, 1900, 2000, 9999], 9999), part([1, 2, 6, 12], 13), part([1, 28, 30, 31], 32)];
        let time = [part([0, 12, 23, 23], 24), part([0, 30, 59, 59], 60), part([0, 1, 59, 60], 61)];
        let fraction =
            if flip(u) { several(u, 12, |u| pick(u, b"0019") as char).into_iter().collect() } else { String::new() };
        let offset = flip(u).then(|| (pick(u, &['+', '-']), below(u, 25) as i64, pick(u, &[0, 30, 59, 60])));
        Self { date, time, fraction, offset }
    }

    /// The instant, counted day by day: second since the year 0, whether it is the leap second after it, fraction.
    /// `None` for impossible dates and times.
    fn instant(&self) -> Option<(i64, bool, String)> {
        let ([year, month, day], [hour, minute, second]) = (self.date, self.time);
        let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = |year, month| match month {
            2 if is_leap(year) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let (_, offset_hours, offset_minutes) = self.offset.unwrap_or(('+', 0, 0));
        if !(1..=12).contains(&month) || !(1..=length(year, month)).contains(&day) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 60 || offset_hours > 23 || offset_minutes > 59 {
            return None;
        }
        let days = (0..year).map(|year| 365 + i64::from(is_leap(year))).sum::<i64>()
            + (1..month).map(|month| length(year, month)).sum::<i64>()
            + day
            - 1;
        let offset = (offset_hours * 60 + offset_minutes) * 60;
        let offset = if self.offset.is_some_and(|(sign, ..)| sign == '-') { -offset } else { offset };
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second.min(59) - offset;
        let leap = second == 60;
        if leap && !(seconds.rem_euclid(86_400) == 86_399 && Self::starts_a_month(seconds + 1, is_leap)) {
            return None;
        }
        Some((seconds, leap, self.fraction.trim_end_matches('0').to_owned()))
    }

    /// Whether a second since the year 0 is the first one of a month.
    fn starts_a_month(seconds: i64, is_leap: impl Fn(i64) -> bool) -> bool {
        let mut day = seconds / 86_400;
        let mut year = 0;
        while day >= 365 + i64::from(is_leap(year)) {
            day -= 365 + i64::from(is_leap(year));
            year += 1;
        }
        let february = 28 + i64::from(is_leap(year));
        let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30];
        let firsts = lengths.iter().scan(0, |sum, length| {
            *sum += length;
            Some(*sum)
        });
        day == 0 || firsts.into_iter().any(|first| first == day)
    }
}

/// A machine that asks whether the text is a timestamp: what `exec` takes.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = json!({"Variable": "$", "IsTimestamp": true});
        write!(f, "{:#}", document(&self.to_string().into(), "Ask", asking(rule)))
    }
}

/// Any text: what is a timestamp prints as one of the same instant. Drawn ones: exactly the possible ones are
/// timestamps, and they are ordered as a count of days and seconds says.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        prints_the_same_instant(text);
    }
    let u = &mut Unstructured::new(data);
    let (left, right) = (Input::draw(u), Input::draw(u));
    for input in [&left, &right] {
        let text = input.to_string();
        assert_eq!(Timestamp::parse(&text).is_some(), input.instant().is_some(), "{text}");
        prints_the_same_instant(&text);
    }
    let found = Timestamp::parse(&left.to_string()).partial_cmp(&Timestamp::parse(&right.to_string()));
    let wanted = left.instant().cmp(&right.instant());
    assert_eq!(found.unwrap_or(Ordering::Equal), wanted, "{left} and {right}");
}

fn prints_the_same_instant(text: &str) {
    let Some(instant) = Timestamp::parse(text) else { return };
    assert!(instant.nanoseconds() < 1_000_000_000);
    let printed = instant.to_string();
    // An offset can lead out of the years of four digits.
    let Some(again) = Timestamp::parse(&printed) else {
        assert!(text.starts_with("0000") || text.starts_with("9999"), "{text:?} prints as {printed:?}");
        return;
    };
    assert_eq!(again.whole_seconds(), instant.whole_seconds(), "{text:?} prints as {printed:?}");
    assert_eq!(again.nanoseconds(), instant.nanoseconds(), "{text:?} prints as {printed:?}");
    assert!(again <= instant, "{text:?} prints as the later {printed:?}");
    assert_eq!(again.to_string(), printed);
}

/// The machine for the first drawn timestamp.
#[must_use]
pub fn show(data: &[u8]) -> String {
    format!("{:?}", Input::draw(&mut Unstructured::new(data)))
}
