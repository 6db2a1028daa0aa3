//! The record of a run, one JSON object a line: what every report is made from.

use std::{
    collections::BTreeSet,
    io::{self, BufRead, Write},
};

use serde::{Deserialize, Serialize};

use crate::{
    engine::Description,
    plan::Plan,
    runner::{CaseResult, Verdict},
    suite::Suite,
};

/// Version of the format of records.
pub const FORMAT: u32 = 1;

/// The record of a run of one engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What ran.
    pub header: Header,
    /// What became of each case.
    pub results: Vec<CaseResult>,
    /// The sum; `None` for a run that did not come to its end.
    pub footer: Option<Footer>,
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of the suite.
    pub suite: String,
    /// Cases in the suite.
    pub cases: usize,
    /// The engine.
    pub engine: Description,
    /// What chose the cases; empty for all of them.
    pub filters: Vec<String>,
    /// The part of the chosen cases that ran, such as `1/4`; absent for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<String>,
    /// Chosen cases that hold in none of the engine's profiles, so did not run.
    pub inapplicable: usize,
    /// Cases to run, once for each profile.
    pub planned: usize,
}

impl Header {
    /// The header of a run of `plan`.
    #[must_use]
    pub fn new(suite: &Suite, engine: &Description, filters: &[String], plan: &Plan) -> Self {
        Self {
            format: FORMAT,
            suite: env!("CARGO_PKG_VERSION").to_owned(),
            cases: suite.cases.len(),
            engine: engine.clone(),
            filters: filters.to_vec(),
            shard: None,
            inapplicable: plan.inapplicable,
            planned: plan.runs.len(),
        }
    }
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Footer {
    /// How often each verdict fell.
    pub counts: Counts,
    /// Results that nobody expected: failures that are not known, and known failures that passed.
    pub unexpected: usize,
    /// Seconds of real time.
    pub seconds: f64,
}

impl Footer {
    /// The sum of `results`.
    #[must_use]
    pub fn new(results: &[CaseResult], seconds: f64) -> Self {
        let unexpected = results.iter().filter(|result| !result.expected).count();
        Self { counts: results.iter().collect(), unexpected, seconds }
    }
}

/// How often each verdict fell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// See [`Verdict::Pass`].
    pub pass: usize,
    /// See [`Verdict::Fail`].
    pub fail: usize,
    /// See [`Verdict::Unsupported`].
    pub unsupported: usize,
    /// See [`Verdict::Errored`].
    pub errored: usize,
    /// See [`Verdict::Crashed`].
    pub crashed: usize,
    /// See [`Verdict::TimedOut`].
    pub timed_out: usize,
}

impl Counts {
    /// All results.
    #[must_use]
    pub fn total(&self) -> usize {
        self.supported() + self.unsupported
    }

    /// The results but the unsupported ones: what percentages are taken over.
    #[must_use]
    pub fn supported(&self) -> usize {
        self.pass + self.fail + self.errored + self.crashed + self.timed_out
    }

    /// Passes in percent of the supported cases, rounded down to a tenth, so that only all is 100; `None` of nothing.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    pub fn percent(&self) -> Option<f64> {
        (self.pass * 1000).checked_div(self.supported()).map(|tenths| tenths as f64 / 10.0)
    }
}

