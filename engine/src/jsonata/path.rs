//! Plain field paths, such as `$states.input.a.b`, walked on our own values.

use jsonata_core::ast::AstNode;
use serde_json::Value;

use super::Bindings;

/// A variable, or a member of `$states`, and names of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldPath {
    root: Root,
    fields: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Root {
    States(String),
    Variable(String),
}

impl FieldPath {
    /// Reads the tree as such a path.
    pub fn of(tree: &AstNode) -> Option<Self> {
        let AstNode::Path { steps } = tree else {
            let AstNode::Variable(name) = tree else { return None };
            return Some(Self { root: Root::Variable(name.clone()), fields: Vec::new() });
        };
        if steps.iter().any(|step| !step.stages.is_empty() || step.focus.is_some() || step.index_var.is_some()) {
            return None;
        }
        let (first, rest) = steps.split_first()?;
        let AstNode::Variable(variable) = &first.node else { return None };
        let fields = rest.iter().map(|step| match &step.node {
            AstNode::Name(name) => Some(name.clone()),
            _ => None,
        });
        let mut fields = fields.collect::<Option<Vec<_>>>()?.into_iter();
        let root = match variable.as_str() {
            "states" => Root::States(fields.next()?),
            name => Root::Variable(name.to_owned()),
        };
        Some(Self { root, fields: fields.collect() })
    }

    /// The value, `Some(None)` when there is nothing. `None` when the path meets an array, over which it must be mapped,
    /// or a name that is no variable of the machine: a function, `$`, or `$states` alone.
    pub fn select<'e>(&self, bindings: &Bindings<'e>) -> Option<Option<&'e Value>> {
        let root = match &self.root {
            Root::States(member) => bindings.member(member),
            Root::Variable(name) => Some(bindings.scope.get(name)?),
        };
        let Some(mut value) = root else { return Some(None) };
        for field in &self.fields {
            match value {
                Value::Object(members) => match members.get(field) {
                    Some(member) => value = member,
                    None => return Some(None),
                },
                Value::Array(_) => return None,
                _ => return Some(None),
            }
        }
        Some(Some(value))
    }
}
