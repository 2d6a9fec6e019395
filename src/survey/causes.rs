//! The causes of differences, with the names of variables, globals and functions.

use rustc_hash::FxHashMap;

use super::names::{Names, Variable, global_name};
use crate::component::core_module::CoreModule;
use crate::component::index_space::{CoreModuleId, GlobalIdx, Idx};
use crate::facts::Facts;
use crate::facts::survival::runtime;
use crate::inventory::{Cause, Part, Reset, Runtime, Survival, Survivor, Switch, SwitchMoment};
use crate::location::{ExportName, ItemKind, Location, Span, Step};
use crate::observation::ObservedExport;
use crate::observation::cause::{self, Change, StatePlace};
use crate::observation::overlap::call_name;

/// The largest value that is printed in decimal.
const DECIMAL: u64 = 0xffff;
/// Bytes of a word.
const WORD: u64 = 4;

/// The causes of an export's differences. `survivals` are what the code of exports may write: of this one, and of those
/// whose calls make the differences.
pub fn of(
    facts: &Facts<'_>,
    seen: &ObservedExport,
    survivals: &FxHashMap<ExportName, Survival>,
) -> Vec<Cause> {
    let mut names = FxHashMap::default();
    let named = seen.causes.iter().map(|cause| {
        // The export whose call makes the difference explains it best.
        let others = overlapping(seen).filter(|_| cause.switch.is_some());
        let exports = cause.after.iter().chain([&seen.export]).chain(others);
        let locations = exports.filter_map(|name| survivals.get(name)).flat_map(|it| &it.locations);
        let named = named(facts, &mut names, cause, &locations.collect::<Vec<_>>());
        Cause { switch: cause.switch.as_ref().map(|it| switch(seen, it)), ..named }
    });
    named.collect()
}

/// The exports of the calls that overlap and differ from calls in sequence, in their order.
pub fn overlapping(seen: &ObservedExport) -> impl Iterator<Item = &ExportName> {
    let schedule = seen.overlapping.as_ref().and_then(|it| it.found.as_ref());
    schedule.into_iter().flat_map(|it| &it.calls).map(|it| &it.export)
}

/// Which call is disturbed, with its name.
fn switch(seen: &ObservedExport, switch: &cause::Switch) -> Switch {
    let (moment, waits_for) = match &switch.moment {
        cause::SwitchMoment::Begins => (SwitchMoment::Begins, None),
        cause::SwitchMoment::Waits(what) => {
            (SwitchMoment::Waits, Some(what.clone()).filter(|it| !it.is_empty()))
        }
        cause::SwitchMoment::Yields => (SwitchMoment::Yields, None),
        cause::SwitchMoment::Afterwards => (SwitchMoment::Afterwards, None),
    };
    let mut exports: Vec<_> = overlapping(seen).map(ToString::to_string).collect();
    exports.dedup();
    let call = match moment {
        SwitchMoment::Afterwards => exports.into_iter().nth(switch.call).unwrap_or_default(),
        _ => call_name(switch.call).to_string(),
    };
    Switch { call, moment, waits_for }
}

/// The names of what is in core modules. The debug information of each is read once.
type AllNames<'a> = FxHashMap<CoreModuleId, Names<'a>>;

/// A cause. `locations` are what code may write, the most likely first.
fn named<'a>(
    facts: &'a Facts<'_>,
    names: &mut AllNames<'a>,
    cause: &cause::Cause,
    locations: &[&Survivor],
) -> Cause {
    let mut parts: Vec<Part> = Vec::new();
    for change in cause.changes() {
        for part in parts_of(facts, names, change, locations) {
            let is_known = |it: &Part| {
                (&it.name, it.core_module, it.address, it.global)
                    == (&part.name, part.core_module, part.address, part.global)
            };
            if !parts.iter().any(is_known) {
                parts.push(part);
            }
        }
    }
    // What the program itself keeps explains most.
    parts.sort_by_key(|part| (part.owner.is_some(), !part.named));
    let found = cause.unfinished.unwrap_or(parts.len() as u64 + cause.more);
    parts.truncate(Cause::MOST);
    Cause {
        number: cause.number,
        after: cause.after.clone(),
        switch: None,
        parts,
        found,
        is_unfinished: cause.unfinished.is_some(),
        mends: !cause.necessary.is_empty(),
        suffices: !cause.sufficient.is_empty()
            && (cause.necessary.is_empty() || cause.sufficient == cause.necessary),
        reset: cause.changed.map(|it| Reset {
            bytes: it.bytes,
            pages: it.pages,
            globals: it.globals,
            grown: it.grown,
            table_elements: it.table_elements,
        }),
        trials: cause.trials,
        unknown: cause.unknown.clone().map(|it| (it.reason, it.detail)),
    }
}

