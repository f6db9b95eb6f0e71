//! JSON that passed the check, with one member a row and two blanks for each level.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;

use super::{
    folds::Folds,
    token::{self, LONG, Leap},
    tree::{NONE, Tree},
};
use crate::inspect::{
    TokenKind,
    row::{Row, Walk},
};

/// Deeper levels are indented no further, so that rows keep room for what they hold.
const DEEPEST_INDENTATION: usize = 40;

/// A text, known to be whole tokens of JSON in a good order.
#[derive(PartialEq)]
pub struct Source {
    pub text: Bytes,
    pub leaps: Vec<Leap>,
    pub tree: Tree,
    /// Each value on one line, as it stands in JSON Lines, instead of each member.
    pub is_lines: bool,
}

/// How it is laid out.
#[derive(Clone, PartialEq)]
pub struct Json {
    pub source: Arc<Source>,
    pub folds: Folds,
    pub columns: usize,
}

/// A token, or what is left of one, and where in the value it is.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub offset: usize,
    pub end: usize,
    pub depth: u32,
    pub kind: TokenKind,
    joint: Joint,
    /// It goes on with the line of the row above.
    pub continues: bool,
    /// The object or array that it lies in; a closing bracket lies where its opening one does.
    pub container: u32,
    /// Which of the values in there it belongs to.
    pub ordinal: u32,
    /// How many objects and arrays begin before it.
    pub opened: u32,
}

/// What stands between a token and the one before it.
#[derive(Debug, Clone, Copy)]
enum Joint {
    Nothing,
    Blank,
    LineEnd,
}

impl Walk for Json {
    type Place = Place;

    fn start(&self) -> Option<Place> {
        let offset = self.gap_end(0);
        let place = Place {
            offset,
            end: offset,
            depth: 0,
            kind: TokenKind::Plain,
            joint: Joint::LineEnd,
            continues: false,
            container: NONE,
            ordinal: 0,
            opened: 0,
        };
        (offset < self.text().len()).then(|| self.token(place))
    }

    fn offset(&self, place: Place) -> usize {
        place.offset
    }

    fn continues(&self, place: Place) -> bool {
        place.continues
    }

    fn walk(&self, place: Place, row: &mut Row) -> Option<Place> {
        let mut place = place;
        row.blanks(self.indentation(place));
        loop {
            let bytes = self.shown(place);
            let taken = row.put(place.kind, &bytes);
            // What stands for folded values is cut off where there is no room for it.
            if taken < bytes.len() && place.kind != TokenKind::Folded {
                return Some(Place {
                    offset: place.offset + taken,
                    continues: true,
                    ..place
                });
            }
            place = self.follow(place)?;
            match place.joint {
                Joint::LineEnd => return Some(place),
                Joint::Blank => row.blanks(1),
                Joint::Nothing => {}
            }
        }
    }
}

impl Json {
    pub(super) fn text(&self) -> &Bytes {
        &self.source.text
    }

    /// The folds that show the byte at `offset`; `None` where nothing that it lies in is folded.
    pub fn folds_showing(&self, offset: usize) -> Option<Folds> {
        let around = self.source.tree.around(offset);
        let folded: Vec<u32> = (0..)
            .zip(around)
            .filter(|(depth, node)| self.folds.has(*node, *depth))
            .map(|(_, node)| node)
            .collect();
        (!folded.is_empty()).then(|| self.folds.turn(folded))
    }

    /// The whole of it as text, folded or not, for copying.
    pub fn to_text(&self) -> String {
        let whole = Self {
            folds: Folds::default(),
            ..self.clone()
        };
        // Bodies of brackets alone would grow to many times their size.
        let length = self.text().len();
        let largest = length.saturating_mul(8).saturating_add(1024);
        let mut text = String::with_capacity(length * 2);
        let mut next = whole.start();
        while let Some(place) = next {
            if text.len() > largest {
                return String::from_utf8_lossy(self.text()).into_owned();
            }
            match place.joint {
                Joint::Nothing => {}
                Joint::Blank => text.push(' '),
                Joint::LineEnd if text.is_empty() => {}
                Joint::LineEnd => {
                    text.push('\n');
                    text.extend(std::iter::repeat_n(' ', self.levels(place)));
                }
            }
            text.push_str(str::from_utf8(whole.bytes(place)).unwrap_or_default());
            next = whole.follow(place);
        }
        text
    }

    fn bytes(&self, place: Place) -> &[u8] {
        self.text().get(place.offset..place.end).unwrap_or_default()
    }

