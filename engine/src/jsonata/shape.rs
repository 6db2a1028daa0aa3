//! Measures and parts of trees.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

use super::functions;

/// Levels that evaluating the node certainly takes, itself included, counted as the reference implementation does
/// (JNATA-046). What depends on a condition or on items of a sequence is left out.
pub(super) fn certain_depth(node: &AstNode) -> usize {
    let below = match node {
        AstNode::Path { steps } => steps.first().map_or(0, |step| certain_depth(&step.node)),
        AstNode::Binary { op: BinaryOp::And | BinaryOp::Or, lhs, .. } => certain_depth(lhs),
        AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } => certain_depth(lhs).max(match &**rhs {
            AstNode::Function { args, .. } => deepest(args),
            other => certain_depth(other),
        }),
        AstNode::Binary { lhs, rhs, .. } => certain_depth(lhs).max(certain_depth(rhs)),
        AstNode::Unary { operand, .. } => certain_depth(operand),
        // The name of the function is a level of its own.
        AstNode::Function { args, .. } => deepest(args).max(1),
        AstNode::Call { procedure, args } => deepest(args).max(certain_depth(procedure)),
        AstNode::Array(items) | AstNode::ArrayGroup(items) | AstNode::Block(items) => deepest(items),
        AstNode::Object(pairs) => {
            pairs.iter().map(|(key, value)| certain_depth(key).max(certain_depth(value))).max().unwrap_or(0)
        }
        AstNode::ObjectTransform { input, .. } | AstNode::Sort { input, .. } => certain_depth(input),
        AstNode::Conditional { condition, .. } => certain_depth(condition),
        _ => 0,
    };
    below.saturating_add(1)
}

fn deepest(nodes: &[AstNode]) -> usize {
    nodes.iter().map(certain_depth).max().unwrap_or(0)
}

/// Every node directly below.
fn children(node: &AstNode) -> Vec<&AstNode> {
    match node {
        AstNode::Path { steps } => {
            let parts = steps.iter().flat_map(|step| {
                let filters = step.stages.iter().filter_map(|stage| match stage {
                    Stage::Filter(predicate) => Some(&**predicate),
                    _ => None,
                });
                std::iter::once(&step.node).chain(filters)
            });
            parts.collect()
        }
        AstNode::Binary { lhs, rhs, .. } => vec![lhs, rhs],
        AstNode::Unary { operand, .. } => vec![operand],
        AstNode::Function { args, .. } => args.iter().collect(),
        AstNode::Call { procedure, args } => std::iter::once(&**procedure).chain(args).collect(),
        AstNode::Lambda { body, .. } => vec![body],
        AstNode::Array(items) | AstNode::ArrayGroup(items) | AstNode::Block(items) => items.iter().collect(),
        AstNode::Object(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
        AstNode::ObjectTransform { input, pattern } => {
            std::iter::once(&**input).chain(pattern.iter().flat_map(|(key, value)| [key, value])).collect()
        }
        AstNode::Conditional { condition, then_branch, else_branch } => {
            [&**condition, then_branch].into_iter().chain(else_branch.as_deref()).collect()
        }
        AstNode::FunctionApplication(inner) => vec![inner],
        AstNode::Sort { input, terms } => std::iter::once(&**input).chain(terms.iter().map(|(term, _)| term)).collect(),
        AstNode::Transform { location, update, delete } => {
            [&**location, update].into_iter().chain(delete.as_deref()).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether evaluating the node may call a function that is not of the language, or one that calls others.
pub(super) fn may_call(node: &AstNode) -> bool {
    match node {
        AstNode::Function { name, .. } if functions::arity(name).is_none() || functions::is_higher_order(name) => true,
        AstNode::Call { .. } | AstNode::Binary { op: BinaryOp::ChainPipe, .. } => true,
        // Defined, not called.
        AstNode::Lambda { .. } => false,
        other => children(other).into_iter().any(may_call),
    }
}

/// The names of everything that is called or may be passed on as a function.
pub(super) fn function_names(node: &AstNode, names: &mut BTreeSet<String>) {
    if let AstNode::Function { name, .. } | AstNode::Variable(name) = node {
        names.insert(name.clone());
    }
    children(node).into_iter().for_each(|child| function_names(child, names));
}

/// Whether a step is nothing but its node, so that another node may stand for it.
pub(super) fn is_plain(step: &PathStep) -> bool {
    step.stages.is_empty()
        && step.focus.is_none()
        && step.index_var.is_none()
        && step.ancestor_label.is_none()
        && !step.is_tuple
        && !step.inner_tuple
}

/// A call of a function.
pub(super) fn call(name: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: name.to_owned(), args, is_builtin: true }
}

/// A whole number.
#[allow(clippy::cast_precision_loss, reason = "levels and lengths of texts are small")]
pub(super) fn number(value: usize) -> AstNode {
    AstNode::Number(value as f64)
}
