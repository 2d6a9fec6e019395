//! Destructors that trap. Every export that is given or returns such a resource fails when the host drops it: it is
//! told once.

use super::Call;
use super::End;
use super::Observation;
use super::ObservedExport;
use crate::location::ExportName;

impl Call {
    /// The resource whose destructor trapped after the call: `ns:pkg/iface name`.
    pub fn destructor(&self) -> Option<&str> {
        match &self.end {
            End::Trapped(trap) => trap.destructor.as_deref(),
            _ => None,
        }
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
        let reused = self.reused.iter().map(|it| &it.call);
        let repeated = self.repeated.iter().filter_map(|it| it.failed.as_ref());
        let mut calls = self.fresh.iter().chain(reused).chain(repeated.map(|it| &it.call));
        calls.find_map(Call::destructor)
    }
}

impl Observation {
    /// The export that stands for the destructor that makes this one fail: the constructor of its resource, or else the
    /// first export. `None` if that is this one, or if no destructor trapped.
    pub fn destructor_is_told_at(&self, export: &ObservedExport) -> Option<&ExportName> {
        let resource = export.destructor()?;
        let with_it = || self.exports.iter().filter(|it| it.destructor() == Some(resource));
        let constructs = |it: &&ObservedExport| it.export.function().starts_with("[constructor]");
        let first = with_it().find(constructs).or_else(|| with_it().next())?;
        (first.export != export.export).then_some(&first.export)
    }
}
