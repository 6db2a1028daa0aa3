//! What is left of a machine after a reduction.

use asl_conformance::{
    Engine, Reply, Request,
    case::Profile,
    differential::arena,
    engine::Observable,
    reduce::{Budget, Step, reduce},
    reference::Bounded,
    relations::document::{mentions, places},
    script::Script,
};
use asl_generator::Scenario;
use rstest::rstest;
use serde_json::{Map, Value, json};

/// Runs a machine on the reference interpreter.
fn outcome(scenario: &Scenario) -> Option<asl_conformance::Outcome> {
    let case = arena::case(scenario)?;
    let mut request = Request::of(&case, Profile::Aws);
    request.observe.insert(Observable::History);
    match Bounded(1_000).run(&request, &mut Script::new(&case.tasks)) {
        Ok(Reply::Outcome(outcome)) => Some(*outcome),
        _ => None,
    }
}

fn steps(scenario: &Scenario) -> Vec<Step> {
    Step::of(&outcome(scenario).and_then(|outcome| outcome.history).unwrap_or_default())
}

/// A machine of many parts: the input goes through a Choice, a Map in a Parallel and a Task with handlers.
fn large() -> Scenario {
    let branch = |name: &str, inner: &str| {
        json!({"StartAt": name, "States": {name: {
            "Type": "Map", "ItemsPath": "$.items", "End": true, "MaxConcurrency": 2,
            "ItemProcessor": {"StartAt": inner, "States": {
                inner: {"Type": "Pass", "Parameters": {"x.$": "States.MathAdd($, 1)"}, "End": true}
            }}
        }}})
    };
    Scenario {
        definition: json!({"Comment": "large", "StartAt": "Check", "States": {
            "Check": {"Type": "Choice", "Default": "Rest", "Choices": [
                {"And": [{"Variable": "$.n", "IsPresent": true}, {"Variable": "$.n", "NumericLessThan": 5}],
                 "Next": "Fan"}]},
            "Fan": {"Type": "Parallel", "ResultPath": "$.sums",
                    "Branches": [branch("One", "Add"), branch("Two", "Take")],
                    "Next": "Charge"},
            "Charge": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:F",
                       "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "BackoffRate": 1.5}],
                       "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Rest"}],
                       "Next": "Rest"},
            "Rest": {"Type": "Wait", "Seconds": 3, "Next": "Done"},
            "Done": {"Type": "Succeed", "OutputPath": "$.sums"},
        }}),
        input: json!({"n": 3, "items": [1, 2, 3], "unused": {"a": ["b"]}}),
        tasks: Map::from_iter([("Charge".to_owned(), json!([{"error": "Busy"}, {"error": "Gone", "cause": "away"}]))]),
        context: None,
        store: None,
    }
}

fn reduced(holds: fn(&Scenario) -> bool) -> Scenario {
    let machine = large();
    assert!(holds(&machine), "the machine shows it before the reduction");
    let reduced = reduce(machine, &steps, &mut |candidate| holds(candidate), Budget::default());
    assert!(holds(&reduced), "the machine shows it after the reduction");
    reduced
}

fn ends(scenario: &Scenario) -> bool {
    outcome(scenario).is_some()
}

fn waits_for_a_retry(scenario: &Scenario) -> bool {
    mentions(&scenario.definition, &["Retry"])
        && outcome(scenario).is_some_and(|outcome| outcome.waits.is_some_and(|waits| waits.contains(&2.into())))
}

fn adds(scenario: &Scenario) -> bool {
    mentions(&scenario.definition, &["MathAdd"])
        && outcome(scenario)
            .is_some_and(|outcome| outcome.visited.is_some_and(|names| !names.is_empty()) && outcome.output.is_some())
}

fn runs_a_map_in_a_branch(scenario: &Scenario) -> bool {
    let history = outcome(scenario).and_then(|outcome| outcome.history).unwrap_or_default();
    let happens = |wanted: &str| history.iter().any(|event| event.get("type").is_some_and(|kind| kind == wanted));
    happens("ParallelStateStarted") && happens("MapIterationStarted")
}

#[rstest]
#[case::nothing(ends, 1)]
#[case::a_retry(waits_for_a_retry, 1)]
#[case::an_intrinsic_call(adds, 1)]
#[case::a_map_in_a_branch(runs_a_map_in_a_branch, 3)]
fn only_what_matters_is_left(#[case] holds: fn(&Scenario) -> bool, #[case] states: usize) {
    let reduced = reduced(holds);
    assert_eq!(places(&reduced.definition).len(), states, "{}", reduced.definition);
}

#[test]
fn the_smallest_machine_is_a_bare_state() {
    let reduced = reduced(ends);
    let sizes = reduced.definition.to_string().len();
    assert!(
        sizes <= json!({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}).to_string().len() + 10,
        "{reduced:?}"
    );
    assert!(reduced.tasks.is_empty());
    assert_eq!(reduced.input, json!({}));
}

#[test]
fn a_machine_that_cannot_get_smaller_stays() {
    let machine = large();
    let definition = machine.definition.clone();
    let same = |candidate: &Scenario| candidate.definition == definition;
    let reduced = reduce(machine, &steps, &mut |candidate| same(candidate), Budget::default());
    assert_eq!(reduced.definition, large().definition);
}

#[test]
fn no_more_machines_are_tried_than_the_budget_allows() {
    for trials in [0, 1, 7] {
        let mut count = 0;
        let mut holds = |_: &Scenario| {
            count += 1;
            count % 2 == 0
        };
        reduce(large(), &steps, &mut holds, Budget { trials });
        assert_eq!(count, trials);
    }
}

#[test]
fn steps_tell_input_and_output_of_every_state() {
    let steps = steps(&large());
    let step = |name: &str| steps.iter().find(|step| step.name == name).expect("entered");
    assert_eq!(step("Check").input, large().input);
    assert_eq!(step("Add").output, Some(json!({"x": 2})));
    assert_eq!(step("Done").output.as_ref().and_then(Value::as_array).map(Vec::len), Some(2));
}
