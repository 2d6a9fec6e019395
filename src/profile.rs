//! Host profiles from `data/profiles/`: how long a host keeps an instance, and which setting changes that.

use std::fmt;
use std::sync::{LazyLock, OnceLock};

use serde::{Deserialize, Serialize};

use crate::location::ExportName;

/// What a host does with instances. Users know profiles as hosts (`--host`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Profile {
    /// The name for `--host` and the stem of its file: `wasmtime-serve-p3`.
    #[serde(skip_deserializing)]
    pub id: String,
    /// The host's name in a sentence: `wasmtime serve (wasip3)`.
    pub title: String,
    /// The source of these facts, with its version.
    pub source: String,
    /// The day of the last comparison with `source`, `YYYY-MM-DD`.
    pub checked: String,
    /// The exports that the host calls: interfaces without version (`wasi:cli/run`), functions of the root
    /// (`run-slash-command`), or `*` for any. Empty if it runs core modules only.
    pub entrypoints: Vec<String>,
    /// Exports that `*` does not match, as in `entrypoints`.
    #[serde(default)]
    pub except: Vec<String>,
    /// The generations of binaries that the profile applies to.
    pub abi: Vec<Abi>,
    /// The most calls that an instance gets; `None` if unlimited.
    pub serial_max: Option<u32>,
    /// The most calls that run at once in an instance; `None` if unlimited.
    pub concurrent_max: Option<u32>,
    /// What happens to an instance after a trap.
    pub on_trap: OnTrap,
    /// How long an idle instance is kept, as the host documents it.
    #[serde(default)]
    pub idle: Option<String>,
    /// Who enables reuse; `None` if nobody can or it is not documented.
    #[serde(default)]
    pub opt_in_by: Option<OptInBy>,
    /// Who calls a lift's post-return function; `None` if unknown.
    #[serde(default)]
    pub post_return: Option<PostReturn>,
    /// Whether linked components share a store, and so a lifetime.
    #[serde(default)]
    pub linked_components_share_fate: bool,
    /// The setting that limits an instance to one call, as typed; `None` if that is the default, or if no
    /// single setting does it.
    #[serde(default)]
    pub single_use_knob: Option<String>,
    /// The setting that limits how many calls run at once in an instance, as typed, with an `N` at its end for the number;
    /// `None` if there is none.
    #[serde(default)]
    pub concurrency_knob: Option<String>,
    /// All settings that affect reuse, as typed.
    #[serde(default)]
    pub knobs: Vec<String>,
    /// One or two sentences for `secondcall hosts`.
    pub summary: String,
}

/// A generation of binaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abi {
    /// Core modules, with WASI preview1 or an interface specific to the host.
    P1,
    /// Components whose functions are lifted synchronously, as in WASI 0.2.
    P2,
    /// Components whose functions may be async, as in WASI 0.3.
    P3,
}

/// What a host does with an instance that trapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnTrap {
    /// It drops the instance; the next call gets a new one.
    Drop,
    /// It keeps the instance, and every later call fails.
    PoisonForever,
    /// It restores the previous state from a snapshot or by replaying a log.
    Restore,
    /// It exits.
    Exit,
    /// It is not documented.
    Unspecified,
}

/// Who enables reuse of instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptInBy {
    /// The host, by default.
    Host,
    /// The guest, through an API.
    Guest,
    /// The operator, by configuration.
    Operator,
}

/// Who calls a lift's post-return function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostReturn {
    /// The runtime, after every call.
    Auto,
    /// The embedder, which can forget to: wasmtime before 42 (#12498).
    Manual,
    /// Nobody.
    Never,
}

impl Profile {
    /// The id of the default profile, which is no host but only what the specifications guarantee.
    pub const SPEC: &'static str = "spec";

