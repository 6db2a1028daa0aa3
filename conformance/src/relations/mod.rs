//! Metamorphic relations: changes of a machine whose outcome is known from that of the machine before the change.
//!
//! No oracle is needed: whatever an engine answers to the first machine says what it has to answer to the second. So
//! they find errors that a reference shares with the engine under test, and errors of the reference.

pub mod document;

mod choice;
mod data;
mod handlers;
mod order;
mod paths;
mod spelling;
mod stages;
mod twins;
mod wrapping;

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use asl_generator::Scenario;

pub(crate) use order::rename_states;

use crate::{
    case::Profile,
    engine::{Outcome, Status},
};

/// A change of a scenario that has a known effect on its run.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    /// Name, in kebab-case.
    pub name: &'static str,
    /// Why the outcome is known.
    pub law: &'static str,
    /// What stays as it was, beyond the outcome and the inputs of the tasks.
    pub keeps: Keeps,
    /// The first outcomes of which the relation says something.
    pub holds_for: HoldsFor,
    apply: fn(&Scenario, &mut Unstructured<'_>) -> Option<Related>,
}

impl Relation {
    /// The scenario after the change, at a place drawn from `u`; `None` where it does not fit.
    #[must_use]
    pub fn apply(&self, scenario: &Scenario, u: &mut Unstructured<'_>) -> Option<Related> {
        (self.apply)(scenario, u)
    }

    /// The relation of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        RELATIONS.iter().find(|relation| relation.name == name)
    }
}

/// What a change leaves as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// The states entered, in order; and all that [`Keeps::Time`] says.
    Way,
    /// The delays and the virtual time of the run.
    Time,
}

/// The outcomes that a relation carries over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldsFor {
    /// All.
    Any,
    /// All but failures with a predefined Error Name: those may come from an evaluation that the change leaves out.
    AllButPredefined,
}

impl HoldsFor {
    /// Whether the relation says something after `outcome`.
    #[must_use]
    pub fn covers(self, outcome: &Outcome) -> bool {
        let predefined = || outcome.error.as_deref().is_some_and(|name| name.starts_with("States."));
        self == Self::Any || outcome.status != Status::Failed || !predefined()
    }
}

/// A scenario after a change, and what the change does to the outcome.
#[derive(Clone, Debug)]
pub struct Related {
    /// What to run.
    pub scenario: Scenario,
    /// What becomes of the output.
    pub output: OutputChange,
    /// What becomes of a failure.
    pub failure: FailureChange,
    /// New names of states, by old name.
    pub names: BTreeMap<String, String>,
}

impl Related {
    /// A scenario with the same outcome.
    #[must_use]
    pub fn same(scenario: Scenario) -> Self {
        Self { scenario, output: OutputChange::Same, failure: FailureChange::Same, names: BTreeMap::new() }
    }

    /// The name of a state after the change.
    #[must_use]
    pub fn name<'n>(&'n self, before: &'n str) -> &'n str {
        self.names.get(before).map_or(before, String::as_str)
    }
}

/// What a change does to the output of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputChange {
    /// Nothing.
    Same,
    /// It becomes the only element of an array.
    InArray,
    /// It becomes the first of two elements of an array, of which this is the second.
    Beside(&'static str),
}

/// What a change does to the Error Name of an execution that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureChange {
    /// Nothing.
    Same,
    /// The error leaves one Parallel more (D10).
    LeavesParallel,
    /// Perhaps the error leaves one Parallel more.
    PerhapsLeavesParallel,
}

impl FailureChange {
    /// Whether the name after the change is known, and what it is: `Some(None)` for the one before.
    #[must_use]
    pub fn name(self, profile: Profile) -> Option<Option<&'static str>> {
        match (self, profile) {
            (Self::Same, _) | (_, Profile::Aws) => Some(None),
            (Self::LeavesParallel, Profile::Spec) => Some(Some("States.BranchFailed")),
            (Self::PerhapsLeavesParallel, Profile::Spec) => None,
        }
    }
}

