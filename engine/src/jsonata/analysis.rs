//! What Step Functions refuses in an expression, and what the expression reads.

use std::collections::{BTreeMap, BTreeSet};

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

use super::{
    error::{Fault, FaultKind},
    functions,
};
use crate::profile::Profile;

/// What an expression reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uses {
    pub(super) states: Reads,
    /// By name, without `$`; built-in functions included, since a variable may hide one.
    pub(super) names: BTreeMap<String, Reads>,
}

/// Which part of a value is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reads {
    pub(super) whole: bool,
    pub(super) members: BTreeMap<String, Reads>,
}

impl Uses {
    /// Whether `$states.context` is read.
    #[must_use]
    pub fn context(&self) -> bool {
        self.states.whole || self.states.members.contains_key("context")
    }

    /// Whether `$states.result` is named; `$states` as a whole does not count (JNATA-020, JNATA-021).
    #[must_use]
    pub fn result(&self) -> bool {
        self.states.members.contains_key("result")
    }

    /// Whether `$states.errorOutput` is named (JNATA-020).
    #[must_use]
    pub fn error_output(&self) -> bool {
        self.states.members.contains_key("errorOutput")
    }

    /// The variables that are read and not bound by the expression itself, without `$`. Functions of the language are
    /// none.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str).filter(|name| functions::arity(name).is_none())
    }

    /// The built-in function that the expression calls, when it calls just one.
    pub(super) fn only_function(&self) -> Option<&str> {
        let mut functions = self.names.keys().filter(|name| functions::arity(name).is_some());
        let only = functions.next()?;
        functions.next().is_none().then_some(only)
    }
}

/// The findings of one walk.
#[derive(Debug, Default)]
pub(super) struct Analysis {
    pub faults: Vec<Fault>,
    pub uses: Uses,
    /// Every name that the expression binds itself.
    pub bound: BTreeSet<String>,
    /// Whether it can make a number out of others, so that integers beyond 2^53 may degrade (D38).
    pub calculates: bool,
}

/// Walks the tree once.
pub(super) fn analyse(tree: &AstNode, text: &str, profile: Profile) -> Analysis {
    let mut walk = Walk { text, profile, scope: Vec::new(), seen: BTreeSet::new(), found: Analysis::default() };
    walk.node(tree, false);
    walk.found
}

struct Walk<'t> {
    text: &'t str,
    profile: Profile,
    /// Names bound around the present node, innermost last.
    scope: Vec<String>,
    /// Names already reported.
    seen: BTreeSet<String>,
    found: Analysis,
}

