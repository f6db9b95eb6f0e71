//! Commands of the body: texts and files, the file picker, form into JSON and back.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use crate::{
    app::{
        Popup, State,
        command::{
            Command,
            Context::{Anywhere, BodyLine, Fields, Row},
        },
        convert::{json_to_rows, rows_to_json},
        effect::Effect,
        message::Notice,
        panel::{
            file_picker::{FilePicker, Picked},
            table::Table,
        },
        send,
    },
    model::{BodyKind, BodySpot, Cell, Focus},
};

use super::request::{line_down, line_up};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "form-json",
        context: Anywhere,
        hint: "",
        help: "Make a JSON object of the form's rows, or rows of the object",
        run: turn_form_and_json,
    },
    Command {
        name: "text-or-file",
        context: Fields,
        hint: "",
        help: "In a multipart body: the row is a file instead of a text, or the other way round",
        run: turn_part,
    },
    Command {
        name: "pick-file",
        context: Fields,
        hint: "",
        help: "In a multipart body: choose the row's file from a list",
        run: open_picker,
    },
    Command {
        name: "text-or-file",
        context: Row,
        hint: "",
        help: "In a multipart body: the row is a file instead of a text, or the other way round",
        run: turn_part,
    },
    Command {
        name: "pick-file",
        context: Row,
        hint: "",
        help: "In a multipart body: choose the row's file from a list",
        run: open_picker,
    },
    Command {
        name: "send-form",
        context: BodyLine,
        hint: "",
        help: "Send the request",
        run: |state| Some(send::send(state)),
    },
    Command {
        name: "up",
        context: BodyLine,
        hint: "",
        help: "To the text above; from the first one to the tab titles",
        run: line_up,
    },
    Command {
        name: "down",
        context: BodyLine,
        hint: "",
        help: "To the text below",
        run: line_down,
    },
    Command {
        name: "pick-file",
        context: BodyLine,
        hint: "",
        help: "In a file body: choose the file from a list",
        run: open_picker,
    },
];

/// The multipart table, where it is what the tab shows.
fn parts(state: &mut State) -> Option<&mut Table> {
    state.builder.table().filter(|table| table.has_parts())
}

/// A row that has become a file and names none yet asks for it at once.
fn turn_part(state: &mut State) -> Option<Vec<Effect>> {
    let table = parts(state)?;
    table.turn_part();
    let asks = table
        .current()
        .is_some_and(|row| row.is_file && row.value.is_empty());
    if asks {
        return open_picker(state);
    }
    Some(Vec::new())
}

fn open_picker(state: &mut State) -> Option<Vec<Effect>> {
    let path = if state.builder.spot() == Some(BodySpot::FilePath)
        || state.builder.spot() == Some(BodySpot::FileType)
    {
        state
            .builder
            .texts
            .get(BodySpot::FilePath)
            .text()
            .to_owned()
    } else {
        let row = parts(state)?.current()?;
        // A text is no place to begin from.
        let path = if row.is_file { row.value.text() } else { "" };
        path.to_owned()
    };
    let (picker, effect) = FilePicker::open(&path, &mut state.jobs);
    state.popup = Some(Popup::Files(picker));
    Some(vec![effect])
}

/// Enter in the list of files: into a folder, or the file into its cell.
pub fn pick_file(state: &mut State, mut picker: FilePicker) -> Vec<Effect> {
    match picker.picked() {
        Some(Picked::Folder(path)) => {
            let effect = picker.read(path, &mut state.jobs);
            state.popup = Some(Popup::Files(picker));
            vec![effect]
        }
        Some(Picked::File(path)) => {
            match parts(state) {
                Some(table) => {
                    table.set_file(&path);
                    let row = table.row();
                    table.to_place(row, Cell::Value);
                }
                None => state.builder.texts.get_mut(BodySpot::FilePath).set(path),
            }
            Vec::new()
        }
        None => {
            state.popup = Some(Popup::Files(picker));
            Vec::new()
        }
    }
}

/// Backspace or ← where there is nothing to delete or to go back over.
pub fn folder_up(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Files(picker)) = &mut state.popup else {
        return None;
    };
    if !picker.typed.is_empty() {
        return None;
    }
    let above = picker.above()?;
    Some(vec![picker.read(above, &mut state.jobs)])
}

/// What cannot be turned stays as it is, and the reason is told.
fn turn_form_and_json(state: &mut State) -> Option<Vec<Effect>> {
    let builder = &mut state.builder;
    let (kind, told) = match builder.body_kind {
        BodyKind::Form => {
            let json = rows_to_json(&builder.form.fields());
            builder.texts.get_mut(BodySpot::Json).set(json);
            (
                BodyKind::Json,
                "The rows as a JSON object, every value a string.",
            )
        }
        BodyKind::Json => match json_to_rows(builder.texts.get(BodySpot::Json).text()) {
            Ok(rows) => {
                builder.form = Table::new(&rows);
                (BodyKind::Form, "The JSON object as rows of a form.")
            }
            Err(error) => {
                let text = format!("The JSON stays as it is: {error}.");
                state.notice = Some(Notice::warning(text));
                return Some(Vec::new());
            }
        },
        BodyKind::Multipart
        | BodyKind::Text
        | BodyKind::File
        | BodyKind::GraphQl
        | BodyKind::None => {
            let text = "Only a form and a JSON body are turned into each other.";
            state.notice = Some(Notice::info(text));
            return Some(Vec::new());
        }
    };
    builder.set_body_kind(kind);
    state.notice = Some(Notice::info(format!(
        "{told} Undo ({}) brings the other one back.",
        state.key_name(Anywhere, "undo")
    )));
    Some(state.go(Focus::Request))
}
