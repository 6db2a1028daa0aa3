//! Words and quotes in the text of an expression, for what looks at it without parsing it.

/// What strings and quoted names begin and end with.
pub(super) const QUOTES: [char; 3] = ['"', '\'', '`'];

/// The length of the string or quoted name that a text begins with, quotes included; `None` when it is not closed.
/// Names in backquotes have no escapes.
pub(super) fn quoted(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut is_escaped = false;
    let inner = text.get(1..)?;
    let end = inner.find(|character| {
        let ends = character == quote && !is_escaped;
        is_escaped = character == '\\' && quote != '`' && !is_escaped;
        ends
    });
    Some(end?.saturating_add(2))
}

/// Whether a character is part of the name of a member, a variable or a function.
pub(super) fn is_of_a_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}
