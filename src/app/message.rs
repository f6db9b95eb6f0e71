//! What can happen: everything that reaches [`super::update`].

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    compare::Comparison,
    model::{
        Again, EnvironmentSave, Environments, Exchange, ExchangeId, Folder, Fork, Jar, Met, Names,
        Overtaken, Phase, ProxyUsed, Response, Summary, UsualSave,
    },
    prepare::Given,
    template::{AnswerNeed, Found, Need, Recalled},
};

use super::{
    collection::News, effect::EditTarget, examples, key::Key, tidy::Tidied, viewer::BodyNews,
};

/// The number of one send within this run; the history's number comes when its row is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SendId(pub u64);

/// The number of a question asked to the edge; an answer to an older question is dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

/// One thing that happened, with the time at which it did.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    pub at: Timestamp,
    pub event: Event,
}

/// The things that can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Key(Key),
    Paste(String),
    Resize {
        columns: u16,
        rows: u16,
    },
    /// The terminal got the keyboard back: another program may have written the history meanwhile.
    FocusGained,
    /// Another posttui has written the history.
    HistoryChanged,
    /// The history cannot be opened: what is sent is in the memory alone.
    HistoryUnkept,
    /// A frame of the spinner; comes only while something is in flight.
    Tick,
    Send(SendId, SendEvent),
    /// The files of the draft that is to be sent were looked at.
    LookedAt {
        job: JobId,
        given: Given,
    },
    /// The proxy that was asked about, where it is one that is told the whole address.
    ProxyFound {
        job: JobId,
        proxy: Option<ProxyUsed>,
    },
    /// A folder was read, or why it cannot be.
    FolderRead {
        job: JobId,
        folder: Result<Folder, String>,
    },
    HistoryPage(HistoryPage),
    /// How many rows the filter finds in all: comes after the page, since counting may take longer.
    HistoryTotal {
        job: JobId,
        total: u64,
    },
    HistoryFailed {
        job: JobId,
        reason: String,
    },
    Loaded {
        id: ExchangeId,
        exchange: Option<Arc<Exchange>>,
    },
    /// Addresses that were answered well, for the exchange with a path that was not found.
    Answered {
        id: ExchangeId,
        urls: Vec<String>,
    },
    /// What becomes of examples of saved requests.
    Examples(examples::News),
    /// The values that the history has for keys of its filter.
    Met(Met),
    LoadFailed {
        id: ExchangeId,
        reason: String,
    },
    /// Two exchanges were compared, or why they could not be.
    Compared {
        job: JobId,
        compared: Result<Arc<Comparison>, String>,
    },
    /// What was put on exchanges or removed, or why it could not be.
    Tidied(Result<Tidied, String>),
    /// The sends to one place, the newest first, or why they cannot be read.
    Timeline {
        job: JobId,
        rows: Result<Vec<Summary>, String>,
    },
    /// What comes back for the viewer of a body.
    Body(BodyNews),
    /// What templates need was fetched.
    Gathered {
        job: JobId,
        found: Vec<(Need, Found)>,
    },
    /// The latest answer of a saved request was looked for.
    Recalled {
        job: JobId,
        need: AnswerNeed,
        recalled: Result<Recalled, String>,
    },
    /// The names that were sent.
    Names(Names),
    /// The environments as they are on disk.
    Environments(Environments),
    /// An environment could not be written, and why.
    EnvironmentUnsaved {
        save: Box<EnvironmentSave>,
        reason: String,
    },
    /// The options of every send could not be written, and why.
    UsualUnsaved {
        save: UsualSave,
        reason: String,
    },
    /// The file of an environment, or of the options of every send, is not as it was loaded: the user has to
    /// be asked.
    Overtaken(Box<Overtaken>),
    /// The cookies of an environment as they are on disk.
    Jar(Arc<Jar>),
    /// What a collection of saved requests answers.
    Collection(News),
    /// The user's editor has ended: the text, or why there is none.
    Edited {
        target: EditTarget,
        text: Result<String, String>,
    },
    /// Something at the edge has to be told to the user.
    Told(Notice),
    /// The system asks the program to end.
    Terminate,
}

/// How one send gets on.
#[derive(Debug, Clone, PartialEq)]
pub enum SendEvent {
    /// Its row is in the history, or could not be written, and why.
    Recorded(Result<ExchangeId, String>),
    Phase(Phase),
    Hop {
        number: usize,
        method: String,
        url: String,
    },
    /// The user has to log in on this page.
    Consent {
        url: String,
    },
    /// The user has to say whether a redirect is followed.
    Fork(Fork),
    /// An attempt came to nothing; another one follows after a wait.
    Retry(Again),
    /// A connection has taken so much of the request's body.
    Sent {
        bytes: u64,
        total: u64,
    },
    Received {
        bytes: u64,
        total: Option<u64>,
    },
    /// What has come of its response so far.
    Arriving(Arc<Response>),
    /// It has its outcome. `unsaved` says why the outcome could not be written to the history.
    Finished {
        exchange: Arc<Exchange>,
        unsaved: Option<String>,
    },
}

/// Rows of the history, newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryPage {
    pub job: JobId,
    /// Whether the rows follow those already shown; otherwise they replace them.
    pub appended: bool,
    pub rows: Vec<Summary>,
    /// Whether there is nothing older.
    pub complete: bool,
}

/// A sentence for the bottom line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub level: Level,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Info,
    Warning,
    Error,
}

impl Notice {
    pub fn info(text: impl Into<String>) -> Self {
        Self {
            level: Level::Info,
            text: text.into(),
        }
    }

    pub fn warning(text: impl Into<String>) -> Self {
        Self {
            level: Level::Warning,
            text: text.into(),
        }
    }

    pub fn error(text: impl Into<String>) -> Self {
        Self {
            level: Level::Error,
            text: text.into(),
        }
    }
}
