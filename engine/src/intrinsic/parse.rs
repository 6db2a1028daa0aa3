//! The syntax of invocations (INTR-SYNTAX rows).

use serde_json::Value;

use super::{Argument, Call, function::Function, template::Template};
use crate::{
    json,
    path::{Path, SyntaxError},
    profile::Profile,
};

/// How deep invocations may nest, the outermost included (INTR-SYNTAX-08).
const MAX_NESTING: usize = 10;

/// Parses a text that is one invocation from end to end.
pub(super) fn invocation(text: &str, profile: Profile) -> Result<Call, SyntaxError> {
    let mut parser = Parser { text, at: 0, profile };
    let call = parser.invocation(1)?;
    match parser.rest() {
        "" => Ok(call),
        _ => Err(parser.expected("nothing after the closing parenthesis")),
    }
}

/// A string argument as written.
enum Text<'t> {
    /// What stands between the quotes, escapes included.
    Closed(&'t str),
    /// The closing quote is part of an escape.
    OpenEscape,
}

struct Parser<'t> {
    text: &'t str,
    /// Byte offset of what comes next.
    at: usize,
    profile: Profile,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.skip(expected.len_utf8());
        }
        found
    }

    /// The longest run of `belongs`, which is consumed.
    fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|character| !belongs(character)).unwrap_or(rest.len());
        self.skip(end);
        rest.get(..end).unwrap_or_default()
    }

    fn blanks(&mut self) {
        self.run(|character| matches!(character, ' ' | '\t' | '\n' | '\r'));
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError { offset: self.at, message: message.into() }
    }

    fn expected(&self, what: &str) -> SyntaxError {
        match self.rest().chars().next() {
            Some(found) => self.error(format!("expected {what}, found '{}'", found.escape_debug())),
            None => self.error(format!("expected {what}, found the end of the text")),
        }
    }

    /// `nesting` counts this invocation and those around it.
    fn invocation(&mut self, nesting: usize) -> Result<Call, SyntaxError> {
        let start = self.at;
        let name = self.run(is_name_character);
        if name.is_empty() {
            return Err(self.expected("the name of an intrinsic function"));
        }
        if !self.eat('(') {
            return Err(self.expected("'(' right after the name of the function"));
        }
        let at_name = |message: String| SyntaxError { offset: start, message };
        let function =
            Function::named(name).ok_or_else(|| at_name(format!("'{name}' is not an intrinsic function")))?;
        if nesting > MAX_NESTING {
            return Err(at_name(format!("invocations nest more than {MAX_NESTING} deep")));
        }
        let mut call = Call { function, template: None, arguments: Vec::new() };
        self.blanks();
        if self.eat(')') {
            return Ok(call);
        }
        loop {
            self.argument(&mut call, nesting)?;
            self.blanks();
            if self.eat(')') {
                return Ok(call);
            }
            if !self.eat(',') {
                return Err(self.expected("',' or ')' after an argument"));
            }
            self.blanks();
        }
    }

    fn argument(&mut self, call: &mut Call, nesting: usize) -> Result<(), SyntaxError> {
        let argument = match self.rest().chars().next() {
            Some('\'') => match self.string()? {
                Text::OpenEscape => Argument::OpenEscape,
                Text::Closed(raw) => {
                    if call.function == Function::Format && call.arguments.is_empty() && call.template.is_none() {
                        call.template = Some(Template::parse(raw));
                        return Ok(());
                    }
                    Argument::Literal(Value::String(unescape(raw)))
                }
            },
            Some('$') => Argument::Path(self.path()?),
            Some('-' | '0'..='9') => Argument::Literal(self.number()?),
            Some(character) if is_name_character(character) => self.word(nesting)?,
            Some('"') => return Err(self.error("strings are written in single quotes")),
            _ => return Err(self.expected("a string, a number, null, true, false, a Path or an invocation")),
        };
        call.arguments.push(argument);
        Ok(())
    }

    /// `null`, `true`, `false` or an invocation.
    fn word(&mut self, nesting: usize) -> Result<Argument, SyntaxError> {
        let start = self.at;
        let word = self.run(is_name_character);
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => {
                if !self.rest().starts_with('(') {
                    let message = format!("'{word}' is neither a value nor an invocation; strings need single quotes");
                    return Err(SyntaxError { offset: start, message });
                }
                self.at = start;
                return self.invocation(nesting.saturating_add(1)).map(Argument::Call);
            }
        };
        Ok(Argument::Literal(value))
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        let digits = self.run(|character| matches!(character, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
        json::parse_value(digits)
            .map_err(|error| SyntaxError { offset: start, message: format!("'{digits}': {}", error.message) })
    }

    /// Consumes a string argument. Only the reserved characters can be escaped (INTR-SYNTAX-10).
    fn string(&mut self) -> Result<Text<'t>, SyntaxError> {
        let start = self.at;
        self.skip(1);
        let body = self.rest();
        // An escaped quote where a string could end: should no other quote close the string, the escape was left open.
        let mut open_escape = None;
        let mut characters = body.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' => {
                    self.skip(at.saturating_add(1));
                    return Ok(Text::Closed(body.get(..at).unwrap_or_default()));
                }
                '\\' => match characters.next() {
                    Some((_, '\'')) if open_escape.is_none() => {
                        let after = characters.as_str();
                        let next = after.trim_start_matches([' ', '\t', '\n', '\r']);
                        if next.starts_with([',', ')']) {
                            open_escape = Some(body.len().saturating_sub(after.len()));
                        }
                    }
                    Some((_, escaped)) if is_reserved(escaped) => {}
                    Some((_, escaped)) => {
                        self.skip(at);
                        let escaped = escaped.escape_debug();
                        return Err(self.error(format!("'\\{escaped}' is not an escape: only ' {{ }} \\ are escaped")));
                    }
                    None => {}
                },
                _ => {}
            }
        }
        if let Some(end) = open_escape {
            self.skip(end);
            return Ok(Text::OpenEscape);
        }
        self.at = start;
        Err(self.error("the string is not closed"))
    }

    fn path(&mut self) -> Result<Path, SyntaxError> {
        let rest = self.rest();
        let text = rest.get(..path_length(rest)).unwrap_or(rest).trim_end_matches([' ', '\t', '\n', '\r']);
        let path = Path::parse(text, self.profile)
            .map_err(|error| SyntaxError { offset: error.offset.saturating_add(self.at), message: error.message })?;
        self.skip(text.len());
        Ok(path)
    }
}

