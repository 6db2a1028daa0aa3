//! Choice states and the arms they lead to.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    scope::{Exit, Flow, Language, Scope},
};
use crate::{condition, draw::Draw, jsonata};

impl Machine {
    /// A Choice state, its arms, and a state where they meet.
    pub(super) fn choice(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
    ) -> Flow {
        let (mut state, language) = self.state(u, "Choice");
        let effective = match language {
            Language::JsonPath => self.input_path(u, scope, &mut state, &flow),
            Language::Jsonata => flow.data.clone(),
        };
        // Assign reads the effective input; what goes on is the input after OutputPath.
        let mut default = Map::new();
        let variables = match language {
            Language::JsonPath => self.assign(u, scope, &mut default, language, &effective, &flow, None),
            Language::Jsonata => Vec::new(),
        };
        let seen = flow.with(effective);
        let passed = match language {
            Language::JsonPath => self.output_path(u, scope, &mut state, seen.clone()),
            Language::Jsonata => seen.clone(),
        };
        let mut decided = false;
        let mut rules = Vec::new();
        let mut arms: Vec<(String, Flow)> = Vec::new();
        for _ in 0..1 + u.below(3) {
            let wanted = u.chance(50);
            let (mut rule, holds) = self.rule(u, scope, language, &seen, wanted);
            let live = flow.live && holds && !decided;
            decided |= holds;
            let arm = Flow { live, ..passed.clone() };
            let arm = match language {
                Language::JsonPath => {
                    let variables = self.assign(u, scope, &mut rule, language, &seen.data, &seen, None);
                    let mut arm = arm;
                    arm.variables.extend(variables);
                    arm
                }
                Language::Jsonata => {
                    let data = arm.data.clone();
                    self.output(u, scope, &mut rule, arm, None, data)
                }
            };
            let next = self.arm(u, exit, &mut arms, arm);
            rule.insert("Next".to_owned(), json!(next));
            if self.config.comments && u.chance(30) {
                rule.insert("Comment".to_owned(), json!("a rule"));
            }
            rules.push(Value::Object(rule));
        }
        state.insert("Choices".to_owned(), Value::Array(rules));
        let other = Flow { live: flow.live && !decided, ..passed };
        let other = match language {
            Language::JsonPath => {
                state.extend(default);
                let mut other = other;
                other.variables.extend(variables);
                other
            }
            Language::Jsonata => {
                let data = other.data.clone();
                self.output(u, scope, &mut state, other, None, data)
            }
        };
        let next = self.arm(u, exit, &mut arms, other);
        state.insert("Default".to_owned(), json!(next));
        scope.states.insert(name, Value::Object(state));
        self.arms(u, scope, exit, arms)
    }

    fn rule(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        language: Language,
        flow: &Flow,
        wanted: bool,
    ) -> (Map<String, Value>, bool) {
        let view = scope.view(language, &flow.data, &flow.variables);
        match language {
            Language::JsonPath => condition::rule(u, &view, wanted, 2),
            Language::Jsonata => {
                let condition = if u.chance(5) { json!(wanted) } else { jsonata::condition(u, &view, wanted) };
                (Map::from_iter([("Condition".to_owned(), condition)]), wanted)
            }
        }
    }

    /// The name of the state that a rule leads to: the one where the arms meet, one of an arm that there is already, or
    /// a new one.
    fn arm(&mut self, u: &mut Unstructured<'_>, exit: &Exit, arms: &mut Vec<(String, Flow)>, flow: Flow) -> String {
        let name = match exit {
            Exit::Next(name) if u.chance(30) => name.clone(),
            _ if !arms.is_empty() && u.chance(15) => arms[u.below(arms.len())].0.clone(),
            _ => self.fresh(u),
        };
        match arms.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = known.clone().or(flow),
            None => arms.push((name.clone(), flow)),
        }
        name
    }

    /// Writes the arms; gives what is known where they meet.
    fn arms(&mut self, u: &mut Unstructured<'_>, scope: &mut Scope, exit: &Exit, arms: Vec<(String, Flow)>) -> Flow {
        let mut met: Option<Flow> = None;
        let last = arms.len() - 1;
        for (index, (name, flow)) in arms.into_iter().enumerate() {
            let is_exit = matches!(exit, Exit::Next(next) if *next == name);
            // One arm at least leads on.
            if !is_exit && !flow.live && !scope.repeated && (met.is_some() || index < last) && u.chance(15) {
                self.end_here(u, scope, name, &flow);
                continue;
            }
            let after = if is_exit {
                flow
            } else {
                let length = self.short(u);
                self.sequence(u, scope, name, exit, flow, length)
            };
            met = Some(match met {
                Some(met) => met.or(after),
                None => after,
            });
        }
        met.unwrap_or_else(|| Flow::start(crate::shape::Shape::Unknown))
    }
}
