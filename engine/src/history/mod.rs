//! An observer that writes the execution history in the shape of AWS's `GetExecutionHistory` (HIST rows).
//!
//! While the machine runs, the events that are frequent are only noted, their texts end to end in one buffer; they
//! become objects when they are read.

mod record;

use serde_json::{Map, Value};

use self::record::{Record, iteration, record};
use crate::{
    failure::StateError,
    machine::StateType,
    observe::{Event, EventId, Observer, Origin, Stamp},
    time::Span,
    timestamp::Timestamp,
};

/// The history of one execution, without the events of child executions (HIST-028).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Start of the virtual clock, in seconds since the Unix epoch.
    start: i64,
    notes: Vec<Note>,
    /// Names and payloads of notes.
    texts: Vec<u8>,
}

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq)]
struct Note {
    stamp: Stamp,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    Entered {
        kind: StateType,
        name: Text,
        input: Text,
    },
    Exited {
        kind: StateType,
        name: Text,
        output: Text,
    },
    IterationStarted {
        name: Text,
        index: usize,
    },
    IterationSucceeded {
        name: Text,
        index: usize,
    },
    /// Of a task without limits of its own.
    Scheduled {
        resource: Text,
        input: Text,
    },
    Started {
        resource: Text,
    },
    Succeeded {
        resource: Text,
        output: Text,
    },
    Failed {
        resource: Text,
        error: Option<Text>,
        cause: Option<Text>,
    },
    Rare(Box<Record>),
}

/// A part of the buffer.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Text {
    start: usize,
    end: usize,
}

impl History {
    /// An empty history of an execution that starts at `start`, in seconds since the Unix epoch.
    #[must_use]
    pub fn starting_at(start: i64) -> Self {
        Self { start, ..Self::default() }
    }

    /// The events in order of their ids, as the API gives them.
    #[must_use]
    pub fn into_events(mut self) -> Vec<Value> {
        let notes = std::mem::take(&mut self.notes);
        notes.into_iter().map(|note| self.written(note.stamp, self.record(note.what))).collect()
    }

    fn written(&self, stamp: Stamp, record: Record) -> Value {
        let mut entry = Map::with_capacity(5);
        entry.insert("timestamp".to_owned(), self.time(stamp.at).into());
        entry.insert("type".to_owned(), record.kind.into());
        entry.insert("id".to_owned(), stamp.id.into());
        entry.insert("previousEventId".to_owned(), stamp.previous.into());
        if let Some((field, details)) = record.details {
            entry.insert(field, details);
        }
        Value::Object(entry)
    }

    fn record(&self, what: What) -> Record {
        match what {
            What::Entered { kind, name, input } => Record::entered(kind, &self.text(name), self.text(input)),
            What::Exited { kind, name, output } => Record::exited(kind, &self.text(name), self.text(output)),
            What::IterationStarted { name, index } => iteration("MapIterationStarted", &self.text(name), index),
            What::IterationSucceeded { name, index } => iteration("MapIterationSucceeded", &self.text(name), index),
            What::Scheduled { resource, input } => {
                record::scheduled(&self.text(resource), self.text(input), [None, None])
            }
            What::Started { resource } => record::started(&self.text(resource)),
            What::Succeeded { resource, output } => record::succeeded(&self.text(resource), self.text(output)),
            What::Failed { resource, error, cause } => {
                let [error, cause] = [error, cause].map(|text| text.map(|text| self.text(text)));
                record::failed(&self.text(resource), "Failed", error, cause)
            }
            What::Rare(record) => *record,
        }
    }

    fn time(&self, at: Span) -> String {
        let micros = at.as_micros();
        let seconds = self.start.saturating_add(i64::try_from(micros / 1_000_000).unwrap_or(i64::MAX));
        let nanoseconds = u32::try_from((micros % 1_000_000).saturating_mul(1_000)).unwrap_or(0);
        Timestamp::from_epoch(seconds, nanoseconds).to_string()
    }

    fn bytes(&self, text: Text) -> &[u8] {
        self.texts.get(text.start..text.end).unwrap_or_default()
    }

    fn text(&self, text: Text) -> String {
        String::from_utf8_lossy(self.bytes(text)).into_owned()
    }

