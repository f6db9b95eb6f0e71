//! The bodies that are no rows, on the screen.
//!
//! ```text
//! JSON               text                 file                 GraphQL
//! {                  type text/csv        file /data/x.png     query { me }
//!   "a": 1           a;b;c                type image/png
//! }                                                            variables (JSON)
//! ! line 2, …                                                  {"id": 1}
//! ```

use ratatui::{Frame, layout::Rect, text::Span};

use crate::{
    app::{State, command::Context, layout::Area, message::Level, panel::builder::Builder},
    inspect::{Shape, check_json, line_tokens},
    model::{BodyKind, BodySpot},
    prepare::{Place, guess_type},
    text,
    ui::{panel::complaints, rect, theme::Theme, widget::input},
};

/// Columns of the label before a one-line text.
const LABEL: u16 = 5;

/// JSON texts beyond this many bytes are neither checked nor coloured while they are typed: a frame
/// must not wait for it.
const CHECKED_AT_MOST: usize = 512 * 1024;

/// Draws the body into `area`.
pub fn draw(frame: &mut Frame, state: &State, theme: Theme, area: Area, has_cursor: bool) {
    let builder = state.shown_builder();
    let canvas = Canvas {
        state,
        theme,
        builder,
        cursor: builder.spot().filter(|_| has_cursor),
    };
    match builder.body_kind {
        BodyKind::Json => canvas.json(frame, area, BodySpot::Json, "Type or paste the JSON here."),
        BodyKind::Text => {
            canvas.line(
                frame,
                area,
                BodySpot::TextType,
                "type",
                "text/plain; charset=utf-8",
            );
            let hint = "Type or paste the text here.";
            canvas.block(frame, area.below(1), BodySpot::Text, hint);
        }
        BodyKind::File => canvas.file(frame, state, area),
        BodyKind::GraphQl => canvas.graphql(frame, area),
        BodyKind::None | BodyKind::Form | BodyKind::Multipart => {
            let hint = Span::styled("No body is sent.", theme.dim());
            frame.render_widget(hint, row(area, 0));
        }
    }
}

struct Canvas<'a> {
    state: &'a State,
    theme: Theme,
    builder: &'a Builder,
    /// The spot that has the cursor.
    cursor: Option<BodySpot>,
}

