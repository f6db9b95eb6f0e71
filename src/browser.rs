//! Opens a page in the user's browser, where there is one to be had.

use std::{
    env, io,
    process::{Command, Stdio},
};

/// Opens an address; whether a window really came up, nobody tells.
///
/// # Errors
/// Where this machine has no browser that could show it: no display (over SSH, for example) or no
/// program that opens pages.
pub fn open(url: &str) -> io::Result<()> {
    let mut command = opener().ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::NotFound,
            "there is no display to open a browser on",
        )
    })?;
    let mut child = command
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // Waited for, so that it does not stay behind as a zombie; it may run for as long as it likes.
    std::thread::spawn(move || child.wait());
    Ok(())
}

/// `BROWSER` where it names a program, else what the system has for it. A browser for the terminal
/// would take the keyboard away, so that without a display there is none.
fn opener() -> Option<Command> {
    if let Some(program) = env::var_os("BROWSER").filter(|name| !name.is_empty()) {
        return Some(Command::new(program));
    }
    if cfg!(windows) {
        let mut command = Command::new("rundll32");
        command.arg("url.dll,FileProtocolHandler");
        return Some(command);
    }
    if cfg!(target_os = "macos") {
        return Some(Command::new("open"));
    }
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()));
    has_display.then(|| Command::new("xdg-open"))
}
