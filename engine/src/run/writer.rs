//! Results of distributed Maps (DMAP-042 to DMAP-050, DMAP-059).

use serde_json::{Map as Object, Value, json};

use super::{distributed::ChildRecord, errors::Raised, execution::Execution, map::Iterations, strand::Strand};
use crate::{
    failure::{Failure, StateError, names},
    items::Location,
    machine::{State, Writer},
    observe::Observer,
    task::TaskHandler,
};

/// One child execution and how it ended; neither output nor error for one that was not started.
struct Child<'c> {
    record: &'c ChildRecord,
    output: Option<&'c Value>,
    error: Option<&'c Raised>,
}

impl<H: TaskHandler, O: Observer> Execution<'_, H, O> {
    /// The result of a distributed Map with a ResultWriter. When the Map fails, the children that have not ended and
    /// those that were not started are pending (DMAP-045).
    pub(super) fn written_result(
        &mut self,
        strand: &Strand,
        state: &State,
        writer: &Writer,
        outputs: &[Option<Value>],
        iterations: &Iterations,
    ) -> Result<Value, Failure> {
        let records = iterations.records.as_deref().unwrap_or_default();
        let not_started = iterations.not_started(self.now);
        let children: Vec<Child<'_>> = records
            .iter()
            .chain(&not_started)
            .enumerate()
            .map(|(index, record)| Child {
                record,
                output: outputs.get(index).and_then(Option::as_ref),
                error: iterations.failure(index),
            })
            .collect();
        let is_pending = |child: &&Child<'_>| child.output.is_none() && child.error.is_none();
        let succeeded = self.transformed(writer, children.iter().filter(|child| child.output.is_some()));
        let Some(resource) = &writer.resource else {
            // DMAP-048: the result is formatted, not stored.
            return Ok(Value::Array(succeeded));
        };
        if !resource.ends_with(":putObject") {
            return Err(Failure::Unsupported(format!("the result writer '{resource}'")));
        }
        let failed = children.iter().filter(|child| child.error.is_some()).map(|child| self.described(child)).collect();
        let pending = children.iter().filter(is_pending).map(|child| self.described(child)).collect();
        let location = {
            let filtered = self.filtered_input(strand, state)?;
            let environment = self.environment(strand, &filtered);
            let arguments = writer.arguments.as_ref().map(|template| template.evaluate(&environment)).transpose()?;
            let location = Location::of(&arguments.unwrap_or_default(), "Prefix", false);
            location.map_err(|error| unwritable(&error.to_string()))?
        };
        self.store_results(
            strand,
            writer,
            &location,
            [("SUCCEEDED", succeeded), ("FAILED", failed), ("PENDING", pending)],
        )
    }

    /// DMAP-044, DMAP-045, DMAP-059.
    fn store_results(
        &mut self,
        strand: &Strand,
        writer: &Writer,
        location: &Location,
        groups: [(&str, Vec<Value>); 3],
    ) -> Result<Value, Failure> {
        let map_run = strand.map_run.clone().unwrap_or_default();
        let run_id = map_run.rsplit(':').next().unwrap_or_default();
        let folder = match location.key().trim_end_matches('/') {
            "" => run_id.to_owned(),
            prefix => format!("{prefix}/{run_id}"),
        };
        let store = self.handler.store().ok_or_else(|| unwritable("There is no object store to write to"))?;
        let mut files = Object::new();
        for group in ["FAILED", "PENDING", "SUCCEEDED"] {
            files.insert(group.to_owned(), json!([]));
        }
        let is_lines = option(writer, "OutputType") == Some("JSONL");
        for (group, entries) in groups.into_iter().filter(|(_, entries)| !entries.is_empty()) {
            let extension = if is_lines { "jsonl" } else { "json" };
            let key = format!("{folder}/{group}_0.{extension}");
            let content = if is_lines {
                entries.iter().map(|entry| format!("{entry}\n")).collect()
            } else {
                Value::Array(entries).to_string()
            };
            let size = content.len();
            store.put(location.bucket(), &key, content.into_bytes()).map_err(|cause| unwritable(&cause))?;
            files.insert(group.to_owned(), json!([{ "Key": key, "Size": size }]));
        }
        let manifest = json!({ "DestinationBucket": location.bucket(), "MapRunArn": map_run, "ResultFiles": files });
        let key = format!("{folder}/manifest.json");
        let content = manifest.to_string().into_bytes();
        store.put(location.bucket(), &key, content).map_err(|cause| unwritable(&cause))?;
        Ok(json!({
            "MapRunArn": map_run,
            "ResultWriterDetails": { "Bucket": location.bucket(), "Key": key },
        }))
    }

    /// DMAP-049.
    fn transformed<'c>(&self, writer: &Writer, children: impl Iterator<Item = &'c Child<'c>>) -> Vec<Value> {
        let outputs = |child: &Child<'_>| child.output.cloned().unwrap_or_default();
        match option(writer, "Transformation") {
            Some("COMPACT") => children.map(outputs).collect(),
            Some("FLATTEN") => children
                .flat_map(|child| match outputs(child) {
                    Value::Array(items) => items,
                    other => vec![other],
                })
                .collect(),
            _ => children.map(|child| self.described(child)).collect(),
        }
    }

    /// A child execution with its metadata.
    fn described(&self, child: &Child<'_>) -> Value {
        let record = child.record;
        let mut described = Object::new();
        let mut set = |name: &str, value: Value| described.insert(name.to_owned(), value);
        let status = match (child.output, child.error) {
            (Some(_), _) => "SUCCEEDED",
            (None, Some(raised)) if raised.name() == Some(names::TIMEOUT) => "TIMED_OUT",
            (None, Some(_)) => "FAILED",
            (None, None) => "PENDING",
        };
        set("ExecutionArn", format!("arn:aws:states:us-east-1:123456789012:execution:Machine:{}", record.name).into());
        set("Input", record.input.to_string().into());
        set("InputDetails", json!({ "Included": true }));
        set("Name", record.name.as_str().into());
        if let Some(output) = child.output {
            set("Output", output.to_string().into());
            set("OutputDetails", json!({ "Included": true }));
        }
        if let Some(raised) = child.error {
            let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
            set("Error", text(raised.name()));
            set("Cause", text(raised.error.cause.as_deref()));
        }
        set("RedriveCount", 0.into());
        if child.output.is_some() {
            set("RedriveStatus", "NOT_REDRIVABLE".into());
            set("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven".into());
        } else {
            set("RedriveStatus", "REDRIVABLE".into());
        }
        set("StartDate", self.contexts.time(record.started).into());
        set("StateMachineArn", "arn:aws:states:us-east-1:123456789012:stateMachine:Machine".into());
        set("Status", status.into());
        set("StopDate", self.contexts.time(record.ended).into());
        Value::Object(described)
    }
}

fn option<'w>(writer: &'w Writer, field: &str) -> Option<&'w str> {
    writer.config.get(field).and_then(Value::as_str)
}

fn unwritable(cause: &str) -> Failure {
    StateError::new(names::RESULT_WRITER_FAILED, cause).into()
}
