//! The script for one component, ready to run.

use std::fmt;
use std::sync::Arc;

use crate::report::given::Given;
use crate::script::{GuestFile, Script};

/// The script for one component, ready to run.
#[derive(Clone, Default)]
pub(crate) struct Prepared {
    /// Without the files of the guest's folder, which components share.
    pub(super) script: Arc<Script>,
    pub(super) files: Option<Arc<Vec<GuestFile>>>,
    pub(super) report: Option<Given>,
    /// Differs between scripts; empty for an empty one.
    pub(super) digest: String,
}

impl fmt::Debug for Prepared {
    /// Writes the digest instead of all bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.digest)
    }
}

impl Prepared {
    pub(crate) fn script(&self) -> Script {
        let mut script = Script::clone(&self.script);
        script.guest.files = self.files.as_ref().map(|files| files.to_vec());
        script
    }

    /// What reports show of the script; `None` if it is empty.
    pub(crate) fn reported(&self) -> Option<&Given> {
        self.report.as_ref()
    }
}
