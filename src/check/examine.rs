//! Examines one component: static analysis and, in parallel, the execution of its exports.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::analysis::{Examine, Examined};
use super::calling::Calling;
use super::wall::Wall;
use crate::exec::{self, Observer, Target};
use crate::manifest::Implied;
use crate::observation::{Observation, ObservedExport};
use crate::profile::Profile;
use crate::report::document::Failure;

/// Results of earlier checks, for a process that checks the same bytes again.
#[derive(Debug, Default)]
pub(crate) struct ResultCache(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// The number of the current check.
    check: u64,
    /// Results by key, each with the number of the latest check that asked for it.
    examined: BTreeMap<String, (u64, Examined)>,
}

impl ResultCache {
    /// The result stored under [`Examiner::key`].
    pub(super) fn get(&self, key: &str) -> Option<Examined> {
        let mut entries = self.entries();
        let check = entries.check;
        let (used, examined) = entries.examined.get_mut(key)?;
        *used = check;
        Some(examined.clone())
    }

    pub(super) fn put(&self, key: String, examined: &Examined) {
        let mut entries = self.entries();
        let check = entries.check;
        entries.examined.insert(key, (check, examined.clone()));
    }

    /// Ends a check. Drops results used neither by it nor by the check before: checks with execution and without
    /// alternate.
    pub(crate) fn end_check(&self) {
        let mut entries = self.entries();
        let check = entries.check;
        entries.examined.retain(|_, (used, _)| *used + 1 >= check);
        entries.check += 1;
    }

    pub(crate) fn clear(&self) {
        self.entries().examined.clear();
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Most bytes of a component whose static analysis takes no longer than reading a stored result.
const SMALL: usize = 32 << 10;

/// Examines components for the same hosts and in the same way.
#[derive(Debug)]
pub(super) struct Examiner<'a> {
    hosts: Vec<&'a Profile>,
    /// Whether a host that a manifest implies replaces `hosts`.
    implied: bool,
    observer: Option<(Observer, Calling)>,
    wall: &'a Wall,
}

impl<'a> Examiner<'a> {
    /// Creates an examiner that judges for `hosts`, or with `implied` for those that a manifest implies, behind `wall`.
    /// Exports are executed only if `calling` is `Some` and this build has an engine.
    ///
    /// # Errors
    /// If the path of this program is unknown, so that it cannot start itself.
    pub(super) fn new(
        hosts: Vec<&'a Profile>,
        implied: bool,
        calling: Option<&Calling>,
        wall: &'a Wall,
    ) -> std::io::Result<Self> {
        let calling = calling.filter(|_| exec::MISSING.is_none());
        let observer = match calling {
            Some(calling) => Some((calling.observer()?, calling.clone())),
            None => None,
        };
        Ok(Examiner { hosts, implied, observer, wall })
    }

    /// Whether exports are called.
    pub(super) fn executes(&self) -> bool {
        self.observer.is_some()
    }

    /// Whether a stored result is read faster than the component is examined.
    pub(super) fn is_worth_keeping(&self, bytes: &[u8]) -> bool {
        match &self.observer {
            // Without calls, the result changes as soon as some are stored.
            Some((observer, _)) => !observer.only_kept,
            None => bytes.len() > SMALL,
        }
    }

    /// The key of a result in [`ResultCache`]: the digest of the bytes, and everything else that affects the result.
    pub(super) fn key(&self, digest: &str, implied: Implied) -> String {
        let hosts: Vec<_> = self.hosts.iter().map(|host| &host.id).collect();
        let implied = self.implied.then_some(implied);
        let calling = self.observer.as_ref().map(|(_, calling)| calling);
        format!("{digest} {hosts:?} {implied:?} {calling:?}")
    }

    /// Examines one component. `text` is the path and source of its `.wat`, if any; `implied` is the host its manifest
    /// names.
    ///
    /// # Errors
    /// If the bytes are not a readable component, or cannot be analyzed.
    pub(super) fn examine(
        &self,
        bytes: &[u8],
        text: Option<(&str, &str)>,
        implied: Implied,
    ) -> Result<Examined, Box<Failure>> {
        let how = Examine {
            hosts: self.hosts.iter().map(|host| host.id.clone()).collect(),
            implied: if self.implied { implied } else { Implied::Nothing },
            text: text.map(|(path, text)| (path.to_owned(), text.to_owned())),
            calls: self.executes(),
        };
        let calling = self.observer.as_ref();
        let call = calling.map(|it| move |targets| observe(it, bytes, targets));
        self.wall.examine(how, bytes, call.as_ref().map(|it| it as _))
    }
}

fn observe(
    (observer, calling): &(Observer, Calling),
    component: &[u8],
    mut targets: Vec<Target>,
) -> Observation {
    targets.retain(|target| calling.wants(&target.name));
    observer.call(component, &targets).unwrap_or_else(|error| {
        let detail = format!("cannot start a process for the guest: {error}");
        let unseen = |it: Target| ObservedExport::unseen(it.name, "crashed", detail.clone());
        Observation { exports: targets.into_iter().map(unseen).collect(), ..Observation::default() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::facts::Facts;

    #[test]
    fn results_live_as_long_as_checks_use_them() {
        let facts = Facts::of(Component::of_text("(component)"));
        let examined = Examined::of(&facts, &Observation::default(), &[], Implied::Nothing, None);
        let cache = ResultCache::default();
        let keys: Vec<_> = (0..1000).map(|it| format!("static {it}")).collect();
        keys.iter().for_each(|key| cache.put(key.clone(), &examined));
        cache.end_check();
        cache.put("calling".to_owned(), &examined);
        cache.end_check();
        assert!(keys.iter().all(|key| cache.get(key).is_some()));
        cache.end_check();
        assert!(cache.get("calling").is_some());
        cache.end_check();
        cache.end_check();
        assert!(cache.get(&keys[0]).is_none());
        cache.put("calling".to_owned(), &examined);
        cache.clear();
        assert!(cache.get("calling").is_none());
    }
}
