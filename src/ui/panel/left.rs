//! The zones at the left of the screen: history and collection share the place and its title.

use ratatui::{
    Frame,
    text::{Line, Span},
};

use crate::{
    app::{State, layout::Area, rich::Tone},
    model::{EntryKind, Left},
    text,
    ui::{theme::Theme, widget::frame as border},
};

/// Columns of the collection's name at the most.
const NAME_COLUMNS: usize = 16;

/// Draws the zone that has the place now.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Area) {
    match state.left {
        Left::History => super::history::draw(frame, state, theme, area),
        Left::Collection => super::collection::draw(frame, state, theme, area),
    }
}

/// Both names, the shown one in brackets too, not marked by colour alone.
pub fn draw_title(frame: &mut Frame, state: &State, theme: Theme, area: Area, focused: bool) {
    let open = if focused {
        theme.tone(Tone::Heading)
    } else {
        theme.strong()
    };
    let names = [
        (Left::History, history_name(state)),
        (Left::Collection, collection_name(state)),
    ];
    let spans = names.map(|(zone, name)| {
        if zone == state.left {
            Span::styled(format!("[{name}]"), open)
        } else {
            Span::styled(format!(" {name} "), theme.dim())
        }
    });
    border::title(frame, area, &Line::from(spans.to_vec()));
}

fn history_name(state: &State) -> String {
    match state.history.total().filter(|total| *total > 0) {
        Some(total) => format!("History {total}"),
        None => "History".to_owned(),
    }
}

/// The collection's name and how many requests it has; a question mark where it is not trusted.
fn collection_name(state: &State) -> String {
    let Some(open) = state.collection.open() else {
        return "Collection".to_owned();
    };
    let is_request = |entry: &&crate::model::collection::Entry| entry.kind == EntryKind::Request;
    let count = open.entries.iter().filter(is_request).count();
    let name = if open.personal {
        "Collection"
    } else {
        &open.name
    };
    let name = text::display(name);
    let name = text::truncate(&name, NAME_COLUMNS);
    let trust = if open.trusted { "" } else { " not trusted" };
    match count {
        0 => format!("{name}{trust}"),
        count => format!("{name} {count}{trust}"),
    }
}
