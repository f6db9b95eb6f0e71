//! How far a long body is on its way: one line on a terminal, written over and taken away at its end.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::{
    app::transfer::Transfer,
    cli::output::{self, Look},
    net::Progress,
    text,
};

/// Shorter transfers are over before their line could be read, in milliseconds.
const SHORTEST: i128 = 800;

/// To the start of the line, and what stands there is gone: ECMA-48, 8.3.41.
const ERASE: &str = "\r\x1b[K";

/// The line on stderr.
#[derive(Debug, Default)]
pub struct Meter {
    /// Columns of the terminal; `None` where nothing is shown.
    columns: Option<u16>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What goes on, and in which direction.
    transfer: Option<(&'static str, Transfer)>,
    is_shown: bool,
}

impl Meter {
    /// Shows nothing where stderr is no terminal.
    pub fn stderr() -> Self {
        Self {
            columns: Look::stderr().columns(),
            state: Mutex::default(),
        }
    }

    /// Shows nothing at all.
    pub fn silent() -> Self {
        Self::default()
    }

    /// Takes what is told of a send.
    pub fn hear(&self, progress: &Progress) {
        let (deed, bytes, total) = match progress {
            Progress::Sent { bytes, total } => ("sent", *bytes, Some(*total)),
            Progress::Received { bytes, total } => ("received", *bytes, *total),
            _ => return self.clear(),
        };
        let Some(columns) = self.columns else {
            return;
        };
        let now = Timestamp::now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let earlier = state.transfer.filter(|(other, _)| *other == deed);
        let transfer = Transfer::told(earlier.map(|(_, transfer)| transfer), bytes, total, now);
        state.transfer = Some((deed, transfer));
        if let Some(line) = line(deed, transfer, now, columns) {
            output::tell_text(&format!("{ERASE}{line}"));
            state.is_shown = true;
        }
    }

    /// Takes the line away, so that something else can be told.
    pub fn clear(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.transfer = None;
        if std::mem::take(&mut state.is_shown) {
            output::tell_text(ERASE);
        }
    }
}

/// The line, once the transfer lasts; never as wide as the terminal, which would begin a new one.
fn line(deed: &str, transfer: Transfer, now: Timestamp, columns: u16) -> Option<String> {
    let elapsed = now.duration_since(transfer.since).as_millis();
    if elapsed < SHORTEST {
        return None;
    }
    let words = format!("{deed} {}", transfer.words(now));
    let room = usize::from(columns).saturating_sub(1);
    Some(text::truncate(&words, room).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transfer_that_lasts_has_a_line_that_fits() {
        let since: Timestamp = "2026-03-04T12:04:05Z".parse().unwrap();
        let transfer = Transfer {
            bytes: 20 << 20,
            total: Some(100 << 20),
            since,
        };
        let at = |millis: i64| since + jiff::SignedDuration::from_millis(millis);
        assert_eq!(line("sent", transfer, at(100), 80), None);
        assert_eq!(
            line("sent", transfer, at(2000), 80).unwrap(),
            "sent 20.0 MiB of 100.0 MiB · 10.0 MiB/s · 8 s left"
        );
        let narrow = line("sent", transfer, at(2000), 20).unwrap();
        assert!(text::width(&narrow) < 20, "{narrow}");
    }
}
