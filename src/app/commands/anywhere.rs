//! Commands that hold in every zone.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use crate::{
    app::{
        Popup, State,
        command::{Command, Context::Anywhere},
        effect::Effect,
        followup,
        message::Notice,
        panel::{
            body_kind::KindPicker, confirm::Question, help::Help, method::MethodPicker,
            name::Purpose, palette::Palette,
        },
        send,
    },
    model::{Focus, RequestTab},
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "send",
        context: Anywhere,
        hint: "send",
        help: "Send the request (in the URL and in rows, Enter does too)",
        run: |state| Some(send::send(state)),
    },
    Command {
        name: "back",
        context: Anywhere,
        hint: "",
        help: "Cancel what is in flight; otherwise step back",
        run: back,
    },
    Command {
        name: "next",
        context: Anywhere,
        hint: "",
        help: "Go on to the next place",
        run: |state| Some(state.go_on(true)),
    },
    Command {
        name: "previous",
        context: Anywhere,
        hint: "",
        help: "Go back to the place before",
        run: |state| Some(state.go_on(false)),
    },
    Command {
        name: "method",
        context: Anywhere,
        hint: "method",
        help: "Choose the method, or type any other",
        run: choose_method,
    },
    Command {
        name: "filter",
        context: Anywhere,
        hint: "",
        help: "Filter the history",
        run: |state| Some(state.start_filter()),
    },
    Command {
        name: "go-url",
        context: Anywhere,
        hint: "",
        help: "Go to the URL",
        run: |state| Some(state.go(Focus::Url)),
    },
    Command {
        name: "go-body",
        context: Anywhere,
        hint: "",
        help: "Go to the request's body",
        run: |state| Some(state.go_tab(RequestTab::Body)),
    },
    Command {
        name: "go-headers",
        context: Anywhere,
        hint: "",
        help: "Go to the request's headers",
        run: |state| Some(state.go_tab(RequestTab::Headers)),
    },
    Command {
        name: "go-query",
        context: Anywhere,
        hint: "",
        help: "Go to the query parameters",
        run: |state| Some(state.go_tab(RequestTab::Query)),
    },
    Command {
        name: "go-path",
        context: Anywhere,
        hint: "",
        help: "Go to the parameters in the URL's path: :id, {id}",
        run: |state| Some(state.go_tab(RequestTab::Path)),
    },
    Command {
        name: "go-rules",
        context: Anywhere,
        hint: "",
        help: "Go to the rules: your own words for a status",
        run: |state| Some(state.go_tab(RequestTab::Rules)),
    },
    Command {
        name: "go-auth",
        context: Anywhere,
        hint: "",
        help: "Go to the auth tab: how the request proves who sends it",
        run: |state| Some(state.go_tab(RequestTab::Auth)),
    },
    Command {
        name: "go-options",
        context: Anywhere,
        hint: "",
        help: "Go to the options: time limits, redirects, proxy, certificates, retries",
        run: |state| Some(state.go_tab(RequestTab::Options)),
    },
    Command {
        name: "go-preview",
        context: Anywhere,
        hint: "",
        help: "Go to the preview of what would go on the wire",
        run: |state| Some(state.go_tab(RequestTab::Preview)),
    },
    Command {
        name: "go-response",
        context: Anywhere,
        hint: "",
        help: "Go to the response",
        run: |state| Some(state.go(Focus::Response)),
    },
    Command {
        name: "go-history",
        context: Anywhere,
        hint: "",
        help: "Go to the history",
        run: |state| Some(state.go(Focus::History)),
    },
    Command {
        name: "step",
        context: Anywhere,
        hint: "",
        help: "Take the first step that the response offers, such as opening its Location",
        run: super::steps::take_first,
    },
    Command {
        name: "go-collection",
        context: Anywhere,
        hint: "",
        help: "Go to the collection of saved requests",
        run: |state| Some(state.go(Focus::Collection)),
    },
    Command {
        name: "save",
        context: Anywhere,
        hint: "",
        help: "Save the request to the collection; a new one is asked for its name",
        run: |state| super::collection::save(state),
    },
    Command {
        name: "save-as",
        context: Anywhere,
        hint: "",
        help: "Save the request to the collection under another name",
        run: |state| super::collection::ask_name(state, Purpose::SaveDraft),
    },
    Command {
        name: "body-kind",
        context: Anywhere,
        hint: "",
        help: "Choose the kind of body: form, JSON, multipart, text, file, GraphQL, none",
        run: choose_body_kind,
    },
    Command {
        name: "new",
        context: Anywhere,
        hint: "",
        help: "Start an empty request (undo brings this one back)",
        run: new_request,
    },
    Command {
        name: "undo",
        context: Anywhere,
        hint: "",
        help: "Take the last edit of the request back",
        run: undo,
    },
    Command {
        name: "redo",
        context: Anywhere,
        hint: "",
        help: "Do the edit taken back again",
        run: redo,
    },
    Command {
        name: "palette",
        context: Anywhere,
        hint: "commands",
        help: "Find a command by its name",
        run: open_palette,
    },
    Command {
        name: "help",
        context: Anywhere,
        hint: "help",
        help: "Show this help",
        run: open_help,
    },
    Command {
        name: "suspend",
        context: Anywhere,
        hint: "",
        help: "Go back to the shell; `fg` there brings posttui back",
        run: |_| Some(vec![Effect::Suspend]),
    },
    Command {
        name: "quit",
        context: Anywhere,
        hint: "quit",
        help: "Quit; the draft and the history are kept",
        run: quit,
    },
];

