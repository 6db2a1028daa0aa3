//! The embedded suite keeps the rules for cases.

use asl_conformance::{lint::lint, suite::Suite};

#[test]
fn the_suite_breaks_no_rule() {
    let findings: Vec<_> = lint(&Suite::embedded()).iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}

#[test]
fn the_suite_is_large() {
    let suite = Suite::embedded();
    assert_eq!(suite.faults, []);
    assert!(suite.cases.len() > 1_000, "{} cases", suite.cases.len());
}
