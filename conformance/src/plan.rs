//! Which cases run, in which profiles.

use std::{fmt, str::FromStr, sync::Arc};

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

    /// Only the runs of that part: one in so many, so that slow neighbours are spread over all parts. The parts are
    /// disjoint, and together the whole.
    #[must_use]
    pub fn part(mut self, shard: Shard) -> Self {
        self.runs = self.runs.into_iter().skip(shard.number - 1).step_by(shard.of).collect();
        self
    }
}

/// A part of a run, for machines that share it. Written `K/N`: the Kth of N parts, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    number: usize,
    of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err(format!("'{text}' is no part such as 1/4, the first of four")),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
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
    use std::{collections::BTreeSet, sync::Arc};

    use rstest::rstest;

    use super::{Plan, Shard, glob};
    use crate::{
        case::{Case, Profile},
        engine::Engine,
        reference::Reference,
        suite::Suite,
    };

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

    #[test]
    fn the_parts_are_disjoint_and_together_the_whole() {
        let whole = Plan::new(&Suite::embedded(), &[], &Reference.describe());
        let part = |number| whole.clone().part(Shard { number, of: 3 }).runs;
        let parts: Vec<_> = (1..=3).flat_map(part).collect();
        let names = |runs: &[(Arc<Case>, Profile)]| -> BTreeSet<_> {
            runs.iter().map(|(case, profile)| (case.id.clone(), profile.name())).collect()
        };
        assert_eq!(parts.len(), whole.runs.len());
        assert_eq!(names(&parts), names(&whole.runs));
        assert!(part(1).len() - part(3).len() <= 1, "even parts");
    }

    #[rstest]
    #[case("1/1")]
    #[case("3/4")]
    fn a_shard_is_printed_as_it_is_written(#[case] text: &str) {
        assert_eq!(text.parse::<Shard>().map(|shard| shard.to_string()), Ok(text.to_owned()));
    }

    #[rstest]
    fn what_is_no_part_is_refused(
        #[values("", "1", "0/4", "5/4", "1/0", "1/", "/4", "-1/4", "1/4/4", "a/b")] text: &str,
    ) {
        assert!(text.parse::<Shard>().is_err());
    }
}
