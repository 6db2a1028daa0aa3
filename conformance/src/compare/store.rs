//! Objects that a run has written.

use serde_json::Value;

use super::{Difference, equal};
use crate::{case::Store, plan::glob};

/// Every expected object must be there: a key may hold `*`, and texts that are JSON are compared as values.
pub(super) fn compare(expected: &Store, got: Option<&Store>, differences: &mut Vec<Difference>) {
    for (bucket, objects) in expected {
        let present = got.and_then(|store| store.get(bucket));
        for (pattern, text) in objects {
            let path = format!("store/{bucket}/{pattern}");
            let named = present.into_iter().flatten().filter(|(key, _)| glob(pattern.as_bytes(), key.as_bytes()));
            let named: Vec<_> = named.map(|(_, text)| text).collect();
            match named.as_slice() {
                [] => differences.push(Difference::new(path, text, "no such object")),
                named if named.iter().any(|got| same(text, got)) => {}
                named => differences.push(Difference::new(path, text, named.first().copied().unwrap_or(text))),
            }
        }
    }
}

fn same(expected: &str, got: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    match (parse(expected), parse(got)) {
        (Some(expected), Some(got)) => equal(&expected, &got),
        _ => expected == got,
    }
}
