//! The vocabulary of the field tables, and the tables of the states.
//!
//! A row says which field an object takes, in which query language, what its value has to be, and which requirement
//! says so. Rows that several states share stand in slices of their own.

use serde_json::{Map, Value};

use super::{
    configurations::{BRANCH, CATCHER, ITEM_BATCHER, ITEM_READER, PROCESSOR, RESULT_WRITER, RETRIER},
    jsonata::Offers,
    map, states,
    validator::{Site, Validator},
};

/// A query language (STRUCT-009).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    JsonPath,
    Jsonata,
}

impl Language {
    /// As written in the document.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

/// What the value of a field has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Anything; checked elsewhere, if at all.
    Any,
    /// Text that is for people only.
    Comment,
    /// Text that stands for itself, so that a Path in it is probably a mistake (LINT-024).
    Text,
    Boolean,
    Integer {
        min: i64,
        max: i64,
    },
    Number {
        min: f64,
        max: f64,
    },
    OneOf(&'static [&'static str]),
    Timestamp,
    Resource,
    JsonPointer,
    /// The error name of a Fail state (ERR-003).
    ErrorName,
    ErrorEquals,
    QueryLanguage,
    Label,
    /// A Path; null too, where it is nullable.
    Path {
        nullable: bool,
    },
    ReferencePath(Roots),
    /// A Reference Path into the input, or null (IO-015).
    ResultPath,
    /// A Reference Path or an intrinsic function that gives a string (FAIL-008).
    StringPath,
    /// The name of a state of the same `States` object; the requirement that a dangling one breaks.
    Target(&'static str),
    /// A payload template (TMPL-001).
    Template,
    /// A payload template in a JSONPath state, any value with JSONata strings inside in a JSONata state.
    Payload,
    /// As `Payload`, but an object in both languages.
    PayloadObject,
    /// Any value with JSONata strings inside.
    Output,
    /// Like `Output`, but an array.
    Items,
    /// A literal that is never evaluated (PASS-004).
    Result,
    Assign,
    Texts,
    States,
    Rules(&'static Shape),
    Objects {
        shape: &'static Shape,
        may_be_empty: bool,
    },
    Object(&'static Shape),
    /// A nested machine: branch or item processor.
    Machine(&'static Shape),
}

/// Where a Reference Path may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Roots {
    /// The input, the context object or a variable.
    Any,
    /// Not the context object (PATH-026).
    InputOrVariable,
}

/// One row: a field that an object takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What the value has to be in the `spec` profile, where that differs.
    pub(super) spec: Option<Kind>,
    /// The requirement that a wrong value breaks.
    pub(super) requirement: &'static str,
    /// The requirement that a number above the maximum breaks, where it is another one.
    pub(super) above: Option<&'static str>,
    /// The requirement broken by the absence of the field.
    pub(super) required: Option<&'static str>,
    /// The only query language that has the field, and the requirement that its use in the other one breaks.
    pub(super) only: Option<(Language, &'static str)>,
    /// Whether a JSONata string may stand for the value in a JSONata state.
    pub(super) expression: bool,
}

/// A row for an optional field of both query languages.
pub(super) const fn field(name: &'static str, kind: Kind, requirement: &'static str) -> Field {
    Field { name, kind, requirement, spec: None, above: None, required: None, only: None, expression: false }
}

impl Field {
    pub(super) const fn required(self, requirement: &'static str) -> Self {
        Self { required: Some(requirement), ..self }
    }

    /// The field is one of JSONPath states.
    pub(super) const fn jsonpath(self, otherwise: &'static str) -> Self {
        Self { only: Some((Language::JsonPath, otherwise)), ..self }
    }

    /// The field is one of JSONata states.
    pub(super) const fn jsonata(self, otherwise: &'static str) -> Self {
        Self { only: Some((Language::Jsonata, otherwise)), ..self }
    }

    pub(super) const fn or_expression(self) -> Self {
        Self { expression: true, ..self }
    }

    pub(super) const fn in_spec(self, kind: Kind) -> Self {
        Self { spec: Some(kind), ..self }
    }

    pub(super) const fn above(self, requirement: &'static str) -> Self {
        Self { above: Some(requirement), ..self }
    }

    /// Whether states of this language have the field.
    pub(super) fn is_of(&self, language: Language) -> bool {
        self.only.is_none_or(|(only, _)| only == language)
    }
}

/// Fields of which at most one may stand, or exactly one has to.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) names: &'static [&'static str],
    pub(super) language: Option<Language>,
    /// The requirement broken by two of them.
    pub(super) exclusive: &'static str,
    /// The requirement broken by none of them.
    pub(super) needed: Option<&'static str>,
}

const fn at_most_one(names: &'static [&'static str], requirement: &'static str) -> Group {
    Group { names, language: None, exclusive: requirement, needed: None }
}

