//! `list`, `show` and `lint`: the cases themselves.

use std::path::PathBuf;

use asl_conformance::{
    case::{Case, Feature, Profile, Source},
    lint,
    plan::Filter,
    suite::{Suite, entries},
};
use serde::Serialize;

use super::{CommandError, CommandResult, Exit, print, print_json};

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
pub(crate) struct ListOptions {
    /// List only these: part of an id, a pattern with * and ?, or a requirement id
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct ShowOptions {
    /// Id of the case
    id: String,
}

/// Arguments of `lint`.
#[derive(Debug, clap::Args)]
pub(crate) struct LintOptions {
    /// Case files or folders; the built-in suite if there are none
    paths: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Entry<'c> {
    id: &'c str,
    description: &'c str,
    requirements: &'c [String],
    source: Source,
    requires: Vec<Feature>,
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<Profile>,
}

impl<'c> From<&'c Case> for Entry<'c> {
    fn from(case: &'c Case) -> Self {
        Self {
            id: &case.id,
            description: &case.description,
            requirements: &case.requirements,
            source: case.source,
            requires: case.requires.iter().copied().collect(),
            profile: case.profile,
        }
    }
}

pub(crate) fn list(options: &ListOptions) -> CommandResult {
    let suite = Suite::embedded();
    let filters: Vec<_> = options.filters.iter().map(|filter| Filter::parse(filter)).collect();
    let chosen = |case: &&Case| filters.is_empty() || filters.iter().any(|filter| filter.matches(case));
    let cases: Vec<_> = suite.cases.iter().map(AsRef::as_ref).filter(chosen).map(Entry::from).collect();
    if options.json {
        print_json(&cases)?;
    } else {
        let lines: Vec<_> = cases
            .iter()
            .map(|case| format!("{}  {} ({})", case.id, case.description, case.requirements.join(", ")))
            .collect();
        print(&lines.join("\n"))?;
    }
    Ok(if cases.is_empty() { Exit::NothingRan } else { Exit::Expected })
}

pub(crate) fn show(options: &ShowOptions) -> CommandResult {
    let suite = Suite::embedded();
    let cases = suite.files.iter().filter_map(|file| entries(&file.text).ok()).flatten();
    match cases.into_iter().find(|case| case.get("id").is_some_and(|id| *id == options.id)) {
        Some(case) => print_json(&case).map(|()| Exit::Expected),
        None => Err(CommandError::usage(format!("no case has the id '{}'", options.id))),
    }
}

pub(crate) fn lint(options: &LintOptions) -> CommandResult {
    let suite = if options.paths.is_empty() { Suite::embedded() } else { Suite::from_paths(&options.paths) };
    let findings = lint::lint(&suite);
    for finding in &findings {
        print(&finding.to_string())?;
    }
    print(&format!("{} cases, {} findings", suite.cases.len(), findings.len()))?;
    Ok(if findings.is_empty() { Exit::Expected } else { Exit::Nonconforming })
}
