//! The command line: what scripts rely on.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Ran {
    code: Option<i32>,
    output: String,
    errors: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.output).unwrap_or_else(|error| panic!("{error}: {}{}", self.output, self.errors))
    }
}

fn run(arguments: &[&str]) -> Ran {
    let ran = Command::new(env!("CARGO_BIN_EXE_asl-conformance")).args(arguments).output().expect("it starts");
    Ran {
        code: ran.status.code(),
        output: String::from_utf8(ran.stdout).expect("UTF-8"),
        errors: String::from_utf8(ran.stderr).expect("UTF-8"),
    }
}

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, content: &Value) -> String {
        self.text(name, &content.to_string())
    }

    fn text(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("inside")).expect("a folder");
        fs::write(&path, content).expect("written");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(Path::new(name))
    }
}

fn machine() -> Value {
    json!({"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:F", "Next": "B"},
        "B": {"Type": "Wait", "Seconds": 1, "End": true}
    }})
}

#[test]
fn one_case_runs_by_its_id() {
    let ran = run(&["run", "io/input-path/*"]);
    assert_eq!(ran.code, Some(0), "{}", ran.errors);
    assert!(ran.output.contains(" of "), "{}", ran.output);
}

#[test]
fn a_filter_that_chooses_nothing_ran_nothing() {
    assert_eq!(run(&["run", "no-such-case"]).code, Some(4));
}

#[test]
fn a_shard_runs_its_part_and_says_so_in_the_record() {
    let folder = Folder::new();
    let record = folder.path("record.jsonl").display().to_string();
    let header = |shard: &[&str]| -> Value {
        let arguments = [&["run", "io/input-path/*", "--profile", "spec", "--report", &record], shard].concat();
        assert_eq!(run(&arguments).code, Some(0));
        let text = fs::read_to_string(&record).expect("a record");
        serde_json::from_str(text.lines().next().expect("a header")).expect("JSON")
    };
    let (whole, first, second) = (header(&[]), header(&["--shard", "1/2"]), header(&["--shard", "2/2"]));
    assert_eq!((&whole["shard"], &first["shard"]), (&Value::Null, &json!("1/2")));
    let planned = |header: &Value| header["planned"].as_u64().expect("a number");
    assert!(planned(&second) > 0);
    assert_eq!(planned(&first) + planned(&second), planned(&whole));
}

#[test]
fn an_unknown_option_is_a_usage_error() {
    assert_eq!(run(&["run", "--frobnicate"]).code, Some(2));
    assert_eq!(run(&["run", "--shard", "3/2"]).code, Some(2));
    assert_eq!(run(&["show", "no-such-case"]).code, Some(2));
}

#[test]
#[cfg(unix)]
fn an_engine_behind_a_command_is_tested_like_any_other() {
    let serve = format!("'{}' serve", env!("CARGO_BIN_EXE_asl-conformance"));
    let direct = run(&["run", "retry/", "jsonata/"]);
    let ran = run(&["run", "retry/", "jsonata/", "--command", &serve, "--jobs", "2"]);
    assert_eq!((ran.code, ran.errors), (Some(0), String::new()));
    assert_eq!(ran.output, direct.output);
}

#[test]
fn a_record_becomes_any_report() {
    let folder = Folder::new();
    let path = |name: &str| folder.path(name).display().to_string();
    let record = path("record.jsonl");
    let ran = run(&["run", "succeed/", "--report", &record, "--junit", &path("junit.xml")]);
    assert_eq!((ran.code, ran.errors.as_str()), (Some(0), ""));
    let report = |form: &[&str]| {
        let ran = run(&[&["report", &record], form].concat());
        assert_eq!((ran.code, ran.errors.as_str()), (Some(0), ""));
        ran.output
    };
    assert_eq!(report(&[]), ran.output);
    assert_eq!(
        report(&["--junit"]).trim_end(),
        fs::read_to_string(path("junit.xml")).expect("it is written").trim_end()
    );
    assert!(report(&["--markdown"]).starts_with("# ASL conformance\n"));
    assert!(report(&["--html"]).starts_with("<!doctype html>\n"));
    let badge: Value = serde_json::from_str(&report(&["--badge"])).expect("JSON");
    assert_eq!(badge["color"], "brightgreen");
    assert!(report(&[]).contains("reference 0.1.0"));
    let twice = run(&["report", &record, &record]);
    assert_eq!(twice.code, Some(0));
    assert!(twice.output.contains("reference 0.1.0  reference 0.1.0"), "{}", twice.output);
}

