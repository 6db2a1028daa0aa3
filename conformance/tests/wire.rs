//! Engines that are processes: well-behaved, hostile, and what the documents say of both.
#![cfg(unix)]

use std::{collections::BTreeSet, fs, io::Cursor, sync::Arc, thread, time::Duration};

use asl_conformance::{
    case::{Case, Feature, Input, PROFILES, Profile},
    engine::{Description, Engine, Fault, Observable, Outcome, Reply, Request},
    plan::{Filter, Plan},
    reference::Reference,
    runner::{CaseResult, Runner, Verdict},
    script::{Script, TaskCall, TaskScript},
    suite::Suite,
    wire::{self, FromEngine, PROTOCOL, ToEngine},
};
use rstest::rstest;
use serde_json::{Value, json};

const STARTED: &str = r#"echo '{"type":"started","protocol":1,"name":"e","version":"1","language":"sh","features":["task"],"observables":[],"profiles":["aws"]}'"#;
const LIMIT: Duration = Duration::from_secs(1);

/// A shell script that starts well, and then executes `answer` for each message, which is `$line`, about run `$seq`.
fn engine(answer: &str) -> String {
    let seq = r#"seq=${line#*\"seq\":}; seq=${seq%%,*}"#;
    format!("read -r line; {STARTED}; while read -r line; do {seq}; {answer}; done")
}

/// A reply in a shell script.
fn reply(seq: &str, output: &str) -> String {
    format!(r#"echo '{{"type":"reply","seq":'{seq}',"reply":"outcome","status":"SUCCEEDED","output":{output}}}'"#)
}

fn case(input: &str) -> Arc<Case> {
    let case = json!({
        "id": "task/output/charged", "description": "it is charged", "source": "spec", "requirements": ["TASK-001"],
        "requires": ["task"], "input": input, "tasks": {"Charge": [{"output": 1}]},
        "definition": {"StartAt": "Charge", "States": {"Charge": {"Type": "Task", "Resource": "arn", "End": true}}},
        "expect": {"status": "SUCCEEDED", "output": 1}
    });
    Arc::new(serde_json::from_value(case).expect("a case"))
}

fn runner(command: &str) -> Result<Runner, Fault> {
    Runner::new(wire::factory(command, LIMIT), LIMIT * 10)
}

fn run(command: &str, inputs: &[&str]) -> Vec<CaseResult> {
    let runner = runner(command).expect("it starts");
    inputs.iter().map(|input| runner.run_case(&case(input), Profile::Aws)).collect()
}

fn verdicts(command: &str, inputs: &[&str]) -> Vec<&'static str> {
    run(command, inputs).iter().map(|result| result.verdict.name()).collect()
}

fn text(result: &CaseResult) -> String {
    serde_json::to_string(result).expect("JSON")
}

#[rstest]
#[case::not_found("no-such-program-anywhere", "not found")]
#[case::dies("echo 'no module named asl' >&2; exit 3", "exit status: 3\nno module named asl")]
#[case::is_killed("kill -9 $$", "signal: 9")]
#[case::says_something_else("read -r line; echo hello; cat >/dev/null", "hello")]
#[case::says_nothing("sleep 60", "no answer within 1 s")]
#[case::closes_its_output("exec >&-; sleep 60", "closed its standard output")]
#[case::replies_at_once(&reply("1", "1"), "does not say who it is")]
#[case::speaks_another_version(&STARTED.replace(r#""protocol":1"#, r#""protocol":2"#), "version 2")]
#[case::takes_no_profile(&STARTED.replace(r#"["aws"]"#, "[]"), "e takes no profile")]
#[case::has_a_feature_of_its_own(&STARTED.replace("task", "magic"), "unknown variant `magic`")]
fn an_engine_that_does_not_start_says_why(#[case] command: &str, #[case] says: &str) {
    let fault = runner(command).err().expect("it does not start").to_string();
    assert!(fault.contains(says), "{fault}");
}

