//! What lies over the zones: lists, questions, the help.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use crate::{
    app::{
        Popup, State,
        command::Context,
        editor::Editor,
        layout::Area,
        panel::{
            body_kind::KindPicker, confirm::Question, file_picker::FilePicker, help::Help,
            method::MethodPicker, palette::Palette,
        },
        rich::{self, Tone},
    },
    text,
    ui::{
        panel::{
            cookies, environment,
            window::{centred, typed_line, window},
        },
        rect,
        theme::Theme,
        widget::{frame as border, lines},
    },
    units::human_size,
};

/// Draws the open popup, if there is one.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme) {
    match &state.popup {
        None => {}
        Some(Popup::Method(picker)) => draw_methods(frame, state, theme, picker),
        Some(Popup::Kind(picker)) => draw_kinds(frame, state, theme, picker),
        Some(Popup::Files(picker)) => draw_files(frame, state, theme, picker),
        Some(Popup::Palette(palette)) => draw_palette(frame, state, theme, palette),
        Some(Popup::Question(question)) => draw_question(frame, state, theme, question),
        Some(Popup::Environments(picker)) => environment::draw_list(frame, state, theme, picker),
        Some(Popup::Environment(editor)) => environment::draw_editor(frame, state, theme, editor),
        Some(Popup::Options(editor)) => {
            super::shared_options::draw(frame, state, theme, editor);
        }
        Some(Popup::Prompt(prompt)) => environment::draw_prompt(frame, state, theme, prompt),
        Some(Popup::Name(prompt)) => super::name::draw(frame, state, theme, prompt),
        Some(Popup::Cookies(panel)) => cookies::draw_list(frame, state, theme, panel),
        Some(Popup::Cookie(editor)) => cookies::draw_editor(frame, state, theme, editor),
        Some(Popup::Help(help)) => draw_help(frame, state, theme, help),
        Some(Popup::Examples(panel)) => super::examples::draw(frame, state, theme, panel),
        Some(Popup::Timeline(panel)) => super::timeline::draw(frame, state, theme, panel),
        Some(Popup::Compare(panel)) => super::compare::draw(frame, state, theme, panel),
        Some(Popup::Rows(rows)) => super::rows::draw(frame, state, theme, rows),
    }
}

fn draw_methods(frame: &mut Frame, state: &State, theme: Theme, picker: &MethodPicker) {
    let entries: Vec<(String, String)> = picker
        .matches()
        .iter()
        .map(|(name, help)| ((*name).to_owned(), (*help).to_owned()))
        .collect();
    let typed = picker.typed.text().trim().to_owned();
    let empty = format!("{typed} — a method of its own; Enter takes it as typed");
    draw_list(
        frame,
        state,
        theme,
        ("Method", 66),
        &picker.typed,
        &entries,
        picker.chosen,
        &empty,
    );
}

fn draw_kinds(frame: &mut Frame, state: &State, theme: Theme, picker: &KindPicker) {
    let entries: Vec<(String, String)> = picker
        .matches()
        .iter()
        .map(|kind| (kind.name().to_owned(), kind.help().to_owned()))
        .collect();
    draw_list(
        frame,
        state,
        theme,
        ("Body", 78),
        &picker.typed,
        &entries,
        picker.chosen,
        "No kind of body is called so.",
    );
}

fn draw_files(frame: &mut Frame, state: &State, theme: Theme, picker: &FilePicker) {
    let entries: Vec<(String, String)> = picker
        .matches()
        .iter()
        .map(|entry| {
            let name = text::display(&entry.name);
            if entry.is_folder {
                (format!("{name}/"), String::new())
            } else {
                (name.into_owned(), human_size(entry.size))
            }
        })
        .collect();
    let (title, empty) = match &picker.folder {
        None => ("Choose a file".to_owned(), "Reading the folder…"),
        Some(folder) => (
            format!("Choose a file in {}", text::display(&folder.path)),
            "No file here is called so; Enter takes the name all the same.",
        ),
    };
    let title = text::truncate(&title, 70).into_owned();
    draw_list(
        frame,
        state,
        theme,
        (&title, 78),
        &picker.typed,
        &entries,
        picker.chosen,
        empty,
    );
    let cut = picker.folder.as_ref().is_some_and(|folder| folder.is_cut);
    let note = match &picker.problem {
        Some(problem) => Some((Tone::Warning, format!("! {problem}"))),
        None if cut => {
            let note = "The folder holds more than is listed.".to_owned();
            Some((Tone::Warning, note))
        }
        None => None,
    };
    if let Some((tone, note)) = note {
        let inner = centred(state, 78, 20).inner();
        let note = [rich::Line::new(tone, &note)];
        lines::draw(frame, theme, inner.below(1), &note, 0);
    }
}