#[rstest]
#[case(&["report"], "required")]
#[case(&["report", "no-such-file"], "no-such-file: ")]
#[case(&["report", "Cargo.toml"], "Cargo.toml: line 1: ")]
#[case(&["report", "Cargo.toml", "--html", "--badge"], "cannot be used with")]
#[case(&["run", "succeed/", "--report", "no/such/folder"], "no/such/folder: ")]
#[case(&["compare", "--engine", "reference", "--html", "no/such/folder"], "no/such/folder: ")]
#[case(&["compare"], "required")]
#[case(&["compare", "--engine", "nobody"], "invalid value")]
fn reports_of_nothing_are_usage_errors(#[case] arguments: &[&str], #[case] says: &str) {
    let ran = run(arguments);
    assert_eq!(ran.code, Some(2));
    assert!(ran.errors.contains(says), "{}", ran.errors);
}

#[test]
#[cfg(unix)]
fn engines_are_compared_on_the_same_cases() {
    let folder = Folder::new();
    let (html, markdown) = (folder.path("c.html").display().to_string(), folder.path("c.md").display().to_string());
    let serve = format!("'{}' serve", env!("CARGO_BIN_EXE_asl-conformance"));
    let engines = ["--engine", "reference", "--command", &serve];
    let ran = run(&[&["compare", "succeed/", "--html", &html, "--markdown", &markdown], &engines[..]].concat());
    assert_eq!((ran.code, ran.errors.as_str()), (Some(0), ""));
    assert!(ran.output.contains("reference 0.1.0  reference 0.1.0"), "{}", ran.output);
    assert!(
        fs::read_to_string(markdown).expect("it is written").contains("| area | reference 0.1.0 | reference 0.1.0 |")
    );
    assert!(fs::read_to_string(html).expect("it is written").contains("<th>reference 0.1.0</th>"));
    assert_eq!(run(&[&["compare", "no-such-case"], &engines[..]].concat()).code, Some(4));
}

