//! Embeds the case files and the lists of known failures, so that a suite linked into another crate needs no files.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let mut source = String::new();
    embed(&root, "cases", "json", "CASE_FILES", &mut source)?;
    embed(&root, "known", "toml", "KNOWN_FILES", &mut source)?;
    fs::write(Path::new(&variable("OUT_DIR")?).join("embedded.rs"), source)
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}

/// Writes a constant that lists the files with `extension` below `folder`: relative path and text, ordered by path.
fn embed(root: &Path, folder: &str, extension: &str, constant: &str, source: &mut String) -> io::Result<()> {
    println!("cargo::rerun-if-changed={folder}");
    let base = root.join(folder);
    let mut files = Vec::new();
    collect(&base, extension, &mut files)?;
    files.sort();
    let _ = writeln!(source, "pub(crate) const {constant}: &[(&str, &str)] = &[");
    for file in files {
        let relative = file.strip_prefix(&base).map_err(io::Error::other)?;
        let name = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        // No absolute path: a target folder may outlive the checkout that filled it.
        let path = format!("/{folder}/{name}");
        let _ = writeln!(source, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),");
    }
    let _ = writeln!(source, "];");
    Ok(())
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, extension, files)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            files.push(path);
        }
    }
    Ok(())
}
