//! JSONata strings (JNATA rows).

use crate::{
    diagnostic::Code,
    jsonata::{self, Fault, FaultKind},
    profile::Profile,
};

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

/// Checks the text between the delimiters: syntax (JNATA-005, JNATA-011), names that mean nothing in Step Functions
/// (JNATA-012 to JNATA-014), and what `$states` offers at this place (JNATA-020).
pub(super) fn expression(text: &str, offers: Offers, profile: Profile) -> Expression {
    let parsed = match jsonata::Expression::parse(text, profile) {
        Ok(parsed) => parsed,
        Err(faults) => {
            let findings = faults.into_iter().map(|fault| finding(text, fault)).collect();
            return Expression { findings, variables: Vec::new() };
        }
    };
    let uses = parsed.uses();
    let members =
        [("result", uses.result(), Offers::Result), ("errorOutput", uses.error_output(), Offers::ErrorOutput)];
    let missing = members.into_iter().filter(|(_, is_used, offered)| *is_used && offers != *offered);
    let findings = missing.map(|(member, ..)| Finding {
        code: Code::UnsupportedJsonataExpression,
        requirement: "JNATA-020",
        message: format!("Field '$states.{member}' does not exist."),
    });
    Expression { findings: findings.collect(), variables: uses.variables().map(str::to_owned).collect() }
}

fn finding(text: &str, fault: Fault) -> Finding {
    let (code, requirement) = match fault.kind {
        FaultKind::Syntax if text.trim().is_empty() => (Code::InvalidJsonataExpression, "JNATA-005"),
        FaultKind::Syntax => (Code::InvalidJsonataExpression, "JNATA-011"),
        FaultKind::TopLevel if fault.message.contains("'$'") => (Code::UnsupportedJsonataExpression, "JNATA-012"),
        FaultKind::TopLevel => (Code::UnsupportedJsonataExpression, "JNATA-013"),
        FaultKind::Root => (Code::UnsupportedJsonataExpression, "JNATA-014"),
    };
    // Characters, as an editor counts them, of the whole string with its opening delimiter.
    let before = text.get(..fault.offset).unwrap_or(text).chars().count();
    let position = before.saturating_add("{%".len()).saturating_add(1);
    Finding { code, requirement, message: format!("{} (at character {position} of the string)", fault.message) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Delimiters, Offers, delimiters, expression};
    use crate::profile::Profile;

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

    #[rstest]
    #[case::jnata_005(" ", "JNATA-005 Unexpected end of expression (at character 4 of the string)")]
    #[case::jnata_011(" 1 + ", "JNATA-011 Unexpected end of expression (at character 8 of the string)")]
    #[case::jnata_011("a[1,2)", "JNATA-011 Expected \"]\", got \",\" (at character 6 of the string)")]
    #[case::jnata_011_after_wide_characters("'éé' )", "JNATA-011 Syntax error: \")\" (at character 8 of the string)")]
    #[case::jnata_012(
        "$.a",
        "JNATA-012 Reference to '$' at the top level is not supported. (at character 3 of the string)"
    )]
    #[case::jnata_013(
        "phone",
        "JNATA-013 Reference to 'phone' at the top level is not supported. (at character 3 of the string)"
    )]
    #[case::jnata_014("$$", "JNATA-014 Reference to '$$' is not supported. (at character 3 of the string)")]
    #[case::jnata_020("$states.result", "JNATA-020 Field '$states.result' does not exist.")]
    #[case::jnata_020("$states.errorOutput.Error", "JNATA-020 Field '$states.errorOutput' does not exist.")]
    fn an_expression_is_refused(#[case] text: &str, #[case] finding: &str) {
        let findings = expression(text, Offers::Nothing, Profile::Aws).findings;
        let found: Vec<_> =
            findings.iter().map(|finding| format!("{} {}", finding.requirement, finding.message)).collect();
        assert_eq!(found, [finding]);
    }

    #[rstest]
    #[case("$states.result", Offers::Result)]
    #[case("$states.errorOutput", Offers::ErrorOutput)]
    #[case::jnata_016("$states.input", Offers::Nothing)]
    #[case::jnata_017("$states.context", Offers::Nothing)]
    #[case::jnata_021("$states.error", Offers::Nothing)]
    #[case::jnata_021("$states", Offers::Nothing)]
    fn an_expression_reads_what_its_place_offers(#[case] text: &str, #[case] offers: Offers) {
        assert!(expression(text, offers, Profile::Aws).findings.is_empty());
    }

    #[test]
    fn free_variables_are_told() {
        let variables = expression("($a := $b; $a + $sum($c))", Offers::Nothing, Profile::Aws).variables;
        assert_eq!(variables, ["b", "c"]);
    }
}
