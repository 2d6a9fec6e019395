//! Whether the calls of a repaired component on one instance do what those of the original do on fresh ones. Compares
//! observations; knows neither how they were made nor how the component was repaired.

use crate::location::ExportName;
use crate::observation::{Call, End, Inconclusive, Observation, ObservedExport, Repeated};

/// Calls of each export that the comparison needs at least, of each shape of arguments on one instance.
pub const CALLS: u32 = 20;

/// The result of a comparison.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verification {
    /// The exports of which calls were compared.
    pub compared: Vec<Compared>,
    /// What differs: sentences, the first of each export.
    pub differences: Vec<String>,
    /// Exports of which no calls could be compared, and why.
    pub unseen: Vec<(ExportName, String)>,
}

/// An export whose calls were compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The export.
    pub export: ExportName,
    /// Calls that were compared, each on a fresh instance.
    pub fresh: u32,
    /// Calls on one instance that were compared with calls on fresh instances; `None` if the export keeps its state, so
    /// that they need not be alike.
    pub reused: Option<Reused>,
}

/// Calls of an export on one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reused {
    /// Those that were compared with the same calls on fresh instances.
    pub calls: u32,
    /// Those that followed.
    pub repeats: u32,
}

impl Verification {
    /// Whether calls of each export were compared, and all of them were alike.
    pub fn is_complete(&self) -> bool {
        self.differences.is_empty() && self.unseen.is_empty() && !self.compared.is_empty()
    }
}

/// Compares calls of the repaired component with calls of the original. Exports in `keeping` need only be alike on fresh
/// instances. A call of an export in `exiting` that returns `ok` or `err` is like one that exits with success or failure.
pub fn compare(
    original: &Observation,
    repaired: &Observation,
    keeping: &[ExportName],
    exiting: &[ExportName],
) -> Verification {
    let mut result = Verification::default();
    for before in &original.exports {
        let name = &before.export;
        if is_internal(before) {
            continue;
        }
        let Some(after) = repaired.exports.iter().find(|it| it.export == *name) else {
            result.differences.push(format!("`{name}` is missing"));
            continue;
        };
        let keeps = keeping.contains(name);
        let exits = exiting.contains(name);
        if let Some(difference) = difference(before, after, keeps, exits) {
            result.differences.push(difference);
        } else if let Some(why) = unseen(before, after, keeps) {
            result.unseen.push((name.clone(), why));
        } else {
            let reused = (!keeps).then(|| Reused {
                calls: after.reused.len() as u32,
                repeats: after.repeated.as_ref().map_or(0, |it| it.calls),
            });
            let fresh = before.fresh.len().min(after.fresh.len()) as u32;
            result.compared.push(Compared { export: name.clone(), fresh, reused });
        }
    }
    result
}

/// Compares calls of a component with another adapter with calls of the original. Calls on fresh instances have to be alike;
/// a later call on one instance has to be like that of the original, or like one on a fresh instance.
pub fn compare_adapted(original: &Observation, adapted: &Observation) -> Verification {
    let names: Vec<_> = original.exports.iter().map(|it| it.export.clone()).collect();
    let mut adapted = adapted.clone();
    for export in &mut adapted.exports {
        // The version of an interface of the adapter is the adapter's.
        let own = names.iter().find(|it| it.unversioned() == export.export.unversioned());
        export.export = own.unwrap_or(&export.export).clone();
    }
    let mut result = compare(original, &adapted, &names, &[]);
    for before in &original.exports {
        let after = adapted.exports.iter().find(|it| it.export == before.export);
        result.differences.extend(after.and_then(|after| worse(before, after)));
    }
    result
}

/// A call on one instance that is neither like that of the original nor like one on a fresh instance.
fn worse(before: &ObservedExport, after: &ObservedExport) -> Option<String> {
    let of_original: Vec<_> = before.compared().collect();
    let worse = after.compared().find(|(number, reused, twin)| {
        let original = of_original.iter().find(|(it, ..)| it == number);
        !reused.is_like(twin) && !original.is_some_and(|(_, it, _)| reused.is_like(&it.call))
    });
    if let Some((number, reused, twin)) = worse {
        return Some(on_one_instance(&before.export, number, &reused.call, twin));
    }
    let (before, after) = (before.repeated.as_ref()?, after.repeated.as_ref()?);
    let grows = |it: &Repeated| {
        let (first, last) = (&it.first, &it.last);
        let pages = last.memory_pages.saturating_sub(first.memory_pages);
        (pages, last.handles.saturating_sub(first.handles))
    };
    let ((pages, handles), (more_pages, more_handles)) = (grows(before), grows(after));
    (more_pages > pages || more_handles > handles).then(|| {
        format!(
            "repeated calls keep {more_pages} more pages and {more_handles} more handles, and {pages} and {handles} before"
        )
    })
}

