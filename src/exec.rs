//! OBSERVED: calls the exports of a component, on one instance and on fresh ones, and writes down what
//! they did. The guest runs in a process of its own. Knows nothing of what was found in the code: a
//! witness must not have read the accusation.

mod cache;
mod protocol;
mod settings;
mod supervisor;
mod worker;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use cache::Cache;
pub use settings::{Settings, Target};
pub(crate) use supervisor::SUBCOMMAND;
pub(crate) use worker::serve;

use crate::component::Component;
use crate::component::world::WorldFunction;
use crate::observation::{Observation, ObservedExport};

/// Why exports cannot be called, if this build has no engine.
pub(crate) const MISSING: Option<&str> = None;

/// What is needed to observe components.
#[derive(Debug, Clone)]
pub struct Observer {
    /// The program that is started to run the guest: secondcall itself.
    pub program: PathBuf,
    /// How to call.
    pub settings: Settings,
    /// Where observations are kept, if they are.
    pub cache: Option<Cache>,
    /// Becomes true when nobody waits for the observation any more.
    pub stop: Arc<AtomicBool>,
}

impl Observer {
    /// Observes those exports of a component that `wanted` names.
    ///
    /// # Errors
    /// When no process can be started to run the guest.
    pub fn observe(
        &self,
        component: &Component<'_>,
        wanted: impl Fn(&WorldFunction) -> bool,
    ) -> io::Result<Observation> {
        let targets: Vec<_> =
            component.exports.iter().filter(|it| wanted(it)).map(target).collect();
        let kept = self
            .cache
            .as_ref()
            .map(|cache| (cache, Cache::key(component.file, &targets, &self.settings)));
        if let Some(observation) = kept.as_ref().and_then(|(cache, key)| cache.get(key)) {
            return Ok(observation);
        }
        let observation = supervisor::observe(self, component.file, &targets)?;
        if let Some((cache, key)) = kept.filter(|_| observation.exports.iter().all(is_repeatable)) {
            cache.put(&key, &observation);
        }
        Ok(observation)
    }
}

fn target(function: &WorldFunction) -> Target {
    Target {
        name: function.name.clone(),
        path: function.path.clone(),
        internal: is_internal(function),
    }
}

/// componentize-py 0.25 leaves the export in the component by which it prepared the snapshot while
/// building (its `wit/init.wit`); called again, it fails by intent.
fn is_internal(function: &WorldFunction) -> bool {
    let path: Vec<_> = function.path.iter().map(String::as_str).collect();
    path == ["exports", "init"] && function.signature.contains("app-name: string")
}

/// Whether another run would see the same: what a clock, the system or the user ended, it may not.
fn is_repeatable(seen: &ObservedExport) -> bool {
    let fickle = |reason: &str| matches!(reason, "budget" | "crashed" | "stopped");
    !seen.inconclusive.as_ref().is_some_and(|it| fickle(&it.reason))
}
