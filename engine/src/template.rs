//! Payload templates (TMPL rows; specification, "Payload Template"), and their JSONata counterpart: values in which every
//! JSONata string is replaced by what its expression gives (JNATA-006; specification, "JSONata Evaluation").

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{
    environment::Environment,
    failure::{Failure, StateError, names},
    intrinsic::Invocation,
    jsonata::{self, Bindings},
    path::{Path, PathError, Root, SyntaxError},
    profile::Profile,
};

/// A compiled payload template: everything in it is parsed once.
#[derive(Clone, Debug, PartialEq)]
pub struct Template(Node);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Literal(Value),
    Object {
        members: Vec<(String, Node)>,
        /// The object with nulls for its values: a copy of it has places for the members without hashing a name.
        blank: Map<String, Value>,
    },
    Array(Vec<Node>),
    Computed {
        /// The key as written, or the place in a JSONata field: what causes name.
        key: String,
        expression: Expression,
    },
}

/// Why a template cannot be compiled: the first place that is wrong and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct TemplateError {
    /// A key ending in `.$`, or a place in a JSONata field.
    pub place: String,
    /// What was expected.
    pub message: String,
}

/// What may stand under a key that ends in `.$` (TMPL-007 to TMPL-009).
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A Path into the input, the context object or a variable.
    Path(Path),
    /// An intrinsic function invocation.
    Intrinsic(Invocation),
    /// A JSONata expression.
    Query(jsonata::Expression),
}

/// The text between the delimiters of a JSONata string; `None` for other strings (JNATA-001, JNATA-002).
#[must_use]
pub fn jsonata_body(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
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

    /// Parses the body of a JSONata string.
    ///
    /// # Errors
    /// When it is no expression that Step Functions accepts.
    pub fn parse_query(body: &str, profile: Profile) -> Result<Self, SyntaxError> {
        jsonata::Expression::parse(body, profile).map(Self::Query).map_err(|faults| {
            let fault = faults.into_iter().next();
            fault.map_or(SyntaxError { offset: 0, message: String::new() }, |fault| SyntaxError {
                offset: fault.offset,
                message: fault.message,
            })
        })
    }

    /// The value, for the field called `key` in causes.
    ///
    /// # Errors
    /// In the `aws` profile `States.Runtime`; in the `spec` profile `States.ParameterPathFailure` for a Path and
    /// `States.IntrinsicFailure` for an invocation (TMPL-016, INTR-SYNTAX-19). For a JSONata expression
    /// [`Failure::Query`].
    pub fn evaluate<'e>(&self, key: &str, environment: &Environment<'e>) -> Result<Cow<'e, Value>, Failure> {
        match self {
            Self::Intrinsic(invocation) => invocation.evaluate(environment).map(Cow::Owned),
            Self::Query(query) => evaluate_query(query, key, environment).map(Cow::Owned),
            Self::Path(path) => match environment.select(path) {
                Err(PathError::PastEnd(_)) if environment.profile.is_aws() => Ok(Cow::Owned(Value::Null)),
                selected => selected.map_err(|error| missing(path, key, error, environment)),
            },
        }
    }

    /// The error of a JSONata expression that gives a value of a type its field does not take (JNATA-025).
    #[must_use]
    pub fn unexpected(&self, location: &str, expected: &str, value: &Value) -> Failure {
        let text = if let Self::Query(query) = self { query.text() } else { "" };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let value = shortened(value.to_string());
        Failure::query(
            location,
            format!(
                "The JSONata expression '{text}' specified for the field '{location}' returned an unexpected result \
                 type. Expected '{expected}', but was '{kind}' for value: {value}"
            ),
        )
    }

    /// The error of a JSONata expression that gives a value outside the range of its field (JNATA-026).
    #[must_use]
    pub fn out_of_range(&self, location: &str, value: &Value) -> Failure {
        let text = if let Self::Query(query) = self { query.text() } else { "" };
        Failure::query(
            location,
            format!(
                "The JSONata expression '{text}' specified for the field '{location}' returned an out-of-range value: \
                 {value}"
            ),
        )
    }

    /// Whether the context object is read.
    #[must_use]
    pub fn reads_context(&self) -> bool {
        match self {
            Self::Path(path) => *path.root() == Root::Context,
            Self::Intrinsic(invocation) => invocation.paths().iter().any(|path| *path.root() == Root::Context),
            Self::Query(query) => query.uses().context(),
        }
    }
}