    /// All profiles: [`Profile::SPEC`] first, then by id.
    pub fn all() -> &'static [Profile] {
        &ALL
    }

    /// The profile with this id.
    pub fn by_id(id: &str) -> Option<&'static Profile> {
        FILES.iter().find(|file| file.id == id).map(File::profile)
    }

    /// The profiles with these ids.
    ///
    /// # Errors
    /// If a profile does not exist: its id.
    pub fn by_ids(ids: &[String]) -> Result<Vec<&'static Profile>, &str> {
        ids.iter().map(|id| Profile::by_id(id).ok_or(id.as_str())).collect()
    }

    /// Whether the host calls the export.
    pub fn calls(&self, export: &ExportName) -> bool {
        let name = export.interface().unwrap_or_else(|| export.function());
        let lists = |names: &[String]| names.iter().any(|listed| listed == name);
        lists(&self.entrypoints)
            || self.entrypoints.iter().any(|listed| listed == "*") && !lists(&self.except)
    }

    /// Whether an instance may get a second call.
    pub fn reuses(&self) -> bool {
        self.serial_max != Some(1)
    }

    /// The calls of an instance: `up to 128 calls on an instance, 16 at once`.
    pub(crate) fn limits(&self) -> String {
        let calls = match self.serial_max {
            Some(most) => format!("up to {most} calls on an instance"),
            None => "any number of calls on an instance".to_owned(),
        };
        match self.concurrent_max {
            Some(1) => calls,
            Some(most) => format!("{calls}, {most} at once"),
            None => format!("{calls}, at once too"),
        }
    }

    /// The setting after which at most `calls` run at once in an instance, as typed.
    pub(crate) fn at_most_at_once(&self, calls: u32) -> Option<String> {
        let knob = self.concurrency_knob.as_deref()?;
        Some(format!("{}{calls}", knob.strip_suffix('N').unwrap_or(knob)))
    }

    /// What a trap in a call ends, to stand after that word: `up to 16 calls under way and the instance with its state; …`.
    /// `None` if it is not known.
    pub(crate) fn lost_by_trap(&self) -> Option<String> {
        let linked = match self.linked_components_share_fate {
            true => " and the components linked to it",
            false => "",
        };
        if !self.reuses() {
            return Some(format!("its own instance{linked}, and no other call"));
        }
        let under_way = match self.concurrent_max {
            Some(1) => String::new(),
            Some(most) => format!("up to {most} calls under way and "),
            None => "all calls under way and ".to_owned(),
        };
        let lost = format!("{under_way}the instance with its state{linked}");
        match self.on_trap {
            OnTrap::Drop => Some(format!("{lost}; the next call gets a new one")),
            OnTrap::PoisonForever => Some(format!("{lost}; every later call fails")),
            OnTrap::Restore => Some(format!("{lost}, until an earlier state is restored")),
            OnTrap::Exit => Some(format!("{lost}, and the host")),
            OnTrap::Unspecified => None,
        }
    }

    /// Whether it is [`Profile::SPEC`].
    pub fn is_spec(&self) -> bool {
        self.id == Profile::SPEC
    }
}

/// Displays an enum as it is written in a profile.
macro_rules! display_as_written {
    ($($name:ty)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.serialize(f)
            }
        }
    )*};
}

display_as_written!(Abi OnTrap OptInBy PostReturn);

/// A profile's file. Most checks ask for one profile, so each is parsed by itself.
struct File {
    id: &'static str,
    text: &'static str,
    parsed: OnceLock<Profile>,
}

impl File {
    fn profile(&self) -> &Profile {
        self.parsed.get_or_init(|| {
            let id = self.id;
            let profile: Profile = toml::from_str(self.text)
                .unwrap_or_else(|error| panic!("data/profiles/{id}.toml holds a profile: {error}"));
            Profile { id: id.to_owned(), ..profile }
        })
    }
}

macro_rules! file {
    ($id:literal) => {
        File {
            id: $id,
            text: include_str!(concat!("../data/profiles/", $id, ".toml")),
            parsed: OnceLock::new(),
        }
    };
}

/// The files of `data/profiles/`; a test compares them with the folder.
static FILES: [File; 26] = [
    file!("spec"),
    file!("extism"),
    file!("fastly-compute"),
    file!("fluvio-smartmodule"),
    file!("golem-durable"),
    file!("golem-ephemeral"),
    file!("hyperlight-wasm"),
    file!("jco-serve"),
    file!("jco-transpiled"),
    file!("kubewarden"),
    file!("nginx-unit"),
    file!("proxy-wasm"),
    file!("runwasi-wasmtime"),
    file!("scylladb-udf"),
    file!("shopify-functions"),
    file!("spin-p2"),
    file!("spin-p3"),
    file!("spinkube-p2"),
    file!("spinkube-p3"),
    file!("wasmcloud-2"),
    file!("wasmcloud-2-pooled"),
    file!("wasmtime-run"),
    file!("wasmtime-serve-p2"),
    file!("wasmtime-serve-p3"),
    file!("wassette"),
    file!("zed-extension"),
];

