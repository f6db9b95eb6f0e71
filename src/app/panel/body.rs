//! The texts of a body that are no rows: JSON, any text, the path of a file, a GraphQL query.

use crate::{
    app::editor::Editor,
    model::{Body, BodyKind, BodySpot, Field, FileBody, GraphQl},
};

/// All of them, those of the kinds that are not chosen too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BodyTexts {
    json: Editor,
    text_type: Editor,
    text: Editor,
    file_path: Editor,
    file_type: Editor,
    query: Editor,
    variables: Editor,
}

impl BodyTexts {
    pub fn new(body: &Body) -> Self {
        Self {
            json: Editor::new(&body.json),
            text_type: Editor::new(&body.text_type),
            text: Editor::new(&body.text),
            file_path: Editor::new(&body.file.path),
            file_type: Editor::new(&body.file.content_type),
            query: Editor::new(&body.graphql.query),
            variables: Editor::new(&body.graphql.variables),
        }
    }

    /// The body as data, together with the rows.
    pub fn body(&self, kind: BodyKind, form: Vec<Field>, multipart: Vec<Field>) -> Body {
        let text = |spot| self.get(spot).text().to_owned();
        Body {
            kind,
            form,
            json: text(BodySpot::Json),
            text: text(BodySpot::Text),
            text_type: text(BodySpot::TextType),
            multipart,
            file: FileBody {
                path: text(BodySpot::FilePath),
                content_type: text(BodySpot::FileType),
            },
            graphql: GraphQl {
                query: text(BodySpot::Query),
                variables: text(BodySpot::Variables),
            },
        }
    }

    pub fn get(&self, spot: BodySpot) -> &Editor {
        match spot {
            BodySpot::Json => &self.json,
            BodySpot::TextType => &self.text_type,
            BodySpot::Text => &self.text,
            BodySpot::FilePath => &self.file_path,
            BodySpot::FileType => &self.file_type,
            BodySpot::Query => &self.query,
            BodySpot::Variables => &self.variables,
        }
    }

    pub fn get_mut(&mut self, spot: BodySpot) -> &mut Editor {
        match spot {
            BodySpot::Json => &mut self.json,
            BodySpot::TextType => &mut self.text_type,
            BodySpot::Text => &mut self.text,
            BodySpot::FilePath => &mut self.file_path,
            BodySpot::FileType => &mut self.file_type,
            BodySpot::Query => &mut self.query,
            BodySpot::Variables => &mut self.variables,
        }
    }
}
