//! Rows of name and value: the form, the query, the headers, the rules; and the parts of a multipart
//! body, whose values may be files.
//!
//! There is always one blank row at the end, so that the next row is typed without asking for it.

mod cursor;

use crate::{
    app::editor::Editor,
    model::{Cell, Field, Part},
};

/// The rows, and where the cursor is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    rows: Vec<Row>,
    row: usize,
    cell: Cell,
    /// Whether the rows are parts of a multipart body, with cells for type and file name.
    has_parts: bool,
    /// Whether the names come from elsewhere: only the values are typed, and no row is added.
    has_given_names: bool,
}

/// One row being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub enabled: bool,
    pub name: Editor,
    pub value: Editor,
    /// Whether the value is the path of a file.
    pub is_file: bool,
    pub file_name: Editor,
    pub content_type: Editor,
}

impl Row {
    fn blank() -> Self {
        Self::from(&Field::default())
    }

    fn is_blank(&self) -> bool {
        self.enabled && self.name.is_empty() && self.value.is_empty() && !self.is_file
    }

    /// The row as data.
    pub fn field(&self) -> Field {
        Field {
            enabled: self.enabled,
            name: self.name.text().to_owned(),
            value: self.value.text().to_owned(),
            part: Part {
                is_file: self.is_file,
                file_name: self.file_name.text().to_owned(),
                content_type: self.content_type.text().to_owned(),
            },
        }
    }
}

