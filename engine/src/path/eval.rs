//! Evaluation of the steps of a Path.
//!
//! Recursion is one frame a step, and the steps of a Path are bounded with those of its filters; documents of any depth
//! are descended without recursion.

use std::{borrow::Cow, ops::ControlFlow};

use serde_json::{Map, Value};

use super::{
    Selection,
    dialect::Dialect,
    outcome::{Miss, Stop, outline},
    syntax::{Condition, Query, Slice, Step},
};
use crate::{
    failure::Failure,
    json,
    meter::{Meter, text_units},
};

/// One evaluation of a Path.
#[derive(Clone, Copy)]
pub(super) struct Evaluation<'e> {
    /// What `$` means in a filter.
    pub root: &'e Value,
    pub dialect: &'e Dialect,
    pub meter: &'e Meter,
    /// Whether an index past the end gives null in a list.
    pub pads: bool,
}

/// Takes each selected value in turn, and says whether to go on.
pub(super) type Sink<'s, 'v> = &'s mut dyn FnMut(Cow<'v, Value>) -> Walked;
pub(super) type Walked = Result<ControlFlow<()>, Stop>;

const ON: Walked = Ok(ControlFlow::Continue(()));

/// The kind of step that led to a value, for what it says about the next one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// Definite steps alone: what cannot be applied fails.
    Definite,
    /// A filter.
    Filter,
    /// A descent: the step meets values of every kind and takes those it fits.
    Descent,
    Other,
}

/// A place in a query: steps, the next of them, and how it was reached.
#[derive(Clone, Copy)]
struct Position<'q> {
    steps: &'q [Step],
    at: usize,
    by: By,
}

impl<'q> Position<'q> {
    fn step(self) -> Option<&'q Step> {
        self.steps.get(self.at)
    }

    fn after(self, by: By) -> Self {
        Self { at: self.at.saturating_add(1), by, ..self }
    }
}

