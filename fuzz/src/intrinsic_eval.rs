//! The laws of the intrinsic functions.

use std::fmt;

use arbitrary::{Arbitrary, Result, Unstructured};
use asl_engine::{intrinsic::Invocation, profile::Profile};
use serde_json::{Map, Value, json};

use crate::{
    PROFILES,
    data::{NAMES, below, document, flip, is_exhaustion, object, on, pick, several, small, text, value},
    naive_path::same,
};

type Members = Map<String, Value>;

/// Arguments for the calls of a law.
pub struct Input {
    law: &'static Law,
    arguments: Value,
}

/// Something that holds for all arguments.
struct Law {
    calls: &'static [&'static str],
    /// Takes the results of the calls, `None` for a failure.
    holds: fn(&Facts<'_>) -> bool,
}

/// What a law is about.
struct Facts<'f> {
    arguments: &'f Value,
    results: Vec<Option<Value>>,
    is_aws: bool,
}

impl Facts<'_> {
    fn result(&self, at: usize) -> Option<&Value> {
        self.results[at].as_ref()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.arguments[name].as_str()
    }

    fn list(&self) -> Option<&Vec<Value>> {
        self.arguments["list"].as_array()
    }

    fn objects(&self) -> Option<[&Members; 2]> {
        Some([self.arguments["one"].as_object()?, self.arguments["two"].as_object()?])
    }

    /// A whole argument: in the `aws` profile cut toward zero (D13).
    fn whole(&self, name: &str) -> Option<i128> {
        let number = self.arguments[name].as_number()?;
        number.as_i128().or_else(|| {
            let double = number.as_f64().filter(|double| self.is_aws || double.fract() == 0.0)?;
            Some(double as i128)
        })
    }
}

/// Whether the call fails exactly when nothing is wanted, and otherwise gives that.
fn gives(result: Option<&Value>, wanted: Option<Value>) -> bool {
    match (result, wanted) {
        (None, None) => true,
        (Some(result), Some(wanted)) => same(result, &wanted),
        _ => false,
    }
}

