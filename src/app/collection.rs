//! Saved requests: what the collection is asked for, what it answers, and which saved request the
//! draft belongs to.

mod bases;

use std::{path::PathBuf, sync::Arc};

use crate::{
    format::request_toml,
    model::{
        EntryKind, Focus, Head, Origin, REDACTED, Redact, Request,
        collection::{Collection, name},
    },
};

use super::{
    Popup, State, command::Context, effect::Effect, examples, message::Notice,
    panel::confirm::Question, trust,
};

pub use bases::Bases;

/// One thing to do with a collection. The edge does them in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// List the collection that posttui was started in.
    Scan,
    Read {
        origin: Origin,
        why: Why,
    },
    Save(Box<Save>),
    MakeFolder(String),
    Rename {
        kind: EntryKind,
        from: String,
        to: String,
    },
    Duplicate(String),
    Delete {
        kind: EntryKind,
        path: String,
    },
    /// Keep the order of one folder's members, given by their keys.
    Reorder {
        folder: String,
        members: Vec<String>,
    },
    /// Trust the collection in this folder from now on.
    Trust(PathBuf),
}

/// What a saved request is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// To be edited and sent.
    Load,
    /// The draft belongs to it, and it may have been changed outside.
    Compare,
}

/// A request to be saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Save {
    pub origin: Origin,
    pub request: Request,
    pub over: Over,
    /// Whether it is the draft, which belongs to the saved request from then on.
    pub is_draft: bool,
}

/// What a save may write over.
#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// There must be nothing yet.
    New,
    /// The file as it was read.
    Text(Arc<str>),
    /// Whatever is there.
    Anything,
}

/// What the collection answers.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    Scanned(Arc<Collection>),
    /// What requests are sent by: comes after the names, in parts.
    Heads(Vec<(String, Head)>),
    Read {
        origin: Origin,
        why: Why,
        text: Result<Arc<str>, String>,
        /// Whether the collection that it is in is trusted.
        trusted: bool,
    },
    Saved {
        save: Box<Save>,
        text: Arc<str>,
    },
    /// The file is not as it was read: the user has to be asked.
    Conflict {
        save: Box<Save>,
        reason: String,
        /// What a yes may write over: the file as it is now, so that what changes it again while the
        /// question is open is asked about, too.
        over: Over,
    },
    /// Something has another path now.
    Renamed {
        kind: EntryKind,
        from: String,
        to: String,
    },
    Deleted {
        kind: EntryKind,
        path: String,
        trash: PathBuf,
    },
    /// This entry is to be chosen in the tree.
    Select(String),
    Trusted(PathBuf),
    Failed(String),
}

/// A question about saved requests.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    Overwrite {
        save: Box<Save>,
        reason: String,
        over: Over,
    },
    Delete {
        kind: EntryKind,
        path: String,
    },
    Trust(PathBuf),
}

impl Asked {
    /// The question and what yes will do.
    pub fn words(&self) -> (String, &'static str) {
        match self {
            Self::Overwrite {
                reason,
                over: Over::New,
                ..
            } => (
                format!("{reason}. Save it anew?"),
                "No keeps the draft as it is: it can be saved under another name.",
            ),
            Self::Overwrite { reason, .. } => (
                format!("{reason}. Save over it all the same?"),
                "No keeps the file and the draft as they are: save the draft under another name, or load the file again.",
            ),
            Self::Delete { kind, path } => (
                match kind {
                    EntryKind::Folder => {
                        format!("Delete the folder “{path}” with all that is in it?")
                    }
                    EntryKind::Request => format!("Delete “{path}”?"),
                },
                "It is moved to the trash folder, where it can be had back from.",
            ),
            Self::Trust(root) => (
                format!("Trust the collection in {}?", root.display()),
                "It is not yours: its requests may ask for variables and files of this machine, and choose the way to the server (proxy, certificates, addresses). Say yes where you know who wrote it.",
            ),
        }
    }
}

/// How the draft stands to the saved request that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Belonging<'a> {
    pub name: &'a str,
    pub edited: bool,
}

impl State {
    /// Which saved request the draft belongs to, if any.
    pub fn belonging(&self) -> Option<Belonging<'_>> {
        let origin = self.builder.origin.as_deref()?;
        let draft = self.bases.as_saved(origin, self.builder.request());
        Some(Belonging {
            name: name(&origin.path),
            edited: self.bases.request(origin) != Some(&draft),
        })
    }

    /// The folder of the open collection with a path in it.
    pub fn origin(&self, path: &str) -> Option<Origin> {
        let collection = self.collection.open()?;
        Some(Origin {
            root: collection.root.clone(),
            path: path.to_owned(),
        })
    }
}

fn deed(deed: Deed) -> Vec<Effect> {
    vec![Effect::Collection(deed)]
}

