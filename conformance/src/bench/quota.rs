//! The published quotas of AWS Step Functions beside what the reference interpreter does.
//!
//! A figure is always *as many of the unit as are done in a second of real time on one core*, so that sizes and rates
//! stand in one table. Each execution runs whole with the quotas enforced, exactly at the quota.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    LimitFigure,
    measure::{BenchError, Execution, Subject, fastest},
    workload,
};
use crate::{
    case::{Definition, Input, Limits},
    engine::{Observable, Status},
};

/// Number of quotas that are measured by runs of their own.
pub(super) const COUNT: usize = 9;

/// Events of a Standard execution (LIMIT-008).
const EVENTS: u32 = 25_000;
/// Bytes of a payload (LIMIT-002).
const PAYLOAD: u32 = 262_144;
/// Bytes of a definition (LIMIT-001).
const DEFINITION: u32 = 1_048_576;
/// Iterations of an inline Map at a time (LIMIT-014).
const INLINE: u32 = 40;
/// Child executions of a distributed Map at a time (LIMIT-015).
const DISTRIBUTED: u32 = 10_000;
/// Seconds of a Standard execution (LIMIT-011).
const YEAR: u32 = 365 * 24 * 60 * 60;

/// The table.
pub(super) fn measure(subject: &mut Subject, time: Duration) -> Result<Vec<LimitFigure>, BenchError> {
    let transitions = transitions(subject, time)?;
    let standard = starts(subject, Limits::Standard, time)?;
    let express = starts(subject, Limits::Express, time)?;
    let rates = [
        ("StateTransition bucket, large regions", "transitions", 5_000, transitions),
        ("StateTransition refill, large regions", "transitions/s", 5_000, transitions),
        ("StateTransition bucket, other regions", "transitions", 800, transitions),
        ("StateTransition refill, other regions", "transitions/s", 800, transitions),
        ("StartExecution bucket, large regions", "executions", 1_300, standard),
        ("StartExecution refill, large regions", "executions/s", 300, standard),
        ("StartExecution bucket, other regions", "executions", 800, standard),
        ("StartExecution refill, other regions", "executions/s", 150, standard),
        ("StartExecution bucket, Express", "executions", 6_000, express),
        ("StartExecution refill, Express", "executions/s", 6_000, express),
    ];
    let mut figures: Vec<_> =
        rates.into_iter().map(|(quota, unit, published, measured)| figure(quota, unit, published, measured)).collect();
    figures.push(figure("history of an execution", "events", EVENTS, history(subject, time)?));
    figures.push(figure("payload", "bytes", PAYLOAD, payload(subject, time)?));
    figures.push(figure("definition", "bytes", DEFINITION, definition(subject, time)?));
    figures.push(figure("concurrency of an inline Map", "iterations", INLINE, inline(subject, time)?));
    let distributed = distributed(subject, time)?;
    figures.push(figure("concurrency of a distributed Map", "executions", DISTRIBUTED, distributed));
    figures.push(figure("duration of an execution", "virtual seconds", YEAR, year(subject, time)?));
    Ok(figures)
}

fn figure(quota: &str, unit: &str, published: u32, measured: f64) -> LimitFigure {
    LimitFigure {
        quota: quota.to_owned(),
        unit: unit.to_owned(),
        published,
        measured,
        headroom: measured / f64::from(published),
    }
}

/// `amount` in a second, when that many take `time`.
fn rate(amount: u32, time: Duration) -> f64 {
    f64::from(amount) / time.max(Duration::from_nanos(1)).as_secs_f64()
}

fn unexpected<T>(what: &str, reply: impl Into<String>) -> Result<T, BenchError> {
    Err(BenchError::Unexpected { what: what.to_owned(), reply: reply.into() })
}

/// Transitions a second of the counter loop, whole, with validation and compilation.
fn transitions(subject: &mut Subject, time: Duration) -> Result<f64, BenchError> {
    const ROUNDS: u32 = 5_000;
    let workload = workload::counter_loop(ROUNDS.into());
    let execution = Execution::new("transitions", workload.definition, workload.input);
    Ok(rate(2 * ROUNDS + 1, fastest(time, || subject.succeed(&execution))?))
}

/// Executions of an empty machine a second, each validated and compiled anew.
fn starts(subject: &mut Subject, limits: Limits, time: Duration) -> Result<f64, BenchError> {
    let empty = Execution::new("start", workload::empty(), json!({}));
    let execution = Execution { limits: Some(limits), ..empty };
    Ok(rate(1, fastest(time, || subject.succeed(&execution))?))
}

