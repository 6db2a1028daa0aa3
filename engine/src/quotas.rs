//! The published quotas of AWS Step Functions (LIMIT rows): an option of a run, off by default.

use serde_json::Value;

use crate::{
    diagnostic::{Code, Diagnostic, Severity},
    failure::StateError,
    time::Span,
};

/// Quotas of one type of state machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Largest definition, in bytes (LIMIT-001).
    pub definition_bytes: usize,
    /// Largest input or output of tasks, states and executions, in bytes of JSON text (LIMIT-002).
    pub payload_bytes: usize,
    /// Largest variable, and sum of one `Assign`, in bytes of JSON text (LIMIT-005, LIMIT-006).
    pub variable_bytes: usize,
    /// All variables of an execution together (LIMIT-007).
    pub variables_bytes: usize,
    /// Number of the history event that ends the execution (LIMIT-008); none for Express.
    pub history_events: Option<u64>,
    /// Longest execution (LIMIT-011, LIMIT-012).
    pub duration: Span,
    /// Iterations of an inline Map at a time (LIMIT-014).
    pub inline_concurrency: usize,
    /// Child executions of a distributed Map at a time (LIMIT-015).
    pub distributed_concurrency: usize,
    /// How fast states may be entered; without bound for Express (LIMIT-018).
    pub transitions: Option<TransitionRate>,
    /// Largest item that a reader reads, in bytes of JSON text (LIMIT-023).
    pub item_bytes: usize,
}

/// A bucket of tokens, one of which each transition takes (LIMIT-016, LIMIT-017).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitionRate {
    /// Tokens in the full bucket, as it is when the execution starts.
    pub bucket: u64,
    /// Tokens that come back in a second.
    pub per_second: u64,
}

impl Quotas {
    /// Those of Standard state machines in the regions with the highest rate of transitions.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            definition_bytes: 1_048_576,
            payload_bytes: 262_144,
            variable_bytes: 262_144,
            variables_bytes: 10_485_760,
            history_events: Some(25_000),
            duration: Span::seconds(365 * 24 * 60 * 60),
            inline_concurrency: 40,
            distributed_concurrency: 10_000,
            transitions: Some(TransitionRate { bucket: 5_000, per_second: 5_000 }),
            item_bytes: 8_388_608,
        }
    }

    /// Those of Standard state machines in the other regions (LIMIT-017).
    #[must_use]
    pub fn standard_in_small_region() -> Self {
        Self { transitions: Some(TransitionRate { bucket: 800, per_second: 800 }), ..Self::standard() }
    }

    /// Those of Express state machines.
    #[must_use]
    pub fn express() -> Self {
        Self { history_events: None, duration: Span::seconds(5 * 60), transitions: None, ..Self::standard() }
    }

    /// The finding about a definition whose text has `bytes` bytes, if that is too much (LIMIT-001).
    #[must_use]
    pub fn definition_finding(&self, bytes: usize) -> Option<Diagnostic> {
        let most = self.definition_bytes;
        (bytes > most).then(|| Diagnostic {
            code: Code::QuotaExceeded,
            severity: Severity::Error,
            location: String::new(),
            message: format!("the definition has {bytes} bytes, and the quota is {most} bytes"),
            requirement: "LIMIT-001",
        })
    }
}

/// Most characters of the name of an execution (LIMIT-013).
const NAME_CHARACTERS: usize = 80;

/// What is wrong with the name of an execution, if anything (LIMIT-013).
#[must_use]
pub fn name_fault(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("the execution name is empty".to_owned());
    }
    if name.chars().count() > NAME_CHARACTERS {
        return Some(format!("the execution name is longer than {NAME_CHARACTERS} characters"));
    }
    let forbidden = name.chars().find(|symbol| is_forbidden(*symbol))?;
    Some(format!("the execution name holds the forbidden character {forbidden:?}"))
}

/// Blanks, brackets, wildcards, control characters, noncharacters and the special characters that the API lists.
fn is_forbidden(symbol: char) -> bool {
    symbol.is_whitespace()
        || symbol.is_control()
        || matches!(symbol, '<' | '>' | '{' | '}' | '[' | ']' | '?' | '*')
        || matches!(symbol, '"' | '#' | '%' | '\\' | '^' | '|' | '~' | '`' | '$' | '&' | ',' | ';' | ':' | '/')
        || matches!(symbol, '\u{FFFE}' | '\u{FFFF}' | '\u{10FFFF}')
}

/// Length of the JSON text of a value, in bytes of UTF-8.
#[must_use]
pub fn json_bytes(value: &Value) -> usize {
    struct Counter(usize);

    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.saturating_add(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut counter = Counter(0);
    if serde_json::to_writer(&mut counter, value).is_err() {
        return usize::MAX;
    }
    counter.0
}

/// Longest Error Name in an event, in characters (LIMIT-020).
const ERROR_CHARACTERS: usize = 256;
/// Longest cause in an event, in characters (LIMIT-020).
const CAUSE_CHARACTERS: usize = 32_768;

/// Cuts name and cause to what an event can hold.
pub fn shorten(error: &mut StateError) {
    let end = |text: &str, most| text.char_indices().nth(most).map(|(at, _)| at);
    if let Some(name) = &mut error.error
        && let Some(at) = end(name, ERROR_CHARACTERS)
    {
        name.to_mut().truncate(at);
    }
    if let Some(cause) = &mut error.cause
        && let Some(at) = end(cause, CAUSE_CHARACTERS)
    {
        cause.truncate(at);
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Quotas, name_fault};

    #[rstest]
    #[case::letters("order-7_b.c")]
    #[case::other_alphabets("Zoë-注文")]
    #[case::one_character("x")]
    #[case::eighty_characters(&"é".repeat(80))]
    fn a_name_is_accepted(#[case] name: &str) {
        assert_eq!(name_fault(name), None);
    }

    #[rstest]
    fn a_name_is_refused(
        #[values("", " ", "a b", "a\tb", "a<", "{a", "a]", "a*", "a?", "a/b", "a:b", "a\u{1}", "a\u{9F}", "a\u{FFFF}")]
        name: &str,
    ) {
        assert!(name_fault(name).is_some());
    }

    #[test]
    fn a_name_of_81_characters_is_refused() {
        assert!(name_fault(&"n".repeat(81)).is_some());
    }

    #[test]
    fn a_definition_may_have_1048576_bytes_and_no_more() {
        let quotas = Quotas::express();
        assert_eq!(quotas.definition_finding(1_048_576), None);
        assert_eq!(quotas.definition_finding(1_048_577).map(|finding| finding.requirement), Some("LIMIT-001"));
    }
}
