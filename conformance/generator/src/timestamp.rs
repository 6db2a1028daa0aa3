//! Timestamps in the form of RFC 3339 that the language takes (DATA-015, D23).

use arbitrary::Unstructured;

use crate::draw::Draw;

/// A valid timestamp before the year 2025, when virtual time begins.
#[must_use]
pub fn timestamp(u: &mut Unstructured<'_>) -> String {
    in_years(u, 1971, 2024)
}

/// A valid timestamp of the first days of 2025, for which a machine can wait.
#[must_use]
pub fn near_start(u: &mut Unstructured<'_>) -> String {
    format!("2025-01-0{}T{:02}:{:02}:{:02}Z", u.within(1..=3), u.below(24), u.below(60), u.below(60))
}

/// A valid timestamp of a range of years.
pub(crate) fn in_years(u: &mut Unstructured<'_>, first: i64, last: i64) -> String {
    let year = u.within(first..=last);
    let (month, day) = (u.within(1..=12), u.within(1..=28));
    let (hour, minute, second) = (u.below(24), u.below(60), u.below(60));
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if u.chance(25) {
        text.push('.');
        for _ in 0..u.within(1..=9) {
            text.push(char::from(b'0' + u8::try_from(u.below(10)).unwrap_or(0)));
        }
    }
    match u.below(5) {
        4 => {
            let sign = u.pick(&['+', '-']);
            text.push_str(&format!("{sign}{:02}:{}", u.below(14), u.pick(&["00", "30", "45"])));
        }
        _ => text.push('Z'),
    }
    text
}

/// Whether a text drawn by this crate is a timestamp.
pub(crate) fn looks_like(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 20
        && [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')].iter().all(|(at, byte)| bytes[*at] == *byte)
        && bytes[..4].iter().all(u8::is_ascii_digit)
}
