//! Fuzz targets of the suite: what any bytes, paths, calls, documents and machines must satisfy.
//!
//! The body of a target is a function from bytes to nothing that panics on a violated property. libFuzzer calls it
//! through the shims in `fuzz_targets/`; on stable, `cargo test` calls the same bodies with the corpora, with the
//! regressions and with pseudo-random bytes, and the programs of the targets with any file.

pub mod case_file;
pub mod choice_eval;
mod data;
pub mod document_parse;
pub mod document_validate;
pub mod intrinsic_eval;
pub mod intrinsic_parse;
pub mod jsonata_eval;
pub mod jsonata_parse;
pub mod machine_relations;
pub mod machine_run;
mod naive_path;
pub mod path_eval;
pub mod path_parse;
mod path_steps;
pub mod random;
pub mod reference_path_assign;
pub mod replay;
pub mod seeds;
pub mod timestamp;

use asl_engine::profile::Profile;

/// Both readings of the language.
pub(crate) const PROFILES: [Profile; 2] = [Profile::Aws, Profile::Spec];

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name: of the module, of the program and of the folder in `corpus/`.
    pub name: &'static str,
    /// Checks the properties on an input; panics when one is violated.
    pub run: fn(&[u8]),
    /// What the bytes stand for, in a form that people and other tools read: the text itself or a JSON document.
    pub show: fn(&[u8]) -> String,
}

macro_rules! targets {
    ($($name:ident),+ $(,)?) => {
        /// Every target.
        pub const TARGETS: &[Target] =
            &[$(Target { name: stringify!($name), run: $name::run, show: $name::show }),+];
    };
}

targets!(
    path_parse,
    path_eval,
    reference_path_assign,
    intrinsic_parse,
    intrinsic_eval,
    timestamp,
    choice_eval,
    document_parse,
    document_validate,
    case_file,
    jsonata_eval,
    jsonata_parse,
    machine_relations,
    machine_run,
);

/// The target with this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// The program of a target: a libFuzzer driver when compiled for fuzzing, a replayer of files otherwise.
#[macro_export]
macro_rules! shim {
    ($name:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::$name::run(data));

        #[cfg(not(fuzzing))]
        fn main() -> std::process::ExitCode {
            $crate::replay::main(stringify!($name))
        }
    };
}