#[rstest]
#[case::replies(&reply("$seq", "1"), "pass", "")]
#[case::replies_wrongly(&reply("$seq", "2"), "fail", r#""got":"2""#)]
#[case::lacks(
    r#"echo '{"type":"reply","seq":'$seq',"reply":"unsupported","reason":"the field Retry"}'"#,
    "unsupported",
    "the field Retry"
)]
#[case::gives_up(r#"echo '{"type":"reply","seq":'$seq',"reply":"error","message":"too hot"}'"#, "errored", "too hot")]
#[case::dies("echo 'Traceback: KeyError' >&2; exit 7", "crashed", r"exit status: 7\nTraceback: KeyError")]
#[case::is_silent("sleep 60", "timed-out", "")]
#[case::never_ends("while :; do :; done", "timed-out", "")]
#[case::says_what_is_no_json("echo 'debug: here'", "errored", "debug: here")]
#[case::says_what_is_no_text(r"printf '\377\n'", "errored", "invalid utf-8")]
#[case::says_what_is_no_message(r#"echo '{"seq":'$seq'}'"#, "errored", "missing field `type`")]
#[case::says_what_is_no_reply(
    r#"echo '{"type":"reply","seq":'$seq',"reply":"fine"}'"#,
    "errored",
    "unknown variant `fine`"
)]
#[case::nests_deeply(r#"head -c 100000 /dev/zero | tr '\0' '['; echo"#, "errored", "no message")]
#[case::writes_a_line_without_end("tr '\\0' ' ' </dev/zero", "errored", "a line of more than 64 MiB")]
#[case::floods("yes", "errored", "no message")]
#[case::replies_to_another_run(&reply("$((seq+1))", "1"), "errored", "a message about run 2 in run 1")]
#[case::starts_again(STARTED, "errored", "a new start in run 1")]
fn whatever_an_engine_does_has_a_verdict(#[case] answer: &str, #[case] verdict: &str, #[case] says: &str) {
    let results = run(&engine(answer), &["a"]);
    assert_eq!(results[0].verdict.name(), verdict, "{}", text(&results[0]));
    assert!(text(&results[0]).contains(says), "{}", text(&results[0]));
}

#[rstest]
#[case::dies("exit 7", "crashed")]
#[case::is_silent("sleep 60", "timed-out")]
#[case::says_what_is_no_json("echo debug", "errored")]
#[case::replies_to_another_run(&reply("99", "1"), "errored")]
fn misbehaviour_does_not_reach_the_next_case(#[case] answer: &str, #[case] verdict: &str) {
    let answer = format!(r#"case "$line" in *bad*) {answer};; *) {};; esac"#, reply("$seq", "1"));
    let inputs = ["good", "bad", "good", "bad", "good"];
    assert_eq!(verdicts(&engine(&answer), &inputs), ["pass", verdict, "pass", verdict, "pass"]);
}

#[rstest]
#[case::dies("exit 0")]
#[case::says_more("echo done")]
#[case::replies_twice(&reply("$seq", "1"))]
fn what_is_left_of_a_run_is_not_held_against_the_next(#[case] then: &str) {
    let answer = format!("{}; {then}", reply("$seq", "1"));
    assert_eq!(verdicts(&engine(&answer), &["a", "b", "c"]), ["pass"; 3]);
}

#[test]
fn calls_of_tasks_are_answered_from_the_script_until_it_runs_dry() {
    let call = r#"echo '{"type":"task","seq":'$seq',"state":"Charge","resource":"arn","input":1}'; read -r line"#;
    let answer = |calls: &str| {
        let check = r#"case "$line" in *'"result":"output","output":1,"seconds":0.0}') :;; *) exit 9;; esac"#;
        engine(&format!("{calls}; {check}; {}", reply("$seq", "1")))
    };
    assert_eq!(run(&answer(call), &["a"])[0].verdict.name(), "pass");
    let results = run(&answer(&format!("{call}; {call}")), &["a", "b"]);
    for result in &results {
        assert_eq!(result.verdict.name(), "fail");
        assert!(text(result).contains("call 2 of state 'Charge' runs past the task script"), "{}", text(result));
    }
}

#[test]
fn a_message_that_is_never_read_is_not_waited_for() {
    let runner = runner(&format!("read -r line; {STARTED}; sleep 60")).expect("it starts");
    let large = "a".repeat(1_000_000);
    assert_eq!(runner.run_case(&case(&large), Profile::Aws).verdict.name(), "timed-out");
}

#[test]
fn what_a_silent_engine_started_is_killed_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let mark = folder.path().join("alive");
    let command = engine(&format!("(sleep 2; touch '{}') & sleep 60", mark.display()));
    assert_eq!(run(&command, &["a"])[0].verdict.name(), "timed-out");
    thread::sleep(Duration::from_secs(2));
    assert!(!mark.exists());
}

