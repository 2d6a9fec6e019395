//! Growth with every call: a fit over all calls on an instance, per call and per byte of argument.

use serde::{Deserialize, Serialize};

/// Growth that continues with every call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Growth {
    /// What was held before.
    pub from: u64,
    /// What was held after.
    pub to: u64,
    /// The number of calls between the two.
    pub calls: u32,
    /// What each call adds, whatever its arguments.
    pub per_call: u64,
    /// What a call adds for each KiB of its arguments.
    pub per_kibibyte: u64,
}

/// What an instance held after a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sample {
    /// How much it held.
    pub held: u64,
    /// The bytes of this call's arguments.
    pub arguments: u64,
}

/// Whether a series of samples grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// It does not grow, or has stopped growing.
    Settled,
    /// It grows, and more calls have to show whether it continues.
    Suspected,
    /// It continues to grow.
    Steady(Growth),
}

/// The fewest calls from which growth is inferred.
const FEWEST: usize = 12;
/// The fewest upward steps: one or two may be a heap that finds its size.
const STEPS: usize = 3;
/// A garbage collector may let a heap double, and some wait for 4 MiB of garbage before they start (Go 1.27:
/// `runtime/mgcpacer.go`, `heapMinimum`).
const LAZY: u64 = 4 << 20;
/// The size of a heap in bytes below which it has no such collector.
const SMALL: u64 = 2 << 20;

/// Fits bytes of memory. The first calls fill caches and count as warm-up.
pub fn memory(samples: &[Sample]) -> Trend {
    let trend = trend(samples);
    let Trend::Steady(growth) = trend else { return trend };
    let needed = if growth.from < SMALL { 0 } else { growth.from.max(LAZY) };
    if growth.to - growth.from < needed { Trend::Suspected } else { trend }
}

/// Fits counts of handles or tasks. If a garbage collector drops them now and then, it may do so again after any number of
/// calls.
pub fn count(samples: &[Sample]) -> Trend {
    match trend(samples) {
        Trend::Steady(_) if are_collected(samples) => Trend::Suspected,
        trend => trend,
    }
}

/// Whether at some time more than half of what had been added since the first call was gone again.
fn are_collected(samples: &[Sample]) -> bool {
    let Some(first) = samples.first() else { return false };
    let mut most = 0;
    samples.iter().any(|sample| {
        let more = sample.held.saturating_sub(first.held);
        most = most.max(more);
        most >= FEWEST as u64 && more < most / 2
    })
}

fn trend(samples: &[Sample]) -> Trend {
    let warm_up = (samples.len() / 4).min(8);
    let samples = &samples[warm_up..];
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else {
        return Trend::Settled;
    };
    if last.held <= first.held {
        return Trend::Settled;
    }
    let middle = samples[samples.len() / 2].held;
    let (early, late) = (middle.saturating_sub(first.held), last.held.saturating_sub(middle));
    let steps = samples.windows(2).filter(|pair| pair[0].held < pair[1].held).count();
    if samples.len() < FEWEST || steps < STEPS {
        return Trend::Suspected;
    }
    // Continuing growth is at least half as much in the second half as in the first, even if a heap doubles.
    if late.saturating_mul(2) < early {
        return Trend::Settled;
    }
    Trend::Steady(fit(samples))
}

