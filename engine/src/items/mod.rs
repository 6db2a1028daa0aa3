//! Items of a distributed Map that come from an object store (DMAP-004 to DMAP-030).

mod csv;
mod json;
mod manifest;

use serde_json::{Value, json};
use thiserror::Error;

use crate::store::ObjectStore;

/// Why items cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The reader fails: `States.ItemReaderFailed` (DMAP-010).
    #[error("{0}")]
    Failed(String),
    /// A format that this interpreter lacks; the text names it.
    #[error("{0} is not supported")]
    Unsupported(String),
}

fn failed(reason: impl Into<String>) -> ReadError {
    ReadError::Failed(reason.into())
}

/// One item of an item collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What an iteration gets.
    pub value: Value,
    /// The member name when the items come from an object (CTX-019).
    pub key: Option<String>,
}

impl From<Value> for Item {
    fn from(value: Value) -> Self {
        Self { value, key: None }
    }
}

/// The items of an array, or of an object as pairs of `Key` and `Value` (DMAP-005).
///
/// # Errors
/// The value itself when it is neither.
pub fn of_collection(collection: Value) -> Result<Vec<Item>, Value> {
    match collection {
        Value::Array(items) => Ok(items.into_iter().map(Item::from).collect()),
        Value::Object(members) => Ok(members
            .into_iter()
            .map(|(key, value)| Item { value: json!({ "Key": key, "Value": value }), key: Some(key) })
            .collect()),
        other => Err(other),
    }
}

/// Where a reader reads: the evaluated `Parameters` or `Arguments`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    bucket: String,
    /// Key of an object, or prefix of a listing.
    key: String,
}

impl Location {
    /// Reads the members `Bucket` and `Key` or `Prefix`.
    ///
    /// # Errors
    /// When one that is needed is absent or no string.
    pub fn of(arguments: &Value, key_field: &str, is_required: bool) -> Result<Self, ReadError> {
        let text = |field: &str| arguments.get(field).and_then(Value::as_str).map(str::to_owned);
        let lacking = |field: &str| failed(format!("The field '{field}' must be a string"));
        let bucket = text("Bucket").ok_or_else(|| lacking("Bucket"))?;
        let key = text(key_field);
        if key.is_none() && is_required {
            return Err(lacking(key_field));
        }
        Ok(Self { bucket, key: key.unwrap_or_default() })
    }

    /// The S3 URI (CTX-020).
    #[must_use]
    pub fn uri(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.key)
    }

    /// The bucket's name.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Key of an object, or prefix of a listing.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// The two actions that readers know (DMAP-007).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `s3:getObject`.
    GetObject,
    /// `s3:listObjectsV2`.
    ListObjects,
}

impl Action {
    /// The action that a `Resource` names.
    #[must_use]
    pub fn of(resource: &str) -> Option<Self> {
        match resource.rsplit(':').next()? {
            "getObject" => Some(Self::GetObject),
            "listObjectsV2" => Some(Self::ListObjects),
            _ => None,
        }
    }
}

/// Reads the item collection that `ReaderConfig` describes, and tells where it was. Lists are cut after `most` items;
/// a JSON document is given whole.
///
/// # Errors
/// See [`ReadError`].
pub fn read(
    action: Action,
    arguments: &Value,
    config: &Value,
    most: usize,
    store: &mut dyn ObjectStore,
) -> Result<(Value, Location), ReadError> {
    let option = |field: &str| config.get(field).and_then(Value::as_str);
    match action {
        Action::ListObjects => {
            let location = Location::of(arguments, "Prefix", false)?;
            let items = match option("Transformation") {
                Some("LOAD_AND_FLATTEN") => load_and_flatten(&location, config, most, store)?,
                _ => metadata(&location, store)?,
            };
            Ok((items, location))
        }
        Action::GetObject => {
            let location = Location::of(arguments, "Key", true)?;
            let items = match (option("InputType"), option("ManifestType")) {
                (_, Some("ATHENA_DATA")) => manifest::athena(&location, config, most, store)?,
                (Some("MANIFEST"), _) | (_, Some("S3_INVENTORY")) => manifest::inventory(&location, most, store)?,
                _ => {
                    let content = store.get(location.bucket(), location.key()).map_err(ReadError::Failed)?;
                    parse(&content, config, most)?
                }
            };
            Ok((items, location))
        }
    }
}

/// Adds the items of one more file.
fn append(items: &mut Vec<Value>, collection: Value) -> Result<(), ReadError> {
    let more = of_collection(collection).map_err(|_| not_iterable())?;
    items.extend(more.into_iter().map(|item| item.value));
    Ok(())
}

/// The failure of a reader whose file holds neither an array nor an object (DMAP-018).
#[must_use]
pub fn not_iterable() -> ReadError {
    failed("Attempting to map over non-iterable node.")
}

/// The item collection in one object (DMAP-017 to DMAP-027).
fn parse(content: &[u8], config: &Value, most: usize) -> Result<Value, ReadError> {
    match config.get("InputType").and_then(Value::as_str) {
        Some("CSV") => csv::rows(content, config, most),
        Some("JSONL") => json::lines(content, most),
        Some("JSON") | None => json::document(content, config.get("ItemsPointer").and_then(Value::as_str)),
        Some(other) => Err(ReadError::Unsupported(format!("ReaderConfig.InputType {other}"))),
    }
}

/// DMAP-030, DMAP-058.
fn metadata(location: &Location, store: &mut dyn ObjectStore) -> Result<Value, ReadError> {
    let objects = store.list(location.bucket(), location.key()).map_err(ReadError::Failed)?;
    let item = |object: crate::store::ObjectSummary| {
        json!({
            "Etag": format!("\"{}\"", object.etag),
            "Key": object.key,
            "LastModified": object.last_modified,
            "Size": object.size,
            "StorageClass": "STANDARD",
        })
    };
    Ok(objects.into_iter().map(item).collect())
}

/// DMAP-029: the items of all objects, one object after the other.
fn load_and_flatten(
    location: &Location,
    config: &Value,
    most: usize,
    store: &mut dyn ObjectStore,
) -> Result<Value, ReadError> {
    let mut items = Vec::new();
    for object in store.list(location.bucket(), location.key()).map_err(ReadError::Failed)? {
        if items.len() >= most {
            break;
        }
        let content = store.get(location.bucket(), &object.key).map_err(ReadError::Failed)?;
        let left = most.saturating_sub(items.len());
        append(&mut items, parse(&content, config, left)?)?;
    }
    Ok(Value::Array(items))
}
