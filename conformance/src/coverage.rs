//! Which requirements have a case.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::{
    requirements::{self, Level},
    suite::Suite,
};

/// Requirements with and without a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// MUST, MUST-NOT, SHOULD and LIMIT rows: those that count.
    #[serde(flatten)]
    pub counted: Count,
    /// MAY rows: a case for one shows that the permitted behaviour is not punished.
    pub may: Count,
    /// Rows of all levels that no case can show, which count nowhere else.
    pub unobservable: Vec<&'static str>,
    /// The counted rows by the prefix of their id.
    pub prefixes: BTreeMap<&'static str, Count>,
}

/// How many of a group of requirements have a case, and which have none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Requirements in the group.
    pub total: usize,
    /// Those that at least one case names.
    pub covered: usize,
    /// Ids of the others, in the order of the table.
    pub uncovered: Vec<&'static str>,
}

impl Count {
    fn add(&mut self, id: &'static str, covered: bool) {
        self.total += 1;
        if covered {
            self.covered += 1;
        } else {
            self.uncovered.push(id);
        }
    }
}

impl Coverage {
    /// The coverage of the requirements by `suite`.
    #[must_use]
    pub fn of(suite: &Suite) -> Self {
        let named: HashSet<&str> =
            suite.cases.iter().flat_map(|case| case.requirements.iter().map(String::as_str)).collect();
        let mut coverage = Self::default();
        for requirement in requirements::all() {
            let covered = named.contains(requirement.id);
            if requirements::unobservable().contains_key(requirement.id) {
                coverage.unobservable.push(requirement.id);
            } else if requirement.level == Level::May {
                coverage.may.add(requirement.id, covered);
            } else {
                coverage.counted.add(requirement.id, covered);
                coverage.prefixes.entry(requirement.prefix()).or_default().add(requirement.id, covered);
            }
        }
        coverage
    }
}
