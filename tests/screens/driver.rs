//! Drives the state machine as a user and the edge would, and reads its screen.

use std::{collections::BTreeMap, fmt::Write, sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use posttui::{
    app::{
        self, State,
        effect::{EditJob, Effect, ShowJob},
        key::Key,
        keymap::Keymap,
        message::{Event, HistoryPage, Message, SendEvent, SendId},
        update,
        viewer::{BodyDeed, BodyNews},
    },
    inspect::{Document, Layout, View, jq},
    model::{
        Body, Entry, EnvironmentSave, Environments, Exchange, ExchangeId, Failure, FailureKind,
        FilePiece, Folder, Header, Hop, HttpVersion, Jar, Origin, Outcome, OwnSecrets, Phase,
        PreparedRequest, Processed, ProxyUsed, Request, Response, ResponseHead, Session, UsualSave,
    },
    options::unkept,
    prepare::Given,
    recall::recall,
    status::rules,
    store::{History, Library, Paths},
    template::Need,
    tui::Desk,
    ui::{self, theme::Theme},
};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::Buffer,
    style::{Color, Style},
};
use unicode_width::UnicodeWidthStr;

/// 2026-03-04T12:04:05Z, a fixed time for fixed screens.
pub fn start_time() -> Timestamp {
    "2026-03-04T12:04:05Z".parse().unwrap()
}

/// The program without a terminal, a network and a disk; the history is the real one, in memory.
pub struct Driver {
    pub state: State,
    pub history: History,
    /// What is in flight: the test gives the answers.
    pub sends: BTreeMap<SendId, (Request, PreparedRequest, Option<ExchangeId>)>,
    pub cancelled: Vec<SendId>,
    /// What was said to redirects.
    pub turned: Vec<(SendId, posttui::model::Turn)>,
    pub saved: Option<Session>,
    pub copied: Option<String>,
    /// The files of a pretended disk, by their paths, with their sizes.
    pub files: BTreeMap<String, u64>,
    /// The proxy that the environment names.
    pub proxy: Option<ProxyUsed>,
    pub suspended: bool,
    /// What was given to the user's editor: the test answers.
    pub edited_outside: Option<EditJob>,
    /// What was given to the user's pager or editor to show.
    pub shown_outside: Option<ShowJob>,
    pub saved_body: Option<Bytes>,
    /// The page that was to be opened in the browser.
    pub opened: Option<String>,
    /// Bodies are not laid out yet.
    pub slow_layouts: bool,
    pub quit: bool,
    /// What the disk took of the environments.
    pub kept: Vec<EnvironmentSave>,
    /// What the disk took of the options of every send.
    pub kept_usual: Option<UsualSave>,
    pub renamed: Vec<(String, String)>,
    pub deleted: Vec<String>,
    /// What the world says to templates; what is not here is told to be missing.
    pub world: BTreeMap<Need, String>,
    pub jars: BTreeMap<Option<String>, Jar>,
    /// The saved requests, in a temporary folder.
    desk: Desk,
    pub home: tempfile::TempDir,
    now: Timestamp,
}

impl Driver {
    /// The viewer's deeds, done at once.
    fn look_at_body(&mut self, deed: BodyDeed) -> Option<BodyNews> {
        Some(match deed {
            BodyDeed::LayOut(job) => BodyNews::LaidOut {
                job: job.job,
                layout: job.run(),
                is_head: false,
            },
            BodyDeed::Find { job, text, pattern } => BodyNews::Found {
                job,
                matches: pattern.find(&text, &|_, _| true),
            },
            BodyDeed::Filter {
                job,
                text,
                filter,
                columns,
            } => BodyNews::Filtered {
                job,
                found: jq::run(&filter, &text, &jq::Limits::SHORT).map(|found| {
                    let document = Document::of_values(&found);
                    let layout = Layout::of(document, View::default(), columns);
                    (layout, found.problem)
                }),
            },
            BodyDeed::EndSearch | BodyDeed::GiveUp => return None,
            BodyDeed::Save {
                body,
                path,
                replace,
            } => {
                if self.files.contains_key(&path) && !replace {
                    return Some(BodyNews::Exists { body, path });
                }
                self.files.insert(path, body.len() as u64);
                self.saved_body = Some(body);
                return None;
            }
        })
    }

    pub fn new(columns: u16, rows: u16) -> Self {
        Self::with_session(columns, rows, Session::default())
    }

