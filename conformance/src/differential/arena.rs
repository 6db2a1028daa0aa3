//! One question about one machine: does the engine under test answer as it has to?

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Map, Value};

use super::{
    expectation::{Observation, has_concurrency, without_own_causes},
    kind::Kind,
    portable,
};
use crate::{
    case::{Case, Definition, Feature, Input, Objects, Profile, Source, Tasks},
    engine::{Description, Fault, Observable, Reply, Status},
    expect::{Ending, Expect},
    lint,
    relations::{Relation, document::mentions},
    runner::{Factory, Runner, Verdict},
    script::{Attempt, Scripted},
};

/// A reference and an engine under test.
pub struct Arena {
    reference: Runner,
    engine: Runner,
}

/// What the answer of the engine is held against.
#[derive(Clone, Debug)]
pub enum Question {
    /// The answer of the reference to the same machine.
    Reference,
    /// The engine's own answer to the machine before a change.
    Relation {
        /// The change.
        relation: &'static Relation,
        /// The bytes that choose its place.
        choices: Vec<u8>,
    },
}

/// What came of a question.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The engine answered as it has to; this is what was observed.
    Agrees(Box<Observation>),
    /// Nothing can be said: a feature is missing, the relation does not fit, or there is nothing to hold the answer
    /// against.
    Incomparable,
    /// The engine did not answer as it has to.
    Deviates(Box<Deviation>),
}

/// An answer that is not as it has to be.
#[derive(Clone, Debug)]
pub struct Deviation {
    /// The kind of difference.
    pub kind: Kind,
    /// The verdict with all differences.
    pub verdict: Verdict,
    /// The machine.
    pub scenario: Scenario,
    /// What has to come.
    pub expected: Ending,
    /// For a relation: the machine before the change, and what came of it.
    pub before: Option<(Scenario, Ending)>,
}

impl Arena {
    /// Engines from two factories, each of which gets `limit` for an answer.
    ///
    /// # Errors
    /// [`Fault`] when no engine can be made.
    pub fn new(reference: Factory, engine: Factory, limit: Duration) -> Result<Self, Fault> {
        Ok(Self { reference: Runner::new(reference, limit)?, engine: Runner::new(engine, limit)? })
    }

    /// Who the engine under test is and what it can do.
    #[must_use]
    pub fn description(&self) -> &Description {
        self.engine.description()
    }

    /// Asks `question` about `scenario`.
    #[must_use]
    pub fn ask(&self, question: &Question, scenario: &Scenario, profile: Profile) -> Answer {
        match question {
            Question::Reference => self.compare(scenario, profile),
            Question::Relation { relation, choices } => match self.observe(scenario, profile) {
                Some(before) => self.relate(scenario, &before, relation, choices, profile),
                None => Answer::Incomparable,
            },
        }
    }

    /// What the engine under test makes of a scenario that it supports, if the run comes to an end.
    #[must_use]
    pub fn observe(&self, scenario: &Scenario, profile: Profile) -> Option<Observation> {
        observe(&self.engine, &self.supported(scenario)?, profile)
    }

    fn compare(&self, scenario: &Scenario, profile: Profile) -> Answer {
        let Some(case) = self.supported(scenario) else { return Answer::Incomparable };
        let Some(observation) = observe(&self.reference, &case, profile) else { return Answer::Incomparable };
        let expected = self.reported(observation.expectation(&scenario.definition));
        match self.judge(case, &expected, profile) {
            Some((kind, verdict)) => {
                let scenario = scenario.clone();
                Answer::Deviates(Box::new(Deviation { kind, verdict, scenario, expected, before: None }))
            }
            None => Answer::Agrees(Box::new(observation)),
        }
    }

    /// Holds the answer to a changed machine against what was observed of it before the change.
    #[must_use]
    pub fn relate(
        &self,
        scenario: &Scenario,
        before: &Observation,
        relation: &'static Relation,
        choices: &[u8],
        profile: Profile,
    ) -> Answer {
        let related = relation.apply(scenario, &mut Unstructured::new(choices));
        let prepared = related.and_then(|related| {
            let expected = before.expectation_after(&scenario.definition, relation, &related, profile)?;
            Some((self.supported(&related.scenario)?, self.reported(expected), related))
        });
        let Some((case, expected, related)) = prepared else { return Answer::Incomparable };
        match self.judge(case, &expected, profile) {
            Some((kind, verdict)) => Answer::Deviates(Box::new(Deviation {
                kind,
                verdict,
                scenario: related.scenario,
                expected,
                before: Some((scenario.clone(), self.reported(before.expectation(&scenario.definition)))),
            })),
            None => Answer::Agrees(Box::new(before.clone())),
        }
    }

    /// Whether an answer that deviates is certainly wrong: it still is when no cause that an engine words itself can be
    /// read, and the outcome does not hang on which of several branches or items is the first to fail.
    #[must_use]
    pub fn is_certain(&self, question: &Question, scenario: &Scenario, profile: Profile) -> bool {
        let deviates = |scenario: &Scenario| matches!(self.ask(question, scenario, profile), Answer::Deviates(_));
        let words = mentions(&scenario.definition, &["Catch"]);
        (!words || deviates(&portable::without_causes(scenario))) && !self.races(scenario, profile)
    }

