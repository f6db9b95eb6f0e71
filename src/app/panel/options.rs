//! The Options tab: every option of [`crate::options`], what is chosen for this request, and what holds
//! where nothing is.

use std::borrow::Cow;

use crate::{
    app::editor::Editor,
    model::{Choices, Layer, Options},
    options::{self, Content, OPTIONS, Row},
};

use super::settings::{Choice, Setting, Settings, Value};

/// The rows, and what they leave open.
#[derive(Debug, Clone, PartialEq)]
pub struct OptionsPanel {
    pub settings: Settings,
    /// What this posttui has no row for.
    kept: Choices,
    /// Whose choices these are.
    owner: Cow<'static, str>,
    below: Below,
}

/// What holds where the request chooses nothing.
#[derive(Debug, Clone, PartialEq)]
enum Below {
    /// The environment and the configuration, the nearest first, then the usual.
    Layers(Vec<Layer>),
    /// What an exchange of the past was sent with.
    Sent(Box<Options>),
}

impl OptionsPanel {
    pub fn new(choices: &Choices) -> Self {
        let below = Below::Layers(Vec::new());
        let mut panel = Self {
            settings: Settings::new(Vec::new()),
            kept: choices.clone(),
            owner: Cow::Borrowed("this request"),
            below,
        };
        panel.refresh();
        panel
    }

    /// The choices of an environment or of the configuration.
    pub fn shared(choices: &Choices, owner: &str, layers: &[Layer]) -> Self {
        let mut panel = Self::new(choices);
        panel.owner = Cow::Owned(owner.to_owned());
        panel.below = Below::Layers(layers.to_vec());
        panel.refresh();
        panel
    }

    /// What was chosen and typed, as data.
    pub fn choices(&self) -> Choices {
        let mut choices = self.kept.clone();
        for row in self.settings.rows() {
            choices.set(row.name, row.text());
        }
        choices
    }

    /// What is typed or chosen for an option; empty where nothing is.
    pub fn text(&self, name: &str) -> &str {
        let mut rows = self.settings.rows().iter();
        rows.find(|row| row.name == name).map_or("", Setting::text)
    }

    /// How many options this request chooses itself.
    pub fn chosen(&self) -> usize {
        let rows = self.settings.rows().iter();
        rows.filter(|row| !row.text().is_empty()).count()
    }

    /// Turns the choice under the cursor; false in a text.
    pub fn turn(&mut self, forward: bool) -> bool {
        self.settings.turn(forward)
    }

    /// Says what holds where nothing is chosen.
    pub fn over(&mut self, layers: &[Layer]) {
        if matches!(&self.below, Below::Layers(present) if present == layers) {
            return;
        }
        self.below = Below::Layers(layers.to_vec());
        self.refresh();
    }

    /// Says what an exchange was sent with.
    pub fn sent_with(&mut self, options: &Options) {
        if matches!(&self.below, Below::Sent(present) if **present == *options) {
            return;
        }
        self.below = Below::Sent(Box::new(options.clone()));
        self.refresh();
    }

    /// The rows that cannot be used as they are, and why. A template is looked at when it is known.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let layers = match &self.below {
            Below::Layers(layers) => layers.as_slice(),
            Below::Sent(_) => &[],
        };
        let wrong = |row: &Setting| {
            let typed = row.text();
            let text = if typed.is_empty() {
                options::chosen_below(row.name, layers)?
            } else {
                typed
            };
            if text.contains("{{") {
                return None;
            }
            let error = options::find(row.name)?.check(text).err()?;
            let own = Choices::default().with(row.name, typed);
            let error = options::located(error, &own, layers);
            Some((error.name, error.reason))
        };
        self.settings.rows().iter().filter_map(wrong).collect()
    }

    fn refresh(&mut self) {
        let choices = if self.settings.rows().is_empty() {
            self.kept.clone()
        } else {
            self.choices()
        };
        let options = match &self.below {
            Below::Layers(layers) => {
                let mut below = Choices::default();
                for layer in layers {
                    below.fill(&layer.choices);
                }
                options::read_fit(&below)
            }
            Below::Sent(options) => (**options).clone(),
        };
        let rows = OPTIONS.iter().map(|row| {
            let origin = match &self.below {
                Below::Layers(layers) => options::origin(row.name, layers).unwrap_or("usual"),
                Below::Sent(_) => "as sent",
            };
            let below = format!("{} · {origin}", row.show(&options));
            setting(row, choices.get(row.name), below, self.owner.clone())
        });
        self.settings.replace(rows.collect());
        self.kept = choices;
    }
}

