//! Collects findings, and knows where in the document the validator is.

use crate::{
    diagnostic::{Code, Diagnostic, Severity},
    json,
};

/// Bytes of messages and locations after which only a first error is still taken. Without a bound, findings about many
/// members below one very long name would repeat that name and take memory quadratic in the document.
const MAX_TEXT: usize = 16 << 20;

/// One step of a JSON Pointer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'d> {
    /// A member of an object.
    Name(&'d str),
    /// An element of an array.
    Index(usize),
}

/// The findings so far and the place of the value under inspection.
#[derive(Debug, Default)]
pub(super) struct Report<'d> {
    place: Vec<Token<'d>>,
    findings: Vec<Diagnostic>,
    text: usize,
    invalid: bool,
}

impl<'d> Report<'d> {
    /// Goes to a member or element of the present value.
    pub(super) fn enter(&mut self, token: Token<'d>) {
        self.place.push(token);
    }

    /// Goes back up.
    pub(super) fn leave(&mut self) {
        self.place.pop();
    }

    /// The name of the present value, or of the nearest value around it that has one.
    pub(super) fn subject(&self) -> &'d str {
        let name = |token: &Token<'d>| match token {
            Token::Name(name) => Some(*name),
            Token::Index(_) => None,
        };
        self.place.iter().rev().find_map(name).unwrap_or("the definition")
    }

    /// How many findings there are.
    pub(super) fn len(&self) -> usize {
        self.findings.len()
    }

    /// Adds a finding about the present value.
    pub(super) fn add(&mut self, severity: Severity, code: Code, requirement: &'static str, message: String) {
        let is_first_error = severity == Severity::Error && !self.invalid;
        if self.text > MAX_TEXT && !is_first_error {
            return;
        }
        self.invalid |= severity == Severity::Error;
        let location = self.location();
        self.text = self.text.saturating_add(location.len()).saturating_add(message.len());
        self.findings.push(Diagnostic { code, severity, location, message, requirement });
    }

    /// The findings, in the order they were made.
    pub(super) fn into_findings(self) -> Vec<Diagnostic> {
        self.findings
    }

    fn location(&self) -> String {
        let mut pointer = String::new();
        for token in &self.place {
            match token {
                Token::Name(name) => json::push_pointer(&mut pointer, name),
                Token::Index(index) => json::push_pointer_index(&mut pointer, *index),
            }
        }
        pointer
    }
}
