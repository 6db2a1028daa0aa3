//! Reports as documents.

use askama::Template;

use super::{Comparison, areas, by_area, engine, failure, is_listed, percent, summary};
use crate::{
    record::{Counts, Record},
    runner::{CaseResult, Verdict},
    suite::Suite,
};

/// What the documents show of one engine.
struct Section {
    engine: String,
    summary: String,
    areas: Vec<Area>,
    faults: Vec<Item>,
}

/// A line of a table.
struct Area {
    name: String,
    counts: Counts,
    percent: String,
}

/// A suite of JUnit: the results of an engine in an area.
struct Tests {
    engine: String,
    area: String,
    results: Vec<Item>,
}

/// One result, explained.
struct Item {
    id: String,
    profile: &'static str,
    verdict: &'static str,
    fact: String,
    seconds: f64,
    standing: Standing,
    explanation: String,
}

/// What a result is to those who run tests.
#[derive(PartialEq)]
enum Standing {
    Pass,
    /// No pass, and none was expected, for this reason.
    Skipped(String),
    /// Something differs from what is expected, or passes though nobody expected it.
    Failure,
    /// There is no answer that could be compared.
    Error,
}

#[derive(Template)]
#[template(path = "report.md", escape = "none")]
struct Markdown<'r> {
    sections: &'r [Section],
    comparison: Comparison<'r>,
}

#[derive(Template)]
#[template(path = "report.html")]
struct Html<'r> {
    sections: &'r [Section],
    comparison: Comparison<'r>,
}

#[derive(Template)]
#[template(path = "junit.xml", escape = "html")]
struct Junit {
    suites: Vec<Tests>,
}

/// The records as Markdown: tables, and everything that is wrong.
///
/// # Errors
/// What formatting fails with.
pub fn markdown(records: &[Record], suite: &Suite) -> Result<String, askama::Error> {
    Markdown { sections: &sections(records, suite), comparison: Comparison::new(records) }.render()
}

/// The records as a page of HTML that needs no other file.
///
/// # Errors
/// What formatting fails with.
pub fn html(records: &[Record], suite: &Suite) -> Result<String, askama::Error> {
    Html { sections: &sections(records, suite), comparison: Comparison::new(records) }.render()
}

/// The records in the XML of JUnit: a suite for each area, a test for each case. What an engine does not support, and what
/// is known to fail, is skipped.
///
/// # Errors
/// What formatting fails with.
pub fn junit(records: &[Record], suite: &Suite) -> Result<String, askama::Error> {
    let document = Junit { suites: records.iter().flat_map(|record| tests(record, suite)).collect() }.render()?;
    // XML has no way to write most control characters.
    Ok(document.replace(|character: char| character.is_control() && !matches!(character, '\n' | '\t'), "\u{fffd}"))
}

fn sections(records: &[Record], suite: &Suite) -> Vec<Section> {
    records.iter().map(|record| section(record, suite)).collect()
}

fn section(record: &Record, suite: &Suite) -> Section {
    let area = |(name, counts): (&str, Counts)| Area { name: name.to_owned(), percent: percent(&counts), counts };
    Section {
        engine: engine(record),
        summary: summary(record),
        areas: areas(record).into_iter().map(area).collect(),
        faults: record.results.iter().filter(|result| is_listed(result)).map(|result| item(result, suite)).collect(),
    }
}

fn tests(record: &Record, suite: &Suite) -> Vec<Tests> {
    let tests = |(area, results): (&str, Vec<&CaseResult>)| Tests {
        engine: engine(record),
        area: area.to_owned(),
        results: results.into_iter().map(|result| item(result, suite)).collect(),
    };
    by_area(record).into_iter().map(tests).collect()
}

fn item(result: &CaseResult, suite: &Suite) -> Item {
    let case = suite.case(&result.id);
    Item {
        id: result.id.clone(),
        profile: result.profile.name(),
        verdict: result.verdict.name(),
        fact: case.map_or_else(|| "a case that this suite does not have".to_owned(), |case| case.description.clone()),
        seconds: result.seconds,
        standing: standing(result),
        explanation: match case {
            Some(case) if is_listed(result) => failure(case, result),
            _ => String::new(),
        },
    }
}

fn standing(result: &CaseResult) -> Standing {
    match (&result.verdict, &result.known) {
        (Verdict::Errored { .. } | Verdict::Crashed { .. } | Verdict::TimedOut { .. }, _) if !result.expected => {
            Standing::Error
        }
        _ if !result.expected => Standing::Failure,
        (Verdict::Pass, _) => Standing::Pass,
        (_, Some(reason)) => Standing::Skipped(format!("known: {reason}")),
        (Verdict::Unsupported { reason }, None) => Standing::Skipped(reason.clone()),
        (_, None) => Standing::Failure,
    }
}

impl Item {
    /// Why it is no pass, if none was expected.
    fn excuse(&self) -> Option<&str> {
        if let Standing::Skipped(reason) = &self.standing { Some(reason) } else { None }
    }

    /// Backticks enough that none in the explanation end it.
    fn fence(&self) -> String {
        let longest = self.explanation.split(|character| character != '`').map(str::len).max().unwrap_or(0);
        "`".repeat(longest.max(2) + 1)
    }
}

impl Tests {
    fn count(&self, is_counted: impl Fn(&Standing) -> bool) -> usize {
        self.results.iter().filter(|item| is_counted(&item.standing)).count()
    }

    fn skipped(&self) -> usize {
        self.count(|standing| matches!(standing, Standing::Skipped(_)))
    }

    fn errors(&self) -> usize {
        self.count(|standing| *standing == Standing::Error)
    }

    fn failures(&self) -> usize {
        self.count(|standing| *standing == Standing::Failure)
    }

    /// Seconds of real time.
    fn seconds(&self) -> f64 {
        self.results.iter().map(|item| item.seconds).sum()
    }
}
