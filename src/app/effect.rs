//! What is to be done in the world: everything that [`super::update`] asks the edge for.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;

use crate::{
    compare::Pair,
    model::{
        Body, BodySpot, CookieChange, EnvironmentSave, ExchangeId, Origin, PreparedRequest,
        Request, Session, Transport, Turn, UsualSave,
    },
    search::Filter,
    template::{AnswerNeed, Need},
};

use super::{
    collection::Deed,
    examples,
    message::{JobId, SendId},
    tidy::Tidy,
    viewer::BodyDeed,
};

/// One thing to do. The edge answers with messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write the row, send, finish the row.
    Send {
        send: SendId,
        request: Box<Request>,
        prepared: Box<PreparedRequest>,
        /// The saved request that it is.
        origin: Option<Origin>,
    },
    /// Look at the files that a body and a way to the server name, and bring chance along: what preparing
    /// needs from outside.
    LookAt {
        job: JobId,
        body: Box<Body>,
        way: Box<Transport>,
    },
    /// Find out which proxy a URL of plain HTTP goes by way of: that follows from the environment, too.
    FindProxy {
        job: JobId,
        url: String,
        way: Box<Transport>,
    },
    /// Read a folder, its path as typed; empty for the one that posttui was started in.
    ReadFolder {
        job: JobId,
        path: String,
    },
    Cancel(SendId),
    /// What the user says to a redirect.
    Turn(SendId, Turn),
    QueryHistory(HistoryQuery),
    Load(ExchangeId),
    Compare(CompareJob),
    /// Put something on exchanges of the history, or remove some.
    Tidy(Tidy),
    /// Find the addresses of a host that were answered well, to compare a path with that was not found.
    FindAnswered {
        id: ExchangeId,
        host: String,
    },
    /// Do something with examples of saved requests.
    Examples(examples::Deed),
    /// Read which values the history has for keys of its filter.
    ReadMet,
    /// Read the sends to the place of this one.
    Timeline {
        job: JobId,
        id: ExchangeId,
    },
    /// Do something for the viewer of a body.
    Body(BodyDeed),
    /// Do something with the collection of saved requests.
    Collection(Deed),
    /// Keep the draft and the places; the edge writes the latest one only.
    SaveSession(Arc<Session>),
    Copy {
        text: String,
        what: &'static str,
    },
    /// Show a page in the user's browser.
    OpenPage(String),
    /// Fetch what templates need: everything but what the user is asked for.
    Gather {
        job: JobId,
        needs: Vec<Need>,
    },
    /// Look for the latest answer of a saved request of the collection in this folder.
    Recall {
        job: JobId,
        root: PathBuf,
        need: AnswerNeed,
    },
    /// Look for the names that were sent, to complete what is typed.
    ReadNames,
    /// Read the environments anew.
    ReadEnvironments,
    /// Write one environment: its file, and its secrets where secrets are kept.
    SaveEnvironment(Box<EnvironmentSave>),
    /// Write the options of every send.
    SaveUsual(UsualSave),
    /// Give an environment another name.
    RenameEnvironment {
        from: String,
        to: String,
    },
    /// Move an environment to the trash, and forget its secrets and cookies.
    DeleteEnvironment(String),
    /// Read the cookies of an environment; `None` stands for no environment.
    ReadJar(Option<String>),
    /// Change the cookies of an environment on disk.
    ChangeJar {
        environment: Option<String>,
        changes: Vec<CookieChange>,
    },
    /// Lend the terminal to the user's editor with this text, and bring back what it becomes.
    EditOutside(EditJob),
    /// Lend the terminal to another program that shows a body.
    ShowOutside(ShowJob),
    /// Hand the terminal back to the shell that posttui was started from, until it is continued.
    Suspend,
    Quit,
}

/// A text for the user's own editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditJob {
    pub target: EditTarget,
    pub text: String,
    /// Of the file's name, so that the editor knows what it shows.
    pub extension: &'static str,
}

/// A body for another program to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowJob {
    pub body: Bytes,
    /// Of the file's name, so that the program knows what it shows.
    pub extension: &'static str,
    pub program: Program,
}

/// The programs that the environment names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Pager,
    Editor,
}

/// Where an edited text goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditTarget {
    /// The rows of the open tab.
    Rows,
    /// A text of the body.
    BodyText(BodySpot),
    /// The text in the popup.
    Popup,
}

/// Two exchanges to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareJob {
    pub job: JobId,
    pub pair: Pair,
    /// As the user typed it: see [`crate::compare::Ignored`].
    pub ignored: Vec<String>,
}

/// A question to the history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryQuery {
    pub job: JobId,
    pub filter: Filter,
    /// Only rows older than this one.
    pub before: Option<ExchangeId>,
    pub limit: usize,
}
