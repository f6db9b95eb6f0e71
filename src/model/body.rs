//! The body that the user builds.

use serde::{Deserialize, Serialize};

use super::Field;

/// The body that the user builds. Every kind keeps its texts while another one is chosen, so that
/// switching the kind loses nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    pub kind: BodyKind,
    pub form: Vec<Field>,
    pub json: String,
    pub text: String,
    /// The content type of the text; empty for the usual one, [`BodyKind::Text`].
    pub text_type: String,
    pub multipart: Vec<Field>,
    pub file: FileBody,
    pub graphql: GraphQl,
}

impl Body {
    /// The paths of the files that would be sent, as typed, each once.
    pub fn file_paths(&self) -> Vec<&str> {
        let mut paths = match self.kind {
            BodyKind::Multipart => self
                .multipart
                .iter()
                .filter(|row| row.is_sent() && row.part.is_file)
                .map(|row| row.value.as_str())
                .collect(),
            BodyKind::File => vec![self.file.path.as_str()],
            BodyKind::Form
            | BodyKind::Json
            | BodyKind::Text
            | BodyKind::GraphQl
            | BodyKind::None => Vec::new(),
        };
        let mut seen = std::collections::HashSet::new();
        paths.retain(|path| seen.insert(*path));
        paths
    }
}

/// Which of the bodies is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// `application/x-www-form-urlencoded`, as the WHATWG URL standard serialises it.
    #[default]
    Form,
    /// `application/json`, byte for byte as typed.
    Json,
    /// `multipart/form-data`, as the WHATWG HTML standard encodes it: texts and files.
    Multipart,
    /// Any text, byte for byte as typed; `text/plain; charset=utf-8` unless another type is given.
    Text,
    /// A file as the whole body.
    File,
    /// A query and its variables as JSON: the GraphQL-over-HTTP specification.
    GraphQl,
    /// No body at all.
    None,
}

impl BodyKind {
    /// Every kind, in the order in which the builder offers them.
    pub const ALL: [Self; 7] = [
        Self::Form,
        Self::Json,
        Self::Multipart,
        Self::Text,
        Self::File,
        Self::GraphQl,
        Self::None,
    ];

    /// The kind's name on the screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "JSON",
            Self::Multipart => "multipart",
            Self::Text => "text",
            Self::File => "file",
            Self::GraphQl => "GraphQL",
            Self::None => "none",
        }
    }

    /// What the kind is for, in the list to choose from.
    pub fn help(self) -> &'static str {
        match self {
            Self::Form => "rows of name and value, as a plain HTML form sends them",
            Self::Json => "a JSON text, as typed",
            Self::Multipart => "rows of texts and files, as an upload form sends them",
            Self::Text => "any text, with any content type",
            Self::File => "one file as the whole body",
            Self::GraphQl => "a query and its variables",
            Self::None => "no body",
        }
    }
}

/// The places within a body that texts are typed into, other than the cells of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum BodySpot {
    Json,
    TextType,
    #[default]
    Text,
    FilePath,
    FileType,
    Query,
    Variables,
}

impl BodySpot {
    /// The spots of a kind of body, from top to bottom.
    pub fn of(kind: BodyKind) -> &'static [Self] {
        match kind {
            BodyKind::Json => &[Self::Json],
            BodyKind::Text => &[Self::TextType, Self::Text],
            BodyKind::File => &[Self::FilePath, Self::FileType],
            BodyKind::GraphQl => &[Self::Query, Self::Variables],
            BodyKind::Form | BodyKind::Multipart | BodyKind::None => &[],
        }
    }

    /// Whether the text has lines of its own, so that Enter makes a new one.
    pub fn has_lines(self) -> bool {
        matches!(
            self,
            Self::Json | Self::Text | Self::Query | Self::Variables
        )
    }
}

/// What a row of a multipart body has beside its name and value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// Whether the value is the path of a file, whose content is sent.
    pub is_file: bool,
    /// The file name that the server is told; empty for that of the path.
    pub file_name: String,
    /// Empty for the usual one: guessed from the file name, and none at all for a text.
    pub content_type: String,
}

impl Part {
    /// A text of which nothing else is said.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// A file as the whole body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileBody {
    /// As typed.
    pub path: String,
    /// Empty for the one guessed from the file's name.
    pub content_type: String,
}

/// A GraphQL query and its variables, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GraphQl {
    pub query: String,
    /// A JSON object, or nothing.
    pub variables: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_other_versions_are_read() {
        let old = r#"{"kind":"json","form":[{"enabled":true,"name":"a","value":"1"}],"json":"{}"}"#;
        let body: Body = serde_json::from_str(old).unwrap();
        assert_eq!((body.kind, body.json.as_str()), (BodyKind::Json, "{}"));
        assert_eq!(body.form, [Field::new("a", "1")]);
        let stored = serde_json::to_string(&body.form).unwrap();
        assert_eq!(stored, r#"[{"enabled":true,"name":"a","value":"1"}]"#);
    }

    #[test]
    fn only_the_files_that_are_sent_are_named_each_once() {
        let mut body = Body {
            kind: BodyKind::Multipart,
            multipart: vec![
                Field::file("a", "x.png"),
                Field::new("b", "text"),
                Field::file("c", "x.png"),
                Field {
                    enabled: false,
                    ..Field::file("d", "off.png")
                },
                Field::file("e", "y.png"),
            ],
            ..Body::default()
        };
        assert_eq!(body.file_paths(), ["x.png", "y.png"]);
        body.kind = BodyKind::Form;
        assert!(body.file_paths().is_empty());
        body.kind = BodyKind::File;
        body.file.path = "whole".to_owned();
        assert_eq!(body.file_paths(), ["whole"]);
    }
}
