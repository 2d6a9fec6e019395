//! Where each item of a rank is, from left to right: as near to its neighbours as their order and
//! sizes leave room for. A group has a lane of its own, so that its frame holds nothing else.

use std::collections::BTreeSet;

use super::geometry::{FRAME, GAP, LINE_GAP, Line};
use super::layers::Layers;
use super::order::Neighbours;

/// Sweeps over all ranks.
const SWEEPS: usize = 40;

/// Gives each item its place.
pub(super) fn place(layers: &mut Layers, lines: &[Line], groups: usize) {
    let neighbours = Neighbours::of(layers, lines);
    let lanes: BTreeSet<usize> = layers.items.iter().filter_map(|item| item.lane).collect();
    if groups == 0 || lanes.len() < 2 {
        let all = layers.ranks.clone();
        relax(layers, &neighbours, &all);
        return;
    }
    let mut left = 0.0;
    for lane in lanes {
        let of_lane = part(layers, |it| it == Some(lane));
        relax(layers, &neighbours, &of_lane);
        let items: Vec<usize> = of_lane.into_iter().flatten().collect();
        let edge = |side: f64| {
            let items = items.iter().map(|item| &layers.items[*item]);
            items.map(move |item| item.x + side * item.width / 2.0)
        };
        let (first, last) =
            (edge(-1.0).fold(f64::MAX, f64::min), edge(1.0).fold(f64::MIN, f64::max));
        for item in items {
            layers.items[item].x += left - first;
        }
        left += last - first + GAP + 2.0 * FRAME;
    }
    let ends = part(layers, |it| it.is_none());
    relax(layers, &neighbours, &ends);
}

/// The items of each rank whose lane fits.
fn part(layers: &Layers, fits: impl Fn(Option<usize>) -> bool) -> Vec<Vec<usize>> {
    let of_rank = |rank: &Vec<usize>| -> Vec<usize> {
        rank.iter().copied().filter(|item| fits(layers.items[*item].lane)).collect()
    };
    layers.ranks.iter().map(of_rank).collect()
}

/// Moves the items of `ranks` towards their neighbours. Items without any begin side by side.
fn relax(layers: &mut Layers, neighbours: &Neighbours, ranks: &[Vec<usize>]) {
    for rank in ranks {
        let mut x = 0.0;
        for item in rank {
            let width = layers.items[*item].width;
            layers.items[*item].x = x + width / 2.0;
            x += width + GAP;
        }
        // Ranks begin with their middles above each other.
        for item in rank {
            layers.items[*item].x -= x / 2.0;
        }
    }
    for sweep in 0..SWEEPS {
        let near = |item: usize| -> Vec<(usize, f64)> {
            let (above, below) = (&neighbours.above[item], &neighbours.below[item]);
            match sweep % 2 {
                _ if sweep + 4 > SWEEPS => above.iter().chain(below).copied().collect(),
                0 => above.clone(),
                _ => below.clone(),
            }
        };
        let mut order: Vec<usize> = (0..ranks.len()).collect();
        if sweep % 2 == 1 {
            order.reverse();
        }
        for rank in order {
            let middle = middle(layers, neighbours, &ranks[rank]);
            let wishes = ranks[rank].iter().map(|item| {
                let near = near(*item);
                let weight: f64 = near.iter().map(|(_, weight)| weight).sum();
                let sum: f64 = near.iter().map(|(at, weight)| layers.items[*at].x * weight).sum();
                // Lines may run closer together than boxes stand.
                let room = if *item < layers.blocks { GAP } else { LINE_GAP };
                let width = layers.items[*item].width + room;
                match weight > 0.0 {
                    true => Wish { x: sum / weight, weight, width },
                    // Beside the others: nothing else keeps it near them.
                    false => {
                        Wish { x: middle.unwrap_or(layers.items[*item].x), weight: 0.01, width }
                    }
                }
            });
            let places = nearest(&wishes.collect::<Vec<_>>());
            for (item, x) in ranks[rank].iter().zip(places) {
                layers.items[*item].x = x;
            }
        }
    }
}

/// The middle of the items that have neighbours; `None` if none has.
fn middle(layers: &Layers, neighbours: &Neighbours, rank: &[usize]) -> Option<f64> {
    let has =
        |item: &usize| !neighbours.above[*item].is_empty() || !neighbours.below[*item].is_empty();
    let places: Vec<f64> =
        rank.iter().filter(|item| has(item)).map(|item| layers.items[*item].x).collect();
    (!places.is_empty()).then(|| places.iter().sum::<f64>() / places.len() as f64)
}

/// Where an item would be, how much that matters, and the room it needs.
struct Wish {
    x: f64,
    weight: f64,
    width: f64,
}

/// The places in this order that are nearest to what is wished, without overlap: neighbours that
/// want the same room are moved as one (isotonic regression, by pooling adjacent violators).
fn nearest(wishes: &[Wish]) -> Vec<f64> {
    // Places without the room that all items before an item need.
    let mut offsets = Vec::new();
    let mut offset = 0.0;
    for (index, wish) in wishes.iter().enumerate() {
        if index > 0 {
            offset += f64::midpoint(wishes[index - 1].width, wish.width);
        }
        offsets.push(offset);
    }
    // Of each pool: the place, its weight, how many items.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        let mut pool = (wish.x - offset, wish.weight, 1);
        while let Some(before) = pools.pop_if(|before| before.0 >= pool.0) {
            let weight = before.1 + pool.1;
            let place = (before.0 * before.1 + pool.0 * pool.1) / weight;
            pool = (place, weight, before.2 + pool.2);
        }
        pools.push(pool);
    }
    let places = pools.into_iter().flat_map(|(place, _, count)| std::iter::repeat_n(place, count));
    places.zip(offsets).map(|(place, offset)| place + offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_near_as_there_is_room() {
        let wish = |x, weight| Wish { x, weight, width: 10.0 };
        assert_eq!(nearest(&[wish(0.0, 1.0), wish(100.0, 1.0)]), [0.0, 100.0]);
        let step = 10.0;
        let together = nearest(&[wish(50.0, 1.0), wish(50.0, 1.0)]);
        assert_eq!(together, [50.0 - step / 2.0, 50.0 + step / 2.0]);
        let heavy = nearest(&[wish(50.0, 1e12), wish(0.0, 1.0)]);
        assert!((heavy[0] - 50.0).abs() < 1e-6 && (heavy[1] - heavy[0] - step).abs() < 1e-6);
        assert!(nearest(&[]).is_empty());
    }
}
