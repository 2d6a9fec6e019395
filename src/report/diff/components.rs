//! Compares two reports: components, then their hosts, exports and findings.

use crate::location::file_name;
use crate::report::diff::findings::{self, Place};
use crate::report::diff::model::{
    Change, Comparison, ComponentChange, ExportChange, FORMAT, Fares, FindingChange, HostChange,
    Input, Known, Presence, Side, Summary, Trend, VERSION,
};
use crate::report::diff::trend;
use crate::report::document::{Artifact, Document, Export, Tool};
use crate::report::matching::{Matching, alone, always};

/// What changed from `old` to `new`. Components are matched by path, else by file name (those with the same bytes first),
/// else by their bytes, else if only one is left on each side.
pub(crate) fn of(old: &Document, new: &Document) -> Comparison {
    let (before, after) = (apart(old), apart(new));
    let mut matching = Matching::new(entries(&before), entries(&after));
    matching.pair(always, |it| it.path.clone());
    matching.pair(always, |it| (file_name(&it.path).to_owned(), it.sha256.clone()));
    matching.pair(always, |it| file_name(&it.path).to_owned());
    matching.pair(always, |it| it.sha256.clone());
    matching.pair(alone, |_| ());
    let mut components = Vec::new();
    for (number, artifact) in after.iter().enumerate() {
        let earlier = matching.pairs.get(&number).and_then(|it| before.get(*it));
        components.push(component(earlier.map(|it| (old, it)), Some((new, artifact))));
    }
    let gone = matching.before.iter().map(|(_, it)| component(Some((old, *it)), None));
    components.extend(gone);
    let side = |document: &Document| Side {
        tool: document.head.tool.clone(),
        run: document.head.run.clone(),
        accepted: document.summary.accepted + document.summary.known,
    };
    Comparison {
        format: FORMAT,
        version: VERSION,
        tool: Tool::this(),
        old: side(old),
        new: side(new),
        summary: summary(&components),
        components,
    }
}

/// The components of a report, also those of which it says only that they are the same as another one.
fn apart(document: &Document) -> Vec<Artifact> {
    let named = |artifact: &Artifact, path: &String| Artifact {
        path: path.clone(),
        also: Vec::new(),
        ..artifact.clone()
    };
    let all = document.artifacts.iter().flat_map(|artifact| {
        [&artifact.path].into_iter().chain(&artifact.also).map(move |path| named(artifact, path))
    });
    all.collect()
}

/// What is to be matched, by its index.
fn entries<T>(all: &[T]) -> Vec<(usize, &T)> {
    all.iter().enumerate().collect()
}

fn component(old: Option<Place<'_>>, new: Option<Place<'_>>) -> ComponentChange {
    let input = |place: Place<'_>| Input {
        path: place.1.path.clone(),
        bytes: place.1.bytes,
        sha256: place.1.sha256.clone(),
    };
    let (before, after) = (old.map(|it| it.1), new.map(|it| it.1));
    let change = match (before, after) {
        (Some(old), Some(new)) if old.sha256 == new.sha256 => Change::Same,
        (Some(_), Some(_)) => Change::Changed,
        (None, _) => Change::Added,
        (_, None) => Change::Removed,
    };
    let (mut hosts, mut exports) = (hosts(before, after), exports(before, after));
    let made_calls = |(document, _): Place<'_>| !document.head.run.static_only;
    // What only the calls of one side show says nothing about the build.
    if old.zip(new).is_some_and(|(old, new)| made_calls(old) != made_calls(new)) {
        let of_exports = exports.iter_mut().map(|it| &mut it.trend);
        for trend in hosts.iter_mut().map(|it| &mut it.trend).chain(of_exports) {
            if matches!(trend, Trend::Worse | Trend::Better) {
                *trend = Trend::Different;
            }
        }
    }
    ComponentChange {
        change,
        old: old.map(input),
        new: new.map(input),
        hosts,
        exports,
        findings: findings::compared(old, new),
    }
}