impl From<&Field> for Row {
    fn from(field: &Field) -> Self {
        Self {
            enabled: field.enabled,
            name: Editor::new(&field.name),
            value: Editor::new(&field.value),
            is_file: field.part.is_file,
            file_name: Editor::new(&field.part.file_name),
            content_type: Editor::new(&field.part.content_type),
        }
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Table {
    pub fn new(fields: &[Field]) -> Self {
        let mut table = Self {
            rows: fields.iter().map(Row::from).collect(),
            row: 0,
            cell: Cell::Name,
            has_parts: false,
            has_given_names: false,
        };
        table.end_blank();
        table
    }

    /// The rows of a multipart body.
    pub fn of_parts(fields: &[Field]) -> Self {
        Self {
            has_parts: true,
            ..Self::new(fields)
        }
    }

    /// Rows whose names are given: only their values are typed.
    pub fn of_names(fields: &[Field]) -> Self {
        Self {
            rows: fields.iter().map(Row::from).collect(),
            row: 0,
            cell: Cell::Value,
            has_parts: false,
            has_given_names: true,
        }
    }

    pub fn has_given_names(&self) -> bool {
        self.has_given_names
    }

    pub fn has_parts(&self) -> bool {
        self.has_parts
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Row> {
        self.rows.get(self.row)
    }

    /// A text becomes a file and the other way round; what was typed stays.
    pub fn turn_part(&mut self) {
        if let Some(row) = self.rows.get_mut(self.row) {
            row.is_file = !row.is_file;
        }
        if self.cell == Cell::FileName {
            self.cell = Cell::Value;
        }
        self.end_blank();
    }

    /// The row stands for this file from now on.
    pub fn set_file(&mut self, path: &str) {
        if let Some(row) = self.rows.get_mut(self.row) {
            row.is_file = true;
            row.value.set(path);
        }
        self.end_blank();
    }

    /// The rows as data, without the blank one at the end.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.rows.iter().map(Row::field).collect();
        if !self.has_given_names && self.rows.last().is_some_and(Row::is_blank) {
            fields.pop();
        }
        fields
    }

    /// Other rows in place of these, the cursor where it was as far as they reach.
    pub fn replace(&mut self, fields: &[Field]) {
        let (row, cell) = (self.row, self.cell);
        *self = if self.has_given_names {
            Self::of_names(fields)
        } else {
            Self {
                has_parts: self.has_parts,
                ..Self::new(fields)
            }
        };
        self.to_place(row, cell);
    }

    /// Puts rows in at the cursor: in place of a blank row, else below. The cursor goes to the row
    /// after them.
    pub fn insert(&mut self, fields: &[Field]) {
        if self.has_given_names {
            self.fill(fields);
            return;
        }
        let blank = self
            .rows
            .get(self.row)
            .is_some_and(|row| row.name.is_empty() && row.value.is_empty());
        let at = if blank {
            self.rows.remove(self.row);
            self.row
        } else {
            (self.row + 1).min(self.rows.len())
        };
        self.rows.splice(at..at, fields.iter().map(Row::from));
        self.row = at + fields.len();
        self.end_blank();
        if self.cell != Cell::Toggle {
            self.cell = Cell::Name;
        }
    }

    /// Gives rows the values of those of their names.
    fn fill(&mut self, fields: &[Field]) {
        for field in fields {
            let named = |row: &&mut Row| row.name.text() == field.name.trim();
            if let Some(row) = self.rows.iter_mut().find(named) {
                row.value.set(field.value.as_str());
            }
        }
    }

    /// How many rows take part in the request.
    pub fn sent(&self) -> usize {
        self.rows.iter().filter(|row| row.field().is_sent()).count()
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn row(&self) -> usize {
        self.row
    }

    pub fn cell(&self) -> Cell {
        self.cell
    }

    /// Whether the cursor is on the blank row at the end.
    pub fn on_blank_end(&self) -> bool {
        !self.has_given_names
            && self.row + 1 == self.rows.len()
            && self.rows.last().is_some_and(Row::is_blank)
    }

    /// The text under the cursor; none while the row as a whole is chosen.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        let row = self.rows.get_mut(self.row)?;
        match self.cell {
            Cell::Toggle => None,
            Cell::Name => Some(&mut row.name),
            Cell::Value => Some(&mut row.value),
            Cell::Type => Some(&mut row.content_type),
            Cell::FileName => Some(&mut row.file_name),
        }
    }

    /// To be called after any edit: a row typed into is no longer the blank one.
    pub fn end_blank(&mut self) {
        if self.has_given_names {
            self.row = self.row.min(self.rows.len().saturating_sub(1));
            return;
        }
        if !self.rows.last().is_some_and(Row::is_blank) {
            self.rows.push(Row::blank());
        }
        self.row = self.row.min(self.rows.len() - 1);
    }

    pub fn toggle(&mut self) {
        if self.on_blank_end() {
            return;
        }
        if let Some(row) = self.rows.get_mut(self.row) {
            row.enabled = !row.enabled;
        }
        self.end_blank();
    }

    /// A blank row below this one, the cursor in it.
    pub fn add(&mut self) {
        if self.has_given_names {
            return;
        }
        if !self.on_blank_end() {
            self.rows.insert(self.row + 1, Row::blank());
            self.row += 1;
        }
        self.cell = Cell::Name;
    }

    /// The same row once more, below.
    pub fn duplicate(&mut self) {
        if self.has_given_names || self.on_blank_end() {
            return;
        }
        if let Some(row) = self.rows.get(self.row).cloned() {
            self.rows.insert(self.row + 1, row);
            self.row += 1;
        }
    }

    /// Removes the row; one whose name is given loses its value.
    pub fn remove(&mut self) {
        if self.has_given_names {
            if let Some(row) = self.rows.get_mut(self.row) {
                row.value.set("");
            }
            return;
        }
        if self.row < self.rows.len() {
            self.rows.remove(self.row);
        }
        self.end_blank();
    }

    /// Gives the row of that name, or a new one, this value, and puts the cursor into it. An empty value
    /// leaves what is there.
    pub fn set(&mut self, name: &str, value: &str) {
        let found = self.rows.iter().position(|row| {
            let own = row.name.text().trim();
            own.eq_ignore_ascii_case(name)
        });
        self.row = found.unwrap_or_else(|| {
            let at = self.rows.len().saturating_sub(1);
            self.rows.insert(at, Row::from(&Field::new(name, "")));
            at
        });
        self.cell = Cell::Value;
        if let Some(row) = self.rows.get_mut(self.row) {
            row.enabled = true;
            if !value.is_empty() {
                row.value = Editor::new(value);
            }
        }
    }

    /// Switches every row off.
    pub fn switch_off(&mut self) {
        for row in &mut self.rows {
            row.enabled = row.is_blank();
        }
    }

    /// Moves the row up or down among the rows; the blank one stays last.
    pub fn shift(&mut self, down: bool) {
        let other = if down {
            self.row + 1
        } else {
            self.row.wrapping_sub(1)
        };
        let last = self.rows.len().saturating_sub(1);
        if self.has_given_names
            || self.on_blank_end()
            || other > last
            || (other == last && self.rows.last().is_some_and(Row::is_blank))
        {
            return;
        }
        self.rows.swap(self.row, other);
        self.row = other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &str)]) -> Table {
        let fields: Vec<Field> = rows
            .iter()
            .map(|(name, value)| Field::new(*name, *value))
            .collect();
        Table::new(&fields)
    }