const fn relation(
    name: &'static str,
    keeps: Keeps,
    apply: fn(&Scenario, &mut Unstructured<'_>) -> Option<Related>,
    law: &'static str,
) -> Relation {
    Relation { name, law, keeps, holds_for: HoldsFor::Any, apply }
}

const fn unless_predefined(relation: Relation) -> Relation {
    Relation { holds_for: HoldsFor::AllButPredefined, ..relation }
}

use Keeps::{Time, Way};

/// Every relation.
pub static RELATIONS: [Relation; 40] = [
    relation("permute-members", Way, order::members, "the members of an object have no order (DATA-008)"),
    relation("permute-error-names", Way, order::error_names, "ErrorEquals is a set (RETRY-004, CATCH-005)"),
    relation("rename-states", Way, order::rename, "a name of a state only links states"),
    relation("explicit-defaults", Way, spelling::explicit_defaults, "a default may be written out"),
    relation("implicit-defaults", Way, spelling::implicit_defaults, "a default may be left out"),
    relation("comments", Way, spelling::comments, "a Comment has no influence (STRUCT-013)"),
    relation("processor-spelling", Way, spelling::processor, "Iterator is ItemProcessor (MAP-004)"),
    relation("selector-spelling", Way, spelling::selector, "Parameters of a Map is ItemSelector (MAP-018)"),
    relation("bracket-steps", Way, paths::bracket_steps, "a step may be written in brackets"),
    relation("double-negation", Way, choice::double_negation, "Not Not is nothing (CHOICE-024)"),
    relation("singleton", Way, choice::singleton, "And or Or of one rule is the rule (CHOICE-025)"),
    relation("de-morgan", Way, choice::de_morgan, "De Morgan's laws (CHOICE-020, CHOICE-022, CHOICE-024)"),
    relation("split-or", Way, choice::split_or, "the alternatives of Or may be rules of their own (CHOICE-005)"),
    relation("split-comparison", Way, choice::split_comparison, "less or equal is less, or equal"),
    relation("negated-type-test", Way, choice::negated_type_test, "a test for false is the negated test for true"),
    relation("never-taken-rule", Way, choice::never_taken, "a rule that is never true changes nothing"),
    relation(
        "default-as-rule",
        Way,
        choice::default_as_rule,
        "Default is a last rule that is always true (CHOICE-006)",
    ),
    relation("split-choice", Time, choice::split, "later rules may stand in a Choice of their own (CHOICE-005)"),
    relation("unused-catcher", Way, handlers::catcher, "a Catcher for an error nobody raises changes nothing"),
    relation("unused-retrier", Way, handlers::retrier, "a Retrier for an error nobody raises changes nothing"),
    relation("unused-variable", Way, handlers::variable, "a variable that nobody reads changes nothing"),
    relation(
        "split-catcher",
        Way,
        handlers::split_catcher,
        "each Error Name may have a Catcher of its own (CATCH-005)",
    ),
    relation("identity-pass", Time, wrapping::identity_pass, "a bare Pass hands its input on (PASS-001)"),
    relation("end-to-succeed", Time, wrapping::end_to_succeed, "a bare Succeed ends the machine (SUCC-001)"),
    relation("machine-in-parallel", Time, wrapping::machine_in_parallel, "one branch gives an array of one (PAR-011)"),
    relation("machine-in-map", Time, wrapping::machine_in_map, "one item gives an array of one (MAP-021)"),
    relation("state-in-parallel", Time, wrapping::state_in_parallel, "a state may run in a branch (PAR-008)"),
    relation(
        "machine-beside-pass",
        Time,
        wrapping::machine_beside_pass,
        "results are in the order of Branches (PAR-010)",
    ),
    relation("inner-variable", Time, wrapping::inner_variable, "inner variables vanish with their branch (VAR-036)"),
    unless_predefined(relation(
        "concurrency",
        Time,
        wrapping::concurrency,
        "MaxConcurrency has no influence on the result (MAP-021)",
    )),
    relation("pass-to-task", Way, data::pass_to_task, "a Task that answers its input is a Pass (TASK-004)"),
    relation("task-to-pass", Way, data::task_to_pass, "a Task with a known answer is a Pass (PASS-003)"),
    relation("literal-to-input", Time, data::literal_to_input, "a literal may come with the input (CTX-006)"),
    relation("result-to-parameters", Way, data::result_to_parameters, "an object is a payload template (TMPL-003)"),
    relation("boxed-result", Way, stages::boxed_result, "OutputPath takes out what ResultSelector put in (IO-001)"),
    relation("split-input-path", Time, stages::input_path, "InputPath may be a state of its own (IO-001)"),
    relation(
        "split-result-selector",
        Time,
        stages::result_selector,
        "ResultSelector may be a state of its own (IO-001)",
    ),
    relation("split-output-path", Time, stages::output_path, "OutputPath may be a state of its own (IO-001)"),
    unless_predefined(relation(
        "jsonata-twin",
        Way,
        twins::to_jsonata,
        "a state may say the same in JSONata (STRUCT-026)",
    )),
    unless_predefined(relation(
        "jsonpath-twin",
        Way,
        twins::to_jsonpath,
        "a state may say the same in JSONPath (STRUCT-026)",
    )),
];
