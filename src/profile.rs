//! A host, as its file in `data/profiles/` describes it: how long an instance lives there and
//! which knob changes that. Judges nothing.

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::location::ExportName;

/// What a host does with an instance. What a user calls a *host* (`--host`) is a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Profile {
    /// The name a user types: `wasmtime-serve-p3`. The stem of its file.
    #[serde(skip)]
    pub id: String,
    /// The host, for a sentence: `wasmtime serve (wasip3)`.
    pub title: String,
    /// Where this was read, and in which version or snapshot of it.
    pub source: String,
    /// The day the file was last compared with `source`, `YYYY-MM-DD`.
    pub checked: String,
    /// The exports this host calls: interfaces without version (`wasi:cli/run`), functions that the
    /// root exports itself (`run-slash-command`), or `*` for any. Empty: it runs core modules only.
    pub entrypoints: Vec<String>,
    /// Exports that `*` does not mean, written as in `entrypoints`.
    #[serde(default)]
    pub except: Vec<String>,
    /// The generations of binaries that this file speaks of.
    pub abi: Vec<Abi>,
    /// How many calls one instance gets, one after the other; absent: no limit.
    pub serial_max: Option<u32>,
    /// How many calls may be under way at once in one instance; absent: no limit.
    pub concurrent_max: Option<u32>,
    /// What happens to an instance after a trap.
    pub on_trap: OnTrap,
    /// How long an idle instance is kept, in the host's words.
    #[serde(default)]
    pub idle: Option<String>,
    /// Who switches reuse on; absent where nobody can, and where it is not said.
    #[serde(default)]
    pub opt_in_by: Option<OptInBy>,
    /// Who calls a lift's post-return function; absent where that was not looked up.
    #[serde(default)]
    pub post_return: Option<PostReturn>,
    /// Whether the components linked to one live in its store: made, kept and dropped with it.
    #[serde(default)]
    pub linked_components_share_fate: bool,
    /// What to set on this host so that an instance gets one call: the value to type. Absent where
    /// that is the default already, and where no setting does it alone.
    #[serde(default)]
    pub single_use_knob: Option<String>,
    /// All knobs that concern reuse, as typed.
    #[serde(default)]
    pub knobs: Vec<String>,
    /// One or two sentences for `secondcall hosts`.
    pub summary: String,
}

/// A generation of binaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abi {
    /// Core modules, with WASI preview1 or an interface of the host's own.
    P1,
    /// Components whose functions are lifted synchronously, as with WASI 0.2.
    P2,
    /// Components whose functions may be async, as with WASI 0.3.
    P3,
}

/// What a host does with an instance that trapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnTrap {
    /// The instance is dropped; the next call gets a new one.
    Drop,
    /// The instance stays and every later call fails.
    PoisonForever,
    /// The state of before is brought back, from a snapshot or by replaying a log.
    Restore,
    /// The process ends.
    Exit,
    /// The source does not say.
    Unspecified,
}

/// Who decides that instances are reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostReturn {
    /// The runtime, after every call.
    Auto,
    /// The embedder, who can forget it: wasmtime before 42 (#12498).
    Manual,
    /// Nobody.
    Never,
}

impl Profile {
    /// The id of the default profile: no host, only what the specifications promise.
    pub const SPEC: &'static str = "spec";

    /// Every known profile: [`Profile::SPEC`] first, then by id.
    pub fn all() -> &'static [Profile] {
        &ALL
    }

    /// The profile with this id.
    pub fn by_id(id: &str) -> Option<&'static Profile> {
        Profile::all().iter().find(|profile| profile.id == id)
    }

    /// The profiles with these ids.
    ///
    /// # Errors
    /// If there is no profile with one of them: a sentence that lists those there are.
    pub fn by_ids(ids: &[String]) -> Result<Vec<&'static Profile>, String> {
        let find = |id: &String| {
            Profile::by_id(id).ok_or_else(|| {
                let known: Vec<_> = Profile::all().iter().map(|host| host.id.as_str()).collect();
                format!("there is no host `{id}`; the hosts are {}", known.join(", "))
            })
        };
        ids.iter().map(find).collect()
    }

    /// Whether this host calls the export.
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

    /// Whether this is the specifications' promise and not a host.
    pub fn is_spec(&self) -> bool {
        self.id == Profile::SPEC
    }
}

impl fmt::Display for Abi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Abi::P1 => "p1",
            Abi::P2 => "p2",
            Abi::P3 => "p3",
        })
    }
}

impl fmt::Display for OnTrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OnTrap::Drop => "drop",
            OnTrap::PoisonForever => "poison-forever",
            OnTrap::Restore => "restore",
            OnTrap::Exit => "exit",
            OnTrap::Unspecified => "unspecified",
        })
    }
}

impl fmt::Display for OptInBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OptInBy::Host => "host",
            OptInBy::Guest => "guest",
            OptInBy::Operator => "operator",
        })
    }
}

impl fmt::Display for PostReturn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PostReturn::Auto => "auto",
            PostReturn::Manual => "manual",
            PostReturn::Never => "never",
        })
    }
}

/// The id and the text of a profile's file.
macro_rules! file {
    ($id:literal) => {
        ($id, include_str!(concat!("../data/profiles/", $id, ".toml")))
    };
}

/// Every file of `data/profiles/`; a test compares this list with the folder.
const FILES: &[(&str, &str)] = &[
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
    LazyLock::new(|| FILES.iter().map(|(id, text)| read(id, text)).collect());

fn read(id: &str, text: &str) -> Profile {
    let profile: Profile = toml::from_str(text)
        .unwrap_or_else(|error| panic!("data/profiles/{id}.toml holds a profile: {error}"));
    Profile { id: id.to_owned(), ..profile }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn is_date(text: &str) -> bool {
        text.len() == 10
            && text.char_indices().all(|(at, character)| match at {
                4 | 7 => character == '-',
                _ => character.is_ascii_digit(),
            })
    }

    #[test]
    fn no_file_is_left_out() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/profiles");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let listed: BTreeSet<String> = FILES.iter().map(|(id, _)| format!("{id}.toml")).collect();
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
        for (id, text) in FILES {
            let profile = Profile::by_id(id).unwrap();
            assert!(is_date(&profile.checked), "{id}: {}", profile.checked);
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
            let any = profile.entrypoints.iter().any(|listed| listed == "*");
            assert!(any || profile.except.is_empty(), "{id}");
            assert_eq!(profile.entrypoints.is_empty(), profile.abi == [Abi::P1], "{id}");
        }
    }

    #[test]
    fn a_host_calls_what_it_lists() {
        let handle = ExportName::new(Some("wasi:http/incoming-handler@0.2.6"), "handle");
        let run = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        let tick = ExportName::new(None, "tick");
        let slash = ExportName::new(None, "run-slash-command");
        let calls = |id: &str, export| Profile::by_id(id).unwrap().calls(export);
        assert!(calls("spec", &handle) && calls("spec", &run) && calls("spec", &tick));
        assert!(calls("wasmtime-run", &run) && calls("wasmtime-run", &tick));
        assert!(!calls("wasmtime-run", &handle));
        assert!(calls("jco-serve", &handle) && !calls("jco-serve", &run));
        assert!(calls("zed-extension", &slash) && !calls("zed-extension", &tick));
        assert!(Profile::all().iter().filter(|host| host.calls(&handle)).count() > 5);
        assert!(!calls("extism", &tick));
    }
}
