//! Why a call differs from its reference call: which part of the state that earlier calls left has to be put back so that
//! it does not, and which part makes a fresh instance do the same. Finds out by experiments on a component with accessors
//! to its state. `docs/execution.md` describes them.

mod difference;
mod leak;
mod minimize;
mod search;
mod trial;
mod which;

use std::io;

use super::budget;
use super::plan::subject::Subject;
use super::prepared::Prepared;
use super::probes::{Cell, Memory, Probe, Probed, Value};
use crate::composition::{Composition, Origin};
use crate::exec::protocol::Message;
use crate::observation::cause::{Cause, Change, Changed, StatePlace};
use crate::observation::{Inconclusive, ObservedExport};
use difference::Part;
use search::Found;
use trial::Case;
use which::Difference;

/// Finds the causes of what was observed, and sends them. `probe` makes the component with accessors; it is called at most
/// once.
pub(super) async fn run(
    prepared: &Prepared,
    probe: impl FnOnce() -> Option<(Prepared, Probed)>,
    observed: &[Option<ObservedExport>],
    send: impl Fn(Message) -> io::Result<()>,
) -> io::Result<()> {
    let mut left = budget::operators(prepared.settings.cause_budget);
    leak::run(prepared, observed, &mut left, &send).await?;
    let differences = observed.iter().enumerate().flat_map(|(target, export)| {
        let export = export.iter();
        export.flat_map(move |export| which::of(prepared, target, export))
    });
    let differences: Vec<(usize, Difference<'_>)> = differences.collect();
    if differences.is_empty() || prepared.settings.cause_budget == 0 {
        return Ok(());
    }
    let probed = probe();
    let mut known: Vec<Vec<Part>> = Vec::new();
    for (done, (target, difference)) in differences.iter().enumerate() {
        let cause = match &probed {
            None => {
                let detail = "the component cannot be written again with accessors to its state";
                difference.unknown(Inconclusive::new("unreadable", detail))
            }
            Some((probed, Probed { probes, partial, .. })) => {
                // What one difference does not use is left for the others.
                let share = left / (differences.len() - done) as u64;
                let subject = Subject::with_fuel(probed, *target, share);
                let case = Case {
                    subject: &subject,
                    probes,
                    before: difference.before.clone(),
                    reference: difference.reference.clone(),
                    index: difference.index,
                    trials: 0,
                };
                let (found, trials) = search::search(case, difference.call, &mut known).await;
                left = left.saturating_sub(share.saturating_sub(subject.budget.fuel.get()));
                let cause = match found {
                    Ok(found) => described(difference, &found, probes, probed.composition.as_ref()),
                    Err(why) if *partial && why.reason == "host-state" => {
                        let detail = "a part of the state cannot be read: a shared or 64-bit memory, or a global \
                                      that is not a number";
                        difference.unknown(Inconclusive::new("unreadable", detail))
                    }
                    Err(why) => difference.unknown(why),
                };
                Cause { trials, ..cause }
            }
        };
        send(Message::Caused(*target, Box::new(cause)))?;
    }
    Ok(())
}

/// A cause in plain values.
fn described(
    difference: &Difference<'_>,
    found: &Found,
    probes: &[Probe],
    composition: Option<&Composition>,
) -> Cause {
    // Each is a word or a global.
    let smallest = [&found.necessary, &found.sufficient].into_iter().find(|it| !it.is_empty());
    let words = smallest.map_or(0, Vec::len);
    let is_unfinished = found.is_spent && words > Cause::FEW;
    let changes = |parts: &[Part]| {
        let most = if is_unfinished { Cause::FEW } else { Cause::MOST };
        let parts = difference::joined(&parts[..parts.len().min(most)]);
        let mut changes: Vec<_> =
            parts.iter().filter_map(|part| change(*part, found, probes, composition)).collect();
        changes.sort();
        changes
    };
    let sizes = found.sizes.iter().filter_map(|value| {
        let (Value::Memory(fresh), Value::Memory(later)) =
            (&found.fresh[*value], &found.later[*value])
        else {
            return None;
        };
        let Cell::Memory(index) = probes[*value].cell else { return None };
        let pages = |memory: &Memory| hex(&((memory.len() >> 16) as u32).to_le_bytes());
        let place = StatePlace::Size { index };
        Some(placed(&probes[*value], composition, place, pages(fresh), pages(later)))
    });
    let mut sufficient = changes(&found.sufficient);
    sufficient.extend(sizes);
    Cause {
        number: difference.number,
        after: difference.after.clone(),
        necessary: changes(&found.necessary),
        sufficient,
        unfinished: is_unfinished.then_some(words as u64),
        more: if is_unfinished { 0 } else { words.saturating_sub(Cause::MOST) as u64 },
        changed: Some(Changed {
            table_elements: found.table_elements,
            ..difference::amount(&found.fresh, &found.later)
        }),
        trials: 0,
        unknown: None,
    }
}

fn change(
    part: Part,
    found: &Found,
    probes: &[Probe],
    composition: Option<&Composition>,
) -> Option<Change> {
    match part {
        Part::Global(value) => {
            let Cell::Global(index) = probes[value].cell else { return None };
            let bits = |values: &[Value]| match values[value] {
                Value::Global(bits) => hex(&bits.to_le_bytes()),
                Value::Memory(_) => String::new(),
            };
            let place = StatePlace::Global { index };
            let (before, after) = (bits(&found.fresh), bits(&found.later));
            Some(placed(&probes[value], composition, place, before, after))
        }
        Part::Bytes { value, at, length } => {
            let Cell::Memory(index) = probes[value].cell else { return None };
            // Whole words around it, because a variable may begin before the part that changed.
            let from = at / 8 * 8;
            let until = (at + length).next_multiple_of(8).min(from + Change::MOST);
            let bytes = |values: &[Value]| match &values[value] {
                Value::Memory(memory) => hex(&memory.bytes(from, until - from)),
                Value::Global(_) => String::new(),
            };
            let place = StatePlace::Memory {
                index,
                address: at as u64,
                length: length as u64,
                from: from as u64,
            };
            let (before, after) = (bytes(&found.fresh), bytes(&found.later));
            Some(placed(&probes[value], composition, place, before, after))
        }
    }
}

fn placed(
    probe: &Probe,
    composition: Option<&Composition>,
    place: StatePlace,
    before: String,
    after: String,
) -> Change {
    let module = match composition.map(|it| it.origin(probe.module)) {
        None => Some(probe.module),
        Some(Origin::Component(at)) => Some(at),
        Some(Origin::Plugged(_) | Origin::Elsewhere) => None,
    };
    Change { module, instance: probe.instance, place, before, after }
}

fn hex(bytes: &[u8]) -> String {
    crate::digest::hexadecimal(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::protocol::Request;
    use crate::exec::settings::{Settings, Target};
    use crate::exec::worker::host::Provided;
    use crate::exec::worker::link::prepare;
    use crate::exec::worker::{plan, probes};
    use crate::location::ExportName;
    use crate::observation::CallPath;
    use std::cell::RefCell;

    /// A counter behind a flag, next to bytes that every call changes and nothing reads, and a second memory whose size
    /// counts.
    const COMPONENT: &str = r#"(component
        (core module $m
            (memory 2)
            (global $calls (mut i64) (i64.const 0))
            (func (export "count") (result i32)
                (i32.store8 (i32.const 5000) (i32.add (i32.load8_u (i32.const 5000)) (i32.const 7)))
                (i32.store (i32.const 9000) (i32.const -1))
                (if (i32.load (i32.const 64))
                    (then (i32.store (i32.const 70000) (i32.add (i32.load (i32.const 70000)) (i32.const 1)))))
                (i32.store (i32.const 64) (i32.const 1))
                (i32.add (i32.load (i32.const 64)) (i32.load (i32.const 70000))))
            (func (export "once") (if (i64.ne (global.get $calls) (i64.const 0)) (then unreachable))
                (global.set $calls (i64.const -2)))
            (func (export "grow") (result i32) (memory.grow (i32.const 1))))
        (core instance $i (instantiate $m))
        (func (export "count") (result u32) (canon lift (core func $i "count")))
        (func (export "once") (canon lift (core func $i "once")))
        (func (export "grow") (result u32) (canon lift (core func $i "grow"))))"#;

    fn request(names: &[&str], cause_budget: u64) -> Request {
        let target = |name: &&str| Target {
            number: 0,
            name: ExportName::new(None, name),
            path: vec![(*name).to_owned()],
            internal: false,
        };
        let targets: Vec<_> = names.iter().map(target).collect();
        let settings = Settings { cause_budget, ..Settings::default() };
        Request { settings, wanted: (0..targets.len()).collect(), targets, optimizing: false }
    }

    /// The causes that are found, by target; then `check` is called with what they were found on.
    fn causes(
        text: &str,
        names: &[&str],
        cause_budget: u64,
        check: impl AsyncFn(&Prepared, &[Probe], &[(usize, Cause)], &[CallPath]),
    ) {
        let bytes = wat::parse_str(text).unwrap();
        let mut request = request(names, cause_budget);
        let provided = Provided::take_from(&mut request.settings.script);
        let probed = probes::probe(&bytes).unwrap();
        let (probes, written) = (probed.probes.clone(), probed.bytes.clone());
        let link = |bytes: &[u8]| prepare(&request, provided.clone(), bytes).unwrap().0;
        let (plain, with_probes) = (link(&bytes), link(&written));
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let (found, paths) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
            let observed = plan::run(&plain, &request.wanted, |_| Ok(())).await.unwrap();
            let send = |message| {
                match message {
                    Message::Caused(target, cause) => found.borrow_mut().push((target, *cause)),
                    Message::Leaks(_, _, path) => paths.borrow_mut().push(*path),
                    _ => {}
                }
                Ok(())
            };
            run(&plain, || Some((with_probes, probed)), &observed, send).await.unwrap();
            check(&link(&written), &probes, &found.into_inner(), &paths.into_inner()).await;
        });
    }

    #[test]
    fn a_cause_is_found_and_really_is_one() {
        causes(COMPONENT, &["count", "once", "grow"], 3000, async |probed, probes, found, _| {
            let places: Vec<_> = found
                .iter()
                .map(|(target, it)| (*target, it.changes()[0].place.clone(), it.changes().len()))
                .collect();
            let word = |address| StatePlace::Memory {
                index: 0,
                address,
                length: 4,
                from: address / 8 * 8,
            };
            let expected = [
                (0, word(64), 1),
                (1, StatePlace::Global { index: 0 }, 1),
                (2, StatePlace::Size { index: 0 }, 1),
            ];
            assert_eq!(places, expected);
            let [(_, count), (_, once), _] = found else { panic!("{found:?}") };
            assert_eq!((count.number, once.number), (2, 2));
            assert_eq!(once.changes()[0].before, "0000000000000000");
            assert_eq!(once.changes()[0].after, "feffffffffffffff");
            assert_eq!(once.sufficient, once.necessary);
            let changed = count.changed.unwrap();
            assert_eq!((changed.bytes, changed.pages, changed.globals), (6, 3, 0));

            // In a run of its own: the flag put back gives the fresh answer, and nothing put back does not.
            let subject = Subject::with_fuel(probed, 0, 1 << 30);
            let before = vec![(0, 0)];
            let (reference, trials) = (Vec::new(), 0);
            let mut case = Case { subject: &subject, probes, before, reference, index: 1, trials };
            let (mut live, at) = (subject.start().await.unwrap_or_else(|_| panic!()), 9);
            let fresh = live.call(0, subject.order.arguments(1), at).await.unwrap();
            let mut observed = fresh.call.clone();
            observed.answer = crate::exec::worker::printed::text(b"2");
            let base = case.baseline(&observed).await.unwrap();
            let flag = [Part::Bytes { value: 0, at: 64, length: 4 }];
            let elsewhere = [Part::Bytes { value: 0, at: 5000, length: 8 }];
            assert!(case.is_mended(&flag, &base).await.unwrap());
            assert!(!case.is_mended(&elsewhere, &base).await.unwrap());
            assert!(!case.is_mended(&[], &base).await.unwrap());
            // Put into a fresh instance, it makes the first call answer what the second one did.
            assert!(case.is_broken(&flag, &[], &base).await.unwrap());
            assert!(!case.is_broken(&elsewhere, &[], &base).await.unwrap());
        });
    }

    #[test]
    fn a_leak_has_the_call_path_that_asks_for_memory() {
        let text = r#"(component (core module $m (memory 1)
            (func $sbrk (drop (memory.grow (i32.const 1))))
            (func $keep (call $sbrk))
            (func $tick (export "tick") (call $keep)))
            (core instance $i (instantiate $m))
            (func (export "tick") (canon lift (core func $i "tick"))))"#;
        causes(text, &["tick"], 3000, async |_, _, found, paths| {
            assert!(found.is_empty(), "{found:?}");
            let [path] = paths else { panic!("{paths:?}") };
            let names = path.frames.iter().map(|frame| frame.function.as_deref());
            assert_eq!(names.collect::<Vec<_>>(), ["sbrk", "keep", "tick"].map(Some));
            assert!(path.frames.iter().all(|frame| frame.offset.is_some()));
            assert_eq!((path.seen, path.of), (3, 3));
        });
    }

    #[test]
    fn a_cause_that_is_not_found_says_why() {
        let reason = |(_, cause): &(usize, Cause)| cause.unknown.clone().map(|it| it.reason);
        causes(COMPONENT, &["count"], 1, async |_, _, found, _| {
            assert_eq!(found.iter().map(reason).collect::<Vec<_>>(), [Some("budget".to_owned())]);
        });
        causes(COMPONENT, &["count"], 0, async |_, _, found, _| assert!(found.is_empty()));
    }
}
