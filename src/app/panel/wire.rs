//! What the shown request would put on the wire now: the preview, and the header fields that go out
//! without a row for them.

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    app::{
        State,
        effect::Effect,
        layout::{Area, Layout},
        message::JobId,
        rich::{Line, Tone, wrap},
    },
    auth,
    format::curl::export,
    model::{Body, Focus, Header, Piece, PreparedRequest, Redact, Request, RequestTab, Secrets},
    prepare::{
        Automatic, Given, Place, PrepareError, automatic, piece_note, prepare_with, request_head,
        request_line,
    },
    template::{self, Expansion, Facts, answers_needed},
    text,
    units::human_size,
};

/// How much of a body is shown, in bytes.
const BODY_SHOWN: usize = 64 * 1024;

/// The preview, made anew when the request, its files or the width change.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wire {
    made_of: Option<Source>,
    /// What is known of the files that the body names.
    given: Given,
    /// The question about them that is not answered yet, or was last.
    job: JobId,
    /// The files asked about.
    asked: Vec<String>,
    pub automatic: Vec<Automatic>,
    pub lines: Vec<Line>,
    pub scroll: usize,
    pub height: u16,
    /// Whether it is wanted beside the builder, in the place of the response.
    pub beside: bool,
    /// The draft's steps at the last send: its answer has the place until the draft is edited again.
    sent_at: Option<(usize, usize)>,
}

/// What a preview is made of.
#[derive(Debug, Clone, PartialEq)]
struct Source {
    request: Request,
    /// What of it is secret.
    secrets: Secrets,
    /// What went out, where an exchange is looked at.
    sent: Option<PreparedRequest>,
    given: Given,
    columns: u16,
}

impl Source {
    fn prepared(&self) -> Result<PreparedRequest, PrepareError> {
        if let Some(sent) = &self.sent {
            return Ok(sent.clone());
        }
        let mut prepared = prepare_with(&self.request, &self.given)?;
        prepared.secrets = self.secrets.clone();
        Ok(prepared.masked())
    }
}

impl Wire {
    /// Scrolls by rows, as far as there is something to show.
    pub fn scroll_by(&mut self, rows: isize) {
        let last = self.lines.len().saturating_sub(usize::from(self.height));
        self.scroll = self.scroll.saturating_add_signed(rows).min(last);
    }

    /// Shows it beside the builder from now on, or no more.
    pub fn show_beside(&mut self, beside: bool) {
        (self.beside, self.sent_at) = (beside, None);
    }

    /// Takes what was found out about the files; false where another one asked.
    pub fn looked_at(&mut self, job: JobId, given: &Given) -> bool {
        let is_own = job == self.job && job != JobId::default();
        if is_own {
            // Each send has a boundary of its own, which is not known before.
            self.given.files.clone_from(&given.files);
        }
        is_own
    }

    fn refresh(
        &mut self,
        (request, secrets): (Request, Secrets),
        sent: Option<PreparedRequest>,
        columns: u16,
    ) {
        let source = Source {
            request,
            secrets,
            sent,
            given: self.given.clone(),
            columns,
        };
        if self.made_of.as_ref() == Some(&source) {
            return;
        }
        self.automatic = automatic(&source.request, &source.given);
        self.lines = match source.prepared() {
            // What is drawn may be looked at over a shoulder.
            Ok(prepared) => page(
                &prepared.redacted(),
                later(&prepared).as_deref(),
                &self.automatic,
                columns,
            ),
            Err(error) => error_page(&error, columns),
        };
        if source.sent.is_none() {
            let first = answers_needed(&source.request);
            let first = first.iter().flat_map(|name| first_line(name, columns));
            self.lines.splice(0..0, first);
        }
        self.made_of = Some(source);
    }

    /// Asks about the files of a body, unless they were asked about already.
    fn ask(&mut self, body: &Body, jobs: &mut JobId) -> Vec<Effect> {
        let paths: Vec<String> = body.file_paths().into_iter().map(str::to_owned).collect();
        if paths == self.asked {
            return Vec::new();
        }
        self.asked = paths;
        if self.asked.is_empty() {
            return Vec::new();
        }
        jobs.0 += 1;
        self.job = *jobs;
        let body = Box::new(body.clone());
        vec![Effect::LookAt {
            job: self.job,
            body,
            way: Box::default(),
        }]
    }
}

impl State {
    /// Whether the preview is shown in the place of the response: while the draft is edited.
    pub fn has_preview_beside(&self) -> bool {
        let is_edited = matches!(self.focus, Focus::Url | Focus::Request)
            && self.wire.sent_at != Some(self.builder.undo_steps());
        self.wire.beside && is_edited && self.builder.tab != RequestTab::Preview
    }

    /// The answer to what is sent now has the place beside the builder, until the draft is edited.
    pub(in crate::app) fn give_way_to_answer(&mut self) {
        self.builder.separate_edits();
        self.wire.sent_at = Some(self.builder.undo_steps());
    }