impl Evaluation<'_> {
    /// What a query selects from a value: the value itself, or a list of copies.
    pub fn select<'v>(&self, query: &Query, value: &'v Value) -> Result<Cow<'v, Value>, Stop> {
        let selected = if query.is_list() {
            self.meter.allocate(1)?;
            Cow::Owned(Value::Array(self.gather(query, value, |node| self.copied(node))?))
        } else {
            self.follow(query, value)?
        };
        match &query.call {
            None => Ok(selected),
            Some(call) => {
                let missing = |cause: String| Miss::Function(cause).at(query.steps.len());
                Ok(Cow::Owned(self.apply(call, &selected, missing)?))
            }
        }
    }

    /// The same, with the entries of a list as they stand in the value.
    pub fn select_in_place<'v>(&self, query: &Query, value: &'v Value) -> Result<Selection<'v>, Stop> {
        if query.call.is_some() || !query.is_list() {
            return self.select(query, value).map(Selection::Value);
        }
        self.gather(query, value, |node| self.meter.charge(1).map(|()| node)).map(Selection::List)
    }

    /// The same evaluation where an index past the end is a miss everywhere.
    pub fn without_padding(&self) -> Self {
        Self { pads: false, ..*self }
    }

    /// Whether a query selects anything that is there; a list must have an entry.
    pub fn exists(&self, query: &Query, value: &Value) -> Result<bool, Stop> {
        let selected = if query.call.is_some() || !query.is_list() {
            self.select(query, value).map(|_| true)
        } else {
            self.follow(query, value).and_then(|here| {
                let found = self.without_padding().walk_list(query, here, &mut |_| Ok(ControlFlow::Break(())))?;
                Ok(found.is_break())
            })
        };
        match selected {
            Err(Stop::Miss { .. }) => Ok(false),
            selected => selected,
        }
    }

    /// Takes the definite steps at the beginning.
    fn follow<'v>(&self, query: &Query, value: &'v Value) -> Result<Cow<'v, Value>, Stop> {
        let steps = query.steps.get(..query.definite).unwrap_or_default();
        self.meter.charge(steps.len() as u64)?;
        let mut here = value;
        for (at, step) in steps.iter().enumerate() {
            if let Step::Names(names) = step {
                let picked = self.pick(here, names, at)?;
                return self.follow_in_new(steps, at.saturating_add(1), picked).map(Cow::Owned);
            }
            here = self.child(here, step).map_err(|miss| miss.at(at))?;
        }
        Ok(Cow::Borrowed(here))
    }

    /// Takes definite steps, those from `first` on, in a value that was made on the way.
    fn follow_in_new(&self, steps: &[Step], first: usize, mut here: Value) -> Result<Value, Stop> {
        for (at, step) in steps.iter().enumerate().skip(first) {
            here = match step {
                Step::Names(names) => self.pick(&here, names, at)?,
                step => self.meter.copy(self.child(&here, step).map_err(|miss| miss.at(at))?, 0)?,
            };
        }
        Ok(here)
    }

    /// The value that a [place](Query::is_place) leads to, if it is there. Why it is not is of no interest in a filter.
    pub fn find<'v>(&self, query: &Query, value: &'v Value) -> Result<Option<&'v Value>, Failure> {
        self.meter.charge(query.steps.len() as u64)?;
        let mut here = value;
        for step in &query.steps {
            here = match (step, here) {
                (Step::Name(name), Value::Object(members)) => match json::member(members, name) {
                    Some(member) => member,
                    None => return Ok(None),
                },
                (Step::Index(_) | Step::FromEnd(_), Value::Array(_)) => match self.child(here, step) {
                    Ok(item) => item,
                    Err(_) => return Ok(None),
                },
                _ => return Ok(None),
            };
        }
        Ok(Some(here))
    }

    /// The entries of a list, each as `keep` makes it.
    fn gather<'v, T>(
        &self,
        query: &Query,
        value: &'v Value,
        keep: impl Fn(Cow<'v, Value>) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Stop> {
        let here = match self.follow(query, value) {
            Err(Stop::Miss { miss, .. }) if miss.is_absence() && self.dialect.missing_parent_gives_empty_list => {
                return Ok(Vec::new());
            }
            here => here?,
        };
        let mut found = Vec::with_capacity(most_entries(query, &here));
        let _ = self.walk_list(query, here, &mut |node| {
            found.push(keep(node)?);
            ON
        })?;
        Ok(found)
    }

    /// Hands the entries of a list, which begins `here`, to the sink.
    fn walk_list<'v>(&self, query: &Query, here: Cow<'v, Value>, sink: Sink<'_, 'v>) -> Walked {
        match here {
            Cow::Borrowed(here) => self.walk(start(query), here, sink),
            Cow::Owned(here) => self.walk_made(start(query), &here, sink),
        }
    }

    /// Walks in a value that was made on the way: what is selected there has to be copied out of it.
    fn walk_made(&self, position: Position<'_>, made: &Value, sink: Sink<'_, '_>) -> Walked {
        self.walk(position, made, &mut |node| sink(Cow::Owned(self.copied(node)?)))
    }

    fn copied(&self, node: Cow<'_, Value>) -> Result<Value, Failure> {
        match node {
            Cow::Borrowed(value) => self.meter.copy(value, 1),
            Cow::Owned(value) => Ok(value),
        }
    }

    /// The value that a definite step leads to.
    fn child<'v>(&self, value: &'v Value, step: &Step) -> Result<&'v Value, Miss> {
        match step {
            Step::Name(name) => member(value, name),
            Step::Index(index) => self.element(value, *index),
            Step::FromEnd(back) => {
                let items = elements(value)?;
                let index = (items.len() as i64).saturating_sub(*back);
                usize::try_from(index).ok().and_then(|index| items.get(index)).ok_or(Miss::OutOfBounds(index))
            }
            // No other step is definite.
            _ => Err(Miss::NoMember),
        }
    }

    fn element<'v>(&self, value: &'v Value, index: i64) -> Result<&'v Value, Miss> {
        let items = elements(value)?;
        match usize::try_from(index) {
            Ok(index) => items.get(index).ok_or(Miss::PastEnd),
            Err(_) if self.dialect.negative_index_counts_from_end => {
                let counted = (items.len() as i64).saturating_add(index);
                usize::try_from(counted).ok().and_then(|index| items.get(index)).ok_or(Miss::OutOfBounds(index))
            }
            Err(_) => Err(Miss::OutOfBounds(index)),
        }
    }

    /// One object with the members of these names that there are (PATH-033).
    fn pick(&self, value: &Value, names: &[Box<str>], at: usize) -> Result<Value, Stop> {
        let Value::Object(members) = value else { return Err(Miss::NotObject.at(at)) };
        let mut picked = Map::new();
        for name in names {
            self.meter.charge(1)?;
            if let Some(member) = json::member(members, name) {
                self.meter.allocate(text_units(name))?;
                picked.insert(name.to_string(), self.meter.copy(member, 1)?);
            }
        }
        Ok(Value::Object(picked))
    }

    /// Hands everything that the steps from a position on select to the sink, in document order.
    fn walk<'v>(&self, position: Position<'_>, value: &'v Value, sink: Sink<'_, 'v>) -> Walked {
        let Some(step) = position.step() else { return sink(Cow::Borrowed(value)) };
        self.meter.charge(1)?;
        match step {
            Step::Name(_) | Step::Index(_) | Step::FromEnd(_) => self.walk_child(position, step, value, sink),
            Step::Names(names) => self.walk_names(position, names, value, sink),
            Step::Indexes(indexes) => self.walk_indexes(position, indexes, value, sink),
            Step::Slice(slice) => self.walk_slice(position, *slice, value, sink),
            Step::Wildcard => self.walk_all(position.after(By::Other), children(value), sink),
            Step::Filter(condition) => self.walk_filter(position, condition, value, sink),
            Step::Descent => self.descend(position, value, sink),
        }
    }

    /// Hands on the values that a filter lets through: elements of an array, or an object itself (PATH-044).
    fn walk_filter<'v>(
        &self,
        position: Position<'_>,
        condition: &Condition,
        value: &'v Value,
        sink: Sink<'_, 'v>,
    ) -> Walked {
        let next = position.after(By::Filter);
        match value {
            // A descent tests every object by itself when it comes to it.
            Value::Array(items) if position.by == By::Descent => {
                let items = items.iter().filter(|item| !self.tests_itself(item));
                self.walk_those(next, condition, items, sink)
            }
            Value::Array(items) => self.walk_those(next, condition, items.iter(), sink),
            Value::Object(_) if self.tests_itself(value) => {
                self.walk_those(next, condition, std::iter::once(value), sink)
            }
            Value::Object(members) => self.walk_those(next, condition, members.values(), sink),
            scalar if position.by == By::Definite => Err(Miss::Scalar(outline(scalar)).at(position.at)),
            _ => ON,
        }
    }

    /// Hands on those of the values that a condition holds for.
    fn walk_those<'v>(
        &self,
        next: Position<'_>,
        condition: &Condition,
        values: impl Iterator<Item = &'v Value>,
        sink: Sink<'_, 'v>,
    ) -> Walked {
        for value in values {
            self.meter.charge(1)?;
            if self.holds(condition, value)? && self.walk(next, value, sink)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        ON
    }

    fn tests_itself(&self, value: &Value) -> bool {
        value.is_object() && self.dialect.filter_tests_object_itself
    }

    fn walk_all<'v>(
        &self,
        position: Position<'_>,
        values: impl Iterator<Item = &'v Value>,
        sink: Sink<'_, 'v>,
    ) -> Walked {
        for value in values {
            if self.walk(position, value, sink)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        ON
    }

    fn walk_child<'v>(&self, position: Position<'_>, step: &Step, value: &'v Value, sink: Sink<'_, 'v>) -> Walked {
        match self.child(value, step) {
            Ok(child) => self.walk(position.after(By::Other), child, sink),
            Err(Miss::PastEnd)
                if self.pads && position.by != By::Descent && position.after(By::Other).step().is_none() =>
            {
                self.meter.allocate(1)?;
                sink(Cow::Owned(Value::Null))
            }
            Err(miss @ Miss::NotArray(_))
                if position.by == By::Filter && self.dialect.index_after_filter_needs_array =>
            {
                Err(miss.at(position.at))
            }
            Err(_) => ON,
        }
    }

    fn walk_names<'v>(
        &self,
        position: Position<'_>,
        names: &[Box<str>],
        value: &'v Value,
        sink: Sink<'_, 'v>,
    ) -> Walked {
        let Value::Object(members) = value else { return ON };
        let next = position.after(By::Other);
        if !self.dialect.union_of_names_is_an_object {
            return self.walk_all(next, names.iter().filter_map(|name| json::member(members, name)), sink);
        }
        if position.by == By::Descent && !names.iter().any(|name| members.contains_key(&**name)) {
            return ON;
        }
        let picked = self.pick(value, names, position.at)?;
        match next.step() {
            None => sink(Cow::Owned(picked)),
            Some(_) => self.walk_made(next, &picked, sink),
        }
    }

    fn walk_indexes<'v>(
        &self,
        position: Position<'_>,
        indexes: &[i64],
        value: &'v Value,
        sink: Sink<'_, 'v>,
    ) -> Walked {
        for index in indexes {
            self.meter.charge(1)?;
            match self.element(value, *index) {
                Ok(item) => {
                    if self.walk(position.after(By::Other), item, sink)?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Err(Miss::PastEnd | Miss::OutOfBounds(_)) if !self.dialect.union_past_end_fails => {}
                Err(Miss::PastEnd) if position.by == By::Definite => {
                    return Err(Miss::OutOfBounds(*index).at(position.at));
                }
                Err(miss) if position.by == By::Definite => return Err(miss.at(position.at)),
                Err(_) => {}
            }
        }
        ON
    }

    fn walk_slice<'v>(&self, position: Position<'_>, slice: Slice, value: &'v Value, sink: Sink<'_, 'v>) -> Walked {
        let next = position.after(By::Other);
        let strict = position.by == By::Definite;
        let Value::Array(items) = value else {
            if strict && self.dialect.slice_needs_array {
                return Err(Miss::NotArray(outline(value)).at(position.at));
            }
            return ON;
        };
        match self.bounds(slice, items.len()) {
            Ok((start, end, step)) if step > 0 => {
                let items = items.get(start..end).unwrap_or_default();
                self.walk_all(next, items.iter().step_by(step.unsigned_abs()), sink)
            }
            Ok((start, end, step)) => {
                let items = items.get(start..end).unwrap_or_default();
                self.walk_all(next, items.iter().rev().step_by(step.unsigned_abs()), sink)
            }
            Err(miss) if strict => Err(miss.at(position.at)),
            Err(_) => ON,
        }
    }

    /// The range of positions that a slice covers and its step; a negative step goes through the range backwards.
    fn bounds(&self, slice: Slice, length: usize) -> Result<(usize, usize, isize), Miss> {
        let from_back = |bound: i64| if bound < 0 { bound.saturating_add(length as i64) } else { bound };
        let clamp = |bound: i64| usize::try_from(bound.max(0)).unwrap_or(length).min(length);
        let step = slice.step.filter(|_| self.dialect.slice_step_is_honoured).unwrap_or(1);
        if let (Some(start), Some(end), false) =
            (slice.start, slice.end, self.dialect.slice_with_two_bounds_counts_from_end)
        {
            return match start {
                start if start >= end || length == 0 => Ok((0, 0, 1)),
                start if start < 0 => Err(Miss::OutOfBounds(start)),
                start => Ok((clamp(start), clamp(end), 1)),
            };
        }
        if step >= 0 {
            let start = slice.start.map_or(0, |start| clamp(from_back(start)));
            let end = slice.end.map_or(length, |end| clamp(from_back(end)));
            let empty = step == 0 || start >= end;
            return Ok(if empty { (0, 0, 1) } else { (start, end, isize::try_from(step).unwrap_or(isize::MAX)) });
        }
        // Backwards, from `start` included down to `end` excluded.
        let start = slice.start.map_or(length, |start| clamp(from_back(start).saturating_add(1)));
        let end = slice.end.map_or(0, |end| clamp(from_back(end).saturating_add(1)));
        Ok(if end >= start { (0, 0, 1) } else { (end, start, isize::try_from(step).unwrap_or(isize::MIN)) })
    }

    /// Applies the next step to a value and to everything below it, each before what is below it (PATH-009).
    fn descend<'v>(&self, position: Position<'_>, value: &'v Value, sink: Sink<'_, 'v>) -> Walked {
        let next = position.after(By::Descent);
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            if self.walk(next, value, sink)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            let first = pending.len();
            for child in children(value) {
                self.meter.charge(1)?;
                if child.is_array() || child.is_object() {
                    pending.push(child);
                }
            }
            if let Some(added) = pending.get_mut(first..) {
                added.reverse();
            }
        }
        ON
    }
}

