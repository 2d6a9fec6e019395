//! What was given for one component, ready to be played.

use std::fmt;
use std::sync::Arc;

use crate::report::given as told;
use crate::script::{GuestFile, Script};

/// What was given for one component, ready to be played.
#[derive(Clone, Default)]
pub(crate) struct Prepared {
    /// Without the folder's files, which components share.
    pub(super) script: Arc<Script>,
    pub(super) files: Option<Arc<Vec<GuestFile>>>,
    pub(super) told: Option<told::Given>,
    pub(super) digest: String,
}

impl fmt::Debug for Prepared {
    /// What tells it from others, and not all its bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.digest)
    }
}

impl Prepared {
    /// The script.
    pub(crate) fn script(&self) -> Script {
        let mut script = Script::clone(&self.script);
        script.guest.files = self.files.as_ref().map(|it| it.to_vec());
        script
    }

    /// What was given, for a report; `None` if nothing was.
    pub(crate) fn told(&self) -> Option<&told::Given> {
        self.told.as_ref()
    }
}
