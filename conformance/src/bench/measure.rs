//! Measuring engines through the trait that the suite drives them by.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    hint::black_box,
    time::{Duration, Instant},
};

use serde_json::{Map, Value};
use thiserror::Error;

use super::{
    EngineFigure, LimitFigure, Report, WorkloadFigure, quota,
    workload::{self, Workload},
};
use crate::{
    case::{Definition, Input, Limits, Profile, Store},
    engine::{Engine, Fault, Observable, Outcome, Reply, Request, Status},
    runner::Factory,
    script::{ScriptError, TaskAnswer, TaskCall, TaskResult, TaskScript},
};

/// Why there is no figure.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum BenchError {
    /// The engine gave no reply.
    #[error("{what}: {fault}")]
    Fault {
        /// What was run.
        what: String,
        /// What went wrong.
        fault: Fault,
    },
    /// The engine came to another end than the one that the workload has.
    #[error("{what}: {reply}")]
    Unexpected {
        /// What was run.
        what: String,
        /// What the engine answered.
        reply: String,
    },
}

/// Measures every workload on every engine, and the quotas on the first of them, for about `time`.
///
/// # Errors
/// [`BenchError`] when an engine does not start or a run does not end as it must. A workload that an engine does not
/// support is left out.
pub fn bench(factories: &[Factory], time: Duration) -> Result<Report, BenchError> {
    let mut report = Report::default();
    let workloads = workload::portable();
    let shares = u32::try_from((workloads.len() + 1).saturating_mul(factories.len()) + quota::COUNT);
    let share = time / shares.unwrap_or(u32::MAX).max(1);
    for factory in factories {
        let mut subject = Subject::start(factory)?;
        report.engines.push(subject.figure(share)?);
        for workload in &workloads {
            report.workloads.extend(subject.workload(workload, share)?);
        }
    }
    if let Some(factory) = factories.first() {
        report.limits = limits(factory, share)?;
    }
    Ok(report)
}

/// Measures the published quotas on one engine, each run for about `time`, or once.
///
/// # Errors
/// Those of `bench`.
pub fn limits(factory: &Factory, time: Duration) -> Result<Vec<LimitFigure>, BenchError> {
    quota::measure(&mut Subject::start(factory)?, time)
}

/// An engine that is measured.
pub(super) struct Subject {
    engine: Box<dyn Engine>,
    name: String,
    version: String,
    start_up: Duration,
}

/// What one execution is asked for.
#[derive(Clone, Debug)]
pub(super) struct Execution {
    pub what: String,
    pub definition: Definition,
    pub input: Input,
    pub limits: Option<Limits>,
    pub observe: BTreeSet<Observable>,
}

impl Execution {
    /// Without quotas, and without observing more than the outcome.
    pub fn new(what: impl Into<String>, definition: Value, input: Value) -> Self {
        Self {
            what: what.into(),
            definition: Definition::Json(definition),
            input: Input::Json(input),
            limits: None,
            observe: BTreeSet::new(),
        }
    }
}

impl Subject {
    fn start(factory: &Factory) -> Result<Self, BenchError> {
        let began = Instant::now();
        let engine = factory().map_err(|fault| BenchError::Fault { what: "start".to_owned(), fault })?;
        let description = engine.describe();
        Ok(Self { engine, start_up: began.elapsed(), name: description.name, version: description.version })
    }

    fn figure(&mut self, time: Duration) -> Result<EngineFigure, BenchError> {
        let empty = Execution::new("empty machine", workload::empty(), Value::Object(Map::new()));
        let fastest = fastest(time, || self.succeed(&empty))?;
        Ok(EngineFigure {
            engine: self.name.clone(),
            version: self.version.clone(),
            start_up_seconds: self.start_up.as_secs_f64(),
            empty_machine_seconds: fastest.as_secs_f64(),
        })
    }

