//! The commands `fuzz` and `promote`.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use asl_conformance::suite::Suite;
use rstest::rstest;
use serde_json::{Value, json};

fn run(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asl-conformance"));
    command.args(arguments).current_dir(directory).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn the_reference_agrees_with_itself_and_its_relations_hold() {
    let folder = folder();
    let output = run(folder.path(), &["fuzz", "--seed", "3", "--cases", "60"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let summary = text(&output.stdout);
    assert!(summary.contains("seed 3: 60 machines") && summary.contains("0 findings"), "{summary}");
    assert_eq!(fs::read_dir(folder.path().join("findings/reference")).expect("the folder").count(), 0);
}

#[test]
fn the_same_seed_draws_the_same_machines() {
    let folder = folder();
    let summary = || text(&run(folder.path(), &["fuzz", "--seed", "9", "--cases", "30", "--relations-only"]).stdout);
    assert_eq!(summary(), summary());
}

#[rstest]
#[case::unknown_engine(&["fuzz", "--engine", "nobody"])]
#[case::no_number(&["fuzz", "--cases", "many"])]
#[case::no_id(&["promote", "finding.json"])]
#[case::id_without_a_fact(&["promote", "finding.json", "--id", "pass/result"])]
#[case::id_in_capitals(&["promote", "finding.json", "--id", "pass/result/Literal"])]
#[case::no_such_file(&["promote", "missing.json", "--id", "pass/result/x-y-z"])]
#[case::no_case(&["promote", "empty.json", "--id", "pass/result/x-y-z"])]
fn arguments_that_make_no_sense_are_refused(#[case] arguments: &[&str]) {
    let folder = folder();
    fs::write(folder.path().join("finding.json"), finding().to_string()).expect("written");
    fs::write(folder.path().join("empty.json"), r#"{"cases": []}"#).expect("written");
    let output = run(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn nothing_ran_without_a_machine() {
    let folder = folder();
    assert_eq!(run(folder.path(), &["fuzz", "--cases", "0"]).status.code(), Some(4));
}

fn finding() -> Value {
    json!({"$schema": "../../case.schema.json", "cases": [{
        "id": "planted/output-result-1234/differs", "description": "output differs from that of the reference: Result",
        "requirements": ["PASS-003"], "source": "inferred", "profile": "aws",
        "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": true}}}, "input": {},
        "expect": {"status": "SUCCEEDED", "output": 1}
    }]})
}

/// Promotes the finding into a folder of cases, and gives the text of the case file.
fn promote(folder: &Path, id: &str) -> String {
    let finding_file = folder.join("finding.json");
    fs::write(&finding_file, finding().to_string()).expect("written");
    let output = run(folder, &["promote", "finding.json", "--id", id, "--into", "cases"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stderr).contains("PASS-003"), "{output:?}");
    fs::read_to_string(folder.join("cases/drawn/result.json")).expect("the case file")
}

#[test]
fn a_promoted_finding_is_refused_until_a_person_has_reviewed_it() {
    let folder = folder();
    let skeleton = promote(folder.path(), "drawn/result/is-the-output");
    let faults = |text: &str| {
        let suite = Suite::from_texts([("drawn/result.json", text.to_owned())]);
        suite.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(faults(&skeleton).contains("unknown variant ``"), "{}", faults(&skeleton));
    let sourced = skeleton.replace(r#""source": """#, r#""source": "spec""#);
    assert!(faults(&sourced).contains("unreviewed"), "{}", faults(&sourced));
    assert_eq!(faults(&sourced.replace(r#", "unreviewed": true"#, "")), "");
    let lint = run(folder.path(), &["lint", "cases"]);
    assert_eq!(lint.status.code(), Some(1), "{lint:?}");
}

#[test]
fn a_case_file_keeps_its_text_when_a_case_is_added() {
    let folder = folder();
    let first = promote(folder.path(), "drawn/result/is-the-output");
    let second = promote(folder.path(), "drawn/result/is-a-number");
    let kept = first.strip_suffix("\n]}\n").expect("the end of a case file");
    assert!(second.starts_with(kept) && second.ends_with("  }\n]}\n"), "{second}");
    let ids: Vec<_> =
        asl_conformance::suite::entries(&second).expect("cases").iter().map(|case| case["id"].clone()).collect();
    assert_eq!(ids, ["drawn/result/is-the-output", "drawn/result/is-a-number"]);
    let again = run(folder.path(), &["promote", "finding.json", "--id", "drawn/result/is-a-number", "--into", "cases"]);
    assert_eq!(again.status.code(), Some(2), "{again:?}");
}

#[test]
fn an_id_of_the_suite_is_taken() {
    let folder = folder();
    fs::write(folder.path().join("finding.json"), finding().to_string()).expect("written");
    let taken = Suite::embedded().cases.first().expect("a case").id.clone();
    assert_eq!(run(folder.path(), &["promote", "finding.json", "--id", &taken]).status.code(), Some(2));
}

#[test]
fn without_a_folder_the_skeleton_is_printed() {
    let folder = folder();
    fs::write(folder.path().join("finding.json"), finding().to_string()).expect("written");
    let output = run(folder.path(), &["promote", "finding.json", "--id", "drawn/result/is-the-output"]);
    let skeleton: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(skeleton["expect"], json!({"status": "SUCCEEDED", "output": 1, "unreviewed": true}));
    assert_eq!(skeleton["requirements"], json!([]));
}
