//! The clipboard of this machine, through the program that it has for it.
//!
//! A terminal's own clipboard (OSC 52) works over SSH too, but not every terminal has it switched on. So on
//! the machine that the user sits at, the system's program gets the text as well.

use std::{
    io::Write,
    process::{Command, Stdio},
};

/// More than this no terminal takes through OSC 52, in bytes.
pub const MOST_FOR_TERMINALS: usize = 8 * 1024 * 1024;

/// A program that puts its input into the clipboard.
struct Program {
    name: &'static str,
    arguments: &'static [&'static str],
    /// Set where it can work.
    variable: &'static str,
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "wl-copy",
        arguments: &[],
        variable: "WAYLAND_DISPLAY",
    },
    Program {
        name: "xclip",
        arguments: &["-selection", "clipboard"],
        variable: "DISPLAY",
    },
    Program {
        name: "xsel",
        arguments: &["--clipboard", "--input"],
        variable: "DISPLAY",
    },
    Program {
        name: "pbcopy",
        arguments: &[],
        variable: "__CF_USER_TEXT_ENCODING",
    },
    Program {
        name: "clip.exe",
        arguments: &[],
        variable: "WSL_DISTRO_NAME",
    },
];

/// Gives a text to the first program that there is; says which one took it. Over SSH the clipboard of this
/// machine is not the user's.
pub fn hand_over(text: &str) -> Option<&'static str> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("SSH_CONNECTION") || is_set("SSH_TTY") {
        return None;
    }
    let fitting = PROGRAMS.iter().filter(|program| is_set(program.variable));
    fitting
        .into_iter()
        .find(|program| start(program, text))
        .map(|program| program.name)
}

fn start(program: &Program, text: &str) -> bool {
    let child = Command::new(program.name)
        .args(program.arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else {
        return false;
    };
    let text = text.to_owned();
    // Some of them stay until the clipboard has another owner: nobody waits for that but this thread.
    std::thread::spawn(move || {
        if let Some(mut input) = child.stdin.take() {
            // A program that ends early has its reasons; the terminal got the text too.
            let _ = input.write_all(text.as_bytes());
        }
        let _ = child.wait();
    });
    true
}
