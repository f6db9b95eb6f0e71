//! The request being built: the URL line and the tabs of the request zone.

mod edits;
mod places;

use std::{iter, sync::Arc};

use crate::{
    app::editor::Editor,
    model::{BodyKind, BodySpot, Cell, Field, Focus, Origin, Request, RequestTab},
    prepare::{Place, PrepareError, arrange_path, is_path_parameter_begun},
};

use super::{
    auth::AuthPanel,
    body::BodyTexts,
    options::OptionsPanel,
    settings::Settings,
    table::Table,
    undo::{Draft, Undo},
};

/// The draft as texts being edited.
#[derive(Debug, Clone, PartialEq)]
pub struct Builder {
    pub method: String,
    pub url: Editor,
    pub tab: RequestTab,
    /// Whether the cursor is on the tab titles instead of below them.
    pub on_tabs: bool,
    pub body_kind: BodyKind,
    pub form: Table,
    pub multipart: Table,
    /// The texts of the other kinds of body.
    pub texts: BodyTexts,
    /// Which of them had the cursor last.
    spot: BodySpot,
    pub headers: Table,
    pub query: Table,
    /// The parameters that the URL's path has now.
    pub path: Table,
    /// What was typed for parameters that it has no more.
    path_kept: Vec<Field>,
    /// The parameters and the URL as they were before the typing into it that goes on.
    path_before: Option<(Vec<Field>, String)>,
    pub auth: AuthPanel,
    pub rules: Table,
    pub options: OptionsPanel,
    /// The saved request that the draft belongs to.
    pub origin: Option<Arc<Origin>>,
    /// Why the draft could not be sent; until the next edit.
    pub problem: Option<PrepareError>,
    /// What else could not be sent, as long as there is a first problem.
    pub further: Vec<PrepareError>,
    /// Whether the rows of the tab are being edited as one text.
    pub as_text: bool,
    /// Whether the edit under way is a step of its own, although it is typed or pasted.
    single: bool,
    undo: Undo,
}

impl Default for Builder {
    fn default() -> Self {
        Self::new(&Request::default())
    }
}

impl Builder {
    /// All that keeps the draft from being sent, as far as it was found.
    pub fn problems(&self) -> impl Iterator<Item = &PrepareError> {
        let first = self.problem.iter();
        first.flat_map(|first| iter::once(first).chain(&self.further))
    }

    /// What is wrong at a place.
    pub fn problem_at(&self, is_there: impl Fn(Place) -> bool) -> Option<&str> {
        let mut problems = self.problems();
        let problem = problems.find(|problem| is_there(problem.place))?;
        Some(&problem.reason)
    }

    pub fn new(request: &Request) -> Self {
        let (path, path_kept) = arrange_path(&request.path, "", &request.url);
        Self {
            method: request.method.clone(),
            url: Editor::new(&request.url),
            tab: RequestTab::Body,
            on_tabs: false,
            body_kind: request.body.kind,
            form: Table::new(&request.body.form),
            multipart: Table::of_parts(&request.body.multipart),
            texts: BodyTexts::new(&request.body),
            spot: BodySpot::default(),
            headers: Table::new(&request.headers),
            query: Table::new(&request.query),
            path: Table::of_names(&path),
            path_kept,
            path_before: None,
            auth: AuthPanel::new(&request.auth),
            rules: Table::new(&request.rules),
            options: OptionsPanel::new(&request.options),
            origin: None,
            problem: None,
            further: Vec::new(),
            as_text: false,
            single: false,
            undo: Undo::default(),
        }
    }

    /// The draft as data.
    pub fn request(&self) -> Request {
        Request {
            method: self.method.clone(),
            url: self.url.text().to_owned(),
            path: [self.path.fields(), self.path_kept.clone()].concat(),
            query: self.query.fields(),
            headers: self.headers.fields(),
            auth: self.auth.auth(),
            body: self
                .texts
                .body(self.body_kind, self.form.fields(), self.multipart.fields()),
            rules: self.rules.fields(),
            options: self.options.choices(),
        }
    }

    /// The draft with the saved request that it belongs to.
    pub fn draft(&self) -> Draft {
        Draft {
            request: self.request(),
            origin: self.origin.clone(),
        }
    }

    /// Changes what the drafts belong to, those that undo brings back too.
    pub fn rename_origins(&mut self, rename: impl Fn(&mut Origin)) {
        let origins = self.undo.drafts_mut().map(|draft| &mut draft.origin);
        for origin in origins.chain([&mut self.origin]).flatten() {
            rename(Arc::make_mut(origin));
        }
    }

    /// Replaces the draft, which belongs to no saved request then, keeping the tab. The old one can be had back by undo.
    pub fn load(&mut self, request: &Request) {
        *self = Self {
            tab: self.tab,
            undo: std::mem::take(&mut self.undo),
            ..Self::new(request)
        };
    }

