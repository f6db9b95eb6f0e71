//! The loop: messages first, a frame when the queue is empty and something changed; at rest it sleeps.

use std::{
    fs,
    io::{IsTerminal, stdout},
    time::Duration,
};

use anyhow::{Context, bail};
use jiff::{Timestamp, tz::TimeZone};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::{
    app::{
        self, State,
        effect::{EditJob, Effect},
        message::{Event, Message, Notice},
        update,
    },
    model::{Request, Session},
    status::catalogue,
    store::{EnvironmentFiles, Paths},
    threads::Threads,
    ui::{self, panel::SPINNER_MILLISECONDS, theme::Theme},
    units::human_size,
};

use super::{
    effects::{Edge, Mailbox},
    files, input,
    keys::Keys,
    library::Librarian,
    outside::Editing,
    session::SessionWriter,
    shelf::Shelf,
    signals::{self, Signals, Told},
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
    /// The address of the playground server that runs inside this program. The draft then belongs to
    /// the demonstration and is not kept.
    pub playground: Option<String>,
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
    let mailbox = Mailbox(sender);
    let signals = Signals::catch().context("signals cannot be caught")?;

    let mut notices = Vec::new();
    let keymap = files::read_keymap(&paths, &mut notices);
    let (file, session) = match &options.playground {
        Some(_) => (None, Session::default()),
        None => files::read_session(&paths, &mut notices),
    };
    let environments = EnvironmentFiles::of(&paths);
    let found = files::read_environments(&environments, &mut notices);
    let complaints = mailbox.clone();
    let mut terminal = Terminal::take(move |panic| complaints.post(defect(&panic)))
        .context("the terminal cannot be taken over")?;
    let (mut state, effects) = State::new(app::Start {
        size: terminal.size()?,
        now: Timestamp::now(),
        time_zone: local_time_zone(),
        keymap,
        session,
        draft: options.draft,
        environments: found,
        playground: options.playground,
    });
    state.notice = notices.into_iter().next();
    let theme = theme();
    terminal.draw(|frame| ui::view(frame, &state, theme))?;

    // What is slow begins when the first frame is on the screen.
    let edge = start_edge(paths, environments, &mailbox, file)?;
    let mut face = Face {
        terminal,
        theme,
        state,
        edge,
        messages,
        signals,
        quitting: false,
        stopping: false,
        to_edit: None,
    };
    let ended = face.run(effects).await;
    let Face { terminal, edge, .. } = face;
    edge.end().await;
    drop(terminal);
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
    paths: Paths,
    environments: EnvironmentFiles,
    mailbox: &Mailbox,
    file: Option<crate::store::SessionFile>,
) -> anyhow::Result<Edge> {
    let threads = Threads::start().context("cannot start the threads that send")?;
    let gone = mailbox.clone();
    signals::watch_for_hangup(move || gone.post(Event::Terminate));
    let complaints = mailbox.clone();
    let writer = match file {
        Some(file) => SessionWriter::start(file, move |reason| {
            let text = format!("The draft cannot be kept: {reason}");
            complaints.post(Event::Told(Notice::error(text)));
        }),
        None => SessionWriter::none(),
    };
    // Read now, so that the first answer does not wait for it.
    threads.runtime().spawn_blocking(catalogue::entries);
    let librarian = Librarian::start(paths.clone(), mailbox.clone());
    let shelf = Shelf::open(&threads, paths, mailbox.clone());
    let mailbox = mailbox.clone();
    Ok(Edge::new(
        threads,
        mailbox,
        shelf,
        writer,
        environments,
        librarian,
    ))
}

/// Everything that the loop holds.
struct Face {
    terminal: Terminal,
    theme: Theme,
    state: State,
    edge: Edge,
    messages: UnboundedReceiver<Message>,
    signals: Signals,
    quitting: bool,
    stopping: bool,
    /// A text that waits for the user's editor.
    to_edit: Option<EditJob>,
}

