use rstest::rstest;
use serde_json::{Value, json};

use super::*;

fn data() -> Value {
    json!({
        "a": {"b": 1, "c d": 2, "b.c": 3},
        "list": [10, 20, 30, 40],
        "items": [{"id": 1, "name": "x", "tags": ["p"]}, {"id": 2, "name": "y", "on": null}, {"id": "2"}],
        "rows": [[1], [], [2]],
        "matrix": [[1, 2], [3]],
        "one": ["only"],
        "nothing": null,
        "text": "abc",
        "a-b": 4, "1a": 5, "foo@bar": 6, "имя": 7, "it's": 8, "length()": 9
    })
}

#[rstest]
#[case::path_002("$", data())]
#[case::path_004_dot("$.a.b", json!(1))]
#[case::path_004_single_quotes("$['a']['b']", json!(1))]
#[case::path_004_double_quotes("$[\"a\"][\"b\"]", json!(1))]
#[case::path_004_blanks_in_brackets("$[ 'a' ].b", json!(1))]
#[case::path_004_dot_in_quotes("$.a['b.c']", json!(3))]
#[case::path_005("$.list[0]", json!(10))]
#[case::path_005_last("$.list[3]", json!(40))]
#[case::path_006_dot_star("$.one.*", json!(["only"]))]
#[case::path_006_bracket_star("$.one[*]", json!(["only"]))]
#[case::path_006_members("$.a.*", json!([1, 2, 3]))]
#[case::path_006_of_a_scalar("$.text[*]", json!([]))]
#[case::path_007("$.list[1:3]", json!([20, 30]))]
#[case::path_007_from("$.list[2:]", json!([30, 40]))]
#[case::path_007_to("$.list[:1]", json!([10]))]
#[case::path_007_one("$.list[1:2]", json!([20]))]
#[case::path_007_beyond("$.list[2:9]", json!([30, 40]))]
#[case::path_012_slice("$.list[7:9]", json!([]))]
#[case::path_008("$.list[0,2]", json!([10, 30]))]
#[case::path_008_in_the_order_written("$.list[2,0]", json!([30, 10]))]
#[case::path_009("$..id", json!([1, 2, "2"]))]
#[case::path_009_nothing("$..nope", json!([]))]
#[case::path_009_bracket("$.items..['name']", json!(["x", "y"]))]
#[case::path_009_index("$.matrix..[1]", json!([[3], 2]))]
#[case::path_009_all("$.matrix..*", json!([[1, 2], [3], 1, 2, 3]))]
#[case::path_010("$.items[?(@.id == 1)].name", json!(["x"]))]
#[case::path_010_whole("$.items[?(@.name == 'y')]", json!([{"id": 2, "name": "y", "on": null}]))]
#[case::path_012_filter("$.items[?(@.id == 7)]", json!([]))]
#[case::path_012_wildcard("$.rows[1][*]", json!([]))]
#[case::path_011("$.items[*].name", json!(["x", "y"]))]
#[case::path_028("$.items[*].on", json!([null]))]
#[case::path_029("$.matrix[*][*]", json!([1, 2, 3]))]
#[case::path_030("$.a.['c d']", json!(2))]
#[case::path_030_then_wildcard("$.['matrix'][*]", json!([[1, 2], [3]]))]
#[case::path_033("$.a['c d','b']", json!({"c d": 2, "b": 1}))]
#[case::path_033_one_missing("$.a['b','nope']", json!({"b": 1}))]
#[case::path_033_then_a_step("$.a['b','c d'].b", json!(1))]
#[case::path_033_in_a_list("$.items[0:2]['id','name']", json!([{"id": 1, "name": "x"}, {"id": 2, "name": "y"}]))]
#[case::path_036("$.list[-2:]", json!([30, 40]))]
#[case::path_036_beyond("$.list[-9:]", json!([10, 20, 30, 40]))]
#[case::path_038_to_a_negative_end("$.list[:-1]", json!([10, 20, 30]))]
#[case::path_046_hyphen("$.a-b", json!(4))]
#[case::path_046_digit("$.1a", json!(5))]
#[case::path_046_at("$.foo@bar", json!(6))]
#[case::path_046_letters("$.имя", json!(7))]
#[case::path_024("$['it\\'s']", json!(8))]
#[case::path_021("$.a.b\\.c", json!(3))]
#[case::path_021_blank("$.a.c\\ d", json!(2))]
#[case::path_022("$.\\u0061.b", json!(1))]
#[case::explicit_null("$.nothing", json!(null))]
fn both_profiles_select(#[case] text: &str, #[case] expected: Value) {
    for profile in BOTH {
        assert_eq!(select(text, profile, &data()), Ok(expected.clone()), "{text} ({})", profile.name());
    }
}

