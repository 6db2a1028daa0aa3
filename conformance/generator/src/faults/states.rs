//! Faults of Retriers, Catchers, and of Pass, Task, Wait, Succeed, Fail and Parallel states.

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::{
    Fault, Location,
    place::{At, Kind, at, below, missing, put, state, wrong},
};
use crate::draw::Draw;

const RETRYING: At = state(&["Task", "Parallel", "Map"]);
const RETRIER: At = at(&[Kind::Retrier, Kind::LastRetrier]);
const CATCHER: At = at(&[Kind::Catcher, Kind::LastCatcher]);
const TASK: At = state(&["Task"]);
const WAIT: At = state(&["Wait"]);
const FAIL: At = state(&["Fail"]);
const PARALLEL: At = state(&["Parallel"]);
const WAITS: &[&str] = &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];
const TIMES: &[&str] = &["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"];

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("reserved-error-name", "ERR-003", "RESERVED_ERROR_NAME", |u, d| {
        wrong(u, d, FAIL.clearing(&["ErrorPath"]), "Error", json!("States.Mine"))
    }),
    Fault::new("retry-in-an-object", "RETRY-001", "WRONG_TYPE", |u, d| wrong(u, d, RETRYING, "Retry", json!({}))),
    Fault::new("retry-of-a-wait", "RETRY-001", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Wait", "Choice", "Succeed", "Fail"]), "Retry", json!([]))
    }),
    Fault::new("retrier-of-no-error", "RETRY-003", "EMPTY", |u, d| wrong(u, d, RETRIER, "ErrorEquals", json!([]))),
    Fault::new("retrier-of-one-text", "RETRY-003", "WRONG_TYPE", |u, d| {
        wrong(u, d, RETRIER, "ErrorEquals", json!("States.ALL"))
    }),
    Fault::new("interval-of-nothing", "RETRY-006", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[0, -1, 100_000_000]));
        wrong(u, d, RETRIER, "IntervalSeconds", value)
    }),
    Fault::new("negative-attempts", "RETRY-008", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[-1, 100_000_000]));
        wrong(u, d, RETRIER, "MaxAttempts", value)
    }),
    Fault::new("shrinking-backoff", "RETRY-011", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[0.99, 0.0, -2.0]));
        wrong(u, d, RETRIER, "BackoffRate", value)
    }),
    Fault::new("no-delay-at-most", "RETRY-014", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, RETRIER, "MaxDelaySeconds", json!(0))
    }),
    Fault::new("delay-of-more-than-a-year", "RETRY-015", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, RETRIER, "MaxDelaySeconds", json!(31_622_401))
    }),
    Fault::new("unknown-jitter", "RETRY-017", "UNKNOWN_VALUE", |u, d| {
        let value = json!(u.pick(&["full", "EQUAL", ""]));
        wrong(u, d, RETRIER, "JitterStrategy", value)
    }),
    Fault::new("unknown-field-of-a-retrier", "RETRY-026", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Next", "Delay", "maxAttempts"]);
        put(u, d, RETRIER, field, json!(1))
    }),
    Fault::new("computed-interval", "RETRY-027", "WRONG_TYPE", |u, d| {
        let field = *u.pick(&["IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds"]);
        wrong(u, d, RETRIER.jsonata(), field, json!("{% 1 %}"))
    }),
    Fault::new("interval-by-path", "RETRY-027", "UNKNOWN_FIELD", |u, d| {
        put(u, d, RETRIER, "IntervalSecondsPath", json!("$.count"))
    }),
    Fault::new("catch-in-an-object", "CATCH-001", "WRONG_TYPE", |u, d| wrong(u, d, RETRYING, "Catch", json!({}))),
    Fault::new("catch-of-a-wait", "CATCH-001", "UNKNOWN_FIELD", |u, d| {
        put(u, d, state(&["Wait", "Choice", "Succeed", "Fail"]), "Catch", json!([]))
    }),
    Fault::new("catcher-of-no-error", "CATCH-003", "EMPTY", |u, d| wrong(u, d, CATCHER, "ErrorEquals", json!([]))),
    Fault::new("catcher-of-a-number", "CATCH-003", "WRONG_TYPE", |u, d| {
        let object = put(u, d, CATCHER, "ErrorEquals", json!(["Error", 404]))?;
        Some(below(&below(&object, "ErrorEquals"), 1))
    }),
    Fault::new("catcher-without-next", "CATCH-004", "MISSING_FIELD", |u, d| missing(u, d, CATCHER, "Next")),
    Fault::new("result-path-of-a-catcher-that-is-no-text", "CATCH-007", "WRONG_TYPE", |u, d| {
        wrong(u, d, CATCHER.jsonpath(), "ResultPath", json!(0))
    }),
    Fault::new("result-path-of-a-catcher-to-many", "CATCH-007", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, CATCHER.jsonpath(), "ResultPath", json!("$.errors[*]"))
    }),
    Fault::new("result-path-of-a-jsonata-catcher", "CATCH-011", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, CATCHER.jsonata(), "ResultPath", json!("$"))
    }),
    Fault::new("output-of-a-jsonpath-catcher", "CATCH-014", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, CATCHER.jsonpath(), "Output", json!({}))
    }),
    Fault::new("unknown-field-of-a-catcher", "CATCH-016", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["End", "MaxAttempts", "OutputPath"]);
        put(u, d, CATCHER, field, json!(1))
    }),
    Fault::new("result-of-a-jsonata-pass", "PASS-007", "OTHER_QUERY_LANGUAGE", |u, d| {
        put(u, d, state(&["Pass"]).jsonata(), "Result", json!({}))
    }),
    Fault::new("retry-of-a-pass", "PASS-009", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Retry", "Catch", "ResultSelector"]);
        put(u, d, state(&["Pass"]), field, json!([]))
    }),
    Fault::new("task-without-resource", "TASK-001", "MISSING_FIELD", |u, d| missing(u, d, TASK, "Resource")),
    Fault::new("no-time-for-a-task", "TASK-007", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[0, -1, 100_000_000]));
        wrong(u, d, TASK.clearing(TIMES), "TimeoutSeconds", value)
    }),
    Fault::new("timeout-with-a-fraction", "TASK-007", "WRONG_TYPE", |u, d| {
        let value = json!(u.pick(&[json!(1.5), json!("60"), json!(null)]));
        wrong(u, d, TASK.clearing(TIMES), "TimeoutSeconds", value)
    }),
    Fault::new("timeout-from-many", "TASK-013", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, TASK.jsonpath().clearing(TIMES), "TimeoutSecondsPath", json!("$.limits[*]"))
    }),
    Fault::new("timeout-twice", "TASK-015", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, TASK.jsonpath().with(&["TimeoutSeconds"]), "TimeoutSecondsPath", json!("$.limit"))
    }),
    Fault::new("no-time-between-heartbeats", "TASK-016", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, TASK.clearing(TIMES), "HeartbeatSeconds", json!(0))
    }),
    Fault::new("heartbeat-as-long-as-the-timeout", "TASK-017", "OUT_OF_RANGE", |u, d| {
        let at = TASK.clearing(&["TimeoutSecondsPath", "HeartbeatSecondsPath"]);
        let object = put(u, d, at, "TimeoutSeconds", json!(5))?;
        let value = u.within(5..=6);
        d.pointer_mut(&object)?["HeartbeatSeconds"] = json!(value);
        Some(below(&object, "HeartbeatSeconds"))
    }),
    Fault::new("heartbeat-from-a-slice", "TASK-022", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, TASK.jsonpath().clearing(TIMES), "HeartbeatSecondsPath", json!("$.limits[0:1]"))
    }),
    Fault::new("heartbeat-twice", "TASK-024", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, TASK.jsonpath().with(&["HeartbeatSeconds"]), "HeartbeatSecondsPath", json!("$.limit"))
    }),
    Fault::new("credentials-that-are-no-object", "TASK-026", "WRONG_TYPE", |u, d| {
        let value = json!(u.pick(&[json!("me"), json!([])]));
        wrong(u, d, TASK, "Credentials", value)
    }),
    Fault::new("credentials-without-role", "TASK-027", "MISSING_FIELD", |u, d| {
        wrong(u, d, TASK, "Credentials", json!({"User": "me"}))
    }),
    Fault::new("resource-that-is-no-uri", "LINT-022", "INVALID_RESOURCE", |u, d| {
        let value = json!(u.pick(&["", "work", "arn aws", "1:x", "a:b c", "{% $f %}", "$.resource"]));
        wrong(u, d, TASK, "Resource", value)
    }),
    Fault::new("two-times-to-wait-for", "WAIT-001", "EXCLUSIVE_FIELDS", |u, d| {
        let at = WAIT.jsonpath().clearing(WAITS);
        let object = put(u, d, at, "Seconds", json!(1))?;
        d.pointer_mut(&object)?["Timestamp"] = json!("2020-01-01T00:00:00Z");
        Some(object)
    }),
    Fault::new("nothing-to-wait-for", "WAIT-001", "MISSING_FIELD", |u, d| {
        put(u, d, WAIT.jsonpath().clearing(WAITS), "Comment", json!("for ever"))
    }),
    Fault::new("nothing-to-wait-for-in-jsonata", "WAIT-002", "MISSING_FIELD", |u, d| {
        put(u, d, WAIT.jsonata().clearing(WAITS), "Comment", json!("for ever"))
    }),
    Fault::new("negative-wait", "WAIT-004", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[-1, 100_000_000]));
        wrong(u, d, WAIT.clearing(WAITS), "Seconds", value)
    }),
    Fault::new("wait-with-a-fraction", "WAIT-004", "WRONG_TYPE", |u, d| {
        let value = json!(u.pick(&[json!(0.5), json!(null), json!([])]));
        wrong(u, d, WAIT.clearing(WAITS), "Seconds", value)
    }),
    Fault::new("seconds-from-many", "WAIT-007", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, WAIT.jsonpath().clearing(WAITS), "SecondsPath", json!("$.delays[*]"))
    }),
    Fault::new("malformed-time", "WAIT-009", "INVALID_TIMESTAMP", |u, d| timestamp(u, d, WAIT)),
    Fault::new("malformed-timestamp", "DATA-015", "INVALID_TIMESTAMP", |u, d| timestamp(u, d, WAIT.jsonpath())),
    Fault::new("jsonata-for-a-time", "WAIT-010", "INVALID_TIMESTAMP", |u, d| {
        wrong(u, d, WAIT.jsonpath().clearing(WAITS), "Timestamp", json!("{% $now() %}"))
    }),
    Fault::new("time-from-a-filter", "WAIT-015", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, WAIT.jsonpath().clearing(WAITS), "TimestampPath", json!("$.times[?(@.x)]"))
    }),
    Fault::new("retry-of-a-wait-state", "WAIT-018", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Retry", "Catch", "Parameters", "ResultSelector", "ResultPath"]);
        put(u, d, WAIT, field, json!([]))
    }),
    Fault::new("succeed-that-goes-on", "SUCC-005", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Next", "End", "Assign", "Retry", "Catch", "Parameters", "ResultSelector", "ResultPath"]);
        put(u, d, state(&["Succeed"]), field, json!(true))
    }),
    Fault::new("error-by-number", "FAIL-002", "WRONG_TYPE", |u, d| {
        wrong(u, d, FAIL.clearing(&["ErrorPath"]), "Error", json!(404))
    }),
    Fault::new("cause-that-is-null", "FAIL-003", "WRONG_TYPE", |u, d| {
        wrong(u, d, FAIL.clearing(&["CausePath"]), "Cause", json!(null))
    }),
    Fault::new("error-from-many", "FAIL-008", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, FAIL.jsonpath().clearing(&["Error"]), "ErrorPath", json!("$.errors[*]"))
    }),
    Fault::new("cause-from-a-slice", "FAIL-009", "INVALID_REFERENCE_PATH", |u, d| {
        wrong(u, d, FAIL.jsonpath().clearing(&["Cause"]), "CausePath", json!("$.causes[0:1]"))
    }),
    Fault::new("error-that-is-never-a-text", "FAIL-011", "INVALID_INTRINSIC", |u, d| {
        let call =
            *u.pick(&["States.MathAdd(1, 2)", "States.Array()", "States.ArrayLength($)", "States.MathRandom(1, 2)"]);
        wrong(u, d, FAIL.jsonpath().clearing(&["Error"]), "ErrorPath", json!(call))
    }),
    Fault::new("two-errors", "FAIL-012", "EXCLUSIVE_FIELDS", |u, d| {
        let object = put(u, d, FAIL.jsonpath(), "Error", json!("Own"))?;
        d.pointer_mut(&object)?["ErrorPath"] = json!("$.error");
        Some(object)
    }),
    Fault::new("fail-that-goes-on", "FAIL-013", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Parameters", "ResultPath", "Assign", "Next", "End", "Retry", "Catch"]);
        put(u, d, FAIL, field, json!(true))
    }),
    Fault::new("computed-cause", "FAIL-014", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Cause.$", "Error.$"]);
        put(u, d, FAIL.jsonpath(), field, json!("$.cause"))
    }),
    Fault::new("branches-in-an-object", "PAR-001", "WRONG_TYPE", |u, d| wrong(u, d, PARALLEL, "Branches", json!({}))),
    Fault::new("parallel-without-branches", "PAR-001", "MISSING_FIELD", |u, d| missing(u, d, PARALLEL, "Branches")),
    Fault::new("no-branch", "PAR-002", "EMPTY", |u, d| wrong(u, d, PARALLEL, "Branches", json!([]))),
    Fault::new("branch-without-start", "PAR-003", "MISSING_FIELD", |u, d| {
        missing(u, d, at(&[Kind::Branch]), "StartAt")
    }),
    Fault::new("unknown-field-of-a-branch", "PAR-003", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Version", "TimeoutSeconds", "ProcessorConfig", "Name"]);
        put(u, d, at(&[Kind::Branch]), field, json!(1))
    }),
    Fault::new("time-of-a-parallel", "PAR-017", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["TimeoutSeconds", "HeartbeatSeconds"]);
        put(u, d, PARALLEL, field, json!(5))
    }),
    Fault::new("all-beside-others-in-retry", "LINT-014", "MISPLACED_STATES_ALL", |u, d| {
        beside(u, d, at(&[Kind::LastRetrier]))
    }),
    Fault::new("all-before-the-last-retrier", "LINT-015", "MISPLACED_STATES_ALL", |u, d| {
        first(u, d, at(&[Kind::Retrier]))
    }),
    Fault::new("all-beside-others-in-catch", "LINT-016", "MISPLACED_STATES_ALL", |u, d| {
        beside(u, d, at(&[Kind::LastCatcher]))
    }),
    Fault::new("all-before-the-last-catcher", "LINT-017", "MISPLACED_STATES_ALL", |u, d| {
        first(u, d, at(&[Kind::Catcher]))
    }),
];

/// A literal time that is none.
fn timestamp(u: &mut Unstructured<'_>, document: &mut Value, at: At) -> Option<Location> {
    let text = *u.pick(&[
        "2020-13-45T00:00:00Z",
        "tomorrow",
        "",
        "2020-01-01",
        "2020-01-01T00:00:00",
        "2020-01-01 00:00:00Z",
        "2020-02-30T00:00:00Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T00:00:00z",
        "2020-01-01T00:00Z",
    ]);
    wrong(u, document, at.clearing(WAITS), "Timestamp", json!(text))
}

fn beside(u: &mut Unstructured<'_>, document: &mut Value, at: At) -> Option<Location> {
    let position = u.below(2);
    let names = if position == 0 { json!(["States.ALL", "Other"]) } else { json!(["Other", "States.ALL"]) };
    let names = put(u, document, at, "ErrorEquals", names)?;
    Some(below(&below(&names, "ErrorEquals"), position))
}

fn first(u: &mut Unstructured<'_>, document: &mut Value, at: At) -> Option<Location> {
    let names = put(u, document, at, "ErrorEquals", json!(["States.ALL"]))?;
    Some(below(&below(&names, "ErrorEquals"), 0))
}
