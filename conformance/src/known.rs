//! Known failures of an engine: data, strict, each with a reason.

use serde::Deserialize;

use crate::{
    case::Profile,
    runner::{CaseResult, Verdict},
    suite::KNOWN_FILES,
};

/// The known failures of one engine.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Whether the engine claims to support everything: then an unsupported case is as unexpected as a failure, unless
    /// an entry names it.
    #[serde(default)]
    pub complete: bool,
    /// The entries.
    #[serde(default)]
    pub known: Vec<Entry>,
}

/// One case that is known not to pass.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Id of the case.
    pub case: String,
    /// The profile in which it does not pass; absent for every one.
    pub profile: Option<Profile>,
    /// The verdict that is known: `fail`, `unsupported`, `errored`, `crashed` or `timed-out`.
    #[serde(default = "fail")]
    pub verdict: String,
    /// Why, in a sentence.
    pub reason: String,
    /// Where it is discussed.
    pub issue: Option<String>,
}

fn fail() -> String {
    "fail".to_owned()
}

impl Known {
    /// The entries of a file's text.
    ///
    /// # Errors
    /// A sentence about a text that is no such list.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        for entry in &known.known {
            if !Verdict::NAMES.contains(&entry.verdict.as_str()) || entry.verdict == "pass" {
                return Err(format!("{}: '{}' is not a verdict that can be known", entry.case, entry.verdict));
            }
        }
        Ok(known)
    }

    /// The entries that this crate has for the engine `name`; none when it has no file for it.
    ///
    /// # Errors
    /// What [`Known::parse`] fails with.
    pub fn of(name: &str) -> Result<Self, String> {
        let file = format!("{name}.toml");
        match KNOWN_FILES.iter().find(|(found, _)| *found == file) {
            Some((file, text)) => Self::parse(text).map_err(|error| format!("known/{file}: {error}")),
            None => Ok(Self::default()),
        }
    }

    /// Marks what the list foretells, in `results`, and returns the entries for cases that are not among them.
    pub fn mark(&self, results: &mut [CaseResult]) -> Vec<&Entry> {
        for result in results.iter_mut().filter(|_| self.complete) {
            result.expected &= !matches!(result.verdict, Verdict::Unsupported { .. });
        }
        let mut stale = Vec::new();
        for entry in &self.known {
            let mut found = false;
            for result in results.iter_mut().filter(|result| entry.names(result)) {
                found = true;
                result.known = Some(entry.reason.clone());
                result.expected = result.verdict.name() == entry.verdict;
            }
            if !found {
                stale.push(entry);
            }
        }
        stale
    }
}

impl Entry {
    fn names(&self, result: &CaseResult) -> bool {
        result.id == self.case && self.profile.is_none_or(|profile| profile == result.profile)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Known;
    use crate::{
        case::Profile,
        runner::{CaseResult, Verdict},
        suite::{KNOWN_FILES, Suite},
    };

    fn result(verdict: Verdict) -> CaseResult {
        let expected = verdict == Verdict::Pass;
        let (id, profile) = ("a/b/c".to_owned(), Profile::Aws);
        CaseResult { id, profile, verdict, unchecked: [].into(), known: None, expected, seconds: 0.0 }
    }

    fn crashed() -> Verdict {
        Verdict::Crashed { reason: "x".to_owned() }
    }

    #[rstest]
    #[case::foretold("verdict = \"crashed\"", crashed(), true)]
    #[case::foretold_for_this_profile("verdict = \"crashed\"\nprofile = \"aws\"", crashed(), true)]
    #[case::foretold_for_the_other_profile("verdict = \"crashed\"\nprofile = \"spec\"", crashed(), false)]
    #[case::another_verdict("", crashed(), false)]
    #[case::unexpected_pass("", Verdict::Pass, false)]
    fn only_what_is_foretold_is_expected(#[case] entry: &str, #[case] verdict: Verdict, #[case] expected: bool) {
        let text = format!("[[known]]\ncase = \"a/b/c\"\nreason = \"r\"\n{entry}");
        let mut results = [result(verdict)];
        Known::parse(&text).expect("a list").mark(&mut results);
        assert_eq!(results[0].expected, expected);
    }

    #[rstest]
    #[case::incomplete("", true)]
    #[case::complete("complete = true", false)]
    #[case::complete_but_for_this(
        "complete = true\n[[known]]\ncase = \"a/b/c\"\nreason = \"r\"\nverdict = \"unsupported\"",
        true
    )]
    fn what_is_unsupported_is_expected_of_an_engine_that_is_not_complete(#[case] text: &str, #[case] expected: bool) {
        let mut results = [CaseResult { expected: true, ..result(Verdict::Unsupported { reason: "x".to_owned() }) }];
        Known::parse(text).expect("a list").mark(&mut results);
        assert_eq!(results[0].expected, expected);
    }

    #[rstest]
    #[case::no_reason("[[known]]\ncase = \"a\"")]
    #[case::a_pass("[[known]]\ncase = \"a\"\nreason = \"r\"\nverdict = \"pass\"")]
    #[case::no_such_verdict("[[known]]\ncase = \"a\"\nreason = \"r\"\nverdict = \"failed\"")]
    #[case::unknown_field("[[known]]\ncase = \"a\"\nreason = \"r\"\nbecause = \"r\"")]
    fn a_senseless_list_is_refused(#[case] text: &str) {
        assert!(Known::parse(text).is_err());
    }

    #[test]
    fn the_lists_of_this_crate_name_cases_that_exist() {
        let suite = Suite::embedded();
        for (file, text) in KNOWN_FILES {
            let known = Known::parse(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            for entry in known.known {
                assert!(suite.case(&entry.case).is_some(), "{file}: {}", entry.case);
            }
        }
    }
}
