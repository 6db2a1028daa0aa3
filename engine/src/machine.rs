//! A compiled state machine: names resolved to indices, every expression parsed.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Number, Value};

use crate::{
    condition::Condition,
    path::{Path, ReferencePath},
    profile::Profile,
    template::{Expression, Template},
    timestamp::Timestamp,
};

/// A state machine, ready to run any number of times. Made by [`Machine::compile`].
#[derive(Clone, Debug)]
pub struct Machine {
    /// The states of the whole document, nested ones included.
    pub(crate) states: Vec<State>,
    /// Where execution begins (STRUCT-008).
    pub(crate) start: StateId,
    /// Root `TimeoutSeconds` (STRUCT-016).
    pub(crate) timeout: Option<u64>,
    /// The reading of the language it was compiled under.
    pub(crate) profile: Profile,
}

impl Machine {
    /// The reading of the language it was compiled under.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }
}

/// Index of a state in its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateId(pub(crate) usize);

/// The eight types of states (STRUCT-023).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[allow(missing_docs, reason = "named as in the language")]
pub enum StateType {
    Task,
    Parallel,
    Map,
    Pass,
    Wait,
    Choice,
    Succeed,
    Fail,
}

impl StateType {
    /// The value of the field `Type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Parallel => "Parallel",
            Self::Map => "Map",
            Self::Pass => "Pass",
            Self::Wait => "Wait",
            Self::Choice => "Choice",
            Self::Succeed => "Succeed",
            Self::Fail => "Fail",
        }
    }
}

/// One state. What every transition reads is small and together; the rest is behind boxes, so that a long chain of
/// states stays in the cache.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub name: Arc<str>,
    pub language: QueryLanguage,
    pub next: Next,
    /// Whether the state hands its input on as it is: a Pass or Succeed without any field that would change it.
    pub is_identity: bool,
    pub kind: Kind,
    pub data: Box<Data>,
    pub retry: Box<[Retrier]>,
    pub catch: Box<[Catcher]>,
    /// Whether any expression of the state reads the context object.
    pub reads_context: bool,
    /// Whether the raw input is needed after the work has begun: to place a result in it, or to try again.
    pub keeps_input: bool,
}

impl State {
    /// Whether the work of the state gets its input as it is.
    pub fn passes_input(&self) -> bool {
        self.data.parameters.is_none() && matches!(self.data.input_path, Selector::Whole)
    }

    pub fn state_type(&self) -> StateType {
        match &self.kind {
            Kind::Pass { .. } => StateType::Pass,
            Kind::Task(_) => StateType::Task,
            Kind::Choice(_) => StateType::Choice,
            Kind::Wait(_) => StateType::Wait,
            Kind::Succeed => StateType::Succeed,
            Kind::Fail(_) => StateType::Fail,
            Kind::Parallel(_) => StateType::Parallel,
            Kind::Map(_) => StateType::Map,
        }
    }
}

/// The two query languages (STRUCT-009).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QueryLanguage {
    JsonPath,
    Jsonata,
}

/// Where control goes when a state is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    State(StateId),
    End,
}

/// What is particular to a type of state.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Pass { result: Option<Box<Value>> },
    Task(Box<Task>),
    Choice(Choice),
    Wait(Box<Wait>),
    Succeed,
    Fail(Box<Fail>),
    Parallel(Box<[StateId]>),
    Map(Box<Map>),
}

/// Input and output processing: the IO rows, and `Arguments` and `Output` of JSONata states.
#[derive(Clone, Debug, Default)]
pub(crate) struct Data {
    pub input_path: Selector,
    /// `Parameters`, of states other than Map; `Arguments` of JSONata states.
    pub parameters: Option<Template>,
    /// `Output` of JSONata states.
    pub output: Option<Template>,
    pub result_selector: Option<Template>,
    pub result_path: Placement,
    pub output_path: Selector,
    pub assign: Option<Template>,
}

/// `InputPath` or `OutputPath`.
#[derive(Clone, Debug, Default)]
pub(crate) enum Selector {
    /// Absent, or `$`.
    #[default]
    Whole,
    /// `null`: an empty object.
    Nothing,
    Path(Path),
}

/// `ResultPath`.
#[derive(Clone, Debug, Default)]
pub(crate) enum Placement {
    /// Absent, or `$`: the result replaces the input.
    #[default]
    Replace,
    /// `null`: the result is discarded.
    Discard,
    At(ReferencePath),
}

/// A number of a field, written out, selected by its `...Path` twin, or given by a JSONata expression.
#[derive(Clone, Debug)]
pub(crate) enum Figure {
    Literal(Number),
    Path { field: &'static str, path: ReferencePath },
    Query { field: &'static str, expression: Expression },
}

#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub resource: Arc<str>,
    pub timeout: Option<Figure>,
    pub heartbeat: Option<Figure>,
    pub credentials: Option<Template>,
}

#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub rules: Vec<Rule>,
    pub default: Option<StateId>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub condition: Condition,
    pub assign: Option<Template>,
    /// Only in JSONata states.
    pub output: Option<Template>,
    pub next: StateId,
}

#[derive(Clone, Debug)]
pub(crate) enum Wait {
    Seconds(u64),
    SecondsPath(ReferencePath),
    SecondsQuery(Expression),
    Timestamp(Timestamp),
    TimestampPath(ReferencePath),
    TimestampQuery(Expression),
}

#[derive(Clone, Debug)]
pub(crate) struct Fail {
    pub error: Option<Wording>,
    pub cause: Option<Wording>,
}

/// Name or cause of a Fail state.
#[derive(Clone, Debug)]
pub(crate) enum Wording {
    Literal(String),
    Computed { field: &'static str, expression: Expression },
}

#[derive(Clone, Debug)]
pub(crate) struct Map {
    pub start: StateId,
    /// `ItemsPath`; the whole effective input without it.
    pub items_path: Option<ReferencePath>,
    /// `Items` of JSONata states.
    pub items: Option<Template>,
    /// `ItemSelector`, or the deprecated `Parameters`.
    pub item_selector: Option<Template>,
    pub max_concurrency: Option<Figure>,
    pub tolerated_count: Option<Figure>,
    pub tolerated_percentage: Option<Figure>,
    /// What only a distributed Map has.
    pub distributed: Option<Distributed>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Distributed {
    pub label: String,
    /// Whether the child executions are of type Express.
    pub is_express: bool,
    pub reader: Option<Reader>,
    pub batcher: Option<Batcher>,
    pub writer: Option<Writer>,
}

#[derive(Clone, Debug)]
pub(crate) struct Reader {
    pub resource: String,
    pub arguments: Option<Template>,
    /// `ReaderConfig`; its `MaxItems` and `MaxItemsPath` are in `max_items`.
    pub config: Template,
    pub max_items: Option<Figure>,
}

#[derive(Clone, Debug)]
pub(crate) struct Batcher {
    pub max_items: Option<Figure>,
    pub max_bytes: Option<Figure>,
    pub input: Option<Template>,
}

#[derive(Clone, Debug)]
pub(crate) struct Writer {
    pub resource: Option<String>,
    pub arguments: Option<Template>,
    pub config: Value,
}

#[derive(Clone, Debug)]
pub(crate) struct Retrier {
    pub error_equals: Vec<String>,
    pub interval_seconds: u64,
    pub max_attempts: u64,
    pub backoff_rate: f64,
    pub max_delay_seconds: Option<u64>,
    pub full_jitter: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Catcher {
    pub error_equals: Vec<String>,
    pub next: StateId,
    pub result_path: Placement,
    pub assign: Option<Template>,
    /// Only in JSONata states.
    pub output: Option<Template>,
}
