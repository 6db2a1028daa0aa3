//! Other ways to write the same.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Value, json};

use super::{
    Related,
    document::{Language, Object, Place, below, kind, pick, places, sites},
    order::entries,
};

/// A field with a default: where it may stand, and what the default is.
struct DefaultField {
    /// States it may stand in.
    kinds: &'static [&'static str],
    field: &'static str,
    default: fn() -> Value,
    /// Fields that it would conflict with, or whose presence changes its meaning.
    unless: &'static [&'static str],
}

/// The defaults of JSONPath states; those without `Path` in their name hold in JSONata states as well.
const DEFAULTS: &[DefaultField] = &[
    DefaultField {
        kinds: &["Task", "Parallel", "Map", "Pass", "Wait", "Choice", "Succeed"],
        field: "InputPath",
        default: || json!("$"),
        unless: &[],
    },
    DefaultField {
        kinds: &["Task", "Parallel", "Map", "Pass", "Wait", "Choice", "Succeed"],
        field: "OutputPath",
        default: || json!("$"),
        unless: &[],
    },
    DefaultField {
        kinds: &["Task", "Parallel", "Map", "Pass"],
        field: "ResultPath",
        default: || json!("$"),
        unless: &[],
    },
    DefaultField { kinds: &["Map"], field: "ItemsPath", default: || json!("$"), unless: &["ItemReader"] },
    DefaultField { kinds: &["Map"], field: "MaxConcurrency", default: || json!(0), unless: &["MaxConcurrencyPath"] },
];

/// A field of Retriers, and its default.
type RetrierDefault = (&'static str, fn() -> Value);

/// The defaults of Retriers.
const RETRIER_DEFAULTS: [RetrierDefault; 4] = [
    ("IntervalSeconds", || json!(1)),
    ("MaxAttempts", || json!(3)),
    ("BackoffRate", || json!(2.0)),
    ("JitterStrategy", || json!("NONE")),
];

impl DefaultField {
    fn fits(&self, place: &Place, state: &Object) -> bool {
        let language = place.language == Language::JsonPath || !self.field.contains("Path");
        language && self.kinds.contains(&kind(state)) && !self.unless.iter().any(|field| state.contains_key(*field))
    }
}

/// Writes out defaults that are absent.
pub(super) fn explicit_defaults(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    spelled(scenario, |object, field, default| {
        let adds = !object.contains_key(field) && below(u, 3) < 2;
        if adds {
            object.insert(field.to_owned(), default);
        }
        adds
    })
}

/// Leaves out defaults that are written out.
pub(super) fn implicit_defaults(scenario: &Scenario, _: &mut Unstructured<'_>) -> Option<Related> {
    spelled(scenario, |object, field, default| {
        let drops = object.get(field).is_some_and(|value| crate::compare::equal(value, &default));
        if drops {
            object.shift_remove(field);
        }
        drops
    })
}

/// Takes every object that has a default to `change`, with the field and the default; whether it changed anything.
fn spelled(scenario: &Scenario, mut change: impl FnMut(&mut Object, &str, Value) -> bool) -> Option<Related> {
    let mut scenario = scenario.clone();
    let mut any = false;
    let mut visit = |object: &mut Object, field: &str, default: Value| any |= change(object, field, default);
    for place in places(&scenario.definition) {
        let Some(state) = place.state_mut(&mut scenario.definition) else { continue };
        for row in DEFAULTS.iter().filter(|row| row.fits(&place, state)).collect::<Vec<_>>() {
            visit(state, row.field, (row.default)());
        }
        for retrier in entries(state, "Retry") {
            RETRIER_DEFAULTS.iter().for_each(|(field, default)| visit(retrier, field, default()));
        }
        if place.language == Language::JsonPath {
            entries(state, "Catch").for_each(|catcher| visit(catcher, "ResultPath", json!("$")));
        }
        if let Some(processor) = state.get_mut("ItemProcessor").and_then(Value::as_object_mut) {
            visit(processor, "ProcessorConfig", json!({"Mode": "INLINE"}));
        }
    }
    if let Some(root) = scenario.definition.as_object_mut() {
        visit(root, "QueryLanguage", json!("JSONPath"));
        visit(root, "Version", json!("1.0"));
    }
    any.then(|| Related::same(scenario))
}

/// Puts a Comment wherever one may stand, in the place of one that there is.
pub(super) fn comments(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let mut scenario = scenario.clone();
    let mut comment = |object: &mut Object| {
        if below(u, 3) < 2 {
            let text = pick(u, vec!["", "$.missing", "{% $missing %}", "States.Nothing()", "日本語"]);
            object.insert("Comment".to_owned(), json!(text));
        }
    };
    for place in places(&scenario.definition) {
        let Some(state) = place.state_mut(&mut scenario.definition) else { continue };
        for list in ["Choices", "Retry", "Catch"] {
            entries(state, list).for_each(&mut comment);
        }
        comment(state);
    }
    for site in sites(&scenario.definition) {
        scenario.definition.pointer_mut(&site.pointer).and_then(Value::as_object_mut).map(&mut comment);
    }
    Some(Related::same(scenario))
}

/// Exchanges Iterator and ItemProcessor of JSONPath Maps.
pub(super) fn processor(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    exchange(scenario, u, "Iterator", "ItemProcessor")
}

/// Exchanges Parameters and ItemSelector of JSONPath Maps.
pub(super) fn selector(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    exchange(scenario, u, "Parameters", "ItemSelector")
}

/// Renames one member of a JSONPath Map.
fn exchange(scenario: &Scenario, u: &mut Unstructured<'_>, one: &str, other: &str) -> Option<Related> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        place.language == Language::JsonPath
            && kind(state) == "Map"
            && (state.contains_key(one) || state.contains_key(other))
    };
    let places = places(&scenario.definition);
    let place = pick(u, places.into_iter().filter(fits).collect())?;
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let (old, new) = if state.contains_key(one) { (one, other) } else { (other, one) };
    let value = state.shift_remove(old)?;
    state.insert(new.to_owned(), value);
    Some(Related::same(scenario))
}
