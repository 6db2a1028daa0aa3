//! Results as JSON.

use rstest::rstest;
use serde_json::{Value, json};

use super::{super::Error, evaluate, evaluate_in};
use crate::profile::Profile;

#[rstest]
#[case::jnata_023_null("$states.input.nothing", json!(null))]
#[case::jnata_023_null_inside("[null, {'a': null}]", json!([null, {"a": null}]))]
#[case::jnata_028_singleton("$states.input.items[id = 1].p", json!("x"))]
#[case::jnata_028_an_array_of_the_input_stays("$states.input.one", json!([1]))]
#[case::jnata_028_an_empty_array_stays("$states.input.none", json!([]))]
#[case::jnata_029("1/0", json!("Infinity"))]
#[case::jnata_029("-1/0", json!("-Infinity"))]
#[case::jnata_029_inside("{'k': [1/0]}", json!({"k": ["Infinity"]}))]
#[case::jnata_066("1e308 * 10", json!("Infinity"))]
#[case::jnata_066("0/0", json!("NaN"))]
#[case::jnata_068("$exists(null)", json!(true))]
#[case::jnata_068("$type(null)", json!("null"))]
#[case::jnata_068("$count(null)", json!(1))]
#[case::data_012("1.0", json!(1))]
fn a_value_becomes_json(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(evaluate(text), Ok(expected));
}

#[rstest]
#[case::path("$states.input.big", "9223372036854775807")]
#[case::moved("[$states.input.big][0]", "9223372036854775807")]
#[case::in_an_object("{'n': $states.input.big}", r#"{"n":9223372036854775807}"#)]
#[case::through_a_function("$map([$states.input.big], function($x) { $x })", "9223372036854775807")]
#[case::beyond("$states.input.bigger", "9.223372036854776e+18")]
#[case::beyond_moved("[$states.input.bigger]", "[9.223372036854776e+18]")]
#[case::computed("$states.input.big + 1", "9.223372036854776e+18")]
#[case::whole("$states.input.a.b", "1")]
fn data_011_integers_of_64_bits_pass_exactly(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(evaluate(text).unwrap().to_string(), expected);
}

#[rstest]
#[case::jnata_027("$sum")]
#[case::jnata_027("function($x) { $x }")]
#[case::inside("{'a': [$uppercase]}")]
#[case::regular_expression("/a/")]
#[case::partial("$substring(?, 1)")]
fn a_function_is_no_json(#[case] text: &str) {
    assert_eq!(evaluate(text), Err(Error::UnsupportedType));
}

#[rstest]
#[case("1/0")]
#[case("[0/0]")]
fn d58_in_the_spec_profile_only_finite_numbers_are_json(#[case] text: &str) {
    assert!(matches!(evaluate_in(text, Profile::Spec), Err(Error::Coded { .. })));
}
