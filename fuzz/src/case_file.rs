//! Case files as text: whatever is in one, the loader, the lint and the runner answer.

use asl_conformance::{
    engine::{Engine, Fault, Request},
    lint::lint,
    reference::Reference,
    script::Script,
    suite::Suite,
};

use crate::PROFILES;

/// Any text as a case file: what cannot be read is a fault that names the file, and the rest is a case, which the lint
/// examines and the reference interpreter validates.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let suite = Suite::from_texts([("fuzz/input.json", text.to_owned())]);
    assert_eq!(suite.files.len(), 1);
    assert_eq!(suite.files[0].text, text);
    for fault in &suite.faults {
        assert_eq!(fault.file, "fuzz/input.json");
        assert!(!fault.reason.is_empty(), "{fault:?}");
    }
    assert!(lint(&suite).len() >= suite.faults.len(), "the lint is silent about what cannot be read");
    for case in &suite.cases {
        for profile in PROFILES {
            // Running a machine is the business of other targets: here it may take all the fuel there is.
            let request = Request { validate_only: true, ..Request::of(case, profile) };
            let reply = Reference.run(&request, &mut Script::new(&case.tasks));
            assert!(!matches!(reply, Err(Fault::Crashed(_) | Fault::TimedOut(_))), "{}: {reply:?}", case.id);
        }
    }
    let is_json = serde_json::from_str::<serde_json::Value>(text).is_ok();
    assert!(is_json || suite.cases.is_empty() && !suite.faults.is_empty(), "a text that is not JSON has cases");
}

/// The text.
#[must_use]
pub fn show(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
