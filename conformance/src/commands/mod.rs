//! What the subcommands do.

pub(crate) mod bench;
pub(crate) mod cases;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod coverage;
pub(crate) mod engines;
pub(crate) mod exec;
pub(crate) mod fuzz;
pub(crate) mod promote;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod scope;
pub(crate) mod serve;

use std::{
    fmt::Display,
    fs,
    io::{self, Read, Write},
    path::Path,
};

use asl_conformance::source::{MAX_FILE, Source};
use serde_json::Value;

/// Exit codes: a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Everything is as expected.
    Expected = 0,
    /// The engine does not conform, a definition is invalid, a rule is broken.
    Nonconforming = 1,
    /// The arguments make no sense.
    Usage = 2,
    /// The suite itself failed.
    Harness = 3,
    /// No case was chosen, or none is supported.
    NothingRan = 4,
}

/// Why a command gave up.
#[derive(Debug)]
pub(crate) struct CommandError {
    pub message: String,
    pub exit: Exit,
}

impl CommandError {
    pub fn usage(message: impl ToString) -> Self {
        Self { message: message.to_string(), exit: Exit::Usage }
    }

    pub fn harness(message: impl ToString) -> Self {
        Self { message: message.to_string(), exit: Exit::Harness }
    }
}

pub(crate) type CommandResult = Result<Exit, CommandError>;

/// Prints to standard output; a reader that has gone away is no failure.
pub(crate) fn print(text: &str) -> Result<(), CommandError> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.write_all(b"\n")).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::harness(error)),
        _ => Ok(()),
    }
}

/// Prints text with escape sequences for colours, which are left out where there is no terminal or `NO_COLOR` is set.
pub(crate) fn print_styled(text: &str) -> Result<(), CommandError> {
    let mut output = anstream::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CommandError::harness(error)),
        _ => Ok(()),
    }
}

/// Prints a JSON value.
pub(crate) fn print_json(value: &impl serde::Serialize) -> Result<(), CommandError> {
    print(&serde_json::to_string_pretty(value).map_err(CommandError::harness)?)
}

/// The text of a file that an argument names.
pub(crate) fn read(path: &Path) -> Result<String, CommandError> {
    fs::read_to_string(path).map_err(|error| CommandError::usage(format!("{}: {error}", path.display())))
}

/// A file that an argument names, made before there is anything to write: whoever names one that cannot be made learns it
/// before the work is done.
pub(crate) struct Output<'p> {
    path: &'p Path,
    file: fs::File,
}

impl<'p> Output<'p> {
    pub(crate) fn create(path: &'p Path) -> Result<Self, CommandError> {
        let failed = |error| CommandError::usage(format!("{}: {error}", path.display()));
        Ok(Self { path, file: fs::File::create(path).map_err(failed)? })
    }

    /// Writes the file with `write`.
    pub(crate) fn write(self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CommandError> {
        let mut file = io::BufWriter::new(self.file);
        let written = write(&mut file).and_then(|()| file.flush());
        written.map_err(|error| CommandError::harness(format!("{}: {error}", self.path.display())))
    }

    /// Writes a document.
    pub(crate) fn document<E: Display>(self, document: Result<String, E>) -> Result<(), CommandError> {
        let document = document.map_err(CommandError::harness)?;
        self.write(|file| file.write_all(document.as_bytes()))
    }
}

/// The definitions in a file that an argument names.
pub(crate) fn read_source(path: &Path) -> Result<Source, CommandError> {
    let name = path.display().to_string();
    let failed = |error: io::Error| CommandError::usage(format!("{name}: {error}"));
    let mut content = Vec::new();
    fs::File::open(path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut content)).map_err(failed)?;
    if content.len() as u64 > MAX_FILE {
        return Err(CommandError::usage(format!("{name}: larger than {} MiB", MAX_FILE >> 20)));
    }
    Ok(Source::read(&name, content))
}

/// The value of an argument that is JSON, or `@` and the name of a file with it.
pub(crate) fn json_argument(name: &str, text: &str) -> Result<Value, CommandError> {
    let text = match text.strip_prefix('@') {
        Some(path) => read(Path::new(path))?,
        None => text.to_owned(),
    };
    match asl_engine::json::parse(&text) {
        Ok(parsed) => Ok(parsed.value),
        Err(error) => Err(CommandError::usage(format!("{name}: {error}"))),
    }
}