/// Loads a saved request into the builder.
pub fn load(state: &mut State, path: &str) -> Vec<Effect> {
    let Some(origin) = state.origin(path) else {
        return Vec::new();
    };
    if !state.collection.asked_for_trust {
        state.collection.asked_for_trust = trust::ask_for_trust(state);
    }
    deed(Deed::Read {
        origin,
        why: Why::Load,
    })
}

/// Saves the draft where it belongs; `None` when it belongs nowhere yet.
pub fn save(state: &mut State) -> Option<Vec<Effect>> {
    let origin = state.builder.origin.as_deref()?.clone();
    let over = state.bases.text(&origin).map_or(Over::New, Over::Text);
    let request = state.bases.as_saved(&origin, state.builder.request());
    Some(deed(Deed::Save(Box::new(Save {
        origin,
        request,
        over,
        is_draft: true,
    }))))
}

/// Saves a request under a new path.
pub fn save_as(state: &State, path: &str, request: Request, is_draft: bool) -> Vec<Effect> {
    let Some(origin) = state.origin(path) else {
        return Vec::new();
    };
    deed(Deed::Save(Box::new(Save {
        origin,
        request,
        over: Over::New,
        is_draft,
    })))
}

/// Does what the user said yes to.
pub fn confirmed(asked: Asked) -> Vec<Effect> {
    deed(match asked {
        Asked::Overwrite { save, over, .. } => Deed::Save(Box::new(Save { over, ..*save })),
        Asked::Delete { kind, path } => Deed::Delete { kind, path },
        Asked::Trust(root) => Deed::Trust(root),
    })
}

pub fn ask(state: &mut State, asked: Asked) {
    state.popup = Some(Popup::Question(Question::Collection(Box::new(asked))));
}

/// Takes what the collection answers.
pub fn happened(state: &mut State, news: News) -> Vec<Effect> {
    match news {
        News::Scanned(collection) => return scanned(state, collection),
        News::Heads(heads) => state.collection.take_heads(heads),
        News::Read {
            origin,
            why,
            text,
            trusted,
        } => {
            state.collection.take_trust(&origin.root, trusted);
            was_read(state, origin, why, text);
        }
        News::Saved { save, text } => return saved(state, *save, &text),
        News::Conflict { save, reason, over } => {
            ask(state, Asked::Overwrite { save, reason, over });
        }
        News::Renamed { kind, from, to } => return renamed(state, kind, &from, &to),
        News::Deleted { kind, path, trash } => {
            deleted(state, kind, &path);
            let trash = trash.display();
            state.notice = Some(Notice::info(format!(
                "“{path}” is in the trash now: {trash}"
            )));
        }
        News::Select(key) => state.collection.select(&key),
        News::Trusted(root) => {
            state.collection.trusted(&root);
            state.notice = Some(Notice::info("This collection is trusted from now on."));
        }
        News::Failed(reason) => state.notice = Some(Notice::error(reason)),
    }
    Vec::new()
}

fn was_read(state: &mut State, origin: Origin, why: Why, text: Result<Arc<str>, String>) {
    match (why, text) {
        (Why::Load, Ok(text)) => loaded(state, origin, &text),
        (Why::Load, Err(reason)) => {
            state.notice = Some(Notice::error(format!("Not loaded: {reason}.")));
        }
        (Why::Compare, Ok(text)) => compared(state, &origin, &text),
        // It is gone or cannot be read: a save will say so.
        (Why::Compare, Err(_)) => {}
    }
}

fn scanned(state: &mut State, collection: Arc<Collection>) -> Vec<Effect> {
    let is_first = state.collection.open().is_none();
    if is_first && !collection.trusted {
        let key = state.key_name(Context::Collection, "trust");
        state.notice = Some(Notice::warning(format!(
            "The collection “{}” is not trusted yet: look at it, then {key} in it.",
            collection.name
        )));
    } else if let Some(complaint) = collection.complaints.first()
        && state.notice.is_none()
    {
        // Whatever else was told, such as that no history is kept, weighs more.
        state.notice = Some(Notice::warning(format!("In the collection, {complaint}.")));
    }
    state.collection.take(collection);
    let mut effects = examples::read_names(state);
    // The file that the draft belongs to may have been changed outside.
    if let Some(origin) = state.builder.origin.as_deref() {
        effects.extend(deed(Deed::Read {
            origin: origin.clone(),
            why: Why::Compare,
        }));
    }
    effects
}

