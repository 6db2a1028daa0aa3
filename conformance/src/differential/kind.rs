//! What kind of difference it is, apart from the values at hand.

use std::fmt;

use serde::Serialize;

use crate::{compare::Difference, runner::Verdict};

/// The kind of a difference. A reduction keeps it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Kind {
    /// Name of the verdict.
    pub verdict: &'static str,
    /// The observable that differs: `status`, `output`, `error`, `waits` and so on; empty when there was no answer.
    pub field: String,
    /// What stands against what, as far as it does not depend on the data.
    pub detail: String,
}

impl Kind {
    /// The kind of a verdict; `None` for one that is no difference.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Option<Self> {
        let (field, detail) = match verdict {
            Verdict::Pass | Verdict::Unsupported { .. } => return None,
            Verdict::Fail { differences } => {
                let first = differences.first()?;
                let field = first.path.split('/').next().unwrap_or_default();
                (field.to_owned(), detail(field, first))
            }
            Verdict::Errored { reason } | Verdict::Crashed { reason } => (String::new(), without_data(reason)),
            Verdict::TimedOut { .. } => (String::new(), String::new()),
        };
        Some(Self { verdict: verdict.name(), field, detail })
    }
}

impl Kind {
    /// Whether a machine with this kind of difference may stand for one with the other. Which of the observables of the
    /// way differs first hangs on what else is in the machine.
    #[must_use]
    pub fn resembles(&self, other: &Self) -> bool {
        self.verdict == other.verdict && group(&self.field) == group(&other.field) && self.detail == other.detail
    }
}

/// The fields that are observed on the way through the states count as one.
fn group(field: &str) -> &str {
    match field {
        "visited" | "visitedAnyOrder" | "waits" | "elapsed" | "transitions" | "calls" | "taskInputs" => "way",
        field => field,
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [self.verdict, &self.field, &self.detail];
        formatter.write_str(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": "))
    }
}

fn detail(field: &str, difference: &Difference) -> String {
    match field {
        "status" | "error" => format!("{} -> {}", ending(&difference.expected), ending(&difference.got)),
        "tasks" => "a call without an answer".to_owned(),
        _ => String::new(),
    }
}

/// The status and the Error Name out of the text of an ending.
fn ending(text: &str) -> String {
    match text.split_once(" (") {
        Some((status @ ("FAILED" | "TIMED_OUT"), detail)) => {
            let name = detail.split(": ").next().unwrap_or(detail);
            format!("{status} {}", name.trim_end_matches(')'))
        }
        Some((status, _)) => status.to_owned(),
        None => text.to_owned(),
    }
}

/// The beginning of a message, with a mark in the place of every run of digits and every quoted text.
fn without_data(message: &str) -> String {
    const LONGEST: usize = 80;
    let mut text = String::new();
    let mut quote = None;
    for symbol in message.chars() {
        match quote {
            Some(open) => {
                if symbol == open {
                    quote = None;
                    text.push(symbol);
                }
            }
            None if matches!(symbol, '"' | '\'' | '`') => {
                quote = Some(symbol);
                text.push(symbol);
            }
            None if symbol.is_ascii_digit() => {
                if !text.ends_with('#') {
                    text.push('#');
                }
            }
            None => text.push(symbol),
        }
        if text.len() > LONGEST {
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn failed(path: &str, expected: &str, got: &str) -> Verdict {
        let difference = Difference { path: path.to_owned(), expected: expected.to_owned(), got: got.to_owned() };
        Verdict::Fail { differences: vec![difference] }
    }

    #[rstest]
    #[case(failed("output/a/0", "1", "2"), "fail: output")]
    #[case(
        failed("status", "SUCCEEDED", "FAILED (States.Runtime: at 7)"),
        "fail: status: SUCCEEDED -> FAILED States.Runtime"
    )]
    #[case(failed("status", "FAILED", "SUCCEEDED ({\"a\": 1})"), "fail: status: FAILED -> SUCCEEDED")]
    #[case(failed("status", "SUCCEEDED", "FAILED (Bank.Busy)"), "fail: status: SUCCEEDED -> FAILED Bank.Busy")]
    #[case(Verdict::Crashed { reason: "at a.rs:12:3: no '$.x'".to_owned() }, "crashed: at a.rs:#:#: no ''")]
    #[case(Verdict::TimedOut { limit: 10.0 }, "timed-out")]
    fn a_kind_leaves_the_data_out(#[case] verdict: Verdict, #[case] expected: &str) {
        assert_eq!(Kind::of(&verdict).expect("a kind").to_string(), expected);
    }

    #[test]
    fn what_differs_on_the_way_counts_as_one() {
        let kind = |path| Kind::of(&failed(path, "1", "2")).expect("a kind");
        assert!(kind("elapsed").resembles(&kind("calls/A")));
        assert!(!kind("elapsed").resembles(&kind("output/a")));
    }

    #[test]
    fn what_agrees_has_no_kind() {
        assert_eq!(Kind::of(&Verdict::Pass), None);
        assert_eq!(Kind::of(&Verdict::Unsupported { reason: "Map".to_owned() }), None);
    }
}