fn back(state: &mut State) -> Option<Vec<Effect>> {
    if let Some(send) = state.sends.to_cancel(state.response.shown()) {
        return Some(send::cancel(state, send));
    }
    if state.departure.take().is_some() {
        state.notice = Some(Notice::info("Not sent: you cancelled it."));
        return Some(Vec::new());
    }
    if followup::stop(state) {
        return Some(Vec::new());
    }
    if state.response.waiting(state.now).is_some() {
        state.response.stop_waiting();
        return Some(Vec::new());
    }
    state.step_back();
    Some(Vec::new())
}

fn choose_method(state: &mut State) -> Option<Vec<Effect>> {
    state.popup = Some(Popup::Method(MethodPicker::default()));
    Some(Vec::new())
}

pub fn choose_body_kind(state: &mut State) -> Option<Vec<Effect>> {
    let picker = KindPicker::new(state.builder.body_kind);
    state.popup = Some(Popup::Kind(picker));
    Some(Vec::new())
}

fn new_request(state: &mut State) -> Option<Vec<Effect>> {
    state.builder.load(&crate::model::Request::default());
    // The fields are what comes after the URL, whatever was looked at before.
    state.builder.open_tab(RequestTab::Body);
    state.notice = Some(Notice::info(
        "New request; undo brings the one before back.",
    ));
    Some(state.go(Focus::Url))
}

fn undo(state: &mut State) -> Option<Vec<Effect>> {
    if !state.builder.undo() {
        state.notice = Some(Notice::info("Nothing to undo."));
    }
    Some(Vec::new())
}

fn redo(state: &mut State) -> Option<Vec<Effect>> {
    if !state.builder.redo() {
        state.notice = Some(Notice::info("Nothing to redo."));
    }
    Some(Vec::new())
}

fn open_palette(state: &mut State) -> Option<Vec<Effect>> {
    let contexts = state.contexts();
    state.popup = Some(Popup::Palette(Palette::new(contexts)));
    Some(Vec::new())
}

pub fn open_help(state: &mut State) -> Option<Vec<Effect>> {
    let columns = state.popup_inner().width;
    state.popup = Some(Popup::Help(Help::new(&state.keymap, columns)));
    Some(Vec::new())
}

pub fn quit(state: &mut State) -> Option<Vec<Effect>> {
    let sends = state.sends.count();
    if sends > 0 {
        state.popup = Some(Popup::Question(Question::QuitInFlight { sends }));
        return Some(Vec::new());
    }
    Some(state.quit())
}
