//! Task states, with the script that makes their attempts come out as meant.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    errors::{Fate, Trouble},
    scope::{Exit, Flow, Language, Scope},
};
use crate::{
    draw::Draw,
    jsonata,
    shape::{Kind, Shape},
    template,
    text::ERRORS,
};

const RESOURCES: [&str; 6] = [
    "arn:aws:lambda:us-east-1:123456789012:function:Work",
    "arn:aws:states:us-east-1:123456789012:activity:Work",
    "arn:aws:states:::dynamodb:getItem",
    "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "arn:aws:states:::glue:startJobRun.sync",
    "arn:aws:states:::http:invoke",
];

/// A way for a task to fail: what Retriers and Catchers can call it, the attempt, and what the state needs for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mishap {
    /// The worker reports a name and a cause.
    Named,
    /// The worker reports a name alone.
    NoCause,
    /// The worker reports neither.
    Nameless,
    /// The worker reports a predefined name.
    Permissions,
    TaskFailed,
    /// The worker does not answer.
    Silent,
    /// The worker answers too late.
    Slow,
    /// The worker misses a heartbeat.
    NoHeartbeat,
    /// The result does not fit into the input where ResultPath says.
    Misplaced,
}

const MISHAPS: [Mishap; 10] = [
    Mishap::Named,
    Mishap::Named,
    Mishap::NoCause,
    Mishap::Nameless,
    Mishap::Permissions,
    Mishap::TaskFailed,
    Mishap::Silent,
    Mishap::Slow,
    Mishap::NoHeartbeat,
    Mishap::Misplaced,
];

impl Mishap {
    fn is_timeout(self) -> bool {
        matches!(self, Self::Silent | Self::Slow | Self::NoHeartbeat)
    }

    fn trouble(self, name: &'static str) -> Trouble {
        let (names, output) = match self {
            Self::Named => (vec![name], (true, true)),
            Self::NoCause => (vec![name], (true, false)),
            Self::Nameless => (vec!["States.TaskFailed"], (false, false)),
            Self::Permissions => (vec!["States.Permissions"], (true, true)),
            Self::TaskFailed => (vec!["States.TaskFailed"], (true, true)),
            Self::Silent | Self::Slow => (vec!["States.Timeout"], (true, false)),
            Self::NoHeartbeat => (vec!["States.Timeout", "States.HeartbeatTimeout"], (true, false)),
            Self::Misplaced => (vec!["States.ResultPathMatchFailure"], (true, true)),
        };
        Trouble { names, output }
    }
}

/// The times of one task.
struct Clock {
    /// TimeoutSeconds, if it is a known number.
    timeout: Option<i64>,
    heartbeat: Option<i64>,
}

impl Machine {
    pub(super) fn task(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
    ) -> Flow {
        let fate = self.fate(u);
        self.task_with(u, scope, name, exit, flow, fate)
    }

    /// A Task state of a given fate.
    pub(super) fn task_with(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
        fate: Fate,
    ) -> Flow {
        let mishap = self.mishap(u, scope, &flow, fate);
        let (mut state, language) = self.state(u, "Task");
        let mishap = if language == Language::Jsonata && mishap == Mishap::Misplaced { Mishap::Named } else { mishap };
        let error = *u.pick(&ERRORS);
        let trouble = mishap.trouble(error);
        state.insert("Resource".to_owned(), json!(u.pick(&RESOURCES)));
        exit.write(&mut state);
        let input = self.task_input(u, scope, &mut state, language, &flow);
        let clock = self.clock(u, scope, &mut state, language, &input, &flow, mishap);
        self.credentials(u, &mut state);
        let handled = self.handlers(u, scope, (&mut state, language), exit, &flow, &trouble, fate);
        let result = self.script(u, scope, &name, &input, mishap, error, (handled.failures, fate), &clock);
        let live = flow.live && matches!(fate, Fate::Succeeds | Fate::Recovers);
        let flow = Flow { live, ..flow };
        let flow = match language {
            Language::JsonPath if mishap == Mishap::Misplaced => self.misplace(u, &mut state, flow),
            Language::JsonPath => self.result(u, scope, &mut state, flow, result),
            Language::Jsonata => {
                let offer = Some(("$states.result", &result));
                self.output(u, scope, &mut state, flow, offer, result.clone())
            }
        };
        scope.states.insert(name, Value::Object(state));
        match handled.caught {
            Some(caught) => flow.or(caught),
            None => flow,
        }
    }

    fn mishap(&self, u: &mut Unstructured<'_>, scope: &Scope, flow: &Flow, fate: Fate) -> Mishap {
        let mishap = *u.pick(&MISHAPS);
        let has_text = matches!(&flow.data, Shape::Object(members)
            if members.iter().any(|(_, shape)| Kind::Text.takes(shape)));
        match mishap {
            _ if mishap.is_timeout() && !self.config.timeouts => Mishap::Named,
            Mishap::Misplaced if fate == Fate::Recovers || fate == Fate::Succeeds => Mishap::Named,
            Mishap::Misplaced if scope.preserves || !self.config.data_flow || !has_text => Mishap::Named,
            mishap => mishap,
        }
    }

    fn task_input(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        language: Language,
        flow: &Flow,
    ) -> Shape {
        let is_callback = state["Resource"].as_str().is_some_and(|resource| resource.ends_with("Token"));
        match language {
            Language::JsonPath if is_callback && self.config.data_flow => {
                state.insert("Parameters".to_owned(), json!({"token.$": "$$.Task.Token", "all.$": "$"}));
                Shape::Object(vec![("token".to_owned(), Shape::text("token")), ("all".to_owned(), flow.data.clone())])
            }
            Language::JsonPath => {
                let data = self.input_path(u, scope, state, flow);
                self.perhaps_template(u, scope, state, "Parameters", data, flow)
            }
            Language::Jsonata => self.arguments(u, scope, state, flow),
        }
    }

