//! Whole machines, valid by construction.
//!
//! A machine is written along its transitions. A `Flow` goes with them: what is known about the data and the
//! variables at that point. So a path mostly hits, a condition can be made true or false on purpose, and a task can be
//! given a script that fits its Retriers and Catchers. What is known is certain but for samples (see
//! `Shape`): where ways meet, only what both have in common is kept.
//!
//! Every run ends: a state leads to states that are written after it, but for loops, which count.

mod choice;
mod ends;
mod errors;
mod jsonata_data;
mod jsonpath_data;
mod leaves;
mod loops;
mod map;
mod parallel;
mod reader;
mod scope;
mod steps;
mod task;

use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value, json};

use crate::{
    config::{Config, QueryLanguages},
    draw::Draw,
    scenario::Scenario,
    shape::Shape,
    template,
    text::Names,
};
use ends::Ending;
use scope::{Exit, Flow, Scope};

/// A machine that is being written.
#[derive(Debug)]
pub struct Machine {
    config: Config,
    names: Names,
    /// The task script so far.
    tasks: Map<String, Value>,
    /// The objects of item readers and writers so far.
    store: Map<String, Value>,
    /// States that may still be written.
    budget: usize,
    labels: usize,
    /// Whether the machine has a limit of time, which it is to exceed.
    timeout: Option<i64>,
}

impl Machine {
    /// Draws a machine with an input and a task script.
    ///
    /// The definition is valid in every profile. Running out of bytes is no error: what was begun is finished with the
    /// smallest states there are.
    ///
    /// # Errors
    /// None at present; the type is that of [`arbitrary::Arbitrary`].
    pub fn draw(u: &mut Unstructured<'_>, config: &Config) -> Result<Scenario> {
        let mut machine = Self {
            config: config.clone(),
            names: Names::default(),
            tasks: Map::new(),
            store: Map::new(),
            budget: config.states,
            labels: 0,
            timeout: None,
        };
        let input = template::input(u, config.odd_names);
        let definition = machine.definition(u, &input);
        let is_empty = |members: &Map<String, Value>| members.is_empty();
        Ok(Scenario {
            definition,
            input,
            tasks: machine.tasks,
            context: u.chance(5).then(|| json!({"Execution": {"StartTime": "2025-01-02T03:04:05Z"}})),
            store: (!is_empty(&machine.store)).then_some(Value::Object(machine.store)),
        })
    }

    fn definition(&mut self, u: &mut Unstructured<'_>, input: &Value) -> Value {
        let shape = Shape::of(input);
        let mut scope = Scope::outermost(&shape);
        let flow = Flow::start(shape);
        let start = self.fresh(u);
        let ending = Ending::draw(u, &self.config);
        let finale = self.fresh(u);
        let length = 4 + self.budget / 8 + u.below(3);
        // Something is left for the end.
        self.budget = self.budget.saturating_sub(2);
        let flow = self.sequence(u, &mut scope, start.clone(), &Exit::Next(finale.clone()), flow, length);
        self.budget += 2;
        self.finale(u, &mut scope, finale, flow, ending);
        let mut root = Map::new();
        if u.chance(50) || self.config.comments {
            root.insert("Comment".to_owned(), json!("a drawn machine"));
        }
        match self.config.languages {
            QueryLanguages::Jsonata => _ = root.insert("QueryLanguage".to_owned(), json!("JSONata")),
            _ if u.chance(10) => _ = root.insert("QueryLanguage".to_owned(), json!("JSONPath")),
            _ => {}
        }
        if u.chance(10) {
            root.insert("Version".to_owned(), json!("1.0"));
        }
        if let Some(seconds) = self.timeout.or_else(|| u.chance(10).then_some(99_999_999)) {
            root.insert("TimeoutSeconds".to_owned(), json!(seconds));
        }
        root.insert("StartAt".to_owned(), json!(start));
        root.insert("States".to_owned(), Value::Object(scope.states));
        Value::Object(root)
    }

    fn fresh(&mut self, u: &mut Unstructured<'_>) -> String {
        self.names.fresh(u, self.config.odd_names)
    }
}