fn loaded(state: &mut State, origin: Origin, text: &Arc<str>) {
    let read = match request_toml::read(text) {
        Ok(read) => read,
        Err(error) => {
            let path = &origin.path;
            state.notice = Some(Notice::error(format!("“{path}” is left alone: {error}.")));
            return;
        }
    };
    let path = origin.path.clone();
    state.bases.insert(origin.clone(), text);
    state.builder.load(&read.request);
    state.builder.origin = Some(Arc::new(origin));
    state.viewing = false;
    let has_fields = state
        .builder
        .shown_table()
        .is_some_and(|table| table.sent() > 0);
    state.go(if has_fields {
        Focus::Request
    } else {
        Focus::Url
    });
    state.notice = Some(if read.unknown.is_empty() {
        let undo = state.key_name(Context::Anywhere, "undo");
        Notice::info(format!(
            "“{path}” is in the builder. Undo ({undo}) brings the draft before back."
        ))
    } else {
        Notice::warning(format!(
            "“{path}” has what this posttui does not know: {}. It is kept, but not sent.",
            read.unknown.join(", ")
        ))
    });
}

/// The file of the draft was read again: changed outside, it is taken over where the draft was not
/// edited; otherwise the next save asks.
fn compared(state: &mut State, origin: &Origin, text: &Arc<str>) {
    let is_present = state.builder.origin.as_deref() == Some(origin);
    if !is_present || state.bases.text(origin).as_deref() == Some(&**text) {
        return;
    }
    let edited = state.belonging().is_some_and(|belonging| belonging.edited);
    let name = name(&origin.path).to_owned();
    let Ok(read) = request_toml::read(text) else {
        return;
    };
    if edited {
        state.notice = Some(Notice::warning(format!(
            "“{name}” was changed outside, and here: a save will ask."
        )));
        return;
    }
    state.bases.insert(origin.clone(), text);
    state.builder.load(&read.request);
    state.builder.origin = Some(Arc::new(origin.clone()));
    state.notice = Some(Notice::info(format!(
        "“{name}” was changed outside and is loaded anew; undo brings the old one back."
    )));
}

fn saved(state: &mut State, save: Save, text: &Arc<str>) -> Vec<Effect> {
    let path = save.origin.path.clone();
    state.bases.insert(save.origin.clone(), text);
    state.collection.select(&path);
    let written = state.bases.request(&save.origin);
    let asks = written.is_some_and(|written| written.auth != save.request.auth);
    state.notice = Some(if written.is_some_and(holds_secrets) {
        Notice::warning(format!(
            "Saved “{path}”. Its credentials stand in the file as they were typed."
        ))
    } else if format!("{:?}", save.request).contains(REDACTED) {
        Notice::warning(format!(
            "Saved “{path}” without its credentials, which the history does not keep."
        ))
    } else if asks {
        Notice::info(format!(
            "Saved “{path}” without the secrets of its Auth tab: a send will ask for them. {{{{ name }}}} of an environment spares that."
        ))
    } else {
        Notice::info(format!("Saved “{path}”."))
    });
    if save.is_draft {
        state.builder.origin = Some(Arc::new(save.origin));
    }
    Vec::new()
}

/// Whether the history would not keep all of it.
fn holds_secrets(request: &Request) -> bool {
    request.redacted() != *request
}

fn renamed(state: &mut State, kind: EntryKind, from: &str, to: &str) -> Vec<Effect> {
    let root = state
        .collection
        .open()
        .map(|collection| collection.root.clone());
    let rename = |origin: &mut Origin| {
        if Some(&origin.root) == root.as_ref()
            && let Some(path) = moved(kind, &origin.path, from, to)
        {
            origin.path = path;
        }
    };
    state.bases.rename(rename);
    state.builder.rename_origins(rename);
    let folder = if kind == EntryKind::Folder { "/" } else { "" };
    state.collection.select(&format!("{to}{folder}"));
    // What was sent from it, and its examples, belong to the new path.
    let renamed = root.map(|root| {
        Effect::Examples(examples::Deed::Rename {
            root,
            kind,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    });
    let mut effects: Vec<Effect> = renamed.into_iter().collect();
    effects.extend(examples::read_names(state));
    effects
}

/// The new path of what is called so, or is in a folder called so.
fn moved(kind: EntryKind, path: &str, from: &str, to: &str) -> Option<String> {
    match kind {
        EntryKind::Request => (path == from).then(|| to.to_owned()),
        EntryKind::Folder => {
            let rest = path.strip_prefix(from)?;
            rest.starts_with('/').then(|| format!("{to}{rest}"))
        }
    }
}

/// The draft stays and keeps its place: nothing is saved there now, and the next save writes it anew.
fn deleted(state: &mut State, kind: EntryKind, path: &str) {
    let root = state.collection.open().map(|collection| &collection.root);
    let is_gone = |origin: &Origin| {
        Some(&origin.root) == root && moved(kind, &origin.path, path, "").is_some()
    };
    state.bases.forget(is_gone);
}
