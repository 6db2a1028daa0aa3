//! Hostile engines, and what a person reads of them.

use std::{collections::BTreeSet, sync::Arc, thread, time::Duration};

use asl_conformance::{
    Description, Engine, Fault, Outcome, Reply, Request, TaskCall, TaskScript,
    case::{Case, Feature, Input, Profile},
    engine::Observable,
    factory, report,
    runner::{CaseResult, Runner, Verdict},
};
use serde_json::json;

/// Does what the input of the case says.
struct Hostile {
    runs: u32,
}

impl Engine for Hostile {
    fn describe(&self) -> Description {
        Description {
            name: "hostile".to_owned(),
            version: "1".to_owned(),
            language: "Rust".to_owned(),
            features: BTreeSet::from([Feature::Task]),
            observables: BTreeSet::from([Observable::Waits]),
            profiles: BTreeSet::from([Profile::Aws]),
        }
    }

    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        self.runs += 1;
        let Input::Json(input) = &*request.input else { panic!("a text") };
        let mut call = || {
            let call = TaskCall { state: "Charge".to_owned(), resource: "arn".to_owned(), input: json!(self.runs) };
            tasks.answer(&call)
        };
        match input.as_str().unwrap_or_default() {
            "panic" => panic!("index {} out of bounds", 7),
            "hang" => loop {
                thread::park();
            },
            "garbage" => Err(Fault::Protocol("line 3 is not JSON: expected value".to_owned())),
            "die" => Err(Fault::Crashed("exit code 139".to_owned())),
            "silent" => Err(Fault::TimedOut(5.0)),
            "give up" => Ok(Reply::Error { message: "out of memory".to_owned() }),
            "lack" => Ok(Reply::Unsupported { reason: "the field Retry".to_owned() }),
            "call twice" => {
                call()?;
                call()?;
                Ok(Reply::from(Outcome::succeeded(json!(1))))
            }
            "call twice in silence" => {
                let _ = (call(), call());
                Ok(Reply::from(Outcome::succeeded(json!(1))))
            }
            "count" => Ok(Reply::from(Outcome::succeeded(json!(self.runs)))),
            _ => Ok(Reply::from(Outcome::succeeded(json!({"total": 2, "tags": ["a"]})))),
        }
    }
}

fn runner() -> Runner {
    Runner::new(factory(|| Hostile { runs: 0 }), Duration::from_millis(300)).expect("it can be made")
}

fn case(input: &str) -> Arc<Case> {
    let case = json!({
        "id": "wait/seconds/sum-of-the-order", "description": "the order is summed up", "source": "spec",
        "requirements": ["WAIT-001", "NO-1"], "requires": ["task"],
        "definition": {"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn", "End": true}}},
        "input": input, "tasks": {"Charge": [{"output": 1, "seconds": 2}]},
        "expect": {"status": "SUCCEEDED", "output": {"total": 3, "tags": ["a", "b"]}, "waits": [1], "visited": ["Charge"]}
    });
    Arc::new(serde_json::from_value(case).expect("a case"))
}

fn run(input: &str) -> CaseResult {
    runner().run_case(&case(input), Profile::Aws)
}

#[test]
fn every_misbehaviour_has_a_verdict_of_its_own() {
    for (input, verdict, reason) in [
        ("panic", "crashed", "index 7 out of bounds"),
        ("die", "crashed", "exit code 139"),
        ("hang", "timed-out", ""),
        ("silent", "timed-out", ""),
        ("garbage", "errored", "line 3 is not JSON"),
        ("give up", "errored", "out of memory"),
        ("lack", "unsupported", "the field Retry"),
        ("call twice", "fail", "runs past the task script"),
        ("call twice in silence", "fail", "runs past the task script"),
        ("nothing", "fail", ""),
    ] {
        let result = run(input);
        assert_eq!(result.verdict.name(), verdict, "{input}");
        assert_eq!(result.expected, verdict == "unsupported", "{input}");
        let text = serde_json::to_string(&result).expect("JSON");
        assert!(text.contains(reason), "{input}: {text}");
    }
}

#[test]
fn an_engine_is_asked_nothing_that_it_does_not_declare() {
    let mut case = (*case("panic")).clone();
    case.requires.insert(Feature::Jsonata);
    let result = runner().run_case(&Arc::new(case), Profile::Aws);
    let reason = "the engine does not declare: jsonata".to_owned();
    assert_eq!(result.verdict, Verdict::Unsupported { reason });
}

#[test]
fn misbehaviour_does_not_reach_the_next_case() {
    let runner = runner();
    let plan: Vec<_> =
        ["panic", "hang", "panic", "lack", "hang", "garbage"].map(|input| (case(input), Profile::Aws)).into();
    let results = runner.run(&plan, 2, &|_| {});
    let names: Vec<_> = results.iter().map(|result| result.verdict.name()).collect();
    assert_eq!(names, ["crashed", "timed-out", "crashed", "unsupported", "timed-out", "errored"]);
}

#[test]
fn an_engine_that_panicked_is_replaced() {
    let runner = runner();
    let counted = |runner: &Runner| match runner.run_case(&case("count"), Profile::Aws).verdict {
        Verdict::Fail { differences } => differences[0].got.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((counted(&runner), counted(&runner)), ("1".to_owned(), "2".to_owned()));
    assert_eq!(runner.run_case(&case("panic"), Profile::Aws).verdict.name(), "crashed");
    assert_eq!(counted(&runner), "1");
}

#[test]
fn an_engine_that_cannot_be_made_is_no_result() {
    fn make() -> Hostile {
        panic!("no licence")
    }
    let fault = Runner::new(factory(make), Duration::from_secs(5)).err().expect("a fault");
    assert!(matches!(&fault, Fault::Crashed(reason) if reason.ends_with("no licence")), "{fault}");
}

#[test]
fn a_failure_tells_the_fact_the_difference_and_how_to_repeat_it() {
    insta::assert_snapshot!(report::failure(&case("nothing"), &run("nothing")));
}
