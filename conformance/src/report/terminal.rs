//! Records as text for a terminal.

use std::fmt::Write as _;

use comfy_table::{CellAlignment, LineStyle, Table, presets};
use serde_json::Value;

use super::{Comparison, areas, percent};
use crate::{
    case::{Case, Definition, Input},
    record::{Counts, Record},
    requirements,
    runner::{CaseResult, Verdict},
    script::tasks_to_json,
};

/// A table with a line for each area of the suite, and their sum.
#[must_use]
pub fn table(record: &Record) -> String {
    let mut table = Table::new();
    table.set_header(["area", "cases"].into_iter().chain(Verdict::NAMES).chain(["of supported"]));
    for (area, counts) in areas(record) {
        table.add_row(row(area, &counts));
    }
    table.add_row(row("total", &record.results.iter().collect()));
    text(table)
}

/// A table with a line for each area, and in it the passes of each engine and the cases that it supports.
#[must_use]
pub fn comparison(comparison: &Comparison<'_>) -> String {
    let mut table = Table::new();
    table.set_header(std::iter::once("area").chain(comparison.engines.iter().map(String::as_str)));
    for (area, cells) in comparison.rows() {
        table.add_row(std::iter::once(area.to_owned()).chain(cells));
    }
    text(table)
}

fn text(mut table: Table) -> String {
    table.load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─')));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

fn row(area: &str, counts: &Counts) -> Vec<String> {
    let numbers = [
        counts.total(),
        counts.pass,
        counts.fail,
        counts.unsupported,
        counts.errored,
        counts.crashed,
        counts.timed_out,
    ];
    std::iter::once(area.to_owned()).chain(numbers.iter().map(ToString::to_string)).chain([percent(counts)]).collect()
}

/// One line: who was tested, with what result.
#[must_use]
pub fn summary(record: &Record) -> String {
    let engine = &record.header.engine;
    let counts: Counts = record.results.iter().collect();
    let mut text = format!(
        "{} {} ({}): {} of {} supported cases pass, {} unsupported",
        engine.name,
        engine.version,
        engine.language,
        counts.pass,
        counts.supported(),
        counts.unsupported
    );
    if record.header.inapplicable > 0 {
        let _ = write!(text, ", {} for other profiles only", record.header.inapplicable);
    }
    let unchecked = record.results.iter().filter(|result| !result.unchecked.is_empty()).count();
    if unchecked > 0 {
        let _ = write!(text, ", {unchecked} compared in part (the engine does not report all that they expect)");
    }
    let known = record.results.iter().filter(|result| result.known.is_some()).count();
    if known > 0 {
        let _ = write!(text, ", {known} known failures");
    }
    if record.footer.is_none() {
        text.push_str(", and the run did not come to its end");
    }
    text
}

/// Everything that a person needs to understand one result that is not a pass, and to repeat it.
#[must_use]
pub fn failure(case: &Case, result: &CaseResult) -> String {
    let mut text = format!("{} [{}] {}\n", result.verdict.name().to_uppercase(), result.profile.name(), case.id);
    let mut line = |name: &str, content: &str| {
        let mut lines = content.lines();
        let _ = writeln!(text, "  {name:<12} {}", lines.next().unwrap_or_default());
        for more in lines {
            let _ = writeln!(text, "  {:<12} {more}", "");
        }
    };
    line("fact", &case.description);
    for id in &case.requirements {
        let requirement = requirements::find(id);
        line(id, requirement.map_or("(no such requirement)", |requirement| requirement.text));
        line("  from", requirement.map_or("nowhere", |requirement| requirement.source));
    }
    match &result.verdict {
        Verdict::Pass => line("passed", result.known.as_deref().unwrap_or("all that was compared agrees")),
        Verdict::Fail { differences } => {
            for difference in differences {
                line("at", &difference.path);
                line("  expected", &difference.expected);
                line("  got", &difference.got);
            }
        }
        Verdict::Unsupported { reason } | Verdict::Errored { reason } | Verdict::Crashed { reason } => {
            line("reason", reason);
        }
        Verdict::TimedOut { limit } => line("reason", &format!("no answer within {limit} s")),
    }
    if !result.unchecked.is_empty() {
        let names: Vec<_> = result.unchecked.iter().map(ToString::to_string).collect();
        line("not compared", &names.join(", "));
    }
    if let (Some(reason), false) = (&result.known, matches!(result.verdict, Verdict::Pass)) {
        line("known", reason);
    }
    match &case.definition {
        Definition::Json(document) => line("definition", &pretty(document)),
        Definition::Text(definition) => line("definition", &format!("(text) {definition}")),
    }
    if !case.expect.is_validity() {
        match &case.input {
            Input::Json(input) => line("input", &pretty(input)),
            Input::Text(input) => line("input", &format!("(text) {input}")),
        }
    }
    if !case.tasks.is_empty() {
        line("tasks", &pretty(&tasks_to_json(&case.tasks)));
    }
    if let Some(context) = &case.context {
        line("context", &pretty(&Value::Object(context.clone())));
    }
    line("repeat", &format!("asl-conformance run '{}'", case.id));
    text
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|error| error.to_string())
}
