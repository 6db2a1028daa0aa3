//! JSONata strings (JNATA rows).

use crate::{diagnostic::Code, profile::Profile};

/// What `$states` offers beside `input` and `context` (JNATA-018, JNATA-019, JNATA-020).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offers {
    /// Nothing.
    Nothing,
    /// `$states.result`.
    Result,
    /// `$states.errorOutput`.
    ErrorOutput,
}

/// Whether a string is a JSONata string (JNATA-001).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delimiters<'t> {
    /// It is plain text (JNATA-002).
    None,
    /// It has one delimiter without the other (JNATA-003).
    Half,
    /// It is one, with this text between the delimiters.
    Both(&'t str),
}

/// Looks for the delimiters of a JSONata string.
pub(super) fn delimiters(text: &str) -> Delimiters<'_> {
    match (text.strip_prefix("{%"), text.ends_with("%}")) {
        (None, false) => Delimiters::None,
        // In `{%}` the delimiters share a character.
        (Some(rest), true) => rest.strip_suffix("%}").map_or(Delimiters::Half, Delimiters::Both),
        _ => Delimiters::Half,
    }
}

/// What an expression does wrong and what it reads.
#[derive(Debug, Default)]
pub(super) struct Expression {
    pub(super) findings: Vec<Finding>,
    /// The variables that it reads and does not bind itself, without `$` (LINT-021).
    pub(super) variables: Vec<String>,
}

/// A violation in an expression.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) code: Code,
    pub(super) requirement: &'static str,
    pub(super) message: String,
}

/// Checks the text between the delimiters (JNATA-005).
pub(super) fn expression(text: &str, _offers: Offers, _profile: Profile) -> Expression {
    let mut expression = Expression::default();
    if text.trim().is_empty() {
        expression.findings.push(Finding {
            code: Code::InvalidJsonataExpression,
            requirement: "JNATA-005",
            message: "there is no expression between '{%' and '%}'".to_owned(),
        });
    }
    expression
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Delimiters, delimiters};

    #[rstest]
    #[case::blanks_inside("{% 1 %}", Delimiters::Both(" 1 "))]
    #[case::no_blank_is_needed("{%1%}", Delimiters::Both("1"))]
    #[case::nothing_between("{%%}", Delimiters::Both(""))]
    #[case::shared_percent_sign("{%}", Delimiters::Half)]
    #[case::never_closed("{% 1", Delimiters::Half)]
    #[case::never_opened("1 %}", Delimiters::Half)]
    #[case::outer_blanks_make_it_text(" {% 1 %} ", Delimiters::None)]
    #[case::text("1", Delimiters::None)]
    #[case::empty("", Delimiters::None)]
    fn a_jsonata_string_is_known_by_its_delimiters(#[case] text: &str, #[case] expected: Delimiters<'_>) {
        assert_eq!(delimiters(text), expected);
    }
}
