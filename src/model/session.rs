//! What posttui remembers between two runs besides the history.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ExchangeId, Origin, Request};

/// The unsent draft and where the user was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    pub draft: Request,
    pub focus: Focus,
    pub request_tab: RequestTab,
    /// The row of the open tab's table that the cursor is in, from 0.
    pub row: usize,
    pub cell: Cell,
    pub response_tab: ResponseTab,
    /// The line typed into the history's filter.
    pub filter: String,
    /// The exchange that the response zone shows.
    pub shown: Option<ExchangeId>,
    /// The name of the chosen environment.
    pub environment: Option<String>,
    /// The zone at the left.
    pub left: Left,
    /// The saved request that the draft belongs to.
    pub origin: Option<Origin>,
    /// The text of its file as it was read or written last: tells a change from outside.
    pub origin_text: Option<Arc<str>>,
    /// Whether the history is listed by day.
    pub by_day: bool,
    /// The jq filters used on bodies, the last one first.
    pub filters: Vec<String>,
    /// What comparisons of exchanges leave out; `None` for what they usually do.
    pub ignored: Option<Vec<String>>,
}

/// The zones that share the left of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Left {
    #[default]
    History,
    Collection,
}

/// The zones that can have the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Focus {
    #[default]
    Url,
    Request,
    Response,
    History,
    Collection,
}

/// The parts of a row that can have the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cell {
    /// The row as a whole, at its check box: here single keys act on the row.
    Toggle,
    #[default]
    Name,
    Value,
    /// In a multipart body: the content type of the part.
    Type,
    /// In a multipart body: the file name that the server is told.
    FileName,
}

/// The tabs of the request zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequestTab {
    #[default]
    Body,
    Headers,
    Query,
    /// The parameters in the URL's path; there only while it has some.
    Path,
    Auth,
    Rules,
    /// How it is sent.
    Options,
    /// What would go on the wire now.
    Preview,
}

impl RequestTab {
    pub const ALL: [Self; 8] = [
        Self::Body,
        Self::Headers,
        Self::Query,
        Self::Path,
        Self::Auth,
        Self::Rules,
        Self::Options,
        Self::Preview,
    ];
}

/// The tabs of the response zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResponseTab {
    #[default]
    Body,
    Headers,
    Meaning,
    Timing,
    Hops,
    Sent,
}

impl ResponseTab {
    pub const ALL: [Self; 6] = [
        Self::Body,
        Self::Headers,
        Self::Meaning,
        Self::Timing,
        Self::Hops,
        Self::Sent,
    ];
}
