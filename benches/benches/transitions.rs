//! Transitions a second on one core: every type of state, each observer, the floor, and growth by size.
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use std::time::Duration;

use asl_benches::{
    compiled, execute,
    workload::{self, Workload},
};
use asl_engine::{history::History, observe::Unobserved, trace::Trace};
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
    measurement::WallTime,
};

fn workloads() -> Vec<Workload> {
    vec![
        workload::pass_chain(500, 1),
        workload::pass_chain(100, 100),
        workload::result_path(1, 100, 1),
        workload::result_path(10, 100, 1),
        workload::result_path(100, 100, 1),
        workload::result_path(256, 100, 1),
        workload::counter_loop(1_000),
        workload::queried_counter_loop(200),
        workload::tasks(100, 10),
        workload::waits(1, 100, 10),
        workload::retry_storm(1_000),
        workload::parallel(2, 10),
        workload::parallel(16, 10),
        workload::parallel(40, 10),
        workload::map(100),
        workload::map(10_000),
        workload::nested_map(100),
        workload::mapped_expression(1_000),
        workload::queried_map(1_000),
    ]
}

fn configured<'c>(criterion: &'c mut Criterion, name: &str) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(20).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(800));
    group
}

fn transitions(criterion: &mut Criterion) {
    for workload in workloads() {
        let machine = compiled(&workload.definition);
        let input = &workload.input;
        let mut group = configured(criterion, &format!("transitions/{}", workload.name));
        let outcome = execute(&machine, input.clone(), &mut Unobserved);
        assert_eq!(outcome.transitions, workload.transitions, "{}", workload.name);
        group.throughput(Throughput::Elements(workload.transitions));
        // Inputs are made before and dropped after what is measured.
        group.bench_function("no observer", |bencher| {
            let run = |input| execute(&machine, input, &mut Unobserved);
            bencher.iter_batched(|| input.clone(), run, BatchSize::SmallInput);
        });
        group.bench_function("trace", |bencher| {
            let run = |input| {
                let mut trace = Trace::default();
                (execute(&machine, input, &mut trace), trace)
            };
            bencher.iter_batched(|| input.clone(), run, BatchSize::SmallInput);
        });
        // A full history repeats the payload as text at every event: with the large payloads it measures the printing.
        group.bench_function("full history", |bencher| {
            let run = |input| {
                let mut history = History::default();
                (execute(&machine, input, &mut history), history)
            };
            bencher.iter_batched(|| input.clone(), run, BatchSize::LargeInput);
        });
        if let Some(floor) = &workload.floor {
            group.bench_function("floor", |bencher| {
                bencher.iter_batched(|| input.clone(), floor, BatchSize::SmallInput);
            });
        }
        group.finish();
    }
}

/// Time by size, at four sizes a decade apart: the throughput stays level where the cost is linear.
fn growth(criterion: &mut Criterion) {
    let mut grow = |name: &str, sizes: [usize; 4], make: &dyn Fn(usize) -> (Workload, u64)| {
        let mut group = configured(criterion, &format!("growth/{name}"));
        group.sample_size(10);
        for size in sizes {
            let (workload, elements) = make(size);
            let machine = compiled(&workload.definition);
            group.throughput(Throughput::Elements(elements));
            group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
                let run = |input| execute(&machine, input, &mut Unobserved);
                bencher.iter_batched(|| workload.input.clone(), run, BatchSize::LargeInput);
            });
        }
        group.finish();
    };
    grow("states", [10, 100, 1_000, 10_000], &|size| (workload::pass_chain(size, 1), size as u64));
    grow("items", [10, 100, 1_000, 10_000], &|size| (workload::map(size as u64), size as u64));
    grow("branches", [1, 10, 100, 1_000], &|size| (workload::parallel(size, 2), 2 * size as u64));
    grow("payload, in KB", [1, 10, 100, 1_000], &|size| (workload::copied(size, 10), 10 * size as u64));
}

criterion_group!(benches, transitions, growth);
criterion_main!(benches);
