//! Intrinsic functions (INTR rows; specification, "Intrinsic Functions" and Appendix B).
//!
//! An invocation is parsed once, by [`Invocation::parse`], which refuses what can be seen to be wrong in the text. What
//! a function refuses at run time, argument counts included, fails the state: with `States.Runtime` in the `aws`
//! profile and `States.IntrinsicFailure` in the `spec` profile (INTR-SYNTAX-18, INTR-SYNTAX-19, D41).

mod arrays;
mod function;
pub(crate) mod java;
mod numbers;
mod parse;
mod site;
mod template;
mod text;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, fmt};

use serde_json::Value;

pub use self::function::NAMES;
use self::{
    function::Function,
    site::{Refusal, Site},
    template::Template,
};
use crate::{
    environment::Environment,
    failure::Failure,
    path::{Path, Selection, SyntaxError},
    profile::Profile,
};

/// A compiled invocation.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    text: Box<str>,
    call: Call,
}

impl Invocation {
    /// Parses the text of an invocation: a function name followed at once by its arguments in parentheses, and nothing
    /// else (INTR-SYNTAX-01).
    ///
    /// # Errors
    /// [`SyntaxError`] for a text of another form, an unknown function (INTR-SYNTAX-13), an escape outside the reserved
    /// set (INTR-SYNTAX-10), an argument that is not a Path, or invocations nested more than 10 deep (INTR-SYNTAX-08).
    pub fn parse(text: &str, profile: Profile) -> Result<Self, SyntaxError> {
        let call = parse::invocation(text, profile)?;
        Ok(Self { text: text.into(), call })
    }

    /// Invokes the function, inner invocations first (INTR-SYNTAX-07).
    ///
    /// # Errors
    /// `States.Runtime` (aws) or `States.IntrinsicFailure` (spec) for what the function refuses and for a Path that
    /// selects nothing; [`Failure::OutOfFuel`] and `States.DataLimitExceeded` when the meter says so.
    pub fn evaluate(&self, environment: &Environment<'_>) -> Result<Value, Failure> {
        self.call.evaluate(environment).map_err(|refusal| refusal.into_failure(&self.text, environment.profile))
    }

    /// Whether the function is one of the seven that can return a string: only these may stand in `ErrorPath` and
    /// `CausePath` (FAIL-011, D46).
    #[must_use]
    pub fn may_return_string(&self) -> bool {
        self.call.function.may_return_string()
    }

    /// The Paths used as arguments, those of inner invocations included, in the order of the text.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        self.call.collect_paths(&mut paths);
        paths
    }

    /// The text as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Invocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A function with its arguments.
#[derive(Clone, Debug, PartialEq)]
struct Call {
    function: Function,
    /// The first argument of `States.Format`, when it is written out; `arguments` holds the others.
    template: Option<Result<Template, Refusal>>,
    arguments: Vec<Argument>,
}

#[derive(Clone, Debug, PartialEq)]
enum Argument {
    /// A string without its escapes, a number, null, true or false.
    Literal(Value),
    /// A string that ends inside an escape: a failure at run time (INTR-SYNTAX-11).
    OpenEscape,
    Path(Path),
    Call(Call),
}

impl Call {
    /// Recursion is bounded by the parser (INTR-SYNTAX-08).
    fn evaluate<'v>(&'v self, environment: &'v Environment<'v>) -> Result<Value, Refusal> {
        let site = Site { function: self.function, environment };
        site.charge(1)?;
        // The function of loops: no list of its arguments is made.
        if let (Function::MathAdd, [left, right]) = (self.function, self.arguments.as_slice()) {
            return numbers::add(site, &*left.evaluate(environment)?, &*right.evaluate(environment)?);
        }
        // No array is made only to be counted.
        if let (Function::ArrayLength, [Argument::Path(path)]) = (self.function, self.arguments.as_slice()) {
            let selected = environment.select_in_place(path);
            return arrays::length(site, selected.map_err(|error| Refusal::of_path(path, error, environment))?);
        }
        let values =
            self.arguments.iter().map(|argument| argument.evaluate(environment)).collect::<Result<Vec<_>, _>>()?;
        match self.function {
            Function::Format => template::format(site, self.template.as_ref(), values),
            Function::StringToJson => text::string_to_json(site, values),
            Function::JsonToString => text::json_to_string(site, values),
            Function::Array => arrays::array(site, values),
            Function::ArrayPartition => arrays::partition(site, values),
            Function::ArrayContains => arrays::contains(site, values),
            Function::ArrayRange => arrays::range(site, values),
            Function::ArrayGetItem => arrays::get_item(site, values),
            Function::ArrayLength => {
                let [array] = site.exactly(values)?;
                arrays::length(site, Selection::Value(array))
            }
            Function::ArrayUnique => arrays::unique(site, values),
            Function::Base64Encode => text::base64_encode(site, values),
            Function::Base64Decode => text::base64_decode(site, values),
            Function::Hash => text::hash(site, values),
            Function::JsonMerge => arrays::merge(site, values),
            Function::MathRandom => numbers::random(site, values),
            Function::MathAdd => Err(site.refuse()),
            Function::StringSplit => text::split(site, values),
            Function::Uuid => text::uuid(site, values),
        }
    }

    fn collect_paths<'c>(&'c self, paths: &mut Vec<&'c Path>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => paths.push(path),
                Argument::Call(call) => call.collect_paths(paths),
                Argument::Literal(_) | Argument::OpenEscape => {}
            }
        }
    }
}

impl Argument {
    fn evaluate<'v>(&'v self, environment: &'v Environment<'v>) -> Result<Cow<'v, Value>, Refusal> {
        match self {
            Self::Literal(value) => Ok(Cow::Borrowed(value)),
            Self::OpenEscape => Err(Refusal::OpenEscape),
            Self::Path(path) => {
                environment.select_existing(path).map_err(|error| Refusal::of_path(path, error, environment))
            }
            Self::Call(call) => call.evaluate(environment).map(Cow::Owned),
        }
    }
}
