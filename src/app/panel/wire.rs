//! What the shown request would put on the wire now: the preview, and the header fields that go out
//! without a row for them.

mod route;
mod size;

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    app::{
        State,
        drafted::{Drafted, Sketch, reveal},
        effect::Effect,
        late::late_note,
        layout::{Area, Layout},
        message::JobId,
        rich::{Line, Tone, wrap},
    },
    auth::foreseen,
    format::curl::export,
    model::{
        Body, Exchange, FilePiece, Focus, Header, Piece, PreparedRequest, ProxyUsed, Redact,
        Request, RequestTab,
    },
    prepare::{
        Automatic, Given, Place, PrepareError, field_for_proxy, piece_note, request_head_by,
        request_line_by,
    },
    template::{Open, answers_needed},
    text,
    units::human_size,
};

use route::Route;

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
    /// Which proxy the draft goes by way of.
    route: Route,
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
    drafted: Drafted,
    /// What went out, where an exchange is looked at.
    sent: Option<PreparedRequest>,
    given: Given,
    /// Which proxy it goes by way of, or went.
    proxy: Option<ProxyUsed>,
    columns: u16,
}

impl Source {
    fn sketch(&self) -> Result<Sketch, PrepareError> {
        match &self.sent {
            Some(sent) => Ok(Sketch::whole(sent.clone())),
            None => self.drafted.sketch(&self.given),
        }
    }

    /// Whether cookies of the jar may go to a host that is only known at the send.
    fn has_late_host(&self) -> bool {
        let jar = self.given.jar.as_ref();
        let host = url::Url::parse(&self.drafted.request().url).ok();
        let host = host.as_ref().and_then(url::Url::host_str);
        jar.is_some_and(|jar| !jar.cookies.is_empty())
            && host.is_some_and(|host| self.open().iter().any(|it| host.contains(&it.stand_in)))
    }

