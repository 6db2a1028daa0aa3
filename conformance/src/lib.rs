//! Conformance suite for engines of the Amazon States Language (ASL).
//!
//! The [cases](case::Case) are data and part of this crate. A [`Runner`](runner::Runner) asks an [`Engine`] about each
//! of them, [compares](compare) what comes with what is expected, and keeps a [record](record::Record) that all
//! reports are made from.
//!
//! An engine written in Rust runs the suite in its own `cargo test`: see [`test_main`].

pub mod bench;
pub mod case;
pub mod compare;
pub mod coverage;
pub mod differential;
pub mod engine;
pub mod events;
pub mod expect;
mod harness;
pub mod known;
pub mod lint;
pub mod plan;
pub mod record;
pub mod reduce;
pub mod reference;
pub mod relations;
pub mod report;
pub mod requirements;
pub mod runner;
pub mod script;
pub mod source;
pub mod suite;
pub mod wire;

pub use engine::{Description, Engine, Fault, Outcome, Reply, Request, Status};
pub use harness::{TIME_LIMIT, factory, test_main, test_main_with, trials};
pub use script::{TaskAnswer, TaskCall, TaskResult, TaskScript};
