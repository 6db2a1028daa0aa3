//! Map states (MAP rows; specification, "Map State").

use std::collections::VecDeque;

use serde_json::{Map as Object, Number, Value, json};

use super::{
    children::Children,
    errors::Raised,
    execution::{Execution, Progress},
    strand::{Phase, Strand},
    work::{kind_of, select},
};
use crate::{
    failure::{Failure, StateError, names},
    machine::{Figure, Map, Selector, State},
    observe::{Event, Observer},
    path::Root,
    task::TaskHandler,
};

/// What a Map keeps between its iterations.
#[derive(Debug)]
pub(super) struct Iterations {
    pub is_distributed: bool,
    /// Items that have not been started, in order.
    waiting: VecDeque<Item>,
    next_index: usize,
    /// Most iterations at a time.
    pub concurrency: usize,
    total: usize,
    failures: Vec<(usize, Raised)>,
    tolerance: Tolerance,
}

/// One item of the Items Array.
#[derive(Debug)]
pub(super) struct Item {
    pub value: Value,
    /// The member name when the items come from an object (CTX-019).
    pub key: Option<String>,
}

/// How many failures a Map stands (MAP-031 to MAP-035).
#[derive(Debug)]
enum Tolerance {
    /// An inline Map without tolerance fields: the first failure is the failure of the Map (MAP-029).
    None,
    UpTo {
        count: Option<usize>,
        percentage: Option<f64>,
    },
}

impl Iterations {
    pub fn has_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub fn waiting(&self) -> impl Iterator<Item = &Value> {
        self.waiting.iter().map(|item| &item.value)
    }

    /// Counts a failed item; gives the error of the Map when it is one too many.
    #[allow(clippy::cast_precision_loss, reason = "far fewer items than 2^53")]
    pub fn failed(&mut self, index: usize, raised: Raised) -> Option<Raised> {
        let Tolerance::UpTo { count, percentage } = &self.tolerance else { return Some(raised) };
        self.failures.push((index, raised));
        let failed = self.failures.len();
        let share = failed as f64 * 100.0 / self.total.max(1) as f64;
        let is_exceeded = count.is_some_and(|count| failed > count) || percentage.is_some_and(|most| share > most);
        is_exceeded.then(|| {
            let cause = "The specified tolerated failure threshold was exceeded";
            StateError::new(names::EXCEED_TOLERATED_FAILURE_THRESHOLD, cause).into()
        })
    }
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    pub(super) fn start_map(&mut self, strand: &mut Strand, state: &State, map: &Map) -> Result<Progress, Failure> {
        let items = self.items(strand, state, map)?;
        let length = items.len();
        strand.last_event = self.emit(strand.execution, strand.last_event, Event::MapStateStarted { length });
        let started = strand.last_event;
        let iterations = self.iterations(strand, state, map, items)?;
        self.tend(strand, state, Box::new(Children::new(length, started, Some(iterations))))
    }

    /// The Items Array (MAP-008 to MAP-010).
    fn items(&self, strand: &mut Strand, state: &State, map: &Map) -> Result<VecDeque<Item>, Failure> {
        let plain = |value| Item { value, key: None };
        let is_own = map.items_path.as_ref().is_none_or(|path| *path.root() == Root::Input);
        let is_free = !state.keeps_input && map.item_selector.is_none() && is_own;
        if is_free && matches!(state.data.input_path, Selector::Whole) && self.figures_are_literal(map) {
            let input = std::mem::take(&mut strand.input);
            let items = match &map.items_path {
                Some(path) => {
                    path.take(input).map_err(|error| super::data::invalid_path("ItemsPath", path.text(), error))?
                }
                None => input,
            };
            return match items {
                Value::Array(items) => Ok(items.into_iter().map(plain).collect()),
                other => Err(no_array(&other)),
            };
        }
        let filtered = self.filtered_input(strand, state)?;
        let environment = self.environment(strand, &filtered);
        let items = match &map.items_path {
            Some(path) => select("ItemsPath", path, &environment)?,
            None => environment.input,
        };
        match items {
            Value::Array(items) => items.iter().map(|item| self.meter.copy(item, 0).map(plain)).collect(),
            other => Err(no_array(other)),
        }
    }

    fn figures_are_literal(&self, map: &Map) -> bool {
        let figures = [&map.max_concurrency, &map.tolerated_count, &map.tolerated_percentage];
        figures.into_iter().all(|figure| !matches!(figure, Some(Figure::Path { .. })))
    }