#[rstest]
#[case::path_015("$['length()']", json!(9), json!(9))]
#[case::path_015_property("$.length()", json!(9), json!(14))]
#[case::path_027("$.rows[*][0]", json!([1, null, 2]), json!([1, 2]))]
#[case::path_027_not_below_a_descent("$.rows..[5]", json!([]), json!([]))]
#[case::path_037("$.list[0:4:2]", json!([10, 20, 30, 40]), json!([10, 30]))]
#[case::path_038("$.list[1:-1]", json!([]), json!([20, 30]))]
fn profiles_differ(#[case] text: &str, #[case] aws: Value, #[case] spec: Value) {
    assert_eq!(select(text, Profile::Aws, &data()), Ok(aws));
    assert_eq!(select(text, Profile::Spec, &data()), Ok(spec));
}

#[rstest]
#[case::path_032_wildcard("$.nope[*]", json!([]))]
#[case::path_032_slice("$.nope[1:].x", json!([]))]
#[case::path_032_filter("$.nope[?(@.x)]", json!([]))]
#[case::path_032_deeper("$.text.nope[*]", json!([]))]
#[case::path_032_past_the_end("$.list[9][*]", json!([]))]
#[case::path_040("$.list[(@.length-1)]", json!(40))]
#[case::path_040_blanks("$.list[( @.length - 2 )]", json!(30))]
fn only_aws_selects(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(select(text, Profile::Aws, &data()), Ok(expected));
    let spec = Path::parse(text, Profile::Spec).map(|path| path.select(&data(), Profile::Spec, &meter()).is_err());
    assert!(spec.is_err() || spec == Ok(true));
}

#[rstest]
#[case::path_034("$.list[0,9]", json!([10]))]
#[case::path_034_alone("$.list[8,9]", json!([]))]
#[case::path_035("$.list[-1]", json!(40))]
#[case::path_035_in_a_union("$.list[0,-1]", json!([10, 40]))]
#[case::path_045("$.items[?(@.id)][0]", json!([]))]
fn only_spec_selects(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(select(text, Profile::Spec, &data()), Ok(expected));
    assert!(select(text, Profile::Aws, &data()).is_err());
}

#[rstest]
#[case("$.list[1:]", [20, 30, 40].as_slice())]
#[case("$.list[:]", &[10, 20, 30, 40])]
#[case("$.list[::2]", &[10, 30])]
#[case("$.list[::-1]", &[40, 30, 20, 10])]
#[case("$.list[2:0:-1]", &[30, 20])]
#[case("$.list[-1:-3:-1]", &[40, 30])]
#[case("$.list[9:0:-2]", &[40, 20])]
#[case("$.list[1:-9:-1]", &[20, 10])]
#[case("$.list[0:4:0]", &[])]
#[case("$.list[-3:-1]", &[20, 30])]
#[case("$.list[1:4:9223372036854775807]", &[20])]
#[case("$.list[::-9223372036854775808]", &[40])]
#[case("$.list[-9223372036854775808:9223372036854775807]", &[10, 20, 30, 40])]
fn path_037_the_spec_profile_takes_full_slices(#[case] text: &str, #[case] expected: &[i64]) {
    assert_eq!(select(text, Profile::Spec, &data()), Ok(json!(expected)));
}

