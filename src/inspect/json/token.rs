//! Where tokens end, by the letter alone; and the long ones, which are measured only once.

/// Tokens and gaps from this many bytes on are remembered as leaps.
pub const LONG: usize = 512;

/// A token or a run of blanks so long that looking for its end each time would take too long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leap {
    pub from: usize,
    pub to: usize,
}

/// The length of the run of blanks at the start; `None` when it goes on beyond the end.
pub fn gap(text: &[u8]) -> Option<usize> {
    text.iter().position(|byte| !is_blank(*byte))
}

/// The length of a token; `None` when it goes on beyond the end.
pub fn token(text: &[u8]) -> Option<usize> {
    match text.first()? {
        b'"' => string(text),
        b'{' | b'}' | b'[' | b']' | b',' | b':' => Some(1),
        _ => text.iter().position(|byte| {
            is_blank(*byte) || matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"')
        }),
    }
}

/// The length of a string with its quotes.
fn string(text: &[u8]) -> Option<usize> {
    let mut bytes = text.iter().enumerate().skip(1);
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(index + 1),
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

/// Insignificant whitespace: RFC 8259, Section 2.
pub fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
