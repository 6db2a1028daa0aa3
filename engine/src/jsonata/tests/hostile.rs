//! Expressions that would take all time, stack or memory. Each must end in an error, soon.

use std::{
    thread,
    time::{Duration, Instant},
};

use rstest::rstest;
use serde_json::json;

use super::{
    super::{Error, Expression, Limit},
    evaluate,
};
use crate::profile::Profile;

fn repeat(before: &str, inside: &str, after: &str, count: usize) -> String {
    format!("{}{inside}{}", before.repeat(count), after.repeat(count))
}

#[rstest]
#[case::jnata_058(&"+1".repeat(99), &"+1".repeat(100))]
#[case::jnata_059_parentheses(&repeat("(", "1", ")", 99), &repeat("(", "1", ")", 100))]
#[case::jnata_059_brackets(&repeat("[", "1", "]", 99), &repeat("[", "1", "]", 100))]
#[case::jnata_059_stages(&format!("1{}", "~>$string()".repeat(99)), &format!("1{}", "~>$string()".repeat(100)))]
#[case::jnata_060(
    "($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(31))",
    "($f := function($n) { $n = 0 ? 0 : 1 + $f($n - 1) }; $f(32))"
)]
fn the_depth_of_aws_is_exact(#[case] passes: &str, #[case] fails: &str) {
    let [passes, fails] =
        [passes, fails].map(|text| if text.starts_with('+') { format!("1{text}") } else { text.to_owned() });
    assert!(evaluate(&passes).is_ok(), "{passes}");
    assert_eq!(evaluate(&fails), Err(Error::Limit(Limit::Depth)));
}

#[rstest]
#[case::jnata_061("[1..873782] ~> $count()", json!(873_782), "[1..873783] ~> $count()")]
#[case::jnata_062("$range(1, 360145, 1) ~> $count()", json!(360_145), "$range(1, 360146, 1) ~> $count()")]
#[case::jnata_063(
    "($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d('a', 22)))",
    json!(4_194_304),
    "($d := function($s, $n) { $n = 0 ? $s : $d($s & $s, $n - 1) }; $length($d('a', 23)))"
)]
fn the_memory_of_aws_is_exact(#[case] passes: &str, #[case] value: serde_json::Value, #[case] fails: &str) {
    assert_eq!(evaluate(passes), Ok(value));
    assert_eq!(evaluate(fails), Err(Error::Limit(Limit::Memory)));
}

#[rstest]
#[case::range("[1..1e9]")]
#[case::range_beyond_64_bits("[-1e19..1e19]")]
#[case::product("[1..873782].[1..873782]")]
#[case::objects("[1..1000].{'a': [1..100000]}")]
#[case::shared_arrays("($d := function($s, $n) { $n = 0 ? $s : $d([$s, $s], $n - 1) }; $d(1, 60))")]
#[case::appended("($d := function($s, $n) { $n = 0 ? $s : $d($append($s, $s), $n - 1) }; $d([1], 60))")]
#[case::padded("$pad('a', 1e9)")]
#[case::padded_to_the_left("$pad('a', -1e300)")]
#[case::copied_by_a_composition("($s := $pad('', 1000000, 'a'); $map([1..1000].$s, $uppercase ~> $lowercase))")]
#[case::joined("($s := $pad('', 100000, 'a'); $join([1..1000].$s, $s))")]
#[case::replaced("($s := $pad('', 100000, 'a'); $replace($s, 'a', $s))")]
#[case::replaced_by_groups("($s := $pad('', 1000000, 'a'); $replace($s, /(a+)/, '$1$1$1$1$1$1$1$1'))")]
#[case::split("($s := $pad('', 6000000, 'a'); $split($s, ''))")]
#[case::roman("$formatInteger(1e300, 'I')")]
#[case::wide_date("$fromMillis(0, '[Y,99999999-99999999]')")]
#[case::wide_year("$fromMillis(0, '[Y0001,*-64]')")]
#[case::year_of_many_digits("$now('[Y$000a000b000c000d000e000f000]')")]
#[case::many_letters("$parseInteger('aaaaaaaaaaaaaa', 'a')")]
#[case::year_of_many_letters("$toMillis('aaaaaaaaaaaaaa', '[Ya]')")]
#[case::mapped_twice("$map([1..800000], function($i) { $map([1..800000], function($j) { $j }) })")]
fn memory_is_bounded(#[case] text: &str) {
    assert_eq!(evaluate(text), Err(Error::Limit(Limit::Memory)));
}