#[rstest]
#[case::equal("@.id == 1", json!([0]), json!([0]))]
#[case::path_043("@.id == 2", json!([1, 2]), json!([1]))]
#[case::path_043_the_other_way("@.id == '2'", json!([1, 2]), json!([2]))]
#[case::path_043_order("@.id >= 2", json!([1, 2]), json!([1]))]
#[case::path_043_not_a_number("@.name == 1", json!([]), json!([]))]
#[case::by_value("@.id == 1.0", json!([0]), json!([0]))]
#[case::exponent("@.id == 10e-1", json!([0]), json!([0]))]
#[case::not_equal("@.name != 'x'", json!([1]), json!([1, 2]))]
#[case::order_of_texts("@.name > 'x'", json!([1]), json!([1]))]
#[case::less("@.id < 2", json!([0]), json!([0]))]
#[case::at_most("@.id <= 1", json!([0]), json!([0]))]
#[case::exists("@.name", json!([0, 1]), json!([0, 1]))]
#[case::exists_null("@.on", json!([1]), json!([1]))]
#[case::is_null("@.on == null", json!([1]), json!([1]))]
#[case::exists_in_a_list("@.tags[*]", json!([0]), json!([0]))]
#[case::exists_not_past_the_end("@.tags[1]", json!([]), json!([]))]
#[case::exists_not_padded("@[*][1]", json!([]), json!([]))]
#[case::list_operand("@.tags[*] == $.items[0].tags", json!([0]), json!([0]))]
#[case::not("!@.name", json!([2]), json!([2]))]
#[case::not_twice("!!@.name", json!([0, 1]), json!([0, 1]))]
#[case::not_a_comparison("!@.name == 'x'", json!([1, 2]), json!([1, 2]))]
#[case::and("@.name && @.on", json!([1]), json!([1]))]
#[case::or("@.tags||@.on", json!([0, 1]), json!([0, 1]))]
#[case::and_binds_tighter("@.tags || @.name && @.on", json!([0, 1]), json!([0, 1]))]
#[case::group("(@.tags || @.name) && @.on", json!([1]), json!([1]))]
#[case::document("@.id == $.a.b", json!([0]), json!([0]))]
#[case::literal_first("1 == @.id", json!([0]), json!([0]))]
#[case::two_paths("@.id == @.tags", json!([]), json!([]))]
#[case::no_blanks("@.id==1&&@.name=='x'", json!([0]), json!([0]))]
#[case::double_quotes("@.name == \"x\"", json!([0]), json!([0]))]
#[case::nested("@.tags[?(@ == 'p')]", json!([0]), json!([0]))]
#[case::path_042("@.name =~ /[X]/i", json!([0]), json!([0]))]
#[case::path_042_case_counts("@.name =~ /X/", json!([]), json!([]))]
#[case::path_042_whole_text("$.text =~ /b/", json!([]), json!([]))]
#[case::path_042_alternatives_are_whole("$.text =~ /a|abc/", json!([0, 1, 2]), json!([0, 1, 2]))]
#[case::path_042_comment("@.name =~ /x # letter/x", json!([0]), json!([0]))]
#[case::path_042_slash("'a/b' =~ /a\\/b/", json!([0, 1, 2]), json!([0, 1, 2]))]
fn a_filter_selects_items(#[case] condition: &str, #[case] aws: Value, #[case] spec: Value) {
    let items = data()["items"].as_array().unwrap().clone();
    for (profile, expected) in [(Profile::Aws, aws), (Profile::Spec, spec)] {
        let expected: Value =
            expected.as_array().unwrap().iter().map(|i| items[i.as_u64().unwrap() as usize].clone()).collect();
        let text = format!("$.items[?({condition})]");
        assert_eq!(select(&text, profile, &data()), Ok(expected), "{text} ({})", profile.name());
    }
}

