//! Selection by Paths: the engine against a naive evaluator, and against RFC 9535 where the meanings agree.

use std::{cell::Cell, fmt, slice};

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_engine::{
    path::{Path, PathError},
    profile::Profile,
};
use serde_json::{Map, Value, json};
use serde_json_path::JsonPath;

use crate::{
    PROFILES,
    data::{document, flip, meter, pick, value},
    naive_path::Naive,
    path_steps::{Step, draw, print},
};

/// A document and a Path into it, and how the Path is applied.
pub struct Input {
    profile: Profile,
    /// Whether an index past the end of an array may give null (PATH-027).
    pads: bool,
    document: Value,
    steps: Vec<Step>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let (profile, pads) = (pick(u, &PROFILES), flip(u));
        // Short paths into large documents would find little: the steps are drawn first, as most bytes go to the document.
        let steps = draw(u);
        Ok(Self { profile, pads, steps, document: value(u, 4) })
    }
}

/// A machine that applies the Path to the document: what `exec` takes.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let select = json!({"Type": "Pass", "Parameters": {"selected.$": print(&self.steps)}, "End": true});
        write!(f, "{:#}", document(&self.document, "Select", Map::from_iter([("Select".to_owned(), select)])))
    }
}

/// The engine selects what the naive evaluator does, and fails where that does.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(Input { profile, pads, document, steps }) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let text = print(&steps);
    let valid = steps.iter().all(|step| step.is_valid(profile));
    let path = match Path::parse(&text, profile) {
        Ok(path) if valid => path,
        Err(_) if !valid => return,
        parsed => panic!("{text:?} should be valid: {valid}; {parsed:?} ({profile:?})"),
    };
    let naive = Naive { profile, pads, dialectal: Cell::new(false) };
    let wanted = naive.select(&steps, &document);
    let meter = meter();
    let select = if pads { Path::select } else { Path::select_existing };
    let found = select(&path, &document, profile, &meter);
    if matches!(found, Err(PathError::Failure(_))) {
        return;
    }
    let found = found.ok();
    let agrees = match (&found, &wanted) {
        (Some(found), Some(wanted)) => *wanted == **found,
        (found, wanted) => found.is_none() && wanted.is_none(),
    };
    assert!(agrees, "{text} ({profile:?}, pads: {pads}) selects {found:?} and not {wanted:?} on {document}");
    if !naive.dialectal.get() {
        agrees_with_rfc(&text, &document, path.is_definite(), found.as_deref());
    }
}

/// RFC 9535 knows lists of nodes only; a Path that fails selects none.
fn agrees_with_rfc(text: &str, document: &Value, is_definite: bool, found: Option<&Value>) {
    // The text is bounded: it comes from at most four steps.
    let Ok(path) = JsonPath::parse(text) else { return };
    let nodes = path.query(document).all();
    let found = match found {
        None => &[],
        Some(value) if is_definite => slice::from_ref(value),
        Some(Value::Array(list)) => list.as_slice(),
        Some(other) => panic!("{text} selects {other}, which is no list"),
    };
    assert!(found.iter().eq(nodes.iter().copied()), "{text} selects {found:?} and not {nodes:?} on {document}");
}

/// The machine.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
