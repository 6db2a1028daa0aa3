//! What a definition may hold.

use proptest::prelude::*;
use rstest::rstest;

use super::super::{Expression, FaultKind};
use crate::profile::Profile;

fn faults(text: &str, profile: Profile) -> Vec<(usize, FaultKind)> {
    match Expression::parse(text, profile) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|fault| (fault.offset, fault.kind)).collect(),
    }
}

#[rstest]
#[case::jnata_005("", 0)]
#[case::jnata_005("  ", 2)]
#[case("a[1,2)", 3)]
#[case("'open", 0)]
#[case("1 +", 3)]
#[case("$x :=", 5)]
#[case("{\"a\":}", 5)]
#[case("/abc", 0)]
#[case("1 2", 2)]
#[case("$x + 'é' ) 1", 10)]
#[case::not_in_2_0_6("$x ?? 1", 3)]
#[case::not_in_2_0_6("$x ?: 1", 3)]
fn jnata_011_a_syntax_error_has_a_position(#[case] text: &str, #[case] offset: usize) {
    assert_eq!(faults(text, Profile::Aws), [(offset, FaultKind::Syntax)]);
}

/// The library would panic there.
#[rstest]
#[case("function($x)<é:s>{$x}")]
#[case("(function($x) <n$dqrt(`=`(λ`` : 2")]
#[case("'é' & λ /* é */ ($x) /**/ <s-`é`:s>{$x}")]
fn a_signature_is_ascii(#[case] text: &str) {
    let found = Expression::parse(text, Profile::Aws).map_err(|faults| faults[0].message.clone());
    assert_eq!(found.unwrap_err(), "the expression cannot be parsed");
}

#[rstest]
#[case("function($x)<s:s>{$x & 'é'}('a')")]
#[case("'function($x)<é>' & '\\\\ function($x)<é>' & \"λ()<é\"")]
#[case("($function := function($x){$x}; $function('a') < 'é')")]
#[case("function($x){$x}('a') < 'é'")]
#[case("/* function($x)<é> */ 'é' & λ($x){'é'}(1)")]
fn other_text_is_not(#[case] text: &str) {
    assert_eq!(Expression::parse(text, Profile::Aws).map(|_| ()), Ok(()));
}

#[rstest]
#[case("a[1,2)", "Expected \"]\", got \",\"")]
#[case("'open", "String literal must be terminated by a matching quote")]
#[case("1 +", "Unexpected end of expression")]
#[case("{\"a\":}", "The symbol \"}\" cannot be used as a unary operator")]
#[case("/abc", "No terminating / in regular expression")]
#[case("$$.a", "Reference to '$$' is not supported.")]
#[case("phone", "Reference to 'phone' at the top level is not supported.")]
fn a_fault_reads_as_on_aws(#[case] text: &str, #[case] message: &str) {
    assert_eq!(Expression::parse(text, Profile::Aws).unwrap_err()[0].message, message);
}

#[rstest]
#[case::jnata_012("$", &[0])]
#[case::jnata_012("$.a", &[0])]
#[case::jnata_013("phone", &[0])]
#[case::jnata_075("-phone", &[1])]
#[case::jnata_075("$sum(phone)", &[5])]
#[case::jnata_075("phone(1)", &[0])]
#[case::jnata_075("[phone].other", &[1])]
#[case::jnata_075("{phone: 1}", &[1])]
#[case::jnata_075("[1..phone]", &[4])]
#[case::jnata_075("phone.**.deeper", &[0])]
#[case::jnata_013_one_a_name("{phone: 'phone', other: $ & phone}", &[1, 17, 24])]
fn a_name_at_the_top_level_is_refused(#[case] text: &str, #[case] offsets: &[usize]) {
    let expected: Vec<_> = offsets.iter().map(|offset| (*offset, FaultKind::TopLevel)).collect();
    assert_eq!(faults(text, Profile::Aws), expected);
    assert_eq!(faults(text, Profile::Spec), expected);
}

#[rstest]
#[case::jnata_014("$$", 0)]
#[case::jnata_014("$x[$$.a]", 3)]
fn the_root_is_refused_everywhere(#[case] text: &str, #[case] offset: usize) {
    assert_eq!(faults(text, Profile::Aws), [(offset, FaultKind::Root)]);
}

#[rstest]
#[case("$map($l, function($y) { phone })")]
#[case("$map($l, function($y) { $ })")]
fn jnata_076_names_in_functions_depend_on_the_profile(#[case] text: &str) {
    assert_eq!(faults(text, Profile::Aws).len(), 1);
    assert_eq!(faults(text, Profile::Spec), []);
}

#[rstest]
#[case("{'k': 1}.phone")]
#[case("**.phone")]
#[case("$x.phone")]
#[case("$x[phone = 1]")]
#[case("$x^(phone)")]
#[case("$x{phone: $sum(other)}")]
#[case("$x.(phone & $)")]
#[case("$x ~> |phone|{'a': b}|")]
#[case::jnata_021("$states")]
#[case::jnata_021("$states.error")]
fn jnata_077_names_are_legal_where_there_is_a_context_item(#[case] text: &str) {
    assert_eq!(faults(text, Profile::Aws), []);
}

proptest! {
    #[test]
    fn any_text_parses_or_is_refused_inside_itself(text in ".{0,60}") {
        for (offset, _) in faults(&text, Profile::Aws) {
            prop_assert!(text.is_char_boundary(offset));
        }
    }

    #[test]
    fn any_expression_ends(text in tokens()) {
        if let Ok(expression) = Expression::parse(&text, Profile::Spec) {
            prop_assert_eq!(expression.text(), text.trim());
            let _ = super::evaluate_in(&text, Profile::Spec);
        }
    }
}

/// Texts that have a chance of being expressions.
fn tokens() -> impl Strategy<Value = String> {
    const TOKENS: &[&str] = &[
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "$",
        "$x",
        "$states.input",
        "items",
        ".",
        "*",
        "**",
        "%",
        "+",
        "-",
        "/",
        "&",
        "=",
        "<",
        " and ",
        " in ",
        "?",
        ":",
        ":=",
        ";",
        ",",
        "~>",
        "^(",
        "..",
        "#$i",
        "@$j",
        "|",
        "1",
        "2",
        "'a'",
        "\"b\"",
        "null",
        "true",
        "/a/",
        "function($x)",
        "$map",
        "$sum",
        "$string",
        "$filter",
        "$replace",
        "$reduce",
        "$split",
        "$range",
        "$partition",
        "$pad",
        "$f := ",
        "$f",
        "[]",
        "`q`",
    ];
    prop::collection::vec(prop::sample::select(TOKENS), 0..14).prop_map(|tokens| tokens.concat())
}