#[test]
fn an_engine_that_does_not_start_is_an_error_of_the_harness() {
    let ran = run(&["run", "--command", "exit 9"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.errors.lines().count(), 1, "{}", ran.errors);
    assert!(ran.errors.contains("the engine cannot be started: ") && ran.errors.contains('9'), "{}", ran.errors);
    assert_eq!(run(&["run", "--command", "exit 9", "--engine", "reference"]).code, Some(2));
}

#[test]
fn cases_from_a_file_fail_with_a_report_and_a_record() {
    let folder = Folder::new();
    let case = json!({
        "id": "pass/output/input-is-doubled", "description": "a Pass state doubles its input", "source": "inferred",
        "requirements": ["PASS-001"], "input": 1, "expect": {"status": "SUCCEEDED", "output": 2},
        "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}
    });
    let cases = folder.file("pass/output.json", &json!({"$schema": "../../case.schema.json", "cases": [case]}));
    let record = folder.path("record.jsonl").display().to_string();
    let ran = run(&["run", "--cases", &cases, "--report", &record, "--profile", "spec"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.output.contains("FAIL [spec] pass/output/input-is-doubled"), "{}", ran.output);
    let lines: Vec<Value> = fs::read_to_string(record)
        .expect("a record")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["engine"]["name"], "reference");
    assert_eq!(lines[1]["differences"], json!([{"path": "output", "expected": "2", "got": "1"}]));
    assert_eq!(lines[2]["counts"]["fail"], 1);

    let known = "[[known]]\ncase = \"pass/output/input-is-doubled\"\nreason = \"nobody doubles\"\n";
    let known = folder.text("known.toml", known);
    assert_eq!(run(&["run", "--cases", &cases, "--known", &known]).code, Some(0));
}

#[test]
fn cases_that_cannot_be_read_are_an_error_of_the_harness() {
    let folder = Folder::new();
    let cases = folder.file("pass/output.json", &json!({"cases": [{"id": "pass/output/x", "colour": 1}]}));
    let ran = run(&["run", "--cases", &cases]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.errors.contains("pass/output/x") && ran.errors.contains("colour"), "{}", ran.errors);
}

#[test]
fn the_list_names_every_case_and_show_prints_one() {
    let list = run(&["list", "--json"]).json();
    let list = list.as_array().expect("an array");
    assert!(list.len() > 1_000);
    let id = list[0]["id"].as_str().expect("an id");
    assert_eq!(run(&["show", id]).json()["requirements"], list[0]["requirements"]);
}

#[test]
fn coverage_counts_what_has_a_case_and_names_the_rest() {
    let coverage = run(&["coverage", "--json"]).json();
    let number = |name: &str| usize::try_from(coverage[name].as_u64().expect("a number")).expect("small");
    let uncovered = coverage["uncovered"].as_array().expect("ids").len();
    assert_eq!(number("total"), number("covered") + uncovered);
    assert_eq!(run(&["coverage", "--strict"]).code, Some(i32::from(uncovered > 0)));
}

#[test]
fn check_tells_valid_from_invalid() {
    let folder = Folder::new();
    let valid = folder.file("valid.json", &machine());
    let mut broken = machine();
    broken["StartAt"] = json!("C");
    broken["States"]["B"]["Seconds"] = json!(-1);
    let invalid = folder.file("invalid.json", &broken);
    assert_eq!(run(&["check", &valid]).code, Some(0));
    let ran = run(&["check", &valid, &invalid]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.output.contains("OUT_OF_RANGE") && ran.output.contains("/States/B/Seconds"), "{}", ran.output);
    let ran = run(&["check", "--json", &invalid]);
    assert_eq!((ran.code, &ran.json()["valid"]), (Some(1), &json!(false)));
    let first = &ran.json()["diagnostics"][0];
    for member in ["code", "severity", "location", "message", "requirement"] {
        assert!(first[member].is_string(), "{first}");
    }
    assert_eq!(run(&["check", "--json", &valid]).json()["valid"], true);
    assert_eq!(run(&["check", "--json", &valid, &invalid]).code, Some(2));
}

#[test]
fn exec_prints_the_end_and_the_way_to_it() {
    let folder = Folder::new();
    let file = folder.file("machine.json", &machine());
    let tasks = folder.file("tasks.json", &json!({"A": [{"echo": true, "seconds": 2.5}]}));
    let ran = run(&["exec", &file, "--input", "{\"a\": 1}", "--tasks", &tasks, "--json", "--history"]);
    assert_eq!(ran.code, Some(0), "{}", ran.errors);
    let mut report = ran.json();
    let events = report["events"].take();
    assert_eq!(events[0]["type"], "ExecutionStarted");
    assert_eq!(events[0]["timestamp"], "2025-01-01T00:00:00Z");
    let expected = json!({
        "status": "SUCCEEDED", "output": {"a": 1}, "visited": ["A", "B"], "elapsed": 3.5, "transitions": 2, "events": null
    });
    assert_eq!(report, expected);
}

#[test]
fn exec_of_a_machine_that_fails_ran_all_the_same() {
    let folder = Folder::new();
    let file = folder.file("machine.json", &machine());
    let tasks = folder.file("tasks.json", &json!({"A": [{"error": "E", "cause": "c"}]}));
    let ran = run(&["exec", &file, "--tasks", &tasks, "--json"]);
    assert_eq!(ran.code, Some(0));
    let report = ran.json();
    assert_eq!([&report["status"], &report["error"], &report["cause"]], [&json!("FAILED"), &json!("E"), &json!("c")]);
}

#[rstest]
#[case::an_invalid_machine("{}", "{}", 1, "INVALID")]
#[case::text_that_is_no_json("{", "{}", 1, "INVALID_JSON_DESCRIPTION")]
#[case::input_that_is_no_json("{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}", "{", 2, "--input")]
fn exec_refuses(#[case] definition: &str, #[case] input: &str, #[case] code: i32, #[case] says: &str) {
    let folder = Folder::new();
    let file = folder.text("machine.json", definition);
    let ran = run(&["exec", &file, "--input", input, "--json"]);
    assert_eq!(ran.code, Some(code));
    assert!(format!("{}{}", ran.output, ran.errors).contains(says), "{}{}", ran.output, ran.errors);
}

#[test]
fn exec_under_limits_refuses_a_definition_of_more_than_a_mebibyte() {
    let folder = Folder::new();
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}).to_string();
    let file = folder.text("machine.json", &(definition.clone() + &" ".repeat(1_048_577 - definition.len())));
    let ran = run(&["exec", &file, "--limits", "standard", "--json"]);
    assert_eq!((ran.code, &ran.json()["diagnostics"][0]["code"]), (Some(1), &json!("QUOTA_EXCEEDED")));
    assert_eq!(run(&["exec", &file, "--json"]).code, Some(0));
}

#[test]
fn exec_without_an_answer_to_a_task_is_an_error_of_the_harness() {
    let folder = Folder::new();
    let file = folder.file("machine.json", &machine());
    let ran = run(&["exec", &file, "--json"]);
    assert_eq!(ran.code, Some(3));
    assert_eq!(ran.json()["error"]["kind"], "tasks");
}

