//! Random numbers that are the same in every run and in every call, so that two equal calls differ only by what the
//! instance keeps.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use rand::TryRng;

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014): small, and the same on every
/// machine and in every version.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix(u64);

impl SplitMix {
    pub(crate) fn new(seed: u64) -> Self {
        SplitMix(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The random numbers of one instance.
#[derive(Clone)]
pub(super) struct Random {
    seed: u64,
    sequence: Arc<Mutex<SplitMix>>,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Random { seed, sequence: Arc::new(Mutex::new(SplitMix::new(seed))) }
    }

    /// Starts the sequence again.
    pub(super) fn begin(&self) {
        *self.sequence.lock().unwrap_or_else(PoisonError::into_inner) = SplitMix::new(self.seed);
    }

    fn next(&self) -> u64 {
        self.sequence.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
