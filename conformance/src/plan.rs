//! Which cases run, in which profiles.

use std::sync::Arc;

use crate::{
    case::{Case, Profile},
    engine::Description,
    requirements,
    suite::Suite,
};

/// What is to run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Cases and profiles, in the order of the suite, profile by profile.
    pub runs: Vec<(Arc<Case>, Profile)>,
    /// How many of the chosen cases hold in none of the engine's profiles.
    pub inapplicable: usize,
}

impl Plan {
    /// Every case of `suite` that one of `filters` chooses (all, if there are none), in every profile of the engine
    /// in which it holds.
    #[must_use]
    pub fn new(suite: &Suite, filters: &[Filter], engine: &Description) -> Self {
        let chosen = |case: &&Arc<Case>| filters.is_empty() || filters.iter().any(|filter| filter.matches(case));
        let holds = |case: &Arc<Case>| engine.profiles.iter().any(|profile| case.holds_in(*profile));
        let mut plan = Self {
            inapplicable: suite.cases.iter().filter(chosen).filter(|case| !holds(case)).count(),
            ..Self::default()
        };
        for profile in &engine.profiles {
            let cases = suite.cases.iter().filter(chosen).filter(|case| case.holds_in(*profile));
            plan.runs.extend(cases.map(|case| (Arc::clone(case), *profile)));
        }
        plan
    }
}

/// Chooses cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those that name this requirement.
    Requirement(String),
    /// Those whose whole id matches: `*` stands for any text, `?` for one character.
    Glob(String),
    /// Those whose id contains this text.
    Substring(String),
}

impl Filter {
    /// A requirement id, a text with `*` or `?`, or any other text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        if requirements::find(text).is_some() {
            Self::Requirement(text.to_owned())
        } else if text.contains(['*', '?']) {
            Self::Glob(text.to_owned())
        } else {
            Self::Substring(text.to_owned())
        }
    }

    /// Whether it chooses `case`.
    #[must_use]
    pub fn matches(&self, case: &Case) -> bool {
        match self {
            Self::Requirement(id) => case.requirements.contains(id),
            Self::Glob(pattern) => glob(pattern.as_bytes(), case.id.as_bytes()),
            Self::Substring(text) => case.id.contains(text),
        }
    }
}

/// Matches without backtracking further than the last `*`, so in time proportional to the product of the lengths.
pub(crate) fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut position) = (0, 0);
    let mut star = None;
    while position < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, position));
                at += 1;
            }
            Some(symbol) if *symbol == b'?' || *symbol == text[position] => {
                at += 1;
                position += 1;
            }
            _ => {
                let Some((star_at, matched)) = &mut star else { return false };
                *matched += 1;
                at = *star_at + 1;
                position = *matched;
            }
        }
    }
    pattern[at..].iter().all(|symbol| *symbol == b'*')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::glob;

    #[rstest]
    #[case("a/*", "a/b/c", true)]
    #[case("*c", "a/b/c", true)]
    #[case("a/*/c", "a/b/d", false)]
    #[case("a?c", "abc", true)]
    #[case("a?c", "ac", false)]
    #[case("*ab*ab*", "ab-ab", true)]
    #[case("*ab*ab", "ab-abc", false)]
    #[case("", "", true)]
    #[case("*", "", true)]
    fn a_glob_matches_the_whole_id(#[case] pattern: &str, #[case] id: &str, #[case] matches: bool) {
        assert_eq!(glob(pattern.as_bytes(), id.as_bytes()), matches);
    }
}
