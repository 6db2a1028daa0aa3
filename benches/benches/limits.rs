//! The published quotas: a figure for each, and a check that the interpreter exhausts every one of them in a second.
#![allow(missing_docs, reason = "criterion's macros define undocumented items")]

use std::{hint::black_box, time::Duration};

use asl_conformance::{bench, factory, reference::Reference};
use criterion::{Criterion, criterion_group, criterion_main};

fn limits(criterion: &mut Criterion) {
    let report = bench::bench(&[factory(Reference::default)], Duration::from_secs(10)).expect("every run ends well");
    for limit in &report.limits {
        let (quota, unit) = (&limit.quota, &limit.unit);
        println!(
            "{quota}: {} {unit}, {:.0} in a second, headroom {:.1}",
            limit.published, limit.measured, limit.headroom
        );
        assert!(limit.headroom >= 1.0, "{quota} is not exhausted in a second");
    }
    let mut group = criterion.benchmark_group("limits");
    group.sample_size(10).warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_secs(2));
    group.bench_function("all runs at their quotas", |bencher| {
        bencher.iter(|| {
            black_box(bench::limits(&factory(Reference::default), Duration::ZERO)).expect("every run ends well")
        });
    });
    group.finish();
}

criterion_group!(benches, limits);
criterion_main!(benches);
