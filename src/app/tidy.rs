//! What is put on exchanges of the history, and the removing of exchanges, which can be taken back until
//! posttui ends.

use crate::{
    model::{ExchangeId, Label, Relabel, clean_tag},
    search::Filter,
    units::counted,
};

use super::{
    Popup, State,
    command::Context,
    effect::Effect,
    message::Notice,
    panel::{
        confirm::Question,
        name::{NamePrompt, Purpose},
    },
};

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Tidy {
    Relabel {
        ids: Vec<ExchangeId>,
        changes: Vec<Relabel>,
    },
    Remove(Vec<ExchangeId>),
    /// All that the filter finds, but for what is pinned.
    RemoveFound(Box<Filter>),
    Restore(Vec<ExchangeId>),
}

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub enum Tidied {
    Relabelled,
    Removed(Vec<ExchangeId>),
    Restored(u64),
}

/// The texts that an exchange can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelKind {
    Name,
    Note,
    Tags,
}

impl LabelKind {
    /// What the line in which it is typed is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "Name of the exchange",
            Self::Note => "Note",
            Self::Tags => "Tags, with blanks between them",
        }
    }
}

/// The marked exchanges, or the chosen one.
fn targets(state: &mut State) -> Vec<ExchangeId> {
    match state.history.marked() {
        [] => state.chosen_row().into_iter().collect(),
        marked => marked.to_vec(),
    }
}

fn label_of(state: &State, id: ExchangeId) -> Option<&Label> {
    let mut rows = state.history.rows().iter();
    rows.find(|row| row.id == id).map(|row| &row.label)
}

/// Pins them, or, where all are pinned already, takes the pins out.
pub(super) fn pin(state: &mut State) -> Vec<Effect> {
    let ids = targets(state);
    let is_pinned = |id: &ExchangeId| label_of(state, *id).is_some_and(|label| label.pinned);
    let change = Relabel::Pin(!ids.iter().all(is_pinned));
    relabel(ids, vec![change])
}

fn relabel(ids: Vec<ExchangeId>, changes: Vec<Relabel>) -> Vec<Effect> {
    if ids.is_empty() || changes.is_empty() {
        return Vec::new();
    }
    vec![Effect::Tidy(Tidy::Relabel { ids, changes })]
}

/// Asks for a text; where it is about one exchange, what it has stands there already.
pub(super) fn ask(state: &mut State, kind: LabelKind) -> Vec<Effect> {
    let ids = targets(state);
    let present = match ids.as_slice() {
        [] => return Vec::new(),
        [id] => label_of(state, *id),
        _ => None,
    };
    let typed = present.map(|label| match kind {
        LabelKind::Name => label.name.clone().unwrap_or_default(),
        LabelKind::Note => label.note.clone().unwrap_or_default(),
        LabelKind::Tags => label.tags.join(" "),
    });
    let purpose = Purpose::Label { ids, kind };
    let prompt = NamePrompt::new(purpose, &typed.unwrap_or_default());
    state.popup = Some(Popup::Name(prompt));
    Vec::new()
}

/// Takes the typed text; an empty one takes away what there is.
pub(super) fn labelled(
    state: &State,
    ids: Vec<ExchangeId>,
    kind: LabelKind,
    typed: &str,
) -> Vec<Effect> {
    let text = Some(typed.trim().to_owned()).filter(|text| !text.is_empty());
    let changes = match kind {
        LabelKind::Name => vec![Relabel::Name(text)],
        LabelKind::Note => vec![Relabel::Note(text)],
        LabelKind::Tags => {
            let words = typed.split(|char: char| char.is_whitespace() || char == ',');
            let tags: Vec<String> = words.filter_map(clean_tag).collect();
            // Of one exchange all tags stood there to be edited; several get these besides their own.
            let before = match ids.as_slice() {
                [id] => label_of(state, *id).map(|label| label.tags.clone()),
                _ => None,
            };
            let gone = before.into_iter().flatten();
            let gone = gone.filter(|tag| !tags.contains(tag)).map(Relabel::Untag);
            let gone: Vec<Relabel> = gone.collect();
            gone.into_iter()
                .chain(tags.into_iter().map(Relabel::Tag))
                .collect()
        }
    };
    relabel(ids, changes)
}

/// Removes the marked exchanges, or the chosen one.
pub(super) fn remove(state: &mut State) -> Vec<Effect> {
    let ids = targets(state);
    if ids.is_empty() {
        return Vec::new();
    }
    vec![Effect::Tidy(Tidy::Remove(ids))]
}

/// Asks whether everything that the filter finds is to go.
pub(super) fn ask_remove_found(state: &mut State) -> Vec<Effect> {
    let now = state.local_now();
    let Ok(filter) = Filter::parse(state.history.filter.text(), &now) else {
        return Vec::new();
    };
    let Some(total) = state.history.total().filter(|total| *total > 0) else {
        return Vec::new();
    };
    // What is pinned stays, unless that is what is asked for; how much that is, the rows that are here tell.
    let pinned = state.history.rows().iter().filter(|row| row.label.pinned);
    let pinned = if filter.is_about_pins() {
        0
    } else {
        pinned.count() as u64
    };
    let question = Question::RemoveFound {
        filter: Box::new(filter),
        total: total.saturating_sub(pinned),
        is_exact: total == state.history.rows().len() as u64,
    };
    state.popup = Some(Popup::Question(question));
    Vec::new()
}

/// Brings back what was removed last.
pub(super) fn undo(state: &mut State) -> Vec<Effect> {
    if let Some(ids) = state.history.removed.pop() {
        return vec![Effect::Tidy(Tidy::Restore(ids))];
    }
    state.notice = Some(Notice::info(
        "Nothing was removed since posttui was started.",
    ));
    Vec::new()
}

/// Tells what was done, and reads the rows anew.
pub(super) fn tidied(state: &mut State, done: Result<Tidied, String>) -> Vec<Effect> {
    let counted = |count: u64| counted(count, "exchange");
    match done {
        Ok(Tidied::Relabelled) => {}
        Ok(Tidied::Removed(ids)) => {
            let undo = state.key_name(Context::History, "undo-remove");
            state.notice = Some(Notice::info(format!(
                "{} removed. {undo} brings them back until posttui ends.",
                counted(ids.len() as u64)
            )));
            state.history.leave(&ids);
            if !ids.is_empty() {
                state.history.removed.push(ids);
            }
        }
        Ok(Tidied::Restored(count)) => {
            state.notice = Some(Notice::info(format!("{} came back.", counted(count))));
        }
        Err(reason) => state.notice = Some(Notice::error(reason)),
    }
    state.query_history()
}
