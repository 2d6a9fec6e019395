//! Whether a command may fetch what references name.

use clap::{Arg, ArgAction, Args};

use crate::registry::Access;

/// Options of every command, so that they may stand before its name.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct FetchOptions {
    #[arg(from_global)]
    fetch: bool,
    #[arg(from_global)]
    offline: bool,
}

impl FetchOptions {
    pub(super) fn access(self) -> Access {
        Access { network: !self.offline, manifests: self.fetch }
    }
}

/// The arguments behind [`FetchOptions`].
pub(super) fn arguments() -> [Arg; 2] {
    let option =
        |name: &'static str| Arg::new(name).long(name).global(true).action(ArgAction::SetTrue);
    [
        option("fetch")
            .help("Fetch also what manifests name: images, packages, URLs with a digest"),
        option("offline")
            .help("Ask no registry: of references, only what was fetched before counts"),
    ]
}
