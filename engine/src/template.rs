//! Payload templates (TMPL rows; specification, "Payload Template").

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{
    environment::Environment,
    failure::{Failure, StateError, names},
    intrinsic::Invocation,
    path::{Path, PathError, Root, SyntaxError},
    profile::Profile,
};

/// A compiled payload template: everything in it is parsed once.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Node);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Literal(Value),
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    Computed { key: String, expression: Expression },
}

/// What may stand under a key that ends in `.$` (TMPL-007 to TMPL-009).
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A Path into the input, the context object or a variable.
    Path(Path),
    /// An intrinsic function invocation.
    Intrinsic(Invocation),
}

impl Expression {
    /// Reads a Path where the text begins with `$`, an invocation elsewhere.
    ///
    /// # Errors
    /// When the text is neither.
    pub fn parse(text: &str, profile: Profile) -> Result<Self, SyntaxError> {
        if text.starts_with('$') {
            Path::parse(text, profile).map(Self::Path)
        } else {
            Invocation::parse(text, profile).map(Self::Intrinsic)
        }
    }

    /// The value, for the field called `key` in causes.
    ///
    /// # Errors
    /// In the `aws` profile `States.Runtime`; in the `spec` profile `States.ParameterPathFailure` for a Path and
    /// `States.IntrinsicFailure` for an invocation (TMPL-016, INTR-SYNTAX-19).
    pub fn evaluate<'e>(&self, key: &str, environment: &Environment<'e>) -> Result<Cow<'e, Value>, Failure> {
        match self {
            Self::Intrinsic(invocation) => invocation.evaluate(environment).map(Cow::Owned),
            Self::Path(path) => match environment.select(path) {
                Err(PathError::PastEnd(_)) if environment.profile.is_aws() => Ok(Cow::Owned(Value::Null)),
                selected => selected.map_err(|error| missing(path, key, error, environment)),
            },
        }
    }

    /// Whether the context object is read.
    #[must_use]
    pub fn reads_context(&self) -> bool {
        match self {
            Self::Path(path) => *path.root() == Root::Context,
            Self::Intrinsic(invocation) => invocation.paths().iter().any(|path| *path.root() == Root::Context),
        }
    }
}

/// Longest JSON text of an input that a cause repeats, in bytes.
const QUOTED_INPUT: usize = 10_000;

fn missing(path: &Path, key: &str, error: PathError, environment: &Environment<'_>) -> Failure {
    let profile = environment.profile;
    let cause = match error {
        PathError::Failure(failure) => return failure,
        PathError::Unassigned(_) => return StateError::runtime(error.to_string()).into(),
        PathError::Inapplicable(message) => message,
        PathError::Missing(_) | PathError::PastEnd(_) => {
            let (text, document) = match path.root() {
                Root::Context => (path.text().strip_prefix('$').unwrap_or(path.text()), environment.context),
                _ => (path.text(), environment.input),
            };
            let document = shortened(document.to_string());
            format!(
                "The JSONPath '{text}' specified for the field '{key}' could not be found in the input '{document}'"
            )
        }
    };
    let name = if profile.is_aws() { names::RUNTIME } else { names::PARAMETER_PATH_FAILURE };
    StateError::new(name, cause).into()
}

fn shortened(mut text: String) -> String {
    if text.len() > QUOTED_INPUT {
        let end = (0..=QUOTED_INPUT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push_str("...");
    }
    text
}

impl Template {
    /// Compiles a template.
    ///
    /// # Errors
    /// The key and the reason of the first computed member that does not parse (TMPL-005). The validator reports all.
    pub fn compile(template: &Value, profile: Profile) -> Result<Self, (String, SyntaxError)> {
        Node::compile(template, profile).map(Self)
    }

    /// The payload.
    ///
    /// # Errors
    /// Those of [`Expression::evaluate`], and of copying ([`crate::meter::Meter::copy`]).
    pub fn evaluate(&self, environment: &Environment<'_>) -> Result<Value, Failure> {
        self.0.evaluate(environment, 0)
    }

    /// Whether the context object is read.
    #[must_use]
    pub fn reads_context(&self) -> bool {
        self.0.any(&|expression| expression.reads_context())
    }
}

impl Node {
    fn compile(template: &Value, profile: Profile) -> Result<Self, (String, SyntaxError)> {
        Ok(match template {
            Value::Object(members) => Self::object(members, profile)?,
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| Self::compile(item, profile)).collect::<Result<_, _>>()?;
                match items.iter().map(Self::literal).collect::<Option<Vec<_>>>() {
                    Some(literals) => Self::Literal(literals.into_iter().cloned().collect()),
                    None => Self::Array(items),
                }
            }
            literal => Self::Literal(literal.clone()),
        })
    }

    /// Literal members come before computed ones, as on AWS (DATA-008).
    fn object(members: &Map<String, Value>, profile: Profile) -> Result<Self, (String, SyntaxError)> {
        let mut literal = Vec::with_capacity(members.len());
        let mut computed = Vec::new();
        for (key, value) in members {
            match (key.strip_suffix(".$"), value) {
                (Some(name), Value::String(text)) => {
                    let expression = Expression::parse(text, profile).map_err(|error| (key.clone(), error))?;
                    computed.push((name.to_owned(), Self::Computed { key: key.clone(), expression }));
                }
                _ => literal.push((key.clone(), Self::compile(value, profile)?)),
            }
        }
        literal.append(&mut computed);
        let whole = literal.iter().map(|(key, node)| Some((key.clone(), node.literal()?.clone())));
        Ok(match whole.collect::<Option<Map<_, _>>>() {
            Some(object) => Self::Literal(Value::Object(object)),
            None => Self::Object(literal),
        })
    }

    fn literal(&self) -> Option<&Value> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }

    fn any(&self, test: &dyn Fn(&Expression) -> bool) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Object(members) => members.iter().any(|(_, node)| node.any(test)),
            Self::Array(items) => items.iter().any(|node| node.any(test)),
            Self::Computed { expression, .. } => test(expression),
        }
    }

    fn evaluate(&self, environment: &Environment<'_>, depth: usize) -> Result<Value, Failure> {
        let meter = environment.meter;
        match self {
            Self::Literal(value) => meter.copy(value, depth),
            Self::Computed { key, expression } => match expression.evaluate(key, environment)? {
                Cow::Borrowed(value) => meter.copy(value, depth),
                Cow::Owned(value) => {
                    meter.measure(&value, depth)?;
                    Ok(value)
                }
            },
            Self::Array(items) => {
                meter.allocate(1)?;
                let inner = depth.saturating_add(1);
                items.iter().map(|item| item.evaluate(environment, inner)).collect()
            }
            Self::Object(members) => {
                meter.allocate(1)?;
                let inner = depth.saturating_add(1);
                let mut object = Map::with_capacity(members.len());
                for (key, node) in members {
                    object.insert(key.clone(), node.evaluate(environment, inner)?);
                }
                Ok(Value::Object(object))
            }
        }
    }
}
