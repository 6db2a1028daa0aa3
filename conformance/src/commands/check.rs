//! `check`: the validator on files.

use std::path::PathBuf;

use asl_conformance::{
    case::{Limits, Profile},
    reference,
    source::{self, Source},
};
use asl_engine::diagnostic::{Diagnostic, Severity};
use serde::Serialize;

use super::{CommandError, CommandResult, Exit, exec::limits, print, print_json, print_styled, read_source};

const EXAMPLES: &str = "\
Examples:
  asl-conformance check order.asl.json
  asl-conformance check workflows/*.yaml template.yaml
  asl-conformance check --json order.asl.json

A file is JSON or YAML: its name decides, then its first character. In a template of CloudFormation or SAM, every state \
machine is checked; what the deployment fills in, such as ${Name} or !GetAtt, is not judged.

Exits with 0 if all definitions are valid, 1 if one is not, 2 if a file cannot be read.";

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Options {
    /// Definitions in JSON or YAML, or templates that embed them
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The reading of the language: 'aws' or 'spec'
    #[arg(long, default_value = "aws")]
    profile: Profile,
    /// Apply the rules of this machine type: 'standard' or 'express'
    #[arg(long = "type", value_name = "TYPE", value_parser = limits)]
    machine_type: Option<Limits>,
    /// Print a JSON object; for one file
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Findings {
    valid: bool,
    diagnostics: Vec<Diagnostic>,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    if options.json && options.files.len() > 1 {
        return Err(CommandError::usage("--json takes one file"));
    }
    let mut all_valid = true;
    for path in &options.files {
        let mut source = read_source(path)?;
        if let Some(machine_type) = options.machine_type {
            let machine_type = Some(reference::machine_type(Some(machine_type)));
            source.definitions.iter_mut().for_each(|definition| definition.machine_type = machine_type);
        }
        all_valid &= if options.json {
            let findings = in_file(&source, options.profile);
            let valid = is_valid(&findings);
            print_json(&Findings { valid, diagnostics: findings })?;
            valid
        } else {
            report(&path.display().to_string(), &source, options.profile)?
        };
    }
    Ok(if all_valid { Exit::Expected } else { Exit::Nonconforming })
}

fn is_valid(findings: &[Diagnostic]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// The findings of all definitions, located in the file.
fn in_file(source: &Source, profile: Profile) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for definition in &source.definitions {
        let located = definition
            .findings(profile)
            .into_iter()
            .map(|finding| Diagnostic { location: format!("{}{}", definition.pointer, finding.location), ..finding });
        all.extend(located);
    }
    all
}

/// Prints what is found in a file; whether it is valid.
fn report(file: &str, source: &Source, profile: Profile) -> Result<bool, CommandError> {
    let mut all_valid = true;
    for note in &source.notes {
        print(&format!("{file}: note: {note}"))?;
    }
    for definition in &source.definitions {
        let findings = definition.findings(profile);
        if !findings.is_empty() {
            print_styled(&source::render(definition, &findings))?;
        }
        let valid = is_valid(&findings);
        all_valid &= valid;
        print(&format!("{}: {}", definition.title(), verdict(&findings)))?;
    }
    Ok(all_valid)
}

/// The findings in numbers.
fn verdict(findings: &[Diagnostic]) -> String {
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let count = |number: usize, noun: &str| match number {
        0 => None,
        1 => Some(format!("1 {noun}")),
        _ => Some(format!("{number} {noun}s")),
    };
    let counts: Vec<_> =
        [count(errors, "error"), count(findings.len() - errors, "warning")].into_iter().flatten().collect();
    let word = if errors == 0 { "valid" } else { "invalid" };
    if counts.is_empty() { word.to_owned() } else { format!("{word}, {}", counts.join(", ")) }
}
