//! Machines in templates of CloudFormation and SAM.
//!
//! What a deployment fills in - `${Name}`, `!Ref`, `!GetAtt` - is an *open* string here, and no finding about its
//! value counts.

use std::sync::Arc;

use asl_engine::validate::MachineType;
use serde_json::Value;

use super::{
    Definition, Form, Source,
    tree::{Content, Member, Node, Span},
};

/// A string in place of a reference that stands outside of strings: it takes no more room than the shortest, `${N}`.
const OPEN: &str = "\u{80}";
/// Bytes of the longest name of a reference.
const MAX_NAME: usize = 256;

/// Whether a document is a template: it has `Resources`, and says so or holds one of AWS.
pub(super) fn is_template(root: &Node) -> bool {
    let Some(resources) = root.get("Resources") else { return false };
    let is_aws = |member: &Member| {
        let kind = member.value.get("Type").and_then(Node::as_str);
        kind.is_some_and(|kind| kind.starts_with("AWS::"))
    };
    let says_so = root.get("AWSTemplateFormatVersion").is_some() || root.get("Transform").is_some();
    matches!(resources.content, Content::Object(_)) && (says_so || resources.members().iter().any(is_aws))
}

/// The machines of a template.
pub(super) fn definitions(file: &str, text: &Arc<str>, root: &Node) -> Source {
    let mut source = Source { definitions: Vec::new(), notes: Vec::new() };
    let resources = root.get("Resources").map(Node::members).unwrap_or_default();
    for Member { name: id, value: resource, .. } in resources {
        let kind = resource.get("Type").and_then(Node::as_str);
        let ("AWS::StepFunctions::StateMachine" | "AWS::Serverless::StateMachine") = kind.unwrap_or_default() else {
            continue;
        };
        match found(resource) {
            Ok((property, form)) => {
                let mut definition = definition(file, text, id, form);
                asl_engine::json::push_pointer(&mut definition.pointer, property);
                definition.machine_type = machine_type(resource);
                source.definitions.push(definition);
            }
            Err(note) => source.notes.push(format!("{id}: {note}")),
        }
    }
    if source.definitions.is_empty() && source.notes.is_empty() {
        source.notes.push("no resource of this template is a state machine".to_owned());
    }
    source
}

/// How a definition stands in its template.
enum Found<'n> {
    Object(&'n Node),
    /// One string of the template.
    String(&'n Node, &'n str),
    /// A string that the template puts together.
    Joined(String),
}

fn found(resource: &Node) -> Result<(&'static str, Found<'_>), String> {
    let property = |name| resource.get("Properties").and_then(|properties| properties.get(name));
    if let Some(node) = property("Definition") {
        return Ok(("Definition", Found::Object(node)));
    }
    if let Some(node) = property("DefinitionString") {
        return match string(node) {
            Some(found) => Ok(("DefinitionString", found)),
            None => Err("DefinitionString is made by a function that is not evaluated here; not checked".to_owned()),
        };
    }
    let elsewhere = property("DefinitionUri").or_else(|| property("DefinitionS3Location"));
    Err(match elsewhere.map(|uri| uri.as_str()) {
        Some(Some(uri)) => format!("the definition is in {uri}; check that file"),
        Some(None) => "the definition is in a bucket; not checked".to_owned(),
        None => "no definition is given".to_owned(),
    })
}

fn string(node: &Node) -> Option<Found<'_>> {
    if let Some(text) = node.as_str() {
        return Some(Found::String(node, text));
    }
    match intrinsic(node)? {
        ("Fn::Sub", Node { content: Content::Array(parts), .. }) => {
            let template = parts.first()?;
            Some(Found::String(template, template.as_str()?))
        }
        ("Fn::Sub", template) => Some(Found::String(template, template.as_str()?)),
        ("Fn::Join", Node { content: Content::Array(arguments), .. }) => match arguments.as_slice() {
            [delimiter, Node { content: Content::Array(parts), .. }] => {
                let parts: Vec<_> = parts.iter().map(open_text).collect();
                Some(Found::Joined(parts.join(delimiter.as_str()?)))
            }
            _ => None,
        },
        _ => None,
    }
}

fn definition(file: &str, text: &Arc<str>, id: &str, found: Found<'_>) -> Definition {
    let apart = |json: &str| {
        let form = Form::Text { json: close(json), offset: 0 };
        Definition::new(&format!("{file}#{id}"), &json.into(), form)
    };
    let mut definition = match found {
        Found::Object(node) => Definition::new(file, text, Form::Tree(open(node))),
        Found::String(node, string) => match literal_block(text, node) {
            // Its lines are those of the file but for the indentation, which JSON ignores.
            Some(block) => {
                let form = Form::Text { json: close(&text[block.clone()]), offset: block.start };
                Definition::new(file, text, form)
            }
            None => apart(string),
        },
        Found::Joined(string) => apart(&string),
    };
    definition.logical_id = Some(id.to_owned());
    for step in ["Resources", id, "Properties"] {
        asl_engine::json::push_pointer(&mut definition.pointer, step);
    }
    definition
}