    /// The tabs that are there: that of the path parameters comes and goes with them.
    pub fn tabs(&self) -> impl Iterator<Item = RequestTab> {
        let has_path = !self.path.rows().is_empty() || self.tab == RequestTab::Path;
        let is_there = move |tab: &RequestTab| *tab != RequestTab::Path || has_path;
        RequestTab::ALL.into_iter().filter(is_there)
    }

    /// The table of the tab, if it shows one.
    pub fn table(&mut self) -> Option<&mut Table> {
        match self.tab {
            RequestTab::Body => match self.body_kind {
                BodyKind::Form => Some(&mut self.form),
                BodyKind::Multipart => Some(&mut self.multipart),
                _ => None,
            },
            RequestTab::Headers => Some(&mut self.headers),
            RequestTab::Query => Some(&mut self.query),
            RequestTab::Path => Some(&mut self.path),
            RequestTab::Rules => Some(&mut self.rules),
            RequestTab::Auth | RequestTab::Options | RequestTab::Preview => None,
        }
    }

    /// The table of the tab, to look at.
    pub fn shown_table(&self) -> Option<&Table> {
        match self.tab {
            RequestTab::Body => match self.body_kind {
                BodyKind::Form => Some(&self.form),
                BodyKind::Multipart => Some(&self.multipart),
                _ => None,
            },
            RequestTab::Headers => Some(&self.headers),
            RequestTab::Query => Some(&self.query),
            RequestTab::Path => Some(&self.path),
            RequestTab::Rules => Some(&self.rules),
            RequestTab::Auth | RequestTab::Options | RequestTab::Preview => None,
        }
    }

    /// The settings of the tab, if it shows some.
    pub fn settings(&self) -> Option<&Settings> {
        match self.tab {
            RequestTab::Auth => Some(&self.auth.settings),
            RequestTab::Options => Some(&self.options.settings),
            RequestTab::Body
            | RequestTab::Headers
            | RequestTab::Query
            | RequestTab::Path
            | RequestTab::Rules
            | RequestTab::Preview => None,
        }
    }

    pub fn settings_mut(&mut self) -> Option<&mut Settings> {
        match self.tab {
            RequestTab::Auth => Some(&mut self.auth.settings),
            RequestTab::Options => Some(&mut self.options.settings),
            RequestTab::Body
            | RequestTab::Headers
            | RequestTab::Query
            | RequestTab::Path
            | RequestTab::Rules
            | RequestTab::Preview => None,
        }
    }

    /// Turns the choice under the cursor; false where there is none.
    pub fn turn_choice(&mut self, forward: bool) -> bool {
        match self.tab {
            RequestTab::Options => self.options.turn(forward),
            _ => self.tab == RequestTab::Auth && self.auth.turn(forward),
        }
    }

