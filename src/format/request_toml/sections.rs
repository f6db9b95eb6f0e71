//! What stands where: the parts of a [`Request`] that are rows or texts, an entry each.

use crate::model::{BodyKind, Field, Request};

/// A table of rows in the file, and where they are in a request.
pub struct RowSection {
    pub key: &'static str,
    pub rows: fn(&Request) -> &Vec<Field>,
    pub rows_mut: fn(&mut Request) -> &mut Vec<Field>,
    /// The kind of body that the rows are.
    pub body: Option<BodyKind>,
}

/// A table of single texts in the file.
pub struct TextSection {
    pub key: &'static str,
    pub texts: &'static [Text],
    pub body: BodyKind,
}

/// One text of a [`TextSection`], and where it is in a request.
pub struct Text {
    pub key: &'static str,
    pub get: fn(&Request) -> &String,
    pub get_mut: fn(&mut Request) -> &mut String,
}

/// One part of the file below its first lines.
pub enum Section {
    Rows(RowSection),
    Text(TextSection),
}

impl Section {
    pub fn key(&self) -> &'static str {
        match self {
            Self::Rows(rows) => rows.key,
            Self::Text(text) => text.key,
        }
    }

    /// The kind of body that it is, if it is one.
    pub fn body(&self) -> Option<BodyKind> {
        match self {
            Self::Rows(rows) => rows.body,
            Self::Text(text) => Some(text.body),
        }
    }
}

/// Every part, in the order in which a new file has them.
pub const SECTIONS: &[Section] = &[
    Section::Rows(RowSection {
        key: "path",
        rows: |request| &request.path,
        rows_mut: |request| &mut request.path,
        body: None,
    }),
    Section::Rows(RowSection {
        key: "query",
        rows: |request| &request.query,
        rows_mut: |request| &mut request.query,
        body: None,
    }),
    Section::Rows(RowSection {
        key: "headers",
        rows: |request| &request.headers,
        rows_mut: |request| &mut request.headers,
        body: None,
    }),
    Section::Rows(RowSection {
        key: "form",
        rows: |request| &request.body.form,
        rows_mut: |request| &mut request.body.form,
        body: Some(BodyKind::Form),
    }),
    Section::Rows(RowSection {
        key: "multipart",
        rows: |request| &request.body.multipart,
        rows_mut: |request| &mut request.body.multipart,
        body: Some(BodyKind::Multipart),
    }),
    Section::Text(TextSection {
        key: "json",
        texts: &[Text {
            key: "content",
            get: |request| &request.body.json,
            get_mut: |request| &mut request.body.json,
        }],
        body: BodyKind::Json,
    }),
    Section::Text(TextSection {
        key: "text",
        texts: &[
            Text {
                key: "type",
                get: |request| &request.body.text_type,
                get_mut: |request| &mut request.body.text_type,
            },
            Text {
                key: "content",
                get: |request| &request.body.text,
                get_mut: |request| &mut request.body.text,
            },
        ],
        body: BodyKind::Text,
    }),
    Section::Text(TextSection {
        key: "file",
        texts: &[
            Text {
                key: "path",
                get: |request| &request.body.file.path,
                get_mut: |request| &mut request.body.file.path,
            },
            Text {
                key: "type",
                get: |request| &request.body.file.content_type,
                get_mut: |request| &mut request.body.file.content_type,
            },
        ],
        body: BodyKind::File,
    }),
    Section::Text(TextSection {
        key: "graphql",
        texts: &[
            Text {
                key: "query",
                get: |request| &request.body.graphql.query,
                get_mut: |request| &mut request.body.graphql.query,
            },
            Text {
                key: "variables",
                get: |request| &request.body.graphql.variables,
                get_mut: |request| &mut request.body.graphql.variables,
            },
        ],
        body: BodyKind::GraphQl,
    }),
    Section::Rows(RowSection {
        key: "on",
        rows: |request| &request.rules,
        rows_mut: |request| &mut request.rules,
        body: None,
    }),
];

/// What `body` calls a kind: the key of its section.
pub fn body_name(kind: BodyKind) -> &'static str {
    let section = SECTIONS.iter().find(|section| section.body() == Some(kind));
    section.map_or("none", Section::key)
}

/// The kind that `body` calls so.
pub fn body_kind(name: &str) -> Option<BodyKind> {
    BodyKind::ALL
        .into_iter()
        .find(|kind| body_name(*kind) == name)
}
