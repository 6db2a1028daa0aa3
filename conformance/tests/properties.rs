//! Laws of the reference interpreter on drawn machines, and on drawn machines with something wrong in them.

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use asl_conformance::{
    case::{PROFILES, Profile},
    differential::arena,
    reference::Workers,
    relations::document::escape,
    script::Script,
};
use asl_engine::{
    diagnostic::{Diagnostic, Severity},
    failure::{StateError, names},
    history::History,
    json,
    machine::Machine,
    run::{Abort, End, Options, Outcome, run},
    store::{MemoryStore, ObjectStore},
    trace::Trace,
    validate::validate,
};
use asl_generator::{Config, Scenario};
use proptest::{prelude::*, test_runner::RngSeed};
use serde_json::{Map, Value, json};

/// Most bytes that a machine is drawn from. Few bytes make small machines.
const BYTES: usize = 3_000;
/// Transitions after which a machine with something wrong in it is stopped.
const LITTLE_FUEL: u64 = 5_000;

/// Everything that can be seen of one run.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    end: Result<Outcome, Abort>,
    history: Vec<Value>,
    trace: Trace,
}

fn draw(bytes: &[u8]) -> Scenario {
    let mut u = Unstructured::new(bytes);
    let config = Config::draw(&mut u);
    asl_generator::Machine::draw(&mut u, &config).expect("running out of bytes is no error")
}

/// Runs a machine that compiles.
fn observe(machine: &Machine, scenario: &Scenario, options: &Options) -> Seen {
    let case = arena::case(scenario).expect("the members have the form of those of a case");
    let mut script = Script::new(&case.tasks);
    let mut store = MemoryStore::default();
    for (bucket, objects) in scenario.store.iter().filter_map(Value::as_object).flatten() {
        store.create_bucket(bucket);
        for (key, content) in objects.as_object().into_iter().flatten() {
            let content = content.as_str().unwrap_or_default().as_bytes().to_vec();
            store.put(bucket, key, content).expect("a bucket that exists");
        }
    }
    let mut workers = Workers::new(&mut script, Box::new(store));
    let mut seen = (Trace::default(), History::starting_at(options.start()));
    let end = run(machine, scenario.input.clone(), options, &mut workers, &mut seen);
    Seen { end, history: seen.1.into_events(), trace: seen.0 }
}

/// Runs a machine that is valid by construction.
fn observe_valid(scenario: &Scenario, profile: Profile) -> Seen {
    let machine = match Machine::compile(&scenario.definition, profile) {
        Ok(machine) => machine,
        Err(findings) => panic!("{findings:?}\n{}", scenario.definition),
    };
    let options = Options { context: scenario.context.clone(), ..Options::default() };
    observe(&machine, scenario, &options)
}

fn scenarios() -> impl Strategy<Value = Scenario> {
    prop::collection::vec(any::<u8>(), 0..BYTES).prop_map(|bytes| draw(&bytes))
}

fn profiles() -> impl Strategy<Value = Profile> {
    prop::sample::select(PROFILES.to_vec())
}

/// Where an error comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blame {
    /// The data, the workers or the time that passes: no validator can know.
    Run,
    /// The definition: a validator has to refuse it.
    Definition,
}

/// Whom to blame for an error, name by name: a new predefined name has to be entered here.
fn blame(error: &StateError) -> Option<Blame> {
    match error.error.as_deref() {
        None => Some(Blame::Run),
        Some(
            names::HEARTBEAT_TIMEOUT
            | names::TIMEOUT
            | names::TASK_FAILED
            | names::PERMISSIONS
            | names::RESULT_PATH_MATCH_FAILURE
            | names::PARAMETER_PATH_FAILURE
            | names::QUERY_EVALUATION_ERROR
            | names::BRANCH_FAILED
            | names::NO_CHOICE_MATCHED
            | names::INTRINSIC_FAILURE
            | names::EXCEED_TOLERATED_FAILURE_THRESHOLD
            | names::ITEM_READER_FAILED
            | names::RESULT_WRITER_FAILED
            | names::DATA_LIMIT_EXCEEDED,
        ) => Some(Blame::Run),
        // A machine that comes to no end of its own has a transition to nowhere.
        Some(names::RUNTIME) => match error.cause.as_deref() {
            Some("the execution ended in no state") => Some(Blame::Definition),
            _ => Some(Blame::Run),
        },
        // The wildcard is no name of an error.
        Some(names::ALL) => Some(Blame::Definition),
        Some(name) => (!name.starts_with("States.")).then_some(Blame::Run),
    }
}