#[rstest]
#[case::a_loop(r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}, "B": {"Type": "Succeed"}}}"#, 1)]
#[case::a_loop_with_a_way_out(
    r#"{"StartAt": "A", "States": {"A": {"Type": "Choice", "Default": "A", "Choices":
    [{"Variable": "$.x", "IsPresent": true, "Next": "B"}]}, "B": {"Type": "Succeed"}}}"#,
    3
)]
fn exec_of_an_endless_loop_ends(#[case] definition: &str, #[case] code: i32) {
    let folder = Folder::new();
    let file = folder.text("machine.json", definition);
    let ran = run(&["exec", &file, "--fuel", "1000"]);
    assert_eq!(ran.code, Some(code), "{}", ran.output);
    if code == 3 {
        let (start, end) = ("error: out of fuel after ", " transitions (raise it with --fuel)\n");
        assert!(ran.errors.starts_with(start) && ran.errors.ends_with(end), "{}", ran.errors);
        assert_eq!(run(&["exec", &file, "--fuel", "1000", "--json"]).json()["error"]["kind"], "fuel");
    }
}

#[test]
fn exec_tells_in_one_line_that_a_script_runs_dry() {
    let folder = Folder::new();
    let file = folder.file("machine.json", &machine());
    let ran = run(&["exec", &file]);
    assert_eq!((ran.code, ran.output.as_str()), (Some(3), ""));
    assert!(ran.errors.starts_with("error: ") && ran.errors.contains("--tasks"), "{}", ran.errors);
    assert_eq!(ran.errors.lines().count(), 1, "{}", ran.errors);
}

#[test]
fn exec_runs_yaml_and_the_machine_of_a_template() {
    let folder = Folder::new();
    let yaml = "StartAt: A\nStates:\n  A: {Type: Pass, Result: &r [1, yes], Next: B}\n  B: {Type: Pass, Result: *r, End: true}\n";
    let ran = run(&["exec", &folder.text("machine.yaml", yaml), "--json"]);
    assert_eq!(ran.json()["output"], json!([1, "yes"]), "{}", ran.errors);
    let mut definition = machine();
    definition["States"]["A"]["Resource"] = json!({"Fn::GetAtt": ["F", "Arn"]});
    let resource = json!({"Type": "AWS::Serverless::StateMachine", "Properties": {"Definition": definition}});
    let template = folder.file("template.json", &json!({"Resources": {"M": resource}}));
    let tasks = folder.file("tasks.json", &json!({"A": [{"output": 7}]}));
    assert_eq!(run(&["exec", &template, "--tasks", &tasks, "--json"]).json()["output"], 7);
    let template = folder.file("two.json", &json!({"Resources": {"M": resource, "N": resource}}));
    let ran = run(&["exec", &template]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.errors.contains("M, N"), "{}", ran.errors);
}

#[rstest]
#[case::a_key_that_leads_out("bucket", "../../secret.json")]
#[case::an_absolute_key("bucket", "/secret.json")]
#[case::a_bucket_that_leads_out("..", "secret.json")]
fn a_store_serves_nothing_outside_its_folder(#[case] bucket: &str, #[case] key: &str) {
    let folder = Folder::new();
    folder.text("secret.json", "[1]");
    folder.text("store/bucket/items.json", "[1, 2]");
    let reads = |bucket: &str, key: &str| {
        json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true,
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
                "Parameters": {"Bucket": bucket, "Key": key}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}})
    };
    let store = folder.path("store").display().to_string();
    let inside = folder.file("inside.json", &reads("bucket", "items.json"));
    assert_eq!(run(&["exec", &inside, "--store", &store, "--json"]).json()["output"], json!([1, 2]));
    let outside = folder.file("outside.json", &reads(bucket, key));
    let report = run(&["exec", &outside, "--store", &store, "--json"]).json();
    assert_eq!((&report["status"], &report["error"]), (&json!("FAILED"), &json!("States.ItemReaderFailed")));
}

#[test]
fn a_file_that_is_not_there_is_a_usage_error() {
    for command in ["check", "exec"] {
        let ran = run(&[command, "no-such-file.json"]);
        assert_eq!((ran.code, ran.errors.lines().count()), (Some(2), 1), "{}", ran.errors);
        assert!(ran.errors.starts_with("error: no-such-file.json: "), "{}", ran.errors);
        assert_eq!(run(&[command, "--frobnicate"]).code, Some(2));
    }
}

#[test]
fn lint_of_the_built_in_suite_and_of_files_use_the_same_rules() {
    let folder = Folder::new();
    let case = json!({
        "id": "pass/output/x", "description": "test that Pass works", "source": "spec", "requirements": ["PASS-999"],
        "requires": ["task"], "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
        "expect": {"status": "SUCCEEDED", "output": {}}
    });
    let cases = folder.file("fail/output.json", &json!({"$schema": "../../case.schema.json", "cases": [case]}));
    let ran = run(&["lint", &cases]);
    assert_eq!(ran.code, Some(1));
    for finding in ["'works'", "'test'", "PASS-999", "no use for \"task\"", "name of its file"] {
        assert!(ran.output.contains(finding), "{finding}: {}", ran.output);
    }
}
