//! JSON and JSON Lines files (DMAP-018, DMAP-019, DMAP-027).

use serde_json::Value;

use super::{ReadError, failed};
use crate::json;

fn text(content: &[u8]) -> Result<&str, ReadError> {
    let text = std::str::from_utf8(content).map_err(|_| failed("The file is not UTF-8 text"))?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

fn value(text: &str) -> Result<Value, ReadError> {
    json::parse_value(text).map_err(|error| failed(format!("The file is not valid JSON: {error}")))
}

/// The item collection that a whole document is, or the part of it that `pointer` selects.
pub(super) fn document(content: &[u8], pointer: Option<&str>) -> Result<Value, ReadError> {
    let mut document = value(text(content)?)?;
    match pointer {
        None => Ok(document),
        Some(pointer) => {
            let part = document.pointer_mut(pointer).map(Value::take);
            part.ok_or_else(|| failed(format!("ItemsPointer '{pointer}' selects nothing")))
        }
    }
}

/// One item a line; blank lines are skipped.
pub(super) fn lines(content: &[u8], most: usize) -> Result<Value, ReadError> {
    let lines = text(content)?.lines().filter(|line| !line.trim().is_empty());
    lines.take(most).map(value).collect()
}
