//! Which cases run, whoever the engine is.

use std::{num::NonZeroUsize, path::PathBuf, thread, time::Instant};

use asl_conformance::{
    case::Profile,
    known::Known,
    plan::{Filter, Plan, Shard},
    record::{Footer, Header, Record},
    runner::Runner,
    suite::Suite,
};

use super::{CommandError, Exit};

/// The arguments that choose cases.
#[derive(Debug, clap::Args)]
pub(crate) struct Scope {
    /// Run only these: part of an id, a pattern with * and ?, or a requirement id
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Run only in this profile
    #[arg(long)]
    profile: Option<Profile>,
    /// Run only the Kth of N parts of the cases, such as 1/4, to share the suite among machines
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Take the cases from these files or folders instead of the built-in suite
    #[arg(long, value_name = "PATH")]
    cases: Vec<PathBuf>,
    /// Engines to run side by side [default: one a processor]
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

impl Scope {
    /// The cases to choose from.
    pub(crate) fn suite(&self) -> Suite {
        if self.cases.is_empty() { Suite::embedded() } else { Suite::from_paths(&self.cases) }
    }

    /// Runs the chosen cases of `suite`. What is known to fail stands in `given`, or else in the built-in list of the engine.
    pub(crate) fn run(&self, suite: &Suite, runner: &Runner, given: Option<&Known>) -> Result<Record, CommandError> {
        let mut engine = runner.description().clone();
        let own = Known::of(&engine.name).map_err(CommandError::harness)?;
        let known = given.unwrap_or(&own);
        // Cases from files are not the suite that the list is about, unless they come with a list of their own.
        let is_listed = self.cases.is_empty() || given.is_some();
        if let Some(entry) = known.known.iter().find(|entry| is_listed && suite.case(&entry.case).is_none()) {
            return Err(CommandError::harness(format!("known failure of a case that does not exist: {}", entry.case)));
        }
        let filters: Vec<_> = self.filters.iter().map(|filter| Filter::parse(filter)).collect();
        engine.profiles.retain(|profile| self.profile.is_none_or(|only| only == *profile));
        let mut plan = Plan::new(suite, &filters, &engine);
        if let Some(shard) = self.shard {
            plan = plan.part(shard);
        }
        let jobs = self.jobs.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let start = Instant::now();
        let mut results = runner.run(&plan.runs, jobs, &|_| {});
        known.mark(&mut results);
        let footer = Footer::new(&results, start.elapsed().as_secs_f64());
        let shard = self.shard.map(|shard| shard.to_string());
        let header = Header { shard, ..Header::new(suite, &engine, &self.filters, &plan) };
        Ok(Record { header, results, footer: Some(footer) })
    }
}

/// What the records of a run mean: the worst of them, and cases that cannot be read above all, since then the suite has
/// not run.
pub(crate) fn exit(suite: &Suite, records: &[Record]) -> Exit {
    if !suite.faults.is_empty() {
        suite.faults.iter().for_each(|fault| eprintln!("error: {fault}"));
        return Exit::Harness;
    }
    let footers = || records.iter().filter_map(|record| record.footer.as_ref());
    if footers().any(|footer| footer.unexpected > 0) {
        Exit::Nonconforming
    } else if footers().any(|footer| footer.counts.supported() == 0) {
        Exit::NothingRan
    } else {
        Exit::Expected
    }
}
