//! The findings of `check` as a person sees them.

use std::{fs, process::Command};

use asl_conformance::{
    case::{Definition, PROFILES},
    reference,
    source::{Source, render},
    suite::Suite,
};
use rstest::{Context, rstest};
use tempfile::TempDir;

/// What `check` prints about a file, and its exit code.
fn check(name: &str, content: &[u8], options: &[&str]) -> (String, Option<i32>) {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join(name), content).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_asl-conformance"));
    let ran = command.arg("check").args(options).arg(name).current_dir(folder.path()).output().expect("it starts");
    assert_eq!(String::from_utf8_lossy(&ran.stderr), "");
    (String::from_utf8(ran.stdout).expect("UTF-8"), ran.status.code())
}

const SAM: &str = include_str!("check/template.yaml");

#[rstest]
#[case::misspelt_field("order.json", include_str!("check/misspelt_field.json"))]
#[case::several_faults("order.json", include_str!("check/several_faults.json"))]
#[case::paths("order.json", include_str!("check/paths.json"))]
#[case::query_languages("order.json", include_str!("check/query_languages.json"))]
#[case::transitions("order.yaml", include_str!("check/transitions.yaml"))]
#[case::repeated_names("order.yaml", include_str!("check/repeated_names.yaml"))]
#[case::warnings("order.json", include_str!("check/warnings.json"))]
#[case::tabs("order.yaml", "StartAt: A\nStates:\n\tA:\n\t\tType: Succeed\n")]
#[case::trailing_comma("order.json", "{\n  \"StartAt\": \"A\",\n  \"States\": {\"A\": {\"Type\": \"Succeed\"},}\n}\n")]
#[case::unfinished("order.json", "{\"StartAt\": \"A\",\n")]
#[case::empty("order.json", "\n")]
#[case::not_an_object("order.json", "[1, 2]")]
#[case::deep("order.json", &"[".repeat(10_000))]
#[case::sam_template("template.yaml", SAM)]
fn an_invalid_file_is_explained(#[case] name: &str, #[case] text: &str, #[context] context: Context) {
    let (output, code) = check(name, text.as_bytes(), &[]);
    insta::assert_snapshot!(context.description.expect("a name"), output);
    assert!(!output.contains('\u{1b}'), "colours only on a terminal");
    assert!(matches!(code, Some(0 | 1)));
}

#[test]
fn one_long_line_is_shown_in_part() {
    let filler = "x".repeat(1 << 20);
    let text = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Pass","Result":"{filler}","Nxt":"B","End":true}}}},"Comment":"{filler}"}}"#
    );
    let (output, code) = check("long.json", text.as_bytes(), &[]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(output);
}

#[test]
fn bytes_that_are_no_text_are_an_invalid_definition() {
    let (output, code) = check("latin.json", b"{\"StartAt\": \"\xe9\"}", &[]);
    assert_eq!(code, Some(1));
    assert!(output.contains("latin.json:1:14") && output.contains("not UTF-8"), "{output}");
}

#[test]
fn findings_in_a_template_are_located_in_the_file() {
    let (output, code) = check("template.yaml", SAM.as_bytes(), &["--json"]);
    assert_eq!(code, Some(1));
    let report: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    let locations: Vec<_> = report["diagnostics"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| finding["location"].as_str())
        .collect();
    assert!(locations.contains(&"/Resources/Inline/Properties/Definition/States/Pay"), "{locations:?}");
    assert!(locations.contains(&"/Resources/Block/Properties/DefinitionString/States/B"), "{locations:?}");
}

/// Each block names the code, the rule, and a place in the file.
#[test]
fn every_invalid_case_of_the_suite_is_rendered() {
    let mut documents = 0;
    for case in Suite::embedded().cases {
        let text = match &case.definition {
            Definition::Json(document) => serde_json::to_string_pretty(document).expect("JSON"),
            Definition::Text(text) => text.clone(),
        };
        for profile in PROFILES.into_iter().filter(|profile| case.holds_in(*profile)) {
            let mut source = Source::read("case.json", text.clone().into_bytes());
            let [definition] = source.definitions.as_mut_slice() else { panic!("{}: one definition", case.id) };
            definition.machine_type = Some(reference::machine_type(case.limits));
            let findings = definition.findings(profile);
            assert_eq!(
                findings,
                reference::validate(&Definition::Text(text.clone()), case.limits, profile),
                "{}",
                case.id
            );
            let rendered = anstream::adapter::strip_str(&render(definition, &findings)).to_string();
            let blocks: Vec<_> = rendered.split_terminator("\n\n").collect();
            for finding in &findings {
                let shows = |block: &&&str| {
                    block.contains(&format!("[{}]", finding.code))
                        && block.contains("--> case.json:")
                        && block.contains(&format!("= rule: {}", finding.requirement))
                };
                assert!(blocks.iter().any(|block| shows(&block)), "{}: {finding}\n{rendered}", case.id);
            }
            documents += usize::from(!findings.is_empty());
        }
    }
    assert!(documents > 1_000, "{documents}");
}

#[test]
fn the_fix_for_a_misspelt_field_mends_the_definition() {
    let broken = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Endd": true}}}"#;
    let (output, code) = check("a.json", broken.as_bytes(), &[]);
    assert_eq!(code, Some(1));
    assert!(output.contains("help: did you mean 'End'?"), "{output}");
    let (output, code) = check("a.json", broken.replace("Endd", "End").as_bytes(), &[]);
    assert_eq!((output.as_str(), code), ("a.json: valid\n", Some(0)));
}
