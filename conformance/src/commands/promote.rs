//! `promote`: a finding of `fuzz` as the beginning of a case.

use std::{fs, path::PathBuf};

use asl_conformance::{
    differential::print::pretty,
    suite::{Suite, entries},
};
use serde_json::{Map, Value, json};

use super::{CommandError, CommandResult, Exit, print, read};

/// Arguments of `promote`.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// File that `fuzz` wrote
    #[arg(value_name = "FINDING")]
    finding: PathBuf,
    /// Id of the new case: area/topic/fact
    #[arg(long, value_name = "ID")]
    id: String,
    /// Folder of cases to add it to, in <DIR>/<area>/<topic>.json [default: print it]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> CommandResult {
    let file = file_of(&options.id)?;
    if Suite::embedded().case(&options.id).is_some() {
        return Err(CommandError::usage(format!("there is a case {} already", options.id)));
    }
    let text = read(&options.finding)?;
    let broken = |reason: String| CommandError::usage(format!("{}: {reason}", options.finding.display()));
    // Of related machines the last is the one whose outcome is known from the others.
    let finding = entries(&text).map_err(broken)?.pop().ok_or_else(|| broken("it holds no case".to_owned()))?;
    let skeleton = skeleton(&options.id, &finding).ok_or_else(|| broken("it is no finding".to_owned()))?;
    match &options.into {
        None => print(&pretty(&skeleton))?,
        Some(folder) => {
            let path = folder.join(file);
            let failed = |error: std::io::Error| CommandError::harness(format!("{}: {error}", path.display()));
            let old = path.exists().then(|| read(&path)).transpose()?;
            let new = added(old.as_deref(), &options.id, &skeleton)
                .map_err(|reason| CommandError::usage(format!("{}: {reason}", path.display())))?;
            path.parent().map_or(Ok(()), fs::create_dir_all).map_err(failed)?;
            fs::write(&path, new).map_err(failed)?;
            print(&format!("{}: fill in description, requirements and source; review expect", path.display()))?;
        }
    }
    eprintln!("the finding names {}", finding["requirements"]);
    Ok(Exit::Expected)
}

/// `<area>/<topic>.json` of an id.
fn file_of(id: &str) -> Result<String, CommandError> {
    let is_word = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|symbol| symbol.is_ascii_lowercase() || symbol.is_ascii_digit() || symbol == b'-')
    };
    match id.split('/').collect::<Vec<_>>().as_slice() {
        [area, topic, fact @ ..] if !fact.is_empty() && id.split('/').all(is_word) => {
            Ok(format!("{area}/{topic}.json"))
        }
        _ => Err(CommandError::usage(format!("{id}: an id is area/topic/fact, of a-z, 0-9 and -"))),
    }
}

/// The case to be: what a person has to find out is empty, and `expect` is marked, so that neither `run` nor `lint`
/// takes it for a case.
fn skeleton(id: &str, finding: &Value) -> Option<Value> {
    let mut members = Map::new();
    members.insert("id".to_owned(), json!(id));
    members.insert("description".to_owned(), json!(""));
    members.insert("requirements".to_owned(), json!([]));
    members.insert("source".to_owned(), json!(""));
    for (name, member) in finding.as_object()? {
        if !members.contains_key(name) {
            members.insert(name.clone(), member.clone());
        }
    }
    members.get_mut("expect")?.as_object_mut()?.insert("unreviewed".to_owned(), json!(true));
    Some(Value::Object(members))
}

/// The text of a case file with one more case. What was there stays as it was written.
fn added(old: Option<&str>, id: &str, case: &Value) -> Result<String, String> {
    const EMPTY: &str = "{\"$schema\": \"../../case.schema.json\", \"cases\": [\n]}\n";
    let old = old.unwrap_or(EMPTY);
    let known = entries(old)?;
    if known.iter().any(|entry| entry["id"] == id) {
        return Err(format!("there is a case {id} already"));
    }
    let end = old.rfind(']').ok_or("it has no list of cases")?;
    let (before, after) = old.split_at(end);
    let comma = if known.is_empty() { "" } else { "," };
    let case = pretty(case).replace('\n', "\n  ");
    let new = format!("{}{comma}\n  {case}\n{after}", before.trim_end());
    // The last bracket of a file with members after `cases` belongs to one of them.
    match entries(&new) {
        Ok(entries) if entries.last().is_some_and(|entry| entry["id"] == id) => Ok(new),
        _ => Err("`cases` is not its last member".to_owned()),
    }
}
