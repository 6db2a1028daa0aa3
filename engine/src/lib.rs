//! Reference interpreter of the Amazon States Language (ASL).
//!
//! A library with no I/O: a definition, an input, a task handler and a seed go in; an outcome comes out. Time is
//! virtual, so a run is a pure function of its arguments.
//!
//! The stages are separate and each can be used alone:
//!
//! 1. [`json::parse`] reads text, keeping what a plain parser would lose (duplicate keys);
//! 2. [`validate::validate`] reports every violation of the language at once, as [`diagnostic::Diagnostic`]s;
//! 3. [`machine::Machine::compile`] resolves names and parses every path, template and intrinsic once;
//! 4. [`run::run`] executes the compiled machine.
//!
//! Requirement ids such as `PATH-014` and decisions such as `D52` in the documentation of this crate refer to
//! `conformance/requirements.tsv` and `conformance/decisions.md` of this repository.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

pub mod compile;
pub mod condition;
pub mod diagnostic;
pub mod environment;
pub mod failure;
pub mod history;
pub mod intrinsic;
pub mod items;
pub mod json;
pub mod jsonata;
pub mod machine;
pub mod meter;
pub mod number;
pub mod observe;
pub mod path;
pub mod profile;
pub mod quotas;
pub mod random;
pub mod run;
pub mod scope;
pub mod store;
pub mod task;
pub mod template;
pub mod time;
pub mod timestamp;
pub mod trace;
pub mod validate;