    /// The spots of the tab, where it shows texts instead of rows.
    pub fn spots(&self) -> &'static [BodySpot] {
        match self.tab {
            RequestTab::Body => BodySpot::of(self.body_kind),
            _ => &[],
        }
    }

    /// The spot that has the cursor, if the tab shows texts.
    pub fn spot(&self) -> Option<BodySpot> {
        let spots = self.spots();
        let kept = spots.iter().find(|spot| **spot == self.spot);
        // What is typed first is the text with lines; the content type above it is rarely changed.
        let usual = || spots.iter().find(|spot| spot.has_lines());
        kept.or_else(usual).or(spots.first()).copied()
    }

    pub fn to_spot(&mut self, spot: BodySpot) {
        self.spot = spot;
    }

    /// To the spot below or above; false where there is none.
    pub fn turn_spot(&mut self, forward: bool) -> bool {
        let spots = self.spots();
        let index = spots.iter().position(|spot| Some(*spot) == self.spot());
        let next = index.and_then(|index| {
            let next = if forward {
                index.checked_add(1)
            } else {
                index.checked_sub(1)
            };
            spots.get(next?)
        });
        match next {
            Some(next) => {
                self.spot = *next;
                true
            }
            None => false,
        }
    }

    /// The text that typing goes into.
    pub fn editor(&mut self, focus: Focus) -> Option<&mut Editor> {
        match focus {
            Focus::Url => Some(&mut self.url),
            Focus::Request if self.on_tabs => None,
            Focus::Request if self.settings().is_some() => self.settings_mut()?.editor(),
            Focus::Request => match self.spot() {
                Some(spot) => Some(self.texts.get_mut(spot)),
                None => self.table()?.editor(),
            },
            Focus::Response | Focus::History | Focus::Collection => None,
        }
    }

    /// Whether the text under the cursor has lines of its own, so that Enter makes a new one.
    pub fn in_body_text(&self, focus: Focus) -> bool {
        focus == Focus::Request && !self.on_tabs && self.spot().is_some_and(BodySpot::has_lines)
    }

    /// Whether the text under the cursor is a line of a body without rows, such as a path.
    pub fn in_body_line(&self, focus: Focus) -> bool {
        let is_line = |spot: BodySpot| !spot.has_lines();
        focus == Focus::Request && !self.on_tabs && self.spot().is_some_and(is_line)
    }

    /// Whether the cursor is on a row as a whole.
    pub fn on_row(&self, focus: Focus) -> bool {
        focus == Focus::Request
            && !self.on_tabs
            && self
                .shown_table()
                .is_some_and(|table| table.cell() == Cell::Toggle)
    }

    /// Gives each parameter of the URL its row, unless one of them is just being typed. However long the
    /// URL is typed into, it is compared with what it was before. Answers whether the rows are others now.
    pub fn arrange_path(&mut self, before: &Request, focus: Focus) -> bool {
        let url = self.url.text();
        let rows = [self.path.fields(), self.path_kept.clone()].concat();
        // Other rows than before come with another request, which brings those of its URL along.
        if rows != before.path {
            self.path_before = None;
            return false;
        }
        if focus != Focus::Url {
            self.path_before = None;
        }
        if *url == before.url {
            return false;
        }
        let begin = || (before.path.clone(), before.url.clone());
        let (rows, old) = self.path_before.get_or_insert_with(begin);
        if is_path_parameter_begun(url) {
            return false;
        }
        let (path, kept) = arrange_path(rows, old, url);
        let is_other = path != self.path.fields() || kept != self.path_kept;
        self.path_kept = kept;
        if is_other {
            self.path.replace(&path);
        }
        // Where nothing is left to be filled, the way down from the URL leads to the body again.
        if self.tab == RequestTab::Path && self.path.rows().is_empty() {
            self.open_tab(RequestTab::Body);
        }
        is_other
    }

    pub fn set_body_kind(&mut self, kind: BodyKind) {
        self.body_kind = kind;
        self.open_tab(RequestTab::Body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Request {
        let mut request = Request {
            url: ":3000/x".into(),
            method: "PUT".into(),
            ..Request::default()
        };
        request.body.form = vec![
            Field::new("a", "1"),
            Field {
                enabled: false,
                ..Field::default()
            },
        ];
        request.body.json = "{}".into();
        request.headers = vec![Field::new("x-a", "ü\nü")];
        request.query = vec![Field::new("q", "")];
        request.auth = crate::model::Auth::new("basic").with("username", "ann");
        request.rules = vec![Field::new("4xx", "no")];
        request.options.set("timeout", "never");
        request
    }

    #[test]
    fn a_request_is_loaded_and_read_back_unchanged() {
        assert_eq!(Builder::new(&filled()).request(), filled());
        assert_eq!(Builder::default().request(), Request::default());
    }

    #[test]
    fn path_parameters_follow_the_url() {
        let mut builder = Builder::default();
        let typed = |builder: &mut Builder, url: &str| {
            let before = builder.draft();
            builder.url.set(url);
            builder.arrange_path(&before.request, Focus::Url);
            builder.edited(|| before, true, Focus::Url);
        };
        typed(&mut builder, ":3000/users/:id/{tab}");
        builder.open_tab(RequestTab::Path);
        builder.path.to_start();
        let before = builder.draft();
        builder.editor(Focus::Request).unwrap().insert("5");
        builder.arrange_path(&before.request, Focus::Request);
        builder.edited(|| before, true, Focus::Request);
        assert_eq!(builder.request().path[0], Field::new("id", "5"));
        typed(&mut builder, ":3000/users/:/{tab}");
        assert_eq!(builder.path.rows().len(), 2, "a name is being typed");
        typed(&mut builder, ":3000/users/:user/{tab}");
        assert_eq!(builder.request().path[0], Field::new("user", "5"));
        typed(&mut builder, ":3000/users");
        assert!(builder.path.rows().is_empty());
        assert_eq!(builder.request().path, [Field::new("id", "5")], "kept");
        builder.open_tab(RequestTab::Body);
        assert!(builder.tabs().all(|tab| tab != RequestTab::Path));
        typed(&mut builder, ":3000/users/:user/{tab}");
        assert_eq!(builder.path.fields()[0], Field::new("user", "5"));
        assert!(builder.tabs().any(|tab| tab == RequestTab::Path));
    }

    #[test]
    fn loading_can_be_taken_back() {
        let mut builder = Builder::default();
        builder.url.insert("typed");
        builder.edited(|| Builder::default().draft(), true, Focus::Url);
        let before = builder.draft();
        builder.load(&filled());
        builder.edited(|| before.clone(), false, Focus::History);
        assert!(builder.undo());
        assert_eq!(builder.draft(), before);
        assert!(builder.redo());
        assert_eq!(builder.request(), filled());
    }
}
