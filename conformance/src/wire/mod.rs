//! The wire protocol: an engine in another process, in any language, behind lines of JSON.
//!
//! The runner starts the process and writes messages to its standard input; the engine answers on its standard output.
//! Every message is an object on a line of its own, in UTF-8; `wire.schema.json` describes them all, and `WIRE.md` shows
//! an exchange. What the engine writes to its standard error is kept for the verdict of a crash.
//!
//! The runner asks for one run at a time. Nothing of what a case expects is sent, and calls of Task states come back to
//! the runner, which has the script.

mod connection;
mod process;
mod serve;

use serde::{Deserialize, Serialize};

use crate::{
    engine::{Description, Reply, Request},
    script::{TaskAnswer, TaskCall},
};

pub use process::{Process, factory};
pub use serve::serve;

/// Version of the protocol.
pub const PROTOCOL: u32 = 1;

/// Longest line that is read, in bytes, its end included.
pub const MAX_LINE: usize = 64 << 20;

/// What the runner says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ToEngine<'c> {
    /// The first message, answered by [`FromEngine::Started`].
    Start {
        /// [`PROTOCOL`].
        protocol: u32,
    },
    /// Validate or run a machine; answered by any number of [`FromEngine::Task`] and one [`FromEngine::Reply`].
    Run {
        /// Number of the run; every message about it carries it.
        seq: u64,
        /// The machine and what to do with it.
        #[serde(flatten)]
        request: Box<Request<'c>>,
    },
    /// The answer to a call of a task.
    Task {
        /// Number of the run.
        seq: u64,
        /// What the worker answers, and when.
        #[serde(flatten)]
        answer: TaskAnswer,
    },
    /// The last message: the process is to end.
    Stop,
}

/// What the engine says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum FromEngine {
    /// The engine is ready.
    Started {
        /// The version of the protocol that it speaks: [`PROTOCOL`].
        protocol: u32,
        /// Who it is and what it can do.
        #[serde(flatten)]
        description: Description,
    },
    /// A Task state calls its task; answered by [`ToEngine::Task`].
    Task {
        /// Number of the run.
        seq: u64,
        /// The call.
        #[serde(flatten)]
        call: TaskCall,
    },
    /// The end of a run.
    Reply {
        /// Number of the run.
        seq: u64,
        /// What came of it.
        #[serde(flatten)]
        reply: Reply,
    },
}
