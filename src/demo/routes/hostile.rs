//! A reply that tries to take over the terminal of whoever shows it. Nothing of it may get through.

use crate::demo::{call::Call, reply::Reply};

/// In UTF-8 but for the C1 bytes: CSI (0x9b) and OSC (0x9d) alone, which some terminals obey.
const BODY: &[&[u8]] = &[
    b"Clear the screen: \x1b[2J\x1b[H\n",
    b"Set the title: \x1b]0;owned\x07\n",
    b"Write the clipboard: \x1b]52;c;cm0gLXJmIH4K\x07\n",
    b"Link to elsewhere: \x1b]8;;http://evil.example/\x1b\\https://good.example/\x1b]8;;\x1b\\\n",
    b"Ask for an answer: \x1b[c \x1b[6n \x1bP$q\"p\x1b\\\n",
    b"C1 bytes: \x9b31m red \x9d0;owned\x9c\n",
    "C1 in UTF-8: \u{9b}31m red \u{85} next line\n".as_bytes(),
    "Bidi: user\u{202e}gnp.exe\u{202c} \u{2066}isolated\u{2069} \u{200f}mark\n".as_bytes(),
    "No width: pass\u{200b}word \u{feff} \u{2060} \u{e0041}tag\n".as_bytes(),
    "Marks: z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}\n"
        .as_bytes(),
    b"Overwrite: harmless\rHARMFUL\x08\x08\x08\x7f \x0b\x0c \x0e shifted out \x0f\n",
];

pub fn hostile(call: &Call) -> Reply {
    let mut reply = Reply::with_body(200, "text/plain; charset=utf-8", BODY.concat())
        .header("X-C1", *b"\x9b31mred\x9b0m \x9d52;c;cm0gLXJmIH4K\x9c")
        .header("X-C1-UTF8", "\u{9b}31mred\u{9b}0m")
        .header("X-Bidi", "user\u{202e}gnp.exe")
        .header("X-Latin1", *b"caf\xe9")
        .header("X-Tab", "a\tb")
        .header(
            "Content-Disposition",
            "attachment; filename=\"../../.bash\u{202e}cr\"",
        );
    reply.reason = b"OK \x9b31m \xe2\x80\xaeKO".to_vec();
    if call.query("raw").is_some_and(|raw| raw == "1") {
        reply = reply.header("X-Raw", *b"\x1b[2J\x1b]0;owned\x07");
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_tries_everything_but_nul() {
        let body = BODY.concat();
        assert!(!body.contains(&0));
        assert!(std::str::from_utf8(&body).is_err());
        for needle in [&b"\x1b]52;"[..], b"\x9b31m", "\u{202e}".as_bytes(), b"\r"] {
            assert!(body.windows(needle.len()).any(|part| part == needle));
        }
    }
}
