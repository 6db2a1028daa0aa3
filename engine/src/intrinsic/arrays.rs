//! The functions on arrays, and `States.JsonMerge`.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Map, Value};

use super::{
    java,
    site::{Refusal, Site},
};
use crate::{json, path::Selection};

/// Most elements of a range (INTR-ArrayRange-08).
const MAX_RANGE: i128 = 1000;

type Values<'v> = Vec<Cow<'v, Value>>;

/// `States.Array`.
pub(super) fn array<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    site.allocate(1)?;
    values.into_iter().map(|value| site.own(value, 1)).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// `States.ArrayPartition`.
pub(super) fn partition<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [mut array, size] = site.exactly(values)?;
    let length = site.array(&array)?.len();
    let size = usize::try_from(site.integer(&size)?).ok().filter(|size| *size > 0).ok_or_else(|| site.refuse())?;
    site.allocate(length.div_ceil(size).saturating_add(1))?;
    let mut chunks = Vec::with_capacity(length.div_ceil(size));
    let mut indexes = 0..length;
    while !indexes.is_empty() {
        let chunk = indexes.by_ref().take(size).map(|index| site.item(&mut array, index, 2));
        chunks.push(Value::Array(chunk.collect::<Result<_, _>>()?));
    }
    Ok(Value::Array(chunks))
}

/// `States.ArrayContains`: by value, member order aside (D16).
pub(super) fn contains<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [array, wanted] = site.exactly(values)?;
    let items = site.array(&array)?;
    site.visit(&array)?;
    Ok(Value::Bool(items.iter().any(|item| json::equal(item, &wanted))))
}

/// `States.ArrayRange`.
pub(super) fn range<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [first, last, step] = site.exactly(values)?;
    let (first, last, step) = (site.integer(&first)?, site.integer(&last)?, site.integer(&step)?);
    // Of numbers with 64 bits, nothing below can leave 128 bits.
    let distance = i128::from(last).saturating_sub(first.into());
    let steps = distance.checked_div(step.into()).ok_or_else(|| site.refuse())?;
    let leads_away = distance.signum() == i128::from(step.saturating_neg().signum());
    let length = if leads_away { 0 } else { steps.saturating_add(1) };
    if length > MAX_RANGE {
        return Err(site.refuse());
    }
    site.allocate(usize::try_from(length).unwrap_or_default().saturating_add(1))?;
    let numbers = std::iter::successors(Some(first), |number| number.checked_add(step));
    Ok(numbers.take(usize::try_from(length).unwrap_or_default()).map(Value::from).collect())
}

/// `States.ArrayGetItem`.
pub(super) fn get_item<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [mut array, index] = site.exactly(values)?;
    let is_empty = site.array(&array)?.is_empty();
    let index = site.integer(&index)?;
    if is_empty && site.is_aws() {
        return Ok(Value::Null);
    }
    site.item(&mut array, usize::try_from(index).map_err(|_| site.refuse())?, 0)
}

/// `States.ArrayLength`.
pub(super) fn length<'v>(site: Site<'v>, array: Selection<'v>) -> Result<Value, Refusal> {
    match array {
        Selection::Value(array) => Ok(site.array(&array)?.len().into()),
        Selection::List(entries) => Ok(entries.len().into()),
    }
}

/// `States.ArrayUnique`: in the order of a Java hash set (aws) or of first occurrence (spec, D57).
pub(super) fn unique<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [mut array] = site.exactly(values)?;
    let distinct = distinct(site, site.array(&array)?)?;
    let positions =
        if site.is_aws() { java::hash_set_order(distinct) } else { distinct.into_iter().map(|(at, _)| at).collect() };
    site.allocate(1)?;
    positions.into_iter().map(|at| site.item(&mut array, at, 1)).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// Position and hash of the first of all equal items.
fn distinct(site: Site<'_>, items: &[Value]) -> Result<Vec<(usize, i32)>, Refusal> {
    let mut by_hash: HashMap<i32, Vec<&Value>> = HashMap::new();
    let mut distinct = Vec::new();
    for (position, item) in items.iter().enumerate() {
        site.visit(item)?;
        let hash = java::hash(item);
        let known = by_hash.entry(hash).or_default();
        let mut is_new = true;
        for other in known.iter() {
            // Chosen texts can share a hash, so every comparison is paid for.
            site.visit(item)?;
            if json::equal(other, item) {
                is_new = false;
                break;
            }
        }
        if is_new {
            known.push(item);
            distinct.push((position, hash));
        }
    }
    Ok(distinct)
}

/// `States.JsonMerge`; aws knows the shallow merge only (D17).
pub(super) fn merge<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [first, second, deep] = site.exactly(values)?;
    let deep = deep.as_bool().filter(|deep| !*deep || !site.is_aws()).ok_or_else(|| site.refuse())?;
    match (site.own(first, 0)?, site.own(second, 0)?) {
        (Value::Object(mut target), Value::Object(source)) => {
            merge_into(&mut target, source, deep);
            Ok(Value::Object(target))
        }
        _ => Err(site.refuse()),
    }
}

/// Recursion ends with the shallower of the two values.
fn merge_into(target: &mut Map<String, Value>, source: Map<String, Value>, deep: bool) {
    for (name, member) in source {
        match (target.get_mut(&name), member) {
            (Some(Value::Object(target)), Value::Object(source)) if deep => merge_into(target, source, deep),
            (Some(slot), member) => *slot = member,
            (None, member) => {
                target.insert(name, member);
            }
        }
    }
}