    fn races(&self, scenario: &Scenario, profile: Profile) -> bool {
        if !has_concurrency(&scenario.definition) {
            return false;
        }
        // Where nothing handles failures, a run that succeeds had none.
        let observed = case(scenario).and_then(|case| observe(&self.reference, &case, profile));
        let succeeded = observed.is_some_and(|observation| observation.outcome.status == Status::Succeeded);
        if succeeded && !mentions(&scenario.definition, &["Retry", "Catch", "Tolerated"]) {
            return false;
        }
        let end = |scenario: &Scenario| {
            let observation = observe(&self.reference, &case(scenario)?, profile)?;
            let outcome = observation.outcome;
            Some((outcome.status, outcome.error, outcome.output.map(|output| without_own_causes(&output))))
        };
        let usual = end(scenario);
        portable::perturbed(scenario).iter().any(|other| end(other) != usual)
    }

    /// An expectation without what the engine under test does not report, so that its case needs no more of the engine
    /// than the machine does.
    fn reported(&self, expected: Ending) -> Ending {
        let Description { observables, features, .. } = self.description();
        let has = |observable| observables.contains(&observable);
        let times = features.contains(&Feature::Time);
        Ending {
            visited: expected.visited.filter(|_| has(Observable::Visited)),
            waits: expected.waits.filter(|_| has(Observable::Waits) && times),
            elapsed: expected.elapsed.filter(|_| has(Observable::Elapsed) && times),
            transitions: expected.transitions.filter(|_| has(Observable::Transitions)),
            ..expected
        }
    }

    fn judge(&self, mut case: Case, expected: &Ending, profile: Profile) -> Option<(Kind, Verdict)> {
        case.expect = Expect::Ends(vec![expected.clone()]);
        let result = self.engine.run_case(&Arc::new(case), profile);
        Some((Kind::of(&result.verdict)?, result.verdict))
    }

    /// The scenario as a case, if the engine under test claims to have all that it needs and no result depends on
    /// chance.
    fn supported(&self, scenario: &Scenario) -> Option<Case> {
        let case = case(scenario)?;
        (!case.requires.contains(&Feature::Random) && case.requires.is_subset(&self.description().features))
            .then_some(case)
    }

    /// What the reference observes of the states of a machine: name, input and output of each that was left.
    #[must_use]
    pub fn steps(&self, scenario: &Scenario, profile: Profile) -> Vec<crate::reduce::Step> {
        let Some(case) = case(scenario) else { return Vec::new() };
        let observe = [Observable::History].into();
        let reply = self.reference.observe(&Arc::new(case), profile, &observe).map(|(reply, _)| reply);
        match reply {
            Ok(Reply::Outcome(outcome)) => crate::reduce::Step::of(&outcome.history.unwrap_or_default()),
            _ => Vec::new(),
        }
    }
}

/// The outcome of a case, if it comes to one.
fn observe(runner: &Runner, case: &Case, profile: Profile) -> Option<Observation> {
    let wanted = [Observable::Visited, Observable::Waits, Observable::Elapsed, Observable::Transitions].into();
    match runner.observe(&Arc::new(case.clone()), profile, &wanted) {
        Ok((Reply::Outcome(outcome), inputs)) => Some(Observation { outcome: *outcome, inputs }),
        _ => None,
    }
}

/// A scenario as a case that expects nothing yet; `None` if a member has not the form of that of a case.
#[must_use]
pub fn case(scenario: &Scenario) -> Option<Case> {
    let tasks: Tasks = serde_json::from_value(Value::Object(scenario.tasks.clone())).ok()?;
    let context: Option<Map<String, Value>> = match &scenario.context {
        Some(context) => Some(context.as_object()?.clone()),
        None => None,
    };
    let store: Objects = match &scenario.store {
        Some(store) => serde_json::from_value(store.clone()).ok()?,
        None => Objects::new(),
    };
    let mut case = Case {
        id: String::new(),
        description: String::new(),
        requirements: Vec::new(),
        source: Source::Inferred,
        requires: BTreeSet::new(),
        profile: None,
        definition: Definition::Json(scenario.definition.clone()),
        definition_bytes: None,
        execution_name: None,
        stop: None,
        input: Input::Json(scenario.input.clone()),
        context,
        tasks,
        store,
        limits: None,
        expect: Expect::Ends(vec![Ending::default()]),
        repair: None,
    };
    case.requires = lint::needed(&case);
    if !takes_time(scenario, &case.tasks) {
        case.requires.remove(&Feature::Time);
    }
    Some(case)
}

/// Whether an engine without virtual time would have to wait.
fn takes_time(scenario: &Scenario, tasks: &Tasks) -> bool {
    let is_slow = |attempt: &Attempt| {
        attempt.seconds > 0.0 || !attempt.heartbeats.is_empty() || attempt.answer == Scripted::Timeout
    };
    mentions(&scenario.definition, &["Wait", "Retry", "TimeoutSeconds"]) || tasks.values().flatten().any(is_slow)
}