const LAWS: &[Law] = &[
    Law {
        calls: &["States.ArrayPartition($.list, $.n)"],
        holds: |facts| {
            let size = facts.whole("n").filter(|size| *size > 0);
            let chunks = facts.list().zip(size).map(|(list, size)| {
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                list.chunks(size).map(|chunk| json!(chunk)).collect()
            });
            gives(facts.result(0), chunks)
        },
    },
    Law {
        calls: &["States.StringSplit($.text, $.other)"],
        holds: |facts| {
            let Some((text, delimiters)) = facts.text("text").zip(facts.text("other")) else {
                return facts.result(0).is_none();
            };
            let Some(Value::Array(parts)) = facts.result(0) else { return false };
            let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
            match parts {
                None => false,
                // D14: a set of delimiters, and no empty parts.
                Some(parts) if facts.is_aws => {
                    let left = text.chars().filter(|c| !delimiters.contains(*c));
                    parts.iter().all(|part| !part.is_empty()) && parts.concat() == left.collect::<String>()
                }
                Some(parts) if delimiters.is_empty() => parts == [text],
                Some(parts) => parts.join(delimiters) == text && parts.iter().all(|part| !part.contains(delimiters)),
            }
        },
    },
    Law {
        calls: &["States.Base64Decode(States.Base64Encode($.text))", "States.Base64Encode($.text)"],
        holds: |facts| {
            gives(facts.result(0), facts.text("text").map(Value::from))
                && facts.result(1).is_none_or(|code| code.as_str().is_some_and(|code| code.len().is_multiple_of(4)))
        },
    },
    Law {
        calls: &["States.JsonMerge($.one, $.two, false)"],
        holds: |facts| {
            let merged = facts.objects().map(|[one, two]| one.clone().into_iter().chain(two.clone()).collect());
            gives(facts.result(0), merged.map(Value::Object))
        },
    },
    Law {
        calls: &["States.JsonMerge($.one, $.one, true)", "States.JsonMerge($.two, $.two, false)"],
        holds: |facts| {
            let idempotent = |name: &str| Some(facts.arguments[name].clone()).filter(Value::is_object);
            gives(facts.result(0), idempotent("one").filter(|_| !facts.is_aws))
                && gives(facts.result(1), idempotent("two"))
        },
    },
    Law {
        calls: &["States.ArrayRange($.n, $.m, $.k)"],
        holds: |facts| {
            let wanted = (|| {
                let (first, last, step) = (facts.whole("n")?, facts.whole("m")?, facts.whole("k")?);
                let count = if step == 0 { None? } else { (last - first) / step + 1 };
                let count = if (last - first).signum() == -step.signum() { 0 } else { count };
                (count <= 1000).then(|| (0..count).map(|at| json!((first + at * step) as i64)).collect())
            })();
            gives(facts.result(0), wanted)
        },
    },
    Law {
        calls: &["States.ArrayUnique($.list)", "States.ArrayUnique(States.ArrayUnique($.list))"],
        holds: |facts| {
            let (Some(list), Some(Value::Array(unique))) = (facts.list(), facts.result(0)) else {
                return facts.list().is_none() && facts.result(0).is_none() && facts.result(1).is_none();
            };
            let holds_each = |all: &[Value], some: &[Value]| some.iter().all(|x| all.iter().any(|y| same(x, y)));
            let repeats = unique.iter().enumerate().any(|(at, x)| unique[..at].iter().any(|y| same(x, y)));
            !repeats && holds_each(list, unique) && holds_each(unique, list) && facts.result(0) == facts.result(1)
        },
    },
    Law {
        calls: &["States.Format('<{}|{}>', $.text, $.other)", "States.Format('{}', 1, 2)", "States.Format('{}{}', 1)"],
        holds: |facts| {
            let texts = facts.text("text").zip(facts.text("other"));
            let wanted = texts.map(|(text, other)| json!(format!("<{text}|{other}>")));
            // What is no text is inserted in a form of its own.
            (texts.is_none() || gives(facts.result(0), wanted)) && facts.results[1..] == [None, None]
        },
    },
    Law {
        calls: &["States.StringToJson(States.JsonToString($.any))"],
        holds: |facts| gives(facts.result(0), Some(facts.arguments["any"].clone())),
    },
    Law {
        calls: &["States.ArrayGetItem($.list, $.n)", "States.ArrayLength($.list)"],
        holds: |facts| {
            let index = facts.whole("n").and_then(|index| usize::try_from(index).ok());
            let item = facts.list().zip(index).and_then(|(list, index)| list.get(index)).cloned();
            // INTR-ArrayGetItem-05: of an empty array there are two readings.
            (facts.list().is_some_and(Vec::is_empty) || gives(facts.result(0), item))
                && gives(facts.result(1), facts.list().map(|list| json!(list.len())))
        },
    },
    Law {
        calls: &["States.ArrayContains($.list, $.any)"],
        holds: |facts| {
            let found = facts.list().map(|list| list.iter().any(|item| same(item, &facts.arguments["any"])));
            gives(facts.result(0), found.map(Value::from))
        },
    },
    Law {
        calls: &["States.Hash($.text, 'SHA-256')", "States.Hash($.text, 'MD5')", "States.Hash($.any, 'sha-1')"],
        holds: |facts| {
            let is_digest = |at: usize, length| {
                let digest = facts.result(at).and_then(Value::as_str).unwrap_or_default();
                digest.len() == length && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            };
            is_digest(0, 64) && is_digest(1, 32) && facts.result(2).is_none()
        },
    },
    Law {
        calls: &["States.MathAdd($.n, $.m)", "States.MathAdd($.m, $.n)"],
        holds: |facts| {
            let is_whole = |name: &str| facts.arguments[name].as_number().is_some_and(|number| !number.is_f64());
            let sum = facts.whole("n").zip(facts.whole("m")).map(|(n, m)| n + m);
            let fits = |value: i128| i32::try_from(value).is_ok();
            let fit = facts.whole("n").is_some_and(fits) && facts.whole("m").is_some_and(fits) && sum.is_some_and(fits);
            let exact = is_whole("n") && is_whole("m") && sum.is_some();
            let wanted = sum.filter(|_| !facts.is_aws || fit).map(|sum| json!(sum as i64));
            facts.result(0) == facts.result(1) && (!exact || gives(facts.result(0), wanted))
        },
    },
    Law {
        calls: &["States.MathRandom($.n, $.m, 7)", "States.MathRandom($.n, $.m, 7)", "States.MathRandom($.n, $.m)"],
        holds: |facts| {
            let bounds = facts.whole("n").zip(facts.whole("m"));
            let within = |at: usize| match (facts.result(at).map(Value::as_i64), bounds) {
                (Some(number), Some((start, end))) => {
                    number.is_some_and(|number| (start..end).contains(&i128::from(number)))
                }
                (Some(_), None) => false,
                (None, _) => true,
            };
            facts.result(0) == facts.result(1) && (0..3).all(within)
        },
    },
    Law {
        calls: &["States.ArrayLength(States.ArrayUnique(States.Array(States.UUID(), States.UUID())))"],
        holds: |facts| gives(facts.result(0), Some(json!(2))),
    },
];