#[rstest]
#[case("@ in [1, 'a', null]", json!([1, "a"]))]
#[case("@ nin [1, 'a']", json!([[], ["x"], ["x", "y"], "ab"]))]
#[case("@ subsetof ['x']", json!([[], ["x"]]))]
#[case("@ anyof ['y', 'z']", json!([["x", "y"]]))]
#[case("@ noneof ['y']", json!([[], ["x"]]))]
#[case("@ size 2", json!([["x", "y"], "ab"]))]
#[case("@ empty true", json!([[]]))]
#[case("@ empty false", json!([["x"], ["x", "y"], "a", "ab"]))]
#[case("@ == ['x']", json!([["x"]]))]
fn path_041_words_are_operators_in_the_spec_profile(#[case] condition: &str, #[case] expected: Value) {
    let items = json!([1, [], ["x"], ["x", "y"], "a", "ab"]);
    assert_eq!(select(&format!("$[?({condition})]"), Profile::Spec, &items), Ok(expected));
}

#[rstest]
#[case::holds("$.a[?(@.b == 1)]", json!([{"b": 1, "c d": 2, "b.c": 3}]))]
#[case::does_not_hold("$.a[?(@.b == 2)]", json!([]))]
#[case::then_a_step("$.a[?(@.b == 1)].b", json!([1]))]
#[case::each_once("$.items..[?(@.id == 1)].name", json!(["x"]))]
#[case::below_a_descent("$.rows..[?(@ > 0)]", json!([1, 2]))]
fn path_044_a_filter_tests_an_object_itself(#[case] text: &str, #[case] expected: Value) {
    for profile in BOTH {
        assert_eq!(select(text, profile, &data()), Ok(expected.clone()), "{text}");
    }
}

#[rstest]
#[case("$.list.length()", json!(4))]
#[case("$.a.length()", json!(3))]
#[case("$.list.min()", json!(10))]
#[case("$.list.max()", json!(40))]
#[case("$.list.sum()", json!(100))]
#[case("$.list.avg()", json!(25))]
#[case("$.list[0,1].stddev()", json!(5))]
#[case("$.matrix[*][*].sum()", json!(6))]
#[case("$.list.sum(5, $.matrix[0])", json!(108))]
#[case("$.a.keys()", json!(["b", "c d", "b.c"]))]
#[case("$.items[*].name.concat('-', $.text)", json!("xy-abc"))]
#[case("$.one.append(1, [2])", json!(["only", 1, [2]]))]
#[case("$.list.first()", json!(10))]
#[case("$.list.last()", json!(40))]
#[case("$.list.index(1)", json!(20))]
#[case("$.list.index(-2)", json!(30))]
#[case("$.items[?(@.tags.length() == 1)].id", json!([1]))]
fn path_015_a_call_is_a_function_in_the_spec_profile_and_a_name_in_aws(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(select(text, Profile::Spec, &data()), Ok(expected.clone()));
    let aws = Path::parse(text, Profile::Aws)
        .map(|path| path.select(&data(), Profile::Aws, &meter()).map(|v| v.into_owned()));
    assert_ne!(aws, Ok(Ok(expected)));
}

#[rstest]
#[case("$.text.length()")]
#[case("$.rows[1].avg()")]
#[case("$.text.keys()")]
#[case("$.rows[1].first()")]
#[case("$.list.index()")]
#[case("$.list.index(4)")]
#[case("$.list.sum($.nope)")]
#[case("$.nope.length()")]
fn path_015_a_function_without_a_value_fails(#[case] text: &str) {
    assert!(select(text, Profile::Spec, &data()).is_err());
}

