//! What concerns several fields of a Map state: modes, readers, batchers, writers and labels (MAP and DMAP rows).

use serde_json::{Map, Value};

use super::{
    MachineType,
    fields::Language,
    paths::is_uri,
    report::Token,
    states,
    validator::{Site, Validator, quote},
};
use crate::diagnostic::Code;

/// Longest Label, in characters (DMAP-052).
const LONGEST_LABEL: usize = 40;
/// Characters that a Label must not have, beside blanks and control characters (DMAP-052).
const NOT_IN_LABELS: &str = r#"?*<>{}[]:;,\|^~$#%&`""#;

/// Whether an item processor runs in distributed mode (MAP-005).
pub(super) fn is_distributed(processor: &Map<String, Value>) -> bool {
    processor.get("ProcessorConfig").and_then(|config| config.get("Mode")).is_some_and(|mode| mode == "DISTRIBUTED")
}

/// Members of an object are items in distributed mode only (MAP-011, D30).
pub(super) fn items_of_the_mode<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, site: Site) {
    states::transition(validator, members, site);
    let processor = members.get("ItemProcessor").or_else(|| members.get("Iterator")).and_then(Value::as_object);
    if let Some(items @ Value::Object(_)) = members.get("Items")
        && site.language == Language::Jsonata
        && !processor.is_some_and(is_distributed)
    {
        validator.within(Token::Name("Items"), |validator| {
            validator.wrong_type("MAP-011", "an array or a JSONata string", items);
        });
    }
}

/// `ProcessorConfig` (DMAP-001, DMAP-002).
pub(super) fn processor_config<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, _site: Site) {
    if members.get("Mode").is_none_or(|mode| mode != "DISTRIBUTED") {
        return;
    }
    if !members.contains_key("ExecutionType") {
        let message = "a distributed Map needs the field 'ExecutionType'".to_owned();
        validator.error(Code::MissingField, "DMAP-001", message);
    }
    if validator.machine_type == MachineType::Express {
        validator.within(Token::Name("Mode"), |validator| {
            let message = "a machine of type Express cannot contain a distributed Map".to_owned();
            validator.error(Code::UnknownValue, "DMAP-002", message);
        });
    }
}

/// `ItemReader` (DMAP-007).
pub(super) fn item_reader<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, _site: Site) {
    let Some(Value::String(resource)) = members.get("Resource") else { return };
    let is_known = ["s3:getObject", "s3:listObjectsV2"].into_iter().any(|action| is_integration(resource, action));
    if validator.profile.is_aws() && is_uri(resource) && !is_known {
        validator.within(Token::Name("Resource"), |validator| {
            let message = format!("a reader uses s3:getObject or s3:listObjectsV2, not {}", quote(resource));
            validator.error(Code::InvalidResource, "DMAP-007", message);
        });
    }
}

/// Whether a resource is `arn:<partition>:states:<region>:<account>:<action>`.
fn is_integration(resource: &str, action: &str) -> bool {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    matches!(parts.as_slice(), ["arn", _, "states", _, _, last] if *last == action)
}

/// `ReaderConfig` (DMAP-022, DMAP-028, DMAP-029).
pub(super) fn reader_config<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, _site: Site) {
    let is = |field: &str, value: &str| members.get(field).is_some_and(|found| found == value);
    let has = |field: &str| members.contains_key(field);
    let mut missing = |rule, message: &str| validator.error(Code::MissingField, rule, message.to_owned());
    if is("CSVHeaderLocation", "GIVEN") && !has("CSVHeaders") {
        missing("DMAP-022", "with \"CSVHeaderLocation\": \"GIVEN\", the field 'CSVHeaders' is needed");
    }
    if has("CSVHeaders") && !has("CSVHeaderLocation") {
        missing("DMAP-022", "beside 'CSVHeaders', the field 'CSVHeaderLocation' is needed, and has to be 'GIVEN'");
    }
    if is("Transformation", "LOAD_AND_FLATTEN") && !has("InputType") {
        missing("DMAP-029", "with \"Transformation\": \"LOAD_AND_FLATTEN\", the field 'InputType' is needed");
    }
    let mut exclusive = |rule, message: &str| validator.error(Code::ExclusiveFields, rule, message.to_owned());
    if is("CSVHeaderLocation", "FIRST_ROW") && has("CSVHeaders") {
        exclusive("DMAP-022", "'CSVHeaders' are given only with \"CSVHeaderLocation\": \"GIVEN\"");
    }
    if is("ManifestType", "S3_INVENTORY") && has("InputType") {
        exclusive("DMAP-028", "with \"ManifestType\": \"S3_INVENTORY\", no field 'InputType' is given");
    }
}

/// `ItemBatcher` (DMAP-031).
pub(super) fn item_batcher<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, _site: Site) {
    let sizes = ["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];
    if !sizes.into_iter().any(|size| members.contains_key(size)) {
        let message = "an ItemBatcher needs the field 'MaxItemsPerBatch' or 'MaxInputBytesPerBatch'".to_owned();
        validator.error(Code::MissingField, "DMAP-031", message);
    }
}

/// `ResultWriter` (DMAP-042, DMAP-043).
pub(super) fn result_writer<'d>(validator: &mut Validator<'d>, members: &'d Map<String, Value>, _site: Site) {
    let has_parameters = members.contains_key("Parameters") || members.contains_key("Arguments");
    if members.is_empty() {
        validator.empty("DMAP-043");
    } else if members.contains_key("Resource") && !has_parameters {
        let message = "beside 'Resource', a ResultWriter needs the field 'Parameters' or 'Arguments'".to_owned();
        validator.error(Code::MissingField, "DMAP-043", message);
    } else if has_parameters && !members.contains_key("Resource") {
        let message = "a ResultWriter with parameters needs the field 'Resource'".to_owned();
        validator.error(Code::MissingField, "DMAP-042", message);
    }
}

impl<'d> Validator<'d> {
    /// `Label` (DMAP-051, DMAP-052, LINT-013).
    pub(super) fn label(&mut self, label: &'d str) {
        if label.chars().count() > LONGEST_LABEL {
            let message = format!("a Label has at most {LONGEST_LABEL} characters, unlike {}", quote(label));
            self.error(Code::TooLong, "DMAP-052", message);
        }
        let refused = |other: &char| other.is_whitespace() || other.is_control() || NOT_IN_LABELS.contains(*other);
        if let Some(character) = label.chars().find(refused) {
            let message = format!("a Label must not contain {character:?}, unlike {}", quote(label));
            self.error(Code::InvalidLabel, "DMAP-052", message);
        }
        if !self.labels.insert(label) {
            let message = format!("there is another Label {} in this definition", quote(label));
            self.error(Code::InvalidLabel, "LINT-013", message);
        }
    }
}
