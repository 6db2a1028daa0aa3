//! Transitions a second on one core, without an observer.
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use asl_benches::{counter_loop, map_of_passes, pass_chain};
use asl_engine::{
    machine::Machine,
    observe::Unobserved,
    profile::Profile,
    run::{self, Options},
    task::NoTasks,
};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Value, json};

fn transitions(criterion: &mut Criterion) {
    let items: Value = (0..10_000).collect();
    let workloads = [
        ("pass chain of 500", pass_chain(500), json!({"a": 1})),
        ("counter loop to 1000", counter_loop(1000), json!({"n": 0})),
        ("map of 10000 passes", map_of_passes(), items),
    ];
    let mut group = criterion.benchmark_group("transitions");
    for (name, definition, input) in workloads {
        let machine = Machine::compile(&definition, Profile::Aws).expect("the workload is valid");
        let options = Options::default();
        let execute = |input| run::run(&machine, input, &options, &mut NoTasks, &mut Unobserved).expect("it ends");
        group.throughput(Throughput::Elements(execute(input.clone()).transitions));
        group.bench_function(name, |bencher| bencher.iter_batched(|| input.clone(), execute, BatchSize::SmallInput));
    }
    group.finish();
}

criterion_group!(benches, transitions);
criterion_main!(benches);
