//! A second evaluator of Paths, as naive as can be: it keeps lists of all values at every step.
//! It shares nothing with the engine but the requirement rows, and covers the steps whose meaning those decide.

use std::{borrow::Cow, cell::Cell, cmp::Ordering, mem};

use asl_engine::profile::Profile;
use serde_json::{Map, Number, Value};

use crate::path_steps::{Operand, Step, Test};

/// What a Path selects.
#[derive(Debug)]
pub(crate) enum Selected<'v> {
    /// The value that a definite Path leads to.
    One(Cow<'v, Value>),
    /// The list of values of any other Path.
    List(Vec<Cow<'v, Value>>),
}

impl PartialEq<Value> for Selected<'_> {
    fn eq(&self, value: &Value) -> bool {
        match self {
            Self::One(one) => **one == *value,
            Self::List(list) => value.as_array().is_some_and(|items| list.iter().map(AsRef::as_ref).eq(items)),
        }
    }
}

/// Why nothing is selected.
enum Miss {
    /// Nothing is there.
    Absent,
    /// Something is there that the step cannot be applied to, or the index is negative.
    Unfit,
}

/// How a value was reached.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Definite,
    Filter,
    Descent,
    Other,
}

/// The naive evaluator.
pub(crate) struct Naive {
    pub(crate) profile: Profile,
    /// Whether an index past the end gives null in a list of the `aws` profile (PATH-027).
    pub(crate) pads: bool,
    /// Whether the result rests on something in which the dialects and RFC 9535 differ.
    pub(crate) dialectal: Cell<bool>,
}

