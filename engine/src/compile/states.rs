//! The fields of each type of state.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value;

use super::{Compiled, Compiler, fields::Fields};
use crate::{
    condition::{Comparison, Condition, Operand, Pattern, Test},
    machine::{
        Catcher, Choice, Data, Fail, Figure, Kind, Next, Placement, QueryLanguage, Retrier, Rule, Selector, State,
        StateId, Task, Wait, Wording,
    },
    path::{ReferencePath, Root},
    template::Template,
    timestamp::Timestamp,
};

type Names<'n> = HashMap<&'n str, StateId>;

impl Compiler {
    pub(super) fn state(&mut self, name: &str, fields: &Fields<'_>, names: &Names<'_>) -> Compiled<State> {
        let type_name = fields.required_text("Type")?;
        let kind = match type_name {
            "Pass" => Kind::Pass { result: fields.get("Result").cloned().map(Box::new) },
            "Task" => Kind::Task(Box::new(self.task(fields)?)),
            "Choice" => Kind::Choice(self.choice(fields, names)?),
            "Wait" => Kind::Wait(Box::new(self.wait(fields)?)),
            "Succeed" => Kind::Succeed,
            "Fail" => Kind::Fail(Box::new(self.fail(fields)?)),
            "Parallel" => {
                Kind::Parallel(fields.objects("Branches")?.iter().map(|b| self.flow(b)).collect::<Compiled<_>>()?)
            }
            "Map" => Kind::Map(Box::new(self.map(fields)?)),
            other => return Err(fields.omission(format!("states of type '{other}' are not supported"))),
        };
        let next = if fields.get("Next").is_some() { Next::State(fields.target("Next", names)?) } else { Next::End };
        let data = self.data(fields, matches!(kind, Kind::Map(_)))?;
        let retry = fields.objects("Retry")?.iter().map(retrier).collect::<Vec<_>>();
        let catch = fields.objects("Catch")?.iter().map(|c| self.catcher(c, names)).collect::<Compiled<Vec<_>>>()?;
        let catch_reads = |c: &Catcher| template_reads(c.assign.as_ref()) || template_reads(c.output.as_ref());
        let reads_context = reads_context(&kind, &data) || catch.iter().any(catch_reads);
        let language = fields.language();
        // `$states.input` is there to the end (JNATA-016).
        let is_read_late = language == QueryLanguage::Jsonata && (data.output.is_some() || data.assign.is_some());
        let keeps_input =
            !matches!(data.result_path, Placement::Replace) || !retry.is_empty() || !catch.is_empty() || is_read_late;
        Ok(State {
            name: Arc::from(name),
            language,
            next,
            is_identity: matches!(kind, Kind::Pass { result: None } | Kind::Succeed) && data.is_identity(),
            kind,
            data: Box::new(data),
            retry: retry.into(),
            catch: catch.into(),
            reads_context,
            keeps_input,
        })
    }

    fn data(&self, fields: &Fields<'_>, is_map: bool) -> Compiled<Data> {
        let profile = self.profile;
        Ok(Data {
            input_path: fields.selector("InputPath", profile)?,
            parameters: match fields.language() {
                QueryLanguage::Jsonata => fields.template("Arguments", profile)?,
                // Those of a Map are its ItemSelector, which is compiled with it.
                QueryLanguage::JsonPath if is_map => None,
                QueryLanguage::JsonPath => fields.template("Parameters", profile)?,
            },
            output: fields.template("Output", profile)?,
            result_selector: fields.template("ResultSelector", profile)?,
            result_path: fields.placement(profile)?,
            output_path: fields.selector("OutputPath", profile)?,
            assign: self.assign(fields)?,
        })
    }

    /// An empty `Assign` sets nothing (VAR-009).
    fn assign(&self, fields: &Fields<'_>) -> Compiled<Option<Template>> {
        let assigns = fields.get("Assign").and_then(Value::as_object).is_some_and(|members| !members.is_empty());
        if assigns { fields.template("Assign", self.profile) } else { Ok(None) }
    }

    fn task(&self, fields: &Fields<'_>) -> Compiled<Task> {
        let profile = self.profile;
        Ok(Task {
            resource: Arc::from(fields.required_text("Resource")?),
            timeout: fields.figure("TimeoutSeconds", "TimeoutSecondsPath", profile)?,
            heartbeat: fields.figure("HeartbeatSeconds", "HeartbeatSecondsPath", profile)?,
            credentials: fields.template("Credentials", profile)?,
        })
    }