impl<'r> FromIterator<&'r CaseResult> for Counts {
    fn from_iter<I: IntoIterator<Item = &'r CaseResult>>(results: I) -> Self {
        let mut counts = Self::default();
        for result in results {
            *match result.verdict {
                Verdict::Pass => &mut counts.pass,
                Verdict::Fail { .. } => &mut counts.fail,
                Verdict::Unsupported { .. } => &mut counts.unsupported,
                Verdict::Errored { .. } => &mut counts.errored,
                Verdict::Crashed { .. } => &mut counts.crashed,
                Verdict::TimedOut { .. } => &mut counts.timed_out,
            } += 1;
        }
        counts
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum LineRef<'r> {
    Header(&'r Header),
    Case(&'r CaseResult),
    Footer(&'r Footer),
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line {
    Header(Header),
    Case(CaseResult),
    Footer(Footer),
}

impl Record {
    /// Writes the record.
    ///
    /// # Errors
    /// What `output` fails with.
    pub fn write(&self, mut output: impl Write) -> io::Result<()> {
        let lines = std::iter::once(LineRef::Header(&self.header))
            .chain(self.results.iter().map(LineRef::Case))
            .chain(self.footer.iter().map(LineRef::Footer));
        for line in lines {
            serde_json::to_writer(&mut output, &line)?;
            output.write_all(b"\n")?;
        }
        output.flush()
    }

    /// The same records, with those put together that are parts of one run (`--shard`).
    #[must_use]
    pub fn join(records: Vec<Self>) -> Vec<Self> {
        let mut joined: Vec<Self> = Vec::new();
        for record in records {
            match joined.iter_mut().find(|whole| whole.has_part(&record)) {
                Some(whole) => whole.add(record),
                None => joined.push(record),
            }
        }
        joined
    }

    /// Whether another record is a part of the same run: the same but for the shard, without a case in common.
    fn has_part(&self, other: &Self) -> bool {
        let whole = |header: &Header| Header { shard: None, planned: 0, ..header.clone() };
        let is_part = self.header.shard.is_some() && other.header.shard.is_some();
        let key = |result: &CaseResult| (result.id.clone(), result.profile);
        is_part && whole(&self.header) == whole(&other.header) && {
            let own: BTreeSet<_> = self.results.iter().map(key).collect();
            !other.results.iter().any(|result| own.contains(&key(result)))
        }
    }

    fn add(&mut self, part: Self) {
        if let (Some(own), Some(part)) = (&mut self.header.shard, &part.header.shard) {
            *own = format!("{own} {part}");
        }
        self.header.planned += part.header.planned;
        self.results.extend(part.results);
        self.footer = match (&self.footer, &part.footer) {
            (Some(own), Some(part)) => Some(Footer::new(&self.results, own.seconds + part.seconds)),
            _ => None,
        };
    }

    /// Reads a record.
    ///
    /// # Errors
    /// What `input` fails with; an error naming the line that is no line of a record, or has no business there.
    pub fn read(input: impl BufRead) -> io::Result<Self> {
        let mut record: Option<Self> = None;
        for (number, line) in (1..).zip(input.lines()) {
            let misplaced = |what: String| io::Error::new(io::ErrorKind::InvalidData, format!("line {number}: {what}"));
            let line: Line = serde_json::from_str(&line?).map_err(|error| misplaced(error.to_string()))?;
            match (line, &mut record) {
                (Line::Header(header), None) if header.format == FORMAT => {
                    record = Some(Self { header, results: Vec::new(), footer: None });
                }
                (Line::Header(header), None) => {
                    return Err(misplaced(format!("format {} instead of {FORMAT}", header.format)));
                }
                (Line::Case(result), Some(Self { results, footer: None, .. })) => results.push(result),
                (Line::Footer(footer), Some(Self { footer: end @ None, .. })) => *end = Some(footer),
                _ => return Err(misplaced("out of order".to_owned())),
            }
        }
        record.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no header"))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Counts, Record};

    const HEADER: &str = r#"{"kind":"header","format":1,"suite":"1","cases":1,"engine":{"name":"e","version":"1",
        "language":"C","features":[],"observables":[],"profiles":["aws"]},"filters":[],"inapplicable":0,"planned":1}"#;
    const CASE: &str = r#"{"kind":"case","id":"a/b/c","profile":"aws","verdict":"timed-out","limit":1.0,"expected":false,
        "seconds":1.0}"#;

    fn read(lines: &[&str]) -> Result<Record, String> {
        let text: Vec<_> = lines.iter().map(|line| line.replace('\n', "")).collect();
        Record::read(text.join("\n").as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_record_without_its_last_line_is_unfinished() {
        let record = read(&[HEADER, CASE]).expect("a record");
        assert_eq!((record.results.len(), record.footer), (1, None));
    }

    #[rstest]
    #[case::empty(&[], "no header")]
    #[case::no_header(&[CASE], "line 1: out of order")]
    #[case::two_headers(&[HEADER, HEADER], "line 2: out of order")]
    #[case::garbage(&[HEADER, "garbage"], "line 2: expected value")]
    fn what_is_no_record_is_refused_by_line(#[case] lines: &[&str], #[case] says: &str) {
        let error = read(lines).expect_err("no record");
        assert!(error.contains(says), "{error}");
    }

    #[rstest]
    #[case(Counts { pass: 999, fail: 1, unsupported: 1000, ..Counts::default() }, Some(99.9))]
    #[case(Counts { pass: 9999, crashed: 1, ..Counts::default() }, Some(99.9))]
    #[case(Counts { pass: 3, ..Counts::default() }, Some(100.0))]
    #[case(Counts { unsupported: 3, ..Counts::default() }, None)]
    fn percentages_are_of_supported_cases_and_never_rounded_up(#[case] counts: Counts, #[case] percent: Option<f64>) {
        assert_eq!(counts.percent(), percent);
    }
}
