//! The runner's side of the protocol: an engine that is another process.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::{FromEngine, PROTOCOL, ToEngine, connection::Connection};
use crate::{
    engine::{Description, Engine, Fault, Reply, Request},
    runner::Factory,
    script::TaskScript,
};

/// An engine behind a command. A process that crashed, kept silent or spoke nonsense is killed, and the next run gets a
/// new one.
pub struct Process {
    command: String,
    limit: Duration,
    description: Description,
    connection: Option<Connection>,
    seq: u64,
}

/// Makes engines of a command of the shell, each with `limit` to start and for each run.
#[must_use]
pub fn factory(command: &str, limit: Duration) -> Factory {
    let command = command.to_owned();
    Arc::new(move || Ok(Box::new(Process::start(&command, limit)?)))
}

impl Process {
    /// Starts a command of the shell, and asks the engine who it is.
    ///
    /// # Errors
    /// [`Fault`] when the command cannot be started, or does not say within `limit` who it is.
    pub fn start(command: &str, limit: Duration) -> Result<Self, Fault> {
        let (connection, description) = connect(command, limit, Instant::now() + limit)?;
        Ok(Self { command: command.to_owned(), limit, description, connection: Some(connection), seq: 0 })
    }

    /// Puts a run to the process, a new one if there is none. Tells whether it has said anything about this run.
    fn attempt(
        &mut self,
        request: &Request<'_>,
        tasks: &mut dyn TaskScript,
        deadline: Instant,
    ) -> (Result<Reply, Fault>, bool) {
        let mut has_spoken = false;
        let result = self.exchange(request, tasks, deadline, &mut has_spoken);
        if result.is_err() {
            self.connection = None;
        }
        (result, has_spoken)
    }

    fn exchange(
        &mut self,
        request: &Request<'_>,
        tasks: &mut dyn TaskScript,
        deadline: Instant,
        has_spoken: &mut bool,
    ) -> Result<Reply, Fault> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            empty => empty.insert(connect(&self.command, self.limit, deadline)?.0),
        };
        self.seq += 1;
        let current = self.seq;
        connection.send(&ToEngine::Run { seq: current, request: Box::new(request.clone()) })?;
        loop {
            match connection.receive(self.limit, deadline)? {
                FromEngine::Task { seq, call } if seq == current => {
                    *has_spoken = true;
                    connection.send(&ToEngine::Task { seq, answer: tasks.answer(&call)? })?;
                }
                FromEngine::Reply { seq, reply } if seq == current => return Ok(reply),
                FromEngine::Task { seq, .. } | FromEngine::Reply { seq, .. } => {
                    return Err(Fault::Protocol(format!("a message about run {seq} in run {current}")));
                }
                FromEngine::Started { .. } => return Err(Fault::Protocol(format!("a new start in run {current}"))),
            }
        }
    }
}

impl Engine for Process {
    fn describe(&self) -> Description {
        self.description.clone()
    }

    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        let deadline = Instant::now() + self.limit;
        let is_used = self.connection.is_some() && self.seq > 0;
        match self.attempt(request, tasks, deadline) {
            // Perhaps this is what the run before left behind: a process of its own tells.
            (Err(Fault::Crashed(_) | Fault::Protocol(_)), false) if is_used => self.attempt(request, tasks, deadline).0,
            (result, _) => result,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.stop();
        }
    }
}

fn connect(command: &str, limit: Duration, deadline: Instant) -> Result<(Connection, Description), Fault> {
    let mut connection =
        Connection::open(command).map_err(|error| Fault::Crashed(format!("it cannot be started: {error}")))?;
    connection.send(&ToEngine::Start { protocol: PROTOCOL })?;
    match connection.receive(limit, deadline)? {
        FromEngine::Started { protocol: PROTOCOL, description } if description.profiles.is_empty() => {
            Err(Fault::Protocol(format!("{} takes no profile", description.name)))
        }
        FromEngine::Started { protocol: PROTOCOL, description } => Ok((connection, description)),
        FromEngine::Started { protocol, .. } => {
            Err(Fault::Protocol(format!("it speaks version {protocol} of the protocol, and not {PROTOCOL}")))
        }
        _ => Err(Fault::Protocol("it does not say who it is first".to_owned())),
    }
}
