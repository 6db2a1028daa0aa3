//! Findings of the validator.

use std::fmt;

use serde::Serialize;

/// What kind of rule a finding is about. The names are stable: scripts and cases refer to them.
///
/// Where AWS has a code for the rule, it is the same; the others are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// The text is not JSON (STRUCT-002).
    InvalidJsonDescription,
    /// The definition is empty or null (STRUCT-003).
    MissingDescription,
    /// One object holds the same key twice (DATA-009), or a name both with and without `.$` (TMPL-014).
    DuplicateKey,
    /// A value has the wrong JSON type.
    WrongType,
    /// A required field, or each one of a choice of fields, is absent. Located at the object.
    MissingField,
    /// A field that the object does not take. Located at the object that holds it (STRUCT-040).
    UnknownField,
    /// A field of the other query language. Located at the state (LINT-018).
    OtherQueryLanguage,
    /// Fields that exclude each other stand together. Located at the object.
    ExclusiveFields,
    /// A number outside the permitted range.
    OutOfRange,
    /// A name or text longer than permitted.
    TooLong,
    /// An array, object or string that must not be empty.
    Empty,
    /// A string outside a fixed set of values (Type, QueryLanguage, JitterStrategy ...).
    UnknownValue,
    /// A JSONPath state inside a JSONata machine (STRUCT-027).
    QueryLanguageDowngrade,
    /// A text that is not a timestamp (DATA-015).
    InvalidTimestamp,
    /// A text that is not a Path (PATH-016).
    InvalidPath,
    /// A text that is not a Reference Path, or one of a kind not allowed there (PATH-018).
    InvalidReferencePath,
    /// A text that is not an intrinsic function invocation (INTR-SYNTAX-01).
    InvalidIntrinsic,
    /// A text that is not a usable URI (LINT-022).
    InvalidResource,
    /// A variable name that is not an identifier, or is reserved (VAR-011, VAR-012).
    InvalidVariableName,
    /// A variable assigned in an inner scope and in one around it (VAR-033).
    VariableScopeConflict,
    /// A name with the prefix `States.` that the language does not define (ERR-003).
    ReservedErrorName,
    /// `States.ALL` beside other names, or not in the last Retrier or Catcher (LINT-014).
    MisplacedStatesAll,
    /// A Label used twice (LINT-013), or with characters it must not have (DMAP-052).
    InvalidLabel,
    /// A state name used twice (LINT-012). Located at the second state.
    DuplicateStateName,
    /// A transition to a state that does not exist, located at the field that names it (LINT-001), or a state that no
    /// transition reaches, located at the state (LINT-006).
    MissingTransitionTarget,
    /// A `States` object without a terminal state (LINT-010). Located at the object that holds `States`.
    MissingEndState,
    /// Nesting deeper than the interpreter allows (LINT-023).
    TooDeeplyNested,
    /// A definition, or a name in it, above a published quota (LIMIT rows).
    QuotaExceeded,
    /// A JSONata expression that does not parse, or a string with half of the delimiters (JNATA-003, JNATA-011).
    InvalidJsonataExpression,
    /// A JSONata expression that refers to something not available there (JNATA-012).
    UnsupportedJsonataExpression,
    /// A literal that looks like a Path or an intrinsic under a key without `.$` (TMPL-004). A warning.
    NoDollar,
    /// A literal that looks like a Path in a field that does not take one (LINT-024). A warning.
    NoPath,
    /// A Path inside the literal Result of a Pass state (LINT-024). A warning.
    PassResultIsStatic,
    /// A reference to a variable that nothing assigns (LINT-021). A warning.
    UnassignedVariable,
    /// Something that the language has and this interpreter lacks; the message names it.
    Unsupported,
}

impl Code {
    /// The stable name, as printed.
    #[must_use]
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => String::new(),
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name())
    }
}

/// Whether a finding makes the definition invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// The definition is invalid.
    Error,
    /// The definition is valid, and probably not what its author meant.
    Warning,
}

/// One finding of the validator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The kind of rule.
    pub code: Code,
    /// Whether the definition is invalid because of it.
    pub severity: Severity,
    /// JSON Pointer to the innermost value at fault; empty for the whole document.
    pub location: String,
    /// One sentence for a person, naming what was expected.
    pub message: String,
    /// The id of the requirement that is violated.
    pub requirement: &'static str,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = if self.location.is_empty() { "/" } else { &self.location };
        write!(formatter, "{severity}[{}] at {place}: {} ({})", self.code, self.message, self.requirement)
    }
}