    /// Keeps the preview up to date while something of it is shown.
    pub(in crate::app) fn preview(&mut self, layout: &Layout) -> Vec<Effect> {
        let beside = layout.response.filter(|_| self.has_preview_beside());
        let Some(area) = beside.or(layout.request).map(Area::inner) else {
            return Vec::new();
        };
        let builder = self.shown_builder();
        let is_tab = matches!(builder.tab, RequestTab::Headers | RequestTab::Preview);
        if !is_tab && beside.is_none() {
            // Coming back, the files are looked at anew: they may have changed meanwhile.
            self.wire.asked.clear();
            return Vec::new();
        }
        let expanded = self.expanded(builder.request());
        let looks_at_exchange = self.viewing && self.viewed.is_some();
        let exchange = self.response.exchange().filter(|_| looks_at_exchange);
        let sent = exchange.map(|exchange| exchange.prepared.clone());
        self.wire.given.jar = self.jar();
        let effects = match &sent {
            Some(_) => Vec::new(),
            None => self.wire.ask(&expanded.0.body, &mut self.jobs),
        };
        self.wire.refresh(expanded, sent, area.width);
        self.wire.height = area.height;
        self.wire.scroll_by(0);
        effects
    }

    /// A request with its templates expanded as far as nothing has to be fetched or asked for, and
    /// what of it is secret; otherwise as it was typed.
    pub(in crate::app) fn expanded(&self, request: Request) -> (Request, Secrets) {
        let Ok(scope) = self.scope() else {
            return (request, Secrets::default());
        };
        match template::expand(&request, &scope, &Facts::at(self.now)) {
            Ok(Expansion::Ready(expanded)) => (expanded.request, expanded.secrets),
            Ok(Expansion::Needs(_)) | Err(_) => (request, Secrets::default()),
        }
    }

    /// The head and the body that would go out, as text; `None` while something is wrong.
    pub(in crate::app) fn preview_text(&self) -> Option<String> {
        let prepared = self.wire.made_of.as_ref()?.prepared().ok()?.redacted();
        let mut text = request_head(&prepared);
        for piece in prepared.body.pieces() {
            match piece {
                Piece::Memory(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
                Piece::File(file) => text.push_str(&piece_note(file)),
            }
        }
        Some(text)
    }
}

/// Tells of a request that may have to be sent first.
fn first_line(name: &str, columns: u16) -> Vec<Line> {
    let text =
        format!("needs the answer of “{name}”: the latest of the history, or it is sent first");
    wrap(Tone::Warning, &text, columns, 2)
}

/// What is added only when it goes out.
fn later(prepared: &PreparedRequest) -> Option<String> {
    auth::added_later(prepared.credentials.later.as_ref()?)
}

fn page(
    prepared: &PreparedRequest,
    later: Option<&str>,
    automatic: &[Automatic],
    columns: u16,
) -> Vec<Line> {
    let head = human_size(request_head(prepared).len() as u64);
    let body = human_size(prepared.body.len());
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
    if let Some(later) = later {
        lines.extend(cut(Tone::Dim, later, columns));
    }
    lines.push(Line::blank());
    lines.extend(body_lines(prepared, columns));
    lines.push(Line::blank());
    lines.extend(curl_lines(prepared, columns));
    lines
}

/// The same as a command for a shell.
fn curl_lines(prepared: &PreparedRequest, columns: u16) -> Vec<Line> {
    let mut lines = vec![Line::new(Tone::Heading, "As a curl command")];
    if prepared.body.len() > BODY_SHOWN as u64 && !prepared.body.has_files() {
        let note = "Its body is too long to be shown here; it can be copied.";
        lines.push(Line::new(Tone::Dim, note));
        return lines;
    }
    let command = export(prepared);
    lines.extend(
        command
            .lines()
            .flat_map(|line| cut(Tone::Plain, line, columns)),
    );
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
    let mut lines = Vec::new();
    for piece in prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => lines.extend(bytes_lines(bytes, columns)),
            Piece::File(file) => lines.extend(cut(Tone::Dim, &piece_note(file), columns)),
        }
    }
    if lines.is_empty() {
        lines.push(Line::new(Tone::Dim, "No body."));
    }
    lines
}

fn bytes_lines(bytes: &[u8], columns: u16) -> Vec<Line> {
    let shown = bytes.get(..BODY_SHOWN).unwrap_or(bytes);
    let mut lines: Vec<Line> = String::from_utf8_lossy(shown)
        .split('\n')
        .flat_map(|line| cut(Tone::Plain, line, columns))
        .collect();
    if shown.len() < bytes.len() {
        let all = human_size(bytes.len() as u64);
        lines.push(Line::new(Tone::Dim, &format!("… {all} in all")));
    }
    lines
}

fn error_page(error: &PrepareError, columns: u16) -> Vec<Line> {
    let place = match error.place {
        Place::Method => "the method".to_owned(),
        Place::Url => "the URL".to_owned(),
        Place::Header(row) => format!("row {} of the headers", row + 1),
        Place::Query(row) => format!("row {} of the query", row + 1),
        Place::Path(row) => format!("row {} of the path parameters", row + 1),
        Place::Form(row) | Place::Part(row, _) => format!("row {} of the body", row + 1),
        Place::Body(_) => "the body".to_owned(),
        Place::Option(name) => format!("the option {name}"),
        Place::Auth(field) => format!("the {field} of the auth tab"),
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
