//! What a machine may use: drawn anew for every machine, so that features meet in all combinations.

use arbitrary::Unstructured;

use crate::draw::Draw;

/// The query languages of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryLanguages {
    /// Every state uses JSONPath.
    JsonPath,
    /// The machine uses JSONPath, and some states JSONata.
    Mixed,
    /// The machine and all its states use JSONata.
    Jsonata,
}

/// Features of the language and sizes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is a feature of its own")]
pub struct Config {
    /// The query languages of the machine and its states.
    pub languages: QueryLanguages,
    /// Task states.
    pub tasks: bool,
    /// Parallel states.
    pub parallel: bool,
    /// Map states.
    pub map: bool,
    /// Map states in distributed mode.
    pub distributed: bool,
    /// Item readers of distributed Maps, with a store to read from.
    pub readers: bool,
    /// Item batchers of distributed Maps.
    pub batchers: bool,
    /// Result writers of distributed Maps.
    pub writers: bool,
    /// Choice states.
    pub choice: bool,
    /// Loops, which count.
    pub loops: bool,
    /// Wait states.
    pub waits: bool,
    /// Variables.
    pub variables: bool,
    /// Intrinsic functions.
    pub intrinsics: bool,
    /// Paths that select several values.
    pub indefinite_paths: bool,
    /// InputPath, Parameters, ResultSelector, ResultPath and OutputPath; Arguments and Output.
    pub data_flow: bool,
    /// Retriers.
    pub retry: bool,
    /// Catchers.
    pub catch: bool,
    /// Tasks and executions that take too long.
    pub timeouts: bool,
    /// Deprecated forms: Iterator, and Parameters of a Map.
    pub deprecated: bool,
    /// Comments everywhere.
    pub comments: bool,
    /// Names that have to be quoted or escaped somewhere.
    pub odd_names: bool,
    /// Most states of the machine, nested ones included; a few more may be needed to finish what was begun.
    pub states: usize,
    /// Deepest nesting of States objects below the outermost.
    pub depth: usize,
}

impl Config {
    /// Draws which features a machine uses, each on its own.
    pub fn draw(u: &mut Unstructured<'_>) -> Self {
        Self {
            languages: *u.pick(&[
                QueryLanguages::JsonPath,
                QueryLanguages::JsonPath,
                QueryLanguages::Mixed,
                QueryLanguages::Jsonata,
            ]),
            tasks: u.chance(85),
            parallel: u.chance(60),
            map: u.chance(65),
            distributed: u.chance(60),
            readers: u.chance(70),
            batchers: u.chance(60),
            writers: u.chance(50),
            choice: u.chance(75),
            loops: u.chance(30),
            waits: u.chance(60),
            variables: u.chance(60),
            intrinsics: u.chance(65),
            indefinite_paths: u.chance(40),
            data_flow: u.chance(85),
            retry: u.chance(65),
            catch: u.chance(70),
            timeouts: u.chance(50),
            deprecated: u.chance(15),
            comments: u.chance(20),
            odd_names: u.chance(40),
            states: 8 + u.below(25),
            depth: 1 + u.below(3),
        }
    }

    /// Everything at once.
    #[must_use]
    pub fn full() -> Self {
        Self {
            languages: QueryLanguages::Mixed,
            tasks: true,
            parallel: true,
            map: true,
            distributed: true,
            readers: true,
            batchers: true,
            writers: true,
            choice: true,
            loops: true,
            waits: true,
            variables: true,
            intrinsics: true,
            indefinite_paths: true,
            data_flow: true,
            retry: true,
            catch: true,
            timeouts: true,
            deprecated: true,
            comments: true,
            odd_names: true,
            states: 32,
            depth: 3,
        }
    }
}
