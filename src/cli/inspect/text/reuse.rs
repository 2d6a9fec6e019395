//! What matters when an instance is called again or by several callers.

use super::{MOST_LINES, Page};
use crate::cli::inspect::anatomy::FactPart;
use crate::facts::reuse::Kind;
use crate::report::style::Tone;
use crate::report::wording::{counted, size};

impl Page<'_> {
    /// Writes the facts, each with the exports concerned.
    pub(super) fn reuse(&mut self) {
        let facts = &self.anatomy.reuse;
        if facts.is_empty() {
            return;
        }
        self.heading("what matters when an instance is called again: `secondcall explain NAME`");
        for fact in facts {
            let id = self.style.paint(Tone::Notice, fact.fact.id());
            let words = self.fact(fact);
            self.line(2, &format!("{id}   {words}"));
            if !fact.exports.is_empty() {
                let shown = self.shown(fact.exports.len(), MOST_LINES);
                let names = &fact.exports[..shown];
                let names: Vec<_> = names.iter().map(|name| self.name(name)).collect();
                self.words(6, "exports", &names.join(", "));
                self.more(6, fact.exports.len() - shown, "export");
            }
        }
    }

    /// Writes what each adapter costs.
    pub(super) fn costs(&mut self) {
        let anatomy = self.anatomy;
        for cost in anatomy.adapters.iter().filter_map(|adapter| adapter.cost.as_ref()) {
            let share = 100 * cost.bytes / anatomy.bytes.max(1);
            let imports = counted(cost.imports.len() as u64, "import");
            let unreachable = cost.unreachable.as_deref().unwrap_or_default();
            let mut line = format!("costs {} ({share} %)", size(cost.bytes));
            if !cost.imports.is_empty() {
                line += &format!("; {imports} of its own");
            }
            if !unreachable.is_empty() {
                line += &format!(", of which no export can reach {}", unreachable.len());
            }
            line += "; a build whose library uses WASI 0.2 alone needs none";
            self.line(6, &line);
            if self.all {
                let names: Vec<_> = cost.imports.iter().map(|name| self.name(name)).collect();
                self.words(6, "imports", &names.join(", "));
                let names: Vec<_> = unreachable.iter().map(|name| self.name(name)).collect();
                if !names.is_empty() {
                    self.words(6, "unreachable", &names.join(", "));
                }
            }
        }
    }

    fn fact(&self, fact: &FactPart) -> String {
        let items: Vec<_> = fact.items.iter().map(|item| self.name(item)).collect();
        let first = items.first().map_or("", String::as_str);
        let all = self.folded_words(&items);
        match fact.fact {
            Kind::ResultNotFreed => {
                "no post-return frees the strings and lists that they return".to_owned()
            }
            Kind::ResultCollected => {
                format!("no post-return; {first} collects what they return")
            }
            Kind::ResultInPlace => {
                "no post-return, and none is needed: their code allocates nothing".to_owned()
            }
            Kind::AllocatorNeverFrees => {
                format!("strings and lists in arguments are never freed: nothing lowers `{first}`")
            }
            Kind::AllocatorReset => {
                format!("the memory of arguments is used again once these have run: {all}")
            }
            Kind::AdapterInArena => {
                "the adapter keeps its state in memory that such an allocator gives again"
                    .to_owned()
            }
            Kind::HandlesNeverDropped => {
                format!("calls get handles that nothing drops or passes on, from {all}")
            }
            Kind::ResourceWithoutDestructor => {
                format!("a drop frees nothing in the guest, for there is no destructor: {all}")
            }
            Kind::CallsOwnLift => {
                "they may call a function of their own component, which traps".to_owned()
            }
            Kind::NeverInitialized => format!("nothing runs `_initialize` of {first}"),
            Kind::AdapterExitTraps => "an exit traps: the proxy adapter has none".to_owned(),
            Kind::FilesNeverClosed => {
                "they may open files, no export closes any, and the adapter has room for 128"
                    .to_owned()
            }
            Kind::ExitHandlersRun => {
                "each call runs the destructors of static objects and the exit handlers".to_owned()
            }
            Kind::WaitsWithoutAsync => {
                format!("they are not async, and trap where they wait: {all}")
            }
            Kind::LeftBehind => format!("made, and dropped by no export: {all}"),
            Kind::NeverAnswers => {
                "their code reaches no `task.return`, so no call of them answers".to_owned()
            }
            Kind::FutureNeverWritten => {
                "they make futures, and no export writes one: a drop of the writable end traps"
                    .to_owned()
            }
            Kind::ContextSlotShared => {
                format!("slot {first} of context.set is set by {}", self.folded_words(&items[1..]))
            }
            Kind::FrozenSnapshot => format!(
                "the memory is a snapshot from build time, the same in every fresh instance ({all})"
            ),
            Kind::FetchEvent => {
                "the engine's handler of `fetch` events answers one request of an instance"
                    .to_owned()
            }
            Kind::PreinitExport => {
                "the entry point of a pre-initialization: it ran at build time, and no host calls it".to_owned()
            }
            Kind::KnownDefect => {
                let [release, text, source] = items.as_slice() else { return all };
                format!("{release}: {text} ({source})")
            }
        }
    }
}
