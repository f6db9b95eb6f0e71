//! The terminal: taken over at the start, given back whatever happens.

use std::{
    cell::Cell,
    io::{self, Write, stdout},
    sync::{
        Arc, Mutex, MutexGuard, Once, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
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
        self, BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate,
        EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{Frame, TerminalOptions, Viewport, backend::CrosstermBackend, layout::Rect};

/// Bytes of a whole screen, about.
const FRAME_BYTES: usize = 16 * 1024;

type Screen = ratatui::Terminal<CrosstermBackend<Gathered>>;

/// Gathers a frame, which is then written in one system call: ratatui itself flushes after the cells and
/// again after the cursor.
#[derive(Clone)]
struct Gathered(Arc<Mutex<Vec<u8>>>);

impl Gathered {
    fn bytes(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on what was gathered.
    fn write_out(&self) -> io::Result<()> {
        let mut bytes = self.bytes();
        let mut out = stdout().lock();
        let written = out.write_all(&bytes).and_then(|()| out.flush());
        bytes.clear();
        written
    }
}

impl Write for Gathered {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The terminal while posttui has it; dropping gives it back.
pub struct Terminal {
    screen: Screen,
    gathered: Gathered,
    /// Columns and rows of the picture.
    size: (u16, u16),
}

impl Terminal {
    /// Takes the terminal over: raw mode, alternate screen, bracketed paste, focus reports.
    /// `complain` is told of a panic in another thread, which does not end the program.
    pub fn take(complain: impl Fn(String) + Send + Sync + 'static) -> io::Result<Self> {
        this_thread_draws();
        restore_on_panic(complain);
        set_up().inspect_err(|_| give_back())?;
        let gathered = Gathered(Arc::new(Mutex::new(Vec::with_capacity(FRAME_BYTES))));
        let size = terminal::size().inspect_err(|_| give_back())?;
        let screen = blank_screen(&gathered, size).inspect_err(|_| give_back())?;
        Ok(Self {
            screen,
            gathered,
            size,
        })
    }

    /// Takes the terminal over again after [`Self::lend`], or after another program had it.
    pub fn retake(&mut self) -> io::Result<()> {
        set_up()?;
        execute!(stdout(), Clear(ClearType::All))?;
        // A new screen draws everything anew. Clearing the old one would ask the terminal where its
        // cursor is, and the reader of keys would take the answer.
        self.size = terminal::size()?;
        self.screen = blank_screen(&self.gathered, self.size)?;
        Ok(())
    }

    /// Gives the terminal back for a while.
    pub fn lend(&mut self) {
        give_back();
    }

    /// Columns and rows, as they were when the terminal was taken over or changed last.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// Draws one frame of this many columns and rows, shown by the terminal as a whole. A change of the size comes
    /// as an event: the terminal is not asked for it at every frame.
    pub fn draw(&mut self, size: (u16, u16), view: impl FnOnce(&mut Frame)) -> io::Result<()> {
        queue!(self.screen.backend_mut(), BeginSynchronizedUpdate)?;
        if size != self.size {
            self.screen.resize(whole(size))?;
            self.size = size;
        }
        self.screen.draw(view)?;
        queue!(self.screen.backend_mut(), EndSynchronizedUpdate)?;
        self.gathered.write_out()
    }

    /// Puts a text into the clipboard of the machine that the terminal runs on (OSC 52).
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        queue!(
            self.screen.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )?;
        self.gathered.write_out()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn whole((columns, rows): (u16, u16)) -> Rect {
    Rect::new(0, 0, columns, rows)
}

fn blank_screen(gathered: &Gathered, size: (u16, u16)) -> io::Result<Screen> {
    let options = TerminalOptions {
        viewport: Viewport::Fixed(whole(size)),
    };
    ratatui::Terminal::with_options(CrosstermBackend::new(gathered.clone()), options)
}

/// Whether posttui has the terminal.
static IS_TAKEN: AtomicBool = AtomicBool::new(false);

fn set_up() -> io::Result<()> {
    IS_TAKEN.store(true, Ordering::Release);
    enable_raw_mode()?;
    execute!(
        stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableFocusChange
    )
}

/// Each step on its own: where one fails because the terminal is gone, the others are tried all the
/// same, and nothing panics. A terminal that is given back already is left alone: to leave the alternate screen once
/// more would put the cursor back to where posttui began, and what comes next over what was printed since.
fn give_back() {
    if !IS_TAKEN.swap(false, Ordering::AcqRel) {
        return;
    }
    let mut out = stdout();
    let _ = queue!(out, EndSynchronizedUpdate, DisableMouseCapture);
    let _ = queue!(out, DisableFocusChange, DisableBracketedPaste);
    let _ = queue!(out, LeaveAlternateScreen, Show);
    let _ = out.flush();
    let _ = disable_raw_mode();
}

thread_local! {
    static DRAWS: Cell<bool> = const { Cell::new(false) };
}

/// Tells that the present thread draws: a panic of it ends the program.
pub fn this_thread_draws() {
    DRAWS.set(true);
}

/// A panic of a thread that draws ends the program, and its message has to land on a usable
/// terminal. One of another thread ends a task: printed, it would only spoil the screen.
fn restore_on_panic(complain: impl Fn(String) + Send + Sync + 'static) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if DRAWS.get() {
                give_back();
                report(panic);
            } else {
                complain(panic.to_string());
            }
        }));
    });
}
