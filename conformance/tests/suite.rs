//! The reference interpreter against the whole suite: a test for each case and profile.

use std::process::ExitCode;

use asl_conformance::{known::Known, reference::Reference, test_main_with};

fn main() -> ExitCode {
    match Known::of("reference") {
        Ok(known) => test_main_with(Reference::default, &known),
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::from(3)
        }
    }
}
