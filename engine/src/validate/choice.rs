//! Choice Rules (CHOICE rows).

use serde_json::{Map, Value};

use super::{
    fields::{ASSIGN, COMMENT, Field, Kind, Language, Shape, field},
    jsonata::Offers,
    report::Token,
    validator::{Site, Validator},
};
use crate::diagnostic::Code;

const PATH: Kind = Kind::Path { nullable: false };

/// A comparison operator; it belongs to JSONPath (CHOICE-016).
const fn operator(name: &'static str, kind: Kind, requirement: &'static str) -> Field {
    field(name, kind, requirement).jsonpath("CHOICE-016")
}

const fn text(name: &'static str) -> Field {
    operator(name, Kind::Text, "CHOICE-031")
}

const fn number(name: &'static str) -> Field {
    operator(name, Kind::Number { min: f64::MIN, max: f64::INFINITY }, "CHOICE-032")
}

const fn timestamp(name: &'static str) -> Field {
    operator(name, Kind::Timestamp, "CHOICE-033")
}

const fn boolean(name: &'static str) -> Field {
    operator(name, Kind::Boolean, "CHOICE-034")
}

const fn path(name: &'static str) -> Field {
    operator(name, PATH, "CHOICE-035")
}

/// The 39 comparison operators.
const OPERATORS: &[Field] = &[
    text("StringEquals"),
    path("StringEqualsPath"),
    text("StringLessThan"),
    path("StringLessThanPath"),
    text("StringGreaterThan"),
    path("StringGreaterThanPath"),
    text("StringLessThanEquals"),
    path("StringLessThanEqualsPath"),
    text("StringGreaterThanEquals"),
    path("StringGreaterThanEqualsPath"),
    text("StringMatches"),
    number("NumericEquals"),
    path("NumericEqualsPath"),
    number("NumericLessThan"),
    path("NumericLessThanPath"),
    number("NumericGreaterThan"),
    path("NumericGreaterThanPath"),
    number("NumericLessThanEquals"),
    path("NumericLessThanEqualsPath"),
    number("NumericGreaterThanEquals"),
    path("NumericGreaterThanEqualsPath"),
    boolean("BooleanEquals"),
    path("BooleanEqualsPath"),
    timestamp("TimestampEquals"),
    path("TimestampEqualsPath"),
    timestamp("TimestampLessThan"),
    path("TimestampLessThanPath"),
    timestamp("TimestampGreaterThan"),
    path("TimestampGreaterThanPath"),
    timestamp("TimestampLessThanEquals"),
    path("TimestampLessThanEqualsPath"),
    timestamp("TimestampGreaterThanEquals"),
    path("TimestampGreaterThanEqualsPath"),
    boolean("IsNull"),
    boolean("IsPresent"),
    boolean("IsNumeric"),
    boolean("IsString"),
    boolean("IsBoolean"),
    boolean("IsTimestamp"),
];

/// What rules have at every level. A static, so that rules can hold rules.
static TESTS: [Field; 5] = [
    operator("Variable", PATH, "CHOICE-026"),
    operator("And", Kind::Rules(&INNER_RULE), "CHOICE-019"),
    operator("Or", Kind::Rules(&INNER_RULE), "CHOICE-021"),
    operator("Not", Kind::Object(&INNER_RULE), "CHOICE-023"),
    COMMENT,
];

pub(super) static RULE: Shape = Shape {
    name: "a Choice Rule",
    offers: Offers::Nothing,
    fields: &[
        OPERATORS,
        &TESTS,
        &[
            field("Next", Kind::Target("LINT-003"), "CHOICE-002").required("CHOICE-002"),
            field("Condition", Kind::Boolean, "CHOICE-014").jsonata("JNATA-054").or_expression(),
            field("Output", Kind::Output, "JNATA-048").jsonata("JNATA-054"),
            ASSIGN,
        ],
    ],
    groups: &[],
    unknown: "CHOICE-018",
    refused: &[],
    check: Some(one_test),
};

static INNER_RULE: Shape = Shape {
    name: "a nested Choice Rule",
    offers: Offers::Nothing,
    fields: &[OPERATORS, &TESTS],
    groups: &[],
    unknown: "CHOICE-018",
    refused: &[(&["Next"], "CHOICE-003"), (&["Assign"], "VAR-005"), (&["Condition", "Output"], "JNATA-054")],
    check: Some(one_test),
};

/// A rule makes exactly one test (CHOICE-014, CHOICE-017, CHOICE-018, CHOICE-026).
fn one_test<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, site: Site) {
    let has = |name: &str| members.contains_key(name);
    let combinations = ["And", "Or", "Not"].into_iter().filter(|name| has(name)).count();
    let comparisons = members.keys().filter(|name| OPERATORS.iter().any(|operator| operator.name == *name)).count();
    let (code, rule, message) = match (site.language, combinations, comparisons) {
        // A rule written in the other query language gets findings about that alone.
        (Language::Jsonata, 0, 0) if !has("Condition") && !has("Variable") => {
            (Code::MissingField, "CHOICE-014", "a JSONata Choice Rule needs the field 'Condition'")
        }
        (Language::Jsonata, ..) => return,
        (_, 0, 0) if has("Condition") => return,
        (_, 0, 0) => (Code::MissingField, "CHOICE-018", "a Choice Rule needs a comparison operator, And, Or or Not"),
        (_, 0, 1) if !has("Variable") => (Code::MissingField, "CHOICE-026", "a comparison needs the field 'Variable'"),
        (_, 0, 1) => return,
        (_, 1, 0) if !has("Variable") => return,
        (_, 1, _) => (Code::ExclusiveFields, "CHOICE-017", "And, Or and Not exclude Variable and comparison operators"),
        _ => (Code::ExclusiveFields, "CHOICE-018", "a Choice Rule takes only one comparison operator, And, Or or Not"),
    };
    validator.error(code, rule, message.to_owned());
}

impl<'d> Validator<'d> {
    /// `Choices`, `And` or `Or`: a non-empty array of rules (CHOICE-001, CHOICE-019, CHOICE-021).
    pub(super) fn rules(&mut self, rule: &'static str, shape: &'static Shape, value: &'d Value, site: Site) {
        match value {
            Value::Array(items) if items.is_empty() => self.empty(rule),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.within(Token::Index(index), |validator| match item {
                        Value::Object(members) => validator.object(shape, members, site),
                        other => validator.wrong_type(rule, "an array of Choice Rules", other),
                    });
                }
            }
            other => self.wrong_type(rule, "an array of Choice Rules", other),
        }
    }
}
