//! Choosing the kind of body.

use crate::{app::editor::Editor, model::BodyKind};

/// The list with the line that filters it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KindPicker {
    pub typed: Editor,
    pub chosen: usize,
}

impl KindPicker {
    /// The list, the present kind chosen.
    pub fn new(present: BodyKind) -> Self {
        let index = BodyKind::ALL.iter().position(|kind| *kind == present);
        Self {
            typed: Editor::default(),
            chosen: index.unwrap_or_default(),
        }
    }

    /// The kinds whose names hold what was typed.
    pub fn matches(&self) -> Vec<BodyKind> {
        let typed = self.typed.text().trim().to_lowercase();
        let mut kinds = BodyKind::ALL.to_vec();
        kinds.retain(|kind| kind.name().to_lowercase().contains(&typed));
        kinds
    }

    pub fn picked(&self) -> Option<BodyKind> {
        let matches = self.matches();
        let index = self.chosen.min(matches.len().saturating_sub(1));
        matches.get(index).copied()
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
    fn the_present_kind_is_chosen_and_typing_narrows() {
        let mut picker = KindPicker::new(BodyKind::Text);
        assert_eq!(picker.picked(), Some(BodyKind::Text));
        picker.walk(true);
        assert_eq!(picker.picked(), Some(BodyKind::File));
        picker.typed.insert("GRA");
        picker.chosen = 0;
        assert_eq!(picker.picked(), Some(BodyKind::GraphQl));
        picker.typed.insert("?");
        assert_eq!(picker.picked(), None);
    }
}
