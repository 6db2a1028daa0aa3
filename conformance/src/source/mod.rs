//! Definitions as they stand in files: JSON or YAML, alone or embedded in a template of CloudFormation or SAM, with the
//! place of every value for whoever has to mend it.

mod help;
mod json;
mod render;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

use std::{borrow::Cow, path::Path, sync::Arc};

use asl_engine::{
    diagnostic::{Code, Diagnostic, Severity},
    json as strict,
    profile::Profile,
    quotas::json_bytes,
    validate::{self, MachineType},
};
use serde_json::Value;

pub use render::render;
pub use tree::{Content, Member, Node, Span, Step};

/// Bytes of the largest file that is read: eight times the quotas of a definition and of a template.
pub const MAX_FILE: u64 = 8 << 20;

/// A file with definitions.
#[derive(Clone, Debug)]
pub struct Source {
    /// The definitions, in the order of the file.
    pub definitions: Vec<Definition>,
    /// What a person should know about the file beside the findings, one line each.
    pub notes: Vec<String>,
}

/// One definition of a file.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The logical id of the machine, in a template.
    pub logical_id: Option<String>,
    /// JSON Pointer to the definition in the file; empty for a file that is one.
    pub pointer: String,
    /// The machine type, where a template gives it.
    pub machine_type: Option<MachineType>,
    /// What an excerpt names as the file.
    file: String,
    /// The text that excerpts are taken from.
    text: Arc<str>,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    /// A JSON text, which begins at an offset of the text of the definition.
    Text { json: String, offset: usize },
    /// A document with places.
    Tree(Node),
    /// Nothing that could be read.
    Unreadable(Diagnostic, Span),
}

/// The languages of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Yaml,
}

impl Format {
    /// The name of the file decides, then the first character.
    fn of(name: &str, text: &str) -> Self {
        match Path::new(name).extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml") => Self::Yaml,
            Some("json") => Self::Json,
            _ if text.trim_start().starts_with(['{', '[', '"']) || text.trim().is_empty() => Self::Json,
            _ => Self::Yaml,
        }
    }
}

impl Source {
    /// Reads the content of the file `name`. What cannot be read is a definition with one finding.
    #[must_use]
    pub fn read(name: &str, content: Vec<u8>) -> Self {
        let text = match String::from_utf8(content) {
            Ok(text) => Arc::<str>::from(text),
            Err(error) => return Self::from(not_utf8(name, error.as_bytes())),
        };
        match Format::of(name, &text) {
            Format::Json => match json::read_template(&text) {
                Some(root) => template::definitions(name, &text, &root),
                None => Self::from(Definition::new(name, &text, Form::Text { json: text.to_string(), offset: 0 })),
            },
            Format::Yaml => match yaml::read(&text) {
                Ok(Some(root)) if template::is_template(&root) => template::definitions(name, &text, &root),
                Ok(Some(root)) => Self::from(Definition::new(name, &text, Form::Tree(root))),
                Ok(None) => Self::from(Definition::new(name, &text, Form::Text { json: String::new(), offset: 0 })),
                Err(refusal) => Self::from(Definition::refused(name, &text, refusal)),
            },
        }
    }
}

impl From<Definition> for Source {
    fn from(definition: Definition) -> Self {
        Self { definitions: vec![definition], notes: Vec::new() }
    }
}

impl Definition {
    fn new(file: &str, text: &Arc<str>, form: Form) -> Self {
        Self {
            logical_id: None,
            pointer: String::new(),
            machine_type: None,
            file: file.to_owned(),
            text: Arc::clone(text),
            form,
        }
    }

    fn refused(file: &str, text: &Arc<str>, refusal: yaml::Refusal) -> Self {
        let (line, column) = line_and_column(text, refusal.span.start);
        let requirement = if refusal.code == Code::TooDeeplyNested { "LINT-023" } else { "STRUCT-002" };
        let message = format!("the definition is not YAML: {} at line {line} column {column}", refusal.message);
        let finding =
            Diagnostic { code: refusal.code, severity: Severity::Error, location: String::new(), message, requirement };
        Self::new(file, text, Form::Unreadable(finding, refusal.span))
    }

