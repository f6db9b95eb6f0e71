//! What a user does: build, send, read, look back, quit and come back.

use std::fs;

use posttui::model::ExchangeId;
use posttui::search::Filter;
use posttui::store::{History, Paths};
use tempfile::TempDir;
use tokio::net::TcpSocket;

use crate::{CTRL_C, CTRL_U, DOWN, ENTER, ESC, F5, Server, TAB, UP, pty::Pty};

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Types the user form of the playground, with the user's own words for its statuses.
fn type_form(terminal: &mut Pty, url: &str) {
    terminal.wait_for("where to?");
    let form = [url, TAB, "username", TAB, "john_doe", TAB, "email", TAB];
    terminal.keys(&form.concat()).keys("john@example.com");
    let rules = ["\x1b4", "201", TAB, "User created successfully.", TAB];
    terminal
        .keys(&rules.concat())
        .keys("else\tAn error occurred.");
    terminal.wait_for("An error occurred.");
}

#[test]
fn a_form_is_typed_sent_and_explained() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[]);
    type_form(&mut terminal, &server.at("/api/create_user"));
    terminal.keys(ENTER);
    terminal
        .wait_for("● 201 Created")
        .wait_for("User created successfully.")
        .wait_for("The resource was created")
        .wait_for("\"username\": \"john_doe\"")
        .wait_for("HTTP/1.1");
}

#[test]
fn a_short_address_is_completed_and_the_completed_one_is_shown() {
    let (home, server) = (home(), Server::start());
    let port = server.playground.address().port();
    let mut terminal = Pty::posttui(home.path(), &[]);
    terminal
        .wait_for("where to?")
        .keys(&format!(":{port}/echo"));
    terminal.wait_for(&format!("→ http://localhost:{port}/echo"));
    terminal.keys(ENTER).wait_for("● 200 OK");
    assert!(
        terminal
            .screen()
            .contains(&format!("http://localhost:{port}/echo"))
    );
}

#[test]
fn a_bracketed_paste_keeps_its_newlines() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/echo")]);
    terminal.wait_for("/echo").keys("\tnote\t");
    terminal
        .keys("\x1b[200~one\r\ntwo\x1b[201~")
        .wait_for("one␊two");
    terminal.keys(ENTER).wait_for("● 200 OK");
    terminal.keys(CTRL_C).wait_for_end();
    let history = History::open(&Paths::within(home.path())).unwrap();
    let sent = history.load(ExchangeId(1)).unwrap().unwrap();
    assert_eq!(sent.prepared.body.in_memory(), "note=one%0Atwo");
}

#[test]
fn esc_cancels_while_the_server_hangs_and_the_screen_stays_live() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/hang")]);
    terminal
        .wait_for("/hang")
        .keys(ENTER)
        .wait_for("waiting for the response");
    terminal.keys("\ttyped").wait_for("typed");
    terminal
        .keys(ESC)
        .wait_for("✕ cancelled")
        .wait_for("may already");
}

#[test]
fn a_second_identical_post_asks_first() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/hang")]);
    terminal
        .wait_for("/hang")
        .keys(ENTER)
        .wait_for("waiting for the response");
    terminal.keys(ENTER).wait_for("Send it once more?");
    terminal.keys("n").wait_until("one send", |screen| {
        screen.contains("1 in flight") && !screen.contains("Send it once more?")
    });
}

#[test]
fn a_refused_connection_is_a_row_with_a_meaning() {
    let home = home();
    // Taken, so that no other test gets the port, and never listened on.
    let deaf = TcpSocket::new_v4().unwrap();
    deaf.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/x", deaf.local_addr().unwrap());
    let mut terminal = Pty::posttui(home.path(), &[&url]);
    terminal.wait_for(&url).keys(ENTER);
    terminal
        .wait_for("✕ refused")
        .wait_for("nothing listens")
        .wait_for("cannot have");
}

#[test]
fn the_history_is_walked_filtered_and_loaded() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[]);
    type_form(&mut terminal, &server.at("/api/create_user"));
    terminal.keys(ENTER).wait_for("● 201 Created");
    terminal
        .keys("\x1bu")
        .keys(CTRL_U)
        .keys(&server.at("/status/418"));
    terminal.keys(ENTER).wait_for("▲ 418");
    terminal.keys("\x1b6").wait_for("Sent #");
    terminal
        .keys(DOWN)
        .wait_for("Sent #1 ─")
        .wait_for("● 201 Created");
    terminal.keys(UP).wait_for("▲ 418");
    terminal
        .keys("/status:2xx")
        .wait_until("one row", |screen| {
            screen.contains("History 1") && !screen.contains("▲ 418 An")
        });
    terminal.keys(ENTER).keys(DOWN).wait_for("Sent #1 ─");
    terminal
        .keys(ENTER)
        .wait_for("Request #1 is in the builder");
    terminal.keys(F5).wait_for("▲ 409");
}

