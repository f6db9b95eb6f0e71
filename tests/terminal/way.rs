//! How a request goes to its server: redirects that ask, and options that are edited for every send.

use std::fs;

use crate::{CTRL_U, DOWN, ENTER, ESC, F5, Server, TAB, UP, pty::Pty};

/// Sends a form that is redirected, and waits for the question.
fn asked(home: &std::path::Path, server: &Server, status: u16) -> Pty {
    fs::create_dir_all(home.join("config")).unwrap();
    fs::write(home.join("config/options.toml"), "redirects = \"ask\"\n").unwrap();
    let url = server.at(&format!("/redirect/{status}"));
    let mut terminal = Pty::posttui(home, &[&url]);
    terminal.wait_for("/redirect/");
    terminal.keys(&[TAB, "name", TAB, "ann"].concat());
    terminal.wait_for("ann").keys(ENTER);
    terminal
        .wait_for(&format!("A redirect: {status} to"))
        .wait_for("as a GET, without the body")
        .keys("\x1b5");
    terminal.wait_for("[Body]");
    terminal
}

#[test]
fn a_redirect_waits_for_the_user_and_goes_as_it_is_said() {
    let server = Server::start();
    for (key, shown, body) in [
        ("f", "● 200 OK", "\"method\": \"GET\""),
        ("m", "● 200 OK", "still a POST"),
        ("s", "↪ 302 Found", "\"location\": \"/echo\""),
    ] {
        let home = tempfile::tempdir().unwrap();
        let mut terminal = asked(home.path(), &server, 302);
        terminal.keys(key).wait_for(shown).wait_for(body);
    }
}

#[test]
fn the_options_of_every_send_are_kept_in_their_file() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let config = home.path().join("config");
    fs::create_dir_all(&config).unwrap();
    fs::write(
        config.join("options.toml"),
        "# mine\ntimeout = 20 # enough\n",
    )
    .unwrap();
    let mut terminal = Pty::posttui(home.path(), &[&server.at("/hang")]);
    terminal
        .wait_for("/hang")
        .keys("\x1b[19~")
        .wait_for("names in {{ }} stand for nothing")
        .keys(UP)
        .keys("o")
        .wait_for("Options of every send");
    terminal.keys(CTRL_U).keys("0.2").keys(DOWN).keys(ENTER);
    terminal.wait_until("the window is closed", |screen| {
        !screen.contains("Options of every send")
    });
    terminal
        .keys(ESC)
        .wait_until("the list is closed", |screen| {
            !screen.contains("names in {{ }}")
        });
    terminal.keys(F5).wait_for("✕ timeout");
    terminal.keys(crate::CTRL_C).wait_for_end();
    let kept = fs::read_to_string(config.join("options.toml")).unwrap();
    assert_eq!(kept, "# mine\ntimeout = 0.2 # enough\n");
}
