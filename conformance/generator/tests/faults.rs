//! Faults are refused as predicted, and every static requirement has one or a reason why not.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Unstructured;
use asl_engine::{
    diagnostic::{Code, Diagnostic, Severity},
    profile::Profile,
    validate::validate,
};
use asl_generator::{
    faults::{self, Fault, WITHOUT_FAULT},
    seeded_bytes,
};
use serde_json::{Value, json};

/// Documents that each fault is applied to.
const DOCUMENTS: usize = 5;
/// Documents that are drawn until a fault fits.
const TRIES: u64 = 3000;

fn errors(definition: &Value) -> Vec<Diagnostic> {
    validate(definition, Profile::Aws).into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

/// Whether the validator reads JSONata expressions.
fn reads_jsonata() -> bool {
    let pass = json!({"Type": "Pass", "Output": "{% 1 + %}", "End": true});
    !errors(&json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": pass}})).is_empty()
}

/// What a fault may bring about beside its own finding.
fn is_consequence(finding: &Diagnostic) -> bool {
    matches!(finding.code, Code::MissingTransitionTarget | Code::MissingEndState)
}

/// Applies a fault to some documents; gives what was not refused as predicted.
fn mispredicted(fault: &Fault, pool: &[Value]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut applied = 0;
    for (seed, definition) in pool.iter().enumerate() {
        let bytes = seeded_bytes(seed as u64, 64);
        let mut document = definition.clone();
        let Some(location) = (fault.apply)(&mut Unstructured::new(&bytes), &mut document) else {
            assert_eq!(document, *definition, "{} changes a document it does not fit", fault.name);
            continue;
        };
        applied += 1;
        let found = errors(&document);
        let predicted = |finding: &Diagnostic| finding.code.name() == fault.code && finding.location == location;
        if !found.iter().any(predicted) || !found.iter().all(|finding| predicted(finding) || is_consequence(finding)) {
            let found: Vec<_> = found.iter().take(4).map(ToString::to_string).collect();
            let object = location.rsplit_once('/').and_then(|(object, _)| document.pointer(object));
            wrong.push(format!(
                "{} ({}): expected {} at {location:?}, found {found:#?} in {object:?}",
                fault.name, fault.requirement, fault.code
            ));
        }
        if applied == DOCUMENTS {
            return wrong;
        }
    }
    if applied == 0 {
        wrong.push(format!("{} ({}) fits none of {TRIES} documents", fault.name, fault.requirement));
    }
    wrong
}

#[test]
fn every_fault_is_refused_with_the_predicted_code_and_location() {
    let reads_jsonata = reads_jsonata();
    let pool: Vec<_> = (0..TRIES).map(|seed| support::scenario(seed, |_| {}).1.definition).collect();
    let mut wrong = Vec::new();
    for fault in faults::all() {
        if fault.code.ends_with("JSONATA_EXPRESSION")
            && !reads_jsonata
            && !["JNATA-003", "JNATA-005"].contains(&fault.requirement)
        {
            eprintln!("not checked, because the validator does not read JSONata yet: {}", fault.name);
            continue;
        }
        wrong.extend(mispredicted(fault, &pool));
    }
    assert!(wrong.is_empty(), "{} mispredictions:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_wrong_prediction_is_noticed() {
    let pool: Vec<_> = (0..20).map(|seed| support::scenario(seed, |_| {}).1.definition).collect();
    let fault = faults::all().find(|fault| fault.name == "version-two").expect("a fault of this name");
    assert_eq!(mispredicted(fault, &pool), Vec::<String>::new());
    assert!(!mispredicted(&Fault { code: "WRONG_TYPE", ..*fault }, &pool).is_empty());
    assert!(!mispredicted(&Fault { apply: |_, _| None, ..*fault }, &pool).is_empty());
    let unchanged = Fault { apply: |_, _| Some(String::new()), ..*fault };
    assert!(!mispredicted(&unchanged, &pool).is_empty());
}

#[test]
fn every_static_requirement_has_a_fault_or_a_reason() {
    let rows = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../requirements.tsv")).expect("the rows");
    let required: BTreeSet<&str> = rows
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|row| row.get(5) == Some(&"static"))
        .map(|row| row[0])
        .collect();
    let faulted: BTreeSet<&str> = faults::all().map(|fault| fault.requirement).collect();
    let excused: BTreeSet<&str> = WITHOUT_FAULT.iter().map(|(row, _)| *row).collect();
    let covered: BTreeSet<&str> = faulted.union(&excused).copied().collect();
    assert_eq!(required.difference(&covered).collect::<Vec<_>>(), Vec::<&&str>::new(), "without a fault or a reason");
    assert_eq!(covered.difference(&required).collect::<Vec<_>>(), Vec::<&&str>::new(), "no static requirement");
    assert_eq!(faulted.intersection(&excused).collect::<Vec<_>>(), Vec::<&&str>::new(), "a fault and a reason");
}

#[test]
fn names_of_faults_are_unique() {
    let mut names = BTreeMap::new();
    for fault in faults::all() {
        *names.entry(fault.name).or_insert(0) += 1;
    }
    names.retain(|_, count| *count > 1);
    assert!(names.is_empty(), "{names:?}");
}
