//! CSV files (DMAP-020 to DMAP-026).

use std::collections::HashSet;

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::{ReadError, failed};

/// One object a row, from header to field text.
pub(super) fn rows(content: &[u8], config: &Value, most: usize) -> Result<Value, ReadError> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(config)).from_reader(content);
    let mut records = reader.records().map(|record| record.map_err(|error| failed(error.to_string())));
    let headers = match given_headers(config) {
        Some(headers) => headers,
        None => match records.next().transpose()? {
            Some(first) => first.iter().map(str::to_owned).collect(),
            None => return Err(failed("The CSV file has no header")),
        },
    };
    let mut seen = HashSet::new();
    if let Some(twice) = headers.iter().find(|header| !seen.insert(header.as_str())) {
        return Err(failed(format!("CSV headers cannot contain duplicates: '{twice}'")));
    }
    records.take(most).map(|record| Ok(row(&headers, &record?))).collect()
}

/// Missing fields are empty, surplus ones are dropped (DMAP-023).
fn row(headers: &[String], record: &StringRecord) -> Value {
    let fields = record.iter().chain(std::iter::repeat(""));
    headers.iter().zip(fields).map(|(header, field)| (header.clone(), field.into())).collect::<Map<_, _>>().into()
}

fn given_headers(config: &Value) -> Option<Vec<String>> {
    let headers = config.get("CSVHeaders")?.as_array()?;
    Some(headers.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

/// DMAP-025.
fn delimiter(config: &Value) -> u8 {
    match config.get("CSVDelimiter").and_then(Value::as_str) {
        Some("PIPE") => b'|',
        Some("SEMICOLON") => b';',
        Some("SPACE") => b' ',
        Some("TAB") => b'\t',
        _ => b',',
    }
}
