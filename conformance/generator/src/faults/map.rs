//! Faults of Map states, inline and distributed.

use serde_json::json;

use super::{
    Fault,
    place::{At, Kind, at, below, missing, put, state, wrong},
};
use crate::draw::Draw;

const MAP: At = state(&["Map"]);
const PROCESSOR: At = at(&[Kind::Processor]);
const CONFIG: At = at(&[Kind::ProcessorConfig]);
const READER: At = at(&[Kind::ItemReader]);
const READING: At = at(&[Kind::ReaderConfig]);
const BATCHER: At = at(&[Kind::ItemBatcher]);
const SIZES: &[&str] =
    &["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];

pub(super) const FAULTS: &[Fault] = &[
    Fault::new("map-without-processor", "MAP-001", "MISSING_FIELD", |u, d| missing(u, d, MAP, "ItemProcessor")),
    Fault::new("two-processors", "MAP-001", "EXCLUSIVE_FIELDS", |u, d| {
        let other = json!({"StartAt": "Another", "States": {"Another": {"Type": "Succeed"}}});
        put(u, d, MAP.with(&["ItemProcessor"]), "Iterator", other)
    }),
    Fault::new("processor-without-states", "MAP-002", "MISSING_FIELD", |u, d| missing(u, d, PROCESSOR, "States")),
    Fault::new("unknown-field-of-a-processor", "MAP-002", "UNKNOWN_FIELD", |u, d| {
        let field = *u.pick(&["Version", "TimeoutSeconds", "Mode"]);
        put(u, d, PROCESSOR, field, json!(1))
    }),
    Fault::new("unknown-mode", "MAP-005", "UNKNOWN_VALUE", |u, d| {
        wrong(u, d, PROCESSOR.without(&["ProcessorConfig"]), "ProcessorConfig", json!({"Mode": "inline"}))
            .map(|config| below(&config, "Mode"))
    }),
    Fault::new("no-items-path", "MAP-007", "WRONG_TYPE", |u, d| wrong(u, d, MAP.jsonpath(), "ItemsPath", json!(null))),
    Fault::new("items-that-are-a-number", "MAP-011", "WRONG_TYPE", |u, d| {
        let value = json!(u.pick(&[json!(7), json!("text"), json!(null), json!(true)]));
        wrong(u, d, MAP.jsonata(), "Items", value)
    }),
    Fault::new("two-item-selectors", "MAP-014", "EXCLUSIVE_FIELDS", |u, d| {
        let object = put(u, d, MAP.jsonpath(), "ItemSelector", json!({}))?;
        d.pointer_mut(&object)?["Parameters"] = json!({});
        Some(object)
    }),
    Fault::new("negative-concurrency", "MAP-022", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, MAP.clearing(&["MaxConcurrencyPath"]), "MaxConcurrency", json!(-1))
    }),
    Fault::new("concurrency-twice", "MAP-026", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, MAP.jsonpath().with(&["MaxConcurrency"]), "MaxConcurrencyPath", json!("$.limit"))
    }),
    Fault::new("negative-tolerance", "MAP-031", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, MAP.clearing(&["ToleratedFailureCountPath"]), "ToleratedFailureCount", json!(-1))
    }),
    Fault::new("more-than-all-may-fail", "MAP-033", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[100.5, -0.5, 101.0]));
        wrong(u, d, MAP.clearing(&["ToleratedFailurePercentagePath"]), "ToleratedFailurePercentage", value)
    }),
    Fault::new("tolerance-twice", "MAP-037", "EXCLUSIVE_FIELDS", |u, d| {
        let field = *u.pick(&["ToleratedFailureCount", "ToleratedFailurePercentage"]);
        let object = put(u, d, MAP.jsonpath(), field, json!(1))?;
        d.pointer_mut(&object)?[format!("{field}Path")] = json!("$.limit");
        Some(object)
    }),
    Fault::new("tolerance-from-many", "MAP-037", "INVALID_REFERENCE_PATH", |u, d| {
        let at = MAP.jsonpath().clearing(&["ToleratedFailureCount"]);
        wrong(u, d, at, "ToleratedFailureCountPath", json!("$.limits[*]"))
    }),
    Fault::new("distributed-without-execution-type", "DMAP-001", "MISSING_FIELD", |u, d| {
        missing(u, d, CONFIG, "ExecutionType")
    }),
    Fault::new("unknown-execution-type", "DMAP-001", "UNKNOWN_VALUE", |u, d| {
        wrong(u, d, CONFIG.with(&["ExecutionType"]), "ExecutionType", json!("Standard"))
    }),
    Fault::new("reader-without-resource", "DMAP-006", "MISSING_FIELD", |u, d| missing(u, d, READER, "Resource")),
    Fault::new("reader-in-an-array", "DMAP-006", "WRONG_TYPE", |u, d| wrong(u, d, MAP, "ItemReader", json!([]))),
    Fault::new("reader-of-something-else", "DMAP-007", "INVALID_RESOURCE", |u, d| {
        let value = json!(u.pick(&["arn:aws:states:::s3:putObject", "arn:aws:states:::dynamodb:getItem"]));
        wrong(u, d, READER, "Resource", value)
    }),
    Fault::new("negative-number-of-items", "DMAP-013", "OUT_OF_RANGE", |u, d| {
        let value = json!(u.pick(&[-1, 100_000_001]));
        wrong(u, d, READING.clearing(&["MaxItemsPath"]), "MaxItems", value)
    }),
    Fault::new("number-of-items-twice", "DMAP-015", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, READING.jsonpath().with(&["MaxItems"]), "MaxItemsPath", json!("$.limit"))
    }),
    Fault::new("unknown-input-type", "DMAP-017", "UNKNOWN_VALUE", |u, d| {
        let value = json!(u.pick(&["XML", "csv", ""]));
        wrong(u, d, READING, "InputType", value)
    }),
    Fault::new("headers-somewhere-else", "DMAP-021", "UNKNOWN_VALUE", |u, d| {
        wrong(u, d, READING.clearing(&["CSVHeaders"]), "CSVHeaderLocation", json!("LAST_ROW"))
    }),
    Fault::new("given-headers-that-are-missing", "DMAP-022", "MISSING_FIELD", |u, d| {
        put(u, d, READING.clearing(&["CSVHeaders"]), "CSVHeaderLocation", json!("GIVEN"))
    }),
    Fault::new("headers-given-twice", "DMAP-022", "EXCLUSIVE_FIELDS", |u, d| {
        let object = put(u, d, READING, "CSVHeaderLocation", json!("FIRST_ROW"))?;
        d.pointer_mut(&object)?["CSVHeaders"] = json!(["a"]);
        Some(object)
    }),
    Fault::new("no-header", "DMAP-022", "EMPTY", |u, d| {
        let object = put(u, d, READING, "CSVHeaderLocation", json!("GIVEN"))?;
        d.pointer_mut(&object)?["CSVHeaders"] = json!([]);
        Some(below(&object, "CSVHeaders"))
    }),
    Fault::new("unknown-delimiter", "DMAP-025", "UNKNOWN_VALUE", |u, d| {
        wrong(u, d, READING, "CSVDelimiter", json!(","))
    }),
    Fault::new("unknown-manifest", "DMAP-028", "UNKNOWN_VALUE", |u, d| {
        wrong(u, d, READING, "ManifestType", json!("INVENTORY"))
    }),
    Fault::new("input-type-of-an-inventory", "DMAP-028", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, READING.with(&["InputType"]), "ManifestType", json!("S3_INVENTORY"))
    }),
    Fault::new("batcher-without-size", "DMAP-031", "MISSING_FIELD", |u, d| {
        put(u, d, BATCHER.clearing(SIZES), "BatchInput", json!({}))
    }),
    Fault::new("batches-of-nothing", "DMAP-032", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, BATCHER.clearing(SIZES), "MaxItemsPerBatch", json!(0))
    }),
    Fault::new("batches-of-no-byte", "DMAP-033", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, BATCHER.clearing(SIZES), "MaxInputBytesPerBatch", json!(0))
    }),
    Fault::new("batches-beyond-the-payload", "DMAP-034", "OUT_OF_RANGE", |u, d| {
        wrong(u, d, BATCHER.clearing(SIZES), "MaxInputBytesPerBatch", json!(262_145))
    }),
    Fault::new("batch-size-twice", "DMAP-035", "EXCLUSIVE_FIELDS", |u, d| {
        put(u, d, BATCHER.jsonpath().with(&["MaxItemsPerBatch"]), "MaxItemsPerBatchPath", json!("$.limit"))
    }),
    Fault::new("writer-in-an-array", "DMAP-042", "WRONG_TYPE", |u, d| wrong(u, d, MAP, "ResultWriter", json!([]))),
    Fault::new("writer-with-parameters-alone", "DMAP-042", "MISSING_FIELD", |u, d| {
        wrong(u, d, MAP.jsonpath(), "ResultWriter", json!({"Parameters": {"Bucket": "b"}}))
    }),
    Fault::new("empty-writer", "DMAP-043", "EMPTY", |u, d| wrong(u, d, MAP, "ResultWriter", json!({}))),
    Fault::new("writer-without-parameters", "DMAP-043", "MISSING_FIELD", |u, d| {
        wrong(u, d, MAP, "ResultWriter", json!({"Resource": "arn:aws:states:::s3:putObject"}))
    }),
    Fault::new("unknown-output-type", "DMAP-047", "UNKNOWN_VALUE", |u, d| {
        wrong(u, d, at(&[Kind::WriterConfig]), "OutputType", json!("CSV"))
    }),
    Fault::new("writer-without-transformation", "DMAP-047", "MISSING_FIELD", |u, d| {
        missing(u, d, at(&[Kind::WriterConfig]), "Transformation")
    }),
    Fault::new("label-by-number", "DMAP-051", "WRONG_TYPE", |u, d| wrong(u, d, MAP, "Label", json!(1))),
    Fault::new("label-of-41-characters", "DMAP-052", "TOO_LONG", |u, d| {
        wrong(u, d, MAP, "Label", json!("l".repeat(41)))
    }),
    Fault::new("label-with-blanks", "DMAP-052", "INVALID_LABEL", |u, d| {
        let label = *u.pick(&[
            "two words",
            "a*b",
            "a?b",
            "<a>",
            "{a}",
            "[a]",
            "a:b",
            "a;b",
            "a,b",
            "a|b",
            "a^b",
            "a~b",
            "a\tb",
        ]);
        wrong(u, d, MAP, "Label", json!(label))
    }),
    Fault::new("label-used-twice", "LINT-013", "INVALID_LABEL", |u, d| {
        let maps = MAP.all(d);
        let (first, second) = maps.iter().enumerate().find_map(|(index, first)| {
            let apart = |second: &&_| !pointer_of(second).starts_with(&format!("{}/", first.pointer));
            maps[index + 1..].iter().find(apart).map(|second| (first.pointer.clone(), second.pointer.clone()))
        })?;
        let label = json!(u.pick(&["same", "größe"]));
        d.pointer_mut(&first)?["Label"] = label.clone();
        d.pointer_mut(&second)?["Label"] = label;
        Some(below(&second, "Label"))
    }),
];

fn pointer_of(object: &super::place::Object) -> &str {
    &object.pointer
}
