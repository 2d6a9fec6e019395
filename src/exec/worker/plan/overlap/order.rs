//! An order of the events that overlapping calls wait for, and its text.

use std::fmt::Write;

use crate::exec::worker::host::gate::Event;
use crate::exec::worker::instance::Scheduler;
use crate::observation::overlap::call_name;

/// Which events happen in which order. Without deviations a call goes on as long as it can, and then the next one begins.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    /// Whether all calls begin at once.
    at_once: bool,
    /// The calls in the order in which they run, if that is not that of their numbers; others run after them.
    sequence: Vec<usize>,
    /// Where another event happens, in the order of their steps.
    pub(super) deviations: Vec<Deviation>,
    /// The picks of an order that was recorded.
    recorded: Vec<Pick>,
}

/// A step at which another event than usual happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deviation {
    pub(super) step: usize,
    /// Which of the events that are possible; 0 is the usual one.
    pub(super) choice: usize,
}

/// An event that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) call: usize,
    /// How many older events the call waited for.
    older: usize,
    pub(crate) at_once: bool,
}

impl Pick {
    /// The same pick, if its call is the only one.
    pub(crate) fn alone(self) -> Self {
        Pick { call: 0, at_once: false, ..self }
    }
}

impl Order {
    pub(super) fn at_once() -> Self {
        Order { at_once: true, ..Order::default() }
    }

    pub(crate) fn sequence(sequence: Vec<usize>) -> Self {
        Order { sequence, ..Order::default() }
    }

    /// The order of these picks. After them, `first` goes on as long as it can.
    pub(crate) fn led(picks: Vec<Pick>, first: usize) -> Self {
        Order { recorded: picks, sequence: vec![first], ..Order::default() }
    }

    /// The picks of an order that was recorded.
    pub(crate) fn picks(&self) -> &[Pick] {
        &self.recorded
    }

    pub(super) fn and(&self, deviation: Deviation) -> Self {
        let mut order = self.clone();
        order.deviations.push(deviation);
        order
    }
}

/// The course of some calls in an order.
#[derive(Debug)]
pub(crate) struct Course<'o> {
    order: &'o Order,
    /// At each step, how many events were possible.
    pub(super) choices: Vec<usize>,
    picks: Vec<Pick>,
}

impl<'o> Course<'o> {
    pub(crate) fn of(order: &'o Order) -> Self {
        Course { order, choices: Vec::new(), picks: Vec::new() }
    }

    /// The events that are possible, by index: the usual one first.
    fn possible(&self, held: &[Event]) -> Vec<usize> {
        let last = self.picks.last().map(|it| it.call);
        let rank = |event: &Event| {
            let position = self.order.sequence.iter().position(|it| *it == event.call);
            (position.unwrap_or(usize::MAX), Some(event.call) != last, event.call, event.number)
        };
        let mut possible: Vec<_> = (0..held.len()).collect();
        let usual = possible.iter().copied().min_by_key(|it| rank(&held[*it])).unwrap_or(0);
        possible.retain(|it| *it != usual);
        possible.insert(0, usual);
        possible
    }

    fn recorded(&self, held: &[Event]) -> Option<Vec<usize>> {
        let rest = self.order.recorded.get(self.picks.len()..)?;
        let (first, rest) = rest.split_first()?;
        let together = rest.iter().take_while(|it| it.at_once);
        let index = |pick: &Pick| {
            let of_call = held.iter().enumerate().filter(|(_, event)| event.call == pick.call);
            of_call.map(|(index, _)| index).nth(pick.older)
        };
        let picked: Vec<_> = std::iter::once(first).chain(together).filter_map(index).collect();
        (!picked.is_empty()).then_some(picked)
    }
}

impl Scheduler for Course<'_> {
    fn next(&mut self, held: &[Event]) -> Vec<usize> {
        let possible = self.possible(held);
        let step = self.choices.len();
        let deviation = self.order.deviations.iter().find(|it| it.step == step);
        let choice = deviation.map_or(0, |it| it.choice);
        let chosen = match self.recorded(held) {
            Some(recorded) => recorded,
            None if step == 0 && self.order.at_once => (0..held.len()).collect(),
            None => vec![possible[choice.min(possible.len() - 1)]],
        };
        self.choices.push(if chosen.len() > 1 { 1 } else { possible.len() });
        for (position, index) in chosen.iter().enumerate() {
            let Event { call, number, .. } = held[*index];
            let older = held.iter().filter(|it| it.call == call && it.number < number).count();
            self.picks.push(Pick { call, older, at_once: position > 0 });
        }
        chosen
    }
}

