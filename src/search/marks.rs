//! What the user put on an exchange: members of `has:`, and the media types of `type:`.

use crate::model::Label;

use super::{List, Pattern};

/// Something that an exchange may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Name,
    Note,
    Tag,
    /// The user's own message for its status.
    Message,
    /// An exchange that it repeats.
    Origin,
}

/// What may follow `has:`.
pub(super) const THINGS: &str = "name, note, tag, message or origin (it repeats another one)";

impl Thing {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        match text.trim().to_ascii_lowercase().as_str() {
            "name" => Ok(Self::Name),
            "note" => Ok(Self::Note),
            "tag" | "tags" => Ok(Self::Tag),
            "message" => Ok(Self::Message),
            "origin" => Ok(Self::Origin),
            "" => Err(format!("type {THINGS}")),
            other => Err(format!("“{other}” is none of these: {THINGS}")),
        }
    }

    /// Whether a label has it; the message and the origin are no part of it.
    pub(super) fn is_in(self, label: &Label) -> bool {
        match self {
            Self::Name => label.name.is_some(),
            Self::Note => label.note.is_some(),
            Self::Tag => !label.tags.is_empty(),
            Self::Message | Self::Origin => false,
        }
    }
}

/// Whether patterns accept a media type: as a whole, or its type, subtype or suffix alone
/// (`application/problem+json` is `json`, too).
pub fn accepts_media(patterns: &List<Pattern>, media: &str) -> bool {
    let (main, sub) = media.split_once('/').unwrap_or((media, ""));
    let suffix = sub.rsplit_once('+').map(|(_, suffix)| suffix);
    patterns.accepts(|pattern| {
        let parts = [Some(media), Some(main), Some(sub), suffix];
        parts
            .into_iter()
            .flatten()
            .any(|part| pattern.matches(part))
    })
}
