//! The deviations. Each rewrites the definition before it runs, or runs it again after a look at the outcome: the
//! interpreter itself knows nothing of them.

use std::collections::BTreeSet;

use asl_conformance::{
    Engine, Fault, Outcome, Reply, Request, TaskScript, case::Definition, differential::campaign::FUEL,
    reference::Bounded, relations::document::places,
};
use serde_json::Value;

use crate::{reruns, rewrites};

/// A deviation from the language.
pub struct Bug {
    /// What is wrong.
    pub name: &'static str,
    /// Runs a request wrongly.
    pub run: fn(&Request<'_>, &mut dyn TaskScript) -> Result<Reply, Fault>,
}

/// A bug that is a rewritten definition.
macro_rules! rewriting {
    ($name:literal, $rewrite:path) => {
        Bug { name: $name, run: |request, tasks| run_rewritten(request, tasks, $rewrite) }
    };
}

fn run_rewritten(request: &Request<'_>, tasks: &mut dyn TaskScript, rewrite: fn(&mut Value)) -> Result<Reply, Fault> {
    let reply = Bounded(FUEL).run(&rewritten(request, rewrite), tasks)?;
    Ok(match (reply, &*request.definition) {
        (Reply::Outcome(outcome), Definition::Json(definition)) => {
            Reply::from(without_new_states(*outcome, definition))
        }
        (reply, _) => reply,
    })
}

/// The states that a rewrite added are not part of the deviation.
fn without_new_states(mut outcome: Outcome, definition: &Value) -> Outcome {
    let known: BTreeSet<_> = places(definition).into_iter().map(|place| place.name).collect();
    if let (Some(visited), Some(transitions)) = (&mut outcome.visited, &mut outcome.transitions) {
        let before = visited.len();
        visited.retain(|name| known.contains(name));
        *transitions -= (before - visited.len()) as u64;
    }
    outcome
}

/// The request with another definition.
pub fn rewritten<'r>(request: &Request<'r>, rewrite: impl FnOnce(&mut Value)) -> Request<'r> {
    let mut request = request.clone();
    if let Definition::Json(definition) = request.definition.to_mut() {
        rewrite(definition);
    }
    request
}

/// Every bug.
pub static BUGS: [Bug; 20] = [
    rewriting!("retriers share one count", rewrites::shared_retry_count),
    rewriting!("ResultPath is applied after OutputPath", rewrites::result_path_after_output_path),
    Bug { name: "strings are ordered by code point", run: reruns::code_point_order },
    rewriting!("the results of branches come in another order", rewrites::reversed_branches),
    rewriting!("MaxAttempts grants one retry more", rewrites::one_retry_more),
    rewriting!("variables leak out of a branch", rewrites::leaking_variables),
    rewriting!("Assign takes effect member by member", rewrites::sequential_assign),
    Bug { name: "States.ALL catches States.Runtime", run: reruns::all_catches_runtime },
    rewriting!("Default is taken before the rules", rewrites::default_first),
    rewriting!("IntervalSeconds is ignored", rewrites::no_interval),
    rewriting!("ResultSelector is applied after ResultPath", rewrites::result_selector_after_result_path),
    rewriting!("MathAdd truncates its arguments", rewrites::math_add_truncates),
    Bug { name: "a Path that selects nothing gives null", run: reruns::missing_gives_null },
    rewriting!("ItemsPath is ignored", rewrites::no_items_path),
    rewriting!("ResultPath of a Catcher is ignored", rewrites::no_catcher_result_path),
    rewriting!("heartbeats are not expected", rewrites::no_heartbeat),
    rewriting!("the offset of a timestamp is ignored", rewrites::no_offset),
    rewriting!("ResultPath null is taken for $", rewrites::null_result_path),
    rewriting!("the last matching Catcher decides", rewrites::last_catcher),
    rewriting!("BackoffRate is ignored", rewrites::no_backoff),
];
