//! Destructors that trap. Every export that is given or returns such a resource fails when the host drops it: it is
//! reported once.

use super::{Call, End, Observation, ObservedExport, Trap};
use crate::location::ExportName;

impl Call {
    /// The resource whose destructor trapped after the call: `ns:pkg/iface name`.
    pub fn destructor(&self) -> Option<&str> {
        match &self.end {
            End::Trapped(trap) => trap.destructor.as_deref(),
            _ => None,
        }
    }

    /// How this call trapped, for a sentence: the engine's words, the guest's own, and the destructor if it was in one.
    pub fn how_it_traps(&self, trap: &Trap) -> String {
        let words = self.words().map(|words| format!(": {words}")).unwrap_or_default();
        format!("traps ({}{words}){}", trap.message, self.in_destructor())
    }

    /// After the words for a trap: in which destructor it was, if in one.
    pub fn in_destructor(&self) -> String {
        let named = |name: &str| format!(" in the destructor of `{name}`");
        self.destructor().map(named).unwrap_or_default()
    }
}

impl ObservedExport {
    /// The resource whose destructor trapped after some call: `ns:pkg/iface name`.
    pub fn destructor(&self) -> Option<&str> {
        self.calls().find_map(Call::destructor)
    }

    /// All calls that were kept.
    fn calls(&self) -> impl Iterator<Item = &Call> {
        let reused = self.reused.iter().map(|it| &it.call);
        let repeated = self.repeated.iter().filter_map(|it| it.failed.as_ref());
        self.fresh.iter().chain(reused).chain(repeated.map(|it| &it.call))
    }
}

impl Observation {
    /// The export that stands for the destructor in which this call of `export` trapped: the constructor of its resource,
    /// or else the first export. `None` if that is `export` itself, or if no destructor trapped.
    pub fn reported_at(&self, export: &ObservedExport, call: &Call) -> Option<&ExportName> {
        let resource = call.destructor()?;
        let with_it = || self.exports.iter().filter(|it| it.destructor() == Some(resource));
        let constructs = |it: &&ObservedExport| it.export.function().starts_with("[constructor]");
        let first = with_it().find(constructs).or_else(|| with_it().next())?;
        (first.export != export.export).then_some(&first.export)
    }

    /// The resource whose destructor trapped in every failed call of `export`, and the export that reports it. `None` if
    /// a call failed otherwise, or if that is `export` itself.
    pub fn only_fails_in_destructor<'a>(
        &'a self,
        export: &'a ObservedExport,
    ) -> Option<(&'a str, &'a ExportName)> {
        let mut failed = export.calls().filter(|call| !call.end.is_success());
        let first = failed.next()?;
        let (resource, at) = (first.destructor()?, self.reported_at(export, first)?);
        failed.all(|call| call.destructor() == Some(resource)).then_some((resource, at))
    }
}
