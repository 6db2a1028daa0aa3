//! Numbers compared and printed by value, whatever their notation (DATA-010 to DATA-012, D38).

use std::cmp::Ordering;

use serde_json::Number;

/// 2^63 and 2^64, where doubles leave the range of the 64-bit integers.
const TWO_63: f64 = 9_223_372_036_854_775_808.0;
const TWO_64: f64 = 18_446_744_073_709_551_616.0;

/// A number without its notation.
#[derive(Clone, Copy, Debug)]
enum Exact {
    /// An integer of 64 bits, also when it was written as `1.0`.
    Integer(i128),
    /// Any other finite double.
    Double(f64),
}

impl Exact {
    fn of(number: &Number) -> Self {
        if let Some(value) = number.as_i64() {
            Self::Integer(value.into())
        } else if let Some(value) = number.as_u64() {
            Self::Integer(value.into())
        } else {
            Self::of_double(number.as_f64().unwrap_or(f64::NAN))
        }
    }

    #[allow(clippy::cast_possible_truncation, reason = "whole and below 2^64, so the cast is exact")]
    fn of_double(value: f64) -> Self {
        if value.fract() == 0.0 && (-TWO_63..TWO_64).contains(&value) {
            Self::Integer(value as i128)
        } else {
            Self::Double(value)
        }
    }
}

/// The order of two numbers, exact also between 64-bit integers and doubles: 9007199254740993 is above
/// 9007199254740992.0.
#[must_use]
pub fn compare(left: &Number, right: &Number) -> Ordering {
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64()) {
        return left.cmp(&right);
    }
    match (Exact::of(left), Exact::of(right)) {
        (Exact::Integer(left), Exact::Integer(right)) => left.cmp(&right),
        (Exact::Integer(left), Exact::Double(right)) => compare_with_double(left, right),
        (Exact::Double(left), Exact::Integer(right)) => compare_with_double(right, left).reverse(),
        (Exact::Double(left), Exact::Double(right)) => left.total_cmp(&right),
    }
}

/// Compares an integer of 64 bits with a double that is none. Truncating such a double saturates at the ends of `i128`
/// and is exact below; where the whole parts are equal, the fraction decides.
#[allow(clippy::cast_possible_truncation, reason = "explained above")]
fn compare_with_double(integer: i128, double: f64) -> Ordering {
    integer.cmp(&(double as i128)).then(0.0_f64.total_cmp(&double.fract()))
}

/// Whether two numbers have the same value: 1 equals 1.0.
#[must_use]
pub fn equal(left: &Number, right: &Number) -> bool {
    compare(left, right) == Ordering::Equal
}

/// Whether the value is whole; 1.0 is an integer, and so is every double from 2^53 on.
#[must_use]
pub fn is_integer(number: &Number) -> bool {
    match Exact::of(number) {
        Exact::Integer(_) => true,
        Exact::Double(value) => value.fract() == 0.0,
    }
}

/// The value as an integer of at most 64 bits, signed or unsigned; `None` for fractions and larger numbers.
#[must_use]
pub fn integer(number: &Number) -> Option<i128> {
    match Exact::of(number) {
        Exact::Integer(value) => Some(value),
        Exact::Double(_) => None,
    }
}

/// The value as a signed integer; `None` for fractions and what does not fit.
#[must_use]
pub fn to_i64(number: &Number) -> Option<i64> {
    integer(number).and_then(|value| value.try_into().ok())
}

/// The whole part, cutting toward zero (D13); `None` when it does not fit.
#[must_use]
pub fn truncate(number: &Number) -> Option<i64> {
    whole(number, f64::trunc)
}

/// The nearest integer, halves going up, so that -2.5 gives -2 (INTR-MathAdd-02); `None` when it does not fit.
#[must_use]
pub fn round_half_up(number: &Number) -> Option<i64> {
    // Not floor(x + 0.5): that sum itself rounds, and 0.49999999999999994 would give 1.
    whole(number, |value| {
        let floor = value.floor();
        if value - floor >= 0.5 { floor + 1.0 } else { floor }
    })
}

