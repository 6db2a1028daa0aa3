//! Measures and parts of trees.

use jsonata_core::ast::{AstNode, BinaryOp, PathStep};

/// Levels that evaluating the node certainly takes, itself included, counted as the reference implementation does
/// (JNATA-046). What depends on a condition or on items of a sequence is left out.
pub(super) fn certain_depth(node: &AstNode) -> usize {
    let below = match node {
        AstNode::FunctionApplication(inner) => return certain_depth(inner),
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

/// Whether evaluating the node may call a function that is not of the language, or one that calls others.
pub(super) fn may_call(node: &AstNode) -> bool {
    match node {
        AstNode::Function { name, args, .. } => {
            super::functions::arity(name).is_none()
                || super::functions::is_higher_order(name)
                || args.iter().any(may_call)
        }
        AstNode::Call { .. } | AstNode::Binary { op: BinaryOp::ChainPipe, .. } => true,
        AstNode::Path { steps } => steps.iter().any(|step| may_call(&step.node) || !step.stages.is_empty()),
        AstNode::FunctionApplication(inner) | AstNode::Unary { operand: inner, .. } => may_call(inner),
        AstNode::Binary { lhs, rhs, .. } => may_call(lhs) || may_call(rhs),
        AstNode::Array(items) | AstNode::ArrayGroup(items) | AstNode::Block(items) => items.iter().any(may_call),
        AstNode::Object(pairs) => pairs.iter().any(|(key, value)| may_call(key) || may_call(value)),
        AstNode::Conditional { condition, then_branch, else_branch } => {
            may_call(condition) || may_call(then_branch) || else_branch.as_deref().is_some_and(may_call)
        }
        AstNode::ObjectTransform { .. } | AstNode::Sort { .. } | AstNode::Transform { .. } => true,
        _ => false,
    }
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
