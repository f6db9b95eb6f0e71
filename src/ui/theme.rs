//! Colours. The terminal's own 16, so that posttui looks at home on any background; never the only
//! sign of anything, so that nothing is lost without them.

use ratatui::style::{Color, Modifier, Style};

use crate::{
    app::{message::Level, rich::Tone},
    inspect::TokenKind,
    model::RuleLevel,
    status::{catalogue::Class, diagnosis::Mark},
};

/// The styles of everything drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    coloured: bool,
    /// Whether what is sent goes to production.
    production: bool,
}

impl Theme {
    pub const fn coloured() -> Self {
        Self {
            coloured: true,
            production: false,
        }
    }

    /// Weight, dimming and reversal only: <https://no-color.org>.
    pub const fn plain() -> Self {
        Self {
            coloured: false,
            production: false,
        }
    }

    /// The same colours with frames that warn.
    #[must_use]
    pub const fn in_production(self, production: bool) -> Self {
        Self { production, ..self }
    }

    /// A `{{ … }}` within a text.
    pub fn template(self) -> Style {
        self.colour(Color::Magenta)
    }

    /// The word on the top line that warns of production.
    pub fn production(self) -> Style {
        self.level(Level::Error).add_modifier(Modifier::REVERSED)
    }

    /// A word on the top line about what is not as usual.
    pub fn badge(self) -> Style {
        self.accent()
            .add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    fn colour(self, colour: Color) -> Style {
        if self.coloured {
            Style::new().fg(colour)
        } else {
            Style::new()
        }
    }

    /// A word that another one stands for on the other side.
    fn differing(self, colour: Color) -> Style {
        self.colour(colour)
            .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    pub fn mark(self, mark: Mark) -> Style {
        self.colour(match mark {
            Mark::Class(Class::Informational) => Color::Blue,
            Mark::Class(Class::Successful) => Color::Green,
            Mark::Class(Class::Redirection) => Color::Cyan,
            Mark::Class(Class::ClientError) => Color::Yellow,
            Mark::Class(Class::ServerError) => Color::Red,
            Mark::Class(Class::Unknown) | Mark::Failure => Color::Magenta,
        })
        .add_modifier(Modifier::BOLD)
    }

    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Dim => self.dim(),
            Tone::Strong => self.strong(),
            Tone::Name => self.name(),
            Tone::Heading => self.accent().add_modifier(Modifier::BOLD),
            Tone::Warning => self.level(Level::Warning),
            Tone::Mark(mark) => self.mark(mark),
            Tone::Added => self.colour(Color::Green),
            Tone::Removed => self.colour(Color::Red),
            Tone::AddedWord => self.differing(Color::Green),
            Tone::RemovedWord => self.differing(Color::Red),
            Tone::Level(level) => self.rule_level(level),
        }
    }

    /// How a rule of the user takes an outcome.
    pub fn rule_level(self, level: RuleLevel) -> Style {
        self.colour(match level {
            RuleLevel::Ok => Color::Green,
            RuleLevel::Warn => Color::Yellow,
            RuleLevel::Fail => Color::Red,
        })
        .add_modifier(Modifier::BOLD)
    }

    /// Whether there are colours.
    pub fn is_coloured(self) -> bool {
        self.coloured
    }

    pub fn token(self, kind: TokenKind) -> Style {
        match kind {
            TokenKind::Pixels { upper, lower } if self.coloured => {
                let colour = |[red, green, blue]: [u8; 3]| Color::Rgb(red, green, blue);
                Style::new().fg(colour(upper)).bg(colour(lower))
            }
            TokenKind::Plain | TokenKind::Pixels { .. } => Style::new(),
            TokenKind::Key => self.colour(Color::Blue),
            TokenKind::String => self.colour(Color::Green),
            TokenKind::Number => self.colour(Color::Cyan),
            TokenKind::Literal => self.colour(Color::Magenta),
            TokenKind::Punctuation | TokenKind::Note => self.dim(),
            TokenKind::Folded => self.colour(Color::Yellow).add_modifier(Modifier::DIM),
        }
    }

    pub fn level(self, level: Level) -> Style {
        match level {
            Level::Info => self.colour(Color::Cyan),
            Level::Warning => self.colour(Color::Yellow).add_modifier(Modifier::BOLD),
            Level::Error => self.colour(Color::Red).add_modifier(Modifier::BOLD),
        }
    }

    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    pub fn name(self) -> Style {
        self.colour(Color::Blue)
    }

    /// What has the cursor, headings, keys.
    pub fn accent(self) -> Style {
        self.colour(Color::Cyan)
    }

    /// A border that is shared takes the style of the zone drawn last, whole.
    pub fn border(self, focused: bool) -> Style {
        if self.production && self.coloured {
            let style = Style::reset().fg(Color::Red);
            return if focused {
                style.add_modifier(Modifier::BOLD)
            } else {
                style.add_modifier(Modifier::DIM)
            };
        }
        if focused {
            self.accent().remove_modifier(Modifier::DIM)
        } else {
            Style::reset().add_modifier(Modifier::DIM)
        }
    }

    /// What a search has found.
    pub fn found(self) -> Style {
        self.colour(Color::Yellow)
            .add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// The chosen one of several.
    pub fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The method on the URL line.
    pub fn method(self) -> Style {
        self.accent()
            .add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }
}