    /// A ResultPath through a text, which no result can be placed at (IO-024).
    fn misplace(&self, u: &mut Unstructured<'_>, state: &mut Map<String, Value>, flow: Flow) -> Flow {
        if let Shape::Object(members) = &flow.data {
            let texts: Vec<_> = members.iter().filter(|(_, shape)| Kind::Text.takes(shape)).collect();
            let (name, _) = u.pick(&texts);
            state.insert("ResultPath".to_owned(), json!(format!("${}.deep", crate::path::bracketed(name, '\''))));
        }
        flow
    }

    /// TimeoutSeconds and HeartbeatSeconds, in one of their forms.
    #[allow(clippy::too_many_arguments, reason = "what the fields see, and what is to happen")]
    fn clock(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        language: Language,
        input: &Shape,
        flow: &Flow,
        mishap: Mishap,
    ) -> Clock {
        let mut clock = Clock { timeout: None, heartbeat: None };
        let has_limits = mishap.is_timeout() || self.config.timeouts && u.chance(40);
        if !has_limits {
            return clock;
        }
        let view =
            scope.view(language, if language == Language::JsonPath { input } else { &flow.data }, &flow.variables);
        let beats = mishap == Mishap::NoHeartbeat;
        // The limits are known numbers where an attempt is to be late.
        if !matches!(mishap, Mishap::NoHeartbeat | Mishap::Slow)
            && u.chance(30)
            && let Some((path, _)) = view.find(u, Kind::Positive)
        {
            let field = if u.chance(30) && mishap != Mishap::Silent { "HeartbeatSeconds" } else { "TimeoutSeconds" };
            match language {
                Language::JsonPath => state.insert(format!("{field}Path"), json!(path)),
                Language::Jsonata => state.insert(field.to_owned(), jsonata::delimited(u, &path)),
            };
            return clock;
        }
        if !beats || u.chance(50) {
            clock.timeout = Some(u.within(20..=90));
            state.insert("TimeoutSeconds".to_owned(), json!(clock.timeout));
        }
        // A silent worker misses heartbeats first.
        if beats || !mishap.is_timeout() && u.chance(30) {
            clock.heartbeat = Some(u.within(1..=9));
            state.insert("HeartbeatSeconds".to_owned(), json!(clock.heartbeat));
        }
        clock
    }

    fn credentials(&self, u: &mut Unstructured<'_>, state: &mut Map<String, Value>) {
        if u.chance(5) {
            let role = "arn:aws:iam::123456789012:role/Worker";
            state.insert("Credentials".to_owned(), json!({"RoleArn": role}));
        }
    }

    /// Writes the attempts of the task; gives what is known about its result.
    #[allow(clippy::too_many_arguments, reason = "everything that the script has to fit")]
    fn script(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        name: &str,
        input: &Shape,
        mishap: Mishap,
        error: &str,
        (failures, fate): (usize, Fate),
        clock: &Clock,
    ) -> Shape {
        let (success, result) = success(u, input, clock, mishap);
        let mut failure = match mishap {
            Mishap::Named => json!({"error": error, "cause": "as drawn"}),
            Mishap::NoCause => json!({"error": error}),
            Mishap::Nameless => json!({"error": null}),
            Mishap::Permissions => json!({"error": "States.Permissions", "cause": "not allowed"}),
            Mishap::TaskFailed => json!({"error": "States.TaskFailed", "cause": "it failed"}),
            Mishap::Silent => json!({"timeout": true}),
            Mishap::Slow => json!({"output": "late", "seconds": clock.timeout.unwrap_or(20) + u.within(1..=99)}),
            Mishap::NoHeartbeat => {
                let heartbeat = clock.heartbeat.unwrap_or(9);
                json!({"output": "late", "seconds": 3 * heartbeat + 1, "heartbeats": [heartbeat]})
            }
            Mishap::Misplaced => success.clone(),
        };
        let mut attempts = Vec::new();
        let ends_well = matches!(fate, Fate::Succeeds | Fate::Recovers);
        if failures > 0 && (scope.repeated && !ends_well) {
            failure["times"] = json!("always");
            attempts.push(failure);
        } else if failures > 1 && u.chance(50) {
            failure["times"] = json!(failures);
            attempts.push(failure);
        } else {
            attempts.extend(std::iter::repeat_n(failure, failures));
        }
        if ends_well {
            let mut success = success;
            if scope.repeated {
                success["times"] = json!("always");
            }
            attempts.push(success);
        }
        self.tasks.insert(name.to_owned(), Value::Array(attempts));
        result
    }
}

/// An attempt that succeeds, and what is known about its result.
fn success(u: &mut Unstructured<'_>, input: &Shape, clock: &Clock, mishap: Mishap) -> (Value, Shape) {
    let (mut attempt, shape) = if u.chance(25) {
        (json!({"echo": true}), input.clone())
    } else {
        let output = if u.chance(50) { template::input(u, false) } else { template::value(u, 2) };
        let shape = Shape::of(&output);
        (json!({"output": output}), shape)
    };
    // Where a limit is read from the data, an attempt that takes no time is always in time.
    if mishap != Mishap::Misplaced && clock.timeout.is_some() && u.chance(50) {
        let seconds = u.within(0..=15);
        attempt["seconds"] = json!(seconds);
        if let Some(heartbeat) = clock.heartbeat {
            let beats: Vec<_> = (1..=seconds / heartbeat).map(|beat| beat * heartbeat).collect();
            attempt["heartbeats"] = json!(beats);
        }
    }
    (attempt, shape)
}
