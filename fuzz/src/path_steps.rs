//! Steps of Paths: drawn from bytes, and printed.

use std::fmt::{self, Write as _};

use arbitrary::Unstructured;
use asl_engine::profile::Profile;
use serde_json::Value;

use crate::data::{below, flip, name, number, pick, several, small, text};

/// A step of a Path.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Name(&'static str),
    Names(Vec<&'static str>),
    Index(i64),
    Indexes(Vec<i64>),
    Slice([Option<i64>; 3]),
    Wildcard,
    Filter(Test),
    /// `..` and the step that follows it.
    Descent(Box<Step>),
}

/// What a filter asks.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    Exists(Vec<&'static str>),
    Compare(Vec<&'static str>, &'static str, Operand),
    Not(Box<Test>),
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
}

/// The right side of a comparison.
#[derive(Clone, Debug)]
pub(crate) enum Operand {
    Literal(Value),
    Path(Vec<&'static str>),
}

/// Draws the steps of a Path.
pub(crate) fn draw(u: &mut Unstructured<'_>) -> Vec<Step> {
    several(u, 4, |u| Step::draw(u, true))
}

impl Step {
    fn draw(u: &mut Unstructured<'_>, may_descend: bool) -> Self {
        let bound = |u: &mut Unstructured<'_>| flip(u).then(|| small(u));
        match below(u, if may_descend { 13 } else { 11 }) {
            0..=3 => Self::Name(name(u)),
            4 => Self::Names(vec![name(u), name(u)]),
            5 => Self::Index(small(u)),
            6 => Self::Indexes(vec![small(u), small(u)]),
            7 => Self::Slice([bound(u), bound(u), bound(u)]),
            8 => Self::Wildcard,
            9 | 10 => Self::Filter(Test::draw(u, 2)),
            _ => Self::Descent(Box::new(Self::draw(u, false))),
        }
    }

    /// Whether it leads from one value to at most one (PATH-033 for unions of names).
    pub(crate) fn is_definite(&self) -> bool {
        matches!(self, Self::Name(_) | Self::Names(_) | Self::Index(_))
    }

    /// Whether the profile has the step: `[:]` is no slice in the `aws` dialect.
    pub(crate) fn is_valid(&self, profile: Profile) -> bool {
        match self {
            Self::Slice([None, None, _]) => !profile.is_aws(),
            Self::Descent(step) => step.is_valid(profile),
            _ => true,
        }
    }
}

impl Test {
    fn draw(u: &mut Unstructured<'_>, depth: usize) -> Self {
        let names = |u: &mut Unstructured<'_>| several(u, 2, |u| name(u));
        let inner = |u: &mut Unstructured<'_>| Box::new(Self::draw(u, depth - 1));
        match below(u, if depth == 0 { 4 } else { 7 }) {
            0 => Self::Exists(names(u)),
            1..=3 => {
                let operator = pick(u, &["==", "!=", "<", "<=", ">", ">="]);
                let operand = match below(u, 4) {
                    0 => Operand::Literal(number(u)),
                    1 => Operand::Literal(text(u).into()),
                    2 => Operand::Literal(pick(u, &[None, Some(true), Some(false)]).map_or(Value::Null, Value::from)),
                    _ => Operand::Path(names(u)),
                };
                Self::Compare(names(u), operator, operand)
            }
            4 => Self::Not(inner(u)),
            5 => Self::And(inner(u), inner(u)),
            _ => Self::Or(inner(u), inner(u)),
        }
    }
}

/// `$` and the steps.
pub(crate) fn print(steps: &[Step]) -> String {
    let mut text = "$".to_owned();
    for step in steps {
        let _ = write!(text, "{step}");
    }
    text
}

/// A text in single quotes.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('\'')?;
        for character in self.0.chars() {
            match character {
                '\\' | '\'' => write!(f, "\\{character}")?,
                control if control.is_control() => write!(f, "\\u{:04x}", u32::from(control))?,
                other => f.write_char(other)?,
            }
        }
        f.write_char('\'')
    }
}

/// Items between brackets, with commas between them.
fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    print: impl Fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
) -> fmt::Result {
    f.write_char('[')?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_char(',')?;
        }
        print(item, f)?;
    }
    f.write_char(']')
}

struct Names<'n>(&'n [&'static str]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('@')?;
        self.0.iter().try_for_each(|name| write!(f, "[{}]", Quoted(name)))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // The dot form where it needs no escape.
            Self::Name(name) if name.bytes().all(|byte| byte.is_ascii_lowercase()) => write!(f, ".{name}"),
            Self::Name(name) => write!(f, "[{}]", Quoted(name)),
            Self::Names(names) => list(f, names, |name, f| Quoted(name).fmt(f)),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Indexes(indexes) => list(f, indexes, fmt::Display::fmt),
            Self::Slice([start, end, step]) => {
                f.write_char('[')?;
                start.map_or(Ok(()), |start| start.fmt(f))?;
                f.write_char(':')?;
                end.map_or(Ok(()), |end| end.fmt(f))?;
                step.map_or(Ok(()), |step| write!(f, ":{step}"))?;
                f.write_char(']')
            }
            Self::Wildcard => write!(f, "[*]"),
            Self::Filter(test) => write!(f, "[?({test})]"),
            Self::Descent(step) => match &**step {
                Self::Name(name) => write!(f, "..[{}]", Quoted(name)),
                step => write!(f, "..{step}"),
            },
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(names) => Names(names).fmt(f),
            Self::Compare(left, operator, Operand::Path(right)) => {
                write!(f, "{} {operator} {}", Names(left), Names(right))
            }
            Self::Compare(left, operator, Operand::Literal(Value::String(text))) => {
                write!(f, "{} {operator} {}", Names(left), Quoted(text))
            }
            Self::Compare(left, operator, Operand::Literal(literal)) => {
                write!(f, "{} {operator} {literal}", Names(left))
            }
            Self::Not(test) => write!(f, "!({test})"),
            Self::And(left, right) => write!(f, "({left}) && ({right})"),
            Self::Or(left, right) => write!(f, "({left}) || ({right})"),
        }
    }
}
