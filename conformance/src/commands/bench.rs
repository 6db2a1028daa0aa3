//! `bench`: transition throughput against the published quotas.

use std::time::Duration;

use asl_conformance::{
    bench::{self, Report},
    runner::Factory,
    wire,
};
use comfy_table::{CellAlignment, LineStyle, Table, presets};

use super::{CommandError, CommandResult, Exit, engines, print, print_json};

/// Arguments of `bench`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The engines to measure
    #[arg(long = "engine", value_name = "NAME", num_args = 1.., default_values = ["reference"],
        value_parser = engines::NAMES)]
    engines: Vec<String>,
    /// Measure the engine that this command of the shell starts as well (conformance/WIRE.md)
    #[arg(long = "command", value_name = "COMMAND")]
    commands: Vec<String>,
    /// About how many seconds to measure for; with 0 everything runs once
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    time: u64,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

/// How long an engine that is a process may take to start, and for a run.
const LIMIT: Duration = Duration::from_secs(60);

pub(crate) fn run(options: &Options) -> CommandResult {
    let named = options.engines.iter().map(|name| engines::named(name));
    let commands = options.commands.iter().map(|command| Ok(wire::factory(command, LIMIT)));
    let factories = named.chain(commands).collect::<Result<Vec<Factory>, _>>()?;
    let report = bench::bench(&factories, Duration::from_secs(options.time)).map_err(CommandError::harness)?;
    if options.json {
        print_json(&report)?;
    } else {
        print(&tables(&report))?;
    }
    Ok(Exit::Expected)
}

fn tables(report: &Report) -> String {
    let mut engines = table(["engine", "version", "start-up", "empty machine"]);
    for figure in &report.engines {
        let micros = |seconds: f64| format!("{:.1} µs", seconds * 1e6);
        let (start_up, empty) = (micros(figure.start_up_seconds), micros(figure.empty_machine_seconds));
        engines.add_row([&figure.engine, &figure.version, &start_up, &empty]);
    }
    let mut workloads = table(["engine", "workload", "transitions", "transitions/s", "÷ floor"]);
    for figure in &report.workloads {
        workloads.add_row([
            figure.engine.clone(),
            figure.workload.clone(),
            grouped(figure.transitions as f64),
            grouped(figure.transitions_per_second),
            figure.floor_ratio.map_or_else(String::new, |ratio| format!("{ratio:.1}")),
        ]);
    }
    let mut limits = table(["quota", "unit", "published", "in a second", "headroom"]);
    for figure in &report.limits {
        limits.add_row([
            figure.quota.clone(),
            figure.unit.clone(),
            grouped(figure.published.into()),
            grouped(figure.measured),
            format!("{} ×", grouped(figure.headroom)),
        ]);
    }
    for (table, texts) in [(&mut engines, 2), (&mut workloads, 2), (&mut limits, 2)] {
        for column in table.column_iter_mut().skip(texts) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{engines}\n\n{workloads}\n\n{limits}")
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING.header_separator(LineStyle::none().fill('─')));
    table.set_header(header);
    table
}

/// A number without decimals, its digits in groups of three; small ones keep two significant digits.
fn grouped(number: f64) -> String {
    if number < 10.0 && number.fract() != 0.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::grouped;

    #[rstest]
    #[case(0.0, "0")]
    #[case(2.54, "2.5")]
    #[case(800.0, "800")]
    #[case(31_536_000.2, "31,536,000")]
    fn digits_stand_in_groups_of_three(#[case] number: f64, #[case] text: &str) {
        assert_eq!(grouped(number), text);
    }
}
