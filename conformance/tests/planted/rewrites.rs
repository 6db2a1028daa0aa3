//! Bugs as rewritten definitions.

use asl_conformance::relations::document::{
    Language, Object, Place, Site, fresh_name, kind, mentions, places, visit_targets,
};
use serde_json::{Map, Value, json};

fn each_state(definition: &mut Value, mut change: impl FnMut(&Place, &mut Object)) {
    for place in places(definition) {
        if let Some(state) = place.state_mut(definition) {
            change(&place, state);
        }
    }
}

fn each_entry(definition: &mut Value, list: &str, mut change: impl FnMut(&mut Object)) {
    each_state(definition, |_, state| {
        let entries = state.get_mut(list).and_then(Value::as_array_mut);
        entries.into_iter().flatten().filter_map(Value::as_object_mut).for_each(&mut change);
    });
}

fn states_at<'d>(definition: &'d mut Value, site: &Site) -> Option<&'d mut Object> {
    definition.pointer_mut(&site.pointer)?.get_mut("States")?.as_object_mut()
}

pub fn shared_retry_count(definition: &mut Value) {
    each_state(definition, |_, state| {
        let Some(Value::Array(retriers)) = state.get_mut("Retry") else { return };
        let is_all = |retrier: &Value| mentions(&retrier["ErrorEquals"], &["States.ALL"]);
        let (all, mut named): (Vec<_>, Vec<_>) = std::mem::take(retriers).into_iter().partition(is_all);
        let names: Vec<_> =
            named.iter().filter_map(|retrier| retrier["ErrorEquals"].as_array()).flatten().cloned().collect();
        named.truncate(1);
        named.iter_mut().for_each(|retrier| retrier["ErrorEquals"] = json!(names));
        retriers.extend(named.into_iter().chain(all));
    });
}

pub fn result_path_after_output_path(definition: &mut Value) {
    for place in places(definition) {
        let name = fresh_name(definition, "Early");
        let Some(state) = place.state_mut(definition) else { continue };
        if !state.get("ResultPath").is_some_and(Value::is_string)
            || !state.get("OutputPath").is_some_and(Value::is_string)
        {
            continue;
        }
        let path = state.shift_remove("OutputPath");
        visit_targets(definition, &place.site, &mut |target| {
            if *target == place.name {
                target.clone_from(&name);
            }
        });
        if let Some(states) = states_at(definition, &place.site) {
            states.insert(name, json!({"Type": "Pass", "InputPath": path, "Next": place.name}));
        }
    }
}

pub fn reversed_branches(definition: &mut Value) {
    // From the inside out, so that pointers stay right.
    let mut places = places(definition);
    places.sort_by_key(|place| std::cmp::Reverse(place.pointer().len()));
    for place in places {
        let state = place.state_mut(definition);
        if let Some(Value::Array(branches)) = state.and_then(|state| state.get_mut("Branches")) {
            branches.reverse();
        }
    }
}

pub fn one_retry_more(definition: &mut Value) {
    each_entry(definition, "Retry", |retrier| {
        let attempts = retrier.get("MaxAttempts").and_then(Value::as_u64).unwrap_or(3);
        retrier.insert("MaxAttempts".to_owned(), json!(attempts + 1));
    });
}

/// What a branch assigns and does not read itself is assigned by the state around it.
pub fn leaking_variables(definition: &mut Value) {
    for outer in places(definition) {
        let Some(state) = outer.state(definition).filter(|state| matches!(kind(state), "Parallel" | "Map")) else {
            continue;
        };
        let inside = Value::Object(state.clone());
        let below = format!("{}/", outer.pointer());
        let mut leaked = Map::new();
        for inner in places(definition).into_iter().filter(|place| place.site.pointer.starts_with(&below)) {
            let Some(Value::Object(assign)) = inner.state_mut(definition).and_then(|state| state.get_mut("Assign"))
            else {
                continue;
            };
            let stays = |name: &str, value: &Value| {
                name.ends_with(".$") || mentions(value, &["{%"]) || mentions(&inside, &[&format!("${name}")])
            };
            let (kept, gone): (Map<_, _>, Map<_, _>) =
                std::mem::take(assign).into_iter().partition(|(name, value)| stays(name, value));
            *assign = kept;
            leaked.extend(gone);
        }
        if !leaked.is_empty()
            && let Some(state) = outer.state_mut(definition)
            && let Some(assign) = state.entry("Assign").or_insert_with(|| json!({})).as_object_mut()
        {
            assign.extend(leaked);
        }
    }
}

pub fn sequential_assign(definition: &mut Value) {
    each_state(definition, |place, state| {
        let Some(Value::Object(assign)) = state.get_mut("Assign") else { return };
        let mut done: Vec<(String, Value)> = Vec::new();
        for (name, value) in std::mem::take(assign) {
            let (name, value) = done.iter().fold((name, value), |member, earlier| match place.language {
                Language::JsonPath => with_new_value(member, earlier),
                Language::Jsonata => with_new_expression(member, earlier),
            });
            done.push((name, value));
        }
        assign.extend(done);
    });
}

