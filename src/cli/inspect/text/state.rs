//! What may survive a call of each export.

use super::Page;
use crate::cli::inspect::anatomy::{AdmissionPart, ExportPart};
use crate::inventory::{Admitted, Grade, Overlap, Overlaps, PutBack, Survival, Survivor};
use crate::report::style::Tone;
use crate::report::wording::{self, counted};

/// Most locations shown of one export.
const MOST_LOCATIONS: usize = 3;
/// Most functions named of one location.
const MOST_FUNCTIONS: usize = 3;

impl Page<'_> {
    /// Writes a few lines for each export, and the same lines of several exports once.
    pub(super) fn state(&mut self) {
        let mut groups: Vec<(Vec<String>, Vec<&ExportPart>)> = Vec::new();
        for export in &self.anatomy.exports {
            let Some(survival) = &export.survival else { continue };
            let lines = match export.stateless {
                true => vec!["stateless, proven".to_owned()],
                false => self.survival(survival),
            };
            match groups.iter_mut().find(|(known, _)| *known == lines) {
                Some((_, exports)) => exports.push(export),
                None => groups.push((lines, vec![export])),
            }
        }
        if groups.is_empty() {
            return;
        }
        self.heading("what may survive a call");
        let shown = self.shown(groups.len(), super::MOST_LINES);
        for (lines, exports) in &groups[..shown] {
            let names: Vec<_> = exports.iter().map(|export| self.name(&export.name)).collect();
            let names = self.folded_words(&names);
            let names = self.style.paint(Tone::Notice, names);
            self.line(2, &names);
            for line in lines {
                self.line(6, line);
            }
        }
        self.more(2, groups.len() - shown, "group of exports");
    }

    /// Writes how many calls of each asynchronous export run at the same time.
    pub(super) fn admissions(&mut self) {
        let exports = self.anatomy.exports.iter();
        let exports: Vec<_> = exports.filter_map(|it| Some((it, it.admission.as_ref()?))).collect();
        if exports.is_empty() {
            return;
        }
        self.heading("calls at the same time");
        let shown = self.shown(exports.len(), super::MOST_LINES);
        for (export, AdmissionPart { admission, knobs, traps }) in &exports[..shown] {
            let name = self.style.paint(Tone::Notice, self.name(&export.name));
            self.line(2, &name);
            self.line(6, words(admission.admitted));
            if !admission.beside.is_empty() {
                let names: Vec<_> = admission.beside.iter().map(|name| self.name(name)).collect();
                let names = self.folded_words(&names);
                self.line(6, &format!("while it waits, calls that are not async may run: {names}"));
            }
            if !knobs.is_empty() {
                let knobs = knobs.iter().map(|(host, knob)| format!("{host}: {knob}"));
                let knobs = knobs.collect::<Vec<_>>().join(self.style.marks().separator);
                self.line(6, &format!("to run one at a time: {knobs}"));
            }
            for (hosts, lost) in wording::by_words(traps) {
                self.line(6, &format!("a trap in one ends, under {hosts}: {lost}"));
            }
        }
        self.more(2, exports.len() - shown, "export");
    }

    /// Writes what asynchronous exports use on both sides of a suspension.
    pub(super) fn overlaps(&mut self) {
        let exports = self.anatomy.exports.iter();
        let exports: Vec<_> = exports.filter_map(|it| Some((it, it.overlap.as_ref()?))).collect();
        if exports.is_empty() {
            return;
        }
        self.heading("what asynchronous exports use before and after they wait");
        let shown = self.shown(exports.len(), super::MOST_LINES);
        for (export, Overlaps { locations, more, runtimes }) in &exports[..shown] {
            let name = self.style.paint(Tone::Notice, self.name(&export.name));
            self.line(2, &name);
            if locations.is_empty() && runtimes.is_empty() {
                self.line(6, "nothing was found");
            }
            let some = self.shown(locations.len(), MOST_LOCATIONS);
            for overlap in &locations[..some] {
                let line = self.overlap(overlap);
                self.line(6, &line);
            }
            self.more(6, locations.len() - some, "location");
            if *more > 0 {
                self.line(6, &format!("and {}", counted(*more, "more location")));
            }
            let counts = runtimes.iter().zip(0..).map(|((runtime, count), at)| {
                let count = match at {
                    0 => counted(*count, "location"),
                    _ => count.to_string(),
                };
                format!("{count} of {}", runtime.words())
            });
            let counts = counts.collect::<Vec<_>>().join(", ");
            if !counts.is_empty() {
                let and = if locations.is_empty() { "" } else { "and " };
                self.line(6, &format!("{and}{counts}"));
            }
        }
        self.more(2, exports.len() - shown, "export");
    }

    fn overlap(&self, overlap: &Overlap) -> String {
        let location = self.survivor(&overlap.location);
        let exports = |names: &[String]| {
            let names: Vec<_> = names.iter().map(|name| self.name(name)).collect();
            self.folded_words(&names)
        };
        let mut parts = vec![location];
        if !overlap.written_by.is_empty() {
            parts.push(format!("calls that write it meanwhile: {}", exports(&overlap.written_by)));
        }
        if !overlap.read_by.is_empty() {
            parts.push(format!("that read it: {}", exports(&overlap.read_by)));
        }
        parts.join("; ")
    }

    fn survival(&self, survival: &Survival) -> Vec<String> {
        let mut lines = Vec::new();
        let own: Vec<_> =
            survival.locations.iter().filter(|it| it.grade != Grade::Runtime).collect();
        let shown = self.shown(own.len(), MOST_LOCATIONS);
        lines.extend(own[..shown].iter().map(|it| self.survivor(it)));
        let more = (own.len() - shown) as u64 + u64::from(survival.more);
        if more > 0 {
            lines.push(format!("and {}", counted(more, "more location")));
        }
        let mut runtimes: Vec<_> =
            survival.locations.iter().filter_map(|it| it.runtime).map(|it| it.words()).collect();
        runtimes.sort_unstable();
        runtimes.dedup();
        if !runtimes.is_empty() {
            lines.push(format!("state of {}", runtimes.join(", of ")));
        }
        let mut rest = Vec::new();
        rest.extend(survival.grows_memory.then(|| "memory that it grows".to_owned()));
        rest.extend(survival.writes_tables.then(|| "slots of tables".to_owned()));
        if !survival.creates.is_empty() {
            rest.push(format!("handles made by {}", survival.creates.join(", ")));
        }
        rest.extend(survival.through_pointers.then(|| "what pointers lead to".to_owned()));
        rest.extend(survival.unknown_code.then(|| "what code does that is not known".to_owned()));
        if !rest.is_empty() {
            lines.push(rest.join(self.style.marks().separator));
        }
        match lines.is_empty() {
            true => lines.push("nothing was found".to_owned()),
            false => lines.push(format!("to put back: {}", put_back(&survival.reset))),
        }
        lines
    }

    /// The name, the place and the use of a location.
    fn survivor(&self, survivor: &Survivor) -> String {
        let place = match (survivor.address, survivor.bytes, survivor.global) {
            (Some(at), Some(bytes), _) => format!("{} at {at:#x}", counted(bytes, "byte")),
            (Some(at), None, _) => format!("an array at {at:#x}"),
            (None, _, Some(global)) => {
                format!("global {global} of core module {}", survivor.core_module)
            }
            (None, _, None) => "an unknown location".to_owned(),
        };
        let source = survivor.source.as_ref().map(|it| format!(", {}", it.short()));
        let place = format!("{place}{}", self.name(&source.unwrap_or_default()));
        let what = match &survivor.name {
            Some(name) => format!("`{}` ({place})", self.name(name)),
            None => place,
        };
        let used = match survivor.grade {
            Grade::Kept => {
                let (writers, readers) = (&survivor.writers, &survivor.readers);
                let writers = self.functions(writers);
                match readers.is_empty() || writers == self.functions(readers) {
                    true => format!("written and read again by {writers}"),
                    false => format!("written by {writers}, read by {}", self.functions(readers)),
                }
            }
            Grade::Cached => {
                format!("written once by {}, then only read", self.functions(&survivor.writers))
            }
            Grade::Unread | Grade::Runtime => {
                format!("written by {}, read nowhere by name", self.functions(&survivor.writers))
            }
        };
        format!("{what}: {used}")
    }

    fn functions(&self, names: &[String]) -> String {
        let shown = self.shown(names.len(), MOST_FUNCTIONS);
        let listed: Vec<_> =
            names[..shown].iter().map(|name| format!("`{}`", self.name(name))).collect();
        match names.len() - shown {
            0 => listed.join(", "),
            more => format!("{} and {more} more", listed.join(", ")),
        }
    }
}

