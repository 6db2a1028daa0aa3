use std::{collections::BTreeSet, time::Duration};

use asl_generator::Scenario;
use serde_json::{Map, Value, json};

use super::{campaign::FUEL, *};
use crate::{
    case::{Feature, Profile},
    engine::{Description, Engine, Fault, Observable, Outcome, Reply, Request},
    factory, lint,
    reduce::Budget,
    reference::Bounded,
    script::TaskScript,
    suite::Suite,
};

/// The reference interpreter with a change of what it claims to do and of what it answers.
#[derive(Clone, Copy)]
struct Changed {
    describe: fn(&mut Description),
    answer: fn(&mut Outcome),
}

impl Engine for Changed {
    fn describe(&self) -> Description {
        let mut description = Bounded(FUEL).describe();
        description.name = "changed".to_owned();
        (self.describe)(&mut description);
        description
    }

    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        let mut reply = Bounded(FUEL).run(request, tasks)?;
        if let Reply::Outcome(outcome) = &mut reply {
            (self.answer)(outcome);
        }
        Ok(reply)
    }
}

fn arena(changed: Changed) -> Arena {
    let limit = Duration::from_secs(10);
    Arena::new(factory(|| Bounded(FUEL)), factory(move || changed), limit).expect("engines")
}

fn answering(answer: fn(&mut Outcome)) -> Arena {
    arena(Changed { describe: |_| {}, answer })
}

fn scenario(definition: Value) -> Scenario {
    Scenario { definition, input: json!({}), tasks: Map::new(), context: None, store: None }
}

fn pass() -> Scenario {
    scenario(json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": [1, 2], "End": true}}}))
}

const ARN: &str = "arn:aws:lambda:us-east-1:123456789012:function:F";

fn ask(arena: &Arena, scenario: &Scenario) -> Answer {
    arena.ask(&Question::Reference, scenario, Profile::Aws)
}

#[test]
fn an_engine_that_answers_alike_agrees() {
    assert!(matches!(ask(&answering(|_| {}), &pass()), Answer::Agrees(_)));
}

#[test]
fn another_output_deviates() {
    let Answer::Deviates(deviation) = ask(&answering(|outcome| outcome.output = Some(json!([1]))), &pass()) else {
        panic!("it deviates")
    };
    assert_eq!(deviation.kind.to_string(), "fail: output");
    assert_eq!(deviation.expected.output, Some(json!([1, 2])));
}

#[test]
fn a_machine_that_needs_a_missing_feature_is_not_compared() {
    let lacks = arena(Changed { describe: |engine| _ = engine.features.remove(&Feature::Task), answer: |_| {} });
    let mut task = scenario(json!({"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": ARN, "End": true}}}));
    task.tasks.insert("A".to_owned(), json!([{"echo": true}]));
    assert!(matches!(ask(&lacks, &task), Answer::Incomparable));
    assert!(matches!(ask(&lacks, &pass()), Answer::Agrees(_)));
}

#[test]
fn what_an_engine_does_not_report_is_not_expected_of_it() {
    let silent = Changed {
        describe: |engine| {
            engine.features.remove(&Feature::Time);
            engine.observables = BTreeSet::from([Observable::Elapsed]);
        },
        answer: |outcome| outcome.output = None,
    };
    let Answer::Deviates(deviation) = ask(&arena(silent), &pass()) else { panic!("it deviates") };
    let expected = deviation.expected;
    assert_eq!((expected.visited, expected.waits, expected.elapsed, expected.transitions), (None, None, None, None));
}

#[test]
fn a_machine_that_depends_on_chance_is_not_compared() {
    let random = json!({"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Parameters": {"id.$": "States.UUID()"}, "End": true}
    }});
    assert!(matches!(ask(&answering(|_| {}), &scenario(random.clone())), Answer::Incomparable));
    let certain = portable::without_chance(scenario(random));
    assert!(matches!(ask(&answering(|_| {}), &certain), Answer::Agrees(_)));
}

/// A machine that catches an error whose cause is the engine's own, and puts it out in another text.
fn quotes_a_cause() -> Scenario {
    let mut machine = scenario(json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": ARN, "ResultPath": "$.text.deep", "End": true,
              "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]},
        "B": {"Type": "Pass", "End": true,
              "Parameters": {"error.$": "$.Error", "told.$": "States.Format('{}!', $.Cause)"}},
    }}));
    machine.input = json!({"text": "no object"});
    machine.tasks.insert("A".to_owned(), json!([{"echo": true}]));
    machine
}

#[test]
fn a_difference_in_the_words_of_a_cause_is_not_certain() {
    let words = answering(|outcome| {
        if let Some(Value::Object(output)) = &mut outcome.output
            && let Some(Value::String(told)) = output.get_mut("told")
            && !told.contains("replaced")
        {
            *told = "in other words".to_owned();
        }
    });
    let machine = quotes_a_cause();
    assert!(matches!(ask(&words, &machine), Answer::Deviates(_)));
    assert!(!words.is_certain(&Question::Reference, &machine, Profile::Aws));
}