#[test]
fn an_engine_is_told_to_stop_and_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let mark = folder.path().join("stopped");
    let stop = format!(r#"case "$line" in *stop*) sleep 0.2; touch '{}'; exit;; esac"#, mark.display());
    drop(runner(&engine(&stop)));
    assert!(mark.exists());
}

/// Says what it is told to, and keeps what it is told.
struct Mine;

impl Engine for Mine {
    fn describe(&self) -> Description {
        Description {
            name: "mine".to_owned(),
            version: "0.3.0".to_owned(),
            language: "Python".to_owned(),
            features: BTreeSet::from([Feature::Task]),
            observables: BTreeSet::from([Observable::Visited]),
            profiles: BTreeSet::from([Profile::Aws]),
        }
    }

    fn run(&mut self, request: &Request<'_>, tasks: &mut dyn TaskScript) -> Result<Reply, Fault> {
        if request.validate_only {
            return Ok(Reply::Invalid { errors: Vec::new() });
        }
        let Input::Json(input) = &*request.input else { return Err(Fault::Protocol("a text".to_owned())) };
        let resource = "arn:aws:lambda:us-east-1:123456789012:function:Charge".to_owned();
        let answer = tasks.answer(&TaskCall { state: "Charge".to_owned(), resource, input: input.clone() })?;
        let answer = serde_json::to_value(answer.result).expect("JSON");
        let mut outcome = Outcome::failed(answer["error"].as_str().map(str::to_owned), None);
        outcome.visited = Some(vec!["Charge".to_owned()]);
        Ok(Reply::from(outcome))
    }
}

fn file(name: &str) -> String {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_exchange_in_the_manual_takes_place() {
    let manual = file("WIRE.md");
    let said = |by: &str| -> Vec<Value> {
        let lines = manual.lines().filter_map(|line| line.strip_prefix(by));
        lines.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    };
    let input: String = said("> ").iter().map(|message| format!("{message}\n")).collect();
    let mut output = Vec::new();
    wire::serve(&mut Mine, Cursor::new(input), &mut output).expect("it is served");
    let answers: Vec<Value> = String::from_utf8(output)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let invalid = json!({"type": "reply", "seq": 2, "reply": "invalid"});
    let mut wanted = said("< ");
    assert_eq!(wanted.last(), Some(&invalid));
    // Reasons may be left out.
    wanted.last_mut().expect("a reply")["errors"] = json!([]);
    assert_eq!(answers, wanted);
    let validator = validator();
    said("> ").iter().chain(&said("< ")).for_each(|message| conforms(&validator, message));
}

#[rstest]
#[case::nothing("", "")]
#[case::no_json("hello\n", "expected value")]
#[case::no_message("{\"type\":\"shrug\"}\n", "unknown variant `shrug`")]
#[case::an_answer_to_nothing(
    "{\"type\":\"task\",\"seq\":1,\"result\":\"timeout\",\"seconds\":0}\n",
    "an answer to no call"
)]
#[case::no_answer(
    "{\"type\":\"run\",\"seq\":1,\"definition\":{},\"input\":1,\"profile\":\"aws\"}\n{\"type\":\"stop\"}\n",
    "no answer to a call"
)]
fn an_engine_refuses_what_no_runner_says(#[case] input: &str, #[case] says: &str) {
    let error = wire::serve(&mut Mine, Cursor::new(input), Vec::new()).err().map(|error| error.to_string());
    match error {
        None => assert_eq!(says, ""),
        Some(error) => assert!(!says.is_empty() && error.contains(says), "{error}"),
    }
}

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&file("wire.schema.json")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn conforms(validator: &jsonschema::Validator, message: &Value) {
    let errors: Vec<_> = validator.iter_errors(message).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {message}");
}

