//! YAML 1.2 with places, as far as it can be said in JSON: strings as names, no cycles, one document.

use std::{borrow::Cow, collections::HashMap};

use asl_engine::{diagnostic::Code, validate::MAX_DEPTH};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};
use serde_json::{Number, Value};

use super::tree::{Content, Member, Node, Span};

/// Values that a document may hold once its aliases are resolved.
const MAX_NODES: usize = 1 << 20;
/// Bytes that its strings may hold then.
const MAX_TEXT: usize = 64 << 20;

/// Why a text was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// [`Code::InvalidJsonDescription`] or [`Code::TooDeeplyNested`].
    pub code: Code,
    /// Where.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
}

/// Reads a YAML text; `None` if it is blank.
pub(super) fn read(text: &str) -> Result<Option<Node>, Refusal> {
    let places = Places::new(text);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| places.refusal(text, &error))?;
        let span = places.span(span.start.index(), span.end.index());
        builder.event(event, span)?;
    }
    Ok(builder.root)
}

/// The byte at which each character begins; nothing where characters are bytes.
struct Places {
    bytes: Option<Vec<usize>>,
    length: usize,
}

impl Places {
    fn new(text: &str) -> Self {
        let bytes = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Self { bytes, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        let at = self.bytes.as_ref().map_or(Some(character), |bytes| bytes.get(character).copied());
        at.unwrap_or(self.length).min(self.length)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let start = self.byte(start);
        start..self.byte(end).max(start)
    }

    fn refusal(&self, text: &str, error: &ScanError) -> Refusal {
        let at = self.byte(error.marker().index());
        let too_deep = error.info() == "recursion limit exceeded";
        // The scanner names the token after a tab, which says little; the tab itself is the fault.
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let indentation = text[line..].len() - text[line..].trim_start_matches([' ', '\t']).len();
        let tab = text[line..line + indentation].find('\t').map(|tab| line + tab);
        match tab {
            Some(tab) => refusal(tab..tab + 1, "a tab cannot indent a line; use spaces"),
            None if too_deep => too_deep_at(at..at),
            None => refusal(at..at, error.info()),
        }
    }
}

fn refusal(span: Span, message: impl Into<String>) -> Refusal {
    Refusal { code: Code::InvalidJsonDescription, span, message: message.into() }
}

fn too_deep_at(span: Span) -> Refusal {
    let message = format!("arrays and objects nest more than {MAX_DEPTH} deep");
    Refusal { code: Code::TooDeeplyNested, span, message }
}

/// A complete value, and what it costs to copy it.
#[derive(Clone)]
struct Built {
    node: Node,
    size: Size,
}

#[derive(Clone, Copy, Default)]
struct Size {
    /// Values, this one included.
    nodes: usize,
    /// Bytes of names and strings.
    text: usize,
    /// Arrays and objects on the way to the deepest value.
    height: usize,
}

impl Size {
    /// The size of an array or object that holds what `self` counts.
    fn around(self) -> Self {
        Self { nodes: self.nodes + 1, height: self.height + 1, ..self }
    }