/// A number small enough for every reading of it to be exact.
fn near_integer(u: &mut Unstructured<'_>) -> Value {
    match below(u, 8) {
        0..=4 => json!(small(u)),
        5 => json!(small(u) as f64),
        6 => json!(small(u) as f64 / 4.0),
        _ => pick(u, &[i64::from(i32::MAX), i64::from(i32::MIN), (1 << 53) + 1, 999, 1000, 1001]).into(),
    }
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let law = &LAWS[below(u, LAWS.len())];
        // Now and then something of the wrong type.
        let odd = if below(u, 8) == 7 { pick(u, &["list", "text", "other", "one", "two", "n", "m", "k"]) } else { "" };
        let mut arguments = Map::new();
        for name in ["list", "text", "other", "one", "two", "n", "m", "k", "any"] {
            let argument = match name {
                "n" | "m" | "k" if name == odd => pick(u, &["", "1", "é"]).into(),
                _ if name == odd => value(u, 1),
                "list" => several(u, 8, |u| value(u, 1)).into(),
                "text" => text(u).into(),
                "other" if flip(u) => pick(u, &NAMES).into(),
                "other" => text(u).into(),
                "one" | "two" => object(u, 2),
                "any" => value(u, 2),
                _ => near_integer(u),
            };
            arguments.insert(name.to_owned(), argument);
        }
        Ok(Self { law, arguments: Value::Object(arguments) })
    }
}

/// A machine with one state for each call: what `exec` takes.
impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut states = Map::new();
        for (at, call) in self.law.calls.iter().enumerate() {
            let mut state = json!({"Type": "Pass", "Parameters": {"result.$": call}, "ResultPath": format!("$.r{at}")});
            if at + 1 == self.law.calls.len() {
                state["End"] = true.into();
            } else {
                state["Next"] = format!("Call{}", at + 1).into();
            }
            states.insert(format!("Call{at}"), state);
        }
        write!(f, "{:#}", document(&self.arguments, "Call0", states))
    }
}

/// In either profile the law holds for the arguments.
///
/// # Panics
/// When it does not.
pub fn run(data: &[u8]) {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else { return };
    for profile in PROFILES {
        let Some(results) = results(&input, profile) else { continue };
        let facts = Facts { arguments: &input.arguments, results, is_aws: profile.is_aws() };
        assert!((input.law.holds)(&facts), "{profile:?}: {:?} of {input:?}", facts.results);
    }
}

/// `None` where the interpreter was at its limits.
fn results(input: &Input, profile: Profile) -> Option<Vec<Option<Value>>> {
    let calls = input.law.calls.iter().map(|call| {
        let invocation = Invocation::parse(call, profile).unwrap_or_else(|error| panic!("{call}: {error}"));
        match on(&input.arguments, profile, |environment| invocation.evaluate(environment)) {
            Ok(value) => Some(Some(value)),
            Err(failure) if is_exhaustion(&failure) => None,
            Err(_) => Some(None),
        }
    });
    calls.collect()
}

/// The machine.
#[must_use]
pub fn show(data: &[u8]) -> String {
    Input::arbitrary(&mut Unstructured::new(data)).map(|input| format!("{input:?}")).unwrap_or_default()
}
