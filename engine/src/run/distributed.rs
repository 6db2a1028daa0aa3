//! Distributed Maps: readers, batches, child executions and their results (DMAP rows).

use std::collections::VecDeque;

use serde_json::{Map as Object, Value};

use super::{
    children::Children,
    execution::{Execution, Progress},
    strand::Strand,
    work::kind_of,
};
use crate::{
    failure::{Failure, StateError, names},
    items::{self, Action, Item, ReadError},
    machine::{Batcher, Distributed, Figure, Map, Reader, State},
    number,
    observe::{Event, Observer},
    quotas::json_bytes,
    task::TaskHandler,
    time::Span,
};

/// Most items that a reader yields (LIMIT-024); a larger `MaxItemsPath` counts as this (DMAP-057).
const MOST_ITEMS: u64 = 100_000_000;
/// Where items that no reader read come from (CTX-020).
pub(super) const STATE_DATA: &str = "STATE_DATA";

/// What the result of a distributed Map tells of one child execution.
#[derive(Debug)]
pub(super) struct ChildRecord {
    pub name: String,
    pub input: Value,
    pub started: Span,
    pub ended: Span,
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// Starts a Map Run (DMAP-003, HIST-027).
    pub(super) fn start_map_run(
        &mut self,
        strand: &mut Strand,
        state: &State,
        map: &Map,
        distributed: &Distributed,
    ) -> Result<Progress, Failure> {
        let own = if distributed.reader.is_none() { Some(self.items(strand, state, map)?) } else { None };
        let length = own.as_ref().map_or(0, VecDeque::len);
        strand.last_event = self.emit(strand.execution, strand.last_event, Event::MapStateStarted { length });
        let map_run = self.map_run_arn(state, distributed);
        strand.last_event = self.emit(strand.execution, strand.last_event, Event::MapRunStarted { map_run: &map_run });
        strand.map_run = Some(map_run.into());
        let (mut items, source) = match (&distributed.reader, own) {
            (Some(reader), _) => self.read_items(strand, state, map, reader)?,
            (None, own) => (own.unwrap_or_default(), STATE_DATA.to_owned()),
        };
        let mut iterations = self.iterations(strand, state, map, VecDeque::new())?;
        iterations.source = source;
        if let Some(batcher) = &distributed.batcher {
            let (batches, sizes) = self.batches(strand, state, map, batcher, items, &iterations.source)?;
            items = batches;
            iterations.sizes = Some(sizes);
        }
        iterations.fill(items, map.item_selector.is_some() && distributed.batcher.is_none());
        iterations.records = distributed.writer.as_ref().map(|_| Vec::new());
        let children = Children::new(iterations.count(), strand.last_event, Some(iterations));
        self.tend(strand, state, Box::new(children))
    }

    fn map_run_arn(&mut self, state: &State, distributed: &Distributed) -> String {
        let label = if distributed.label.is_empty() { &*state.name } else { distributed.label.as_str() };
        format!("arn:aws:states:us-east-1:123456789012:mapRun:Machine/{label}:{}", self.random.uuid())
    }

    /// DMAP-006 to DMAP-016.
    fn read_items(
        &mut self,
        strand: &Strand,
        state: &State,
        map: &Map,
        reader: &Reader,
    ) -> Result<(VecDeque<Item>, String), Failure> {
        if state.reads_context {
            self.prepare_context(strand, state);
        }
        let action = Action::of(&reader.resource)
            .ok_or_else(|| Failure::Unsupported(format!("the item reader '{}'", reader.resource)))?;
        let (arguments, config, most) = {
            let filtered = self.filtered_input(strand, state)?;
            let environment = self.environment(strand, &filtered);
            let arguments = reader.arguments.as_ref().map(|template| template.evaluate(&environment)).transpose()?;
            let most = reader.max_items.as_ref().map(|figure| self.max_items(figure, &environment)).transpose()?;
            let config = reader.config.evaluate(&environment)?;
            (arguments.unwrap_or_default(), config, most.unwrap_or(MOST_ITEMS))
        };
        let store = self.handler.store().ok_or_else(|| unreadable("There is no object store to read from"))?;
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let read = items::read(action, &arguments, &config, most, store);
        let failure = |error| match error {
            ReadError::Failed(cause) => unreadable(&cause),
            ReadError::Unsupported(what) => Failure::Unsupported(what),
        };
        let (collection, location) = read.map_err(failure)?;
        let units = self.meter.measure(&collection, 0)?;
        self.meter.allocate(units)?;
        let mut items = match &map.items_path {
            // D59: the specification applies ItemsPath to what the reader returns.
            Some(path) if !self.machine.profile.is_aws() => {
                let selected = path.take(collection);
                let selected = selected.map_err(|error| super::data::invalid_path(path.text(), error))?;
                items::of_collection(selected).map_err(|other| no_collection(&other))?
            }
            _ => items::of_collection(collection).map_err(|_| failure(items::not_iterable()))?,
        };
        items.truncate(most);
        self.check_items(&items)?;
        Ok((items.into(), location.uri()))
    }

