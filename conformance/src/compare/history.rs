//! Execution histories.

use serde_json::{Map, Value};

use super::{Difference, values};

type Event = Map<String, Value>;

fn types(events: &[Event]) -> String {
    let names = events.iter().map(|event| event.get("type").and_then(Value::as_str).unwrap_or("?"));
    names.collect::<Vec<_>>().join(", ")
}

/// Compares event by event, in order of id.
pub(super) fn sequence(expected: &[Event], got: &[Event], differences: &mut Vec<Difference>) {
    if expected.len() != got.len() {
        return differences.push(Difference::new("history", types(expected), types(got)));
    }
    for (id, (expected, got)) in (1_u64..).zip(expected.iter().zip(got)) {
        event(&format!("history/{id}"), expected, got, differences);
    }
}

/// Compares the members that are expected; `null` expects that there is none.
fn event(path: &str, expected: &Event, got: &Event, differences: &mut Vec<Difference>) {
    for (name, member) in expected {
        let path = format!("{path}/{name}");
        match got.get(name) {
            Some(got) => values(&path, member, got, 0, differences),
            None if member.is_null() => {}
            None => differences.push(Difference::new(path, member, "nothing")),
        }
    }
}

/// Compares the trees that events form through their predecessors: concurrent chains may interleave as they like.
pub(super) fn chains(expected: &[Event], got: &[Event], differences: &mut Vec<Difference>) {
    let mut matching = Matching { expected, got, steps: 0 };
    if expected.len() != got.len() || !matching.children_match(0, 0) {
        differences.push(Difference::new("history (in any order)", outline(expected), outline(got)));
    }
}

/// Types with predecessors, for a person.
fn outline(events: &[Event]) -> String {
    let line = |(id, event): (usize, &Event)| {
        let kind = event.get("type").and_then(Value::as_str).unwrap_or("?");
        format!("{id} {kind} <- {}", predecessor(event))
    };
    (1..).zip(events).map(line).collect::<Vec<_>>().join(", ")
}

fn predecessor(event: &Event) -> usize {
    event.get("previous").and_then(Value::as_u64).and_then(|id| usize::try_from(id).ok()).unwrap_or(0)
}

/// Attempts after which two histories count as different.
const MAX_STEPS: usize = 200_000;

struct Matching<'h> {
    expected: &'h [Event],
    got: &'h [Event],
    steps: usize,
}

impl Matching<'_> {
    fn children(events: &[Event], id: usize) -> Vec<usize> {
        // An event precedes those that follow from it, so the trees are finite.
        let follows = |(child, event): (usize, &Event)| (predecessor(event) == id && child > id).then_some(child);
        (1..).zip(events).filter_map(follows).collect()
    }

    /// Whether the events that follow from `expected` are those that follow from `got`, and so on.
    fn children_match(&mut self, expected: usize, got: usize) -> bool {
        let (expected, got) = (Self::children(self.expected, expected), Self::children(self.got, got));
        expected.len() == got.len() && self.pair(&expected, got)
    }

    fn pair(&mut self, expected: &[usize], got: Vec<usize>) -> bool {
        let Some((first, rest)) = expected.split_first() else { return true };
        for (index, candidate) in got.iter().enumerate() {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                return false;
            }
            if self.is_like(*first, *candidate) && self.children_match(*first, *candidate) {
                let mut others = got.clone();
                others.remove(index);
                if self.pair(rest, others) {
                    return true;
                }
            }
        }
        false
    }

    fn is_like(&self, expected: usize, got: usize) -> bool {
        let (Some(expected), Some(got)) = (self.expected.get(expected - 1), self.got.get(got - 1)) else {
            return false;
        };
        let mut differences = Vec::new();
        let mut expected = expected.clone();
        expected.remove("previous");
        event("", &expected, got, &mut differences);
        differences.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::{Event, chains, sequence};

    fn events(list: Value) -> Vec<Event> {
        serde_json::from_value(list).expect("a list of objects")
    }

    #[rstest]
    #[case::other_interleaving(json!([
        {"type": "S", "previous": 0}, {"type": "A", "previous": 1}, {"type": "B", "previous": 1},
        {"type": "C", "previous": 2}, {"type": "D", "previous": 3}]), true)]
    #[case::other_predecessor(json!([
        {"type": "S", "previous": 0}, {"type": "A", "previous": 1}, {"type": "B", "previous": 1},
        {"type": "C", "previous": 3}, {"type": "D", "previous": 2}]), false)]
    #[case::one_event_less(json!([{"type": "S", "previous": 0}]), false)]
    fn chains_are_compared_whatever_their_interleaving(#[case] got: Value, #[case] same: bool) {
        let expected = events(json!([
            {"type": "S", "previous": 0}, {"type": "B", "previous": 1}, {"type": "D", "previous": 2},
            {"type": "A", "previous": 1}, {"type": "C", "previous": 4}]));
        let mut differences = Vec::new();
        chains(&expected, &events(got), &mut differences);
        assert_eq!(differences.is_empty(), same, "{differences:?}");
    }

    #[rstest]
    #[case(json!([{"type": "S"}]), true)]
    #[case(json!([{"type": "S", "cause": "x"}]), false)]
    fn null_expects_absence(#[case] got: Value, #[case] same: bool) {
        let mut differences = Vec::new();
        sequence(&events(json!([{"type": "S", "cause": null}])), &events(got), &mut differences);
        assert_eq!(differences.is_empty(), same, "{differences:?}");
    }
}
