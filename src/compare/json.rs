//! Two JSON texts by their structure: members by their names, items in their best order, values as they
//! are written.

use serde::Deserialize;
use serde_json::value::RawValue;
use similar::DiffOp;

use crate::{format::json_members::Members, model::has_mark};

use super::{Change, Ignored, Row, text};

/// What lies deeper is compared as text: each level is read once more.
const DEEPEST: usize = 64;

/// Longer values are cut where they are shown as one.
const LONGEST_SHOWN: usize = 400;

/// So many characters before a difference are shown, too.
const BEFORE_SHOWN: usize = 40;

/// The rows of two JSON texts, a value each; `None` where one of them is no JSON.
pub fn compare(old: &str, new: &str, ignored: &Ignored) -> Option<Vec<Row>> {
    let read = |text| serde_json::from_str::<&RawValue>(text).ok();
    let mut rows = Vec::new();
    let (old, new) = (read(old)?.get(), read(new)?.get());
    let mut comparing = Comparing {
        ignored,
        rows: &mut rows,
    };
    comparing.value(&mut ".".to_owned(), old, new, 0);
    Some(rows)
}

struct Comparing<'a> {
    ignored: &'a Ignored,
    rows: &'a mut Vec<Row>,
}

/// A value, one level of it read.
enum Value {
    Object(Vec<(String, Box<RawValue>)>),
    Array(Vec<Item>),
    Text(String),
    /// A number, a literal, or what is too deep: compared as it is written.
    Written,
}

/// An item of an array: equal to another one that is written in the same way.
struct Item(Box<RawValue>);

impl Value {
    fn read(written: &str, depth: usize) -> Self {
        let read = match written.as_bytes().first() {
            Some(b'{') if depth < DEEPEST => serde_json::from_str::<Members>(written)
                .ok()
                .map(|it| Self::Object(it.0)),
            Some(b'[') if depth < DEEPEST => serde_json::from_str::<Vec<Box<RawValue>>>(written)
                .ok()
                .map(|it| Self::Array(it.into_iter().map(Item).collect())),
            Some(b'"') => String::deserialize(&mut serde_json::Deserializer::from_str(written))
                .ok()
                .map(Self::Text),
            _ => None,
        };
        read.unwrap_or(Self::Written)
    }
}

impl Item {
    fn written(&self) -> &str {
        self.0.get()
    }
}

