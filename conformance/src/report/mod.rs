//! Reports, all of them made from [records](Record): text for a terminal, Markdown, HTML, JUnit XML, a badge.

mod document;
mod terminal;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    record::{Counts, Record},
    runner::{CaseResult, Verdict},
};

pub use document::{html, junit, markdown};
pub use terminal::{comparison, failure, summary, table};

/// The counts of each area of the suite, in their order.
#[must_use]
pub fn areas(record: &Record) -> BTreeMap<&str, Counts> {
    by_area(record).into_iter().map(|(area, results)| (area, results.into_iter().collect())).collect()
}

/// The results of each area, which is the first part of the id of a case.
fn by_area(record: &Record) -> BTreeMap<&str, Vec<&CaseResult>> {
    let mut areas: BTreeMap<&str, Vec<&CaseResult>> = BTreeMap::new();
    for result in &record.results {
        areas.entry(result.id.split('/').next().unwrap_or_default()).or_default().push(result);
    }
    areas
}

/// Passes in percent of the supported cases, as text.
fn percent(counts: &Counts) -> String {
    counts.percent().map_or("-".to_owned(), |percent| format!("{percent:.1} %"))
}

/// Name and version of the engine of a record.
fn engine(record: &Record) -> String {
    format!("{} {}", record.header.engine.name, record.header.engine.version)
}

/// Records of several engines side by side.
#[derive(Clone, Debug)]
pub struct Comparison<'r> {
    /// The engines.
    pub engines: Vec<String>,
    records: &'r [Record],
}

impl<'r> Comparison<'r> {
    /// The comparison of `records`, one for each engine.
    #[must_use]
    pub fn new(records: &'r [Record]) -> Self {
        Self { engines: records.iter().map(engine).collect(), records }
    }

    /// Each area, and last all of them, with the passes of each engine of the cases that it supports.
    #[must_use]
    pub fn rows(&self) -> Vec<(&'r str, Vec<String>)> {
        let areas: Vec<_> = self.records.iter().map(areas).collect();
        let names: BTreeSet<&str> = areas.iter().flat_map(BTreeMap::keys).copied().collect();
        let row = |counts: Vec<Counts>| counts.iter().map(cell).collect::<Vec<_>>();
        let mut rows: Vec<_> = names
            .into_iter()
            .map(|name| (name, row(areas.iter().map(|areas| areas.get(name).copied().unwrap_or_default()).collect())))
            .collect();
        rows.push(("total", row(self.records.iter().map(|record| record.results.iter().collect()).collect())));
        rows
    }

    /// The cases that engines answer differently, in their order, with the verdict of each. To lack what a case needs is
    /// no answer.
    #[must_use]
    pub fn differences(&self) -> Vec<(String, Vec<&'static str>)> {
        let mut verdicts: BTreeMap<_, Vec<&'static str>> = BTreeMap::new();
        for (index, record) in self.records.iter().enumerate() {
            for result in &record.results {
                let row =
                    verdicts.entry((&result.id, result.profile)).or_insert_with(|| vec![NOT_RUN; self.records.len()]);
                if let Some(cell) = row.get_mut(index) {
                    *cell = result.verdict.name();
                }
            }
        }
        verdicts.retain(|_, row| {
            let mut answers = row.iter().filter(|verdict| ![NOT_RUN, UNSUPPORTED].contains(verdict));
            let first = answers.next();
            answers.any(|answer| Some(answer) != first)
        });
        verdicts.into_iter().map(|((id, profile), row)| (format!("[{}] {id}", profile.name()), row)).collect()
    }
}

/// What stands for a verdict where a case did not run.
const NOT_RUN: &str = "-";
/// See [`Verdict::Unsupported`].
const UNSUPPORTED: &str = "unsupported";

/// Passes of the cases that an engine supports.
fn cell(counts: &Counts) -> String {
    match counts.supported() {
        0 => NOT_RUN.to_owned(),
        supported => format!("{} of {supported}", counts.pass),
    }
}

/// A badge, in the form that shields.io reads from an endpoint: never without what the percentage is of.
#[must_use]
pub fn badge(record: &Record) -> Value {
    let counts: Counts = record.results.iter().collect();
    let color = match counts.percent() {
        Some(percent) if percent >= 99.0 => "brightgreen",
        Some(percent) if percent >= 90.0 => "green",
        Some(percent) if percent >= 75.0 => "yellow",
        Some(_) => "orange",
        None => "lightgrey",
    };
    let message =
        format!("{} of {} supported, {} unsupported", percent(&counts), counts.supported(), counts.unsupported);
    json!({"schemaVersion": 1, "label": "ASL conformance", "message": message, "color": color})
}

/// Whether a result belongs to the list of what is wrong: everything but passes and what the engine does not claim. A
/// known failure is still wrong; one that passes unexpectedly is listed, too.
fn is_listed(result: &CaseResult) -> bool {
    !result.expected || !matches!(result.verdict, Verdict::Pass | Verdict::Unsupported { .. })
}
