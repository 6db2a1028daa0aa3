//! Every relation applies to a fair share of the drawn machines, and holds on the reference interpreter.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use asl_conformance::{
    case::PROFILES,
    differential::{Answer, Arena, Campaign, Question, campaign::FUEL},
    factory,
    reduce::Budget,
    reference::Bounded,
    relations::{RELATIONS, Relation},
};

/// Documents that every relation is tried on.
const DOCUMENTS: u64 = 400;
/// Documents of a hundred that a relation has to say something about, at least.
const FAIR_SHARE: f64 = 1.0;

fn arena() -> Arena {
    let reference = || factory(|| Bounded(FUEL));
    Arena::new(reference(), reference(), Duration::from_secs(10)).expect("an engine")
}

fn campaign() -> Campaign {
    Campaign {
        seed: 5,
        documents: Some(DOCUMENTS),
        time: None,
        findings: None,
        relations_only: true,
        profiles: PROFILES.to_vec(),
        budget: Budget::default(),
    }
}

/// What came of one relation.
#[derive(Debug, Default)]
struct Share {
    applied: u64,
    violations: Vec<String>,
}

/// Tries every relation on every document, in the profiles in turn; gives the number of documents as well.
fn shares() -> (u64, BTreeMap<&'static str, Share>) {
    let (arena, campaign) = (arena(), campaign());
    let mut shares: BTreeMap<_, Share> = RELATIONS.iter().map(|relation| (relation.name, Share::default())).collect();
    let mut documents = 0;
    for number in 0..DOCUMENTS {
        let Some((scenario, choices)) = campaign.draw(&arena, number) else { continue };
        let profile = PROFILES[usize::try_from(number).expect("few") % PROFILES.len()];
        // The reference agrees with itself; what was observed is what the relations start from.
        let Answer::Agrees(before) = arena.ask(&Question::Reference, &scenario, profile) else { continue };
        documents += 1;
        for relation in &RELATIONS {
            let share = shares.get_mut(relation.name).expect("every relation");
            let question = Question::Relation { relation, choices: choices.clone() };
            match arena.relate(&scenario, &before, relation, &choices, profile) {
                Answer::Incomparable => {}
                Answer::Agrees(_) => share.applied += 1,
                Answer::Deviates(deviation) => {
                    share.applied += 1;
                    if arena.is_certain(&question, &scenario, profile) {
                        share.violations.push(format!("document {number} [{}]: {}", profile.name(), deviation.kind));
                    }
                }
            }
        }
    }
    (documents, shares)
}

static SHARES: LazyLock<(u64, BTreeMap<&'static str, Share>)> = LazyLock::new(shares);

#[test]
fn every_relation_holds_on_the_reference() {
    let violated: Vec<_> = SHARES
        .1
        .iter()
        .filter(|(_, share)| !share.violations.is_empty())
        .map(|(name, share)| {
            format!("{name} ({} of {}): {:#?}", share.violations.len(), share.applied, share.violations)
        })
        .collect();
    assert!(violated.is_empty(), "{}", violated.join("\n"));
}

#[test]
fn every_relation_applies_to_a_fair_share_of_machines() {
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    let percent = |share: &Share| 100.0 * share.applied as f64 / SHARES.0 as f64;
    let rare: Vec<_> = SHARES
        .1
        .iter()
        .map(|(name, share)| (name, percent(share)))
        .filter(|(_, percent)| *percent < FAIR_SHARE)
        .map(|(name, percent)| format!("{name}: {percent:.1} %"))
        .collect();
    assert!(rare.is_empty(), "{}", rare.join("\n"));
}

#[test]
fn relations_have_names_of_their_own() {
    for relation in &RELATIONS {
        let found: &Relation = Relation::named(relation.name).expect("by its name");
        assert!(std::ptr::eq(found, relation), "{} is used twice", relation.name);
    }
    assert!(RELATIONS.len() >= 15);
}