#[test]
fn quitting_and_starting_again_brings_everything_back() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[]);
    type_form(&mut terminal, &server.at("/api/create_user"));
    terminal
        .keys(ENTER)
        .wait_for("\"id\": 42")
        .wait_for("History 1");
    terminal
        .keys("\x1b1")
        .wait_for("[Body:form]")
        .keys("\x1b[F!")
        .wait_for("example.com!");
    let before = terminal.screen();
    terminal.keys(CTRL_C);
    assert!(terminal.wait_for_end().success());

    let mut again = Pty::posttui(home.path(), &[]);
    again
        .wait_for("● 201 Created")
        .wait_for("example.com!")
        .wait_for("History 1");
    again.wait_until("the same screen", |screen| {
        trimmed(screen) == trimmed(&before)
    });
}

/// The lines without the blanks at their ends, which depend on how they were drawn.
fn trimmed(screen: &str) -> Vec<&str> {
    screen.lines().map(str::trim_end).collect()
}

#[test]
fn the_demonstration_is_filled_in_and_sends_at_once() {
    let home = home();
    let mut terminal = Pty::posttui(home.path(), &["demo"]);
    terminal
        .wait_for("/api/create_user")
        .wait_for("john_doe")
        .keys(ENTER);
    terminal
        .wait_for("● 201 Created")
        .wait_for("User created successfully.");
    terminal.keys(CTRL_C);
    assert!(terminal.wait_for_end().success());
}

#[test]
fn nothing_a_server_sends_reaches_the_terminal_as_a_control() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/hostile")]);
    terminal.wait_for("/hostile").keys(ENTER);
    terminal.wait_for("#1").wait_for("␛");
    for page in ["\x1b5", "\x1b[C", "\x1b[C", "\x1b[C", "\x1b[C", "\x1b[C"] {
        terminal.keys(page);
    }
    terminal.wait_for("[Sent]").keys(CTRL_C).wait_for_end();
    let bytes = terminal.bytes();
    let text = String::from_utf8_lossy(&bytes);
    for forbidden in ["\u{202e}", "\u{9b}", "\x1b]52", "\x1b]0;", "\x07"] {
        assert!(!text.contains(forbidden), "{forbidden:?} was written");
    }
}

#[test]
fn the_history_holds_what_was_sent_by_the_interface() {
    let (home, server) = (home(), Server::start());
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/status/503")]);
    terminal
        .wait_for("/status/503")
        .keys(ENTER)
        .wait_for("■ 503");
    terminal.keys(CTRL_C).wait_for_end();
    let paths = Paths::within(home.path());
    let history = History::open(&paths).unwrap();
    let rows = history.page(&Filter::default(), None, 10).unwrap();
    assert_eq!(rows.len(), 1);
    assert!(rows[0].url.ends_with("/status/503"));
    assert!(fs::exists(&paths.data).unwrap());
}

#[test]
fn a_file_is_chosen_from_the_list_and_uploaded() {
    let (home, server) = (home(), Server::start());
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("report.csv"), "a;b\n").unwrap();
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/upload")]);
    terminal.wait_for("/upload").keys("\x1b[17~");
    terminal.wait_for("one file as the whole body").keys("file");
    terminal.keys(ENTER).wait_for("Body:file");
    // What is typed is the folder that the list begins in.
    terminal.keys(&format!("{}/", folder.path().display()));
    terminal.keys("\x1bo").wait_for("report.csv");
    terminal.keys(ENTER).wait_for("text/csv");
    terminal.keys(ENTER).wait_for("● 200 OK");
    terminal.wait_for("\"bytes\": 4");
    terminal.keys(CTRL_C).wait_for_end();
    let history = History::open(&Paths::within(home.path())).unwrap();
    let sent = history.load(ExchangeId(1)).unwrap().unwrap();
    let file = sent.prepared.body.files().next().unwrap();
    assert_eq!((file.size, sent.prepared.body.len()), (4, 4));
}

#[test]
fn what_a_curl_command_says_beyond_the_draft_is_told_when_it_opens_the_interface() {
    let home = home();
    let mut terminal = Pty::posttui(home.path(), &["curl --range 0-1 -d a=1 :9/x"]);
    terminal.wait_for("Read from curl").wait_for("--range");
    terminal
        .keys(ESC)
        .wait_until("the page is closed", |screen| {
            !screen.contains("Read from curl") && screen.contains(":9/x")
        });
}
