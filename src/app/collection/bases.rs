//! Saved requests as they were read or written last, to tell what was edited since.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    format::request_toml,
    model::{Origin, Request},
    prepare::complete_text,
};

/// What is known of the saved requests that were read in this run.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bases(BTreeMap<Origin, Base>);

/// A saved request as it was read or written last.
#[derive(Debug, Clone, PartialEq)]
struct Base {
    text: Arc<str>,
    request: Request,
}

impl Bases {
    /// Remembers a file; `None` when it is no saved request.
    pub fn insert(&mut self, origin: Origin, text: &Arc<str>) -> Option<request_toml::ReadError> {
        match request_toml::read(text) {
            Ok(read) => {
                let base = Base {
                    text: Arc::clone(text),
                    request: read.request,
                };
                self.0.insert(origin, base);
                None
            }
            Err(error) => Some(error),
        }
    }

    pub fn text(&self, origin: &Origin) -> Option<Arc<str>> {
        self.0.get(origin).map(|base| Arc::clone(&base.text))
    }

    pub(super) fn request(&self, origin: &Origin) -> Option<&Request> {
        self.0.get(origin).map(|base| &base.request)
    }

    /// The draft with the URL as it is saved, where the builder has only completed it.
    pub(super) fn as_saved(&self, origin: &Origin, mut draft: Request) -> Request {
        if let Some(saved) = self.request(origin)
            && complete_text(&saved.url).as_ref() == Ok(&draft.url)
        {
            draft.url.clone_from(&saved.url);
        }
        match self.request(origin) {
            Some(saved) => request_toml::as_written(&draft, saved),
            None => draft,
        }
    }

    pub(super) fn forget(&mut self, is_gone: impl Fn(&Origin) -> bool) {
        self.0.retain(|origin, _| !is_gone(origin));
    }

    pub(super) fn rename(&mut self, rename: impl Fn(&mut Origin)) {
        let all = std::mem::take(&mut self.0);
        self.0.extend(all.into_iter().map(|(mut origin, base)| {
            rename(&mut origin);
            (origin, base)
        }));
    }
}