/// Where the lines of a literal block stand, if the string is one.
fn literal_block(text: &str, node: &Node) -> Option<Span> {
    let (head, body) = text.get(node.span.clone())?.split_once('\n')?;
    let style = head.split_whitespace().find(|word| !word.starts_with(['!', '&']))?;
    if !style.starts_with('|') {
        return None;
    }
    let indentation = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let depth = body.lines().find(|line| !line.trim().is_empty()).map(indentation)?;
    // Comments may follow, with less indentation.
    let is_inside = |line: &&str| line.trim().is_empty() || indentation(line) >= depth;
    let length: usize = body.split_inclusive('\n').take_while(is_inside).map(str::len).sum();
    let start = node.span.start + head.len() + 1;
    Some(start..start + length)
}

fn machine_type(resource: &Node) -> Option<MachineType> {
    let properties = resource.get("Properties")?;
    let name = properties.get("StateMachineType").or_else(|| properties.get("Type"))?.as_str()?;
    Some(if name == "EXPRESS" { MachineType::Express } else { MachineType::Standard })
}

/// The name and argument of a call of an intrinsic function in its long form.
fn intrinsic(node: &Node) -> Option<(&str, &Node)> {
    match node.members() {
        [Member { name, value, .. }] if name == "Ref" || name.starts_with("Fn::") => Some((name, value)),
        _ => None,
    }
}

/// A definition with open strings in place of the intrinsic functions.
fn open(node: &Node) -> Node {
    let content = match &node.content {
        _ if intrinsic(node).is_some() => Content::Scalar(open_text(node).into()),
        Content::Scalar(value) => Content::Scalar(value.clone()),
        Content::Array(items) => Content::Array(items.iter().map(open).collect()),
        Content::Object(members) => {
            let member = |member: &Member| Member { value: open(&member.value), ..member.clone() };
            Content::Object(members.iter().map(member).collect())
        }
    };
    Node { span: node.span.clone(), content }
}

/// A string of a template as far as it is known.
fn open_text(node: &Node) -> String {
    if let Some(text) = node.as_str() {
        return text.to_owned();
    }
    match intrinsic(node) {
        Some(("Fn::Sub", template)) if template.as_str().is_some_and(|text| references(text).next().is_some()) => {
            template.as_str().unwrap_or_default().to_owned()
        }
        Some(("Ref" | "Fn::GetAtt", Node { content: Content::Scalar(Value::String(name)), .. })) => {
            format!("${{{name}}}")
        }
        Some(("Fn::GetAtt", Node { content: Content::Array(parts), .. })) => {
            let parts: Vec<_> = parts.iter().filter_map(Node::as_str).collect();
            format!("${{{}}}", parts.join("."))
        }
        Some((name, _)) => format!("${{{name}}}"),
        None => "${Value}".to_owned(),
    }
}

/// The references `${Name}` of a text, as ranges.
fn references(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(byte);
    text.match_indices("${").filter_map(move |(start, _)| {
        let rest = &text.as_bytes()[start + 2..];
        let length = rest.iter().take(MAX_NAME).take_while(|byte| is_name(byte)).count();
        (length > 0 && rest.get(length) == Some(&b'}')).then_some(start..start + length + 3)
    })
}

/// Whether the deployment fills in the value, or some of it.
pub(super) fn is_open(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text == OPEN || references(text).next().is_some())
}

/// A JSON text whose references outside of strings are strings, everything in its place.
fn close(json: &str) -> String {
    let mut closed = json.as_bytes().to_vec();
    let mut references = references(json).peekable();
    let (mut inside, mut escaped) = (false, false);
    for (at, byte) in json.bytes().enumerate() {
        if let Some(reference) = references.next_if(|reference| reference.start <= at)
            && !inside
        {
            let (string, blanks) = closed[reference].split_at_mut(OPEN.len() + 2);
            string.copy_from_slice(format!("\"{OPEN}\"").as_bytes());
            blanks.fill(b' ');
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = inside,
            b'"' => inside = !inside,
            _ => {}
        }
    }
    // Only whole references were replaced, by whole strings.
    String::from_utf8(closed).unwrap_or_else(|_| json.to_owned())
}

/// Makes every open `Resource` an ARN, so that the machine can run: what it names is the matter of a task script. A
/// reference outside of strings becomes the number 1.
pub(super) fn fill(value: &mut Value) {
    match value {
        Value::String(text) if text == OPEN => *value = 1.into(),
        Value::Array(items) => items.iter_mut().for_each(fill),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "Resource" => *text = filled(text),
                    other => fill(other),
                }
            }
        }
        _ => {}
    }
}

fn filled(text: &str) -> String {
    let mut arn = String::new();
    let mut rest = 0;
    for reference in references(text) {
        arn.push_str(&text[rest..reference.start]);
        let name = &text[reference.start + 2..reference.end - 1];
        match name {
            "AWS::Partition" => arn.push_str("aws"),
            "AWS::Region" => arn.push_str("us-east-1"),
            "AWS::AccountId" => arn.push_str("123456789012"),
            _ if reference.start == 0 => {
                arn.push_str("arn:aws:lambda:us-east-1:123456789012:function:");
                arn.push_str(name);
            }
            _ => arn.push_str(name),
        }
        rest = reference.end;
    }
    arn.push_str(&text[rest..]);
    arn
}
