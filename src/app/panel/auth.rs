//! The auth tab: the kind, and below it the fields of that kind.

use std::borrow::Cow;

use crate::{
    app::editor::Editor,
    auth::{Content, Field, KIND_FIELD, KINDS, Values},
    model::Auth,
};

use super::settings::{Choice, Setting, Settings, Value};

/// The rows, and what was typed into those that are not shown now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthPanel {
    pub settings: Settings,
    kept: Auth,
    /// As it was given: a choice that says the same stays as it is written there, or unwritten.
    given: Auth,
}

impl AuthPanel {
    pub fn new(auth: &Auth) -> Self {
        Self {
            settings: Settings::new(rows(auth)),
            kept: auth.clone(),
            given: auth.clone(),
        }
    }

    /// What was chosen and typed, as data.
    pub fn auth(&self) -> Auth {
        let mut auth = self.kept.clone();
        for row in self.settings.rows() {
            if row.name == KIND_FIELD {
                row.text().clone_into(&mut auth.kind);
            }
        }
        for row in self
            .settings
            .rows()
            .iter()
            .filter(|it| it.name != KIND_FIELD)
        {
            let text = self.written(row, &auth.kind);
            if text.is_empty() {
                auth.fields.remove(row.name);
            } else {
                auth.fields.insert(row.name.to_owned(), text);
            }
        }
        auth
    }

    /// How a row is written down; empty where it is not.
    fn written(&self, row: &Setting, kind: &str) -> String {
        if matches!(row.value, Value::Choice(_)) {
            let given = Auth {
                kind: kind.to_owned(),
                ..self.given.clone()
            };
            let meant = Values::new(&given).map(|values| values.get(row.name).to_owned());
            if meant.as_deref() == Some(row.text()) {
                return self.given.field(row.name).to_owned();
            }
        }
        row.text().to_owned()
    }

    /// Turns the choice under the cursor, on which the other rows may depend; false in a text.
    pub fn turn(&mut self, forward: bool) -> bool {
        if !self.settings.turn(forward) {
            return false;
        }
        self.refresh(self.auth());
        true
    }

    /// Chooses a kind and goes to its first field.
    pub fn choose(&mut self, kind: &str) {
        let auth = Auth {
            kind: kind.to_owned(),
            ..self.auth()
        };
        self.refresh(auth);
        self.settings.to_row(1);
    }

    fn refresh(&mut self, auth: Auth) {
        self.settings.replace(rows(&auth));
        self.kept = auth;
    }
}

fn rows(auth: &Auth) -> Vec<Setting> {
    let mut all = vec![kind_row(auth)];
    if let Some(values) = Values::new(auth) {
        let row = |field: &Field| row(field, auth, values.get(field.name));
        all.extend(values.shown().map(row));
    }
    all
}

/// A kind that is not known (from a later version) stays among the choices, so that it is not lost.
fn kind_row(auth: &Auth) -> Setting {
    let mut options: Vec<(String, String)> = KINDS
        .iter()
        .map(|kind| {
            (
                kind.name.to_owned(),
                format!("{} — {}", kind.label, kind.help),
            )
        })
        .collect();
    let known = KINDS.iter().position(|kind| kind.name == auth.kind);
    let chosen = match known {
        Some(index) => index,
        None if auth.is_none() => 0,
        None => {
            options.push((auth.kind.clone(), format!("{} (unknown)", auth.kind)));
            options.len() - 1
        }
    };
    Setting {
        name: KIND_FIELD,
        label: "kind",
        help: "Space or the arrows choose another one; what was typed is kept",
        default: Cow::Borrowed(""),
        origin: Cow::Borrowed(""),
        value: Value::Choice(Choice { options, chosen }),
    }
}

fn row(field: &Field, auth: &Auth, meant: &str) -> Setting {
    let typed = auth.field(field.name);
    let value = match field.content {
        Content::Secret => Value::Secret(Editor::new(typed)),
        Content::Text | Content::Url => Value::Text(Editor::new(typed)),
        Content::Choice(choices) => Value::Choice(choice(choices, meant)),
    };
    Setting {
        name: field.name,
        label: field.label,
        help: field.help,
        default: Cow::Borrowed(field.default),
        origin: Cow::Borrowed(""),
        value,
    }
}

/// A value that is none of the choices stays to be seen, with the reason beside it when it is sent.
fn choice(choices: &[&str], typed: &str) -> Choice {
    let mut options: Vec<(String, String)> = choices
        .iter()
        .map(|choice| ((*choice).to_owned(), choice.replace('-', " ")))
        .collect();
    let chosen = choices.iter().position(|choice| *choice == typed);
    let chosen = chosen.unwrap_or_else(|| {
        if typed.is_empty() {
            return 0;
        }
        options.push((typed.to_owned(), typed.to_owned()));
        options.len() - 1
    });
    Choice { options, chosen }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(panel: &AuthPanel) -> Vec<&'static str> {
        panel.settings.rows().iter().map(|row| row.name).collect()
    }

    #[test]
    fn another_kind_keeps_what_was_typed() {
        let mut panel = AuthPanel::new(&Auth::new("basic").with("username", "ann"));
        assert_eq!(names(&panel), ["kind", "username", "password"]);
        panel.settings.to_name("password");
        panel.settings.editor().unwrap().insert("passwd");
        panel.settings.to_start();
        panel.turn(true);
        assert_eq!(names(&panel), ["kind", "token"]);
        panel.turn(false);
        let auth = panel.auth();
        assert_eq!(
            (auth.field("username"), auth.field("password")),
            ("ann", "passwd")
        );
        panel.settings.to_name("username");
        panel.settings.editor().unwrap().set("");
        assert_eq!(panel.auth().fields.len(), 1);
    }

    #[test]
    fn the_fields_follow_the_choices() {
        let mut panel = AuthPanel::new(&Auth::new("oauth2"));
        assert!(!names(&panel).contains(&"authorize_url"));
        panel.settings.to_name("grant");
        panel.turn(true);
        assert_eq!(panel.auth().field("grant"), "authorization-code");
        assert!(names(&panel).contains(&"authorize_url"));
        assert_eq!(panel.settings.current().unwrap().name, "grant");
    }

    #[test]
    fn a_choice_that_was_not_made_is_not_written() {
        for kind in ["api-key", "oauth2"] {
            let auth = Auth::new(kind).with("name", "x-key");
            let mut panel = AuthPanel::new(&auth);
            assert_eq!(panel.auth(), auth);
            let place = if kind == "oauth2" {
                "client_auth"
            } else {
                "in"
            };
            panel.settings.to_name(place);
            assert!(panel.settings.on_choice());
            panel.turn(true);
            assert_ne!(panel.auth(), auth);
            panel.turn(false);
            assert_eq!(panel.auth(), auth);
        }
        for (kind, name, text) in [
            ("api-key", "in", "header"),
            ("oauth2", "grant", "client_credentials"),
        ] {
            let chosen = Auth::new(kind).with(name, text);
            assert_eq!(AuthPanel::new(&chosen).auth(), chosen);
        }
    }

    #[test]
    fn what_is_not_known_is_kept() {
        for auth in [
            Auth::new("later").with("thing", "x"),
            Auth::new("oauth2").with("grant", "device"),
        ] {
            assert_eq!(AuthPanel::new(&auth).auth().kind, auth.kind);
            for (name, value) in &auth.fields {
                assert_eq!(AuthPanel::new(&auth).auth().field(name), value);
            }
        }
        assert_eq!(AuthPanel::new(&Auth::default()).auth(), Auth::default());
    }
}