    /// The figure of a workload; `None` when the engine does not support it.
    fn workload(&mut self, workload: &Workload, time: Duration) -> Result<Option<WorkloadFigure>, BenchError> {
        let whole = Execution::new(&workload.name, workload.guarded(), workload.input.clone());
        let skipped = Execution { input: Input::Json(workload.skipped()), ..whole.clone() };
        if matches!(self.reply(&skipped)?.1, Reply::Unsupported { .. }) {
            return Ok(None);
        }
        // Whatever else the machine does makes a run longer, never shorter. What is compared is interleaved.
        let (mut with, mut without, mut bare) = (Duration::MAX, Duration::MAX, Duration::MAX);
        let began = Instant::now();
        loop {
            without = without.min(self.succeed(&skipped)?);
            with = with.min(self.succeed(&whole)?);
            if let Some(floor) = &workload.floor {
                let input = workload.input.clone();
                let began = Instant::now();
                let output = black_box(floor(input));
                bare = bare.min(began.elapsed());
                drop(output);
            }
            if began.elapsed() >= time {
                break;
            }
        }
        let seconds = with.saturating_sub(without).max(Duration::from_nanos(1)).as_secs_f64();
        // Both runs enter the Choice that decides.
        let transitions = workload.transitions;
        #[allow(clippy::cast_precision_loss, reason = "far fewer than 2^53")]
        Ok(Some(WorkloadFigure {
            engine: self.name.clone(),
            workload: workload.name.clone(),
            transitions,
            transitions_per_second: transitions as f64 / seconds,
            floor_ratio: workload.floor.as_ref().map(|_| seconds / bare.max(Duration::from_nanos(1)).as_secs_f64()),
        }))
    }

    /// How long the execution takes, which must succeed.
    pub fn succeed(&mut self, execution: &Execution) -> Result<Duration, BenchError> {
        let (time, outcome) = self.outcome(execution)?;
        if outcome.status == Status::Succeeded {
            return Ok(time);
        }
        let error = outcome.error.as_deref().unwrap_or("no error");
        let cause = outcome.cause.as_deref().unwrap_or("no cause");
        let reply = format!("{}: {error}: {cause}", outcome.status);
        Err(BenchError::Unexpected { what: execution.what.clone(), reply })
    }

    /// How long the execution takes, and how it ends.
    pub fn outcome(&mut self, execution: &Execution) -> Result<(Duration, Outcome), BenchError> {
        match self.reply(execution)? {
            (time, Reply::Outcome(outcome)) => Ok((time, *outcome)),
            (_, other) => Err(BenchError::Unexpected { what: execution.what.clone(), reply: format!("{other:?}") }),
        }
    }

    fn reply(&mut self, execution: &Execution) -> Result<(Duration, Reply), BenchError> {
        let request = Request {
            definition: Cow::Borrowed(&execution.definition),
            validate_only: false,
            input: Cow::Borrowed(&execution.input),
            context: None,
            execution_name: None,
            stop: None,
            store: Cow::Owned(Store::new()),
            limits: execution.limits,
            profile: Profile::Aws,
            observe: execution.observe.clone(),
        };
        let began = Instant::now();
        let reply = self.engine.run(&request, &mut Echo);
        let time = began.elapsed();
        reply.map(|reply| (time, reply)).map_err(|fault| BenchError::Fault { what: execution.what.clone(), fault })
    }
}

/// The shortest time of a run that is repeated for about `time`.
pub(super) fn fastest(
    time: Duration,
    mut run: impl FnMut() -> Result<Duration, BenchError>,
) -> Result<Duration, BenchError> {
    let began = Instant::now();
    let mut shortest = run()?;
    while began.elapsed() < time {
        shortest = shortest.min(run()?);
    }
    Ok(shortest)
}

/// Answers every call with its input.
struct Echo;

impl TaskScript for Echo {
    fn answer(&mut self, call: &TaskCall) -> Result<TaskAnswer, ScriptError> {
        Ok(TaskAnswer {
            result: TaskResult::Output { output: call.input.clone() },
            seconds: 0.0,
            heartbeats: Vec::new(),
        })
    }
}
