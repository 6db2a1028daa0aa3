//! Selection by Paths: the engine against a naive evaluator, and against RFC 9535 where the meanings agree.

use std::{cell::Cell, fmt};

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_engine::path::{Path, PathError};
use serde_json::{Map, Value, json};
use serde_json_path::JsonPath;

use crate::{
    PROFILES,
    data::{document, meter, value},
    naive_path::{Naive, Step, draw, print},
};

/// A document and a Path into it.
pub struct Input {
    document: Value,
    steps: Vec<Step>,
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        // Short paths into large documents would find little: the steps are drawn first, as most bytes go to the document.
        let steps = draw(u);
        Ok(Self { steps, document: value(u, 4) })
    }
}

/// A machine that applies the Path to the document: what `exec` takes.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let select = json!({"Type": "Pass", "Parameters": {"selected.$": print(&self.steps)}, "End": true});
        write!(f, "{:#}", document(&self.document, "Select", Map::from_iter([("Select".to_owned(), select)])))
    }
}

/// In either profile the engine selects what the naive evaluator does, and fails where that does.
///
/// # Panics
/// When a property is violated.
pub fn run(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    let text = print(&input.steps);
    // The text is bounded: it comes from at most four steps.
    let rfc = JsonPath::parse(&text).ok();
    for profile in PROFILES {
        let valid = input.steps.iter().all(|step| step.is_valid(profile));
        let path = match Path::parse(&text, profile) {
            Ok(path) if valid => path,
            Err(_) if !valid => continue,
            parsed => panic!("{text:?} should be valid: {valid}; {parsed:?} ({profile:?})"),
        };
        for pads in [false, true] {
            let naive = Naive { profile, pads, dialectal: Cell::new(false) };
            let wanted = naive.select(&input.steps, &input.document);
            let meter = meter();
            let found = if pads {
                path.select(&input.document, profile, &meter)
            } else {
                path.select_existing(&input.document, profile, &meter)
            };
            if matches!(found, Err(PathError::Failure(_))) {
                continue;
            }
            let found = found.ok().map(std::borrow::Cow::into_owned);
            assert_eq!(found, wanted, "{text} ({profile:?}, pads: {pads}) on {}", input.document);
            if let Some(rfc) = rfc.as_ref().filter(|_| !naive.dialectal.get()) {
                agrees_with_rfc(rfc, &input, path.is_definite(), found);
            }
        }
    }
}

/// RFC 9535 knows lists of nodes only; a Path that fails selects none.
fn agrees_with_rfc(path: &JsonPath, input: &Input, is_definite: bool, found: Option<Value>) {
    let nodes = path.query(&input.document).all();
    let found = match found {
        None => Vec::new(),
        Some(value) if is_definite => vec![value],
        Some(Value::Array(list)) => list,
        Some(other) => panic!("{path} selects {other}, which is no list"),
    };
    assert!(found.iter().eq(nodes.iter().copied()), "{path} selects {found:?} and not {nodes:?} on {}", input.document);
}

/// The machine.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