/// Rules about several fields of one object.
pub(super) type Check = for<'v, 'd> fn(&'v mut Validator<'d>, &'d Map<String, Value>, Site);

/// What an object of the language takes.
#[derive(Debug)]
pub(super) struct Shape {
    /// For messages, with its article.
    pub(super) name: &'static str,
    /// What `$states` offers in the fields Output and Assign.
    pub(super) offers: Offers,
    pub(super) fields: &'static [&'static [Field]],
    pub(super) groups: &'static [Group],
    /// The requirement that any other field breaks.
    pub(super) unknown: &'static str,
    /// Other fields that a requirement of its own refuses. `".$"` stands for every name with that ending.
    pub(super) refused: &'static [(&'static [&'static str], &'static str)],
    pub(super) check: Option<Check>,
}

impl Shape {
    /// The row of a field.
    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().flat_map(|rows| rows.iter()).find(|field| field.name == name)
    }

    /// The names of the fields that states of a language have.
    pub(super) fn names(&self, language: Language) -> impl Iterator<Item = &'static str> {
        self.fields
            .iter()
            .flat_map(|rows| rows.iter())
            .filter(move |field| field.is_of(language))
            .map(|field| field.name)
    }

    /// The requirement that a field without a row breaks.
    pub(super) fn refusal(&self, name: &str) -> &'static str {
        let refuses =
            |names: &[&str]| names.iter().any(|refused| *refused == name || name.ends_with(".$") && *refused == ".$");
        self.refused.iter().find(|(names, _)| refuses(names)).map_or(self.unknown, |(_, requirement)| requirement)
    }
}

/// Seconds of a timeout or an interval (D45).
pub(super) const SECONDS: Kind = Kind::Integer { min: 1, max: 99_999_999 };
/// A whole number above 0 without a published maximum.
pub(super) const POSITIVE: Kind = Kind::Integer { min: 1, max: i64::MAX };
/// A whole number without a published maximum.
pub(super) const NON_NEGATIVE: Kind = Kind::Integer { min: 0, max: i64::MAX };
/// A number that the input or a variable holds, in the fields of a Map (D53).
pub(super) const NUMERIC_PATH: Kind = Kind::ReferencePath(Roots::InputOrVariable);

pub(super) const COMMENT: Field = field("Comment", Kind::Comment, "STRUCT-024");
pub(super) const ASSIGN: Field = field("Assign", Kind::Assign, "VAR-001");

const COMMON: &[Field] =
    &[field("Type", Kind::Any, "STRUCT-022"), COMMENT, field("QueryLanguage", Kind::QueryLanguage, "STRUCT-011")];
const TRANSITION: &[Field] =
    &[field("Next", Kind::Target("LINT-002"), "STRUCT-033"), field("End", Kind::Boolean, "STRUCT-030")];
const INPUT_OUTPUT: &[Field] = &[
    field("InputPath", Kind::Path { nullable: true }, "IO-003").jsonpath("IO-033"),
    field("OutputPath", Kind::Path { nullable: true }, "IO-026").jsonpath("IO-033"),
    field("Output", Kind::Output, "JNATA-048").jsonata("JNATA-054"),
];
const VARIABLES: &[Field] = &[ASSIGN];
const PARAMETERS: &[Field] = &[
    field("Parameters", Kind::Template, "IO-009").jsonpath("IO-033"),
    field("ResultPath", Kind::ResultPath, "IO-015").jsonpath("IO-033"),
];
const ARGUMENTS: &[Field] = &[field("Arguments", Kind::Output, "JNATA-052").jsonata("JNATA-054")];
const RESULT_SELECTOR: &[Field] = &[field("ResultSelector", Kind::Template, "IO-011").jsonpath("IO-033")];
const RETRY_CATCH: &[Field] = &[
    field("Retry", Kind::Objects { shape: &RETRIER, may_be_empty: true }, "RETRY-001"),
    field("Catch", Kind::Objects { shape: &CATCHER, may_be_empty: true }, "CATCH-001"),
];

