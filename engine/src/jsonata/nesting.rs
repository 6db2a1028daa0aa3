//! A look at the text before the parser, which is recursive, sees it.

/// Longest expression, in bytes: that of a whole definition on AWS.
const LONGEST: usize = 1 << 20;
/// Deepest nesting of brackets. AWS evaluates at most 99 levels (JNATA-059).
const DEEPEST: usize = 250;
/// Longest run of operators that nest without a bracket: prefix signs, conditions, bindings, functions, and operators
/// between operands, each of which makes the tree one level deeper. A bracket ends what it holds.
const LONGEST_CHAIN: usize = 600;

/// Whether the text is short and flat enough to be parsed.
///
/// Brackets inside strings and comments do not count. A regular expression may hold an unbalanced bracket; one that
/// opens counts as nesting, which refuses nothing anyone would write.
pub(super) fn is_tame(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    // Operators seen at each level of brackets.
    let mut levels = vec![0_usize];
    let mut deep = 0_usize;
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\'' | '`' => {
                while let Some(inner) = characters.next() {
                    if inner == '\\' && character != '`' {
                        characters.next();
                    } else if inner == character {
                        break;
                    }
                }
            }
            '/' if characters.peek() == Some(&'*') => {
                let mut before = ' ';
                characters.next();
                for inner in characters.by_ref() {
                    if before == '*' && inner == '/' {
                        break;
                    }
                    before = inner;
                }
            }
            '(' | '[' | '{' => {
                levels.push(0);
                if levels.len() > DEEPEST.saturating_add(1) {
                    return false;
                }
            }
            ')' | ']' | '}' => {
                if levels.len() > 1
                    && let Some(closed) = levels.pop()
                {
                    deep = deep.saturating_sub(closed);
                    // What follows a bracket directly, as in `f()()`, nests as well.
                    count(&mut levels, &mut deep);
                }
            }
            ',' | ';' => {
                if let Some(level) = levels.last_mut() {
                    deep = deep.saturating_sub(*level);
                    *level = 0;
                }
            }
            '+' | '-' | '*' | '%' | '&' | '=' | '<' | '>' | '!' | '?' | ':' | '~' | '.' | '^' | '#' | '@' | '|'
            | '/' => {
                count(&mut levels, &mut deep);
            }
            // `and`, `or` and `in` stand between blanks.
            blank if blank.is_whitespace() && characters.peek().is_some_and(|next| "aoi".contains(*next)) => {
                count(&mut levels, &mut deep);
            }
            _ => {}
        }
        if deep > LONGEST_CHAIN {
            return false;
        }
    }
    true
}

fn count(levels: &mut [usize], deep: &mut usize) {
    if let Some(level) = levels.last_mut() {
        *level = level.saturating_add(1);
        *deep = deep.saturating_add(1);
    }
}
