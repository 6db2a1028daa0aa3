use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};
use serde_json_path::JsonPath;

use super::{
    super::{ReferencePath, Selection},
    *,
};

const CASES: u32 = 600;

/// Names that need no, some and much quoting.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]", "[a-c]", "[a-z_][a-z0-9_-]{0,3}", any::<String>()]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..4).prop_map(Value::from),
        (-6_i32..6).prop_map(|n| Value::from(f64::from(n) / 2.0)),
        "[a-c]{0,2}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec(("[a-c]", inner), 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn quoted(name: &str) -> String {
    let escaped: String = name
        .chars()
        .map(|c| match c {
            '\'' | '\\' => format!("\\{c}"),
            c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("['{escaped}']")
}

fn operand() -> impl Strategy<Value = String> {
    prop_oneof![
        "@(\\.[a-c]|\\[[0-2]\\]){0,2}",
        "\\$\\.[a-c]",
        "'[a-c]'",
        (-3_i32..4).prop_map(|n| n.to_string()),
        prop::sample::select(vec!["true", "false", "null", "1.5", "-2e3", "@.*", "@..a"]).prop_map(str::to_owned),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let leaf = prop_oneof![
        (operand(), operator, operand()).prop_map(|(left, operator, right)| format!("{left}{operator} {right}")),
        "@\\.[a-c]",
        "@\\.a =~ /[a-c]+/i?",
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("{left} && {right}")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left}) || {right}")),
            inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

fn step() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\.[a-c]",
        "\\.\\.[a-c]",
        name().prop_map(|name| quoted(&name)),
        (name(), name()).prop_map(|(a, b)| format!("{},{}", quoted(&a).trim_end_matches(']'), &quoted(&b)[1..])),
        "\\[-?[0-3]\\]",
        "\\[[0-3],-?[0-3]\\]",
        "\\[-?[0-3]:(-?[0-3])?\\]",
        "\\[:-?[0-3](:[1-3])?\\]",
        prop::sample::select(vec![".*", "[*]", "..*", "..[0]"]).prop_map(str::to_owned),
        condition().prop_map(|condition| format!("[?({condition})]")),
    ]
}

fn path() -> impl Strategy<Value = String> {
    let root = prop::sample::select(vec!["$", "$", "$", "$$", "$name"]);
    (root, prop::collection::vec(step(), 0..5)).prop_map(|(root, steps)| format!("{root}{}", steps.concat()))
}

fn reference() -> impl Strategy<Value = String> {
    let step = prop_oneof![3 => name().prop_map(|name| quoted(&name)), 1 => "\\[[0-2]\\]"];
    prop::collection::vec(step, 0..5).prop_map(|steps| format!("${}", steps.concat()))
}

