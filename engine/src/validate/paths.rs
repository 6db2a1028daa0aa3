//! Paths, Reference Paths, intrinsic functions and resources as the values of fields.

use serde_json::Value;

use super::{
    MachineType,
    fields::Roots,
    validator::{Validator, quote},
};
use crate::{
    diagnostic::Code,
    intrinsic::Invocation,
    path::{Path, ReferencePath, Root, SyntaxError},
    profile::Profile,
};

/// Most regular expressions in the Paths of one definition. They are costly to compile, so that a document full of them
/// would take much longer to read than any other.
const MAX_PATTERNS: usize = 200;
/// The operator that matches a regular expression (PATH-042).
const MATCHES: &str = "=~";

/// Whether a literal was probably meant as a Path. A lone dollar sign more often is a currency.
pub(super) fn looks_like_path(text: &str, profile: Profile) -> bool {
    text.len() > 1 && text.starts_with('$') && !text.contains(MATCHES) && Path::parse(text, profile).is_ok()
}

/// Whether a literal was probably meant as an intrinsic function.
pub(super) fn looks_like_invocation(text: &str, profile: Profile) -> bool {
    text.starts_with("States.") && !text.contains(MATCHES) && Invocation::parse(text, profile).is_ok()
}

impl<'d> Validator<'d> {
    /// `InputPath`, `OutputPath`, `Variable` and the operands of `...Path` operators.
    pub(super) fn path_field(&mut self, rule: &'static str, value: &'d Value, nullable: bool) {
        match value {
            Value::Null if nullable => {}
            Value::String(text) => self.path(rule, text),
            other => self.wrong_type(rule, if nullable { "a Path or null" } else { "a Path" }, other),
        }
    }

    /// A Path (PATH-001, PATH-016).
    pub(super) fn path(&mut self, rule: &'static str, text: &str) {
        if !self.affords(text) {
            return;
        }
        match Path::parse(text, self.profile) {
            Ok(path) => self.root(path.root()),
            Err(error) => {
                let rule = self.where_no_invocation_is(rule, text);
                self.not_a(Code::InvalidPath, rule, "a Path", text, &error);
            }
        }
    }

    /// A field that holds a Reference Path (PATH-025).
    pub(super) fn reference_path_field(&mut self, rule: &'static str, value: &'d Value, roots: Roots) {
        match value {
            Value::String(text) => {
                let root = self.reference_path(rule, text);
                if roots == Roots::InputOrVariable && root == Some(Root::Context) {
                    self.bad_root("PATH-026", text, "the input or a variable");
                }
            }
            other => self.wrong_type(rule, "a Reference Path", other),
        }
    }

    /// `ResultPath` (IO-015, IO-016, IO-017).
    pub(super) fn result_path(&mut self, rule: &'static str, value: &'d Value) {
        match value {
            Value::Null => {}
            Value::String(text) => match ReferencePath::parse(text, self.profile) {
                Ok(path) => match path.root() {
                    Root::Input => {}
                    Root::Context => self.bad_root("IO-016", text, "the input"),
                    Root::Variable(_) => self.bad_root("IO-017", text, "the input"),
                },
                Err(error) => self.not_a_reference_path(rule, text, &error),
            },
            other => self.wrong_type(rule, "a Reference Path or null", other),
        }
    }

    /// `ErrorPath` or `CausePath` (FAIL-008, FAIL-011).
    pub(super) fn string_path(&mut self, rule: &'static str, text: &str) {
        if text.starts_with('$') {
            self.reference_path(rule, text);
            return;
        }
        if let Some(invocation) = self.invocation(text)
            && self.profile.is_aws()
            && !invocation.may_return_string()
        {
            let message = format!("{} must give a string, and {} never does", self.report.subject(), quote(text));
            self.error(Code::InvalidIntrinsic, "FAIL-011", message);
        }
    }

    /// An invocation of an intrinsic function (INTR-SYNTAX-01, TMPL-010).
    pub(super) fn invocation(&mut self, text: &str) -> Option<Invocation> {
        if !self.affords(text) {
            return None;
        }
        match Invocation::parse(text, self.profile) {
            Ok(invocation) => {
                for path in invocation.paths() {
                    self.root(path.root());
                }
                Some(invocation)
            }
            Err(error) => {
                let rule = self.rule_of_invocations(text, error.offset);
                self.not_a(Code::InvalidIntrinsic, rule, "a Path or an intrinsic function", text, &error);
                None
            }
        }
    }

