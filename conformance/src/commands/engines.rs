//! The engine that a command line chooses.

use std::{fmt::Display, time::Duration};

use asl_conformance::{factory, reference::Reference, runner::Factory, wire};

use super::CommandError;

/// Names that `--engine` takes.
pub(crate) const NAMES: [&str; 1] = ["reference"];

/// Makes an engine; with it, how long a runner waits for it.
pub(crate) type Chosen = (Factory, Duration);

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
    /// The chosen engine.
    pub(crate) fn choose(&self) -> Result<Chosen, CommandError> {
        let limit = Duration::from_secs(self.timeout);
        match &self.command {
            Some(command) => Ok(behind(command, limit)),
            None => Ok((named(&self.engine)?, limit)),
        }
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
    /// The chosen engines.
    pub(crate) fn choose(&self) -> Result<Vec<Chosen>, CommandError> {
        let limit = Duration::from_secs(self.timeout);
        let engines = self.engines.iter().map(|name| Ok((named(name)?, limit)));
        engines.chain(self.commands.iter().map(|command| Ok(behind(command, limit)))).collect()
    }
}

/// The engine behind a command. It watches its time itself, and may be started anew within a run.
fn behind(command: &str, limit: Duration) -> Chosen {
    (wire::factory(command, limit), limit * 2 + Duration::from_secs(5))
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
