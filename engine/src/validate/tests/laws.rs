//! What holds for every document: no panic, a stable order, bounded time and depth; and how findings read.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::{
    diagnostic::{Code, Diagnostic},
    validate::{MAX_DEPTH, MAX_NESTING},
};

/// A document with a dozen mistakes reads well.
#[test]
fn messages_say_what_was_expected_and_what_stands_there() {
    let definition = json!({
        "Comment": 7,
        "StartAt": "Start",
        "TimeoutSecond": 60,
        "States": {
            "Start": {
                "Type": "Task",
                "Resource": "hello world",
                "InputPath": "States.UUID()",
                "ResultPath": "$$.Task",
                "Retry": [
                    {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 0},
                    {"ErrorEquals": [], "BackoffRate": 0.5, "JitterStrategy": "SOME"},
                ],
                "Parameters": {"a": 1, "a.$": "$.a", "b.$": "States.Nope()", "c": "$.c"},
                "Nxt": "Check",
                "Next": "Check",
            },
            "Check": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.a", "StringEquals": "a", "IsNull": true, "Next": "Strat"}],
                "Default": "Wait",
            },
            "Wait": {"Type": "Wait", "Seconds": "{% 5 %}", "Timestamp": "tomorrow", "End": true},
            "Lost": {"Type": "Fail", "Error": "States.Lost", "Cause": {}},
        },
    });
    let text: Vec<String> = validate(&definition, Profile::Aws).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn a_misspelt_field_gets_a_suggestion() {
    let found = validate(&machine("Task", json!({"TimeoutSecond": 5})), Profile::Aws);
    assert_eq!(
        found[0].message,
        "a Task state does not take the field 'TimeoutSecond'; did you mean 'TimeoutSeconds'?"
    );
}

/// Runs on a thread with the stack that Rust gives to threads by default, whatever the test runner has.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

#[test]
fn a_document_that_is_too_deep_is_one_finding() {
    on_a_small_stack(|| {
        let mut deep = json!(1);
        for _ in 0..20_000 {
            deep = Value::Array(vec![deep]);
        }
        let mut definition = machine("Pass", json!({}));
        definition["States"]["S"]["Result"] = deep;
        let found = validate(&definition, Profile::Aws);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, Code::TooDeeplyNested);
        assert!(found[0].location.starts_with("/States/S/Result/0/0/"));
        // Dropping so deep a value would overflow the stack by itself.
        std::mem::forget(definition);
    });
}

#[test]
fn a_text_that_is_too_deep_is_one_finding() {
    on_a_small_stack(|| {
        let (value, found) = validate_text(&"[".repeat(100_000), Profile::Aws);
        assert_eq!(value, None);
        assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::TooDeeplyNested]);
    });
}

fn nested_maps(depth: usize) -> Value {
    let mut inner = json!({"StartAt": "S0", "States": {"S0": {"Type": "Succeed"}}});
    for level in 1..depth {
        let name = format!("S{level}");
        inner = json!({"StartAt": name, "States": {&name: {"Type": "Map", "ItemProcessor": inner, "End": true}}});
    }
    inner
}

#[test]
fn machines_nest_to_a_bound() {
    on_a_small_stack(|| {
        assert_eq!(validate(&nested_maps(MAX_NESTING), Profile::Aws), []);
        let found = validate(&nested_maps(MAX_NESTING + 1), Profile::Aws);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, Code::TooDeeplyNested);
        assert!(found[0].location.ends_with("/States/S1/ItemProcessor"), "{}", found[0].location);
    });
}

#[test]
fn rules_nest_to_the_depth_of_documents() {
    on_a_small_stack(|| {
        let mut rule = json!({"Variable": "$.a", "IsNull": true});
        // Five levels lie around the outermost rule, and one rule inside the innermost `Not`.
        for _ in 0..MAX_DEPTH - 6 {
            rule = json!({"Not": rule});
        }
        rule["Next"] = json!("T");
        assert_state(&machine("Choice", json!({"Choices": [rule]})), &[]);
    });
}

#[track_caller]
fn assert_fast(definition: &Value) -> usize {
    let start = Instant::now();
    let found = validate(definition, Profile::Aws).len();
    // Well under a second when optimised; the bound leaves room for a debug build on a busy machine.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    found
}

#[test]
fn ten_thousand_states_are_validated_at_once() {
    let last = 10_000;
    let state = |index: usize| {
        let end = json!({"Type": "Succeed"});
        let target = format!("S{}", index + 1);
        let next = json!({"Type": "Pass", "Assign": {"v.$": "$v"}, "Parameters": {"a.$": "$.a"}, "Next": target});
        (format!("S{index}"), if index == last { end } else { next })
    };
    let states: serde_json::Map<String, Value> = (0..=last).map(state).collect();
    assert_eq!(assert_fast(&json!({"StartAt": "S0", "States": states})), 0);
}