/// Whether calls of the original leave it open that a repair is verified: each export that was called returned at least
/// once on a fresh instance, or with `exits` ended in an exit, and needs no call of another one before.
pub fn is_possible(original: &Observation, exits: bool) -> bool {
    original.exports.iter().filter(|it| !is_internal(it)).all(|export| {
        let ends = |call: &Call| match call.end {
            End::Returned => true,
            End::Exited(_) => exits,
            _ => false,
        };
        export.called_first().is_none() && export.fresh.iter().any(ends)
    })
}

fn is_internal(export: &ObservedExport) -> bool {
    let is_internal = |it: &Inconclusive| it.reason.as_str() == Inconclusive::TOOL_INTERNAL;
    export.inconclusive.as_ref().is_some_and(is_internal)
}

/// Why nothing can be said about an export that shows no difference.
fn unseen(before: &ObservedExport, after: &ObservedExport, keeps: bool) -> Option<String> {
    if before.fresh.is_empty() || after.fresh.is_empty() {
        let why = before.inconclusive.as_ref().or(after.inconclusive.as_ref());
        return Some(why.map_or("no call was made".to_owned(), |it| it.detail.clone()));
    }
    if keeps {
        return None;
    }
    if after.reused.len() < 2 {
        let why = after.inconclusive.as_ref().map(|it| it.detail.clone());
        return Some(why.unwrap_or_else(|| "no call returns on a fresh instance".to_owned()));
    }
    if after.repeated.is_none() {
        let why = after.inconclusive.as_ref().map(|it| it.detail.clone());
        return Some(why.unwrap_or_else(|| "its calls were not repeated".to_owned()));
    }
    None
}

/// The first difference of an export's calls, as a sentence.
fn difference(
    before: &ObservedExport,
    after: &ObservedExport,
    keeps: bool,
    exits: bool,
) -> Option<String> {
    let name = &before.export;
    for (number, (call, original)) in (1..).zip(after.fresh.iter().zip(&before.fresh)) {
        let is_alike = call.is_like(original) || exits && is_exit(call, original);
        if !is_alike {
            let (here, there) = apart(call, original);
            return Some(format!(
                "call {number} of `{name}` on a fresh instance {here}, and {there} before the repair"
            ));
        }
    }
    if keeps {
        return None;
    }
    for (number, reused, twin) in after.compared() {
        if !reused.is_like(twin) {
            return Some(on_one_instance(name, number, &reused.call, twin));
        }
    }
    if let Some(repeated) = &after.repeated {
        if let Some(later) = repeated.failed.as_ref().or(repeated.changed.as_ref()) {
            return Some(on_one_instance(name, repeated.last(), &later.call, &later.twin));
        }
        let (first, last) = (repeated.first, repeated.last);
        for (what, first, last) in [
            ("pages of memory", first.memory_pages, last.memory_pages),
            ("table elements", first.table_elements, last.table_elements),
            ("handles", first.handles, last.handles),
            ("tasks", first.concurrent, last.concurrent),
        ] {
            if first != last {
                let calls = repeated.calls;
                return Some(format!(
                    "an instance holds {first} {what}, and {last} after {calls} more calls of `{name}`"
                ));
            }
        }
    }
    let disturbed = after.disturbed.first()?;
    let (here, there) = apart(&disturbed.call, &disturbed.undisturbed);
    let (number, by) = (disturbed.number, &disturbed.by);
    Some(format!("call {number} of `{name}` {here} after a call of `{by}`, and {there} without it"))
}

/// Whether a call returns what an exit of the original means.
fn is_exit(call: &Call, original: &Call) -> bool {
    let answer = match original.end {
        End::Exited(0) => "ok",
        End::Exited(_) => "err",
        _ => return false,
    };
    call.end == End::Returned
        && call.answer.shown == answer
        && call.stdout == original.stdout
        && call.stderr == original.stderr
}

fn on_one_instance(name: &ExportName, number: u32, call: &Call, twin: &Call) -> String {
    let (here, there) = apart(call, twin);
    let subject = call.on_same_instance(name, number);
    format!("{subject} {here}, where a fresh instance {there}")
}

/// What two calls do that is not alike.
fn apart(call: &Call, other: &Call) -> (String, String) {
    let both = |words: &dyn Fn(&Call) -> String| (words(call), words(other));
    let same_end = match (&call.end, &other.end) {
        (End::Trapped(_), End::Trapped(_)) => true,
        (end, other) => end == other,
    };
    if !same_end {
        both(&|it| ending(&it.end))
    } else if call.answer != other.answer {
        both(&|it| format!("answers `{}`", it.answer.shown))
    } else if call.stdout != other.stdout {
        both(&|it| format!("writes `{}` to standard output", it.stdout.shown.trim_end()))
    } else {
        both(&|it| format!("writes `{}` to standard error", it.stderr.shown.trim_end()))
    }
}

fn ending(end: &End) -> String {
    match end {
        End::Returned => "returns".to_owned(),
        End::Trapped(trap) => format!("traps: {}", trap.message),
        End::Exited(status) => format!("exits with status {status}"),
        End::Unanswered => "sends no response".to_owned(),
        End::HeldBack => "is not accepted".to_owned(),
        End::Exhausted(limit) => format!("reaches its limit of {}", limit.name()),
    }
}