#[test]
fn every_predefined_name_has_someone_to_blame() {
    for name in names::PREDEFINED {
        assert!(blame(&StateError::new(name, "")).is_some(), "{name}");
    }
    assert_eq!(blame(&StateError::new("States.Unheard", "")), None);
}

/// The same cases each time; `PROPTEST_CASES` asks for more of them.
fn fixed() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(fixed())]

    #[test]
    fn a_valid_machine_comes_to_an_end_that_no_validator_could_foresee(
        scenario in scenarios(), profile in profiles(),
    ) {
        let seen = observe_valid(&scenario, profile);
        match &seen.end {
            Ok(outcome) => match &outcome.end {
                End::Succeeded(_) => {}
                End::Failed(error) | End::TimedOut(error) => {
                    prop_assert_eq!(blame(error), Some(Blame::Run), "{:?} in {}", error, scenario.definition);
                }
                End::Stopped(_) => prop_assert!(false, "nobody stops {}", scenario.definition),
            },
            Err(Abort::OutOfFuel { transitions }) => {
                prop_assert!(false, "no end after {transitions} transitions: {}", scenario.definition);
            }
            Err(abort @ (Abort::Task(_) | Abort::Refused(_) | Abort::Unsupported(_))) => {
                prop_assert!(false, "{abort}: {}", scenario.to_value());
            }
        }
    }

    #[test]
    fn a_run_repeats_itself(scenario in scenarios(), profile in profiles()) {
        prop_assert_eq!(observe_valid(&scenario, profile), observe_valid(&scenario, profile));
    }

    #[test]
    fn a_history_is_well_formed(scenario in scenarios(), profile in profiles()) {
        let seen = observe_valid(&scenario, profile);
        let fault = history_fault(&seen.history);
        prop_assert_eq!(fault, None, "{:#?}\n{}", seen.history, scenario.to_value());
    }

    #[test]
    fn history_and_trace_agree_with_the_outcome(scenario in scenarios(), profile in profiles()) {
        let seen = observe_valid(&scenario, profile);
        let Ok(outcome) = &seen.end else { return Err(TestCaseError::fail("no end")) };
        let fault = disagreement(&seen, outcome, has_children(&scenario.definition));
        prop_assert_eq!(fault, None, "{:#?}\n{}", seen.history, scenario.to_value());
    }

    #[test]
    fn text_of_a_document_reads_as_the_document(scenario in scenarios()) {
        let document = scenario.to_value();
        let parsed = json::parse(&document.to_string()).expect("the text of a document is JSON");
        prop_assert_eq!(&parsed.value, &document);
        prop_assert!(parsed.duplicates.is_empty());
        // The shortest text is that of equal numbers, and of itself.
        let shortest = json::to_text(&document);
        let again = json::parse_value(&shortest).expect("the shortest text of a document is JSON");
        prop_assert!(json::equal(&again, &document), "{shortest}");
        prop_assert_eq!(json::to_text(&again), shortest);
    }

    #[test]
    fn any_text_that_parses_reads_the_same_again(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let text = asl_generator::hostile::json(&mut Unstructured::new(&bytes));
        if let Ok(parsed) = json::parse(&text) {
            let again = json::parse(&parsed.value.to_string());
            prop_assert_eq!(again.map(|again| again.value), Ok(parsed.value));
        }
    }

    #[test]
    fn what_is_wrong_is_refused_or_runs_to_some_end(
        scenario in scenarios(), profile in profiles(), seed in any::<[u8; 32]>(),
    ) {
        let broken = mutilate(&scenario, &mut Unstructured::new(&seed));
        let accepted = validate(&broken.definition, profile).iter().all(|finding| !is_error(finding));
        match Machine::compile(&broken.definition, profile) {
            Ok(machine) => {
                prop_assert!(accepted, "compiled in spite of its errors: {}", broken.definition);
                let options = Options { fuel: LITTLE_FUEL, ..Options::default() };
                let seen = observe(&machine, &broken, &options);
                if let Ok(outcome) = &seen.end && let End::Failed(error) = &outcome.end {
                    prop_assert_eq!(blame(error), Some(Blame::Run), "{:?} in {}", error, broken.definition);
                }
            }
            Err(findings) => {
                let only_unsupported = findings.iter().all(|finding| !is_error(finding));
                prop_assert!(!accepted && !only_unsupported, "{findings:?}: {}", broken.definition);
            }
        }
    }
}