#[test]
fn many_findings_below_a_long_name_do_not_multiply() {
    let fields: serde_json::Map<String, Value> = (0..50_000).map(|index| (format!("f{index}"), json!(1))).collect();
    let name = "n".repeat(500_000);
    let mut state = Value::Object(fields);
    state["Type"] = json!("Succeed");
    let found = assert_fast(&json!({"StartAt": name, "States": {&name: state}}));
    assert!(found > 1 && found < 1_000, "{found}");
}

#[test]
fn regular_expressions_are_bounded() {
    let member = |index: usize| (format!("p{index}.$"), json!("$.a[?(@.b =~ /x/)]"));
    let template = |count| Value::Object((0..count).map(member).collect());
    assert_state(&machine("Pass", json!({"Parameters": template(200)})), &[]);
    let expected = ["UNSUPPORTED /Parameters/p200.$ PATH-042"];
    assert_state(&machine("Pass", json!({"Parameters": template(201)})), &expected);
}

/// JSON made of the words of the language, so that every rule is met in every wrong place.
fn fragment() -> impl Strategy<Value = Value> + Clone {
    let words = [
        "",
        "S",
        "T",
        "$",
        "$.a",
        "$$.b",
        "$v",
        "$.a[*]",
        "{% 1 %}",
        "{% ",
        "States.UUID()",
        "States.ALL",
        "JSONata",
        "JSONPath",
        "Pass",
        "Task",
        "Choice",
        "Map",
        "Parallel",
        "Wait",
        "Succeed",
        "Fail",
        "DISTRIBUTED",
        "arn:a:b",
        "2016-03-14T01:59:00Z",
        "GIVEN",
        "\u{0}~/",
    ];
    let names = [
        "StartAt",
        "States",
        "Type",
        "Next",
        "End",
        "Default",
        "Choices",
        "Catch",
        "Retry",
        "ErrorEquals",
        "Assign",
        "QueryLanguage",
        "Branches",
        "ItemProcessor",
        "Iterator",
        "ProcessorConfig",
        "Mode",
        "Variable",
        "And",
        "Or",
        "Not",
        "IsNull",
        "Condition",
        "Parameters",
        "Output",
        "Result",
        "ResultPath",
        "Label",
        "ItemReader",
        "ReaderConfig",
        "ItemBatcher",
        "ResultWriter",
        "Seconds",
        "a.$",
        ".$",
        "a",
        "S",
        "T",
        "",
        "states",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(words.to_vec()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 120, 12, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((proptest::sample::select(names.to_vec()), inner), 0..12)
                .prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

/// A machine whose states have fields of every kind with values of every kind.
fn shaped() -> impl Strategy<Value = Value> {
    let types = ["Pass", "Task", "Choice", "Map", "Parallel", "Wait", "Succeed", "Fail", "Loop"];
    let state = (proptest::sample::select(types.to_vec()), fragment()).prop_map(|(state_type, mut fields)| {
        if let Value::Object(members) = &mut fields {
            members.insert("Type".to_owned(), json!(state_type));
        }
        fields
    });
    (state.clone(), state, fragment()).prop_map(|(first, second, settings)| {
        let mut machine = settings;
        if let Value::Object(members) = &mut machine {
            members.insert("StartAt".to_owned(), json!("S"));
            members.insert("States".to_owned(), json!({"S": first, "T": second}));
        }
        machine
    })
}

proptest! {
    #[test]
    fn no_document_makes_the_validator_panic(definition in shaped()) {
        for profile in BOTH {
            let found = validate(&definition, profile);
            prop_assert_eq!(&found, &validate(&definition, profile), "findings are stable");
            for finding in found {
                prop_assert!(definition.pointer(&finding.location).is_some(), "{} leads nowhere", finding);
                prop_assert!(!finding.message.is_empty() && finding.message.len() < 600);
            }
        }
    }

    #[test]
    fn no_text_makes_the_validator_panic(text in any::<String>()) {
        let (value, found) = validate_text(&text, Profile::Aws);
        prop_assert!(value.is_some() || !found.is_empty());
    }

    #[test]
    fn a_document_and_its_text_give_the_same_findings(definition in shaped()) {
        let (_, found) = validate_text(&definition.to_string(), Profile::Aws);
        // A message may quote a number in another notation.
        let rule = |finding: &Diagnostic| (finding.code, finding.location.clone(), finding.requirement);
        let expected = validate(&definition, Profile::Aws);
        prop_assert_eq!(found.iter().map(rule).collect::<Vec<_>>(), expected.iter().map(rule).collect::<Vec<_>>());
    }
}
