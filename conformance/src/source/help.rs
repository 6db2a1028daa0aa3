//! The fix for a finding in one line, where the rule implies one.

use asl_engine::{
    diagnostic::{Code, Diagnostic},
    path::{Path, ReferencePath},
    profile::Profile,
    validate::nearest,
};
use serde_json::Value;

use super::tree::{Content, Node, Step};

/// Where a message of the validator goes over to a suggestion.
const SUGGESTION: &str = "; did you mean ";

/// The message of a finding without its suggestion.
pub(super) fn title(finding: &Diagnostic) -> &str {
    finding.message.rsplit_once(SUGGESTION).map_or(&finding.message, |(title, _)| title)
}

/// What to do about a finding, if that can be said.
pub(super) fn help(finding: &Diagnostic, tree: &Node) -> Option<String> {
    if let Some((_, name)) = finding.message.rsplit_once(SUGGESTION) {
        return Some(format!("did you mean {name}"));
    }
    let steps = tree.walk(&finding.location);
    let node = steps.last().map_or(tree, |step| step.node());
    match finding.code {
        Code::WrongType => wrong_type(&finding.message, node),
        Code::MissingField => missing_field(&finding.message, node),
        Code::MissingTransitionTarget => target(node, tree, &steps),
        Code::UnknownValue => near(node.as_str()?, known_values(&finding.message)),
        Code::InvalidPath | Code::InvalidReferencePath => quoted_names(node.as_str()?, finding.code),
        Code::InvalidIntrinsic => intrinsic(node.as_str()?),
        Code::InvalidResource if node.as_str()?.starts_with("arn:") => None,
        Code::OtherQueryLanguage => counterpart(&finding.message),
        Code::ReservedErrorName => near(node.as_str()?, asl_engine::failure::names::PREDEFINED.into_iter()),
        Code::NoDollar => match steps.last()? {
            Step::Member(member) => Some(format!("name the field \"{}.$\" if it should be evaluated", member.name)),
            Step::Element(_) => None,
        },
        Code::InvalidJsonataExpression => half_delimited(node.as_str()?),
        code => fixed(code).map(str::to_owned),
    }
}

/// What to do about findings whose fix does not depend on the document.
fn fixed(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::DuplicateKey => "rename or remove one of them; engines keep only the last",
        Code::DuplicateStateName => "rename one of them: state names are unique in the whole definition",
        Code::ExclusiveFields => "keep one of them, remove the rest",
        Code::InvalidResource => "write an ARN such as \"arn:aws:lambda:us-east-1:123456789012:function:Name\"",
        Code::InvalidTimestamp => "write date, 'T', time and offset, such as \"2025-01-31T12:00:00Z\"",
        Code::MisplacedStatesAll => "give States.ALL a last element of its own",
        Code::MissingEndState => "add \"End\": true to the last state",
        Code::QueryLanguageDowngrade => "write the state in JSONata, or name JSONata only in the states that use it",
        Code::VariableScopeConflict => "choose another name for the inner variable",
        Code::UnassignedVariable => "assign it in the \"Assign\" of a state before this one",
        Code::PassResultIsStatic => "use \"Parameters\" with a name that ends in \".$\"",
        _ => return None,
    })
}

fn wrong_type(message: &str, node: &Node) -> Option<String> {
    let expects = |what: &str| message.contains(&format!(" must be {what}"));
    match &node.content {
        Content::Scalar(Value::String(text)) => {
            let is_number = text.parse::<f64>().is_ok_and(f64::is_finite);
            let is_quoted_number = is_number && (expects("an integer") || expects("a number"));
            let is_quoted_boolean = ["true", "false"].contains(&text.as_str()) && expects("true or false");
            if is_quoted_number || is_quoted_boolean {
                Some(format!("write it without quotes: {text}"))
            } else if expects("an array") && text.len() < 60 {
                Some(format!("put it into an array: [{}]", Value::from(text.as_str())))
            } else {
                None
            }
        }
        Content::Scalar(value @ (Value::Number(_) | Value::Bool(_))) if expects("a string") => {
            Some(format!("write it with quotes: \"{value}\""))
        }
        Content::Object(_) if expects("an array") => Some("put it into an array: [{...}]".to_owned()),
        _ => None,
    }
}

fn missing_field(message: &str, node: &Node) -> Option<String> {
    if message.contains("'Next', or \"End\": true") {
        return Some("add \"End\": true, or \"Next\" with the name of a state".to_owned());
    }
    let field = message.strip_suffix('\'')?.rsplit_once("needs the field '")?.1;
    let members = node.members().iter().map(|member| member.name.as_str());
    if let Some(misspelt) = nearest(field, members) {
        return Some(format!("rename '{misspelt}' to '{field}'"));
    }
    let example = match field {
        "Type" => "\"Type\": \"Pass\"",
        "StartAt" => "\"StartAt\" with the name of the first state",
        "States" => "\"States\" with at least one state",
        "Resource" => "\"Resource\" with the ARN of what does the work",
        "ErrorEquals" => "\"ErrorEquals\": [\"States.ALL\"]",
        "Choices" => "\"Choices\" with at least one rule",
        "Variable" => "\"Variable\" with the Path to compare, such as \"$.value\"",
        _ => return None,
    };
    Some(format!("add {example}"))
}

