//! Parsing, validation and compilation by size of the document; the generator; the whole suite.
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use std::{hint::black_box, time::Duration};

use arbitrary::Unstructured;
use asl_benches::document;
use asl_conformance::{
    case::Profile as CaseProfile,
    differential::arena,
    engine::{Engine, Reply, Request},
    reference::Reference,
    script::Script,
    suite::Suite,
};
use asl_engine::{json, machine::Machine, profile::Profile, validate::validate};
use asl_generator::{Config, Machine as Generated, seeded_bytes};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Sizes of documents, in KB.
const SIZES: [usize; 4] = [1, 10, 100, 1_000];

fn documents(criterion: &mut Criterion) {
    for stage in ["parse", "validate", "compile"] {
        let mut group = criterion.benchmark_group(stage);
        group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(1_000));
        for size in SIZES {
            let definition = document(size * 1_000);
            let text = definition.to_string();
            assert!(validate(&definition, Profile::Aws).is_empty(), "the document is valid");
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(
                BenchmarkId::from_parameter(format!("{size} KB")),
                &size,
                |bencher, _| match stage {
                    "parse" => bencher.iter(|| json::parse(black_box(&text)).is_ok()),
                    "validate" => bencher.iter(|| validate(black_box(&definition), Profile::Aws).len()),
                    _ => bencher.iter(|| Machine::compile(black_box(&definition), Profile::Aws).is_ok()),
                },
            );
        }
        group.finish();
    }
}

fn generator(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generator");
    group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(1_000));
    const MACHINES: u64 = 100;
    // As many bytes as the command `fuzz` draws from.
    let streams: Vec<Vec<u8>> = (0..MACHINES).map(|seed| seeded_bytes(seed, 4_096)).collect();
    let draw = |bytes: &[u8]| {
        let mut source = Unstructured::new(bytes);
        let config = Config::draw(&mut source);
        Generated::draw(&mut source, &config).expect("running out of bytes is no error")
    };
    group.throughput(Throughput::Elements(MACHINES));
    group.bench_function("machines drawn", |bencher| {
        bencher.iter(|| streams.iter().for_each(|bytes| drop(black_box(draw(bytes)))));
    });
    group.bench_function("machines drawn, validated and run", |bencher| {
        bencher.iter(|| {
            for bytes in &streams {
                let case = arena::case(&draw(bytes)).expect("the members have the form of those of a case");
                let reply = Reference.run(&Request::of(&case, CaseProfile::Aws), &mut Script::new(&case.tasks));
                assert!(!matches!(black_box(reply), Ok(Reply::Invalid { .. }) | Err(_)), "a valid machine is run");
            }
        });
    });
    group.finish();
}

/// Every case of the suite in every profile in which it holds, one after the other.
fn suite(criterion: &mut Criterion) {
    let suite = Suite::embedded();
    let runs: Vec<_> = suite
        .cases
        .iter()
        .flat_map(|case| [CaseProfile::Aws, CaseProfile::Spec].map(|profile| (case, profile)))
        .filter(|(case, profile)| case.profile.is_none_or(|only| only == *profile))
        .collect();
    let mut group = criterion.benchmark_group("suite");
    group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(5));
    group.throughput(Throughput::Elements(runs.len() as u64));
    group.bench_function("runs of cases", |bencher| {
        bencher.iter(|| {
            for (case, profile) in &runs {
                let request = Request::of(case, *profile);
                let _ = black_box(Reference.run(&request, &mut Script::new(&case.tasks)));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, documents, generator, suite);
criterion_main!(benches);