    fn iterations(
        &self,
        strand: &Strand,
        state: &State,
        map: &Map,
        waiting: VecDeque<Item>,
    ) -> Result<Iterations, Failure> {
        let is_distributed = map.distributed.is_some();
        // After `items` has moved the input out, no figure is a Path.
        let filtered = if self.figures_are_literal(map) { None } else { Some(self.filtered_input(strand, state)?) };
        let environment = self.environment(strand, filtered.as_deref().unwrap_or(&Value::Null));
        let integer = |figure: &Option<Figure>| {
            let value = figure.as_ref().map(|figure| self.integer(figure, 0..=i64::MAX, &environment)).transpose()?;
            Ok::<_, Failure>(value.map(|value| usize::try_from(value).unwrap_or(usize::MAX)))
        };
        let count = integer(&map.tolerated_count)?;
        let percentage = map.tolerated_percentage.as_ref();
        let percentage = percentage.map(|figure| percent(&self.figure(figure, &environment)?)).transpose()?;
        let limits = self.options.quotas.as_ref();
        let cap = limits.map_or(usize::MAX, |limits| {
            if is_distributed { limits.distributed_concurrency } else { limits.inline_concurrency }
        });
        let concurrency = integer(&map.max_concurrency)?.filter(|limit| *limit > 0).unwrap_or(usize::MAX);
        Ok(Iterations {
            is_distributed,
            total: waiting.len(),
            waiting,
            next_index: 0,
            concurrency: concurrency.min(cap),
            failures: Vec::new(),
            tolerance: match (count, percentage) {
                (None, None) if is_distributed => Tolerance::UpTo { count: Some(0), percentage: None },
                (None, None) => Tolerance::None,
                (count, percentage) => Tolerance::UpTo { count, percentage },
            },
        })
    }

    /// Starts items while there are some and concurrency allows it (MAP-019, MAP-023, MAP-024).
    pub(super) fn start_iterations(
        &mut self,
        strand: &mut Strand,
        state: &State,
        map: &Map,
        children: &mut Children,
    ) -> Result<(), Failure> {
        let started = children.started;
        while children.active < children.concurrency() {
            let Some(iterations) = children.iterations.as_mut() else { break };
            let Some(item) = iterations.waiting.pop_front() else { break };
            let index = iterations.next_index;
            iterations.next_index = index.saturating_add(1);
            let is_distributed = iterations.is_distributed;
            let input = match &map.item_selector {
                Some(_) => self.selected_item(strand, state, map, index, item)?,
                None => item.value,
            };
            let child = if is_distributed {
                self.spawn_execution(strand, index, map.start, input)
            } else {
                let event = Event::MapIterationStarted { name: &state.name, index };
                let last_event = self.emit(strand.execution, started, event);
                self.spawn(strand, index, map.start, input, last_event)
            };
            children.started(child);
        }
        Ok(())
    }

    /// ItemSelector for one item (MAP-015, CTX-017 to CTX-020, TMPL-019).
    fn selected_item(
        &mut self,
        strand: &Strand,
        state: &State,
        map: &Map,
        index: usize,
        item: Item,
    ) -> Result<Value, Failure> {
        let Some(selector) = &map.item_selector else { return Ok(item.value) };
        if state.reads_context {
            self.prepare_context(strand, state);
            let mut current = Object::new();
            current.insert("Index".to_owned(), index.into());
            current.insert("Value".to_owned(), item.value);
            if let Some(key) = item.key {
                current.insert("Key".to_owned(), key.into());
            }
            current.insert("Source".to_owned(), "STATE_DATA".into());
            if let Some(context) = self.contexts.object(strand.execution) {
                context.insert("Map".to_owned(), json!({ "Item": current }));
            }
        }
        let filtered = self.filtered_input(strand, state)?;
        selector.evaluate(&self.environment(strand, &filtered))
    }

    /// The result of a Map (MAP-020, MAP-021).
    pub(super) fn finish_map(
        &mut self,
        strand: &mut Strand,
        state: &State,
        _map: &Map,
        children: Children,
    ) -> Result<Progress, Failure> {
        self.emit(strand.execution, strand.last_event, Event::MapStateSucceeded);
        strand.phase = Phase::Enter;
        let result = Value::Array(children.outputs.into_iter().flatten().collect());
        self.complete(strand, state, result)
    }
}

fn no_array(value: &Value) -> Failure {
    StateError::runtime(format!("Reference path for the items must be an array, but it is {}", kind_of(value))).into()
}

/// MAP-033, MAP-038.
fn percent(number: &Number) -> Result<f64, Failure> {
    number.as_f64().filter(|percentage| (0.0..=100.0).contains(percentage)).ok_or_else(|| {
        StateError::runtime(format!("The tolerated failure percentage must be from 0 to 100, not {number}")).into()
    })
}