/// A member of Assign that reads the variable of an earlier member gets what that member says.
fn with_new_value((name, value): (String, Value), (earlier, given): &(String, Value)) -> (String, Value) {
    let variable = format!("${}", earlier.trim_end_matches(".$"));
    match value.as_str() {
        Some(path) if name.ends_with(".$") && path == variable => {
            let computed = earlier.ends_with(".$");
            let own = name.trim_end_matches(".$");
            (if computed { format!("{own}.$") } else { own.to_owned() }, given.clone())
        }
        _ => (name, value),
    }
}

fn with_new_expression((name, value): (String, Value), (earlier, given): &(String, Value)) -> (String, Value) {
    let own = |text: &str| Some(text.strip_prefix("{%")?.strip_suffix("%}")?.trim().to_owned());
    let given = given.as_str().and_then(own).unwrap_or_else(|| given.to_string());
    let variable = format!("${earlier}");
    match value.as_str().and_then(own) {
        Some(expression) if expression == variable => (name, json!(format!("{{% {given} %}}"))),
        _ => (name, value),
    }
}

pub fn default_first(definition: &mut Value) {
    each_state(definition, |place, state| {
        let Some(default) = state.get("Default").cloned() else { return };
        let rule = match place.language {
            Language::JsonPath => json!({"Variable": "$$.State.Name", "IsString": true, "Next": default}),
            Language::Jsonata => json!({"Condition": true, "Next": default}),
        };
        if let Some(Value::Array(rules)) = state.get_mut("Choices") {
            rules.insert(0, rule);
        }
    });
}

pub fn no_interval(definition: &mut Value) {
    each_entry(definition, "Retry", |retrier| drop(retrier.shift_remove("IntervalSeconds")));
}

pub fn result_selector_after_result_path(definition: &mut Value) {
    for place in places(definition) {
        let name = fresh_name(definition, "Late");
        let Some(state) = place.state_mut(definition) else { continue };
        if !state.get("ResultPath").is_some_and(Value::is_string) || !state.contains_key("ResultSelector") {
            continue;
        }
        let mut late = Map::from_iter([("Type".to_owned(), json!("Pass"))]);
        for (old, new) in
            [("ResultSelector", "Parameters"), ("OutputPath", "OutputPath"), ("Next", "Next"), ("End", "End")]
        {
            late.extend(state.shift_remove(old).map(|value| (new.to_owned(), value)));
        }
        state.insert("Next".to_owned(), json!(name));
        if let Some(states) = states_at(definition, &place.site) {
            states.insert(name, Value::Object(late));
        }
    }
}

/// Changes every text of a definition.
fn each_text(definition: &mut Value, change: impl Fn(&mut String)) {
    let mut open = vec![definition];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => change(text),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values_mut()),
            _ => {}
        }
    }
}

/// Cuts the fraction off the literal arguments of MathAdd.
pub fn math_add_truncates(definition: &mut Value) {
    each_text(definition, |text| {
        let Some(at) = text.find("States.MathAdd(") else { return };
        let (before, call) = text.split_at(at);
        let mut cut = String::new();
        let mut rest = call;
        while let Some(dot) = rest.find('.') {
            let (head, tail) = rest.split_at(dot);
            let digits = tail[1..].bytes().take_while(u8::is_ascii_digit).count();
            let is_number = head.ends_with(|symbol: char| symbol.is_ascii_digit()) && digits > 0;
            cut.push_str(head);
            cut.push_str(if is_number { "" } else { "." });
            rest = &tail[if is_number { 1 + digits } else { 1 }..];
        }
        *text = format!("{before}{cut}{rest}");
    });
}

pub fn no_items_path(definition: &mut Value) {
    each_state(definition, |_, state| drop(state.shift_remove("ItemsPath")));
}

pub fn no_catcher_result_path(definition: &mut Value) {
    each_entry(definition, "Catch", |catcher| drop(catcher.shift_remove("ResultPath")));
}

pub fn no_heartbeat(definition: &mut Value) {
    each_state(definition, |_, state| {
        state.shift_remove("HeartbeatSeconds");
        state.shift_remove("HeartbeatSecondsPath");
    });
}

pub fn no_offset(definition: &mut Value) {
    each_text(definition, |text| {
        let is_time = text.len() >= 25 && text.is_ascii() && text.as_bytes().get(10) == Some(&b'T');
        if is_time && matches!(text.as_bytes()[text.len() - 6], b'+' | b'-') {
            text.truncate(text.len() - 6);
            text.push('Z');
        }
    });
}

pub fn null_result_path(definition: &mut Value) {
    each_state(definition, |_, state| {
        if state.get("ResultPath").is_some_and(Value::is_null) {
            state.shift_remove("ResultPath");
        }
    });
}

pub fn last_catcher(definition: &mut Value) {
    each_state(definition, |_, state| {
        if let Some(Value::Array(catchers)) = state.get_mut("Catch") {
            // States.ALL has to stay the last.
            let named =
                catchers.iter().take_while(|catcher| !mentions(&catcher["ErrorEquals"], &["States.ALL"])).count();
            catchers[..named].reverse();
        }
    });
}

pub fn no_backoff(definition: &mut Value) {
    each_entry(definition, "Retry", |retrier| drop(retrier.insert("BackoffRate".to_owned(), json!(1.0))));
}
