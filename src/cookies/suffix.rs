//! The Public Suffix List (<https://publicsuffix.org>), which comes with posttui: nothing is fetched.
//!
//! `assets/public_suffix_list.dat.br` is the list without its comments, names in ASCII, as brotli: 40 KB in
//! place of 330. It is read when the first cookie with a `Domain` comes.

use std::{io::Read, sync::OnceLock};

use publicsuffix::{List, Psl};

const FILE: &[u8] = include_bytes!("../../assets/public_suffix_list.dat.br");

fn list() -> &'static List {
    static LIST: OnceLock<List> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut text = String::new();
        // The file is a part of the program; a test reads it. Without it, every last name is a suffix.
        let read = brotli_decompressor::Decompressor::new(FILE, 4096).read_to_string(&mut text);
        read.ok()
            .and_then(|_| text.parse().ok())
            .unwrap_or_default()
    })
}

/// Whether a host name is one under which anybody can have names. One that the list does not know is a
/// suffix where it has no dot (the list's own rule `*`).
pub fn is_public_suffix(domain: &str) -> bool {
    list()
        .suffix(domain.as_bytes())
        .is_some_and(|suffix| suffix.as_bytes() == domain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suffixes_are_told_from_names_below_them() {
        assert!(!list().is_empty(), "the list is read");
        for suffix in [
            "com",
            "co.uk",
            "github.io",
            "ck",
            "x.ck",
            "xn--p1ai",
            "unlisted",
        ] {
            assert!(is_public_suffix(suffix), "{suffix}");
        }
        for name in [
            "example.com",
            "a.co.uk",
            "me.github.io",
            "www.ck",
            "a.unlisted",
            "127.0.0.1",
        ] {
            assert!(!is_public_suffix(name), "{name}");
        }
    }
}
