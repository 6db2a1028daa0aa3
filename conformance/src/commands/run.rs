//! `run`: cases against an engine.

use std::{
    fs::File,
    io::BufWriter,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use asl_conformance::{
    case::Profile,
    known::Known,
    plan::{Filter, Plan, Shard},
    record::{Footer, Header, Record},
    report,
    runner::{CaseResult, Runner},
    suite::Suite,
};

use super::{
    CommandError, CommandResult, Exit,
    engines::{Selection, cannot_start},
    print, read,
};

/// Arguments of `run`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Run only these: part of an id, a pattern with * and ?, or a requirement id
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    #[command(flatten)]
    engine: Selection,
    /// Run only in this profile
    #[arg(long)]
    profile: Option<Profile>,
    /// Run only the Kth of N parts of the cases, such as 1/4, to share the suite among machines
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Take the cases from these files or folders instead of the built-in suite
    #[arg(long, value_name = "PATH")]
    cases: Vec<PathBuf>,
    /// The list of known failures instead of the built-in one
    #[arg(long, value_name = "FILE")]
    known: Option<PathBuf>,
    /// Write the record of the run, one JSON object a line
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Engines to run side by side [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Unexpected results to explain in full
    #[arg(long, value_name = "N", default_value_t = 20)]
    failures: usize,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let suite = if options.cases.is_empty() { Suite::embedded() } else { Suite::from_paths(&options.cases) };
    let record = record(options, &suite)?;
    if let Some(path) = &options.report {
        write(&record, path)?;
    }
    if record.results.is_empty() {
        eprintln!("no case matches");
        return Ok(if suite.faults.is_empty() { Exit::NothingRan } else { faults(&suite) });
    }
    explain(options, &suite, &record)?;
    print(&format!("{}\n{}", report::table(&record), report::summary(&record)))?;
    let footer = record.footer.as_ref();
    Ok(match footer {
        _ if !suite.faults.is_empty() => faults(&suite),
        Some(footer) if footer.unexpected > 0 => Exit::Nonconforming,
        Some(footer) if footer.counts.supported() == 0 => Exit::NothingRan,
        _ => Exit::Expected,
    })
}

/// Cases that cannot be read: whatever the others say, the suite has not run.
fn faults(suite: &Suite) -> Exit {
    suite.faults.iter().for_each(|fault| eprintln!("error: {fault}"));
    Exit::Harness
}

fn record(options: &Options, suite: &Suite) -> Result<Record, CommandError> {
    let runner = Runner::new(options.engine.factory()?, options.engine.patience()).map_err(cannot_start)?;
    let known = match &options.known {
        Some(path) => Known::parse(&read(path)?).map_err(CommandError::usage)?,
        None => Known::of(&runner.description().name).map_err(CommandError::harness)?,
    };
    let filters: Vec<_> = options.filters.iter().map(|filter| Filter::parse(filter)).collect();
    let mut engine = runner.description().clone();
    engine.profiles.retain(|profile| options.profile.is_none_or(|only| only == *profile));
    let mut plan = Plan::new(suite, &filters, &engine);
    if let Some(shard) = options.shard {
        plan = plan.part(shard);
    }
    let jobs = options.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let start = Instant::now();
    let mut results = runner.run(&plan.runs, jobs, &|_| {});
    known.mark(&mut results);
    // Cases from files are not the suite that the list is about, unless they come with a list of their own.
    let is_listed = options.cases.is_empty() || options.known.is_some();
    let missing = known.known.iter().find(|entry| is_listed && suite.case(&entry.case).is_none());
    if let Some(entry) = missing {
        return Err(CommandError::harness(format!("known failure of a case that does not exist: {}", entry.case)));
    }
    let footer = Footer::new(&results, start.elapsed().as_secs_f64());
    let shard = options.shard.map(|shard| shard.to_string());
    let header = Header { shard, ..Header::new(suite, &engine, &options.filters, &plan) };
    Ok(Record { header, results, footer: Some(footer) })
}

fn write(record: &Record, path: &Path) -> Result<(), CommandError> {
    let failed = |error| CommandError::harness(format!("{}: {error}", path.display()));
    record.write(BufWriter::new(File::create(path).map_err(failed)?)).map_err(failed)
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
