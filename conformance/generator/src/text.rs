//! Pools of names and texts. Few and short, so that equal ones meet.

use std::collections::HashSet;

use arbitrary::Unstructured;

use crate::draw::Draw;

/// Names of members; the plain ones first.
const KEYS: [&str; 12] =
    ["order", "items", "total", "name", "price", "count", "open", "tags", "note", "x", "y", "city"];
/// Names that a Path has to quote.
const ODD_KEYS: [&str; 6] = ["two words", "dash-ed", "ключ", "it's", "a.b", "日本"];

const STATES: [&str; 16] = [
    "Charge", "Reserve", "Notify", "Ship", "Refund", "Check", "Collect", "Sort", "Report", "Weigh", "Pack", "Sign",
    "Audit", "Close", "Order", "Rest",
];
/// Parts of state names that have to be escaped somewhere: in JSON, in JSON Pointers, in URLs.
const ODD_STATES: [&str; 8] = [" the order", "/a~b", "'quoted'", "\"double\"", "日本語", "😀", "\\back", "%20."];

const TEXTS: [&str; 16] = [
    "a",
    "Hello",
    "north",
    "zebra",
    "",
    "éclair",
    "日本語",
    "1",
    "true",
    "*",
    "line\nbreak",
    "{braces}",
    "it's",
    "back\\slash",
    "a,b;c",
    "\u{1F600}",
];

const VARIABLES: [&str; 8] = ["total", "seen", "rate", "who", "größe", "名前", "list_1", "X"];

/// Error names that machines and workers choose.
pub(crate) const ERRORS: [&str; 6] =
    ["Bank.Busy", "Net.Reset", "Stock.Empty", "Lambda.Unknown", "CustomError", "1 odd name"];

/// The name of a member.
pub(crate) fn key(u: &mut Unstructured<'_>, odd: bool) -> &'static str {
    if odd && u.chance(15) { u.word(&ODD_KEYS) } else { u.word(&KEYS) }
}

/// A text that data hold.
pub(crate) fn text(u: &mut Unstructured<'_>) -> &'static str {
    u.word(&TEXTS)
}

/// The name of a variable. Scopes that enclose each other never share one (VAR-033), while siblings may.
pub(crate) fn variable(u: &mut Unstructured<'_>, depth: usize) -> String {
    let name = u.pick(&VARIABLES);
    if depth == 0 { (*name).to_owned() } else { format!("{name}{depth}") }
}

/// Names of states, each used once in a machine (LINT-012).
#[derive(Debug, Default)]
pub(crate) struct Names {
    used: HashSet<String>,
    serial: usize,
}

impl Names {
    /// A name that no state of the machine has.
    pub(crate) fn fresh(&mut self, u: &mut Unstructured<'_>, odd: bool) -> String {
        let mut name = (*u.pick(&STATES)).to_owned();
        if odd && u.chance(20) {
            name.push_str(u.word(&ODD_STATES));
        }
        let is_long = odd && u.chance(2);
        if is_long || self.used.contains(&name) {
            self.serial += 1;
            name = format!("{name} {}", self.serial);
        }
        if is_long {
            // The longest that is allowed, counted in characters (STRUCT-020).
            name.extend(std::iter::repeat_n('ä', 80_usize.saturating_sub(name.chars().count())));
        }
        self.used.insert(name.clone());
        name
    }
}
