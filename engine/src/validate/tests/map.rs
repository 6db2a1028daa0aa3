//! Map states, inline and distributed.

use super::*;

fn processor(config: Value) -> Value {
    let mut processor = flow();
    processor["ProcessorConfig"] = config;
    processor
}

#[rstest]
#[case::iterator(json!({"ItemProcessor": "absent", "Iterator": flow()}), &[])]
#[case::neither(json!({"ItemProcessor": "absent"}), &["MISSING_FIELD  MAP-001"])]
#[case::array(json!({"ItemProcessor": []}), &["WRONG_TYPE /ItemProcessor MAP-001"])]
#[case::no_start(
    json!({"ItemProcessor": {"States": {"N": {"Type": "Succeed"}}}}),
    &["MISSING_FIELD /ItemProcessor STRUCT-006"]
)]
#[case::query_language(
    json!({"ItemProcessor": {"QueryLanguage": "JSONata", "StartAt": "N", "States": {"N": {"Type": "Succeed"}}}}),
    &["UNKNOWN_FIELD /ItemProcessor STRUCT-029"]
)]
#[case::items_path(json!({"ItemsPath": "$.a.b"}), &[])]
#[case::items_in_context(json!({"ItemsPath": "$$.Execution.Input.items"}), &[])]
#[case::items_path_null(json!({"ItemsPath": null}), &["WRONG_TYPE /ItemsPath MAP-007"])]
#[case::items_path_slice(json!({"ItemsPath": "$.a[0:2]"}), &["INVALID_REFERENCE_PATH /ItemsPath PATH-018"])]
#[case::selector_twice(json!({"ItemSelector": {}, "Parameters": {}}), &["EXCLUSIVE_FIELDS  MAP-014"])]
#[case::concurrency(json!({"MaxConcurrency": 0}), &[])]
#[case::negative_concurrency(json!({"MaxConcurrency": -1}), &["OUT_OF_RANGE /MaxConcurrency MAP-022"])]
#[case::concurrency_path(json!({"MaxConcurrencyPath": "$.c"}), &[])]
#[case::concurrency_twice(json!({"MaxConcurrency": 1, "MaxConcurrencyPath": "$.c"}), &["EXCLUSIVE_FIELDS  MAP-026"])]
#[case::concurrency_in_context(
    json!({"MaxConcurrencyPath": "$$.c"}),
    &["INVALID_REFERENCE_PATH /MaxConcurrencyPath PATH-026"]
)]
#[case::tolerance(json!({"ToleratedFailureCount": 0, "ToleratedFailurePercentage": 99.5}), &[])]
#[case::negative_count(json!({"ToleratedFailureCount": -1}), &["OUT_OF_RANGE /ToleratedFailureCount MAP-031"])]
#[case::fractional_count(json!({"ToleratedFailureCount": 0.5}), &["WRONG_TYPE /ToleratedFailureCount MAP-031"])]
#[case::percentage_above(
    json!({"ToleratedFailurePercentage": 100.1}),
    &["OUT_OF_RANGE /ToleratedFailurePercentage MAP-033"]
)]
#[case::percentage_below(
    json!({"ToleratedFailurePercentage": -1}),
    &["OUT_OF_RANGE /ToleratedFailurePercentage MAP-033"]
)]
#[case::percentage_text(
    json!({"ToleratedFailurePercentage": "5"}),
    &["WRONG_TYPE /ToleratedFailurePercentage MAP-033"]
)]
#[case::count_twice(
    json!({"ToleratedFailureCount": 1, "ToleratedFailureCountPath": "$.c"}),
    &["EXCLUSIVE_FIELDS  MAP-037"]
)]
#[case::percentage_path_context(
    json!({"ToleratedFailurePercentagePath": "$$.c"}),
    &["INVALID_REFERENCE_PATH /ToleratedFailurePercentagePath PATH-026"]
)]
fn a_map_state_is_checked(#[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Map", fields), expected);
}

