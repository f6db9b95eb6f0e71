//! What is on the screen and what makes it: the state, the terminal, the edge. Two threads act on it: the
//! one that reads keys, so that a key is on the screen without waking another thread, and the loop, for
//! all that happens besides. A lock keeps them apart.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    app::{
        State,
        effect::Effect,
        message::{Event, Message, Notice},
        update,
    },
    ui::{self, theme::Theme},
    units::human_size,
};

use super::{clipboard, effects::Edge, outside::Outside, terminal::Terminal};

/// Everything that the threads act on.
pub struct Stage {
    pub terminal: Terminal,
    pub theme: Theme,
    pub state: State,
    pub edge: Edge,
    /// What the edge has told, oldest first.
    pub messages: UnboundedReceiver<Message>,
    pub asked: Asked,
    /// Whether the program is ending: nothing is drawn any more.
    pub is_over: bool,
}

/// What the loop is asked for: it alone waits.
#[derive(Default)]
pub struct Asked {
    pub to_quit: bool,
    /// To stop, until the shell continues the program.
    pub to_stop: bool,
    /// What waits for the user's editor or pager.
    pub to_lend: Option<Outside>,
    /// Why the program cannot go on.
    pub failed: Option<anyhow::Error>,
}

impl Asked {
    /// Whether the loop has something to do now.
    pub fn is_anything(&self) -> bool {
        self.to_quit || self.to_stop || self.to_lend.is_some() || self.failed.is_some()
    }
}

impl Stage {
    /// Takes what the edge has told first, so that `event` never acts on what is out of date; then draws
    /// once. What is to be kept is handed to its writer after that: waking another thread first would hold up
    /// the picture.
    pub fn take(&mut self, event: Option<Event>) -> anyhow::Result<()> {
        if self.is_over {
            return Ok(());
        }
        let mut kept = None;
        let updated = self.update_all(event, &mut kept);
        let drawn = match updated {
            Ok(true) if !self.asked.to_quit => self.draw(),
            updated => updated.map(drop),
        };
        self.perform(kept.into_iter().collect())?;
        drawn
    }

    /// Says whether anything happened.
    fn update_all(
        &mut self,
        event: Option<Event>,
        kept: &mut Option<Effect>,
    ) -> anyhow::Result<bool> {
        let mut any = false;
        while let Ok(message) = self.messages.try_recv() {
            self.update(message, kept)?;
            any = true;
        }
        if let Some(event) = event {
            let at = Timestamp::now();
            self.update(Message { at, event }, kept)?;
            any = true;
        }
        Ok(any)
    }

    /// Leaves the latest of what is to be kept in `kept`, and does the rest.
    fn update(&mut self, message: Message, kept: &mut Option<Effect>) -> anyhow::Result<()> {
        let effects = update(&mut self.state, message);
        let is_kept = |effect: &Effect| matches!(effect, Effect::SaveSession(_));
        let (mut sessions, others): (Vec<_>, Vec<_>) = effects.into_iter().partition(is_kept);
        *kept = sessions.pop().or(kept.take());
        self.perform(others)
    }

    /// Does what is to be done in the world.
    pub fn perform(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        for effect in effects {
            match effect {
                Effect::Quit => self.asked.to_quit = true,
                Effect::Suspend => self.asked.to_stop = true,
                Effect::EditOutside(job) => self.asked.to_lend = Some(Outside::Edit(job)),
                Effect::ShowOutside(job) => self.asked.to_lend = Some(Outside::Show(job)),
                Effect::Copy { text, what } => self.copy(&text, what)?,
                effect => self.edge.run(effect),
            }
        }
        Ok(())
    }

    fn copy(&mut self, text: &str, what: &str) -> anyhow::Result<()> {
        let size = human_size(text.len() as u64);
        let program = clipboard::hand_over(text);
        let fits = text.len() <= clipboard::MOST_FOR_TERMINALS;
        if fits {
            self.terminal
                .copy(text)
                .context("the terminal does not take what is copied")?;
        }
        self.state.notice = Some(match (program, fits) {
            (Some(program), _) => Notice::info(format!("Copied {what} ({size}) with {program}.")),
            (None, true) => Notice::info(format!(
                "Sent {what} ({size}) to the terminal's clipboard (OSC 52)."
            )),
            (None, false) => Notice::warning(format!(
                "Not copied: {what} ({size}) is more than a terminal's clipboard takes."
            )),
        });
        Ok(())
    }

    fn draw(&mut self) -> anyhow::Result<()> {
        let (state, theme) = (&self.state, self.theme);
        self.terminal
            .draw(state.size, |frame| ui::view(frame, state, theme))
            .context("the terminal does not take the picture")
    }
}

/// The stage, shared by the two threads.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Stage>>);

impl Shared {
    pub fn new(stage: Stage) -> Self {
        Self(Arc::new(Mutex::new(stage)))
    }

    /// A panic of the other thread ends the program, which still has to give back the terminal.
    pub fn lock(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
