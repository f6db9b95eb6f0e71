//! One field of a kind: what it is called, what may stand in it.

use super::{FieldError, is_redacted};

/// One field of a kind.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As it is stored and as the command line calls it. Kinds share what they store by one name.
    pub name: &'static str,
    /// As the screen calls it.
    pub label: &'static str,
    /// One line: what it is, and what holds when it is left empty.
    pub help: &'static str,
    pub content: Content,
    /// What holds where nothing is typed.
    pub default: &'static str,
    pub required: bool,
    /// Matters only while another field has one of these values.
    pub when: Option<(&'static str, &'static [&'static str])>,
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    Text,
    /// Not shown, and never written down.
    Secret,
    /// An http or https address; what is missing in it is completed as in the URL line.
    Url,
    /// One of these.
    Choice(&'static [&'static str]),
}

impl Field {
    const fn new(
        name: &'static str,
        label: &'static str,
        content: Content,
        help: &'static str,
    ) -> Self {
        Self {
            name,
            label,
            help,
            content,
            default: "",
            required: false,
            when: None,
        }
    }

    pub(super) const fn text(name: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(name, label, Content::Text, help)
    }

    pub(super) const fn secret(
        name: &'static str,
        label: &'static str,
        help: &'static str,
    ) -> Self {
        Self::new(name, label, Content::Secret, help)
    }

    pub(super) const fn url(name: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(name, label, Content::Url, help)
    }

    /// The first choice is the default.
    pub(super) const fn choice(
        name: &'static str,
        label: &'static str,
        choices: &'static [&'static str],
        help: &'static str,
    ) -> Self {
        let default = match choices.first() {
            Some(first) => first,
            None => "",
        };
        Self::new(name, label, Content::Choice(choices), help).or(default)
    }

    #[must_use]
    pub(super) const fn or(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    #[must_use]
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub(super) const fn when(
        mut self,
        field: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        self.when = Some((field, values));
        self
    }

    pub fn is_secret(&self) -> bool {
        self.content == Content::Secret
    }

    /// The value as it is meant: grants are spelled `client_credentials` in RFC 6749, and so by many people.
    pub(super) fn meant<'a>(&self, typed: &'a str) -> &'a str {
        let Content::Choice(choices) = self.content else {
            return typed;
        };
        let spelled = typed.trim().replace('_', "-");
        let choice = choices.iter().find(|choice| **choice == spelled);
        choice.copied().unwrap_or(typed)
    }

    /// What is wrong with a value of this field, whatever the kind.
    pub(super) fn check(&self, value: &str) -> Result<(), FieldError> {
        let wrong = |reason: String| Err(FieldError::new(self.name, reason));
        if is_redacted(value) {
            return wrong(format!(
                "the history does not keep the {}: type it again",
                self.label
            ));
        }
        if self.required && value.trim().is_empty() {
            return wrong(format!("the {} is missing", self.label));
        }
        if let Content::Choice(choices) = self.content
            && !choices.contains(&value)
        {
            return wrong(format!("“{value}” is none of {}", choices.join(", ")));
        }
        if value.chars().any(char::is_control) {
            return wrong(format!(
                "the {} holds a line break or another control character",
                self.label
            ));
        }
        Ok(())
    }
}
