//! Choosing the method: one of the registered ones, or any other by typing it.

use crate::app::editor::Editor;

/// The methods of the IANA HTTP Method Registry that a client sends to a server, the everyday ones
/// first. CONNECT (for proxies), PRI and `*` (never sent as a request) are left out.
pub const METHODS: &[(&str, &str)] = &[
    ("POST", "hand data to the resource: create, submit, process"),
    ("PUT", "store the body as the resource, replacing it"),
    ("PATCH", "change a part of the resource"),
    ("DELETE", "remove the resource"),
    ("GET", "read the resource"),
    ("HEAD", "read the headers only"),
    ("OPTIONS", "ask what the resource allows"),
    ("QUERY", "a safe query with a body"),
    ("TRACE", "have the request echoed back"),
    ("ACL", "WebDAV: change access rights"),
    ("BASELINE-CONTROL", "WebDAV versioning"),
    ("BIND", "WebDAV: add a binding"),
    ("CHECKIN", "WebDAV versioning"),
    ("CHECKOUT", "WebDAV versioning"),
    ("COPY", "WebDAV: copy to Destination"),
    ("LABEL", "WebDAV versioning"),
    ("LINK", "link two resources"),
    ("LOCK", "WebDAV: take a lock"),
    ("MERGE", "WebDAV versioning"),
    ("MKACTIVITY", "WebDAV versioning"),
    ("MKCALENDAR", "CalDAV: make a calendar"),
    ("MKCOL", "WebDAV: make a collection"),
    ("MKREDIRECTREF", "WebDAV: make a redirect"),
    ("MKWORKSPACE", "WebDAV versioning"),
    ("MOVE", "WebDAV: move to Destination"),
    ("ORDERPATCH", "WebDAV: change the order of members"),
    ("PROPFIND", "WebDAV: read properties"),
    ("PROPPATCH", "WebDAV: change properties"),
    ("REBIND", "WebDAV: move a binding"),
    ("REPORT", "WebDAV: ask for a report"),
    ("SEARCH", "WebDAV: search"),
    ("UNBIND", "WebDAV: remove a binding"),
    ("UNCHECKOUT", "WebDAV versioning"),
    ("UNLINK", "remove a link"),
    ("UNLOCK", "WebDAV: give a lock back"),
    ("UPDATE", "WebDAV versioning"),
    ("UPDATEREDIRECTREF", "WebDAV: change a redirect"),
    ("VERSION-CONTROL", "WebDAV versioning"),
];

/// The list with the line that filters it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MethodPicker {
    pub typed: Editor,
    pub chosen: usize,
}

impl MethodPicker {
    /// The methods that start with what was typed.
    pub fn matches(&self) -> Vec<(&'static str, &'static str)> {
        let typed = self.typed.text().trim().to_ascii_uppercase();
        METHODS
            .iter()
            .copied()
            .filter(|(name, _)| name.starts_with(&typed))
            .collect()
    }

    /// What Enter takes: the chosen method, or the typed text when no registered one starts so.
    pub fn picked(&self) -> Option<String> {
        let matches = self.matches();
        match matches.get(self.chosen.min(matches.len().saturating_sub(1))) {
            Some((name, _)) => Some((*name).to_owned()),
            None => Some(self.typed.text().trim().to_owned()).filter(|typed| !typed.is_empty()),
        }
    }

    pub fn walk(&mut self, down: bool) {
        let count = self.matches().len();
        self.chosen = super::step(self.chosen, count, down);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_narrows_and_a_custom_method_is_taken_as_typed() {
        let mut picker = MethodPicker::default();
        assert_eq!(picker.picked().as_deref(), Some("POST"));
        picker.walk(true);
        assert_eq!(picker.picked().as_deref(), Some("PUT"));
        picker.typed.insert("prop");
        picker.chosen = 0;
        assert_eq!(picker.picked().as_deref(), Some("PROPFIND"));
        picker.typed.set("Purge");
        assert_eq!(picker.picked().as_deref(), Some("Purge"));
    }

    #[test]
    fn every_method_is_a_token() {
        for (name, help) in METHODS {
            assert!(http::Method::from_bytes(name.as_bytes()).is_ok());
            assert!(!help.is_empty());
        }
    }
}
