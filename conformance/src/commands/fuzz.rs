//! `fuzz`: random machines against an engine.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use asl_conformance::{
    case::Profile,
    differential::{Arena, Campaign, Finding, Progress, Tally, campaign::FUEL},
    factory,
    reduce::Budget,
    reference::Bounded,
    relations::Relation,
};
use indicatif::{ProgressBar, ProgressStyle};

use super::{
    CommandError, CommandResult, Exit,
    engines::{Selection, cannot_start},
    print,
};

/// Arguments of `fuzz`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    engine: Selection,
    /// Draw the same machines as another run with this seed [default: another one each time]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Machines to draw [default: no limit]
    #[arg(long, value_name = "N")]
    cases: Option<u64>,
    /// Seconds to run for [default: no limit]
    #[arg(long, value_name = "S")]
    time: Option<u64>,
    /// Findings to stop after [default: no limit]
    #[arg(long, value_name = "N")]
    findings: Option<usize>,
    /// Leave the reference out: hold the engine only against itself, on related machines
    #[arg(long)]
    relations_only: bool,
    /// Draw only for this profile
    #[arg(long)]
    profile: Option<Profile>,
    /// Folder for findings: case files that `run --cases` takes
    #[arg(long, value_name = "DIR", default_value = "findings")]
    out: PathBuf,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let (engine, limit) = options.engine.choose()?;
    let arena = Arena::new(factory(|| Bounded(FUEL)), engine, limit).map_err(cannot_start)?;
    let profiles = arena.description().profiles.iter().copied();
    let campaign = Campaign {
        seed: options.seed.unwrap_or_else(seed_of_now),
        documents: options.cases,
        time: options.time.map(Duration::from_secs),
        findings: options.findings,
        relations_only: options.relations_only,
        profiles: profiles.filter(|profile| options.profile.is_none_or(|only| only == *profile)).collect(),
        budget: Budget::default(),
    };
    if campaign.profiles.is_empty() {
        return Err(CommandError::usage(format!("{} takes none of these profiles", arena.description().name)));
    }
    let mut report = Report::new(&options.out.join(&arena.description().name), &campaign)?;
    let tally = campaign.run(&arena, &mut |progress| report.tell(progress));
    report.finish(&campaign, &tally)
}

fn seed_of_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Keeps the progress bar and the folder of findings up to date.
struct Report {
    folder: PathBuf,
    bar: ProgressBar,
    start: Instant,
    time: Option<Duration>,
    documents: Option<u64>,
    /// Why a finding could not be kept.
    failure: Option<CommandError>,
}

/// File of a deviation that is being reduced: all that is left of it if the run is interrupted.
const UNREDUCED: &str = "unreduced.json";
/// How often the progress bar changes, in changes a second.
const REFRESH: u8 = 10;

impl Report {
    fn new(folder: &Path, campaign: &Campaign) -> Result<Self, CommandError> {
        fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
        let bar = match (campaign.documents, campaign.time) {
            (Some(documents), _) => ProgressBar::new(documents),
            (None, Some(time)) => ProgressBar::new(time.as_secs()),
            (None, None) => ProgressBar::no_length(),
        };
        let style =
            ProgressStyle::with_template("{elapsed_precise} {wide_bar} {msg}").map_err(CommandError::harness)?;
        bar.set_style(style);
        bar.set_draw_target(indicatif::ProgressDrawTarget::stderr_with_hz(REFRESH));
        eprintln!("seed {}, findings in {}", campaign.seed, folder.display());
        let (time, documents) = (campaign.time, campaign.documents);
        Ok(Self { folder: folder.to_owned(), bar, start: Instant::now(), time, documents, failure: None })
    }

    fn tell(&mut self, progress: Progress<'_>) {
        let result = match progress {
            Progress::Document(tally) => {
                self.show(tally);
                Ok(())
            }
            Progress::Reducing(finding) => self.keep(UNREDUCED, finding),
            Progress::Repeated => self.drop_unreduced(),
            Progress::Found(finding) => self.found(finding),
        };
        if let Err(error) = result {
            self.failure.get_or_insert(error);
        }
    }

    fn show(&self, tally: &Tally) {
        let elapsed = self.start.elapsed();
        match (self.documents, self.time) {
            (None, Some(_)) => self.bar.set_position(elapsed.as_secs()),
            _ => self.bar.set_position(tally.documents),
        }
        #[allow(clippy::cast_precision_loss, reason = "shown without fraction")]
        let rate = tally.executions as f64 / elapsed.as_secs_f64().max(0.001);
        let left = self.left(tally, elapsed).map_or(String::new(), |left| format!(", {} s left", left.as_secs()));
        self.bar.set_message(format!("{rate:.0} executions/s, {} findings{left}", tally.findings));
    }

    /// The time left until the nearer of the limits, as far as it can be told.
    fn left(&self, tally: &Tally, elapsed: Duration) -> Option<Duration> {
        let by_time = self.time.map(|time| time.saturating_sub(elapsed));
        #[allow(clippy::cast_precision_loss, reason = "an estimate")]
        let by_documents = self.documents.filter(|_| tally.documents > 0).map(|documents| {
            elapsed.mul_f64(documents.saturating_sub(tally.documents) as f64 / tally.documents as f64)
        });
        by_time.into_iter().chain(by_documents).min()
    }

    fn found(&self, finding: &Finding) -> Result<(), CommandError> {
        let name = format!("{}.json", finding.name());
        self.keep(&name, finding)?;
        self.drop_unreduced()?;
        let law =
            Relation::named(finding.against).map_or(String::new(), |relation| format!(", though {}", relation.law));
        let lines = format!(
            "{finding}{law}\n  {} [{}] {} states, document {}, perhaps {}",
            self.folder.join(&name).display(),
            finding.profile.name(),
            finding.states(),
            finding.document,
            finding.requirements().join(" "),
        );
        self.bar.suspend(|| print(&lines))
    }

    /// Writes a file in one step: it is there whole or not at all, whenever the run is interrupted.
    fn keep(&self, name: &str, finding: &Finding) -> Result<(), CommandError> {
        let (path, partial) = (self.folder.join(name), self.folder.join(format!("{name}.partial")));
        fs::write(&partial, finding.text()).map_err(|error| failed(&partial, &error))?;
        fs::rename(&partial, &path).map_err(|error| failed(&path, &error))
    }

    fn drop_unreduced(&self) -> Result<(), CommandError> {
        let path = self.folder.join(UNREDUCED);
        fs::remove_file(&path).map_err(|error| failed(&path, &error))
    }

    fn finish(self, campaign: &Campaign, tally: &Tally) -> CommandResult {
        self.bar.finish_and_clear();
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        print(&format!(
            "seed {}: {} machines, {} held against the reference, {} against related ones, {} against nothing; \
             {} deviations, {} findings",
            campaign.seed,
            tally.documents,
            tally.compared,
            tally.related,
            tally.incomparable,
            tally.deviations,
            tally.findings,
        ))?;
        Ok(match tally {
            Tally { deviations: 0, compared: 0, related: 0, .. } => Exit::NothingRan,
            Tally { deviations: 0, .. } => Exit::Expected,
            _ => Exit::Nonconforming,
        })
    }
}

fn failed(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::harness(format!("{}: {error}", path.display()))
}
