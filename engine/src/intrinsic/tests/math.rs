use rstest::rstest;
use serde_json::{Value, json};

use super::{check, check_both, evaluate};
use crate::profile::Profile;

#[rstest]
#[case::math_add_04_example_of_the_spec(
    "States.MathAdd($.value1, $.step)", json!({"value1": 111, "step": -1}), json!(110)
)]
#[case::math_add_01_whole_doubles("States.MathAdd(1.0, 2e0)", json!({}), json!(3))]
#[case::math_add_03_upper_end("States.MathAdd(2147483647, 0)", json!({}), json!(2_147_483_647))]
#[case::math_add_03_lower_end("States.MathAdd(-2147483648, 0)", json!({}), json!(-2_147_483_648_i64))]
#[case::math_random_07_measured("States.MathRandom(1, 100, 42)", json!({}), json!(63))]
#[case::math_random_07_measured("States.MathRandom(1, 1000, 1)", json!({}), json!(106))]
#[case::math_random_07_measured("States.MathRandom(1, 1000, 2)", json!({}), json!(806))]
#[case::math_random_08_zero_seed("States.MathRandom(1, 10, 0)", json!({}), json!(7))]
#[case::math_random_08_negative_seed("States.MathRandom(1, 10, -10)", json!({}), json!(1))]
#[case::math_random_07_by_the_formula("States.MathRandom(1, 10, 42)", json!({}), json!(9))]
#[case::math_random_07_power_of_two("States.MathRandom(1, 5, 42)", json!({}), json!(3))]
// The first nextInt() of seed 0 is -1155484576, whose upper four bits are 1011.
#[case::math_random_07_power_of_two_takes_upper_bits("States.MathRandom(0, 16, 0)", json!({}), json!(11))]
#[case::math_random_04_only_the_start("States.MathRandom(7, 8)", json!({}), json!(7))]
fn both_profiles_give(#[case] text: &str, #[case] input: Value, #[case] expected: Value) {
    check_both(text, &input, Some(&expected));
}

#[rstest]
#[case::math_add_01_one_argument("States.MathAdd(1)")]
#[case::math_add_01_three_arguments("States.MathAdd(1, 2, 3)")]
#[case::math_add_01_string("States.MathAdd(1, '2')")]
#[case::math_add_01_null("States.MathAdd(1, null)")]
#[case::math_add_01_boolean("States.MathAdd(true, 1)")]
#[case::math_add_01_array("States.MathAdd(States.Array(), 1)")]
#[case::math_add_sum_beyond_a_double("States.MathAdd(1.7e308, 1.7e308)")]
#[case::math_random_01_one_argument("States.MathRandom(1)")]
#[case::math_random_01_four_arguments("States.MathRandom(1, 2, 3, 4)")]
#[case::math_random_02_string("States.MathRandom('1', 10)")]
#[case::math_random_03_equal_when_cut("States.MathRandom(1.4, 1.6)")]
#[case::math_random_03_equal_fractions("States.MathRandom(1.49, 1.49)")]
#[case::math_random_06_equal("States.MathRandom(5, 5)")]
#[case::math_random_06_reversed("States.MathRandom(5, 1)")]
#[case::math_random_08_null_seed("States.MathRandom(1, 10, null)")]
#[case::math_random_08_string_seed("States.MathRandom(1, 10, '42')")]
fn both_profiles_fail(#[case] text: &str) {
    check_both(text, &json!({}), None);
}

#[rstest]
#[case::math_add_02_measured("States.MathAdd(1.6, 2.7)", Some(json!(5)), None)]
#[case::math_add_02_measured("States.MathAdd(0.1, 0.2)", Some(json!(0)), None)]
#[case::math_add_02_halves_go_up("States.MathAdd(-1.5, 0)", Some(json!(-1)), None)]
#[case::math_add_02_halves_go_up("States.MathAdd(-2.5, 0)", Some(json!(-2)), None)]
#[case::math_add_02_each_argument_by_itself("States.MathAdd(1.5, 1.51)", Some(json!(4)), None)]
#[case::math_add_02_each_argument_by_itself("States.MathAdd(1.49, 1.5)", Some(json!(3)), None)]
#[case::math_add_03_large_argument("States.MathAdd(3000000000, -3000000000)", None, Some(json!(0)))]
#[case::math_add_05_sum_too_large("States.MathAdd(2147483647, 1)", None, Some(json!(2_147_483_648_i64)))]
#[case::math_add_05_sum_too_small("States.MathAdd(-2147483648, -1)", None, Some(json!(-2_147_483_649_i64)))]
#[case::math_add_05_sum_beyond_64_bits(
    "States.MathAdd(9223372036854775807, 9223372036854775807)", None, Some(json!(18_446_744_073_709_551_614_u64))
)]
#[case::math_random_03_fractions("States.MathRandom(1.6, 2.4)", Some(json!(1)), None)]
fn the_profiles_differ(#[case] text: &str, #[case] aws: Option<Value>, #[case] spec: Option<Value>) {
    check(Profile::Aws, text, &json!({}), aws.as_ref());
    check(Profile::Spec, text, &json!({}), spec.as_ref());
}

#[test]
fn math_random_05_wide_ranges_have_fixed_numbers_too() {
    let text = "States.MathRandom(-9223372036854775808, 9223372036854775807, 42)";
    let first = evaluate(Profile::Aws, text, &json!({})).unwrap();
    assert!(first.is_i64());
    check_both(text, &json!({}), Some(&first));
}
