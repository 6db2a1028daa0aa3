//! Map states (MAP rows; specification, "Map State").

use std::{collections::VecDeque, ops::Range};

use serde_json::{Map as Object, Number, Value, json};

use super::{
    children::Children,
    data::invalid_path,
    distributed::{ChildRecord, STATE_DATA, no_collection},
    errors::Raised,
    execution::{Execution, Progress},
    strand::{Strand, StrandId},
    timeline::Batch,
    work::{kind_of, select},
};
use crate::{
    failure::{Failure, StateError, names},
    items::{self, Item},
    machine::{Figure, Map, QueryLanguage, Selector, State},
    observe::{Event, Observer},
    path::Root,
    task::TaskHandler,
    time::Span,
};

/// What a Map keeps between its iterations.
#[derive(Debug)]
pub(super) struct Iterations {
    pub is_distributed: bool,
    /// Items that have not become strands, in order.
    waiting: VecDeque<Item>,
    /// How many of them have been started all the same, and wait for their first turn.
    started: usize,
    next_index: usize,
    /// Most iterations at a time.
    pub concurrency: usize,
    total: usize,
    failures: Vec<(usize, Raised)>,
    tolerance: Tolerance,
    /// Where the items come from (CTX-020).
    pub source: String,
    /// How many items each batch holds; without batches every child stands for one item.
    pub sizes: Option<Vec<usize>>,
    /// Whether ItemSelector is still to be applied to the waiting items.
    is_selecting: bool,
    /// One for every child execution, where the result will tell of them.
    pub records: Option<Vec<ChildRecord>>,
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
        self.waiting.len() > self.started
    }

    /// The next item to be started, and its index.
    fn next_waiting(&mut self) -> Option<(usize, &mut Item)> {
        self.waiting.get_mut(self.started).map(|item| (self.next_index, item))
    }

    /// Counts the next item as started, though it is no strand yet.
    fn next_started(&mut self) {
        self.started = self.started.saturating_add(1);
        self.next_index = self.next_index.saturating_add(1);
    }

    /// Takes the index and the value of the started item whose turn it is.
    pub fn begin(&mut self) -> Option<(usize, Value)> {
        let index = self.not_begun().next()?;
        self.started = self.started.saturating_sub(1);
        self.waiting.pop_front().map(|item| (index, item.value))
    }

    /// The indexes of items that have been started and wait for their first turn.
    pub fn not_begun(&self) -> Range<usize> {
        self.next_index.saturating_sub(self.started)..self.next_index
    }

    /// Puts the items in that are to be processed, batches being items already selected.
    pub fn fill(&mut self, items: VecDeque<Item>, is_selecting: bool) {
        self.total = self.sizes.as_ref().map_or(items.len(), |sizes| sizes.iter().sum());
        self.waiting = items;
        self.is_selecting = is_selecting;
    }

    /// How many children there will be.
    pub fn count(&self) -> usize {
        self.waiting.len()
    }

    /// The error that a child ended with.
    pub fn failure(&self, index: usize) -> Option<&Raised> {
        self.failures.iter().find(|(failed, _)| *failed == index).map(|(_, raised)| raised)
    }

    /// Records of the items that no child execution was started for.
    pub fn not_started(&self, now: Span) -> Vec<ChildRecord> {
        let record = |(index, item): (usize, &Item)| ChildRecord {
            name: format!("child-{index}"),
            input: item.value.clone(),
            started: now,
            ended: now,
        };
        (self.next_index..).zip(&self.waiting).map(record).collect()
    }

    /// Notes when a child execution ended.
    pub fn ended(&mut self, index: usize, now: Span) {
        if let Some(record) = self.records.as_mut().and_then(|records| records.get_mut(index)) {
            record.ended = now;
        }
    }

    pub fn waiting(&self) -> impl Iterator<Item = &Value> {
        self.waiting.iter().map(|item| &item.value)
    }

    /// Counts a failed item; gives the error of the Map when it is one too many.
    #[allow(clippy::cast_precision_loss, reason = "far fewer items than 2^53")]
    pub fn failed(&mut self, index: usize, raised: Raised) -> Option<Raised> {
        let Tolerance::UpTo { count, percentage } = &self.tolerance else { return Some(raised) };
        self.failures.push((index, raised));
        let weight =
            |(index, _): &(usize, Raised)| self.sizes.as_ref().map_or(1, |sizes| *sizes.get(*index).unwrap_or(&1));
        let failed: usize = self.failures.iter().map(weight).sum();
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
        if let Some(distributed) = &map.distributed {
            return self.start_map_run(strand, state, map, distributed);
        }
        let items = self.items(strand, state, map)?;
        let length = items.len();
        strand.last_event = self.emit(strand.execution, strand.last_event, Event::MapStateStarted { length });
        let started = strand.last_event;
        let iterations = self.iterations(strand, state, map, items)?;
        self.tend(strand, state, Box::new(Children::new(length, started, Some(iterations))))
    }

    /// The Items Array (MAP-008 to MAP-010).
    pub(super) fn items(&self, strand: &mut Strand, state: &State, map: &Map) -> Result<VecDeque<Item>, Failure> {
        let is_distributed = map.distributed.is_some();
        if state.language == QueryLanguage::Jsonata {
            return self.queried_items(strand, map);
        }
        let is_own = map.items_path.as_ref().is_none_or(|path| *path.root() == Root::Input);
        let is_free = !state.keeps_input && map.item_selector.is_none() && is_own && !is_distributed;
        if is_free && matches!(state.data.input_path, Selector::Whole) && self.figures_are_literal(map) {
            let input = std::mem::take(&mut strand.input);
            let items = match &map.items_path {
                Some(path) => path.take(input).map_err(|error| invalid_path(path.text(), error))?,
                None => input,
            };
            return match items {
                Value::Array(items) => Ok(items.into_iter().map(Item::from).collect()),
                other => Err(no_array(&other)),
            };
        }
        let filtered = self.filtered_input(strand, state)?;
        let environment = self.environment(strand, &filtered);
        let items = match &map.items_path {
            Some(path) => select(path, &environment)?,
            None => environment.input,
        };
        match items {
            // D30: only a distributed Map takes the members of an object.
            Value::Object(_) if is_distributed => {
                let members = items::of_collection(self.meter.copy(items, 0)?);
                members.map(VecDeque::from).map_err(|other| no_collection(&other))
            }
            Value::Array(items) => items.iter().map(|item| self.meter.copy(item, 0).map(Item::from)).collect(),
            other => Err(no_array(other)),
        }
    }

    /// MAP-011 to MAP-013.
    fn queried_items(&self, strand: &Strand, map: &Map) -> Result<VecDeque<Item>, Failure> {
        let environment = self.environment(strand, &strand.input);
        let items = match &map.items {
            Some(items) => items.evaluate(&environment)?,
            None => self.meter.copy(&strand.input, 0)?,
        };
        let refused = |value: &Value| match &map.items {
            Some(items) => items.unexpected("Items", "array", value),
            None => Failure::query("Items", format!("The state input must be an array, but it is {}", kind_of(value))),
        };
        match items {
            Value::Object(_) if map.distributed.is_none() => Err(refused(&items)),
            items => items::of_collection(items).map(VecDeque::from).map_err(|other| refused(&other)),
        }
    }

    fn figures_are_literal(&self, map: &Map) -> bool {
        let figures = [&map.max_concurrency, &map.tolerated_count, &map.tolerated_percentage];
        figures.into_iter().all(|figure| matches!(figure, None | Some(Figure::Literal(_))))
    }

    pub(super) fn iterations(
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
        let percentage = percentage.map(|figure| percent(figure, &self.figure(figure, &environment)?)).transpose()?;
        let limits = self.options.quotas.as_ref();
        let cap = limits.map_or(usize::MAX, |limits| {
            if is_distributed { limits.distributed_concurrency } else { limits.inline_concurrency }
        });
        let concurrency = integer(&map.max_concurrency)?.filter(|limit| *limit > 0).unwrap_or(usize::MAX);
        Ok(Iterations {
            is_distributed,
            total: waiting.len(),
            waiting,
            started: 0,
            next_index: 0,
            concurrency: concurrency.min(cap),
            failures: Vec::new(),
            tolerance: match (count, percentage) {
                (None, None) if is_distributed => Tolerance::UpTo { count: Some(0), percentage: None },
                (None, None) => Tolerance::None,
                (count, percentage) => Tolerance::UpTo { count, percentage },
            },
            source: STATE_DATA.to_owned(),
            sizes: None,
            is_selecting: map.item_selector.is_some(),
            records: None,
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
        if map.distributed.is_some() {
            return self.start_child_executions(strand, state, map, children);
        }
        let visit = children.started;
        let Some(iterations) = children.iterations.as_mut() else { return Ok(()) };
        let mut batch = Batch { map: strand.id, visit, event: self.next_event(strand.execution), count: 0 };
        while children.active < iterations.concurrency {
            let Some((index, item)) = iterations.next_waiting() else { break };
            if map.item_selector.is_some() {
                let taken = Item { value: item.value.take(), key: item.key.take() };
                item.value = self.selected_item(strand, state, map, index, taken, STATE_DATA)?;
            }
            iterations.next_started();
            children.active = children.active.saturating_add(1);
            self.emit(strand.execution, visit, Event::MapIterationStarted { name: &state.name, index });
            batch.count = batch.count.saturating_add(1);
        }
        self.timeline.make_batch_ready(batch);
        Ok(())
    }

    fn start_child_executions(
        &mut self,
        strand: &mut Strand,
        state: &State,
        map: &Map,
        children: &mut Children,
    ) -> Result<(), Failure> {
        let waiting = children.iterations.as_ref().map_or(0, Iterations::count);
        self.strands.make_room(waiting.min(children.concurrency().saturating_sub(children.active)));
        while children.active < children.concurrency() {
            let Some(iterations) = children.iterations.as_mut() else { break };
            let Some(item) = iterations.waiting.pop_front() else { break };
            let index = iterations.next_index;
            iterations.next_index = index.saturating_add(1);
            let input = if iterations.is_selecting {
                let source = iterations.source.clone();
                self.selected_item(strand, state, map, index, item, &source)?
            } else {
                item.value
            };
            let child = self.start_child_execution(strand, state, map, children, index, input)?;
            children.started(child);
        }
        Ok(())
    }

    /// DMAP-003, LIMIT-022.
    fn start_child_execution(
        &mut self,
        strand: &Strand,
        state: &State,
        map: &Map,
        children: &mut Children,
        index: usize,
        input: Value,
    ) -> Result<StrandId, Failure> {
        self.check_payload(&input, state)?;
        let name = format!("child-{index}");
        if let Some(records) = children.iterations.as_mut().and_then(|iterations| iterations.records.as_mut()) {
            let input = self.meter.copy(&input, 0)?;
            records.push(ChildRecord { name: name.clone(), input, started: self.now, ended: self.now });
        }
        let is_express = map.distributed.as_ref().is_some_and(|distributed| distributed.is_express);
        Ok(self.spawn_execution(strand, index, map.start, &name, input, is_express))
    }

    /// ItemSelector for one item (MAP-015, CTX-017 to CTX-020, TMPL-019).
    pub(super) fn selected_item(
        &mut self,
        strand: &Strand,
        state: &State,
        map: &Map,
        index: usize,
        item: Item,
        source: &str,
    ) -> Result<Value, Failure> {
        let Some(selector) = &map.item_selector else { return Ok(item.value) };
        if state.reads_context {
            self.prepare_context(strand, state);
            let mut current = Object::new();
            current.insert("Index".to_owned(), index.into());
            let mut value = item.value;
            if let Some(key) = item.key {
                current.insert("Key".to_owned(), key.into());
                value = value.get_mut("Value").map(Value::take).unwrap_or_default();
            }
            current.insert("Value".to_owned(), value);
            current.insert("Source".to_owned(), source.into());
            if let Some(context) = self.contexts.object(strand.execution) {
                context.insert("Map".to_owned(), json!({ "Item": current }));
            }
        }
        let filtered = self.filtered_input(strand, state)?;
        selector.evaluate(&self.environment(strand, &filtered))
    }

    /// The result of a Map (MAP-020, MAP-021, DMAP-041, DMAP-050, DMAP-055).
    pub(super) fn finish_map(
        &mut self,
        strand: &mut Strand,
        state: &State,
        map: &Map,
        mut children: Children,
    ) -> Result<Progress, Failure> {
        let writer = map.distributed.as_ref().and_then(|distributed| distributed.writer.as_ref());
        let result = match (writer, &children.iterations) {
            (Some(writer), Some(iterations)) => {
                self.written_result(strand, state, writer, &children.outputs, iterations)?
            }
            _ => Value::Array(std::mem::take(&mut children.outputs).into_iter().flatten().collect()),
        };
        if map.distributed.is_some() {
            // LIMIT-027: the collected output counts in full.
            self.check_payload(&result, state)?;
            self.emit(strand.execution, strand.last_event, Event::MapRunSucceeded);
            strand.map_run = None;
        }
        self.emit(strand.execution, strand.last_event, Event::MapStateSucceeded);
        self.complete(strand, state, result)
    }
}

fn no_array(value: &Value) -> Failure {
    StateError::runtime(format!("Reference path for the items must be an array, but it is {}", kind_of(value))).into()
}

/// MAP-033, MAP-036, MAP-038.
fn percent(figure: &Figure, number: &Number) -> Result<f64, Failure> {
    let percentage = number.as_f64().filter(|percentage| (0.0..=100.0).contains(percentage));
    percentage.ok_or_else(|| match figure {
        Figure::Query { field, expression } => expression.out_of_range(field, &Value::Number(number.clone())),
        _ => {
            let cause = format!("The tolerated failure percentage must be from 0 to 100, not {number}");
            StateError::runtime(cause).into()
        }
    })
}
