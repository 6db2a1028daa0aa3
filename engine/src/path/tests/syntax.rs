use rstest::rstest;

use super::{super::Root, *};

#[rstest]
#[case::path_001_empty("")]
#[case::path_001_no_dollar("a.b")]
#[case::path_016_open_bracket("$.a[")]
#[case::path_016_open_quote("$['a")]
#[case::path_016_quote_of_the_other_kind("$['a\"]")]
#[case::path_016_unquoted_name("$[a]")]
#[case::path_016_empty_brackets("$[]")]
#[case::path_016_no_step("$a.")]
#[case::path_016_trailing_dot("$.a.")]
#[case::path_016_descent_to_nothing("$..")]
#[case::path_016_three_dots("$...a")]
#[case::path_016_name_without_dot("$['a']b")]
#[case::path_016_stray_closing_bracket("$.a]")]
#[case::path_016_star_in_a_name("$.a*")]
#[case::path_016_blank_at_the_end("$.a ")]
#[case::path_023_blank_in_a_name("$.a b")]
#[case::path_016_number_without_digits("$[-]")]
#[case::path_016_fraction_as_index("$[1.5]")]
#[case::path_016_union_of_both_kinds("$['a',0]")]
#[case::path_016_union_with_nothing("$[0,]")]
#[case::path_016_slice_of_four("$[1:2:3:4]")]
#[case::path_016_filter_without_parentheses("$[?@.a]")]
#[case::path_016_empty_filter("$[?()]")]
#[case::path_016_open_filter("$[?(@.a]")]
#[case::path_016_comparison_of_nothing("$[?(@.a == )]")]
#[case::path_016_assignment("$[?(@.a = 1)]")]
#[case::path_016_single_ampersand("$[?(@.a & @.b)]")]
#[case::path_016_literal_alone("$[?(1)]")]
#[case::path_016_leading_zero("$[?(@.a == 01)]")]
#[case::path_016_unknown_word("$[?(@.a like 'b')]")]
#[case::path_016_context_in_a_filter("$[?(@.a == $$.b)]")]
#[case::path_016_variable_in_a_filter("$[?(@.a == $b)]")]
#[case::path_042_open_expression("$[?(@.a =~ /b)]")]
#[case::path_042_faulty_expression("$[?(@.a =~ /(/)]")]
#[case::path_042_expression_that_closes_its_group("$[?(@.a =~ /a)|(b/)]")]
#[case::path_042_unknown_flag("$[?(@.a =~ /b/q)]")]
#[case::path_016_context_with_a_name("$$a")]
#[case::path_001_variable_begins_with_a_digit("$1")]
#[case::path_001_variable_begins_with_an_underscore("$_a")]
#[case::path_001_variable_with_a_symbol("$a@b")]
#[case::path_022_lone_surrogate("$.\\uD800")]
#[case::path_022_lone_surrogate_in_quotes("$['\\uDC00']")]
#[case::path_022_two_high_surrogates("$.\\uD800\\uD800")]
#[case::path_021_backslash_at_the_end("$.a\\")]
fn no_profile_parses(#[case] text: &str) {
    for profile in BOTH {
        assert!(Path::parse(text, profile).is_err(), "{text} ({})", profile.name());
    }
}

#[rstest]
#[case::path_015_unknown_function("$.a.size()", Profile::Spec)]
#[case::path_015_function_after_descent("$..length()", Profile::Spec)]
#[case::path_015_step_after_function("$.a.first().b", Profile::Spec)]
#[case::path_040("$[(@.length-1)]", Profile::Spec)]
#[case::path_041_in("$[?(@.a in ['b'])]", Profile::Aws)]
#[case::path_041_nin("$[?(@.a nin $.b)]", Profile::Aws)]
#[case::path_041_subsetof("$[?(@.a subsetof $.b)]", Profile::Aws)]
#[case::path_041_anyof("$[?(@.a anyof $.b)]", Profile::Aws)]
#[case::path_041_noneof("$[?(@.a noneof $.b)]", Profile::Aws)]
#[case::path_041_size("$[?(@.a size 1)]", Profile::Aws)]
#[case::path_041_empty("$[?(@.a empty true)]", Profile::Aws)]
#[case::slice_without_bounds("$[:]", Profile::Aws)]
#[case::unknown_script("$[(@.length+1)]", Profile::Aws)]
fn one_profile_refuses_what_the_other_takes(#[case] text: &str, #[case] profile: Profile) {
    assert!(Path::parse(text, profile).is_err());
}

#[rstest]
#[case::path_002("$", Root::Input)]
#[case::path_003("$$", Root::Context)]
#[case::path_003_steps("$$.Execution.Input", Root::Context)]
#[case::variable("$total", Root::Variable("total".into()))]
#[case::variable_in_any_script("$größe1.x", Root::Variable("größe1".into()))]
#[case::variable_before_a_bracket("$list[0]", Root::Variable("list".into()))]
#[case::reserved_variable("$states.input", Root::Variable("states".into()))]
fn the_beginning_is_the_root(#[case] text: &str, #[case] root: Root) {
    for profile in BOTH {
        assert_eq!(*parsed(text, profile).root(), root);
        assert_eq!(parsed(text, profile).text(), text);
    }
}

#[rstest]
#[case("$", true)]
#[case("$.a['b'][0]", true)]
#[case::path_033("$['a','b']", true)]
#[case("$.a[-1]", true)]
#[case("$.*", false)]
#[case("$.a[0,1]", false)]
#[case("$.a[1:]", false)]
#[case("$..a", false)]
#[case("$[?(@.a)].b", false)]
fn only_some_steps_are_definite(#[case] text: &str, #[case] definite: bool) {
    for profile in BOTH {
        assert_eq!(parsed(text, profile).is_definite(), definite);
    }
}

#[rstest]
#[case("$.a.b", "$['a']['b']")]
#[case("$.*", "$[*]")]
#[case("$..a[ 0 , 2 ]", "$..['a'][0,2]")]
#[case("$[\"it's\"]", "$['it\\'s']")]
#[case("$[?( !(@.a==1)||@.b && @.c )]", "$[?(!(@['a'] == 1) || (@['b'] && @['c']))]")]
fn a_path_is_displayed_in_bracket_form(#[case] text: &str, #[case] canonical: &str) {
    for profile in BOTH {
        assert_eq!(parsed(text, profile).to_string(), canonical);
    }
}

#[test]
fn an_error_points_into_the_text() {
    let error = Path::parse("$.abc[xyz]", Profile::Aws).unwrap_err();
    assert_eq!(error.offset, 6);
    assert!(error.to_string().ends_with("is expected at offset 6"), "{error}");
}