/// How far a Path at the start of `rest` extends: up to a comma or a closing parenthesis that is not its own. Inside
/// its brackets and parentheses quoted names and regular expressions may hold any of these.
fn path_length(rest: &str) -> usize {
    let mut open = 0_usize;
    // The delimiter of the quoted name or regular expression that is being passed.
    let mut within = None;
    let mut regex_may_follow = false;
    let mut characters = rest.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if let Some(delimiter) = within {
            if character == delimiter {
                within = None;
            }
        } else {
            match character {
                ',' | ')' if open == 0 => return at,
                '[' | '(' => open = open.saturating_add(1),
                ']' | ')' => open = open.saturating_sub(1),
                '\'' | '"' if open > 0 => within = Some(character),
                '/' if regex_may_follow => within = Some('/'),
                _ => {}
            }
        }
        regex_may_follow = character == '~' || (regex_may_follow && character == ' ');
    }
    rest.len()
}

/// INTR-SYNTAX-02.
fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '_')
}

/// The characters that are written with a backslash in a string argument (INTR-SYNTAX-09).
pub(super) fn is_reserved(character: char) -> bool {
    matches!(character, '\'' | '{' | '}' | '\\')
}

/// The value of a string argument.
fn unescape(raw: &str) -> String {
    let mut value = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        value.push(if character == '\\' { characters.next().unwrap_or(character) } else { character });
    }
    value
}
