//! Makes every text of a document printable: a name in a binary, a guest's words or a saved report may hold control
//! characters, escape sequences of a terminal and marks that change the direction of writing. Formats get no others,
//! except in the paths of files, which stay exact so that editors find them, and which each format escapes in its way.
//!
//! Every struct is taken apart without `..`, so that a new member cannot be forgotten.

use std::collections::BTreeMap;

use crate::finding::{Moment, Timeline};
use crate::inventory::{Fetched, Part, Switch, Wrapping};
use crate::location::ExportName;
use crate::report::answer::Answer;
use crate::report::document::artifact::{
    AdapterItem, Artifact, Export, ImpliedHost, Origin, Releases,
};
use crate::report::document::calls::{Call, Outcome};
use crate::report::document::cause::{Cause, CausePart};
use crate::report::document::diagnostic::Diagnostic;
use crate::report::document::finding::{Finding, FindingPlace, Fix, Hosts};
use crate::report::document::model::{Document, Failure, Head, Options, Tool};
use crate::report::document::place::{Place, Source};
use crate::report::document::skipped::Skipped;
use crate::report::given::{
    Answer as GivenAnswer, Folder, Given, Guest, Provider, Requests, Scenario,
};
use crate::report::inner::Inner;
use crate::report::style::{Breaks, escape};

impl Document {
    /// The document with characters escaped that no format prints: `\u{1b}`. Line breaks and tabs of sentences and of
    /// quoted lines stay; a name has none.
    pub(in crate::report) fn printable(mut self) -> Document {
        let Document { head, artifacts, copies: _, findings, skipped, errors, config, summary: _ } =
            &mut self;
        head.escape(Breaks::Escaped);
        artifacts.escape(Breaks::Escaped);
        findings.escape(Breaks::Escaped);
        skipped.escape(Breaks::Escaped);
        errors.escape(Breaks::Escaped);
        config.escape(Breaks::Escaped);
        self
    }
}

trait Printable {
    /// Escapes what cannot be printed. A struct decides for each of its members what happens to line breaks.
    fn escape(&mut self, breaks: Breaks);
}

impl Printable for String {
    fn escape(&mut self, breaks: Breaks) {
        escape(self, breaks);
    }
}

impl Printable for ExportName {
    fn escape(&mut self, breaks: Breaks) {
        escape(self.text_mut(), breaks);
    }
}

impl Printable for i64 {
    fn escape(&mut self, _: Breaks) {}
}

impl<T: Printable> Printable for Option<T> {
    fn escape(&mut self, breaks: Breaks) {
        self.iter_mut().for_each(|it| it.escape(breaks));
    }
}

impl<T: Printable> Printable for Vec<T> {
    fn escape(&mut self, breaks: Breaks) {
        self.iter_mut().for_each(|it| it.escape(breaks));
    }
}

impl<T: Printable> Printable for BTreeMap<String, T> {
    fn escape(&mut self, breaks: Breaks) {
        let escaped = std::mem::take(self).into_iter().map(|(mut key, mut value)| {
            key.escape(Breaks::Escaped);
            value.escape(breaks);
            (key, value)
        });
        *self = escaped.collect();
    }
}

/// Names, and values that hold some; sentences and quoted lines; paths of files, and what holds no text.
macro_rules! printable {
    ($($ty:ident: names($($name:ident),*) prose($($prose:ident),*) plain($($plain:ident),*);)*) => {$(
        impl Printable for $ty {
            fn escape(&mut self, _: Breaks) {
                let $ty { $($name,)* $($prose,)* $($plain: _,)* } = self;
                $($name.escape(Breaks::Escaped);)*
                $($prose.escape(Breaks::Kept);)*
            }
        }
    )*};
}

printable! {
    Head: names(format, tool, run) prose() plain(version);
    Tool: names(name, version) prose() plain();
    Options: names(hosts, seed) prose() plain(calls, static_only, fail_on, strict);
    Artifact:
        names(sha256, wrapped, fetched, origin, answers, hosts, adapters, toolchains, producers, made_up_imports,
              unfiltered, given, exports)
        prose() plain(id, path, also, kind, bytes, core_modules, functions, by_name);
    Fetched: names(reference, manifest, content, media_type, platform, component) prose() plain();
    Wrapping: names(adapter, release) prose() plain(bytes, shift);
    Origin: names(entry) prose(text) plain(path, line, column, length);
    Answer: names(host, findings) prose(text, limits) plain(outlook);
    ImpliedHost: names(id, settings) prose() plain();
    AdapterItem: names(name, flavor, releases, origin, location) prose() plain(matched);
    Releases: names(first, last) prose() plain();
    Export:
        names(name, ty, core_function, calls, earlier, variables)
        prose(obstacle) plain(verdict, evidence, fresh);
    Call: names(outcome) prose() plain(call);
    Place: names(path, name, source) prose() plain(core_module, function, offset, length);
    Source: names() prose() plain(path, line, column, present);
    Finding:
        names(id, rule, export, cause, facts, fix, components, timeline, hosts, locations, call_path)
        prose(reason, message, words, help) plain(hazard, kind, severity, evidence, refuted, calls, at_most, leak,
            artifact);
    Cause:
        names(after, switch, parts, unknown) prose(sentence)
        plain(call, found, unfinished, mends, suffices, trials, reset);
    Switch: names(call, waits_for) prose() plain(moment);
    CausePart: names(part, source) prose() plain();
    Part:
        names(name, owner, before, after, writers, readers) prose()
        plain(named, core_module, address, bytes, global, declared, location, store);
    Fix: names(command) prose() plain(exit);
    Inner: names(name, exports, path) prose() plain(roles, index, offset, length);
    Timeline: names(schedule, calls, moments, ends) prose() plain();
    Moment: names(text) prose() plain(call, at_once);
    Hosts: names(fails, harmless, knobs, traps) prose() plain();
    FindingPlace: names(place) prose(text) plain(role);
    Skipped: names(export, reason, origin) prose(detail) plain(artifact, path);
    Failure: names(stage, command, origin) prose(text, message) plain(id, path, offset, line, column);
    Diagnostic: names(code, origin) prose(message, help) plain(severity);
    Given: names(scenarios, init, cleanup, requests, guest, answers, providers) prose() plain();
    Scenario: names(from, calls) prose() plain();
    Requests: names(from) prose() plain(count);
    Guest: names(environment, config, folder) prose() plain(arguments, stdin);
    Folder: names(path) prose() plain(files, bytes);
    GivenAnswer: names(import) prose() plain(values);
    Provider: names(import, path, sha256) prose() plain();
}

impl Printable for Outcome {
    fn escape(&mut self, _: Breaks) {
        match self {
            Outcome::Trap { trap } => trap.escape(Breaks::Kept),
            Outcome::Ok
            | Outcome::Differs
            | Outcome::Exit { .. }
            | Outcome::Unanswered
            | Outcome::HeldBack
            | Outcome::Exhausted => {}
        }
    }
}
