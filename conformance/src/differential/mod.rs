//! Random machines against an engine under test: by the answers of another engine, and by the engine's own answers to
//! related machines.
//!
//! An [`Arena`] asks; a [`Campaign`] draws machines, keeps one [`Finding`] of each kind and
//! [reduces](crate::reduce) it.

pub mod arena;
pub mod campaign;
pub mod classify;
pub mod expectation;
pub mod finding;
pub mod kind;
pub mod portable;
pub mod print;
pub mod variation;

pub use arena::{Answer, Arena, Deviation, Question};
pub use campaign::{Campaign, Progress, Tally};
pub use finding::Finding;
pub use kind::Kind;

#[cfg(test)]
mod tests;
