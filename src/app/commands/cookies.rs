//! Commands of the cookies: their list, and the editing of one.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use crate::{
    app::{
        Popup, State,
        command::{
            Command,
            Context::{Anywhere, Cookie, Cookies},
        },
        effect::Effect,
        message::Notice,
        panel::{
            confirm::Question,
            cookies::{CookieEditor, CookiesPanel, listed},
            options::OptionsPanel,
        },
    },
    model::CookieChange,
    prepare::complete_address,
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "cookies",
        context: Anywhere,
        hint: "",
        help: "The cookies of the environment: look at them, edit, clear",
        run: open_list,
    },
    Command {
        name: "use-cookies",
        context: Anywhere,
        hint: "",
        help: "Send this request with the jar's cookies, or without",
        run: use_cookies,
    },
    Command {
        name: "edit",
        context: Cookies,
        hint: "edit",
        help: "Edit the cookie",
        run: edit,
    },
    Command {
        name: "new",
        context: Cookies,
        hint: "new",
        help: "Make a new one, for the host of the URL",
        run: create,
    },
    Command {
        name: "delete",
        context: Cookies,
        hint: "delete",
        help: "Delete the cookie",
        run: delete,
    },
    Command {
        name: "clear",
        context: Cookies,
        hint: "clear all",
        help: "Delete every cookie of the environment",
        run: clear,
    },
    Command {
        name: "reveal",
        context: Cookies,
        hint: "show value",
        help: "Show the value under the cursor, or hide it",
        run: reveal,
    },
    Command {
        name: "use",
        context: Cookies,
        hint: "use for this request",
        help: "Send this request with these cookies, or without",
        run: use_cookies,
    },
    Command {
        name: "down",
        context: Cookies,
        hint: "",
        help: "The one below",
        run: |state| walk(state, true),
    },
    Command {
        name: "up",
        context: Cookies,
        hint: "",
        help: "The one above",
        run: |state| walk(state, false),
    },
    Command {
        name: "close",
        context: Cookies,
        hint: "close",
        help: "Close the list",
        run: close,
    },
    Command {
        name: "save",
        context: Cookie,
        hint: "keep",
        help: "Keep the cookie",
        run: save,
    },
    Command {
        name: "toggle",
        context: Cookie,
        hint: "",
        help: "On the lines of Secure and HttpOnly: switch it",
        run: |state| change(state, CookieEditor::toggle),
    },
    Command {
        name: "next",
        context: Cookie,
        hint: "",
        help: "To the line below",
        run: |state| change(state, |editor| editor.turn(true)),
    },
    Command {
        name: "previous",
        context: Cookie,
        hint: "",
        help: "To the line above",
        run: |state| change(state, |editor| editor.turn(false)),
    },
    Command {
        name: "close",
        context: Cookie,
        hint: "discard",
        help: "Back to the list; asks once more where something was changed",
        run: leave,
    },
];

/// Opens the list, and reads the jar anew: another posttui may have changed it.
fn open_list(state: &mut State) -> Option<Vec<Effect>> {
    state.popup = Some(Popup::Cookies(CookiesPanel::default()));
    Some(vec![state.read_jar()])
}

fn use_cookies(state: &mut State) -> Option<Vec<Effect>> {
    let wanted = if state.uses_jar() { "off" } else { "on" };
    let mut choices = state.builder.options.choices();
    choices.set("cookies", wanted);
    state.builder.options = OptionsPanel::new(&choices);
    let text = if wanted == "on" {
        "This request is sent with the cookies of the jar, and keeps those that servers set."
    } else {
        "This request is sent without the cookies of the jar, and keeps none."
    };
    state.notice = Some(Notice::info(text));
    Some(Vec::new())
}

fn edit(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Cookies(panel)) = &state.popup else {
        return None;
    };
    let jar = state.jar();
    let cookie = jar.as_deref().and_then(|jar| panel.picked(jar));
    if let Some(cookie) = cookie {
        let editor = CookieEditor::edit(cookie);
        state.popup = Some(Popup::Cookie(Box::new(editor)));
    }
    Some(Vec::new())
}

