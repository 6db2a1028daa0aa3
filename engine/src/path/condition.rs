//! Evaluation of filters.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    compare::{equal, order},
    eval::Evaluation,
    outcome::Stop,
    syntax::{Condition, Operand, Operator, Query},
};
use crate::failure::Failure;

impl Evaluation<'_> {
    /// Whether a condition holds for a value.
    pub fn holds(&self, condition: &Condition, value: &Value) -> Result<bool, Stop> {
        match condition {
            Condition::Any(conditions) => {
                for condition in conditions {
                    if self.holds(condition, value)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Condition::All(conditions) => {
                for condition in conditions {
                    if !self.holds(condition, value)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Condition::Not(condition) => self.holds(condition, value).map(|holds| !holds),
            Condition::Exists(operand) => match operand {
                Operand::Literal(_) => Ok(true),
                Operand::Current(query) => self.exists(query, value),
                Operand::Document(query) => self.exists(query, self.root),
            },
            Condition::Compare(left, operator, right) => {
                let (mut made_left, mut made_right) = (None, None);
                let left = self.operand(left, value, &mut made_left)?;
                let right = self.operand(right, value, &mut made_right)?;
                match (left, right) {
                    (Some(left), Some(right)) => Ok(self.compare(left, *operator, right)?),
                    _ => Ok(self.dialect.missing_operand_differs && *operator == Operator::NotEqual),
                }
            }
            Condition::Matches(operand, pattern) => match self.operand(operand, value, &mut None)? {
                Some(Value::String(text)) => {
                    self.meter.charge(pattern.work(text))?;
                    let unsupported = || Failure::Unsupported(format!("the regular expression /{}/", pattern.source));
                    Ok(pattern.matches(text).ok_or_else(unsupported)?)
                }
                _ => Ok(false),
            },
        }
    }

    /// The value of an operand, if it has one; a path that selects several has their list. A value that is not part of
    /// the document is put into `made`: nearly all are, and a test of every element must not move values.
    pub fn operand<'v>(
        &self,
        operand: &'v Operand,
        value: &'v Value,
        made: &'v mut Option<Value>,
    ) -> Result<Option<&'v Value>, Stop>
    where
        Self: 'v,
    {
        match operand {
            Operand::Literal(literal) => Ok(Some(literal)),
            Operand::Current(query) => self.place(query, value, made),
            Operand::Document(query) => self.place(query, self.root, made),
        }
    }

    fn place<'v>(
        &self,
        query: &Query,
        value: &'v Value,
        made: &'v mut Option<Value>,
    ) -> Result<Option<&'v Value>, Stop> {
        if query.is_place() {
            return Ok(self.find(query, value)?);
        }
        match self.without_padding().select(query, value) {
            Ok(Cow::Borrowed(value)) => Ok(Some(value)),
            Ok(Cow::Owned(value)) => Ok(Some(made.insert(value))),
            Err(Stop::Miss { .. }) => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    fn compare(&self, left: &Value, operator: Operator, right: &Value) -> Result<bool, Failure> {
        let loose = self.dialect.loose_comparison;
        let ordering = || order(left, right, loose);
        Ok(match operator {
            Operator::Equal => equal(left, right, loose, self.meter)?,
            Operator::NotEqual => !equal(left, right, loose, self.meter)?,
            Operator::Less => ordering().is_some_and(|order| order.is_lt()),
            Operator::LessOrEqual => ordering().is_some_and(|order| order.is_le()),
            Operator::Greater => ordering().is_some_and(|order| order.is_gt()),
            Operator::GreaterOrEqual => ordering().is_some_and(|order| order.is_ge()),
            Operator::In => right.is_array() && self.contains(right, left)?,
            Operator::NotIn => !right.is_array() || !self.contains(right, left)?,
            Operator::SubsetOf => both_lists(left, right) && self.all_in(left, right, true)?,
            Operator::AnyOf => both_lists(left, right) && !self.all_in(left, right, false)?,
            Operator::NoneOf => both_lists(left, right) && self.all_in(left, right, false)?,
            Operator::Size => size(left).is_some_and(|size| right.as_u64() == Some(size)),
            Operator::Empty => size(left).is_some_and(|size| right.as_bool() == Some(size == 0)),
        })
    }

    /// Whether being in `list` is `wanted` for every one of `items`.
    fn all_in(&self, items: &Value, list: &Value, wanted: bool) -> Result<bool, Failure> {
        for item in items.as_array().into_iter().flatten() {
            if self.contains(list, item)? != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn contains(&self, list: &Value, wanted: &Value) -> Result<bool, Failure> {
        for item in list.as_array().into_iter().flatten() {
            if equal(item, wanted, self.dialect.loose_comparison, self.meter)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn both_lists(left: &Value, right: &Value) -> bool {
    left.is_array() && right.is_array()
}

/// The number of elements, or of characters.
fn size(value: &Value) -> Option<u64> {
    match value {
        Value::Array(items) => Some(items.len() as u64),
        Value::String(text) => Some(text.chars().count() as u64),
        _ => None,
    }
}
