//! Why a call differs from its reference call: which part of the state that earlier calls left has to be put back so that
//! it does not, and which part makes a fresh instance do the same. Finds out by experiments on a component with accessors
//! to its state. `docs/execution.md` describes them.

mod described;
mod difference;
mod edit;
mod leak;
mod minimize;
mod race;
mod search;
mod trial;
mod which;

use std::io;

use super::budget;
use super::plan::subject::Subject;
use super::prepared::Prepared;
use super::probes::Probed;
use crate::exec::protocol::Message;
use crate::observation::cause::{Cause, Switch, SwitchMoment};
use crate::observation::overlap::Schedule;
use crate::observation::{Inconclusive, ObservedExport};
use described::described;
use difference::Part;
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
    let mut wanted = Vec::new();
    for (target, export) in observed.iter().enumerate() {
        let of_calls = export.iter().flat_map(|export| which::of(prepared, target, export));
        wanted.extend(of_calls.map(|(target, it)| (target, Wanted::Call(it))));
    }
    for (target, export) in observed.iter().enumerate() {
        let overlapping = export.as_ref().and_then(|it| it.overlapping.as_ref()?.found.as_ref());
        let differing = overlapping.filter(|it| it.disturbance().is_some());
        wanted.extend(differing.map(|schedule| (target, Wanted::Overlap(schedule))));
    }
    if wanted.is_empty() || prepared.settings.cause_budget == 0 {
        return Ok(());
    }
    let probed = probe();
    let mut known: Vec<Vec<Part>> = Vec::new();
    for (done, (target, difference)) in wanted.iter().enumerate() {
        let cause = match &probed {
            None => {
                let detail = "the component cannot be written again with accessors to its state";
                Cause {
                    unknown: Some(Inconclusive::new("unreadable", detail)),
                    ..difference.cause()
                }
            }
            Some(probed) => {
                // What one difference does not use is left for the others.
                let share = left / (wanted.len() - done) as u64;
                let subject = Subject::with_fuel(&probed.0, *target, share);
                let cause = difference.search(&subject, probed, &mut known).await;
                left = left.saturating_sub(share.saturating_sub(subject.budget.fuel.get()));
                cause
            }
        };
        send(Message::Caused(*target, Box::new(cause)))?;
    }
    Ok(())
}

/// What a cause is wanted of.
enum Wanted<'o> {
    Call(Difference<'o>),
    Overlap(&'o Schedule),
}

impl Wanted<'_> {
    /// Its cause, as long as that is unknown.
    fn cause(&self) -> Cause {
        match self {
            Wanted::Call(difference) => difference.cause(),
            Wanted::Overlap(_) => {
                let switch = Some(Switch { call: 0, moment: SwitchMoment::Begins });
                Cause { switch, ..which::unknown(1, None) }
            }
        }
    }

    /// Searches its cause. One that is not found has one of the reasons `host-state`, `budget`, `size`, `not-reproduced`,
    /// `unreadable` and `clock`.
    async fn search(
        &self,
        subject: &Subject<'_>,
        (prepared, Probed { probes, partial, .. }): &(Prepared, Probed),
        known: &mut Vec<Vec<Part>>,
    ) -> Cause {
        let composition = prepared.composition.as_ref();
        let cause = self.cause();
        let (found, trials) = match self {
            Wanted::Call(difference) => {
                let mut case = Case {
                    subject,
                    probes,
                    before: difference.before.clone(),
                    reference: difference.reference.clone(),
                    index: difference.index,
                    trials: 0,
                };
                let found = match case.baseline(difference.call).await {
                    Ok((mut trials, states)) => search::causes(&mut trials, states, known).await,
                    Err(why) => Err(why),
                };
                let found = found.map(|it| described(cause.clone(), &it, probes, composition));
                (found, case.trials)
            }
            Wanted::Overlap(schedule) => {
                let (found, trials) = race::search(prepared, subject, probes, schedule).await;
                let found = found.map(|(switch, found)| {
                    let number = switch.call as u32 + 1;
                    let cause = Cause { number, switch: Some(switch), ..cause.clone() };
                    // A host cannot put back what calls change while they run.
                    Cause { changed: None, ..described(cause, &found, probes, composition) }
                });
                (found, trials)
            }
        };
        match found {
            Ok(found) => Cause { trials, ..found },
            Err(why) if *partial && why.reason == Inconclusive::HOST_STATE => {
                let detail = "a part of the state cannot be read: a shared or 64-bit memory, or a global that \
                              is not a number";
                let unknown = Some(Inconclusive::new("unreadable", detail));
                Cause { trials, unknown, ..cause }
            }
            Err(why) => Cause { trials, unknown: Some(why), ..cause },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::search::Trials;
    use super::*;
    use crate::exec::protocol::Request;
    use crate::exec::settings::{Settings, Target};
    use crate::exec::worker::host::Provided;
    use crate::exec::worker::link::prepare;
    use crate::exec::worker::probes::Probe;
    use crate::exec::worker::{plan, probes};
    use crate::location::ExportName;
    use crate::observation::CallPath;
    use crate::observation::cause::StatePlace;
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
            let (mut trials, base) = case.baseline(&observed).await.unwrap();
            let flag = [Part::Bytes { value: 0, at: 64, length: 4 }];
            let elsewhere = [Part::Bytes { value: 0, at: 5000, length: 8 }];
            assert!(trials.is_mended(&flag, &base).await.unwrap());
            assert!(!trials.is_mended(&elsewhere, &base).await.unwrap());
            assert!(!trials.is_mended(&[], &base).await.unwrap());
            // Put into a fresh instance, it makes the first call answer what the second one did.
            assert!(trials.is_broken(&flag, &[], &base).await.unwrap());
            assert!(!trials.is_broken(&elsewhere, &[], &base).await.unwrap());
        });
    }

    #[test]
    fn where_calls_overlap_what_another_one_changes_is_found() {
        let text = r#"(component
            (core func $return (canon task.return (result u32)))
            (core module $m
                (import "" "return" (func $return (param i32)))
                (memory 1)
                (global $inside (mut i32) (i32.const 0))
                (func (export "inside") (result i32)
                    (i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1)))
                    (global.set $inside (i32.add (global.get $inside) (i32.const 1)))
                    (i32.const 1)) ;; yield
                (func (export "callback") (param i32 i32 i32) (result i32)
                    (call $return (global.get $inside))
                    (global.set $inside (i32.sub (global.get $inside) (i32.const 1)))
                    (i32.const 0))) ;; exit
            (core instance $i (instantiate $m (with "" (instance (export "return" (func $return))))))
            (func (export "inside") async (result u32)
                (canon lift (core func $i "inside") async (callback (core func $i "callback")))))"#;
        causes(text, &["inside"], 3000, async |_, _, found, _| {
            let [(0, cause)] = found else { panic!("{found:?}") };
            assert_eq!(cause.switch, Some(Switch { call: 0, moment: SwitchMoment::Yields }));
            let [change] = cause.necessary.as_slice() else { panic!("{cause:?}") };
            assert_eq!(change.place, StatePlace::Global { index: 0 });
            let values = [&change.before, &change.after];
            assert_eq!(values, ["0100000000000000", "0200000000000000"]);
            assert_eq!(cause.sufficient, cause.necessary);
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
