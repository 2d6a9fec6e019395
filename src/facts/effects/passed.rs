//! The addresses that are passed to one parameter.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::pointer::Address;

/// Most addresses; more of them escape.
const MOST: usize = 4096;
/// Addresses in a list; more are kept in a tree. Most parameters get one or two.
const FEW: usize = 32;

/// The addresses that are passed to one parameter.
#[derive(Debug, Clone)]
pub(super) enum PassedAddresses {
    /// Sorted.
    Few(Vec<Address>),
    Many(BTreeSet<Address>),
}

/// What an address adds to those that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Addition {
    /// Nothing.
    Nothing,
    /// It has to be followed.
    New,
    /// There are too many to follow it.
    TooMany,
}

impl Default for PassedAddresses {
    fn default() -> Self {
        PassedAddresses::Few(Vec::new())
    }
}

impl PassedAddresses {
    pub(super) fn add(&mut self, address: Address) -> Addition {
        if self.len() > MOST {
            return Addition::TooMany;
        }
        if address.covering().is_some_and(|covering| self.has(covering)) || !self.insert(address) {
            return Addition::Nothing;
        }
        Addition::New
    }

    fn len(&self) -> usize {
        match self {
            PassedAddresses::Few(list) => list.len(),
            PassedAddresses::Many(tree) => tree.len(),
        }
    }

    /// Whether one of a range is known.
    fn has(&self, range: RangeInclusive<Address>) -> bool {
        match self {
            PassedAddresses::Few(list) => list.iter().any(|known| range.contains(known)),
            PassedAddresses::Many(tree) => tree.range(range).next().is_some(),
        }
    }

    /// Inserts an address. Whether it was not known.
    fn insert(&mut self, address: Address) -> bool {
        match self {
            PassedAddresses::Few(list) => {
                let Err(at) = list.binary_search(&address) else { return false };
                list.insert(at, address);
                if list.len() > FEW {
                    *self = PassedAddresses::Many(std::mem::take(list).into_iter().collect());
                }
                true
            }
            PassedAddresses::Many(tree) => tree.insert(address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each of the addresses adds to those before it.
    fn additions(addresses: impl IntoIterator<Item = Address>) -> Vec<Addition> {
        let mut passed = PassedAddresses::default();
        addresses.into_iter().map(|address| passed.add(address)).collect()
    }

    #[test]
    fn an_address_is_followed_if_it_may_be_farther_below() {
        let near = |below| Address::Near(2000, below);
        let several =
            [near(8), near(4), near(8), near(12), near(u64::MAX), near(u64::MAX), near(16)];
        use Addition::{New, Nothing};
        let expected = [New, Nothing, Nothing, New, New, Nothing, New];
        assert_eq!(additions(several), expected);
        // Beside so many others that they are kept in a tree.
        let others = (0..100).map(|at| Address::Exact(5000 + at));
        let all = additions(others.chain(several));
        assert!(all[..100].iter().all(|it| *it == New));
        assert_eq!(all[100..], expected);
    }

    #[test]
    fn there_are_at_most_so_many_addresses() {
        let all = additions((0..5000).map(Address::Exact));
        let followed = all.iter().filter(|it| **it == Addition::New).count();
        assert_eq!(followed, MOST + 1);
        assert_eq!(all[MOST + 1..].iter().filter(|it| **it != Addition::TooMany).count(), 0);
    }
}
