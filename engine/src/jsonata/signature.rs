//! A look at the signatures of functions before the library sees them.

use super::words::{QUOTES, is_of_a_name, quoted};

/// Whether a function has a signature that is not ASCII: there the library takes positions of characters for those of
/// bytes, and panics.
pub(super) fn is_foreign(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let mut rest = text;
    while let Some(at) = rest.find(['f', 'λ', '"', '\'', '`', '/']) {
        let ends_a_name = rest.get(..at).is_some_and(|before| before.ends_with(is_of_a_name));
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(QUOTES) {
            rest = rest.get(quoted(rest).unwrap_or(rest.len())..).unwrap_or_default();
            continue;
        }
        let word = rest.strip_prefix("function").or_else(|| rest.strip_prefix('λ'));
        let Some(behind) = word.filter(|behind| !ends_a_name && !behind.starts_with(is_of_a_name)) else {
            let behind = past_blanks(rest);
            rest = if behind.len() < rest.len() { behind } else { past_word(rest) };
            continue;
        };
        // No part of the text is looked at twice.
        rest = past_blanks(behind);
        let Some(parameters) = rest.strip_prefix('(') else { continue };
        let end = parameters.find(['(', ')', '{', '<']).unwrap_or(parameters.len());
        rest = parameters.get(end..).unwrap_or_default();
        let Some(behind) = rest.strip_prefix(')') else { continue };
        rest = past_blanks(behind);
        if !rest.starts_with('<') {
            continue;
        }
        let signature;
        (signature, rest) = rest.split_at(body(rest));
        if !signature.is_ascii() {
            return true;
        }
    }
    false
}

/// The text without the blanks and comments at its start.
fn past_blanks(text: &str) -> &str {
    let mut text = text.trim_start();
    while let Some(comment) = text.strip_prefix("/*") {
        text = comment.split_once("*/").map_or("", |(_, behind)| behind).trim_start();
    }
    text
}

/// Where the body of a function begins, which is what ends a signature. Names in backquotes may hold anything.
fn body(text: &str) -> usize {
    let mut is_quoted = false;
    let begins = |character: char| {
        is_quoted ^= character == '`';
        character == '{' && !is_quoted
    };
    text.find(begins).unwrap_or(text.len())
}

fn past_word(text: &str) -> &str {
    let word = text.trim_start_matches(is_of_a_name);
    if word.len() < text.len() { word } else { text.get(1..).unwrap_or_default() }
}
