//! What happens, turned into the next state and what is to be done in the world.

use std::sync::Arc;

use crate::model::Request;

use super::{
    Popup, State, collection,
    command::Context,
    compare, departure,
    effect::Effect,
    examples, followup,
    key::Key,
    message::{Event, Level, Message, Notice},
    outside,
    panel::undo::Draft,
    paste, popup_undo, send, tidy, viewer,
};

/// Makes the next state; answers with what is to be done in the world.
pub fn update(state: &mut State, message: Message) -> Vec<Effect> {
    state.now = message.at;
    let mut draft = None;
    let mut effects = match message.event {
        Event::Key(key) => {
            let typed = key.typed().is_some();
            edit(state, typed, &mut draft, |state| {
                popup_undo::watch(state, typed, |state| press(state, key))
            })
        }
        Event::Paste(text) => edit(state, true, &mut draft, |state| {
            popup_undo::watch(state, false, |state| paste::paste(state, &text))
        }),
        Event::Resize { columns, rows } => resized(state, (columns, rows)),
        Event::FocusGained => state.look_around(),
        Event::HistoryChanged => state.look_beside(),
        Event::HistoryUnkept => unkept(state),
        Event::Gathered { job, found } => departure::gathered(state, job, found),
        Event::Recalled {
            job,
            need,
            recalled,
        } => departure::recalled(state, job, need, recalled),
        Event::Names(names) => state.learn_names(names),
        Event::Environments(environments) => {
            state.take_environments(environments);
            Vec::new()
        }
        Event::EnvironmentUnsaved { save, reason } => state.environment_unsaved(&save, &reason),
        Event::UsualUnsaved { save, reason } => state.usual_unsaved(&save, &reason),
        Event::Overtaken(overtaken) => state.ask_over(overtaken),
        Event::Jar(jar) => state.take_jar(jar),
        Event::Tick if !state.followups.is_waiting() => return Vec::new(),
        Event::Tick => followup::tick(state),
        Event::Send(send, event) => send::report(state, send, event),
        Event::ProxyFound { job, proxy } => {
            state.wire.proxy_found(job, proxy);
            Vec::new()
        }
        Event::LookedAt { job, given } => {
            if state.wire.looked_at(job, &given) {
                Vec::new()
            } else {
                departure::looked_at(state, job, given)
            }
        }
        Event::FolderRead { job, folder } => {
            if let Some(Popup::Files(picker)) = &mut state.popup {
                picker.take(job, folder);
            }
            Vec::new()
        }
        Event::HistoryPage(page) => {
            state.history.take(page, &state.time_zone);
            state.settle_history()
        }
        Event::HistoryTotal { job, total } => {
            state.history.take_total(job, total);
            Vec::new()
        }
        Event::HistoryFailed { job, reason } => {
            state.history.failed(job, reason);
            Vec::new()
        }
        Event::Loaded { id, exchange } => state.loaded(id, exchange),
        Event::Answered { id, urls } => {
            state.take_answered(id, &urls);
            Vec::new()
        }
        Event::Examples(news) => examples::happened(state, news),
        Event::Met(met) => state.meet(met),
        Event::LoadFailed { id, reason } => state.load_failed(id, reason),
        Event::Compared { job, compared } => compare::compared(state, job, compared),
        Event::Tidied(done) => tidy::tidied(state, done),
        Event::Timeline { job, rows } => compare::timeline(state, job, rows),
        Event::Body(news) => viewer::take(state, news),
        Event::Collection(news) => edit(state, false, &mut draft, |state| {
            collection::happened(state, news)
        }),
        Event::Edited { target, text } => edit(state, false, &mut draft, |state| {
            outside::take(state, target, text);
            Vec::new()
        }),
        Event::Told(notice) => {
            tell(state, notice);
            Vec::new()
        }
        Event::Terminate => return state.quit(),
    };
    effects.extend(state.follow_jar());
    effects.extend(state.arrange());
    effects.extend(state.keep(draft));
    effects
}

/// Puts a sentence into the bottom line. On a full disk the unsaved exchange comes before the draft: a warning takes
/// no error's place.
fn tell(state: &mut State, notice: Notice) {
    let present = state.notice.as_ref().map(|present| present.level);
    if !(notice.level == Level::Warning && present == Some(Level::Error)) {
        state.notice = Some(notice);
    }
}

fn resized(state: &mut State, size: (u16, u16)) -> Vec<Effect> {
    state.size = size;
    Vec::new()
}

/// From now on nothing that is sent outlives the program.
fn unkept(state: &mut State) -> Vec<Effect> {
    state.response.is_unkept = true;
    Vec::new()
}

/// Runs what may change the draft, and remembers the draft before it for undo. The draft afterwards is
/// left in `draft`: making it is a good part of what a key costs.
fn edit(
    state: &mut State,
    typed: bool,
    draft: &mut Option<Request>,
    run: impl FnOnce(&mut State) -> Vec<Effect>,
) -> Vec<Effect> {
    let (kept, origin) = (Arc::clone(&state.saved), state.builder.origin.clone());
    let typed = typed || state.builder.as_text;
    let steps = state.builder.undo_steps();
    let known = state.builder.problem.clone();
    let effects = run(state);
    let undone = steps != state.builder.undo_steps();
    let after = draft.insert(state.builder.request());
    if !undone && *after != kept.draft {
        if state.builder.arrange_path(&kept.draft, state.focus) {
            *after = state.builder.request();
        }
        // What this very key has found wrong stays, although it may have completed the URL, too.
        let found = state.builder.problem.take();
        let found = found.filter(|it| Some(it) != known.as_ref());
        let before = || Draft {
            request: kept.draft.clone(),
            origin,
        };
        state.builder.edited(before, typed, state.focus);
        state.builder.problem = found;
    }
    effects
}

/// A key: the innermost context that knows it has it; in a text, a character types itself.
fn press(state: &mut State, key: Key) -> Vec<Effect> {
    state.notice = None;
    let contexts = state.contexts();
    if contexts.contains(&Context::Text)
        && let Some(char) = key.typed()
    {
        return type_text(state, char.encode_utf8(&mut [0; 4]));
    }
    for context in contexts {
        if let Some(command) = state.keymap.command(context, key)
            && let Some(effects) = (command.run)(state)
        {
            return effects;
        }
    }
    Vec::new()
}

pub(super) fn type_text(state: &mut State, text: &str) -> Vec<Effect> {
    match state.editor() {
        Some(editor) => {
            editor.insert(text);
            state.text_changed()
        }
        None => Vec::new(),
    }
}
