//! The command line asks on its terminal before it sends something to production.

use std::fs;

use crate::{ESC, Server, pty::Pty};

#[test]
fn a_send_to_production_is_asked_about_on_the_terminal() {
    let (home, server) = (tempfile::tempdir().unwrap(), Server::start());
    let folder = home.path().join("config/environments");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("prod.toml"), "production = true\n").unwrap();
    let url = server.at("/echo");
    let words = ["send", "--env", "prod", &url, "a=1"];
    for (key, code) in [("n", 2), (ESC, 2), ("y", 0)] {
        let mut terminal = Pty::posttui(home.path(), &words);
        terminal
            .wait_for("“prod” is PRODUCTION.")
            .wait_for("Send this POST")
            .wait_for("[y] yes, [n] no:")
            .keys(key);
        assert_eq!(terminal.wait_for_end().exit_code(), code, "{key:?}");
    }
    let mut history = Pty::posttui(home.path(), &["history"]);
    history.wait_for("200").wait_for_end();
    assert_eq!(history.screen().matches("POST").count(), 1);
}
