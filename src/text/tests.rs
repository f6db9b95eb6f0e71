use std::borrow::Cow;

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::{unit::simple_columns, *};

/// Written anew from the character tables, not from the code.
fn is_forbidden(char: char) -> bool {
    let number = u32::from(char);
    let ranges: [std::ops::RangeInclusive<u32>; 22] = [
        0..=0x1F,
        0x7F..=0x9F,
        0xAD..=0xAD,
        0x34F..=0x34F,
        0x61C..=0x61C,
        0x115F..=0x115F,
        0x17B4..=0x17B5,
        0x180B..=0x180F,
        0x200B..=0x200B,
        0x200E..=0x200F,
        0x2028..=0x202E,
        0x2060..=0x206F,
        0x3164..=0x3164,
        0xE000..=0xF8FF,
        0xFDD0..=0xFDEF,
        0xFE00..=0xFE0D,
        0xFEFF..=0xFEFF,
        0xFFA0..=0xFFA0,
        0xFFF0..=0xFFFB,
        0xFFFE..=0xFFFF,
        0x1D173..=0x1D17A,
        0xE0000..=0x0010_FFFF,
    ];
    ranges.iter().any(|range| range.contains(&number))
}

/// Texts full of what is difficult: controls, joiners, marks, wide letters, emoji, jamo, flags.
fn difficult_text() -> impl Strategy<Value = String> {
    let char = prop_oneof![
        4 => any::<char>(),
        4 => prop::char::range(' ', '~'),
        3 => prop::char::ranges(Cow::Borrowed(&[
            '\0'..='\x1F', '\x7F'..='\u{9F}', '\u{300}'..='\u{36F}', '\u{200B}'..='\u{200F}',
            '\u{2028}'..='\u{202E}', '\u{2060}'..='\u{2069}', '\u{FE00}'..='\u{FE0F}',
            '\u{600}'..='\u{605}', '\u{1100}'..='\u{11FF}', '\u{915}'..='\u{94D}', '\u{FF76}'..='\u{FF9F}',
        ])),
        2 => prop::char::ranges(Cow::Borrowed(&[
            '\u{1F1E6}'..='\u{1F1FF}', '\u{1F3FB}'..='\u{1F3FF}', '\u{1F466}'..='\u{1F469}',
            '\u{4E00}'..='\u{4E10}', '\u{E0061}'..='\u{E007F}', '\u{627}'..='\u{64A}',
        ])),
        1 => Just('\u{200D}'),
    ];
    prop::collection::vec(char, 0..40).prop_map(|chars| chars.into_iter().collect())
}

#[test]
fn clean_text_is_lent_not_copied() {
    for text in [
        "",
        "plain ~!",
        "Jürgen €",
        "日本語",
        "한국어",
        "Привет",
        "👩‍👩‍👧‍👦 ❤️ 1️⃣ 🇩🇪",
        "e\u{301}",
        "نمی‌خواهم",
        "क्‍ष",
    ] {
        assert!(
            matches!(display(text), Cow::Borrowed(_)),
            "{text}: {}",
            display(text)
        );
    }
}

#[test]
fn what_could_steer_turn_or_hide_is_a_mark() {
    for (text, shown) in [
        ("\u{1b}[31mred", "␛[31mred"),
        ("a\r\nb\tc\0", "a␍␊b␉c␀"),
        ("\x7F\u{9B}31m", "␡‹U+009B›31m"),
        ("user\u{202E}gnp.exe", "user‹U+202E›gnp.exe"),
        ("a\u{200B}b\u{FEFF}\u{AD}", "a‹U+200B›b‹U+FEFF›‹U+00AD›"),
        ("\u{2028}\u{2029}", "‹U+2028›‹U+2029›"),
        ("\u{E0041}\u{FFF9}\u{E000}", "‹U+E0041›‹U+FFF9›‹U+E000›"),
        ("a\u{200D}b", "a‹U+200D›b"),
        ("a\u{200C}b\u{200D}", "a‹U+200C›b‹U+200D›"),
        ("👩\u{200D}", "👩‹U+200D›"),
        ("a\u{FE0F}", "a‹U+FE0F›"),
        ("❤\u{FE0F}\u{FE0F}", "❤\u{FE0F}‹U+FE0F›"),
        ("\u{301}x", "◌\u{301}x"),
        ("\n\u{301}", "␊◌\u{301}"),
        ("\u{3164}", "‹U+3164›"),
        ("a\u{34F}\u{301}", "a‹U+034F›◌\u{301}"),
        ("\u{1161}", "‹U+1161›"),
    ] {
        assert_eq!(display(text), shown, "{text:?}");
    }
}

