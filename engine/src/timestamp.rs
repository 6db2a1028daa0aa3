//! Timestamps: RFC 3339, read strictly (DATA-015 to DATA-022, D23).

use std::fmt;

use time::{Date, Month, PrimitiveDateTime, Time, UtcDateTime};

/// Digits of a fraction that are kept; later ones are checked to be digits and dropped.
const FRACTION_DIGITS: u32 = 38;
/// Units of the kept fraction in a nanosecond.
const UNITS_PER_NANOSECOND: u128 = 10_u128.pow(FRACTION_DIGITS - 9);

/// A point in time. Timestamps with different offsets are equal when they denote the same instant.
///
/// Fractions of a second count to the 38th digit. A leap second (`23:59:60` UTC at the end of a month, which RFC 3339
/// allows) lies between the second before it and the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Seconds since the Unix epoch, rounded down; those of `23:59:59` in a leap second.
    seconds: i64,
    /// Whether this is the leap second after `seconds`. Before `fraction`, so that the derived order is that of time.
    leap: bool,
    /// In units of 10^-38 seconds.
    fraction: u128,
}

impl Timestamp {
    /// Reads `YYYY-MM-DDThh:mm:ss`, an optional fraction, and `Z` or an offset `+hh:mm`; letters are uppercase.
    /// `None` for any other layout (DATA-020, DATA-022) and for impossible dates and times (DATA-021).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = Reader(text.as_bytes());
        let (year, month, day) = (rest.digits(4)?, rest.after(b'-')?, rest.after(b'-')?);
        rest.take(b'T')?;
        let (hour, minute, second) = (rest.digits(2)?, rest.after(b':')?, rest.after(b':')?);
        let fraction = if rest.take(b'.').is_some() { rest.fraction()? } else { 0 };
        let offset = rest.offset()?;
        if !rest.0.is_empty() {
            return None;
        }
        let leap = second == 60;
        let date = Date::from_calendar_date(year.into(), Month::try_from(byte(month)?).ok()?, byte(day)?).ok()?;
        let time = Time::from_hms(byte(hour)?, byte(minute)?, if leap { 59 } else { byte(second)? }).ok()?;
        let local = PrimitiveDateTime::new(date, time).as_utc().unix_timestamp();
        let seconds = local.saturating_sub(offset.into());
        if leap && !ends_a_month(seconds) {
            return None;
        }
        Some(Self { seconds, leap, fraction })
    }

    /// The instant this many seconds and nanoseconds after the Unix epoch. Nanoseconds beyond a second are cut off.
    #[must_use]
    pub fn from_epoch(seconds: i64, nanoseconds: u32) -> Self {
        let nanoseconds = nanoseconds.min(999_999_999);
        Self { seconds, leap: false, fraction: u128::from(nanoseconds).saturating_mul(UNITS_PER_NANOSECOND) }
    }

    /// Seconds since the Unix epoch without the fraction, as a Wait state takes them (WAIT-013): the start of the
    /// second that the instant lies in, also before 1970.
    #[must_use]
    pub fn whole_seconds(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds since the start of the second, rounded down.
    #[must_use]
    pub fn nanoseconds(&self) -> u32 {
        // Below 10^9 by construction.
        u32::try_from(self.fraction / UNITS_PER_NANOSECOND).unwrap_or(0)
    }
}

/// Prints in UTC with 0, 3, 6 or 9 digits of fraction, as the context object does (CTX-022).
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = utc(self.seconds);
        let second = if self.leap { 60 } else { utc.second() };
        let (year, month, day, hour, minute) = (utc.year(), u8::from(utc.month()), utc.day(), utc.hour(), utc.minute());
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        match self.nanoseconds() {
            0 => {}
            nanoseconds if nanoseconds % 1_000_000 == 0 => write!(formatter, ".{:03}", nanoseconds / 1_000_000)?,
            nanoseconds if nanoseconds % 1_000 == 0 => write!(formatter, ".{:06}", nanoseconds / 1_000)?,
            nanoseconds => write!(formatter, ".{nanoseconds:09}")?,
        }
        formatter.write_str("Z")
    }
}

/// What is left of the text.
struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn take(&mut self, expected: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == expected).then(|| self.0 = rest)
    }

    /// At most four digits.
    fn digits(&mut self, count: usize) -> Option<u16> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.iter().try_fold(0_u16, |value, byte| {
            byte.is_ascii_digit().then(|| value.saturating_mul(10).saturating_add(u16::from(byte & 0x0F)))
        })
    }

    /// A separator and two digits.
    fn after(&mut self, separator: u8) -> Option<u16> {
        self.take(separator)?;
        self.digits(2)
    }

    /// One digit or more.
    fn fraction(&mut self) -> Option<u128> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        let kept = digits.iter().map(|byte| byte & 0x0F).chain(std::iter::repeat(0)).take(FRACTION_DIGITS as usize);
        let fraction = kept.fold(0_u128, |value, digit| value.saturating_mul(10).saturating_add(u128::from(digit)));
        (count > 0).then_some(fraction)
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Option<i32> {
        if self.take(b'Z').is_some() {
            return Some(0);
        }
        let sign = if self.take(b'+').is_some() {
            1
        } else {
            self.take(b'-')?;
            -1
        };
        let (hours, minutes) = (self.digits(2)?, self.after(b':')?);
        let seconds = i32::from(hours).saturating_mul(3600).saturating_add(i32::from(minutes).saturating_mul(60));
        (hours <= 23 && minutes <= 59).then(|| seconds.saturating_mul(sign))
    }
}

