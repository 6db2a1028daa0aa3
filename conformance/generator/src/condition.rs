//! Choice Rules of JSONPath states: the 39 comparison operators, one table row each, and And, Or and Not.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use crate::{
    draw::Draw,
    path::View,
    shape::{Kind, Shape},
    text, timestamp,
};

/// What the operand of an operator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operand {
    /// A literal.
    Literal,
    /// A Path.
    Path,
    /// A boolean, for a test of the type.
    Type,
}

/// One comparison operator.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// The name of the field.
    pub name: &'static str,
    /// What it compares; for tests of the type, what makes them true.
    kind: Kind,
    operand: Operand,
    relation: Relation,
    weight: usize,
}

/// How the value at Variable has to stand to the operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Equal,
    Less,
    Greater,
    NotGreater,
    NotLess,
    Matches,
}

const fn row(name: &'static str, kind: Kind, relation: Relation, operand: Operand) -> Operator {
    Operator { name, kind, operand, relation, weight: 2 }
}

const fn test(name: &'static str, kind: Kind, weight: usize) -> Operator {
    Operator { name, kind, operand: Operand::Type, relation: Relation::Equal, weight }
}

use Operand::{Literal, Path};
use Relation::{Equal, Greater, Less, Matches, NotGreater, NotLess};

/// The comparison operators.
pub const OPERATORS: [Operator; 39] = [
    test("IsPresent", Kind::Any, 6),
    test("IsNull", Kind::Null, 2),
    test("IsNumeric", Kind::Number, 2),
    test("IsString", Kind::Text, 2),
    test("IsBoolean", Kind::Boolean, 2),
    test("IsTimestamp", Kind::Timestamp, 2),
    row("StringEquals", Kind::Text, Equal, Literal),
    row("StringEqualsPath", Kind::Text, Equal, Path),
    row("StringLessThan", Kind::Text, Less, Literal),
    row("StringLessThanPath", Kind::Text, Less, Path),
    row("StringGreaterThan", Kind::Text, Greater, Literal),
    row("StringGreaterThanPath", Kind::Text, Greater, Path),
    row("StringLessThanEquals", Kind::Text, NotGreater, Literal),
    row("StringLessThanEqualsPath", Kind::Text, NotGreater, Path),
    row("StringGreaterThanEquals", Kind::Text, NotLess, Literal),
    row("StringGreaterThanEqualsPath", Kind::Text, NotLess, Path),
    row("StringMatches", Kind::Text, Matches, Literal),
    row("NumericEquals", Kind::Number, Equal, Literal),
    row("NumericEqualsPath", Kind::Number, Equal, Path),
    row("NumericLessThan", Kind::Number, Less, Literal),
    row("NumericLessThanPath", Kind::Number, Less, Path),
    row("NumericGreaterThan", Kind::Number, Greater, Literal),
    row("NumericGreaterThanPath", Kind::Number, Greater, Path),
    row("NumericLessThanEquals", Kind::Number, NotGreater, Literal),
    row("NumericLessThanEqualsPath", Kind::Number, NotGreater, Path),
    row("NumericGreaterThanEquals", Kind::Number, NotLess, Literal),
    row("NumericGreaterThanEqualsPath", Kind::Number, NotLess, Path),
    row("BooleanEquals", Kind::Boolean, Equal, Literal),
    row("BooleanEqualsPath", Kind::Boolean, Equal, Path),
    row("TimestampEquals", Kind::Timestamp, Equal, Literal),
    row("TimestampEqualsPath", Kind::Timestamp, Equal, Path),
    row("TimestampLessThan", Kind::Timestamp, Less, Literal),
    row("TimestampLessThanPath", Kind::Timestamp, Less, Path),
    row("TimestampGreaterThan", Kind::Timestamp, Greater, Literal),
    row("TimestampGreaterThanPath", Kind::Timestamp, Greater, Path),
    row("TimestampLessThanEquals", Kind::Timestamp, NotGreater, Literal),
    row("TimestampLessThanEqualsPath", Kind::Timestamp, NotGreater, Path),
    row("TimestampGreaterThanEquals", Kind::Timestamp, NotLess, Literal),
    row("TimestampGreaterThanEqualsPath", Kind::Timestamp, NotLess, Path),
];

