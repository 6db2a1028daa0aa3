//! Map states, inline and distributed.

use std::rc::Rc;

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    errors::{Fate, Trouble},
    scope::{Exit, Flow, Language, Scope},
    steps::has_list,
};
use crate::{
    draw::Draw,
    jsonata,
    shape::{Kind, Shape, Variables},
    template,
    text::ERRORS,
};

/// What a Map state iterates over, and how.
struct Plan {
    distributed: bool,
    items: Shape,
    /// What fails, if something is to.
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// Nothing, or the states of the processor.
    Inside,
    /// The item reader.
    Reader,
    /// The result writer.
    Writer,
    /// Some iterations, which is tolerated.
    Tolerated,
}

impl Machine {
    pub(super) fn map(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
    ) -> Flow {
        let fate = self.fate(u);
        self.map_with(u, scope, name, exit, flow, fate)
    }

    /// A Map state of a given fate.
    pub(super) fn map_with(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &mut Scope,
        name: String,
        exit: &Exit,
        flow: Flow,
        fate: Fate,
    ) -> Flow {
        let fate = if fate == Fate::Recovers && !self.config.tasks { Fate::Succeeds } else { fate };
        let distributed = self.config.distributed && u.chance(50);
        let reads = distributed && self.config.readers && u.chance(50);
        if !reads && !has_list(&flow) {
            // Nothing to iterate over: other work of the same fate.
            return match fate {
                Fate::Succeeds => self.pass(u, scope, name, exit, flow),
                _ => self.parallel_with(u, scope, name, exit, flow, fate),
            };
        }
        let (mut state, language) = self.state(u, "Map");
        exit.write(&mut state);
        let (fault, trouble, error) = self.map_trouble(u, distributed, reads, fate);
        let handled = self.handlers(u, scope, (&mut state, language), exit, &flow, &trouble, fate);
        let items = match reads {
            true => self.reader(u, scope, &mut state, language, &flow, fault == Fault::Reader),
            false => self.items(u, scope, &mut state, language, &flow),
        };
        let plan = Plan { distributed, items, fault };
        let item = self.item_selector(u, scope, &mut state, language, &flow, plan.items.element());
        let item = if distributed { self.batcher(u, scope, &mut state, language, &flow, item) } else { item };
        let limits = handled.failures > 0 && fault == Fault::Inside || fault == Fault::Tolerated;
        self.figures(u, scope, &mut state, language, &flow, (&plan, limits));
        let output = self.processor(u, scope, &mut state, &flow, item, &plan, error, (fate, handled.failures));
        let result = self.map_result(u, &mut state, language, &plan, output);
        let live = flow.live && matches!(fate, Fate::Succeeds | Fate::Recovers);
        let flow = Flow { live, ..flow };
        let flow = match language {
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

    /// What is to fail, what it is called, and the error of the iterations.
    fn map_trouble(
        &self,
        u: &mut Unstructured<'_>,
        distributed: bool,
        reads: bool,
        fate: Fate,
    ) -> (Fault, Trouble, &'static str) {
        let error = *u.pick(&ERRORS);
        let own = |name| Trouble { names: vec![name], output: (true, true) };
        let fails_for_good = matches!(fate, Fate::Caught | Fate::Fails);
        if fails_for_good && reads && u.chance(40) {
            (Fault::Reader, own("States.ItemReaderFailed"), error)
        } else if fails_for_good && distributed && self.config.writers && u.chance(40) {
            (Fault::Writer, own("States.ResultWriterFailed"), error)
        } else if distributed {
            let fault = if fate == Fate::Succeeds && self.config.tasks && u.chance(30) {
                Fault::Tolerated
            } else {
                Fault::Inside
            };
            (fault, own("States.ExceedToleratedFailureThreshold"), error)
        } else {
            let fault = if fate == Fate::Succeeds && self.config.tasks && u.chance(10) {
                Fault::Tolerated
            } else {
                Fault::Inside
            };
            (fault, Trouble::named(error), error)
        }
    }

    /// ItemsPath or Items; gives the array.
    fn items(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        language: Language,
        flow: &Flow,
    ) -> Shape {
        if Kind::FullArray.takes(&flow.data) && u.chance(70) {
            return flow.data.clone();
        }
        let view = scope.view(language, &flow.data, &flow.variables);
        let Some((path, items)) = view.find(u, Kind::FullArray) else {
            // The array is too large for a path, or too odd for JSONata.
            let items = template::list(u);
            let shape = Shape::of(&items);
            match language {
                Language::JsonPath => state.insert("ItemsPath".to_owned(), json!("$$.Execution.Input.items")),
                Language::Jsonata => state.insert("Items".to_owned(), items),
            };
            return shape;
        };
        match language {
            Language::JsonPath => state.insert("ItemsPath".to_owned(), json!(path)),
            Language::Jsonata => state.insert("Items".to_owned(), jsonata::delimited(u, &path)),
        };
        items.clone()
    }

    /// Perhaps an ItemSelector, or the deprecated Parameters; gives the input of an iteration.
    fn item_selector(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        language: Language,
        flow: &Flow,
        item: Shape,
    ) -> Shape {
        if !self.config.data_flow || !u.chance(40) {
            return item;
        }
        let current = vec![("Index".to_owned(), Shape::Integer(0)), ("Value".to_owned(), item)];
        let map = Shape::Object(vec![("Item".to_owned(), Shape::Object(current))]);
        let scope = Scope { context: Rc::new((*scope.context).clone().with("Map", map)), states: Map::new(), ..*scope };
        let view = scope.view(language, &flow.data, &flow.variables);
        let deprecated = self.config.deprecated && language == Language::JsonPath && u.chance(50);
        let field = if deprecated { "Parameters" } else { "ItemSelector" };
        let (mut value, mut shape) = match language {
            Language::JsonPath => template::template(u, &view, &self.config),
            Language::Jsonata => jsonata::object(u, &view, &self.config, 1),
        };
        for (member, name) in [("item", "Value"), ("position", "Index")] {
            if let Some(known) = scope.context.member("Map").and_then(|map| map.member("Item")?.member(name)) {
                match language {
                    Language::JsonPath => value[format!("{member}.$")] = json!(format!("$$.Map.Item.{name}")),
                    Language::Jsonata => {
                        value[member] = jsonata::delimited(u, &format!("$states.context.Map.Item.{name}"));
                    }
                }
                shape = shape.with(member, known.clone());
            }
        }
        state.insert(field.to_owned(), value);
        shape
    }

    /// MaxConcurrency and the tolerated failures.
    fn figures(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        language: Language,
        flow: &Flow,
        (plan, counts_calls): (&Plan, bool),
    ) {
        let view = scope.view(language, &flow.data, &flow.variables);
        if counts_calls {
            // How many iterations have called a task when the first fails is certain only one by one.
            state.insert("MaxConcurrency".to_owned(), json!(1));
        } else {
            figure(u, &view, state, language, "MaxConcurrency", 3);
        }
        if plan.fault == Fault::Tolerated {
            match u.below(2) {
                0 => state.insert("ToleratedFailurePercentage".to_owned(), json!(100)),
                _ => state.insert("ToleratedFailureCount".to_owned(), json!(1000)),
            };
        } else if plan.distributed && u.chance(10) {
            state.insert("ToleratedFailurePercentage".to_owned(), json!(u.pick(&[0.0, 0.5])));
        } else if !counts_calls && u.chance(15) {
            figure(u, &view, state, language, "ToleratedFailureCount", 2);
        } else if !counts_calls && u.chance(15) {
            figure(u, &view, state, language, "ToleratedFailurePercentage", 100);
        }
    }

    /// The processor; gives the output of an iteration.
    #[allow(clippy::too_many_arguments, reason = "what is known, and what is to happen")]
    fn processor(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        flow: &Flow,
        item: Shape,
        plan: &Plan,
        error: &'static str,
        (fate, failures): (Fate, usize),
    ) -> Shape {
        let mut inner = if plan.distributed { scope.isolated() } else { scope.inner(true) };
        let mut flow = flow.with(item);
        if plan.distributed {
            flow.variables = Variables::new();
        }
        let start = self.fresh(u);
        let outcome = match (plan.fault, fate) {
            (Fault::Tolerated, _) => self.doomed(u, &mut inner, start.clone(), flow, error, Some(1)),
            (Fault::Inside, Fate::Recovers) => self.doomed(u, &mut inner, start.clone(), flow, error, Some(failures)),
            (Fault::Inside, Fate::Caught | Fate::Fails) => self.doomed(u, &mut inner, start.clone(), flow, error, None),
            _ => {
                let length = self.short(u);
                self.sequence(u, &mut inner, start.clone(), &Exit::End, flow, length)
            }
        };
        let mut processor = json!({"StartAt": start, "States": inner.states});
        if plan.distributed {
            let execution = *u.pick(&["STANDARD", "EXPRESS"]);
            processor["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": execution});
            if u.chance(40) {
                self.labels += 1;
                state.insert("Label".to_owned(), json!(format!("Label{}", self.labels)));
            }
        } else if u.chance(25) {
            processor["ProcessorConfig"] = json!({"Mode": "INLINE"});
        }
        if self.config.comments && u.chance(30) {
            processor["Comment"] = json!("for each");
        }
        let field = if self.config.deprecated && u.chance(50) { "Iterator" } else { "ItemProcessor" };
        state.insert(field.to_owned(), processor);
        outcome.data
    }

    /// Perhaps a ResultWriter; gives the result of the state.
    fn map_result(
        &mut self,
        u: &mut Unstructured<'_>,
        state: &mut Map<String, Value>,
        language: Language,
        plan: &Plan,
        output: Shape,
    ) -> Shape {
        if plan.distributed && self.config.writers && (plan.fault == Fault::Writer || u.chance(40)) {
            return self.writer(u, state, language, plan.fault == Fault::Writer);
        }
        match &plan.items {
            // Batches are fewer than items, and failed items leave nothing.
            _ if plan.fault == Fault::Tolerated => Shape::Array(Vec::new()),
            Shape::Array(items) if state.contains_key("ItemBatcher") => Shape::Array(vec![output; items.len().min(1)]),
            Shape::Array(items) => Shape::Array(vec![output; items.len()]),
            _ => Shape::Array(Vec::new()),
        }
    }
}

/// Perhaps a number, as a literal or from the data.
fn figure(
    u: &mut Unstructured<'_>,
    view: &crate::path::View<'_>,
    state: &mut Map<String, Value>,
    language: Language,
    field: &str,
    most: i64,
) {
    if !u.chance(50) {
        return;
    }
    let found = if u.chance(40) { view.find_in_data(u, Kind::Positive) } else { None };
    // A percentage has to be one.
    let found = found.filter(|(_, shape)| most != 100 || matches!(shape, Shape::Integer(..=50)));
    match (found, language) {
        (Some((path, _)), Language::JsonPath) => state.insert(format!("{field}Path"), json!(path)),
        (Some((path, _)), Language::Jsonata) => state.insert(field.to_owned(), jsonata::delimited(u, &path)),
        (None, _) => state.insert(field.to_owned(), json!(u.within(0..=most))),
    };
}
