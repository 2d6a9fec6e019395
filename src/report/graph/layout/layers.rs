//! Which box stands in which layer, and where lines bend: the longest way down decides.

use std::cmp::Reverse;

use super::geometry::{Block, Line, Row};

/// Boxes side by side in a middle layer, at most, before the next one takes them.
const MOST_ABREAST: usize = 7;
/// Width of a place where a line passes a row of boxes.
const BEND: f64 = 12.0;

/// Boxes and bends in ranks. Boxes stand in even ranks, labels in odd ones.
#[derive(Debug)]
pub(super) struct Layers {
    /// Boxes first, in their order; then the bends of lines.
    pub(super) items: Vec<Item>,
    /// How many of them are boxes.
    pub(super) blocks: usize,
    /// The items of each rank, from left to right.
    pub(super) ranks: Vec<Vec<usize>>,
    /// The items that each line goes through, downwards; empty for one that is not drawn.
    pub(super) chains: Vec<Vec<usize>>,
    /// Whether a line leads up its chain.
    pub(super) reversed: Vec<bool>,
    /// The bend that holds the label of each line.
    pub(super) labels: Vec<Option<usize>>,
}

/// A box, or a bend of a line.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) rank: usize,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Its middle.
    pub(super) x: f64,
    /// The group that it stands in, or passes; `None` in the top and bottom row.
    pub(super) lane: Option<usize>,
}

impl Layers {
    pub(super) fn of(blocks: &[Block], lines: &[Line]) -> Self {
        let reversed = reversed(blocks.len(), lines);
        let layers = layers(blocks, lines, &reversed);
        let last = layers.iter().max().map_or(0, |last| 2 * last);
        let mut ranks = vec![Vec::new(); last + 1];
        let mut items = Vec::new();
        for (index, (block, layer)) in blocks.iter().zip(&layers).enumerate() {
            ranks[2 * layer].push(index);
            let lane = (block.row == Row::Middle).then(|| block.group.map_or(0, |group| group + 1));
            let (width, height) = (block.width, block.height);
            items.push(Item { rank: 2 * layer, width, height, x: 0.0, lane });
        }
        let mut built = Layers {
            items,
            blocks: blocks.len(),
            ranks,
            chains: Vec::new(),
            reversed,
            labels: Vec::new(),
        };
        for (index, line) in lines.iter().enumerate() {
            built.lay(line, built.reversed[index]);
        }
        built
    }

    fn lay(&mut self, line: &Line, reversed: bool) {
        let (upper, lower) = ends(line, reversed);
        let (first, last) = (self.items[upper].rank, self.items[lower].rank);
        if first >= last {
            // A line from a box to itself.
            self.chains.push(Vec::new());
            self.labels.push(None);
            return;
        }
        let lane = self.items[upper].lane.or(self.items[lower].lane).or(Some(0));
        // The middle, or the odd rank above it.
        let labelled = usize::midpoint(first, last - 1) | 1;
        let mut chain = vec![upper];
        for rank in first + 1..last {
            let is_label = rank == labelled;
            let width = if is_label { line.width.max(BEND) } else { BEND };
            let height = if is_label { line.height } else { 0.0 };
            let bend = self.items.len();
            self.items.push(Item { rank, width, height, x: 0.0, lane });
            self.ranks[rank].push(bend);
            chain.push(bend);
            if is_label {
                self.labels.push(Some(bend));
            }
        }
        chain.push(lower);
        self.chains.push(chain);
    }
}

fn ends(line: &Line, reversed: bool) -> (usize, usize) {
    if reversed { (line.to, line.from) } else { (line.from, line.to) }
}

/// Which lines must lead up, so that all others can lead down: those that would close a circle with
/// lines of a stronger pull, or before them.
fn reversed(blocks: usize, lines: &[Line]) -> Vec<bool> {
    let mut down: Vec<Vec<usize>> = vec![Vec::new(); blocks];
    let mut reversed = vec![false; lines.len()];
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|line| Reverse(lines[*line].pull));
    for index in order {
        let line = &lines[index];
        let mut seen = vec![false; blocks];
        let mut open = vec![line.to];
        while let Some(block) = open.pop() {
            if !std::mem::replace(&mut seen[block], true) {
                open.extend(&down[block]);
            }
        }
        let closes = seen[line.from] && line.from != line.to;
        let (upper, lower) = ends(line, closes);
        if upper != lower {
            down[upper].push(lower);
        }
        reversed[index] = closes;
    }
    reversed
}

fn layers(blocks: &[Block], lines: &[Line], reversed: &[bool]) -> Vec<usize> {
    let mut down: Vec<Vec<usize>> = vec![Vec::new(); blocks.len()];
    let mut above = vec![0_usize; blocks.len()];
    for (line, reversed) in lines.iter().zip(reversed).filter(|(line, _)| line.from != line.to) {
        let (upper, lower) = ends(line, *reversed);
        down[upper].push(lower);
        above[lower] += 1;
    }
    let is_middle = |block: usize| blocks[block].row == Row::Middle;
    let mut layers: Vec<usize> = (0..blocks.len()).map(|it| usize::from(is_middle(it))).collect();
    let mut abreast: Vec<usize> = Vec::new();
    let mut ready: Vec<usize> = (0..blocks.len()).rev().filter(|it| above[*it] == 0).collect();
    while let Some(block) = ready.pop() {
        if is_middle(block) {
            while abreast.get(layers[block]).is_some_and(|count| *count >= MOST_ABREAST) {
                layers[block] += 1;
            }
            if abreast.len() <= layers[block] {
                abreast.resize(layers[block] + 1, 0);
            }
            abreast[layers[block]] += 1;
        }
        for lower in &down[block] {
            layers[*lower] = layers[*lower].max(layers[block] + 1);
            above[*lower] -= 1;
            if above[*lower] == 0 {
                ready.push(*lower);
            }
        }
    }
    let last = layers.iter().max().copied().unwrap_or_default();
    let bottom = (0..blocks.len()).filter(|it| blocks[*it].row == Row::Bottom);
    let others = (0..blocks.len()).filter(|it| blocks[*it].row != Row::Bottom);
    let lowest = others.map(|it| layers[it]).max().unwrap_or_default();
    let bottom: Vec<_> = bottom.collect();
    for block in bottom {
        layers[block] = last.max(lowest + 1);
    }
    layers
}