    fn keep(&mut self, text: &str) -> Text {
        let start = self.texts.len();
        self.texts.extend_from_slice(text.as_bytes());
        Text { start, end: self.texts.len() }
    }

    /// Keeps the JSON text of a value.
    fn print(&mut self, value: &Value) -> Text {
        let start = self.texts.len();
        // Writing a value into memory cannot fail.
        let _ = serde_json::to_writer(&mut self.texts, value);
        Text { start, end: self.texts.len() }
    }

    /// The resource of a task, which is in the last note after the first event of the attempt, unless strands take
    /// turns.
    fn resource(&mut self, previous: EventId, resource: &str) -> Text {
        match self.notes.last() {
            Some(Note { stamp, what: What::Scheduled { resource, .. } | What::Started { resource } })
                if stamp.id == previous =>
            {
                *resource
            }
            _ => self.keep(resource),
        }
    }

    fn scheduled(&mut self, previous: EventId, resource: &str, input: &Value, origin: Origin) -> What {
        let input = match self.notes.last() {
            Some(Note { stamp, what: What::Entered { input, .. } })
                if stamp.id == previous && origin == Origin::Input =>
            {
                *input
            }
            _ => self.print(input),
        };
        What::Scheduled { resource: self.keep(resource), input }
    }

    fn failed(&mut self, previous: EventId, resource: &str, error: &StateError) -> What {
        What::Failed {
            resource: self.resource(previous, resource),
            error: error.error.as_deref().map(|name| self.keep(name)),
            cause: error.cause.as_deref().map(|cause| self.keep(cause)),
        }
    }

    /// The input of a state that was entered from another one is the output of that one, which is the last note unless
    /// strands take turns.
    fn entered(&mut self, previous: EventId, kind: StateType, name: &str, input: &Value) -> What {
        let input = match self.notes.last() {
            Some(Note { stamp, what: What::Exited { output, .. } }) if stamp.id == previous => *output,
            _ => self.print(input),
        };
        What::Entered { kind, name: self.keep(name), input }
    }

    /// The output of a state is often its input, or the answer of its task, which is in the last note unless strands take
    /// turns.
    fn exited(&mut self, previous: EventId, kind: StateType, name: &str, output: &Value, origin: Origin) -> What {
        match self.notes.last() {
            Some(Note { stamp, what: What::Entered { name, input, .. } }) if stamp.id == previous => {
                let (name, input) = (*name, *input);
                let output = if origin == Origin::Input { input } else { self.print(output) };
                What::Exited { kind, name, output }
            }
            Some(Note { stamp, what: What::Succeeded { output, .. } })
                if stamp.id == previous && origin == Origin::Result =>
            {
                What::Exited { kind, output: *output, name: self.keep(name) }
            }
            _ => What::Exited { kind, output: self.print(output), name: self.keep(name) },
        }
    }
}

impl Observer for History {
    fn event(&mut self, stamp: Stamp, event: &Event<'_>) {
        if stamp.id == 0 {
            return;
        }
        let what = match *event {
            Event::StateEntered { kind, name, input } => self.entered(stamp.previous, kind, name, input),
            Event::StateExited { kind, name, output, origin, assigned: None } => {
                self.exited(stamp.previous, kind, name, output, origin)
            }
            Event::MapIterationStarted { name, index } => What::IterationStarted { name: self.keep(name), index },
            Event::MapIterationSucceeded { name, index } => What::IterationSucceeded { name: self.keep(name), index },
            Event::TaskScheduled { resource, input, origin, timeout: None, heartbeat: None, .. } => {
                self.scheduled(stamp.previous, resource, input, origin)
            }
            Event::TaskStarted { resource } => What::Started { resource: self.resource(stamp.previous, resource) },
            Event::TaskSucceeded { resource, output } => {
                What::Succeeded { resource: self.resource(stamp.previous, resource), output: self.print(output) }
            }
            Event::TaskFailed { resource, error } => self.failed(stamp.previous, resource, error),
            ref rare => What::Rare(Box::new(record(rare))),
        };
        self.notes.push(Note { stamp, what });
    }
}

#[cfg(test)]
mod tests;