#[test]
fn line_feeds_and_tabs_stay_where_they_are_wanted() {
    assert_eq!(display_multiline("a\nb\t\u{1b}\r\n"), "a\nb␉␛␍\n");
    assert_eq!(for_terminal("a\r\nb\t\u{1b}\rc\n"), "a\nb\t␛␍c\n");
    assert!(matches!(for_terminal("a\n\tb\n"), Cow::Borrowed(_)));
    assert_eq!(for_terminal("\u{301}\n\n\u{301}"), "◌\u{301}\n\n◌\u{301}");
}

#[test]
fn letters_taken_as_simple_are_so() {
    for char in (0..=0x0010_FFFF).filter_map(char::from_u32) {
        let Some(columns) = simple_columns(char) else {
            continue;
        };
        let text = char.to_string();
        assert_eq!(width(&text), columns, "U+{:04X}", u32::from(char));
        for pair in [
            format!("a{char}"),
            format!("{char}a"),
            format!("가{char}"),
            format!("{char}あ"),
        ] {
            assert_eq!(pair.graphemes(true).count(), 2, "{pair}");
        }
        assert!(!is_forbidden(char));
    }
}

#[test]
fn an_overlong_heap_of_marks_is_cut_into_units() {
    let heap = format!("a{}", "\u{301}".repeat(100));
    let shown = display(&heap);
    assert_eq!(shown.matches('◌').count(), 6);
    assert_eq!(display(&shown), shown);
    assert_eq!(width(&shown), 7);
}

#[test]
fn texts_are_cut_at_the_end_and_in_the_middle() {
    assert_eq!(truncate("hello", 5), "hello");
    assert_eq!(truncate("hello", 4), "hel…");
    assert_eq!(truncate("日本語", 5), "日本…");
    assert_eq!(truncate("日本語", 4), "日…");
    assert_eq!(truncate("hello", 1), "…");
    assert_eq!(truncate("hello", 0), "");
    assert_eq!(
        truncate_middle("https://host/path/last", 12),
        "https:…/last"
    );
    assert_eq!(truncate_middle("https://host", 12), "https://host");
    assert_eq!(truncate_middle("hello", 2), "h…");
    assert_eq!(pad("日本語", 4), "日… ");
    assert_eq!(pad("ab", 4), "ab  ");
}

#[test]
fn a_run_of_plain_letters_leaves_the_one_that_bears_a_mark() {
    assert_eq!(plain_run("abce\u{301}d".as_bytes(), 9), 3);
    assert_eq!(plain_run("abce\u{301}d".as_bytes(), 4), 3);
    assert_eq!(plain_run(b"abcd", 3), 3);
    assert_eq!(plain_run(b"ab\tcd", 9), 2);
    assert_eq!(plain_run(b"", 9), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn nothing_forbidden_is_displayed(text in difficult_text()) {
        let shown = display(&text);
        prop_assert!(!shown.chars().any(is_forbidden), "{shown:?}");
        for cluster in shown.graphemes(true) {
            prop_assert!(width(cluster) > 0, "{cluster:?} of {shown:?}");
        }
        prop_assert_eq!(display(&shown), &*shown);
        let printed = for_terminal(&text);
        prop_assert!(!printed.chars().any(|char| is_forbidden(char) && char != '\n' && char != '\t'));
        prop_assert_eq!(display_multiline(&text).matches('\n').count(), text.matches('\n').count());
    }

    #[test]
    fn a_cut_text_fits(text in difficult_text(), columns in 0_usize..30) {
        let shown = display(&text);
        prop_assert!(width(&truncate(&shown, columns)) <= columns);
        prop_assert!(width(&truncate_middle(&shown, columns)) <= columns);
        prop_assert_eq!(width(&pad(&shown, columns)), columns);
        if width(&shown) <= columns {
            prop_assert_eq!(truncate(&shown, columns), &*shown);
        }
        prop_assert_eq!(width(&pad(&text, columns)), columns);
    }

    #[test]
    fn units_put_together_are_the_whole(text in difficult_text()) {
        let mut rest = text.as_bytes();
        let (mut source, mut shown, mut columns) = (String::new(), String::new(), 0);
        while let Some(unit) = first_unit(rest) {
            prop_assert!(unit.columns > 0 && !unit.source.is_empty());
            source.push_str(unit.source);
            shown.push_str(&unit.shown);
            columns += unit.columns;
            rest = &rest[unit.source.len()..];
        }
        prop_assert_eq!(&source, &text);
        prop_assert_eq!(display(&text), &*shown);
        prop_assert_eq!(width(&shown), columns);
    }
}
