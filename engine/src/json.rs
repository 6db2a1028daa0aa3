//! JSON text: read strictly, compared by value, written in one way.

use std::{borrow::Cow, cell::Cell, collections::HashSet, fmt, io};

use serde::{
    Serialize,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{
    Deserializer, Map, Number, Serializer, Value,
    ser::{CompactFormatter, Formatter},
};
use thiserror::Error;

use crate::{meter::MAX_DEPTH, number};

/// Bytes of pointers after which no further duplicate is recorded: a hostile text must not make the report outgrow it.
const MAX_DUPLICATE_TEXT: usize = 1 << 20;

/// A parsed text, with what a [`Value`] alone would lose.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The value; of a repeated key the last member counts (DATA-009).
    pub value: Value,
    /// JSON Pointers to the members whose key occurs more than once, each once, in the order of the text.
    pub duplicates: Vec<String>,
}

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParseErrorKind {
    /// It is not JSON, or holds a number that no double can express.
    Syntax,
    /// Arrays and objects nest more than [`MAX_DEPTH`] deep (LINT-023).
    TooDeep,
    /// The bytes are not UTF-8.
    Encoding,
}

/// A text that is not JSON, or too deep.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message} at line {line} column {column}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1; 0 when the fault is the end of the line before.
    pub column: usize,
    /// One line for a person, without the position.
    pub message: String,
}

/// A member of an object. The names of a small one are compared in turn, which is faster than hashing the wanted name.
#[must_use]
pub fn member<'v>(members: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    const FEW: usize = 8;
    if members.len() > FEW {
        return members.get(name);
    }
    members.iter().find(|(other, _)| *other == name).map(|(_, member)| member)
}

/// Parses a JSON text and reports duplicate keys.
///
/// # Errors
/// [`ParseError`] when the text is not strictly JSON, or nests deeper than [`MAX_DEPTH`].
pub fn parse(text: &str) -> Result<Parsed, ParseError> {
    let duplicates = Cell::new(Duplicates::default());
    let value = read(text, Some(&duplicates))?;
    let mut duplicates = duplicates.into_inner().pointers;
    let mut seen = HashSet::new();
    duplicates.retain(|pointer| seen.insert(pointer.clone()));
    Ok(Parsed { value, duplicates })
}

/// Parses the bytes of a JSON text and reports duplicate keys.
///
/// # Errors
/// As [`parse`], and [`ParseErrorKind::Encoding`] for bytes that are not UTF-8.
pub fn parse_slice(bytes: &[u8]) -> Result<Parsed, ParseError> {
    parse(decode(bytes)?)
}

/// Parses a JSON text for its value alone, as inputs and task results are read.
///
/// # Errors
/// As [`parse`].
pub fn parse_value(text: &str) -> Result<Value, ParseError> {
    read(text, None)
}

fn decode(bytes: &[u8]) -> Result<&str, ParseError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let last_line = valid.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        ParseError {
            kind: ParseErrorKind::Encoding,
            line: valid.iter().filter(|byte| **byte == b'\n').count().saturating_add(1),
            column: last_line.len().saturating_add(1),
            message: "the text is not UTF-8".to_owned(),
        }
    })
}

fn read(text: &str, duplicates: Option<&Cell<Duplicates>>) -> Result<Value, ParseError> {
    let too_deep = Cell::new(false);
    let mut deserializer = Deserializer::from_str(text);
    // The seed keeps its own, larger bound.
    deserializer.disable_recursion_limit();
    let seed = Seed { place: None, depth: 0, too_deep: &too_deep, duplicates };
    seed.deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| describe(&error, too_deep.get()))
}

fn describe(error: &serde_json::Error, too_deep: bool) -> ParseError {
    let (line, column) = (error.line(), error.column());
    let full = error.to_string();
    let message = full.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&full).to_owned();
    let kind = if too_deep { ParseErrorKind::TooDeep } else { ParseErrorKind::Syntax };
    ParseError { kind, line, column, message }
}

/// One step from the document down to a value; rendered only when a duplicate is found.
#[derive(Clone, Copy)]
struct Place<'p> {
    outer: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(Place { outer, step }) = place {
            steps.push(step);
            place = *outer;
        }
        let mut pointer = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Step::Key(key) => push_pointer(&mut pointer, key),
                Step::Index(index) => push_pointer_index(&mut pointer, *index),
            }
        }
        pointer
    }
}

#[derive(Default)]
struct Duplicates {
    pointers: Vec<String>,
    bytes: usize,
}

impl Duplicates {
    fn add(&mut self, place: &Place<'_>) {
        if self.bytes <= MAX_DUPLICATE_TEXT {
            let pointer = place.pointer();
            self.bytes = self.bytes.saturating_add(pointer.len());
            self.pointers.push(pointer);
        }
    }
}

