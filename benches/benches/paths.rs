//! Compiled Paths beside other libraries, on what all of them select alike.
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use std::{hint::black_box, time::Duration};

use asl_benches::{meter, records};
use asl_engine::{
    path::{Path, ReferencePath},
    profile::Profile,
};
use criterion::{Criterion, criterion_group, criterion_main};
use jsonpath_rust::{parser::parse_json_path, query::js_path_process};
use serde_json::Value;
use serde_json_path::JsonPath;

const PATHS: [(&str, &str); 5] = [
    ("fields", "$.a.b.c"),
    ("wildcard", "$.items[*].price"),
    ("slice", "$.items[2:8].name"),
    ("filter", "$.items[?(@.price < 10)]"),
    ("recursive descent", "$..price"),
];

fn paths(criterion: &mut Criterion) {
    for size in [1, 100] {
        let document = records(size * 1_000);
        let meter = meter();
        for (name, text) in PATHS {
            let mut group = criterion.benchmark_group(format!("path/{name}, {size} KB"));
            group.sample_size(20).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(600));
            let ours = Path::parse(text, Profile::Aws).expect("a Path");
            let theirs = JsonPath::parse(text).expect("a query");
            let others = parse_json_path(text).expect("a query");
            let selected = ours.select(&document, Profile::Aws, &meter).expect("a selection").into_owned();
            let expected: Vec<Value> = theirs.query(&document).all().into_iter().cloned().collect();
            assert!(
                selected == Value::from(expected.clone()) || [selected] == *expected,
                "{text}: both select the same"
            );
            group.bench_function("asl-engine", |bencher| {
                bencher.iter(|| ours.select(black_box(&document), Profile::Aws, &meter).is_ok());
            });
            group.bench_function("asl-engine, in place", |bencher| {
                bencher.iter(|| ours.select_in_place(black_box(&document), Profile::Aws, &meter).is_ok());
            });
            group.bench_function("serde_json_path", |bencher| {
                bencher.iter(|| theirs.query(black_box(&document)).all());
            });
            group.bench_function("serde_json_path, cloned", |bencher| {
                bencher
                    .iter(|| -> Vec<Value> { theirs.query(black_box(&document)).all().into_iter().cloned().collect() });
            });
            group.bench_function("jsonpath-rust", |bencher| {
                bencher.iter(|| js_path_process(&others, black_box(&document)).map(|found| found.len()).is_ok());
            });
            group.finish();
        }
    }
}

fn reference_paths(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reference path");
    group.sample_size(20).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(600));
    let mut document = records(1_000);
    let path = ReferencePath::parse("$.a.b.c", Profile::Aws).expect("a Reference Path");
    group.bench_function("select", |bencher| bencher.iter(|| path.select(black_box(&document)).is_ok()));
    group.bench_function("assign", |bencher| bencher.iter(|| path.assign(black_box(&mut document), 2.into()).is_ok()));
    group.finish();
}

criterion_group!(benches, paths, reference_paths);
criterion_main!(benches);