    pub fn with_session(columns: u16, rows: u16, session: Session) -> Self {
        Self::start(columns, rows, session, None, History::in_memory().unwrap())
    }

    pub fn start(
        columns: u16,
        rows: u16,
        session: Session,
        draft: Option<Request>,
        history: History,
    ) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self::start_in(home, columns, rows, session, draft, history)
    }

    /// Starts in a folder that holds a collection of these files.
    pub fn with_collection(columns: u16, rows: u16, files: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let file = home.path().join("api").join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let history = History::in_memory().unwrap();
        Self::start_in(home, columns, rows, Session::default(), None, history)
    }

    pub fn start_in(
        home: tempfile::TempDir,
        columns: u16,
        rows: u16,
        session: Session,
        draft: Option<Request>,
        history: History,
    ) -> Self {
        Self::start_in_folder(home, "api", (columns, rows), session, draft, history)
    }

    /// Starts in this folder of the home.
    pub fn start_in_folder(
        home: tempfile::TempDir,
        folder: &str,
        size: (u16, u16),
        session: Session,
        draft: Option<Request>,
        history: History,
    ) -> Self {
        let now = start_time();
        let (state, effects) = State::new(app::Start {
            size,
            now,
            time_zone: TimeZone::UTC,
            keymap: Keymap::default(),
            session,
            draft,
            notes: Vec::new(),
            environments: Environments::default(),
            playground: None,
            is_private: false,
        });
        let paths = Paths::within(&home.path().join("home"));
        let library = Library::find(&home.path().join(folder), &paths);
        let mut driver = Self {
            desk: Desk::new(library, paths),
            home,
            state,
            history,
            sends: BTreeMap::new(),
            cancelled: Vec::new(),
            turned: Vec::new(),
            saved: None,
            copied: None,
            proxy: None,
            files: BTreeMap::new(),
            suspended: false,
            edited_outside: None,
            shown_outside: None,
            saved_body: None,
            opened: None,
            slow_layouts: false,
            quit: false,
            kept: Vec::new(),
            kept_usual: None,
            renamed: Vec::new(),
            deleted: Vec::new(),
            world: BTreeMap::new(),
            jars: BTreeMap::new(),
            now,
        };
        driver.perform(effects);
        driver
    }

    /// Presses keys: text types itself, `<ctrl-p>` is a key by its name, `<<` is a `<`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(char) = rest.chars().next() {
            let (key, length) = match rest.strip_prefix('<') {
                Some(escaped) if escaped.starts_with('<') => ("<".parse().unwrap(), 2),
                Some(named) => {
                    let end = named.find('>').expect("a key's name ends in >");
                    (named[..end].parse::<Key>().unwrap(), end + 2)
                }
                None if char == ' ' => ("space".parse().unwrap(), 1),
                None => (char.to_string().parse().unwrap(), char.len_utf8()),
            };
            self.happen(Event::Key(key));
            rest = &rest[length..];
        }
        self
    }

    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.happen(Event::Paste(text.to_owned()));
        self
    }

    /// Lets time go by.
    pub fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.now = self.now.checked_add(milliseconds.milliseconds()).unwrap();
        self.happen(Event::Tick);
        self
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.happen(Event::Resize { columns, rows });
        self
    }

    pub fn happen(&mut self, event: Event) {
        let effects = update(
            &mut self.state,
            Message {
                at: self.now,
                event,
            },
        );
        self.perform(effects);
    }

    #[expect(
        clippy::too_many_lines,
        reason = "a few lines an effect, each as simple as the next"
    )]
    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send {
                    send,
                    request,
                    prepared,
                    origin,
                } => self.record(send, *request, *prepared, origin.as_ref()),
                Effect::LookAt { job, body, way } => {
                    let mut given = self.look_at(&body);
                    given.unusable = posttui::net::check(&way);
                    given.key = format!("key-{}", job.0);
                    self.happen(Event::LookedAt { job, given });
                }
                Effect::FindProxy { job, .. } => {
                    let proxy = self.proxy.clone();
                    self.happen(Event::ProxyFound { job, proxy });
                }
                Effect::ReadFolder { job, path } => {
                    let folder = Ok(self.read_folder(&path));
                    self.happen(Event::FolderRead { job, folder });
                }
                Effect::Cancel(send) => self.cancelled.push(send),
                Effect::Turn(send, turn) => self.turned.push((send, turn)),
                Effect::QueryHistory(query) => {
                    let rows = self
                        .history
                        .page_while(&query.filter, query.before, query.limit, || true)
                        .unwrap();
                    let total = self.history.count(&query.filter).unwrap();
                    self.happen(Event::HistoryPage(HistoryPage {
                        job: query.job,
                        appended: query.before.is_some(),
                        complete: rows.len() < query.limit,
                        rows,
                    }));
                    self.happen(Event::HistoryTotal {
                        job: query.job,
                        total,
                    });
                }
                Effect::Examples(deed) => {
                    if let Some(event) = posttui::tui::exampled(&self.history, deed) {
                        self.happen(event);
                    }
                }
                Effect::ReadMet => {
                    let met = self.history.met().unwrap();
                    self.happen(Event::Met(met));
                }
                Effect::FindAnswered { id, host } => {
                    let urls = self.history.answered_urls(&host).unwrap();
                    self.happen(Event::Answered { id, urls });
                }
                Effect::Load(id) => {
                    let loaded = self.history.load(id);
                    self.happen(match loaded {
                        Ok(exchange) => Event::Loaded {
                            id,
                            exchange: exchange.map(Arc::new),
                        },
                        Err(error) => Event::LoadFailed {
                            id,
                            reason: error.to_string(),
                        },
                    });
                }
                Effect::Timeline { job, id } => {
                    let event = posttui::tui::timeline(&self.history, job, id);
                    self.happen(event);
                }
                Effect::Tidy(tidy) => {
                    let event = posttui::tui::tidied(&self.history, &tidy);
                    self.happen(event);
                }
                Effect::Compare(job) => {
                    let event = posttui::tui::compared(&self.history, &job);
                    self.happen(event);
                }
                Effect::Body(BodyDeed::LayOut(_)) if self.slow_layouts => {}
                Effect::Body(deed) => {
                    if let Some(news) = self.look_at_body(deed) {
                        self.happen(Event::Body(news));
                    }
                }
                Effect::ShowOutside(job) => self.shown_outside = Some(job),
                Effect::Collection(deed) => {
                    let mut told = Vec::new();
                    self.desk.perform(deed, &mut |news| told.push(news));
                    while self.desk.has_unread() {
                        self.desk.read_part(&mut |news| told.push(news));
                    }
                    for news in told {
                        self.happen(Event::Collection(news));
                    }
                }
                Effect::SaveSession(session) => self.saved = Some(Session::clone(&session)),
                Effect::Copy { text, .. } => self.copied = Some(text),
                Effect::OpenPage(url) => self.opened = Some(url),
                Effect::Gather { job, needs } => {
                    let found = needs.into_iter().map(|need| {
                        let value = self.world.get(&need).cloned();
                        (
                            need,
                            value.map(Into::into).ok_or("it is not there".to_owned()),
                        )
                    });
                    let found = found.collect();
                    self.happen(Event::Gathered { job, found });
                }
                effect
                @ (Effect::Recall { .. } | Effect::ReadJar(_) | Effect::ChangeJar { .. }) => {
                    self.look_up(effect);
                }
                Effect::RenameEnvironment { from, to } => self.renamed.push((from, to)),
                Effect::DeleteEnvironment(name) => self.deleted.push(name),
                Effect::ReadNames => {
                    let names = self.history.names().unwrap();
                    self.happen(Event::Names(names));
                }
                // The disk holds what the state does: a test that wants other news tells them.
                Effect::ReadEnvironments => {}
                Effect::SaveEnvironment(save) => self.kept.push(*save),
                Effect::SaveUsual(save) => self.kept_usual = Some(save),
                Effect::EditOutside(job) => self.edited_outside = Some(job),
                Effect::Suspend => self.suspended = true,
                Effect::Quit => self.quit = true,
            }
        }
    }

    /// What answers from jars and the history.
    fn look_up(&mut self, effect: Effect) {
        match effect {
            Effect::ReadJar(environment) => {
                let jar = Arc::new(self.jar(environment).clone());
                self.happen(Event::Jar(jar));
            }
            Effect::ChangeJar {
                environment,
                changes,
            } => {
                let jar = self.jar(environment);
                for change in changes {
                    jar.apply(change);
                }
                let jar = Arc::new(jar.clone());
                self.happen(Event::Jar(jar));
            }
            Effect::Recall { job, root, need } => {
                let paths = Paths::within(&self.home.path().join("home"));
                let library = Library::at(&root, &paths);
                let history = Some(&self.history);
                let recalled = recall(history, &library, &paths, &need, self.now);
                self.happen(Event::Recalled {
                    job,
                    need,
                    recalled,
                });
            }
            _ => {}
        }
    }

    /// The cookies that the pretended disk has.
    pub fn jar(&mut self, environment: Option<String>) -> &mut Jar {
        let jar = self.jars.entry(environment.clone()).or_default();
        jar.environment = environment;
        jar
    }

    /// As the edge does it, from the pretended disk.
    fn look_at(&self, body: &Body) -> Given {
        let look = |path: &str| {
            let size = self.files.get(path).copied();
            let file = size.map(|size| FilePiece {
                path: path.into(),
                size,
                modified: None,
            });
            let file = file.ok_or_else(|| format!("there is no such file: {path}"));
            (path.to_owned(), file)
        };
        Given {
            boundary: "posttui-boundary".to_owned(),
            files: body.file_paths().into_iter().map(look).collect(),
            ..Given::default()
        }
    }

    /// The folder that posttui was started in is `/data`.
    fn read_folder(&self, path: &str) -> Folder {
        let path = if path.is_empty() { "/data" } else { path };
        let inside = format!("{}/", path.trim_end_matches('/'));
        let mut entries: Vec<Entry> = Vec::new();
        for (file, size) in &self.files {
            let Some(name) = file.strip_prefix(&inside) else {
                continue;
            };
            let (name, is_folder) = match name.split_once('/') {
                Some((folder, _)) => (folder, true),
                None => (name, false),
            };
            let size = if is_folder { 0 } else { *size };
            if entries.iter().all(|entry| entry.name != name) {
                entries.push(Entry {
                    name: name.to_owned(),
                    is_folder,
                    size,
                });
            }
        }
        entries.sort_by_key(|entry| !entry.is_folder);
        Folder {
            path: path.to_owned(),
            entries,
            is_cut: false,
        }
    }

    fn record(
        &mut self,
        send: SendId,
        request: Request,
        prepared: PreparedRequest,
        origin: Option<&Origin>,
    ) {
        if unkept(&prepared.options.recording, &prepared.url).is_some() {
            self.sends.insert(send, (request, prepared, None));
            return;
        }
        let id = match origin {
            Some(origin) => self
                .history
                .begin_saved(&request, &prepared, self.now, origin),
            None => self.history.begin(&request, &prepared, self.now),
        };
        let id = id.unwrap();
        self.sends.insert(send, (request, prepared, Some(id)));
        self.happen(Event::Send(send, SendEvent::Recorded(Ok(id))));
    }

    /// The newest send gets this outcome, `milliseconds` after it began.
    pub fn finish(&mut self, milliseconds: u64, hops: Vec<Hop>, outcome: Outcome) -> &mut Self {
        let send = *self
            .sends
            .keys()
            .next_back()
            .expect("something is in flight");
        self.finish_send(send, milliseconds, hops, outcome)
    }

    pub fn finish_send(
        &mut self,
        send: SendId,
        milliseconds: u64,
        mut hops: Vec<Hop>,
        outcome: Outcome,
    ) -> &mut Self {
        let (request, prepared, id) = self.sends.remove(&send).unwrap();
        // As the courier does.
        let outcome = prepared.secrets.mask_outcome(outcome);
        let (request, prepared) = (prepared.secrets.mask_request(&request), prepared.masked());
        let duration = Duration::from_millis(milliseconds);
        self.now = self
            .now
            .checked_add((milliseconds as i64).milliseconds())
            .unwrap();
        let answered = rules::Answered::new(&outcome, &prepared.method, &prepared.url, duration);
        let mut said = rules::judge(&request.rules, &answered);
        if hops.is_empty() {
            hops.push(hop(&prepared, &outcome, duration));
        }
        let mut exchange = Exchange {
            id: id.unwrap_or(ExchangeId(-1)),
            started_at: start_time(),
            request,
            prepared,
            hops: hops.clone(),
            outcome: Some(outcome.clone()),
            duration: Some(duration),
            message: None,
            verdict: said.verdict.clone(),
        };
        let diagnosis =
            posttui::status::diagnosis::diagnose_without_secrets(&exchange, &OwnSecrets::default());
        said.evidence = diagnosis.and_then(|it| it.row_evidence().map(str::to_owned));
        if let Some(id) = id {
            self.history
                .finish(id, &hops, &outcome, duration, &said)
                .unwrap();
            self.history.remember(id, &outcome);
        }
        exchange.message = said.message;
        let exchange = Arc::new(exchange);
        self.happen(Event::Send(
            send,
            SendEvent::Finished {
                exchange,
                unsaved: None,
            },
        ));
        self
    }

    /// So much of the newest send's response has come.
    pub fn arrive(&mut self, response: Response) {
        let send = *self.sends.keys().next_back().unwrap();
        let arriving = SendEvent::Arriving(Arc::new(response));
        self.happen(Event::Send(send, arriving));
    }

    /// The newest send is answered.
    pub fn answer(&mut self, milliseconds: u64, response: Response) -> &mut Self {
        self.finish(milliseconds, Vec::new(), Outcome::Response(response))
    }

    /// The screen as text, without the blanks at the ends of its lines.
    pub fn screen(&self) -> String {
        text_of(&self.draw(Theme::coloured()))
    }

    /// The screen as text, and below it every run of cells that has a style.
    pub fn styled_screen(&self, theme: Theme) -> String {
        let buffer = self.draw(theme);
        format!("{}\n{}", text_of(&buffer), styles_of(&buffer))
    }

    fn draw(&self, theme: Theme) -> Buffer {
        let (columns, rows) = self.state.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal
            .draw(|frame| ui::view(frame, &self.state, theme))
            .unwrap();
        terminal.backend().buffer().clone()
    }
}

