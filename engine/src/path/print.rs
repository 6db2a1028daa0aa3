//! The canonical text of a Path: steps in bracket form, as in the error texts of the service.

use std::fmt::{Display, Formatter, Result, Write as _};

use serde_json::Value;

use super::{
    Path, Root,
    pattern::Pattern,
    syntax::{Call, Condition, Function, Operand, Operator, Query, Slice, Step, text_of},
};

impl Display for Root {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Input => f.write_char('$'),
            Self::Context => f.write_str("$$"),
            Self::Variable(name) => write!(f, "${name}"),
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", self.root, self.query)
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.steps.iter().try_for_each(|step| step.fmt(f))?;
        self.call.iter().try_for_each(|call| call.fmt(f))
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, ".{}(", text_of(&Function::ALL, self.function).unwrap_or_default())?;
        separated(f, &self.arguments, Display::fmt)?;
        f.write_char(')')
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Descent => return f.write_str(".."),
            Self::Name(name) => return bracketed_name(f, name),
            _ => f.write_char('[')?,
        }
        match self {
            Self::Names(names) => separated(f, names, |name, f| quoted(f, name))?,
            Self::Index(index) => write!(f, "{index}")?,
            Self::Indexes(indexes) => separated(f, indexes, Display::fmt)?,
            Self::FromEnd(back) => write!(f, "(@.length-{back})")?,
            Self::Wildcard => f.write_char('*')?,
            Self::Slice(slice) => slice.fmt(f)?,
            Self::Filter(condition) => write!(f, "?({condition})")?,
            Self::Descent | Self::Name(_) => {}
        }
        f.write_char(']')
    }
}

impl Display for Slice {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let bound = |bound: Option<i64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
        write!(f, "{}:{}", bound(self.start), bound(self.end))?;
        self.step.map_or(Ok(()), |step| write!(f, ":{step}"))
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Any(conditions) => chain(f, conditions, " || "),
            Self::All(conditions) => chain(f, conditions, " && "),
            Self::Not(condition) => write!(f, "!({condition})"),
            Self::Exists(operand) => operand.fmt(f),
            Self::Compare(left, operator, right) => write!(f, "{left} {operator} {right}"),
            Self::Matches(operand, pattern) => write!(f, "{operand} =~ {pattern}"),
        }
    }
}

/// Conditions in a chain; a chain in a chain stands in parentheses.
fn chain(f: &mut Formatter<'_>, conditions: &[Condition], operator: &str) -> Result {
    for (at, condition) in conditions.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { operator })?;
        match condition {
            Condition::Any(_) | Condition::All(_) => write!(f, "({condition})")?,
            condition => condition.fmt(f)?,
        }
    }
    Ok(())
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let text = text_of(&Self::SYMBOLS, *self).or_else(|| text_of(&Self::WORDS, *self));
        f.write_str(text.unwrap_or_default())
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Literal(literal) => literal_text(f, literal),
            Self::Current(query) => write!(f, "@{query}"),
            Self::Document(query) => write!(f, "${query}"),
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "/{}/{}", self.source, self.flags)
    }
}

fn literal_text(f: &mut Formatter<'_>, literal: &Value) -> Result {
    match literal {
        Value::String(text) => quoted(f, text),
        Value::Array(items) => {
            f.write_char('[')?;
            separated(f, items, |item, f| literal_text(f, item))?;
            f.write_char(']')
        }
        other => write!(f, "{other}"),
    }
}

/// `['name']`.
pub(super) fn bracketed_name(f: &mut Formatter<'_>, name: &str) -> Result {
    f.write_char('[')?;
    quoted(f, name)?;
    f.write_char(']')
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('\'')?;
    for c in text.chars() {
        match c {
            '\'' | '\\' => write!(f, "\\{c}")?,
            c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('\'')
}

fn separated<T>(f: &mut Formatter<'_>, items: &[T], mut each: impl FnMut(&T, &mut Formatter<'_>) -> Result) -> Result {
    for (at, item) in items.iter().enumerate() {
        f.write_str(if at == 0 { "" } else { "," })?;
        each(item, f)?;
    }
    Ok(())
}