impl Naive {
    /// The selection; `None` when the Path fails.
    pub(crate) fn select<'v>(&self, steps: &[Step], document: &'v Value) -> Option<Selected<'v>> {
        let definite = steps.iter().take_while(|step| step.is_definite()).count();
        let (first, rest) = steps.split_at(definite);
        let mut here = Cow::Borrowed(document);
        for step in first {
            match self.child_of(step, here) {
                Ok(child) => here = child,
                Err(Miss::Absent) if self.profile.is_aws() && !rest.is_empty() => {
                    return Some(Selected::List(Vec::new()));
                }
                Err(_) => return None,
            }
        }
        if rest.is_empty() {
            return Some(Selected::One(here));
        }
        let mut nodes = vec![here];
        let mut by = By::Definite;
        for (at, step) in rest.iter().enumerate() {
            let last = at + 1 == rest.len();
            let mut found = Vec::new();
            for node in nodes {
                match node {
                    Cow::Borrowed(node) => found.extend(self.apply(step, node, by, last)?),
                    // A union of names makes an object that is not in the document.
                    Cow::Owned(node) => found.extend(self.apply(step, &node, by, last)?.into_iter().map(owned)),
                }
            }
            nodes = found;
            by = if matches!(step, Step::Filter(_)) { By::Filter } else { By::Other };
            if let Step::Descent(step) = step
                && matches!(**step, Step::Filter(_))
            {
                by = By::Filter;
            }
        }
        Some(Selected::List(nodes))
    }

    fn child_of<'v>(&self, step: &Step, value: Cow<'v, Value>) -> Result<Cow<'v, Value>, Miss> {
        match value {
            Cow::Borrowed(value) => self.child(step, value),
            Cow::Owned(value) => self.child(step, &value).map(owned),
        }
    }

    fn child<'v>(&self, step: &Step, value: &'v Value) -> Result<Cow<'v, Value>, Miss> {
        match step {
            Step::Name(name) => value.get(name).map(Cow::Borrowed).ok_or(Miss::Absent),
            Step::Names(names) => {
                self.dialectal.set(true);
                let members = value.as_object().ok_or(Miss::Absent)?;
                let found = names.iter().filter_map(|name| Some(((*name).to_owned(), members.get(*name)?.clone())));
                Ok(Cow::Owned(Value::Object(found.collect::<Map<_, _>>())))
            }
            Step::Index(index) => {
                let items = match value {
                    Value::Array(items) => items,
                    Value::Null => return Err(Miss::Absent),
                    _ => return Err(Miss::Unfit),
                };
                let index = if *index < 0 {
                    self.dialectal.set(self.dialectal.get() || self.profile.is_aws());
                    let counted = index + items.len() as i64;
                    if self.profile.is_aws() || counted < 0 {
                        return Err(Miss::Unfit);
                    }
                    counted
                } else {
                    *index
                };
                items.get(index as usize).map(Cow::Borrowed).ok_or(Miss::Absent)
            }
            _ => Err(Miss::Unfit),
        }
    }

    /// What an indefinite step, or any step in a list, selects from one value; `None` when the Path fails.
    fn apply<'v>(&self, step: &Step, value: &'v Value, by: By, last: bool) -> Option<Vec<Cow<'v, Value>>> {
        let strict = by == By::Definite;
        match step {
            Step::Name(_) => Some(self.child(step, value).into_iter().collect()),
            Step::Names(names) => {
                self.dialectal.set(true);
                if by == By::Descent && !names.iter().any(|name| value.get(name).is_some()) {
                    return Some(Vec::new());
                }
                Some(self.child(step, value).into_iter().collect())
            }
            Step::Index(index) => match (self.child(step, value), value) {
                (Ok(child), _) => Some(vec![child]),
                (Err(_), Value::Array(_)) if self.pads && last && by != By::Descent && *index >= 0 => {
                    self.dialectal.set(true);
                    self.profile.is_aws().then(|| vec![Cow::Owned(Value::Null)]).or(Some(Vec::new()))
                }
                // PATH-045
                (Err(Miss::Unfit), value) if by == By::Filter && self.profile.is_aws() && !value.is_array() => {
                    self.dialectal.set(true);
                    None
                }
                _ => Some(Vec::new()),
            },
            Step::Indexes(indexes) => {
                let mut found = Vec::new();
                for index in indexes {
                    match self.child(&Step::Index(*index), value) {
                        Ok(child) => found.push(child),
                        // PATH-034
                        Err(_) if strict && (self.profile.is_aws() || !value.is_array()) => {
                            self.dialectal.set(true);
                            return None;
                        }
                        Err(_) => {}
                    }
                }
                Some(found)
            }
            Step::Slice(bounds) => match (value, strict) {
                (Value::Array(items), _) => self.slice(*bounds, items, strict).map(borrowed),
                (_, true) => None,
                (_, false) => Some(Vec::new()),
            },
            Step::Wildcard => Some(borrowed(children(value))),
            Step::Filter(test) => self.filter(test, value, by).map(borrowed),
            Step::Descent(step) => {
                let mut found = Vec::new();
                for value in everything(value) {
                    found.extend(self.apply(step, value, By::Descent, last)?);
                }
                Some(found)
            }
        }
    }

    fn filter<'v>(&self, test: &Test, value: &'v Value, by: By) -> Option<Vec<&'v Value>> {
        let mut candidates: Vec<_> = match value {
            // A descent comes to the objects by themselves (PATH-044).
            Value::Array(items) => items.iter().filter(|item| by != By::Descent || !item.is_object()).collect(),
            Value::Object(_) => vec![value],
            _ if by == By::Definite => return None,
            _ => Vec::new(),
        };
        self.dialectal.set(self.dialectal.get() || value.is_object() || by == By::Descent);
        candidates.retain(|candidate| self.holds(test, candidate));
        Some(candidates)
    }

    fn slice<'v>(
        &self,
        [start, end, step]: [Option<i64>; 3],
        items: &'v [Value],
        strict: bool,
    ) -> Option<Vec<&'v Value>> {
        let length = items.len() as i64;
        if self.profile.is_aws() {
            self.dialectal.set(true);
            if let (Some(start), Some(end)) = (start, end) {
                if start >= end || items.is_empty() {
                    return Some(Vec::new());
                }
                if start < 0 {
                    return if strict { None } else { Some(Vec::new()) };
                }
            }
        }
        let step = if self.profile.is_aws() { 1 } else { step.unwrap_or(1) };
        let counted = |bound: i64| if bound < 0 { bound + length } else { bound };
        let mut found = Vec::new();
        // RFC 9535, 2.3.4.2.2, one position at a time.
        if step > 0 {
            let (start, end) = (counted(start.unwrap_or(0)).max(0), counted(end.unwrap_or(length)).min(length));
            found.extend((start..end).step_by(step as usize));
        } else if step < 0 {
            let (start, end) = (start.map_or(length - 1, counted).min(length - 1), end.map_or(-1, counted).max(-1));
            let mut at = start;
            while at > end {
                found.push(at);
                at += step;
            }
        }
        Some(found.into_iter().filter_map(|at| items.get(at as usize)).collect())
    }

    fn holds(&self, test: &Test, value: &Value) -> bool {
        match test {
            Test::Exists(names) => follow(names, value).is_some(),
            Test::Not(test) => !self.holds(test, value),
            Test::And(left, right) => self.holds(left, value) && self.holds(right, value),
            Test::Or(left, right) => self.holds(left, value) || self.holds(right, value),
            Test::Compare(left, operator, right) => {
                let right = match right {
                    Operand::Literal(literal) => Some(literal),
                    Operand::Path(names) => follow(names, value),
                };
                match (follow(left, value), right) {
                    (Some(left), Some(right)) => self.compare(left, operator, right),
                    _ => {
                        self.dialectal.set(true);
                        !self.profile.is_aws() && *operator == "!="
                    }
                }
            }
        }
    }

    fn compare(&self, left: &Value, operator: &str, right: &Value) -> bool {
        let order = self.order(left, right);
        let equal = order.map_or_else(|| same(left, right), Ordering::is_eq);
        // RFC 9535 has `<=` of equal values of any type, and `serde_json_path` has `false > true`.
        let alike = mem::discriminant(left) == mem::discriminant(right);
        self.dialectal.set(self.dialectal.get() || order.is_none() && alike);
        match operator {
            "==" => equal,
            "!=" => !equal,
            "<" => order.is_some_and(Ordering::is_lt),
            "<=" => order.is_some_and(Ordering::is_le),
            ">" => order.is_some_and(Ordering::is_gt),
            _ => order.is_some_and(Ordering::is_ge),
        }
    }

    fn order(&self, left: &Value, right: &Value) -> Option<Ordering> {
        let in_text = |text: &str| serde_json::from_str::<Value>(text).ok().filter(Value::is_number);
        match (left, right) {
            (Value::Number(left), Value::Number(right)) => Some(compare_numbers(left, right)),
            (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
            // PATH-043
            (Value::Number(_), Value::String(text)) if self.profile.is_aws() => {
                self.dialectal.set(true);
                self.order(left, &in_text(text)?)
            }
            (Value::String(text), Value::Number(_)) if self.profile.is_aws() => {
                self.dialectal.set(true);
                self.order(&in_text(text)?, right)
            }
            _ => None,
        }
    }
}