fn start(query: &Query) -> Position<'_> {
    Position { steps: &query.steps, at: query.definite, by: By::Definite }
}

/// How many entries a list that begins `here` has at most, where that is known: what is below a wildcard alone.
fn most_entries(query: &Query, here: &Value) -> usize {
    let is_name = |step: &Step| matches!(step, Step::Name(_));
    match query.steps.get(query.definite..) {
        Some([Step::Wildcard, names @ ..]) if names.iter().all(is_name) => children(here).size_hint().0,
        _ => 0,
    }
}

/// Elements or members, in document order.
fn children(value: &Value) -> impl Iterator<Item = &Value> {
    let (items, members) = match value {
        Value::Array(items) => (items.as_slice(), None),
        Value::Object(members) => (&[][..], Some(members)),
        _ => (&[][..], None),
    };
    items.iter().chain(members.into_iter().flat_map(Map::values))
}

pub(super) fn member<'v>(value: &'v Value, name: &str) -> Result<&'v Value, Miss> {
    match value {
        Value::Object(members) => json::member(members, name).ok_or(Miss::NoMember),
        _ => Err(Miss::NotObject),
    }
}

pub(super) fn elements(value: &Value) -> Result<&[Value], Miss> {
    match value {
        Value::Array(items) => Ok(items),
        Value::Null => Err(Miss::Null),
        other => Err(Miss::NotArray(outline(other))),
    }
}
