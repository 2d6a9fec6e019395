//! The orders that are tried, those with fewer switches first and none twice: an order is what deviates from the usual one, so
//! two of them differ where the first deviation differs.

use std::collections::VecDeque;

use super::order::{Course, Deviation, Order};
use crate::observation::overlap::SWITCHES;

/// Steps of an order from which others branch off.
const MOST_STEPS: usize = 24;

/// What is left to try.
pub(super) struct Orders(VecDeque<Order>);

impl Orders {
    pub(super) fn new() -> Self {
        // All calls at once, because the host does not order what a call does that yields; and one after the other.
        Orders([Order::at_once(), Order::default()].into())
    }

    pub(super) fn next(&mut self) -> Option<Order> {
        self.0.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the orders with one more switch than this one, which took this course.
    pub(super) fn branch(&mut self, order: &Order, course: &Course<'_>) {
        if order.deviations.len() >= SWITCHES {
            return;
        }
        let from = order.deviations.last().map_or(0, |it| it.step + 1);
        let steps = course.choices.iter().enumerate().take(MOST_STEPS).skip(from);
        let deviations = steps.flat_map(|(step, choices)| {
            (1..*choices).map(move |choice| Deviation { step, choice })
        });
        self.0.extend(deviations.map(|it| order.and(it)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::order;
    use super::*;
    use crate::exec::worker::host::gate::Event;
    use crate::exec::worker::instance::Scheduler;

    /// Runs calls that wait for this many events each, their beginnings among them. Returns the text of the order.
    fn run(order: &Order, waits: &[usize]) -> (String, usize, Vec<usize>) {
        let mut course = Course::of(order);
        let mut left = waits.to_vec();
        let mut numbers: Vec<_> = (0..waits.len() as u64).collect();
        let mut next = waits.len() as u64;
        loop {
            let held = left.iter().enumerate().filter(|(_, left)| **left > 0);
            let mut held: Vec<_> = held
                .map(|(call, _)| Event { number: numbers[call], call, what: String::new() })
                .collect();
            held.sort_by_key(|event| event.number);
            if held.is_empty() {
                break;
            }
            for index in course.next(&held) {
                let call = held[index].call;
                left[call] -= 1;
                (numbers[call], next) = (next, next + 1);
            }
        }
        let text = order::text(waits.iter().map(|_| (0, 0)), &course);
        (text, order.deviations.len(), course.choices.clone())
    }

    /// The texts of all orders that are tried, with the switches of each.
    fn tried(waits: &[usize]) -> Vec<(String, usize)> {
        let mut orders = Orders::new();
        let mut texts = Vec::new();
        while let Some(order) = orders.next() {
            let (text, switches, choices) = run(&order, waits);
            let mut course = Course::of(&order);
            course.choices = choices;
            orders.branch(&order, &course);
            texts.push((text, switches));
        }
        texts
    }

    /// The sequences of letters in which each call occurs as often as it waits, with fewer deviations than [`SWITCHES`]
    /// from the usual order: the same call as before while it can, else the first that can.
    fn expected(waits: &[usize]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![(String::new(), waits.to_vec(), None::<usize>, 0)];
        while let Some((text, left, last, switches)) = open.pop() {
            let can: Vec<_> = (0..left.len()).filter(|call| left[*call] > 0).collect();
            if can.is_empty() {
                found.insert(text);
                continue;
            }
            let usual = last.filter(|call| left[*call] > 0).unwrap_or(can[0]);
            for call in can {
                let switches = switches + usize::from(call != usual);
                if switches <= SWITCHES {
                    let mut left = left.clone();
                    left[call] -= 1;
                    let letter = char::from(b'A' + call as u8);
                    open.push((format!("{text}{letter}"), left, Some(call), switches));
                }
            }
        }
        found
    }

    #[test]
    fn every_order_with_few_switches_is_tried_once() {
        for waits in [&[3, 3][..], &[5, 2], &[1, 4], &[3, 3, 3]] {
            let texts = tried(waits);
            let distinct: BTreeSet<_> = texts.iter().map(|(text, _)| text).collect();
            assert_eq!(distinct.len(), texts.len(), "{waits:?}: an order is tried twice");
            assert!(texts.iter().map(|(_, switches)| switches).is_sorted(), "{waits:?}");
            let steps = |text: &String| text.split_once(':').unwrap().1.to_owned();
            let one_by_one = texts.iter().map(|(text, _)| steps(text));
            let one_by_one: BTreeSet<_> = one_by_one.filter(|text| !text.contains('&')).collect();
            assert_eq!(one_by_one, expected(waits), "{waits:?}");
        }
    }
}
