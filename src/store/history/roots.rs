//! Where the tables of a database begin whose list of tables cannot be read any more: found by the rows that they
//! hold, as the SQLite file format, Sections 1.5 to 1.8, lays them out.

use std::collections::HashSet;

/// The pages of a file.
pub(super) struct Pages<'b> {
    bytes: &'b [u8],
    /// In bytes.
    pub size: usize,
    /// Bytes of each page that SQLite leaves alone.
    reserved: usize,
    /// Whether pages say what they belong to, as they do where free ones go back to the disk.
    pub has_map: bool,
}

/// A table or an index, as one of its leaves shows it.
struct Tree {
    is_index: bool,
    /// The types of the columns of its rows: see Section 2.1.
    rows: Vec<Vec<i64>>,
    /// Of its root page.
    number: u32,
}

/// What a page is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Interior { is_index: bool },
    Leaf { is_index: bool },
}

/// The page size of every database that posttui makes, in bytes.
const USUAL: usize = 4096;

/// No tree of this file is deeper.
const DEEPEST: usize = 12;

impl<'b> Pages<'b> {
    /// Of a file whose header may be damaged, too.
    pub(super) fn of(bytes: &'b [u8]) -> Self {
        let is_header_whole = bytes.starts_with(b"SQLite format 3\0");
        let written = match number(bytes, 16, 2) {
            Some(1) => 65_536,
            other => other.unwrap_or_default() as usize,
        };
        let is_size = written.is_power_of_two() && written >= 512;
        Self {
            bytes,
            size: if is_header_whole && is_size {
                written
            } else {
                USUAL
            },
            reserved: if is_header_whole {
                bytes.get(20).copied().map_or(0, usize::from)
            } else {
                0
            },
            has_map: !is_header_whole || number(bytes, 52, 4).is_some_and(|root| root > 0),
        }
    }

    pub(super) fn count(&self) -> u32 {
        (self.bytes.len() / self.size) as u32
    }

    fn page(&self, number: u32) -> Option<&'b [u8]> {
        let start = (number as usize).checked_sub(1)? * self.size;
        self.bytes.get(start..start + self.size)
    }

    /// The root pages of `exchange`, `detail`, `body`, `body_use`, `request_body` and `response_body`; `None` for a
    /// table that is empty or cannot be found.
    pub(super) fn roots(&self) -> [(&'static str, Option<u32>); 6] {
        let mut trees: Vec<Tree> = self
            .candidates()
            .into_iter()
            .filter_map(|number| self.tree(number))
            .collect();
        trees.sort_by_key(|tree| tree.number);
        let mut taken = HashSet::new();
        let mut find = |fits: fn(&Tree) -> bool| {
            let mut found = trees.iter().filter(|tree| !taken.contains(&tree.number));
            let number = found.find(|tree| fits(tree))?.number;
            taken.insert(number);
            Some(number)
        };
        [
            ("exchange", find(is_exchange)),
            ("detail", find(is_detail)),
            ("body", find(is_body)),
            ("body_use", find(is_body_use)),
            ("request_body", find(is_old_body)),
            ("response_body", find(is_old_body)),
        ]
    }

    fn candidates(&self) -> Vec<u32> {
        if self.has_map {
            return self.mapped_roots();
        }
        let all = (2..=self.count()).filter(|number| self.kind(*number).is_some());
        let all: Vec<u32> = all.collect();
        let children: HashSet<u32> = all
            .iter()
            .flat_map(|number| self.children(*number))
            .collect();
        let free = |number: &u32| !children.contains(number);
        all.into_iter().filter(free).collect()
    }

    /// Section 1.8: an entry of five bytes for each page, of which type 1 is a root.
    fn mapped_roots(&self) -> Vec<u32> {
        let entries = ((self.size - self.reserved) / 5) as u32;
        let mut roots = Vec::new();
        let mut map = 2;
        while let Some(page) = self.page(map) {
            let of_page = page.chunks_exact(5).take(entries as usize);
            let found = (map + 1..).zip(of_page);
            roots.extend(
                found
                    .filter(|(_, it)| it.first() == Some(&1))
                    .map(|(number, _)| number),
            );
            map += entries + 1;
        }
        roots
    }

    fn kind(&self, number: u32) -> Option<Kind> {
        Some(match self.page(number)?.first()? {
            2 => Kind::Interior { is_index: true },
            5 => Kind::Interior { is_index: false },
            10 => Kind::Leaf { is_index: true },
            13 => Kind::Leaf { is_index: false },
            _ => return None,
        })
    }

    /// Where the cells of a page begin on it.
    fn cells(&self, number: u32) -> Vec<usize> {
        let (Some(page), Some(kind)) = (self.page(number), self.kind(number)) else {
            return Vec::new();
        };
        let count = self::number(page, 3, 2).unwrap_or_default() as usize;
        let head = if matches!(kind, Kind::Interior { .. }) {
            12
        } else {
            8
        };
        let places = (0..count.min(self.size / 2)).filter_map(|index| {
            let at = self::number(page, head + 2 * index, 2)? as usize;
            (at < self.size).then_some(at)
        });
        places.collect()
    }

    pub(super) fn children(&self, number: u32) -> Vec<u32> {
        let (Some(page), Some(Kind::Interior { .. })) = (self.page(number), self.kind(number))
        else {
            return Vec::new();
        };
        let cells = self.cells(number).into_iter();
        let left = cells.filter_map(|at| self::number(page, at, 4));
        let last = self::number(page, 8, 4);
        let all = left.chain(last).map(|child| child as u32);
        all.filter(|child| (2..=self.count()).contains(child))
            .collect()
    }

    /// The tree that begins there, as far as a leaf of it can be read.
    fn tree(&self, root: u32) -> Option<Tree> {
        let mut open = vec![(root, 0)];
        while let Some((page, depth)) = open.pop() {
            match self.kind(page) {
                Some(Kind::Leaf { is_index }) => {
                    let rows = self.rows(page, is_index);
                    if !rows.is_empty() {
                        return Some(Tree {
                            is_index,
                            rows,
                            number: root,
                        });
                    }
                }
                Some(Kind::Interior { .. }) if depth < DEEPEST => {
                    let children = self.children(page).into_iter().rev();
                    open.extend(children.map(|child| (child, depth + 1)));
                }
                Some(Kind::Interior { .. }) | None => {}
            }
        }
        None
    }

    /// The types of the columns of every row on a leaf.
    fn rows(&self, number: u32, is_index: bool) -> Vec<Vec<i64>> {
        let Some(page) = self.page(number) else {
            return Vec::new();
        };
        let cells = self.cells(number).into_iter();
        let rows = cells.filter_map(|at| {
            let (_, mut at) = varint(page, at)?;
            if !is_index {
                at = varint(page, at)?.1;
            }
            let (head, mut place) = varint(page, at)?;
            let end = at + usize::try_from(head).ok()?;
            let mut types = Vec::new();
            while place < end {
                let (serial, next) = varint(page, place)?;
                types.push(serial);
                place = next;
            }
            Some(types)
        });
        rows.collect()
    }
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + length)?;
    Some(
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)),
    )
}

