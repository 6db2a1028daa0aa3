//! Does `fuzz` find what is there to be found? The reference interpreter with one deviation planted in it at a time.

mod bugs;
mod reruns;
mod rewrites;

use std::{
    num::NonZeroUsize,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use asl_conformance::{
    Description, Engine, Fault, Reply, Request, TaskScript,
    case::Profile,
    differential::{Arena, Campaign, Finding, Progress, campaign::FUEL},
    factory,
    reduce::Budget,
    reference::Bounded,
    runner::Runner,
    suite::Suite,
};
use bugs::{BUGS, Bug};

/// Deviations that have to be found, of [`BUGS`].
const FOUND: usize = 18;
/// States of a reduced machine, at most.
const STATES: usize = 5;

/// The reference interpreter with a deviation.
struct Planted(&'static Bug);

impl Engine for Planted {
    fn describe(&self) -> Description {
        Description { name: "planted".to_owned(), ..Bounded(FUEL).describe() }
    }

    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        (self.0.run)(request, tasks)
    }
}

/// Looks for one bug, in at most so many documents.
fn hunt(bug: &'static Bug, documents: u64) -> Option<Finding> {
    let arena = Arena::new(factory(|| Bounded(FUEL)), factory(move || Planted(bug)), Duration::from_secs(10));
    let arena = arena.expect("engines");
    let campaign = Campaign {
        seed: 11,
        documents: Some(documents),
        time: None,
        findings: Some(1),
        relations_only: false,
        profiles: vec![Profile::Aws],
        budget: Budget::default(),
    };
    let mut found = None;
    campaign.run(&arena, &mut |progress| {
        if let Progress::Found(finding) = progress {
            found = Some(finding.clone());
        }
    });
    found
}

/// The different verdicts on the cases of a file.
fn verdicts<E: Engine + 'static>(text: &str, make: impl Fn() -> E + Send + Sync + 'static) -> Vec<&'static str> {
    let suite = Suite::from_texts([("planted/finding.json", text.to_owned())]);
    assert!(suite.faults.is_empty(), "{:?}\n{text}", suite.faults);
    let runner = Runner::new(factory(make), Duration::from_secs(10)).expect("an engine");
    let results = suite.cases.iter().map(|case| runner.run_case(case, Profile::Aws).verdict.name());
    let mut verdicts: Vec<_> = results.collect();
    verdicts.sort_unstable();
    verdicts.dedup();
    verdicts
}

/// Hunts for every bug, and checks what comes of it.
fn hunt_all(documents: u64) {
    let next = AtomicUsize::new(0);
    let missed = Mutex::new(Vec::new());
    let work = || {
        while let Some(bug) = BUGS.get(next.fetch_add(1, Ordering::Relaxed)) {
            match hunt(bug, documents) {
                Some(finding) => check(bug, &finding),
                None => missed.lock().expect("no panic").push(bug.name),
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZeroUsize::get) {
            scope.spawn(work);
        }
    });
    let missed = missed.into_inner().expect("no panic");
    assert!(BUGS.len() - missed.len() >= FOUND, "missed: {}", missed.join(", "));
}

/// A finding is small, and tells the engine with the bug from the one without.
fn check(bug: &'static Bug, finding: &Finding) {
    let text = finding.text();
    assert!(finding.states() <= STATES, "{}: {} states are left\n{text}", bug.name, finding.states());
    assert_eq!(verdicts(&text, || Bounded(FUEL)), ["pass"], "{}\n{text}", bug.name);
    assert_ne!(verdicts(&text, move || Planted(bug)), ["pass"], "{}\n{text}", bug.name);
}

#[test]
fn planted_bugs_are_found_and_reduced() {
    hunt_all(2_000);
}

#[test]
#[ignore = "takes minutes"]
fn planted_bugs_are_found_and_reduced_in_the_long_run() {
    hunt_all(20_000);
}

#[test]
fn there_are_twenty_bugs() {
    let mut names: Vec<_> = BUGS.iter().map(|bug| bug.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 20);
}
