//! Runs one workload a number of times and nothing else, for a profiler:
//!
//! ```text
//! cargo build --release -p asl-benches --example profile
//! valgrind --tool=callgrind target/release/examples/profile map none 10
//! ```
//!
//! Without arguments it names the workloads and observers.

use std::{env, process::ExitCode};

use asl_benches::{compiled, execute, workload};
use asl_engine::{history::History, observe::Unobserved, trace::Trace};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, observer, times] = arguments.as_slice() else { return usage() };
    let Ok(times) = times.parse::<usize>() else { return usage() };
    let workload = match name.as_str() {
        "pass" => workload::pass_chain(500, 1),
        "counter" => workload::counter_loop(1_000),
        "map" => workload::map(10_000),
        "small-payload" => workload::result_path(1, 100, 1),
        "large-payload" => workload::result_path(256, 100, 1),
        "parallel" => workload::parallel(40, 10),
        "tasks" => workload::tasks(100, 10),
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

fn usage() -> ExitCode {
    eprintln!("profile pass|counter|map|small-payload|large-payload|parallel|tasks none|trace|history TIMES");
    ExitCode::from(2)
}
