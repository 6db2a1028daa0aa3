//! `compare`: the same cases against several engines.

use std::path::PathBuf;

use asl_conformance::{
    record::Record,
    report::{self, Comparison},
    runner::Runner,
};

use super::{
    CommandError, CommandResult, Output,
    engines::{Several, cannot_start},
    print,
    scope::{self, Scope},
};

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:
  asl-conformance compare --engine reference --command 'node adapter.mjs' retry/ --markdown comparison.md")]
pub(crate) struct Options {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    engines: Several,
    /// Write a page of HTML
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the tables and everything that is wrong as Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Cases to list that the engines answer differently
    #[arg(long, value_name = "N", default_value_t = 20)]
    differences: usize,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let suite = options.scope.suite();
    let html = options.html.as_deref().map(Output::create).transpose()?;
    let markdown = options.markdown.as_deref().map(Output::create).transpose()?;
    let mut records = Vec::new();
    for (factory, patience) in options.engines.choose()? {
        let runner = Runner::new(factory, patience).map_err(cannot_start)?;
        records.push(options.scope.run(&suite, &runner, None)?);
    }
    if let Some(file) = html {
        file.document(report::html(&records, &suite))?;
    }
    if let Some(file) = markdown {
        file.document(report::markdown(&records, &suite))?;
    }
    if records.iter().all(|record| record.results.is_empty()) {
        eprintln!("no case matches");
        return Ok(scope::exit(&suite, &records));
    }
    show(&records, options.differences)?;
    Ok(scope::exit(&suite, &records))
}

/// Prints the cases that are answered differently, and the table.
fn show(records: &[Record], most: usize) -> Result<(), CommandError> {
    let comparison = Comparison::new(records);
    let differences = comparison.differences();
    for (case, verdicts) in differences.iter().take(most) {
        let verdicts: Vec<_> =
            comparison.engines.iter().zip(verdicts).map(|(engine, verdict)| format!("{engine}: {verdict}")).collect();
        print(&format!("{case}\n  {}", verdicts.join(", ")))?;
    }
    if differences.len() > most {
        print(&format!("... and {} more that are answered differently", differences.len() - most))?;
    }
    print(&format!("{}\n", report::comparison(&comparison)))?;
    records.iter().try_for_each(|record| print(&report::summary(record)))
}
