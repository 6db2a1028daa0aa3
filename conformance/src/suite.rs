//! The cases: those that are part of this crate, and those in files.

use std::{fs, path::Path, sync::Arc};

use serde_json::Value;
use thiserror::Error;

use crate::case::Case;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A list of cases, ordered by file.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// Every case that could be read.
    pub cases: Vec<Arc<Case>>,
    /// The text of every file.
    pub files: Vec<CaseFile>,
    /// What could not be read. A suite with faults must not be reported as run in full.
    pub faults: Vec<LoadFault>,
}

/// A case file.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// `<area>/<topic>.json` for an embedded file, its path for another.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// A file or a case that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}{}: {reason}", .case.as_ref().map_or(String::new(), |case| format!(", case {case}")))]
pub struct LoadFault {
    /// Name of the file.
    pub file: String,
    /// Id of the case, or its number if it has none; absent if the whole file cannot be read.
    pub case: Option<String>,
    /// What is wrong.
    pub reason: String,
}

impl Suite {
    /// The cases that are part of this crate.
    #[must_use]
    pub fn embedded() -> Self {
        Self::from_texts(CASE_FILES.iter().map(|(name, text)| (*name, (*text).to_owned())))
    }

    /// The cases of files in memory: name and content of each.
    #[must_use]
    pub fn from_texts<'n>(files: impl IntoIterator<Item = (&'n str, String)>) -> Self {
        let mut suite = Self::default();
        for (name, text) in files {
            suite.add(CaseFile { name: name.to_owned(), text });
        }
        suite
    }

    /// The cases of files, and of all `.json` files below folders.
    #[must_use]
    pub fn from_paths<P: AsRef<Path>>(paths: &[P]) -> Self {
        let mut suite = Self::default();
        for path in paths {
            suite.read(path.as_ref());
        }
        suite
    }

    /// The case with this id.
    #[must_use]
    pub fn case(&self, id: &str) -> Option<&Arc<Case>> {
        self.cases.iter().find(|case| case.id == id)
    }

    fn read(&mut self, path: &Path) {
        let name = path.display().to_string();
        if path.is_dir() {
            match fs::read_dir(path).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect()) {
                Ok(entries) => {
                    let mut entries: Vec<_> = entries;
                    entries.retain(|entry| entry.is_dir() || entry.extension().is_some_and(|found| found == "json"));
                    entries.sort();
                    entries.iter().for_each(|entry| self.read(entry));
                }
                Err(error) => self.fault(&name, None, error),
            }
            return;
        }
        match fs::read_to_string(path) {
            Ok(text) => self.add(CaseFile { name, text }),
            Err(error) => self.fault(&name, None, error),
        }
    }

    fn add(&mut self, file: CaseFile) {
        match entries(&file.text) {
            Ok(entries) => {
                for (number, entry) in (1..).zip(entries) {
                    let id = entry.get("id").and_then(Value::as_str).map_or(format!("#{number}"), str::to_owned);
                    match serde_json::from_value(entry) {
                        Ok(case) => self.cases.push(Arc::new(case)),
                        Err(error) => self.fault(&file.name, Some(id), error),
                    }
                }
            }
            Err(reason) => self.fault(&file.name, None, reason),
        }
        self.files.push(file);
    }

    fn fault(&mut self, file: &str, case: Option<String>, reason: impl ToString) {
        self.faults.push(LoadFault { file: file.to_owned(), case, reason: reason.to_string() });
    }
}

/// The cases of a file, unread.
///
/// # Errors
/// A sentence about a file that is not an object with a list of cases.
pub fn entries(text: &str) -> Result<Vec<Value>, String> {
    let mut document: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match document.get_mut("cases").map(Value::take) {
        Some(Value::Array(entries)) => Ok(entries),
        _ => Err("an object with an array `cases` is needed".to_owned()),
    }
}
