//! The brackets of a JSON text in pairs: what can be folded, and what a value lies in.

/// In the place of a node where there is none.
pub const NONE: u32 = u32::MAX;

/// So many pairs are remembered at the most; a text with more of them cannot be folded.
const MOST: usize = 4_000_000;

/// An object or an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The offset of its opening bracket.
    pub open: u32,
    /// That of its closing one; the end of the text where it is missing.
    pub close: u32,
    /// The node that it lies in.
    pub parent: u32,
    /// The number of the first node after it that does not lie in it.
    pub end: u32,
    /// Which of its parent's values it is, from 0.
    pub ordinal: u32,
    /// How many values it has.
    pub count: u32,
}

/// Every node in the order of the opening brackets; none at all where there are too many of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tree(Vec<Node>);

impl Tree {
    pub fn get(&self, node: u32) -> Option<&Node> {
        self.0.get(node as usize)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The nodes that a byte lies in, the outermost first.
    pub fn around(&self, offset: usize) -> Vec<u32> {
        let opened = self.0.partition_point(|it| it.open as usize <= offset);
        let mut nodes = Vec::new();
        let mut next = (opened as u32).checked_sub(1);
        while let Some((node, it)) = next.and_then(|node| Some((node, self.get(node)?))) {
            if offset <= it.close as usize {
                nodes.push(node);
            }
            next = Some(it.parent);
        }
        nodes.reverse();
        nodes
    }

    /// The node that is closed at `offset`, of those opened before the one with number `opened`.
    pub fn closed_at(&self, offset: usize, opened: u32) -> Option<u32> {
        let mut node = opened.checked_sub(1)?;
        loop {
            let it = self.get(node)?;
            if it.close as usize == offset {
                return Some(node);
            }
            node = it.parent;
        }
    }
}

/// A tree that grows while a text is checked.
#[derive(Default)]
pub struct Growing {
    nodes: Vec<Node>,
    open: Vec<Open>,
    /// Values outside of all brackets.
    outermost: u32,
    is_full: bool,
    pub deepest: usize,
}

struct Open {
    bracket: u8,
    node: u32,
    values: u32,
}

impl Growing {
    /// The innermost bracket that is open.
    pub fn bracket(&self) -> Option<u8> {
        self.open.last().map(|open| open.bracket)
    }

    /// A value begins.
    pub fn value(&mut self) {
        match self.open.last_mut() {
            Some(open) => open.values += 1,
            None => self.outermost += 1,
        }
    }

    /// The value that has just begun is an object or an array.
    pub fn open(&mut self, bracket: u8, offset: usize) {
        let (parent, values) = match self.open.last() {
            Some(open) => (open.node, open.values),
            None => (NONE, self.outermost),
        };
        self.is_full |= self.nodes.len() >= MOST || u32::try_from(offset).is_err();
        let node = if self.is_full {
            NONE
        } else {
            self.nodes.push(Node {
                open: offset as u32,
                close: 0,
                parent,
                end: 0,
                ordinal: values.saturating_sub(1),
                count: 0,
            });
            self.nodes.len() as u32 - 1
        };
        self.open.push(Open {
            bracket,
            node,
            values: 0,
        });
        self.deepest = self.deepest.max(self.open.len());
    }

    pub fn close(&mut self, offset: usize) {
        let end = self.nodes.len() as u32;
        if let Some(open) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(open.node as usize)
        {
            (node.close, node.end, node.count) = (offset as u32, end, open.values);
        }
    }

    /// The tree of a text that ends here, complete or not.
    pub fn finish(mut self, length: usize) -> Tree {
        while !self.open.is_empty() {
            self.close(length);
        }
        if self.is_full {
            return Tree::default();
        }
        self.nodes.shrink_to_fit();
        Tree(self.nodes)
    }
}