    /// What stands open in it.
    fn open(&self) -> &[Open] {
        if self.sent.is_some() {
            return &[];
        }
        self.drafted.open()
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

    /// Takes which proxy it is; not where the draft goes elsewhere by now.
    pub fn proxy_found(&mut self, job: JobId, proxy: Option<ProxyUsed>) {
        self.route.found(job, proxy);
    }

    fn refresh(
        &mut self,
        (typed, drafted): (&Request, Drafted),
        sent: Option<&Exchange>,
        columns: u16,
        jobs: &mut JobId,
    ) -> Option<Effect> {
        let first_hop = sent.and_then(|exchange| exchange.hops.first());
        let mut source = Source {
            drafted,
            sent: sent.map(|exchange| exchange.prepared.clone()),
            given: self.given.clone(),
            proxy: match sent {
                Some(_) => first_hop.and_then(|hop| hop.transit.proxy.clone()),
                None => self.route.proxy.clone(),
            },
            columns,
        };
        if self.made_of.as_ref() == Some(&source) {
            return None;
        }
        self.automatic = source.drafted.automatic(&source.given);
        let sketch = source.sketch();
        let mut effect = None;
        if let Ok(sketch) = &sketch
            && source.sent.is_none()
        {
            effect = self.route.ask(&sketch.prepared, jobs);
            source.proxy.clone_from(&self.route.proxy);
        }
        self.lines = match sketch {
            Ok(sketch) => page(&source, &sketch, &self.automatic),
            Err(error) => error_page(&error, &source.drafted, columns),
        };
        if source.sent.is_none() {
            let first = answers_needed(typed);
            let first = first.iter().flat_map(|name| first_line(name, columns));
            self.lines.splice(0..0, first);
        }
        self.made_of = Some(source);
        effect
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
        let typed = builder.request();
        let drafted = self.drafted(typed.clone());
        let looks_at_exchange = self.viewing && self.viewed.is_some();
        let exchange = self.response.exchange().filter(|_| looks_at_exchange);
        self.wire.given.jar = self.jar();
        let mut effects = match exchange {
            Some(_) => Vec::new(),
            None => self.wire.ask(&drafted.request().body, &mut self.jobs),
        };
        let (source, width) = ((&typed, drafted), area.width);
        let asked = self
            .wire
            .refresh(source, exchange.map(AsRef::as_ref), width, &mut self.jobs);
        effects.extend(asked);
        self.wire.height = area.height;
        self.wire.scroll_by(0);
        effects
    }

    /// The head and the body that would go out, as text; `None` while something is wrong.
    pub(in crate::app) fn preview_text(&self) -> Option<String> {
        let source = self.wire.made_of.as_ref()?;
        let sketch = source.sketch().ok()?;
        let mut prepared = sketch.prepared.redacted();
        prepared.headers.extend(foreseen(&sketch.prepared, None));
        let proxy = source.proxy.as_ref();
        prepared.headers.extend(field_for_proxy(&prepared, proxy));
        let mut text = request_head_by(&prepared, proxy);
        for piece in prepared.body.pieces() {
            match piece {
                Piece::Memory(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
                Piece::File(file) => text.push_str(&file_note(file, source.open())),
            }
        }
        Some(reveal(&text, source.open()))
    }

    /// Whether something of what the preview shows is filled in when it is sent.
    pub(in crate::app) fn preview_is_open(&self) -> bool {
        let source = self.wire.made_of.as_ref();
        source.is_some_and(|source| !source.open().is_empty())
    }
}

/// Tells of a request that may have to be sent first.
fn first_line(name: &str, columns: u16) -> Vec<Line> {
    let text =
        format!("needs the answer of “{name}”: the latest of the history, or it is sent first");
    wrap(Tone::Warning, &text, columns, 2)
}

/// Where lines are written: how wide it is, and what stands open in them.
#[derive(Clone, Copy)]
struct Paper<'a> {
    columns: u16,
    drafted: &'a Drafted,
    open: &'a [Open],
    /// Whether the jar has cookies, and the host that they would go to is not known.
    cookies_follow: bool,
}

/// What is drawn may be looked at over a shoulder.
fn page(source: &Source, sketch: &Sketch, automatic: &[Automatic]) -> Vec<Line> {
    let paper = Paper {
        columns: source.columns,
        drafted: &source.drafted,
        open: source.open(),
        cookies_follow: sketch.prepared.cookies.is_sent && source.has_late_host(),
    };
    let proxy = source.proxy.as_ref();
    let facts = reveal(&facts(sketch, proxy), paper.open);
    let mut lines = wrap(Tone::Dim, &facts, paper.columns, 2);
    let added = foreseen(&sketch.prepared, None);
    let prepared = &sketch.prepared.redacted();
    let added = added.into_iter().chain(field_for_proxy(prepared, proxy));
    lines.extend(open_lines(paper));
    let line = request_line_by(prepared, proxy);
    lines.extend(cut(Tone::Strong, &line, paper));
    for header in &prepared.headers {
        lines.extend(field(header, automatic, paper));
    }
    for header in added {
        let line = format!("{}: {}", header.name, header.text());
        lines.extend(cut(Tone::Dim, &line, paper));
    }
    lines.push(Line::blank());
    lines.extend(body_lines(prepared, paper));
    lines.push(Line::blank());
    lines.extend(curl_lines(prepared, paper));
    lines
}

/// Where it goes, and how long it is as far as that is known.
fn facts(sketch: &Sketch, proxy: Option<&ProxyUsed>) -> String {
    let prepared = sketch.prepared.redacted();
    let known = |is_known, bytes| {
        if is_known {
            return human_size(bytes);
        }
        "size not known before the send".to_owned()
    };
    let (added, knows_added) = size::of_added(&sketch.prepared);
    let knows_credentials = field_for_proxy(&prepared, proxy).is_none();
    let knows_head = sketch.knows_head && knows_added && knows_credentials;
    // What is hidden is as long as it is.
    let head = request_head_by(&sketch.prepared, proxy).len() as u64;
    let head = known(knows_head, added + head + size::of_key(&sketch.prepared));
    let body = known(sketch.knows_body, size::of_body(&sketch.prepared));
    let origin = url::Url::parse(&prepared.url).map_or_else(
        |_| prepared.url.clone(),
        |url| url.origin().ascii_serialization(),
    );
    let by = proxy.map_or_else(String::new, |proxy| format!(" by way of {}", proxy.address));
    format!("to {origin}{by} · head {head} · body {body}")
}

/// Tells what is filled in when it is sent.
fn open_lines(paper: Paper) -> Vec<Line> {
    let whole = paper.open.iter().filter(|open| !open.is_part);
    let mut names: Vec<String> = whole.map(named).collect();
    names.sort();
    names.dedup();
    if names.is_empty() {
        return Vec::new();
    }
    let text = format!("filled in when it is sent: {}", names.join(", "));
    let mut lines = wrap(Tone::Warning, &text, paper.columns, 2);
    if paper.cookies_follow {
        let text = "which cookies of the jar go along follows from the host";
        lines.extend(wrap(Tone::Warning, text, paper.columns, 2));
    }
    lines
}

/// The mark of an expression; that of an option has no other place on the page.
fn named(open: &Open) -> String {
    let mark = format!("‹{}›", open.expression);
    match open.place {
        Place::Option(name) => format!("the option {name} {mark}"),
        _ => mark,
    }
}

/// The same as a command for a shell.
fn curl_lines(prepared: &PreparedRequest, paper: Paper) -> Vec<Line> {
    let mut lines = vec![Line::new(Tone::Heading, "As a curl command")];
    if prepared.body.len() > BODY_SHOWN as u64 && !prepared.body.has_files() {
        let note = "Its body is too long to be shown here; it can be copied.";
        lines.push(Line::new(Tone::Dim, note));
        return lines;
    }
    let command = paper.drafted.in_shell(&export(prepared));
    lines.extend(
        command
            .lines()
            .flat_map(|line| cut(Tone::Plain, line, paper)),
    );
    lines
}

/// `name: value`; one that has no row says so.
fn field(header: &Header, automatic: &[Automatic], paper: Paper) -> Vec<Line> {
    let value = reveal(&header.text(), paper.open);
    let mut lines = cut(Tone::Plain, &format!("{}: {value}", header.name), paper);
    let is_own = |it: &Automatic| it.header.is(&header.name) && it.header.text() == value;
    if automatic.iter().any(is_own)
        && let Some(last) = lines.pop()
    {
        lines.push(last.then(Tone::Dim, "   automatic"));
    }
    lines
}

fn file_note(file: &FilePiece, open: &[Open]) -> String {
    late_note(file, open).unwrap_or_else(|| piece_note(file))
}

fn body_lines(prepared: &PreparedRequest, paper: Paper) -> Vec<Line> {
    let mut lines = Vec::new();
    for piece in prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => lines.extend(bytes_lines(bytes, paper)),
            Piece::File(file) => {
                let note = file_note(file, paper.open);
                lines.extend(cut(Tone::Dim, &note, paper));
            }
        }
    }
    if lines.is_empty() {
        lines.push(Line::new(Tone::Dim, "No body."));
    }
    lines
}

fn bytes_lines(bytes: &[u8], paper: Paper) -> Vec<Line> {
    let shown = bytes.get(..BODY_SHOWN).unwrap_or(bytes);
    let mut lines: Vec<Line> = String::from_utf8_lossy(shown)
        .split('\n')
        .flat_map(|line| cut(Tone::Plain, line, paper))
        .collect();
    if shown.len() < bytes.len() {
        let all = human_size(bytes.len() as u64);
        lines.push(Line::new(Tone::Dim, &format!("… {all} in all")));
    }
    lines
}

fn error_page(error: &PrepareError, drafted: &Drafted, columns: u16) -> Vec<Line> {
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
    let open = drafted.open_at(error.place);
    if !open.is_empty() {
        let names = open.join(", ");
        let text = format!(
            "Cannot be shown before it is sent. In {place}: what becomes of {names} is only known then."
        );
        return wrap(Tone::Warning, &text, columns, 2);
    }
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
fn cut(tone: Tone, line: &str, paper: Paper) -> Vec<Line> {
    let line = reveal(line, paper.open);
    let shown = text::display(&line);
    let columns = usize::from(paper.columns).max(1);
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
