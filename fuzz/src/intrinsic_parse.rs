//! Intrinsic function invocations as text: any text is refused with a place, or evaluates.

use asl_engine::{failure::Failure, intrinsic::Invocation};
use serde_json::json;

use crate::{PROFILES, data::on};

/// Any text is an invocation or a located error, in either profile; what parses evaluates to a value or an error of the
/// language, and to the same one when evaluated again with the same seed.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let input = json!({"a": [1, "{}", null, {"b": 2.5}], "b": "x,y", "c": {"a": true}});
    for profile in PROFILES {
        let invocation = match Invocation::parse(text, profile) {
            Ok(invocation) => invocation,
            Err(error) => {
                assert!(text.is_char_boundary(error.offset), "{text:?} is refused at offset {}", error.offset);
                continue;
            }
        };
        assert_eq!(invocation.text(), text);
        assert_eq!(invocation.to_string(), text);
        let first = on(&input, profile, |environment| invocation.evaluate(environment));
        let second = on(&input, profile, |environment| invocation.evaluate(environment));
        assert_eq!(first, second, "{text:?} has two results ({profile:?})");
        if let Err(Failure::Abandoned(_) | Failure::Unsupported(_)) = first {
            panic!("{text:?} fails with {first:?} ({profile:?})");
        }
    }
}

/// The text.
#[must_use]
pub fn show(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
