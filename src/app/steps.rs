//! Taking a step that the diagnosis of the shown exchange offers.

use std::sync::Arc;

use crate::{
    model::{
        BodyKind, BodySpot, Cell, Exchange, ExchangeId, Focus, IdempotencyKey, Outcome, Processed,
        Request, RequestTab, Retry, Standing, find_header,
    },
    search::host_of,
    status::{
        diagnosis::{Diagnosis, Step, find_member, spoken_seconds},
        retry::is_occasion,
    },
};

use super::{
    State,
    command::Context,
    convert::{json_to_rows, rows_to_json},
    curl,
    effect::Effect,
    followup,
    message::Notice,
    panel::{
        pins::{PinPlace, Pins},
        table::Table,
    },
    send,
};

impl State {
    /// What the server said of single fields of the request that is shown, as far as it is the one that
    /// was sent.
    pub fn pins(&self) -> Option<&Pins> {
        let exchange = self.response.exchange()?;
        (self.viewing || is_draft(self, exchange)).then(|| self.response.pins())
    }

    /// Asks the whole history what the path of a 404 may have been meant to be.
    pub(super) fn compare_paths(&mut self) -> Vec<Effect> {
        let Some(exchange) = self.response.exchange() else {
            return Vec::new();
        };
        let standing = exchange.outcome.as_ref().map(Outcome::standing);
        if standing != Some(Standing::Answered(404)) {
            return Vec::new();
        }
        let last = exchange.hops.last().map(|hop| hop.url.as_str());
        let host = host_of(last.unwrap_or(&exchange.prepared.url));
        vec![Effect::FindAnswered {
            id: exchange.id,
            host,
        }]
    }

    /// Takes what the history answered.
    pub(super) fn take_answered(&mut self, id: ExchangeId, urls: &[String]) {
        if self.response.id() == Some(id) {
            self.response.compare(urls.iter().map(String::as_str));
        }
    }

    /// The key that takes the first step where the cursor is now.
    pub fn step_key(&self) -> String {
        match self.focus {
            Focus::Response => self.key_name(Context::Response, "step-here"),
            Focus::Url | Focus::Request | Focus::History | Focus::Collection => {
                self.key_name(Context::Anywhere, "step")
            }
        }
    }
}

/// Whether the draft is the request of the exchange, perhaps edited since.
fn is_draft(state: &State, exchange: &Exchange) -> bool {
    state.builder.method == exchange.request.method
        && state.builder.url.text() == exchange.request.url
}

/// Takes a step, counted from 0; `None` where there is none.
pub fn take(state: &mut State, index: usize) -> Option<Vec<Effect>> {
    let exchange = Arc::clone(state.response.exchange()?);
    let steps = state.response.diagnosis().map(Diagnosis::steps)?;
    let (step, not_before) = steps.get(index)?;
    let (step, waits) = ((*step).clone(), not_before.is_some());
    if let Step::Poll { .. } = step {
        let from = not_before
            .as_ref()
            .copied()
            .filter(|_| state.response.waiting(state.now).is_some());
        let request = step.request(&exchange.request)?;
        return Some(followup::poll(state, request, from));
    }
    if let Some(seconds) = state.response.waiting(state.now).filter(|_| waits) {
        let forget = state.key_name(Context::Anywhere, "back");
        state.notice = Some(Notice::warning(format!(
            "The server asks to wait {} more. {forget} puts that aside.",
            spoken_seconds(seconds)
        )));
        return Some(Vec::new());
    }
    if step == Step::ShowTimeline {
        return state.show_timeline(Some(exchange.id)).or_else(|| {
            let text = "The history does not have this send, and so no timeline of it.";
            state.notice = Some(Notice::info(text));
            Some(Vec::new())
        });
    }
    if step == Step::CopyCommand {
        return Some(curl::copy_sent(&exchange));
    }
    Some(match step.request(&exchange.request) {
        Some(request) if matches!(step, Step::FetchTag { .. }) => {
            if !is_draft(state, &exchange) {
                load_beside(state, &exchange);
            }
            followup::fetch_tag(state, request)
        }
        Some(mut request) => {
            if step == Step::SendAgain {
                keep_key(&mut request, &exchange);
            }
            send::send_beside(state, request)
        }
        None => change_draft(state, &exchange, &step),
    })
}

/// The request of the exchange takes the place of the draft, which is told.
fn load_beside(state: &mut State, exchange: &Exchange) {
    state.builder.load(&exchange.request);
    let undo = state.key_name(Context::Anywhere, "undo");
    state.notice = Some(Notice::info(format!(
        "Request #{} is in the builder; undo ({undo}) brings the draft back.",
        exchange.id
    )));
}

