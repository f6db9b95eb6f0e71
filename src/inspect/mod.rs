//! STUB until merged
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Plain,
    Key,
    String,
    Number,
    Literal,
    Punctuation,
    Note,
}
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    columns: u16,
    text: String,
    rows: Vec<String>,
}
impl Layout {
    pub fn new(body: &bytes::Bytes, _t: Option<&str>, _e: Option<&str>, columns: u16) -> Layout {
        let text = String::from_utf8_lossy(body).into_owned();
        Layout {
            columns,
            rows: text.lines().map(str::to_owned).collect(),
            text,
        }
    }
    pub fn rows(&self) -> usize {
        self.rows.len()
    }
    pub fn row(&self, index: usize) -> Vec<(TokenKind, String)> {
        self.rows
            .get(index)
            .map(|r| vec![(TokenKind::Plain, r.clone())])
            .unwrap_or_default()
    }
    pub fn columns(&self) -> u16 {
        self.columns
    }
    pub fn text(&self) -> Option<&str> {
        Some(&self.text)
    }
}
