//! What drawn machines are worth: all are valid, nearly all do something, everything of the language is reached, and
//! runs end in every way. The table in the README is made here; `UPDATE=1` rewrites it.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use asl_engine::{
    diagnostic::Severity,
    failure::names,
    machine::Machine as Compiled,
    profile::Profile,
    quotas::Quotas,
    run::{End, Outcome},
    validate::validate,
};
use asl_generator::{Config, QueryLanguages, Scenario, condition::OPERATORS, intrinsic::FUNCTIONS};
use serde_json::{Map, Value, json};
use support::Watcher;

/// Machines that are looked at.
const MACHINES: u64 = 1500;

const STATE_TYPES: [&str; 8] = ["Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait"];

/// The fields of the language, of any object. Operators are looked at apart.
const FIELDS: &str = "\
    Comment StartAt States Version QueryLanguage TimeoutSeconds Type Next End InputPath OutputPath Parameters \
    ResultSelector ResultPath Assign Arguments Output Retry Catch Resource TimeoutSecondsPath HeartbeatSeconds \
    HeartbeatSecondsPath Credentials Result Seconds SecondsPath Timestamp TimestampPath Choices Default Variable And \
    Or Not Condition Error ErrorPath Cause CausePath Branches ItemProcessor Iterator ProcessorConfig Mode \
    ExecutionType ItemsPath Items ItemSelector ItemReader ReaderConfig MaxItems MaxItemsPath InputType \
    CSVHeaderLocation CSVHeaders CSVDelimiter ItemsPointer Transformation ItemBatcher BatchInput MaxItemsPerBatch \
    MaxItemsPerBatchPath MaxInputBytesPerBatch ResultWriter WriterConfig OutputType Label MaxConcurrency \
    MaxConcurrencyPath ToleratedFailureCount ToleratedFailureCountPath ToleratedFailurePercentage \
    ToleratedFailurePercentagePath ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy";

/// Fields that no machine has: a manifest lists objects by their size and digest, and a size in bytes that comes from
/// the data may be too small for any item.
const NEVER: [&str; 2] = ["ManifestType", "MaxInputBytesPerBatchPath"];

/// What the interpreter can run.
#[derive(Clone, Copy, Debug)]
struct Abilities {
    jsonata: bool,
}

impl Abilities {
    fn probe() -> Self {
        let state = json!({"Type": "Succeed", "Output": "{% 1 + 1 %}"});
        let machine = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}});
        Self { jsonata: Compiled::compile(&machine, Profile::Aws).is_ok() }
    }

    /// Leaves out what cannot be run.
    fn adjust(self, config: &mut Config) {
        if !self.jsonata {
            config.languages = QueryLanguages::JsonPath;
        }
    }
}

/// Counts over all machines.
#[derive(Debug, Default)]
struct Tally {
    machines: u64,
    succeeded: u64,
    failed: u64,
    timed_out: u64,
    caught: u64,
    /// Runs of five transitions or more.
    long: u64,
    transitions: u64,
    by_rule: u64,
    by_default: u64,
    /// Feature to the number of machines that reach it.
    reached: BTreeMap<String, u64>,
    /// Error names raised, in any profile.
    raised: BTreeSet<String>,
}

impl Tally {
    fn take(abilities: Abilities) -> Self {
        let mut tally = Self::default();
        for seed in 0..MACHINES {
            let (_, scenario) = support::scenario(seed, |config| abilities.adjust(config));
            let mut watcher = Watcher::default();
            let outcome = support::run(&scenario, Profile::Aws, None, &mut watcher)
                .unwrap_or_else(|abort| panic!("seed {seed}: {abort}\n{:#}", scenario.to_value()));
            tally.add(&scenario, &outcome, &watcher);
            tally.add_other_runs(seed, &scenario);
        }
        tally
    }

