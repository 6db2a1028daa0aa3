//! The command `bench`: the shape of its output, and its exit codes.

use std::process::{Command, Output};

use serde_json::Value;

fn bench(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_asl-conformance"));
    command.arg("bench").args(arguments).output().expect("it starts")
}

/// Measured numbers depend on the machine: they become `[number]`. What is published or counted does not.
fn redacted(mut value: Value) -> Value {
    fn redact(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(redact),
            Value::Object(members) => {
                for (name, member) in members {
                    let is_counted = ["transitions", "published"].contains(&name.as_str());
                    if member.is_number() && !is_counted {
                        assert!(member.as_f64().is_some_and(|number| number > 0.0), "{name} is {member}");
                        *member = "[number]".into();
                    }
                    redact(member);
                }
            }
            _ => {}
        }
    }
    redact(&mut value);
    value
}

/// The rows of a table, one a line.
fn rows(value: &Value) -> String {
    let lines: Vec<String> = value.as_array().expect("an array").iter().map(Value::to_string).collect();
    lines.join("\n")
}

#[test]
fn the_report_names_engines_workloads_and_quotas() {
    let output = bench(&["--json", "--time", "0"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    let members: Vec<&String> = report.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["engines", "workloads", "limits"]);
    let report = redacted(report);
    insta::assert_snapshot!("engines", rows(&report["engines"]));
    insta::assert_snapshot!("workloads", rows(&report["workloads"]));
    insta::assert_snapshot!("limits", rows(&report["limits"]));
}

#[test]
fn an_engine_that_nobody_knows_is_a_usage_error() {
    assert_eq!(bench(&["--engine", "nobody"]).status.code(), Some(2));
    assert_eq!(bench(&["--frobnicate"]).status.code(), Some(2));
}
