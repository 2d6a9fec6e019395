//! Sets of integers, each with some of its members.

use secondcall::facts::execution::value::{Relation, Value};

/// Whether a relation holds of two numbers.
pub(crate) type Holds = fn(u64, u64) -> bool;

/// The relations.
pub(crate) const RELATIONS: [(Relation, Holds); 4] = [
    (Relation::Equals, |a, b| a == b),
    (Relation::Differs, |a, b| a != b),
    (Relation::Below, |a, b| a < b),
    (Relation::NotBelow, |a, b| a >= b),
];

/// A set and some of its members.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) value: Value,
    pub(crate) members: Vec<u64>,
}

/// Whether a number is in a set.
pub(crate) fn holds(value: &Value, number: u64) -> bool {
    value.satisfying(Relation::Equals, number).is_some()
}

/// Whether the set is every number.
pub(crate) fn is_any(value: &Value) -> bool {
    holds(value, 0)
        && value.satisfying(Relation::Differs, 0).is_some_and(|it| it.truth() == Some(true))
        && holds(value, u64::MAX)
}

/// Sets of the numbers from `edges`, which is sorted: one, a few, ranges with strides, all but zero, and all.
pub(crate) fn samples(edges: &[u64]) -> Vec<Sample> {
    let most = *edges.last().expect("there are edges");
    let constant = |members: &[u64]| {
        let values = members.iter().map(|it| Value::constant(*it));
        let value = values.reduce(|a, b| a.join(&b)).expect("there are members");
        Sample { value, members: members.to_vec() }
    };
    let mut samples: Vec<Sample> = edges.iter().map(|edge| constant(&[*edge])).collect();
    // A few.
    for window in edges.windows(2).step_by(3) {
        samples.push(constant(window));
    }
    for window in edges.windows(3).step_by(4) {
        samples.push(constant(window));
    }
    samples.push(constant(&[0, most]));
    // Strided ranges: four numbers or more are a range.
    for (low, stride, count) in [
        (0, 1, 4),
        (0, 4, 5),
        (1, 2, 6),
        (8, 8, 4),
        (1040, 4, 16),
        (1041, 3, 5),
        (0x7f, 1, 4),
        (0x7fff_fffe, 1, 4),
        (0xffff_fff0, 4, 4),
        (0xffff_fffc, 1, 4),
        (0, 0x1000_0000, 16),
        (most - 12, 4, 4),
        (most - 7, 1, 8),
    ] {
        let members: Vec<u64> = (0..count).map(|at| low + at * stride).collect();
        samples.push(constant(&members));
    }
    // Bounds.
    for bits in [1, 8, 16, 31, 32] {
        let value = Value::below_bits(bits);
        let members = edges.iter().copied().filter(|edge| *edge < 1 << bits).collect();
        samples.push(Sample { value, members });
    }
    for bound in [1, 2, 0x80, 0x1_0000, 0x7fff_ffff, 0x8000_0000] {
        for (relation, holds) in RELATIONS {
            let value =
                Value::ANY.satisfying(relation, bound).expect("some number has the relation");
            let members: Vec<u64> =
                edges.iter().copied().filter(|edge| holds(*edge, bound)).collect();
            samples.push(Sample { value, members });
        }
    }
    let not_zero = Value::ANY.satisfying(Relation::Differs, 0).expect("some number is not zero");
    samples.push(Sample { value: not_zero, members: edges[1..].to_vec() });
    samples.push(Sample { value: Value::ANY, members: edges.to_vec() });
    samples
}
