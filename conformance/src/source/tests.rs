use asl_engine::{diagnostic::Code, profile::Profile};
use rstest::rstest;
use serde_json::{Value, json};

use super::{Content, Source, line_and_column, yaml};

fn read_yaml(text: &str) -> Value {
    yaml::read(text).unwrap_or_else(|refusal| panic!("{refusal:?}")).expect("a document").to_value()
}

#[rstest]
#[case::null("~", json!(null))]
#[case::nothing("a:", json!({"a": null}))]
#[case::a_word_of_yaml_1_1("yes", json!("yes"))]
#[case::a_boolean("True", json!(true))]
#[case::a_quoted_boolean("'true'", json!("true"))]
#[case::an_integer("-7", json!(-7))]
#[case::an_integer_with_a_sign("+7", json!(7))]
#[case::the_largest_integer("18446744073709551615", json!(18_446_744_073_709_551_615_u64))]
#[case::a_fraction("1.5", json!(1.5))]
#[case::a_fraction_without_digits_before(".5", json!(0.5))]
#[case::an_exponent("1e3", json!(1000.0))]
#[case::octal("0o17", json!(15))]
#[case::hexadecimal("0xff", json!(255))]
#[case::a_sign_alone("-", json!([null]))]
#[case::a_version("1.2.3", json!("1.2.3"))]
#[case::a_date("2025-01-31", json!("2025-01-31"))]
#[case::a_tagged_string("!!str 1", json!("1"))]
#[case::a_number_as_name("1: x", json!({"1": "x"}))]
#[case::an_alias("a: &x {b: 1}\nc: *x", json!({"a": {"b": 1}, "c": {"b": 1}}))]
#[case::a_short_intrinsic("!GetAtt F.Arn", json!({"Fn::GetAtt": "F.Arn"}))]
#[case::a_reference("[!Ref F]", json!([{"Ref": "F"}]))]
#[case::json("{\"a\": [1, \"b\", null]}", json!({"a": [1, "b", null]}))]
fn yaml_means_this_json(#[case] text: &str, #[case] expected: Value) {
    assert_eq!(read_yaml(text), expected);
}

#[rstest]
#[case::a_tab("a:\n\tb: 1", "a tab cannot indent", (2, 1))]
#[case::two_documents("a: 1\n---\nb: 1", "one document", (2, 1))]
#[case::an_unknown_alias("a: *b", "anchor", (1, 4))]
#[case::a_cycle("&a [*a]", "inside the value", (1, 5))]
#[case::infinity("- .inf", "JSON has no number", (1, 3))]
#[case::a_huge_number("- 1e999", "no double", (1, 3))]
#[case::a_list_as_name("[1]: x", "has to be a string", (1, 1))]
#[case::an_open_bracket("ä: [1", "", (1, 6))]
fn yaml_is_refused_in_its_place(#[case] text: &str, #[case] says: &str, #[case] place: (usize, usize)) {
    let refusal = yaml::read(text).expect_err("a refusal");
    assert_eq!((refusal.code, line_and_column(text, refusal.span.start)), (Code::InvalidJsonDescription, place));
    assert!(refusal.message.contains(says), "{}", refusal.message);
}

#[test]
fn aliases_of_aliases_do_not_grow_without_bound() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let items = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    assert!(yaml::read(&text).expect_err("a refusal").message.contains("too large"));
}

#[rstest]
#[case::flow("[".repeat(10_000))]
#[case::blocks("- ".repeat(10_000))]
#[case::by_aliases(format!("{}{}{}", "- &a ", "[".repeat(200), "]".repeat(200)) + "\n- " + &"[".repeat(100) + "*a" + &"]".repeat(100))]
fn deep_yaml_is_refused(#[case] text: String) {
    assert_eq!(yaml::read(&text).expect_err("a refusal").code, Code::TooDeeplyNested);
}

#[test]
fn a_repeated_name_is_found_in_both_languages() {
    let documents = [
        ("a.json", r#"{"StartAt": "A", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#),
        ("a.yaml", "StartAt: A\nStartAt: A\nStates:\n  A: {Type: Succeed}\n"),
    ];
    for (name, text) in documents {
        let source = Source::read(name, text.into());
        let [definition] = source.definitions.as_slice() else { panic!("one definition") };
        let findings = definition.findings(Profile::Aws);
        let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.location.as_str())).collect();
        assert_eq!(found, [(Code::DuplicateKey, "/StartAt")], "{name}");
    }
}

/// The places of a JSON text and of the same text read as YAML agree, and every value is where its place says.
#[rstest]
#[case(r#"{"a": [1, -2.5e3, "ä\"}\\", true, null, {}, []], "b\u0041": {"c": "d"}}"#)]
#[case("  [ 1 ,\r\n\t{ \"x\" : { } } ] ")]
fn places_hold_the_text_of_the_value(#[case] text: &str) {
    let root = super::json::read(text, 0).expect("JSON");
    assert_eq!(root.to_value(), serde_json::from_str::<Value>(text).expect("JSON"));
    let mut open = vec![&root];
    while let Some(node) = open.pop() {
        let slice = &text[node.span.clone()];
        assert_eq!(serde_json::from_str::<Value>(slice).expect("JSON"), node.to_value(), "{slice}");
        match &node.content {
            Content::Scalar(_) => {}
            Content::Array(items) => open.extend(items),
            Content::Object(members) => {
                for member in members {
                    let name: String = serde_json::from_str(&text[member.name_span.clone()]).expect("a name");
                    assert_eq!(name, member.name);
                    open.push(&member.value);
                }
            }
        }
    }
}

#[test]
fn a_template_names_its_machines_and_what_it_cannot_check() {
    let template = json!({"Resources": {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Inline": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Type": "EXPRESS", "Definition": {
            "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["F", "Arn"]},
                "TimeoutSeconds": {"Ref": "Timeout"}, "End": true}}
        }}},
        "Joined": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", [
            "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"", {"Ref": "F"},
            "\", \"TimeoutSeconds\": ${T}, \"End\": true}}}"
        ]]}}},
        "Elsewhere": {"Type": "AWS::Serverless::StateMachine", "Properties": {"DefinitionUri": "m.asl.json"}}
    }});
    let source = Source::read("template.json", template.to_string().into_bytes());
    let ids: Vec<_> = source.definitions.iter().filter_map(|definition| definition.logical_id.as_deref()).collect();
    assert_eq!(ids, ["Inline", "Joined"]);
    for definition in &source.definitions {
        assert_eq!(definition.findings(Profile::Aws), [], "{}", definition.title());
    }
    assert_eq!(source.definitions[0].pointer, "/Resources/Inline/Properties/Definition");
    assert_eq!(source.notes, ["Elsewhere: the definition is in m.asl.json; check that file"]);
    let joined = source.definitions[1].value().expect("JSON");
    assert_eq!(joined["States"]["A"]["Resource"], "arn:aws:lambda:us-east-1:123456789012:function:F");
    assert_eq!(joined["States"]["A"]["TimeoutSeconds"], 1);
}
