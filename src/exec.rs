//! Observes a component by calling its exports, on one instance and on fresh ones. The guest runs in a process of its
//! own. Uses no result of the code analysis, so that each can confirm the other.

mod cache;
mod protocol;
mod settings;
mod supervisor;
#[cfg(feature = "exec")]
mod worker;
#[cfg(not(feature = "exec"))]
#[path = "exec/no_worker.rs"]
mod worker;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use cache::Cache;
pub use settings::{Settings, Target};
pub(crate) use supervisor::SUBCOMMAND;
use supervisor::Supervisor;
pub(crate) use worker::{ENGINE, MISSING, serve};

use crate::component::Component;
use crate::component::world::WorldFunction;
use crate::observation::{Inconclusive, Observation, ObservedExport};

/// Observes components.
#[derive(Debug, Clone)]
pub struct Observer {
    /// The program that is started to run the guest: secondcall itself.
    pub program: PathBuf,
    /// Which calls to make.
    pub settings: Settings,
    /// Where observations are stored, if anywhere.
    pub cache: Option<Cache>,
    /// Makes no calls: a component without a stored observation has an empty one.
    pub only_kept: bool,
    /// Set to true to stop observing.
    pub stop: Arc<AtomicBool>,
}

impl Observer {
    /// An observer that makes the default calls and stores nothing. `program` is the program `secondcall`.
    pub fn new(program: impl Into<PathBuf>) -> Observer {
        Observer {
            program: program.into(),
            settings: Settings::default(),
            cache: None,
            only_kept: false,
            stop: Arc::default(),
        }
    }

    /// Observes the exports for which `wanted` is true.
    ///
    /// # Errors
    /// When no process can be started to run the guest.
    pub fn observe(
        &self,
        component: &Component<'_>,
        wanted: impl Fn(&WorldFunction) -> bool,
    ) -> io::Result<Observation> {
        let exports = component.exports.iter().enumerate().filter(|(_, export)| wanted(export));
        self.call(component.file, &exports.map(Target::of).collect::<Vec<_>>())
    }

    /// Observes these exports of a component.
    ///
    /// # Errors
    /// When no process can be started to run the guest.
    pub(crate) fn call(&self, component: &[u8], targets: &[Target]) -> io::Result<Observation> {
        let key = || Cache::key(component, targets, &self.settings);
        let cached = self.cache.as_ref().map(|cache| (cache, key()));
        if let Some(observation) = cached.as_ref().and_then(|(cache, key)| cache.get(key, targets))
        {
            return Ok(observation);
        }
        if self.only_kept {
            return Ok(Observation::default());
        }
        let supervisor = Supervisor {
            program: &self.program,
            settings: &self.settings,
            stop: &self.stop,
            component,
            targets,
        };
        let observation = supervisor.observe()?;
        if let Some((cache, key)) = cached
            && is_repeatable(&observation)
        {
            cache.put(&key, &observation);
        }
        Ok(observation)
    }
}

impl Target {
    /// All exports of a component.
    pub(crate) fn all(component: &Component<'_>) -> Vec<Target> {
        component.exports.iter().enumerate().map(Target::of).collect()
    }

    fn of((number, function): (usize, &WorldFunction)) -> Self {
        Target {
            number,
            name: function.name.clone(),
            path: function.path.clone(),
            internal: function.is_internal(),
        }
    }
}

/// Whether another run would observe the same. It may not if the clock, the system or the user ended this one.
pub(crate) fn is_repeatable(observation: &Observation) -> bool {
    !observation.unfinished && observation.exports.iter().all(is_whole)
}

fn is_whole(export: &ObservedExport) -> bool {
    let unknown = export.causes.iter().filter_map(|cause| cause.unknown.as_ref());
    let by_clock = unknown.into_iter().any(|it| it.reason == "clock");
    let inconclusive = export.inconclusive.as_ref();
    let is_cut = |it: &Inconclusive| matches!(it.reason.as_str(), "budget" | "crashed" | "stopped");
    !by_clock && !inconclusive.is_some_and(is_cut)
}