fn setting(row: &'static Row, typed: &str, below: String, origin: Cow<'static, str>) -> Setting {
    let (value, default) = match row.content {
        Content::Text | Content::Number => (Value::Text(Editor::new(typed)), below),
        Content::Secret => (Value::Secret(Editor::new(typed)), String::new()),
        Content::Choice(choices) => (Value::Choice(choice(choices, typed, below)), String::new()),
    };
    Setting {
        name: row.name,
        label: row.label,
        help: row.help,
        default: Cow::Owned(default),
        origin,
        value,
    }
}

/// The first one is to choose nothing. A value that is none of them stays to be seen.
fn choice(choices: &[(&str, &str)], typed: &str, below: String) -> Choice {
    let mut options = vec![(String::new(), below)];
    let known = choices.iter();
    options.extend(known.map(|(text, words)| ((*text).to_owned(), (*words).to_owned())));
    let same = |text: &str| text == typed || text == switch_name(typed);
    let chosen = options.iter().position(|(text, _)| same(text));
    let chosen = chosen.unwrap_or_else(|| {
        options.push((typed.to_owned(), typed.to_owned()));
        options.len() - 1
    });
    Choice { options, chosen }
}

/// Other words for on and off.
fn switch_name(text: &str) -> &str {
    match text {
        "true" | "yes" => "on",
        "false" | "no" => "off",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'a>(panel: &'a OptionsPanel, name: &str) -> &'a Setting {
        let mut rows = panel.settings.rows().iter();
        rows.find(|row| row.name == name).unwrap()
    }

    fn layers() -> Vec<Layer> {
        vec![Layer {
            origin: "environment staging".to_owned(),
            choices: Choices::default()
                .with("timeout", "5")
                .with("redirects", "stop")
                .with("retry", "many"),
        }]
    }

    #[test]
    fn what_holds_and_where_it_comes_from_is_shown() {
        let mut panel = OptionsPanel::new(&Choices::default());
        assert_eq!(text(&panel, "timeout").default, "300 s · usual");
        panel.over(&layers());
        assert_eq!(text(&panel, "timeout").default, "5 s · environment staging");
        let Value::Choice(redirects) = &text(&panel, "redirects").value else {
            panic!("redirects are chosen");
        };
        assert_eq!(redirects.label(), "stop · environment staging");
        assert!(panel.choices().is_empty(), "nothing is chosen by that");
        let problems = panel.problems();
        assert_eq!(problems[0].0, "retry");
        assert!(
            problems[0].1.ends_with("(environment staging)"),
            "{problems:?}"
        );
    }

    #[test]
    fn what_is_typed_stays_when_what_holds_below_changes() {
        let chosen = Choices::default()
            .with("timeout", "soon")
            .with("insecure", "true")
            .with("http", "9")
            .with("from_a_later_version", "x");
        let mut panel = OptionsPanel::new(&chosen);
        panel.settings.to_name("proxy");
        panel.settings.editor().unwrap().insert("none");
        panel.over(&layers());
        let kept = panel.choices();
        assert_eq!(kept.get("timeout"), "soon");
        assert_eq!(kept.get("proxy"), "none");
        assert_eq!(kept.get("insecure"), "on");
        assert_eq!(kept.get("http"), "9");
        assert_eq!(kept.get("from_a_later_version"), "x");
        assert_eq!(panel.settings.current().unwrap().name, "proxy");
        let wrong: Vec<&str> = panel.problems().iter().map(|(name, _)| *name).collect();
        assert_eq!(wrong, ["timeout", "http", "retry"]);
        assert_eq!(panel.chosen(), 4);
    }

    #[test]
    fn a_choice_turns_through_nothing_and_each_value() {
        let mut panel = OptionsPanel::new(&Choices::default());
        panel.settings.to_name("compression");
        for expected in ["on", "off", ""] {
            assert!(panel.turn(true));
            assert_eq!(panel.choices().get("compression"), expected);
        }
        panel.sent_with(&Options::default());
        assert_eq!(text(&panel, "timeout").default, "300 s · as sent");
    }
}
