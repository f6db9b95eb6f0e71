//! The rows of a table as one text, in a window: what is typed there is in the table at once, so that
//! closing the window, or a crash, loses nothing.

use crate::{
    app::editor::Editor,
    format::rows,
    model::{Field, RequestTab},
};

use super::builder::Builder;

/// The text, and what it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsText {
    pub tab: RequestTab,
    pub editor: Editor,
    /// Whether the rows are those of a multipart body.
    parts: bool,
    before: Vec<Field>,
}

impl RowsText {
    /// The rows of the open tab; `None` where it has no table.
    pub fn open(builder: &mut Builder) -> Option<Self> {
        let table = builder.shown_table()?;
        let (before, parts) = (table.fields(), table.has_parts());
        builder.separate_edits();
        builder.as_text = true;
        Some(Self {
            tab: builder.tab,
            editor: Editor::new(rows::write(&before, parts)),
            parts,
            before,
        })
    }

    /// The table becomes what the text says.
    pub fn apply(&self, builder: &mut Builder) {
        let fields = rows::read_again(self.editor.text(), self.parts, &self.before);
        replace(builder, &fields);
    }

    /// Closes the window; without `keep` the rows are as they were.
    pub fn close(self, builder: &mut Builder, keep: bool) {
        if !keep {
            replace(builder, &self.before);
        }
        builder.as_text = false;
        builder.separate_edits();
    }
}

fn replace(builder: &mut Builder, fields: &[Field]) {
    if let Some(table) = builder.table()
        && table.fields() != fields
    {
        table.replace(fields);
    }
}
