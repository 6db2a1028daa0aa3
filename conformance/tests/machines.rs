//! The machines in `corpus/machines`: valid without a warning, and their runs end as they say.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use asl_conformance::compare;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/machines")
}

/// Definitions, ordered by name.
fn definitions() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the folder can be read").map(|entry| entry.expect("an entry").path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(".asl."))).collect();
    paths.sort();
    assert!(paths.len() >= 50, "there are fifty machines or more");
    paths
}

fn command(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_asl-conformance")).args(arguments).output().expect("it starts")
}

fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn machines_are_valid_without_warnings() {
    for path in definitions() {
        let checked = command(&["check", "--json", &path.display().to_string()]);
        assert_eq!(json(&checked)["diagnostics"], serde_json::json!([]), "{}", path.display());
    }
}

#[test]
fn runs_end_as_they_say() {
    let mut runs = 0;
    for definition in definitions() {
        let name = definition.file_name().expect("a name").to_string_lossy().into_owned();
        let stem = name.split(".asl.").next().unwrap_or_default();
        let Ok(text) = fs::read_to_string(folder().join(format!("{stem}.run.json"))) else { continue };
        let run: Value = serde_json::from_str(&text).expect("a run is JSON");
        let tasks = tempfile::NamedTempFile::new().expect("a file");
        let script = run.get("tasks").cloned().unwrap_or_else(|| serde_json::json!({}));
        fs::write(tasks.path(), script.to_string()).expect("written");
        let ended = json(&command(&[
            "exec",
            &definition.display().to_string(),
            "--input",
            &run["input"].to_string(),
            "--tasks",
            &tasks.path().display().to_string(),
            "--json",
        ]));
        for (member, expected) in run["expect"].as_object().expect("an expectation") {
            let got = ended.get(member).unwrap_or(&Value::Null);
            assert!(compare::equal(expected, got), "{stem}: {member} is {got}, not {expected}");
        }
        runs += 1;
    }
    assert!(runs >= 50, "only {runs} machines have a run");
}