#[test]
fn a_map_state_has_one_processor() {
    let other = json!({"StartAt": "M", "States": {"M": {"Type": "Succeed"}}});
    assert_state(&machine("Map", json!({"Iterator": other})), &["EXCLUSIVE_FIELDS  MAP-001"]);
}

#[rstest]
#[case::array(json!({"Items": [1, "{% 2 %}"]}), &[])]
#[case::expression(json!({"Items": "{% $states.input %}"}), &[])]
#[case::bad_expression_inside(json!({"Items": ["{% 2"]}), &["INVALID_JSONATA_EXPRESSION /Items/0 JNATA-003"])]
#[case::text(json!({"Items": "a"}), &["WRONG_TYPE /Items MAP-011"])]
#[case::number(json!({"Items": 1}), &["WRONG_TYPE /Items MAP-011"])]
#[case::object_inline(json!({"Items": {"a": 1}}), &["WRONG_TYPE /Items MAP-011"])]
#[case::object_distributed(
    json!({"Items": {"a": 1}, "ItemProcessor": processor(json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}))}),
    &[]
)]
#[case::any_item_selector(json!({"ItemSelector": 5}), &[])]
#[case::numbers(
    json!({"MaxConcurrency": "{% 1 %}", "ToleratedFailureCount": "{% 1 %}", "ToleratedFailurePercentage": "{% 1 %}"}),
    &[]
)]
#[case::batcher(json!({"ItemBatcher": {"MaxItemsPerBatch": "{% 1 %}", "BatchInput": [1]}}), &[])]
#[case::reader(
    json!({"ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "Arguments": {"Bucket": "{% 'b' %}"},
        "ReaderConfig": {"MaxItems": "{% 1 %}"},
    }}),
    &[]
)]
#[case::reader_arguments_expression(
    json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Arguments": "{% {} %}"}}),
    &[]
)]
#[case::reader_arguments_number(
    json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Arguments": 1}}),
    &["WRONG_TYPE /ItemReader/Arguments DMAP-006"]
)]
#[case::reader_parameters(
    json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {}}}),
    &["OTHER_QUERY_LANGUAGE /ItemReader IO-033"]
)]
#[case::items_pointer(
    json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"MaxItemsPath": "$.m"}}}),
    &["OTHER_QUERY_LANGUAGE /ItemReader/ReaderConfig JNATA-055"]
)]
fn a_jsonata_map_state_is_checked(#[case] fields: Value, #[case] expected: &[&str]) {
    assert_state(&jsonata_machine("Map", fields), expected);
}

