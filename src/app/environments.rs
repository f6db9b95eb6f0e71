//! The chosen environment: what it means for the request, and what the disk says of all of them.

use crate::{
    model::{
        EnvironmentError, EnvironmentSave, Environments, Overtaken, Recording, RequestTab, Scope,
        UsualSave,
    },
    options::{self, Unkept},
    prepare::complete_text,
    template::{Facts, has_template, preview},
};

use super::{
    Popup, State,
    effect::Effect,
    message::Notice,
    panel::{
        confirm::Question, environment::EnvironmentEditor, environments::EnvironmentPicker,
        settings::Settings, shared_options::SharedOptions,
    },
};

impl State {
    /// What the names in templates stand for now.
    pub fn scope(&self) -> Result<Scope, EnvironmentError> {
        self.environments.scope(self.environment.as_deref())
    }

    /// Whether the chosen environment is production.
    pub fn is_production(&self) -> bool {
        self.scope().is_ok_and(|scope| scope.production)
    }

    /// Shows what holds for the options where the request chooses nothing, while their tab is open.
    pub(super) fn show_options(&mut self) {
        if self.shown_builder().tab != RequestTab::Options {
            return;
        }
        if let (Some(viewed), Some(exchange)) = (&mut self.viewed, self.response.exchange()) {
            viewed.options.sent_with(&exchange.prepared.options);
        }
        let layers = self.scope().map(|scope| scope.options).unwrap_or_default();
        self.builder.options.over(&layers);
    }

    /// Whether the draft would go out with any certificate taken.
    pub fn is_insecure(&self) -> bool {
        let own = self.builder.options.text("insecure");
        let chosen = if own.is_empty() {
            let environment = self.environment.as_deref();
            self.environments.chosen(environment, "insecure")
        } else {
            own
        };
        matches!(chosen, "on" | "true" | "yes")
    }

    /// Why the draft would not be in the history; `None` where it would. An address with templates that are not
    /// known yet is no host of any list.
    pub fn unkept(&self) -> Option<Unkept> {
        if self.response.is_unkept {
            return Some(Unkept::Nowhere);
        }
        let chosen = |name: &str| {
            let own = self.builder.options.text(name);
            if own.is_empty() {
                let environment = self.environment.as_deref();
                self.environments.chosen(environment, name)
            } else {
                own
            }
        };
        let recording = Recording {
            is_on: !matches!(chosen("history"), "off" | "false" | "no"),
            never: chosen("history_never").to_owned(),
        };
        if recording.never.is_empty() {
            return options::unkept(&recording, "");
        }
        let url = self.shown_url().unwrap_or_default();
        options::unkept(&recording, &url)
    }

    /// The address of the draft, whole, as far as its templates are known.
    fn shown_url(&self) -> Option<String> {
        let typed = self.builder.url.text();
        if !has_template(typed) {
            return complete_text(typed).ok();
        }
        let scope = self.scope().ok()?;
        let facts = Facts::preview(self.now);
        complete_text(&preview(typed, &scope, &facts).ok()?).ok()
    }

    /// Closes what lies over the zones; a send that waited for an answer is given up.
    pub fn close_popup(&mut self) {
        let closed = self.popup.take();
        if let Some(Popup::Question(Question::Overtaken(overtaken))) = &closed {
            self.not_over(overtaken);
        }
        let asked = matches!(
            closed,
            Some(
                Popup::Prompt(_)
                    | Popup::Question(Question::SendTwice | Question::Production { .. })
            )
        );
        if asked {
            self.departure = None;
        }
    }