/// The order of two numbers; doubles and 64-bit integers with the same value are equal.
pub(crate) fn compare_numbers(left: &Number, right: &Number) -> Ordering {
    let whole = |number: &Number| match (number.as_i128(), number.as_f64()) {
        (Some(integer), _) => Some(integer),
        (None, Some(double)) if double.fract() == 0.0 && double.abs() < 1e30 => Some(double as i128),
        _ => None,
    };
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        // A fraction, which is below 2^53, or a double beyond all integers.
        _ => left.as_f64().partial_cmp(&right.as_f64()).unwrap_or(Ordering::Equal),
    }
}

/// Whether two values are equal: numbers by value, objects whatever the order of their members.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => compare_numbers(left, right).is_eq(),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let mut pairs = left.iter().map(|(name, member)| (member, right.get(name)));
            left.len() == right.len() && pairs.all(|(left, right)| right.is_some_and(|right| same(left, right)))
        }
        _ => left == right,
    }
}

fn follow<'v>(names: &[&str], value: &'v Value) -> Option<&'v Value> {
    names.iter().try_fold(value, |here, name| here.get(name))
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    }
}

/// A value and all values below it, each before what is below it.
fn everything(value: &Value) -> Vec<&Value> {
    let mut found = vec![value];
    found.extend(children(value).into_iter().flat_map(everything));
    found
}

fn owned<'v>(value: Cow<'_, Value>) -> Cow<'v, Value> {
    Cow::Owned(value.into_owned())
}

fn borrowed(values: Vec<&Value>) -> Vec<Cow<'_, Value>> {
    values.into_iter().map(Cow::Borrowed).collect()
}
