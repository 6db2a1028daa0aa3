//! The dialect of JSONPath, one row for every point on which sources disagree or are silent (decision D61).
//!
//! AWS agrees, where anything is known, with an early Jayway library; the specification names Jayway without a
//! version and is read in its modern form. Each row can be switched alone when someone records what AWS does. A row
//! marked *inferred* rests on the library and on no observation of the service.

use crate::profile::Profile;

/// How the doubtful points of the language of Paths are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// PATH-015: `.length()` and its like call a function; otherwise that is the name of a property.
    pub functions: bool,
    /// PATH-027: an index past the end of an array in a list gives null in its place; otherwise nothing.
    pub past_end_in_list_is_null: bool,
    /// PATH-032: an indefinite Path below a missing parent gives an empty list; otherwise it fails.
    pub missing_parent_gives_empty_list: bool,
    /// PATH-033, inferred: `['a','b']` is definite and gives one object; otherwise it gives two nodes.
    pub union_of_names_is_an_object: bool,
    /// PATH-034, inferred: a union with an index past the end fails; otherwise that index is left out.
    pub union_past_end_fails: bool,
    /// PATH-035, one report: `[-1]` counts from the end; otherwise it fails.
    pub negative_index_counts_from_end: bool,
    /// PATH-037, inferred: the step of a slice is honoured; otherwise it is ignored.
    pub slice_step_is_honoured: bool,
    /// PATH-038, inferred: both bounds of a slice count from the end when negative; otherwise only the one that stands
    /// alone does, so that `[1:-1]` is empty and `[-3:2]` fails.
    pub slice_with_two_bounds_counts_from_end: bool,
    /// Inferred: `[:]` is a slice; otherwise a slice names at least one bound.
    pub slice_without_bounds: bool,
    /// PATH-039, one report: a slice of anything but an array fails; otherwise it selects nothing.
    pub slice_needs_array: bool,
    /// PATH-040: `[(@.length-1)]` is a step.
    pub length_scripts: bool,
    /// PATH-041, inferred: `in`, `nin`, `subsetof`, `anyof`, `noneof`, `size` and `empty` are operators of a filter,
    /// with arrays as literals.
    pub filter_words: bool,
    /// PATH-042, inferred: `=~ /re/i` is an operator of a filter.
    pub regular_expressions: bool,
    /// PATH-043, inferred: a filter compares a number with a numeric string by value.
    pub loose_comparison: bool,
    /// PATH-044, inferred: a filter on an object tests the object itself; otherwise its members.
    pub filter_tests_object_itself: bool,
    /// PATH-045, inferred: an index step on a result of a filter that is no array fails; otherwise it gives nothing.
    pub index_after_filter_needs_array: bool,
    /// PATH-046, inferred: a name in dot form may hold any letter, digit or symbol that is no operator; otherwise
    /// ASCII letters, digits, `_` and what is not ASCII, and no digit first.
    pub loose_names: bool,
    /// Inferred: an operand without a value differs from everything, so that `!=` holds; otherwise no comparison with
    /// it holds.
    pub missing_operand_differs: bool,
}

const AWS: Dialect = Dialect {
    functions: false,
    past_end_in_list_is_null: true,
    missing_parent_gives_empty_list: true,
    union_of_names_is_an_object: true,
    union_past_end_fails: true,
    negative_index_counts_from_end: false,
    slice_step_is_honoured: false,
    slice_with_two_bounds_counts_from_end: false,
    slice_without_bounds: false,
    slice_needs_array: true,
    length_scripts: true,
    filter_words: false,
    regular_expressions: true,
    loose_comparison: true,
    filter_tests_object_itself: true,
    index_after_filter_needs_array: true,
    loose_names: true,
    missing_operand_differs: false,
};

const SPEC: Dialect = Dialect {
    functions: true,
    past_end_in_list_is_null: false,
    missing_parent_gives_empty_list: false,
    union_of_names_is_an_object: true,
    union_past_end_fails: false,
    negative_index_counts_from_end: true,
    slice_step_is_honoured: true,
    slice_with_two_bounds_counts_from_end: true,
    slice_without_bounds: true,
    slice_needs_array: true,
    length_scripts: false,
    filter_words: true,
    regular_expressions: true,
    loose_comparison: false,
    filter_tests_object_itself: true,
    index_after_filter_needs_array: false,
    loose_names: true,
    missing_operand_differs: true,
};

impl Dialect {
    /// The dialect of a profile.
    pub(super) fn of(profile: Profile) -> &'static Self {
        match profile {
            Profile::Aws => &AWS,
            Profile::Spec => &SPEC,
        }
    }
}