/// Whether a rule is true, as far as the samples tell.
pub type Guess = bool;

/// A rule without Next, meant to come out as asked; gives what it probably comes out as. It fails in no profile.
pub fn rule(u: &mut Unstructured<'_>, view: &View<'_>, wanted: bool, depth: usize) -> (Map<String, Value>, Guess) {
    if depth == 0 || !u.chance(25) {
        return data_test(u, view, wanted);
    }
    let mut rule = Map::new();
    let (name, operand, guess) = match u.below(3) {
        0 => {
            let (inner, guess) = self::rule(u, view, !wanted, depth - 1);
            ("Not", Value::Object(inner), !guess)
        }
        1 => {
            let (rules, guesses) = several(u, view, wanted, depth - 1, true);
            ("And", rules, guesses.into_iter().all(|guess| guess))
        }
        _ => {
            let (rules, guesses) = several(u, view, wanted, depth - 1, false);
            ("Or", rules, guesses.into_iter().any(|guess| guess))
        }
    };
    rule.insert(name.to_owned(), operand);
    (rule, guess)
}

/// The rules of an And or an Or: one of them decides, the others do not.
fn several(
    u: &mut Unstructured<'_>,
    view: &View<'_>,
    wanted: bool,
    depth: usize,
    neutral: bool,
) -> (Value, Vec<Guess>) {
    let count = 1 + u.below(3);
    let deciding = u.below(count);
    let drawn: Vec<_> =
        (0..count).map(|index| rule(u, view, if index == deciding { wanted } else { neutral }, depth)).collect();
    let (rules, guesses): (Vec<_>, Vec<_>) =
        drawn.into_iter().map(|(rule, guess)| (Value::Object(rule), guess)).unzip();
    (Value::Array(rules), guesses)
}

fn data_test(u: &mut Unstructured<'_>, view: &View<'_>, wanted: bool) -> (Map<String, Value>, Guess) {
    let operator = u.weighted(&OPERATORS, |operator| operator.weight).unwrap_or(&OPERATORS[0]);
    let mut rule = Map::new();
    let (variable, operand, guess) = compare(u, view, operator, wanted).unwrap_or_else(|| present(u, view, wanted));
    let name = if operand.1 { operator.name } else { "IsPresent" };
    rule.insert("Variable".to_owned(), json!(variable));
    rule.insert(name.to_owned(), operand.0);
    (rule, guess)
}

/// The operand, and whether it is one of the operator asked for.
type Chosen = (String, (Value, bool), Guess);

/// The test that can always be made.
fn present(u: &mut Unstructured<'_>, view: &View<'_>, wanted: bool) -> Chosen {
    match view.find(u, Kind::Any) {
        Some((path, _)) if u.chance(60) => (path, (json!(wanted), false), wanted),
        _ => ("$.missing".to_owned(), (json!(!wanted), false), wanted),
    }
}

fn compare(u: &mut Unstructured<'_>, view: &View<'_>, operator: &Operator, wanted: bool) -> Option<Chosen> {
    if operator.name == "IsPresent" {
        return Some(present(u, view, wanted));
    }
    if operator.operand == Operand::Type {
        let kind = if u.chance(60) { operator.kind } else { Kind::Any };
        let (variable, shape) = view.find(u, kind).or_else(|| view.find(u, Kind::Any))?;
        let holds = operator.kind.takes(shape);
        return Some((variable, (json!(holds == wanted), true), wanted));
    }
    // Sometimes a value of the wrong type, for which no comparison holds (CHOICE-036).
    let (variable, shape) = match u.chance(8) && !wanted {
        true => view.find(u, Kind::Any)?,
        false => view.find(u, operator.kind)?,
    };
    if operator.operand == Path {
        let (path, other) = view.find(u, operator.kind)?;
        let holds = holds(operator, shape, &Sample::of(other)?);
        return Some((variable, (json!(path), true), holds));
    }
    let operand = literal(u, operator, shape, wanted);
    let holds = holds(operator, shape, &Sample::of(&Shape::of(&operand))?);
    Some((variable, (operand, true), holds))
}

