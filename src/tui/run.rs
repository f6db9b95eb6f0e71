//! The start, and the loop: messages first, a frame when the queue is empty and something changed; at rest
//! it sleeps.

use std::{
    fs,
    io::{IsTerminal, stdout},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::{Notify, mpsc::unbounded_channel};

use crate::{
    app::{
        self, State,
        effect::Effect,
        message::{Event, Notice},
    },
    model::{Environments, Request, Session},
    status::catalogue,
    store::{CookieFile, EnvironmentFiles, Paths},
    threads::Threads,
    ui::{self, panel::SPINNER_MILLISECONDS, theme::Theme},
};

use super::{
    effects::{Edge, Mailbox, Places},
    files,
    keys::Keys,
    library::Librarian,
    outside::{Editing, Outside},
    session::SessionWriter,
    shelf::Shelf,
    signals::{self, Signals, Told},
    stage::{Asked, Shared, Stage},
    surroundings,
    terminal::Terminal,
};

/// How long it waits to be stopped after it asked for it.
const STOPPING: Duration = Duration::from_millis(300);

/// How often seconds are counted down, so that none of them is left out.
const COUNTING_MILLISECONDS: u64 = 250;

/// How the interface is started.
#[derive(Debug, Default)]
pub struct Options {
    /// A draft that takes the place of the kept one.
    pub draft: Option<Request>,
    /// What of the curl command that the draft was read from is not as curl would do it.
    pub notes: Vec<String>,
    /// The address of the playground server that runs inside this program. The draft then belongs to
    /// the demonstration and is not kept.
    pub playground: Option<String>,
    /// Nothing is written down: history and draft end with the program.
    pub private: bool,
}

/// Runs the interface until the user quits.
pub async fn run(options: Options) -> anyhow::Result<()> {
    if !stdout().is_terminal() {
        bail!(
            "standard output is no terminal, which the interface needs; `posttui send` works without one"
        );
    }
    let paths = Paths::find()?;
    let (sender, messages) = unbounded_channel();
    let mailbox = Mailbox::new(sender);
    let signals = Signals::catch().context("signals cannot be caught")?;

    let mut notices = Vec::new();
    let keymap = files::read_keymap(&paths, &mut notices);
    let (file, session) = match &options.playground {
        Some(_) => (None, Session::default()),
        None => files::read_session(&paths, &mut notices),
    };
    // Nothing of a private session is written down, not even its draft.
    let file = file.filter(|_| !options.private);
    let folder = std::env::current_dir().unwrap_or_default();
    let environments = EnvironmentFiles::find(&folder, &paths);
    let (found, ask_keyring) = files::read_environments(&environments, &mut notices);
    let known = (found.clone(), ask_keyring);
    let complaints = mailbox.clone();
    let mut terminal = Terminal::take(move |panic| complaints.post(defect(&panic)))
        .context("the terminal cannot be taken over")?;
    let (mut opening, mut effects) = State::new(app::Start {
        size: terminal.size(),
        now: Timestamp::now(),
        time_zone: local_time_zone(),
        keymap,
        session,
        draft: options.draft,
        notes: options.notes,
        environments: found,
        playground: options.playground,
        is_private: options.private,
    });
    if options.private {
        let told = "A private session: what is sent is in the history until posttui ends, and nothing is kept.";
        notices.push(Notice::info(told));
    }
    if ask_keyring {
        effects.push(Effect::ReadEnvironments);
    }
    opening.notice = notices.into_iter().next();
    let theme = theme();
    terminal.draw(opening.size, |frame| ui::view(frame, &opening, theme))?;

    // What is slow begins when the first frame is on the screen.
    let jars = match &opening.playground {
        Some(_) => CookieFile::of_playground(&paths),
        None => CookieFile::find(&folder, &paths),
    };
    let jars = if options.private {
        jars.read_only()
    } else {
        jars
    };
    let places = Places {
        paths,
        environments,
        jars,
    };
    let edge = start_edge(places, known, &mailbox, file, options.private)?;
    let stage = Shared::new(Stage {
        terminal,
        theme,
        state: opening,
        edge,
        messages,
        asked: Asked::default(),
        is_over: false,
    });
    let mut face = Face {
        keys: Keys::new(),
        stage: stage.clone(),
        signals,
        woken: mailbox.woken,
    };
    let ended = face.run(effects).await;
    stage.lock().is_over = true;
    // Cancelled sends still write their rows; the screen stays until they have.
    let ending = stage.lock().edge.end();
    ending.await;
    let mut stage = stage.lock();
    stage.edge.close();
    // The reader of keys may wait for one until the very end, and holds the stage: it is not dropped.
    stage.terminal.lend();
    ended
}

/// The system's time zone. Its file says all that is needed: to find out its name, jiff would look through
/// the whole time zone database, which takes longer than all the rest of the start.
fn local_time_zone() -> TimeZone {
    let named = std::env::var_os("TZ").is_some();
    let file = (!named).then(|| fs::read("/etc/localtime").ok()).flatten();
    file.and_then(|data| TimeZone::tzif("Local", &data).ok())
        .unwrap_or_else(TimeZone::system)
}

/// What is told when a task of the edge breaks off by a defect of posttui.
fn defect(panic: &str) -> Event {
    let panic = panic.replace('\n', " ");
    Event::Told(Notice::error(format!(
        "A defect of posttui ended a task; please report it: {panic}"
    )))
}

fn start_edge(
    places: Places,
    known: (Environments, bool),
    mailbox: &Mailbox,
    file: Option<crate::store::SessionFile>,
    is_private: bool,
) -> anyhow::Result<Edge> {
    let threads = Threads::start().context("cannot start the threads that send")?;
    let gone = mailbox.clone();
    signals::watch_for_hangup(move || gone.post(Event::Terminate));
    let complaints = mailbox.clone();
    let writer = match file {
        Some(file) => SessionWriter::start(file, move |reason| {
            let text = format!("The draft cannot be kept: {reason}");
            complaints.post(Event::Told(Notice::warning(text)));
        }),
        None => SessionWriter::none(),
    };
    // Read now, so that the first answer does not wait for it.
    threads.runtime().spawn_blocking(catalogue::entries);
    let paths = places.paths.clone();
    let librarian = Librarian::start(paths.clone(), mailbox.clone());
    surroundings::watch(places.environments.clone(), known, mailbox.clone());
    let shelf = Shelf::open(&threads, (!is_private).then_some(paths), mailbox.clone());
    let mailbox = mailbox.clone();
    let edge = Edge::new(
        threads, mailbox, shelf, writer, places, librarian, is_private,
    );
    edge.warm();
    Ok(edge)
}

/// The loop: it waits for all that happens besides keys, and for what takes the terminal away.
struct Face {
    keys: Keys,
    stage: Shared,
    signals: Signals,
    /// Wakes the loop: something was told, or is asked of it.
    woken: Arc<Notify>,
}

impl Face {
    async fn run(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        self.stage.lock().perform(effects)?;
        self.keys
            .read_on(self.stage.clone(), Arc::clone(&self.woken));
        loop {
            let (asked, tick) = {
                let mut stage = self.stage.lock();
                (std::mem::take(&mut stage.asked), tick(&stage.state))
            };
            if let Some(error) = asked.failed {
                return Err(error);
            }
            if asked.to_quit {
                return Ok(());
            }
            if asked.to_stop {
                self.stop().await?;
            }
            if let Some(job) = asked.to_lend {
                self.lend(job).await?;
                continue;
            }
            let event = self.wait(tick).await?;
            self.stage.lock().take(event)?;
        }
    }

    /// Waits until something happened; what was told is in the mailbox then. The spinner comes last.
    async fn wait(&mut self, tick: Option<Duration>) -> anyhow::Result<Option<Event>> {
        let spinning = tokio::time::sleep(tick.unwrap_or_default());
        let told = tokio::select! {
            biased;
            () = self.woken.notified() => return Ok(None),
            told = self.signals.next() => told,
            () = spinning, if tick.is_some() => return Ok(Some(Event::Tick)),
        };
        if told == Told::GoOn {
            self.go_on()?;
            return Ok(None);
        }
        Ok(Some(Event::Terminate))
    }

    /// Lends the terminal to the user's editor or pager until it ends. What comes meanwhile waits.
    async fn lend(&mut self, job: Outside) -> anyhow::Result<()> {
        let target = match &job {
            Outside::Edit(job) => Some(job.target),
            Outside::Show(_) => None,
        };
        let happened = |text| match (target, text) {
            (Some(target), text) => Some(Event::Edited { target, text }),
            (None, Ok(_)) => None,
            (None, Err(reason)) => Some(Event::Told(Notice::error(format!(
                "The body cannot be shown: {reason}."
            )))),
        };
        if let Err(error) = self.keys.rest().await {
            let reason = format!("the terminal cannot be lent to another program: {error}");
            return self.stage.lock().take(happened(Err(reason)));
        }
        self.stage.lock().terminal.lend();
        let text = match Editing::start(job) {
            Ok(editing) => self.wait_for(editing).await,
            Err(reason) => Some(Err(reason)),
        };
        let event = text.map_or(Some(Event::Terminate), happened);
        let taken = self.go_on().and_then(|()| self.stage.lock().take(event));
        // The text is in its place before the first key is read.
        self.keys.go_on();
        taken
    }

    /// What the editor makes of the text; `None` when the program is asked to end.
    async fn wait_for(&mut self, mut editing: Editing) -> Option<Result<String, String>> {
        loop {
            tokio::select! {
                ended = editing.wait() => return Some(editing.finish(ended)),
                told = self.signals.next() => if told == Told::End {
                    editing.end().await;
                    return None;
                },
            }
        }
    }

    /// Gives the terminal back and stops, until the shell continues the program.
    async fn stop(&mut self) -> anyhow::Result<()> {
        self.stage.lock().terminal.lend();
        if let Err(error) = signals::stop() {
            let text = format!("posttui cannot be stopped here: {error}");
            self.stage.lock().state.notice = Some(Notice::warning(text));
        } else {
            // The signal takes a moment; where it is passed over, nothing tells that it was.
            let gone_on = async { while self.signals.next().await != Told::GoOn {} };
            let _ = tokio::time::timeout(STOPPING, gone_on).await;
        }
        self.go_on()
    }

    /// Takes the terminal over again; its size may have changed meanwhile.
    fn go_on(&mut self) -> anyhow::Result<()> {
        let mut stage = self.stage.lock();
        stage
            .terminal
            .retake()
            .context("the terminal cannot be taken over again")?;
        let (columns, rows) = stage.terminal.size();
        stage.take(Some(Event::Resize { columns, rows }))
    }
}

/// How long a frame of what moves stays, where anything does: a spinner turns faster than seconds are
/// counted down.
fn tick(state: &State) -> Option<Duration> {
    let milliseconds = if state.sends.count() > 0 {
        SPINNER_MILLISECONDS
    } else {
        COUNTING_MILLISECONDS
    };
    state
        .is_animated()
        .then(|| Duration::from_millis(milliseconds))
}

fn theme() -> Theme {
    match std::env::var_os("NO_COLOR") {
        Some(value) if !value.is_empty() => Theme::plain(),
        _ => Theme::coloured(),
    }
}
