//! Whether the terminal draws images by itself, and how. It is told by the environment: asking the terminal would
//! cost the start a round trip, over SSH a long one, and its answer would stand among the keys.

use crossterm::terminal::window_size;

use crate::inspect::{Canvas, Protocol};

/// Pixels of a cell where the terminal does not say.
const USUAL_CELL: (u16, u16) = (8, 16);

/// What images are drawn on; `None` for half blocks.
pub(super) fn canvas() -> Option<Canvas> {
    let protocol = protocol(&|name| std::env::var(name).ok().filter(|value| !value.is_empty()))?;
    let size = window_size().ok();
    let cell = size.map(|it| {
        (
            it.width.checked_div(it.columns),
            it.height.checked_div(it.rows),
        )
    });
    Some(Canvas {
        protocol,
        cell: match cell {
            Some((Some(width @ 1..), Some(height @ 1..))) => (width, height),
            _ => USUAL_CELL,
        },
        rows: 0,
    })
}

/// What `POSTTUI_IMAGES` names, else what the terminal is known for.
fn protocol(variable: &dyn Fn(&str) -> Option<String>) -> Option<Protocol> {
    if let Some(name) = variable("POSTTUI_IMAGES").filter(|name| name != "auto") {
        return Protocol::named(&name);
    }
    // What is between keeps its own picture of the screen, and passes no images on.
    if ["TMUX", "STY", "ZELLIJ"]
        .iter()
        .any(|it| variable(it).is_some())
    {
        return None;
    }
    // Of all these only TERM goes along over SSH.
    let term = variable("TERM").unwrap_or_default();
    let program = variable("TERM_PROGRAM").unwrap_or_default();
    let is_set = |name| variable(name).is_some();
    if term.contains("kitty") || term.contains("ghostty") || is_set("KITTY_WINDOW_ID") {
        Some(Protocol::Kitty)
    } else if matches!(program.as_str(), "iTerm.app" | "WezTerm" | "mintty" | "rio")
        || variable("LC_TERMINAL").as_deref() == Some("iTerm2")
        || is_set("KONSOLE_VERSION")
    {
        Some(Protocol::Iterm2)
    } else if ["foot", "mlterm", "contour", "yaft"]
        .iter()
        .any(|name| term.starts_with(name))
    {
        Some(Protocol::Sixel)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(variables: &[(&str, &str)]) -> Option<Protocol> {
        protocol(&|name| {
            let known = variables.iter().find(|(known, _)| *known == name);
            known.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn terminals_are_known_by_what_they_set() {
        for (variables, expected) in [
            (&[("TERM", "xterm-256color")][..], None),
            (&[], None),
            (&[("TERM", "xterm-kitty")], Some(Protocol::Kitty)),
            (&[("TERM", "xterm-ghostty")], Some(Protocol::Kitty)),
            (
                &[("TERM", "xterm-256color"), ("TERM_PROGRAM", "WezTerm")],
                Some(Protocol::Iterm2),
            ),
            (&[("KONSOLE_VERSION", "230800")], Some(Protocol::Iterm2)),
            (&[("TERM", "foot-extra")], Some(Protocol::Sixel)),
            (&[("TERM", "xterm-kitty"), ("TMUX", "/tmp/x")], None),
            (
                &[("TMUX", "/tmp/x"), ("POSTTUI_IMAGES", "sixel")],
                Some(Protocol::Sixel),
            ),
            (
                &[("TERM", "xterm-kitty"), ("POSTTUI_IMAGES", "blocks")],
                None,
            ),
            (
                &[("TERM", "xterm-kitty"), ("POSTTUI_IMAGES", "auto")],
                Some(Protocol::Kitty),
            ),
        ] {
            assert_eq!(found(variables), expected, "{variables:?}");
        }
    }
}