    fn add(&mut self, scenario: &Scenario, outcome: &Outcome, watcher: &Watcher) {
        self.machines += 1;
        self.transitions += outcome.transitions;
        self.long += u64::from(outcome.transitions >= 5);
        match &outcome.end {
            End::Succeeded(_) => self.succeeded += 1,
            End::Failed(_) => self.failed += 1,
            End::TimedOut(_) => self.timed_out += 1,
            End::Stopped(_) => unreachable!("nobody stops it"),
        }
        let mut reached = BTreeSet::new();
        for field in scenario.definition.as_object().into_iter().flat_map(Map::keys) {
            reached.insert(field.clone());
        }
        let mut caught = false;
        each_state(&scenario.definition, &mut |name, state| {
            if watcher.visited.contains(name) {
                reach(state, &mut reached);
                caught |= was_caught(state, watcher.ways.get(name));
                let (by_rule, by_default) = decisions(state, watcher.ways.get(name));
                self.by_rule += by_rule;
                self.by_default += by_default;
            }
        });
        self.caught += u64::from(caught);
        self.raised.extend(watcher.errors.iter().cloned());
        for feature in reached {
            *self.reached.entry(feature).or_default() += 1;
        }
    }

    /// Runs in the other profile, and with quotas that little data exceed: only error names are looked at.
    fn add_other_runs(&mut self, seed: u64, scenario: &Scenario) {
        let quotas = Quotas { payload_bytes: 500, ..Quotas::standard() };
        let (profile, quotas) =
            if seed.is_multiple_of(8) { (Profile::Aws, Some(quotas)) } else { (Profile::Spec, None) };
        let mut watcher = Watcher::default();
        // Another profile may come by another way to a task that has no script there.
        let _ = support::run(scenario, profile, quotas, &mut watcher);
        self.raised.extend(watcher.errors);
    }

    fn share(&self, count: u64) -> f64 {
        count as f64 * 100.0 / self.machines as f64
    }
}

/// Calls back for every state of a definition.
fn each_state<'d>(machine: &'d Value, look: &mut impl FnMut(&'d str, &'d Value)) {
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        look(name, state);
        let branches = state["Branches"].as_array().into_iter().flatten();
        for machine in branches.chain(state.get("ItemProcessor")).chain(state.get("Iterator")) {
            each_state(machine, look);
        }
    }
}