    fn wait(&self, fields: &Fields<'_>) -> Compiled<Wait> {
        if let Some(seconds) = fields.whole("Seconds") {
            return Ok(Wait::Seconds(seconds));
        }
        if let Some(expression) = fields.query("Seconds", self.profile)? {
            return Ok(Wait::SecondsQuery(expression));
        }
        if let Some(expression) = fields.query("Timestamp", self.profile)? {
            return Ok(Wait::TimestampQuery(expression));
        }
        if let Some(text) = fields.text("Timestamp") {
            let timestamp = Timestamp::parse(text).ok_or_else(|| fields.omission("Timestamp is not a timestamp"))?;
            return Ok(Wait::Timestamp(timestamp));
        }
        if let Some(path) = fields.reference("SecondsPath", self.profile)? {
            return Ok(Wait::SecondsPath(path));
        }
        let path = fields.reference("TimestampPath", self.profile)?;
        path.map(Wait::TimestampPath).ok_or_else(|| fields.omission("a Wait state needs a time"))
    }

    fn fail(&self, fields: &Fields<'_>) -> Compiled<Fail> {
        Ok(Fail {
            error: self.wording(fields, "Error", "ErrorPath")?,
            cause: self.wording(fields, "Cause", "CausePath")?,
        })
    }

    fn wording(&self, fields: &Fields<'_>, literal: &'static str, computed: &'static str) -> Compiled<Option<Wording>> {
        if let Some(expression) = fields.query(literal, self.profile)? {
            return Ok(Some(Wording::Computed { field: literal, expression }));
        }
        if let Some(text) = fields.text(literal) {
            return Ok(Some(Wording::Literal(text.to_owned())));
        }
        let expression = fields.expression(computed, self.profile)?;
        Ok(expression.map(|expression| Wording::Computed { field: computed, expression }))
    }

    fn catcher(&self, fields: &Fields<'_>, names: &Names<'_>) -> Compiled<Catcher> {
        Ok(Catcher {
            error_equals: fields.texts("ErrorEquals"),
            next: fields.target("Next", names)?,
            result_path: fields.placement(self.profile)?,
            assign: self.assign(fields)?,
            output: fields.template("Output", self.profile)?,
        })
    }

    fn choice(&self, fields: &Fields<'_>, names: &Names<'_>) -> Compiled<Choice> {
        let rule = |fields: &Fields<'_>| {
            Ok(Rule {
                condition: self.condition(fields)?,
                assign: self.assign(fields)?,
                output: fields.template("Output", self.profile)?,
                next: fields.target("Next", names)?,
            })
        };
        Ok(Choice {
            rules: fields.objects("Choices")?.iter().map(rule).collect::<Compiled<_>>()?,
            default: fields.get("Default").map(|_| fields.target("Default", names)).transpose()?,
        })
    }

    fn condition(&self, fields: &Fields<'_>) -> Compiled<Condition> {
        if fields.language() == QueryLanguage::Jsonata {
            let location = fields.place("Condition");
            return match fields.query("Condition", self.profile)? {
                Some(expression) => Ok(Condition::Query { location, expression }),
                None => Ok(Condition::Literal(fields.get("Condition").and_then(Value::as_bool).unwrap_or(false))),
            };
        }
        let rules = |field| fields.objects(field)?.iter().map(|rule| self.condition(rule)).collect::<Compiled<_>>();
        if fields.get("And").is_some() {
            return Ok(Condition::And(rules("And")?));
        }
        if fields.get("Or").is_some() {
            return Ok(Condition::Or(rules("Or")?));
        }
        if let Some(rule) = fields.optional_object("Not")? {
            return Ok(Condition::Not(Box::new(self.condition(&rule)?)));
        }
        let variable = fields.path("Variable", self.profile)?;
        let variable = variable.ok_or_else(|| fields.omission("a Choice Rule needs Variable"))?;
        for (operator, _) in fields.members() {
            if let Some(test) = self.test(operator, fields)? {
                return Ok(Condition::Test { variable, test });
            }
        }
        Err(fields.omission("a Choice Rule needs a comparison operator"))
    }

    /// The test that a field of a rule stands for; `None` when the field is no comparison operator.
    fn test(&self, operator: &str, fields: &Fields<'_>) -> Compiled<Option<Test>> {
        let flag = || fields.get(operator).and_then(Value::as_bool).unwrap_or(true);
        let (stem, is_path) = operator.strip_suffix("Path").map_or((operator, false), |stem| (stem, true));
        let path = || fields.path(operator, self.profile)?.ok_or_else(|| fields.omission("a Path was expected"));
        let lacking = || fields.omission(format!("the operand of {operator} does not fit"));
        Ok(Some(match operator {
            "IsNull" => Test::IsNull(flag()),
            "IsPresent" => Test::IsPresent(flag()),
            "IsNumeric" => Test::IsNumeric(flag()),
            "IsString" => Test::IsString(flag()),
            "IsBoolean" => Test::IsBoolean(flag()),
            "IsTimestamp" => Test::IsTimestamp(flag()),
            "StringMatches" => Test::StringMatches(Pattern::parse(fields.required_text(operator)?)),
            "BooleanEquals" => Test::Boolean(Operand::Literal(flag())),
            "BooleanEqualsPath" => Test::Boolean(Operand::Path(path()?)),
            _ => {
                if let Some(comparison) = stem.strip_prefix("String").and_then(comparison) {
                    let literal = || fields.text(operator).map(|text| Operand::Literal(text.to_owned()));
                    let operand = if is_path { Operand::Path(path()?) } else { literal().ok_or_else(lacking)? };
                    Test::String(comparison, operand)
                } else if let Some(comparison) = stem.strip_prefix("Numeric").and_then(comparison) {
                    let literal = || fields.number(operator).cloned().map(Operand::Literal);
                    let operand = if is_path { Operand::Path(path()?) } else { literal().ok_or_else(lacking)? };
                    Test::Numeric(comparison, operand)
                } else if let Some(comparison) = stem.strip_prefix("Timestamp").and_then(comparison) {
                    let literal = || fields.text(operator).and_then(Timestamp::parse).map(Operand::Literal);
                    let operand = if is_path { Operand::Path(path()?) } else { literal().ok_or_else(lacking)? };
                    Test::Timestamp(comparison, operand)
                } else {
                    return Ok(None);
                }
            }
        }))
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        "Equals" => Comparison::Equals,
        "LessThan" => Comparison::LessThan,
        "GreaterThan" => Comparison::GreaterThan,
        "LessThanEquals" => Comparison::LessThanEquals,
        "GreaterThanEquals" => Comparison::GreaterThanEquals,
        _ => return None,
    })
}