    /// The rule that the text of an invocation breaks at an offset.
    fn rule_of_invocations(&self, text: &str, offset: usize) -> &'static str {
        let rest = text.get(offset..).unwrap_or_default();
        if offset == 0 && rest.starts_with(char::is_whitespace) {
            return "TMPL-010";
        }
        match (rest.chars().next(), rest.split_once('(')) {
            (Some('"'), _) => "INTR-SYNTAX-12",
            (Some('\\'), _) => "INTR-SYNTAX-10",
            // A known function that is refused nests too deep.
            (_, Some((name, _))) if Invocation::parse(&format!("{name}()"), self.profile).is_ok() => "INTR-SYNTAX-08",
            (_, Some((name, _))) if name.starts_with("States.") => "INTR-SYNTAX-13",
            _ => "INTR-SYNTAX-01",
        }
    }

    /// Whether the regular expressions of a text are still affordable; reports it when not.
    fn affords(&mut self, text: &str) -> bool {
        let patterns = text.matches(MATCHES).count();
        self.patterns = self.patterns.saturating_add(patterns);
        let is_affordable = patterns == 0 || self.patterns <= MAX_PATTERNS;
        if !is_affordable {
            let message = format!("more than {MAX_PATTERNS} regular expressions in one definition are not supported");
            self.error(Code::Unsupported, "PATH-042", message);
        }
        is_affordable
    }

    fn reference_path(&mut self, rule: &'static str, text: &str) -> Option<Root> {
        match ReferencePath::parse(text, self.profile) {
            Ok(path) => {
                self.root(path.root());
                Some(path.root().clone())
            }
            Err(error) => {
                self.not_a_reference_path(rule, text, &error);
                None
            }
        }
    }

    /// A text that is a Path but no Reference Path breaks the rule that tells them apart.
    fn not_a_reference_path(&mut self, rule: &'static str, text: &str, error: &SyntaxError) {
        let rule = if text.contains(MATCHES) {
            rule
        } else {
            match Path::parse(text, self.profile) {
                Ok(_) if text.contains(['@', ',', ':', '?']) => "PATH-018",
                Ok(_) => "PATH-019",
                Err(_) => self.where_no_invocation_is(rule, text),
            }
        };
        self.not_a(Code::InvalidReferencePath, rule, "a Reference Path", text, error);
    }

    /// The rule that a text breaks in a field of Paths: intrinsic functions have one of their own.
    fn where_no_invocation_is(&self, rule: &'static str, text: &str) -> &'static str {
        let is_such_a_field = matches!(self.report.subject(), "InputPath" | "OutputPath" | "ResultPath" | "Variable");
        if is_such_a_field && looks_like_invocation(text, self.profile) { "INTR-SYNTAX-17" } else { rule }
    }

    fn not_a(&mut self, code: Code, rule: &'static str, expected: &str, text: &str, error: &SyntaxError) {
        let message = format!("{} must be {expected}, not {}: {error}", self.report.subject(), quote(text));
        self.error(code, rule, message);
    }

    fn bad_root(&mut self, rule: &'static str, text: &str, expected: &str) {
        let message = format!("{} must start from {expected}, unlike {}", self.report.subject(), quote(text));
        self.error(Code::InvalidReferencePath, rule, message);
    }

    fn root(&mut self, root: &Root) {
        if let Root::Variable(name) = root {
            self.reference(name);
        }
    }

    /// A `Resource` (TASK-001, LINT-022): a URI in the sense of RFC 3986. What the interpreter can do with it is not
    /// part of the language.
    pub(super) fn resource(&mut self, rule: &'static str, text: &str) {
        if !is_uri(text) {
            let message = format!("{} must be a URI such as an ARN, not {}", self.report.subject(), quote(text));
            self.error(Code::InvalidResource, "LINT-022", message);
        } else if self.machine_type == MachineType::Express && rule == "TASK-001" && waits_for_others(text) {
            let message = format!("a machine of type Express cannot wait for {}", quote(text));
            self.error(Code::InvalidResource, "TASK-028", message);
        }
    }
}

/// Whether a text is a scheme, a colon, and more characters that a URI may have.
pub(super) fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.chars().all(|other| other.is_ascii_alphanumeric() || "+-.".contains(other));
    let may_stand = |other: char| other.is_ascii_graphic() && !r#""<>\^`{|}"#.contains(other);
    let is_escape = |rest: &str| rest.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    is_scheme && !rest.is_empty() && rest.chars().all(may_stand) && rest.split('%').skip(1).all(is_escape)
}

/// Whether a resource is an activity or has an integration pattern that an Express machine lacks (TASK-028).
fn waits_for_others(resource: &str) -> bool {
    let patterns = [".sync", ".sync:2", ".waitForTaskToken"];
    resource.contains(":activity:") || patterns.iter().any(|pattern| resource.ends_with(pattern))
}
