//! The result table of the repository's README, which is generated: `UPDATE_README=1 cargo test --test readme` writes it.
//!
//! The table says how many runs of the suite the reference interpreter passes. `tests/suite.rs` is what runs them, one
//! test each, and fails unless all but the known failures pass; so the numbers follow from the suite and that list.

use std::{collections::BTreeMap, env, fs, path::Path};

use asl_conformance::{Engine, known::Known, plan::Plan, reference::Reference, suite::Suite};

/// What the areas of the suite are about, for a person.
const TOPICS: [(&str, &[&str]); 7] = [
    ("documents: what is valid and what is refused", &["structure", "validity", "fields"]),
    (
        "data: paths, templates, intrinsic functions, variables",
        &["context", "data", "intrinsic", "io", "path", "template", "variables"],
    ),
    (
        "states: the eight types, inline and distributed Map",
        &["choice", "distributed", "distributed-fields", "fail", "map", "parallel", "pass", "succeed", "task", "wait"],
    ),
    ("errors: names, Retry, Catch", &["catch", "errors", "retry"]),
    ("JSONata", &["jsonata"]),
    ("the service: history, quotas, causes", &["causes", "history", "limits"]),
    ("examples of the specification and of public guides", &["seeds", "specification"]),
];

const BEGIN: &str = "<!-- results: written by conformance/tests/readme.rs -->\n";
const END: &str = "<!-- /results -->";

#[derive(Default)]
struct Count {
    cases: usize,
    runs: usize,
    known: usize,
}

fn table() -> String {
    let suite = Suite::embedded();
    let known = Known::of("reference").expect("the list of known failures can be read");
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let topic = |area: &str| {
        let found = TOPICS.iter().find(|(_, areas)| areas.contains(&area));
        found.unwrap_or_else(|| panic!("the area '{area}' is in no topic of {}", file!())).0
    };
    for case in &suite.cases {
        counts.entry(topic(case.area())).or_default().cases += 1;
    }
    for (case, profile) in Plan::new(&suite, &[], &Reference.describe()).runs {
        let count = counts.entry(topic(case.area())).or_default();
        count.runs += 1;
        let is_known = |entry: &asl_conformance::known::Entry| {
            entry.case == case.id && entry.profile.is_none_or(|only| only == profile)
        };
        count.known += usize::from(known.known.iter().any(is_known));
    }
    let mut text = "| topic | cases | runs in both profiles | reference passes |\n|---|---:|---:|---:|\n".to_owned();
    let mut total = Count::default();
    for (topic, _) in TOPICS {
        let count = counts.remove(topic).unwrap_or_default();
        text.push_str(&row(topic, &count));
        total.cases += count.cases;
        total.runs += count.runs;
        total.known += count.known;
    }
    text.push_str(&row("**total**", &total));
    text
}

fn row(topic: &str, count: &Count) -> String {
    format!("| {topic} | {} | {} | {} |\n", count.cases, count.runs, count.runs - count.known)
}

#[test]
fn result_table_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(&path).expect("the README can be read");
    let (before, rest) = readme.split_once(BEGIN).expect("the README has the marker of the table");
    let (present, after) = rest.split_once(END).expect("the README has the marker of the table's end");
    let table = table();
    if env::var_os("UPDATE_README").is_some() {
        fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).expect("the README can be written");
        return;
    }
    assert_eq!(present, table, "run `UPDATE_README=1 cargo test -p asl-conformance --test readme`");
}
