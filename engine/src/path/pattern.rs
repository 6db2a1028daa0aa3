//! Regular expressions in filters (PATH-042).

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_syntax::{
    ParserBuilder,
    hir::{Class, Hir, HirKind},
};

use super::limits;

/// A regular expression that matches whole texts.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    pub source: Box<str>,
    pub flags: Box<str>,
    /// Compiled when the first text is matched: most expressions are read far more often than asked.
    regex: OnceLock<Option<Regex>>,
    /// Steps of the expression, see [`size`].
    size: usize,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.flags == other.flags
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Reads an expression and its flags.
    ///
    /// # Errors
    /// A sentence on an unknown flag, on text that is no expression, or on one that is too large.
    pub fn parse(source: &str, flags: &str) -> Result<Self, String> {
        if let Some(flag) = flags.chars().find(|flag| !"imsx".contains(*flag)) {
            return Err(format!("a flag of a regular expression is expected instead of '{flag}': i, m, s or x"));
        }
        let mut parser = ParserBuilder::new()
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .dot_matches_new_line(flags.contains('s'))
            .ignore_whitespace(flags.contains('x'))
            .nest_limit(limits::PATTERN_NESTING)
            .build();
        // The text alone must be one, lest a parenthesis in it close the group that is put around it.
        let parsed = parser.parse(source).map_err(|error| format!("a regular expression is expected: {error}"))?;
        let size = size(&parsed);
        if size > limits::PATTERN_SIZE {
            return Err(format!("a smaller regular expression is expected: this one has {size} steps"));
        }
        Ok(Self { source: source.into(), flags: flags.into(), regex: OnceLock::new(), size })
    }

    /// Units of work for `text`: in the worst case every step is tried at every byte.
    pub fn work(&self, text: &str) -> u64 {
        ((self.size / 32).max(4) as u64).saturating_mul(text.len() as u64)
    }

    /// Whether the whole of `text` matches; `None` for an expression that does not compile although it is one and not
    /// too large, which nobody has seen.
    pub fn matches(&self, text: &str) -> Option<bool> {
        Some(self.regex.get_or_init(|| self.compile()).as_ref()?.is_match(text))
    }

    fn compile(&self) -> Option<Regex> {
        let has = |flag| self.flags.contains(flag);
        // The line feed ends a comment.
        let whole = format!("\\A(?:{}{})\\z", self.source, if has('x') { "\n" } else { "" });
        let mut builder = RegexBuilder::new(&whole);
        builder.case_insensitive(has('i')).multi_line(has('m')).dot_matches_new_line(has('s'));
        // The size is checked when the expression is read.
        builder.ignore_whitespace(has('x')).size_limit(usize::MAX).build().ok()
    }
}

/// About as many steps as the compiled expression has: one for a byte of a literal and for a range of ASCII characters,
/// four for any other range, and all of them again for each counted repetition.
fn size(hir: &Hir) -> usize {
    let sum = |parts: &[Hir]| parts.iter().fold(parts.len(), |sum, part| sum.saturating_add(size(part)));
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(Class::Bytes(class)) => class.ranges().len(),
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().fold(0, |sum: usize, range| sum.saturating_add(if range.end().is_ascii() { 1 } else { 4 }))
        }
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min.saturating_add(1)).max(1);
            size(&repetition.sub).saturating_add(1).saturating_mul(times as usize)
        }
        HirKind::Capture(capture) => size(&capture.sub).saturating_add(2),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::Pattern;

    #[rstest]
    #[case::literal("abc", 3)]
    #[case::class("[a-cx]", 2)]
    #[case::beyond_ascii("[é-ü]", 4)]
    #[case::sequence("a[bc]", 4)]
    #[case::group("(a)", 3)]
    #[case::counted("a{7}", 14)]
    #[case::counted_twice("(?:a{7}){3}", 45)]
    #[case::open("a{7,}", 16)]
    #[case::star("a*", 2)]
    #[case::empty("", 1)]
    fn the_size_counts_every_repetition(#[case] source: &str, #[case] size: usize) {
        assert_eq!(Pattern::parse(source, "").map(|pattern| pattern.size), Ok(size));
    }

    #[rstest]
    #[case::a_million("(?:a{1000}){1000}")]
    #[case::more_than_fit("(?:(?:(?:a{1000}){1000}){1000}){1000}")]
    #[case::words(r"\w{100}")]
    fn too_large_an_expression_is_refused_before_it_is_compiled(#[case] source: &str) {
        let error = Pattern::parse(source, "").expect_err("too large");
        assert!(error.starts_with("a smaller regular expression is expected"), "{error}");
    }

    #[rstest]
    #[case::group_around_it("a)|(b")]
    #[case::open_group("(a")]
    fn the_text_alone_is_an_expression(#[case] source: &str) {
        assert!(Pattern::parse(source, "").is_err());
    }

    #[rstest]
    #[case::whole("a|ab", "", "ab", Some(true))]
    #[case::part("a", "", "ab", Some(false))]
    #[case::comment("a # b", "x", "a", Some(true))]
    #[case::case_insensitive("É", "i", "é", Some(true))]
    #[case::lines("a$.b", "ms", "a\nb", Some(true))]
    fn the_whole_text_has_to_match(
        #[case] source: &str,
        #[case] flags: &str,
        #[case] text: &str,
        #[case] matches: Option<bool>,
    ) {
        let pattern = Pattern::parse(source, flags).expect("an expression");
        assert_eq!(pattern.matches(text), matches);
    }
}
