//! Paths and Reference Paths as text: the canonical form of what is parsed parses to the same.

use asl_engine::path::{MAX_TEXT, Path, ReferencePath, SyntaxError};

use crate::PROFILES;

/// Any text is a Path or a located error, in either profile; printing and parsing are inverse.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    for profile in PROFILES {
        let path = Path::parse(text, profile);
        match &path {
            Err(error) => located(error, text),
            Ok(path) => {
                assert_eq!(path.text(), text);
                let printed = path.to_string();
                // A canonical text has been parsed already.
                if printed != text && printed.len() <= MAX_TEXT {
                    let again = Path::parse(&printed, profile);
                    assert_eq!(again.as_ref(), Ok(path), "{text:?} prints as {printed:?} ({profile:?})");
                    let again = again.expect("equal to a parsed Path");
                    assert_eq!(again.to_string(), printed, "{text:?} has two canonical forms ({profile:?})");
                    assert_eq!(again.is_definite(), path.is_definite(), "{text:?} ({profile:?})");
                }
            }
        }
        match ReferencePath::parse(text, profile) {
            Err(error) => located(&error, text),
            Ok(reference) => {
                let printed = reference.to_string();
                if printed != text && printed.len() <= MAX_TEXT {
                    let again = ReferencePath::parse(&printed, profile);
                    assert_eq!(again.as_ref(), Ok(&reference), "{text:?} prints as {printed:?} ({profile:?})");
                }
                let path = path.unwrap_or_else(|error| panic!("{text:?} is a Reference Path, but no Path: {error}"));
                assert!(path.is_definite(), "the Reference Path {text:?} is indefinite ({profile:?})");
                assert_eq!(path.to_string(), printed, "{text:?} has two meanings ({profile:?})");
            }
        }
    }
}

fn located(error: &SyntaxError, text: &str) {
    assert!(text.is_char_boundary(error.offset), "{text:?} is refused at offset {}", error.offset);
    assert!(!error.message.is_empty(), "{text:?} is refused without a reason");
}

/// The text.
#[must_use]
pub fn show(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