fn words(admitted: Admitted) -> &'static str {
    match admitted {
        Admitted::Serial => "one: it is lifted without `async`",
        Admitted::HeldBack => {
            "one, once its code has raised backpressure, which it never lowers: so it asks not to be called again, and \
             wasmtime serve 47 and later gives the next call another instance"
        }
        Admitted::Callback => "any number: each runs alone until it waits",
        Admitted::Stackful => "any number, each with a stack of its own",
        Admitted::OneStack => {
            "any number, and all of them use one stack in linear memory: while one waits, others may overwrite its data"
        }
    }
}

/// What a host would have to put back, in words.
fn put_back(reset: &PutBack) -> String {
    let mut parts = Vec::new();
    if reset.bytes > 0 {
        let bytes = counted(reset.bytes, "byte");
        parts.push(format!("{bytes} in {} of 4 KiB", counted(reset.pages, "page")));
    }
    if reset.globals > 0 {
        parts.push(counted(reset.globals, "global"));
    }
    parts.extend(reset.tables.then(|| "tables".to_owned()));
    parts.extend(reset.grown.then(|| "added pages".to_owned()));
    match (parts.is_empty(), reset.at_least) {
        (true, true) => "unknown".to_owned(),
        (true, false) => "nothing".to_owned(),
        (false, true) => format!("at least {}", parts.join(", ")),
        (false, false) => parts.join(", "),
    }
}
