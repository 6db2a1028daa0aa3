//! JSON with places. It reads what the strict parser of the engine has accepted, and only when there is a finding to
//! show, so it is small and forgiving; whatever it cannot read, it leaves out.

use super::{
    template,
    tree::{Content, Member, Node, Span},
};

/// Reads a JSON text of bounded depth; places count from `offset`. `None` if the text is not JSON after all.
#[must_use]
pub(super) fn read(text: &str, offset: usize) -> Option<Node> {
    Reader { text, at: 0, offset }.value(0)
}

/// Reads a JSON text if it is a template.
#[must_use]
pub(super) fn read_template(text: &str) -> Option<Node> {
    // Cheap, and true of every template with something to check.
    let may_be_one =
        text.contains("AWS::StepFunctions::StateMachine") || text.contains("AWS::Serverless::StateMachine");
    if !may_be_one || asl_engine::json::parse_value(text).is_err() {
        return None;
    }
    read(text, 0).filter(template::is_template)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    offset: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Node> {
        if depth > asl_engine::validate::MAX_DEPTH {
            return None;
        }
        let start = self.peek_at()?;
        let content = match self.peek()? {
            b'{' => self.object(depth)?,
            b'[' => self.array(depth)?,
            b'"' => Content::Scalar(self.string()?.into()),
            _ => {
                let length = self.rest().find([',', ']', '}', ' ', '\t', '\r', '\n']).unwrap_or(self.rest().len());
                self.at += length;
                Content::Scalar(serde_json::from_str(&self.text[start..self.at]).ok()?)
            }
        };
        Some(Node { span: self.span(start), content })
    }

    fn object(&mut self, depth: usize) -> Option<Content> {
        let mut members = Vec::new();
        self.expect(b'{')?;
        while self.peek()? != b'}' {
            let start = self.peek_at()?;
            let name = self.string()?;
            let name_span = self.span(start);
            self.expect(b':')?;
            members.push(Member { name, name_span, value: self.value(depth + 1)? });
            self.separator()?;
        }
        self.expect(b'}')?;
        Some(Content::Object(members))
    }

    fn array(&mut self, depth: usize) -> Option<Content> {
        let mut items = Vec::new();
        self.expect(b'[')?;
        while self.peek()? != b']' {
            items.push(self.value(depth + 1)?);
            self.separator()?;
        }
        self.expect(b']')?;
        Some(Content::Array(items))
    }

    fn string(&mut self) -> Option<String> {
        let start = self.peek_at()?;
        self.expect(b'"')?;
        let bytes = self.text.as_bytes();
        while *bytes.get(self.at)? != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        self.at += 1;
        serde_json::from_str(self.text.get(start..self.at)?).ok()
    }

    /// Passes a comma, if there is one.
    fn separator(&mut self) -> Option<()> {
        if self.peek()? == b',' {
            self.at += 1;
        }
        Some(())
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let at = self.peek_at()?;
        self.text.as_bytes().get(at).copied()
    }

    /// Where the next byte is that is no blank; goes there.
    fn peek_at(&mut self) -> Option<usize> {
        let blanks = self.rest().find(|next: char| !matches!(next, ' ' | '\t' | '\r' | '\n'))?;
        self.at += blanks;
        Some(self.at)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn span(&self, start: usize) -> Span {
        self.offset + start..self.offset + self.at
    }
}
