//! Running targets on files, without a fuzzer.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use crate::{Target, target};

/// The program: replays the files and folders named by its arguments; with `--show`, prints what their bytes stand for
/// instead.
///
/// Exit codes: 0 when every property holds, 2 for wrong usage and unreadable files; a violated property panics.
#[must_use]
pub fn main(name: &str) -> ExitCode {
    let (options, paths): (Vec<_>, Vec<_>) = env::args().skip(1).partition(|argument| argument.starts_with('-'));
    let Some(target) = target(name).filter(|_| !paths.is_empty() && options.iter().all(|option| option == "--show"))
    else {
        return refuse(&format!("usage: {name} [--show] FILE|FOLDER..."));
    };
    let show = !options.is_empty();
    let paths = paths.iter().map(Path::new);
    match paths.map(|path| replay(target, path, show)).sum::<io::Result<usize>>() {
        Ok(_) if show => ExitCode::SUCCESS,
        Ok(count) => {
            eprintln!("{name}: {count} inputs hold");
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error.to_string()),
    }
}

fn refuse(message: &str) -> ExitCode {
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
