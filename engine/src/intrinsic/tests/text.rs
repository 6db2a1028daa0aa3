use rstest::rstest;
use serde_json::{Value, json};

use super::{check, check_both, evaluate};
use crate::profile::Profile;

#[rstest]
#[case::format_05_example_of_the_spec(
    "States.Format('Your name is {}, we are in the year {}', $.name, 2020)",
    json!({"name": "Foo", "zebra": "stripe"}),
    "Your name is Foo, we are in the year 2020"
)]
#[case::syntax_09_example_of_the_spec(
    r"States.Format('Welcome to {} {}\'s playlist.', $.firstName, $.lastName)",
    json!({"firstName": "John", "lastName": "Doe"}),
    "Welcome to John Doe's playlist."
)]
#[case::format_01_without_further_arguments("States.Format('plain')", json!({}), "plain")]
#[case::format_01_template_from_a_path("States.Format($.template, 1)", json!({"template": "<{}>"}), "<1>")]
#[case::format_01_template_from_an_invocation("States.Format(States.Format('{}{}', 'a', 'b'))", json!({}), "ab")]
#[case::format_05_adjacent("States.Format('{}{}', 'a', 'b')", json!({}), "ab")]
#[case::format_05_inserted_braces_are_text("States.Format('{}', '\\{\\}')", json!({}), "{}")]
#[case::format_06_values("States.Format('{} {} {} {}', null, true, false, 'a')", json!({}), "null true false a")]
#[case::format_06_numbers("States.Format('{} {} {} {}', 1.0, 2.50, 1e3, -0)", json!({}), "1 2.5 1000 0")]
#[case::format_07_escaped_braces(r"States.Format('\{\} {}', 1)", json!({}), "{} 1")]
#[case::format_07_escaped_backslash_before_a_hole(r"States.Format('\\{}', 1)", json!({}), r"\1")]
#[case::format_07_escaped_braces_from_a_path("States.Format($, 1)", json!(r"\{\} {}"), "{} 1")]
#[case::format_backslashes_of_a_path_template("States.Format($)", json!(r"a\b"), r"a\b")]
#[case::format_double_quotes("States.Format('\"{}\"', 'a')", json!({}), "\"a\"")]
#[case::json_to_string_03_example_of_the_spec(
    "States.JsonToString($.someJson)",
    json!({"someJson": {"name": "Foo", "year": 2020}}),
    r#"{"name":"Foo","year":2020}"#
)]
#[case::json_to_string_03_string_keeps_its_quotes("States.JsonToString('x')", json!({}), r#""x""#)]
#[case::json_to_string_02_invocation("States.JsonToString(States.Array(1, null))", json!({}), "[1,null]")]
#[case::base64_encode_02_example_of_the_spec(
    "States.Base64Encode($.input)", json!({"input": "Data to encode"}), "RGF0YSB0byBlbmNvZGU="
)]
#[case::base64_encode_02_beyond_the_basic_plane("States.Base64Encode('🚀')", json!({}), "8J+agA==")]
#[case::base64_encode_03_empty("States.Base64Encode('')", json!({}), "")]
#[case::base64_decode_02_example_of_the_spec(
    "States.Base64Decode($.base64)", json!({"base64": "RGF0YSB0byBlbmNvZGU="}), "Data to encode"
)]
#[case::hash_04_example_of_the_spec(
    "States.Hash($.Data, $.Algorithm)",
    json!({"Data": "input data", "Algorithm": "SHA-1"}),
    "aaff4a450a104cd177d28d18d74485e8cae074b7"
)]
#[case::hash_04_md5("States.Hash('Hello', 'MD5')", json!({}), "8b1a9953c4611296a827abf8c47804d7")]
#[case::hash_04_sha_1("States.Hash('Hello', 'SHA-1')", json!({}), "f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0")]
#[case::hash_04_sha_256(
    "States.Hash('Hello', 'SHA-256')", json!({}), "185f8db32271fe25f561a6fc938b2e264306ec304eda518007d1764826381969"
)]
#[case::hash_04_sha_384(
    "States.Hash('Hello', 'SHA-384')",
    json!({}),
    "3519fe5ad2c596efe3e276a6f351b8fc0b03db861782490d45f7598ebd0ab5fd5520ed102f38c4a5ec834e98668035fc"
)]
#[case::hash_04_sha_512(
    "States.Hash('Hello', 'SHA-512')",
    json!({}),
    "3615f80c9d293ed7402687f94b22d58e529b8cc7916f8fac7fddf7fbd5af4cf777d3d795a7a00a16bf7e7f3fb9561ee9\
     baae480da9fe7a18769e71886b03f315"
)]
#[case::hash_03_object("States.Hash($, 'MD5')", json!({"a": 1}), "bb6cb5c68df4652941caf652a366f2d8")]
#[case::hash_03_number("States.Hash(1, 'MD5')", json!({}), "c4ca4238a0b923820dcc509a6f75849b")]
fn both_profiles_give_text(#[case] text: &str, #[case] input: Value, #[case] expected: &str) {
    check_both(text, &input, Some(&json!(expected)));
}

