//! What came in the place of a response head, in words, so that one sees what answered instead.

/// As many bytes of it are told in a sentence.
const TOLD: usize = 200;

/// What it began with: its first line.
pub(super) fn beginning(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next();
    let line = line.unwrap_or_default();
    let told = line.get(..TOLD).unwrap_or(line);
    let text = words(told);
    if told.len() < line.len() {
        format!("{text}…")
    } else {
        text
    }
}

/// Text as it is; bytes that are none are written as Rust and C write them: `\x15\x03`.
pub(super) fn words(bytes: &[u8]) -> String {
    let is_plain = |text: &str| {
        text.chars()
            .all(|char| !char.is_control() || char.is_whitespace())
    };
    match str::from_utf8(bytes) {
        Ok(text) if is_plain(text) => text.trim_end().to_owned(),
        Ok(_) | Err(_) => bytes.escape_ascii().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_text_and_an_alert_is_bytes() {
        assert_eq!(beginning(b"SSH-2.0-OpenSSH_9.6\r\n"), "SSH-2.0-OpenSSH_9.6");
        assert_eq!(
            beginning(b"\x15\x03\x01\x00\x02\x02F"),
            r"\x15\x03\x01\x00\x02\x02F"
        );
        assert_eq!(beginning(&[b'x'; 300]).chars().count(), TOLD + 1);
        assert_eq!(
            beginning(b"HTTP/1.1 abc OK\r\nX-A: 1\r\n"),
            "HTTP/1.1 abc OK"
        );
        assert_eq!(beginning(b""), "");
    }
}
