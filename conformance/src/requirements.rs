//! The testable facts of the language, from `requirements.tsv`.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use serde::Serialize;

/// One fact of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// Stable key, `PREFIX-number`.
    pub id: &'static str,
    /// Group within the prefix.
    pub section: &'static str,
    /// Field, function, operator, error name or topic.
    pub feature: &'static str,
    /// `JSONPath`, `JSONata` or `both`.
    pub query_language: &'static str,
    /// How binding it is.
    pub level: Level,
    /// `static`, `dynamic` or `limit`.
    pub kind: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The fact.
    pub text: &'static str,
}

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub enum Level {
    /// Required.
    Must,
    /// Forbidden.
    MustNot,
    /// Recommended.
    Should,
    /// Permitted.
    May,
    /// A published number.
    Limit,
}

impl Requirement {
    /// The group of letters that the id begins with.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.id.split('-').next().unwrap_or(self.id)
    }

    fn parse(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut next = || columns.next();
        Some(Self {
            id: next()?,
            section: next()?,
            feature: next()?,
            query_language: next()?,
            level: match next()? {
                "MUST" => Level::Must,
                "MUST-NOT" => Level::MustNot,
                "SHOULD" => Level::Should,
                "MAY" => Level::May,
                "LIMIT" => Level::Limit,
                _ => return None,
            },
            kind: next()?,
            source: next()?,
            text: next()?,
        })
    }
}

const TABLE: &str = include_str!("../requirements.tsv");

/// Every requirement, in the order of the table.
#[must_use]
pub fn all() -> &'static [Requirement] {
    static ALL: OnceLock<Vec<Requirement>> = OnceLock::new();
    ALL.get_or_init(|| TABLE.lines().skip(1).filter_map(Requirement::parse).collect())
}

/// The requirement with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Requirement> {
    static BY_ID: OnceLock<HashMap<&str, &Requirement>> = OnceLock::new();
    BY_ID.get_or_init(|| all().iter().map(|requirement| (requirement.id, requirement)).collect()).get(id).copied()
}

const UNOBSERVABLE: &str = include_str!("../unobservable.tsv");

/// The requirements that no case can show, by id, with the reason.
#[must_use]
pub fn unobservable() -> &'static BTreeMap<&'static str, &'static str> {
    static REASONS: OnceLock<BTreeMap<&str, &str>> = OnceLock::new();
    REASONS.get_or_init(|| UNOBSERVABLE.lines().skip(1).filter_map(|line| line.split_once('\t')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_requirement_with_an_id_of_its_own() {
        assert_eq!(all().len(), TABLE.lines().count() - 1);
        assert!(all().len() > 800);
        for requirement in all() {
            assert_eq!(find(requirement.id), Some(requirement), "id used twice");
            assert!(!requirement.text.is_empty() && !requirement.text.contains('\t'), "{}", requirement.id);
        }
    }

    /// Whoever adds one has to convince a reviewer here that no case could show it.
    #[test]
    fn three_requirements_cannot_be_shown_by_a_case() {
        assert_eq!(UNOBSERVABLE.lines().count(), 4);
        assert_eq!(unobservable().keys().copied().collect::<Vec<_>>(), ["HIST-033", "HIST-034", "LIMIT-025"]);
        assert!(unobservable().iter().all(|(id, reason)| find(id).is_some() && reason.len() > 20));
    }
}
