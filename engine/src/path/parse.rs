//! Parsing of Paths and Reference Paths.

use super::{
    Root,
    scan::{Parsed, Parser, Place},
    syntax::{Call, Function, Query, Slice, Step},
};

impl Parser<'_> {
    /// A whole text: a root and its steps.
    pub fn path(&mut self) -> Parsed<(Root, Query)> {
        let root = self.root()?;
        let query = self.query()?;
        match self.peek() {
            None => Ok((root, query)),
            Some(c) => Err(self.error(format!("a step is expected instead of {c:?}"))),
        }
    }

    /// `$`, `$$` or `$name` (PATH-001, PATH-003; the name is an identifier of Unicode Standard Annex 31).
    fn root(&mut self) -> Parsed<Root> {
        self.expect("$")?;
        if self.eat("$") {
            return Ok(Root::Context);
        }
        Ok(match self.peek() {
            Some(c) if unicode_ident::is_xid_start(c) => {
                Root::Variable(self.take_while(unicode_ident::is_xid_continue).into())
            }
            _ => Root::Input,
        })
    }

    /// Steps up to whatever cannot begin one.
    pub fn query(&mut self) -> Parsed<Query> {
        let mut steps = Vec::new();
        let mut call = None;
        while call.is_none() {
            if self.peek() == Some('[') {
                steps.push(self.bracket()?);
            } else if self.eat(".") {
                call = self.after_dot(&mut steps)?;
            } else {
                break;
            }
        }
        let definite = steps.iter().take_while(|step| self.leads_to_one(step)).count();
        Ok(Query::new(steps.into(), definite, call))
    }

    fn leads_to_one(&self, step: &Step) -> bool {
        match step {
            Step::Name(_) | Step::Index(_) | Step::FromEnd(_) => true,
            Step::Names(_) => self.dialect.union_of_names_is_an_object,
            _ => false,
        }
    }

    fn after_dot(&mut self, steps: &mut Vec<Step>) -> Parsed<Option<Box<Call>>> {
        let start = self.offset();
        let descends = self.eat(".");
        if descends {
            if self.place == Place::ReferencePath {
                return Err(self.error_at(start, "a Reference Path has no recursive descent"));
            }
            self.spend_step()?;
            steps.push(Step::Descent);
        }
        match self.peek() {
            // A dot before a bracket changes nothing (PATH-030).
            Some('[') => steps.push(self.bracket()?),
            Some('*') if self.place == Place::ReferencePath => {
                return Err(self.error("a Reference Path has no wildcard"));
            }
            Some('*') => {
                self.next();
                self.spend_step()?;
                steps.push(Step::Wildcard);
            }
            _ => {
                let start = self.offset();
                let name = self.dot_name()?;
                if self.peek() == Some('(') {
                    if descends {
                        return Err(self.error_at(start, "a name is expected after '..'"));
                    }
                    return self.call(start, &name).map(Some);
                }
                self.spend_step()?;
                steps.push(Step::Name(name));
            }
        }
        Ok(None)
    }

    /// `(arguments)` of a function. It ends the Path: its result is a value of its own (PATH-015).
    fn call(&mut self, start: usize, name: &str) -> Parsed<Box<Call>> {
        let (_, function) = Function::ALL
            .into_iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| self.error_at(start, format!("a function is expected instead of '{name}'")))?;
        let arguments = self.nested(|parser| {
            parser.expect("(")?;
            parser.list(")", Self::operand)
        })?;
        Ok(Box::new(Call { function, arguments: arguments.into() }))
    }

    /// Items between commas up to `end`, which is taken.
    pub fn list<T>(&mut self, end: &str, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        self.blanks();
        if self.eat(end) {
            return Ok(items);
        }
        loop {
            self.blanks();
            items.push(item(self)?);
            self.blanks();
            if self.eat(end) {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    /// A step in brackets.
    fn bracket(&mut self) -> Parsed<Step> {
        self.spend_step()?;
        let start = self.offset();
        self.expect("[")?;
        self.blanks();
        let step = match self.peek() {
            Some('\'' | '"') => self.names()?,
            Some('-' | ':' | '0'..='9') => self.numbers()?,
            _ if self.place == Place::ReferencePath => {
                return Err(self.error("a quoted name or an index is expected in a Reference Path"));
            }
            Some('*') => {
                self.next();
                Step::Wildcard
            }
            Some('?') => Step::Filter(Box::new(self.filter()?)),
            Some('(') if self.dialect.length_scripts => self.script()?,
            _ => return Err(self.error("a quoted name, an index, a slice, '*' or a filter is expected")),
        };
        self.blanks();
        self.expect("]")?;
        if self.place == Place::ReferencePath && !matches!(step, Step::Name(_) | Step::Index(0..)) {
            return Err(self.error_at(start, "a Reference Path identifies one node"));
        }
        Ok(step)
    }

    fn names(&mut self) -> Parsed<Step> {
        let first = self.quoted()?.into_boxed_str();
        self.blanks();
        if self.peek() != Some(',') {
            return Ok(Step::Name(first));
        }
        let mut names = vec![first];
        while self.eat(",") {
            self.blanks();
            if !matches!(self.peek(), Some('\'' | '"')) {
                return Err(self.error("a quoted name is expected"));
            }
            names.push(self.quoted()?.into());
            self.blanks();
        }
        Ok(Step::Names(names.into()))
    }

    fn numbers(&mut self) -> Parsed<Step> {
        if self.peek() == Some(':') {
            return self.slice(None);
        }
        let first = self.integer()?;
        self.blanks();
        match self.peek() {
            Some(':') => self.slice(Some(first)),
            Some(',') => {
                let mut indexes = vec![first];
                while self.eat(",") {
                    self.blanks();
                    indexes.push(self.integer()?);
                    self.blanks();
                }
                Ok(Step::Indexes(indexes.into()))
            }
            _ => Ok(Step::Index(first)),
        }
    }

    fn slice(&mut self, start: Option<i64>) -> Parsed<Step> {
        let offset = self.offset();
        self.expect(":")?;
        let end = self.bound()?;
        let step = if self.eat(":") { self.bound()? } else { None };
        if !self.dialect.slice_without_bounds && start.is_none() && end.is_none() {
            return Err(self.error_at(offset, "a slice with a bound is expected"));
        }
        Ok(Step::Slice(Slice { start, end, step }))
    }

    fn bound(&mut self) -> Parsed<Option<i64>> {
        self.blanks();
        let bound = match self.peek() {
            Some('-' | '0'..='9') => Some(self.integer()?),
            _ => None,
        };
        self.blanks();
        Ok(bound)
    }

    /// `(@.length-n)`, the one script that is known (PATH-040).
    fn script(&mut self) -> Parsed<Step> {
        self.expect("(")?;
        self.blanks();
        self.expect("@.length")?;
        self.blanks();
        let mut back = 0;
        if self.eat("-") {
            self.blanks();
            if self.peek() == Some('-') {
                return Err(self.error("a whole number is expected"));
            }
            back = self.integer()?;
            self.blanks();
        }
        self.expect(")")?;
        Ok(Step::FromEnd(back))
    }
}
