//! The engines that can be named on the command line.

use asl_conformance::{factory, reference::Reference, runner::Factory};

/// Names that `--engine` takes.
pub(crate) const NAMES: [&str; 1] = ["reference"];

/// Makes the engine of one of [`NAMES`].
pub(crate) fn named(name: &str) -> Option<Factory> {
    (name == "reference").then(|| factory(Reference::default))
}
