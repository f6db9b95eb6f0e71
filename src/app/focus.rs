//! Which zone has the cursor, what keys mean there, and which text typing goes into.

use crate::model::{Focus, Left, RequestTab};

use super::{
    Popup, State,
    command::Context,
    editor::Editor,
    effect::Effect,
    fork,
    key::Key,
    layout::Mode,
    panel::{self, cookies::CookieLine},
    send,
};

impl State {
    /// Where keys mean something now, innermost first.
    pub fn contexts(&self) -> Vec<Context> {
        match &self.popup {
            Some(Popup::Method(_) | Popup::Kind(_) | Popup::Files(_) | Popup::Palette(_)) => {
                vec![Context::List, Context::Text]
            }
            Some(Popup::Name(_)) => vec![Context::Name, Context::Text],
            Some(Popup::Question(_)) => vec![Context::Question],
            Some(Popup::Help(_)) => vec![Context::Help],
            Some(Popup::Environments(_)) => vec![Context::Environments],
            Some(Popup::Environment(editor))
                if editor.line == panel::environment::Line::Production =>
            {
                vec![Context::Variables]
            }
            Some(Popup::Environment(_)) => vec![Context::Variables, Context::Text],
            Some(Popup::Options(editor)) if editor.options.settings.on_choice() => {
                vec![Context::Shared, Context::Choice]
            }
            Some(Popup::Options(_)) => vec![Context::Shared, Context::Setting, Context::Text],
            Some(Popup::Prompt(_)) => vec![Context::Prompt, Context::Text],
            Some(Popup::Compare(_)) => vec![Context::Compare],
            Some(Popup::Timeline(_)) => vec![Context::Timeline],
            Some(Popup::Examples(_)) => vec![Context::Examples],
            Some(Popup::Rows(_)) => vec![Context::RowsText, Context::Text],
            Some(Popup::Cookies(_)) => vec![Context::Cookies],
            Some(Popup::Cookie(editor)) => match editor.line {
                CookieLine::Secure | CookieLine::HttpOnly => vec![Context::Cookie],
                _ => vec![Context::Cookie, Context::Text],
            },
            None => self.zone_contexts(),
        }
    }

    pub(super) fn zone_contexts(&self) -> Vec<Context> {
        match self.focus {
            Focus::Url => vec![Context::Url, Context::Text, Context::Anywhere],
            Focus::Request if self.builder.on_tabs => vec![Context::Tabs, Context::Anywhere],
            Focus::Request if let Some(spot) = self.builder.spot() => {
                let context = if spot.has_lines() {
                    Context::BodyText
                } else {
                    Context::BodyLine
                };
                vec![context, Context::Text, Context::Anywhere]
            }
            Focus::Request if self.builder.on_row(self.focus) => {
                vec![Context::Row, Context::Anywhere]
            }
            Focus::Request if self.builder.shown_table().is_some() => {
                vec![Context::Fields, Context::Text, Context::Anywhere]
            }
            Focus::Request if self.builder.tab == RequestTab::Preview => {
                vec![Context::Preview, Context::Anywhere]
            }
            Focus::Request => match self.builder.settings() {
                Some(settings) if settings.on_choice() => vec![Context::Choice, Context::Anywhere],
                Some(_) => vec![Context::Setting, Context::Text, Context::Anywhere],
                None => vec![Context::Tabs, Context::Anywhere],
            },
            Focus::Response if fork::waiting(self).is_some() => {
                vec![Context::Fork, Context::Response, Context::Anywhere]
            }
            Focus::Response if self.response.body_page.entry.is_some() => {
                vec![Context::BodyEntry, Context::Text, Context::Anywhere]
            }
            Focus::Response if self.response.on_body() => {
                vec![Context::ResponseBody, Context::Response, Context::Anywhere]
            }
            Focus::Response => vec![Context::Response, Context::Anywhere],
            Focus::History if self.history.filtering => {
                vec![Context::Filter, Context::Text, Context::Anywhere]
            }
            Focus::History => vec![Context::History, Context::Anywhere],
            Focus::Collection if self.collection.filtering => {
                vec![Context::CollectionFilter, Context::Text, Context::Anywhere]
            }
            Focus::Collection => vec![Context::Collection, Context::Anywhere],
        }
    }