/// A loop, until event 25,000 ends it.
fn history(subject: &mut Subject, time: Duration) -> Result<f64, BenchError> {
    let workload = workload::counter_loop(EVENTS.into());
    let mut execution = Execution::new("history", workload.definition, workload.input);
    execution.limits = Some(Limits::Standard);
    execution.observe.insert(Observable::History);
    let fastest = fastest(time, || {
        let (time, outcome) = subject.outcome(&execution)?;
        let events = outcome.history.map_or(0, |events| events.len());
        if outcome.status != Status::Failed || events != EVENTS as usize {
            return unexpected("history", format!("{} after {events} events", outcome.status));
        }
        Ok(time)
    })?;
    Ok(rate(EVENTS, fastest))
}

/// The largest payload, handed on by ten states; a larger one is refused.
fn payload(subject: &mut Subject, time: Duration) -> Result<f64, BenchError> {
    const STATES: u32 = 10;
    let chain = workload::pass_chain(STATES as usize, 1).definition;
    let text = |bytes: u32| Value::from("p".repeat(bytes as usize - 2));
    let mut execution = Execution::new("payload", chain, text(PAYLOAD));
    execution.limits = Some(Limits::Standard);
    let fastest = fastest(time, || subject.succeed(&execution))?;
    execution.input = Input::Json(text(PAYLOAD + 1));
    if subject.succeed(&execution).is_ok() {
        return unexpected("payload", "a payload above the quota is accepted");
    }
    Ok(rate(PAYLOAD * STATES, fastest))
}

/// The text of the largest definition, of Pass states; its execution enters the last of them.
fn definition(subject: &mut Subject, time: Duration) -> Result<f64, BenchError> {
    let chain = |length| workload::pass_chain(length, 1).definition;
    // The states of a chain have texts of nearly one length; blanks fill what is left.
    let bytes = chain(10_000).to_string().len();
    let document = Definition::Json(chain(DEFINITION as usize * 9_300 / bytes));
    let mut execution = Execution::new("definition", Value::Null, json!({}));
    execution.definition = document.padded(DEFINITION as usize);
    execution.limits = Some(Limits::Express);
    let fastest = fastest(time, || subject.succeed(&execution))?;
    execution.definition = document.padded(DEFINITION as usize + 1);
    if subject.succeed(&execution).is_ok() {
        return unexpected("definition", "a definition above the quota is accepted");
    }
    Ok(rate(DEFINITION, fastest))
}

/// Ten times as many items as may run at a time, which wait for a second each: ten seconds.
fn inline(subject: &mut Subject, time: Duration) -> Result<f64, BenchError> {
    let execution = waiting_map("inline Map", "INLINE", 1, 10 * INLINE);
    let fastest = fastest(time, || {
        let (time, outcome) = subject.outcome(&execution)?;
        let elapsed = outcome.elapsed.and_then(|elapsed| elapsed.as_f64());
        if outcome.status != Status::Succeeded || elapsed != Some(10.0) {
            return unexpected("inline Map", format!("{} after {elapsed:?} s", outcome.status));
        }
        Ok(time)
    })?;
    Ok(rate(10 * INLINE, fastest))
}

/// As many items as may run at a time, which wait until the last has been started.
fn distributed(subject: &mut Subject, time: Duration) -> Result<f64, BenchError> {
    let execution = waiting_map("distributed Map", "DISTRIBUTED", 60, DISTRIBUTED);
    Ok(rate(DISTRIBUTED, fastest(time, || subject.succeed(&execution))?))
}

/// A Map over `items` numbers that wait for `seconds` each.
fn waiting_map(what: &str, mode: &str, seconds: u32, items: u32) -> Execution {
    let mut config = json!({"Mode": mode});
    if mode == "DISTRIBUTED" {
        config["ExecutionType"] = "STANDARD".into();
    }
    let wait = json!({"Type": "Wait", "Seconds": seconds, "End": true});
    let processor = json!({"ProcessorConfig": config, "StartAt": "W", "States": {"W": wait}});
    let map = json!({"Type": "Map", "ItemProcessor": processor, "End": true});
    let input: Value = (0..items).collect();
    let mut execution = Execution::new(what, json!({"StartAt": "M", "States": {"M": map}}), input);
    execution.limits = Some(Limits::Standard);
    execution.observe.insert(Observable::Elapsed);
    execution
}

/// The longest execution; one that is longer by a second times out.
fn year(subject: &mut Subject, time: Duration) -> Result<f64, BenchError> {
    let waiting = |seconds: u32| {
        let wait = json!({"Type": "Wait", "Seconds": seconds, "End": true});
        let mut execution = Execution::new("year", json!({"StartAt": "W", "States": {"W": wait}}), json!({}));
        execution.limits = Some(Limits::Standard);
        execution
    };
    let execution = waiting(YEAR);
    let fastest = fastest(time, || subject.succeed(&execution))?;
    let (_, outcome) = subject.outcome(&waiting(YEAR + 1))?;
    if outcome.status != Status::TimedOut {
        return unexpected("year", format!("{} after more than a year", outcome.status));
    }
    Ok(rate(YEAR, fastest))
}