#[rstest]
#[case::empty(json!({}), &[])]
#[case::inline(json!({"Mode": "INLINE"}), &[])]
#[case::distributed(json!({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}), &[])]
#[case::string(json!("INLINE"), &["WRONG_TYPE  MAP-005"])]
#[case::another_mode(json!({"Mode": "inline"}), &["UNKNOWN_VALUE /Mode MAP-005"])]
#[case::no_execution_type(json!({"Mode": "DISTRIBUTED"}), &["MISSING_FIELD  DMAP-001"])]
#[case::another_type(
    json!({"Mode": "DISTRIBUTED", "ExecutionType": "FAST"}),
    &["UNKNOWN_VALUE /ExecutionType DMAP-001"]
)]
#[case::unknown(json!({"Speed": 1}), &["UNKNOWN_FIELD  MAP-005"])]
fn a_processor_config_names_the_mode(#[case] config: Value, #[case] expected: &[&str]) {
    let place = " /ItemProcessor/ProcessorConfig";
    let expected: Vec<String> = expected.iter().map(|finding| finding.replacen(' ', place, 1)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_state(&machine("Map", json!({"ItemProcessor": processor(config.clone())})), &expected);
    let iterator: Vec<String> = expected.iter().map(|finding| finding.replace("ItemProcessor", "Iterator")).collect();
    let iterator: Vec<&str> = iterator.iter().map(String::as_str).collect();
    assert_state(&machine("Map", json!({"ItemProcessor": "absent", "Iterator": processor(config)})), &iterator);
}

#[test]
fn an_express_machine_has_no_distributed_map() {
    let config = json!({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"});
    let definition = machine("Map", json!({"ItemProcessor": processor(config)}));
    let found = crate::validate::validate_as(&definition, Profile::Aws, crate::validate::MachineType::Express);
    let found: Vec<_> = found.iter().map(|f| (f.location.as_str(), f.requirement)).collect();
    assert_eq!(found, [("/States/S/ItemProcessor/ProcessorConfig/Mode", "DMAP-002")]);
}

const GET_OBJECT: &str = "arn:aws:states:::s3:getObject";

#[rstest]
#[case::plain(json!({"Resource": GET_OBJECT, "Parameters": {"Bucket.$": "$.b", "Key": "k"}}), &[])]
#[case::listing(json!({"Resource": "arn:aws-cn:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b"}}), &[])]
#[case::string(json!("x"), &["WRONG_TYPE  DMAP-006"])]
#[case::no_resource(json!({"Parameters": {}}), &["MISSING_FIELD  DMAP-006"])]
#[case::no_uri(json!({"Resource": "getObject"}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::parameters_array(json!({"Resource": GET_OBJECT, "Parameters": []}), &["WRONG_TYPE /Parameters DMAP-006"])]
#[case::arguments(json!({"Resource": GET_OBJECT, "Arguments": {}}), &["OTHER_QUERY_LANGUAGE  JNATA-054"])]
#[case::unknown(json!({"Resource": GET_OBJECT, "Limit": 1}), &["UNKNOWN_FIELD  DMAP-006"])]
#[case::config_array(json!({"Resource": GET_OBJECT, "ReaderConfig": []}), &["WRONG_TYPE /ReaderConfig DMAP-006"])]
fn an_item_reader_is_checked(#[case] reader: Value, #[case] expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|finding| finding.replacen(' ', " /ItemReader", 1)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_state(&machine("Map", json!({"ItemReader": reader})), &expected);
}

#[test]
fn aws_reads_through_two_actions() {
    let definition = machine("Map", json!({"ItemReader": {"Resource": "arn:aws:states:::dynamodb:getItem"}}));
    assert_state_in(Profile::Aws, &definition, &["INVALID_RESOURCE /ItemReader/Resource DMAP-007"]);
    assert_state_in(Profile::Spec, &definition, &[]);
}

#[rstest]
#[case::max_items(json!({"MaxItems": 100_000_000}), &[])]
#[case::max_items_text(json!({"MaxItems": "5"}), &["WRONG_TYPE /MaxItems DMAP-013"])]
#[case::max_items_negative(json!({"MaxItems": -1}), &["OUT_OF_RANGE /MaxItems DMAP-013"])]
#[case::max_items_path(json!({"MaxItemsPath": "$.m"}), &[])]
#[case::max_items_in_context(json!({"MaxItemsPath": "$$.m"}), &["INVALID_REFERENCE_PATH /MaxItemsPath PATH-026"])]
#[case::max_items_twice(json!({"MaxItems": 1, "MaxItemsPath": "$.m"}), &["EXCLUSIVE_FIELDS  DMAP-015"])]
#[case::input_type(json!({"InputType": "JSONL"}), &[])]
#[case::another_type(json!({"InputType": "XML"}), &["UNKNOWN_VALUE /InputType DMAP-017"])]
#[case::csv(json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVDelimiter": "TAB"}), &[])]
#[case::given(json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a"]}), &[])]
#[case::given_without_headers(json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}), &["MISSING_FIELD  DMAP-022"])]
#[case::headers_twice(
    json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "CSVHeaders": ["a"]}),
    &["EXCLUSIVE_FIELDS  DMAP-022"]
)]
#[case::headers_without_location(json!({"InputType": "CSV", "CSVHeaders": ["a"]}), &["MISSING_FIELD  DMAP-022"])]
#[case::no_headers(
    json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": []}),
    &["EMPTY /CSVHeaders DMAP-022"]
)]
#[case::header_number(
    json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": [1]}),
    &["WRONG_TYPE /CSVHeaders/0 DMAP-022"]
)]
#[case::another_location(json!({"CSVHeaderLocation": "LAST_ROW"}), &["UNKNOWN_VALUE /CSVHeaderLocation DMAP-021"])]
#[case::another_delimiter(json!({"CSVDelimiter": ","}), &["UNKNOWN_VALUE /CSVDelimiter DMAP-025"])]
#[case::inventory(json!({"ManifestType": "S3_INVENTORY"}), &[])]
#[case::inventory_with_type(
    json!({"ManifestType": "S3_INVENTORY", "InputType": "CSV"}),
    &["EXCLUSIVE_FIELDS  DMAP-028"]
)]
#[case::another_manifest(json!({"ManifestType": "X"}), &["UNKNOWN_VALUE /ManifestType DMAP-028"])]
#[case::pointer(json!({"InputType": "JSON", "ItemsPointer": "/a~1b/0"}), &[])]
#[case::no_pointer(json!({"InputType": "JSON", "ItemsPointer": "$.a"}), &["INVALID_PATH /ItemsPointer DMAP-027"])]
#[case::flatten(json!({"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSON"}), &[])]
#[case::flatten_what(json!({"Transformation": "LOAD_AND_FLATTEN"}), &["MISSING_FIELD  DMAP-029"])]
#[case::unknown(json!({"Delimiter": "TAB"}), &["UNKNOWN_FIELD  DMAP-006"])]
fn a_reader_config_is_checked(#[case] config: Value, #[case] expected: &[&str]) {
    let place = " /ItemReader/ReaderConfig";
    let expected: Vec<String> = expected.iter().map(|finding| finding.replacen(' ', place, 1)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_state(&machine("Map", json!({"ItemReader": {"Resource": GET_OBJECT, "ReaderConfig": config}})), &expected);
}

#[rstest]
#[case::zero(0, &[], &["OUT_OF_RANGE /ItemReader/ReaderConfig/MaxItems DMAP-013"])]
#[case::above(100_000_001, &["OUT_OF_RANGE /ItemReader/ReaderConfig/MaxItems DMAP-013"], &[])]
fn max_items_differs_by_profile(#[case] items: u64, #[case] aws: &[&str], #[case] spec: &[&str]) {
    let reader = json!({"Resource": GET_OBJECT, "ReaderConfig": {"MaxItems": items}});
    let definition = machine("Map", json!({"ItemReader": reader}));
    assert_state_in(Profile::Aws, &definition, aws);
    assert_state_in(Profile::Spec, &definition, spec);
}

#[rstest]
#[case::items(json!({"MaxItemsPerBatch": 1}), &[])]
#[case::bytes(json!({"MaxInputBytesPerBatch": 262_144, "BatchInput": {"a.$": "$.a"}}), &[])]
#[case::paths(json!({"MaxItemsPerBatchPath": "$.i", "MaxInputBytesPerBatchPath": "$.b"}), &[])]
#[case::neither(json!({"BatchInput": {}}), &["MISSING_FIELD  DMAP-031"])]
#[case::array(json!([]), &["WRONG_TYPE  DMAP-031"])]
#[case::no_items(json!({"MaxItemsPerBatch": 0}), &["OUT_OF_RANGE /MaxItemsPerBatch DMAP-032"])]
#[case::no_bytes(json!({"MaxInputBytesPerBatch": 0}), &["OUT_OF_RANGE /MaxInputBytesPerBatch DMAP-033"])]
#[case::too_many_bytes(json!({"MaxInputBytesPerBatch": 262_145}), &["OUT_OF_RANGE /MaxInputBytesPerBatch DMAP-034"])]
#[case::items_twice(json!({"MaxItemsPerBatch": 1, "MaxItemsPerBatchPath": "$.i"}), &["EXCLUSIVE_FIELDS  DMAP-035"])]
#[case::bytes_twice(
    json!({"MaxInputBytesPerBatch": 1, "MaxInputBytesPerBatchPath": "$.i"}),
    &["EXCLUSIVE_FIELDS  DMAP-035"]
)]
#[case::path_in_context(
    json!({"MaxItemsPerBatchPath": "$$.i"}),
    &["INVALID_REFERENCE_PATH /MaxItemsPerBatchPath PATH-026"]
)]
#[case::input_array(json!({"MaxItemsPerBatch": 1, "BatchInput": [1]}), &["WRONG_TYPE /BatchInput DMAP-031"])]
#[case::unknown(json!({"MaxItemsPerBatch": 1, "Size": 1}), &["UNKNOWN_FIELD  DMAP-031"])]
fn an_item_batcher_is_checked(#[case] batcher: Value, #[case] expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|finding| finding.replacen(' ', " /ItemBatcher", 1)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_state(&machine("Map", json!({"ItemBatcher": batcher})), &expected);
}

