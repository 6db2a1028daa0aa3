//! Between our values and those of the library, which hold every number as a double.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, hash_map::Entry},
};

use indexmap::IndexMap;
use jsonata_core::value::{JValue, with_stack};
use serde_json::{Map, Number, Value};

use super::{Bindings, analysis::Reads, error::Error, error::Limit};
use crate::{
    meter::{MAX_DEPTH, Meter, text_units},
    number,
    profile::Profile,
};

/// Integers that no double holds, by the double that stands for them, so that an expression that only moves numbers
/// gives them back exactly (DATA-011). `None` where one double stands for several.
#[derive(Debug, Default)]
pub(super) struct Exact {
    originals: RefCell<HashMap<u64, Option<Number>>>,
    /// Values converted so far.
    visits: Cell<u64>,
}

impl Exact {
    fn record(&self, double: f64, original: &Number) {
        match self.originals.borrow_mut().entry(double.to_bits()) {
            Entry::Vacant(place) => {
                place.insert(Some(original.clone()));
            }
            Entry::Occupied(mut place) => {
                if place.get().as_ref() != Some(original) {
                    place.insert(None);
                }
            }
        }
    }

    fn visit(&self) {
        self.visits.set(self.visits.get().saturating_add(1));
    }

    /// Values converted since the last time this was asked.
    pub fn visits(&self) -> u64 {
        self.visits.take()
    }

    fn restore(&self, double: f64) -> Option<Number> {
        self.originals.borrow().get(&double.to_bits()).cloned().flatten()
    }
}

/// A value for the library. Our values nest at most [`MAX_DEPTH`] deep.
pub(super) fn bind(value: &Value, exact: &Exact) -> JValue {
    exact.visit();
    match value {
        Value::Null => JValue::Null,
        Value::Bool(value) => JValue::Bool(*value),
        Value::Number(value) => {
            let double = value.as_f64().unwrap_or(f64::NAN);
            #[allow(clippy::cast_possible_truncation, reason = "saturates, which is not the value either")]
            if number::integer(value).is_some_and(|integer| integer != double as i128) {
                exact.record(double, value);
            }
            JValue::Number(double)
        }
        Value::String(value) => JValue::string(value.as_str()),
        Value::Array(items) => with_stack(|| JValue::array(items.iter().map(|item| bind(item, exact)).collect())),
        Value::Object(members) => with_stack(|| {
            let members = members.iter().map(|(name, member)| (name.clone(), bind(member, exact)));
            JValue::object(members.collect::<IndexMap<_, _>>())
        }),
    }
}

/// The parts of a value that are read. The walk stops at an array: a path goes through all of its items.
pub(super) fn bind_parts(value: &Value, reads: &Reads, exact: &Exact) -> JValue {
    match value {
        Value::Object(members) if !reads.whole => {
            let parts = reads.members.iter().filter_map(|(name, reads)| {
                members.get(name).map(|member| (name.clone(), bind_parts(member, reads, exact)))
            });
            JValue::object(parts.collect::<IndexMap<_, _>>())
        }
        value => bind(value, exact),
    }
}

/// `$states`, as far as it is read.
pub(super) fn bind_states(bindings: &Bindings<'_>, reads: &Reads, exact: &Exact) -> JValue {
    let whole = Reads { whole: true, ..Reads::default() };
    let parts = ["input", "result", "errorOutput", "context"].into_iter().filter_map(|name| {
        let reads = if reads.whole { &whole } else { reads.members.get(name)? };
        Some((name.to_owned(), bind_parts(bindings.member(name)?, reads, exact)))
    });
    JValue::object(parts.collect::<IndexMap<_, _>>())
}

/// A number as JSONata knows it: whole ones without a fraction, those beyond 64 bits as doubles (DATA-011, DATA-012,
/// D38).
fn plain(number: &Number) -> Number {
    match number::to_i64(number) {
        Some(integer) => integer.into(),
        None => number.as_f64().and_then(Number::from_f64).unwrap_or_else(|| number.clone()),
    }
}

/// A metered copy of a value that no expression has touched.
pub(super) fn copy(value: &Value, meter: &Meter) -> Result<Value, Error> {
    let mut copy = meter.copy(value, 0)?;
    plain_numbers(&mut copy);
    Ok(copy)
}

fn plain_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => *number = plain(number),
        Value::Array(items) => items.iter_mut().for_each(plain_numbers),
        Value::Object(members) => members.values_mut().for_each(plain_numbers),
        _ => {}
    }
}

/// Turns results back.
pub(super) struct Results<'e> {
    pub meter: &'e Meter,
    pub profile: Profile,
    /// `None` when the expression calculates.
    pub exact: Option<&'e Exact>,
}

impl Results<'_> {
    /// The value as JSON, below `depth` levels of nesting.
    ///
    /// # Errors
    /// [`Error::Undefined`] and [`Error::UnsupportedType`], at any depth (JNATA-022, JNATA-027); what is not finite in
    /// the `spec` profile (JNATA-029); bounds on depth and size.
    pub fn value(&self, value: &JValue, depth: usize) -> Result<Value, Error> {
        if depth > MAX_DEPTH {
            return Err(Error::Limit(Limit::Memory));
        }
        let inner = depth.saturating_add(1);
        Ok(match value {
            JValue::Null => Value::Null,
            JValue::Bool(value) => Value::Bool(*value),
            JValue::Number(value) => {
                self.meter.allocate(1)?;
                self.number(*value)?
            }
            JValue::String(text) => {
                self.meter.allocate(text_units(text))?;
                Value::String(text.to_string())
            }
            JValue::Array(items) => {
                self.meter.allocate(1)?;
                let items = with_stack(|| items.iter().map(|item| self.value(item, inner)).collect::<Result<_, _>>());
                Value::Array(items?)
            }
            JValue::Object(members) => {
                self.meter.allocate(1)?;
                let mut object = Map::with_capacity(members.len());
                with_stack(|| {
                    for (name, member) in members.iter() {
                        self.meter.allocate(text_units(name))?;
                        object.insert(name.clone(), self.value(member, inner)?);
                    }
                    Ok::<_, Error>(())
                })?;
                Value::Object(object)
            }
            JValue::Undefined => return Err(Error::Undefined),
            _ => return Err(Error::UnsupportedType),
        })
    }

    fn number(&self, value: f64) -> Result<Value, Error> {
        if let Some(original) = self.exact.and_then(|exact| exact.restore(value)) {
            return Ok(Value::Number(plain(&original)));
        }
        match Number::from_f64(value) {
            Some(number) => Ok(Value::Number(plain(&number))),
            // D58.
            None if self.profile.is_aws() => Ok(Value::String(not_finite(value).to_owned())),
            None => Err(Error::Coded {
                code: "D1001".to_owned(),
                message: format!("Number out of range: {}", not_finite(value)),
            }),
        }
    }
}

fn not_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value.is_sign_positive() {
        "Infinity"
    } else {
        "-Infinity"
    }
}
