//! Expected values are the examples of Appendix B, what was measured on the service, or worked out by hand.

mod arrays;
mod failure;
mod laws;
mod math;
mod syntax;
mod text;

use serde_json::{Value, json};

use super::Invocation;
use crate::{
    environment::{Environment, States},
    failure::{Failure, StateError, names},
    json,
    meter::Meter,
    profile::Profile,
    random::Random,
    scope::Scope,
};

/// Evaluates an invocation; `$$` is `{"Execution": {"Name": "run"}}` and `$who` is `"Ada"`.
fn evaluate_metered(profile: Profile, text: &str, input: &Value, meter: &Meter) -> Result<Value, Failure> {
    let invocation = Invocation::parse(text, profile).unwrap_or_else(|error| panic!("{text}: {error}"));
    let context = json!({"Execution": {"Name": "run"}});
    let mut scope = Scope::default();
    scope.set("who".to_owned(), json!("Ada"));
    let random = Random::seeded(1);
    invocation.evaluate(&Environment {
        input,
        context: &context,
        scope: &scope,
        profile,
        meter,
        random: &random,
        states: States::default(),
    })
}

fn evaluate(profile: Profile, text: &str, input: &Value) -> Result<Value, Failure> {
    evaluate_metered(profile, text, input, &Meter::new(u64::MAX, 10_000_000))
}

/// Checks that an invocation gives `expected`, or for `None`, that it fails as the profile says (D41).
fn check(profile: Profile, text: &str, input: &Value, expected: Option<&Value>) {
    let result = evaluate(profile, text, input);
    match (&result, expected) {
        (Ok(value), Some(expected)) if json::equal(value, expected) => {}
        (Err(Failure::Error(StateError { error: Some(error), .. })), None) => {
            let name = if profile.is_aws() { names::RUNTIME } else { names::INTRINSIC_FAILURE };
            assert_eq!(error, name, "{text} in the {} profile", profile.name());
        }
        _ => panic!("{text} in the {} profile: {result:?} instead of {expected:?}", profile.name()),
    }
}

/// As [`check`], in both profiles.
fn check_both(text: &str, input: &Value, expected: Option<&Value>) {
    check(Profile::Aws, text, input, expected);
    check(Profile::Spec, text, input, expected);
}