#[rstest]
#[case::string_to_json_03_example_of_the_spec(json!(r#"{"number": 20}"#), json!({"number": 20}))]
#[case::string_to_json_03_any_type(json!("null"), json!(null))]
#[case::string_to_json_03_outer_blanks(json!(" [1]\n"), json!([1]))]
#[case::string_to_json_03_negative_zero(json!("-0"), json!(0))]
fn string_to_json_parses(#[case] input: Value, #[case] expected: Value) {
    check_both("States.StringToJson($)", &input, Some(&expected));
}

#[rstest]
#[case::several_parts(json!({"text": "1,2,3,4,5", "by": ","}), json!(["1", "2", "3", "4", "5"]))]
#[case::string_split_05_no_delimiter(json!({"text": "abc", "by": ","}), json!(["abc"]))]
#[case::string_split_05_empty_delimiter(json!({"text": "abc", "by": ""}), json!(["abc"]))]
fn string_split_02_gives_the_parts(#[case] input: Value, #[case] expected: Value) {
    check_both("States.StringSplit($.text, $.by)", &input, Some(&expected));
}

#[rstest]
#[case::format_01_no_argument("States.Format()", json!({}))]
#[case::format_02_too_few("States.Format('{} {}', 1)", json!({}))]
#[case::format_02_too_many("States.Format('{}', 1, 2)", json!({}))]
#[case::format_02_escaped_braces_take_none(r"States.Format('\{\}', 1)", json!({}))]
#[case::format_03_number("States.Format(1)", json!({}))]
#[case::format_03_null_from_a_path("States.Format($)", json!(null))]
#[case::format_08_opening_brace("States.Format('Hello {')", json!({}))]
#[case::format_08_closing_brace("States.Format('}')", json!({}))]
#[case::format_08_nested_braces("States.Format('Hello {{}}', 1)", json!({}))]
#[case::format_08_filled_braces("States.Format('{0}', 1)", json!({}))]
#[case::string_to_json_01_no_argument("States.StringToJson()", json!({}))]
#[case::string_to_json_02_number("States.StringToJson(1)", json!({}))]
#[case::string_to_json_05_malformed("States.StringToJson($)", json!("[1,]"))]
#[case::string_to_json_05_undefined("States.StringToJson('undefined')", json!({}))]
#[case::string_to_json_05_two_values("States.StringToJson('1 2')", json!({}))]
#[case::json_to_string_01_two_arguments("States.JsonToString($, $)", json!({}))]
#[case::base64_encode_01_number("States.Base64Encode(1)", json!({}))]
#[case::base64_encode_01_object("States.Base64Encode($)", json!({}))]
#[case::base64_encode_01_two_arguments("States.Base64Encode('a', 'b')", json!({}))]
#[case::base64_encode_04_10001_characters("States.Base64Encode($)", json!("a".repeat(10_001)))]
#[case::base64_decode_01_number("States.Base64Decode(1)", json!({}))]
#[case::base64_decode_04_10001_characters("States.Base64Decode($)", json!("a".repeat(10_001)))]
#[case::hash_01_one_argument("States.Hash('a')", json!({}))]
#[case::hash_02_dashes("States.Hash('a', 'MD-5')", json!({}))]
#[case::hash_02_no_dash("States.Hash('a', 'SHA256')", json!({}))]
#[case::hash_02_lowercase("States.Hash('a', 'sha-256')", json!({}))]
#[case::hash_02_unknown("States.Hash('a', 'SHA-257')", json!({}))]
#[case::hash_02_empty("States.Hash('a', '')", json!({}))]
#[case::hash_02_no_string("States.Hash('a', 1)", json!({}))]
#[case::hash_05_10001_characters("States.Hash($, 'MD5')", json!("a".repeat(10_001)))]
#[case::hash_05_10001_characters_of_json("States.Hash($, 'MD5')", json!(["a".repeat(9_997)]))]
#[case::string_split_01_one_argument("States.StringSplit('a')", json!({}))]
#[case::string_split_01_number("States.StringSplit('a', 1)", json!({}))]
#[case::uuid_01_argument("States.UUID(1)", json!({}))]
fn both_profiles_fail(#[case] text: &str, #[case] input: Value) {
    check_both(text, &input, None);
}

