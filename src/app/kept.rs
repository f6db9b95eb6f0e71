//! What is kept for the next start.

use std::sync::Arc;

use crate::model::{Request, Session};

use super::{State, effect::Effect};

impl State {
    /// What is to be kept for the next start, with the draft as it is now.
    pub(super) fn session(&self, draft: Request) -> Session {
        let (row, cell) = self.builder.tab_place().unwrap_or_default();
        // A path that is no UTF-8 cannot be written down, and must not keep the draft from it.
        let origin = self.builder.origin.as_deref();
        let origin = origin.filter(|origin| origin.root.to_str().is_some());
        Session {
            draft,
            focus: self.focus,
            request_tab: self.builder.tab,
            row,
            cell,
            response_tab: self.response.tab,
            filter: self.history.filter.text().to_owned(),
            shown: self.response.id().filter(|id| id.0 > 0),
            environment: self.environment.clone(),
            left: self.left,
            by_day: self.history.is_by_day(),
            origin: origin.cloned(),
            origin_text: origin.and_then(|origin| self.bases.text(origin)),
            filters: self.response.body_page.filters().to_vec(),
            ignored: self.ignored.clone(),
        }
    }

    pub(super) fn quit(&mut self) -> Vec<Effect> {
        self.popup = None;
        let session = self.session(self.builder.request());
        vec![self.save(session), Effect::Quit]
    }

    pub(super) fn save(&mut self, session: Session) -> Effect {
        self.saved = Arc::new(session);
        Effect::SaveSession(Arc::clone(&self.saved))
    }

    /// Keeps what is not kept yet; `draft` is the present one where it is known already.
    pub(super) fn keep(&mut self, draft: Option<Request>) -> Option<Effect> {
        let draft = draft.unwrap_or_else(|| self.builder.request());
        let session = self.session(draft);
        (*self.saved != session).then(|| self.save(session))
    }
}
