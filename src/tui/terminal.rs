//! The terminal: taken over at the start, given back whatever happens.

use std::{
    io::{self, BufWriter, Stdout, Write, stdout},
    sync::Once,
    thread::{self, ThreadId},
};

use crossterm::{
    clipboard::CopyToClipboard,
    cursor::Show,
    event::{
        DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
        EnableFocusChange,
    },
    execute, queue,
    terminal::{
        BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
        LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{Frame, backend::CrosstermBackend};

/// Bytes of a frame gathered before they are written: a whole frame in one system call.
const FRAME_BUFFER: usize = 64 * 1024;

type Screen = ratatui::Terminal<CrosstermBackend<BufWriter<Stdout>>>;

/// The terminal while posttui has it; dropping gives it back.
pub struct Terminal {
    screen: Screen,
}

impl Terminal {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste, focus reports.
    /// `complain` is told of a panic in another thread, which does not end the program.
    pub fn take(complain: impl Fn(String) + Send + Sync + 'static) -> io::Result<Self> {
        restore_on_panic(thread::current().id(), complain);
        set_up().inspect_err(|_| give_back())?;
        let screen = blank_screen().inspect_err(|_| give_back())?;
        Ok(Self { screen })
    }

    /// Takes the terminal over again after [`Self::lend`], or after another program had it.
    pub fn retake(&mut self) -> io::Result<()> {
        set_up()?;
        execute!(stdout(), Clear(ClearType::All))?;
        // A new screen draws everything anew. Clearing the old one would ask the terminal where its
        // cursor is, and the reader of keys would take the answer.
        self.screen = blank_screen()?;
        Ok(())
    }

    /// Gives the terminal back for a while.
    pub fn lend(&mut self) {
        give_back();
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.screen.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame, shown by the terminal as a whole.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame)) -> io::Result<()> {
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        self.screen.draw(view)?;
        execute!(self.screen.backend_mut(), EndSynchronizedUpdate)
    }

    /// Puts a text into the clipboard of the machine that the terminal runs on (OSC 52).
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            self.screen.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn blank_screen() -> io::Result<Screen> {
    let out = BufWriter::with_capacity(FRAME_BUFFER, stdout());
    ratatui::Terminal::new(CrosstermBackend::new(out))
}

fn set_up() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(
        stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange
    )
}

/// Each step on its own: where one fails because the terminal is gone, the others are tried all the
/// same, and nothing panics.
fn give_back() {
    let mut out = stdout();
    let _ = queue!(out, EndSynchronizedUpdate, DisableMouseCapture);
    let _ = queue!(out, DisableFocusChange, DisableBracketedPaste);
    let _ = queue!(out, LeaveAlternateScreen, Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
}

/// A panic of the thread that draws ends the program, and its message has to land on a usable
/// terminal. One of another thread ends a task: printed, it would only spoil the screen.
fn restore_on_panic(drawing: ThreadId, complain: impl Fn(String) + Send + Sync + 'static) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().id() == drawing {
                give_back();
                report(panic);
            } else {
                complain(panic.to_string());
            }
        }));
    });
}
