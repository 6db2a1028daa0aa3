//! The functions of the modern dialect (PATH-015).
//!
//! A function takes what its Path selects, a list included. Where it has no value, such as the length of a number or
//! the average of nothing, the Path fails.

use serde_json::{Number, Value};

use super::{
    eval::{Evaluation, elements},
    outcome::Stop,
    syntax::{Call, Function, Operand},
};
use crate::{meter::text_units, number};

impl Evaluation<'_> {
    /// The value of a function; `missing` makes the error of one that has none.
    pub fn apply(&self, call: &Call, value: &Value, missing: impl Fn(String) -> Stop) -> Result<Value, Stop> {
        let refuse = |what: &str| missing(format!("{what} is expected by {}()", call.function.name()));
        let list = || elements(value).map_err(|_| refuse("an array"));
        let mut arguments = Vec::new();
        for argument in &call.arguments {
            arguments.push(self.argument(argument, value)?.ok_or_else(|| refuse("an argument with a value"))?);
        }
        match call.function {
            Function::Length => match value {
                Value::Array(items) => Ok(items.len().into()),
                Value::Object(members) => Ok(members.len().into()),
                _ => Err(refuse("an array or an object")),
            },
            Function::Keys => match value {
                Value::Object(members) => {
                    self.meter.allocate(members.keys().map(|name| text_units(name)).sum())?;
                    Ok(members.keys().cloned().map(Value::String).collect())
                }
                _ => Err(refuse("an object")),
            },
            Function::First => self.pick_item(list()?, Some(0), refuse),
            Function::Last => self.pick_item(list()?, Some(-1), refuse),
            Function::Index => {
                self.pick_item(list()?, arguments.first().and_then(Value::as_number).and_then(number::to_i64), refuse)
            }
            Function::Append => {
                let mut items = Vec::with_capacity(list()?.len());
                for item in list()? {
                    items.push(self.meter.copy(item, 1)?);
                }
                items.extend(arguments);
                Ok(Value::Array(items))
            }
            Function::Concat => {
                let mut text = String::new();
                for part in value.as_array().into_iter().flatten().chain(&arguments).filter_map(Value::as_str) {
                    self.meter.allocate(text_units(part))?;
                    text.push_str(part);
                }
                Ok(Value::String(text))
            }
            Function::Min | Function::Max | Function::Avg | Function::Sum | Function::Stddev => {
                let mut numbers = Vec::new();
                for item in value.as_array().into_iter().flatten().chain(arguments.iter().flat_map(flat)) {
                    self.meter.charge(1)?;
                    numbers.extend(item.as_number());
                }
                aggregate(call.function, &numbers).ok_or_else(|| refuse("a number or more in an array"))
            }
        }
    }

    /// An argument: a literal, or what a path selects.
    fn argument(&self, argument: &Operand, value: &Value) -> Result<Option<Value>, Stop> {
        match self.operand(argument, value, &mut None)? {
            Some(argument) => Ok(Some(self.meter.copy(argument, 1)?)),
            None => Ok(None),
        }
    }

    /// The element at a position, counted from the end when negative.
    fn pick_item(&self, items: &[Value], position: Option<i64>, refuse: impl Fn(&str) -> Stop) -> Result<Value, Stop> {
        let position = position.ok_or_else(|| refuse("a whole number"))?;
        let counted = if position < 0 { position.saturating_add(items.len() as i64) } else { position };
        let item = usize::try_from(counted).ok().and_then(|index| items.get(index));
        Ok(self.meter.copy(item.ok_or_else(|| refuse("an array with that element"))?, 0)?)
    }
}

impl Function {
    fn name(self) -> &'static str {
        super::syntax::text_of(&Self::ALL, self).unwrap_or_default()
    }
}

/// The elements of an argument that is an array, or the argument.
fn flat(argument: &Value) -> &[Value] {
    match argument {
        Value::Array(items) => items,
        other => std::slice::from_ref(other),
    }
}

fn aggregate(function: Function, numbers: &[&Number]) -> Option<Value> {
    let count = numbers.len() as f64;
    let doubles = || numbers.iter().map(|number| number.as_f64().unwrap_or(f64::NAN));
    let number = match function {
        Function::Min => numbers.iter().min_by(|left, right| number::compare(left, right)).map(|&least| least.clone()),
        Function::Max => numbers.iter().max_by(|left, right| number::compare(left, right)).map(|&most| most.clone()),
        _ if numbers.is_empty() => None,
        Function::Sum => exact_sum(numbers).or_else(|| shortest(doubles().sum())),
        Function::Avg => shortest(doubles().sum::<f64>() / count),
        _ => {
            let mean = doubles().sum::<f64>() / count;
            shortest((doubles().map(|double| (double - mean).powi(2)).sum::<f64>() / count).sqrt())
        }
    };
    number.map(Value::Number)
}

/// The sum of integers, exact where it is one of 64 bits.
fn exact_sum(numbers: &[&Number]) -> Option<Number> {
    let sum = numbers.iter().try_fold(0_i128, |sum, number| sum.checked_add(number::integer(number)?))?;
    Some(number::from_integer(sum))
}

/// A number in its shortest form: an integer where it is one (D38).
fn shortest(double: f64) -> Option<Number> {
    let number = Number::from_f64(double)?;
    Some(number::integer(&number).map_or(number, number::from_integer))
}
