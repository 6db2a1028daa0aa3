//! From text to tree, under bounds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jsonata_core::{
    ast::AstNode,
    parser::{self, ParserError},
};

use super::{
    error::{Fault, FaultKind, split_code},
    nesting, signature,
    words::{QUOTES, is_of_a_name, quoted},
};

/// Stack that parsing and walking a tree takes a byte of text, at most: a level of the tree has one at least.
const STACK_A_BYTE: usize = 8 << 10;
/// Stack for the deepest tree that passes [`nesting`].
const STACK: usize = 8 << 20;

/// Does something recursive with the tree of a text, on a stack that is large enough.
pub(super) fn with_stack<R>(text: &str, work: impl FnOnce() -> R) -> R {
    let needed = text.len().saturating_mul(STACK_A_BYTE).min(STACK).saturating_add(STACK_A_BYTE.saturating_mul(16));
    stacker::maybe_grow(needed, needed.saturating_mul(2), work)
}

/// Parses the text; `None` when it nests too deeply to be parsed, and so too deeply to be evaluated (JNATA-046).
pub(super) fn tree(text: &str) -> Result<Option<AstNode>, Fault> {
    if !nesting::is_tame(text) {
        return Ok(None);
    }
    match attempt(text) {
        Ok(tree) => Ok(Some(tree)),
        Err(message) if split_code(&message).is_some_and(|(code, _)| code == "U1002") => Ok(None),
        Err(message) => {
            let offset = offset(text, &message);
            let message = match split_code(&message) {
                Some((_, rest)) => rest.to_owned(),
                None => message,
            };
            Err(Fault { offset, message, kind: FaultKind::Syntax })
        }
    }
}

fn attempt(text: &str) -> Result<AstNode, String> {
    let refused = || Err("the expression cannot be parsed".to_owned());
    if signature::is_foreign(text) {
        return refused();
    }
    match catch_unwind(AssertUnwindSafe(|| parser::parse(text))) {
        Ok(result) => result.map_err(|error| explain(&error, text)),
        Err(_) => refused(),
    }
}

/// In the words of the reference implementation.
fn explain(error: &ParserError, text: &str) -> String {
    match error {
        ParserError::UnexpectedToken(token) if token != "Eof" => {
            format!("S0211: The symbol \"{}\" cannot be used as a unary operator", symbol(token))
        }
        ParserError::Expected { expected, found } if found != "Eof" && expected != "parameter name" => {
            format!("S0202: Expected \"{}\", got \"{}\"", symbol(expected), symbol(found))
        }
        ParserError::UnclosedString if !ends_in_quotes(text) => {
            "S0302: No terminating / in regular expression".to_owned()
        }
        ParserError::InvalidSyntax(message) => match message.strip_prefix("S0201: Syntax error: ") {
            // `RightParen`, `Number(2.0)`, `Identifier("x")`
            Some(token) => {
                let token = token.split_once('(').map_or(token, |(_, inner)| inner.trim_end_matches(')'));
                format!("S0201: Syntax error: \"{}\"", symbol(token.trim_matches('"')))
            }
            None => message.clone(),
        },
        ParserError::UnclosedComment => "S0106: Comment has no closing tag".to_owned(),
        other => other.to_string(),
    }
}

/// The library reports a regular expression without an end as a string without one. Whether a quote is open at the end.
fn ends_in_quotes(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(QUOTES) {
        rest = rest.get(at..).unwrap_or_default();
        let Some(length) = quoted(rest) else { return true };
        rest = rest.get(length..).unwrap_or_default();
    }
    false
}

/// How the language writes a token that the library names.
fn symbol(token: &str) -> &str {
    match token {
        "RightBracket" => "]",
        "LeftBracket" => "[",
        "RightParen" => ")",
        "LeftParen" => "(",
        "RightBrace" => "}",
        "LeftBrace" => "{",
        "Comma" => ",",
        "Semicolon" => ";",
        "Colon" => ":",
        "ColonEqual" => ":=",
        "Question" => "?",
        "Dot" => ".",
        "DotDot" => "..",
        "Plus" => "+",
        "Slash" => "/",
        "Equal" => "=",
        "NotEqual" => "!=",
        "LessThan" => "<",
        "LessThanOrEqual" => "<=",
        "GreaterThan" => ">",
        "GreaterThanOrEqual" => ">=",
        "Ampersand" => "&",
        "TildeArrow" => "~>",
        "Caret" => "^",
        "Pipe" => "|",
        "Hash" => "#",
        "At" => "@",
        other => other,
    }
}

/// Where a syntax error shows: at the last word or sign of the shortest beginning of the text that has the same error.
/// Parsing goes from left to right, so what has the error keeps it however it goes on. A text that ends too early has
/// its error at its end.
fn offset(text: &str, message: &str) -> usize {
    let fails = |end: usize| text.get(..end).is_some_and(|start| attempt(start).is_err_and(|other| other == message));
    let ends: Vec<usize> = text.char_indices().map(|(at, character)| at.saturating_add(character.len_utf8())).collect();
    let first = ends.partition_point(|end| !fails(*end));
    let Some(end) = ends.get(first) else { return text.len() };
    if split_code(message).is_some_and(|(code, _)| matches!(code, "S0207" | "S0203")) {
        return text.len();
    }
    let start = text.get(..*end).unwrap_or_default();
    let word = start.trim_end_matches(is_of_a_name);
    if word.len() < start.len() {
        return word.len();
    }
    start.char_indices().next_back().map_or(0, |(at, _)| at)
}
