//! One evaluation by the library.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use jsonata_core::{
    evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions},
    value::JValue,
};
use serde_json::Value;

use super::{
    Bindings,
    analysis::Uses,
    budget::{LONGEST_SEQUENCE, LONGEST_TIME},
    convert::{self, Results},
    error::{Error, Limit},
    functions::{self, Shared},
    instrument::Program,
};
use crate::profile::Profile;

/// Depth of the library's own recursion, which runs on stack segments of the heap. Rewriting adds levels to those that
/// [`Budget`](super::budget::Budget) counts, so this is only the last resort.
const LIBRARY_DEPTH: usize = 4_000;

/// Evaluates a program.
pub(super) fn run(program: &Program, uses: &Uses, bindings: &Bindings<'_>, profile: Profile) -> Result<Value, Error> {
    let Some(tree) = program.tree() else { return Err(Error::Limit(Limit::Depth)) };
    let hidden = uses.names.keys().filter(|name| functions::arity(name).is_some());
    let hidden = hidden.filter(|name| bindings.scope.get(name).is_some()).cloned().collect();
    let shared = Rc::new(Shared::new(bindings, profile, hidden, program.draws()));
    let context = context(uses, bindings, &shared)?;
    let options = EvaluatorOptions {
        timeout_ms: Some(LONGEST_TIME),
        max_stack_depth: Some(LIBRARY_DEPTH),
        max_sequence_length: Some(LONGEST_SEQUENCE),
        ..EvaluatorOptions::default()
    };
    let mut evaluator = Evaluator::with_options(context, options);
    let evaluation = AssertUnwindSafe(|| {
        functions::register(&mut evaluator, program.functions(), &shared)?;
        evaluator.evaluate(tree, &JValue::Undefined)
    });
    // Known panics of the library: arithmetic in date pictures, where overflow is checked.
    let outcome = catch_unwind(evaluation)
        .unwrap_or_else(|_| Err(EvaluatorError::EvaluationError("the library failed".to_owned())));
    bindings.meter.charge(shared.budget.steps())?;
    let value = outcome.map_err(|error| Error::from_message(error.message(), || shared.random.uuid()))?;
    let exact = (!program.calculates()).then_some(&shared.exact);
    Results { meter: bindings.meter, profile, exact }.value(&value, 0)
}

/// Binds what is read, and charges for it.
fn context(uses: &Uses, bindings: &Bindings<'_>, shared: &Shared) -> Result<Context, Error> {
    let mut context = Context::new();
    if uses.states.whole || !uses.states.members.is_empty() {
        context.bind("states".to_owned(), convert::bind_states(bindings, &uses.states, &shared.exact));
    }
    for (name, reads) in &uses.names {
        if let Some(value) = bindings.scope.get(name) {
            context.bind(name.clone(), convert::bind_parts(value, reads, &shared.exact));
        }
    }
    bindings.meter.charge(shared.exact.visits())?;
    Ok(context)
}