/// Each message conforms to the schema, and reads as what was written.
#[test]
fn messages_about_every_case_conform_to_the_schema() {
    let validator = validator();
    let suite = Suite::embedded();
    let plan = Plan::new(&suite, &[], &Reference.describe());
    for (seq, (case, profile)) in (1..).zip(plan.runs.iter().step_by(7)) {
        let request = Request::of(case, *profile);
        let mut script = Script::new(&case.tasks);
        let reply = Reference.run(&request, &mut script).expect("a reply");
        let run = ToEngine::Run { seq, request: Box::new(request) };
        let message = serde_json::to_value(&run).expect("JSON");
        conforms(&validator, &message);
        assert_eq!(serde_json::from_value::<ToEngine<'_>>(message).expect("a message"), run);
        let reply = FromEngine::Reply { seq, reply };
        let message = serde_json::to_value(&reply).expect("JSON");
        conforms(&validator, &message);
        assert_eq!(serde_json::from_value::<FromEngine>(message).expect("a message"), reply);
    }
    let started = FromEngine::Started { protocol: PROTOCOL, description: Reference.describe() };
    conforms(&validator, &serde_json::to_value(started).expect("JSON"));
}

#[test]
fn the_schema_knows_all_features_observables_and_profiles() {
    let schema: Value = serde_json::from_str(&file("wire.schema.json")).expect("JSON");
    let known = |name: &str| schema["$defs"][name]["enum"].clone();
    assert_eq!(known("feature"), serde_json::to_value(Feature::ALL).expect("JSON"));
    assert_eq!(known("observable"), serde_json::to_value(Observable::ALL).expect("JSON"));
    assert_eq!(known("profile"), serde_json::to_value(PROFILES).expect("JSON"));
}

#[rstest]
#[case(json!({"type": "run", "seq": 1, "validateOnly": false, "profile": "aws", "input": 1}))]
#[case(json!({"type": "reply", "seq": 1, "reply": "outcome"}))]
#[case(json!({"type": "reply", "reply": "valid"}))]
#[case(json!({"type": "reply", "seq": 1, "reply": "unsupported"}))]
#[case(json!({"type": "reply", "seq": 1, "reply": "invalid", "errors": ["no"]}))]
#[case(json!({"type": "task", "seq": 1, "state": "A"}))]
#[case(json!({"type": "shrug"}))]
fn the_schema_refuses_what_is_no_message(#[case] message: Value) {
    assert!(!validator().is_valid(&message));
    let is_read = serde_json::from_value::<FromEngine>(message.clone()).is_ok();
    assert!(!is_read && serde_json::from_value::<ToEngine<'_>>(message).is_err());
}

/// The adapters to start from are engines that do little, and that rightly.
#[rstest]
#[case::python("python3", "skeleton.py")]
#[case::node("node", "skeleton.mjs")]
#[ignore = "needs the interpreter of the language"]
fn an_adapter_to_start_from_speaks_the_protocol(#[case] interpreter: &str, #[case] adapter: &str) {
    let command = format!("{interpreter} '{}/adapters/{adapter}'", env!("CARGO_MANIFEST_DIR"));
    let runner = Runner::new(wire::factory(&command, LIMIT * 10), LIMIT * 30).expect("it starts");
    let filters = ["pass/", "fail/", "succeed/", "task/"].map(Filter::parse);
    let plan = Plan::new(&Suite::embedded(), &filters, runner.description());
    let results = runner.run(&plan.runs, 2, &|_| {});
    let unexpected: Vec<_> = results.iter().filter(|result| !result.expected).map(text).collect();
    assert_eq!(unexpected, [""; 0]);
    let passes = results.iter().filter(|result| result.verdict == Verdict::Pass).count();
    assert!(passes > 50, "{passes}");
}