const PUT_OBJECT: &str = "arn:aws:states:::s3:putObject";

#[rstest]
#[case::stored(json!({"Resource": PUT_OBJECT, "Parameters": {"Bucket": "b", "Prefix": "p"}}), &[])]
#[case::formatted(json!({"WriterConfig": {"OutputType": "JSONL", "Transformation": "COMPACT"}}), &[])]
#[case::empty(json!({}), &["EMPTY  DMAP-043"])]
#[case::string(json!("x"), &["WRONG_TYPE  DMAP-042"])]
#[case::resource_alone(json!({"Resource": PUT_OBJECT}), &["MISSING_FIELD  DMAP-043"])]
#[case::parameters_alone(json!({"Parameters": {}}), &["MISSING_FIELD  DMAP-042"])]
#[case::no_uri(json!({"Resource": "x", "Parameters": {}}), &["INVALID_RESOURCE /Resource LINT-022"])]
#[case::another_output(
    json!({"WriterConfig": {"OutputType": "CSV", "Transformation": "NONE"}}),
    &["UNKNOWN_VALUE /WriterConfig/OutputType DMAP-047"]
)]
#[case::another_transformation(
    json!({"WriterConfig": {"OutputType": "JSON", "Transformation": "X"}}),
    &["UNKNOWN_VALUE /WriterConfig/Transformation DMAP-047"]
)]
#[case::no_output_type(json!({"WriterConfig": {"Transformation": "NONE"}}), &["MISSING_FIELD /WriterConfig DMAP-047"])]
fn a_result_writer_is_checked(#[case] writer: Value, #[case] expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|finding| finding.replacen(' ', " /ResultWriter", 1)).collect();
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    assert_state(&machine("Map", json!({"ResultWriter": writer})), &expected);
}

