//! Drawing machines one after the other, and keeping one finding of each kind.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use arbitrary::Unstructured;
use asl_generator::{Config, Machine, Scenario, seeded_bytes};

use super::{
    arena::{Answer, Arena, Deviation, Question},
    expectation::Observation,
    finding::{Finding, Signature},
    kind::Kind,
    portable, variation,
};
use crate::{
    case::Profile,
    reduce::{self, Budget},
    relations::{RELATIONS, Relation, document::places},
};

/// Transitions after which the reference gives a machine up. Drawn machines end long before; what a reduction makes of
/// them may be endless.
pub const FUEL: u64 = 5_000;
/// Bytes that a document is drawn from.
const BYTES: usize = 4096;
/// Bytes that the place of a change is drawn from, and as many for a [variation].
const CHOICES: usize = 64;
/// A change that fits the drawn document fits smaller ones at other places.
const OTHER_PLACES: [u8; 7] = [0, 40, 80, 120, 160, 200, 240];
/// Deviations of one kind that are all reduced; after that only every second, fourth and so on is.
const ALWAYS_REDUCED: u64 = 3;

/// What to draw, and when to stop.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Seed: the same seed draws the same documents.
    pub seed: u64,
    /// Most documents.
    pub documents: Option<u64>,
    /// Longest time.
    pub time: Option<Duration>,
    /// Most findings.
    pub findings: Option<usize>,
    /// Whether the reference is left out.
    pub relations_only: bool,
    /// The readings of the language, in turn.
    pub profiles: Vec<Profile>,
    /// How much work a reduction may be.
    pub budget: Budget,
}

/// What was done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents drawn.
    pub documents: u64,
    /// Runs of the engine under test, those for reductions left out.
    pub executions: u64,
    /// Documents whose outcome was held against that of the reference.
    pub compared: u64,
    /// Documents whose outcome was held against that of a related document.
    pub related: u64,
    /// Documents that could be held against nothing.
    pub incomparable: u64,
    /// Deviations, repeated ones included.
    pub deviations: u64,
    /// Findings.
    pub findings: usize,
}

