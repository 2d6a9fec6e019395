//! Replaces `exec` in a build without the feature `exec`: the same items, which execute nothing.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::component::Component;
use crate::component::world::WorldFunction;
use crate::observation::Observation;
use crate::script::Script;

/// Why exports cannot be called, if this build has no engine.
pub(crate) const MISSING: Option<&str> = Some(
    "this build of secondcall executes nothing: install it with its default features, \
     `cargo install secondcall`",
);
pub(crate) const SUBCOMMAND: &str = "exec-worker";

/// How to call.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of `exec::Settings`")]
pub struct Settings {
    pub calls: u32,
    pub seed: u64,
    pub budget: u64,
    pub memory: u64,
    pub script: Script,
}

/// Stores nothing.
#[derive(Debug, Clone)]
pub struct Cache;

impl Cache {
    pub(crate) fn of_user() -> Option<Cache> {
        None
    }
}

/// Observes nothing.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the fields are those of `exec::Observer`")]
pub struct Observer {
    pub program: PathBuf,
    pub settings: Settings,
    pub cache: Option<Cache>,
    pub stop: Arc<AtomicBool>,
}

impl Observer {
    pub(crate) fn observe(
        &self,
        _: &Component<'_>,
        _: impl Fn(&WorldFunction) -> bool,
    ) -> io::Result<Observation> {
        serve().map(|()| Observation::default())
    }
}

pub(crate) fn serve() -> io::Result<()> {
    Err(io::Error::new(io::ErrorKind::Unsupported, MISSING.unwrap_or_default()))
}