/// Adds the fields, operators, intrinsic functions and error names that a state has.
fn reach(state: &Value, reached: &mut BTreeSet<String>) {
    match state {
        Value::Object(members) => {
            for (name, value) in members {
                // The states inside are reached for themselves.
                if name != "States" {
                    reach(value, reached);
                }
                reached.insert(name.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| reach(item, reached)),
        Value::String(text) => {
            let calls = FUNCTIONS.iter().filter(|function| text.contains(&format!("{}(", function.name)));
            reached.extend(calls.map(|function| function.name.to_owned()));
            if names::PREDEFINED.contains(&&**text) {
                reached.insert(text.clone());
            }
        }
        _ => {}
    }
}

/// Whether a run left a state by a Catcher, as far as names tell.
fn was_caught(state: &Value, ways: Option<&Vec<String>>) -> bool {
    let catchers = state["Catch"].as_array().into_iter().flatten();
    let nexts: Vec<_> = catchers.filter_map(|catcher| catcher["Next"].as_str()).collect();
    ways.into_iter().flatten().any(|way| nexts.contains(&&**way) && state["Next"] != **way)
}

/// How often a Choice was left by a rule and by Default, where the two differ.
fn decisions(state: &Value, ways: Option<&Vec<String>>) -> (u64, u64) {
    let rules: Vec<_> =
        state["Choices"].as_array().into_iter().flatten().filter_map(|rule| rule["Next"].as_str()).collect();
    if rules.is_empty() || rules.iter().any(|next| state["Default"] == **next) {
        return (0, 0);
    }
    let ways = ways.into_iter().flatten();
    let (by_rule, by_default): (Vec<_>, Vec<_>) = ways.partition(|way| rules.contains(&&***way));
    (by_rule.len() as u64, by_default.len() as u64)
}

#[test]
fn every_machine_is_valid_in_both_profiles() {
    for seed in 0..MACHINES {
        let (config, scenario) = support::scenario(seed, |_| {});
        for profile in [Profile::Aws, Profile::Spec] {
            let mut findings = validate(&scenario.definition, profile);
            findings.retain(|finding| finding.severity == Severity::Error);
            assert!(findings.is_empty(), "seed {seed}, {config:?}: {findings:#?}\n{:#}", scenario.definition);
        }
    }
}

#[test]
fn a_machine_is_drawn_however_few_bytes_there_are() {
    for length in (0..200).chain([500, 1000, 2000]) {
        let bytes = asl_generator::seeded_bytes(length as u64, length);
        let mut u = arbitrary::Unstructured::new(&bytes);
        let config = Config::draw(&mut u);
        let scenario = asl_generator::Machine::draw(&mut u, &config).expect("drawing never fails");
        let mut findings = validate(&scenario.definition, Profile::Aws);
        findings.retain(|finding| finding.severity == Severity::Error);
        assert!(findings.is_empty(), "{length} bytes: {findings:#?}\n{:#}", scenario.definition);
    }
}

#[test]
fn the_same_bytes_give_the_same_machine() {
    for seed in 0..50 {
        assert_eq!(support::scenario(seed, |_| {}).1, support::scenario(seed, |_| {}).1);
    }
}

#[test]
fn hostile_text_is_drawn_from_any_bytes() {
    use asl_generator::hostile;
    let mut texts = BTreeSet::new();
    for seed in 0..200 {
        let bytes = asl_generator::seeded_bytes(seed, 512);
        let mut u = arbitrary::Unstructured::new(&bytes);
        let grammars = [
            hostile::path,
            hostile::reference_path,
            hostile::intrinsic,
            hostile::jsonata,
            hostile::timestamp,
            hostile::json,
        ];
        texts.extend(grammars.map(|grammar| grammar(&mut u)));
    }
    assert!(texts.len() > 600, "only {} different texts", texts.len());
}

#[test]
fn machines_reach_everything_and_end_in_every_way() {
    let abilities = Abilities::probe();
    if !abilities.jsonata {
        eprintln!("JSONPath only, because the interpreter does not run JSONata yet");
    }
    let tally = Tally::take(abilities);
    let mut missing: Vec<String> = Vec::new();
    let jsonata_only = ["QueryLanguage", "Arguments", "Output", "Items", "Condition"];
    let fields = FIELDS.split_whitespace().filter(|field| abilities.jsonata || !jsonata_only.contains(field));
    let operators = OPERATORS.iter().map(|operator| operator.name);
    let functions = FUNCTIONS.iter().map(|function| function.name);
    for feature in fields.chain(operators).chain(functions).chain(names::PREDEFINED) {
        if !tally.reached.contains_key(feature) && !tally.raised.contains(feature) {
            missing.push(feature.to_owned());
        }
    }
    // Names that are only ever matched, never raised.
    let matched = [names::ALL, names::HEARTBEAT_TIMEOUT];
    let needs_jsonata = |name: &str| name == names::QUERY_EVALUATION_ERROR && !abilities.jsonata;
    for name in names::PREDEFINED {
        if !matched.contains(&name) && !needs_jsonata(name) && !tally.raised.contains(name) {
            missing.push(format!("{name}, raised"));
        }
    }
    assert!(NEVER.iter().all(|field| !tally.reached.contains_key(*field)), "{NEVER:?} are reached after all");
    assert_eq!(missing, Vec::<String>::new(), "never reached");

    let at_least = |what: &str, share: f64, least: f64| {
        assert!(share >= least, "{what}: {share:.1} % of runs, expected {least} %")
    };
    at_least("five transitions or more", tally.share(tally.long), 90.0);
    at_least("succeeded", tally.share(tally.succeeded), 40.0);
    at_least("failed", tally.share(tally.failed), 10.0);
    at_least("timed out", tally.share(tally.timed_out), 4.0);
    at_least("caught an error", tally.share(tally.caught), 10.0);
    let by_rule = tally.by_rule as f64 * 100.0 / (tally.by_rule + tally.by_default) as f64;
    assert!((30.0..70.0).contains(&by_rule), "{by_rule:.1} % of choices by a rule");
    check_readme(&table(&tally, by_rule));
}

/// The distribution as Markdown.
fn table(tally: &Tally, by_rule: f64) -> String {
    let mut text = String::new();
    // Coarse, so that the interpreter may change its mind about a few runs.
    let rough = |share: f64| (share / 5.0).round() * 5.0;
    let mean = (tally.transitions as f64 / tally.machines as f64 / 5.0).round() * 5.0;
    let rows = [
        ("succeed", tally.share(tally.succeeded)),
        ("fail", tally.share(tally.failed)),
        ("time out", tally.share(tally.timed_out)),
        ("catch an error on the way", tally.share(tally.caught)),
        ("take five transitions or more", tally.share(tally.long)),
    ];
    _ = writeln!(text, "Of {} machines, run in the `aws` profile:\n\n| runs that | about |\n|---|---|", tally.machines);
    for (what, share) in rows {
        _ = writeln!(text, "| {what} | {} % |", rough(share));
    }
    _ = writeln!(
        text,
        "\nA run takes about {mean} transitions; about {} % of the choices are made by a rule, the others by",
        rough(by_rule)
    );
    _ = writeln!(
        text,
        "Default. How many of a thousand runs enter a state with what the language has, at any depth:\n"
    );
    let count = |name: &str| (tally.share(tally.reached.get(name).copied().unwrap_or(0)) * 10.0).round();
    let operators: Vec<_> = OPERATORS.iter().map(|operator| operator.name).collect();
    let functions: Vec<_> = FUNCTIONS.iter().map(|function| function.name).collect();
    let groups: [(&str, Vec<&str>); 4] = [
        ("fields", FIELDS.split_whitespace().collect()),
        ("operators", operators),
        ("functions", functions),
        ("error names matched", names::PREDEFINED.to_vec()),
    ];
    for (title, mut members) in groups {
        members.sort_by(|left, right| count(right).total_cmp(&count(left)).then(left.cmp(right)));
        let cells: Vec<_> = members.iter().map(|name| format!("{name} {}", count(name))).collect();
        _ = writeln!(text, "- **{title}**: {}", cells.join(", "));
    }
    text
}

fn check_readme(table: &str) {
    const START: &str = "<!-- distribution: made by tests/quality.rs -->\n";
    const END: &str = "<!-- end of distribution -->";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).expect("the README");
    let start = readme.find(START).expect("the start of the table") + START.len();
    let end = readme.find(END).expect("the end of the table");
    if std::env::var_os("UPDATE").is_some() {
        let updated = format!("{}{table}{}", &readme[..start], &readme[end..]);
        std::fs::write(path, updated).expect("the README can be written");
    } else {
        assert_eq!(&readme[start..end], table, "the table in the README is old; UPDATE=1 rewrites it");
    }
}

#[test]
fn every_type_of_state_is_entered() {
    let mut types = BTreeSet::new();
    for seed in 0..200 {
        let (_, scenario) = support::scenario(seed, |config| Abilities::probe().adjust(config));
        let mut watcher = Watcher::default();
        support::run(&scenario, Profile::Aws, None, &mut watcher).expect("it ends");
        types.extend(watcher.types);
    }
    assert_eq!(types.iter().map(String::as_str).collect::<Vec<_>>(), STATE_TYPES);
}
