use rstest::rstest;
use serde_json::{Value, json};

use super::{super::java, check_both, evaluate, evaluate_metered};
use crate::{
    failure::{Failure, names},
    json as json_text,
    meter::{MAX_DEPTH, Meter},
    profile::Profile,
};

fn cause(text: &str, input: &Value) -> String {
    match evaluate(Profile::Aws, text, input) {
        Err(Failure::Error(error)) => error.cause.unwrap(),
        other => panic!("{text}: {other:?}"),
    }
}

#[rstest]
#[case::refused_arguments(
    "States.ArrayPartition($.a, 0)",
    json!({"a": []}),
    "There was an error while evaluating the intrinsic function: States.ArrayPartition($.a, 0). \
     Invalid arguments in States.ArrayPartition"
)]
#[case::template(
    "States.Format('Hello {{}}', 1)",
    json!({}),
    "There was an error while evaluating the intrinsic function: States.Format('Hello {{}}', 1). \
     Invalid template in States.Format: matching '}' not found for '{'."
)]
#[case::inner_function(
    "States.Array(States.UUID( 1 ))",
    json!({}),
    "There was an error while evaluating the intrinsic function: States.Array(States.UUID( 1 )). \
     Invalid arguments in States.UUID"
)]
#[case::path_without_a_value(
    "States.Array(States.ArrayLength($.nope))",
    json!({"a": 1.0}),
    "The function 'States.Array(States.ArrayLength($.nope))' had the following error: The JsonPath argument for the \
     field '$.nope' could not be found in the input '{\"a\":1}'"
)]
#[case::context_path_without_a_value(
    "States.Array($$.Nope.Deep)",
    json!({}),
    "The function 'States.Array($$.Nope.Deep)' had the following error: The JsonPath argument for the field \
     '$.Nope.Deep' could not be found in the input '{}'"
)]
#[case::variable_without_a_value(
    "States.Array($nobody)",
    json!({}),
    "The function 'States.Array($nobody)' had the following error: variable '$nobody' has no value"
)]
fn syntax_23_the_cause_quotes_the_invocation(#[case] text: &str, #[case] input: Value, #[case] expected: &str) {
    assert_eq!(cause(text, &input), expected);
}

#[rstest]
#[case::syntax_18_missing("States.Array($.nope)", json!({}), None)]
#[case::syntax_18_missing_variable("States.Array($nobody)", json!({}), None)]
#[case::syntax_18_index_into_a_number("States.Array($.a[0])", json!({"a": 1}), None)]
#[case::syntax_20_past_the_end("States.Array($.a[2])", json!({"a": [1, 2]}), None)]
#[case::syntax_21_no_matches("States.ArrayLength($.items[*].nope)", json!({"items": [{"a": 1}]}), Some(json!(0)))]
#[case::syntax_22_null("States.Array($.a)", json!({"a": null}), Some(json!([null])))]
#[case::syntax_11_open_escape(r"States.Format('abc\')", json!({}), None)]
#[case::syntax_11_open_escape_before_more(r"States.Array('abc\' , $.a)", json!({"a": 1}), None)]
fn paths_and_strings_without_a_value_fail_at_run_time(
    #[case] text: &str,
    #[case] input: Value,
    #[case] expected: Option<Value>,
) {
    check_both(text, &input, expected.as_ref());
}

#[rstest]
#[case::format(format!("States.Format('{}'{})", "{}".repeat(500), ", $.big".repeat(500)))]
#[case::format_of_arrays(format!("States.Format('{}'{})", "{}".repeat(500), ", $.list".repeat(500)))]
#[case::array(format!("States.Array({}$.big)", "$.big, ".repeat(500)))]
#[case::partition("States.ArrayPartition($.list, 1)".to_owned())]
#[case::string_split("States.StringSplit($.big, 'b')".to_owned())]
#[case::string_to_json("States.StringToJson($.text)".to_owned())]
fn what_grows_is_bounded(#[case] text: String) {
    let input =
        json!({"big": "ab".repeat(5_000), "list": vec![1; 3_000], "text": format!("[0{}]", ",0".repeat(5_000))});
    match evaluate_metered(Profile::Aws, &text, &input, &Meter::new(1_000, 1_000)) {
        Err(Failure::Error(error)) => assert_eq!(error.error.as_deref(), Some(names::DATA_LIMIT_EXCEEDED)),
        other => panic!("{other:?}"),
    }
    assert_eq!(evaluate_metered(Profile::Aws, &text, &input, &Meter::new(1, 1_000_000)), Err(Failure::OutOfFuel));
}

fn deepest() -> Value {
    (1..MAX_DEPTH).fold(json!([]), |inner, _| Value::Array(vec![inner]))
}

#[test]
fn a_value_at_the_greatest_depth_is_read_hashed_compared_and_printed() {
    let deep = deepest();
    let brackets = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    let meter = Meter::new(u64::MAX, u64::MAX);
    let text = |text: &str| evaluate_metered(Profile::Aws, text, &deep, &meter).unwrap();
    assert_eq!(text("States.JsonToString($)"), brackets.as_str());
    assert_eq!(text("States.Format('{}', $)"), brackets.as_str());
    assert_eq!(text("States.ArrayContains($, $)"), false);
    assert_eq!(text("States.Hash($, 'MD5')").as_str().unwrap().len(), 32);
    assert_eq!(
        java::hash(&deep),
        (0..MAX_DEPTH).fold(0_i32, |hash, depth| {
            // The innermost list is empty; every other hashes to 31 and the hash of its item.
            if depth == 0 { 1 } else { hash.wrapping_add(31) }
        })
    );
    assert!(json_text::equal(&deep, &deep.clone()));
}

#[test]
fn a_value_at_the_greatest_depth_does_not_fit_into_an_array() {
    for text in
        ["States.Array($)", "States.ArrayPartition($, 1)", "States.Array(States.StringToJson(States.JsonToString($)))"]
    {
        // Copying takes more stack in an unoptimised build than a test has.
        let fails = move || {
            let input = deepest();
            evaluate(Profile::Aws, text, &input)
        };
        let result = std::thread::Builder::new().stack_size(8 << 20).spawn(fails).unwrap().join().unwrap();
        match result {
            Err(Failure::Error(error)) => {
                assert_eq!(error.error.as_deref(), Some(names::DATA_LIMIT_EXCEEDED), "{text}")
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn chosen_texts_with_one_hash_cost_fuel() {
    // All 2^10 texts of ten "Aa" or "BB" have the same hash.
    let colliding: Vec<String> =
        (0..1024_u32).map(|bits| (0..10).map(|bit| if bits >> bit & 1 == 0 { "Aa" } else { "BB" }).collect()).collect();
    let result = evaluate_metered(Profile::Aws, "States.ArrayUnique($)", &json!(colliding), &Meter::new(100, 100_000));
    assert_eq!(result, Err(Failure::OutOfFuel));
}
