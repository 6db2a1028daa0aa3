use rstest::rstest;
use serde_json::{Value, json};

use super::{lint, validator};
use crate::suite::Suite;

/// The findings about one case, which is sound but for the members given.
fn findings(members: Value) -> Vec<String> {
    let mut case = json!({
        "id": "area/topic/fact", "description": "a Pass state hands its input on", "requirements": ["PASS-001"],
        "source": "spec", "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
        "expect": {"status": "SUCCEEDED", "output": {}}
    });
    for (name, member) in members.as_object().expect("members") {
        case[name] = member.clone();
    }
    let text = json!({"$schema": "../../case.schema.json", "cases": [case]}).to_string();
    lint(&Suite::from_texts([("area/topic.json", text)])).iter().map(ToString::to_string).collect()
}

#[test]
fn the_schema_is_a_schema() {
    assert_eq!(validator().as_ref().err(), None);
}

#[test]
fn a_sound_case_has_no_finding() {
    assert_eq!(findings(json!({})), Vec::<String>::new());
}

#[rstest]
#[case::id_of_another_file(json!({"id": "area/other/fact"}), "name of its file")]
#[case::id_without_a_fact(json!({"id": "area/topic"}), "schema")]
#[case::upper_case_id(json!({"id": "area/topic/Fact"}), "schema")]
#[case::full_stop(json!({"description": "a Pass state hands on."}), "schema")]
#[case::vague(json!({"description": "a Pass state works"}), "'works'")]
#[case::no_requirement(json!({"requirements": []}), "schema")]
#[case::unknown_requirement(json!({"requirements": ["PASS-999"]}), "PASS-999")]
#[case::unobservable_requirement(json!({"requirements": ["LIMIT-025"]}), "no case can show it")]
#[case::unknown_source(json!({"source": "engine"}), "unknown variant")]
#[case::unknown_field(json!({"output": 1}), "unknown field")]
#[case::output_of_a_failure(json!({"expect": {"status": "FAILED", "error": "E", "output": 1}}), "only SUCCEEDED")]
#[case::success_that_compares_nothing(json!({"expect": {"status": "SUCCEEDED"}}), "exactly one of")]
#[case::one_way_only(json!({"expect": {"oneOf": [{"status": "TIMED_OUT"}]}}), "at least two")]
#[case::superfluous_tag(json!({"requires": ["jsonata"]}), "no use for \"jsonata\"")]
#[case::superfluous_time(json!({"requires": ["time"]}), "no use for \"time\"")]
#[case::repair_of_a_valid_machine(json!({"repair": [{"op": "remove", "path": "/StartAt"}]}), "only an invalid")]
#[case::bytes_without_limits(json!({"definitionBytes": 100}), "only where `limits`")]
#[case::limits_unheard_of(json!({"limits": "standard", "definitionBytes": 100}), "needs \"limits\"")]
#[case::object_without_end(
    json!({"store": {"b": {"k": {"repeat": "x", "times": 1_u64 << 40}}}}),
    "too long"
)]
#[case::bytes_that_repair_nothing(
    json!({"definition": {"StartAt": "A"}, "repairBytes": 10,
        "expect": {"valid": false, "errors": [{"code": "MISSING_FIELD", "location": ""}]}}),
    "`repairBytes` is for `definitionBytes`"
)]
#[case::bytes_that_are_not_too_many(
    json!({"definitionBytes": 1000, "repairBytes": 100, "limits": "standard", "requires": ["limits"],
        "expect": {"valid": false, "errors": [{"code": "QUOTA_EXCEEDED", "location": ""}]}}),
    "accepts it"
)]
#[case::stop_without_time(json!({"stop": {"seconds": 1}}), "needs \"time\"")]
#[case::stop_at_no_time(json!({"stop": {"error": "E"}, "requires": ["time"]}), "missing field `seconds`")]
#[case::output_of_a_stopped_execution(json!({"expect": {"status": "ABORTED", "output": 1}}), "only SUCCEEDED")]
#[case::no_repair(
    json!({"definition": {"StartAt": "A"}, "expect": {"valid": false, "errors": [{"code": "MISSING_FIELD", "location": ""}]}}),
    "needs `repair`"
)]
#[case::unheard_of_task(
    json!({"definition": {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:x:y", "End": true}}}}),
    "needs \"task\""
)]
#[case::unheard_of_waits(json!({"expect": {"status": "SUCCEEDED", "output": {}, "waits": []}}), "needs \"time\"")]
#[case::unheard_of_context(
    json!({"definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$$.Execution.Id", "End": true}}}}),
    "needs \"context\""
)]
fn a_broken_rule_is_found(#[case] members: Value, #[case] says: &str) {
    let found = findings(members);
    assert!(found.iter().any(|finding| finding.contains(says)), "{found:?}");
}

#[rstest]
#[case("$$.State.Name")]
#[case("$$['Execution']['Input'].a")]
#[case("$$.Map.Item.Value")]
fn common_members_of_the_context_need_no_tag(#[case] path: &str) {
    let definition = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": path, "End": true}}});
    assert_eq!(findings(json!({"definition": definition})), Vec::<String>::new());
}

#[rstest]
#[case::mends(json!([{"op": "remove", "path": "/States/A/Colour"}]), None)]
#[case::leaves_the_fault(json!([{"op": "add", "path": "/Comment", "value": "x"}]), Some("the repair leaves"))]
#[case::does_not_apply(json!([{"op": "remove", "path": "/States/B"}]), Some("does not apply"))]
fn a_repair_is_tried(#[case] repair: Value, #[case] says: Option<&str>) {
    let found = findings(json!({
        "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Colour": 1, "End": true}}}, "repair": repair,
        "expect": {"valid": false, "errors": [{"code": "UNKNOWN_FIELD", "location": "/States/A"}]}
    }));
    assert_eq!(found.is_empty(), says.is_none(), "{found:?}");
    assert!(says.is_none_or(|says| found[0].contains(says)), "{found:?}");
}

#[test]
fn the_fault_must_be_the_one_expected() {
    let found = findings(json!({
        "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "Colour": 1, "End": true}}},
        "repair": [{"op": "remove", "path": "/States/A/Colour"}],
        "expect": {"valid": false, "errors": [{"code": "UNKNOWN_FIELD", "location": "/States/A/Colour"}]}
    }));
    assert!(found[0].contains("finds other faults"), "{found:?}");
}

#[test]
fn ids_and_descriptions_occur_once() {
    let case = json!({
        "id": "area/topic/fact", "description": "a Pass state hands its input on", "requirements": ["PASS-001"],
        "source": "spec", "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
        "expect": {"status": "SUCCEEDED", "output": {}}
    });
    let text = json!({"$schema": "../../case.schema.json", "cases": [case, case]}).to_string();
    let found = lint(&Suite::from_texts([("area/topic.json", text)]));
    let found: Vec<_> = found.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(found, ["has the description of area/topic/fact", "the id is used twice"]);
}
