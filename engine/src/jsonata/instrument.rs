//! Rewrites an expression so that it runs under a [`Budget`](super::budget::Budget).
//!
//! The library bounds time and depth, but not memory, and some of its functions do not look at the clock. Three calls
//! are put into the tree, under names that no expression can write:
//!
//! - [`PASS`](host::PASS) weighs a value where it begins to be kept: as a result of a function, in an array or object,
//!   in a sequence. What it weighs is taken from the bytes that an evaluation may build in all;
//! - [`ENTER`](host::ENTER), [`LEAVE`](host::LEAVE) and [`REACH`](host::REACH) count the levels of evaluation through
//!   calls (JNATA-046);
//! - [`GUARD`](host::GUARD) looks at the arguments of functions whose result may be much larger than they are.
//!
//! A rewritten expression has the value of the original one: each call hands its argument on, as parentheses would.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage, StepId};

use super::{
    analysis::Analysis,
    budget::{self, LONGEST_RANGE},
    functions, guard,
    shape::{call, certain_depth, function_names, is_plain, may_call, number},
};
use crate::profile::Profile;

/// Names of host functions. The blank keeps them apart from names in expressions.
pub(super) mod host {
    /// `(levels)`: a call begins.
    pub const ENTER: &str = "enter call";
    /// `(levels, value)`: a call ends with a value.
    pub const LEAVE: &str = "leave call";
    /// `(levels)`: the body of a function begins.
    pub const REACH: &str = "reach body";
    /// `(value, count)`: a value is kept, with room for so many others.
    pub const PASS: &str = "pass value";
    /// `(name, context, arguments ...)`: a function is about to be called.
    pub const GUARD: &str = "guard function";
    /// `(number)`: its whole part.
    pub const WHOLE: &str = "whole part";
    /// `(items)`: they are about to be sorted.
    pub const SORT: &str = "sort items";
    /// `(items)`: a function is about to be called for each; null is one item.
    pub const EACH: &str = "each item";
    /// `(items)`: like [`EACH`], and undefined where there are none.
    pub const SOME: &str = "some item";
    /// `(name)`: whether a variable of the machine hides the function of this name.
    pub const HIDDEN: &str = "hidden function";
}

/// Levels of a function that calls no other up to which they are not counted, which would take a step for each call.
const SHALLOW: usize = 8;

/// An expression that is ready to run.
#[derive(Debug)]
pub(super) struct Program {
    tree: Option<AstNode>,
    functions: Vec<String>,
    calculates: bool,
    draws: bool,
}

impl Program {
    /// What is evaluated in place of a tree that is too deep for any evaluation.
    pub fn too_deep() -> Self {
        Self { tree: None, functions: Vec::new(), calculates: true, draws: false }
    }

    /// Rewrites a tree.
    pub fn new(tree: AstNode, analysis: &Analysis, profile: Profile) -> Self {
        if certain_depth(&tree) > budget::deepest(profile) {
            return Self::too_deep();
        }
        let bound = &analysis.bound;
        let hides = bound.iter().any(|name| functions::arity(name).is_some());
        let tree = Rewriter { bound, hides }.node(tree, Place::Inner, 1);
        let mut names = BTreeSet::new();
        function_names(&tree, &mut names);
        names.retain(|name| functions::is_ours(name));
        let draws = names.iter().any(|name| functions::draws(name));
        let functions = names.into_iter().collect();
        Self { tree: Some(tree), functions, calculates: analysis.calculates, draws }
    }

    /// `None` when it is too deep.
    pub fn tree(&self) -> Option<&AstNode> {
        self.tree.as_ref()
    }

    /// Functions that must be registered.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().map(String::as_str)
    }

    /// Whether numbers of the result may be computed.
    pub fn calculates(&self) -> bool {
        self.calculates
    }

    /// Whether random numbers may be drawn.
    pub fn draws(&self) -> bool {
        self.draws
    }
}

/// What becomes of the value of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It is looked at and dropped.
    Inner,
    /// It is kept in something that may hold many.
    Kept,
    /// It is the result of a function: a call of another function there must stay the last thing that happens, so that
    /// tail recursion needs no depth.
    Tail,
    /// The library looks at the node itself, so it must stay what it is.
    Bare,
}

