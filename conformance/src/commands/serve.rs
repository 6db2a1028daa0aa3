//! `serve`: the reference interpreter behind the wire protocol.

use std::io;

use asl_conformance::{reference::Reference, wire};

use super::{CommandError, CommandResult, Exit};

pub(crate) fn run() -> CommandResult {
    match wire::serve(&mut Reference, io::stdin().lock(), io::stdout().lock()) {
        // A runner that has gone away asks no more.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Expected),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(CommandError::usage(error)),
        Err(error) => Err(CommandError::harness(error)),
        Ok(()) => Ok(Exit::Expected),
    }
}