/// Builds a [`Value`] that stands below `depth` arrays and objects.
#[derive(Clone, Copy)]
struct Seed<'s> {
    place: Option<&'s Place<'s>>,
    depth: usize,
    too_deep: &'s Cell<bool>,
    duplicates: Option<&'s Cell<Duplicates>>,
}

impl<'s> Seed<'s> {
    fn inside<'i>(&self, place: &'i Place<'i>) -> Seed<'i>
    where
        's: 'i,
    {
        Seed { place: Some(place), depth: self.depth.saturating_add(1), ..*self }
    }

    fn check_depth<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.depth < MAX_DEPTH {
            return Ok(());
        }
        self.too_deep.set(true);
        Err(E::custom(format_args!("arrays and objects nest more than {MAX_DEPTH} deep")))
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        // The text `-0` arrives here too; the language knows one zero (D18).
        if value == 0.0 {
            return Ok(Value::Number(0.into()));
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut array = Vec::new();
        loop {
            let place = Place { outer: self.place, step: Step::Index(array.len()) };
            match items.next_element_seed(self.inside(&place))? {
                Some(item) => array.push(item),
                None => return Ok(Value::Array(array)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        self.check_depth()?;
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let place = Place { outer: self.place, step: Step::Key(&key) };
            let value = members.next_value_seed(self.inside(&place))?;
            if let Some(cell) = self.duplicates
                && object.contains_key(&key)
            {
                let mut duplicates = cell.take();
                duplicates.add(&place);
                cell.set(duplicates);
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

/// Whether two values are the same: numbers by value, so 1 equals 1.0, and objects whatever the order of their members.
#[must_use]
pub fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => number::equal(left, right),
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| equal(left, right)))
        }
        (left, right) => left == right,
    }
}

/// The compact text of a value, with every number in its [shortest form](number::to_text) (INTR-JsonToString-04).
#[must_use]
pub fn to_text(value: &Value) -> String {
    let mut bytes = Vec::new();
    let written = value.serialize(&mut Serializer::with_formatter(&mut bytes, ShortestNumbers));
    // Writing a Value into memory cannot fail; should it ever, the plain text of serde_json is still right.
    match (written, String::from_utf8(bytes)) {
        (Ok(()), Ok(text)) => text,
        _ => value.to_string(),
    }
}

struct ShortestNumbers;

impl Formatter for ShortestNumbers {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        match Number::from_f64(value) {
            Some(number) => writer.write_all(number::to_text(&number).as_bytes()),
            None => CompactFormatter.write_f64(writer, value),
        }
    }
}

/// A key as one token of a JSON Pointer (RFC 6901): `~` becomes `~0` and `/` becomes `~1`.
#[must_use]
pub fn pointer_escape(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { Cow::Owned(key.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(key) }
}

/// Extends a JSON Pointer by the key of a member.
pub fn push_pointer(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&pointer_escape(key));
}