impl Face {
    async fn run(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        let mut keys = Keys::read_on();
        self.perform(effects)?;
        while !self.quitting {
            if self.stopping {
                self.stop().await?;
            }
            if let Some(job) = self.to_edit.take() {
                self.edit(&mut keys, job).await?;
                continue;
            }
            let tick = tokio::time::sleep(tick(&self.state));
            // Biased: answers of the edge are in the state before the next key is looked at, so that
            // a key never acts on what is out of date; the spinner comes last.
            let event = tokio::select! {
                biased;
                message = self.messages.recv() => {
                    self.take_all(message)?;
                    continue;
                }
                told = self.signals.next() => match told {
                    Told::End | Told::Interrupted => Some(Event::Terminate),
                    Told::GoOn => {
                        self.go_on()?;
                        continue;
                    }
                },
                event = keys.next() => match event {
                    Some(event) => input::translate(event),
                    // The terminal is gone: what was typed is kept, nobody is there to ask.
                    None => Some(Event::Terminate),
                },
                () = tick, if self.state.is_animated() => Some(Event::Tick),
            };
            if let Some(event) = event {
                let at = Timestamp::now();
                self.take_all(Some(Message { at, event }))?;
            }
        }
        Ok(())
    }

    /// Takes a message and all that came meanwhile, then draws once.
    fn take_all(&mut self, first: Option<Message>) -> anyhow::Result<()> {
        let mut next = first;
        while let Some(message) = next {
            let effects = update(&mut self.state, message);
            self.perform(effects)?;
            next = self.messages.try_recv().ok();
        }
        if self.quitting {
            return Ok(());
        }
        self.draw()
    }

    fn perform(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        for effect in effects {
            match effect {
                Effect::Quit => self.quitting = true,
                Effect::Suspend => self.stopping = true,
                Effect::EditOutside(job) => self.to_edit = Some(job),
                Effect::Copy { text, what } => self.copy(&text, what)?,
                effect => self.edge.run(effect),
            }
        }
        Ok(())
    }

    fn copy(&mut self, text: &str, what: &str) -> anyhow::Result<()> {
        self.terminal
            .copy(text)
            .context("the terminal does not take what is copied")?;
        let size = human_size(text.len() as u64);
        self.state.notice = Some(Notice::info(format!(
            "Sent {what} ({size}) to the terminal's clipboard (OSC 52)."
        )));
        Ok(())
    }

    /// Lends the terminal to the user's editor until it ends. What comes meanwhile waits.
    async fn edit(&mut self, keys: &mut Keys, job: EditJob) -> anyhow::Result<()> {
        let target = job.target;
        if let Err(error) = keys.rest().await {
            let text = Err(format!("the terminal cannot be lent to an editor: {error}"));
            let (at, event) = (Timestamp::now(), Event::Edited { target, text });
            return self.take_all(Some(Message { at, event }));
        }
        self.terminal.lend();
        let text = match Editing::start(job) {
            Ok(editing) => self.wait_for(editing).await,
            Err(reason) => Some(Err(reason)),
        };
        keys.go_on();
        self.go_on()?;
        let event = text.map_or(Event::Terminate, |text| Event::Edited { target, text });
        let at = Timestamp::now();
        self.take_all(Some(Message { at, event }))
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
        self.stopping = false;
        self.terminal.lend();
        if let Err(error) = signals::stop() {
            let text = format!("posttui cannot be stopped here: {error}");
            self.state.notice = Some(Notice::warning(text));
        } else {
            // The signal takes a moment; where it is passed over, nothing tells that it was.
            let gone_on = async { while self.signals.next().await != Told::GoOn {} };
            let _ = tokio::time::timeout(STOPPING, gone_on).await;
        }
        self.go_on()
    }

    /// Takes the terminal over again; its size may have changed meanwhile.
    fn go_on(&mut self) -> anyhow::Result<()> {
        self.terminal
            .retake()
            .context("the terminal cannot be taken over again")?;
        let (columns, rows) = self.terminal.size()?;
        let (at, event) = (Timestamp::now(), Event::Resize { columns, rows });
        self.take_all(Some(Message { at, event }))
    }

    fn draw(&mut self) -> anyhow::Result<()> {
        let (state, theme) = (&self.state, self.theme);
        self.terminal
            .draw(|frame| ui::view(frame, state, theme))
            .context("the terminal does not take the picture")
    }
}

/// How long a frame of what moves stays: a spinner turns faster than seconds are counted down.
fn tick(state: &State) -> Duration {
    Duration::from_millis(if state.sends.count() > 0 {
        SPINNER_MILLISECONDS
    } else {
        COUNTING_MILLISECONDS
    })
}

fn theme() -> Theme {
    match std::env::var_os("NO_COLOR") {
        Some(value) if !value.is_empty() => Theme::plain(),
        _ => Theme::coloured(),
    }
}