/// The least squares of `held = c + a * call + b * arguments so far`.
fn fit(samples: &[Sample]) -> Growth {
    let (first, last) = (samples[0], samples[samples.len() - 1]);
    let calls = samples.len() as f64 - 1.0;
    let total = (last.held - first.held) as f64;
    let mut bytes = 0.0;
    let mut points = Vec::with_capacity(samples.len());
    for (call, sample) in samples.iter().enumerate() {
        bytes += if call == 0 { 0.0 } else { sample.arguments as f64 };
        points.push((call as f64, bytes, sample.held as f64 - first.held as f64));
    }
    let sum = |of: fn(&(f64, f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
    let (nn, nb, bb) = (sum(|p| p.0 * p.0), sum(|p| p.0 * p.1), sum(|p| p.1 * p.1));
    let (nh, bh) = (sum(|p| p.0 * p.2), sum(|p| p.1 * p.2));
    let determinant = nn * bb - nb * nb;
    let apart = bytes > 0.0 && determinant > 1e-6 * nn * bb;
    let (mut a, mut b) = match apart {
        true => ((nh * bb - bh * nb) / determinant, (bh * nn - nh * nb) / determinant),
        false => (total / calls, 0.0),
    };
    // A part that explains less than a tenth is noise.
    if b * bytes < total / 10.0 {
        (a, b) = (total / calls, 0.0);
    } else if a * calls < total / 10.0 {
        (a, b) = (0.0, total / bytes);
    }
    Growth {
        from: first.held,
        to: last.held,
        calls: samples.len() as u32 - 1,
        per_call: a.round() as u64,
        per_kibibyte: (b * 1024.0).round() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: u64 = 64 << 10;

    /// Samples of a heap of `start` pages that grows as `size` of the call and its bytes says.
    fn samples(calls: u64, start: u64, size: impl Fn(u64, u64) -> u64) -> Vec<Sample> {
        let mut bytes = 0;
        let call = |call| {
            let arguments = if call % 8 == 4 && (call / 64) % 2 == 0 { 16 << 10 } else { 5 };
            bytes += arguments;
            let pages = start + size(call, bytes).div_ceil(PAGE);
            Sample { held: pages * PAGE, arguments }
        };
        (0..calls).map(call).collect()
    }

    fn steady(trend: Trend) -> Growth {
        let Trend::Steady(growth) = trend else { panic!("{trend:?}") };
        growth
    }

    #[test]
    fn a_leak_is_per_call_or_per_byte() {
        let growth = steady(memory(&samples(2000, 2, |call, _| call * 1000)));
        assert!((900..1100).contains(&growth.per_call), "{growth:?}");
        assert_eq!(growth.per_kibibyte, 0);
        let growth = steady(memory(&samples(2000, 2, |_, bytes| bytes)));
        assert!((950..1100).contains(&growth.per_kibibyte), "{growth:?}");
        assert_eq!(growth.per_call, 0);
    }

    #[test]
    fn a_doubling_heap_is_a_leak_if_it_continues() {
        let doubling = |call: u64, _| (call * 2000).next_power_of_two();
        assert!(matches!(memory(&samples(2000, 0, doubling)), Trend::Steady(_)));
        let settles = |call: u64, _| (call.min(300) * 2000).next_power_of_two();
        assert_eq!(memory(&samples(2000, 0, settles)), Trend::Settled);
    }

    #[test]
    fn a_collected_heap_is_only_suspected() {
        assert_eq!(memory(&samples(2000, 80, |call, _| call * 1000)), Trend::Suspected);
        assert_eq!(memory(&samples(2000, 2, |call, _| call.min(3))), Trend::Settled);
        assert_eq!(memory(&samples(2000, 2, |call, _| call / 1000 * PAGE)), Trend::Suspected);
    }

    #[test]
    fn handles_are_counted_as_they_are() {
        let handles = |call: u64| Sample { held: 3 + call, arguments: 0 };
        let growth = steady(count(&(0..200).map(handles).collect::<Vec<_>>()));
        assert_eq!((growth.per_call, growth.per_kibibyte), (1, 0));
    }

    #[test]
    fn handles_that_a_collector_drops_are_only_suspected() {
        let handles = |call: u64| Sample { held: 3 + call % 900, arguments: 0 };
        let of = |calls| count(&(0..calls).map(handles).collect::<Vec<_>>());
        assert!(matches!(of(500), Trend::Steady(_)));
        assert_eq!(of(2650), Trend::Suspected);
    }
}
