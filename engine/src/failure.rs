//! What can go wrong while a machine runs: errors of the language, and the end of the caller's patience.

use std::borrow::Cow;

use thiserror::Error;

/// Error names that the language predefines (specification, Appendix A; ERR rows).
pub mod names {
    /// Wildcard of Retriers and Catchers (ERR-007).
    pub const ALL: &str = "States.ALL";
    /// A missed heartbeat, in the `spec` profile (ERR-012).
    pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
    /// A state, or the whole machine, ran for too long.
    pub const TIMEOUT: &str = "States.Timeout";
    /// A task failed without a name of its own (ERR-010).
    pub const TASK_FAILED: &str = "States.TaskFailed";
    /// A task was refused for lack of privileges (ERR-013).
    pub const PERMISSIONS: &str = "States.Permissions";
    /// A `ResultPath` that cannot be applied (IO-024).
    pub const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
    /// A Path in a payload template selected nothing, in the `spec` profile (ERR-014).
    pub const PARAMETER_PATH_FAILURE: &str = "States.ParameterPathFailure";
    /// A JSONata expression failed (JNATA-022).
    pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";
    /// A branch failed, in the `spec` profile (ERR-015).
    pub const BRANCH_FAILED: &str = "States.BranchFailed";
    /// No Choice Rule matched, in the `spec` profile (ERR-016).
    pub const NO_CHOICE_MATCHED: &str = "States.NoChoiceMatched";
    /// An intrinsic function failed, in the `spec` profile (INTR-SYNTAX-19).
    pub const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
    /// Too many items of a Map failed (MAP-032).
    pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
    /// An item reader failed (DMAP-010).
    pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
    /// A result writer failed (DMAP-046).
    pub const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
    /// A value outgrew the payload limit (ERR-017) or the bounds of the interpreter.
    pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
    /// An exception of the interpreter; neither retried nor caught in the `aws` profile (ERR-018, ERR-019).
    pub const RUNTIME: &str = "States.Runtime";

    /// Every predefined name.
    pub const PREDEFINED: [&str; 16] = [
        ALL,
        HEARTBEAT_TIMEOUT,
        TIMEOUT,
        TASK_FAILED,
        PERMISSIONS,
        RESULT_PATH_MATCH_FAILURE,
        PARAMETER_PATH_FAILURE,
        QUERY_EVALUATION_ERROR,
        BRANCH_FAILED,
        NO_CHOICE_MATCHED,
        INTRINSIC_FAILURE,
        EXCEED_TOLERATED_FAILURE_THRESHOLD,
        ITEM_READER_FAILED,
        RESULT_WRITER_FAILED,
        DATA_LIMIT_EXCEEDED,
        RUNTIME,
    ];
}

/// An error in the sense of the language: an Error Name and a cause, either of which the source may have left out
/// (FAIL-005, ERR-006).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError {
    /// The Error Name that Retriers and Catchers match.
    pub error: Option<Cow<'static, str>>,
    /// Human-readable text.
    pub cause: Option<String>,
}

impl StateError {
    /// An error with a predefined name and a cause.
    pub fn new(error: &'static str, cause: impl Into<String>) -> Self {
        Self { error: Some(Cow::Borrowed(error)), cause: Some(cause.into()) }
    }

    /// `States.Runtime` with a cause (ERR-018).
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self::new(names::RUNTIME, cause)
    }
}

/// Why an evaluation did not produce a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    /// The state fails with this error, which Retriers and Catchers may see.
    #[error("{}", .0.cause.as_deref().or(.0.error.as_deref()).unwrap_or("the state failed"))]
    Error(StateError),
    /// A JSONata expression fails, and with it the state (HIST-030).
    #[error("{}", .error.cause.as_deref().unwrap_or("an expression failed"))]
    Query {
        /// `States.QueryEvaluationError` with its cause.
        error: StateError,
        /// The field that holds the expression, as JNATA-031 writes it.
        location: String,
    },
    /// The caller's bound on work was reached: the run ends, nothing in the machine can intercept it.
    #[error("out of fuel")]
    OutOfFuel,
    /// The task handler had no answer: the run ends, nothing in the machine can intercept it.
    #[error("{0}")]
    Abandoned(String),
    /// The machine needs something that this interpreter lacks; the text names it.
    #[error("unsupported: {0}")]
    Unsupported(String),
}

impl Failure {
    /// `States.QueryEvaluationError` of the expression in the field `location` (JNATA-022 to JNATA-031).
    pub fn query(location: &str, cause: impl Into<String>) -> Self {
        let error = StateError::new(names::QUERY_EVALUATION_ERROR, cause);
        Self::Query { error, location: location.to_owned() }
    }
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        Self::Error(error)
    }
}
