use std::collections::HashSet;

use proptest::{collection::vec, prelude::*};
use serde_json::{Map, Value, json};

use super::{super::java, Invocation, evaluate};
use crate::{json as text_of, profile::Profile};

fn profiles() -> impl Strategy<Value = Profile> {
    prop_oneof![Just(Profile::Aws), Just(Profile::Spec)]
}

fn values() -> impl Strategy<Value = Value> {
    let scalars = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        (-3_i64..3).prop_map(|value| Value::from(value as f64)),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "[a-c\\\\{}' 🚀]{0,3}".prop_map(Value::from),
    ];
    scalars.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-c]", inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Pieces of the syntax in any order, so that parsing gets far.
fn near_invocations() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("States.Array("),
        Just("States.Format("),
        Just("States.MathAdd("),
        Just("States.ArrayRange("),
        Just("States.StringToJson("),
        Just(")"),
        Just(","),
        Just(" "),
        Just("'"),
        Just("\\"),
        Just("{}"),
        Just("{"),
        Just("$"),
        Just("$.a"),
        Just("["),
        Just("]"),
        Just("1"),
        Just("-0.5e3"),
        Just("null"),
        Just("é"),
    ];
    vec(pieces, 0..16).prop_map(|pieces| pieces.concat())
}

fn escape(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            let escape = matches!(character, '\'' | '{' | '}' | '\\').then_some('\\');
            escape.into_iter().chain([character])
        })
        .collect()
}

