//! The engine's side of the protocol.

use std::io::{self, BufRead, Write};

use serde::Serialize;

use super::{FromEngine, PROTOCOL, ToEngine};
use crate::{
    engine::{Engine, Fault, Reply},
    script::{ScriptError, TaskAnswer, TaskCall, TaskScript},
};

/// Answers for `engine` until the runner says stop or goes away.
///
/// # Errors
/// What reading and writing fail with, and [`io::ErrorKind::InvalidData`] for a line that is no message for an engine,
/// or that comes out of turn.
pub fn serve(engine: &mut dyn Engine, input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut lines = input.lines();
    while let Some(message) = receive(&mut lines)? {
        match message {
            ToEngine::Start { .. } => {
                send(&mut output, &FromEngine::Started { protocol: PROTOCOL, description: engine.describe() })?;
            }
            ToEngine::Run { seq, request } => {
                let mut tasks = Remote { seq, lines: &mut lines, output: &mut output, failure: None };
                let reply = engine.run(&request, &mut tasks);
                if let Some(failure) = tasks.failure {
                    return Err(failure);
                }
                let reply = reply.unwrap_or_else(|fault: Fault| Reply::Error { message: fault.to_string() });
                send(&mut output, &FromEngine::Reply { seq, reply })?;
            }
            ToEngine::Task { .. } => return Err(invalid("an answer to no call")),
            ToEngine::Stop => break,
        }
    }
    Ok(())
}

fn receive(lines: &mut dyn Iterator<Item = io::Result<String>>) -> io::Result<Option<ToEngine<'static>>> {
    let Some(line) = lines.next() else { return Ok(None) };
    let value = asl_engine::json::parse_value(&line?).map_err(invalid)?;
    serde_json::from_value(value).map(Some).map_err(invalid)
}

fn send(output: &mut dyn Write, message: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, message)?;
    output.write_all(b"\n")?;
    output.flush()
}

fn invalid(error: impl ToString) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

/// The script of a case, on the other side.
struct Remote<'s> {
    seq: u64,
    lines: &'s mut dyn Iterator<Item = io::Result<String>>,
    output: &'s mut dyn Write,
    /// Why a call had no answer.
    failure: Option<io::Error>,
}

impl Remote<'_> {
    fn ask(&mut self, call: &TaskCall) -> io::Result<TaskAnswer> {
        send(self.output, &FromEngine::Task { seq: self.seq, call: call.clone() })?;
        match receive(self.lines)? {
            Some(ToEngine::Task { seq, answer }) if seq == self.seq => Ok(answer),
            _ => Err(invalid("no answer to a call")),
        }
    }
}

impl TaskScript for Remote<'_> {
    fn answer(&mut self, call: &TaskCall) -> Result<TaskAnswer, ScriptError> {
        self.ask(call).map_err(|failure| {
            self.failure = Some(failure);
            ScriptError::NotScripted(call.state.clone())
        })
    }
}