    /// The text that typing goes into.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        match &mut self.popup {
            Some(Popup::Method(picker)) => Some(&mut picker.typed),
            Some(Popup::Kind(picker)) => Some(&mut picker.typed),
            Some(Popup::Files(picker)) => Some(&mut picker.typed),
            Some(Popup::Palette(palette)) => Some(&mut palette.typed),
            Some(Popup::Environment(editor)) => editor.editor(),
            Some(Popup::Options(editor)) => editor.editor(),
            Some(Popup::Prompt(prompt)) => Some(&mut prompt.typed),
            Some(Popup::Name(prompt)) => Some(&mut prompt.typed),
            Some(Popup::Cookie(editor)) => editor.editor(),
            Some(
                Popup::Question(_)
                | Popup::Help(_)
                | Popup::Environments(_)
                | Popup::Cookies(_)
                | Popup::Timeline(_)
                | Popup::Examples(_)
                | Popup::Compare(_),
            ) => None,
            None if self.focus == Focus::Collection && self.collection.filtering => {
                Some(&mut self.collection.filter)
            }
            Some(Popup::Rows(rows)) => Some(&mut rows.editor),
            None if self.focus == Focus::History && self.history.filtering => {
                Some(&mut self.history.filter)
            }
            None if self.focus == Focus::Response => self.response.body_page.editor(),
            None => self.builder.editor(self.focus),
        }
    }

    /// What follows from a change of the text under the cursor.
    pub(super) fn text_changed(&mut self) -> Vec<Effect> {
        match &mut self.popup {
            Some(Popup::Method(picker)) => picker.chosen = 0,
            Some(Popup::Kind(picker)) => picker.chosen = 0,
            Some(Popup::Files(picker)) => picker.chosen = 0,
            Some(Popup::Palette(palette)) => palette.chosen = 0,
            Some(Popup::Name(prompt)) => prompt.problem = None,
            Some(Popup::Rows(rows)) => rows.apply(&mut self.builder),
            None if self.focus == Focus::History => return self.query_history(),
            None if self.focus == Focus::Response => {
                return self.response.body_page.typed(&mut self.jobs);
            }
            None if self.focus == Focus::Collection => self.collection.arrange(),
            Some(Popup::Environment(editor)) => editor.edited(),
            Some(Popup::Options(editor)) => editor.edited(),
            Some(Popup::Cookie(editor)) => editor.edited(),
            Some(
                Popup::Question(_)
                | Popup::Help(_)
                | Popup::Environments(_)
                | Popup::Prompt(_)
                | Popup::Timeline(_)
                | Popup::Examples(_)
                | Popup::Compare(_)
                | Popup::Cookies(_),
            )
            | None => {}
        }
        Vec::new()
    }

    /// Puts the cursor into a zone.
    pub(super) fn go(&mut self, focus: Focus) -> Vec<Effect> {
        if self.focus == Focus::Url && focus != Focus::Url {
            send::complete_url(self);
        }
        self.focus = focus;
        self.history.filtering = false;
        self.collection.filtering = false;
        self.response.body_page.entry = None;
        match focus {
            Focus::Url | Focus::Request => self.viewing = false,
            Focus::History => {
                self.left = Left::History;
                return self.view_selected();
            }
            Focus::Collection => {
                self.left = Left::Collection;
                self.viewing = false;
                self.collection.walk(0);
            }
            Focus::Response => {}
        }
        Vec::new()
    }

    pub(super) fn go_tab(&mut self, tab: RequestTab) -> Vec<Effect> {
        self.builder.open_tab(tab);
        self.go(Focus::Request)
    }

    /// Tab and Shift-Tab: through the cells of a table, then through the zones.
    pub(super) fn go_on(&mut self, forward: bool) -> Vec<Effect> {
        let in_rows = self.focus == Focus::Request && !self.builder.on_tabs;
        if in_rows && (self.builder.step_cell(forward) || self.builder.turn_spot(forward)) {
            return Vec::new();
        }
        let left = match self.left {
            Left::History => Focus::History,
            Left::Collection => Focus::Collection,
        };
        let zones = [Focus::Url, Focus::Request, Focus::Response, left];
        let next = panel::turn(&zones, self.focus, forward);
        if next == Focus::Request {
            self.builder.on_tabs = false;
            if forward {
                self.builder.to_start();
            } else {
                self.builder.to_end();
            }
        }
        self.go(next)
    }

    /// Esc, when nothing is in flight: out of what is innermost.
    pub(super) fn step_back(&mut self) {
        match self.focus {
            Focus::History | Focus::Response if self.viewing => self.viewing = false,
            Focus::Response => self.focus = Focus::Request,
            Focus::Request | Focus::History | Focus::Collection => drop(self.go(Focus::Url)),
            Focus::Url => {}
        }
        if self.layout().mode == Mode::Narrow && !self.viewing && self.focus == Focus::History {
            drop(self.go(Focus::Url));
        }
    }

    /// The key of a command, as the screen names it.
    pub fn key_name(&self, context: Context, name: &str) -> String {
        let key = self.keymap.keys(context, name).next();
        key.map_or_else(|| "palette".to_owned(), Key::short)
    }
}
