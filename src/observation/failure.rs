//! How calls fail, and destructors that trap. Every export that takes or returns the resource of such a destructor fails
//! when the host drops it; it is reported once.

use super::{Call, End, Observation, ObservedExport};
use crate::location::ExportName;

impl Call {
    /// The resource whose destructor trapped after the call: `ns:pkg/iface name`.
    pub(crate) fn destructor(&self) -> Option<&str> {
        match &self.end {
            End::Trapped(trap) => trap.destructor.as_deref(),
            _ => None,
        }
    }

    /// How this call failed, as the predicate of a sentence. Quotes the engine and the guest.
    pub(crate) fn how_it_fails(&self) -> String {
        match &self.end {
            End::Trapped(trap) => {
                format!("traps ({}{}){}", trap.message, self.after_colon(), self.in_destructor())
            }
            End::Exited(status) => format!("exits with status {status}{}", self.in_parentheses()),
            End::Exhausted(limit) => {
                format!("reaches its limit of {}{}", limit.name(), self.in_parentheses())
            }
            End::HeldBack => "is never accepted (the instance keeps its backpressure)".to_owned(),
            End::Unanswered => "gets no answer (a host sends status 500)".to_owned(),
            End::Returned => "fails".to_owned(),
        }
    }

    /// The guest's own words after a colon, or nothing.
    pub(crate) fn after_colon(&self) -> String {
        self.words().map(|words| format!(": {words}")).unwrap_or_default()
    }

    /// The guest's own words in parentheses, or nothing.
    fn in_parentheses(&self) -> String {
        self.words().map(|words| format!(" ({words})")).unwrap_or_default()
    }

    /// ` in the destructor of …`, or nothing.
    pub(crate) fn in_destructor(&self) -> String {
        let named = |name: &str| format!(" in the destructor of `{name}`");
        self.destructor().map(named).unwrap_or_default()
    }
}

impl ObservedExport {
    /// The resource whose destructor trapped after some call: `ns:pkg/iface name`.
    pub(crate) fn destructor(&self) -> Option<&str> {
        self.calls().find_map(Call::destructor)
    }

    /// All calls that were recorded.
    fn calls(&self) -> impl Iterator<Item = &Call> {
        let reused = self.reused.iter().map(|it| &it.call);
        let repeated = self.repeated.iter().filter_map(|it| it.failed.as_ref());
        self.fresh.iter().chain(reused).chain(repeated.map(|it| &it.call))
    }
}

impl Observation {
    /// The other export that reports the destructor in which this call of `export` trapped: the constructor of its resource,
    /// or else the first export that fails in it. `None` if that is `export` itself, or if no destructor trapped.
    pub(crate) fn reported_at(&self, export: &ObservedExport, call: &Call) -> Option<&ExportName> {
        let resource = call.destructor()?;
        let with_it = || self.exports.iter().filter(|it| it.destructor() == Some(resource));
        let constructs = |it: &&ObservedExport| it.export.function().starts_with("[constructor]");
        let first = with_it().find(constructs).or_else(|| with_it().next())?;
        (first.export != export.export).then_some(&first.export)
    }

    /// The resource whose destructor trapped in every failed call of `export`, and the export that reports it. `None` if
    /// a call failed otherwise, or if that is `export` itself.
    pub(crate) fn only_fails_in_destructor<'a>(
        &'a self,
        export: &'a ObservedExport,
    ) -> Option<(&'a str, &'a ExportName)> {
        let mut failed = export.calls().filter(|call| !call.end.is_success());
        let first = failed.next()?;
        let (resource, at) = (first.destructor()?, self.reported_at(export, first)?);
        failed.all(|call| call.destructor() == Some(resource)).then_some((resource, at))
    }
}
