//! What a user can do: every command is one row with its name, help and deed. The keys stand in
//! `assets/keys.toml`; help, palette and the hints at the bottom are made from both.

use super::{State, commands, effect::Effect};

/// One thing that a user can do.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// As the key table and the palette call it.
    pub name: &'static str,
    pub context: Context,
    /// For the hints at the bottom; empty for what needs no hint.
    pub hint: &'static str,
    pub help: &'static str,
    /// Does it; `None` when there is nothing to do here, so that the key goes on outward.
    pub run: fn(&mut State) -> Option<Vec<Effect>>,
}

impl PartialEq for Command {
    fn eq(&self, other: &Self) -> bool {
        (self.context, self.name) == (other.context, other.name)
    }
}

/// Where a key means something. Several hold at once; the innermost one that knows a key has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    Anywhere,
    Url,
    /// In the name or value of a row.
    Fields,
    /// On a row as a whole.
    Row,
    /// In the text of a row with a fixed label.
    Setting,
    /// On a row with a fixed label that is one of several.
    Choice,
    /// In a JSON or text body.
    BodyText,
    /// In the rows of a table as one text.
    RowsText,
    /// In the preview of what would go on the wire.
    Preview,
    /// In a path or a content type of a body.
    BodyLine,
    /// On the tab titles of the request zone.
    Tabs,
    /// In the response, while a redirect waits for a decision.
    Fork,
    Response,
    /// In the body of a response.
    ResponseBody,
    /// In a line typed below the body: a search, a filter, a file's name.
    BodyEntry,
    History,
    Filter,
    /// In the tree of saved requests.
    Collection,
    CollectionFilter,
    /// Any text being typed.
    Text,
    /// A list to choose from: methods, palette.
    List,
    /// A name being typed.
    Name,
    Question,
    /// The list of environments.
    Environments,
    /// One environment being edited.
    Variables,
    /// The options of an environment, or of every send.
    Shared,
    /// The list of cookies.
    Cookies,
    /// One cookie being edited.
    Cookie,
    /// A value that is asked for before a send.
    Prompt,
    Help,
    /// In a comparison of two exchanges.
    Compare,
    /// In the timeline of an endpoint.
    Timeline,
    /// In the list of a saved request's examples.
    Examples,
}

impl Context {
    /// Every context, in the order of the help.
    pub const ALL: &[Self] = &[
        Self::Anywhere,
        Self::Url,
        Self::Fields,
        Self::Row,
        Self::Setting,
        Self::Choice,
        Self::BodyText,
        Self::RowsText,
        Self::Preview,
        Self::BodyLine,
        Self::Tabs,
        Self::Fork,
        Self::Response,
        Self::ResponseBody,
        Self::BodyEntry,
        Self::History,
        Self::Filter,
        Self::Collection,
        Self::CollectionFilter,
        Self::Text,
        Self::List,
        Self::Name,
        Self::Question,
        Self::Environments,
        Self::Variables,
        Self::Shared,
        Self::Cookies,
        Self::Cookie,
        Self::Prompt,
        Self::Help,
        Self::Compare,
        Self::Timeline,
        Self::Examples,
    ];

    /// As the key table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anywhere => "anywhere",
            Self::Url => "url",
            Self::Fields => "fields",
            Self::Row => "row",
            Self::Setting => "setting",
            Self::Choice => "choice",
            Self::BodyText => "body-text",
            Self::RowsText => "rows-text",
            Self::Preview => "preview",
            Self::BodyLine => "body-line",
            Self::Tabs => "tabs",
            Self::Fork => "fork",
            Self::Response => "response",
            Self::ResponseBody => "response-body",
            Self::BodyEntry => "body-entry",
            Self::History => "history",
            Self::Filter => "filter",
            Self::Collection => "collection",
            Self::CollectionFilter => "collection-filter",
            Self::Text => "text",
            Self::List => "list",
            Self::Name => "name",
            Self::Question => "question",
            Self::Environments => "environments",
            Self::Variables => "variables",
            Self::Shared => "shared-options",
            Self::Cookies => "cookies",
            Self::Cookie => "cookie",
            Self::Prompt => "prompt",
            Self::Help => "help",
            Self::Compare => "compare",
            Self::Timeline => "timeline",
            Self::Examples => "examples",
        }
    }

    /// As the help calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Anywhere => "Anywhere",
            Self::Url => "In the URL",
            Self::Fields => "In a row of fields, headers, query or rules",
            Self::Row => "On a row as a whole (Esc from its texts)",
            Self::Setting => "In a text of the auth or the options tab",
            Self::Choice => "On a choice of the auth or the options tab",
            Self::BodyText => "In a JSON, text or GraphQL body",
            Self::RowsText => "In the rows as text",
            Self::Preview => "In the preview",
            Self::BodyLine => "In the path or the content type of a body",
            Self::Tabs => "On the tab titles of the request",
            Self::Fork => "At a redirect that waits for you",
            Self::Response => "In the response",
            Self::ResponseBody => "In the body of a response",
            Self::BodyEntry => "In a search, a filter or a file name below the body",
            Self::History => "In the history",
            Self::Filter => "In the history's filter",
            Self::Collection => "In the collection",
            Self::CollectionFilter => "In the collection's filter",
            Self::Text => "In any text",
            Self::List => "In a list",
            Self::Name => "In a name being typed",
            Self::Question => "At a question",
            Self::Environments => "In the list of environments",
            Self::Variables => "In an environment",
            Self::Shared => "In the options of an environment, or of every send",
            Self::Cookies => "In the list of cookies",
            Self::Cookie => "In a cookie being edited",
            Self::Prompt => "At a value asked for before a send",
            Self::Help => "In this help",
            Self::Compare => "In a comparison",
            Self::Timeline => "In a timeline",
            Self::Examples => "In a list of examples",
        }
    }
}

/// Every command.
pub fn all() -> impl Iterator<Item = &'static Command> {
    commands::TABLES.iter().flat_map(|table| table.iter())
}

/// The commands of one context.
pub fn of(context: Context) -> impl Iterator<Item = &'static Command> {
    all().filter(move |command| command.context == context)
}