#[rstest]
#[case::path_013("$.nope", "No results for path: $['nope']")]
#[case::path_013_below("$.a.nope", "No results for path: $['a']['nope']")]
#[case::path_013_parent("$.nope.deep", "Missing property in path $['nope']")]
#[case::path_013_on_a_scalar("$.text.x", "Property ['x'] not found in path $['text']")]
#[case::path_013_on_null("$.nothing[0]", "The path $['nothing'] is null")]
#[case::path_013_past_the_end_on_the_way("$.list[9].x", "Index out of bounds when evaluating path $['list'][9]")]
fn a_definite_path_without_value_is_missing(#[case] text: &str, #[case] message: &str) {
    for profile in BOTH {
        assert_eq!(select(text, profile, &data()), Err(PathError::Missing(message.into())));
    }
}

#[test]
fn path_014_an_index_past_the_end_is_an_error_of_its_own() {
    for profile in BOTH {
        let message = "Index out of bounds when evaluating path $['list'][4]".into();
        assert_eq!(select("$.list[4]", profile, &data()), Err(PathError::PastEnd(message)));
        assert!(matches!(select("$.rows[1][0]", profile, &data()), Err(PathError::PastEnd(_))));
    }
}

#[rstest]
#[case::path_031("$.a.b[0]", "Filter: [0] can only be applied to arrays. Current context is: 1")]
#[case::path_031_object("$.a[0]", "Filter: [0] can only be applied to arrays. Current context is: an object")]
#[case::path_039("$.a[0:1]", "Filter: [0:1] can only be applied to arrays. Current context is: an object")]
#[case::path_031_union("$.text[0,1]", "Filter: [0,1] can only be applied to arrays. Current context is: abc")]
#[case::filter("$.text[?(@.x)]", "Filter: [?(@['x'])] can not be applied to primitives. Current context is: abc")]
fn a_step_on_a_value_of_another_kind_is_inapplicable(#[case] text: &str, #[case] message: &str) {
    for profile in BOTH {
        assert_eq!(select(text, profile, &data()), Err(PathError::Inapplicable(message.into())));
    }
}

#[rstest]
#[case::path_034("$.list[0,9]")]
#[case::path_035("$.list[-1]")]
#[case::path_038_from_a_negative_start("$.list[-3:3]")]
#[case::path_032_not_for_a_negative_index("$.list[-1][*]")]
fn aws_misses_what_counts_from_the_end(#[case] text: &str) {
    assert!(matches!(select(text, Profile::Aws, &data()), Err(PathError::Missing(_))));
}

#[test]
fn intr_syntax_20_what_exists_is_not_padded() {
    let path = parsed("$.rows[*][0]", Profile::Aws);
    let data = data();
    assert_eq!(*path.select_existing(&data, Profile::Aws, &meter()).unwrap(), json!([1, 2]));
}

#[test]
fn intr_syntax_21_an_indefinite_path_without_matches_is_empty() {
    for profile in BOTH {
        assert_eq!(select("$.items[*].nope", profile, &data()), Ok(json!([])));
    }
}

#[test]
fn a_definite_path_borrows() {
    let data = data();
    for text in ["$", "$.items", "$.items[0]['tags']"] {
        let path = parsed(text, Profile::Aws);
        assert!(matches!(path.select(&data, Profile::Aws, &meter()), Ok(std::borrow::Cow::Borrowed(_))));
    }
}

#[test]
fn numbers_in_a_filter_are_exact() {
    let data = json!([9_007_199_254_740_993_u64, 9_007_199_254_740_992_u64, u64::MAX, i64::MIN, 0.5, -0.5]);
    let select = |text: &str| select(text, Profile::Spec, &data).unwrap();
    assert_eq!(select("$[?(@ == 9007199254740993)]"), json!([9_007_199_254_740_993_u64]));
    assert_eq!(select("$[?(@ > 9007199254740992.0)]"), json!([9_007_199_254_740_993_u64, u64::MAX]));
    assert_eq!(select("$[?(@ < 0)]"), json!([i64::MIN, -0.5]));
    assert_eq!(select("$[?(@ > 0 && @ < 1)]"), json!([0.5]));
    assert_eq!(select("$[?(@ > -1 && @ < 0)]"), json!([-0.5]));
}
