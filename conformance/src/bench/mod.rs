//! How fast engines are: [workloads](workload) run through the [`Engine`](crate::Engine) trait, beside the
//! [floor] of the machine and the [quotas](quota) that AWS publishes.
//!
//! An engine is asked to run a definition, so what it does before the first transition is part of every run. Each
//! workload is therefore run in two ways, with an input on which it does its work and with one on which it ends at
//! once; the difference is the time of the transitions. What an engine needs to start, and what one execution of an
//! empty machine costs, are [reported apart](EngineFigure).

pub mod floor;
mod measure;
pub mod quota;
pub mod workload;

use serde::{Deserialize, Serialize};

pub use measure::{BenchError, bench, limits};
pub use workload::Workload;

/// All that was measured in one run of the benches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The engines.
    pub engines: Vec<EngineFigure>,
    /// Each workload on each engine that can run it.
    pub workloads: Vec<WorkloadFigure>,
    /// The published quotas.
    pub limits: Vec<LimitFigure>,
}

/// What an engine costs before it does any work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngineFigure {
    /// Its name.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// Seconds until it has said who it is.
    pub start_up_seconds: f64,
    /// Seconds of one execution of an empty machine: the cost of the bridge, of validation and of compilation.
    pub empty_machine_seconds: f64,
}

/// One workload on one engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorkloadFigure {
    /// Name of the engine.
    pub engine: String,
    /// Name of the workload.
    pub workload: String,
    /// States entered, plus retries, of one run.
    pub transitions: u64,
    /// Transitions a second.
    pub transitions_per_second: f64,
    /// Time of the engine divided by the time of a loop that does only the unavoidable work; absent where there is none.
    pub floor_ratio: Option<f64>,
}

/// One published quota.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LimitFigure {
    /// What is limited.
    pub quota: String,
    /// What it is counted in.
    pub unit: String,
    /// The published figure.
    pub published: u32,
    /// As many of the unit as the reference interpreter does in a second of real time.
    pub measured: f64,
    /// `measured` divided by `published`: how often it exhausts the quota in a second.
    pub headroom: f64,
}