    /// LIMIT-023.
    fn check_items(&self, items: &[Item]) -> Result<(), Failure> {
        let Some(limits) = &self.options.quotas else { return Ok(()) };
        let most = limits.item_bytes;
        if items.iter().all(|item| json_bytes(&item.value) <= most) {
            return Ok(());
        }
        Err(unreadable(&format!("An item of the file is larger than the {most} bytes that an item may have")))
    }

    /// DMAP-012 to DMAP-016, DMAP-057.
    fn max_items(&self, figure: &Figure, environment: &crate::environment::Environment<'_>) -> Result<u64, Failure> {
        let number = self.figure(figure, environment)?;
        let refused = |otherwise: Failure| match figure {
            Figure::Query { expression, .. } => {
                expression.out_of_range("ItemReader/ReaderConfig/MaxItems", &Value::Number(number.clone()))
            }
            _ => otherwise,
        };
        let Some(most) = number::to_i64(&number) else {
            return Err(refused(StateError::runtime(format!("MaxItems must be an integer, not {number}")).into()));
        };
        let least = if self.machine.profile.is_aws() { 0 } else { 1 };
        match u64::try_from(most) {
            Ok(0) if least == 0 => Ok(MOST_ITEMS),
            Ok(most) if most > 0 => Ok(most.min(MOST_ITEMS)),
            _ => Err(refused(unreadable("field MaxItems must be positive"))),
        }
    }

    /// DMAP-031 to DMAP-041: the inputs of the child executions and how many items each holds.
    fn batches(
        &mut self,
        strand: &Strand,
        state: &State,
        map: &Map,
        batcher: &Batcher,
        items: VecDeque<Item>,
        source: &str,
    ) -> Result<(VecDeque<Item>, Vec<usize>), Failure> {
        let (common, most_items, most_bytes) = {
            let filtered = self.filtered_input(strand, state)?;
            let environment = self.environment(strand, &filtered);
            let bound = |figure: &Option<Figure>| {
                let bound =
                    figure.as_ref().map(|figure| self.integer(figure, 1..=i64::MAX, &environment)).transpose()?;
                Ok::<_, Failure>(bound.map_or(usize::MAX, |bound| usize::try_from(bound).unwrap_or(usize::MAX)))
            };
            let common = batcher.input.as_ref().map(|input| input.evaluate(&environment)).transpose()?;
            (common, bound(&batcher.max_items)?, bound(&batcher.max_bytes)?)
        };
        let mut batches = Batches { common, done: VecDeque::new(), sizes: Vec::new() };
        let mut current = Vec::new();
        let mut bytes = batches.overhead();
        for (index, item) in items.into_iter().enumerate() {
            let value = self.selected_item(strand, state, map, index, item, source)?;
            let length = json_bytes(&value);
            // Every item but the first of a batch brings a comma.
            let grown = bytes.saturating_add(length).saturating_add(usize::from(!current.is_empty()));
            if !current.is_empty() && (current.len() >= most_items || grown > most_bytes) {
                batches.close(std::mem::take(&mut current), &self.meter)?;
                bytes = batches.overhead().saturating_add(length);
            } else {
                bytes = grown;
            }
            if bytes > most_bytes {
                let cause = format!("An item is larger than the {most_bytes} bytes that a batch may have");
                return Err(StateError::new(names::DATA_LIMIT_EXCEEDED, cause).into());
            }
            current.push(value);
        }
        if !current.is_empty() {
            batches.close(current, &self.meter)?;
        }
        Ok((batches.done, batches.sizes))
    }
}

struct Batches {
    /// BatchInput (DMAP-039).
    common: Option<Value>,
    done: VecDeque<Item>,
    sizes: Vec<usize>,
}

impl Batches {
    fn input(&self, items: Vec<Value>, common: Option<Value>) -> Value {
        let mut input = Object::new();
        if let Some(common) = common {
            input.insert("BatchInput".to_owned(), common);
        }
        input.insert("Items".to_owned(), Value::Array(items));
        Value::Object(input)
    }

    /// Length of a batch input without items.
    fn overhead(&self) -> usize {
        json_bytes(&self.input(Vec::new(), self.common.clone()))
    }

    fn close(&mut self, items: Vec<Value>, meter: &crate::meter::Meter) -> Result<(), Failure> {
        let common = self.common.as_ref().map(|common| meter.copy(common, 1)).transpose()?;
        self.sizes.push(items.len());
        let input = self.input(items, common);
        self.done.push_back(input.into());
        Ok(())
    }
}

fn unreadable(cause: &str) -> Failure {
    StateError::new(names::ITEM_READER_FAILED, cause).into()
}

pub(super) fn no_collection(value: &Value) -> Failure {
    StateError::runtime(format!("The items must be an array or an object, but they are {}", kind_of(value))).into()
}
