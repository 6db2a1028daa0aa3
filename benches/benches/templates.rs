//! Intrinsic functions, payload templates, and JSONata expressions beside their JSONPath twins.
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use std::{hint::black_box, time::Duration};

use asl_benches::{meter, workload};
use asl_engine::{
    environment::{Environment, States},
    intrinsic::{Invocation, NAMES},
    profile::Profile,
    random::Random,
    scope::Scope,
    template::{Expression, Template},
};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};

/// One invocation of each function.
const INVOCATIONS: [&str; 18] = [
    "States.Format('order {} of {} for {}', $.id, $.n, $.text)",
    "States.StringToJson($.json)",
    "States.JsonToString($.object)",
    "States.Array($.id, 'a', 2)",
    "States.ArrayPartition($.numbers, 4)",
    "States.ArrayContains($.numbers, 50)",
    "States.ArrayRange(1, 64, 1)",
    "States.ArrayGetItem($.numbers, 5)",
    "States.ArrayLength($.numbers)",
    "States.ArrayUnique($.numbers)",
    "States.Base64Encode($.text)",
    "States.Base64Decode($.encoded)",
    "States.Hash($.text, 'SHA-256')",
    "States.JsonMerge($.object, $.other, false)",
    "States.MathRandom(1, 1000)",
    "States.MathAdd($.n, 1)",
    "States.StringSplit($.text, ' ')",
    "States.UUID()",
];

/// Templates beside JSONata fields that give the same.
const TWINS: [(&str, &str, &str); 4] = [
    ("field path", r#"{"v.$": "$.a.b"}"#, r#"{"v": "{% $states.input.a.b %}"}"#),
    (
        "object of four fields",
        r#"{"id.$": "$.id", "n.$": "$.n", "text.$": "$.text", "fixed": true}"#,
        r#"{"id": "{% $states.input.id %}", "n": "{% $states.input.n %}", "text": "{% $states.input.text %}",
            "fixed": true}"#,
    ),
    ("sum", r#"{"v.$": "States.MathAdd($.n, 1)"}"#, r#"{"v": "{% $states.input.n + 1 %}"}"#),
    (
        "text",
        r#"{"v.$": "States.Format('order {} of {}', $.id, $.n)"}"#,
        r#"{"v": "{% 'order ' & $states.input.id & ' of ' & $states.input.n %}"}"#,
    ),
];

fn input() -> Value {
    json!({"id": "A-17", "n": 41, "text": "the quick brown fox jumps over the lazy dog", "a": {"b": 7},
        "json": r#"{"a": [1, 2, {"b": "c"}]}"#, "object": {"a": 1, "b": [1, 2, 3], "c": {"d": "e"}},
        "other": {"b": 2, "z": null}, "numbers": (0..64).collect::<Value>(), "encoded": "dGhlIHF1aWNrIGJyb3duIGZveA=="})
}

fn templates(criterion: &mut Criterion) {
    let (input, context, scope, meter, random) = (input(), Value::Null, Scope::default(), meter(), Random::seeded(0));
    let environment = Environment {
        input: &input,
        context: &context,
        scope: &scope,
        profile: Profile::Aws,
        meter: &meter,
        random: &random,
        states: States::default(),
    };
    let evaluate = |template: &Template| template.evaluate(black_box(&environment)).expect("it has a value");
    let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");

    let mut group = criterion.benchmark_group("intrinsic");
    group.sample_size(20).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    for (name, text) in NAMES.iter().zip(INVOCATIONS) {
        assert!(text.starts_with(&format!("{name}(")), "one invocation of each function, in order");
        let invocation = Invocation::parse(text, Profile::Aws).expect("an invocation");
        group.bench_function(*name, |bencher| {
            bencher.iter(|| invocation.evaluate(black_box(&environment)).expect("it has a value"));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("template");
    group.sample_size(20).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    let literal = Template::compile(&workload::payload(10_240), Profile::Aws).expect("a template");
    group.bench_function("literal of 10 KB", |bencher| bencher.iter(|| evaluate(&literal)));
    let nested = json!({"l1": {"l2": {"l3": {"v.$": "$.id"}}, "list": [{"n.$": "$.n"}, 2, "x"]}, "all.$": "$.object"});
    let nested = Template::compile(&nested, Profile::Aws).expect("a template");
    group.bench_function("nested", |bencher| bencher.iter(|| evaluate(&nested)));
    group.finish();

    for (name, path, query) in TWINS {
        let mut group = criterion.benchmark_group(format!("twins/{name}"));
        group.sample_size(20).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
        let path = Template::compile(&value(path), Profile::Aws).expect("a template");
        let query = Template::compile_query(&value(query), "Output", Profile::Aws).expect("expressions");
        assert_eq!(evaluate(&path), evaluate(&query), "{name}: twins give the same");
        group.bench_function("JSONPath", |bencher| bencher.iter(|| evaluate(&path)));
        group.bench_function("JSONata", |bencher| bencher.iter(|| evaluate(&query)));
        group.finish();
    }

    let mut group = criterion.benchmark_group("twins/expression alone");
    group.sample_size(20).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(500));
    let path = Expression::parse("$.a.b", Profile::Aws).expect("a Path");
    let query = Expression::parse_query(" $states.input.a.b ", Profile::Aws).expect("an expression");
    for (name, expression) in [("JSONPath", path), ("JSONata", query)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| expression.evaluate("v", black_box(&environment)).expect("it has a value"));
        });
    }
    group.finish();
}

criterion_group!(benches, templates);
criterion_main!(benches);
