//! What the shown request would put on the wire now: the preview, and the header fields that go out
//! without a row for them.

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    app::{
        State,
        layout::Area,
        rich::{Line, Tone, wrap},
    },
    model::{Header, PreparedRequest, Request, RequestTab},
    prepare::{Automatic, Place, PrepareError, automatic, prepare, request_head, request_line},
    text,
    units::human_size,
};

/// How much of a body is shown, in bytes.
const BODY_SHOWN: usize = 64 * 1024;

/// The preview, made anew when the request or the width changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wire {
    made_of: Option<(Request, Option<PreparedRequest>, u16)>,
    pub automatic: Vec<Automatic>,
    pub lines: Vec<Line>,
    pub scroll: usize,
    pub height: u16,
}

impl Wire {
    /// Scrolls by rows, as far as there is something to show.
    pub fn scroll_by(&mut self, rows: isize) {
        let last = self.lines.len().saturating_sub(usize::from(self.height));
        self.scroll = self.scroll.saturating_add_signed(rows).min(last);
    }

    /// Makes the preview: `sent` is what went out, where an exchange is looked at.
    fn refresh(&mut self, request: Request, sent: Option<PreparedRequest>, columns: u16) {
        let made_of = Some((request, sent, columns));
        if self.made_of == made_of {
            return;
        }
        self.made_of = made_of;
        let Some((request, sent, _)) = &self.made_of else {
            return;
        };
        self.automatic = automatic(request);
        self.lines = match sent.clone().map_or_else(|| prepare(request), Ok) {
            Ok(prepared) => page(&prepared, &self.automatic, columns),
            Err(error) => error_page(&error, columns),
        };
    }
}

impl State {
    /// Keeps the preview up to date while a tab that shows something of it is open.
    pub(in crate::app) fn preview(&mut self, area: Area) {
        let builder = self.shown_builder();
        if !matches!(builder.tab, RequestTab::Headers | RequestTab::Preview) {
            return;
        }
        let request = builder.request();
        let looks_at_exchange = self.viewing && self.viewed.is_some();
        let exchange = self.response.exchange().filter(|_| looks_at_exchange);
        let sent = exchange.map(|exchange| exchange.prepared.clone());
        self.wire.refresh(request, sent, area.width);
        self.wire.height = area.height;
        self.wire.scroll_by(0);
    }

    /// The head and the body that would go out, as text; `None` while something is wrong.
    pub(in crate::app) fn preview_text(&self) -> Option<String> {
        let prepared = match &self.wire.made_of {
            Some((_, Some(sent), _)) => sent.clone(),
            Some((request, None, _)) => prepare(request).ok()?,
            None => return None,
        };
        let body = String::from_utf8_lossy(&prepared.body).into_owned();
        Some(request_head(&prepared) + &body)
    }
}

fn page(prepared: &PreparedRequest, automatic: &[Automatic], columns: u16) -> Vec<Line> {
    let head = human_size(request_head(prepared).len() as u64);
    let body = human_size(prepared.body.len() as u64);
    let origin = url::Url::parse(&prepared.url).map_or_else(
        |_| prepared.url.clone(),
        |url| url.origin().ascii_serialization(),
    );
    let facts = format!("to {origin} · head {head} · body {body}");
    let mut lines = vec![Line::new(Tone::Dim, &facts)];
    lines.extend(cut(Tone::Strong, &request_line(prepared), columns));
    for header in &prepared.headers {
        lines.extend(field(header, automatic, columns));
    }
    lines.push(Line::blank());
    lines.extend(body_lines(prepared, columns));
    lines
}

/// `name: value`; one that has no row says so.
fn field(header: &Header, automatic: &[Automatic], columns: u16) -> Vec<Line> {
    let mut lines = cut(
        Tone::Plain,
        &format!("{}: {}", header.name, header.text()),
        columns,
    );
    if automatic.iter().any(|it| it.header == *header)
        && let Some(last) = lines.pop()
    {
        lines.push(last.then(Tone::Dim, "   automatic"));
    }
    lines
}

fn body_lines(prepared: &PreparedRequest, columns: u16) -> Vec<Line> {
    if prepared.body.is_empty() {
        return vec![Line::new(Tone::Dim, "No body.")];
    }
    let body = &prepared.body;
    let shown = body.get(..BODY_SHOWN).unwrap_or(body);
    let mut lines: Vec<Line> = String::from_utf8_lossy(shown)
        .split('\n')
        .flat_map(|line| cut(Tone::Plain, line, columns))
        .collect();
    if shown.len() < body.len() {
        let all = human_size(body.len() as u64);
        lines.push(Line::new(Tone::Dim, &format!("… {all} in all")));
    }
    lines
}

fn error_page(error: &PrepareError, columns: u16) -> Vec<Line> {
    let place = match error.place {
        Place::Method => "the method".to_owned(),
        Place::Url => "the URL".to_owned(),
        Place::Header(row) => format!("row {} of the headers", row + 1),
    };
    let mut lines = wrap(
        Tone::Warning,
        &format!("Cannot be sent as it is. In {place}: {}.", error.reason),
        columns,
        2,
    );
    lines.push(Line::new(Tone::Dim, "Nothing would go on the wire."));
    lines
}

/// A text cut at the width, not between words: every blank of it counts here.
fn cut(tone: Tone, line: &str, columns: u16) -> Vec<Line> {
    let shown = text::display(line);
    let columns = usize::from(columns).max(1);
    let (mut lines, mut part, mut used) = (Vec::new(), String::new(), 0);
    for grapheme in shown.graphemes(true) {
        let width = text::width(grapheme);
        if used + width > columns && !part.is_empty() {
            lines.push(Line::new(tone, &part));
            (part, used) = (String::new(), 0);
        }
        part.push_str(grapheme);
        used += width;
    }
    lines.push(Line::new(tone, &part));
    lines
}
