//! From an expression to a table: states of an automaton without choice, by the subset construction.

use std::collections::HashMap;

use super::parse::Node;
use super::set::CharSet;
use crate::bounds::STATES_MAX;

/// A deterministic automaton over classes of characters.
#[derive(Debug)]
pub(crate) struct Dfa {
    /// Class of each ASCII character.
    ascii: [u8; 128],
    /// First character and class of each range, sorted; from 0 to the last character without gaps.
    ranges: Vec<(u32, u8)>,
    /// Offset of the next row, by offset of the row + class. Row 0 accepts nothing any more.
    next: Vec<u32>,
    /// Whether the row's state accepts, by row number.
    accepts: Vec<bool>,
    classes: usize,
    start: u32,
}

impl Dfa {
    pub(super) fn build(node: &Node) -> Result<Dfa, String> {
        let mut nfa = Nfa::default();
        let start = nfa.state()?;
        let end = nfa.add(node, start)?;
        let (ranges, sets) = nfa.classes()?;
        let classes = sets.len();
        let mut rows: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut order: Vec<Vec<u32>> = Vec::new();
        let mut row_of = |subset: Vec<u32>, order: &mut Vec<Vec<u32>>| -> Result<u32, String> {
            if let Some(&row) = rows.get(&subset) {
                return Ok(row);
            }
            if order.len() >= STATES_MAX {
                return Err(format!("it needs more than {STATES_MAX} states"));
            }
            let row = (order.len() * classes) as u32;
            rows.insert(subset.clone(), row);
            order.push(subset);
            Ok(row)
        };
        row_of(Vec::new(), &mut order)?;
        let start = row_of(nfa.closure(vec![start]), &mut order)?;
        let mut next = Vec::new();
        let mut accepts = Vec::new();
        let mut at = 0;
        while at < order.len() {
            let subset = order[at].clone();
            accepts.push(subset.binary_search(&end).is_ok());
            for &sample in &sets {
                let targets = subset
                    .iter()
                    .flat_map(|&state| &nfa.moves[state as usize])
                    .filter(|(set, _)| contains(set, sample))
                    .map(|&(_, target)| target)
                    .collect();
                let subset = nfa.closure(targets);
                next.push(row_of(subset, &mut order)?);
            }
            at += 1;
        }
        let class_of = |c: u32| {
            let index = ranges.partition_point(|&(from, _)| from <= c);
            ranges[index - 1].1
        };
        let mut ascii = [0; 128];
        for (c, class) in ascii.iter_mut().enumerate() {
            *class = class_of(c as u32);
        }
        Ok(Dfa { ascii, ranges, next, accepts, classes, start })
    }

    pub(super) fn states(&self) -> usize {
        self.accepts.len()
    }

    #[inline]
    pub(super) fn matches(&self, value: &str) -> bool {
        let bytes = value.as_bytes();
        let mut row = self.start as usize;
        let mut at = 0;
        while at < bytes.len() {
            let class = match self.ascii.get(bytes[at] as usize) {
                Some(&class) => {
                    at += 1;
                    class
                }
                None => {
                    let Some(c) = value.get(at..).and_then(|rest| rest.chars().next()) else {
                        return false;
                    };
                    at += c.len_utf8();
                    let index = self.ranges.partition_point(|&(from, _)| from <= u32::from(c));
                    self.ranges[index - 1].1
                }
            };
            row = self.next[row + class as usize] as usize;
            if row == 0 {
                return false;
            }
        }
        self.accepts[row / self.classes]
    }
}

fn contains(set: &CharSet, c: u32) -> bool {
    let index = set.0.partition_point(|&(from, _)| from <= c);
    index > 0 && set.0[index - 1].1 >= c
}

/// Start of each range with its class, and a sample of each class.
type Classes = (Vec<(u32, u8)>, Vec<u32>);

/// An automaton with choices.
#[derive(Default)]
struct Nfa {
    moves: Vec<Vec<(CharSet, u32)>>,
    free: Vec<Vec<u32>>,
}

impl Nfa {
    fn state(&mut self) -> Result<u32, String> {
        if self.moves.len() >= STATES_MAX {
            return Err(format!("it needs more than {STATES_MAX} states"));
        }
        self.moves.push(Vec::new());
        self.free.push(Vec::new());
        Ok(self.moves.len() as u32 - 1)
    }

    /// Adds what `node` matches after state `from`; returns the state after it.
    fn add(&mut self, node: &Node, from: u32) -> Result<u32, String> {
        match node {
            Node::One(set) => {
                let to = self.state()?;
                self.moves[from as usize].push((set.clone(), to));
                Ok(to)
            }
            Node::Both(parts) => parts.iter().try_fold(from, |at, part| self.add(part, at)),
            Node::Either(parts) => {
                let to = self.state()?;
                for part in parts {
                    let start = self.state()?;
                    self.free[from as usize].push(start);
                    let end = self.add(part, start)?;
                    self.free[end as usize].push(to);
                }
                Ok(to)
            }
            Node::Repeat(inner, min, max) => {
                let mut at = from;
                for _ in 0..*min {
                    at = self.add(inner, at)?;
                }
                let to = self.state()?;
                match max {
                    None => {
                        let start = self.state()?;
                        self.free[at as usize].push(start);
                        let end = self.add(inner, start)?;
                        self.free[end as usize].push(start);
                        self.free[start as usize].push(to);
                    }
                    Some(max) => {
                        for _ in *min..*max {
                            self.free[at as usize].push(to);
                            let start = self.state()?;
                            self.free[at as usize].push(start);
                            at = self.add(inner, start)?;
                        }
                        self.free[at as usize].push(to);
                    }
                }
                Ok(to)
            }
        }
    }

    /// All states reachable without a character, sorted.
    fn closure(&self, mut states: Vec<u32>) -> Vec<u32> {
        let mut seen = std::collections::BTreeSet::new();
        while let Some(state) = states.pop() {
            if seen.insert(state) {
                states.extend(&self.free[state as usize]);
            }
        }
        seen.into_iter().collect()
    }

    /// Cuts the characters into classes that no transition distinguishes.
    fn classes(&self) -> Result<Classes, String> {
        let mut sets: Vec<&CharSet> = Vec::new();
        for (set, _) in self.moves.iter().flatten() {
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
        let mut starts = vec![0];
        for &(from, to) in sets.iter().flat_map(|set| &set.0) {
            starts.push(from);
            starts.push(to + 1);
        }
        starts.sort_unstable();
        starts.dedup();
        let mut known: HashMap<Vec<bool>, u8> = HashMap::new();
        let mut samples = Vec::new();
        let mut ranges = Vec::new();
        for start in starts {
            let signature: Vec<bool> = sets.iter().map(|set| contains(set, start)).collect();
            let class = match known.get(&signature) {
                Some(&class) => class,
                None => {
                    let class = u8::try_from(samples.len())
                        .map_err(|_| "it tells more than 256 classes of characters apart")?;
                    known.insert(signature, class);
                    samples.push(start);
                    class
                }
            };
            ranges.push((start, class));
        }
        Ok((ranges, samples))
    }
}
