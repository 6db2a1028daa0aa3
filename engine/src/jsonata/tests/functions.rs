//! Functions of AWS, and those that the library gets wrong.

use rstest::rstest;
use serde_json::{Value, json};

use super::{super::Error, code, evaluate};

#[rstest]
#[case::jnata_036("$partition([1, 2, 3], 2)", json!([[1, 2], [3]]))]
#[case::jnata_044("$partition([1, 2, 3], 2.9)", json!([[1, 2], [3]]))]
#[case::jnata_069("$partition([1, 2, 3])", json!([[1, 2, 3]]))]
#[case::jnata_070("$partition([0], 1)", json!([[0]]))]
#[case::jnata_037("$range(1, 9, 2)", json!([1, 3, 5, 7, 9]))]
#[case::jnata_037_last_not_reached("$range(1, 8, 3)", json!([1, 4, 7]))]
#[case::jnata_037_down("$range(3, 1, -1)", json!([3, 2, 1]))]
#[case::jnata_038("$range(1, 9, 9)", json!(1))]
#[case::jnata_044("$range(-2.9, 0, 1)", json!([-2, -1, 0]))]
#[case::jnata_044("$range(5, 1, -1.5)", json!([5, 4, 3, 2, 1]))]
#[case::jnata_039("$hash('abc', 'MD5')", json!("900150983cd24fb0d6963f7d28e17f72"))]
#[case::jnata_039("$hash('abc', 'SHA-1')", json!("a9993e364706816aba3e25717850c26c9cd0d89d"))]
#[case::jnata_041("$random(42)", json!(0.727_563_680_032_868_1))]
#[case::jnata_041("$random(0)", json!(0.730_967_787_376_657))]
#[case::jnata_041("$random(7)", json!(0.730_699_042_060_042_1))]
#[case::jnata_044("$random(0.9)", json!(0.730_967_787_376_657))]
#[case::jnata_040("($r := $random(); $r >= 0 and $r < 1)", json!(true))]
#[case::jnata_042("$contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)", json!(true))]
#[case::jnata_042_anew("$uuid() != $uuid()", json!(true))]
#[case::jnata_043(r#"$parse('{"b": [1], "a": null}')"#, json!({"b": [1], "a": null}))]
#[case::jnata_043_as_a_value("$map(['1', '[2]'], $parse)", json!([1, [2]]))]
#[case::jnata_074("$parse('1.0')", json!(1))]
#[case::jnata_074("$parse('1e2')", json!(100))]
#[case::jnata_074("$parse('9223372036854775807')", json!(i64::MAX))]
#[case::jnata_067("$string(9223372036854775808)", json!("9223372036854776000"))]
#[case::jnata_067("$string(1e20)", json!("100000000000000000000"))]
#[case::jnata_067("$string(1e21)", json!("1e+21"))]
#[case::jnata_067("$string(1e-7)", json!("1e-7"))]
#[case::jnata_067("$string(1/3)", json!("0.333333333333333"))]
#[case::jnata_067("$string(999999999999999868928)", json!("999999999999999900000"))]
#[case::jnata_035("$replace('a1b2', /[0-9]/, '-')", json!("a-b-"))]
#[case::jnata_035("$split('a1b2c', /[0-9]/)", json!(["a", "b", "c"]))]
#[case::clock("$millis()", json!(1_735_689_600_123_i64))]
#[case::clock("$now()", json!("2025-01-01T00:00:00.123Z"))]
#[case::clock_with_a_picture("$now('[Y0001]-[M01]')", json!("2025-01"))]
#[case::fraction_of_a_millisecond("$fromMillis(1.9)", json!("1970-01-01T00:00:00.001Z"))]
#[case::url("$encodeUrl('http://a.b/c d?e=(é)#f')", json!("http://a.b/c%20d?e=(%C3%A9)#f"))]
#[case::url("$encodeUrlComponent('a b&c/(é)')", json!("a%20b%26c%2F(%C3%A9)"))]
#[case::url("$decodeUrl('a%20b%26')", json!("a b%26"))]
#[case::url("$decodeUrlComponent('a%20b%26')", json!("a b&"))]
#[case::base64("$base64decode('aGk=')", json!("hi"))]
#[case::shuffle("$sort($shuffle([3, 1, 2]))", json!([1, 2, 3]))]
fn a_function_gives(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(evaluate(text), Ok(expected));
}

