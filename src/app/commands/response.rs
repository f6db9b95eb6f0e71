//! Commands of the response zone.

#![expect(
    clippy::unnecessary_wraps,
    reason = "every deed has the type that the command table asks for"
)]

use crate::{
    app::{
        State,
        command::{Command, Context::Response},
        effect::Effect,
        message::Notice,
        panel::response::ResponsePanel,
    },
    model::{Outcome, ResponseTab},
};

pub const COMMANDS: &[Command] = &[
    Command {
        name: "down",
        context: Response,
        hint: "",
        help: "A row down",
        run: |state| scroll(state, |zone| zone.scroll_by(1)),
    },
    Command {
        name: "up",
        context: Response,
        hint: "",
        help: "A row up",
        run: |state| scroll(state, |zone| zone.scroll_by(-1)),
    },
    Command {
        name: "page-down",
        context: Response,
        hint: "",
        help: "A page down",
        run: |state| scroll(state, |zone| zone.scroll_page(true)),
    },
    Command {
        name: "page-up",
        context: Response,
        hint: "",
        help: "A page up",
        run: |state| scroll(state, |zone| zone.scroll_page(false)),
    },
    Command {
        name: "start",
        context: Response,
        hint: "",
        help: "To the start",
        run: |state| scroll(state, ResponsePanel::scroll_to_start),
    },
    Command {
        name: "end",
        context: Response,
        hint: "",
        help: "To the end",
        run: |state| scroll(state, ResponsePanel::scroll_to_end),
    },
    Command {
        name: "next-tab",
        context: Response,
        hint: "tab",
        help: "The next page: body, headers, meaning, timing, hops, what was sent",
        run: |state| scroll(state, |zone| zone.turn_tab(true)),
    },
    Command {
        name: "previous-tab",
        context: Response,
        hint: "",
        help: "The page before",
        run: |state| scroll(state, |zone| zone.turn_tab(false)),
    },
    Command {
        name: "copy",
        context: Response,
        hint: "copy",
        help: "Copy the page to the clipboard; of the headers the field under the cursor",
        run: copy,
    },
    Command {
        name: "copy-page",
        context: Response,
        hint: "",
        help: "Copy the page as it is shown, all header fields too",
        run: copy_page,
    },
    Command {
        name: "edit",
        context: Response,
        hint: "edit & resend",
        help: "Load this exchange's request into the builder",
        run: |state| state.load_shown(),
    },
    Command {
        name: "filter-history",
        context: Response,
        hint: "",
        help: "Filter the history",
        run: |state| Some(state.start_filter()),
    },
    Command {
        name: "help-here",
        context: Response,
        hint: "",
        help: "Show this help",
        run: |state| super::anywhere::open_help(state),
    },
    Command {
        name: "quit-here",
        context: Response,
        hint: "",
        help: "Quit",
        run: |state| super::anywhere::quit(state),
    },
];

fn scroll(state: &mut State, change: fn(&mut ResponsePanel)) -> Option<Vec<Effect>> {
    change(&mut state.response);
    Some(Vec::new())
}

/// Bodies beyond this are for saving, not for a clipboard.
const MOST_COPIED: usize = 64 * 1024 * 1024;

fn copy(state: &mut State) -> Option<Vec<Effect>> {
    if let Some(text) = state.consent() {
        let what = "the address of the login page";
        return Some(vec![Effect::Copy { text, what }]);
    }
    let exchange = state.response.exchange();
    let outcome = exchange.and_then(|it| it.outcome.as_ref());
    let received = outcome.and_then(Outcome::received);
    let length = received.map_or(0, |response| response.body.len());
    if state.response.on_body() && length > MOST_COPIED {
        state.notice = Some(Notice::info(
            "This body is too large for a clipboard: save it.",
        ));
        return Some(Vec::new());
    }
    let Some((what, text)) = text_of_page(&state.response) else {
        state.notice = Some(Notice::info("There is nothing to copy on this page."));
        return Some(Vec::new());
    };
    Some(vec![Effect::Copy { text, what }])
}

fn copy_page(state: &mut State) -> Option<Vec<Effect>> {
    let text = page_text(&state.response);
    Some(vec![Effect::Copy {
        text,
        what: "this page",
    }])
}

fn page_text(zone: &ResponsePanel) -> String {
    let lines: Vec<String> = zone
        .page()
        .iter()
        .map(crate::app::rich::Line::text)
        .collect();
    lines.join("\n")
}

/// The page as text: the body as received where it is text, other pages as shown.
fn text_of_page(zone: &ResponsePanel) -> Option<(&'static str, String)> {
    if zone.tab == ResponseTab::Body && zone.body_page.is_filtered() {
        let text = zone.body()?.text()?;
        return (!text.is_empty()).then(|| ("what the filter gives", text.to_owned()));
    }
    if zone.tab == ResponseTab::Body {
        let body = &zone
            .exchange()?
            .outcome
            .as_ref()
            .and_then(Outcome::received)?
            .body;
        let text = std::str::from_utf8(body).ok().map(str::to_owned);
        let text = text.or_else(|| zone.body()?.text().map(str::to_owned))?;
        return (!text.is_empty()).then_some(("the body", text));
    }
    if let Some(header) = zone.chosen_header() {
        let text = format!("{}: {}", header.name, header.text());
        return Some(("the header field", text));
    }
    let text = page_text(zone);
    (!text.is_empty()).then_some(("this page", text))
}