impl Walk<'_> {
    /// `nested` tells whether there is a context item, so that `$` and names mean something (JNATA-015).
    fn node(&mut self, node: &AstNode, nested: bool) {
        match node {
            AstNode::String(_)
            | AstNode::Number(_)
            | AstNode::Boolean(_)
            | AstNode::Null
            | AstNode::Undefined
            | AstNode::Placeholder
            | AstNode::Wildcard
            | AstNode::Descendant
            | AstNode::Parent(_) => {}
            AstNode::Regex { pattern, .. } => {
                if pattern.is_empty() {
                    self.fault("//", "Empty regular expressions are not allowed".to_owned(), FaultKind::Syntax);
                }
            }
            AstNode::Name(name) => self.name(name, nested),
            AstNode::Variable(name) if name.is_empty() => self.name("$", nested),
            AstNode::Variable(name) => self.variable(name, &[]),
            AstNode::ParentVariable(_) => {
                self.fault("$$", "Reference to '$$' is not supported.".to_owned(), FaultKind::Root);
            }
            AstNode::Path { steps } => self.path(steps, nested),
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs, nested),
            AstNode::Unary { operand, .. } => {
                self.found.calculates = true;
                self.node(operand, nested);
            }
            AstNode::Function { name, args, is_builtin } => {
                if *is_builtin {
                    self.called(name);
                } else {
                    self.name(name, nested);
                }
                self.nodes(args, nested);
            }
            AstNode::Call { procedure, args } => {
                self.node(procedure, nested);
                self.nodes(args, nested);
            }
            AstNode::Lambda { params, body, .. } => {
                self.found.bound.extend(params.iter().cloned());
                // JNATA-076, D60.
                let nested = !self.profile.is_aws();
                self.within(params, |walk| walk.node(body, nested));
            }
            AstNode::Array(items) | AstNode::ArrayGroup(items) => self.nodes(items, nested),
            AstNode::Object(pairs) => self.pairs(pairs, nested),
            AstNode::ObjectTransform { input, pattern } => {
                self.node(input, nested);
                self.pairs(pattern, true);
            }
            AstNode::Block(items) => self.within(&[], |walk| walk.nodes(items, nested)),
            AstNode::Conditional { condition, then_branch, else_branch } => {
                self.node(condition, nested);
                self.node(then_branch, nested);
                if let Some(branch) = else_branch {
                    self.node(branch, nested);
                }
            }
            AstNode::FunctionApplication(inner) => self.node(inner, nested),
            AstNode::Sort { input, terms } => {
                self.node(input, nested);
                terms.iter().for_each(|(term, _)| self.node(term, true));
            }
            AstNode::Transform { location, update, delete } => {
                self.node(location, true);
                self.node(update, true);
                if let Some(delete) = delete {
                    self.node(delete, true);
                }
            }
        }
    }

    fn nodes(&mut self, nodes: &[AstNode], nested: bool) {
        nodes.iter().for_each(|node| self.node(node, nested));
    }

    fn pairs(&mut self, pairs: &[(AstNode, AstNode)], nested: bool) {
        for (key, value) in pairs {
            self.node(key, nested);
            self.node(value, nested);
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: &AstNode, rhs: &AstNode, nested: bool) {
        match op {
            // Later versions of the language have these; 2.0.6 reads the second question mark or the colon as an error.
            BinaryOp::Coalesce => self.unknown_operator("??", "?"),
            BinaryOp::Default => self.unknown_operator("?:", ":"),
            BinaryOp::ColonEqual => {
                let AstNode::Variable(name) = lhs else {
                    let message = "The left side of := must be a variable name (start with $)".to_owned();
                    self.fault(":=", message, FaultKind::Syntax);
                    return;
                };
                // A function may call itself by the name it is about to get.
                let is_function = matches!(rhs, AstNode::Lambda { .. });
                if is_function {
                    self.bind(name);
                }
                self.node(rhs, nested);
                if !is_function {
                    self.bind(name);
                }
                return;
            }
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Modulo
            | BinaryOp::Range => {
                self.found.calculates = true;
            }
            _ => {}
        }
        self.node(lhs, nested);
        self.node(rhs, nested);
    }

    fn path(&mut self, steps: &[PathStep], nested: bool) {
        for (index, step) in steps.iter().enumerate() {
            let is_first = index == 0;
            match &step.node {
                AstNode::Variable(name) if is_first && !name.is_empty() => self.variable(name, steps),
                node => self.node(node, nested || !is_first),
            }
            for stage in &step.stages {
                match stage {
                    Stage::Filter(predicate) => self.node(predicate, true),
                    Stage::Index(name) => self.bind(name),
                    Stage::KeepArray => {}
                }
            }
            step.focus.iter().chain(&step.index_var).for_each(|name| self.bind(name));
        }
    }

    /// Binds a name to the end of the block. Bindings of `@` and `#` reach to the end of the path only.
    fn bind(&mut self, name: &str) {
        self.found.bound.insert(name.to_owned());
        self.scope.push(name.to_owned());
    }

    fn within(&mut self, names: &[String], walk: impl FnOnce(&mut Self)) {
        let height = self.scope.len();
        self.scope.extend(names.iter().cloned());
        walk(self);
        self.scope.truncate(height);
    }

    /// A variable, perhaps at the head of a path.
    fn variable(&mut self, name: &str, steps: &[PathStep]) {
        if self.scope.iter().any(|bound| bound == name) {
            return;
        }
        let uses = &mut self.found.uses;
        let mut reads = match name {
            "states" => &mut uses.states,
            _ => uses.names.entry(name.to_owned()).or_default(),
        };
        let plain = |step: &PathStep| step.stages.is_empty() && step.focus.is_none() && step.index_var.is_none();
        // `%` may go back to any part.
        let goes_back = steps.iter().any(|step| step.ancestor_label.is_some());
        if !goes_back && steps.first().is_some_and(plain) {
            for step in steps.iter().skip(1) {
                let AstNode::Name(member) = &step.node else { break };
                // What follows `@` is read beside the member, not below it.
                if step.focus.is_some() {
                    break;
                }
                reads = reads.members.entry(member.clone()).or_default();
                if !plain(step) {
                    break;
                }
            }
        }
        reads.whole = true;
    }

    /// A function called by `$name`. What it gives back may be computed.
    fn called(&mut self, name: &str) {
        if self.scope.iter().any(|bound| bound == name) {
            return;
        }
        self.found.uses.names.entry(name.to_owned()).or_default();
        self.found.calculates |= functions::calculates(name);
    }

    /// An unqualified name, or `$`, where it may be at the top level (JNATA-012, JNATA-013, JNATA-075).
    fn name(&mut self, name: &str, nested: bool) {
        if !nested {
            let message = format!("Reference to '{name}' at the top level is not supported.");
            self.fault(name, message, FaultKind::TopLevel);
        }
    }

    fn unknown_operator(&mut self, sign: &str, wrong: &str) {
        let message = format!("The symbol \"{wrong}\" cannot be used as a unary operator");
        self.fault(sign, message, FaultKind::Syntax);
    }

    /// One finding a name.
    fn fault(&mut self, name: &str, message: String, kind: FaultKind) {
        if self.seen.insert(name.to_owned()) {
            self.found.faults.push(Fault { offset: position(self.text, name), message, kind });
        }
    }
}

/// Where `word` is first written outside a quoted text: the tree has no positions. Names may be quoted themselves.
fn position(text: &str, word: &str) -> usize {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
    let mut quoted = None;
    let mut hidden = 0;
    for (at, character) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if quoted.is_none() && at >= hidden && rest.starts_with(word) {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = rest.get(word.len()..).and_then(|text| text.chars().next());
            let is_sign = !word.contains(char::is_alphanumeric);
            if is_sign && !(word == "$" && after.is_some_and(is_part)) || !before.into_iter().chain(after).any(is_part)
            {
                return at;
            }
        }
        match (quoted, character) {
            (None, '"' | '\'') => quoted = Some(character),
            (Some(_), '\\') => hidden = at.saturating_add(2),
            (Some(quote), _) if quote == character && at >= hidden => quoted = None,
            _ => {}
        }
    }
    text.find(word).unwrap_or(0)
}
