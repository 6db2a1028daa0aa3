//! The published quotas of AWS Step Functions (LIMIT rows): an option of a run, off by default.

use serde_json::Value;

use crate::{failure::StateError, time::Span};

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
}

impl Quotas {
    /// Those of Standard state machines.
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
        }
    }

    /// Those of Express state machines.
    #[must_use]
    pub fn express() -> Self {
        Self { history_events: None, duration: Span::seconds(5 * 60), ..Self::standard() }
    }
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
