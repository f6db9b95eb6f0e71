//! What the body viewer asks of the edge, and what comes back.

use bytes::Bytes;

use crate::{
    inspect::{
        Canvas, Document, Layout, Received, View, extension, file_name,
        find::{Matches, Pattern},
        jq::Problem,
    },
    model::{Focus, Header, find_header},
};

use super::{
    Popup, State,
    effect::{Effect, Program, ShowJob},
    message::{JobId, Notice},
    panel::{confirm::Question, response::body::Entry},
};

/// One thing to do for the viewer. Each is answered with a [`BodyNews`] of its number.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyDeed {
    /// Lay a body out for a width, off the draw thread.
    LayOut(LayOutJob),
    /// Search a text. A newer search ends it.
    Find {
        job: JobId,
        text: Bytes,
        pattern: Pattern,
    },
    /// Run a jq filter over a text and lay out what it gives. A newer one ends it.
    Filter {
        job: JobId,
        text: Bytes,
        filter: String,
        columns: u16,
    },
    /// Nobody waits for a search any more.
    EndSearch,
    /// Nobody waits for a filter any more.
    GiveUp,
    /// Write a body into a file; what is there already is replaced only when that was said.
    Save {
        body: Bytes,
        path: String,
        replace: bool,
    },
}

/// A body to lay out.
#[derive(Debug, Clone, PartialEq)]
pub struct LayOutJob {
    pub job: JobId,
    pub source: Source,
    pub view: View,
    pub columns: u16,
}

/// As it came, or as it was read already.
#[derive(Clone, PartialEq)]
pub enum Source {
    Received(Received),
    Read(Document),
}

/// Without the body, which may be large.
impl std::fmt::Debug for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Source")
    }
}

/// Bodies from this size on show their head before the rest is laid out, in bytes.
const HEAD_FIRST: usize = 1024 * 1024;
const HEAD: usize = 64 * 1024;

impl LayOutJob {
    /// Does it.
    pub fn run(&self) -> Layout {
        let document = match &self.source {
            Source::Read(document) => document.clone(),
            Source::Received(received) => Document::read(received),
        };
        Layout::of(document, self.view.clone(), self.columns)
    }

    /// The body that is read for it, as it came.
    pub fn body(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Received(received) => Some(&received.body),
            Source::Read(_) => None,
        }
    }

    /// The head of a large body that is new, laid out in a moment.
    pub fn head(&self) -> Option<Layout> {
        let Source::Received(received) = &self.source else {
            return None;
        };
        let is_coded = received.content_encoding.is_some();
        if received.body.len() < HEAD_FIRST || is_coded {
            return None;
        }
        let head = Received {
            body: received.body.slice(..HEAD),
            is_arriving: true,
            ..received.clone()
        };
        let view = self.view.clone();
        Some(Layout::of(Document::read(&head), view, self.columns))
    }
}

/// What comes back.
#[derive(Debug, Clone, PartialEq)]
pub enum BodyNews {
    LaidOut {
        job: JobId,
        layout: Layout,
        /// More of it is on the way.
        is_head: bool,
    },
    Found {
        job: JobId,
        matches: Matches,
    },
    Filtered {
        job: JobId,
        /// The values laid out, and why there may be more of them.
        found: Result<(Layout, Option<Problem>), Problem>,
    },
    /// The terminal draws images by itself.
    Canvas(Canvas),
    /// The file is there already.
    Exists {
        body: Bytes,
        path: String,
    },
    /// The body could not be written there.
    Unsaved {
        path: String,
        reason: String,
    },
}

/// Takes what came back for the viewer.
pub(super) fn take(state: &mut State, news: BodyNews) -> Vec<Effect> {
    if let BodyNews::Exists { body, path } = news {
        state.popup = Some(Popup::Question(Question::Replace { body, path }));
        return Vec::new();
    }
    if let BodyNews::Unsaved { path, reason } = news {
        state.notice = Some(Notice::error(reason));
        // What was typed is there to be mended, unless the user is elsewhere by now.
        let page = &mut state.response.body_page;
        if state.focus == Focus::Response && state.popup.is_none() && page.entry.is_none() {
            page.save.set(path);
            page.entry = Some(Entry::Save);
        }
        return Vec::new();
    }
    state.response.take_body(news, &mut state.jobs)
}

/// Writes the shown body into the file whose name was typed.
pub(super) fn save(state: &State) -> Option<Effect> {
    let path = state.response.body_page.save.text().trim().to_owned();
    if path.is_empty() {
        return None;
    }
    Some(Effect::Body(BodyDeed::Save {
        body: body_of(state)?,
        path,
        replace: false,
    }))
}

/// The bytes of the shown body as received.
fn body_of(state: &State) -> Option<Bytes> {
    let exchange = state.response.exchange()?;
    let received = exchange.outcome.as_ref()?.received()?;
    (!received.body.is_empty()).then(|| received.body.clone())
}

/// The name that is offered for the file of the shown body.
pub(super) fn offered_name(state: &State) -> Option<String> {
    let exchange = state.response.exchange()?;
    let head = &exchange.outcome.as_ref()?.received()?.head;
    let header = |name| find_header(&head.headers, name).map(Header::text);
    let url = exchange
        .hops
        .last()
        .map_or(&exchange.prepared.url, |hop| &hop.url);
    let (disposition, kind) = (header("content-disposition"), header("content-type"));
    Some(file_name(disposition.as_deref(), url, kind.as_deref()))
}

/// Gives the shown body to another program: what the filter makes of it, or the body without its codings.
pub(super) fn show_outside(state: &State, program: Program) -> Option<Effect> {
    let page = &state.response.body_page;
    let body = match page.layout().filter(|_| page.is_filtered()) {
        Some(filtered) => Bytes::from(filtered.text()?.to_owned()),
        None => page.whole()?.document().bytes().clone(),
    };
    let exchange = state.response.exchange()?;
    let head = &exchange.outcome.as_ref()?.received()?.head;
    let kind = find_header(&head.headers, "content-type").map(Header::text);
    let extension = if page.is_filtered() {
        "json"
    } else {
        extension(kind.as_deref())
    };
    Some(Effect::ShowOutside(ShowJob {
        body,
        extension,
        program,
    }))
}