#[rstest]
#[case::format_04_object(
    "States.Format('{}', $)",
    json!({"a": 1, "b": ["x", null, true], "c": {"d": 1.0}}),
    Some(json!("{a=1, b=[x, null, true], c={d=1}}")),
    None
)]
#[case::format_04_empty_array("States.Format('{}', $)", json!([]), Some(json!("[]")), None)]
#[case::string_to_json_04_empty("States.StringToJson('')", json!({}), Some(json!(null)), None)]
#[case::string_to_json_04_blank("States.StringToJson(' ')", json!({}), Some(json!(null)), None)]
#[case::base64_decode_03_foreign_characters(
    "States.Base64Decode('!!!invalid!!!')", json!({}), Some(json!("\u{fffd}{\u{696}'")), None
)]
#[case::base64_decode_03_no_padding("States.Base64Decode('abc')", json!({}), Some(json!("i\u{fffd}")), None)]
#[case::base64_decode_03_misplaced_padding("States.Base64Decode('ab==cd')", json!({}), Some(json!("i")), None)]
#[case::base64_decode_03_outer_blanks("States.Base64Decode(' YWJjZA== ')", json!({}), Some(json!("abcd")), None)]
#[case::base64_decode_03_line_break("States.Base64Decode($)", json!("YWJj\r\nZA=="), Some(json!("abcd")), None)]
#[case::base64_decode_02_not_utf_8("States.Base64Decode('/w==')", json!({}), Some(json!("\u{fffd}")), None)]
#[case::string_split_03_each_character(
    "States.StringSplit('a.+b+c.', '.+')", json!({}), Some(json!(["a", "b", "c"])), Some(json!(["a", "b+c."]))
)]
#[case::string_split_04_empty_parts(
    "States.StringSplit(',a,,b,', ',')", json!({}), Some(json!(["a", "b"])), Some(json!(["", "a", "", "b", ""]))
)]
#[case::string_split_04_only_delimiters(
    "States.StringSplit(',,,,', ',')", json!({}), Some(json!([])), Some(json!(["", "", "", "", ""]))
)]
#[case::string_split_06_empty("States.StringSplit('', ',')", json!({}), Some(json!([])), Some(json!([""])))]
fn the_profiles_differ(
    #[case] text: &str,
    #[case] input: Value,
    #[case] aws: Option<Value>,
    #[case] spec: Option<Value>,
) {
    check(Profile::Aws, text, &input, aws.as_ref());
    check(Profile::Spec, text, &input, spec.as_ref());
}

#[rstest]
#[case::base64_encode_04("States.Base64Encode($)", "é".repeat(10_000))]
#[case::base64_decode_04("States.Base64Decode($)", "QUJD".repeat(2_500))]
#[case::hash_05("States.Hash($, 'MD5')", "é".repeat(10_000))]
fn ten_thousand_characters_pass(#[case] text: &str, #[case] input: String) {
    for profile in [Profile::Aws, Profile::Spec] {
        evaluate(profile, text, &json!(input)).unwrap();
    }
}

#[test]
fn uuid_02_03_every_evaluation_gives_a_new_version_4_uuid() {
    let uuids = evaluate(Profile::Aws, "States.Array(States.UUID(), States.UUID())", &json!({})).unwrap();
    let [first, second] = [0, 1].map(|index| uuids[index].as_str().unwrap());
    assert_ne!(first, second);
    for uuid in [first, second] {
        let groups: Vec<&str> = uuid.split('-').collect();
        assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(uuid.chars().all(|digit| matches!(digit, '-' | '0'..='9' | 'a'..='f')), "{uuid}");
        assert!(groups[2].starts_with('4') && groups[3].starts_with(['8', '9', 'a', 'b']), "{uuid}");
    }
}
