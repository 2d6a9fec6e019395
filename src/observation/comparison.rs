//! Calls that were compared with the same call on a fresh instance.

use super::{Call, Difference, ObservedExport};
use crate::location::ExportName;

/// A call, and what the same call does where only it was made.
pub(crate) struct Comparison<'a> {
    /// Which call of the export on its instance it was, from 1.
    pub(crate) number: u32,
    /// The call.
    pub(crate) call: &'a Call,
    /// The reference call: on a fresh instance, or without the call of another export.
    pub(crate) reference: &'a Call,
    /// Where the two differ.
    pub(crate) difference: Option<&'a Difference>,
    /// Whether they differ only in what depends on random numbers.
    pub(crate) by_random: bool,
    /// The other export that was called before it.
    pub(crate) after: Option<&'a ExportName>,
}

impl ObservedExport {
    /// The compared calls in order, then the repeated call that differs, then those after calls of other exports.
    pub(crate) fn comparisons(&self) -> impl Iterator<Item = Comparison<'_>> {
        let compared = self.compared().map(|(number, reused, reference)| Comparison {
            number,
            call: &reused.call,
            reference,
            difference: reused.difference.as_ref(),
            by_random: reused.by_random,
            after: None,
        });
        let changed = self.repeated.iter().filter_map(|repeated| {
            let later = repeated.changed.as_ref()?;
            Some(Comparison {
                number: repeated.last(),
                call: &later.call,
                reference: &later.twin,
                difference: later.difference.as_ref(),
                by_random: false,
                after: None,
            })
        });
        let disturbed = self.disturbed.iter().map(|disturbed| Comparison {
            number: disturbed.number,
            call: &disturbed.call,
            reference: &disturbed.undisturbed,
            difference: disturbed.difference.as_ref(),
            by_random: false,
            after: Some(&disturbed.by),
        });
        compared.chain(changed).chain(disturbed)
    }
}

impl Comparison<'_> {
    /// A sentence about a difference: the call of `export` does `here`, as in `answers 2`, and the reference call `there`.
    pub(crate) fn sentence(&self, export: &ExportName, here: &str, there: &str) -> String {
        let number = self.number;
        match self.after {
            None => {
                let subject = self.call.on_same_instance(export, number);
                format!("{subject} {here}, where a fresh instance {there}")
            }
            Some(other) => {
                format!(
                    "call {number} of `{export}` {here} after a call of `{other}`, and {there} without it"
                )
            }
        }
    }
}
