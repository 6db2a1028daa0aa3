//! Loops that end by counting: a Pass sets the counter, the body keeps what it is given, a Pass adds one, and a Choice
//! leads back until the count is reached.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    scope::{Exit, Flow, Scope},
};
use crate::{
    config::QueryLanguages,
    draw::Draw,
    shape::{Kind, Shape},
};

impl Machine {
    pub(super) fn counting_loop(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        mut flow: Flow,
    ) -> Flow {
        let in_data = Kind::Object.takes(&flow.data) && u.chance(40) && self.config.data_flow;
        let is_jsonata = self.config.languages == QueryLanguages::Jsonata;
        let counter = format!("counter{}", name.chars().filter(char::is_ascii_digit).collect::<String>());
        // Counters are named after their scope, as variables are (VAR-033), and end in a letter that no other has.
        let counter = format!("{counter}_{}i", scope.depth);
        let turns = u.within(2..=4);
        let [body, add, test] = [self.fresh(u), self.fresh(u), self.fresh(u)];
        if in_data && !is_jsonata {
            let pass =
                json!({"Type": "Pass", "Result": {"sum": 0}, "ResultPath": format!("$.{counter}"), "Next": body});
            scope.states.insert(name, pass);
            let sum = Shape::Object(vec![("sum".to_owned(), Shape::Integer(0))]);
            flow.data = flow.data.with(&counter, sum);
        } else {
            scope.states.insert(name, json!({"Type": "Pass", "Assign": {counter.clone(): 0}, "Next": body}));
            flow.variables.insert(counter.clone(), Shape::Integer(0));
        }
        let around = (scope.preserves, scope.repeated);
        (scope.preserves, scope.repeated) = (true, true);
        let length = self.short(u);
        let flow = self.sequence(u, scope, body.clone(), &Exit::Next(add.clone()), flow, length);
        (scope.preserves, scope.repeated) = around;
        let next = match exit {
            Exit::Next(next) => next.clone(),
            Exit::End => self.fresh(u),
        };
        let (adding, testing) = if is_jsonata {
            jsonata(&counter, turns, &body, &next)
        } else if in_data {
            in_the_data(&counter, turns, &body, &next)
        } else {
            in_a_variable(&counter, turns, &body, &next)
        };
        scope.states.insert(add, with(adding, "Next", json!(test)));
        scope.states.insert(test, testing);
        if let Exit::End = exit {
            return self.leaf(u, scope, next, flow);
        }
        flow
    }
}

fn with(mut state: Value, field: &str, value: Value) -> Value {
    state[field] = value;
    state
}

fn in_a_variable(counter: &str, turns: i64, body: &str, next: &str) -> (Value, Value) {
    let assign = Map::from_iter([(format!("{counter}.$"), json!(format!("States.MathAdd(${counter}, 1)")))]);
    let rule = json!({"Variable": format!("${counter}"), "NumericLessThan": turns, "Next": body});
    (json!({"Type": "Pass", "Assign": assign}), json!({"Type": "Choice", "Choices": [rule], "Default": next}))
}

fn in_the_data(counter: &str, turns: i64, body: &str, next: &str) -> (Value, Value) {
    let sum = format!("States.MathAdd($.{counter}.sum, 1)");
    let add = json!({"Type": "Pass", "Parameters": {"sum.$": sum}, "ResultPath": format!("$.{counter}")});
    let rule = json!({"Variable": format!("$.{counter}.sum"), "NumericGreaterThanEquals": turns, "Next": next});
    (add, json!({"Type": "Choice", "Choices": [rule], "Default": body}))
}

fn jsonata(counter: &str, turns: i64, body: &str, next: &str) -> (Value, Value) {
    let assign = Map::from_iter([(counter.to_owned(), json!(format!("{{% ${counter} + 1 %}}")))]);
    let rule = json!({"Condition": format!("{{% ${counter} < {turns} %}}"), "Next": body});
    (json!({"Type": "Pass", "Assign": assign}), json!({"Type": "Choice", "Choices": [rule], "Default": next}))
}
