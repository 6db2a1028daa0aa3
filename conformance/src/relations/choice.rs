//! Changes of Choice Rules.

use arbitrary::Unstructured;
use asl_generator::Scenario;
use serde_json::{Map, Value, json};

use super::{
    Related,
    document::{Language, Nesting, Object, Place, below, escape, fresh_name, kind, pick, places},
};

/// Members of a top-level rule that are no part of its test.
const ACTIONS: [&str; 4] = ["Next", "Assign", "Output", "Comment"];
/// Most rules of one Choice that are looked at.
const MAX_RULES: usize = 1_000;

/// Choice states in a query language.
fn choices(definition: &Value, language: Language) -> Vec<Place> {
    let is_choice = |place: &Place| {
        place.language == language && place.state(definition).is_some_and(|state| kind(state) == "Choice")
    };
    places(definition).into_iter().filter(is_choice).collect()
}

/// JSON Pointers to the rules of JSONPath Choice states, nested ones included.
fn rules(definition: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for place in choices(definition, Language::JsonPath) {
        let mut open = vec![format!("{}/Choices", place.pointer())];
        while let Some(pointer) = open.pop() {
            match definition.pointer(&pointer) {
                Some(Value::Array(list)) => open.extend((0..list.len()).map(|index| format!("{pointer}/{index}"))),
                Some(Value::Object(rule)) if found.len() < MAX_RULES => {
                    let nested = rule.keys().filter(|name| matches!(name.as_str(), "And" | "Or" | "Not"));
                    open.extend(nested.map(|name| format!("{pointer}/{}", escape(name))));
                    found.push(pointer);
                }
                _ => {}
            }
        }
    }
    found
}

/// Splits a rule into its test and its actions.
fn split_rule(rule: Object) -> (Object, Object) {
    rule.into_iter().partition(|(name, _)| !ACTIONS.contains(&name.as_str()))
}

/// Replaces the test of one rule for which `change` gives another.
fn change_test(
    scenario: &Scenario,
    u: &mut Unstructured<'_>,
    change: impl Fn(&Object) -> Option<Value>,
) -> Option<Related> {
    let changed = |pointer: String| {
        let rule = scenario.definition.pointer(&pointer)?.as_object()?.clone();
        let (test, actions) = split_rule(rule);
        Some((pointer, change(&test)?, actions))
    };
    let (pointer, test, actions) = pick(u, rules(&scenario.definition).into_iter().filter_map(changed).collect())?;
    let mut scenario = scenario.clone();
    let mut rule = test.as_object()?.clone();
    rule.extend(actions);
    *scenario.definition.pointer_mut(&pointer)? = Value::Object(rule);
    Some(Related::same(scenario))
}

pub(super) fn double_negation(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    change_test(scenario, u, |test| Some(json!({"Not": {"Not": test}})))
}

pub(super) fn singleton(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let operator = if below(u, 2) == 0 { "And" } else { "Or" };
    change_test(scenario, u, |test| Some(json!({operator: [test]})))
}

/// And of rules is Not Or of their negations, and the other way round. Both stop at the same rule.
pub(super) fn de_morgan(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    change_test(scenario, u, |test| {
        let (operator, dual) = if test.contains_key("And") { ("And", "Or") } else { ("Or", "And") };
        let negated: Value = test.get(operator)?.as_array()?.iter().map(|rule| json!({"Not": rule})).collect();
        Some(json!({"Not": {dual: negated}}))
    })
}

/// `IsString: false` is Not `IsString: true`. IsPresent is left alone with Paths that other operators cannot follow.
pub(super) fn negated_type_test(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    change_test(scenario, u, |test| {
        let (name, flag) = test.iter().find_map(|(name, value)| Some((name, value.as_bool()?)))?;
        let mut opposite = test.clone();
        opposite.insert(name.clone(), json!(!flag));
        name.starts_with("Is").then(|| json!({"Not": opposite}))
    })
}

/// "Less or equal" is "less" or "equal".
pub(super) fn split_comparison(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    change_test(scenario, u, |test| {
        let (name, operand) = test.iter().find(|(name, _)| name.contains("ThanEquals"))?;
        let part = |operator: String| json!({"Variable": test.get("Variable"), operator: operand});
        let strict = name.replace("ThanEquals", "Than");
        let equal = name.replace("LessThan", "").replace("GreaterThan", "");
        Some(json!({"Or": [part(strict), part(equal)]}))
    })
}

