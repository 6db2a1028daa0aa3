//! `report`: documents from the records of runs.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use asl_conformance::{
    record::Record,
    report::{self, Comparison},
    suite::Suite,
};

use super::{CommandError, CommandResult, Exit, print, print_json};

/// Arguments of `report`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  asl-conformance run --report record.jsonl
  asl-conformance report record.jsonl --markdown > CONFORMANCE.md
  asl-conformance report shard-1.jsonl shard-2.jsonl --junit > junit.xml")]
pub(crate) struct Options {
    /// Records that `run --report` wrote; the parts of one run (`--shard`) are put together
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    form: Form,
}

/// What is printed instead of tables.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
#[allow(clippy::struct_excessive_bools, reason = "at most one is true")]
struct Form {
    /// Print a page of HTML
    #[arg(long)]
    html: bool,
    /// Print the tables and everything that is wrong as Markdown
    #[arg(long)]
    markdown: bool,
    /// Print the XML of JUnit
    #[arg(long)]
    junit: bool,
    /// Print what shields.io needs for a badge
    #[arg(long)]
    badge: bool,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let records = options.files.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let records = Record::join(records);
    let suite = Suite::embedded();
    let document = match &options.form {
        Form { html: true, .. } => report::html(&records, &suite),
        Form { markdown: true, .. } => report::markdown(&records, &suite),
        Form { junit: true, .. } => report::junit(&records, &suite),
        Form { badge: true, .. } => return badge(&records),
        _ => return tables(&records),
    };
    print(document.map_err(CommandError::harness)?.trim_end())?;
    Ok(Exit::Expected)
}

fn read(path: &Path) -> Result<Record, CommandError> {
    let failed = |error| CommandError::usage(format!("{}: {error}", path.display()));
    Record::read(BufReader::new(File::open(path).map_err(failed)?)).map_err(failed)
}

fn badge(records: &[Record]) -> CommandResult {
    let [record] = records else {
        return Err(CommandError::usage("a badge stands for one engine, and these are records of several"));
    };
    print_json(&report::badge(record))?;
    Ok(Exit::Expected)
}

fn tables(records: &[Record]) -> CommandResult {
    match records {
        [record] => print(&report::table(record))?,
        several => print(&format!("{}\n", report::comparison(&Comparison::new(several))))?,
    }
    records.iter().try_for_each(|record| print(&report::summary(record)))?;
    Ok(Exit::Expected)
}
