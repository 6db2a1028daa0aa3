//! Item readers, item batchers and result writers of distributed Maps, and the store behind them.

use arbitrary::Unstructured;
use serde_json::{Map, Value, json};

use super::{
    Machine,
    scope::{Flow, Language, Scope},
};
use crate::{
    draw::Draw,
    jsonata,
    shape::{Kind, Shape},
};

/// The bucket that readers read from.
const BUCKET: &str = "data";

/// A format of an object with items: the configuration of the reader, and how the items are written.
struct Format {
    extension: &'static str,
    config: fn(&mut Unstructured<'_>) -> Value,
    /// The text of rows, each a name and a number.
    text: fn(&Value, &[(&str, i64)]) -> String,
    /// Whether every value is read as a string.
    strings: bool,
}

/// Delimiters that no name in the rows has.
const DELIMITERS: [(&str, char); 4] = [("COMMA", ','), ("PIPE", '|'), ("SEMICOLON", ';'), ("TAB", '\t')];

const FORMATS: [Format; 3] = [
    Format {
        extension: "json",
        config: |u| match u.below(2) {
            0 => json!({"InputType": "JSON"}),
            _ => json!({"InputType": "JSON", "ItemsPointer": "/found/a~1b"}),
        },
        text: |config, rows| {
            let items: Vec<_> = rows.iter().map(|(name, number)| json!({"name": name, "x": number})).collect();
            match config.get("ItemsPointer") {
                None => Value::Array(items).to_string(),
                Some(_) => json!({"found": {"a/b": items}}).to_string(),
            }
        },
        strings: false,
    },
    Format {
        extension: "jsonl",
        config: |_| json!({"InputType": "JSONL"}),
        text: |_, rows| rows.iter().map(|(name, number)| format!("{}\n", json!({"name": name, "x": number}))).collect(),
        strings: false,
    },
    Format {
        extension: "csv",
        config: |u| {
            let mut config = match u.below(2) {
                0 => json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
                _ => json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["name", "x"]}),
            };
            if u.chance(60) {
                config["CSVDelimiter"] = json!(u.pick(&DELIMITERS).0);
            }
            config
        },
        text: |config, rows| {
            let given = DELIMITERS.iter().find(|(name, _)| config["CSVDelimiter"] == *name);
            let delimiter = given.map_or(',', |(_, delimiter)| *delimiter);
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
    /// Writes an ItemReader and what it reads, unless it is to fail; gives the items.
    pub(super) fn reader(
        &mut self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        language: Language,
        flow: &Flow,
        fails: bool,
    ) -> Shape {
        let serial = self.store_size();
        self.store.entry(BUCKET).or_insert_with(|| json!({}));
        if !fails && u.chance(20) {
            return self.listing(u, state, language, serial);
        }
        let format = u.pick(&FORMATS);
        let mut config = (format.config)(u);
        let rows: Vec<_> = (0..u.within(1..=4)).map(|_| (*u.pick(&["a", "north", "x y"]), u.within(0..=99))).collect();
        let text = (format.text)(&config, &rows);
        let count = self.most(u, scope, &mut config, "MaxItems", language, flow).min(rows.len());
        let key = format!("items-{serial}.{}", format.extension);
        if !fails {
            self.store[BUCKET][&key] = json!(text);
        }
        let field = parameters_field(language);
        let place = json!({"Bucket": BUCKET, "Key": key});
        let reader = json!({"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, field: place});
        state.insert("ItemReader".to_owned(), reader);
        let number = if format.strings { Shape::text("1") } else { Shape::Integer(0) };
        let item = Shape::Object(vec![("name".to_owned(), Shape::text("north")), ("x".to_owned(), number)]);
        Shape::Array(vec![item; count])
    }

    /// An ItemReader that lists objects.
    fn listing(
        &mut self,
        u: &mut Unstructured<'_>,
        state: &mut Map<String, Value>,
        language: Language,
        serial: usize,
    ) -> Shape {
        let prefix = format!("list-{serial}/");
        let count = 1 + u.below(3);
        for index in 0..count {
            self.store[BUCKET][format!("{prefix}{index}.txt")] = json!("an object");
        }
        let place = json!({"Bucket": BUCKET, "Prefix": prefix});
        let config = if u.chance(50) { json!({"Transformation": "NONE"}) } else { json!({}) };
        let resource = "arn:aws:states:::s3:listObjectsV2";
        let reader = json!({"Resource": resource, "ReaderConfig": config, parameters_field(language): place});
        state.insert("ItemReader".to_owned(), reader);
        let item = vec![("Key".to_owned(), Shape::text("list/0.txt")), ("Size".to_owned(), Shape::Integer(9))];
        Shape::Array(vec![Shape::Object(item); count])
    }

    /// Perhaps a bound on a number of items, as a literal or from the data; gives what is certain to be left.
    fn most(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        config: &mut Value,
        field: &str,
        language: Language,
        flow: &Flow,
    ) -> usize {
        if !u.chance(70) {
            return usize::MAX;
        }
        let view = scope.view(language, &flow.data, &flow.variables);
        let found = if u.chance(50) { view.find_in_data(u, Kind::Positive) } else { None };
        match (found, language) {
            (Some((path, _)), Language::JsonPath) => config[format!("{field}Path")] = json!(path),
            (Some((path, _)), Language::Jsonata) => config[field] = jsonata::delimited(u, &path),
            (None, _) => {
                let most = 1 + u.below(5);
                config[field] = json!(most);
                return most;
            }
        }
        1
    }

    /// Perhaps an ItemBatcher; gives the input of an iteration.
    pub(super) fn batcher(
        &self,
        u: &mut Unstructured<'_>,
        scope: &Scope,
        state: &mut Map<String, Value>,
        language: Language,
        flow: &Flow,
        item: Shape,
    ) -> Shape {
        if !self.config.batchers || !u.chance(60) {
            return item;
        }
        let mut batcher = json!({});
        self.most(u, scope, &mut batcher, "MaxItemsPerBatch", language, flow);
        if batcher == json!({}) || u.chance(20) {
            batcher["MaxInputBytesPerBatch"] = json!(262_144);
        }
        let mut input = Shape::Object(vec![("Items".to_owned(), Shape::Array(vec![item]))]);
        if u.chance(50) {
            batcher["BatchInput"] = json!({"origin": "here"});
            input = input.with("BatchInput", Shape::Object(vec![("origin".to_owned(), Shape::text("here"))]));
        }
        state.insert("ItemBatcher".to_owned(), batcher);
        input
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