fn create(state: &mut State) -> Option<Vec<Effect>> {
    let drafted = state.drafted(state.builder.request());
    let url = complete_address(&drafted.request().url).ok();
    let host = url.as_ref().and_then(url::Url::host_str);
    // One that is only known at the send is not proposed.
    let is_known = |host: &&str| !drafted.open().iter().any(|it| host.contains(&it.stand_in));
    let host = host.filter(is_known);
    let editor = CookieEditor::create(host.unwrap_or_default());
    state.popup = Some(Popup::Cookie(Box::new(editor)));
    Some(Vec::new())
}

fn delete(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Cookies(panel)) = &state.popup else {
        return None;
    };
    let jar = state.jar();
    let key = jar.as_deref().and_then(|jar| panel.picked(jar));
    let Some(key) = key.map(crate::model::Cookie::key) else {
        return Some(Vec::new());
    };
    state.notice = Some(Notice::info(format!(
        "The cookie {} of {} is deleted.",
        key.name, key.domain
    )));
    Some(state.change_jar(vec![CookieChange::Remove(key)]))
}

fn clear(state: &mut State) -> Option<Vec<Effect>> {
    let count = state.jar().map_or(0, |jar| jar.cookies.len());
    if count > 0 {
        let environment = state.environment.clone();
        let question = Question::ClearCookies { environment, count };
        state.popup = Some(Popup::Question(question));
    }
    Some(Vec::new())
}

/// After the question: the list, empty now.
pub fn cleared(state: &mut State) -> Vec<Effect> {
    state.popup = Some(Popup::Cookies(CookiesPanel::default()));
    state.change_jar(vec![CookieChange::Clear])
}

fn reveal(state: &mut State) -> Option<Vec<Effect>> {
    let Some(Popup::Cookies(panel)) = &mut state.popup else {
        return None;
    };
    panel.revealed = !panel.revealed;
    Some(Vec::new())
}

fn walk(state: &mut State, down: bool) -> Option<Vec<Effect>> {
    let count = state.jar().map_or(0, |jar| jar.cookies.len());
    let Some(Popup::Cookies(panel)) = &mut state.popup else {
        return None;
    };
    panel.walk(count, down);
    Some(Vec::new())
}

fn close(state: &mut State) -> Option<Vec<Effect>> {
    state.close_popup();
    Some(Vec::new())
}

fn change(state: &mut State, change: fn(&mut CookieEditor)) -> Option<Vec<Effect>> {
    let Some(Popup::Cookie(editor)) = state.popup.as_mut() else {
        return None;
    };
    change(editor);
    Some(Vec::new())
}

fn save(state: &mut State) -> Option<Vec<Effect>> {
    let now = state.now;
    let Some(Popup::Cookie(editor)) = state.popup.as_mut() else {
        return None;
    };
    let cookie = match editor.cookie(now) {
        Ok(cookie) => cookie,
        Err((line, problem)) => {
            editor.line = line;
            state.notice = Some(Notice::error(format!("Not kept: {problem}.")));
            editor.problem = Some(problem);
            return Some(Vec::new());
        }
    };
    let key = cookie.key();
    let moved = editor.before.as_ref().filter(|old| !old.is_at(&key));
    let mut changes: Vec<CookieChange> = moved
        .map(|old| CookieChange::Remove(old.key()))
        .into_iter()
        .collect();
    changes.push(CookieChange::Set(cookie));
    let effects = state.change_jar(changes);
    let jar = state.jar();
    let place = jar.as_deref().and_then(|jar| {
        let all = listed(jar);
        all.iter().position(|it| it.is_at(&key))
    });
    state.popup = Some(Popup::Cookies(CookiesPanel {
        chosen: place.unwrap_or(0),
        revealed: false,
    }));
    Some(effects)
}

fn leave(state: &mut State) -> Option<Vec<Effect>> {
    let now = state.now;
    let Some(Popup::Cookie(editor)) = state.popup.as_mut() else {
        return None;
    };
    if editor.is_changed(now) && !editor.warned {
        editor.warned = true;
        state.notice = Some(Notice::warning(
            "Not kept yet: Enter keeps it; Esc once more throws the changes away.",
        ));
        return Some(Vec::new());
    }
    state.popup = Some(Popup::Cookies(CookiesPanel::default()));
    Some(Vec::new())
}
