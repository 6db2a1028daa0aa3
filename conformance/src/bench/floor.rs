//! Hand-written loops over the values of a workload that do only the unavoidable work: moves, one comparison, one
//! integer addition, one push an item. No interpreter can be faster; how much slower one is, is its overhead.

use std::{hint::black_box, mem};

use serde_json::Value;

/// A chain of `length` states that each hand their input on, walked `rounds` times: for each a jump to the next state
/// and a move of the value; for each round an addition and a comparison.
#[must_use]
pub fn pass_chain(length: usize, rounds: i64, mut value: Value) -> Value {
    let next: Vec<usize> = black_box((1..=length).collect());
    let mut output = Value::Null;
    for _ in 0..rounds {
        let mut state = 0;
        while let Some(successor) = next.get(state) {
            // The input of a state becomes its output, and its output the input of the next.
            mem::swap(black_box(&mut value), black_box(&mut output));
            value = mem::take(&mut output);
            state = *successor;
        }
        count(&mut value, "/c/n", rounds);
    }
    value
}

/// Counts `$.n` up to `end`: one addition and one comparison a round.
#[must_use]
pub fn counter_loop(end: i64, mut value: Value) -> Value {
    while count(&mut value, "/n", end) {}
    value
}

/// Adds one to a number and compares it.
fn count(value: &mut Value, pointer: &str, end: i64) -> bool {
    // The members are looked up by hand: `pointer_mut` would parse its argument each time.
    let mut place = value;
    for name in pointer.split('/').skip(1) {
        let Some(member) = place.get_mut(name) else { return false };
        place = member;
    }
    let number = place.as_i64().unwrap_or(end).saturating_add(1);
    *place = number.into();
    black_box(&*place).as_i64().is_some_and(|number| number < end)
}

/// Moves each of `$.items` into a new array.
#[must_use]
pub fn map(mut value: Value) -> Value {
    let Some(Value::Array(items)) = value.get_mut("items").map(Value::take) else { return Value::Null };
    let mut outputs = Vec::with_capacity(items.len());
    for item in items {
        outputs.push(black_box(item));
    }
    Value::Array(outputs)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{counter_loop, map, pass_chain};

    #[test]
    fn the_loops_give_what_the_machines_give() {
        assert_eq!(pass_chain(3, 2, json!({"c": {"n": 0}})), json!({"c": {"n": 2}}));
        assert_eq!(pass_chain(3, 1, json!({"a": 1})), json!({"a": 1}));
        assert_eq!(counter_loop(5, json!({"n": 0})), json!({"n": 5}));
        assert_eq!(map(json!({"items": [1, {"a": 2}]})), json!([1, {"a": 2}]));
    }
}
