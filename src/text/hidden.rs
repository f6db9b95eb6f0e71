//! Which characters must not reach a terminal as they are, and the marks that stand for them.

use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

pub const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
pub const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// Whether a character must be shown as a mark, between the character before it (within what a user
/// sees as one character) and the one after it.
pub fn is_hidden(char: char, before: Option<char>, after: Option<char>) -> bool {
    match char {
        ZERO_WIDTH_JOINER => !joins_a_sequence(before, after) && !shapes_letters(before, after),
        ZERO_WIDTH_NON_JOINER => !shapes_letters(before, after),
        // Text and emoji presentation.
        '\u{FE0E}' | '\u{FE0F}' => !before.is_some_and(has_presentations),
        _ => {
            char.is_control()
                || is_ignorable(char)
                || is_separator_or_anchor(char)
                || is_private_or_none(char)
        }
    }
}

/// What is shown for a hidden character.
pub fn push_mark(char: char, shown: &mut String) {
    match char {
        '\0'..='\x1F' => {
            // The control pictures stand in the order of the controls.
            shown.extend(char::from_u32(0x2400 + u32::from(char)));
        }
        '\x7F' => shown.push('␡'),
        _ => {
            // Writing to a String cannot fail.
            let _ = write!(shown, "‹U+{:04X}›", u32::from(char));
        }
    }
}

/// Default_Ignorable_Code_Point of the Unicode Character Database, which terminals draw as nothing:
/// soft hyphen, zero-width spaces, bidirectional controls, fillers, variation selectors. (Those beyond
/// the planes in use, such as the tags, are below.)
fn is_ignorable(char: char) -> bool {
    matches!(char,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}')
}

/// Line and paragraph separator, which some terminals obey, and interlinear annotations.
fn is_separator_or_anchor(char: char) -> bool {
    matches!(char, '\u{2028}' | '\u{2029}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Private use, of which nobody knows what a font draws nor how wide; noncharacters; the planes from 4
/// on, which hold nothing but these, tags and variation selectors.
fn is_private_or_none(char: char) -> bool {
    let number = u32::from(char);
    matches!(char, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{40000}'..)
        || number & 0xFFFE == 0xFFFE
}

/// A joiner inside of what a user sees as one character: a family of emoji, an Indic conjunct.
fn joins_a_sequence(before: Option<char>, after: Option<char>) -> bool {
    let joined = |char: char| char > '\u{7F}' && char.width().is_some_and(|columns| columns > 0);
    before.is_some_and(|char| char > '\u{7F}') && after.is_some_and(joined)
}

/// Between letters of the Arabic, Syriac, N'Ko and Indic scripts both joiners are spelling.
fn shapes_letters(before: Option<char>, after: Option<char>) -> bool {
    let is_letter =
        |char: char| ('\u{620}'..='\u{DFF}').contains(&char) && !is_hidden(char, None, None);
    before.is_some_and(is_letter) && after.is_some_and(is_letter)
}

/// Characters that may be followed by a choice between text and emoji presentation.
fn has_presentations(char: char) -> bool {
    matches!(char,
        '0'..='9' | '#' | '*' | '©' | '®' | '\u{203C}'..='\u{32FF}' | '\u{1F000}'..='\u{1FAFF}')
        && char.width().is_some_and(|columns| columns > 0)
}
