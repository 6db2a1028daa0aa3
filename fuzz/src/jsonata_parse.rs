//! JSONata expressions as text: any text is an expression or has located faults.

use asl_engine::jsonata::Expression;

use crate::PROFILES;

/// Any text parses or is refused with places, in either profile, and its trimmed form the same way.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for profile in PROFILES {
        match Expression::parse(text, profile) {
            Ok(expression) => {
                assert_eq!(expression.text(), text.trim());
                let again = Expression::parse(expression.text(), profile);
                assert_eq!(again.as_ref(), Ok(&expression), "{text:?} ({profile:?})");
                assert_eq!(again.map(|again| again.uses().clone()), Ok(expression.uses().clone()), "{text:?}");
            }
            Err(faults) => {
                assert!(!faults.is_empty(), "{text:?} is refused without a reason");
                for fault in faults {
                    assert!(text.is_char_boundary(fault.offset), "{text:?}: {fault} at offset {}", fault.offset);
                    assert!(!fault.message.is_empty(), "{text:?} is refused without a reason");
                }
            }
        }
    }
}

/// The text.
#[must_use]
pub fn show(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
