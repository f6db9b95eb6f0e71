//! Editing in the user's own editor: the text goes out as an effect and comes back as a message.

use super::{
    Popup, State,
    effect::{EditJob, EditTarget, Effect},
    message::Notice,
};
use crate::{format::rows, model::BodySpot};

/// Gives the text under the cursor to the editor: the rows of a table as one text, or a body.
pub(super) fn give(state: &mut State) -> Option<Vec<Effect>> {
    let job = match &state.popup {
        Some(Popup::Rows(rows)) => EditJob {
            target: EditTarget::Popup,
            text: rows.editor.text().to_owned(),
            extension: "txt",
        },
        Some(_) => return None,
        None => zone_job(state)?,
    };
    Some(vec![Effect::EditOutside(job)])
}

fn zone_job(state: &State) -> Option<EditJob> {
    if let Some(spot) = state.builder.spot() {
        return Some(EditJob {
            target: EditTarget::BodyText(spot),
            text: state.builder.texts.get(spot).text().to_owned(),
            extension: match spot {
                BodySpot::Json | BodySpot::Variables => "json",
                BodySpot::Query => "graphql",
                _ => "txt",
            },
        });
    }
    let table = state.builder.shown_table()?;
    Some(EditJob {
        target: EditTarget::Rows,
        text: rows::write(&table.fields(), table.has_parts()),
        extension: "txt",
    })
}

/// Takes the edited text back to where it came from.
pub(super) fn take(state: &mut State, target: EditTarget, text: Result<String, String>) {
    let text = match text {
        Ok(text) => text,
        Err(reason) => {
            state.notice = Some(Notice::error(format!("Nothing was changed: {reason}.")));
            return;
        }
    };
    match target {
        EditTarget::Rows => {
            if let Some(table) = state.builder.table() {
                let (before, parts) = (table.fields(), table.has_parts());
                table.replace(&rows::read_again(&text, parts, &before));
            }
        }
        EditTarget::BodyText(spot) => state.builder.texts.get_mut(spot).set(text),
        EditTarget::Popup => {
            if let Some(Popup::Rows(rows)) = &mut state.popup {
                rows.editor.set(text);
                rows.apply(&mut state.builder);
            }
        }
    }
}
