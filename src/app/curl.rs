//! curl commands in and out of the builder.

use std::sync::Arc;

use crate::{
    format::curl::{Imported, export, import},
    model::{
        DOTS, Exchange, FilePiece, Focus, Header, IdempotencyKey, Jar, PreparedRequest, REDACTED,
        Request,
    },
    prepare::{Given, PLACEHOLDER_KEY, PrepareError},
    template::take_literally,
};

use super::{
    Popup, State,
    command::Context,
    drafted::Drafted,
    effect::Effect,
    message::Notice,
    panel::help::Help,
    rich::{Line, Tone, wrap},
    send, steps,
    update::type_text,
};

/// A pasted command fills the builder; one that cannot be read is kept in the URL, where it can be
/// mended.
pub(super) fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    match import(text) {
        Ok(imported) => take(state, imported),
        Err(error) => {
            state.notice = Some(Notice::error(format!(
                "This curl command cannot be read: {error}."
            )));
            type_text(state, text.trim())
        }
    }
}

/// Reads the command that stands in the URL, in place of sending it there.
pub(super) fn read_url(state: &mut State) -> Vec<Effect> {
    match import(state.builder.url.text()) {
        Ok(imported) => take(state, imported),
        Err(error) => {
            let reason = format!("this curl command cannot be read: {error}");
            send::refuse_url(state, reason);
            Vec::new()
        }
    }
}

fn take(state: &mut State, imported: Imported) -> Vec<Effect> {
    let Imported {
        mut request,
        notes,
        remarks,
    } = imported;
    take_literally(&mut request);
    state.builder.load(&request);
    state.builder.edit_is_a_step();
    let effects = state.go(Focus::Url);
    let undo = state.key_name(Context::Anywhere, "undo");
    state.notice = Some(Notice::info(format!(
        "Read from curl: {}. Undo ({undo}) brings the draft back.",
        describe(&request)
    )));
    tell(state, &[notes, remarks].concat());
    effects
}

/// What of a command is not as curl would do it.
pub(super) fn tell(state: &mut State, notes: &[String]) {
    if !notes.is_empty() {
        let lines = notes_page(notes, state.popup_inner().width);
        state.popup = Some(Popup::Help(Help::page("Read from curl", lines)));
    }
}

/// What a request is made of, in a few words: `POST, 2 headers, a form body`.
pub fn describe(request: &Request) -> String {
    let counted = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {one}s")),
    };
    let parts = [
        Some(request.method.clone()),
        counted(request.headers.len(), "header"),
        counted(request.query.len(), "query parameter"),
        Some(format!("body: {}", request.body.kind.name())),
        (!request.auth.is_none()).then(|| format!("auth: {}", request.auth.kind)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn notes_page(notes: &[String], columns: u16) -> Vec<Line> {
    let first = "The builder is filled. What of the command is not as curl would do it:";
    let mut lines = wrap(Tone::Strong, first, columns, 0);
    for note in notes {
        lines.push(Line::blank());
        lines.extend(wrap(Tone::Plain, &format!("• {note}"), columns, 2));
    }
    lines
}

/// Copies what is shown as a curl command: the exchange where one is looked at, else the draft.
pub(super) fn copy(state: &mut State) -> Vec<Effect> {
    let looks_at_exchange = state.viewing || state.focus == Focus::Response;
    if let Some(exchange) = state.response.exchange().filter(|_| looks_at_exchange) {
        return copy_sent(exchange);
    }
    let drafted = state.drafted(state.builder.request());
    let given = given_for_curl(drafted.request(), state.jar());
    match drafted.command(&given) {
        Ok(text) if !drafted.open().is_empty() => vec![Effect::Copy {
            text,
            what: FILLED_IN,
        }],
        Ok(text) => copied(text),
        Err(error) => {
            state.notice = Some(Notice::error(not_copied(&error, &drafted)));
            Vec::new()
        }
    }
}

/// Copies an exchange as a curl command.
pub(super) fn copy_sent(exchange: &Exchange) -> Vec<Effect> {
    let mut prepared = exchange.prepared.clone();
    let Some(key) = made_key(exchange, &mut prepared) else {
        return copied(export(&prepared));
    };
    if steps::is_open(exchange) {
        let (text, what) = (export(&prepared), SAME_KEY);
        return vec![Effect::Copy { text, what }];
    }
    key.value = format!("\"{PLACEHOLDER_KEY}\"").as_str().into();
    copied(export(&prepared))
}

/// The field with the key that was made for this very send, and for no other one.
fn made_key<'a>(exchange: &Exchange, prepared: &'a mut PreparedRequest) -> Option<&'a mut Header> {
    let is_key = |name: &str| name.trim().eq_ignore_ascii_case("idempotency-key");
    let is_made = prepared.options.idempotency_key == IdempotencyKey::Made;
    let mut rows = exchange.request.headers.iter();
    let is_own = rows.any(|row| row.is_sent() && is_key(&row.name));
    let mut headers = prepared.headers.iter_mut();
    headers.find(|header| is_made && !is_own && is_key(&header.name))
}

const FILLED_IN: &str =
    "the curl command, in which ‹…› stands for what is filled in when it is sent,";

/// Of what became of the send nobody knows: run again, the command is the same send to the server.
const SAME_KEY: &str =
    "the curl command, which counts as the same send, since it has its Idempotency-Key,";

fn copied(text: String) -> Vec<Effect> {
    let what = if text.contains(PLACEHOLDER_KEY) {
        FILLED_IN
    } else if text.contains("\"$TOKEN\"") {
        "the curl command, in which $TOKEN stands for a token that posttui would fetch,"
    } else if text.contains(REDACTED) {
        "the curl command, without the credentials that the history does not keep,"
    } else if text.contains(DOTS) {
        "the curl command, with dots for the values of the jar's cookies,"
    } else {
        "the curl command"
    };
    vec![Effect::Copy { text, what }]
}

fn not_copied(error: &PrepareError, drafted: &Drafted) -> String {
    let open = drafted.open_at(error.place);
    if open.is_empty() {
        return format!("Not copied: {}.", error.reason);
    }
    let names = open.join(", ");
    format!("Not copied: what becomes of {names} is only known when it is sent.")
}

/// The files are read when the command is run: nothing of them but their paths is needed here.
fn given_for_curl(request: &Request, jar: Option<Arc<Jar>>) -> Given {
    let unseen = |path: &str| FilePiece {
        path: path.into(),
        size: 0,
        modified: None,
    };
    let paths = request.body.file_paths().into_iter();
    Given {
        files: paths
            .filter(|path| !path.is_empty())
            .map(|path| (path.to_owned(), Ok(unseen(path))))
            .collect(),
        jar,
        ..Given::default()
    }
}