/// What a campaign tells while it runs.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'p> {
    /// A document is done.
    Document(&'p Tally),
    /// A deviation was found that is going to be reduced.
    Reducing(&'p Finding),
    /// The reduced deviation is like one before.
    Repeated,
    /// A reduced deviation, unlike those before.
    Found(&'p Finding),
}

impl Campaign {
    /// The document of a number, with the bytes that choose a relation and its place.
    #[must_use]
    pub fn draw(&self, arena: &Arena, number: u64) -> Option<(Scenario, Vec<u8>)> {
        let bytes =
            seeded_bytes(self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number), BYTES + 2 * CHOICES);
        let (bytes, choices) = bytes.split_at(BYTES);
        let mut u = Unstructured::new(bytes);
        let mut config = Config::draw(&mut u);
        portable::restrict(&mut config, arena.description());
        let mut scenario = Machine::draw(&mut u, &config).ok()?;
        variation::vary(&mut scenario, &mut Unstructured::new(&choices[CHOICES..]));
        Some((portable::pinned(portable::without_chance(scenario))?, choices[..CHOICES].to_vec()))
    }

    /// Runs until one of the limits is reached, and gives what was done.
    pub fn run(&self, arena: &Arena, tell: &mut dyn FnMut(Progress<'_>)) -> Tally {
        let start = Instant::now();
        let mut run =
            Run { campaign: self, arena, tally: Tally::default(), seen: BTreeSet::new(), kinds: BTreeMap::new() };
        let is_over = |tally: &Tally| {
            self.documents.is_some_and(|most| tally.documents >= most)
                || self.findings.is_some_and(|most| tally.findings >= most)
                || self.time.is_some_and(|longest| start.elapsed() >= longest)
        };
        while !is_over(&run.tally) {
            let number = run.tally.documents;
            run.tally.documents += 1;
            run.document(number, tell);
            tell(Progress::Document(&run.tally));
        }
        run.tally
    }
}

struct Run<'r> {
    campaign: &'r Campaign,
    arena: &'r Arena,
    tally: Tally,
    seen: BTreeSet<Signature>,
    kinds: BTreeMap<(String, Kind), u64>,
}

impl Run<'_> {
    fn document(&mut self, number: u64, tell: &mut dyn FnMut(Progress<'_>)) {
        let profiles = &self.campaign.profiles;
        let index = usize::try_from(number).unwrap_or_default() % profiles.len().max(1);
        let drawn = self.campaign.draw(self.arena, number);
        let (Some((scenario, choices)), Some(profile)) = (drawn, profiles.get(index).copied()) else {
            self.tally.incomparable += 1;
            return;
        };
        let before = match self.campaign.relations_only {
            true => self.arena.observe(&scenario, profile),
            false => match self.arena.ask(&Question::Reference, &scenario, profile) {
                // What agrees with the reference is what the engine answered.
                Answer::Agrees(observation) => Some(*observation),
                Answer::Incomparable => None,
                Answer::Deviates(_) => {
                    self.tally.executions += 1;
                    self.tally.compared += 1;
                    return self.deviates(number, profile, &Question::Reference, &scenario, tell);
                }
            },
        };
        let Some(before) = before else {
            self.tally.incomparable += 1;
            return;
        };
        self.tally.executions += 1;
        self.tally.compared += u64::from(!self.campaign.relations_only);
        self.relate(number, profile, &scenario, &before, &choices, tell);
    }

    /// Holds a document against one that it is related to: by the relation that the bytes choose, or by the first after
    /// it that fits.
    fn relate(
        &mut self,
        number: u64,
        profile: Profile,
        scenario: &Scenario,
        before: &Observation,
        choices: &[u8],
        tell: &mut dyn FnMut(Progress<'_>),
    ) {
        let first = choices.last().copied().map_or(0, usize::from) % RELATIONS.len();
        for relation in RELATIONS.iter().cycle().skip(first).take(RELATIONS.len()) {
            match self.arena.relate(scenario, before, relation, choices, profile) {
                Answer::Incomparable => continue,
                Answer::Agrees(_) => {}
                Answer::Deviates(_) => {
                    let question = Question::Relation { relation, choices: choices.to_vec() };
                    self.deviates(number, profile, &question, scenario, tell);
                }
            }
            self.tally.executions += 1;
            self.tally.related += 1;
            return;
        }
    }

    /// Reduces a deviation, unless there were many of its kind.
    fn deviates(
        &mut self,
        number: u64,
        profile: Profile,
        question: &Question,
        scenario: &Scenario,
        tell: &mut dyn FnMut(Progress<'_>),
    ) {
        let Some(deviation) = self.find(question, scenario, profile, None) else { return };
        self.tally.deviations += 1;
        let engine = self.arena.description().name.clone();
        let raw = Finding::new(&engine, profile, number, question, deviation);
        let count = self.kinds.entry((raw.against.to_owned(), raw.deviation.kind.clone())).or_default();
        *count += 1;
        if *count > ALWAYS_REDUCED && !count.is_power_of_two() {
            return;
        }
        tell(Progress::Reducing(&raw));
        let deviation = self.reduced(question, scenario, profile, &raw.deviation).unwrap_or(raw.deviation);
        let finding = Finding::new(&engine, profile, number, question, deviation);
        if self.seen.insert(finding.signature()) {
            self.tally.findings += 1;
            tell(Progress::Found(&finding));
        } else {
            tell(Progress::Repeated);
        }
    }

    /// A smaller machine with a deviation of the same kind. Where that is not small, with any deviation.
    fn reduced(
        &self,
        question: &Question,
        scenario: &Scenario,
        profile: Profile,
        deviation: &Deviation,
    ) -> Option<Deviation> {
        const SMALL: usize = 3;
        let steps = |scenario: &Scenario| self.arena.steps(scenario, profile);
        let reduce = |scenario: Scenario, kind: Option<&Kind>| {
            let mut holds = |candidate: &Scenario| self.find(question, candidate, profile, kind).is_some();
            reduce::reduce(scenario, &steps, &mut holds, self.campaign.budget)
        };
        let small = reduce(scenario.clone(), Some(&deviation.kind));
        let small = if places(&small.definition).len() > SMALL { reduce(small, None) } else { small };
        self.find(question, &small, profile, None)
    }

    /// The deviation of a scenario, of a given kind if one is given, provided that it is certainly one. A
    /// relation is tried at several places.
    fn find(
        &self,
        question: &Question,
        scenario: &Scenario,
        profile: Profile,
        kind: Option<&Kind>,
    ) -> Option<Deviation> {
        let other = |relation: &'static Relation, byte| Question::Relation { relation, choices: vec![byte; CHOICES] };
        let mut questions = vec![question.clone()];
        if let Question::Relation { relation, .. } = question {
            questions.extend(OTHER_PLACES.map(|byte| other(relation, byte)));
        }
        questions.iter().find_map(|question| match self.arena.ask(question, scenario, profile) {
            Answer::Deviates(deviation)
                if kind.is_none_or(|kind| kind.resembles(&deviation.kind))
                    && self.arena.is_certain(question, scenario, profile) =>
            {
                Some(*deviation)
            }
            _ => None,
        })
    }
}