impl Place {
    /// The level of what stands inside a [call](called): once the call is entered, levels count from there.
    fn level_inside(self, level: usize) -> usize {
        match self {
            Self::Tail | Self::Bare => level.saturating_add(1),
            Self::Inner | Self::Kept => 1,
        }
    }

    fn of_branch(self) -> Self {
        if self == Self::Bare { Self::Inner } else { self }
    }
}

struct Rewriter<'a> {
    /// Names that the expression binds: they may not mean the functions of the language.
    bound: &'a BTreeSet<String>,
    /// Whether it binds a name of the language.
    hides: bool,
}

fn pass(node: AstNode) -> AstNode {
    call(host::PASS, vec![node])
}

/// A name for the value of an argument, which no expression can write.
fn slot(index: usize) -> String {
    format!("argument {index}")
}

fn bind(index: usize, value: AstNode) -> AstNode {
    AstNode::Binary { op: BinaryOp::ColonEqual, lhs: Box::new(AstNode::Variable(slot(index))), rhs: Box::new(value) }
}

impl Rewriter<'_> {
    fn is_language(&self, name: &str) -> bool {
        functions::arity(name).is_some() && !self.bound.contains(name)
    }

    fn boxed(&mut self, node: AstNode, place: Place, level: usize) -> Box<AstNode> {
        Box::new(self.node(node, place, level))
    }

    /// `level` counts from the root of the expression, or of the body of the function, that the node is in: 1 there.
    fn node(&mut self, node: AstNode, place: Place, level: usize) -> AstNode {
        let below = level.saturating_add(1);
        match node {
            AstNode::Variable(name) if name.is_empty() => AstNode::Variable(name),
            AstNode::Variable(name) if self.is_language(&name) && place != Place::Bare => self.function_value(name),
            AstNode::Variable(_) => kept(node, place),
            AstNode::Path { steps } => {
                let steps = steps.into_iter().enumerate().map(|(at, step)| self.step(step, at, below));
                kept(AstNode::Path { steps: steps.collect() }, place)
            }
            AstNode::Binary { op, lhs, rhs } => self.binary(op, *lhs, *rhs, place, level),
            AstNode::Unary { op, operand } => AstNode::Unary { op, operand: self.boxed(*operand, Place::Inner, below) },
            AstNode::Function { name, args, is_builtin } => self.function(name, args, is_builtin, place, level),
            AstNode::Call { procedure, args } => {
                let inside = place.level_inside(level);
                let procedure = self.boxed(*procedure, Place::Inner, inside);
                let args = self.nodes(args, Place::Kept, inside);
                called(AstNode::Call { procedure, args }, place, level)
            }
            AstNode::Lambda { params, body, signature, thunk } => {
                let depth = certain_depth(&body);
                let reach = (self.hides || may_call(&body) || depth > SHALLOW).then_some(depth);
                let mut body = self.node(*body, Place::Tail, 1);
                if let Some(depth) = reach {
                    body = AstNode::Block(vec![call(host::REACH, vec![number(depth)]), body]);
                }
                AstNode::Lambda { params, body: Box::new(body), signature, thunk }
            }
            AstNode::Array(items) => AstNode::Array(self.items(items, below)),
            AstNode::ArrayGroup(items) => AstNode::ArrayGroup(self.items(items, below)),
            AstNode::Object(pairs) => AstNode::Object(self.pairs(pairs, below)),
            AstNode::ObjectTransform { input, pattern } => {
                let input = self.boxed(*input, Place::Bare, below);
                kept(AstNode::ObjectTransform { input, pattern: self.pairs(pattern, below) }, place)
            }
            AstNode::Block(items) => {
                let last = items.len().saturating_sub(1);
                let items = items.into_iter().enumerate();
                AstNode::Block(
                    items
                        .map(|(at, item)| self.node(item, if at == last { place } else { Place::Inner }, below))
                        .collect(),
                )
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                let place = place.of_branch();
                AstNode::Conditional {
                    condition: self.boxed(*condition, Place::Inner, below),
                    then_branch: self.boxed(*then_branch, place, below),
                    else_branch: else_branch.map(|branch| self.boxed(*branch, place, below)),
                }
            }
            AstNode::FunctionApplication(inner) => {
                let place = if place == Place::Bare { place } else { Place::Kept };
                AstNode::FunctionApplication(self.boxed(*inner, place, level))
            }
            AstNode::Sort { input, terms } => {
                let input = self.boxed(*input, Place::Bare, below);
                let terms = terms.into_iter().map(|(term, rises)| (self.node(term, Place::Inner, below), rises));
                kept(AstNode::Sort { input, terms: terms.collect() }, place)
            }
            AstNode::Transform { location, update, delete } => AstNode::Transform {
                location: self.boxed(*location, Place::Bare, below),
                update: self.boxed(*update, Place::Inner, below),
                delete: delete.map(|delete| self.boxed(*delete, Place::Inner, below)),
            },
            leaf => leaf,
        }
    }

    fn nodes(&mut self, nodes: Vec<AstNode>, place: Place, level: usize) -> Vec<AstNode> {
        nodes.into_iter().map(|node| self.node(node, place, level)).collect()
    }

    /// Items of an array constructor. An inner constructor must stay one; the first other item carries the charge. Where
    /// there is none, an undefined item does, which the constructor leaves out.
    fn items(&mut self, items: Vec<AstNode>, level: usize) -> Vec<AstNode> {
        let mut room = (!items.is_empty()).then(|| items.len().saturating_mul(4));
        let mut rewritten = Vec::with_capacity(items.len());
        for item in items {
            rewritten.push(match item {
                AstNode::Array(_) => self.node(item, Place::Bare, level),
                item => self.member(item, &mut room, level),
            });
        }
        if let Some(count) = room {
            rewritten.push(call(host::PASS, vec![AstNode::Undefined, number(count)]));
        }
        rewritten
    }

    fn pairs(&mut self, pairs: Vec<(AstNode, AstNode)>, level: usize) -> Vec<(AstNode, AstNode)> {
        // A member of an object takes several places.
        let mut room = Some(pairs.len().saturating_mul(6));
        let rewrite = |(key, value): (AstNode, AstNode)| {
            (self.node(key, Place::Kept, level), self.member(value, &mut room, level))
        };
        pairs.into_iter().map(rewrite).collect()
    }

    fn member(&mut self, node: AstNode, room: &mut Option<usize>, level: usize) -> AstNode {
        match room.take() {
            Some(count) => {
                let node = self.node(node, Place::Inner, level);
                call(host::PASS, vec![node, number(count)])
            }
            None => self.node(node, Place::Kept, level),
        }
    }

    fn step(&mut self, mut step: PathStep, at: usize, level: usize) -> PathStep {
        let place = match &step.node {
            _ if !is_plain(&step) => Place::Bare,
            AstNode::Variable(_) | AstNode::Path { .. } if at == 0 => Place::Bare,
            AstNode::Sort { .. } | AstNode::ObjectTransform { .. } => Place::Bare,
            _ => Place::Kept,
        };
        let level = level.saturating_add(1);
        step.node = self.node(step.node, place, level);
        step.stages = step
            .stages
            .into_iter()
            .map(|stage| match stage {
                Stage::Filter(predicate) => Stage::Filter(self.boxed(*predicate, Place::Inner, level)),
                other => other,
            })
            .collect();
        // The library remembers what it has compiled by step.
        step.id = StepId::default();
        step
    }

    fn binary(&mut self, op: BinaryOp, lhs: AstNode, rhs: AstNode, place: Place, level: usize) -> AstNode {
        let below = level.saturating_add(1);
        // What is called by `~>` is no tail call: the operator waits for it.
        let place = if place == Place::Tail { Place::Kept } else { place };
        match (op, lhs, rhs) {
            (BinaryOp::ColonEqual, lhs, rhs) => {
                AstNode::Binary { op, lhs: Box::new(lhs), rhs: self.boxed(rhs, Place::Inner, below) }
            }
            (BinaryOp::Range, lhs, rhs) => {
                let small =
                    matches!((&lhs, &rhs), (AstNode::Number(low), AstNode::Number(high)) if high - low < LONGEST_RANGE);
                let lhs = self.node(lhs, Place::Inner, below);
                let rhs = self.node(rhs, Place::Inner, below);
                if small {
                    return pass(AstNode::Binary { op, lhs: Box::new(lhs), rhs: Box::new(rhs) });
                }
                pass(guarded(guard::RANGE, vec![lhs, rhs], |slots| {
                    let mut slots = slots.into_iter().map(Box::new);
                    let mut next = || slots.next().unwrap_or_else(|| Box::new(AstNode::Undefined));
                    AstNode::Binary { op, lhs: next(), rhs: next() }
                }))
            }
            (BinaryOp::Concatenate, lhs, rhs) => {
                let lhs = self.boxed(lhs, Place::Inner, below);
                pass(AstNode::Binary { op, lhs, rhs: self.boxed(rhs, Place::Inner, below) })
            }
            // `x ~> f(y)` is `f(x, y)`.
            (BinaryOp::ChainPipe, lhs, AstNode::Function { name, mut args, is_builtin })
                if !args.contains(&AstNode::Placeholder) =>
            {
                args.insert(0, lhs);
                self.function(name, args, is_builtin, place, level)
            }
            (BinaryOp::ChainPipe, lhs, AstNode::Path { mut steps }) if is_call(&steps) => {
                if let Some(PathStep { node: AstNode::Function { args, .. }, .. }) = steps.first_mut() {
                    args.insert(0, lhs);
                }
                self.node(AstNode::Path { steps }, place, level)
            }
            (BinaryOp::ChainPipe, lhs, rhs) => {
                let inside = place.level_inside(level);
                let lhs = self.boxed(lhs, Place::Inner, inside);
                let rhs = match rhs {
                    // Called with what is on the left, so it must stay a call.
                    AstNode::Call { procedure, args } => {
                        let procedure = self.boxed(*procedure, Place::Inner, inside);
                        AstNode::Call { procedure, args: self.nodes(args, Place::Kept, inside) }
                    }
                    rhs => self.node(rhs, Place::Inner, inside),
                };
                called(AstNode::Binary { op, lhs, rhs: Box::new(rhs) }, place, level)
            }
            (op, lhs, rhs) => {
                let lhs = self.boxed(lhs, Place::Inner, below);
                AstNode::Binary { op, lhs, rhs: self.boxed(rhs, Place::Inner, below) }
            }
        }
    }

    fn function(
        &mut self,
        name: String,
        mut args: Vec<AstNode>,
        is_builtin: bool,
        place: Place,
        level: usize,
    ) -> AstNode {
        let below = level.saturating_add(1);
        let is_language = is_builtin && self.is_language(&name);
        if args.contains(&AstNode::Placeholder) {
            if is_language {
                return self.partial(name, args, level);
            }
            return AstNode::Function { name, args: self.nodes(args, Place::Inner, below), is_builtin };
        }
        if !is_language {
            let args = self.nodes(args, Place::Inner, place.level_inside(level));
            return called(AstNode::Function { name, args, is_builtin }, place, level);
        }
        if name == "now" {
            // The library takes no picture there.
            args.insert(0, call("millis", Vec::new()));
            return self.function("fromMillis".to_owned(), args, true, place, level);
        }
        if args.is_empty() && functions::takes_context(&name) {
            args.push(AstNode::Variable(String::new()));
        }
        let calls = functions::is_higher_order(&name);
        // A call of a function of the language is never in the way of tail recursion.
        let place = if place == Place::Tail { Place::Kept } else { place };
        let inside = if calls { place.level_inside(level) } else { below };
        // Where the result cannot be weighed, the arguments are.
        let kind = if place == Place::Bare { Place::Kept } else { Place::Inner };
        let mut args = self.nodes(args, kind, inside);
        let hook = match name.as_str() {
            "fromMillis" => Some(host::WHOLE),
            "sort" => Some(host::SORT),
            // The library makes null of nothing.
            "reduce" if args.len() < 3 => Some(host::SOME),
            _ if calls => Some(host::EACH),
            _ => None,
        };
        if let (Some(hook), Some(first)) = (hook, args.first_mut()) {
            *first = call(hook, vec![std::mem::replace(first, AstNode::Undefined)]);
        }
        let is_guarded = guard::applies(&name, &args);
        let node = match name.as_str() {
            "reduce" if args.len() == 3 => reduced(args),
            _ if is_guarded => guarded(&name, args, |args| call(&name, args)),
            _ => call(&name, args),
        };
        match place {
            _ if calls => called(node, place, level),
            _ if guard::is_small(&name) => node,
            // What is guarded is no bare call any more, and has no arrays for items, so that the filter behind it finds
            // the same.
            Place::Bare if !is_guarded => node,
            _ => pass(node),
        }
    }

    /// `f(a, ?)`: the function of what is left out, under the same bounds.
    fn partial(&mut self, name: String, args: Vec<AstNode>, level: usize) -> AstNode {
        let below = level.saturating_add(1);
        let mut block = Vec::with_capacity(args.len());
        let mut params = Vec::new();
        let mut inner = Vec::with_capacity(args.len());
        for (index, arg) in args.into_iter().enumerate() {
            // Slots of the call inside have numbers of their own.
            let index = index.saturating_add(100);
            inner.push(AstNode::Variable(slot(index)));
            if arg == AstNode::Placeholder {
                params.push(slot(index));
            } else {
                let arg = self.node(arg, Place::Kept, below);
                block.push(bind(index, arg));
            }
        }
        let body = Box::new(self.function(name, inner, true, Place::Kept, 1));
        block.push(AstNode::Lambda { params, body, signature: None, thunk: false });
        AstNode::Block(block)
    }

    /// A function of the language as a value: a function that calls it, unless a variable of the machine hides it.
    fn function_value(&mut self, name: String) -> AstNode {
        // Takes any number of arguments.
        if name == "zip" {
            return AstNode::Variable(name);
        }
        let params: Vec<_> = (200..).take(functions::arity(&name).unwrap_or_default()).map(slot).collect();
        let args = params.iter().cloned().map(AstNode::Variable).collect();
        let body = Box::new(self.function(name.clone(), args, true, Place::Kept, 1));
        AstNode::Conditional {
            condition: Box::new(call(host::HIDDEN, vec![AstNode::String(name.clone())])),
            then_branch: Box::new(AstNode::Variable(name)),
            else_branch: Some(Box::new(AstNode::Lambda { params, body, signature: None, thunk: false })),
        }
    }
}