#[rstest]
#[case::wide_year("$fromMillis(0, '[Y0001,*-18]')", json!("000000000000001970"))]
#[case::brackets("$fromMillis(0, '[[\u{e9}] [Y0001]')", json!("[\u{e9}] 1970"))]
#[case::a_few_letters("$parseInteger('aaa', 'a')", json!(703))]
#[case::many_letters("$parseInteger('12', '#aaaaaaaaaaaaaa0')", json!(12))]
fn a_picture_within_its_bounds_is_taken(#[case] text: &str, #[case] value: serde_json::Value) {
    assert_eq!(evaluate(text), Ok(value));
}

/// So much is copied that a slow machine may run out of time before.
#[rstest]
#[case::empty_arrays("[1..800000].[[],[],[],[],[],[],[],[],[],[]]")]
#[case::padded_often("[1..800000].$pad('', 6900000)")]
#[case::padded_behind_a_filter("[1..800000].$pad('', 6900000)[0]")]
#[case::copied("($s := $pad('', 1000000, 'a'); [1..1000].$uppercase($s))")]
#[case::copied_by_a_callback("($s := $pad('', 1000000, 'a'); $map([1..1000], $substring($s, ?)))")]
fn copies_are_bounded(#[case] text: &str) {
    let outcome = evaluate(text);
    assert!(matches!(outcome, Err(Error::Limit(Limit::Memory | Limit::Time))), "{outcome:?}");
}

#[rstest]
#[case::tail_recursion("($f := function($n) { $f($n + 1) }; $f(1))")]
#[case::tail_recursion_without_a_name("($z := function($f) { $f($f) }; $z($z))")]
#[case::quadratic("$distinct([1..800000])")]
#[case::sorted("$sort([1..800000], function($a, $b) { $a < $b })")]
#[case::large_pattern("$match('a', /(((a{1,100}){1,100}){1,100}){1,100}/)")]
#[case::large_subject("($s := $pad('', 1000000, 'a'); $match($s, /a{1,900}a{1,900}/))")]
fn time_is_bounded(#[case] text: &str) {
    assert_eq!(evaluate(text), Err(Error::Limit(Limit::Time)));
}

/// In the reference implementation this takes forever.
#[test]
fn a_regular_expression_takes_linear_time() {
    assert_eq!(evaluate("$contains($pad('', 5000, 'a'), /^(a+)+$/)"), Ok(json!(true)));
    assert_eq!(evaluate("$contains($pad('', 5000, 'a') & 'b', /^(a+)+$/)"), Ok(json!(false)));
}

#[rstest]
#[case::recursion("($f := function($n) { 1 + $f($n) }; $f(1))")]
#[case::recursion_behind_a_filter("($f := function($n) { $f($n)[0] }; $f(1))")]
#[case::mutual_recursion("($f := function() { [$g()] }; $g := function() { [$f()] }; $f())")]
#[case::recursion_in_a_callback("($f := function($x) { $map([1, 2], $f) }; $f(1))")]
#[case::recursion_named_as_a_function("($sum := function($n) { 1 + $sum($n) }; $sum(1))")]
fn depth_is_bounded(#[case] text: &str) {
    assert_eq!(evaluate(text), Err(Error::Limit(Limit::Depth)));
}

/// On a stack of 2 MiB, as threads of tests have, and in no time.
#[rstest]
#[case("(", ")")]
#[case("[", "]")]
#[case("{'a':", "}")]
#[case("-", "")]
#[case("1+", "")]
#[case("1?1:", "")]
#[case("1?", "")]
#[case("$a:=", "")]
#[case("function(){", "}")]
#[case("$f(", ")")]
#[case("", "~>$string")]
#[case("", ".b")]
#[case("", "[1]")]
#[case("", "()")]
#[case("", "^(b)")]
#[case("", "{b:c}")]
#[case("", " and 1")]
#[case("", " in 1")]
#[case("/(", ")/")]
#[case("", "&'a'")]
#[case("'a'&", "")]
#[case("|a|", "")]
#[case("$x.(", ")")]
#[case("%.", "")]
#[case("$x@$y.", "")]
fn any_nesting_ends(#[case] before: &'static str, #[case] after: &'static str) {
    let work = move || {
        for count in [50, 100, 249, 400, 599, 1_000, 10_000] {
            for inside in ["1", "$x"] {
                let text = repeat(before, inside, after, count);
                for profile in [Profile::Aws, Profile::Spec] {
                    if Expression::parse(&text, profile).is_ok() {
                        let _ = super::evaluate_in(&text, profile);
                    }
                }
            }
        }
    };
    let start = Instant::now();
    thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
    assert!(start.elapsed() < Duration::from_secs(20));
}
