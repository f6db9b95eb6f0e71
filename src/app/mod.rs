//! The state machine: what the screen shows is [`State`], what happens is [`Message`], and
//! [`update`] makes the next state and says what is to be done in the world. Nothing here waits,
//! reads a clock or a file, or draws.

pub mod collection;
pub mod command;
mod commands;
mod compare;
pub mod convert;
mod cookies;
pub mod curl;
pub mod departure;
pub mod editor;
pub mod effect;
mod environments;
pub mod followup;
mod fork;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod message;
pub mod outside;
pub mod panel;
mod paste;
mod popup_undo;
pub mod replay;
pub mod rich;
pub mod send;
pub mod steps;
pub mod tidy;
pub mod transfer;
pub mod viewer;

use std::sync::Arc;

use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};

use crate::model::{Environments, Exchange, ExchangeId, Focus, Left, Request, RequestTab, Session};

use command::Context;
use departure::Departure;
use editor::Editor;
use effect::Effect;
use followup::Followups;
use key::Key;
use keymap::Keymap;
use layout::{Area, Layout, Mode};
use message::{Event, JobId, Message, Notice};
use panel::{
    body_kind::KindPicker,
    builder::Builder,
    collection::CollectionPanel,
    compare::ComparePanel,
    confirm::Question,
    cookies::{CookieEditor, CookieLine, CookiesPanel},
    environment::EnvironmentEditor,
    environments::EnvironmentPicker,
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
    timeline::TimelinePanel,
    undo::Draft,
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
    Prompt(Prompt),
    Rows(RowsText),
    Compare(Box<ComparePanel>),
    Timeline(Box<TimelinePanel>),
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
        effects.extend(state.follow_jar());
        effects.extend(state.arrange());
        effects.extend(state.keep(None));
        (state, effects)
    }

    pub fn layout(&self) -> Layout {
        layout::layout(self.size, self.focus)
    }

    /// The area of a popup that fills most of the screen, within its border.
    pub fn popup_inner(&self) -> Area {
        self.popup_area().inner()
    }

    /// The area of a popup that fills most of the screen.
    pub fn popup_area(&self) -> Area {
        let (columns, rows) = self.size;
        let width = columns.saturating_sub(4).min(100);
        let height = rows.saturating_sub(2).min(40);
        Area {
            x: (columns - width) / 2,
            y: (rows - height) / 2,
            width,
            height,
        }
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

    /// What is to be kept for the next start, with the draft as it is now.
    fn session(&self, draft: Request) -> Session {
        let (row, cell) = self.builder.tab_place().unwrap_or_default();
        // A path that is no UTF-8 cannot be written down, and must not keep the draft from it.
        let origin = self.builder.origin.as_deref();
        let origin = origin.filter(|origin| origin.root.to_str().is_some());
        Session {
            draft,
            focus: self.focus,
            request_tab: self.builder.tab,
            row,
            cell,
            response_tab: self.response.tab,
            filter: self.history.filter.text().to_owned(),
            shown: self.response.id().filter(|id| id.0 > 0),
            environment: self.environment.clone(),
            left: self.left,
            origin: origin.cloned(),
            origin_text: origin.and_then(|origin| self.bases.text(origin)),
            filters: self.response.body_page.filters().to_vec(),
            ignored: self.ignored.clone(),
        }
    }

    /// The request that the request zone shows: the draft, or that of the exchange being looked at.
    pub fn shown_builder(&self) -> &Builder {
        match &self.viewed {
            Some(viewed) if self.viewing => viewed,
            _ => &self.builder,
        }
    }

    /// Where keys mean something now, innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        match &self.popup {
            Some(Popup::Method(_) | Popup::Kind(_) | Popup::Files(_) | Popup::Palette(_)) => {
                vec![Context::List, Context::Text]
            }
            Some(Popup::Name(_)) => vec![Context::Name, Context::Text],
            Some(Popup::Question(_)) => vec![Context::Question],
            Some(Popup::Help(_)) => vec![Context::Help],
            Some(Popup::Environments(_)) => vec![Context::Environments],
            Some(Popup::Environment(editor))
                if editor.line == panel::environment::Line::Production =>
            {
                vec![Context::Variables]
            }
            Some(Popup::Environment(_)) => vec![Context::Variables, Context::Text],
            Some(Popup::Prompt(_)) => vec![Context::Prompt, Context::Text],
            Some(Popup::Compare(_)) => vec![Context::Compare],
            Some(Popup::Timeline(_)) => vec![Context::Timeline],
            Some(Popup::Rows(_)) => vec![Context::RowsText, Context::Text],
            Some(Popup::Cookies(_)) => vec![Context::Cookies],
            Some(Popup::Cookie(editor)) => match editor.line {
                CookieLine::Secure | CookieLine::HttpOnly => vec![Context::Cookie],
                _ => vec![Context::Cookie, Context::Text],
            },
            None => self.zone_contexts(),
        }
    }

    fn zone_contexts(&self) -> Vec<Context> {
        match self.focus {
            Focus::Url => vec![Context::Url, Context::Text, Context::Anywhere],
            Focus::Request if self.builder.on_tabs => vec![Context::Tabs, Context::Anywhere],
            Focus::Request if let Some(spot) = self.builder.spot() => {
                let context = if spot.has_lines() {
                    Context::BodyText
                } else {
                    Context::BodyLine
                };
                vec![context, Context::Text, Context::Anywhere]
            }
            Focus::Request if self.builder.on_row(self.focus) => {
                vec![Context::Row, Context::Anywhere]
            }
            Focus::Request if self.builder.shown_table().is_some() => {
                vec![Context::Fields, Context::Text, Context::Anywhere]
            }
            Focus::Request if self.builder.tab == RequestTab::Preview => {
                vec![Context::Preview, Context::Anywhere]
            }
            Focus::Request => match self.builder.settings() {
                Some(settings) if settings.on_choice() => vec![Context::Choice, Context::Anywhere],
                Some(_) => vec![Context::Setting, Context::Text, Context::Anywhere],
                None => vec![Context::Tabs, Context::Anywhere],
            },
            Focus::Response if fork::waiting(self).is_some() => {
                vec![Context::Fork, Context::Response, Context::Anywhere]
            }
            Focus::Response if self.response.body_page.entry.is_some() => {
                vec![Context::BodyEntry, Context::Text, Context::Anywhere]
            }
            Focus::Response if self.response.on_body() => {
                vec![Context::ResponseBody, Context::Response, Context::Anywhere]
            }
            Focus::Response => vec![Context::Response, Context::Anywhere],
            Focus::History if self.history.filtering => {
                vec![Context::Filter, Context::Text, Context::Anywhere]
            }
            Focus::History => vec![Context::History, Context::Anywhere],
            Focus::Collection if self.collection.filtering => {
                vec![Context::CollectionFilter, Context::Text, Context::Anywhere]
            }
            Focus::Collection => vec![Context::Collection, Context::Anywhere],
        }
    }

    /// The text that typing goes into.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        match &mut self.popup {
            Some(Popup::Method(picker)) => Some(&mut picker.typed),
            Some(Popup::Kind(picker)) => Some(&mut picker.typed),
            Some(Popup::Files(picker)) => Some(&mut picker.typed),
            Some(Popup::Palette(palette)) => Some(&mut palette.typed),
            Some(Popup::Environment(editor)) => editor.editor(),
            Some(Popup::Prompt(prompt)) => Some(&mut prompt.typed),
            Some(Popup::Name(prompt)) => Some(&mut prompt.typed),
            Some(Popup::Cookie(editor)) => editor.editor(),
            Some(
                Popup::Question(_)
                | Popup::Help(_)
                | Popup::Environments(_)
                | Popup::Cookies(_)
                | Popup::Timeline(_)
                | Popup::Compare(_),
            ) => None,
            None if self.focus == Focus::Collection && self.collection.filtering => {
                Some(&mut self.collection.filter)
            }
            Some(Popup::Rows(rows)) => Some(&mut rows.editor),
            None if self.focus == Focus::History && self.history.filtering => {
                Some(&mut self.history.filter)
            }
            None if self.focus == Focus::Response => self.response.body_page.editor(),
            None => self.builder.editor(self.focus),
        }
    }

    /// What follows from a change of the text under the cursor.
    fn text_changed(&mut self) -> Vec<Effect> {
        match &mut self.popup {
            Some(Popup::Method(picker)) => picker.chosen = 0,
            Some(Popup::Kind(picker)) => picker.chosen = 0,
            Some(Popup::Files(picker)) => picker.chosen = 0,
            Some(Popup::Palette(palette)) => palette.chosen = 0,
            Some(Popup::Name(prompt)) => prompt.problem = None,
            Some(Popup::Rows(rows)) => rows.apply(&mut self.builder),
            None if self.focus == Focus::History => return self.query_history(),
            None if self.focus == Focus::Response => {
                return self.response.body_page.typed(&mut self.jobs);
            }
            None if self.focus == Focus::Collection => self.collection.arrange(),
            Some(Popup::Environment(editor)) => editor.edited(),
            Some(Popup::Cookie(editor)) => editor.edited(),
            Some(
                Popup::Question(_)
                | Popup::Help(_)
                | Popup::Environments(_)
                | Popup::Prompt(_)
                | Popup::Timeline(_)
                | Popup::Compare(_)
                | Popup::Cookies(_),
            )
            | None => {}
        }
        Vec::new()
    }

    /// Puts the cursor into a zone.
    fn go(&mut self, focus: Focus) -> Vec<Effect> {
        if self.focus == Focus::Url && focus != Focus::Url {
            send::complete_url(self);
        }
        self.focus = focus;
        self.history.filtering = false;
        self.collection.filtering = false;
        self.response.body_page.entry = None;
        match focus {
            Focus::Url | Focus::Request => self.viewing = false,
            Focus::History => {
                self.left = Left::History;
                return self.view_selected();
            }
            Focus::Collection => {
                self.left = Left::Collection;
                self.viewing = false;
                self.collection.walk(0);
            }
            Focus::Response => {}
        }
        Vec::new()
    }

    fn go_tab(&mut self, tab: RequestTab) -> Vec<Effect> {
        self.builder.open_tab(tab);
        self.go(Focus::Request)
    }

    /// Tab and Shift-Tab: through the cells of a table, then through the zones.
    fn go_on(&mut self, forward: bool) -> Vec<Effect> {
        let in_rows = self.focus == Focus::Request && !self.builder.on_tabs;
        if in_rows && (self.builder.step_cell(forward) || self.builder.turn_spot(forward)) {
            return Vec::new();
        }
        let left = match self.left {
            Left::History => Focus::History,
            Left::Collection => Focus::Collection,
        };
        let zones = [Focus::Url, Focus::Request, Focus::Response, left];
        let next = panel::turn(&zones, self.focus, forward);
        if next == Focus::Request {
            self.builder.on_tabs = false;
            if forward {
                self.builder.to_start();
            } else {
                self.builder.to_end();
            }
        }
        self.go(next)
    }

    /// Esc, when nothing is in flight: out of what is innermost.
    fn step_back(&mut self) {
        match self.focus {
            Focus::History | Focus::Response if self.viewing => self.viewing = false,
            Focus::Response => self.focus = Focus::Request,
            Focus::Request | Focus::History | Focus::Collection => drop(self.go(Focus::Url)),
            Focus::Url => {}
        }
        if self.layout().mode == Mode::Narrow && !self.viewing && self.focus == Focus::History {
            drop(self.go(Focus::Url));
        }
    }

    fn start_filter(&mut self) -> Vec<Effect> {
        let mut effects = self.go(Focus::History);
        self.history.filtering = true;
        effects.push(Effect::ReadMet);
        effects
    }

    /// Leaves the filter line; without `keep` it is emptied first, when it is not empty already.
    fn end_filter(&mut self, keep: bool) -> Vec<Effect> {
        if keep || self.history.filter.is_empty() {
            self.history.filtering = false;
            return Vec::new();
        }
        self.history.filter.set("");
        self.query_history()
    }

    /// Asks for the rows of the history anew.
    pub fn query_history(&mut self) -> Vec<Effect> {
        let now = self.local_now();
        self.history.query(&now, &mut self.jobs)
    }

    fn walk_history(&mut self, by: isize) -> Vec<Effect> {
        let now = self.local_now();
        let Some((id, mut effects)) = self.history.walk(by, &now, &mut self.jobs) else {
            return Vec::new();
        };
        self.viewing = true;
        effects.extend(self.show_exchange(id));
        effects
    }

    /// On entering the history: the chosen row is looked at.
    fn view_selected(&mut self) -> Vec<Effect> {
        match self.history.selected() {
            Some(id) => {
                self.viewing = true;
                self.show_exchange(id)
            }
            None => self.walk_history(0),
        }
    }

    /// Shows an exchange of the history, or the send in flight that it is.
    fn show_exchange(&mut self, id: ExchangeId) -> Vec<Effect> {
        if let Some(in_flight) = self.sends.of_exchange(id) {
            let shown = Shown::InFlight(in_flight.send);
            self.viewed = None;
            return self.response.show(shown, &mut self.jobs);
        }
        if let Some(exchange) = self.response.exchange()
            && exchange.id == id
        {
            self.viewed = Some(viewed(&exchange.request, self.builder.tab));
            return Vec::new();
        }
        self.viewed = None;
        let mut effects = self.response.show(Shown::Loading(id), &mut self.jobs);
        effects.push(Effect::Load(id));
        effects
    }

    fn loaded(&mut self, id: ExchangeId, exchange: Option<Arc<Exchange>>) -> Vec<Effect> {
        if self.replay.wants(id) {
            return replay::loaded(self, id, exchange);
        }
        if *self.response.shown() != Shown::Loading(id) {
            return Vec::new();
        }
        let Some(exchange) = exchange else {
            let reason = "it is not in the history any more".to_owned();
            return self
                .response
                .show(Shown::Missing(id, reason), &mut self.jobs);
        };
        self.viewed = Some(viewed(&exchange.request, self.builder.tab));
        let mut effects = self
            .response
            .show(Shown::Exchange(exchange), &mut self.jobs);
        effects.extend(self.compare_paths());
        effects
    }

    /// Loads the shown exchange's request into the builder; undo brings the draft back.
    fn load_shown(&mut self) -> Option<Vec<Effect>> {
        let (request, id) = match self.response.shown() {
            Shown::Exchange(exchange) => (exchange.request.clone(), exchange.id),
            _ => return None,
        };
        self.builder.load(&request);
        self.builder.on_tabs = false;
        self.notice = Some(Notice::info(format!(
            "Request #{id} is in the builder: edit it and send again. Undo ({}) brings the draft back.",
            self.key_name(Context::Anywhere, "undo")
        )));
        let has_fields = self
            .builder
            .shown_table()
            .is_some_and(|table| table.sent() > 0);
        Some(self.go(if has_fields {
            Focus::Request
        } else {
            Focus::Url
        }))
    }

    /// The key of a command, as the screen names it.
    pub fn key_name(&self, context: Context, name: &str) -> String {
        let command = command::of(context).find(|command| command.name == name);
        let key = command.and_then(|command| self.keymap.keys_of(command).next());
        key.map_or_else(|| "palette".to_owned(), Key::short)
    }

    fn quit(&mut self) -> Vec<Effect> {
        self.popup = None;
        let session = self.session(self.builder.request());
        vec![self.save(session), Effect::Quit]
    }

    fn save(&mut self, session: Session) -> Effect {
        self.saved = Arc::new(session);
        Effect::SaveSession(Arc::clone(&self.saved))
    }

    /// Keeps what is not kept yet; `draft` is the present one where it is known already.
    fn keep(&mut self, draft: Option<Request>) -> Option<Effect> {
        let draft = draft.unwrap_or_else(|| self.builder.request());
        let session = self.session(draft);
        (*self.saved != session).then(|| self.save(session))
    }

    /// What may have changed while the user was elsewhere is read anew.
    fn look_around(&mut self) -> Vec<Effect> {
        let mut effects = self.query_history();
        effects.push(Effect::ReadEnvironments);
        effects.push(self.read_jar());
        effects.push(Effect::Collection(collection::Deed::Scan));
        effects
    }

    /// Gives every zone its size.
    fn arrange(&mut self) -> Vec<Effect> {
        let layout = self.layout();
        let mut effects = Vec::new();
        if let Some(area) = layout.response {
            let inner = area.inner();
            effects = self
                .response
                .resize(inner.width, inner.height, &mut self.jobs);
        }
        if let Some(area) = layout.history {
            self.history
                .resize(area.inner().below(panel::history::HEAD_ROWS).height);
            self.collection
                .resize(area.inner().below(panel::collection::HEAD_ROWS).height);
        }
        self.show_options();
        if let Some(area) = layout.request {
            effects.extend(self.preview(area.inner()));
        }
        if self.shown_builder().tab == RequestTab::Rules {
            let mut problems = std::mem::take(&mut self.rule_problems);
            problems.refresh(&self.shown_builder().rules);
            self.rule_problems = problems;
        }
        let window = self.compare_area().inner();
        if let Some(Popup::Compare(panel)) = &mut self.popup {
            panel.resize(window.width, window.height);
        }
        let height = self.popup_inner().height;
        if let Some(Popup::Help(help)) = &mut self.popup {
            help.scroll_by(0, height);
        }
        effects
    }
}