/// Whether the right side of `~>` is a call with a filter behind it.
fn is_call(steps: &[PathStep]) -> bool {
    match steps {
        [PathStep { node: AstNode::Function { args, .. }, .. }] => !args.contains(&AstNode::Placeholder),
        _ => false,
    }
}

/// Passes a value that is kept.
fn kept(node: AstNode, place: Place) -> AstNode {
    if matches!(place, Place::Kept | Place::Tail) { pass(node) } else { node }
}

/// A call that may call others.
fn called(node: AstNode, place: Place, level: usize) -> AstNode {
    match place {
        Place::Tail | Place::Bare => node,
        _ => call(host::LEAVE, vec![call(host::ENTER, vec![number(level)]), node]),
    }
}

/// `$reduce` with a start: without one where there is nothing to start from, which the library takes for a value.
fn reduced(args: Vec<AstNode>) -> AstNode {
    let variable = |index| AstNode::Variable(slot(index));
    let mut block: Vec<_> = args.into_iter().enumerate().map(|(index, arg)| bind(index, arg)).collect();
    let items = call(host::SOME, vec![variable(0)]);
    block.push(AstNode::Conditional {
        condition: Box::new(call("exists", vec![variable(2)])),
        then_branch: Box::new(call("reduce", (0..3).map(variable).collect())),
        else_branch: Some(Box::new(call("reduce", vec![items, variable(1)]))),
    });
    AstNode::Block(block)
}

/// Evaluates the arguments once, looks at them, and goes on.
fn guarded(name: &str, args: Vec<AstNode>, then: impl FnOnce(Vec<AstNode>) -> AstNode) -> AstNode {
    let slots: Vec<_> = (0..args.len()).map(|index| AstNode::Variable(slot(index))).collect();
    let mut block: Vec<_> = args.into_iter().enumerate().map(|(index, arg)| bind(index, arg)).collect();
    let mut seen = vec![AstNode::String(name.to_owned()), AstNode::Variable(String::new())];
    seen.extend(slots.iter().cloned());
    block.push(call(host::GUARD, seen));
    block.push(then(slots));
    AstNode::Block(block)
}
