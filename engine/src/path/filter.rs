//! Parsing of filters.

use serde_json::Value;

use super::{
    pattern::Pattern,
    scan::{Parsed, Parser, Place},
    syntax::{Condition, Operand, Operator, Query},
};

impl Parser<'_> {
    /// `?(condition)`.
    pub fn filter(&mut self) -> Parsed<Condition> {
        self.expect("?")?;
        self.blanks();
        self.expect("(")?;
        self.grouped()
    }

    /// A condition and the `)` after it.
    fn grouped(&mut self) -> Parsed<Condition> {
        self.nested(|parser| {
            let condition = parser.disjunction()?;
            parser.expect(")")?;
            Ok(condition)
        })
    }

    fn disjunction(&mut self) -> Parsed<Condition> {
        self.chain("||", Condition::Any, |parser| parser.chain("&&", Condition::All, Self::negation))
    }

    /// Conditions between `operator`s, and the blanks around them.
    fn chain(
        &mut self,
        operator: &str,
        join: fn(Box<[Condition]>) -> Condition,
        item: impl Fn(&mut Self) -> Parsed<Condition>,
    ) -> Parsed<Condition> {
        let first = item(self)?;
        if !self.eat(operator) {
            return Ok(first);
        }
        let mut conditions = vec![first, item(self)?];
        while self.eat(operator) {
            conditions.push(item(self)?);
        }
        Ok(join(conditions.into()))
    }

    /// A comparison, an existence or a group, with any number of `!` before it.
    fn negation(&mut self) -> Parsed<Condition> {
        let mut negated = false;
        self.blanks();
        while self.eat("!") {
            negated = !negated;
            self.blanks();
        }
        let condition = if self.eat("(") { self.grouped()? } else { self.relation()? };
        self.blanks();
        Ok(match condition {
            Condition::Not(inner) if negated => *inner,
            condition if negated => Condition::Not(Box::new(condition)),
            condition => condition,
        })
    }

    fn relation(&mut self) -> Parsed<Condition> {
        let left = self.operand()?;
        self.blanks();
        if self.dialect.regular_expressions && self.eat("=~") {
            self.blanks();
            return Ok(Condition::Matches(left, self.pattern()?));
        }
        if let Some(operator) = self.operator() {
            self.blanks();
            return Ok(Condition::Compare(left, operator, self.operand()?));
        }
        match left {
            Operand::Literal(_) => Err(self.error("an operator is expected")),
            left => Ok(Condition::Exists(left)),
        }
    }

    fn operator(&mut self) -> Option<Operator> {
        if let Some((_, operator)) = Operator::SYMBOLS.into_iter().find(|(text, _)| self.eat(text)) {
            return Some(operator);
        }
        let rest = self.rest();
        let word = rest.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let (text, operator) = Operator::WORDS.into_iter().find(|(text, _)| *text == word)?;
        (self.dialect.filter_words && self.eat(text)).then_some(operator)
    }

    /// A path from `@` or `$`, or a literal.
    pub fn operand(&mut self) -> Parsed<Operand> {
        match self.peek() {
            Some('@') => {
                self.next();
                self.inner_query().map(Operand::Current)
            }
            Some('$') => {
                self.next();
                if self.peek().is_some_and(|c| c == '$' || unicode_ident::is_xid_start(c)) {
                    return Err(self.error("a path into the same document is expected"));
                }
                self.inner_query().map(Operand::Document)
            }
            _ => self.literal().map(Operand::Literal),
        }
    }

    fn inner_query(&mut self) -> Parsed<Query> {
        let outer = std::mem::replace(&mut self.place, Place::Filter);
        let query = self.query();
        self.place = outer;
        query
    }

    fn literal(&mut self) -> Parsed<Value> {
        match self.peek() {
            Some('\'' | '"') => self.quoted().map(Value::String),
            Some('-' | '0'..='9') => self.number().map(Value::Number),
            Some('[') if self.dialect.filter_words => {
                self.next();
                self.nested(|parser| parser.list("]", Self::literal)).map(Value::Array)
            }
            _ => {
                let start = self.offset();
                match self.take_while(|c| c.is_ascii_alphanumeric()) {
                    "true" => Ok(Value::Bool(true)),
                    "false" => Ok(Value::Bool(false)),
                    "null" => Ok(Value::Null),
                    _ => Err(self.error_at(start, "a path from '@' or '$', or a literal, is expected")),
                }
            }
        }
    }

    /// `/regular expression/flags` (PATH-042).
    fn pattern(&mut self) -> Parsed<Pattern> {
        self.spend_pattern()?;
        let start = self.offset();
        self.expect("/")?;
        let mut escaped = false;
        let source = self.take_while(|c| {
            let ends = c == '/' && !escaped;
            escaped = c == '\\' && !escaped;
            !ends
        });
        self.expect("/")?;
        let flags = self.take_while(|c| c.is_ascii_alphabetic());
        Pattern::parse(source, flags).map_err(|message| self.error_at(start, message))
    }
}
