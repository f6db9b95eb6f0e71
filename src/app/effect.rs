//! What is to be done in the world: everything that [`super::update`] asks the edge for.

use bytes::Bytes;

use crate::{
    model::{Body, Environment, ExchangeId, PreparedRequest, Request, Session},
    search::Filter,
    template::Need,
};

use super::message::{JobId, SendId};

/// One thing to do. The edge answers with messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write the row, send, finish the row.
    Send {
        send: SendId,
        request: Box<Request>,
        prepared: Box<PreparedRequest>,
    },
    /// Look at the files that a body names, and bring chance along: what preparing needs from outside.
    LookAt {
        job: JobId,
        body: Box<Body>,
    },
    /// Read a folder, its path as typed; empty for the one that posttui was started in.
    ReadFolder {
        job: JobId,
        path: String,
    },
    Cancel(SendId),
    QueryHistory(HistoryQuery),
    Load(ExchangeId),
    /// Lay a body out for a width, off the draw thread.
    LayOut(LayOutJob),
    /// Keep the draft and the places; the edge writes the latest one only.
    SaveSession(Box<Session>),
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
    /// Hand the terminal back to the shell that posttui was started from, until it is continued.
    Suspend,
    Quit,
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