#[test]
fn a_difference_beside_a_cause_is_certain() {
    let wrong = answering(|outcome| {
        if let Some(Value::Object(output)) = &mut outcome.output {
            output.shift_remove("error");
        }
    });
    assert!(wrong.is_certain(&Question::Reference, &quotes_a_cause(), Profile::Aws));
}

#[test]
fn the_first_of_several_failures_is_not_certain() {
    let branch = |name: &str| json!({"StartAt": name, "States": {name: {"Type": "Fail", "Error": name}}});
    let race = scenario(json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Branches": [branch("A"), branch("B")], "End": true}
    }}));
    let other = answering(|outcome| {
        if outcome.error.as_deref() == Some("A") {
            outcome.error = Some("B".to_owned());
        }
    });
    assert!(matches!(ask(&other, &race), Answer::Deviates(_)));
    assert!(!other.is_certain(&Question::Reference, &race, Profile::Aws));
    let wrong = answering(|outcome| outcome.error = Some("C".to_owned()));
    let single = scenario(json!({"StartAt": "P", "States": {
        "P": {"Type": "Parallel", "Branches": [branch("A")], "End": true}
    }}));
    assert!(wrong.is_certain(&Question::Reference, &single, Profile::Aws));
}

fn campaign() -> Campaign {
    Campaign {
        seed: 1,
        documents: Some(300),
        time: None,
        findings: Some(1),
        relations_only: false,
        profiles: vec![Profile::Aws],
        budget: Budget::default(),
    }
}

/// What a campaign finds.
fn found(arena: &Arena, campaign: &Campaign) -> (Tally, Vec<Finding>) {
    let mut findings = Vec::new();
    let tally = campaign.run(arena, &mut |progress| {
        if let Progress::Found(finding) = progress {
            findings.push(finding.clone());
        }
    });
    (tally, findings)
}

#[test]
fn a_finding_is_a_file_of_cases_without_fault() {
    let nulls = answering(|outcome| outcome.output = outcome.output.is_some().then_some(Value::Null));
    let (_, findings) = found(&nulls, &campaign());
    let finding = findings.first().expect("a finding");
    assert_eq!(finding.states(), 1, "{}", finding.text());
    let suite = Suite::from_texts([(format!("changed/{}.json", finding.name()).as_str(), finding.text())]);
    assert_eq!(lint::lint(&suite), [], "{}", finding.text());
    assert_eq!(suite.cases.len(), 1);
}

#[test]
fn a_broken_relation_is_found_without_the_reference() {
    // States that are entered in an order of which the names decide.
    let sorts = answering(|outcome| {
        if let Some(Value::Array(items)) = &mut outcome.output
            && items.get(1).is_some_and(|item| item == "beside")
        {
            items.reverse();
        }
    });
    let campaign = Campaign { relations_only: true, documents: Some(2_000), ..campaign() };
    let (tally, findings) = found(&sorts, &campaign);
    let finding = findings.first().expect("a finding");
    assert_eq!((finding.against, tally.compared), ("machine-beside-pass", 0));
    let suite = Suite::from_texts([(format!("changed/{}.json", finding.name()).as_str(), finding.text())]);
    assert_eq!(lint::lint(&suite), [], "{}", finding.text());
    let ids: Vec<_> = suite.cases.iter().map(|case| case.id.rsplit('/').next().unwrap_or_default()).collect();
    assert_eq!(ids, ["before", "after"]);
}

#[test]
fn the_same_difference_is_found_once() {
    let nulls = answering(|outcome| outcome.output = outcome.output.is_some().then_some(Value::Null));
    let campaign = Campaign { documents: Some(40), findings: None, ..campaign() };
    let (tally, findings) = found(&nulls, &campaign);
    let names: BTreeSet<_> = findings.iter().map(Finding::name).collect();
    assert_eq!(names.len(), findings.len());
    assert!(tally.deviations > 5 && findings.len() <= 2, "{tally:?}");
}

#[test]
fn a_campaign_without_end_stops_in_time() {
    let campaign = Campaign { documents: None, time: Some(Duration::from_millis(50)), ..campaign() };
    let (tally, findings) = found(&answering(|_| {}), &campaign);
    assert!(tally.documents > 0 && findings.is_empty());
}

#[test]
fn uses_name_requirements_the_special_before_the_general() {
    let machine = json!({"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": ARN, "End": true, "Retry": [{"ErrorEquals": ["X"], "MaxAttempts": 2}],
    }}});
    let names = |field| -> Vec<_> {
        classify::candidates(&classify::uses(&machine), field).iter().map(|requirement| requirement.id).collect()
    };
    assert!(names("calls").contains(&"RETRY-009"), "{:?}", names("calls"));
    let bare = json!({"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": []}}});
    let general = classify::candidates(&classify::uses(&bare), "output");
    assert!(general.iter().any(|requirement| requirement.id == "PAR-010"), "{general:?}");
}