    /// A token as it is shown: what is folded, in a few words.
    fn shown(&self, place: Place) -> Cow<'_, [u8]> {
        if place.kind != TokenKind::Folded {
            return Cow::Borrowed(self.bytes(place));
        }
        let count = self.source.tree.get(place.opened).map_or(0, |it| it.count);
        let ending = if count == 1 { "" } else { "s" };
        let words = if self.text().get(place.offset) == Some(&b'{') {
            format!("{{ … {count} member{ending} }}")
        } else {
            format!("[ … {count} item{ending} ]")
        };
        Cow::Owned(words.into_bytes())
    }

    /// Blanks at the start of a line.
    fn levels(&self, place: Place) -> usize {
        if self.source.is_lines {
            return 0;
        }
        (2 * place.depth as usize).min(DEEPEST_INDENTATION)
    }

    fn indentation(&self, place: Place) -> usize {
        (self.levels(place) + 2 * usize::from(place.continues)).min(self.columns / 2)
    }

    /// The token after one.
    #[inline]
    pub(super) fn follow(&self, place: Place) -> Option<Place> {
        let offset = self.gap_end(place.end);
        let next = *self.text().get(offset)?;
        let last = match place.kind {
            TokenKind::Punctuation => self.text().get(place.offset).copied().unwrap_or_default(),
            _ => b'"',
        };
        let (joint, depth) = match (last, next) {
            (b'{', b'}') | (b'[', b']') | (_, b',' | b':') => (Joint::Nothing, place.depth),
            (b'{' | b'[', _) => (self.line_end(Joint::Nothing), place.depth + 1),
            (b',', _) => (self.line_end(Joint::Blank), place.depth),
            (b':', _) => (Joint::Blank, place.depth),
            (_, b'}' | b']') => (self.line_end(Joint::Nothing), place.depth.saturating_sub(1)),
            // The next value of several.
            _ => (Joint::LineEnd, 0),
        };
        let next = Place {
            offset,
            depth,
            joint,
            ..self.step(place, last, next)
        };
        Some(self.token(next))
    }

    /// Where in the value the token after `place` is, which begins with the letter `next`.
    #[inline]
    fn step(&self, place: Place, last: u8, next: u8) -> Place {
        let mut step = place;
        let closes = matches!(next, b'}' | b']');
        match last {
            b'{' | b'[' => {
                step.opened += 1;
                // An empty one stays where it is.
                if !closes {
                    (step.container, step.ordinal) = (place.opened, 0);
                }
            }
            b',' => step.ordinal += 1,
            _ => {
                if place.kind == TokenKind::Folded {
                    step.opened = self
                        .source
                        .tree
                        .get(place.opened)
                        .map_or(step.opened, |it| it.end);
                }
                if closes {
                    let outer = self.source.tree.get(place.container);
                    (step.container, step.ordinal) =
                        outer.map_or((NONE, 0), |it| (it.parent, it.ordinal));
                } else if place.container == NONE && !matches!(next, b',' | b':') && last != b':' {
                    step.ordinal += 1;
                }
            }
        }
        step
    }

    fn line_end(&self, within_line: Joint) -> Joint {
        if self.source.is_lines {
            within_line
        } else {
            Joint::LineEnd
        }
    }

    /// The token at the offset of `place`, of which the rest is known.
    #[inline]
    fn token(&self, place: Place) -> Place {
        let offset = place.offset;
        let end = self.token_end(offset);
        let (kind, end) = match self.text().get(offset) {
            Some(b'"') if self.text().get(self.gap_end(end)) == Some(&b':') => {
                (TokenKind::Key, end)
            }
            Some(b'"') => (TokenKind::String, end),
            Some(b'{' | b'[') => match self.folded_end(place) {
                Some(end) => (TokenKind::Folded, end),
                None => (TokenKind::Punctuation, end),
            },
            Some(b'}' | b']' | b',' | b':') => (TokenKind::Punctuation, end),
            Some(b'-' | b'0'..=b'9') => (TokenKind::Number, end),
            _ => (TokenKind::Literal, end),
        };
        Place {
            end,
            kind,
            continues: false,
            ..place
        }
    }

    /// Where the object or array at `place` ends, when it is folded and has something in it.
    #[inline]
    fn folded_end(&self, place: Place) -> Option<usize> {
        if self.folds.is_empty() || !self.folds.has(place.opened, place.depth) {
            return None;
        }
        let node = self.source.tree.get(place.opened)?;
        (node.count > 0).then(|| self.text().len().min(node.close as usize + 1))
    }

    pub(super) fn token_end(&self, offset: usize) -> usize {
        self.end(offset, token::token)
    }

    pub(super) fn gap_end(&self, from: usize) -> usize {
        self.end(from, token::gap)
    }

    /// Where what starts at `from` ends: it is short, or a leap, or goes on to the end of the text.
    fn end(&self, from: usize, length: impl Fn(&[u8]) -> Option<usize>) -> usize {
        let text = self.text();
        let window_end = text.len().min(from + LONG + 1);
        let window = text.get(from..window_end).unwrap_or_default();
        if let Some(length) = length(window) {
            return from + length;
        }
        let leaps = &self.source.leaps;
        let leap = leaps.binary_search_by_key(&from, |leap| leap.from);
        let leap = leap.ok().and_then(|index| leaps.get(index));
        leap.map_or(text.len(), |leap| leap.to)
    }
}
