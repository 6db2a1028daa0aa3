//! Which reading of the language applies where the sources disagree (decisions D01 to D65).

use serde::{Deserialize, Serialize};

/// The two readings of the language.
///
/// Service quotas belong to neither profile: they are an option of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// What AWS Step Functions does where that is known, the specification elsewhere.
    #[default]
    Aws,
    /// The letter of the specification of November 2024.
    Spec,
}

impl Profile {
    /// Whether this is [`Profile::Aws`].
    #[must_use]
    pub fn is_aws(self) -> bool {
        self == Self::Aws
    }

    /// The name used on the command line and in case files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Spec => "spec",
        }
    }
}

impl std::str::FromStr for Profile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "aws" => Ok(Self::Aws),
            "spec" => Ok(Self::Spec),
            other => Err(format!("unknown profile '{other}': expected 'aws' or 'spec'")),
        }
    }
}