/// A literal that makes the comparison come out as wanted, as far as the sample tells.
fn literal(u: &mut Unstructured<'_>, operator: &Operator, sample: &Shape, wanted: bool) -> Value {
    let relation = if wanted { operator.relation } else { opposite(operator.relation) };
    match (operator.kind, sample) {
        (Kind::Number, Shape::Integer(number)) => match relation {
            Less => json!(number.saturating_add(u.within(1..=9))),
            Greater => json!(number.saturating_sub(u.within(1..=9))),
            _ if wanted || relation != Equal => json!(number),
            _ => json!(number.saturating_add(1)),
        },
        (Kind::Number, Shape::Number(number)) => match relation {
            Less => json!(number + 1.5),
            Greater => json!(number - 1.5),
            _ if wanted || relation != Equal => json!(number),
            _ => json!(number + 0.5),
        },
        (Kind::Boolean, Shape::Boolean(boolean)) => json!(*boolean == wanted),
        (Kind::Timestamp, _) => match relation {
            Less => json!(timestamp::in_years(u, 2030, 2099)),
            Greater => json!("1970-01-01T00:00:00Z"),
            _ => match sample {
                Shape::Timestamp(time) if wanted || relation != Equal => json!(time),
                _ => json!("1970-06-01T00:00:00+01:00"),
            },
        },
        (Kind::Text, Shape::Text(text) | Shape::Timestamp(text)) => match relation {
            Less => json!(format!("{text}~")),
            Greater => json!(""),
            Matches if wanted => json!(pattern(u, text)),
            Matches => json!("no such text*"),
            _ if wanted || relation != Equal => json!(text),
            _ => json!(format!("{text}!")),
        },
        (Kind::Number, _) => json!(u.within(0..=99)),
        (Kind::Boolean, _) => json!(u.chance(50)),
        _ => json!(text::text(u)),
    }
}

/// A pattern that matches a text (CHOICE rows on StringMatches).
fn pattern(u: &mut Unstructured<'_>, text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('*', "\\*");
    match u.below(3) {
        0 => "*".to_owned(),
        1 => format!("{escaped}*"),
        _ => escaped,
    }
}

fn opposite(relation: Relation) -> Relation {
    match relation {
        Less => NotLess,
        Greater => NotGreater,
        NotLess => Less,
        NotGreater => Greater,
        same => same,
    }
}

/// A value that can be ordered.
enum Sample {
    Number(f64),
    Text(String),
    Boolean(bool),
}

impl Sample {
    fn of(shape: &Shape) -> Option<Self> {
        match shape {
            Shape::Integer(number) => Some(Self::Number(*number as f64)),
            Shape::Number(number) => Some(Self::Number(*number)),
            Shape::Text(text) | Shape::Timestamp(text) => Some(Self::Text(text.clone())),
            Shape::Boolean(boolean) => Some(Self::Boolean(*boolean)),
            _ => None,
        }
    }
}

/// Whether a comparison holds for the samples. Fractions of seconds and zones of timestamps are not looked at.
fn holds(operator: &Operator, sample: &Shape, operand: &Sample) -> bool {
    if !operator.kind.takes(sample) {
        return false;
    }
    let order = match (Sample::of(sample), operand) {
        (Some(Sample::Number(left)), Sample::Number(right)) => left.partial_cmp(right),
        (Some(Sample::Text(left)), Sample::Text(right)) => {
            if operator.relation == Matches {
                let start = right.trim_end_matches('*').replace('\\', "");
                return left.replace('\\', "").starts_with(&start);
            }
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        (Some(Sample::Boolean(left)), Sample::Boolean(right)) => Some(left.cmp(right)),
        _ => None,
    };
    order.is_some_and(|order| match operator.relation {
        Less => order.is_lt(),
        Greater => order.is_gt(),
        NotGreater => order.is_le(),
        NotLess => order.is_ge(),
        Equal | Matches => order.is_eq(),
    })
}
