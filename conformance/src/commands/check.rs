//! `check`: the validator on files.

use std::path::PathBuf;

use asl_conformance::{
    case::{Definition, Profile},
    reference,
};
use asl_engine::diagnostic::{Diagnostic, Severity};
use serde::Serialize;

use super::{CommandError, CommandResult, Exit, print, print_json, read};

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Definitions in JSON
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The reading of the language
    #[arg(long, default_value = "aws")]
    profile: Profile,
    /// Print a JSON object; for one file
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Findings<'d> {
    valid: bool,
    diagnostics: &'d [Diagnostic],
}

pub(crate) fn run(options: &Options) -> CommandResult {
    if options.json && options.files.len() > 1 {
        return Err(CommandError::usage("--json takes one file"));
    }
    let mut all_valid = true;
    for path in &options.files {
        let findings = reference::validate(&Definition::Text(read(path)?), None, options.profile);
        let valid = findings.iter().all(|finding| finding.severity != Severity::Error);
        all_valid &= valid;
        if options.json {
            print_json(&Findings { valid, diagnostics: &findings })?;
            continue;
        }
        for finding in &findings {
            print(&format!("{}: {finding}", path.display()))?;
        }
        if valid {
            print(&format!("{}: valid", path.display()))?;
        }
    }
    Ok(if all_valid { Exit::Expected } else { Exit::Nonconforming })
}
