//! Which key does what: the table in `assets/keys.toml`, and the user's own changes to it.

use std::collections::BTreeMap;

use super::{
    command::{self, Command, Context},
    key::Key,
};

/// The table that ships with posttui.
const DEFAULT: &str = include_str!("../../assets/keys.toml");

/// Keys by context and command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Binding {
    context: Context,
    key: Key,
    command: &'static str,
}

/// Why a key table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    #[error("it is no TOML: {0}")]
    Toml(String),
    #[error("[{0}] is no place for keys; the places are {1}")]
    UnknownContext(String, String),
    #[error("[{0}] has no command “{1}”; the help (F1) and the README list them")]
    UnknownCommand(String, String),
    #[error("{command} in [{context}]: {reason}")]
    Key {
        context: String,
        command: String,
        reason: String,
    },
    #[error("in [{context}] both {first} and {second} are on {key}")]
    Clash {
        context: String,
        first: String,
        second: String,
        key: String,
    },
}

type Table = BTreeMap<String, BTreeMap<String, Vec<String>>>;

impl Default for Keymap {
    fn default() -> Self {
        let mut keymap = Self {
            bindings: Vec::new(),
        };
        // Cannot fail, and nothing clashes: a test reads the shipped table.
        let _ = keymap.bind_all(DEFAULT);
        keymap
    }
}

impl Keymap {
    /// The shipped table with the user's changes: a command named there has just the keys named there.
    pub fn with_changes(text: &str) -> Result<Self, KeymapError> {
        let mut keymap = Self::default();
        keymap.apply(text)?;
        Ok(keymap)
    }

    fn apply(&mut self, text: &str) -> Result<(), KeymapError> {
        self.bind_all(text)?;
        self.check_clashes()
    }

    fn bind_all(&mut self, text: &str) -> Result<(), KeymapError> {
        let table: Table =
            toml_edit::de::from_str(text).map_err(|error| KeymapError::Toml(error.to_string()))?;
        for (place, commands) in table {
            let context = find_context(&place)?;
            for (name, keys) in commands {
                self.bind(context, &name, &keys)?;
            }
        }
        Ok(())
    }

    fn bind(&mut self, context: Context, name: &str, keys: &[String]) -> Result<(), KeymapError> {
        let command = command::of(context)
            .find(|command| command.name == name)
            .ok_or_else(|| {
                KeymapError::UnknownCommand(context.name().to_owned(), name.to_owned())
            })?;
        self.bindings
            .retain(|old| (old.context, old.command) != (context, command.name));
        for key in keys {
            let key = key
                .parse()
                .map_err(|error: super::key::KeyError| KeymapError::Key {
                    context: context.name().to_owned(),
                    command: name.to_owned(),
                    reason: error.to_string(),
                })?;
            self.bindings.push(Binding {
                context,
                key,
                command: command.name,
            });
        }
        Ok(())
    }

    fn check_clashes(&self) -> Result<(), KeymapError> {
        for (index, one) in self.bindings.iter().enumerate() {
            let clash = self
                .bindings
                .iter()
                .skip(index + 1)
                .find(|other| (other.context, other.key) == (one.context, one.key));
            if let Some(other) = clash {
                return Err(KeymapError::Clash {
                    context: one.context.name().to_owned(),
                    first: one.command.to_owned(),
                    second: other.command.to_owned(),
                    key: one.key.to_string(),
                });
            }
        }
        Ok(())
    }

    /// What a key does in a context.
    pub fn command(&self, context: Context, key: Key) -> Option<&'static Command> {
        let binding = self
            .bindings
            .iter()
            .find(|it| it.context == context && it.key == key)?;
        command::of(context).find(|command| command.name == binding.command)
    }

    /// The keys of a command, the first being the one to show.
    pub fn keys_of<'a>(&'a self, command: &'a Command) -> impl Iterator<Item = Key> + 'a {
        self.bindings
            .iter()
            .filter(|it| it.context == command.context && it.command == command.name)
            .map(|it| it.key)
    }
}

fn find_context(name: &str) -> Result<Context, KeymapError> {
    Context::ALL
        .iter()
        .copied()
        .find(|context| context.name() == name)
        .ok_or_else(|| {
            let names: Vec<&str> = Context::ALL.iter().map(|context| context.name()).collect();
            KeymapError::UnknownContext(name.to_owned(), names.join(", "))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Code;

    #[test]
    fn the_shipped_table_names_every_command() {
        let mut keymap = Keymap {
            bindings: Vec::new(),
        };
        keymap.apply(DEFAULT).unwrap();
        for context in Context::ALL {
            for command in command::of(*context) {
                assert!(
                    keymap.keys_of(command).next().is_some(),
                    "{} has no key",
                    command.name
                );
            }
        }
    }

    /// Ctrl with these letters is Enter, newline, Backspace and Tab to a terminal; Ctrl-B, A, O and G
    /// belong to tmux, screen and zellij; Ctrl-S and Ctrl-Q may stop and start the terminal itself.
    #[test]
    fn no_default_is_a_key_that_terminals_keep_for_themselves() {
        let keymap = Keymap::default();
        for binding in &keymap.bindings {
            if let Code::Char(char) = binding.key.code
                && binding.key.ctrl
            {
                assert!(
                    !"mjhibaog".contains(char),
                    "{} is on {}",
                    binding.command,
                    binding.key
                );
                if matches!(char, 'q' | 's') {
                    let command = keymap.command(binding.context, binding.key).unwrap();
                    assert!(keymap.keys_of(command).count() > 1);
                }
            }
        }
    }

    /// In a text, a plain character types itself: a command on one could never be reached.
    #[test]
    fn no_text_has_a_command_on_a_character() {
        let keymap = Keymap::default();
        for binding in &keymap.bindings {
            let texts = [
                Context::Text,
                Context::Url,
                Context::Fields,
                Context::Setting,
                Context::BodyText,
                Context::RowsText,
                Context::Filter,
                Context::CollectionFilter,
                Context::Name,
            ];
            assert!(!texts.contains(&binding.context) || binding.key.typed().is_none());
        }
    }

    #[test]
    fn the_user_changes_single_commands() {
        let keymap = Keymap::with_changes("[anywhere]\nsend = ['ctrl-x']\n").unwrap();
        let send = command::of(Context::Anywhere)
            .find(|command| command.name == "send")
            .unwrap();
        assert_eq!(
            keymap
                .keys_of(send)
                .map(|key| key.to_string())
                .collect::<Vec<_>>(),
            ["ctrl-x"]
        );
        assert!(
            keymap
                .command(Context::Anywhere, "f1".parse().unwrap())
                .is_some()
        );
    }

    #[test]
    fn a_wrong_table_is_refused_with_the_reason() {
        for (text, reason) in [
            ("[", "TOML"),
            ("[nowhere]\nsend = []", "nowhere"),
            ("[anywhere]\nfly = ['f1']", "fly"),
            ("[anywhere]\nsend = ['hyper-x']", "hyper-x"),
            ("[anywhere]\nsend = ['f1']", "help"),
        ] {
            let error = Keymap::with_changes(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
