//! What a paste becomes: a curl command in the URL fills the builder, rows in one of the forms that
//! people copy become rows of a table, anything else is a text.

use crate::{
    format::{curl::is_command, paste::recognise},
    model::{Cell, Focus},
};

use super::{
    Popup, State, command::Context, curl, effect::Effect, message::Notice, update::type_text,
};

/// Takes a paste. Terminals send its line ends as carriage returns.
pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    state.notice = None;
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    match &state.popup {
        Some(Popup::Rows(_)) => type_text(state, text),
        // A line that was copied whole brings its line end along; here it would only be in the way.
        Some(_) => type_text(state, text.trim()),
        None if state.focus == Focus::Url && is_command(text) => curl::paste(state, text),
        None if matches!(state.focus, Focus::Url | Focus::History)
            || state.builder.in_body_line(state.focus) =>
        {
            type_text(state, text.trim())
        }
        // The fields of these tabs are lines, too; but a secret may begin or end with a blank.
        None if state.focus == Focus::Request && state.builder.settings().is_some() => {
            type_text(state, text.trim_matches('\n'))
        }
        None => {
            if paste_rows(state, text) {
                return Vec::new();
            }
            type_text(state, text)
        }
    }
}

/// Puts rows into the table; false where the paste is a text. In a value it always is one: whoever
/// has typed a name means what follows as its value.
fn paste_rows(state: &mut State, text: &str) -> bool {
    if state.focus != Focus::Request || state.builder.on_tabs {
        return false;
    }
    let Some(table) = state.builder.table() else {
        return false;
    };
    let takes_rows = match table.cell() {
        Cell::Toggle | Cell::Name => true,
        Cell::Type | Cell::FileName => false,
        Cell::Value => table
            .current()
            .is_some_and(|row| row.name.is_empty() && row.value.is_empty()),
    };
    let Some(pasted) = recognise(text).filter(|_| takes_rows) else {
        return false;
    };
    table.insert(&pasted.rows);
    state.builder.edit_is_a_step();
    let count = match pasted.rows.len() {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    };
    let off = match pasted.rows.iter().filter(|row| !row.enabled).count() {
        0 => String::new(),
        off => format!(", {off} of them off,"),
    };
    state.notice = Some(Notice::info(format!(
        "{count}{off} from {}. Undo ({}) takes them back.",
        pasted.form,
        state.key_name(Context::Anywhere, "undo")
    )));
    true
}
