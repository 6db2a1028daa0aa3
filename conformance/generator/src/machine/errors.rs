//! Retriers, Catchers, and the errors that they are made for.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    scope::{Exit, Flow, Language, Scope},
};
use crate::{draw::Draw, shape::Shape, text::ERRORS};

/// What becomes of the work of a state in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It succeeds at once.
    Succeeds,
    /// It fails, and a retry succeeds.
    Recovers,
    /// It fails, perhaps more than once, and a Catcher takes over.
    Caught,
    /// It fails, perhaps more than once, and so does the state.
    Fails,
}

/// How the work of a state fails.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// The names under which Retriers and Catchers may match it, in one profile or another.
    pub names: Vec<&'static str>,
    /// Whether the error output has a name, and whether it has a cause.
    pub output: (bool, bool),
}

/// What the handlers of a state do to the work.
pub(super) struct Handled {
    /// The attempts that have to fail.
    pub failures: usize,
    /// What is known where the way of the Catcher meets that of the state.
    pub caught: Option<Flow>,
}

const PREDEFINED: [&str; 6] = [
    "States.Timeout",
    "States.TaskFailed",
    "States.HeartbeatTimeout",
    "States.Permissions",
    "States.ResultPathMatchFailure",
    "States.NoChoiceMatched",
];

/// Predefined names that stand in ErrorEquals more often than they are raised.
const RARE: [&str; 8] = [
    "States.ParameterPathFailure",
    "States.QueryEvaluationError",
    "States.BranchFailed",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.ResultWriterFailed",
    "States.DataLimitExceeded",
    "States.Runtime",
];

impl Trouble {
    /// An error with a name that a worker or a Fail state chose.
    pub fn named(name: &'static str) -> Self {
        Self { names: vec![name], output: (true, true) }
    }

    fn output(&self) -> Shape {
        let text = |known| if known { Shape::text("text") } else { Shape::Unknown };
        Shape::Object(vec![("Error".to_owned(), text(self.output.0)), ("Cause".to_owned(), text(self.output.1))])
    }
}

impl Machine {
    /// What becomes of a state whose failure is not to end the run.
    pub(super) fn fate(&self, u: &mut Unstructured<'_>) -> Fate {
        match u.below(10) {
            5 | 6 if self.config.retry => Fate::Recovers,
            7..=9 if self.config.catch => Fate::Caught,
            _ => Fate::Succeeds,
        }
    }

    /// Writes Retry and Catch for a fate. `flow` is what is known before the state.
    #[allow(clippy::too_many_arguments, reason = "where the state stands, what fails, and what follows")]
    pub(super) fn handlers(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        (state, language): (&mut Map<String, Value>, Language),
        exit: &Exit,
        flow: &Flow,
        trouble: &Trouble,
        fate: Fate,
    ) -> Handled {
        let failures = self.retry(u, state, trouble, fate);
        let catches = fate == Fate::Caught || fate != Fate::Fails && self.config.catch && u.chance(20);
        let caught = catches.then(|| {
            let live = flow.live && fate == Fate::Caught;
            let flow = Flow { live, ..flow.clone() };
            self.catch(u, scope, (state, language), exit, flow, trouble, fate == Fate::Caught)
        });
        Handled { failures, caught }
    }

    /// Writes Retry; gives the number of attempts that have to fail.
    fn retry(&self, u: &mut Unstructured<'_>, state: &mut Map<String, Value>, trouble: &Trouble, fate: Fate) -> usize {
        let fails = usize::from(fate != Fate::Succeeds);
        if fate != Fate::Recovers && !(self.config.retry && u.chance(30)) {
            return fails;
        }
        let mut retriers = Vec::new();
        while u.chance(25) && retriers.len() < 3 {
            let names = vec![other_name(u, trouble)];
            retriers.push(self.retrier(u, names, 3));
        }
        let mut failures = fails;
        if fate == Fate::Recovers || u.chance(70) {
            let most = usize::from(u.chance(85)) * u.below(3) + usize::from(fate == Fate::Recovers);
            let names = matching(u, trouble, retriers.len());
            retriers.push(self.retrier(u, names, most));
            failures = match fate {
                Fate::Succeeds => 0,
                Fate::Recovers => 1 + u.below(most),
                Fate::Caught | Fate::Fails => most + 1,
            };
        }
        state.insert("Retry".to_owned(), Value::Array(retriers));
        failures
    }

