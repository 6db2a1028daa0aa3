//! Item readers and result writers of distributed Maps, and the store behind them.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{Machine, scope::Language};
use crate::{draw::Draw, shape::Shape};

/// An object in the store.
pub(super) struct Source {
    pub bucket: String,
    pub key: String,
}

/// A format of an object with items: the configuration of the reader, and how the items are written.
struct Format {
    extension: &'static str,
    config: fn(&mut Unstructured<'_>) -> Value,
    /// The text of rows, each a name and a number.
    text: fn(&Value, &[(&str, i64)]) -> String,
    /// Whether every value is read as a string.
    strings: bool,
}

const FORMATS: [Format; 3] = [
    Format {
        extension: "json",
        config: |_| json!({"InputType": "JSON"}),
        text: |_, rows| {
            let items: Vec<_> = rows.iter().map(|(name, number)| json!({"name": name, "x": number})).collect();
            Value::Array(items).to_string()
        },
        strings: false,
    },
    Format {
        extension: "jsonl",
        config: |_| json!({"InputType": "JSONL"}),
        text: |_, rows| {
            rows.iter().map(|(name, number)| format!("{}\n", json!({"name": name, "x": number}))).collect()
        },
        strings: false,
    },
    Format {
        extension: "csv",
        config: |u| match u.below(3) {
            0 => json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
            1 => json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "PIPE"}),
            _ => json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["name", "x"]}),
        },
        text: |config, rows| {
            let delimiter = if config["CSVDelimiter"] == "PIPE" { '|' } else { ',' };
            let mut text = String::new();
            if config["CSVHeaderLocation"] == "FIRST_ROW" {
                text.push_str(&format!("name{delimiter}x\n"));
            }
            text.extend(rows.iter().map(|(name, number)| format!("{name}{delimiter}{number}\n")));
            text
        },
        strings: true,
    },
];

impl Machine {
    /// Writes an ItemReader and the object that it reads, unless it is to fail; gives the items.
    pub(super) fn reader(
        &mut self,
        u: &mut Unstructured<'_>,
        state: &mut Map<String, Value>,
        language: Language,
        fails: bool,
    ) -> Shape {
        let format = u.pick(&FORMATS);
        let mut config = (format.config)(u);
        let rows: Vec<_> = (0..u.within(1..=4)).map(|_| (*u.pick(&["a", "north", "x y"]), u.within(0..=99))).collect();
        let text = (format.text)(&config, &rows);
        let mut count = rows.len();
        if u.chance(30) {
            let most = 1 + u.below(5);
            config["MaxItems"] = json!(most);
            count = count.min(most);
        }
        let key = format!("items-{}.{}", self.store_size(), format.extension);
        let source = Source { bucket: "data".to_owned(), key };
        let bucket = self.store.entry(&*source.bucket).or_insert_with(|| json!({}));
        if !fails {
            bucket[&source.key] = json!(text);
        }
        let field = parameters_field(language);
        let resource = "arn:aws:states:::s3:getObject";
        state.insert(
            "ItemReader".to_owned(),
            json!({"Resource": resource, "ReaderConfig": config, field: source.parameters()}),
        );
        let number = if format.strings { Shape::text("1") } else { Shape::Integer(0) };
        let item = Shape::Object(vec![("name".to_owned(), Shape::text("north")), ("x".to_owned(), number)]);
        Shape::Array(vec![item; count])
    }

    /// Writes a ResultWriter; gives the result of the Map. A bucket that does not exist makes it fail.
    pub(super) fn writer(
        &mut self,
        u: &mut Unstructured<'_>,
        state: &mut Map<String, Value>,
        language: Language,
        fails: bool,
    ) -> Shape {
        let mut writer = Map::new();
        let format = json!({
            "OutputType": u.pick(&["JSON", "JSONL"]), "Transformation": u.pick(&["NONE", "COMPACT", "FLATTEN"]),
        });
        let exports = fails || u.chance(60);
        if !exports || u.chance(40) {
            writer.insert("WriterConfig".to_owned(), format);
        }
        if exports {
            let bucket = if fails { "no-such-bucket" } else { "results" };
            if !fails {
                self.store.entry(bucket).or_insert_with(|| json!({}));
            }
            writer.insert("Resource".to_owned(), json!("arn:aws:states:::s3:putObject"));
            writer.insert(parameters_field(language).to_owned(), json!({"Bucket": bucket, "Prefix": "out"}));
        }
        state.insert("ResultWriter".to_owned(), Value::Object(writer));
        if exports { Shape::Object(vec![("MapRunArn".to_owned(), Shape::text("arn"))]) } else { Shape::Unknown }
    }

    fn store_size(&self) -> usize {
        self.store.values().filter_map(Value::as_object).map(Map::len).sum()
    }
}

fn parameters_field(language: Language) -> &'static str {
    match language {
        Language::JsonPath => "Parameters",
        Language::Jsonata => "Arguments",
    }
}
