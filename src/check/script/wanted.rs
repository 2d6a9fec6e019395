//! The kinds of things that an entry names.

use crate::config::diagnostic::Code;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    /// An exported function.
    Export,
    /// An imported function.
    Import,
    /// An imported interface.
    Interface,
    /// Any HTTP handler.
    Handler,
}

impl Wanted {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Wanted::Export | Wanted::Handler => "export",
            Wanted::Import | Wanted::Interface => "import",
        }
    }

    pub(super) fn code(self) -> Code {
        match self {
            Wanted::Export | Wanted::Handler => Code::UnknownExport,
            Wanted::Import | Wanted::Interface => Code::UnknownImport,
        }
    }
}
