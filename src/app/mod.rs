//! The state machine: what the screen shows is [`State`], what happens is [`Message`](message::Message), and
//! [`update`] makes the next state and says what is to be done in the world. Nothing here waits,
//! reads a clock or a file, or draws.

mod arrange;
pub mod collection;
pub mod command;
mod commands;
mod compare;
pub mod convert;
mod cookies;
pub mod curl;
pub mod departure;
pub mod drafted;
pub mod editor;
pub mod effect;
mod environments;
pub mod examples;
mod focus;
pub mod followup;
mod fork;
mod kept;
pub mod key;
pub mod keymap;
pub mod late;
pub mod layout;
pub mod message;
pub mod outside;
pub mod panel;
mod past;
mod paste;
mod popup_undo;
pub mod replay;
pub mod rich;
pub mod send;
pub mod signs;
pub mod steps;
pub mod tidy;
pub mod transfer;
mod trust;
mod update;
pub mod viewer;
pub mod wrong;

use std::sync::Arc;

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};

use crate::model::{Environments, Focus, Left, Names, Request, Session};

pub use update::update;

use command::Context;
use departure::Departure;
use effect::Effect;
use followup::Followups;
use keymap::Keymap;
use message::{JobId, Notice};
use panel::{
    body_kind::KindPicker,
    builder::Builder,
    collection::CollectionPanel,
    compare::ComparePanel,
    confirm::Question,
    cookies::{CookieEditor, CookiesPanel},
    environment::EnvironmentEditor,
    environments::EnvironmentPicker,
    examples::ExamplesPanel,
    file_picker::FilePicker,
    help::Help,
    history::HistoryPanel,
    method::MethodPicker,
    name::NamePrompt,
    palette::Palette,
    prompt::Prompt,
    response::{ResponsePanel, Shown},
    rows::RowsText,
    rules::RuleProblems,
    shared_options::SharedOptions,
    timeline::TimelinePanel,
    wire::Wire,
};
use send::Sends;

/// Everything that the screen is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    pub now: Timestamp,
    pub time_zone: TimeZone,
    pub keymap: Keymap,
    pub focus: Focus,
    /// The draft.
    pub builder: Builder,
    pub sends: Sends,
    /// A send that waits for something before it goes on the wire.
    pub departure: Option<Departure>,
    /// The environments as they were read last.
    /// The names that were sent, to complete what is typed.
    pub names: Names,
    pub environments: Environments,
    /// The name of the chosen one.
    pub environment: Option<String>,
    /// Its cookies.
    open_jar: cookies::OpenJar,
    pub response: ResponsePanel,
    pub history: HistoryPanel,
    pub collection: CollectionPanel,
    /// The saved requests that were read, as they were then.
    pub bases: collection::Bases,
    /// The zone at the left.
    pub left: Left,
    /// Whether a past exchange is being looked at, its request in place of the draft.
    pub viewing: bool,
    /// The request of the exchange being looked at.
    pub viewed: Option<Builder>,
    /// Exchanges that are sent again, one after the other.
    pub replay: replay::Replay,
    /// What comparisons leave out; `None` for what they usually do.
    pub ignored: Option<Vec<String>>,
    /// What the shown request would put on the wire.
    pub wire: Wire,
    /// Which of the shown rules are none.
    pub rule_problems: RuleProblems,
    /// What goes on after steps.
    pub followups: Followups,
    /// What lies over the zones and has the keys.
    pub popup: Option<Popup>,
    /// What was typed in it before.
    popup_undo: popup_undo::PopupUndo,
    /// The sentence on the bottom line, until the next key.
    pub notice: Option<Notice>,
    /// The address of the playground server, when it runs inside this program.
    pub playground: Option<String>,
    /// Whether nothing of this session is written down.
    pub is_private: bool,
    /// The last number given to a question to the edge.
    pub jobs: JobId,
    /// What was kept last: after every update it is how things are.
    saved: Arc<Session>,
}

