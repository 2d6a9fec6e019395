//! The order from left to right within each rank: each item near the middle of its neighbours
//! (the barycentre), up and down again, and the order with the fewest crossings stays.

use super::geometry::{Line, Pull};
use super::layers::Layers;

/// Sweeps over all ranks.
const SWEEPS: usize = 16;

/// Changes the order within the ranks, so that lines cross less. Groups stay side by side, in
/// the same order everywhere.
pub(super) fn improve(layers: &mut Layers, lines: &[Line]) {
    let neighbours = Neighbours::of(layers, lines);
    let mut best = layers.ranks.clone();
    let mut fewest = usize::MAX;
    for sweep in 0..SWEEPS {
        let downwards = sweep % 2 == 0;
        let ranks: Vec<usize> = match downwards {
            true => (0..layers.ranks.len()).collect(),
            false => (0..layers.ranks.len()).rev().collect(),
        };
        let mut places = places(layers);
        for rank in ranks {
            let near = if downwards { &neighbours.above } else { &neighbours.below };
            let mut keyed: Vec<_> = layers.ranks[rank]
                .iter()
                .map(|item| {
                    let lane = layers.items[*item].lane;
                    (lane, barycentre(&near[*item], &places).unwrap_or(places[*item]), *item)
                })
                .collect();
            keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let count = keyed.len() as f64;
            for (place, (_, _, item)) in keyed.iter().enumerate() {
                places[*item] = (place as f64 + 0.5) / count;
            }
            layers.ranks[rank] = keyed.into_iter().map(|(_, _, item)| item).collect();
        }
        let crossings = crossings(layers, &neighbours);
        if crossings < fewest {
            fewest = crossings;
            best.clone_from(&layers.ranks);
        }
    }
    layers.ranks = best;
}

/// For each item, what a line leads to from it in the next rank above and below, and how heavy the
/// line is.
pub(super) struct Neighbours {
    pub(super) above: Vec<Vec<(usize, f64)>>,
    pub(super) below: Vec<Vec<(usize, f64)>>,
}

impl Neighbours {
    pub(super) fn of(layers: &Layers, lines: &[Line]) -> Self {
        let mut above = vec![Vec::new(); layers.items.len()];
        let mut below = above.clone();
        for (chain, line) in layers.chains.iter().zip(lines) {
            let pull = match line.pull {
                Pull::Weak => 0.5,
                Pull::Usual => 1.0,
                Pull::Strong => 6.0,
            };
            for pair in chain.windows(2) {
                // Between two of its bends a line is long, and looks best if it is straight.
                let bends = pair.iter().filter(|item| **item >= layers.blocks).count();
                let weight = pull * [1.0, 2.0, 8.0][bends];
                below[pair[0]].push((pair[1], weight));
                above[pair[1]].push((pair[0], weight));
            }
        }
        Neighbours { above, below }
    }
}

/// Where each item is in its rank, from 0 to 1.
fn places(layers: &Layers) -> Vec<f64> {
    let mut places = vec![0.0; layers.items.len()];
    for rank in &layers.ranks {
        for (place, item) in rank.iter().enumerate() {
            places[*item] = (place as f64 + 0.5) / rank.len() as f64;
        }
    }
    places
}

/// The middle of `near`, weighted; `None` if there is nothing near.
pub(super) fn barycentre(near: &[(usize, f64)], places: &[f64]) -> Option<f64> {
    let weight: f64 = near.iter().map(|(_, weight)| weight).sum();
    let sum: f64 = near.iter().map(|(item, weight)| places[*item] * weight).sum();
    (weight > 0.0).then(|| sum / weight)
}

/// How often lines cross: pairs of lines between two ranks that change their order.
fn crossings(layers: &Layers, neighbours: &Neighbours) -> usize {
    let places = places(layers);
    let mut crossings = 0;
    for rank in &layers.ranks {
        // Where each line ends below, in the order in which they begin; inversions are crossings.
        let mut ends = Vec::new();
        for item in rank {
            let mut of_it: Vec<f64> =
                neighbours.below[*item].iter().map(|(below, _)| places[*below]).collect();
            of_it.sort_by(f64::total_cmp);
            ends.extend(of_it);
        }
        for (index, end) in ends.iter().enumerate() {
            crossings += ends[..index].iter().filter(|earlier| *earlier > end).count();
        }
    }
    crossings
}
