//! Characters, names, quoted texts and numbers of a Path.

use serde_json::Number;

use super::{SyntaxError, dialect::Dialect, limits};

/// Where a name in dot form stands, which decides what ends it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    ReferencePath,
    Filter,
}

/// A position in the text of a Path, and what may still be spent on parsing it.
pub(super) struct Parser<'t> {
    text: &'t str,
    at: usize,
    pub dialect: &'t Dialect,
    pub place: Place,
    nesting: usize,
    steps_left: usize,
    patterns_left: usize,
}

pub(super) type Parsed<T> = Result<T, SyntaxError>;

impl<'t> Parser<'t> {
    pub fn new(text: &'t str, dialect: &'t Dialect, place: Place) -> Parsed<Self> {
        let parser = Self {
            text,
            at: 0,
            dialect,
            place,
            nesting: 0,
            steps_left: limits::STEPS,
            patterns_left: limits::PATTERNS,
        };
        if text.len() > limits::TEXT {
            return Err(parser.error(format!("a Path of at most {} bytes is expected", limits::TEXT)));
        }
        Ok(parser)
    }

    pub fn offset(&self) -> usize {
        self.at
    }

    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character.
    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at = self.at.saturating_add(c.len_utf8());
        Some(c)
    }

    /// Takes `expected` if it comes next.
    pub fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at = self.at.saturating_add(expected.len());
        }
        found
    }

    pub fn expect(&mut self, expected: &str) -> Parsed<()> {
        if self.eat(expected) { Ok(()) } else { Err(self.error(format!("'{expected}' is expected"))) }
    }

    /// Takes the longest run of characters that satisfy `wanted`.
    pub fn take_while(&mut self, mut wanted: impl FnMut(char) -> bool) -> &'t str {
        let rest = self.rest();
        let run = rest.find(|c: char| !wanted(c)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(run);
        rest.get(..run).unwrap_or_default()
    }

    pub fn blanks(&mut self) {
        self.take_while(|c| c.is_ascii_whitespace());
    }

    pub fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError { offset: self.at, message: message.into() }
    }

    pub fn error_at(&self, offset: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError { offset, message: message.into() }
    }

    /// Parses one level deeper.
    pub fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.nesting >= limits::NESTING {
            return Err(self.error(format!("nesting of at most {} levels is expected", limits::NESTING)));
        }
        self.nesting = self.nesting.saturating_add(1);
        let parsed = parse(self);
        self.nesting = self.nesting.saturating_sub(1);
        parsed
    }

    pub fn spend_step(&mut self) -> Parsed<()> {
        self.steps_left = self
            .steps_left
            .checked_sub(1)
            .ok_or_else(|| self.error(format!("at most {} steps are expected", limits::STEPS)))?;
        Ok(())
    }

    pub fn spend_pattern(&mut self) -> Parsed<()> {
        self.patterns_left = self
            .patterns_left
            .checked_sub(1)
            .ok_or_else(|| self.error(format!("at most {} regular expressions are expected", limits::PATTERNS)))?;
        Ok(())
    }

    /// A name in dot form.
    ///
    /// A backslash makes the character after it part of the name, whatever it is (PATH-021): `\.` is a dot and `\s`
    /// an s, as the examples of the specification need. Only `\u` with four hexadecimal digits stands for another
    /// character (PATH-022). Unescaped blanks have no place in a name (PATH-023).
    pub fn dot_name(&mut self) -> Parsed<Box<str>> {
        let start = self.at;
        let mut name = String::new();
        let mut escaped = false;
        while let Some(c) = self.peek() {
            match c {
                '\\' => {
                    escaped = true;
                    name.push(self.dot_escape()?);
                    continue;
                }
                '.' | '[' => break,
                '(' if self.place == Place::ReferencePath => {
                    return Err(self.error("a Reference Path calls no function"));
                }
                '(' if self.dialect.functions => break,
                '(' => {
                    name.push_str(self.parenthesised()?);
                    continue;
                }
                c if self.place == Place::Filter && ends_name_in_filter(c) => break,
                c if c.is_whitespace() || c.is_control() || matches!(c, ']' | ')' | '*') => {
                    return Err(self.error(format!("a name with {c:?} is expected in brackets and quotes")));
                }
                '@' | ',' | ':' | '?' if self.place == Place::ReferencePath => {
                    return Err(self.error(format!("a Reference Path has no operator '{c}'")));
                }
                c => name.push(c),
            }
            self.next();
        }
        if self.at == start {
            return Err(self.error("a name is expected"));
        }
        if !self.dialect.loose_names && !escaped && !is_strict_name(&name) {
            return Err(self.error_at(start, "a name of letters, digits and '_' is expected"));
        }
        Ok(name.into())
    }

    /// The parentheses of a name such as `length()`, in a dialect without functions (PATH-015).
    fn parenthesised(&mut self) -> Parsed<&'t str> {
        let rest = self.rest();
        let end = rest.find(')').ok_or_else(|| self.error("a closing ')' is expected"))?;
        let run = rest.get(..=end).unwrap_or_default();
        self.at = self.at.saturating_add(run.len());
        Ok(run)
    }

    fn dot_escape(&mut self) -> Parsed<char> {
        self.next();
        match self.next() {
            None => Err(self.error("a character is expected after '\\'")),
            Some('u') if self.hex_ahead() => self.unicode_escape(),
            Some(c) => Ok(c),
        }
    }

    /// A text in single or double quotes, with the escapes of a JSON string and of either quote (PATH-024).
    pub fn quoted(&mut self) -> Parsed<String> {
        let quote = self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                None => return Err(self.error("a closing quote is expected")),
                end if end == quote => return Ok(text),
                Some('\\') => text.push(self.quoted_escape()?),
                Some(c) => text.push(c),
            }
        }
    }

    fn quoted_escape(&mut self) -> Parsed<char> {
        Ok(match self.next() {
            None => return Err(self.error("a character is expected after '\\'")),
            Some('u') => self.unicode_escape()?,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(c) => c,
        })
    }

    fn hex_ahead(&self) -> bool {
        self.rest().as_bytes().get(..4).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }

    /// The character of the digits after `\u`, or of two such escapes that make a surrogate pair.
    fn unicode_escape(&mut self) -> Parsed<char> {
        let start = self.at;
        let first = self.hex4()?;
        let code = if (0xD800..0xDC00).contains(&first) && self.eat("\\u") {
            let second = self.hex4()?;
            if !(0xDC00..0xE000).contains(&second) {
                return Err(self.error_at(start, "a surrogate pair is expected"));
            }
            0x1_0000_u32.wrapping_add((first & 0x3FF) << 10).wrapping_add(second & 0x3FF)
        } else {
            first
        };
        char::from_u32(code).ok_or_else(|| self.error_at(start, "a surrogate pair is expected"))
    }

    fn hex4(&mut self) -> Parsed<u32> {
        if !self.hex_ahead() {
            return Err(self.error("four hexadecimal digits are expected after '\\u'"));
        }
        let digits = self.rest().get(..4).unwrap_or_default();
        self.at = self.at.saturating_add(4);
        u32::from_str_radix(digits, 16).map_err(|_| self.error("four hexadecimal digits are expected after '\\u'"))
    }

    /// A whole number, as in an index or a bound.
    pub fn integer(&mut self) -> Parsed<i64> {
        let start = self.at;
        self.eat("-");
        self.take_while(|c| c.is_ascii_digit());
        let digits = self.text.get(start..self.at).unwrap_or_default();
        digits.parse().map_err(|_| self.error_at(start, "a whole number is expected"))
    }

    /// A number as in JSON.
    pub fn number(&mut self) -> Parsed<Number> {
        let start = self.at;
        let text = self.take_while(|c| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E'));
        serde_json::from_str(text).map_err(|_| self.error_at(start, "a number is expected"))
    }
}

fn ends_name_in_filter(c: char) -> bool {
    c.is_whitespace() || matches!(c, ')' | ']' | ',' | '=' | '<' | '>' | '!' | '~' | '&' | '|')
}

fn is_strict_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii())
}