/// No part of a date or time of day is as large as 256.
fn byte(number: u16) -> Option<u8> {
    u8::try_from(number).ok()
}

/// The date and time; the last or first there is beyond the years that the library knows, some 999,999 either way.
fn utc(seconds: i64) -> UtcDateTime {
    let beyond = if seconds < 0 { UtcDateTime::MIN } else { UtcDateTime::MAX };
    UtcDateTime::from_unix_timestamp(seconds).unwrap_or(beyond)
}

/// Whether the next second is the first of a month, in UTC.
fn ends_a_month(seconds: i64) -> bool {
    let next = utc(seconds.saturating_add(1));
    next.day() == 1 && next.time() == Time::MIDNIGHT
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::epoch("1970-01-01T00:00:00Z", 0)]
    #[case::before_the_epoch("1969-12-31T23:59:59Z", -1)]
    #[case::day_after_a_leap_day("2000-03-01T00:00:00Z", 951_868_800)]
    #[case::billennium("2001-09-09T01:46:40Z", 1_000_000_000)]
    #[case::end_of_signed_32_bits("2038-01-19T03:14:07Z", 2_147_483_647)]
    #[case::data_018_east("2001-09-09T03:46:40+02:00", 1_000_000_000)]
    #[case::data_018_west("2001-09-08T16:16:40-09:30", 1_000_000_000)]
    #[case::data_018_unknown_local_offset("2001-09-09T01:46:40-00:00", 1_000_000_000)]
    #[case::data_019_one_digit("2001-09-09T01:46:40.9Z", 1_000_000_000)]
    #[case::data_019_beyond_nanoseconds("2001-09-09T01:46:40.12345678901234567890Z", 1_000_000_000)]
    #[case::wait_013_truncated_before_the_epoch("1969-12-31T23:59:58.5Z", -2)]
    #[case::first_second("0000-01-01T00:00:00Z", -62_167_219_200)]
    #[case::last_second("9999-12-31T23:59:59Z", 253_402_300_799)]
    #[case::offset_over_the_year_end("0000-01-01T00:00:00+23:59", -62_167_305_540)]
    fn whole_seconds_count_from_the_epoch(#[case] text: &str, #[case] seconds: i64) {
        assert_eq!(Timestamp::parse(text).unwrap().whole_seconds(), seconds);
    }

    #[rstest]
    #[case::data_016_lowercase_t("2024-01-01t00:00:00Z")]
    #[case::data_016_blank_for_t("2024-01-01 00:00:00Z")]
    #[case::data_017_no_zone("2024-01-01T00:00:00")]
    #[case::data_017_lowercase_z("2024-01-01T00:00:00z")]
    #[case::data_020_date_alone("2024-01-01")]
    #[case::data_020_escaped_colons("2025-01-01T00%3A00%3A00Z")]
    #[case::data_020_basic_format("20240101T000000Z")]
    #[case::data_020_blank_before(" 2024-01-01T00:00:00Z")]
    #[case::data_020_text_after("2024-01-01T00:00:00Z.")]
    #[case::data_020_zone_name("2024-01-01T00:00:00UTC")]
    #[case::data_020_two_digit_year("24-01-01T00:00:00Z")]
    #[case::data_020_five_digit_year("12024-01-01T00:00:00Z")]
    #[case::data_020_other_digits("２024-01-01T00:00:00Z")]
    #[case::data_020_comma_for_the_fraction("2024-01-01T00:00:00,5Z")]
    #[case::data_020_empty_fraction("2024-01-01T00:00:00.Z")]
    #[case::data_020_empty("")]
    #[case::data_021_month_0("2024-00-01T00:00:00Z")]
    #[case::data_021_month_13("2024-13-01T00:00:00Z")]
    #[case::data_021_day_0("2024-01-00T00:00:00Z")]
    #[case::data_021_april_31("2024-04-31T00:00:00Z")]
    #[case::data_021_no_leap_year("2023-02-29T00:00:00Z")]
    #[case::data_021_century_without_leap_day("1900-02-29T00:00:00Z")]
    #[case::data_021_hour_24("2024-01-01T24:00:00Z")]
    #[case::data_021_hour_25("2024-01-01T25:00:00Z")]
    #[case::data_021_minute_60("2024-01-01T00:60:00Z")]
    #[case::data_021_second_61("2016-12-31T23:59:61Z")]
    #[case::data_021_leap_second_within_a_month("2016-12-30T23:59:60Z")]
    #[case::data_021_leap_second_at_local_midnight("2016-12-31T23:59:60+01:00")]
    #[case::data_022_no_seconds("2024-01-01T00:00Z")]
    #[case::offset_without_colon("2024-01-01T00:00:00+0200")]
    #[case::offset_without_minutes("2024-01-01T00:00:00+02")]
    #[case::offset_of_24_hours("2024-01-01T00:00:00+24:00")]
    #[case::offset_of_60_minutes("2024-01-01T00:00:00+00:60")]
    fn other_texts_are_no_timestamps(#[case] text: &str) {
        assert_eq!(Timestamp::parse(text), None);
    }

    #[rstest]
    #[case::century_with_leap_day("2000-02-29T00:00:00Z")]
    #[case::leap_second("2016-12-31T23:59:60Z")]
    fn rare_days_and_seconds_exist(#[case] text: &str) {
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
    }

    #[rstest]
    #[case::zero_fraction("2024-01-01T12:00:00Z", "2024-01-01T12:00:00.000Z", Ordering::Equal)]
    #[case::trailing_zero("2024-01-01T12:00:00.1Z", "2024-01-01T12:00:00.10Z", Ordering::Equal)]
    #[case::same_instant("2024-01-01T12:00:00Z", "2024-01-01T14:00:00+02:00", Ordering::Equal)]
    #[case::not_the_order_of_the_texts("2024-01-01T23:00:00-05:00", "2024-01-02T01:00:00Z", Ordering::Greater)]
    #[case::nanoseconds("2024-01-01T12:00:00.000000001Z", "2024-01-01T12:00:00Z", Ordering::Greater)]
    #[case::beyond_nanoseconds(
        "2024-01-01T12:00:00.00000000000000000001Z",
        "2024-01-01T12:00:00.00000000000000000002Z",
        Ordering::Less
    )]
    #[case::fractions_before_the_epoch("1969-12-31T23:59:58.5Z", "1969-12-31T23:59:58.6Z", Ordering::Less)]
    #[case::leap_second_after_the_last("2016-12-31T23:59:60.1Z", "2016-12-31T23:59:59.9Z", Ordering::Greater)]
    #[case::leap_second_before_the_year("2016-12-31T23:59:60.9Z", "2017-01-01T00:00:00Z", Ordering::Less)]
    fn timestamps_order_as_instants(#[case] left: &str, #[case] right: &str, #[case] expected: Ordering) {
        let (left, right) = (Timestamp::parse(left).unwrap(), Timestamp::parse(right).unwrap());
        assert_eq!(left.cmp(&right), expected);
        assert_eq!(right.cmp(&left), expected.reverse());
    }

    #[rstest]
    #[case(1_704_067_200, 0, "2024-01-01T00:00:00Z")]
    #[case(1_704_067_200, 500_000_000, "2024-01-01T00:00:00.500Z")]
    #[case(1_704_067_200, 1_000, "2024-01-01T00:00:00.000001Z")]
    #[case(1_704_067_200, 1, "2024-01-01T00:00:00.000000001Z")]
    #[case(-1, 999_000_000, "1969-12-31T23:59:59.999Z")]
    #[case(253_402_300_800, 0, "10000-01-01T00:00:00Z")]
    fn ctx_022_an_instant_prints_with_0_3_6_or_9_digits(
        #[case] seconds: i64,
        #[case] nanoseconds: u32,
        #[case] text: &str,
    ) {
        assert_eq!(Timestamp::from_epoch(seconds, nanoseconds).to_string(), text);
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(
            seconds in -62_167_219_200_i64..253_402_300_800,
            nanoseconds in prop_oneof![0..1_000_000_000_u32, (0..1000_u32).prop_map(|millis| millis * 1_000_000)],
        ) {
            let timestamp = Timestamp::from_epoch(seconds, nanoseconds);
            prop_assert_eq!(Timestamp::parse(&timestamp.to_string()), Some(timestamp));
        }

        #[test]
        fn the_order_agrees_with_whole_seconds(a in any::<(i64, u32)>(), b in any::<(i64, u32)>()) {
            let (a, b) = (Timestamp::from_epoch(a.0, a.1), Timestamp::from_epoch(b.0, b.1));
            if a <= b {
                prop_assert!(a.whole_seconds() <= b.whole_seconds());
            }
        }

        #[test]
        fn an_instant_of_any_size_prints(seconds in any::<i64>(), nanoseconds in any::<u32>()) {
            prop_assert!(Timestamp::from_epoch(seconds, nanoseconds).to_string().ends_with('Z'));
        }

        #[test]
        fn any_text_ends_in_a_timestamp_or_nothing(text in "[0-9TZ:+.-]{0,32}|\\PC*") {
            let _ = Timestamp::parse(&text);
        }
    }
}
