//! What holds of any body.

use super::*;
use crate::{inspect::Jump, text};

fn any_type() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("application/json".to_owned()),
        Just("application/x-ndjson".to_owned()),
        Just("text/plain".to_owned()),
        Just("text/html; charset=utf-16".to_owned()),
        Just("text/html; charset=shift_jis".to_owned()),
        Just("image/png".to_owned()),
        any::<String>(),
    ]
}

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..300),
        "[ -~\\n\\t]{0,300}".prop_map(String::into_bytes),
        prop::collection::vec(any::<char>(), 0..80)
            .prop_map(|chars| chars.into_iter().collect::<String>().into_bytes()),
        "[\\[\\]{}\",:0-9a\\\\ \\n]{0,80}".prop_map(String::into_bytes),
        any_json().prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn any_body_has_rows_that_fit(
        body in any_body(), content_type in any_type(), coding in "(|gzip|br|x)", columns in 0_u16..60,
    ) {
        let layout = Layout::new(&body.into(), Some(&content_type), Some(&coding), columns);
        for index in 0..layout.rows() {
            let row = layout.row(index);
            let columns_used: usize = row.iter().map(|(_, text)| text::width(text)).sum();
            prop_assert!(columns_used <= usize::from(columns.max(1)), "{row:?}");
            for (_, text) in &row {
                prop_assert_eq!(text::display(text), text.as_str());
            }
        }
        prop_assert!(layout.row(layout.rows()).is_empty());
        layout.text();
    }

    #[test]
    fn tokens_are_shown_as_received(json in any_json(), columns in 20_u16..90) {
        let layout = layout(json.as_bytes(), "application/json", columns);
        let source = without_blanks(&json);
        prop_assert_eq!(without_blanks(layout.text().unwrap()), source.clone());
        // Strings are parted between rows, so that what is displayed is compared letter by letter.
        let mut expected = String::new();
        let mut rest = source.as_bytes();
        while let Some(unit) = text::first_unit(rest) {
            expected.push_str(&unit.shown);
            rest = &rest[unit.source.len()..];
        }
        prop_assert_eq!(tokens(&layout), expected);
    }

    #[test]
    fn every_row_of_json_knows_where_it_is(json in any_json(), columns in 20_u16..90, level in prop::option::of(0_u32..4)) {
        let layout = layout(json.as_bytes(), "application/json", columns);
        let layout = folded(&layout, Folds::from_level(level));
        for row in 0..layout.rows() {
            prop_assert!(layout.path(row, true).is_some());
            let value = layout.value(row).unwrap();
            prop_assert!(serde_json::from_slice::<&serde_json::value::RawValue>(&value).is_ok(), "{value:?}");
            if let Some(next) = layout.row_of(row, Jump::Next) {
                prop_assert!(next > row);
                let back = layout.row_of(next, Jump::Previous).unwrap();
                prop_assert!(back <= row);
                prop_assert_eq!(layout.item(back), layout.item(row));
            }
            if let Some(parent) = layout.row_of(row, Jump::Parent) {
                prop_assert!(parent <= row);
                prop_assert!(layout.value(parent).unwrap().len() > value.len());
            }
            let offset = layout.offset(row).unwrap();
            prop_assert_eq!(layout.row_at(offset), row);
            prop_assert_eq!(layout.page(row, 1).len(), 1);
        }
    }

    #[test]
    fn steps_go_through_all_sections(body in any_body(), content_type in any_type(), columns in 1_u16..60) {
        let layout = Layout::new(&body.into(), Some(&content_type), None, columns);
        let mut row = 0;
        for (number, _) in layout.page(0, 40) {
            prop_assert_eq!(number, row);
            prop_assert_eq!(layout.step(row, -1), row.saturating_sub(1));
            row = layout.step(row, 1);
        }
        prop_assert_eq!(layout.step(layout.last(), 1), layout.last());
        layout.searched();
    }

    #[test]
    fn lines_are_shown_in_whole(body in "[ -~é日\\n]{0,200}", columns in 2_u16..30) {
        let joined = shown(body.as_bytes(), "text/plain; charset=utf-8", columns).concat();
        prop_assert_eq!(joined, body.replace('\n', ""));
    }
}
