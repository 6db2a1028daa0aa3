//! The tables of the objects that are not states: machines, Retriers, Catchers and the parts of a Map state.

use super::{
    fields::{ASSIGN, COMMENT, Field, Group, Kind, NUMERIC_PATH, POSITIVE, SECONDS, Shape, field},
    jsonata::Offers,
    map,
};

const MACHINE: &[Field] = &[
    field("StartAt", Kind::Target("LINT-001"), "STRUCT-007").required("STRUCT-006"),
    field("States", Kind::States, "STRUCT-005").required("STRUCT-004"),
];

pub(super) static ROOT: Shape = Shape {
    name: "a state machine",
    offers: Offers::Nothing,
    fields: &[
        MACHINE,
        &[
            field("Comment", Kind::Comment, "STRUCT-012"),
            field("Version", Kind::OneOf(&["1.0"]), "STRUCT-014"),
            field("QueryLanguage", Kind::QueryLanguage, "STRUCT-011"),
            field("TimeoutSeconds", SECONDS, "STRUCT-015"),
        ],
    ],
    groups: &[],
    unknown: "STRUCT-018",
    refused: &[],
    check: None,
};

pub(super) static BRANCH: Shape = Shape {
    name: "a branch",
    offers: Offers::Nothing,
    fields: &[MACHINE, &[COMMENT]],
    groups: &[],
    unknown: "PAR-003",
    refused: &[(&["QueryLanguage"], "STRUCT-029")],
    check: None,
};

pub(super) static PROCESSOR: Shape = Shape {
    name: "an item processor",
    offers: Offers::Nothing,
    fields: &[MACHINE, &[COMMENT, field("ProcessorConfig", Kind::Object(&PROCESSOR_CONFIG), "MAP-005")]],
    groups: &[],
    unknown: "MAP-002",
    refused: &[(&["QueryLanguage"], "STRUCT-029")],
    check: None,
};

static PROCESSOR_CONFIG: Shape = Shape {
    name: "ProcessorConfig",
    offers: Offers::Nothing,
    fields: &[&[
        field("Mode", Kind::OneOf(&["INLINE", "DISTRIBUTED"]), "MAP-005"),
        field("ExecutionType", Kind::OneOf(&["STANDARD", "EXPRESS"]), "DMAP-001"),
    ]],
    groups: &[],
    unknown: "MAP-005",
    refused: &[],
    check: Some(map::processor_config),
};

const ERROR_EQUALS_OF_RETRIER: Field = field("ErrorEquals", Kind::ErrorEquals, "RETRY-003").required("RETRY-003");
const ERROR_EQUALS_OF_CATCHER: Field = field("ErrorEquals", Kind::ErrorEquals, "CATCH-003").required("CATCH-003");

pub(super) static RETRIER: Shape = Shape {
    name: "a Retrier",
    offers: Offers::Nothing,
    fields: &[&[
        ERROR_EQUALS_OF_RETRIER,
        field("IntervalSeconds", SECONDS, "RETRY-006"),
        field("MaxAttempts", Kind::Integer { min: 0, max: 99_999_999 }, "RETRY-008"),
        field("BackoffRate", Kind::Number { min: 1.0, max: f64::INFINITY }, "RETRY-011"),
        field("MaxDelaySeconds", Kind::Integer { min: 1, max: 31_622_400 }, "RETRY-014")
            .above("RETRY-015")
            .in_spec(POSITIVE),
        field("JitterStrategy", Kind::OneOf(&["FULL", "NONE"]), "RETRY-017").in_spec(Kind::Text),
        COMMENT,
    ]],
    groups: &[],
    unknown: "RETRY-026",
    refused: &[
        (&["Assign"], "VAR-005"),
        (&["IntervalSecondsPath", "MaxAttemptsPath", "BackoffRatePath", "MaxDelaySecondsPath"], "RETRY-027"),
    ],
    check: None,
};

pub(super) static CATCHER: Shape = Shape {
    name: "a Catcher",
    offers: Offers::ErrorOutput,
    fields: &[&[
        ERROR_EQUALS_OF_CATCHER,
        field("Next", Kind::Target("LINT-005"), "CATCH-004").required("CATCH-004"),
        field("ResultPath", Kind::ResultPath, "CATCH-007").jsonpath("CATCH-011"),
        field("Output", Kind::Output, "JNATA-048").jsonata("CATCH-014"),
        ASSIGN,
        COMMENT,
    ]],
    groups: &[],
    unknown: "CATCH-016",
    refused: &[],
    check: None,
};