fn text_of(buffer: &Buffer) -> String {
    let mut text = String::new();
    for row in 0..buffer.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for column in 0..buffer.area.width {
            let symbol = buffer[(column, row)].symbol();
            // The cell behind a wide character shows nothing of its own.
            if skip == 0 {
                line.push_str(symbol);
                skip = symbol.width().max(1);
            }
            skip -= 1;
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// `row  first-last  colour and modifiers  text`, a line each.
fn styles_of(buffer: &Buffer) -> String {
    let mut lines = String::new();
    for row in 0..buffer.area.height {
        let mut column = 0;
        while column < buffer.area.width {
            let style = buffer[(column, row)].style();
            let first = column;
            let mut text = String::new();
            while column < buffer.area.width && buffer[(column, row)].style() == style {
                text.push_str(buffer[(column, row)].symbol());
                column += 1;
            }
            let words = style_words(style);
            let border = text.chars().all(|char| " │─┌┐└┘├┤┬┴┼".contains(char));
            if !words.is_empty() && !border {
                let last = column - 1;
                writeln!(
                    lines,
                    "{row:2} {first:3}-{last:<3} {words:20} {}",
                    text.trim()
                )
                .unwrap();
            }
        }
    }
    lines
}

fn style_words(style: Style) -> String {
    let mut words = Vec::new();
    if let Some(colour) = style.fg.filter(|colour| *colour != Color::Reset) {
        words.push(colour.to_string());
    }
    if let Some(colour) = style.bg.filter(|colour| *colour != Color::Reset) {
        words.push(format!("on {colour}"));
    }
    if !style.add_modifier.is_empty() {
        words.push(format!("{:?}", style.add_modifier));
    }
    words.join(" ")
}

fn hop(prepared: &PreparedRequest, outcome: &Outcome, duration: Duration) -> Hop {
    Hop {
        method: prepared.method.clone(),
        url: prepared.url.clone(),
        request_headers: prepared.headers.clone(),
        request_body_bytes: prepared.body.len(),
        dropped: Vec::new(),
        purpose: posttui::model::Purpose::Request,
        attempt: 1,
        failure: None,
        remote_address: Some("127.0.0.1:3000".to_owned()),
        response: outcome.received().map(|response| response.head.clone()),
        duration,
        transit: posttui::model::Transit::default(),
    }
}

/// A response as a server would send it.
pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    Response {
        head: ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: headers
                .iter()
                .map(|(name, value)| Header::new(*name, *value))
                .collect(),
        },
        body: Bytes::copy_from_slice(body.as_bytes()),
        whole: None,
    }
}

/// A failure before anything was sent.
pub fn refused() -> Outcome {
    Outcome::Failure(Failure {
        kind: FailureKind::Refused,
        phase: Phase::Connect,
        causes: vec![
            "tcp connect error".to_owned(),
            "Connection refused (os error 111)".to_owned(),
        ],
        processed: Processed::No,
        partial: None,
    })
}
