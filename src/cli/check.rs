//! `secondcall check`: reads inputs, in parallel, and tells what was found.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use rayon::prelude::*;

use super::complain;
use super::examine::Examined;
use super::examine::Examiner;
use super::execution::Options;
use super::exit_code::ExitCode;
use super::formats;
use super::formats::Telling;
use super::inputs;
use super::inputs::Source;
use super::levels::Levels;
use super::progress;
use crate::config::Config;
use crate::profile::Profile;
use crate::report::binaries::Binaries;
use crate::report::run::Artifact;
use crate::report::run::Failure;
use crate::report::run::Run;
use crate::report::run::Skipped;
use crate::report::style::Style;
use crate::rules;
use crate::verdict::Severity;

/// What to check, and how to tell of it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Components (binary or text), manifests (spin.toml, Cargo.toml, .wash/config.yaml, *.wac, YAML
    /// of wasmCloud or wadm), folders to search, or - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The host to judge for; may be repeated. `secondcall hosts` lists them. By default the one that
    /// a manifest implies, and `spec` where none does
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// How to tell it
    #[command(flatten)]
    pub telling: Telling,
    /// How to call the exports
    #[command(flatten)]
    pub execution: Options,
    /// What to do with the findings of a rule
    #[command(flatten)]
    pub levels: Levels,
    /// Exit with 1 from this severity on
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Only analyze, execute nothing
    #[arg(long, env = "SECONDCALL_STATIC_ONLY", hide_env = true)]
    pub static_only: bool,
    /// Exit with 0 whatever was found
    #[arg(long)]
    pub exit_zero: bool,
    /// Do not show how far a long run is
    #[arg(long)]
    pub no_progress: bool,
    /// How many inputs to work on at once; 0 means one for each core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
}

/// From which severity on a run fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Warnings and errors
    Warning,
    /// Anything found
    Note,
    /// Nothing
    Never,
}

/// Stack of a thread that analyzes, in bytes: followed calls nest.
const STACK: usize = 64 << 20;

/// Checks what the arguments name.
pub fn run(
    arguments: &Arguments,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> ExitCode {
    let usage = |err: &mut dyn Write, message: String| complain(err, &message, ExitCode::Usage);
    let implied = arguments.hosts.is_empty();
    let names = if implied { &[Profile::SPEC.to_owned()][..] } else { &arguments.hosts };
    let hosts = match chosen_hosts(names) {
        Ok(hosts) => hosts,
        Err(message) => return usage(err, message),
    };
    let config = match configuration(arguments) {
        Ok(config) => config,
        Err(message) => return usage(err, message),
    };
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let sources = inputs::find(paths);
    if sources.list.is_empty() {
        return complain(err, &sources.nothing_found(), ExitCode::NoInputs);
    }
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.jobs).stack_size(STACK);
    let ids = hosts.iter().map(|host| host.id.clone()).collect();
    let execution = (!arguments.static_only).then_some(&arguments.execution);
    let examiner = match Examiner::new(hosts, implied, execution) {
        Ok(examiner) => examiner,
        Err(error) => return usage(err, format!("cannot find this program itself: {error}")),
    };
    let examined: Vec<_> = match pool.build() {
        Ok(pool) => progress::during(sources.list.len(), !arguments.no_progress, |progress| {
            pool.install(|| {
                let examined = sources.list.par_iter().map(|source| {
                    let examined = artifact(source, &examiner, &config);
                    progress.step();
                    examined
                });
                examined.collect()
            })
        }),
        Err(error) => return usage(err, format!("cannot start {} jobs: {error}", arguments.jobs)),
    };
    let mut run = Run {
        hosts: ids,
        static_only: !examiner.executes(),
        calls: if examiner.executes() { arguments.execution.calls } else { 0 },
        seed: if examiner.executes() { arguments.execution.seed } else { 0 },
        skipped: sources.skipped,
        fail_on: config.fail_on,
        ..Run::default()
    };
    for (id, (artifact, skipped)) in examined.into_iter().enumerate() {
        run.artifacts.push(artifact);
        run.skipped.extend(skipped.into_iter().map(|it| Skipped { artifact: Some(id), ..it }));
    }
    let code = exit_code(&run, &config, arguments.exit_zero);
    run.exit_code = code as u8;
    let document = formats::document(&run);
    match arguments.telling.tell(&document, &Binaries::of(&run), style, out) {
        Ok(()) => code,
        Err(message) => usage(err, message),
    }
}

fn chosen_hosts(names: &[String]) -> Result<Vec<&'static Profile>, String> {
    let mut hosts = Vec::new();
    for name in names {
        match Profile::by_id(name) {
            Some(host) => hosts.push(host),
            None => {
                let known: Vec<_> = Profile::all().iter().map(|host| host.id.as_str()).collect();
                return Err(format!(
                    "there is no host `{name}`; the hosts are {}",
                    known.join(", ")
                ));
            }
        }
    }
    Ok(hosts)
}

fn configuration(arguments: &Arguments) -> Result<Config, String> {
    for (rule, _) in &arguments.levels.0 {
        if rule != "all" && !rules::all().any(|known| known.id == rule) {
            return Err(format!("there is no rule `{rule}`; `secondcall rules` lists them"));
        }
    }
    let fail_on = match arguments.fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Note => Some(Severity::Note),
        FailOn::Never => None,
    };
    Ok(Config { levels: arguments.levels.0.clone(), fail_on })
}

fn artifact(source: &Source, examiner: &Examiner<'_>, config: &Config) -> (Artifact, Vec<Skipped>) {
    let input = source.read();
    let (path, origin) = (input.path, source.named.as_ref().map(|it| it.origin.clone()));
    let (bytes, examined) = match input.bytes {
        Err(failure) => (Vec::new(), Err(failure)),
        Ok(bytes) => {
            let examined = examiner.examine(&bytes, source.implied()).map_err(|error| Failure {
                stage: "read".to_owned(),
                offset: Some(error.offset()),
                message: error.to_string(),
            });
            (bytes, examined)
        }
    };
    match examined {
        Ok(Examined { report, hosts, observed, made_up_imports, skipped }) => {
            let result = Ok(report.configured(config));
            (Artifact { path, origin, hosts, bytes, observed, made_up_imports, result }, skipped)
        }
        Err(failure) => {
            let (hosts, observed, made_up_imports) = Default::default();
            let result = Err(failure);
            let artifact =
                Artifact { path, origin, hosts, bytes, observed, made_up_imports, result };
            (artifact, Vec::new())
        }
    }
}

fn exit_code(run: &Run, config: &Config, exit_zero: bool) -> ExitCode {
    let mut findings = run.artifacts.iter().flat_map(Artifact::findings);
    if run.artifacts.iter().any(|artifact| artifact.result.is_err()) {
        ExitCode::Unread
    } else if !exit_zero && findings.any(|judged| config.fails(judged.severity)) {
        ExitCode::Findings
    } else {
        ExitCode::Clean
    }
}