/// Path-like noise, which gets further than arbitrary text.
fn noise() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "\\$[.a-c0-3*@?()\\[\\]'\",:=~<>!&|/\\\\ u-]{0,40}",
        (path(), any::<prop::sample::Index>(), any::<char>()).prop_map(|(mut text, at, c)| {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            text.insert(places[at.index(places.len())], c);
            text
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_parsing_or_selecting_panic(text in noise(), data in document()) {
        for profile in BOTH {
            if let Ok(path) = Path::parse(&text, profile) {
                let _ = path.select(&data, profile, &Meter::new(50, 100_000));
            }
            if let Ok(path) = ReferencePath::parse(&text, profile) {
                let _ = path.assign(&mut data.clone(), Value::Null);
            }
        }
    }

    #[test]
    fn what_parses_is_displayed_as_an_equal_path(text in prop_oneof![path(), noise()]) {
        for profile in BOTH {
            if let Ok(path) = Path::parse(&text, profile) {
                let displayed = path.to_string();
                prop_assert_eq!(Path::parse(&displayed, profile), Ok(path), "{}", displayed);
            }
            if let Ok(path) = ReferencePath::parse(&text, profile) {
                let displayed = path.to_string();
                prop_assert_eq!(ReferencePath::parse(&displayed, profile), Ok(path), "{}", displayed);
            }
        }
    }

    #[test]
    fn generated_paths_parse(text in path()) {
        for profile in BOTH {
            prop_assert!(Path::parse(&text, profile).is_ok(), "{:?}", Path::parse(&text, profile));
        }
    }

    #[test]
    fn what_is_selected_in_place_is_what_is_copied(text in path(), data in document()) {
        for profile in [Profile::Aws, Profile::Spec] {
            let Ok(path) = Path::parse(&text, profile) else { continue };
            let copied = path.select_existing(&data, profile, &meter()).map(Cow::into_owned);
            let in_place = path.select_in_place(&data, profile, &meter()).map(|selection| match selection {
                Selection::Value(value) => value.into_owned(),
                Selection::List(entries) => entries.into_iter().map(Cow::into_owned).collect(),
            });
            prop_assert_eq!(in_place, copied);
        }
    }

    #[test]
    fn a_reference_path_is_a_definite_path_that_selects_the_same(text in reference(), data in document()) {
        for profile in BOTH {
            let path = parsed(&text, profile);
            prop_assert!(path.is_definite());
            let selected = path.select(&data, profile, &meter()).map(|value| value.into_owned());
            let reference = ReferencePath::parse(&text, profile).unwrap();
            prop_assert_eq!(reference.select(&data).cloned(), selected.clone());
            prop_assert_eq!(reference.take(data.clone()), selected);
        }
    }

    #[test]
    fn what_is_assigned_is_selected(text in reference(), data in document(), value in document()) {
        let path = ReferencePath::parse(&text, Profile::Aws).unwrap();
        let mut changed = data.clone();
        match path.assign(&mut changed, value.clone()) {
            Ok(()) => {
                prop_assert_eq!(path.select(&changed), Ok(&value));
                // Putting back what was there restores the rest as it was.
                if let Ok(before) = path.select(&data) {
                    path.assign(&mut changed, before.clone()).unwrap();
                    prop_assert_eq!(changed, data);
                }
            }
            Err(_) => {
                prop_assert!(path.select(&data).is_err());
                prop_assert_eq!(changed, data);
            }
        }
    }

    #[test]
    fn the_spec_profile_agrees_with_rfc_9535_on_steps(text in common_path(), data in document()) {
        prop_assert_eq!(nodes(&text, &data), rfc_nodes(&text, &data), "{}", text);
    }

    #[test]
    fn the_spec_profile_agrees_with_rfc_9535_on_filters(
        condition in common_condition(),
        items in prop::collection::vec(document(), 0..6),
    ) {
        let data = json!({"a": items});
        let text = format!("$.a[?({condition})]");
        prop_assert_eq!(nodes(&text, &data), rfc_nodes(&text, &data), "{}", text);
    }
}

/// Paths that mean the same in both languages: an RFC 9535 union of names is two nodes, and its filters test members.
fn common_path() -> impl Strategy<Value = String> {
    let step = prop_oneof![
        "\\.[a-c]",
        "\\.\\.[a-c]",
        "\\['[a-c]'\\]",
        "\\[(0|-?[1-3])\\]",
        "\\[(0|-?[1-3]),(0|-?[1-3])\\]",
        "\\[(0|-?[1-4])?:(0|-?[1-4])?(:(0|-?[1-3]))?\\]",
        prop::sample::select(vec![".*", "[*]", "..*", "..[0]", "..[-1]", "..[1:]"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(step, 0..5).prop_map(|steps| format!("${}", steps.concat()))
}

/// Conditions that mean the same in both: of operands that exist, since a missing one equals a missing one in the RFC,
/// and with orders of numbers and texts only, since there `<=` holds of equal values of every kind.
fn common_condition() -> impl Strategy<Value = String> {
    // The oracle finds nothing at a negative index of an operand, where the RFC counts from the end.
    let path = "@(\\.[a-c]|\\[[0-2]\\]){0,2}";
    let literal = prop_oneof!["'[a-c]'", "-?[1-3]", "true|false|null", "[0-2]\\.5"];
    let number = prop_oneof!["'[a-c]'", "-?[1-3]", "[0-2]\\.5"];
    let leaf = prop_oneof![
        (path, "==|!=", literal).prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        (path, "<|<=|>|>=", number).prop_map(|(left, operator, right)| format!("{left} {operator} {right}")),
        path.prop_map(|path| path),
        "@\\.\\.[a-c]",
        "@\\.[a-c]\\.\\*",
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} && {right})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left} || {right})")),
            inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

/// What our Path selects, as a list of nodes: where it fails for a lack of something, there are none.
fn nodes(text: &str, data: &Value) -> Vec<Value> {
    let path = parsed(text, Profile::Spec);
    match path.select(data, Profile::Spec, &meter()) {
        Ok(value) if path.is_definite() => vec![value.into_owned()],
        Ok(value) => value.as_array().unwrap().clone(),
        Err(PathError::Failure(failure)) => panic!("{failure}"),
        Err(_) => Vec::new(),
    }
}

fn rfc_nodes(text: &str, data: &Value) -> Vec<Value> {
    JsonPath::parse(text).unwrap().query(data).all().into_iter().cloned().collect()
}
