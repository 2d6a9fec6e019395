//! The host that a project file implies, and the profiles to judge by.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::location::ExportName;
use crate::profile::Profile;

/// The host that a project file implies for one component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) enum Implied {
    /// None.
    #[default]
    Nothing,
    /// Spin. The component's exports decide how long it keeps instances.
    Spin,
    /// wasmCloud 2, with the settings of the component's pool.
    WasmCloud(Pool),
}

/// The settings of a wasmCloud component's pool; only values above zero have an effect.
///
/// Source: wasmCloud, `crates/wash-runtime/src/engine/instance_pool.rs` (7cd553cc, August 2026),
/// `InstancePolicy::from_limits`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct Pool {
    /// `poolSize`: the number of instances kept.
    pub(crate) size: Option<i64>,
    /// `maxInvocations`: the calls of an instance; unlimited by default.
    pub(crate) max_invocations: Option<i64>,
    /// `maxConcurrency`: the calls of an instance at once; one by default.
    pub(crate) max_concurrency: Option<i64>,
}

/// How the calls of an instance are limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// To one.
    Single,
    /// To this many at once.
    AtOnce(u32),
}

/// Settings of a host that a project file sets, by the host's names.
pub(crate) type HostSettings = Vec<(&'static str, i64)>;

impl Implied {
    /// The profiles for a component that exports `exports`, each with its settings.
    pub(crate) fn hosts(
        self,
        exports: &[&ExportName],
    ) -> Vec<(Cow<'static, Profile>, HostSettings)> {
        match self {
            Implied::Nothing => Vec::new(),
            Implied::Spin => {
                let plain = |it: &'static Profile| (Cow::Borrowed(it), HostSettings::new());
                let (p2, p3) = (Profile::by_id("spin-p2"), Profile::by_id("spin-p3"));
                let p3 = p3.filter(|host| exports.iter().any(|it| host.calls(it)));
                let p2 = p2.filter(|host| p3.is_none() || exports.iter().any(|it| host.calls(it)));
                p2.into_iter().chain(p3).map(plain).collect()
            }
            Implied::WasmCloud(pool) => pool.hosts(exports),
        }
    }

    /// The most likely profile, without looking at a component.
    pub(crate) fn likely(self) -> Option<&'static str> {
        match self {
            Implied::Nothing => None,
            Implied::Spin => Some("spin-p2"),
            Implied::WasmCloud(pool) if pool.keeps() => Some("wasmcloud-2-pooled"),
            Implied::WasmCloud(_) => Some("wasmcloud-2"),
        }
    }
}

impl Pool {
    /// Whether an instance may get a second call.
    pub(super) fn reuses(self) -> bool {
        self.keeps() && self.max_invocations != Some(1)
    }

    /// Whether an instance gets no more calls.
    pub(super) fn has(self, limit: Limit) -> bool {
        match limit {
            Limit::Single => !self.reuses(),
            Limit::AtOnce(calls) => self.max_concurrency == Some(i64::from(calls)),
        }
    }

    fn keeps(self) -> bool {
        self.size.is_some_and(|size| size > 0)
    }

    fn hosts(self, exports: &[&ExportName]) -> Vec<(Cow<'static, Profile>, HostSettings)> {
        let fresh = Profile::by_id("wasmcloud-2").map(Cow::Borrowed);
        let fresh = fresh.map(|host| (host, HostSettings::new()));
        if !self.keeps() {
            return fresh.into_iter().collect();
        }
        let pooled = Profile::by_id("wasmcloud-2-pooled").map(|host| self.adjusted(host));
        // Exports that the pool does not serve run on fresh instances.
        let is_pooled = |it: &&ExportName| pooled.as_ref().is_some_and(|(host, _)| host.calls(it));
        let any_fresh = !exports.iter().all(is_pooled);
        pooled.iter().cloned().chain(fresh.filter(|_| any_fresh)).collect()
    }

    /// The profile of a pool with these settings.
    fn adjusted(self, profile: &Profile) -> (Cow<'static, Profile>, HostSettings) {
        let given = |setting: Option<i64>| setting.filter(|it| *it > 0);
        let bounded = |it: i64| u32::try_from(it).unwrap_or(u32::MAX);
        let mut profile = profile.clone();
        profile.serial_max = given(self.max_invocations).map(bounded);
        let at_once = given(self.max_concurrency).map_or(1, bounded);
        profile.concurrent_max = Some(at_once.min(profile.serial_max.unwrap_or(u32::MAX)));
        if !profile.reuses() {
            profile.single_use_knob = None;
        }
        let settings = [
            ("poolSize", self.size),
            ("maxInvocations", given(self.max_invocations)),
            ("maxConcurrency", given(self.max_concurrency)),
        ];
        let settings = settings.into_iter().filter_map(|(name, set)| Some((name, set?)));
        (Cow::Owned(profile), settings.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn export(interface: &str) -> ExportName {
        ExportName::new(Some(interface), "f")
    }

    fn ids(implied: Implied, exports: &[&str]) -> Vec<String> {
        let exports: Vec<_> = exports.iter().map(|it| export(it)).collect();
        let hosts = implied.hosts(&exports.iter().collect::<Vec<_>>());
        hosts.into_iter().map(|(host, _)| host.id.clone()).collect()
    }

    #[test]
    fn exports_choose_among_spins_profiles() {
        let spin = |exports: &[&str]| ids(Implied::Spin, exports);
        assert_eq!(spin(&["wasi:http/incoming-handler@0.2.6"]), ["spin-p2"]);
        assert_eq!(spin(&["wasi:http/handler@0.3.0"]), ["spin-p3"]);
        let both = ["wasi:http/handler@0.3.0", "wasi:http/incoming-handler@0.2.6"];
        assert_eq!(spin(&both), ["spin-p2", "spin-p3"]);
        assert_eq!(spin(&["fermyon:spin/inbound-redis"]), ["spin-p2"]);
        assert_eq!(spin(&["own:trigger/handler"]), ["spin-p2"]);
        assert_eq!(spin(&[]), ["spin-p2"]);
    }

    #[test]
    fn settings_make_a_pool() {
        let pool = |size, invocations, concurrency| Pool {
            size: Some(size),
            max_invocations: Some(invocations),
            max_concurrency: Some(concurrency),
        };
        let p3 = export("wasi:http/handler@0.3.0");
        let first = |pool: Pool| pool.hosts(&[&p3]).swap_remove(0).0;
        assert!(!first(Pool::default()).reuses());
        assert_eq!(first(pool(0, 5, 5)).id, "wasmcloud-2");
        let warm = first(pool(4, 0, 0));
        assert_eq!((warm.serial_max, warm.concurrent_max), (None, Some(1)));
        let bounded = first(pool(4, 8, 16));
        assert_eq!((bounded.serial_max, bounded.concurrent_max), (Some(8), Some(8)));
        let once = first(pool(4, 1, 16));
        assert!(!once.reuses() && once.concurrent_max == Some(1));
        assert!(once.single_use_knob.is_none());
    }

    #[test]
    fn what_a_pool_does_not_serve_is_fresh() {
        let pooled = Implied::WasmCloud(Pool { size: Some(1), ..Pool::default() });
        assert_eq!(ids(pooled, &["wasi:http/handler@0.3.0"]), ["wasmcloud-2-pooled"]);
        let p2 = ["wasi:http/incoming-handler@0.2.6"];
        assert_eq!(ids(pooled, &p2), ["wasmcloud-2-pooled", "wasmcloud-2"]);
    }
}
