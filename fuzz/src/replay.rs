//! Running targets on files, without a fuzzer.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{TARGETS, Target, target};

const USAGE: &str = "\
usage: replay TARGET [--show] FILE|FOLDER...
  runs the target on each file; a violated property ends the program with its message
  --show  prints what the bytes of each file stand for, and does not run it";

/// The program: replays the files named by its arguments. Without a `name` the first argument names the target.
///
/// Exit codes: 0 when every property holds, 2 for wrong usage and unreadable files; a violated property panics.
#[must_use]
pub fn main(name: Option<&str>) -> ExitCode {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let show = arguments.iter().any(|argument| argument == "--show");
    arguments.retain(|argument| argument != "--show");
    let mut arguments = arguments.into_iter();
    let Some(name) = name.map(str::to_owned).or_else(|| arguments.next()) else { return usage(USAGE) };
    let Some(target) = target(&name) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        return usage(&format!("no target '{name}'; there are {}", names.join(", ")));
    };
    let paths: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    if paths.is_empty() {
        return usage(USAGE);
    }
    match paths.iter().try_fold(0, |count, path| Ok::<_, io::Error>(count + replay(target, path, show)?)) {
        Ok(_) if show => ExitCode::SUCCESS,
        Ok(count) => {
            eprintln!("{name}: {count} inputs hold");
            ExitCode::SUCCESS
        }
        Err(error) => usage(&error.to_string()),
    }
}

fn usage(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}

fn replay(target: &Target, path: &Path, show: bool) -> io::Result<usize> {
    let files = files(path)?;
    for file in &files {
        let data = fs::read(file)?;
        if show {
            writeln!(io::stdout(), "{}", (target.show)(&data))?;
        } else {
            // The last line before a violated property names its file.
            eprintln!("{}", file.display());
            (target.run)(&data);
        }
    }
    Ok(files.len())
}

/// The inputs at a path: the file itself, or the files of the folder in order of their names. Documents that are kept
/// beside regressions (`NAME.shown` beside `NAME`) are no inputs.
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
pub const DOCUMENT: &str = "shown";
