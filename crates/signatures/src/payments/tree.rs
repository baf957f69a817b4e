//! The tree of RFC 6962, 2.1, over hashes that come one after the other, and the paths that show one of them in it.
//!
//! Memory grows with the logarithm of the number of leaves: the tree keeps the roots of the complete subtrees that are not
//! joined yet, largest first.

use super::digest::{Digest, node};

/// Complete subtrees that can be open at once: one for each bit of the number of leaves.
const SUBTREES_MAX: usize = u64::BITS as usize;

/// Shows that a leaf is in a tree: the hashes beside its way to the root, from below (RFC 6962, 2.1.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// Which leaf, from 0.
    pub position: u64,
    /// How many leaves there are.
    pub count: u64,
    /// The hashes.
    pub path: Vec<Digest>,
}

impl Inclusion {
    /// The root of the tree that has the leaf there; `None` when no such tree has such a path (RFC 9162, 2.1.3.2).
    #[must_use]
    pub fn root(&self, leaf: Digest) -> Option<Digest> {
        let mut last = self.count.checked_sub(1)?;
        let mut place = self.position;
        if place > last {
            return None;
        }
        let mut root = leaf;
        for beside in &self.path {
            if last == 0 {
                return None;
            }
            if place & 1 == 1 || place == last {
                root = node(*beside, root);
                // The last node of an incomplete level has nothing beside it until it is the right one of two.
                while place & 1 == 0 && place != 0 {
                    place >>= 1;
                    last >>= 1;
                }
            } else {
                root = node(root, *beside);
            }
            place >>= 1;
            last >>= 1;
        }
        (last == 0).then_some(root)
    }
}

/// A tree that grows, and the path of at most one of its leaves.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    subtrees: Vec<Digest>,
    count: u64,
    wanted: Option<u64>,
    /// The subtree that has the wanted leaf.
    holder: Option<usize>,
    path: Vec<Digest>,
}

impl Tree {
    /// A tree without leaves; the path of the leaf at `wanted` is kept.
    pub(super) fn new(wanted: Option<u64>) -> Tree {
        Tree { subtrees: Vec::with_capacity(SUBTREES_MAX), count: 0, wanted, holder: None, path: Vec::new() }
    }

    /// The same tree without leaves, in the same memory.
    pub(super) fn restart(&mut self, wanted: Option<u64>) {
        self.subtrees.clear();
        self.path.clear();
        self.count = 0;
        self.wanted = wanted;
        self.holder = None;
    }

    /// How many leaves it has.
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    /// Wants the path of the leaf that comes next, in place of any other.
    pub(super) fn want_next(&mut self) {
        self.wanted = Some(self.count);
        self.holder = None;
        self.path.clear();
    }

    /// Adds a leaf at the end.
    pub(super) fn push(&mut self, leaf: Digest) {
        if self.wanted == Some(self.count) {
            self.holder = Some(self.subtrees.len());
        }
        self.subtrees.push(leaf);
        self.count += 1;
        for _ in 0..self.count.trailing_zeros() {
            self.join();
        }
    }

    /// The root, once all leaves are in it, and the path of the wanted one; `None` without leaves. Nothing but
    /// [`Tree::restart`] may follow.
    pub(super) fn finish(&mut self) -> Option<(Digest, Option<Inclusion>)> {
        while self.subtrees.len() > 1 {
            self.join();
        }
        let root = *self.subtrees.first()?;
        let path = self.holder.and(self.wanted).map(|position| Inclusion {
            position,
            count: self.count,
            path: std::mem::take(&mut self.path),
        });
        Some((root, path))
    }

    /// Joins the two smallest subtrees.
    fn join(&mut self) {
        let (Some(right), Some(left)) = (self.subtrees.pop(), self.subtrees.pop()) else { return };
        let place = self.subtrees.len();
        if self.holder == Some(place) {
            self.path.push(right);
        } else if self.holder == Some(place + 1) {
            self.path.push(left);
            self.holder = Some(place);
        }
        self.subtrees.push(node(left, right));
    }
}