fn is_error(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error
}

fn has_children(definition: &Value) -> bool {
    asl_conformance::relations::document::mentions(definition, &["DISTRIBUTED"])
}

fn text<'e>(event: &'e Value, member: &str) -> &'e str {
    event.get(member).and_then(Value::as_str).unwrap_or_default()
}

fn number(event: &Value, member: &str) -> u64 {
    event.get(member).and_then(Value::as_u64).unwrap_or(u64::MAX)
}

/// What is wrong with a history; `None` for a sound one (HIST-001 to HIST-006).
fn history_fault(events: &[Value]) -> Option<String> {
    let (first, last) = (events.first()?, events.last()?);
    if text(first, "type") != "ExecutionStarted" {
        return Some("it does not begin with the start".to_owned());
    }
    if !matches!(text(last, "type"), "ExecutionSucceeded" | "ExecutionFailed" | "ExecutionTimedOut") {
        return Some("it does not end with the end".to_owned());
    }
    for (id, event) in (1..).zip(events) {
        let (kind, previous) = (text(event, "type"), number(event, "previousEventId"));
        if number(event, "id") != id {
            return Some(format!("the event after {} has the id {}", id - 1, number(event, "id")));
        }
        if previous >= id {
            return Some(format!("event {id} follows the later event {previous}"));
        }
        let is_root =
            kind == "ExecutionStarted" || kind == "ExecutionTimedOut" || (id == 2 && kind.ends_with("Entered"));
        if previous == 0 && !is_root {
            return Some(format!("event {id} ({kind}) follows nothing"));
        }
        if kind.starts_with("Execution") && id != 1 && id != events.len() as u64 {
            return Some(format!("the execution ends in the middle, at event {id}"));
        }
    }
    open_states(events)
}

/// Whether every state that was entered was left or stopped, or something failed.
fn open_states(events: &[Value]) -> Option<String> {
    let mut open: BTreeMap<&str, i64> = BTreeMap::new();
    let mut aborted = 0;
    let mut failures = 0;
    for event in events {
        let kind = text(event, "type");
        let name = event.pointer("/stateEnteredEventDetails/name").or(event.pointer("/stateExitedEventDetails/name"));
        let name = name.and_then(Value::as_str).unwrap_or_default();
        if kind.ends_with("StateEntered") {
            *open.entry(name).or_default() += 1;
        } else if kind.ends_with("StateExited") {
            let count = open.entry(name).or_default();
            *count -= 1;
            if *count < 0 {
                return Some(format!("state {name:?} is left more often than it is entered"));
            }
        } else if kind.ends_with("StateAborted") {
            aborted += 1;
        }
        let is_failure = kind.ends_with("Failed") || kind.ends_with("TimedOut") || kind == "FailStateEntered";
        failures += i64::from(is_failure);
    }
    let unfinished: i64 = open.values().sum::<i64>() - aborted;
    match (unfinished, failures) {
        (unfinished, _) if unfinished < 0 => Some("more states are stopped than are open".to_owned()),
        (unfinished, 0) if unfinished > 0 => Some(format!("{unfinished} states are neither left nor stopped")),
        _ => None,
    }
}