fn whole(number: &Number, rounding: impl Fn(f64) -> f64) -> Option<i64> {
    let value = match Exact::of(number) {
        Exact::Integer(value) => Exact::Integer(value),
        Exact::Double(value) => Exact::of_double(rounding(value)),
    };
    match value {
        Exact::Integer(value) => value.try_into().ok(),
        Exact::Double(_) => None,
    }
}

/// A number with this value: exact up to 64 bits, the nearest double beyond.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "DATA-011 lets larger integers degrade to doubles")]
pub fn from_integer(value: i128) -> Number {
    if let Ok(value) = i64::try_from(value) {
        return value.into();
    }
    if let Ok(value) = u64::try_from(value) {
        return value.into();
    }
    Number::from_f64(value as f64).unwrap_or_else(|| 0.into())
}

/// The shortest usual text that denotes the same value: 1.0 is `1`, 64-bit integers have all their digits, other
/// doubles the fewest that denote them, with an exponent from 1e+21 and below 1e-6, as ECMAScript prints them
/// (INTR-Format-06, D38).
#[must_use]
pub fn to_text(number: &Number) -> String {
    match Exact::of(number) {
        Exact::Integer(value) => value.to_string(),
        Exact::Double(value) => double_to_text(value),
    }
}

fn double_to_text(value: f64) -> String {
    // `-1.25e-7`: Rust, too, prints the fewest digits that denote the double.
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (first, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    match usize::try_from(exponent) {
        Ok(point) if point < 21 => match rest.split_at_checked(point) {
            Some((whole, "")) => format!("{sign}{first}{whole}"),
            Some((whole, fraction)) => format!("{sign}{first}{whole}.{fraction}"),
            None => format!("{sign}{first}{rest:0<point$}"),
        },
        Err(_) if exponent >= -6 => {
            let zeros = usize::try_from(exponent.unsigned_abs()).unwrap_or(0).saturating_sub(1);
            format!("{sign}0.{}{first}{rest}", "0".repeat(zeros))
        }
        _ => {
            let plus = if exponent > 0 { "+" } else { "" };
            format!("{sign}{mantissa}e{plus}{exponent}")
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::Value;

    use super::*;

    fn number(text: &str) -> Number {
        match serde_json::from_str(text).unwrap() {
            Value::Number(number) => number,
            other => panic!("{other} is not a number"),
        }
    }

    #[rstest]
    #[case("1", "1.0", Ordering::Equal)]
    #[case("0", "-0.0", Ordering::Equal)]
    #[case("100", "1e2", Ordering::Equal)]
    #[case("1", "1.5", Ordering::Less)]
    #[case("-1", "-1.5", Ordering::Greater)]
    #[case("0", "-1e-300", Ordering::Greater)]
    #[case("9007199254740993", "9007199254740992.0", Ordering::Greater)]
    #[case("9223372036854775807", "9223372036854775808.0", Ordering::Less)]
    #[case("9223372036854775808", "9223372036854775808.0", Ordering::Equal)]
    #[case("-9223372036854775808", "-9223372036854775808.0", Ordering::Equal)]
    #[case("18446744073709551615", "18446744073709551616", Ordering::Less)]
    #[case("18446744073709551615", "1e300", Ordering::Less)]
    #[case("-9223372036854775808", "-1e300", Ordering::Greater)]
    #[case("1e300", "1e301", Ordering::Less)]
    #[case("0.1", "0.2", Ordering::Less)]
    fn numbers_compare_by_exact_value(#[case] left: &str, #[case] right: &str, #[case] expected: Ordering) {
        assert_eq!(compare(&number(left), &number(right)), expected);
        assert_eq!(compare(&number(right), &number(left)), expected.reverse());
    }

    #[rstest]
    #[case("1.6", Some(1), Some(2))]
    #[case("-0.6", Some(0), Some(-1))]
    #[case("-1.5", Some(-1), Some(-1))]
    #[case("-2.5", Some(-2), Some(-2))]
    #[case("1.5", Some(1), Some(2))]
    #[case("0.49999999999999994", Some(0), Some(0))]
    #[case("-1e-20", Some(0), Some(0))]
    #[case("7", Some(7), Some(7))]
    #[case("9223372036854775807", Some(i64::MAX), Some(i64::MAX))]
    #[case("9223372036854775808", None, None)]
    #[case("1e300", None, None)]
    fn truncation_is_toward_zero_and_rounding_takes_halves_up(
        #[case] text: &str,
        #[case] truncated: Option<i64>,
        #[case] rounded: Option<i64>,
    ) {
        assert_eq!(truncate(&number(text)), truncated);
        assert_eq!(round_half_up(&number(text)), rounded);
    }

    #[rstest]
    #[case("1", Some(1), true)]
    #[case("1.0", Some(1), true)]
    #[case("-0.0", Some(0), true)]
    #[case("1.5", None, false)]
    #[case("1e-9", None, false)]
    #[case("18446744073709551615", Some(u64::MAX.into()), true)]
    #[case("1e300", None, true)]
    fn whole_doubles_are_integers(#[case] text: &str, #[case] value: Option<i128>, #[case] whole: bool) {
        assert_eq!(integer(&number(text)), value);
        assert_eq!(is_integer(&number(text)), whole);
    }

    #[rstest]
    #[case("1.0", "1")]
    #[case("-0.0", "0")]
    #[case("2020", "2020")]
    #[case("0.1", "0.1")]
    #[case("-12.50", "-12.5")]
    #[case("123456.789", "123456.789")]
    #[case("1e20", "100000000000000000000")]
    #[case("1e21", "1e+21")]
    #[case("1.5e300", "1.5e+300")]
    #[case("1e-6", "0.000001")]
    #[case("1.25e-7", "1.25e-7")]
    #[case("-9223372036854775808", "-9223372036854775808")]
    #[case("18446744073709551615", "18446744073709551615")]
    fn the_text_is_the_shortest(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(to_text(&number(text)), expected);
    }

    fn numbers() -> impl Strategy<Value = Number> {
        prop_oneof![
            any::<i64>().prop_map(Number::from),
            any::<u64>().prop_map(Number::from),
            any::<f64>().prop_filter_map("finite", Number::from_f64),
            (any::<i64>(), -2_i64..3)
                .prop_filter_map("finite", |(value, step)| { Number::from_f64(value.wrapping_add(step) as f64) }),
            (-8_i64..8).prop_filter_map("finite", |value| Number::from_f64(value as f64 / 2.0)),
            (-4_i64..4).prop_map(Number::from),
        ]
    }

    proptest! {
        #[test]
        fn comparison_is_a_total_order(a in numbers(), b in numbers(), c in numbers()) {
            prop_assert_eq!(compare(&a, &a), Ordering::Equal);
            prop_assert_eq!(compare(&a, &b), compare(&b, &a).reverse());
            if compare(&a, &b).is_le() && compare(&b, &c).is_le() {
                prop_assert!(compare(&a, &c).is_le());
            }
        }

        #[test]
        fn the_text_denotes_the_number(a in numbers()) {
            prop_assert!(equal(&number(&to_text(&a)), &a));
        }

        #[test]
        fn truncation_never_moves_away_from_zero(a in numbers()) {
            if let Some(whole) = truncate(&a) {
                let (whole, zero) = (Number::from(whole), Number::from(0));
                prop_assert!(compare(&whole, &zero).is_eq() || compare(&whole, &zero) == compare(&a, &zero));
                prop_assert!(compare(&a, &zero).is_lt() || compare(&whole, &a).is_le());
                prop_assert!(compare(&a, &zero).is_gt() || compare(&whole, &a).is_ge());
            }
        }
    }
}
