//! The engine that a command line chooses.

use std::{fmt::Display, time::Duration};

use asl_conformance::{factory, reference::Reference, runner::Factory, wire};

use super::CommandError;

/// Names that `--engine` takes.
pub(crate) const NAMES: [&str; 1] = ["reference"];

/// The arguments that choose an engine.
#[derive(Debug, clap::Args)]
pub(crate) struct Selection {
    /// The engine under test
    #[arg(long, value_name = "NAME", default_value = "reference", value_parser = NAMES)]
    engine: String,
    /// Test the engine that this command of the shell starts and that speaks the wire protocol (conformance/WIRE.md)
    #[arg(long, value_name = "COMMAND", conflicts_with = "engine")]
    command: Option<String>,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
}

impl Selection {
    /// Makes the chosen engine.
    pub(crate) fn factory(&self) -> Result<Factory, CommandError> {
        match &self.command {
            Some(command) => Ok(wire::factory(command, self.limit())),
            None => named(&self.engine),
        }
    }

    /// How long a runner waits for the chosen engine. One that is a process watches its time itself, and may be started
    /// anew within a run.
    pub(crate) fn patience(&self) -> Duration {
        if self.command.is_some() { self.limit() * 2 + Duration::from_secs(5) } else { self.limit() }
    }

    fn limit(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}

/// The arguments that choose several engines.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
pub(crate) struct Several {
    /// An engine; may be given several times
    #[arg(long = "engine", value_name = "NAME", value_parser = NAMES)]
    engines: Vec<String>,
    /// An engine that a command of the shell starts and that speaks the wire protocol; may be given several times
    #[arg(long = "command", value_name = "COMMAND")]
    commands: Vec<String>,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
}

impl Several {
    /// Makes the chosen engines; with each, how long a runner waits for it.
    pub(crate) fn factories(&self) -> Result<Vec<(Factory, Duration)>, CommandError> {
        let select = |engine: &str, command| Selection { engine: engine.to_owned(), command, timeout: self.timeout };
        let named = self.engines.iter().map(|name| select(name, None));
        let commands = self.commands.iter().map(|command| select(NAMES[0], Some(command.clone())));
        named.chain(commands).map(|engine| Ok((engine.factory()?, engine.patience()))).collect()
    }
}

/// Makes the engine of one of [`NAMES`].
pub(crate) fn named(name: &str) -> Result<Factory, CommandError> {
    match name {
        "reference" => Ok(factory(Reference::default)),
        _ => Err(CommandError::usage(format!("no engine is called {name}"))),
    }
}

/// Why an engine cannot be tested at all.
pub(crate) fn cannot_start(fault: impl Display) -> CommandError {
    CommandError::harness(format!("the engine cannot be started: {fault}"))
}