    fn retrier(&self, u: &mut Unstructured<'_>, names: Vec<&'static str>, max_attempts: usize) -> Value {
        let mut retrier = json!({"ErrorEquals": names});
        if max_attempts != 3 || u.chance(50) {
            retrier["MaxAttempts"] = json!(max_attempts);
        }
        if u.chance(60) {
            retrier["IntervalSeconds"] = json!(u.within(1..=10));
        }
        if u.chance(50) {
            retrier["BackoffRate"] = json!(u.pick(&[1.0, 1.5, 2.0, 2.5]));
        }
        if u.chance(25) {
            retrier["MaxDelaySeconds"] = json!(u.within(11..=60));
        }
        if u.chance(15) {
            retrier["JitterStrategy"] = json!(u.pick(&["NONE", "FULL"]));
        }
        if self.config.comments && u.chance(30) {
            retrier["Comment"] = json!("again");
        }
        retrier
    }

    /// Writes Catch and the states it leads to.
    #[allow(clippy::too_many_arguments, reason = "where the state stands, what fails, and what follows")]
    fn catch(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        (state, language): (&mut Map<String, Value>, Language),
        exit: &Exit,
        flow: Flow,
        trouble: &Trouble,
        is_certain: bool,
    ) -> Flow {
        let next = match exit {
            Exit::Next(name) if u.chance(35) => name.clone(),
            _ => self.fresh(u),
        };
        let names = if is_certain || u.chance(50) { matching(u, trouble, 0) } else { vec![other_name(u, trouble)] };
        let mut catcher = Map::new();
        catcher.insert("ErrorEquals".to_owned(), json!(names));
        catcher.insert("Next".to_owned(), json!(next));
        if self.config.comments && u.chance(30) {
            catcher.insert("Comment".to_owned(), json!("caught"));
        }
        let output = trouble.output();
        let caught = match language {
            Language::JsonPath => {
                let variables = self.assign(u, scope, &mut catcher, language, &output, &flow, None);
                let data = self.result_path(u, scope, &mut catcher, &flow.data, output);
                let mut caught = flow.with(data);
                caught.variables.extend(variables);
                caught
            }
            Language::Jsonata => {
                let offer = Some(("$states.errorOutput", &output));
                self.output(u, scope, &mut catcher, flow, offer, output.clone())
            }
        };
        let mut catchers = Vec::new();
        while u.chance(20) && catchers.len() < 2 {
            let mut other = catcher.clone();
            other.insert("ErrorEquals".to_owned(), json!([other_name(u, trouble)]));
            catchers.push(Value::Object(other));
        }
        catchers.push(Value::Object(catcher));
        state.insert("Catch".to_owned(), Value::Array(catchers));
        match exit {
            Exit::Next(name) if *name == next => caught,
            _ => {
                let length = self.short(u);
                self.sequence(u, scope, next, exit, caught, length)
            }
        }
    }
}

/// Names for ErrorEquals that match the trouble in every profile.
fn matching(u: &mut Unstructured<'_>, trouble: &Trouble, before: usize) -> Vec<&'static str> {
    // States.ALL stands alone and last, where it is anyway.
    if u.chance(35) || trouble.names.is_empty() {
        return vec!["States.ALL"];
    }
    let mut names = trouble.names.clone();
    if before == 0 && u.chance(20) {
        names.push(other_name(u, trouble));
    }
    names
}

/// A name that the trouble does not have.
fn other_name(u: &mut Unstructured<'_>, trouble: &Trouble) -> &'static str {
    let pool: &[&str] = match u.below(4) {
        0 | 1 => &ERRORS,
        2 => &PREDEFINED,
        _ => &RARE,
    };
    let name = *u.pick(pool);
    // TaskFailed matches nearly everything in one profile only.
    let avoided = trouble.names.contains(&name) || name == "States.TaskFailed" || name == "States.BranchFailed";
    if avoided { "Never.Raised" } else { name }
}