/// The state that a transition probably means; for a state that nothing leads to, a transition.
fn target(node: &Node, tree: &Node, steps: &[Step<'_>]) -> Option<String> {
    let Some(name) = node.as_str() else {
        return Some("let a \"Next\", \"Default\" or \"StartAt\" name it, or remove it".to_owned());
    };
    let around = steps.iter().rev().skip(1).map(|step| step.node()).chain([tree]);
    let states = around.into_iter().find_map(|node| node.get("States"))?;
    near(name, states.members().iter().map(|member| member.name.as_str()))
}

fn near<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    nearest(name, known).map(|near| format!("did you mean '{near}'?"))
}

/// The values that a message names as possible.
fn known_values(message: &str) -> impl Iterator<Item = &str> {
    let known = message.rsplit_once(", not ").map_or("", |(before, _)| before);
    let known = known.split_once(" must be ").map_or("", |(_, values)| values);
    known.trim_start_matches("one of ").split([' ', ',', '\'']).filter(|word| !word.is_empty() && *word != "or")
}

/// The path with its unusual names in brackets and quotes, if that is all it lacks.
fn quoted_names(text: &str, code: Code) -> Option<String> {
    if text.is_empty() || text.len() > 200 {
        return None;
    }
    let accepts = |path: &str| match code {
        Code::InvalidReferencePath => ReferencePath::parse(path, Profile::Aws).is_ok(),
        _ => Path::parse(path, Profile::Aws).is_ok(),
    };
    let rooted = [format!("$.{text}"), format!("${text}")];
    if !text.starts_with('$') {
        return rooted.into_iter().find(|path| accepts(path)).map(|path| format!("a Path begins with '$': \"{path}\""));
    }
    let mut steps = text.split('.');
    let mut path = steps.next()?.to_owned();
    for step in steps {
        let (name, rest) = step.split_at(step.find('[').unwrap_or(step.len()));
        let is_plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        if name.is_empty() || name.contains(['\'', '"', '\\']) {
            return None;
        }
        path.push_str(&if is_plain { format!(".{name}{rest}") } else { format!("['{name}']{rest}") });
    }
    (path != text && accepts(&path)).then(|| format!("quote the name: \"{path}\""))
}

fn intrinsic(text: &str) -> Option<String> {
    let (name, _) = text.split_once('(')?;
    let known = asl_engine::intrinsic::NAMES.iter().copied();
    near(name, known.filter(|known| *known != name))
}

/// The field of JSONata that does what a field of JSONPath does, and the other way round.
fn counterpart(message: &str) -> Option<String> {
    const PAIRS: [(&str, &str); 12] = [
        ("Parameters", "Arguments"),
        ("ResultSelector", "Output"),
        ("ResultPath", "Output"),
        ("OutputPath", "Output"),
        ("Result", "Output"),
        ("ItemsPath", "Items"),
        ("SecondsPath", "Seconds"),
        ("TimestampPath", "Timestamp"),
        ("TimeoutSecondsPath", "TimeoutSeconds"),
        ("HeartbeatSecondsPath", "HeartbeatSeconds"),
        ("ErrorPath", "Error"),
        ("CausePath", "Cause"),
    ];
    let (name, rest) = message.strip_prefix('\'')?.split_once('\'')?;
    if rest.contains("a field of JSONPath") {
        let (_, instead) = PAIRS.iter().find(|(path, _)| *path == name)?;
        return Some(format!("in JSONata, use '{instead}' with an expression \"{{% ... %}}\""));
    }
    match name {
        "Arguments" => Some("in JSONPath, use 'Parameters'".to_owned()),
        "Output" => Some("in JSONPath, use 'ResultSelector', 'ResultPath' or 'OutputPath'".to_owned()),
        "Items" => Some("in JSONPath, use 'ItemsPath'".to_owned()),
        "Condition" => Some("in JSONPath, use 'Variable' with a comparison".to_owned()),
        _ => None,
    }
}

fn half_delimited(text: &str) -> Option<String> {
    let inner = match (text.starts_with("{%"), text.ends_with("%}")) {
        (true, false) => text.trim_start_matches("{%"),
        (false, true) => text.trim_end_matches("%}"),
        _ => return None,
    };
    let inner = inner.trim();
    (inner.len() < 60).then(|| format!("write \"{{% {inner} %}}\""))
}