proptest! {
    #[test]
    fn any_text_parses_or_is_refused(text in "\\PC*", profile in profiles()) {
        if let Ok(invocation) = Invocation::parse(&text, profile) {
            prop_assert_eq!(invocation.text(), text);
        }
    }

    #[test]
    fn what_parses_evaluates_or_fails(text in near_invocations(), profile in profiles()) {
        match Invocation::parse(&text, profile) {
            Ok(_) => drop(evaluate(profile, &text, &json!({"a": [1, "{}"]}))),
            Err(error) => prop_assert!(error.offset <= text.len()),
        }
    }

    #[test]
    fn an_escaped_string_keeps_its_characters(text in "\\PC*", profile in profiles()) {
        let escaped = escape(&text);
        let value = evaluate(profile, &format!("States.Array('{escaped}')"), &json!({})).unwrap();
        prop_assert_eq!(&value, &json!([text.clone()]));
        let value = evaluate(profile, &format!("States.Format('{escaped}')"), &json!({})).unwrap();
        prop_assert_eq!(&value, &json!(text.clone()));
        let value = evaluate(profile, "States.Format($)", &json!(escaped)).unwrap();
        prop_assert_eq!(value, json!(text));
    }

    #[test]
    fn base64_decodes_what_it_encodes(text in "\\PC*", profile in profiles()) {
        let value = evaluate(profile, "States.Base64Decode(States.Base64Encode($))", &json!(text)).unwrap();
        prop_assert_eq!(value, json!(text));
    }

    #[test]
    fn aws_decodes_any_text(text in "[A-Za-z0-9+/=é -]{0,40}") {
        prop_assert!(evaluate(Profile::Aws, "States.Base64Decode($)", &json!(text)).unwrap().is_string());
    }

    #[test]
    fn json_text_reads_back(value in values(), profile in profiles()) {
        let back = evaluate(profile, "States.StringToJson(States.JsonToString($))", &value).unwrap();
        prop_assert!(text_of::equal(&back, &value), "{} became {}", value, back);
    }

    #[test]
    fn chunks_join_to_the_array(items in vec(values(), 0..12), size in 1_usize..6, profile in profiles()) {
        let value = evaluate(profile, &format!("States.ArrayPartition($, {size})"), &json!(items)).unwrap();
        let chunks = value.as_array().unwrap();
        let joined: Vec<Value> = chunks.iter().flat_map(|chunk| chunk.as_array().unwrap().clone()).collect();
        prop_assert_eq!(joined, items);
        for (index, chunk) in chunks.iter().enumerate() {
            let length = chunk.as_array().unwrap().len();
            prop_assert!(length == size || (index + 1 == chunks.len() && (1..size).contains(&length)));
        }
    }

    #[test]
    fn parts_join_to_the_text(text in "[ab,;é]{0,12}", delimiter in "[ab,;]{1,2}") {
        let input = json!({"text": text, "by": delimiter});
        let parts = |profile| {
            let value = evaluate(profile, "States.StringSplit($.text, $.by)", &input).unwrap();
            value.as_array().unwrap().iter().map(|part| part.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        prop_assert_eq!(parts(Profile::Spec).join(&delimiter), text.clone());
        let aws = parts(Profile::Aws);
        prop_assert!(aws.iter().all(|part| !part.is_empty() && !part.contains(|c| delimiter.contains(c))));
        prop_assert_eq!(aws.concat(), text.replace(|c| delimiter.contains(c), ""));
    }

    #[test]
    fn unique_arrays_hold_every_value_once(items in vec(values(), 0..12)) {
        let mut first: Vec<Value> = Vec::new();
        for item in &items {
            if !first.iter().any(|known| text_of::equal(known, item)) {
                first.push(item.clone());
            }
        }
        prop_assert_eq!(evaluate(Profile::Spec, "States.ArrayUnique($)", &json!(items)).unwrap(), json!(first.clone()));
        let aws = evaluate(Profile::Aws, "States.ArrayUnique($)", &json!(items)).unwrap();
        let texts = |values: &[Value]| values.iter().map(text_of::to_text).collect::<HashSet<_>>();
        prop_assert_eq!(aws.as_array().unwrap().len(), first.len());
        prop_assert_eq!(texts(aws.as_array().unwrap()), texts(&first));
    }

    #[test]
    fn equal_values_have_equal_hashes(left in values(), right in values()) {
        if text_of::equal(&left, &right) {
            prop_assert_eq!(java::hash(&left), java::hash(&right));
        }
    }

    #[test]
    fn every_item_is_contained(items in vec(values(), 1..6), index in any::<prop::sample::Index>()) {
        let input = json!({"in": items, "it": index.get(&items)});
        prop_assert_eq!(evaluate(Profile::Aws, "States.ArrayContains($.in, $.it)", &input).unwrap(), json!(true));
    }

    #[test]
    fn ranges_run_from_first_to_last(first in -500_i64..500, last in -500_i64..500, step in 1_i64..9) {
        let step = if last < first { -step } else { step };
        let text = format!("States.ArrayRange({first}, {last}, {step})");
        let value = evaluate(Profile::Spec, &text, &json!({})).unwrap();
        let numbers: Vec<i64> = value.as_array().unwrap().iter().map(|number| number.as_i64().unwrap()).collect();
        prop_assert_eq!(numbers[0], first);
        prop_assert!(numbers.windows(2).all(|pair| pair[1] - pair[0] == step));
        let end = numbers[numbers.len() - 1];
        // What is left to the end is less than a step, in the direction of the step.
        prop_assert!((last - end) * step >= 0 && (last - end).abs() < step.abs());
    }

    #[test]
    fn random_numbers_stay_in_range(start in any::<i64>(), width in 1..=u64::MAX, seed in any::<Option<i64>>()) {
        let end = start.saturating_add_unsigned(width);
        prop_assume!(end > start);
        let seed = seed.map_or(String::new(), |seed| format!(", {seed}"));
        let text = format!("States.MathRandom({start}, {end}{seed})");
        let value = evaluate(Profile::Aws, &text, &json!({})).unwrap().as_i64().unwrap();
        prop_assert!((start..end).contains(&value));
        if !seed.is_empty() {
            prop_assert_eq!(evaluate(Profile::Spec, &text, &json!({})).unwrap(), json!(value));
        }
    }
}