/// The fields that a reader and a writer share.
const TASK_OF_MAP: &[Field] = &[
    field("Parameters", Kind::Template, "DMAP-006").jsonpath("IO-033"),
    field("Arguments", Kind::PayloadObject, "DMAP-006").jsonata("JNATA-054").or_expression(),
];

pub(super) static ITEM_READER: Shape = Shape {
    name: "an ItemReader",
    offers: Offers::Nothing,
    fields: &[
        TASK_OF_MAP,
        &[
            field("Resource", Kind::Resource, "DMAP-006").required("DMAP-006"),
            field("ReaderConfig", Kind::Object(&READER_CONFIG), "DMAP-006"),
        ],
    ],
    groups: &[],
    unknown: "DMAP-006",
    refused: &[],
    check: Some(map::item_reader),
};

static READER_CONFIG: Shape = Shape {
    name: "ReaderConfig",
    offers: Offers::Nothing,
    fields: &[&[
        field("MaxItems", Kind::Integer { min: 0, max: 100_000_000 }, "DMAP-013").in_spec(POSITIVE).or_expression(),
        field("MaxItemsPath", NUMERIC_PATH, "DMAP-015").jsonpath("JNATA-055"),
        field("InputType", Kind::OneOf(&["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"]), "DMAP-017").or_expression(),
        field("CSVHeaderLocation", Kind::OneOf(&["FIRST_ROW", "GIVEN"]), "DMAP-021").or_expression(),
        field("CSVHeaders", Kind::Texts, "DMAP-022"),
        field("CSVDelimiter", Kind::OneOf(&["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"]), "DMAP-025").or_expression(),
        field("ManifestType", Kind::OneOf(&["ATHENA_DATA", "S3_INVENTORY"]), "DMAP-028").or_expression(),
        field("ItemsPointer", Kind::JsonPointer, "DMAP-027").or_expression(),
        field("Transformation", Kind::OneOf(&["NONE", "LOAD_AND_FLATTEN"]), "DMAP-029").or_expression(),
    ]],
    groups: &[Group { names: &["MaxItems", "MaxItemsPath"], language: None, exclusive: "DMAP-015", needed: None }],
    unknown: "DMAP-006",
    refused: &[],
    check: Some(map::reader_config),
};

pub(super) static ITEM_BATCHER: Shape = Shape {
    name: "an ItemBatcher",
    offers: Offers::Nothing,
    fields: &[&[
        field("BatchInput", Kind::Payload, "DMAP-031"),
        field("MaxItemsPerBatch", POSITIVE, "DMAP-032").or_expression(),
        field("MaxItemsPerBatchPath", NUMERIC_PATH, "DMAP-035").jsonpath("JNATA-055"),
        field("MaxInputBytesPerBatch", Kind::Integer { min: 1, max: 262_144 }, "DMAP-033")
            .above("DMAP-034")
            .or_expression(),
        field("MaxInputBytesPerBatchPath", NUMERIC_PATH, "DMAP-035").jsonpath("JNATA-055"),
    ]],
    groups: &[
        Group {
            names: &["MaxItemsPerBatch", "MaxItemsPerBatchPath"],
            language: None,
            exclusive: "DMAP-035",
            needed: None,
        },
        Group {
            names: &["MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"],
            language: None,
            exclusive: "DMAP-035",
            needed: None,
        },
    ],
    unknown: "DMAP-031",
    refused: &[],
    check: Some(map::item_batcher),
};

pub(super) static RESULT_WRITER: Shape = Shape {
    name: "a ResultWriter",
    offers: Offers::Nothing,
    fields: &[
        TASK_OF_MAP,
        &[
            field("Resource", Kind::Resource, "DMAP-042"),
            field("WriterConfig", Kind::Object(&WRITER_CONFIG), "DMAP-047"),
        ],
    ],
    groups: &[],
    unknown: "DMAP-042",
    refused: &[],
    check: Some(map::result_writer),
};

static WRITER_CONFIG: Shape = Shape {
    name: "WriterConfig",
    offers: Offers::Nothing,
    fields: &[&[
        field("OutputType", Kind::OneOf(&["JSON", "JSONL"]), "DMAP-047").required("DMAP-047"),
        field("Transformation", Kind::OneOf(&["NONE", "COMPACT", "FLATTEN"]), "DMAP-047").required("DMAP-047"),
    ]],
    groups: &[],
    unknown: "DMAP-047",
    refused: &[],
    check: None,
};
