//! Findings for a person: the line at fault, the place in it, and what to do.

use std::collections::HashSet;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, renderer::DecorStyle};
use asl_engine::diagnostic::{Code, Diagnostic, Severity};

use super::{
    Definition, help, line_and_column,
    tree::{Content, Node, Span, Step},
};

/// Findings that are shown with an excerpt; the rest take a line each.
const MAX_EXCERPTS: usize = 100;
/// Bytes of the longest line that is shown whole.
const MAX_LINE: usize = 400;
/// Characters of a longer line that are shown before and from a mark.
const BEFORE: usize = 40;
const AFTER: usize = 60;

/// The findings about a definition in the manner of a compiler, with escape sequences for colours.
#[must_use]
pub fn render(definition: &Definition, findings: &[Diagnostic]) -> String {
    let tree = if findings.is_empty() { None } else { definition.tree() };
    let renderer = Renderer::styled().decor_style(DecorStyle::Ascii).term_width(120);
    let mut text = String::new();
    for finding in findings.iter().take(MAX_EXCERPTS) {
        text.push_str(&renderer.render(&[block(definition, tree.as_deref(), finding)]));
        text.push_str("\n\n");
    }
    for finding in findings.iter().skip(MAX_EXCERPTS) {
        text.push_str(&format!("{}: {finding}\n", definition.title()));
    }
    text
}

/// Part of a text to be marked.
struct Mark {
    span: Span,
    kind: AnnotationKind,
    label: Option<&'static str>,
}

impl Mark {
    fn primary(span: Span) -> Self {
        Self { span, kind: AnnotationKind::Primary, label: None }
    }

    fn context(span: Span, label: &'static str) -> Self {
        Self { span, kind: AnnotationKind::Context, label: Some(label) }
    }
}

fn block<'d>(definition: &'d Definition, tree: Option<&Node>, finding: &'d Diagnostic) -> Group<'d> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let marks = match tree {
        Some(tree) => marks(&definition.text, tree, finding),
        None => vec![Mark::primary(definition.fault())],
    };
    let place = if finding.location.is_empty() { String::new() } else { format!(" at {}", finding.location) };
    let rule = Level::NOTE.with_name("rule").message(format!("{}{place}", finding.requirement));
    let group = level.primary_title(help::title(finding)).id(finding.code.name());
    let group = group.elements(excerpt(definition, &marks)).element(rule);
    match tree.and_then(|tree| help::help(finding, tree)) {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// The lines of the marks; of a very long line, only what is around the first mark.
fn excerpt<'d>(definition: &'d Definition, marks: &[Mark]) -> Vec<Element<'d>> {
    let text = &*definition.text;
    let spans = marks.iter().map(|mark| &mark.span);
    let (Some(first), Some(last)) = (spans.clone().map(|span| span.start).min(), spans.map(|span| span.end).max())
    else {
        return Vec::new();
    };
    let start = text[..first].rfind('\n').map_or(0, |end| end + 1);
    let end = text[last..].find('\n').map_or(text.len(), |end| last + end);
    if text[start..end].lines().any(|line| line.len() > MAX_LINE) {
        return window(definition, marks);
    }
    let (first_line, _) = line_and_column(text, start);
    let snippet = Snippet::source(&text[start..end]).path(&*definition.file).line_start(first_line);
    let annotation = |mark: &Mark| mark.kind.span(mark.span.start - start..mark.span.end - start).label(mark.label);
    vec![snippet.annotations(marks.iter().map(annotation)).into()]
}

