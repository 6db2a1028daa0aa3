//! A look at the pictures of numbers and dates, on some of which the library panics.

use jsonata_core::{evaluator::EvaluatorError, value::JValue};

use super::{budget, functions::error};

/// Longest picture, in bytes.
const LONGEST: usize = 1_000;
/// Digits of the largest number in a date picture.
const DIGITS_OF_NUMBER: usize = 4;
/// Digits of a year: the library counts in 64 bits.
const DIGITS_OF_YEAR: usize = 18;
/// Letters that stand for a number, as those of columns of a sheet do.
const LETTERS: usize = 13;
/// Largest number in Roman numerals or words, which grow with it.
const LARGEST_WORDED: f64 = 1e6;

/// Refuses arguments of a function that takes a picture, when a bound would be exceeded or the library would panic.
pub(super) fn check(name: &str, arguments: &[JValue]) -> Result<(), EvaluatorError> {
    let (value, pictures) = match arguments.split_first() {
        Some((value, rest)) if matches!(name, "parseInteger" | "toMillis") => (value.as_str(), rest),
        _ => (None, arguments),
    };
    let has_many_letters = value.is_some_and(|text| longest_run(text, |letter| letter.is_ascii_alphabetic()) > LETTERS);
    for picture in pictures.iter().filter_map(JValue::as_str) {
        let numbers_are_short =
            name.starts_with("format") || longest_run(picture, |digit| digit.is_ascii_digit()) <= DIGITS_OF_NUMBER;
        if picture.len() > LONGEST || !numbers_are_short {
            return Err(budget::too_much());
        }
        match name {
            "fromMillis" | "toMillis" => date(picture, has_many_letters)?,
            "parseInteger" if has_many_letters && picture.starts_with(['a', 'A']) => return Err(budget::too_much()),
            _ => {}
        }
    }
    match (name, arguments) {
        ("formatInteger", [JValue::Number(value), JValue::String(picture), ..])
            if value.abs() > LARGEST_WORDED && picture.contains(['I', 'i']) =>
        {
            Err(budget::too_much())
        }
        // What a date can be.
        ("fromMillis", [JValue::Number(value), ..]) if value.abs() > 8.64e15 || value.is_nan() => {
            Err(error("D3110", "The number of milliseconds is out of range"))
        }
        _ => Ok(()),
    }
}

fn longest_run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.split(|character| !of(character)).map(str::len).max().unwrap_or(0)
}

/// The markers of a date picture, such as `[Y0001]`: each must name a component, and numbers must fit.
fn date(picture: &str, has_many_letters: bool) -> Result<(), EvaluatorError> {
    let mut rest = picture;
    while let Some((_, after)) = rest.split_once('[') {
        // Two brackets stand for one.
        if let Some(literal) = after.strip_prefix('[') {
            rest = literal;
            continue;
        }
        let Some((marker, after)) = after.split_once(']') else { return Ok(()) };
        rest = after;
        let mut parts = marker.chars().filter(|character| !character.is_whitespace());
        let Some(component) = parts.next() else { return Ok(()) };
        if !component.is_ascii() || component == ',' {
            return Err(error(
                "D3132",
                &format!("Unknown component specifier {component} in date/time picture string"),
            ));
        }
        let parts: String = parts.collect();
        let width = parts.rsplit(['-', ',']).next().and_then(|width| width.parse::<usize>().ok()).unwrap_or(0);
        let digits = parts.chars().filter(|part| part.is_numeric() || *part == '#').count();
        if component == 'Y' && digits.max(width) > DIGITS_OF_YEAR || has_many_letters && parts.starts_with(['a', 'A']) {
            return Err(budget::too_much());
        }
    }
    Ok(())
}
