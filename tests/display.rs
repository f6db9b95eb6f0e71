//! What the sanitiser lets through takes as many columns on the screen as it says.

use std::borrow::Cow;

use posttui::text;
use proptest::prelude::*;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::Widget,
};

const COLUMNS: u16 = 400;

/// Texts full of what is difficult: controls, joiners, marks, wide letters, emoji, jamo, flags.
fn difficult_text() -> impl Strategy<Value = String> {
    let difficult = Cow::Borrowed(
        &[
            '\0'..='\x1F',
            '\u{300}'..='\u{36F}',
            '\u{600}'..='\u{64A}',
            '\u{915}'..='\u{94D}',
            '\u{1100}'..='\u{11FF}',
            '\u{200B}'..='\u{200F}',
            '\u{202A}'..='\u{202E}',
            '\u{4E00}'..='\u{4E10}',
            '\u{FE0E}'..='\u{FE0F}',
            '\u{FF76}'..='\u{FF9F}',
            '\u{1F1E6}'..='\u{1F1FF}',
            '\u{1F3FB}'..='\u{1F3FF}',
            '\u{1F466}'..='\u{1F469}',
        ][..],
    );
    let char = prop_oneof![
        2 => any::<char>(),
        2 => prop::char::range(' ', '~'),
        4 => prop::char::ranges(difficult),
        1 => Just('\u{200D}'),
    ];
    prop::collection::vec(char, 0..40).prop_map(|chars| chars.into_iter().collect())
}

/// Draws a text in both ways that ratatui has and returns how many columns it took.
fn drawn_columns(text: &str) -> usize {
    let area = Rect::new(0, 0, COLUMNS, 1);
    let mut buffer = Buffer::filled(area, ratatui::buffer::Cell::new("█"));
    Line::from(Span::raw(text)).render(area, &mut buffer);
    let untouched = ratatui::buffer::Cell::new("█");
    let last = (0..COLUMNS)
        .rev()
        .find(|x| buffer.cell((*x, 0)) != Some(&untouched));
    let (end, _) = Buffer::empty(area).set_stringn(0, 0, text, COLUMNS.into(), Style::new());
    assert_eq!(last.map_or(0, |x| x + 1), end, "{text:?}");
    usize::from(end)
}

#[test]
fn known_texts_take_their_columns() {
    for (shown, columns) in [
        ("", 0),
        ("plain", 5),
        ("日本語", 6),
        ("e\u{301}", 1),
        ("👩‍👩‍👧‍👦", 2),
        ("🇩🇪", 2),
        ("‹U+202E›", 8),
        ("␛", 1),
    ] {
        assert_eq!(text::display(shown), shown);
        assert_eq!(text::width(shown), columns, "{shown}");
        assert_eq!(drawn_columns(shown), columns, "{shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn what_is_displayed_is_drawn_in_its_width(text in difficult_text()) {
        let shown = text::display(&text);
        prop_assert_eq!(drawn_columns(&shown), text::width(&shown));
    }
}