/// Where history, trace and outcome tell different stories.
fn disagreement(seen: &Seen, outcome: &Outcome, has_children: bool) -> Option<String> {
    let entered: Vec<_> = seen
        .history
        .iter()
        .filter_map(|event| event.pointer("/stateEnteredEventDetails/name").and_then(Value::as_str))
        .collect();
    if !has_children && entered != seen.trace.visited {
        return Some(format!("history {entered:?}, trace {:?}", seen.trace.visited));
    }
    if outcome.transitions < seen.trace.visited.len() as u64 {
        return Some(format!("{} transitions into {} states", outcome.transitions, seen.trace.visited.len()));
    }
    let last = seen.history.last()?;
    let details = |name: &str| last.get(name).cloned().unwrap_or_default();
    let told = |details: &Value, error: &StateError| {
        details.get("error").and_then(Value::as_str) == error.error.as_deref()
            && details.get("cause").and_then(Value::as_str) == error.cause.as_deref()
    };
    let agrees = match &outcome.end {
        End::Succeeded(output) => {
            let details = details("executionSucceededEventDetails");
            json::parse(text(&details, "output")).is_ok_and(|parsed| parsed.value == *output)
        }
        End::Failed(error) => told(&details("executionFailedEventDetails"), error),
        End::TimedOut(error) => told(&details("executionTimedOutEventDetails"), error),
        End::Stopped(error) => told(&details("executionAbortedEventDetails"), error),
    };
    (!agrees).then(|| format!("{:?} and {last}", outcome.end))
}

/// A scenario with a few values removed, replaced or exchanged anywhere in the definition and the input.
fn mutilate(scenario: &Scenario, u: &mut Unstructured<'_>) -> Scenario {
    let mut broken = scenario.clone();
    for _ in 0..=u.int_in_range(0..=3).unwrap_or(0) {
        let in_definition = u.ratio(4, 5).unwrap_or(true);
        let document = if in_definition { &mut broken.definition } else { &mut broken.input };
        let pointers = pointers(document);
        let any = |u: &mut Unstructured<'_>| {
            let index = u.choose_index(pointers.len()).unwrap_or(0);
            pointers.get(index).cloned().unwrap_or_default()
        };
        let (place, other) = (any(u), any(u));
        let value = match u.int_in_range(0..=9).unwrap_or(0) {
            0 => Value::Null,
            1 => json!(-1),
            2 => json!(1e300),
            3 => json!(""),
            4 => json!({}),
            5 => json!([]),
            6 => json!("{% $states.input %}"),
            7 => json!("$.a[?(@.b == 1)]"),
            _ => document.pointer(&other).cloned().unwrap_or_default(),
        };
        if let Some(target) = document.pointer_mut(&place) {
            *target = value;
        }
    }
    broken
}

fn pointers(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), document)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Array(items) => {
                open.extend(items.iter().enumerate().map(|(index, item)| (format!("{pointer}/{index}"), item)));
            }
            Value::Object(members) => {
                let members: &Map<String, Value> = members;
                open.extend(members.iter().map(|(name, member)| (format!("{pointer}/{}", escape(name)), member)));
            }
            _ => {}
        }
        found.push(pointer);
    }
    found
}

/// The history laws can be broken.
#[test]
fn an_unsound_history_is_told_from_a_sound_one() {
    let event = |id: u64, previous: u64, kind: &str| json!({"id": id, "previousEventId": previous, "type": kind});
    let named = |id: u64, previous: u64, kind: &str, details: &str| {
        let mut event = event(id, previous, kind);
        event[details] = json!({"name": "A"});
        event
    };
    let entered = |id, previous| named(id, previous, "PassStateEntered", "stateEnteredEventDetails");
    let exited = |id, previous| named(id, previous, "PassStateExited", "stateExitedEventDetails");
    let (start, end) = (event(1, 0, "ExecutionStarted"), |id| event(id, id - 1, "ExecutionSucceeded"));
    let fault = |events: &[Value]| history_fault(events).unwrap_or_default();
    assert_eq!(fault(&[start.clone(), entered(2, 0), exited(3, 2), end(4)]), "");
    assert!(fault(&[start.clone(), entered(2, 0), end(3)]).contains("neither left nor stopped"));
    assert!(fault(&[start.clone(), entered(2, 0), exited(4, 2), end(5)]).contains("has the id 4"));
    assert!(fault(&[start.clone(), entered(2, 0), exited(3, 3), end(4)]).contains("the later event"));
    assert!(fault(&[start.clone(), entered(2, 0), exited(3, 0), end(4)]).contains("follows nothing"));
    assert!(fault(&[start.clone(), exited(2, 1), end(3)]).contains("more often"));
    assert!(fault(&[start, entered(2, 0)]).contains("does not end"));
}