/// The text around the first primary mark, without the rest of its line.
fn window<'d>(definition: &'d Definition, marks: &[Mark]) -> Vec<Element<'d>> {
    let text = &*definition.text;
    let Some(mark) = marks.iter().find(|mark| mark.kind == AnnotationKind::Primary) else { return Vec::new() };
    let before: usize =
        text[..mark.span.start].chars().rev().take(BEFORE).take_while(not_newline).map(char::len_utf8).sum();
    let after: usize = text[mark.span.start..].chars().take(AFTER).take_while(not_newline).map(char::len_utf8).sum();
    let (start, end) = (mark.span.start - before, mark.span.start + after);
    let (line, column) = line_and_column(text, mark.span.start);
    let marked = mark.span.start - start..mark.span.end.min(end) - start;
    let snippet = Snippet::source(&text[start..end]).line_start(line).annotation(mark.kind.span(marked));
    vec![Origin::path(&*definition.file).line(line).char_column(column).into(), snippet.into()]
}

fn not_newline(letter: &char) -> bool {
    *letter != '\n'
}

/// What to mark: the place of the finding, what belongs to it, and the state around it for orientation.
fn marks(text: &str, tree: &Node, finding: &Diagnostic) -> Vec<Mark> {
    let steps = tree.walk(&finding.location);
    let node = steps.last().map_or(tree, |step| step.node());
    let mut marks = fields(node, finding);
    if marks.is_empty() {
        marks.push(Mark::primary(place(text, tree, steps.last(), finding.code)));
    }
    if finding.code == Code::DuplicateKey
        && let Some(Step::Member(last)) = steps.last()
    {
        let object = steps.iter().rev().nth(1).map_or(tree, |step| step.node());
        let earlier = object.members().iter().find(|member| member.name == last.name);
        let earlier = earlier.filter(|earlier| earlier.name_span != last.name_span);
        marks.extend(earlier.map(|earlier| Mark::context(earlier.name_span.clone(), "it comes first here")));
    }
    marks.extend(state_around(&steps).map(|span| Mark { span, kind: AnnotationKind::Visible, label: None }));
    marks
}

/// The fields that a finding about an object names.
fn fields(node: &Node, finding: &Diagnostic) -> Vec<Mark> {
    if !matches!(finding.code, Code::UnknownField | Code::OtherQueryLanguage | Code::ExclusiveFields) {
        return Vec::new();
    }
    // Messages quote the names of fields.
    let quoted: HashSet<&str> = help::title(finding).split(['\'', '"']).skip(1).step_by(2).collect();
    let named = node.members().iter().filter(|member| quoted.contains(member.name.as_str()));
    let mut marks: Vec<_> = named.map(|member| Mark::primary(member.name_span.clone())).collect();
    if finding.code == Code::OtherQueryLanguage
        && let Some(language) = node.get("QueryLanguage")
    {
        marks.push(Mark::context(language.span.clone(), "the query language is chosen here"));
    }
    marks
}

/// The place of one value: itself, or its name where the value is long or the name is what matters.
fn place(text: &str, tree: &Node, step: Option<&Step<'_>>, code: Code) -> Span {
    let node = step.map_or(tree, |step| step.node());
    let is_one_line = text.get(node.span.clone()).is_some_and(|text| !text.contains('\n'));
    let concerns_value = is_one_line && matches!(code, Code::WrongType | Code::Empty);
    let is_scalar = is_one_line && matches!(node.content, Content::Scalar(_));
    match step {
        Some(Step::Member(member)) if concerns_name(code) || !(is_scalar || concerns_value) => member.name_span.clone(),
        Some(Step::Element(_)) | Some(Step::Member(_)) if is_one_line => node.span.clone(),
        // The first character of a value of several lines.
        _ => {
            let length = text.get(node.span.start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
            node.span.start..node.span.start + length
        }
    }
}

fn concerns_name(code: Code) -> bool {
    matches!(
        code,
        Code::DuplicateKey | Code::DuplicateStateName | Code::InvalidVariableName | Code::VariableScopeConflict
    )
}

/// The name of the innermost state around the end of the steps.
fn state_around(steps: &[Step<'_>]) -> Option<Span> {
    let mut pairs = steps.windows(2).rev();
    pairs.find_map(|pair| match pair {
        [Step::Member(states), Step::Member(state)] if states.name == "States" => Some(state.name_span.clone()),
        _ => None,
    })
}