    fn add(&mut self, other: Self) {
        self.nodes += other.nodes;
        self.text += other.text;
        self.height = self.height.max(other.height);
    }
}

/// An array or object that is not closed yet.
struct Frame {
    start: Span,
    anchor: usize,
    tag: Option<String>,
    content: Content,
    /// The name whose value comes next, in an object.
    name: Option<(String, Span)>,
    /// What it holds so far.
    inside: Size,
}

#[derive(Default)]
struct Builder {
    frames: Vec<Frame>,
    anchors: HashMap<usize, Built>,
    root: Option<Node>,
    /// What was copied so far.
    copied: Size,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(refusal(span, "a definition is one document, and here begins another"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref(), &span)?;
                let size = Size { nodes: 1, text: text.len(), height: 0 };
                self.complete(Built { node: Node::scalar(span, value), size }, anchor, intrinsic(tag.as_deref()))
            }
            Event::SequenceStart(anchor, tag) => self.open(Content::Array(Vec::new()), span, anchor, tag),
            Event::MappingStart(anchor, tag) => self.open(Content::Object(Vec::new()), span, anchor, tag),
            Event::SequenceEnd | Event::MappingEnd => match self.frames.pop() {
                Some(Frame { start, anchor, tag, content, inside, .. }) => {
                    let node = Node { span: start.start..span.end.max(start.end), content };
                    self.complete(Built { node, size: inside.around() }, anchor, tag)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let Some(size) = self.anchors.get(&anchor).map(|anchored| anchored.size) else {
                    return Err(refusal(span, "an alias cannot stand inside the value that it names"));
                };
                self.charge(size, &span)?;
                // The copy keeps the place of the original: that is where a fault is mended.
                self.anchors.get(&anchor).cloned().map_or(Ok(()), |copy| self.put(copy))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, content: Content, start: Span, anchor: usize, tag: Option<Cow<'_, Tag>>) -> Result<(), Refusal> {
        if self.frames.len() >= MAX_DEPTH {
            return Err(too_deep_at(start));
        }
        let tag = intrinsic(tag.as_deref());
        self.frames.push(Frame { start, anchor, tag, content, name: None, inside: Size::default() });
        Ok(())
    }

    /// Takes a value whose end was reached: a tag of CloudFormation wraps it, an anchor keeps it for later.
    fn complete(&mut self, built: Built, anchor: usize, tag: Option<String>) -> Result<(), Refusal> {
        let Built { node, size } = built;
        let built = match tag {
            None => Built { node, size },
            Some(name) => {
                let span = node.span.clone();
                let member = Member { name, name_span: span.clone(), value: node };
                Built { node: Node { span, content: Content::Object(vec![member]) }, size: size.around() }
            }
        };
        if anchor > 0 {
            self.charge(built.size, &built.node.span)?;
            self.anchors.insert(anchor, built.clone());
        }
        self.put(built)
    }

    /// Counts a copy, so that aliases of aliases do not grow without bound.
    fn charge(&mut self, size: Size, span: &Span) -> Result<(), Refusal> {
        self.copied.add(size);
        if self.copied.nodes > MAX_NODES || self.copied.text > MAX_TEXT {
            return Err(refusal(span.clone(), "with its aliases resolved, the document is too large"));
        }
        Ok(())
    }

    /// Puts a value where it belongs: into the innermost open array or object, or at the root.
    fn put(&mut self, Built { node, size }: Built) -> Result<(), Refusal> {
        if self.frames.len() + size.height > MAX_DEPTH {
            return Err(too_deep_at(node.span));
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        frame.inside.add(size);
        match (&mut frame.content, frame.name.take()) {
            (Content::Array(items), _) => items.push(node),
            (Content::Object(members), Some((name, name_span))) => {
                members.push(Member { name, name_span, value: node })
            }
            (Content::Object(_), None) => frame.name = Some(name_of(node)?),
            (Content::Scalar(_), _) => {}
        }
        Ok(())
    }
}

/// The name of a member: a string, or the text of another scalar.
fn name_of(node: Node) -> Result<(String, Span), Refusal> {
    match node.content {
        Content::Scalar(Value::String(name)) => Ok((name, node.span)),
        Content::Scalar(value) if !value.is_null() => Ok((value.to_string(), node.span)),
        _ => Err(refusal(node.span, "the name of a member has to be a string")),
    }
}

/// The long name of a short intrinsic function of CloudFormation: `!Ref` is `Ref`, `!Sub` is `Fn::Sub`.
fn intrinsic(tag: Option<&Tag>) -> Option<String> {
    match tag.filter(|tag| tag.handle == "!" && !tag.suffix.is_empty())?.suffix.as_str() {
        name @ ("Ref" | "Condition") => Some(name.to_owned()),
        name => Some(format!("Fn::{name}")),
    }
}

/// The value of a scalar by the core schema of YAML 1.2.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>, span: &Span) -> Result<Value, Refusal> {
    let is_string = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    if style != ScalarStyle::Plain || is_string {
        return Ok(text.into());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Ok(Value::Null),
        "true" | "True" | "TRUE" => Ok(true.into()),
        "false" | "False" | "FALSE" => Ok(false.into()),
        _ if is_number(text) => match number(text) {
            Some(number) => Ok(number.into()),
            None => Err(refusal(span.clone(), format!("no double can express the number {text}"))),
        },
        _ => match text.trim_start_matches(['+', '-']) {
            ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN" => {
                Err(refusal(span.clone(), format!("JSON has no number {text}")))
            }
            _ => Ok(text.into()),
        },
    }
}

/// Whether a plain scalar is a number: decimal with an optional fraction and exponent, octal or hexadecimal.
fn is_number(text: &str) -> bool {
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    if let Some(digits) = text.strip_prefix("0x") {
        return all(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return all(digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty()) && all(exponent, 10)
}

fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16).ok().map(Number::from);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).ok().map(Number::from);
    }
    let integer = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    integer.ok().or_else(|| Number::from_f64(text.parse().ok()?))
}
