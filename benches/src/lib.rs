//! Workloads of the benches: machines and inputs whose size is a parameter.

use serde_json::{Map, Value, json};

/// `length` Pass states in a row.
#[must_use]
pub fn pass_chain(length: usize) -> Value {
    let mut states = Map::new();
    for index in 0..length {
        let state = if index + 1 == length {
            json!({"Type": "Pass", "End": true})
        } else {
            json!({"Type": "Pass", "Next": format!("S{}", index + 1)})
        };
        states.insert(format!("S{index}"), state);
    }
    json!({"StartAt": "S0", "States": states})
}

/// A loop that counts to `end` with `States.MathAdd`: two transitions a round.
#[must_use]
pub fn counter_loop(end: u64) -> Value {
    json!({"StartAt": "Count", "States": {
        "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More"},
        "More": {"Type": "Choice", "Default": "Done",
            "Choices": [{"Variable": "$.n", "NumericLessThan": end, "Next": "Count"}]},
        "Done": {"Type": "Succeed"}}})
}

/// A Map over its input with one Pass an item.
#[must_use]
pub fn map_of_passes() -> Value {
    json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
        "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}})
}
