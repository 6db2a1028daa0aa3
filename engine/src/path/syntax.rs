//! The parts of a parsed Path.

use serde_json::Value;

use super::pattern::Pattern;

/// The steps that follow `$`, `$$`, `$name` or `@`, and the function applied to what they select.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    pub steps: Box<[Step]>,
    /// How many of the first steps lead from one value to at most one value.
    pub definite: usize,
    pub call: Option<Box<Call>>,
    /// Whether names and indexes are all there is.
    is_place: bool,
}

impl Query {
    /// `definite` is how many of the first steps lead from one value to at most one value.
    pub fn new(steps: Box<[Step]>, definite: usize, call: Option<Box<Call>>) -> Self {
        let is_made = |step: &Step| matches!(step, Step::Names(_));
        let is_place = call.is_none() && definite == steps.len() && !steps.iter().any(is_made);
        Self { steps, definite, call, is_place }
    }

    /// Whether the steps select a list, even one of a single value.
    pub fn is_list(&self) -> bool {
        self.definite < self.steps.len()
    }

    /// Whether it leads to one value of the document itself, by names and indexes.
    pub fn is_place(&self) -> bool {
        self.is_place
    }
}

/// One step of a Path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `.name`, `['name']`.
    Name(Box<str>),
    /// `['a','b']`: two names or more.
    Names(Box<[Box<str>]>),
    /// `[0]`.
    Index(i64),
    /// `[0,2]`: two indexes or more.
    Indexes(Box<[i64]>),
    /// `[(@.length-n)]`.
    FromEnd(i64),
    /// `.*`, `[*]`.
    Wildcard,
    /// `[start:end:step]`.
    Slice(Slice),
    /// `[?(condition)]`.
    Filter(Box<Condition>),
    /// `..`: the step that follows applies at every depth. Never the last step.
    Descent,
}

/// The bounds of a slice, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub step: Option<i64>,
}

/// What a filter asks of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// `a || b`: two or more.
    Any(Box<[Condition]>),
    /// `a && b`: two or more.
    All(Box<[Condition]>),
    /// `!a`.
    Not(Box<Condition>),
    /// A path alone: it selects something.
    Exists(Operand),
    /// `left operator right`.
    Compare(Operand, Operator, Operand),
    /// `operand =~ /pattern/flags`.
    Matches(Operand, Pattern),
}

/// Operators between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
    SubsetOf,
    AnyOf,
    NoneOf,
    Size,
    Empty,
}

impl Operator {
    /// Operators made of symbols; one that begins another comes after it.
    pub const SYMBOLS: [(&'static str, Self); 6] = [
        ("==", Self::Equal),
        ("!=", Self::NotEqual),
        ("<=", Self::LessOrEqual),
        (">=", Self::GreaterOrEqual),
        ("<", Self::Less),
        (">", Self::Greater),
    ];
    /// Operators that are words (PATH-041).
    pub const WORDS: [(&'static str, Self); 7] = [
        ("in", Self::In),
        ("nin", Self::NotIn),
        ("subsetof", Self::SubsetOf),
        ("anyof", Self::AnyOf),
        ("noneof", Self::NoneOf),
        ("size", Self::Size),
        ("empty", Self::Empty),
    ];
}

/// What stands on either side of an operator, and what a function takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Literal(Value),
    /// `@…`: from the value under test.
    Current(Query),
    /// `$…`: from the root of the document.
    Document(Query),
}

/// A function applied to the selection (PATH-015).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub function: Function,
    pub arguments: Box<[Operand]>,
}

/// Functions of the modern dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Length,
    Min,
    Max,
    Avg,
    Sum,
    Stddev,
    Keys,
    Concat,
    Append,
    First,
    Last,
    Index,
}

impl Function {
    pub const ALL: [(&'static str, Self); 12] = [
        ("length", Self::Length),
        ("min", Self::Min),
        ("max", Self::Max),
        ("avg", Self::Avg),
        ("sum", Self::Sum),
        ("stddev", Self::Stddev),
        ("keys", Self::Keys),
        ("concat", Self::Concat),
        ("append", Self::Append),
        ("first", Self::First),
        ("last", Self::Last),
        ("index", Self::Index),
    ];
}

/// The text of an operator or a function in its table.
pub(super) fn text_of<T: Copy + PartialEq>(table: &[(&'static str, T)], wanted: T) -> Option<&'static str> {
    table.iter().find(|(_, entry)| *entry == wanted).map(|(text, _)| *text)
}