/// A change, in the variables that hold it.
fn parts_of<'a>(
    facts: &'a Facts<'_>,
    names: &mut AllNames<'a>,
    change: &Change,
    locations: &[&Survivor],
) -> Vec<Part> {
    let modules = facts.component.core_modules.iter().map(|(_, module)| module);
    let module =
        change.module.and_then(|start| modules.into_iter().find(|it| it.span.start == start));
    let unknown = Part {
        name: String::new(),
        named: false,
        owner: None,
        core_module: module.map(|module| module.id.raw()),
        address: None,
        bytes: None,
        global: None,
        before: String::new(),
        after: String::new(),
        writers: Vec::new(),
        readers: Vec::new(),
        declared: None,
        location: None,
        store: None,
    };
    let location = |module: &CoreModule<'_>, kind, index, name: &str| {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        let step = Step { kind, index, name };
        let start = module.span.start;
        Some(Location { path: vec![module.step(), step], span: Span::new(start, start) })
    };
    let adapters = &facts.provenance.adapters;
    let in_adapter =
        module.is_some_and(|it| adapters.iter().any(|adapter| adapter.module == it.id));
    let of_adapter = in_adapter.then(|| Runtime::Adapter.words().to_owned());
    match change.place {
        StatePlace::Size { index } => {
            let pages = |hex: &str| format!("{} KiB", number(hex).unwrap_or_default() * 64);
            vec![Part {
                name: "the size of the memory".to_owned(),
                before: pages(&change.before),
                after: pages(&change.after),
                location: module.and_then(|it| location(it, ItemKind::Memory, index, "")),
                ..unknown
            }]
        }
        StatePlace::Global { index } => {
            let name = module.and_then(|it| global_name(it, GlobalIdx::new(index)));
            let place = match module {
                Some(module) => format!("global {index} of core module {}", module.id.raw()),
                None => format!("global {index} of a plugged-in component"),
            };
            let is_it =
                |it: &&&Survivor| it.global == Some(index) && Some(it.owner) == unknown.core_module;
            let known = locations.iter().find(is_it).copied();
            let part = Part {
                named: name.is_some(),
                name: name.unwrap_or(place),
                owner: of_adapter,
                global: Some(index),
                before: value(number(&change.before)),
                after: value(number(&change.after)),
                location: module.and_then(|it| location(it, ItemKind::Global, index, "")),
                ..unknown
            };
            vec![with_code(part, known)]
        }
        StatePlace::Memory { index, address, length, from } => {
            let Some(module) = module else {
                let name = format!("{length} bytes at {address:#x} of a plugged-in component");
                return vec![Part { name, ..unknown }];
            };
            let names = names.entry(module.id).or_insert_with(|| Names::of(module));
            let heap = runtime::heap(facts.component, module);
            let mut parts = Vec::new();
            let mut at = address;
            while at < address + length {
                let part = variable((names, heap), change, (at, from), locations, &unknown);
                // Static variables of two functions may have one name. Their lines are found by their locations.
                let name = part.address.map(|at| format!("{} at {at:#x}", part.name));
                let location = location(module, ItemKind::Memory, index, &name.unwrap_or_default());
                let part = Part { location, ..part };
                let end = part.address.unwrap_or(at) + part.bytes.unwrap_or(WORD);
                at = end.max(at + 1).next_multiple_of(WORD);
                parts.push(part);
            }
            parts
        }
    }
}