/// Section 1.6: seven bits a byte, the ninth byte whole. Also says where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let mut value = 0_u64;
    for offset in 0..9 {
        let byte = *bytes.get(at + offset)?;
        if offset == 8 {
            value = value << 8 | u64::from(byte);
            return Some((value.cast_signed(), at + 9));
        }
        value = value << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some((value.cast_signed(), at + offset + 1));
        }
    }
    None
}

fn is_integer(serial: i64) -> bool {
    matches!(serial, 1..=6 | 8 | 9)
}

fn is_text(serial: i64) -> bool {
    serial >= 13 && serial % 2 == 1
}

/// The id, which is the number of the row, then two times; as many columns as the first posttui had, or more.
fn is_exchange(tree: &Tree) -> bool {
    let fits = |row: &Vec<i64>| {
        let [id, started, latest, ..] = row.as_slice() else {
            return false;
        };
        row.len() >= 13 && *id == 0 && is_integer(*started) && is_integer(*latest)
    };
    !tree.is_index && tree.rows.iter().all(fits)
}

/// The id, three texts, and one that may be missing.
fn is_detail(tree: &Tree) -> bool {
    let fits = |row: &Vec<i64>| match row.as_slice() {
        [0, texts @ .., last] => {
            texts.len() == 3
                && texts.iter().all(|it| is_text(*it))
                && (*last == 0 || is_text(*last))
        }
        _ => false,
    };
    !tree.is_index && tree.rows.iter().all(fits)
}

/// The id, and a hash of 32 bytes.
fn is_body(tree: &Tree) -> bool {
    const HASH: i64 = 12 + 2 * 32;
    let fits = |row: &Vec<i64>| row.len() == 7 && row.starts_with(&[0, HASH]);
    !tree.is_index && tree.rows.iter().all(fits)
}

/// An exchange, a side, which is 0 or 1, and a body. The index over it has the side at its end, and begins later.
fn is_body_use(tree: &Tree) -> bool {
    let fits = |row: &Vec<i64>| match row.as_slice() {
        [exchange, side, body] => {
            is_integer(*exchange) && matches!(side, 8 | 9) && is_integer(*body)
        }
        _ => false,
    };
    tree.is_index && tree.rows.iter().all(fits)
}

/// An exchange, the number of a part, and its bytes.
fn is_old_body(tree: &Tree) -> bool {
    let fits = |row: &Vec<i64>| match row.as_slice() {
        [exchange, part, bytes] => {
            is_integer(*exchange) && is_integer(*part) && *bytes >= 12 && bytes % 2 == 0
        }
        _ => false,
    };
    !tree.is_index && tree.rows.iter().all(fits)
}
