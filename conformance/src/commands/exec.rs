//! `exec`: one definition on the reference interpreter.

mod store;

use std::path::PathBuf;

use asl_conformance::{
    case::{Limits, Profile, Tasks},
    reference::{self, Witness, Workers},
    script::Script,
    source::{self, Definition},
};
use asl_engine::{
    diagnostic::{Diagnostic, Severity},
    failure::StateError,
    history::History,
    machine::Machine,
    run::{Abort, End, Outcome},
    store::{MemoryStore, ObjectStore},
};
use serde_json::{Map, Value, json};

use super::{CommandError, CommandResult, Exit, json_argument, print, print_json, print_styled, read, read_source};
use store::DirectoryStore;

const EXAMPLES: &str = "\
Examples:
  asl-conformance exec order.asl.json --input '{\"id\": 7}' --tasks answers.json
  asl-conformance exec order.asl.yaml --input @order.json --context '{\"Execution\": {\"Name\": \"x\"}}'
  asl-conformance exec import.asl.json --store data --json --history

Time is virtual: a Wait of a year is over at once, and counts in 'elapsed'. A Task state takes its answers from the file \
of --tasks, attempt by attempt:
  {\"Charge\": [{\"error\": \"Busy\", \"cause\": \"try again\"}, {\"output\": {\"paid\": true}, \"seconds\": 2}],
   \"Notify\": [{\"echo\": true, \"times\": \"always\"}]}

Exits with 0 if the machine ran, whatever its outcome; 1 if the definition is invalid; 3 if the tasks file has no answer \
or the fuel is spent.";

/// Arguments of `exec`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Options {
    /// The definition in JSON or YAML, or a template with one
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The execution input
    #[arg(long, value_name = "JSON|@FILE", default_value = "{}")]
    input: String,
    /// What the Task states answer: the object `tasks` of a case
    #[arg(long, value_name = "FILE")]
    tasks: Option<PathBuf>,
    /// Members of the context object
    #[arg(long, value_name = "JSON|@FILE")]
    context: Option<String>,
    /// Serve item readers and writers from DIR/bucket/key
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
    /// The reading of the language
    #[arg(long, default_value = "aws")]
    profile: Profile,
    /// Enforce the published quotas of this machine type
    #[arg(long, value_name = "TYPE", value_parser = limits)]
    limits: Option<Limits>,
    /// Seed of everything random
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Transitions after which the run is given up
    #[arg(long, value_name = "N", default_value_t = asl_engine::run::Options::default().fuel)]
    fuel: u64,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Print the execution history
    #[arg(long)]
    history: bool,
}

pub(super) fn limits(text: &str) -> Result<Limits, String> {
    match text {
        "standard" => Ok(Limits::Standard),
        "standard-small-region" => Ok(Limits::StandardSmallRegion),
        "express" => Ok(Limits::Express),
        _ => Err("expected 'standard', 'standard-small-region' or 'express'".to_owned()),
    }
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let definition = definition(options)?;
    let input = json_argument("--input", &options.input)?;
    let tasks = tasks(options)?;
    let settings = asl_engine::run::Options {
        seed: options.seed,
        fuel: options.fuel,
        context: options.context.as_deref().map(|text| json_argument("--context", text)).transpose()?,
        quotas: options.limits.map(reference::quotas),
        ..asl_engine::run::Options::default()
    };
    let machine = match compile(&definition, options) {
        Ok(machine) => machine,
        Err(findings) => {
            if options.json {
                print_json(&json!({"status": "INVALID", "diagnostics": findings}))?;
            } else {
                print_styled(&source::render(&definition, &findings))?;
            }
            return Ok(Exit::Nonconforming);
        }
    };
    let mut script = Script::new(&tasks);
    let mut workers = Workers::new(&mut script, store(options)?);
    let history = options.history.then(|| History::starting_at(settings.start()));
    let mut witness = Witness { history, ..Witness::default() };
    let outcome = match asl_engine::run::run(&machine, input, &settings, &mut workers, &mut witness) {
        Ok(outcome) => outcome,
        Err(abort) if options.json => {
            print_json(&json!({"error": {"kind": kind(&abort), "message": abort.to_string()}}))?;
            return Ok(Exit::Harness);
        }
        Err(abort) => return Err(CommandError::harness(format!("{abort}{}", advice(&abort)))),
    };
    let report = report(outcome, witness);
    if options.json {
        print_json(&report)?
    } else {
        print(&text(&report))?
    }
    Ok(Exit::Expected)
}

