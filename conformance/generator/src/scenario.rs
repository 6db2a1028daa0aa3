//! What a run needs: a definition, an input, a task script, a context and a store.

use serde_json::{Map, Value, json};

/// A machine with everything that its run depends on. The members have the form of those of a conformance case.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The definition.
    pub definition: Value,
    /// The input of the execution.
    pub input: Value,
    /// State name to the attempts of its task.
    pub tasks: Map<String, Value>,
    /// Members to be merged over the default context object.
    pub context: Option<Value>,
    /// Bucket to key to the text of the object.
    pub store: Option<Value>,
}

impl Scenario {
    /// All members as one object, without those that are absent.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut members = json!({"definition": self.definition, "input": self.input, "tasks": self.tasks});
        for (name, value) in [("context", &self.context), ("store", &self.store)] {
            if let Some(value) = value {
                members[name] = value.clone();
            }
        }
        members
    }
}