    /// What a person calls the definition: the file, and the logical id in a template.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.logical_id {
            Some(id) => format!("{}: {id}", self.file.split('#').next().unwrap_or_default()),
            None => self.file.clone(),
        }
    }

    /// What the validator finds. Of a definition in a template, values that the deployment fills in are not judged.
    #[must_use]
    pub fn findings(&self, profile: Profile) -> Vec<Diagnostic> {
        let machine_type = self.machine_type.unwrap_or_default();
        let (value, mut findings) = match &self.form {
            Form::Unreadable(finding, _) => return vec![finding.clone()],
            Form::Text { json, .. } => match validate::validate_text_as(json, profile, machine_type) {
                (None, findings) => return findings,
                (Some(value), findings) => (value, findings),
            },
            Form::Tree(root) => {
                let value = root.to_value();
                let mut findings: Vec<_> = root.duplicates().into_iter().map(validate::duplicate_key).collect();
                findings.extend(validate::validate_as(&value, profile, machine_type));
                (value, findings)
            }
        };
        if self.logical_id.is_some() {
            findings.retain(|finding| !value.pointer(&finding.location).is_some_and(template::is_open));
        }
        findings
    }

    /// The document, if it could be read. In a template, a `Resource` that the deployment fills in becomes an ARN.
    #[must_use]
    pub fn value(&self) -> Option<Value> {
        let mut value = match &self.form {
            Form::Text { json, .. } => strict::parse_value(json).ok(),
            Form::Tree(root) => Some(root.to_value()),
            Form::Unreadable(..) => None,
        };
        if self.logical_id.is_some() {
            value.iter_mut().for_each(template::fill);
        }
        value
    }

    /// Length of its JSON text in bytes; a YAML document counts as the shortest JSON text that says the same.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match &self.form {
            Form::Text { json, .. } => json.len(),
            Form::Tree(root) => json_bytes(&root.to_value()),
            Form::Unreadable(..) => 0,
        }
    }

    /// The document with its places in [`Definition::text`], if it could be read.
    fn tree(&self) -> Option<Cow<'_, Node>> {
        match &self.form {
            // The reader of places would take more than JSON.
            Form::Text { json, .. } if strict::parse_value(json).is_err() => None,
            Form::Text { json, offset } => json::read(json, *offset).map(Cow::Owned),
            Form::Tree(root) => Some(Cow::Borrowed(root)),
            Form::Unreadable(..) => None,
        }
    }

    /// The place where reading failed.
    fn fault(&self) -> Span {
        match &self.form {
            Form::Unreadable(_, span) => span.clone(),
            Form::Text { json, offset } => match strict::parse(json) {
                Err(error) => {
                    let at = offset + byte_at(json, error.line, error.column);
                    at..at
                }
                Ok(_) => *offset..*offset,
            },
            Form::Tree(root) => root.span.clone(),
        }
    }
}

fn not_utf8(name: &str, bytes: &[u8]) -> Definition {
    let text = Arc::<str>::from(String::from_utf8_lossy(bytes));
    let valid = text.find(char::REPLACEMENT_CHARACTER).unwrap_or_default();
    let span = valid..valid + char::REPLACEMENT_CHARACTER.len_utf8();
    let message = strict::parse_slice(bytes).map_or_else(|error| error.to_string(), |_| String::new());
    let finding = Diagnostic {
        code: Code::InvalidJsonDescription,
        severity: Severity::Error,
        location: String::new(),
        message,
        requirement: "STRUCT-002",
    };
    Definition::new(name, &text, Form::Unreadable(finding, span))
}

/// The byte at a line and column as the strict parser counts them.
fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let start = match line.saturating_sub(1) {
        0 => 0,
        before => text.match_indices('\n').nth(before - 1).map_or(text.len(), |(end, _)| end + 1),
    };
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Line and column of a byte, both from 1, the column in characters.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
