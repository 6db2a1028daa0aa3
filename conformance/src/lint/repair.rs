//! Whether the fault of an invalid definition is the one that the case names, and stands alone.

use asl_engine::{
    diagnostic::{Diagnostic, Severity},
    profile::Profile,
};
use serde_json::Value;

use crate::{
    case::{Case, Definition, PROFILES, Repair},
    engine::Finding,
    expect::Expect,
    reference,
};

/// The reference validator refuses the definition and accepts the repaired one.
pub(super) fn check(case: &Case) -> Vec<String> {
    let (expected, repair) = match (&case.expect, &case.repair) {
        (Expect::Invalid(_), None) => {
            return vec!["an invalid definition needs `repair`, `repairText` or `repairBytes`".to_owned()];
        }
        (Expect::Invalid(expected), Some(repair)) => (expected, repair),
        (_, Some(_)) => return vec!["only an invalid definition is repaired".to_owned()],
        (_, None) => return Vec::new(),
    };
    let repaired = match apply(case, repair) {
        Ok(repaired) => repaired,
        Err(message) => return vec![message],
    };
    let profiles = PROFILES.into_iter().filter(|profile| case.holds_in(*profile));
    profiles.flat_map(|profile| in_profile(case, expected, &repaired, profile)).collect()
}

fn apply(case: &Case, repair: &Repair) -> Result<Definition, String> {
    match (repair, &case.definition) {
        (Repair::Text(text), Definition::Text(_)) => Ok(Definition::Text(text.clone())),
        (Repair::Patch(patch), Definition::Json(document)) => {
            let mut document: Value = document.clone();
            json_patch::patch(&mut document, patch).map_err(|error| format!("`repair` does not apply: {error}"))?;
            Ok(Definition::Json(document))
        }
        (Repair::Bytes(bytes), _) if case.definition_bytes.is_some() => Ok(case.definition.padded(*bytes)),
        (Repair::Bytes(_), _) => Err("`repairBytes` is for `definitionBytes`".to_owned()),
        _ => Err("`repair` is for `definition`, `repairText` for `definitionText`".to_owned()),
    }
}

fn in_profile(case: &Case, expected: &[Finding], repaired: &Definition, profile: Profile) -> Vec<String> {
    let errors = |definition: &Definition| {
        let mut findings = reference::validate(definition, case.limits, profile);
        findings.retain(|finding| finding.severity == Severity::Error);
        findings
    };
    let mut messages = Vec::new();
    let found = errors(&case.machine());
    if found.is_empty() {
        messages.push(format!("the reference validator accepts it ({})", profile.name()));
    } else if sorted(found.iter().map(reference::finding)) != sorted(expected.iter().cloned()) {
        let found: Vec<_> = found.iter().map(Diagnostic::to_string).collect();
        messages.push(format!("the reference validator finds other faults ({}): {}", profile.name(), found.join("; ")));
    }
    let left = errors(repaired);
    if !left.is_empty() {
        let left: Vec<_> = left.iter().map(Diagnostic::to_string).collect();
        messages.push(format!("the repair leaves ({}): {}", profile.name(), left.join("; ")));
    }
    messages
}

fn sorted(findings: impl Iterator<Item = Finding>) -> Vec<Finding> {
    let mut findings: Vec<_> = findings.collect();
    findings.sort();
    findings
}
