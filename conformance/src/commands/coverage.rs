//! `coverage`: which requirements have a case.

use asl_conformance::{
    coverage::{Count, Coverage},
    suite::Suite,
};

use super::{CommandResult, Exit, print, print_json};

/// Arguments of `coverage`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Exit with 1 if a requirement has no case
    #[arg(long)]
    strict: bool,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let coverage = Coverage::of(&Suite::embedded());
    if options.json {
        print_json(&coverage)?;
    } else {
        let mut lines: Vec<_> = coverage.prefixes.iter().map(|(prefix, count)| line(prefix, count)).collect();
        lines.push(line("total", &coverage.counted));
        lines.push(line("MAY", &coverage.may));
        lines.push(format!("beyond any case: {}", coverage.unobservable.join(" ")));
        print(&lines.join("\n"))?;
    }
    let gap = !coverage.counted.uncovered.is_empty();
    Ok(if options.strict && gap { Exit::Nonconforming } else { Exit::Expected })
}

fn line(name: &str, count: &Count) -> String {
    format!("{name:<8}{:>4} of {:>4}  {}", count.covered, count.total, count.uncovered.join(" ")).trim_end().to_owned()
}