fn draw_palette(frame: &mut Frame, state: &State, theme: Theme, palette: &Palette) {
    let entries: Vec<(String, String)> = palette
        .matches()
        .iter()
        .map(|command| {
            let key = state.key_name(command.context, command.name);
            let place = if palette.is_elsewhere(command) {
                format!("{}: ", command.context.title())
            } else {
                String::new()
            };
            let help = format!("{key:9} {place}{}", command.help);
            (command.name.to_owned(), help)
        })
        .collect();
    draw_list(
        frame,
        state,
        theme,
        ("Commands", 96),
        &palette.typed,
        &entries,
        palette.chosen,
        "No command has these words.",
    );
}

#[expect(
    clippy::too_many_arguments,
    reason = "one call a list; a struct for it would only rename them"
)]
fn draw_list(
    frame: &mut Frame,
    state: &State,
    theme: Theme,
    (title, width): (&str, u16),
    typed: &Editor,
    entries: &[(String, String)],
    chosen: usize,
    empty: &str,
) {
    let area = centred(state, width, 20);
    window(frame, theme, area, title);
    let inner = area.inner();
    typed_line(frame, theme, inner, typed);
    let list = inner.below(2);
    if entries.is_empty() {
        let lines = rich::wrap(Tone::Dim, empty, list.width, 0);
        lines::draw(frame, theme, list, &lines, 0);
        return;
    }
    let chosen = chosen.min(entries.len() - 1);
    let first = (chosen + 1).saturating_sub(usize::from(list.height));
    let names = entries
        .iter()
        .map(|(name, _)| text::width(name))
        .max()
        .unwrap_or(0);
    for (offset, (index, (name, help))) in entries
        .iter()
        .enumerate()
        .skip(first)
        .take(usize::from(list.height))
        .enumerate()
    {
        let place = Rect {
            y: list.y + offset as u16,
            height: 1,
            ..rect(list)
        };
        let help =
            text::truncate(help, usize::from(list.width).saturating_sub(names + 2)).into_owned();
        let line = Line::from(vec![
            Span::styled(format!("{}  ", text::pad(name, names)), theme.strong()),
            Span::styled(help, theme.dim()),
        ]);
        frame.render_widget(line, place);
        if index == chosen {
            frame.buffer_mut().set_style(place, theme.chosen());
        }
    }
    border::scroll_bar(
        frame,
        theme,
        Area {
            y: area.y + 2,
            height: area.height - 2,
            ..area
        },
        entries.len(),
        first,
        list.height,
    );
}

fn draw_question(frame: &mut Frame, state: &State, theme: Theme, question: &Question) {
    let (asked, consequence) = question.words();
    let columns = centred(state, 64, 8).inner().width;
    let mut shown = rich::wrap(Tone::Strong, &asked, columns, 0);
    shown.extend(rich::wrap(Tone::Plain, consequence, columns, 0));
    let area = centred(state, 64, (shown.len() as u16 + 4).max(8));
    window(frame, theme, area, "Sure?");
    let inner = area.inner();
    shown.push(rich::Line::blank());
    let (yes, no) = (
        state.key_name(Context::Question, "yes"),
        state.key_name(Context::Question, "no"),
    );
    shown.push(
        rich::Line::new(Tone::Heading, &yes)
            .then(Tone::Plain, " yes    ")
            .then(Tone::Heading, &no)
            .then(Tone::Plain, " no"),
    );
    lines::draw(frame, theme, inner, &shown, 0);
}

fn draw_help(frame: &mut Frame, state: &State, theme: Theme, help: &Help) {
    let area = state.popup_area();
    window(frame, theme, area, help.title);
    let inner = area.inner();
    lines::draw(frame, theme, inner, &help.lines, help.scroll);
    border::scroll_bar(
        frame,
        theme,
        area,
        help.lines.len(),
        help.scroll,
        inner.height,
    );
}