fn hosts(old: Option<&Artifact>, new: Option<&Artifact>) -> Vec<HostChange> {
    let answers = |artifact: Option<&Artifact>| {
        let answers = artifact.into_iter().flat_map(|it| &it.answers);
        let fares = |outlook, text: &String| Fares { outlook, text: text.clone() };
        answers.map(|it| (it.host.clone(), fares(it.outlook, &it.text))).collect::<Vec<_>>()
    };
    let (mut before, after) = (answers(old), answers(new));
    let mut changes = Vec::new();
    for (host, after) in after {
        let found = before.iter().position(|(it, _)| *it == host);
        let before = found.map(|number| before.remove(number).1);
        let trend = match &before {
            Some(before) => match trend::of_outlooks(before.outlook, after.outlook) {
                Trend::Same if *before != after => Trend::Different,
                trend => trend,
            },
            None => Trend::Different,
        };
        changes.push(HostChange { host, trend, before, after: Some(after) });
    }
    let gone = before.into_iter().map(|(host, before)| HostChange {
        host,
        trend: Trend::Different,
        before: Some(before),
        after: None,
    });
    changes.extend(gone);
    changes
}

fn exports(old: Option<&Artifact>, new: Option<&Artifact>) -> Vec<ExportChange> {
    let (before, after) =
        (old.map_or(&[][..], |it| &it.exports), new.map_or(&[][..], |it| &it.exports));
    let mut matching = Matching::new(entries(before), entries(after));
    matching.pair(always, |it| it.name.as_str().to_owned());
    matching.pair(alone, |it| it.name.unversioned());
    let mut changes = Vec::new();
    for (number, export) in after.iter().enumerate() {
        let earlier = matching.pairs.get(&number).and_then(|it| before.get(*it));
        changes.push(export_change(earlier, export));
    }
    changes.extend(matching.before.iter().map(|(_, export)| ExportChange {
        name: export.name.clone(),
        was_named: None,
        change: Change::Removed,
        trend: Trend::Different,
        before: Some(known(export)),
        after: None,
    }));
    changes
}

fn export_change(old: Option<&Export>, new: &Export) -> ExportChange {
    let (before, after) = (old.map(known), known(new));
    let (change, trend) = match &before {
        None => (Change::Added, Trend::Different),
        Some(before) => {
            let trend = trend::of_verdicts(&before.verdict, &after.verdict);
            let is_same = *before == after;
            let trend = if trend == Trend::Same && !is_same { Trend::Different } else { trend };
            (if is_same { Change::Same } else { Change::Changed }, trend)
        }
    };
    let was_named = old.filter(|old| old.name != new.name).map(|old| old.name.clone());
    ExportChange { name: new.name.clone(), was_named, change, trend, before, after: Some(after) }
}

fn known(export: &Export) -> Known {
    Known { verdict: export.verdict.clone(), evidence: export.evidence, ty: export.ty.clone() }
}

fn summary(components: &[ComponentChange]) -> Summary {
    let findings = || components.iter().flat_map(|it| &it.findings);
    let count = |is: fn(&FindingChange) -> bool| findings().filter(|it| is(it)).count() as u64;
    let trends = components.iter().flat_map(|component| {
        let hosts = component.hosts.iter().map(|it| it.trend);
        hosts.chain(component.exports.iter().map(|it| it.trend))
    });
    Summary {
        new: count(|it| it.presence == Presence::New),
        gone: count(|it| it.presence == Presence::Gone),
        worse: count(|it| (it.presence, it.trend) == (Presence::Kept, Trend::Worse)),
        better: count(|it| (it.presence, it.trend) == (Presence::Kept, Trend::Better)),
        same: count(|it| {
            it.presence == Presence::Kept && !matches!(it.trend, Trend::Worse | Trend::Better)
        }),
        not_compared: count(|it| matches!(it.presence, Presence::NewlySeen | Presence::Unseen)),
        less_known: trends.filter(|it| *it == Trend::LessKnown).count() as u64,
        exit_code: 0,
    }
}
