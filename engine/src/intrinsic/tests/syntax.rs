use rstest::rstest;
use serde_json::{Value, json};

use super::{super::function::Function, Invocation, check_both};
use crate::profile::Profile;

#[rstest]
#[case::syntax_03_every_kind_of_argument(
    "States.Array('a', -1.5e1, null, $.x, States.Array())", json!({"x": 1}), json!(["a", -15, null, 1, []])
)]
#[case::syntax_04_booleans("States.Array(true, false)", json!({}), json!([true, false]))]
#[case::syntax_05_blanks("States.Array( 1 ,\t2,\n$.x  , States.Array( ) )", json!({"x": 3}), json!([1, 2, 3, []]))]
#[case::syntax_05_no_blanks("States.Array(1,2,$.x,'a')", json!({"x": 3}), json!([1, 2, 3, "a"]))]
#[case::syntax_06_roots("States.Array($, $$.Execution.Name, $who)", json!(0), json!([0, "run", "Ada"]))]
#[case::syntax_07_inner_first("States.MathAdd(States.MathAdd(1, 2), States.ArrayLength($))", json!([0]), json!(4))]
#[case::syntax_09_escapes(
    r"States.Array('\'', '\{', '\}', '\\', 'a\\\'b')", json!({}), json!(["'", "{", "}", r"\", r"a\'b"])
)]
#[case::syntax_09_blanks_and_commas_inside_a_string("States.Array(' a, b) ')", json!({}), json!([" a, b) "]))]
#[case::double_quotes_inside_a_string(r#"States.StringToJson('["a"]')"#, json!({}), json!(["a"]))]
#[case::exact_64_bits("States.Array(9223372036854775807)", json!({}), json!([9_223_372_036_854_775_807_i64]))]
fn arguments_have_these_values(#[case] text: &str, #[case] input: Value, #[case] expected: Value) {
    check_both(text, &input, Some(&expected));
}

#[rstest]
#[case::empty("", 0)]
#[case::syntax_01_no_parenthesis("States.UUID", 11)]
#[case::syntax_01_blank_after_the_name("States.UUID ()", 11)]
#[case::syntax_01_blank_before_the_name(" States.UUID()", 0)]
#[case::syntax_01_not_closed("States.UUID(", 12)]
#[case::syntax_01_not_closed_after_an_argument("States.Array(1", 14)]
#[case::syntax_01_text_after_the_end("States.UUID() ", 13)]
#[case::syntax_01_two_invocations("States.UUID()States.UUID()", 13)]
#[case::syntax_01_comma_at_the_end("States.Array(1,)", 15)]
#[case::syntax_01_comma_at_the_start("States.Array(,1)", 13)]
#[case::syntax_01_no_comma("States.Array(1 2)", 15)]
#[case::syntax_02_dash_in_the_name("States-UUID()", 6)]
#[case::syntax_03_array("States.Array([1])", 13)]
#[case::syntax_03_object("States.Array({})", 13)]
#[case::syntax_03_word("States.Array(undefined)", 13)]
#[case::syntax_03_uppercase_literal("States.Array(True)", 13)]
#[case::syntax_03_leading_zero("States.Array(01)", 13)]
#[case::syntax_03_plus("States.Array(+1)", 13)]
#[case::syntax_03_no_digit_after_the_point("States.Array(1.)", 13)]
#[case::syntax_03_beyond_a_double("States.Array(1e309)", 13)]
#[case::syntax_10_escaped_double_quote(r#"States.Array('a\"')"#, 15)]
#[case::syntax_10_line_feed(r"States.Base64Decode('\n')", 21)]
#[case::string_not_closed("States.Array('a)", 13)]
#[case::string_ends_in_a_backslash(r"States.Array('a\", 13)]
#[case::syntax_12_double_quotes(r#"States.Array("a")"#, 13)]
#[case::syntax_13_unknown_function("States.Sum(1, 2)", 0)]
#[case::syntax_13_case_matters("States.uuid()", 0)]
#[case::syntax_13_unknown_inner_function("States.Array(States.Sum(1))", 13)]
#[case::syntax_14_no_functions_of_our_own("Sum(1, 2)", 0)]
fn other_texts_are_refused_with_their_place(#[case] text: &str, #[case] offset: usize) {
    for profile in [Profile::Aws, Profile::Spec] {
        let error = Invocation::parse(text, profile).expect_err(text);
        assert_eq!(error.offset, offset, "{text}: {error}");
    }
}

#[test]
fn an_argument_that_is_no_path_is_refused_with_its_place() {
    let error = Invocation::parse("States.Array(1, $.a[)", Profile::Aws).unwrap_err();
    assert!(error.offset >= 16, "{error}");
}

#[test]
fn syntax_08_invocations_nest_10_deep() {
    let nested = |depth: usize| format!("{}{}", "States.Array(".repeat(depth), ")".repeat(depth));
    assert!(Invocation::parse(&nested(10), Profile::Aws).is_ok());
    assert!(Invocation::parse(&nested(11), Profile::Aws).unwrap_err().message.contains("10 deep"));
    assert!(Invocation::parse(&nested(100_000), Profile::Spec).is_err());
}

#[test]
fn syntax_08_width_is_not_depth() {
    let wide = format!("States.Array({}States.UUID())", "States.UUID(), ".repeat(100));
    assert!(Invocation::parse(&wide, Profile::Aws).is_ok());
}

#[rstest]
#[case::none("States.UUID()", &[])]
#[case::inner("States.Array($.a, States.Array($$.b , $c), $)", &["$.a", "$$.b", "$c", "$"])]
#[case::format("States.Format($.t, $.x)", &["$.t", "$.x"])]
#[case::quoted_comma("States.Array($['a,b'], $['c)'])", &["$['a,b']", "$['c)']"])]
#[case::indexes("States.Array($.a[0,1],$.b[1:2])", &["$.a[0,1]", "$.b[1:2]"])]
#[case::filter("States.Array($.a[?(@.b == 'x)' && @.c > 1)], 1)", &["$.a[?(@.b == 'x)' && @.c > 1)]"])]
#[case::regular_expression("States.Array($.a[?(@.b =~ /[)],'/i)], $.c)", &["$.a[?(@.b =~ /[)],'/i)]", "$.c"])]
fn paths_are_found_whole(#[case] text: &str, #[case] expected: &[&str]) {
    let invocation = Invocation::parse(text, Profile::Aws).unwrap();
    assert_eq!(invocation.paths().iter().map(|path| path.text()).collect::<Vec<_>>(), expected);
}

#[test]
fn fail_011_seven_functions_may_return_a_string() {
    let names: Vec<&str> = Function::ALL
        .iter()
        .map(|function| function.name())
        .filter(|name| Invocation::parse(&format!("{name}()"), Profile::Aws).unwrap().may_return_string())
        .collect();
    assert_eq!(
        names,
        [
            "States.Format",
            "States.JsonToString",
            "States.ArrayGetItem",
            "States.Base64Encode",
            "States.Base64Decode",
            "States.Hash",
            "States.UUID"
        ]
    );
    assert_eq!(Function::ALL.len(), 18);
}

#[test]
fn the_text_is_kept_as_written() {
    let text = r"States.Format( '\{ {}' ,$.a )";
    let invocation = Invocation::parse(text, Profile::Aws).unwrap();
    assert_eq!((invocation.text(), invocation.to_string().as_str()), (text, text));
}