/// Defaults: RETRY-007, RETRY-009, RETRY-012, RETRY-018.
fn retrier(fields: &Fields<'_>) -> Retrier {
    Retrier {
        error_equals: fields.texts("ErrorEquals"),
        interval_seconds: fields.whole("IntervalSeconds").unwrap_or(1),
        max_attempts: fields.whole("MaxAttempts").unwrap_or(3),
        backoff_rate: fields.number("BackoffRate").and_then(serde_json::Number::as_f64).unwrap_or(2.0),
        max_delay_seconds: fields.whole("MaxDelaySeconds"),
        full_jitter: fields.text("JitterStrategy") == Some("FULL"),
    }
}

impl Data {
    /// Whether nothing changes the input on its way to the output, and nothing is assigned.
    fn is_identity(&self) -> bool {
        matches!(self.input_path, Selector::Whole)
            && matches!(self.output_path, Selector::Whole)
            && matches!(self.result_path, Placement::Replace)
            && [&self.parameters, &self.output, &self.result_selector, &self.assign].into_iter().all(Option::is_none)
    }
}

fn template_reads(template: Option<&Template>) -> bool {
    template.is_some_and(Template::reads_context)
}

fn reads_context(kind: &Kind, data: &Data) -> bool {
    let selector = |selector: &Selector| matches!(selector, Selector::Path(path) if *path.root() == Root::Context);
    let reference = |path: &ReferencePath| *path.root() == Root::Context;
    let figure = |figure: &Option<Figure>| figure.as_ref().is_some_and(Figure::reads_context);
    let wording = |text: &Option<Wording>| matches!(text, Some(Wording::Computed { expression, .. }) if expression.reads_context());
    let templates = [&data.parameters, &data.output, &data.result_selector, &data.assign];
    templates.into_iter().any(|template| template_reads(template.as_ref()))
        || selector(&data.input_path)
        || selector(&data.output_path)
        || match kind {
            Kind::Pass { .. } | Kind::Succeed | Kind::Parallel(_) => false,
            Kind::Task(task) => {
                figure(&task.timeout) || figure(&task.heartbeat) || template_reads(task.credentials.as_ref())
            }
            Kind::Choice(choice) => {
                let templates =
                    |rule: &Rule| [&rule.assign, &rule.output].into_iter().any(|t| template_reads(t.as_ref()));
                choice.rules.iter().any(|rule| rule.condition.reads_context() || templates(rule))
            }
            Kind::Wait(wait) => match &**wait {
                Wait::SecondsPath(path) | Wait::TimestampPath(path) => reference(path),
                Wait::SecondsQuery(query) | Wait::TimestampQuery(query) => query.reads_context(),
                Wait::Seconds(_) | Wait::Timestamp(_) => false,
            },
            Kind::Fail(fail) => wording(&fail.error) || wording(&fail.cause),
            Kind::Map(map) => map.reads_context(),
        }
}