/// The text of calls and of the order in which they ran: `2.0+2.3:A&BAB1`. Each call is the number of its export and that
/// of its arguments; each letter lets an event of a call happen, with the number of older ones that wait; `&` is at the same
/// time as the one before.
pub(super) fn text(calls: impl Iterator<Item = (usize, usize)>, course: &Course<'_>) -> String {
    let calls: Vec<_> = calls.map(|(export, arguments)| format!("{export}.{arguments}")).collect();
    let mut text = calls.join("+");
    text.push(':');
    for pick in &course.picks {
        if pick.at_once {
            text.push('&');
        }
        text.push(call_name(pick.call));
        if pick.older > 0 {
            let _written = write!(text, "{}", pick.older);
        }
    }
    text
}

/// The calls, by export and arguments, and the order in a text; `None` if it is none.
pub(crate) fn parse(text: &str) -> Option<(Vec<(usize, usize)>, Order)> {
    let (calls, steps) = text.split_once(':')?;
    let number = |it: &str| it.parse().ok();
    let calls = calls.split('+').map(|call| {
        let (target, like) = call.split_once('.')?;
        Some((number(target)?, number(like)?))
    });
    let calls = calls.collect::<Option<Vec<_>>>()?;
    let mut recorded: Vec<Pick> = Vec::new();
    let (mut at_once, mut begun) = (false, false);
    for letter in steps.chars() {
        match letter {
            '&' if !at_once && !recorded.is_empty() => at_once = true,
            'A'..='Z' => {
                let call = letter as usize - 'A' as usize;
                recorded.push(Pick { call, older: 0, at_once: std::mem::take(&mut at_once) });
                begun = true;
            }
            '0'..='9' if begun => {
                let pick = recorded.last_mut()?;
                pick.older = (pick.older * 10 + letter as usize - '0' as usize).min(1 << 16);
            }
            _ => return None,
        }
    }
    let valid = (1..=MOST_CALLS).contains(&calls.len())
        && !at_once
        && recorded.iter().all(|it| it.call < calls.len());
    valid.then(|| (calls, Order { recorded, ..Order::default() }))
}

/// Most calls at the same time.
const MOST_CALLS: usize = 3;

/// All sequences of some calls.
pub(crate) fn sequences(calls: usize) -> Vec<Vec<usize>> {
    let mut sequences = vec![Vec::new()];
    for call in 0..calls {
        let longer = sequences.iter().flat_map(|sequence: &Vec<usize>| {
            (0..=sequence.len()).map(move |at| {
                let mut sequence = sequence.clone();
                sequence.insert(at, call);
                sequence
            })
        });
        sequences = longer.collect();
    }
    sequences.sort();
    sequences
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: u64, call: usize) -> Event {
        Event { number, call, what: String::new() }
    }

    #[test]
    fn a_call_goes_on_as_long_as_it_can() {
        let order = Order::default();
        let mut course = Course::of(&order);
        assert_eq!(course.next(&[event(0, 0), event(1, 1)]), [0]);
        assert_eq!(course.next(&[event(1, 1), event(2, 0)]), [1]);
        assert_eq!(course.next(&[event(1, 1)]), [0]);
        assert_eq!(course.choices, [2, 2, 1]);
    }

    #[test]
    fn a_deviation_switches_and_the_other_call_goes_on() {
        let order = Order::default().and(Deviation { step: 1, choice: 1 });
        let mut course = Course::of(&order);
        assert_eq!(course.next(&[event(0, 0), event(1, 1)]), [0]);
        assert_eq!(course.next(&[event(1, 1), event(2, 0)]), [0]);
        assert_eq!(course.next(&[event(2, 0), event(3, 1)]), [1]);
    }

    #[test]
    fn a_text_repeats_its_order() {
        let (calls, order) = parse("2.0+0.3:A&BAB1").expect("it is one");
        assert_eq!(calls, [(2, 0), (0, 3)]);
        let mut course = Course::of(&order);
        assert_eq!(course.next(&[event(0, 0), event(1, 1)]), [0, 1]);
        assert_eq!(course.next(&[event(2, 1), event(3, 0)]), [1]);
        assert_eq!(course.next(&[event(2, 1), event(4, 1)]), [1]);
        for text in
            ["", "A", "0.0:", "0:A", "0.0:B", "0.0:&A", "0.0:A&", "0.0:1", "0.0+0.0+0.0+0.0:A"]
        {
            let is_order = parse(text).is_some();
            assert_eq!(is_order, text == "0.0:", "{text}");
        }
    }

    #[test]
    fn three_calls_have_six_sequences() {
        let all = sequences(3);
        assert_eq!(all.len(), 6);
        assert_eq!((&all[0], &all[5]), (&vec![0, 1, 2], &vec![2, 1, 0]));
    }
}