    /// Takes the environments as they are on disk; what is wrong with a file is told.
    pub(super) fn take_environments(&mut self, environments: Environments) {
        let news = environments.problems.iter();
        let mut news = news.filter(|problem| !self.environments.problems.contains(problem));
        if let Some(problem) = news.next() {
            self.notice = Some(Notice::warning(problem.clone()));
        }
        if let Some(Popup::Environments(picker)) = &mut self.popup {
            let chosen = picker.picked(&self.environments).map(str::to_owned);
            *picker = EnvironmentPicker::at(&environments, chosen.as_deref());
        }
        if let Some(Popup::Environment(editor)) = &mut self.popup
            && let Some(now) = environments.get(editor.name.text().trim())
        {
            editor.changed_outside(now);
        }
        if self.environments != environments {
            // What was undefined may have a value now; the next send tells what is still wrong.
            self.builder.problem = None;
        }
        self.environments = environments;
    }

    /// As [`Self::environment_unsaved`], of the options of every send.
    pub(super) fn usual_unsaved(&mut self, save: &UsualSave, reason: &str) -> Vec<Effect> {
        self.show_usual(save);
        self.tell_unsaved(reason);
        Vec::new()
    }

    /// Asks before anything goes over what was changed outside.
    pub(super) fn ask_over(&mut self, overtaken: Box<Overtaken>) -> Vec<Effect> {
        self.popup = Some(Popup::Question(Question::Overtaken(overtaken)));
        Vec::new()
    }

    fn show_usual(&mut self, save: &UsualSave) {
        let (choices, loaded) = (&save.choices, &save.loaded);
        let editor = SharedOptions::unsaved(&self.environments, None, choices, loaded);
        self.popup = Some(Popup::Options(Box::new(editor.alone())));
    }

    /// The window that something was typed into which is not on disk.
    fn show_unsaved(&mut self, save: &EnvironmentSave) {
        let environment = &save.environment;
        self.popup = Some(match &save.loaded {
            Some(loaded) if !save.changes_variables() => {
                let (choices, loaded) = (&environment.options, &loaded.options);
                let name = Some(environment.name.as_str());
                let editor = SharedOptions::unsaved(&self.environments, name, choices, loaded);
                Popup::Options(Box::new(editor))
            }
            _ => Popup::Environment(Box::new(EnvironmentEditor::unsaved(save))),
        });
    }

    /// Says why what was typed is not on disk, in its window too.
    fn tell_unsaved(&mut self, reason: &str) {
        match &mut self.popup {
            Some(Popup::Environment(editor)) => editor.problem = Some(reason.to_owned()),
            Some(Popup::Options(editor)) => editor.problem = Some(reason.to_owned()),
            _ => {}
        }
        self.notice = Some(Notice::error(format!("Not kept: {reason}")));
    }

    /// Brings back what is not to go over what was changed outside, so that nothing typed is lost.
    fn not_over(&mut self, overtaken: &Overtaken) {
        match overtaken {
            Overtaken::Environment { save, now } => {
                self.show_unsaved(save);
                if let Some(Popup::Environment(editor)) = &mut self.popup {
                    // One that is there under the same name can only be let alone by another one.
                    editor.is_new = save.loaded.is_none() && now.is_some();
                }
            }
            Overtaken::Usual { save, .. } => self.show_usual(save),
        }
    }

    /// The rows with fixed labels under the cursor: those of a window, else those of the tab.
    pub fn settings_mut(&mut self) -> Option<&mut Settings> {
        match &mut self.popup {
            Some(Popup::Options(editor)) => Some(&mut editor.options.settings),
            Some(_) => None,
            None => self.builder.settings_mut(),
        }
    }

    /// Turns the choice under the cursor; false where there is none.
    pub(super) fn turn_choice(&mut self, forward: bool) -> bool {
        let Some(Popup::Options(editor)) = &mut self.popup else {
            return self.builder.turn_choice(forward);
        };
        editor.edited();
        editor.options.turn(forward)
    }

    /// Brings back what the disk did not take, so that nothing typed is lost.
    pub(super) fn environment_unsaved(
        &mut self,
        save: &EnvironmentSave,
        reason: &str,
    ) -> Vec<Effect> {
        self.show_unsaved(save);
        self.tell_unsaved(reason);
        Vec::new()
    }
}