static ALL: LazyLock<Vec<Profile>> =
    LazyLock::new(|| FILES.iter().map(|file| file.profile().clone()).collect());

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_file_is_left_out() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/profiles");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> =
            FILES.iter().map(|file| format!("{}.toml", file.id)).collect();
        assert_eq!(files, listed);
        assert_eq!(listed.len(), FILES.len(), "an id is listed twice");
    }

    #[test]
    fn spec_comes_first_then_the_alphabet() {
        let ids: Vec<&str> = Profile::all().iter().map(|profile| profile.id.as_str()).collect();
        assert_eq!(ids[0], Profile::SPEC);
        assert!(ids[1..].is_sorted(), "{ids:?}");
    }

    #[test]
    fn each_file_opens_with_its_reader_and_its_day() {
        for File { id, text, .. } in &FILES {
            let profile = Profile::by_id(id).unwrap();
            let is_day = profile.checked.len() == 10
                && profile.checked.parse::<toml::value::Datetime>().is_ok();
            assert!(is_day, "{id}: {}", profile.checked);
            let opening = format!("# Read by src/profile.rs. Checked {}.\n", profile.checked);
            assert!(text.starts_with(&opening), "{id}");
        }
    }

    #[test]
    fn fields_agree_with_each_other() {
        for profile in Profile::all() {
            let id = &profile.id;
            assert!(!profile.source.is_empty() && !profile.summary.is_empty(), "{id}");
            assert!(profile.reuses() || profile.single_use_knob.is_none(), "{id}");
            assert!(profile.reuses() || profile.concurrent_max == Some(1), "{id}");
            let knob = profile.concurrency_knob.as_deref();
            assert!(knob.is_none_or(|knob| profile.reuses() && knob.ends_with('N')), "{id}");
            // The setting is one of those that are listed.
            let name = knob.map(|knob| knob.trim_end_matches(['N', '=', ':', ' ']).to_owned());
            assert!(name.is_none_or(|name| profile.knobs.contains(&name)), "{id}");
            let any = profile.entrypoints.iter().any(|listed| listed == "*");
            assert!(any || profile.except.is_empty(), "{id}");
            assert_eq!(profile.entrypoints.is_empty(), profile.abi == [Abi::P1], "{id}");
        }
    }

    #[test]
    fn a_trap_ends_what_shares_the_instance() {
        for (id, expected) in [
            ("spec", None),
            ("wasmtime-run", Some("its own instance, and no other call")),
            (
                "wasmcloud-2",
                Some("its own instance and the components linked to it, and no other call"),
            ),
            ("extism", Some("the instance with its state; the next call gets a new one")),
            (
                "wasmtime-serve-p3",
                Some(
                    "up to 16 calls under way and the instance with its state; the next call gets a new one",
                ),
            ),
            ("jco-transpiled", Some("the instance with its state; every later call fails")),
            (
                "golem-durable",
                Some("the instance with its state, until an earlier state is restored"),
            ),
        ] {
            assert_eq!(Profile::by_id(id).unwrap().lost_by_trap().as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn a_host_calls_what_it_lists() {
        let handle = ExportName::new(Some("wasi:http/incoming-handler@0.2.6"), "handle");
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        let tick = ExportName::new(None, "tick");
        let slash = ExportName::new(None, "run-slash-command");
        for (id, export, expected) in [
            ("spec", &handle, true),
            ("spec", &run, true),
            ("spec", &tick, true),
            ("wasmtime-run", &run, true),
            ("wasmtime-run", &tick, true),
            ("wasmtime-run", &handle, false),
            ("jco-serve", &handle, true),
            ("jco-serve", &run, false),
            ("zed-extension", &slash, true),
            ("zed-extension", &tick, false),
            ("extism", &tick, false),
        ] {
            assert_eq!(Profile::by_id(id).unwrap().calls(export), expected, "{id} {export}");
        }
        assert!(Profile::all().iter().filter(|host| host.calls(&handle)).count() > 5);
    }
}
