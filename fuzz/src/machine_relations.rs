//! Metamorphic relations: a machine after a change whose effect is known, against the machine before it.

use std::{fmt, sync::LazyLock, time::Duration};

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_conformance::{
    case::Profile,
    differential::{Answer, Arena, Question, campaign::FUEL},
    factory,
    reference::Bounded,
    relations::{RELATIONS, Relation},
};
use asl_generator::{Config, Machine, Scenario};

use crate::{
    PROFILES,
    data::{below, pick},
};

/// How long a run may take before it counts as hanging; libFuzzer itself gives up later.
const LIMIT: Duration = Duration::from_secs(8);

/// A machine, a relation, and what decides where the relation is applied.
pub struct Input {
    scenario: Scenario,
    profile: Profile,
    relation: &'static Relation,
    choices: Vec<u8>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let profile = pick(u, &PROFILES);
        let relation = &RELATIONS[below(u, RELATIONS.len())];
        let choices = u.bytes(u.len().min(32))?.to_owned();
        let config = Config::draw(u);
        Ok(Self { scenario: Machine::draw(u, &config)?, profile, relation, choices })
    }
}

/// The members of a case: its `definition` is what `exec` takes, `input`, `tasks`, `context` and `store` are its options.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.scenario.to_value())
    }
}

static ARENA: LazyLock<Arena> = LazyLock::new(|| {
    let reference = || factory(|| Bounded(FUEL));
    Arena::new(reference(), reference(), LIMIT).expect("the reference interpreter describes itself")
});

/// The outcome after the change is the one that the relation foretells from the outcome before it.
///
/// # Panics
/// When it certainly is not.
pub fn run(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let Input { scenario, profile, relation, choices } = &input;
    let question = Question::Relation { relation, choices: choices.clone() };
    if let Answer::Deviates(deviation) = ARENA.ask(&question, scenario, *profile)
        && ARENA.is_certain(&question, scenario, *profile)
    {
        panic!(
            "{} ({}) does not hold ({profile:?}): {}\nbefore: {input:?}\nafter: {:#}",
            relation.name,
            relation.law,
            deviation.kind,
            deviation.scenario.to_value()
        );
    }
}

/// The members of a case, before the change.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