fn viewed(request: &Request, tab: RequestTab) -> Builder {
    let mut builder = Builder::new(request);
    builder.open_tab(tab);
    builder
}

/// Makes the next state; answers with what is to be done in the world.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    state.now = message.at;
    let mut draft = None;
    let mut effects = match message.event {
        Event::Key(key) => {
            let typed = key.typed().is_some();
            edit(state, typed, &mut draft, |state| {
                popup_undo::watch(state, typed, |state| press(state, key))
            })
        }
        Event::Paste(text) => edit(state, true, &mut draft, |state| {
            popup_undo::watch(state, false, |state| paste::paste(state, &text))
        }),
        Event::Resize { columns, rows } => {
            state.size = (columns, rows);
            Vec::new()
        }
        Event::FocusGained => state.look_around(),
        Event::Gathered { job, found } => departure::gathered(state, job, found),
        Event::Recalled {
            job,
            need,
            recalled,
        } => departure::recalled(state, job, need, recalled),
        Event::Environments(environments) => {
            state.take_environments(environments);
            Vec::new()
        }
        Event::EnvironmentUnsaved {
            environment,
            reason,
        } => {
            state.environment_unsaved(&environment, &reason);
            Vec::new()
        }
        Event::Jar(jar) => state.take_jar(jar),
        Event::Tick if !state.followups.is_waiting() => return Vec::new(),
        Event::Tick => followup::tick(state),
        Event::Send(send, event) => send::report(state, send, event),
        Event::LookedAt { job, given } => {
            if state.wire.looked_at(job, &given) {
                Vec::new()
            } else {
                departure::looked_at(state, job, given)
            }
        }
        Event::FolderRead { job, folder } => {
            if let Some(Popup::Files(picker)) = &mut state.popup {
                picker.take(job, folder);
            }
            Vec::new()
        }
        Event::HistoryPage(page) => {
            state.history.take(page);
            Vec::new()
        }
        Event::HistoryTotal { job, total } => {
            state.history.take_total(job, total);
            Vec::new()
        }
        Event::HistoryFailed { job, reason } => {
            state.history.failed(job, reason);
            Vec::new()
        }
        Event::Loaded { id, exchange } => state.loaded(id, exchange),
        Event::Answered { id, urls } => {
            state.take_answered(id, &urls);
            Vec::new()
        }
        Event::Met(met) => {
            state.history.meet(met);
            Vec::new()
        }
        Event::LoadFailed { id, reason } => match state.response.shown() {
            Shown::Loading(loading) if *loading == id => state
                .response
                .show(Shown::Missing(id, reason), &mut state.jobs),
            _ => Vec::new(),
        },
        Event::Compared { job, compared } => compare::compared(state, job, compared),
        Event::Tidied(done) => tidy::tidied(state, done),
        Event::Timeline { job, rows } => compare::timeline(state, job, rows),
        Event::Body(news) => viewer::take(state, news),
        Event::Collection(news) => edit(state, false, &mut draft, |state| {
            collection::happened(state, news)
        }),
        Event::Edited { target, text } => edit(state, false, &mut draft, |state| {
            outside::take(state, target, text);
            Vec::new()
        }),
        Event::Told(notice) => {
            state.notice = Some(notice);
            Vec::new()
        }
        Event::Terminate => return state.quit(),
    };
    effects.extend(state.follow_jar());
    effects.extend(state.arrange());
    effects.extend(state.keep(draft));
    effects
}

