//! Which key does what: the table in `assets/keys.toml`, and the user's own changes to it.

use std::collections::BTreeMap;

use super::{
    command::{self, Command, Context},
    key::Key,
};

/// The table that ships with posttui, `assets/keys.toml`, as JSON.
const DEFAULT: &str = include_str!(concat!(env!("OUT_DIR"), "/keys.json"));

/// Keys by context and command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    /// What is bound in each context.
    contexts: Vec<(Context, Vec<Binding>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Binding {
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
        let contexts = Context::ALL.iter().map(|context| (*context, Vec::new()));
        let mut keymap = Self {
            contexts: contexts.collect(),
        };
        // Cannot fail, and nothing clashes: a test reads the shipped table.
        let table = serde_json::from_str(DEFAULT).unwrap_or_default();
        let _ = keymap.bind_all(table);
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
        let table = toml_edit::de::from_str(text);
        self.bind_all(table.map_err(|error| KeymapError::Toml(error.to_string()))?)?;
        self.check_clashes()
    }

    fn bind_all(&mut self, table: Table) -> Result<(), KeymapError> {
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
        let bindings = self.of_mut(context);
        bindings.retain(|old| old.command != command.name);
        for key in keys {
            let key = key
                .parse()
                .map_err(|error: super::key::KeyError| KeymapError::Key {
                    context: context.name().to_owned(),
                    command: name.to_owned(),
                    reason: error.to_string(),
                })?;
            bindings.push(Binding {
                key,
                command: command.name,
            });
        }
        Ok(())
    }

    fn check_clashes(&self) -> Result<(), KeymapError> {
        for (context, bindings) in &self.contexts {
            for (index, one) in bindings.iter().enumerate() {
                let mut others = bindings.iter().skip(index + 1);
                if let Some(other) = others.find(|other| other.key == one.key) {
                    return Err(KeymapError::Clash {
                        context: context.name().to_owned(),
                        first: one.command.to_owned(),
                        second: other.command.to_owned(),
                        key: one.key.to_string(),
                    });
                }
            }
        }
        Ok(())
    }

    /// What is bound in a context, in the order of the table.
    fn of(&self, context: Context) -> &[Binding] {
        let mut contexts = self.contexts.iter();
        contexts
            .find(|(other, _)| *other == context)
            .map_or(&[], |(_, bindings)| bindings)
    }

    #[expect(
        clippy::expect_used,
        reason = "a key table is made with every context, and none is taken away"
    )]
    fn of_mut(&mut self, context: Context) -> &mut Vec<Binding> {
        let mut contexts = self.contexts.iter_mut();
        let found = contexts.find(|(other, _)| *other == context);
        &mut found.expect("every context is there").1
    }

    /// What a key does in a context.
    pub fn command(&self, context: Context, key: Key) -> Option<&'static Command> {
        let binding = self.of(context).iter().find(|it| it.key == key)?;
        command::of(context).find(|command| command.name == binding.command)
    }

    /// The keys of a command, the first being the one to show.
    pub fn keys_of(&self, command: &Command) -> impl Iterator<Item = Key> {
        self.keys(command.context, command.name)
    }

    /// The keys of the command that has this name in a context.
    pub fn keys(&self, context: Context, command: &str) -> impl Iterator<Item = Key> {
        let bindings = self.of(context).iter();
        bindings
            .filter(move |it| it.command == command)
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

    impl Keymap {
        fn bindings(&self) -> impl Iterator<Item = (Context, &Binding)> {
            let contexts = self.contexts.iter();
            contexts.flat_map(|(context, bindings)| bindings.iter().map(|it| (*context, it)))
        }
    }

    #[test]
    fn the_shipped_table_names_every_command() {
        let mut keymap = Keymap::default();
        let shipped = include_str!("../../assets/keys.toml");
        assert_eq!(keymap.apply(shipped), Ok(()));
        assert_eq!(keymap, Keymap::default());
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
        for (context, binding) in keymap.bindings() {
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
                    let command = keymap.command(context, binding.key).unwrap();
                    assert!(keymap.keys_of(command).count() > 1);
                }
            }
        }
    }

    /// In a text, a plain character types itself: a command on one could never be reached.
    #[test]
    fn no_text_has_a_command_on_a_character() {
        let keymap = Keymap::default();
        for (context, binding) in keymap.bindings() {
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
            assert!(!texts.contains(&context) || binding.key.typed().is_none());
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
