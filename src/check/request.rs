//! How inputs are examined and judged, as the caller asks for it; the plain half of what `cli` parses.

use std::env;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::config::Layer;
use crate::config::date::{self, Date};
use crate::config::diagnostic::Diagnostic;
use crate::registry::Access;
use crate::report::acceptance::AcceptancePolicy;

/// How to examine and judge inputs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    /// The values chosen by the caller; they override configuration files and the environment.
    pub(crate) layer: Layer,
    /// Errors in `layer`, reported together with those of configuration files.
    pub(crate) errors: Vec<Diagnostic>,
    /// Globs of the exports to call; empty for all.
    pub(crate) exports: Vec<String>,
    /// Calls all exports again, even if the cache holds their observation.
    pub(crate) no_cache: bool,
    /// What the search for causes may use, in milliseconds of a machine of moderate speed; 0 for no search, `None` for the
    /// default.
    pub(crate) cause_budget: Option<u64>,
    /// Makes no calls: those of earlier checks count.
    pub(crate) only_kept: bool,
    /// The configuration file to read instead of the nearest secondcall.toml.
    pub(crate) config: Option<PathBuf>,
    /// Folders that the user opened: a configuration file in one of them counts without a repository.
    pub(crate) opened: Vec<PathBuf>,
    /// Reads no configuration file and no table in a manifest.
    pub(crate) no_config: bool,
    /// Reads no setting from environment variables.
    pub(crate) no_environment: bool,
    /// Reports accepted findings and those of the baseline, too.
    pub(crate) no_ignores: bool,
    /// Ignores the levels of rules: every finding is reported, with its own severity.
    pub(crate) no_levels: bool,
    /// The baseline whose findings are hidden.
    pub(crate) baseline: Option<PathBuf>,
    /// Whether references may be fetched.
    pub(crate) access: Access,
    /// Leaves out inputs that are the same in this revision of their git repository.
    pub(crate) since: Option<String>,
    /// Inputs to work on at once; 0 for one per core.
    pub(crate) jobs: usize,
    /// Whether the bytes of the inputs are dropped once they are examined, because no report shows their code.
    pub(crate) drops_bytes: bool,
    /// The day on which acceptances are judged; `None` for today.
    pub(crate) today: Option<Date>,
}

impl Request {
    /// The baseline, from the caller or else from `SECONDCALL_BASELINE`.
    pub(crate) fn baseline(&self) -> Option<PathBuf> {
        self.baseline.clone().or_else(|| variable("SECONDCALL_BASELINE"))
    }

    /// How acceptances are treated.
    ///
    /// # Errors
    /// If `SECONDCALL_TODAY` holds no date.
    pub(crate) fn acceptance_policy(&self) -> Result<AcceptancePolicy, String> {
        Ok(AcceptancePolicy { today: self.today()?, no_ignores: self.no_ignores })
    }

    /// The day, from the caller, `SECONDCALL_TODAY` or the system's clock (UTC).
    fn today(&self) -> Result<Date, String> {
        if let Some(day) = self.today {
            return Ok(day);
        }
        if let Some(day) = variable("SECONDCALL_TODAY") {
            let day = date::parse(&day.to_string_lossy());
            return day.map_err(|what| format!("SECONDCALL_TODAY: {what}"));
        }
        Ok(date::of(SystemTime::now()))
    }
}

/// The value of an environment variable, if it is set and not empty.
pub(super) fn variable(name: &str) -> Option<PathBuf> {
    env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