/// The alternatives of a top-level Or become rules with the same actions.
pub(super) fn split_or(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let mut candidates = Vec::new();
    for place in choices(&scenario.definition, Language::JsonPath) {
        let list = rule_list(&place, &scenario.definition)?;
        let is_or = |(_, rule): &(usize, &Value)| rule.get("Or").is_some();
        candidates.extend(list.iter().enumerate().filter(is_or).map(|(index, _)| (place.clone(), index)));
    }
    let (place, index) = pick(u, candidates)?;
    let mut scenario = scenario.clone();
    let list = rule_list_mut(&place, &mut scenario.definition)?;
    let (test, actions) = split_rule(list.get(index)?.as_object()?.clone());
    let alternatives = test.get("Or")?.as_array()?.clone();
    let rules = alternatives.into_iter().filter_map(|alternative| {
        let (mut rule, _) = split_rule(alternative.as_object()?.clone());
        rule.extend(actions.clone());
        Some(Value::Object(rule))
    });
    list.splice(index..=index, rules);
    Some(Related::same(scenario))
}

fn rule_list<'d>(place: &Place, definition: &'d Value) -> Option<&'d Vec<Value>> {
    place.state(definition)?.get("Choices")?.as_array()
}

fn rule_list_mut<'d>(place: &Place, definition: &'d mut Value) -> Option<&'d mut Vec<Value>> {
    place.state_mut(definition)?.get_mut("Choices")?.as_array_mut()
}

/// Adds a rule that is never true, which leads to any state of the same `States`.
pub(super) fn never_taken(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let mut both = choices(&scenario.definition, Language::JsonPath);
    both.extend(choices(&scenario.definition, Language::Jsonata));
    let place = pick(u, both)?;
    let target = pick(u, place.siblings(&scenario.definition)?.keys().cloned().collect())?;
    let mut rule = match place.language {
        Language::JsonPath => never(),
        Language::Jsonata => Map::from_iter([("Condition".to_owned(), json!("{% false %}"))]),
    };
    rule.insert("Next".to_owned(), json!(target));
    let mut scenario = scenario.clone();
    let list = rule_list_mut(&place, &mut scenario.definition)?;
    let at = below(u, list.len() + 1);
    list.insert(at, Value::Object(rule));
    Some(Related::same(scenario))
}

/// A test that is never true: the name of a state is no number.
fn never() -> Object {
    Map::from_iter([("Variable".to_owned(), json!("$$.State.Name")), ("IsNumeric".to_owned(), json!(true))])
}

/// Default becomes a last rule that is always true, with the Assign of the state.
pub(super) fn default_as_rule(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let has_default =
        |place: &Place| place.state(&scenario.definition).is_some_and(|state| state.contains_key("Default"));
    let choices = choices(&scenario.definition, Language::JsonPath).into_iter().filter(has_default).collect();
    let place = pick(u, choices)?;
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let mut rule = Map::from_iter([("Not".to_owned(), Value::Object(never()))]);
    rule.insert("Next".to_owned(), state.shift_remove("Default")?);
    if let Some(assign) = state.shift_remove("Assign") {
        rule.insert("Assign".to_owned(), assign);
    }
    state.get_mut("Choices")?.as_array_mut()?.push(Value::Object(rule));
    Some(Related::same(scenario))
}

/// The rules after the first become a Choice of their own.
pub(super) fn split(scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
    let fits = |place: &Place| {
        let Some(state) = place.state(&scenario.definition) else { return false };
        let has = |field| state.contains_key(field);
        place.site.nesting == Nesting::Outermost
            && state.get("Choices").and_then(Value::as_array).is_some_and(|rules| rules.len() > 1)
            // The name and the times of the state are those of another state afterwards.
            && !super::document::mentions(&Value::Object(state.clone()), &["$$"])
            && !["InputPath", "OutputPath"].into_iter().any(has)
    };
    let place = pick(u, choices(&scenario.definition, Language::JsonPath).into_iter().filter(fits).collect())?;
    let name = fresh_name(&scenario.definition, "Otherwise");
    let mut scenario = scenario.clone();
    let state = place.state_mut(&mut scenario.definition)?;
    let mut rest = state.clone();
    rest.get_mut("Choices")?.as_array_mut()?.remove(0);
    state.get_mut("Choices")?.as_array_mut()?.truncate(1);
    state.insert("Default".to_owned(), json!(name));
    state.shift_remove("Assign");
    let states = scenario.definition.get_mut("States")?.as_object_mut()?;
    states.insert(name, Value::Object(rest));
    Some(Related::same(scenario))
}
