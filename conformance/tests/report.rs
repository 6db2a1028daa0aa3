//! Documents made from records.

use std::{collections::BTreeSet, sync::Arc};

use asl_conformance::{
    case::{Case, Profile},
    compare::Difference,
    engine::Description,
    plan::Plan,
    record::{Footer, Header, Record},
    report::{self, Comparison},
    runner::{CaseResult, Verdict},
    suite::Suite,
};
use rstest::rstest;
use serde_json::{Value, json};

const IDS: [&str; 7] = [
    "fail/output/error-and-cause",
    "pass/result/result-is-the-output",
    "pass/result/no-result-passes-the-input",
    "succeed/output/input-is-the-output",
    "succeed/output/terminal",
    "wait/seconds/zero",
    "wait/seconds/one",
];

/// A suite of seven cases, one of them with everything that a document has to escape.
fn suite() -> Suite {
    let case = |(index, id): (usize, &str)| -> Arc<Case> {
        let description = if index == 0 { "<b>|&\"quoted\" & ```code```" } else { "a fact" };
        let case = json!({
            "id": id, "description": description, "source": "spec", "requirements": ["STRUCT-001"],
            "definition": {"StartAt": "</pre>", "States": {"</pre>": {"Type": "Succeed"}}},
            "expect": {"status": "SUCCEEDED", "output": {}}
        });
        Arc::new(serde_json::from_value(case).expect("a case"))
    };
    Suite { cases: IDS.into_iter().enumerate().map(case).collect(), ..Suite::default() }
}

fn result(index: usize, verdict: Verdict) -> CaseResult {
    CaseResult {
        id: IDS[index].to_owned(),
        profile: Profile::Aws,
        expected: matches!(verdict, Verdict::Pass | Verdict::Unsupported { .. }),
        verdict,
        unchecked: BTreeSet::new(),
        known: None,
        seconds: 0.0125,
    }
}

fn record(name: &str, results: Vec<CaseResult>) -> Record {
    let engine = Description {
        name: name.to_owned(),
        version: "1.0".to_owned(),
        language: "C++".to_owned(),
        features: BTreeSet::new(),
        observables: BTreeSet::new(),
        profiles: BTreeSet::from([Profile::Aws]),
    };
    let plan = Plan::new(&suite(), &[], &engine);
    let header = Header { suite: "0.0.0".to_owned(), ..Header::new(&suite(), &engine, &[], &plan) };
    Record { header, footer: Some(Footer::new(&results, 1.5)), results }
}

/// Every verdict, a known failure, and a known failure that passes.
fn mixed() -> Record {
    let differences =
        vec![Difference { path: "output".to_owned(), expected: "\"<a>\"".to_owned(), got: "1".to_owned() }];
    let mut known = result(5, Verdict::TimedOut { limit: 10.0 });
    (known.known, known.expected) = (Some("a second is too long".to_owned()), true);
    let mut mended = result(6, Verdict::Pass);
    (mended.known, mended.expected) = (Some("was wrong & late".to_owned()), false);
    record(
        "mine",
        vec![
            result(0, Verdict::Fail { differences }),
            result(1, Verdict::Pass),
            result(2, Verdict::Unsupported { reason: "the field \"Result\"".to_owned() }),
            result(3, Verdict::Crashed { reason: "signal: 11\u{7}".to_owned() }),
            result(4, Verdict::Errored { reason: "no message".to_owned() }),
            known,
            mended,
        ],
    )
}

#[test]
fn what_is_wrong_stands_in_every_document() {
    let (records, suite) = ([mixed()], suite());
    insta::assert_snapshot!("markdown", report::markdown(&records, &suite).expect("a document"));
    insta::assert_snapshot!("html", report::html(&records, &suite).expect("a document"));
    insta::assert_snapshot!("junit", report::junit(&records, &suite).expect("a document"));
}

#[test]
fn several_engines_stand_side_by_side() {
    let other = record("other", vec![result(1, Verdict::Pass), result(3, Verdict::Pass)]);
    let (records, suite) = ([mixed(), other], suite());
    let comparison = Comparison::new(&records);
    insta::assert_snapshot!("comparison", report::comparison(&comparison));
    let differing: Vec<_> =
        comparison.differences().into_iter().map(|(case, verdicts)| (case, verdicts.join(" "))).collect();
    assert_eq!(differing, [("[aws] succeed/output/input-is-the-output".to_owned(), "crashed pass".to_owned())]);
    let (markdown, html) = (report::markdown(&records, &suite), report::html(&records, &suite));
    assert!(markdown.expect("a document").contains("| pass | 1 of 1 | 1 of 1 |"));
    assert!(html.expect("a document").contains("<td>pass</td><td>1 of 1</td><td>1 of 1</td>"));
}

#[rstest]
#[case(vec![result(0, Verdict::Pass)], "100.0 % of 1 supported, 0 unsupported", "brightgreen")]
#[case(vec![result(2, Verdict::Unsupported { reason: String::new() })], "- of 0 supported, 1 unsupported", "lightgrey")]
#[case(mixed().results, "33.3 % of 6 supported, 1 unsupported", "orange")]
fn a_badge_says_what_its_percentage_is_of(
    #[case] results: Vec<CaseResult>,
    #[case] message: &str,
    #[case] color: &str,
) {
    let badge = report::badge(&record("mine", results));
    let expected: Value = json!({"schemaVersion": 1, "label": "ASL conformance", "message": message, "color": color});
    assert_eq!(badge, expected);
}

#[test]
fn parts_of_a_run_are_put_together_and_other_records_are_not() {
    let part = |shard: Option<&str>, index: usize| {
        let mut part = record("mine", vec![result(index, Verdict::Pass)]);
        part.header.shard = shard.map(str::to_owned);
        part.header.planned = 1;
        part
    };
    let joined = Record::join(vec![part(Some("1/2"), 0), part(None, 1), part(Some("2/2"), 1)]);
    assert_eq!(joined.len(), 2);
    assert_eq!((joined[0].results.len(), joined[0].header.planned), (2, 2));
    assert_eq!(joined[0].header.shard.as_deref(), Some("1/2 2/2"));
    assert_eq!(joined[0].footer.as_ref().map(|footer| (footer.counts.pass, footer.seconds)), Some((2, 3.0)));
    // The same part twice is two runs.
    assert_eq!(Record::join(vec![part(Some("1/2"), 0), part(Some("1/2"), 0)]).len(), 2);
    let mut unfinished = part(Some("2/2"), 1);
    unfinished.footer = None;
    assert_eq!(Record::join(vec![part(Some("1/2"), 0), unfinished])[0].footer, None);
}
