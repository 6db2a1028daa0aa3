//! Choice Rules (CHOICE-014 to CHOICE-080; specification, "Choice State").

use std::{borrow::Cow, cmp::Ordering};

use serde_json::{Number, Value};

use crate::{
    environment::Environment,
    failure::{Failure, StateError},
    number,
    path::{Path, PathError, Root},
    template::Expression,
    timestamp::Timestamp,
};

/// A compiled Boolean Expression or Data-test Expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// True when every rule is; stops at the first false one (CHOICE-020).
    And(Vec<Condition>),
    /// True when one rule is; stops there (CHOICE-022).
    Or(Vec<Condition>),
    /// True when its rule is false (CHOICE-024).
    Not(Box<Condition>),
    /// A test of the value that `variable` selects.
    Test {
        /// The Path of the field `Variable`.
        variable: Path,
        /// The comparison operator and its operand.
        test: Test,
    },
    /// `Condition` of a JSONata rule, written out (CHOICE-014).
    Literal(bool),
    /// `Condition` of a JSONata rule (CHOICE-015).
    Query {
        /// Its place, for causes.
        location: String,
        /// What must give a boolean.
        expression: Expression,
    },
}

/// A comparison operator with its operand.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant is the family of operators of that name")]
pub enum Test {
    String(Comparison, Operand<String>),
    Numeric(Comparison, Operand<Number>),
    Timestamp(Comparison, Operand<Timestamp>),
    Boolean(Operand<bool>),
    StringMatches(Pattern),
    IsNull(bool),
    IsPresent(bool),
    IsNumeric(bool),
    IsString(bool),
    IsBoolean(bool),
    IsTimestamp(bool),
}

/// An operand written out, or taken from a Path by the operators that end in `Path`.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "see above")]
pub enum Operand<T> {
    Literal(T),
    Path(Path),
}

/// How two values of one type are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as in the operators")]
pub enum Comparison {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equals => ordering.is_eq(),
            Self::LessThan => ordering.is_lt(),
            Self::GreaterThan => ordering.is_gt(),
            Self::LessThanEquals => ordering.is_le(),
            Self::GreaterThanEquals => ordering.is_ge(),
        }
    }
}

impl Condition {
    /// Whether the rule matches.
    ///
    /// # Errors
    /// `States.Runtime` when a Path selects nothing (CHOICE-028, CHOICE-030), except under `IsPresent`, and when a
    /// pattern ends in an open escape (CHOICE-071).
    pub fn holds(&self, environment: &Environment<'_>) -> Result<bool, Failure> {
        match self {
            Self::And(rules) => all(rules, true, environment),
            Self::Or(rules) => all(rules, false, environment).map(|none| !none),
            Self::Not(rule) => rule.holds(environment).map(|holds| !holds),
            Self::Test { variable, test } => {
                environment.meter.charge(1)?;
                test.holds(variable, environment)
            }
            Self::Literal(holds) => Ok(*holds),
            Self::Query { location, expression } => {
                let value = expression.evaluate(location, environment)?;
                value.as_bool().ok_or_else(|| expression.unexpected(location, "boolean", &value))
            }
        }
    }

    /// Whether the context object is read.
    #[must_use]
    pub fn reads_context(&self) -> bool {
        match self {
            Self::And(rules) | Self::Or(rules) => rules.iter().any(Self::reads_context),
            Self::Not(rule) => rule.reads_context(),
            Self::Test { variable, test } => {
                *variable.root() == Root::Context || test.operand().is_some_and(|path| *path.root() == Root::Context)
            }
            Self::Literal(_) => false,
            Self::Query { expression, .. } => expression.reads_context(),
        }
    }
}

