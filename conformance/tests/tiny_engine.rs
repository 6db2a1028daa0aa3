//! A second engine, through the whole of the runner.

use std::{sync::Arc, time::Duration};

use asl_conformance::{
    factory,
    known::Known,
    plan::Plan,
    record::{Counts, Footer, Header, Record},
    report,
    runner::{Runner, Verdict},
    suite::Suite,
};
use tiny_engine::TinyEngine;

#[path = "../examples/tiny_engine.rs"]
mod tiny_engine;

fn record() -> Record {
    let suite = Suite::embedded();
    let runner = Runner::new(factory(TinyEngine::default), Duration::from_secs(60)).expect("it can be made");
    let plan = Plan::new(&suite, &[], runner.description());
    let results = runner.run(&plan.runs, 2, &|_| {});
    let footer = Footer::new(&results, 0.0);
    Record { header: Header::new(&suite, runner.description(), &[], &plan), results, footer: Some(footer) }
}

#[test]
fn what_it_knows_passes_and_what_it_lacks_is_unsupported_with_a_reason() {
    let record = record();
    let counts: Counts = record.results.iter().collect();
    assert_eq!(counts.total(), record.header.planned);
    assert!(counts.pass >= 20, "{counts:?}");
    assert!(counts.unsupported > counts.pass, "{counts:?}");
    let suite = Suite::embedded();
    let failures = record.results.iter().filter(|result| match &result.verdict {
        Verdict::Pass => false,
        Verdict::Unsupported { reason } => reason.is_empty(),
        _ => true,
    });
    let failures: String =
        failures.map(|result| report::failure(suite.case(&result.id).expect("it ran"), result)).collect();
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn cases_for_the_other_profile_are_counted_apart() {
    let record = record();
    assert!(record.header.inapplicable > 0);
    assert_eq!(record.header.planned + record.header.inapplicable, record.header.cases);
    assert!(report::summary(&record).contains("for other profiles only"));
}

#[test]
fn a_record_is_read_back_as_it_was_written() {
    let record = record();
    let mut text = Vec::new();
    record.write(&mut text).expect("memory takes it");
    assert_eq!(text.iter().filter(|byte| **byte == b'\n').count(), record.results.len() + 2);
    assert_eq!(Record::read(text.as_slice()).expect("it is a record"), record);
}

#[test]
fn an_unexpected_pass_is_reported() {
    let mut record = record();
    let passing = record.results.iter().find(|result| result.verdict == Verdict::Pass).expect("some pass").id.clone();
    let text = format!("[[known]]\ncase = \"{passing}\"\nreason = \"it cannot\"\n");
    let known = Known::parse(&text).expect("it is a list");
    assert!(known.mark(&mut record.results).is_empty());
    assert_eq!(Footer::new(&record.results, 0.0).unexpected, 1);
}

#[test]
fn trials_bear_the_profile_and_the_id_of_the_case() {
    let trials = asl_conformance::trials(factory(TinyEngine::default), &Known::default()).expect("it can be made");
    let suite = Suite::embedded();
    let case = suite.cases.iter().find(|case| case.profile.is_none()).map(Arc::clone).expect("most cases");
    assert!(trials.iter().any(|trial| trial.name() == format!("aws::{}", case.id)));
}
