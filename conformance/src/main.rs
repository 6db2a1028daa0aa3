//! The command line of the suite.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use commands::{Exit, bench, cases, check, compare, coverage, exec, fuzz, promote, report, run, serve};

/// Conformance suite for engines of the Amazon States Language
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run cases against an engine; the default
    #[command(after_long_help = "Examples:
  asl-conformance run
  asl-conformance run 'choice/*' --profile spec
  asl-conformance run --command 'python3 adapter.py' retry/
  asl-conformance run --report record.jsonl")]
    Run(run::Options),
    /// Run the same cases against several engines
    Compare(compare::Options),
    /// Print records of runs as tables, Markdown, HTML, JUnit XML or a badge
    Report(report::Options),
    /// List the cases
    #[command(after_long_help = "Examples:\n  asl-conformance list\n  asl-conformance list --json")]
    List(cases::ListOptions),
    /// Print one case
    #[command(after_long_help = "Example:\n  asl-conformance show errors/default/retrier-for-another-error")]
    Show(cases::ShowOptions),
    /// Tell which requirements have a case
    #[command(after_long_help = "Examples:\n  asl-conformance coverage\n  asl-conformance coverage --strict --json")]
    Coverage(coverage::Options),
    /// Check case files against the rules for cases
    #[command(
        after_long_help = "Examples:\n  asl-conformance lint\n  asl-conformance lint conformance/cases/map/*.json"
    )]
    Lint(cases::LintOptions),
    /// Validate definitions
    Check(check::Options),
    /// Run one definition on the reference interpreter
    Exec(exec::Options),
    /// Run random machines against an engine, and reduce what differs
    Fuzz(fuzz::Options),
    /// Make the beginning of a case from a finding of fuzz
    Promote(promote::Options),
    /// Measure the throughput of engines, and what is left of the published quotas
    #[command(after_long_help = "Examples:\n  asl-conformance bench\n  asl-conformance bench --json --time 5")]
    Bench(bench::Options),
    /// Answer the wire protocol (conformance/WIRE.md) as the reference interpreter, to try out what speaks it
    Serve,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        None => run::run(&arguments.run),
        Some(Command::Run(options)) => run::run(&options),
        Some(Command::Compare(options)) => compare::run(&options),
        Some(Command::Report(options)) => report::run(&options),
        Some(Command::List(options)) => cases::list(&options),
        Some(Command::Show(options)) => cases::show(&options),
        Some(Command::Coverage(options)) => coverage::run(&options),
        Some(Command::Lint(options)) => cases::lint(&options),
        Some(Command::Check(options)) => check::run(&options),
        Some(Command::Exec(options)) => exec::run(&options),
        Some(Command::Fuzz(options)) => fuzz::run(&options),
        Some(Command::Promote(options)) => promote::run(&options),
        Some(Command::Bench(options)) => bench::run(&options),
        Some(Command::Serve) => serve::run(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("error: {}", failure.message);
            failure.exit.into()
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
