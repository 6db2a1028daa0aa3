//! Facts about Paths. Names of cases carry the requirement id; a row without one rests on the module's documentation.

use serde_json::Value;

use super::{Path, PathError};
use crate::{meter::Meter, profile::Profile};

mod dialect;
mod hostile;
mod laws;
mod reference;
mod select;
mod syntax;

const BOTH: [Profile; 2] = [Profile::Aws, Profile::Spec];

fn meter() -> Meter {
    Meter::new(10_000, 10_000_000)
}

fn parsed(text: &str, profile: Profile) -> Path {
    Path::parse(text, profile).unwrap_or_else(|error| panic!("{text} ({}): {error}", profile.name()))
}

fn select(text: &str, profile: Profile, root: &Value) -> Result<Value, PathError> {
    parsed(text, profile).select(root, profile, &meter()).map(std::borrow::Cow::into_owned)
}
