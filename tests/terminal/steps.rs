//! What a response offers is done with one key.

use crate::{ENTER, Server, pty::Pty};

#[test]
fn the_location_of_what_was_made_is_opened() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let url = server.at("/api/create_user");
    let mut terminal = Pty::posttui(home.path(), &[&url]);
    terminal
        .wait_for("/api/create_user")
        .keys("\tusername\tjohn\temail\tj@example.com")
        .wait_for("j@example.com")
        .keys(ENTER)
        .wait_for("Alt-n open it as a GET");
    terminal.keys("\x1bn").wait_for("● 200 OK");
}

#[test]
fn seconds_run_down_by_themselves_and_the_send_does_not() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    // Long enough that a slow machine shows it running down, too.
    let url = server.at("/retry-after/5");
    let mut terminal = Pty::posttui(home.path(), &[&url]);
    terminal
        .wait_for("/retry-after/5")
        .keys(ENTER)
        .wait_for("send again in");
    terminal.wait_until("the end of the wait", |screen| {
        screen.contains("Alt-n send again") && !screen.contains("send again in")
    });
    terminal.keys("\x1bn").wait_for("#2");
}