/// What lies over the zones.
#[derive(Debug, Clone, PartialEq)]
pub enum Popup {
    Method(MethodPicker),
    Kind(KindPicker),
    Files(FilePicker),
    Palette(Palette),
    Name(NamePrompt),
    Question(Question),
    Help(Help),
    Environments(EnvironmentPicker),
    Environment(Box<EnvironmentEditor>),
    Options(Box<SharedOptions>),
    Prompt(Prompt),
    Rows(RowsText),
    Compare(Box<ComparePanel>),
    Timeline(Box<TimelinePanel>),
    Examples(Box<ExamplesPanel>),
    Cookies(CookiesPanel),
    Cookie(Box<CookieEditor>),
}

/// What a program start brings along.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    pub size: (u16, u16),
    pub now: Timestamp,
    pub time_zone: TimeZone,
    pub keymap: Keymap,
    pub session: Session,
    /// A draft that takes the place of the kept one, which undo brings back.
    pub draft: Option<Request>,
    /// What is to be told of it: what the curl command says that it was read from and it does not.
    pub notes: Vec<String>,
    pub environments: Environments,
    pub playground: Option<String>,
    /// Nothing is written down: history and draft end with the program.
    pub is_private: bool,
}

impl State {
    /// The state at the start, and the first things to do.
    pub fn new(start: Start) -> (Self, Vec<Effect>) {
        let session = start.session;
        let mut builder = Builder::new(&session.draft);
        let mut bases = collection::Bases::default();
        builder.origin = session.origin.clone().map(Arc::new);
        if let (Some(origin), Some(text)) = (&session.origin, &session.origin_text) {
            bases.insert(origin.clone(), text);
        }
        builder.open_tab(session.request_tab);
        builder.to_place(session.row, session.cell);
        let mut focus = session.focus;
        if let Some(draft) = start.draft {
            let before = builder.draft();
            builder.load(&draft);
            builder.edited(|| before, false, Focus::Url);
            focus = Focus::Url;
        }
        let mut state = Self {
            size: start.size,
            now: start.now,
            time_zone: start.time_zone,
            keymap: start.keymap,
            focus,
            builder,
            sends: Sends::default(),
            departure: None,
            names: Names::default(),
            environments: start.environments,
            environment: session.environment.clone(),
            open_jar: cookies::OpenJar::default(),
            response: ResponsePanel::default(),
            history: HistoryPanel::new(&session.filter, session.shown),
            collection: CollectionPanel::default(),
            bases,
            left: session.left,
            viewing: false,
            viewed: None,
            replay: replay::Replay::default(),
            ignored: session.ignored.clone(),
            wire: Wire::default(),
            rule_problems: RuleProblems::default(),
            followups: Followups::default(),
            popup: None,
            popup_undo: popup_undo::PopupUndo::default(),
            notice: None,
            playground: start.playground,
            is_private: start.is_private,
            jobs: JobId::default(),
            saved: Arc::new(session.clone()),
        };
        let step_keys =
            (1..=9).map(|number| state.key_name(Context::Response, &format!("step-{number}")));
        state.response.step_keys = step_keys.collect();
        state.response.open_tab(session.response_tab);
        if session.by_day {
            state.history.toggle_days();
        }
        curl::tell(&mut state, &start.notes);
        state
            .response
            .body_page
            .remember_filters(session.filters.clone());
        let mut effects = state.query_history();
        effects.push(Effect::Collection(collection::Deed::Scan));
        if let Some(id) = session.shown {
            state.viewing = state.focus == Focus::History;
            effects.extend(state.show_exchange(id));
        }
        effects.push(Effect::ReadNames);
        effects.extend(state.follow_jar());
        effects.extend(state.arrange());
        effects.extend(state.keep(None));
        (state, effects)
    }

    /// Whether something moves on the screen by itself.
    pub fn is_animated(&self) -> bool {
        self.sends.count() > 0
            || self.response.waiting(self.now).is_some()
            || self.followups.is_waiting()
    }

    /// The page that the shown send waits for the user to log in on.
    pub fn consent(&self) -> Option<String> {
        let Shown::InFlight(send) = self.response.shown() else {
            return None;
        };
        self.sends.get(*send)?.consent.clone()
    }

    /// Local time.
    pub fn local_now(&self) -> ZonedDateTime {
        self.now.to_zoned_datetime(self.time_zone.clone())
    }

    /// The request that the request zone shows: the draft, or that of the exchange being looked at.
    pub fn shown_builder(&self) -> &Builder {
        match &self.viewed {
            Some(viewed) if self.viewing => viewed,
            _ => &self.builder,
        }
    }
}