/// Whether it is open what became of it, so that sending it again is about the same thing.
pub(super) fn is_open(exchange: &Exchange) -> bool {
    let outcome = exchange.outcome.as_ref();
    outcome.is_some_and(|outcome| {
        let may_have_acted = match outcome {
            Outcome::Failure(failure) => failure.processed != Processed::No,
            Outcome::Response(_) => false,
        };
        may_have_acted || is_occasion(&Retry::default(), outcome)
    })
}

/// What may have been acted on already is sent again with the very Idempotency-Key that it had: it is the
/// same send to the server, which tells by the key.
fn keep_key(request: &mut Request, exchange: &Exchange) {
    let prepared = &exchange.prepared;
    if prepared.options.idempotency_key != IdempotencyKey::Made || !is_open(exchange) {
        return;
    }
    if let Some(key) = find_header(&prepared.headers, "idempotency-key") {
        request.options.set("idempotency_key", key.text());
    }
}

/// Carries out a step in the builder; a draft that is another request gives way, and undo brings it back.
fn change_draft(state: &mut State, exchange: &Exchange, step: &Step) -> Vec<Effect> {
    if !is_draft(state, exchange) {
        load_beside(state, exchange);
    }
    match step {
        Step::UseNewAddress { url } | Step::SwitchScheme { url, .. } => {
            state.builder.url.set(url);
            if url.contains('?') {
                // The address holds its query already.
                state.builder.query.switch_off();
            }
            state.go(Focus::Url)
        }
        Step::SwitchMethod { method } => {
            state.builder.method.clone_from(method);
            state.go(Focus::Url)
        }
        Step::SwitchBodyKind { body } => {
            fill_body(state, *body);
            state.builder.body_kind = *body;
            state.go_tab(RequestTab::Body)
        }
        Step::SetHeader { name, value } => {
            let effects = state.go_tab(RequestTab::Headers);
            state.builder.headers.set(name, value);
            effects
        }
        Step::ShowField { field } => show_field(state, field),
        Step::EditUrl => {
            state.builder.url.move_to(usize::MAX);
            state.go(Focus::Url)
        }
        Step::OpenTab { tab } => state.go_tab(*tab),
        Step::UseAuth { auth, asked } => {
            let effects = state.go_tab(RequestTab::Auth);
            state.builder.auth.choose(auth);
            let text = format!("The server asks for {asked}: fill it in and send again.");
            state.notice = Some(Notice::info(text));
            effects
        }
        Step::OpenAsGet { .. }
        | Step::Poll { .. }
        | Step::FetchTag { .. }
        | Step::SendAgainKeepingMethod { .. }
        | Step::ShowTimeline
        | Step::CopyCommand
        | Step::SendAgain => Vec::new(),
    }
}

/// A JSON body that nothing was typed into begins with the rows of the form, and the other way round.
fn fill_body(state: &mut State, wanted: BodyKind) {
    let builder = &mut state.builder;
    let json = builder.texts.get(BodySpot::Json);
    if wanted == BodyKind::Json && json.text().trim().is_empty() && builder.form.sent() > 0 {
        let text = rows_to_json(&builder.form.fields());
        builder.texts.get_mut(BodySpot::Json).set(text);
    } else if wanted == BodyKind::Form
        && builder.form.sent() == 0
        // What no rows can hold stays where it is.
        && let Ok(rows) = json_to_rows(json.text())
    {
        builder.form = Table::new(&rows);
    }
}

/// Puts the cursor where the server says that something is wrong; a field that is missing is added.
fn show_field(state: &mut State, name: &str) -> Vec<Effect> {
    let Some(pin) = state.response.pins().named(name) else {
        return Vec::new();
    };
    let (place, message) = (pin.place.clone(), pin.message.clone());
    let tab = match &place {
        PinPlace::Row { tab, .. } | PinPlace::Missing(tab) => *tab,
        PinPlace::Member { .. } => RequestTab::Body,
    };
    let effects = state.go_tab(tab);
    let builder = &mut state.builder;
    match place {
        PinPlace::Row { field, .. } => {
            if let Some(table) = builder.table() {
                let rows = table.rows();
                let row = rows
                    .iter()
                    .position(|row| row.field() == field)
                    .or_else(|| rows.iter().position(|row| row.name.text() == field.name));
                table.to_place(row.unwrap_or(0), Cell::Value);
                if let Some(editor) = table.editor() {
                    editor.move_to(usize::MAX);
                }
            }
        }
        PinPlace::Member { path, .. } => {
            builder.body_kind = BodyKind::Json;
            builder.to_spot(BodySpot::Json);
            let json = builder.texts.get_mut(BodySpot::Json);
            let range = find_member(json.text(), &path);
            json.move_to(range.map_or(0, |range| range.start));
        }
        PinPlace::Missing(_) => match builder.table() {
            Some(table) => {
                table.set(name, "");
                state.notice = Some(Notice::info(format!("{name} was not sent; {message}")));
            }
            None => {
                state.notice = Some(Notice::info(format!(
                    "{name} is not in the body: {message}"
                )));
            }
        },
    }
    effects
}