/// The only definition of the file.
fn definition(options: &Options) -> Result<Definition, CommandError> {
    let file = options.file.display();
    let mut source = read_source(&options.file)?;
    let mut definition = match source.definitions.len() {
        1 => source.definitions.remove(0),
        0 => return Err(CommandError::usage(format!("{file}: {}", source.notes.join("; ")))),
        _ => {
            let ids = source.definitions.iter().filter_map(|definition| definition.logical_id.as_deref());
            let ids: Vec<_> = ids.collect();
            let message = format!("{file} holds {} state machines, and exec runs one: {}", ids.len(), ids.join(", "));
            return Err(CommandError::usage(message));
        }
    };
    if options.limits.is_some() {
        definition.machine_type = Some(reference::machine_type(options.limits));
    }
    Ok(definition)
}

fn compile(definition: &Definition, options: &Options) -> Result<Machine, Vec<Diagnostic>> {
    let quotas = options.limits.map(reference::quotas);
    if let Some(finding) = quotas.and_then(|quotas| quotas.definition_finding(definition.bytes())) {
        return Err(vec![finding]);
    }
    let findings = definition.findings(options.profile);
    match definition.value() {
        Some(document) if findings.iter().all(|finding| finding.severity != Severity::Error) => {
            Machine::compile(&document, options.profile)
        }
        _ => Err(findings),
    }
}

/// What to do about a run that came to no end.
fn advice(abort: &Abort) -> &'static str {
    match abort {
        Abort::OutOfFuel { .. } => " (raise it with --fuel)",
        Abort::Task(_) => " (--tasks FILE says what Task states answer)",
        Abort::Refused(_) | Abort::Unsupported(_) => "",
    }
}

fn tasks(options: &Options) -> Result<Tasks, CommandError> {
    let Some(path) = &options.tasks else { return Ok(Tasks::new()) };
    serde_json::from_str(&read(path)?).map_err(|error| CommandError::usage(format!("{}: {error}", path.display())))
}

fn store(options: &Options) -> Result<Box<dyn ObjectStore>, CommandError> {
    match &options.store {
        Some(root) if root.is_dir() => Ok(Box::new(DirectoryStore::new(root.clone()))),
        Some(root) => Err(CommandError::usage(format!("{}: not a folder", root.display()))),
        None => Ok(Box::new(MemoryStore::default())),
    }
}

fn kind(abort: &Abort) -> &'static str {
    match abort {
        Abort::OutOfFuel { .. } => "fuel",
        Abort::Task(_) => "tasks",
        Abort::Refused(_) => "refused",
        Abort::Unsupported(_) => "unsupported",
    }
}

/// The object that `--json` prints.
fn report(outcome: Outcome, witness: Witness) -> Value {
    let mut report = Map::new();
    let mut member = |name: &str, value: Value| drop(report.insert(name.to_owned(), value));
    let ended = match outcome.end {
        End::Succeeded(output) => {
            member("status", "SUCCEEDED".into());
            member("output", output);
            None
        }
        End::Failed(error) => Some(("FAILED", error)),
        End::TimedOut(error) => Some(("TIMED_OUT", error)),
        End::Stopped(error) => Some(("ABORTED", error)),
    };
    if let Some((status, StateError { error, cause })) = ended {
        member("status", status.into());
        member("error", error.map_or(Value::Null, |name| Value::from(name.into_owned())));
        member("cause", cause.into());
    }
    member("visited", witness.trace.visited.into());
    member("elapsed", outcome.elapsed.as_json().into());
    member("transitions", outcome.transitions.into());
    if let Some(history) = witness.history {
        member("events", history.into_events().into());
    }
    Value::Object(report)
}

/// The same for a person: a line a member.
fn text(report: &Value) -> String {
    let members = report.as_object().into_iter().flatten();
    let line = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        Value::Array(items) if name == "events" => {
            items.iter().map(|event| format!("event: {event}")).collect::<Vec<_>>().join("\n")
        }
        value => format!("{name}: {value}"),
    };
    members.map(line).collect::<Vec<_>>().join("\n")
}