fn evaluate_query(
    query: &jsonata::Expression,
    location: &str,
    environment: &Environment<'_>,
) -> Result<Value, Failure> {
    let bindings = Bindings {
        input: environment.input,
        result: environment.states.result,
        error_output: environment.states.error_output,
        context: environment.context,
        scope: environment.scope,
        meter: environment.meter,
        random: environment.random,
        now: environment.states.now,
    };
    query.evaluate(&bindings).map_err(|error| match error {
        jsonata::Error::Failure(failure) => failure,
        error => {
            let text = query.text();
            Failure::query(
                location,
                format!("The JSONata expression '{text}' specified for the field '{location}' {error}"),
            )
        }
    })
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
    /// Compiles a payload template.
    ///
    /// # Errors
    /// The first computed member that does not parse (TMPL-005). The validator reports all.
    pub fn compile(template: &Value, profile: Profile) -> Result<Self, TemplateError> {
        Node::compile(template, profile).map(Self)
    }

    /// Compiles the value of a field that takes JSONata strings at any depth; `field` is its name in causes.
    ///
    /// # Errors
    /// The first expression that does not parse. The validator reports all.
    pub fn compile_query(value: &Value, field: &str, profile: Profile) -> Result<Self, TemplateError> {
        Node::compile_query(value, field, profile).map(Self)
    }

    /// The same for an object of which one member is literal, whatever it looks like.
    ///
    /// # Errors
    /// The first expression that does not parse.
    pub fn compile_query_but(
        members: &Map<String, Value>,
        literal: &str,
        field: &str,
        profile: Profile,
    ) -> Result<Self, TemplateError> {
        let member = |(name, value): (&String, &Value)| {
            let node = if name == literal {
                Node::Literal(value.clone())
            } else {
                Node::compile_query(value, &format!("{field}/{name}"), profile)?
            };
            Ok((name.clone(), node))
        };
        members.iter().map(member).collect::<Result<_, _>>().map(|members| Self(Node::members(members)))
    }

    /// A template in which nothing is computed.
    #[must_use]
    pub fn literal(value: Value) -> Self {
        Self(Node::Literal(value))
    }

    /// The payload.
    ///
    /// # Errors
    /// Those of [`Expression::evaluate`], and of copying ([`crate::meter::Meter::copy`]).
    pub fn evaluate(&self, environment: &Environment<'_>) -> Result<Value, Failure> {
        self.0.evaluate(environment, 0)
    }

    /// The error of a field whose value has a type that it does not take (JNATA-025).
    #[must_use]
    pub fn unexpected(&self, location: &str, expected: &str, value: &Value) -> Failure {
        match &self.0 {
            Node::Computed { expression, .. } => expression.unexpected(location, expected, value),
            _ => Failure::query(location, format!("The field '{location}' must be an {expected}")),
        }
    }

    /// Whether the context object is read.
    #[must_use]
    pub fn reads_context(&self) -> bool {
        self.0.any(&|expression| expression.reads_context())
    }
}

impl Node {
    fn compile(template: &Value, profile: Profile) -> Result<Self, TemplateError> {
        Ok(match template {
            Value::Object(members) => Self::object(members, profile)?,
            Value::Array(items) => {
                Self::array(items.iter().map(|item| Self::compile(item, profile)).collect::<Result<_, _>>()?)
            }
            literal => Self::Literal(literal.clone()),
        })
    }

    /// Keys are never evaluated (JNATA-010, TMPL-020), and members keep their order.
    fn compile_query(value: &Value, place: &str, profile: Profile) -> Result<Self, TemplateError> {
        Ok(match value {
            Value::String(text) => match jsonata_body(text) {
                None => Self::Literal(value.clone()),
                Some(body) => {
                    let error =
                        |error: SyntaxError| TemplateError { place: place.to_owned(), message: error.to_string() };
                    let expression = Expression::parse_query(body, profile).map_err(error)?;
                    Self::Computed { key: place.to_owned(), expression }
                }
            },
            Value::Array(items) => {
                let item = |(index, item)| Self::compile_query(item, &format!("{place}[{index}]"), profile);
                Self::array(items.iter().enumerate().map(item).collect::<Result<_, _>>()?)
            }
            Value::Object(members) => {
                let member = |(name, member): (&String, &Value)| {
                    Ok((name.clone(), Self::compile_query(member, &format!("{place}/{name}"), profile)?))
                };
                Self::members(members.iter().map(member).collect::<Result<_, _>>()?)
            }
            literal => Self::Literal(literal.clone()),
        })
    }

    fn array(items: Vec<Self>) -> Self {
        match items.iter().map(Self::as_literal).collect::<Option<Vec<_>>>() {
            Some(literals) => Self::Literal(literals.into_iter().cloned().collect()),
            None => Self::Array(items),
        }
    }

    fn members(members: Vec<(String, Self)>) -> Self {
        let whole = members.iter().map(|(key, node)| Some((key.clone(), node.as_literal()?.clone())));
        match whole.collect::<Option<Map<_, _>>>() {
            Some(object) => Self::Literal(Value::Object(object)),
            None => {
                let blank = members.iter().map(|(key, _)| (key.clone(), Value::Null)).collect();
                Self::Object { members, blank }
            }
        }
    }

    /// Literal members come before computed ones, as on AWS (DATA-008).
    fn object(members: &Map<String, Value>, profile: Profile) -> Result<Self, TemplateError> {
        let mut literal = Vec::with_capacity(members.len());
        let mut computed = Vec::new();
        for (key, value) in members {
            match (key.strip_suffix(".$"), value) {
                (Some(name), Value::String(text)) => {
                    let expression = Expression::parse(text, profile)
                        .map_err(|error| TemplateError { place: key.clone(), message: error.to_string() })?;
                    computed.push((name.to_owned(), Self::Computed { key: key.clone(), expression }));
                }
                _ => literal.push((key.clone(), Self::compile(value, profile)?)),
            }
        }
        literal.append(&mut computed);
        Ok(Self::members(literal))
    }

    fn as_literal(&self) -> Option<&Value> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }

    fn any(&self, test: &dyn Fn(&Expression) -> bool) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Object { members, .. } => members.iter().any(|(_, node)| node.any(test)),
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
            Self::Object { members, blank } => {
                meter.allocate(1)?;
                let inner = depth.saturating_add(1);
                let mut object = blank.clone();
                if members.len() == blank.len() {
                    for (place, (_, node)) in object.values_mut().zip(members) {
                        *place = node.evaluate(environment, inner)?;
                    }
                } else {
                    // A name that stands there twice, with and without `.$`.
                    for (key, node) in members {
                        object.insert(key.clone(), node.evaluate(environment, inner)?);
                    }
                }
                Ok(Value::Object(object))
            }
        }
    }
}
