//! Running targets on files, without a fuzzer.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use crate::{Target, target};

/// What to do with the inputs.
#[derive(Clone, Copy, Debug)]
enum Task {
    /// Check the properties on each.
    Replay,
    /// Print what each stands for.
    Show,
    /// Check the properties over and over for some seconds.
    Measure(f64),
}

/// The program: replays the files and folders named by its arguments. With `--show` it prints what their bytes stand
/// for instead; with `--measure SECONDS` it runs them for so long and prints how many it ran in a second.
///
/// Exit codes: 0 when every property holds, 2 for wrong usage and unreadable files; a violated property panics.
#[must_use]
pub fn main(name: &str) -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let task = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--show", ..] => Some((Task::Show, 1)),
        ["--measure", seconds, ..] => {
            seconds.parse().ok().filter(|seconds| *seconds > 0.0).map(|seconds| (Task::Measure(seconds), 2))
        }
        _ => Some((Task::Replay, 0)),
    };
    let Some((target, (task, options))) = target(name).zip(task) else { return usage(name) };
    let paths = &arguments[options..];
    if paths.is_empty() || paths.iter().any(|path| path.starts_with("--")) {
        return usage(name);
    }
    match carry_out(target, task, paths) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&error.to_string()),
    }
}

fn usage(name: &str) -> ExitCode {
    refuse(&format!("usage: {name} [--show | --measure SECONDS] FILE|FOLDER..."))
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}

fn carry_out(target: &Target, task: Task, paths: &[String]) -> io::Result<()> {
    let found = paths.iter().map(|path| files(Path::new(path))).collect::<io::Result<Vec<_>>>()?.concat();
    let inputs = found.iter().map(fs::read).collect::<io::Result<Vec<_>>>()?;
    match task {
        Task::Show => inputs.iter().try_for_each(|data| writeln!(io::stdout(), "{}", (target.show)(data)))?,
        Task::Replay => {
            for (file, data) in found.iter().zip(&inputs) {
                // The last line before a violated property names its file.
                eprintln!("{}", file.display());
                (target.run)(data);
            }
            eprintln!("{}: {} inputs hold", target.name, inputs.len());
        }
        Task::Measure(seconds) => writeln!(io::stdout(), "{:.0}", speed(target, &inputs, seconds))?,
    }
    Ok(())
}

/// Executions of the inputs in a second, measured for about so many seconds.
#[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn speed(target: &Target, inputs: &[Vec<u8>], seconds: f64) -> f64 {
    let start = Instant::now();
    let mut executions = 0;
    while !inputs.is_empty() && start.elapsed().as_secs_f64() < seconds {
        inputs.iter().for_each(|data| (target.run)(data));
        executions += inputs.len();
    }
    executions as f64 / start.elapsed().as_secs_f64()
}

/// The inputs at a path: the file itself, or the files of the folder in order of their names. Documents that are kept
/// beside regressions (`NAME.document` beside `NAME`) are no inputs.
///
/// # Errors
/// When the path cannot be read.
pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        let is_document = file.extension().is_some_and(|extension| extension == DOCUMENT);
        if file.is_file() && !is_document {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Extension of what an input stands for, beside the input.
pub const DOCUMENT: &str = "document";