pub(super) static TASK: Shape = Shape {
    name: "a Task state",
    offers: Offers::Result,
    fields: &[
        COMMON,
        TRANSITION,
        INPUT_OUTPUT,
        VARIABLES,
        PARAMETERS,
        ARGUMENTS,
        RESULT_SELECTOR,
        RETRY_CATCH,
        &[
            field("Resource", Kind::Resource, "TASK-001").required("TASK-001"),
            field("TimeoutSeconds", SECONDS, "TASK-007").or_expression(),
            field("TimeoutSecondsPath", Kind::ReferencePath(Roots::Any), "TASK-013").jsonpath("JNATA-055"),
            field("HeartbeatSeconds", SECONDS, "TASK-016").or_expression(),
            field("HeartbeatSecondsPath", Kind::ReferencePath(Roots::Any), "TASK-022").jsonpath("JNATA-055"),
            field("Credentials", Kind::PayloadObject, "TASK-026"),
        ],
    ],
    groups: &[
        at_most_one(&["TimeoutSeconds", "TimeoutSecondsPath"], "TASK-015"),
        at_most_one(&["HeartbeatSeconds", "HeartbeatSecondsPath"], "TASK-024"),
    ],
    unknown: "STRUCT-040",
    refused: &[],
    check: Some(states::task),
};

pub(super) static PARALLEL: Shape = Shape {
    name: "a Parallel state",
    offers: Offers::Result,
    fields: &[
        COMMON,
        TRANSITION,
        INPUT_OUTPUT,
        VARIABLES,
        PARAMETERS,
        ARGUMENTS,
        RESULT_SELECTOR,
        RETRY_CATCH,
        &[field("Branches", Kind::Objects { shape: &BRANCH, may_be_empty: false }, "PAR-001").required("PAR-001")],
    ],
    groups: &[],
    unknown: "STRUCT-040",
    refused: &[(&["TimeoutSeconds", "HeartbeatSeconds"], "PAR-017")],
    check: Some(states::transition),
};

pub(super) static MAP: Shape = Shape {
    name: "a Map state",
    offers: Offers::Result,
    fields: &[
        COMMON,
        TRANSITION,
        INPUT_OUTPUT,
        VARIABLES,
        PARAMETERS,
        RESULT_SELECTOR,
        RETRY_CATCH,
        &[
            field("ItemProcessor", Kind::Machine(&PROCESSOR), "MAP-001"),
            field("Iterator", Kind::Machine(&PROCESSOR), "MAP-001"),
            field("ItemsPath", Kind::ReferencePath(Roots::Any), "MAP-007").jsonpath("JNATA-055"),
            field("Items", Kind::Items, "MAP-011").jsonata("JNATA-054").or_expression(),
            field("ItemSelector", Kind::Payload, "MAP-014"),
            field("ItemReader", Kind::Object(&ITEM_READER), "DMAP-006"),
            field("ItemBatcher", Kind::Object(&ITEM_BATCHER), "DMAP-031"),
            field("ResultWriter", Kind::Object(&RESULT_WRITER), "DMAP-042"),
            field("Label", Kind::Label, "DMAP-051"),
            field("MaxConcurrency", NON_NEGATIVE, "MAP-022").or_expression(),
            field("MaxConcurrencyPath", NUMERIC_PATH, "MAP-026").jsonpath("JNATA-055"),
            field("ToleratedFailureCount", NON_NEGATIVE, "MAP-031").or_expression(),
            field("ToleratedFailureCountPath", NUMERIC_PATH, "MAP-037").jsonpath("JNATA-055"),
            field("ToleratedFailurePercentage", Kind::Number { min: 0.0, max: 100.0 }, "MAP-033").or_expression(),
            field("ToleratedFailurePercentagePath", NUMERIC_PATH, "MAP-037").jsonpath("JNATA-055"),
        ],
    ],
    groups: &[
        Group { names: &["ItemProcessor", "Iterator"], language: None, exclusive: "MAP-001", needed: Some("MAP-001") },
        at_most_one(&["ItemSelector", "Parameters"], "MAP-014"),
        at_most_one(&["MaxConcurrency", "MaxConcurrencyPath"], "MAP-026"),
        at_most_one(&["ToleratedFailureCount", "ToleratedFailureCountPath"], "MAP-037"),
        at_most_one(&["ToleratedFailurePercentage", "ToleratedFailurePercentagePath"], "MAP-037"),
    ],
    unknown: "STRUCT-040",
    refused: &[(&["Arguments"], "JNATA-052")],
    check: Some(map::items_of_the_mode),
};

