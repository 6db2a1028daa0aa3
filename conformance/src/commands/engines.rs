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
