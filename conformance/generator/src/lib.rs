//! Random documents of the Amazon States Language: valid machines with an input and a task script, faults that make
//! them invalid in a known way, and text around each grammar.
//!
//! Everything is drawn from [`arbitrary::Unstructured`], so one function serves a fuzzer, a property test and a seeded
//! stream. Documents are [`serde_json::Value`]s: this crate knows no engine, shares no mistakes with one, and can write
//! what is wrong.
//!
//! ```
//! use arbitrary::Unstructured;
//! use asl_generator::{Config, Machine};
//!
//! let bytes = asl_generator::seeded_bytes(7, 4096);
//! let mut u = Unstructured::new(&bytes);
//! let config = Config::draw(&mut u);
//! let scenario = Machine::draw(&mut u, &config).unwrap();
//! assert!(scenario.definition["States"].is_object());
//! ```

pub mod condition;
pub mod config;
mod draw;
pub mod faults;
pub mod hostile;
pub mod intrinsic;
pub mod jsonata;
pub mod machine;
pub mod path;
pub mod scenario;
pub mod shape;
pub mod template;
mod text;
pub mod timestamp;

pub use config::{Config, QueryLanguages};
pub use machine::Machine;
pub use scenario::Scenario;

/// Bytes of a seeded stream, the same everywhere, to draw from.
#[must_use]
pub fn seeded_bytes(seed: u64, length: usize) -> Vec<u8> {
    use rand_chacha::{
        ChaCha8Rng,
        rand_core::{Rng, SeedableRng},
    };
    let mut bytes = vec![0; length];
    ChaCha8Rng::seed_from_u64(seed).fill_bytes(&mut bytes);
    bytes
}