/// Whether every rule gives `wanted`, evaluating none after the first that does not.
fn all(rules: &[Condition], wanted: bool, environment: &Environment<'_>) -> Result<bool, Failure> {
    for rule in rules {
        if rule.holds(environment)? != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Test {
    fn operand(&self) -> Option<&Path> {
        match self {
            Self::String(_, Operand::Path(path))
            | Self::Numeric(_, Operand::Path(path))
            | Self::Timestamp(_, Operand::Path(path))
            | Self::Boolean(Operand::Path(path)) => Some(path),
            _ => None,
        }
    }

    fn holds(&self, variable: &Path, environment: &Environment<'_>) -> Result<bool, Failure> {
        if let Self::IsPresent(wanted) = self {
            return Ok(is_present(variable, environment)? == *wanted);
        }
        let value = select(variable, environment)?;
        let operand = self.operand().map(|path| select(path, environment)).transpose()?;
        Ok(match self {
            Self::String(comparison, literal) => {
                let operand = text(literal, operand.as_deref());
                value.as_str().zip(operand).is_some_and(|(left, right)| comparison.holds(utf16_order(left, right)))
            }
            Self::Numeric(comparison, literal) => {
                let operand = number(literal, operand.as_deref());
                let left = if let Value::Number(left) = &*value { Some(left) } else { None };
                left.zip(operand).is_some_and(|(left, right)| comparison.holds(number::compare(left, right)))
            }
            Self::Timestamp(comparison, literal) => {
                let operand = timestamp(literal, operand.as_deref());
                let left = value.as_str().and_then(Timestamp::parse);
                left.zip(operand).is_some_and(|(left, right)| comparison.holds(left.cmp(&right)))
            }
            Self::Boolean(literal) => {
                let operand = match literal {
                    Operand::Literal(literal) => Some(*literal),
                    Operand::Path(_) => operand.as_deref().and_then(Value::as_bool),
                };
                value.as_bool().zip(operand).is_some_and(|(left, right)| left == right)
            }
            Self::StringMatches(pattern) => match value.as_str() {
                Some(text) => pattern.matches(text)?,
                None => pattern.check().map(|()| false)?,
            },
            Self::IsNull(wanted) => value.is_null() == *wanted,
            Self::IsNumeric(wanted) => value.is_number() == *wanted,
            Self::IsString(wanted) => value.is_string() == *wanted,
            Self::IsBoolean(wanted) => value.is_boolean() == *wanted,
            Self::IsTimestamp(wanted) => value.as_str().and_then(Timestamp::parse).is_some() == *wanted,
            Self::IsPresent(_) => false,
        })
    }
}

fn text<'t>(operand: &'t Operand<String>, selected: Option<&'t Value>) -> Option<&'t str> {
    match operand {
        Operand::Literal(text) => Some(text),
        Operand::Path(_) => selected.and_then(Value::as_str),
    }
}

fn number<'t>(operand: &'t Operand<Number>, selected: Option<&'t Value>) -> Option<&'t Number> {
    match (operand, selected) {
        (Operand::Literal(number), _) | (Operand::Path(_), Some(Value::Number(number))) => Some(number),
        _ => None,
    }
}

fn timestamp(operand: &Operand<Timestamp>, selected: Option<&Value>) -> Option<Timestamp> {
    match operand {
        Operand::Literal(timestamp) => Some(*timestamp),
        Operand::Path(_) => selected.and_then(Value::as_str).and_then(Timestamp::parse),
    }
}

/// CHOICE-073: `null` counts as present, and a selection of nothing is no failure.
fn is_present(variable: &Path, environment: &Environment<'_>) -> Result<bool, Failure> {
    match environment.select_in_place(variable) {
        Ok(_) => Ok(true),
        Err(PathError::Failure(failure)) => Err(failure),
        Err(_) => Ok(false),
    }
}

fn select<'e>(path: &Path, environment: &Environment<'e>) -> Result<Cow<'e, Value>, Failure> {
    environment.select_existing(path).map_err(|error| match error {
        PathError::Failure(failure) => failure,
        _ => StateError::runtime(format!(
            "Invalid path '{}': The choice state's condition path references an invalid value.",
            path.text()
        ))
        .into(),
    })
}

/// Strings are ordered by UTF-16 code units (D20).
fn utf16_order(left: &str, right: &str) -> Ordering {
    left.encode_utf16().cmp(right.encode_utf16())
}

/// The operand of `StringMatches` (CHOICE-069 to CHOICE-071).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The literal texts between the stars: one more than there are stars.
    pieces: Vec<String>,
    open_escape: bool,
}

impl Pattern {
    /// Splits a pattern at its stars. Every text is a pattern: one that ends in an open escape fails when used.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut open_escape = false;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '*' => pieces.push(std::mem::take(&mut piece)),
                '\\' => match characters.peek() {
                    Some(escaped @ ('*' | '\\')) => {
                        piece.push(*escaped);
                        characters.next();
                    }
                    Some(_) => piece.push('\\'),
                    None => open_escape = true,
                },
                other => piece.push(other),
            }
        }
        pieces.push(piece);
        Self { pieces, open_escape }
    }

    fn check(&self) -> Result<(), Failure> {
        if self.open_escape {
            return Err(StateError::runtime("The StringMatches pattern ends in an open escape.").into());
        }
        Ok(())
    }

    fn matches(&self, text: &str) -> Result<bool, Failure> {
        self.check()?;
        let Some((first, rest)) = self.pieces.split_first() else { return Ok(false) };
        let Some((last, middle)) = rest.split_last() else { return Ok(text == first) };
        let Some(mut text) = text.strip_prefix(first.as_str()) else { return Ok(false) };
        for piece in middle {
            let Some((_, after)) = text.split_once(piece.as_str()) else { return Ok(false) };
            text = after;
        }
        Ok(text.ends_with(last.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("foo*.log", "foo23.log", true)]
    #[case("*.log", "zebra.log", true)]
    #[case("foo*.*", "foobar.zebra", true)]
    #[case("a*a", "a", false)]
    #[case("a*b*a", "aba", true)]
    #[case("*", "", true)]
    #[case("", "", true)]
    #[case("", "x", false)]
    #[case(r"a\*b", "a*b", true)]
    #[case(r"a\*b", "axb", false)]
    #[case(r"a\\*", r"a\xyz", true)]
    #[case("*ab*", "aab", true)]
    fn pattern_matches_whole_text(#[case] pattern: &str, #[case] text: &str, #[case] expected: bool) {
        assert_eq!(Pattern::parse(pattern).matches(text), Ok(expected), "CHOICE-069, CHOICE-070");
    }

    #[test]
    fn open_escape_fails_when_used() {
        assert!(Pattern::parse(r"a*\").matches("a").is_err(), "CHOICE-071");
    }

    #[rstest]
    #[case("a", "b", Ordering::Less)]
    #[case("\u{1F600}", "\u{FFFF}", Ordering::Less)]
    #[case("a", "A", Ordering::Greater)]
    fn strings_are_ordered_by_utf16_units(#[case] left: &str, #[case] right: &str, #[case] expected: Ordering) {
        assert_eq!(utf16_order(left, right), expected, "D20");
    }
}