#[rstest]
#[case("$partition([1], 0)")]
#[case("$partition([1], -0.5)")]
#[case("$partition([])")]
#[case("$partition([], 1)")]
#[case("$range(1, 3, 0)")]
#[case("$range(1, 3)")]
#[case("$range(1, 3, -1)")]
#[case("$hash('abc')")]
#[case("$parse()")]
#[case("$parse($states.input.nope)")]
fn jnata_045_an_unusable_argument_gives_nothing(#[case] text: &str) {
    assert_eq!(evaluate(text), Err(Error::Undefined));
}

#[rstest]
#[case::jnata_071("$partition([1], -1)", "D3137")]
#[case::jnata_071("$hash('a', 'md5')", "D3137")]
#[case::jnata_071("$hash('a', 'SHA3-256')", "D3137")]
#[case::jnata_072("$uuid('x')", "T0410")]
#[case::jnata_072("$random(1, 2)", "T0410")]
#[case::jnata_072("$range(1)", "T0410")]
#[case::jnata_072("$range('1', 2, 1)", "T0410")]
#[case::jnata_072("$hash(1, 'MD5')", "T0410")]
#[case::jnata_072("$parse(null)", "T0410")]
#[case::jnata_072("$parse('1', '2')", "T0410")]
#[case::jnata_072("$partition(null, 1)", "T0412")]
#[case::jnata_073("$parse('')", "D3137")]
#[case::jnata_073("$parse('  ')", "D3137")]
#[case::jnata_073("$parse('1 2')", "D3137")]
#[case::jnata_073(r#"$parse('{"a": 1, "a": 2}')"#, "D3137")]
#[case::jnata_073("$parse('1e400')", "D3137")]
#[case::jnata_033("$eval('1+1')", "T1006")]
#[case::jnata_034("$nope(1)", "T1006")]
#[case::jnata_057("$uppercase(1)", "T0410")]
#[case::jnata_057("$sum(['a'])", "T0412")]
#[case::jnata_057("1 + 'a'", "T2002")]
#[case::jnata_057("$split('a', 'b', -1)", "D3020")]
#[case::jnata_057("$reduce([1, 2], function($x) { $x })", "D3050")]
#[case::jnata_057("$sqrt(-1)", "D3060")]
#[case::jnata_057("$formatNumber(1, 'x')", "D3086")]
#[case::jnata_057("$single([1, 1], function($x) { $x = 1 })", "D3138")]
#[case::d65("$replace('a', '', 'b')", "D3010")]
#[case::url("$decodeUrl('%E0%A4%A')", "D3140")]
#[case::component("$fromMillis(0, '[\u{e9}a]')", "D3132")]
#[case::component("$fromMillis(0, '[[[ ,3]')", "D3132")]
#[case::component("$toMillis('a', '[Y]-[\u{35b}]')", "D3132")]
#[case::component("$now('[q]')", "D3132")]
fn a_function_refuses(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(code(text), expected);
}

#[test]
fn jnata_056_base64_must_be_base64() {
    assert!(matches!(evaluate("$base64decode('!!!')"), Err(Error::Internal(_))));
}

#[rstest]
#[case::look_ahead("$contains('ab', /a(?=b)/)")]
#[case::back_reference(r"$contains('aa', /(a)\1/)")]
fn what_the_library_cannot_do_names_itself(#[case] text: &str) {
    assert!(matches!(evaluate(text), Err(Error::Library(message)) if message.contains("regex")));
}

#[test]
fn nothing_reduces_to_nothing() {
    assert_eq!(evaluate("$reduce([], function($a, $b) { $a + $b })"), Err(Error::Undefined));
}
