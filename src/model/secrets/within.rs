//! Values inside what is written as Base64 together with other things: the name and the password of Basic
//! credentials, the middle of a JWT.

use std::ops::Range;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use memchr::memmem;

use super::Hidden;

/// Shorter runs of its characters are words. In bytes.
const SHORTEST: usize = 8;

/// No path is longer: a longer run is one token. In bytes.
const LONGEST_PATH: usize = 4 * 1024;

/// Cut anywhere, with padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// With the mark in the place of each token that holds the value; `None` where there is none.
pub(super) fn replace(bytes: &[u8], spellings: &[Hidden], mark: &[u8]) -> Option<Vec<u8>> {
    let mut replaced = Vec::new();
    let mut end = 0;
    for run in runs(bytes, is_sign) {
        for token in tokens(bytes, run, spellings) {
            replaced.extend_from_slice(bytes.get(end..token.start).unwrap_or_default());
            replaced.extend_from_slice(mark);
            let rest = bytes.get(token.end..).unwrap_or_default();
            let padding = rest.iter().take(2).take_while(|byte| **byte == b'=');
            end = token.end + padding.count();
        }
    }
    if end == 0 {
        return None;
    }
    replaced.extend_from_slice(bytes.get(end..).unwrap_or_default());
    Some(replaced)
}

/// The tokens of a run that hold the value: its parts between the signs that stand in paths and names as well, or
/// all of it, where they belong to the token.
fn tokens(bytes: &[u8], run: Range<usize>, spellings: &[Hidden]) -> Vec<Range<usize>> {
    let times_in = |range: &Range<usize>| times(bytes, range.clone(), spellings);
    let all = times_in(&run);
    if all == 0 {
        return Vec::new();
    }
    let whole = bytes.get(run.clone()).unwrap_or_default();
    let parts = runs(whole, |byte| byte.is_ascii_alphanumeric());
    let parts = parts.map(|it| run.start + it.start..run.start + it.end);
    let parts: Vec<Range<usize>> = parts.filter(|it| times_in(it) > 0).collect();
    if parts.iter().map(times_in).sum::<usize>() == all {
        return parts;
    }
    vec![narrowed(bytes, run, spellings)]
}

/// The run without the other segments of the path that it stands in: nothing of the value is in what is left out.
fn narrowed(bytes: &[u8], mut run: Range<usize>, spellings: &[Hidden]) -> Range<usize> {
    if run.len() > LONGEST_PATH {
        return run;
    }
    let all = times(bytes, run.clone(), spellings);
    let part = bytes.get(run.clone()).unwrap_or_default();
    let slashes = memchr::memchr_iter(b'/', part).map(|at| run.start + at);
    let slashes: Vec<usize> = slashes.collect();
    for slash in &slashes {
        if times(bytes, slash + 1..run.end, spellings) == all {
            run.start = slash + 1;
        }
    }
    for slash in slashes.iter().rev() {
        if *slash > run.start && times(bytes, run.start..*slash, spellings) == all {
            run.end = *slash;
        }
    }
    run
}

/// How often it holds the value, wherever the token begins in it.
fn times(bytes: &[u8], run: Range<usize>, spellings: &[Hidden]) -> usize {
    let standard = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    };
    let run = bytes.get(run).unwrap_or_default();
    let shortest = spellings.iter().map(|it| it.0.len()).min();
    if shortest.is_none_or(|shortest| run.len() * 3 / 4 < shortest) {
        return 0;
    }
    let run: Vec<u8> = run.iter().map(standard).collect();
    let decoded = (0..4).filter_map(|start| {
        let token = run.get(start..).unwrap_or_default();
        let length = token.len() - usize::from(token.len() % 4 == 1);
        LENIENT.decode(token.get(..length).unwrap_or_default()).ok()
    });
    let found = decoded.map(|decoded| {
        let count = |it: &Hidden| memmem::find_iter(&decoded, it.0.as_bytes()).count();
        spellings.iter().map(count).sum::<usize>()
    });
    found.sum()
}

fn is_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The runs of such bytes that are long enough.
fn runs(bytes: &[u8], is_of_it: fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let skipped = rest.iter().take_while(|byte| !is_of_it(**byte)).count();
            let run = rest.iter().skip(skipped).take_while(|it| is_of_it(**it));
            let start = at + skipped;
            at = start + run.count();
            if at - start >= SHORTEST {
                return Some(start..at);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

    use super::*;

    fn replaced(text: &str) -> Option<String> {
        let spellings = [Hidden::from("LE?AK>")];
        let replaced = replace(text.as_bytes(), &spellings, "§".as_bytes())?;
        Some(String::from_utf8(replaced).unwrap())
    }

    #[test]
    fn a_token_goes_whatever_stands_before_and_behind_the_value_in_it() {
        for around in ["§:pw", "ann:§", "a§", "ab§c", "{\"k\":\"§\"}", "§§§"] {
            let plain = around.replace('§', "LE?AK>");
            for token in [
                STANDARD.encode(&plain),
                URL_SAFE.encode(&plain),
                URL_SAFE_NO_PAD.encode(&plain),
            ] {
                for text in [
                    "Basic §",
                    "§",
                    "{\"a\": \"§\"}",
                    "http://h/way/§?a=b",
                    "eyJhbGciOiJub25lIn0.§.c2lnbmF0dXJl",
                ] {
                    let written = text.replace('§', &token);
                    assert_eq!(
                        replaced(&written).as_deref(),
                        Some(text),
                        "{plain} {written}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_does_not_hold_it_stays() {
        for text in [
            "",
            "short",
            "LE?AK>",
            "c29tZXRoaW5nIGVsc2U=",
            "/a/way/to/somewhere",
        ] {
            assert_eq!(replaced(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_ends_whatever_stands_there(text in "[A-Za-z0-9+/=_. -]{0,60}") {
            let _ = replaced(&text);
        }
    }
}
