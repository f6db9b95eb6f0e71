//! A text being edited: the URL, a cell, a filter, a whole body.
//!
//! Our own, because the cursor must move by what a user sees as one character: the kept one-line
//! editor moves by code point, which leaves half an emoji or a bare combining accent behind, and the
//! kept multi-line one mishandles the same sequences. Any text is allowed, newlines and controls
//! included; the view makes them visible.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A text and the place of the cursor in it (a byte offset, always between two graphemes).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Editor {
    text: String,
    cursor: usize,
    /// Where a suggestion begins that goes on to the end: typing takes its place, moving the cursor keeps it.
    suggestion: Option<usize>,
}

impl Editor {
    /// Starts with `text`, the cursor behind it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let cursor = text.len();
        Self {
            text,
            cursor,
            suggestion: None,
        }
    }

    /// Starts with a text that stays and a suggestion behind it.
    pub fn suggesting(text: &str, suggestion: &str) -> Self {
        Self {
            suggestion: Some(text.len()).filter(|_| !suggestion.is_empty()),
            ..Self::new(format!("{text}{suggestion}"))
        }
    }

    /// What typing would take the place of.
    pub fn suggestion(&self) -> &str {
        let start = self.suggestion.unwrap_or(self.text.len());
        self.text.get(start..).unwrap_or_default()
    }

    /// Takes the suggestion away; says whether there was one.
    fn drop_suggestion(&mut self) -> bool {
        let Some(start) = self.suggestion.take() else {
            return false;
        };
        self.text.truncate(start);
        self.cursor = start;
        true
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text before and after the cursor.
    pub fn split(&self) -> (&str, &str) {
        self.text
            .split_at_checked(self.cursor)
            .unwrap_or((&self.text, ""))
    }

    /// Replaces the whole text, the cursor behind it.
    pub fn set(&mut self, text: impl Into<String>) {
        *self = Self::new(text);
    }

    /// Puts `text` in at the cursor; a line end of any kind becomes one newline.
    pub fn insert(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        self.drop_suggestion();
        self.text.insert_str(self.cursor, &text);
        self.move_to(self.cursor + text.len());
    }

    pub fn backspace(&mut self) {
        self.delete_from(self.previous());
    }

    pub fn delete(&mut self) {
        self.delete_to(self.next());
    }

    pub fn delete_word_before(&mut self) {
        self.delete_from(self.word_before());
    }

    pub fn delete_word_after(&mut self) {
        self.delete_to(self.word_after());
    }

    pub fn delete_to_line_start(&mut self) {
        self.drop_suggestion();
        self.delete_from(self.line_start());
    }

    pub fn delete_to_line_end(&mut self) {
        self.delete_to(self.line_end());
    }

    /// Moves one grapheme back; false at the start.
    pub fn left(&mut self) -> bool {
        self.step_to(self.previous())
    }

    /// Moves one grapheme on; false at the end.
    pub fn right(&mut self) -> bool {
        self.step_to(self.next())
    }

    pub fn word_left(&mut self) {
        self.step_to(self.word_before());
    }

    pub fn word_right(&mut self) {
        self.step_to(self.word_after());
    }

    pub fn home(&mut self) {
        self.step_to(self.line_start());
    }

    pub fn end(&mut self) {
        self.step_to(self.line_end());
    }

    /// Puts the cursor at a byte offset, or at the next place before it where a cursor can stand.
    pub fn move_to(&mut self, offset: usize) {
        self.suggestion = None;
        let offset = offset.min(self.text.len());
        let mut cursor = GraphemeCursor::new(offset, self.text.len(), true);
        let at_boundary = self.text.is_char_boundary(offset)
            && cursor.is_boundary(&self.text, 0).unwrap_or(false);
        self.cursor = if at_boundary {
            offset
        } else {
            self.boundary_before(offset)
        };
    }

    /// Moves a line up, keeping the column where the line is long enough; false on the first line.
    pub fn up(&mut self) -> bool {
        let start = self.line_start();
        let Some(end_above) = start.checked_sub(1) else {
            return false;
        };
        let above = self.text.get(..end_above).unwrap_or_default();
        let start_above = above.rfind('\n').map_or(0, |newline| newline + 1);
        self.move_to_column(start_above, end_above)
    }

    /// Moves a line down; false on the last line.
    pub fn down(&mut self) -> bool {
        let end = self.line_end();
        if end == self.text.len() {
            return false;
        }
        let start_below = end + 1;
        let below = self.text.get(start_below..).unwrap_or_default();
        let end_below = below
            .find('\n')
            .map_or(self.text.len(), |newline| start_below + newline);
        self.move_to_column(start_below, end_below)
    }

    fn move_to_column(&mut self, start: usize, end: usize) -> bool {
        let before = self
            .text
            .get(self.line_start()..self.cursor)
            .unwrap_or_default();
        let column = before.graphemes(true).count();
        let line = self.text.get(start..end).unwrap_or_default();
        let offset = line
            .grapheme_indices(true)
            .nth(column)
            .map_or(line.len(), |(offset, _)| offset);
        self.step_to(start + offset);
        true
    }

    /// The line (from 0) that the cursor is on.
    pub fn line(&self) -> usize {
        self.split().0.bytes().filter(|byte| *byte == b'\n').count()
    }

    fn line_start(&self) -> usize {
        self.split().0.rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn line_end(&self) -> usize {
        self.split()
            .1
            .find('\n')
            .map_or(self.text.len(), |newline| self.cursor + newline)
    }

    fn previous(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor
            .prev_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    fn next(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor
            .next_boundary(&self.text, 0)
            .ok()
            .flatten()
            .unwrap_or(self.text.len())
    }

    fn boundary_before(&self, offset: usize) -> usize {
        self.text
            .grapheme_indices(true)
            .map(|(start, _)| start)
            .take_while(|start| *start <= offset)
            .last()
            .unwrap_or(0)
    }

    /// Where the word before the cursor starts. In a URL or an email address, the parts between
    /// punctuation are words too.
    fn word_before(&self) -> usize {
        let before = self.split().0;
        let mut words = before.unicode_word_indices();
        words.next_back().map_or(0, |(start, _)| start)
    }

    fn word_after(&self) -> usize {
        let mut words = self.split().1.unicode_word_indices();
        words.next().map_or(self.text.len(), |(start, word)| {
            self.cursor + start + word.len()
        })
    }

    fn step_to(&mut self, offset: usize) -> bool {
        self.suggestion = None;
        let moved = offset != self.cursor;
        self.cursor = offset;
        moved
    }

    fn delete_from(&mut self, start: usize) {
        if self.drop_suggestion() {
            return;
        }
        self.text.replace_range(start..self.cursor, "");
        self.move_to(start);
    }

    fn delete_to(&mut self, end: usize) {
        if self.drop_suggestion() {
            return;
        }
        self.text.replace_range(self.cursor..end, "");
        self.move_to(self.cursor);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_cursor_moves_by_what_a_user_sees() {
        let family = "👨‍👩‍👧‍👦";
        let mut editor = Editor::new(format!("a{family}e\u{301}"));
        editor.left();
        assert_eq!(editor.split().1, "e\u{301}");
        editor.backspace();
        assert_eq!(editor.text(), "ae\u{301}");
        editor.delete();
        assert_eq!(editor.text(), "a");
    }

    #[test]
    fn a_suggestion_gives_way_to_what_is_typed_and_stays_where_the_cursor_moves() {
        let suggested = Editor::suggesting("users/", "42");
        let after = |change: fn(&mut Editor)| {
            let mut editor = suggested.clone();
            change(&mut editor);
            editor.insert("put");
            editor.text().to_owned()
        };
        assert_eq!(suggested.suggestion(), "42");
        assert_eq!(after(|_| ()), "users/put");
        assert_eq!(after(Editor::backspace), "users/put");
        assert_eq!(after(Editor::delete), "users/put");
        assert_eq!(after(Editor::delete_to_line_start), "put");
        assert_eq!(after(Editor::end), "users/42put");
        assert_eq!(after(Editor::home), "putusers/42");
        let left = |editor: &mut Editor| {
            editor.left();
        };
        assert_eq!(after(left), "users/4put2");
        assert_eq!(Editor::suggesting("", "").suggestion(), "");
    }

    #[test]
    fn words_are_deleted_as_in_a_shell() {
        let mut editor = Editor::new("http://host/api/create_user?x=1");
        editor.delete_word_before();
        assert_eq!(editor.text(), "http://host/api/create_user?x=");
        editor.word_left();
        editor.word_left();
        editor.delete_word_after();
        assert_eq!(editor.text(), "http://host/api/?x=");
        editor.delete_to_line_start();
        assert_eq!(editor.text(), "?x=");
        editor.delete_to_line_end();
        assert_eq!(editor.text(), "");
    }

    #[test]
    fn lines_are_walked_keeping_the_column() {
        let mut editor = Editor::new("first line\nab\nthird");
        assert!(editor.up());
        assert_eq!(editor.split().0, "first line\nab");
        editor.home();
        assert!(editor.up());
        assert_eq!(editor.cursor(), 0);
        assert!(!editor.up());
        editor.end();
        assert_eq!(editor.split().0, "first line");
        assert!(editor.down());
        assert!(editor.down());
        assert!(!editor.down());
        assert_eq!(editor.line(), 2);
    }

    #[test]
    fn line_ends_of_a_paste_become_newlines() {
        let mut editor = Editor::default();
        editor.insert("a\r\nb\rc\n");
        assert_eq!(editor.text(), "a\nb\nc\n");
    }

    proptest! {
        #[test]
        fn no_sequence_of_edits_breaks_the_text(
            texts in prop::collection::vec(any::<String>(), 1..4),
            steps in prop::collection::vec(0..15u8, 0..60),
        ) {
            let mut editor = Editor::default();
            for text in &texts {
                editor.insert(text);
                for step in &steps {
                    match step {
                        0 => editor.backspace(),
                        1 => editor.delete(),
                        2 => editor.delete_word_before(),
                        3 => editor.delete_word_after(),
                        4 => drop(editor.left()),
                        5 => drop(editor.right()),
                        6 => editor.word_left(),
                        7 => editor.word_right(),
                        8 => editor.home(),
                        9 => editor.end(),
                        10 => drop(editor.up()),
                        11 => drop(editor.down()),
                        12 => editor.insert("é\n👩‍🚀"),
                        13 => editor.delete_to_line_start(),
                        _ => editor.move_to(usize::from(*step)),
                    }
                    prop_assert!(editor.text().is_char_boundary(editor.cursor()));
                }
            }
        }
    }
}