#[rstest]
#[case::plain(json!("Orders_2-a.b"), &[])]
#[case::longest(json!("l".repeat(40)), &[])]
#[case::too_long(json!("l".repeat(41)), &["TOO_LONG /Label DMAP-052"])]
#[case::blank(json!("a b"), &["INVALID_LABEL /Label DMAP-052"])]
#[case::wildcard(json!("a*"), &["INVALID_LABEL /Label DMAP-052"])]
#[case::bracket(json!("a[0]"), &["INVALID_LABEL /Label DMAP-052"])]
#[case::punctuation(json!("a:b"), &["INVALID_LABEL /Label DMAP-052"])]
#[case::control(json!("a\u{7f}"), &["INVALID_LABEL /Label DMAP-052"])]
#[case::number(json!(1), &["WRONG_TYPE /Label DMAP-051"])]
fn a_label_is_a_short_plain_name(#[case] label: Value, #[case] expected: &[&str]) {
    assert_state(&machine("Map", json!({"Label": label})), expected);
}

#[test]
fn a_label_occurs_once() {
    let inner =
        json!({"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", "ItemProcessor": flow(), "End": true}}});
    let definition = machine("Map", json!({"Label": "L", "ItemProcessor": inner}));
    // The label of the outer Map stands after its processor in this document.
    let found = findings(&definition, Profile::Aws, Severity::Error);
    assert_eq!(found, ["INVALID_LABEL /States/S/Label LINT-013"]);
}
