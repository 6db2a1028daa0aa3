//! Manifests that name the files with the items (DMAP-028).

use std::io::Read;

use serde_json::{Value, json};

use super::{Location, ReadError, append, csv, failed, parse};
use crate::{json as text, store::ObjectStore};

/// An Athena manifest: one S3 URI a line, of files in the format that `InputType` names.
pub(super) fn athena(
    location: &Location,
    config: &Value,
    most: usize,
    store: &mut dyn ObjectStore,
) -> Result<Value, ReadError> {
    let content = store.get(location.bucket(), location.key()).map_err(ReadError::Failed)?;
    let uris = String::from_utf8(content).map_err(|_| failed("The manifest is not UTF-8 text"))?;
    let mut items = Vec::new();
    for uri in uris.lines().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty()) {
        let named = uri.strip_prefix("s3://").and_then(|path| path.split_once('/'));
        let (bucket, key) = named.ok_or_else(|| failed(format!("'{uri}' in the manifest is not an S3 URI")))?;
        let content = store.get(bucket, key).map_err(ReadError::Failed)?;
        let left = most.saturating_sub(items.len());
        append(&mut items, parse(&unpacked(key, content)?, config, left)?)?;
        if items.len() >= most {
            break;
        }
    }
    Ok(Value::Array(items))
}

/// An S3 inventory: `manifest.json` names CSV files, whose columns are in `fileSchema`.
pub(super) fn inventory(location: &Location, most: usize, store: &mut dyn ObjectStore) -> Result<Value, ReadError> {
    let content = store.get(location.bucket(), location.key()).map_err(ReadError::Failed)?;
    let manifest = String::from_utf8(content).map_err(|_| failed("The manifest is not UTF-8 text"))?;
    let manifest =
        text::parse_value(&manifest).map_err(|error| failed(format!("The manifest is not JSON: {error}")))?;
    let member = |field: &str| manifest.get(field).and_then(Value::as_str);
    match member("fileFormat") {
        Some("CSV") | None => {}
        Some(other) => return Err(ReadError::Unsupported(format!("an S3 inventory in the format {other}"))),
    }
    let schema = member("fileSchema").ok_or_else(|| failed("The manifest has no fileSchema"))?;
    let headers: Vec<&str> = schema.split(',').map(str::trim).collect();
    let config = json!({ "CSVHeaderLocation": "GIVEN", "CSVHeaders": headers });
    let destination = member("destinationBucket").unwrap_or(location.bucket());
    let bucket = destination.rsplit(':').next().unwrap_or(destination);
    let mut items = Vec::new();
    for file in manifest.get("files").and_then(Value::as_array).into_iter().flatten() {
        let key = file.get("key").and_then(Value::as_str).ok_or_else(|| failed("A file of the manifest has no key"))?;
        let content = unpacked(key, store.get(bucket, key).map_err(ReadError::Failed)?)?;
        let left = most.saturating_sub(items.len());
        append(&mut items, csv::rows(&content, &config, left)?)?;
        if items.len() >= most {
            break;
        }
    }
    Ok(Value::Array(items))
}

/// Most bytes that a compressed file may unpack to: what a file may be at most without compression here.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

fn unpacked(key: &str, content: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    if !key.ends_with(".gz") {
        return Ok(content);
    }
    let mut unpacked = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(content.as_slice()).take(MOST_BYTES);
    decoder.read_to_end(&mut unpacked).map_err(|error| failed(format!("{key} is not gzip: {error}")))?;
    Ok(unpacked)
}
