//! A name being typed: for a request to be saved, a folder to be made, something to be moved.

use crate::{
    app::{editor::Editor, tidy::LabelKind},
    model::{EntryKind, ExchangeId, Request, collection::check_path, is_environment_name},
};

/// The line, and what it is for.
#[derive(Debug, Clone, PartialEq)]
pub struct NamePrompt {
    pub typed: Editor,
    pub purpose: Purpose,
    /// Why the typed name cannot be taken; until the next edit.
    pub problem: Option<String>,
}

/// What is done with the name.
#[derive(Debug, Clone, PartialEq)]
pub enum Purpose {
    /// Save the draft, which belongs there from then on.
    SaveDraft,
    /// Save a request of the history; the draft stays what it is.
    SaveOther(Box<Request>),
    /// Save an empty request and load it.
    Create,
    MakeFolder,
    Rename {
        kind: EntryKind,
        from: String,
    },
    RenameEnvironment {
        from: String,
    },
    /// Make an exchange an example of its saved request.
    Example(ExchangeId),
    /// Put a text on exchanges.
    Label {
        ids: Vec<ExchangeId>,
        kind: LabelKind,
    },
}

impl NamePrompt {
    pub fn new(purpose: Purpose, typed: &str) -> Self {
        Self {
            typed: Editor::new(typed),
            purpose,
            problem: None,
        }
    }

    /// What the popup is called.
    pub fn title(&self) -> &'static str {
        match self.purpose {
            Purpose::SaveDraft | Purpose::SaveOther(_) => "Save to the collection as",
            Purpose::Create => "New request",
            Purpose::MakeFolder => "New folder",
            Purpose::Rename { .. } => "Rename or move",
            Purpose::RenameEnvironment { .. } => "Rename the environment",
            Purpose::Example(_) => "Name of the example",
            Purpose::Label { kind, .. } => kind.title(),
        }
    }

    /// The typed path, or why it is none.
    pub fn path(&self) -> Result<String, String> {
        if let Purpose::Label { .. } = self.purpose {
            return Ok(self.typed.text().to_owned());
        }
        if let Purpose::Example(_) = self.purpose {
            let name = self.typed.text().trim();
            return if name.is_empty() {
                Err("what it is an example of, such as: happy path".to_owned())
            } else {
                Ok(name.to_owned())
            };
        }
        if let Purpose::RenameEnvironment { .. } = self.purpose {
            let name = self.typed.text().trim();
            return if is_environment_name(name) {
                Ok(name.to_owned())
            } else {
                Err("it becomes a file's name: letters, digits, -, _ and dots within".to_owned())
            };
        }
        check_path(self.typed.text()).map_err(|error| error.to_string())
    }

    /// What the path will be in the tree: folders have a slash at the end of theirs.
    pub fn key(&self, path: &str) -> String {
        match self.purpose {
            Purpose::MakeFolder
            | Purpose::Rename {
                kind: EntryKind::Folder,
                ..
            } => format!("{path}/"),
            _ => path.to_owned(),
        }
    }
}

/// A name for a request that has none, made of the end of its URL's path.
pub fn suggestion(request: &Request) -> String {
    let url = request.url.split(['?', '#']).next().unwrap_or_default();
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let segments = url.split('/').skip(1);
    let words: Vec<&str> = segments
        .filter(|segment| !segment.is_empty() && check_path(segment).is_ok())
        .collect();
    let last = words.last().copied().unwrap_or_default();
    last.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_suggested_from_the_path() {
        for (url, name) in [
            ("http://localhost:3000/api/create_user?x=1", "create_user"),
            (":3000/users/", "users"),
            ("https://host", ""),
            ("host/a:b", ""),
            ("", ""),
        ] {
            let request = Request {
                url: url.to_owned(),
                ..Request::default()
            };
            assert_eq!(suggestion(&request), name, "{url}");
        }
    }
}
