//! What the user put on an exchange, and what it repeats, as signs behind its row.

use crate::model::{Label, Lineage};

/// `★ before the fix #bug ✎ a note`; nothing where there is none of it.
pub fn label_signs(label: &Label) -> String {
    let mut signs = Vec::new();
    if label.pinned {
        signs.push("★".to_owned());
    }
    signs.extend(label.name.clone());
    signs.extend(label.tags.iter().map(|tag| format!("#{tag}")));
    signs.extend(label.note.as_ref().map(|note| format!("✎ {note}")));
    signs.join(" ")
}

/// `again of #12`.
pub fn lineage_sign(lineage: &Lineage) -> Option<String> {
    lineage.replayed_from.map(|id| format!("again of #{id}"))
}