pub(super) static PASS: Shape = Shape {
    name: "a Pass state",
    offers: Offers::Nothing,
    fields: &[
        COMMON,
        TRANSITION,
        INPUT_OUTPUT,
        VARIABLES,
        PARAMETERS,
        &[field("Result", Kind::Result, "PASS-002").jsonpath("PASS-007")],
    ],
    groups: &[],
    unknown: "STRUCT-040",
    refused: &[(&["Retry", "Catch", "ResultSelector"], "PASS-009"), (&["Arguments"], "JNATA-052")],
    check: Some(states::transition),
};

const WAIT_FIELDS: &[&str] = &["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

pub(super) static WAIT: Shape = Shape {
    name: "a Wait state",
    offers: Offers::Nothing,
    fields: &[
        COMMON,
        TRANSITION,
        INPUT_OUTPUT,
        VARIABLES,
        &[
            field("Seconds", Kind::Integer { min: 0, max: 99_999_999 }, "WAIT-004").or_expression(),
            field("SecondsPath", Kind::ReferencePath(Roots::Any), "WAIT-007").jsonpath("JNATA-055"),
            field("Timestamp", Kind::Timestamp, "WAIT-009").or_expression(),
            field("TimestampPath", Kind::ReferencePath(Roots::Any), "WAIT-015").jsonpath("JNATA-055"),
        ],
    ],
    groups: &[
        Group {
            names: WAIT_FIELDS,
            language: Some(Language::JsonPath),
            exclusive: "WAIT-001",
            needed: Some("WAIT-001"),
        },
        Group {
            names: WAIT_FIELDS,
            language: Some(Language::Jsonata),
            exclusive: "WAIT-002",
            needed: Some("WAIT-002"),
        },
    ],
    unknown: "STRUCT-040",
    refused: &[
        (&["Retry", "Catch", "Parameters", "ResultSelector", "ResultPath"], "WAIT-018"),
        (&["Arguments"], "JNATA-052"),
    ],
    check: Some(states::transition),
};

pub(super) static CHOICE: Shape = Shape {
    name: "a Choice state",
    offers: Offers::Nothing,
    fields: &[
        COMMON,
        INPUT_OUTPUT,
        VARIABLES,
        &[
            field("Choices", Kind::Rules(&super::choice::RULE), "CHOICE-001").required("CHOICE-001"),
            field("Default", Kind::Target("LINT-004"), "CHOICE-004"),
        ],
    ],
    groups: &[],
    unknown: "STRUCT-040",
    refused: &[
        (&["Next", "End", "Retry", "Catch", "Parameters", "ResultSelector", "ResultPath"], "CHOICE-012"),
        (&["Arguments"], "JNATA-052"),
    ],
    check: None,
};

pub(super) static SUCCEED: Shape = Shape {
    name: "a Succeed state",
    offers: Offers::Nothing,
    fields: &[COMMON, INPUT_OUTPUT],
    groups: &[],
    unknown: "STRUCT-040",
    refused: &[
        (&["Assign"], "VAR-003"),
        (&["Next", "End", "Retry", "Catch", "Parameters", "ResultSelector", "ResultPath"], "SUCC-005"),
        (&["Arguments"], "JNATA-052"),
    ],
    check: None,
};

pub(super) static FAIL: Shape = Shape {
    name: "a Fail state",
    offers: Offers::Nothing,
    fields: &[
        COMMON,
        &[
            field("Error", Kind::ErrorName, "FAIL-002").or_expression(),
            field("ErrorPath", Kind::StringPath, "FAIL-008").jsonpath("JNATA-055"),
            field("Cause", Kind::Text, "FAIL-003").or_expression(),
            field("CausePath", Kind::StringPath, "FAIL-009").jsonpath("JNATA-055"),
        ],
    ],
    groups: &[at_most_one(&["Error", "ErrorPath"], "FAIL-012"), at_most_one(&["Cause", "CausePath"], "FAIL-012")],
    unknown: "STRUCT-040",
    refused: &[
        (&["Assign"], "VAR-003"),
        (
            &["InputPath", "OutputPath", "Parameters", "ResultPath", "Output", "Next", "End", "Retry", "Catch"],
            "FAIL-013",
        ),
        (&["ResultSelector"], "IO-011"),
        (&["Arguments"], "JNATA-052"),
        (&[".$"], "FAIL-014"),
    ],
    check: None,
};
