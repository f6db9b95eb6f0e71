//! What is to be done in the world: everything that [`super::update`] asks the edge for.

use std::sync::Arc;

use bytes::Bytes;

use crate::{
    model::{
        Body, BodySpot, Environment, ExchangeId, PreparedRequest, Request, Session, Transport, Turn,
    },
    search::Filter,
    template::Need,
};

use super::{
    collection::Deed,
    message::{JobId, SendId},
};

/// One thing to do. The edge answers with messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write the row, send, finish the row.
    Send {
        send: SendId,
        request: Box<Request>,
        prepared: Box<PreparedRequest>,
    },
    /// Look at the files that a body and a way to the server name, and bring chance along: what preparing
    /// needs from outside.
    LookAt {
        job: JobId,
        body: Box<Body>,
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
    /// Find the addresses of a host that were answered well, to compare a path with that was not found.
    FindAnswered {
        id: ExchangeId,
        host: String,
    },
    /// Lay a body out for a width, off the draw thread.
    LayOut(LayOutJob),
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
    /// Read the environments anew.
    ReadEnvironments,
    /// Write one environment: its file, and its secrets where secrets are kept.
    SaveEnvironment(Box<Environment>),
    /// Lend the terminal to the user's editor with this text, and bring back what it becomes.
    EditOutside(EditJob),
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

/// A question to the history.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryQuery {
    pub job: JobId,
    pub filter: Filter,
    /// Only rows older than this one.
    pub before: Option<ExchangeId>,
    pub limit: usize,
}

/// A body to lay out.
#[derive(Debug, Clone, PartialEq)]
pub struct LayOutJob {
    pub job: JobId,
    pub body: Bytes,
    pub content_type: Option<String>,
    pub content_encoding: Option<String>,
    pub columns: u16,
}
