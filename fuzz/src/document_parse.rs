//! Definitions as text: any bytes are read, validated, compiled and run without a panic.

use asl_engine::{
    diagnostic::{Code, Severity},
    json,
    machine::Machine,
    observe::Unobserved,
    run::{self, Options},
    task::NoTasks,
    validate::{self, MachineType},
};
use serde_json::{Value, json};

use crate::PROFILES;

/// Transitions that a machine may take.
const FUEL: u64 = 2_000;

/// Any bytes: parse, serialise, parse is the identity; findings are the same for the text and for its value; what is
/// valid compiles, or something unsupported is named; what compiles runs to an end or out of fuel.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(parsed) = json::parse_slice(data) else {
        if let Ok(text) = std::str::from_utf8(data) {
            refused(text);
        }
        return;
    };
    let printed = json::to_text(&parsed.value);
    let again = json::parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
    assert!(json::equal(&again.value, &parsed.value), "prints as another value: {printed}");
    assert_eq!(again.duplicates, Vec::<String>::new(), "{printed}");
    let text = std::str::from_utf8(data).expect("it was parsed");
    for profile in PROFILES {
        let (value, findings) = validate::validate_text(text, profile);
        assert_eq!(value.as_ref(), Some(&parsed.value));
        let of_value = validate::validate(&parsed.value, profile);
        assert!(findings.ends_with(&of_value), "{printed} ({profile:?})");
        assert_eq!(findings.len(), of_value.len() + parsed.duplicates.len(), "{printed} ({profile:?})");
        for finding in &findings {
            // What a later member of the same name replaced is in the text alone.
            let exists = parsed.value.pointer(&finding.location).is_some();
            let is_repeated = finding.code == Code::DuplicateKey && parsed.duplicates.contains(&finding.location);
            assert!(exists || is_repeated, "{finding} is nowhere in {printed}");
            assert!(!finding.message.is_empty() && !finding.requirement.is_empty(), "{finding}");
        }
        // The rules of Express machines come on top of those of Standard ones.
        let _ = validate::validate_as(&parsed.value, profile, MachineType::Express);
        let is_valid = of_value.iter().all(|finding| finding.severity == Severity::Warning);
        match Machine::compile(&parsed.value, profile) {
            Ok(machine) => {
                assert!(is_valid, "an invalid definition compiles: {printed} ({profile:?})");
                go(&machine);
            }
            Err(lacks) if is_valid => {
                let unsupported = lacks.iter().all(|finding| finding.code == Code::Unsupported);
                assert!(unsupported, "valid, but does not compile: {printed} ({profile:?}): {lacks:?}");
            }
            Err(_) => {}
        }
    }
}

fn refused(text: &str) {
    for profile in PROFILES {
        let (value, findings) = validate::validate_text(text, profile);
        assert_eq!(value, None);
        assert!(findings.iter().any(|finding| finding.severity == Severity::Error), "{text:?} is no JSON");
    }
}

fn go(machine: &Machine) {
    let input = json!({"a": 1, "items": [1, {"b": "x"}, []], "b": {"c": "2024-01-01T00:00:00Z"}});
    let options = Options { fuel: FUEL, live_limit: 100_000, ..Options::default() };
    let outcome = |input: Value| run::run(machine, input, &options, &mut NoTasks, &mut Unobserved);
    assert_eq!(outcome(input.clone()), outcome(input), "two runs differ");
}

/// The text.
#[must_use]
pub fn show(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
