use rstest::rstest;
use serde_json::{Value, json};

use super::{
    super::{MAX_NESTING, MAX_STEPS, MAX_TEXT, ReferencePath},
    *,
};
use crate::{failure::Failure, meter::MAX_DEPTH};

#[rstest]
#[case::parentheses(format!("$[?({}@.a{})]", "(".repeat(10_000), ")".repeat(10_000)))]
#[case::open_parentheses(format!("$[?({}", "(".repeat(60_000)))]
#[case::filters("$[?(@".repeat(10_000))]
#[case::lists(format!("$[?(@ in {}", "[".repeat(50_000)))]
#[case::calls("$.sum(".repeat(10_000))]
#[case::steps("$".to_owned() + &".a".repeat(MAX_STEPS + 1))]
#[case::steps_in_a_filter(format!("$[?(@{})]", ".a".repeat(MAX_STEPS)))]
#[case::text("$.".to_owned() + &"a".repeat(MAX_TEXT))]
#[case::megabyte("$".to_owned() + &"['a']".repeat(200_000))]
#[case::large_expression("$[?(@ =~ /(\\w{1000}){1000}/)]".to_owned())]
#[case::nested_expression(format!("$[?(@ =~ /{}{}/)]", "(".repeat(10_000), ")".repeat(10_000)))]
#[case::many_expressions(format!("$[?({} @ =~ /a/)]", "@ =~ /a/ || ".repeat(16)))]
fn beyond_a_bound_is_a_syntax_error(#[case] text: String) {
    for profile in BOTH {
        assert!(Path::parse(&text, profile).is_err());
        assert!(ReferencePath::parse(&text, profile).is_err());
    }
}

#[test]
fn at_the_bounds_a_path_parses() {
    for profile in BOTH {
        let nested = format!("$[?({}@.a{})]", "(".repeat(MAX_NESTING - 1), ")".repeat(MAX_NESTING - 1));
        parsed(&nested, profile);
        parsed(&("$".to_owned() + &".a".repeat(MAX_STEPS)), profile);
        parsed(&("$.".to_owned() + &"a".repeat(MAX_TEXT - 2)), profile);
        parsed(&format!("$[?({}@.a)]", "!".repeat(60_000)), profile);
        parsed(&format!("$[?(@.a{})]", " || @".repeat(10_000)), profile);
    }
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!({"x": 1}), |inner, _| json!({"x": inner, "y": [inner]}).take())
}

fn chain(depth: usize) -> Value {
    (0..depth).fold(json!(1), |inner, _| Value::Array(vec![inner]))
}

#[rstest]
#[case("$..[?(@..x)]")]
#[case("$..[?(@..nope)]")]
#[case("$..[?($..nope)]")]
#[case("$..*..*..*..nope")]
#[case("$..x..x..x..x..x..nope")]
fn searching_a_large_document_ends_with_the_fuel(#[case] text: &str) {
    let data = nested(14);
    let meter = Meter::new(20, 1_000_000);
    let found = parsed(text, Profile::Aws).select(&data, Profile::Aws, &meter).map(|_| ());
    assert_eq!(found, Err(PathError::Failure(Failure::OutOfFuel)));
}

#[test]
fn a_deep_document_is_searched_without_recursion() {
    // Deep enough to exhaust the stack of a recursive search, and taken apart by hand as dropping it would as well.
    let mut data = chain(100_000);
    for text in ["$..nope", "$..[?(@.x == 1)]", "$..[?(@..nope)]", "$[?(@ == $[0])].nope"] {
        let found = parsed(text, Profile::Spec).select(&data, Profile::Spec, &meter()).map(|_| ());
        assert!(matches!(found, Ok(()) | Err(PathError::Failure(_))), "{text}: {found:?}");
    }
    while let Some(inner) = data.get_mut(0).map(Value::take) {
        data = inner;
    }
}

#[test]
fn a_copy_may_not_be_too_deep() {
    let data = json!({"a": chain(MAX_DEPTH)});
    let fits = |text: &str| parsed(text, Profile::Aws).select(&data, Profile::Aws, &meter()).map(|_| ());
    assert_eq!(fits("$.a"), Ok(()));
    assert_eq!(fits("$.a[0:1]"), Ok(()));
    assert!(matches!(fits("$.*"), Err(PathError::Failure(Failure::Error(_)))));
    assert!(matches!(fits("$['a','b']"), Err(PathError::Failure(Failure::Error(_)))));
}

#[test]
fn long_paths_run_on_a_small_stack() {
    let filters =
        (0..MAX_NESTING - 1).fold("@[*]".to_owned(), |inner, _| format!("@[?({inner})]")).replacen('@', "$", 1);
    let texts = [
        "$".to_owned() + &"[*]".repeat(MAX_STEPS),
        "$".to_owned() + &"..[*]".repeat(MAX_STEPS / 2 - 1) + ".nope",
        format!("$[?(@{})].nope", "[*]".repeat(MAX_STEPS - 2)),
        filters + ".nope",
    ];
    let work = move || {
        let data = chain(MAX_STEPS + 50);
        for text in &texts {
            let path = parsed(text, Profile::Aws);
            let found = path.select(&data, Profile::Aws, &Meter::new(300, 1_000_000)).map(|_| ());
            assert!(matches!(found, Ok(()) | Err(PathError::Failure(Failure::OutOfFuel))), "{found:?}: {text}");
            assert_eq!(Path::parse(&path.to_string(), Profile::Aws), Ok(path));
        }
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn matching_a_costly_expression_ends_with_the_fuel() {
    let data = json!(["ab".repeat(50_000)]);
    let found = parsed("$[?(@ =~ /[ab]*a[ab]{2000}c/)]", Profile::Aws).select(&data, Profile::Aws, &meter());
    assert_eq!(found, Err(PathError::Failure(Failure::OutOfFuel)));
}

#[test]
fn an_error_quotes_little_of_the_value() {
    let data = json!({"a": "é".repeat(100_000)});
    let Err(PathError::Inapplicable(message)) = select("$.a[0]", Profile::Aws, &data) else { panic!("applied") };
    assert!(message.len() < 300);
}
