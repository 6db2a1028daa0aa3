//! `run`: cases against an engine.

use std::path::PathBuf;

use asl_conformance::{
    known::Known,
    record::Record,
    report,
    runner::{CaseResult, Runner},
    suite::Suite,
};

use super::{
    CommandError, CommandResult, Output,
    engines::{Selection, cannot_start},
    print, read,
    scope::{self, Scope},
};

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    scope: Scope,
    #[command(flatten)]
    engine: Selection,
    /// The list of known failures instead of the built-in one
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Write the record of the run, one JSON object a line: what `report` takes
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write the results in the XML of JUnit
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Unexpected results to explain in full
    #[arg(long, value_name = "N", default_value_t = 20)]
    failures: usize,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let suite = options.scope.suite();
    let known = match &options.known {
        Some(path) => Some(Known::parse(&read(path)?).map_err(CommandError::usage)?),
        None => None,
    };
    let (factory, patience) = options.engine.choose()?;
    let runner = Runner::new(factory, patience).map_err(cannot_start)?;
    let kept = options.report.as_deref().map(Output::create).transpose()?;
    let junit = options.junit.as_deref().map(Output::create).transpose()?;
    let records = [options.scope.run(&suite, &runner, known.as_ref())?];
    let [record] = &records;
    if let Some(file) = kept {
        file.write(|file| record.write(file))?;
    }
    if let Some(file) = junit {
        file.document(report::junit(&records, &suite))?;
    }
    if record.results.is_empty() {
        eprintln!("no case matches");
        return Ok(scope::exit(&suite, &records));
    }
    explain(options, &suite, record)?;
    print(&format!("{}\n{}", report::table(record), report::summary(record)))?;
    Ok(scope::exit(&suite, &records))
}

fn explain(options: &Options, suite: &Suite, record: &Record) -> Result<(), CommandError> {
    let unexpected: Vec<&CaseResult> = record.results.iter().filter(|result| !result.expected).collect();
    for (number, result) in unexpected.iter().enumerate() {
        match suite.case(&result.id) {
            Some(case) if number < options.failures => print(&report::failure(case, result))?,
            _ => print(&format!("{} [{}] {}", result.verdict.name(), result.profile.name(), result.id))?,
        }
    }
    Ok(())
}
