//! A child process that exchanges lines of JSON.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

use super::{FromEngine, MAX_LINE, ToEngine};
use crate::engine::Fault;

/// How long a process may take to end once it was told to, or has closed its output.
const GRACE: Duration = Duration::from_secs(1);
/// How often an ending process is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// Bytes that are kept of what the process last wrote to its standard error.
const LAST_WORDS: usize = 2_000;
/// Characters of a line that is no message which are shown.
const EXCERPT: usize = 200;

/// A running process. Reading and writing happen on threads, so that a process which does neither can be waited for.
pub(super) struct Connection {
    child: Child,
    outbox: Option<Sender<Vec<u8>>>,
    lines: Receiver<Line>,
    errors: Errors,
}

/// What comes out of a process; the end of its output closes the channel.
enum Line {
    Text(Vec<u8>),
    TooLong,
}

/// The last that a process wrote to its standard error.
struct Errors {
    tail: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Connection {
    /// Starts a command of the shell.
    pub(super) fn open(command: &str) -> io::Result<Self> {
        let mut child = shell(command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("the process has no pipes"));
        };
        let (outbox, messages) = mpsc::channel();
        // One line ahead: whoever floods the runner waits, and no memory is filled.
        let (inbox, lines) = mpsc::sync_channel(1);
        let tail = Arc::new(Mutex::new(Vec::new()));
        let (ended, end) = mpsc::channel();
        let spawn = |work: Box<dyn FnOnce() + Send>| thread::Builder::new().name("wire".to_owned()).spawn(work);
        spawn(Box::new(move || write_messages(stdin, &messages)))?;
        spawn(Box::new(move || read_lines(stdout, &inbox)))?;
        let kept = Arc::clone(&tail);
        spawn(Box::new(move || {
            keep_tail(stderr, &kept);
            drop(ended);
        }))?;
        Ok(Self { child, outbox: Some(outbox), lines, errors: Errors { tail, end } })
    }

    /// Hands a message to the process; one that is gone is noticed by [`Self::receive`].
    pub(super) fn send(&self, message: &ToEngine<'_>) -> Result<(), Fault> {
        let mut line = serde_json::to_vec(message).map_err(|error| Fault::Protocol(error.to_string()))?;
        line.push(b'\n');
        if let Some(outbox) = &self.outbox {
            let _ = outbox.send(line);
        }
        Ok(())
    }

    /// The next message of the process, which has `limit` in all for what it is asked, until `deadline`.
    pub(super) fn receive(&mut self, limit: Duration, deadline: Instant) -> Result<FromEngine, Fault> {
        match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Line::Text(line)) => parse(&line),
            Ok(Line::TooLong) => Err(Fault::Protocol(format!("a line of more than {} MiB", MAX_LINE >> 20))),
            Err(RecvTimeoutError::Timeout) => Err(Fault::TimedOut(limit.as_secs_f64())),
            Err(RecvTimeoutError::Disconnected) => Err(Fault::Crashed(self.last_words())),
        }
    }

    /// How a process that closed its output ended, and what it said.
    fn last_words(&mut self) -> String {
        let how = match self.wait() {
            Some(status) => status.to_string(),
            None => "it closed its standard output and went on".to_owned(),
        };
        let _ = self.errors.end.recv_timeout(GRACE / 4);
        let tail = self.errors.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let said = String::from_utf8_lossy(&tail);
        let said = said.trim();
        if said.is_empty() { how } else { format!("{how}\n{said}") }
    }

    /// Waits for the end of the process, for some time.
    fn wait(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + GRACE;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(LOOK),
                _ => return None,
            }
        }
    }

    /// Tells the process to end, and waits until it does, for some time.
    pub(super) fn stop(&mut self) {
        let _ = self.send(&ToEngine::Stop);
        self.outbox = None;
        self.wait();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            kill(&mut self.child);
            let _ = self.child.wait();
        }
    }
}

#[cfg(unix)]
fn shell(command: &str) -> Command {
    use std::os::unix::process::CommandExt as _;

    let mut shell = Command::new("sh");
    // A group of its own: what the shell starts is killed with it.
    shell.arg("-c").arg(command).process_group(0);
    shell
}

#[cfg(unix)]
fn kill(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};

    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if group.is_none_or(|group| kill_process_group(group, Signal::KILL).is_err()) {
        let _ = child.kill();
    }
}

#[cfg(not(unix))]
fn shell(command: &str) -> Command {
    let mut shell = Command::new("cmd");
    shell.arg("/C").arg(command);
    shell
}

#[cfg(not(unix))]
fn kill(child: &mut Child) {
    let _ = child.kill();
}

fn write_messages(mut stdin: ChildStdin, messages: &Receiver<Vec<u8>>) {
    for message in messages {
        if stdin.write_all(&message).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

fn read_lines(stdout: ChildStdout, inbox: &SyncSender<Line>) {
    let mut stdout = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let line = match stdout.by_ref().take(MAX_LINE as u64).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) if line.len() >= MAX_LINE && !line.ends_with(b"\n") => Line::TooLong,
            Ok(_) => Line::Text(line),
        };
        if inbox.send(line).is_err() {
            return;
        }
    }
}

fn keep_tail(mut stderr: ChildStderr, tail: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let surplus = tail.len().saturating_sub(LAST_WORDS);
        tail.drain(..surplus);
    }
}

/// The message on a line.
fn parse(line: &[u8]) -> Result<FromEngine, Fault> {
    let no_message = |error: String| {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end();
        let end = text.char_indices().nth(EXCERPT).map_or("", |_| " ...");
        let start: String = text.chars().take(EXCERPT).collect();
        Fault::Protocol(format!("no message: {error}\n{start}{end}"))
    };
    let text = std::str::from_utf8(line).map_err(|error| no_message(error.to_string()))?;
    let value = asl_engine::json::parse_value(text).map_err(|error| no_message(error.to_string()))?;
    serde_json::from_value(value).map_err(|error| no_message(error.to_string()))
}
