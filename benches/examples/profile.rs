//! Runs one workload a number of times and nothing else, for a profiler:
//!
//! ```text
//! cargo build --release -p asl-benches --example profile
//! valgrind --tool=callgrind target/release/examples/profile map none 10
//! ```
//!
//! Without arguments it names the workloads and observers.

use std::{env, process::ExitCode};

use asl_benches::{compiled, execute, meter, records, workload};
use asl_engine::{history::History, observe::Unobserved, path::Path, profile::Profile, trace::Trace};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, observer, times] = arguments.as_slice() else { return usage() };
    let Ok(times) = times.parse::<usize>() else { return usage() };
    if name.starts_with('$') {
        return select(name, observer, times);
    }
    let workload = match name.as_str() {
        "pass" => workload::pass_chain(500, 1),
        "counter" => workload::counter_loop(1_000),
        "map" => workload::map(10_000),
        "small-payload" => workload::result_path(1, 100, 1),
        "large-payload" => workload::result_path(256, 100, 1),
        "parallel" => workload::parallel(40, 10),
        "tasks" => workload::tasks(100, 10),
        "retries" => workload::retry_storm(1_000),
        _ => return usage(),
    };
    let machine = compiled(&workload.definition);
    let mut transitions = 0;
    for _ in 0..times {
        let input = workload.input.clone();
        let outcome = match observer.as_str() {
            "none" => execute(&machine, input, &mut Unobserved),
            "trace" => execute(&machine, input, &mut Trace::default()),
            "history" => execute(&machine, input, &mut History::default()),
            _ => return usage(),
        };
        transitions += outcome.transitions;
    }
    println!("{transitions} transitions");
    ExitCode::SUCCESS
}

/// Selects from a document of 100 KB, as a list of copies or in place.
fn select(path: &str, how: &str, times: usize) -> ExitCode {
    let Ok(path) = Path::parse(path, Profile::Aws) else { return usage() };
    let (document, meter) = (records(100_000), meter());
    let select = || match how {
        "in-place" => path.select_in_place(&document, Profile::Aws, &meter).is_ok(),
        _ => path.select(&document, Profile::Aws, &meter).is_ok(),
    };
    println!("{} selections", (0..times).filter(|_| select()).count());
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("profile pass|counter|map|small-payload|large-payload|parallel|tasks|retries none|trace|history TIMES");
    eprintln!("profile PATH copies|in-place TIMES");
    ExitCode::from(2)
}