    fn names(table: &Table) -> Vec<String> {
        table.fields().into_iter().map(|field| field.name).collect()
    }

    #[test]
    fn tab_walks_names_and_values_and_leaves_from_the_blank_row() {
        let mut table = table(&[("a", "1")]);
        let mut seen = vec![(table.row(), table.cell())];
        while table.next_cell() {
            seen.push((table.row(), table.cell()));
        }
        assert_eq!(seen, [(0, Cell::Name), (0, Cell::Value), (1, Cell::Name)]);
        assert!(table.previous_cell());
        assert_eq!((table.row(), table.cell()), (0, Cell::Value));
    }

    #[test]
    fn typing_into_the_blank_row_makes_the_next_one() {
        let mut table = table(&[]);
        table.editor().unwrap().insert("a");
        table.end_blank();
        assert_eq!(table.rows().len(), 2);
        assert_eq!(names(&table), ["a"]);
    }

    #[test]
    fn rows_are_added_duplicated_moved_and_removed() {
        let mut table = table(&[("a", "1"), ("b", "2")]);
        table.duplicate();
        assert_eq!(names(&table), ["a", "a", "b"]);
        table.shift(true);
        assert_eq!(names(&table), ["a", "b", "a"]);
        assert_eq!(table.row(), 2);
        table.shift(true);
        assert_eq!(names(&table), ["a", "b", "a"], "the blank row stays last");
        table.remove();
        assert_eq!(names(&table), ["a", "b"]);
        table.to_start();
        table.shift(false);
        assert_eq!(names(&table), ["a", "b"], "the first row stays first");
        table.add();
        table.editor().unwrap().insert("n");
        table.end_blank();
        assert_eq!(names(&table), ["a", "n", "b"]);
        for _ in 0..5 {
            table.to_start();
            table.remove();
        }
        assert!(table.fields().is_empty());
        assert_eq!(table.rows().len(), 1);
    }

    #[test]
    fn rows_with_given_names_take_values_alone() {
        let mut table = Table::of_names(&[Field::new("a", ""), Field::new("b", "")]);
        let mut seen = vec![(table.row(), table.cell())];
        while table.next_cell() {
            seen.push((table.row(), table.cell()));
        }
        assert_eq!(seen, [(0, Cell::Value), (1, Cell::Value)]);
        assert!(table.previous_cell() && !table.previous_cell());
        table.add();
        table.duplicate();
        table.shift(true);
        table.insert(&[Field::new(" b ", "2"), Field::new("c", "3")]);
        assert_eq!(table.fields(), [Field::new("a", ""), Field::new("b", "2")]);
        table.to_place(1, Cell::Name);
        table.remove();
        assert_eq!(table.fields()[1], Field::new("b", ""));
        assert_eq!(table.cell(), Cell::Value);
        assert!(table.cell_left() && table.cell() == Cell::Toggle);
        table.enter_row();
        assert_eq!(table.cell(), Cell::Value);
    }

    #[test]
    fn a_row_is_switched_off_and_on() {
        let mut table = table(&[("a", "1")]);
        table.toggle();
        assert_eq!(table.sent(), 0);
        assert!(!table.fields()[0].enabled);
        table.toggle();
        assert_eq!(table.sent(), 1);
        table.to_end();
        table.toggle();
        assert_eq!(
            table.fields().len(),
            1,
            "the blank row is nothing to switch off"
        );
    }
}