impl Canvas<'_> {
    fn text(&self, spot: BodySpot) -> &str {
        self.builder.texts.get(spot).text()
    }

    /// Why the draft could not be sent, where that is due to this spot.
    fn problem(&self, spot: BodySpot) -> Option<&str> {
        self.builder.problem_at(|place| place == Place::Body(spot))
    }

    /// A labelled one-line text; what holds while it is empty is shown in its place.
    fn line(&self, frame: &mut Frame, area: Area, spot: BodySpot, label: &str, usual: &str) {
        let place = row(area, 0);
        if place.is_empty() {
            return;
        }
        let problem = self.problem(spot);
        let style = match problem {
            Some(_) => self.theme.level(Level::Error),
            None => self.theme.name(),
        };
        frame.render_widget(Span::styled(label.to_owned(), style), place);
        let value = indented(place, LABEL);
        let has_cursor = self.cursor == Some(spot);
        if self.text(spot).is_empty() {
            let shown = indented(value, u16::from(has_cursor));
            let usual = text::display(usual).into_owned();
            frame.render_widget(Span::styled(usual, self.theme.dim()), shown);
        }
        let editor = self.builder.texts.get(spot);
        input::line(
            frame,
            value,
            editor,
            ratatui::style::Style::new(),
            has_cursor,
        );
        if let Some(problem) = problem {
            let used = text::width(&text::display(editor.text())) as u16 + 2;
            self.note(frame, indented(value, used), problem);
        }
    }

    /// A text of many lines.
    fn block(&self, frame: &mut Frame, area: Area, spot: BodySpot, hint: &str) {
        if area.height == 0 {
            return;
        }
        // The variables of a query have a line of their own for what is wrong in them.
        let problem = self.problem(spot).filter(|_| spot != BodySpot::Variables);
        let area = match problem.filter(|_| area.height > 1) {
            Some(problem) => {
                self.note(frame, row(area, area.height - 1), problem);
                Area {
                    height: area.height - 1,
                    ..area
                }
            }
            None => area,
        };
        let editor = self.builder.texts.get(spot);
        if editor.is_empty() {
            let hint = Span::styled(hint.to_owned(), self.theme.dim());
            frame.render_widget(hint, indented(row(area, 0), 1));
        }
        let is_json = matches!(spot, BodySpot::Json | BodySpot::Variables)
            && editor.text().len() <= CHECKED_AT_MOST;
        let has_cursor = self.cursor == Some(spot);
        input::lines(
            frame,
            rect(area),
            editor,
            has_cursor,
            |frame, place, line, first| {
                if is_json {
                    self.colour(frame, place, line, first);
                }
            },
        );
        if spot == BodySpot::Json {
            complaints::draw(frame, self.state, self.theme, rect(area), editor);
        }
    }

    /// Gives the tokens of a drawn line their colours; its first `first` columns are out of sight.
    fn colour(&self, frame: &mut Frame, place: Rect, line: &str, first: usize) {
        let mut column = 0;
        let last = first + usize::from(place.width);
        for (kind, piece) in line_tokens(line) {
            let end = column + text::width(&text::display(piece));
            let (from, to) = (column.max(first), end.min(last));
            if from < to {
                let shown = Rect {
                    x: place.x + (from - first) as u16,
                    width: (to - from) as u16,
                    ..place
                };
                frame.buffer_mut().set_style(shown, self.theme.token(kind));
            }
            if end >= last {
                break;
            }
            column = end;
        }
    }

    /// A JSON text, and below it where it stops being JSON.
    fn json(&self, frame: &mut Frame, area: Area, spot: BodySpot, hint: &str) {
        let unsent = self.problem(spot).is_some();
        let shown = json_problem(self.text(spot)).filter(|_| area.height > 1 && !unsent);
        let Some(problem) = shown else {
            self.block(frame, area, spot, hint);
            return;
        };
        let text_area = Area {
            height: area.height - 1,
            ..area
        };
        self.block(frame, text_area, spot, hint);
        let note = format!("{problem} (can be sent all the same)");
        self.note(frame, row(area, area.height - 1), &note);
    }

    fn file(&self, frame: &mut Frame, state: &State, area: Area) {
        let key = state.key_name(Context::BodyLine, "pick-file");
        let hint = format!("the path of the file; {key} lists files");
        self.line(frame, area, BodySpot::FilePath, "file", &hint);
        let path = self.text(BodySpot::FilePath);
        let usual = if path.is_empty() {
            "guessed from the file's name".to_owned()
        } else {
            guess_type(path)
        };
        self.line(frame, area.below(1), BodySpot::FileType, "type", &usual);
        let hint = "The file is read while it is sent, whatever its size.";
        frame.render_widget(Span::styled(hint, self.theme.dim()), row(area, 3));
    }

    /// The query above, the variables below: three fifths to two.
    fn graphql(&self, frame: &mut Frame, area: Area) {
        let query = Area {
            height: (area.height * 3 / 5).max(1).min(area.height),
            ..area
        };
        self.block(
            frame,
            query,
            BodySpot::Query,
            "Type or paste the query here.",
        );
        let below = area.below(query.height);
        let label = row(below, 0);
        if label.is_empty() {
            return;
        }
        let variables = self.text(BodySpot::Variables);
        let refused = || self.problem(BodySpot::Variables).map(str::to_owned);
        let problem = json_problem(variables).or_else(refused);
        let title = "variables (JSON)";
        frame.render_widget(Span::styled(title, self.theme.name()), label);
        if let Some(problem) = problem {
            let style = self.theme.level(Level::Error);
            frame.buffer_mut().set_style(label, style);
            self.note(frame, indented(label, title.len() as u16 + 2), &problem);
        }
        let hint = "{\"id\": 1}, or nothing";
        self.block(frame, below.below(1), BodySpot::Variables, hint);
    }

    /// What is wrong, in a line of its own or behind what is wrong.
    fn note(&self, frame: &mut Frame, place: Rect, problem: &str) {
        if place.width < 8 {
            return;
        }
        let shown = text::display(problem);
        let shown = text::truncate(&shown, usize::from(place.width) - 2);
        let style = self.theme.level(Level::Error);
        frame.render_widget(Span::styled(format!("! {shown}"), style), place);
    }
}

/// Where a text stops being JSON and why; nothing of an empty or a very long one.
fn json_problem(typed: &str) -> Option<String> {
    if typed.trim().is_empty() || typed.len() > CHECKED_AT_MOST {
        return None;
    }
    let problem = check_json(typed.as_bytes(), Shape::One).problem?;
    let (line, column) = problem.line_and_column(typed.as_bytes());
    Some(format!("line {line}, column {column}: {}", problem.what))
}

fn row(area: Area, index: u16) -> Rect {
    let below = area.below(index);
    rect(Area {
        height: below.height.min(1),
        ..below
    })
}

fn indented(place: Rect, columns: u16) -> Rect {
    let columns = columns.min(place.width);
    Rect {
        x: place.x + columns,
        width: place.width - columns,
        ..place
    }
}