/// The variable that holds the first byte that changed in the word at an address; without one, the word, which is one of
/// `heap` if no code names it.
fn variable(
    (names, heap): (&Names<'_>, Option<&str>),
    change: &Change,
    (at, from): (u64, u64),
    locations: &[&Survivor],
    unknown: &Part,
) -> Part {
    let byte = |hex: &str, at: u64| {
        let at = 2 * usize::try_from(at.checked_sub(from)?).ok()?;
        hex.get(at..at + 2).map(str::to_owned)
    };
    let changed = |at: &u64| byte(&change.before, *at) != byte(&change.after, *at);
    let at = (at..at + WORD).find(changed).unwrap_or(at);
    let covers = |it: &&&Survivor| {
        Some(it.owner) == unknown.core_module
            && it.address.is_some_and(|start| (start..start + it.bytes.unwrap_or(1)).contains(&at))
    };
    let known = locations.iter().find(covers).copied();
    let words = |start: u64, length: u64| {
        let bytes = |hex: &str| {
            let start = 2 * usize::try_from(start.checked_sub(from)?).ok()?;
            number(hex.get(start..start + 2 * usize::try_from(length).ok()?)?)
        };
        [bytes(&change.before), bytes(&change.after)].map(value)
    };
    let data = || {
        let (start, (length, name)) = names.data.range(..=at).next_back()?;
        let inside = at - start;
        let (name, bytes) = ((*name).to_owned(), Some(*length));
        (inside < *length).then_some(Variable {
            name,
            start: *start,
            bytes,
            inside,
            declared: None,
        })
    };
    let part = match names.variable(at).or_else(data) {
        Some(Variable { name, start, bytes, inside, declared }) => {
            let file = declared.as_ref().map(|it| it.path.as_str());
            let owner = owner(&name, file);
            let (first, length) = match bytes {
                Some(bytes @ (1 | 2 | 4 | 8)) => (start, bytes),
                // A part of a structure or a list.
                _ => (at / WORD * WORD, WORD),
            };
            let [before, after] = words(first, length);
            let name = match bytes {
                Some(1 | 2 | 4 | 8) => name,
                _ if inside < WORD => name,
                _ => format!("{name}+{:#x}", inside / WORD * WORD),
            };
            let (address, bytes) = (Some(first), Some(length));
            Part {
                name,
                named: true,
                owner,
                address,
                bytes,
                before,
                after,
                declared,
                ..unknown.clone()
            }
        }
        None => {
            let start = known
                .and_then(|it| it.address)
                .filter(|start| *start <= at)
                .unwrap_or(at / WORD * WORD);
            let length = known.and_then(|it| it.bytes).filter(|it| matches!(it, 1 | 2 | 4 | 8));
            let (start, length) = length.map_or((at / WORD * WORD, WORD), |length| (start, length));
            let [before, after] = words(start, length);
            let heap = heap.filter(|_| known.is_none()).unwrap_or("the memory");
            let name = format!("{heap} at {start:#x}");
            let (address, bytes) = (Some(start), Some(length));
            Part { name, address, bytes, before, after, ..unknown.clone() }
        }
    };
    with_code(part, known)
}

/// Adds what the code says of a location.
fn with_code(part: Part, known: Option<&Survivor>) -> Part {
    let Some(known) = known else { return part };
    Part {
        owner: part.owner.or_else(|| known.runtime.map(|it| it.words().to_owned())),
        writers: known.writers.clone(),
        readers: known.readers.clone(),
        store: known.store.clone(),
        ..part
    }
}

/// Whose a variable is, if not the program's own.
fn owner(name: &str, file: Option<&str>) -> Option<String> {
    let purpose = runtime::purpose(name, file).map(str::to_owned);
    purpose.or_else(|| runtime::of_variable(name, file).map(|it| it.words().to_owned()))
}

/// The number whose bytes, least first, are written in hexadecimal.
fn number(hex: &str) -> Option<u64> {
    let digits = hex.as_bytes().chunks(2).take(8).rev();
    let mut number = 0;
    for byte in digits {
        let byte = std::str::from_utf8(byte).ok()?;
        number = number << 8 | u64::from(u8::from_str_radix(byte, 16).ok()?);
    }
    (!hex.is_empty()).then_some(number)
}

fn value(number: Option<u64>) -> String {
    match number {
        None => String::new(),
        Some(number @ 0..=DECIMAL) => number.to_string(),
        Some(number) => format!("{number:#x}"),
    }
}