impl Comparing<'_> {
    fn value(&mut self, path: &mut String, old: &str, new: &str, depth: usize) {
        // What is a mark is told by its own path.
        let is_open = |text: &str| !has_mark(text.as_bytes()) || !text.starts_with(['{', '[']);
        if old == new && is_open(old) {
            self.rows.push(Row::same(path.clone(), &shown(old)));
            return;
        }
        if self.ignored.path(path) {
            self.rows.push(changed(path, old, new).ignored());
            return;
        }
        match (Value::read(old, depth), Value::read(new, depth)) {
            (Value::Object(old), Value::Object(new)) => self.objects(path, &old, &new, depth),
            (Value::Array(old), Value::Array(new)) => self.arrays(path, &old, &new, depth),
            // Written in two ways, such as é and \u00e9, it is one text.
            (Value::Text(a), Value::Text(b)) if a == b => {
                self.rows.push(Row::same(path.clone(), &shown(old)));
            }
            _ => self.rows.push(changed(path, old, new)),
        }
    }

    fn objects(
        &mut self,
        path: &mut String,
        old: &[(String, Box<RawValue>)],
        new: &[(String, Box<RawValue>)],
        depth: usize,
    ) {
        if old.is_empty() && new.is_empty() {
            self.rows.push(Row::same(path.clone(), "{}"));
            return;
        }
        let mut taken = vec![false; new.len()];
        // Where both have the members in one order, which is the rule, each is found at once.
        let mut next = 0;
        for (name, value) in old {
            let order = (next..new.len()).chain(0..next);
            let found = order
                .filter(|index| !taken.get(*index).copied().unwrap_or(true))
                .find(|index| new.get(*index).is_some_and(|(other, _)| other == name));
            let other = found.and_then(|index| {
                next = index + 1;
                *taken.get_mut(index)? = true;
                new.get(index)
            });
            self.within(path, &member(name), |it, path| match other {
                Some((_, other)) => it.value(path, value.get(), other.get(), depth + 1),
                None => it.one_sided(Row::removed(path.clone(), &shown(value.get()))),
            });
        }
        let rest = new.iter().zip(taken).filter(|(_, taken)| !taken);
        for ((name, value), _) in rest {
            self.within(path, &member(name), |it, path| {
                it.one_sided(Row::added(path.clone(), &shown(value.get())));
            });
        }
    }

    fn arrays(&mut self, path: &mut String, old: &[Item], new: &[Item], depth: usize) {
        let (before, after): (Vec<&str>, Vec<&str>) = (
            old.iter().map(Item::written).collect(),
            new.iter().map(Item::written).collect(),
        );
        if before.is_empty() && after.is_empty() {
            self.rows.push(Row::same(path.clone(), "[]"));
        }
        for operation in text::operations(&before, &after) {
            let (olds, news) = (operation.old_range(), operation.new_range());
            let both = match operation {
                DiffOp::Equal { len, .. } => len,
                DiffOp::Replace { .. } => olds.len().min(news.len()),
                DiffOp::Delete { .. } | DiffOp::Insert { .. } => 0,
            };
            let pairs = olds.clone().zip(news.clone()).take(both);
            for (old_index, new_index) in pairs {
                if let (Some(old), Some(new)) = (before.get(old_index), after.get(new_index)) {
                    self.within(path, &format!("[{new_index}]"), |it, path| {
                        it.value(path, old, new, depth + 1);
                    });
                }
            }
            for (index, value) in olds
                .clone()
                .zip(before.get(olds).unwrap_or_default())
                .skip(both)
            {
                self.within(path, &format!("[{index}]"), |it, path| {
                    it.one_sided(Row::removed(path.clone(), &shown(value)));
                });
            }
            for (index, value) in news
                .clone()
                .zip(after.get(news).unwrap_or_default())
                .skip(both)
            {
                self.within(path, &format!("[{index}]"), |it, path| {
                    it.one_sided(Row::added(path.clone(), &shown(value)));
                });
            }
        }
    }

    fn one_sided(&mut self, row: Row) {
        let is_ignored = self.ignored.path(&row.name);
        self.rows.push(if is_ignored { row.ignored() } else { row });
    }

    /// Does something one step deeper.
    fn within(&mut self, path: &mut String, step: &str, work: impl FnOnce(&mut Self, &mut String)) {
        let length = path.len();
        // The outermost value is called `.`, what lies in it `.name` or `[0]`.
        if path == "." {
            path.clear();
        }
        path.push_str(step);
        work(self, path);
        path.truncate(length.min(path.len()));
        if length == 1 {
            path.clear();
            path.push('.');
        }
    }
}

/// `.name`, or in quotes where it is no plain word, as jq has it.
fn member(name: &str) -> String {
    let is_plain = !name.is_empty()
        && !name.starts_with(|char: char| char.is_ascii_digit())
        && name
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || char == '_');
    if is_plain {
        format!(".{name}")
    } else {
        format!(".{}", serde_json::Value::from(name))
    }
}

/// Two values that are not the same. Of long ones what is shown begins where they begin to differ.
fn changed(path: &str, old: &str, new: &str) -> Row {
    let start = if old.len().max(new.len()) > LONGEST_SHOWN {
        let same = old.char_indices().zip(new.chars());
        let same = same.take_while(|((_, a), b)| a == b);
        let offsets: Vec<usize> = same.map(|((offset, _), _)| offset).collect();
        let before = offsets.len().saturating_sub(BEFORE_SHOWN);
        offsets.get(before).copied().unwrap_or(0)
    } else {
        0
    };
    let part = |value: &str| {
        let rest = shown(value.get(start..).unwrap_or(value));
        if start > 0 {
            format!("…{rest}")
        } else {
            rest
        }
    };
    Row {
        change: Change::Changed,
        ..Row::of(path, &part(old), &part(new))
    }
}

/// A value as it is shown: on one line, and not too long.
fn shown(written: &str) -> String {
    let line = written.split('\n').map(str::trim).collect::<Vec<_>>();
    let line = line.join(" ");
    match line.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or(&line)),
        None => line,
    }
}