/// Runs what may change the draft, and remembers the draft before it for undo. The draft afterwards is
/// left in `draft`: making it is a good part of what a key costs.
fn edit(
    state: &mut State,
    typed: bool,
    draft: &mut Option<Request>,
    run: impl FnOnce(&mut State) -> Vec<Effect>,
) -> Vec<Effect> {
    let (kept, origin) = (Arc::clone(&state.saved), state.builder.origin.clone());
    let typed = typed || state.builder.as_text;
    let steps = state.builder.undo_steps();
    let known = state.builder.problem.clone();
    let effects = run(state);
    let undone = steps != state.builder.undo_steps();
    let after = draft.insert(state.builder.request());
    if !undone && *after != kept.draft {
        if state.builder.arrange_path(&kept.draft, state.focus) {
            *after = state.builder.request();
        }
        // What this very key has found wrong stays, although it may have completed the URL, too.
        let found = state.builder.problem.take();
        let found = found.filter(|it| Some(it) != known.as_ref());
        let before = || Draft {
            request: kept.draft.clone(),
            origin,
        };
        state.builder.edited(before, typed, state.focus);
        state.builder.problem = found;
    }
    effects
}

/// A key: the innermost context that knows it has it; in a text, a character types itself.
fn press(state: &mut State, key: Key) -> Vec<Effect> {
    state.notice = None;
    let contexts = state.contexts();
    if contexts.contains(&Context::Text)
        && let Some(char) = key.typed()
    {
        return type_text(state, char.encode_utf8(&mut [0; 4]));
    }
    for context in contexts {
        if let Some(command) = state.keymap.command(context, key)
            && let Some(effects) = (command.run)(state)
        {
            return effects;
        }
    }
    Vec::new()
}

fn type_text(state: &mut State, text: &str) -> Vec<Effect> {
    match state.editor() {
        Some(editor) => {
            editor.insert(text);
            state.text_changed()
        }
        None => Vec::new(),
    }
}