/// Extends a JSON Pointer by an array index.
pub fn push_pointer_index(pointer: &mut String, index: usize) {
    pointer.push('/');
    pointer.push_str(&index.to_string());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::none(r#"{"a": 1, "b": {"a": 2}}"#, &[])]
    #[case::at_the_root(r#"{"a": 1, "a": 2}"#, &["/a"])]
    #[case::once_for_three(r#"{"a": 1, "a": 2, "a": 3}"#, &["/a"])]
    #[case::escaped_when_it_looks_the_same(r#"{"a": 1, "\u0061": 2}"#, &["/a"])]
    #[case::below_arrays_and_odd_keys(r#"{"x/y": [0, {"~": 1, "~": 2}]}"#, &["/x~1y/1/~0"])]
    #[case::in_the_order_of_the_text(r#"[{"b": 1, "b": 2}, {"a": 1, "a": 2}]"#, &["/0/b", "/1/a"])]
    #[case::empty_key(r#"{"": 1, "": 2}"#, &["/"])]
    fn duplicate_keys_are_reported_once_by_pointer(#[case] text: &str, #[case] pointers: &[&str]) {
        assert_eq!(parse(text).unwrap().duplicates, pointers);
    }

    #[test]
    fn of_a_repeated_key_the_last_member_counts() {
        assert_eq!(parse(r#"{"a": 1, "a": 2}"#).unwrap().value, json!({"a": 2}));
    }

    #[test]
    fn a_hostile_text_cannot_inflate_the_report() {
        let long = "k".repeat(1 << 20);
        let many: Vec<String> = (0..1000).map(|index| format!(r#""{index}":0,"{index}":0"#)).collect();
        let text = format!(r#"{{"{long}": {{{}}}}}"#, many.join(","));
        assert_eq!(parse(&text).unwrap().duplicates.len(), 1);
    }

    #[rstest]
    #[case::empty("", 1, 0, "EOF while parsing a value")]
    #[case::comment("// no\n1", 1, 1, "expected value")]
    #[case::trailing_comma("[1,\n2,]", 2, 3, "trailing comma")]
    #[case::second_document("1 2", 1, 3, "trailing characters")]
    #[case::single_quotes("{'a': 1}", 1, 2, "key must be a string")]
    #[case::leading_zero("01", 1, 2, "invalid number")]
    #[case::not_a_number("NaN", 1, 1, "expected value")]
    #[case::beyond_a_double("1e400", 1, 5, "number out of range")]
    #[case::lone_surrogate(r#""\ud800""#, 1, 8, "unexpected end of hex escape")]
    #[case::byte_order_mark("\u{feff}1", 1, 1, "expected value")]
    fn what_is_not_json_is_refused_with_its_place(
        #[case] text: &str,
        #[case] line: usize,
        #[case] column: usize,
        #[case] message: &str,
    ) {
        let error = parse(text).unwrap_err();
        assert_eq!((error.kind, error.line, error.column), (ParseErrorKind::Syntax, line, column), "{error}");
        assert_eq!(error.message, message);
        assert_eq!(error.to_string(), format!("{message} at line {line} column {column}"));
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_refused_with_their_place() {
        let error = parse_slice(b"{\n \"\xff\": 1}").unwrap_err();
        assert_eq!((error.kind, error.line, error.column), (ParseErrorKind::Encoding, 2, 3));
        assert_eq!(parse_slice(b"[1]").unwrap().value, json!([1]));
    }

    #[rstest]
    #[case::arrays("[", "]")]
    #[case::objects(r#"{"a":"#, "}")]
    fn nesting_is_bounded(#[case] open: &str, #[case] close: &str) {
        let nested = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(parse(&nested(MAX_DEPTH + 1)).unwrap_err().kind, ParseErrorKind::TooDeep);
        assert_eq!(parse_value(&open.repeat(1_000_000)).unwrap_err().kind, ParseErrorKind::TooDeep);
    }

    #[rstest]
    #[case::data_011_signed_64_bits("[9223372036854775807,-9223372036854775808]")]
    #[case::data_012_fraction("0.1")]
    #[case::data_014_outside_the_basic_plane(r#""🚀\u0000""#)]
    fn values_survive_reading_and_writing(#[case] text: &str) {
        assert_eq!(to_text(&parse_value(text).unwrap()), text);
    }

    #[rstest]
    #[case("1.0", "1")]
    #[case("-0", "0")]
    #[case("[1.50, 1E2]", "[1.5,100]")]
    #[case("9223372036854775808.0", "9223372036854775808")]
    #[case("1e21", "1e+21")]
    fn numbers_are_written_in_their_shortest_form(#[case] text: &str, #[case] shortest: &str) {
        assert_eq!(to_text(&parse_value(text).unwrap()), shortest);
    }

    #[rstest]
    #[case(json!(1), json!(1.0), true)]
    #[case(json!([1, {"a": 2.0}]), json!([1.0, {"a": 2}]), true)]
    #[case(json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), true)]
    #[case(json!({"a": 1}), json!({"a": 1, "b": 2}), false)]
    #[case(json!({"a": null}), json!({"b": null}), false)]
    #[case(json!([1, 2]), json!([2, 1]), false)]
    #[case(json!(1), json!("1"), false)]
    #[case(json!(0), json!(false), false)]
    #[case(json!("é"), json!("e\u{301}"), false)]
    #[case(json!(9007199254740993_i64), json!(9007199254740992.0), false)]
    fn equality_is_by_value(#[case] left: Value, #[case] right: Value, #[case] expected: bool) {
        assert_eq!(equal(&left, &right), expected);
        assert_eq!(equal(&right, &left), expected);
    }

    #[rstest]
    #[case("plain", "plain")]
    #[case("a/b", "a~1b")]
    #[case("~1", "~01")]
    fn pointer_tokens_are_escaped(#[case] key: &str, #[case] token: &str) {
        assert_eq!(pointer_escape(key), token);
    }

    proptest! {
        #[test]
        fn accepts_exactly_what_serde_json_accepts(text in r#"[\[\]{}:,"a1e.\-+ \\]{0,24}"#) {
            match (parse(&text), serde_json::from_str::<Value>(&text)) {
                (Ok(ours), Ok(theirs)) => prop_assert!(equal(&ours.value, &theirs)),
                (ours, theirs) => prop_assert_eq!(ours.is_err(), theirs.is_err()),
            }
        }

        #[test]
        fn any_bytes_end_in_a_value_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = parse_slice(&bytes);
        }
    }
}
