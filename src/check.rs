//! The session that the terminal and the editor share: find inputs, resolve configurations, examine, settle. Prints
//! nothing and knows no exit code.

pub(crate) mod error;
pub(crate) mod paths;
pub(crate) mod stamp;
mod stop;
mod walk;
pub(crate) mod request;
pub(crate) mod progress;
pub(crate) mod inputs;
pub(crate) mod configuration;
mod since;
mod prepared;
pub(crate) mod script;
pub(crate) mod calling;
mod pairs;
mod repairable;
mod analysis;
mod messages;
pub(crate) mod worker;
mod wall;
pub(crate) mod examine;
mod kept;
pub(crate) mod source_lines;
pub(crate) mod patterns;
mod uncalled;
pub(crate) mod verify;
pub(crate) mod settle;
mod refuted;
pub(crate) mod acceptance;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use rayon::prelude::*;

use crate::config::Origin;
use crate::digest::sha256;
use crate::exec;
use crate::manifest::Implied;
use crate::report::document::{Failure, ImpliedHost, Skipped};
use crate::report::run::{Artifact, Run};
use analysis::Examined;
use calling::Calling;
use configuration::ConfigResolver;
use error::CheckError;
use examine::{Examiner, ResultCache};
use inputs::{Input, Inputs, Loaded};
use kept::KeptResults;
use progress::Progress;
use request::Request;
use script::Preparation;
use settle::Outcome;
pub(crate) use stop::Stop;
use wall::Wall;

/// Finds the inputs that `paths` name (the current folder if there are none), examines and judges them. Ignores any
/// baseline.
///
/// # Errors
/// If nothing is found, or the request or a configuration is invalid.
pub(crate) fn run(
    request: &Request,
    paths: &[PathBuf],
    progress: Option<&Progress>,
) -> Result<Outcome, CheckError> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let inputs = inputs::find(paths);
    if inputs.list.is_empty() && inputs.skipped.is_empty() {
        return Err(CheckError::NoInputs(inputs.nothing_found()));
    }
    let (root, stop, cache) = (Path::new(""), Stop::default(), None);
    Session { request, paths, root, stop, cache, progress }.run(inputs)
}

/// Examines inputs that were found before.
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) request: &'a Request,
    /// The paths that were searched for inputs.
    pub(crate) paths: &'a [PathBuf],
    /// The folder of the project. Reports link to source files below it.
    pub(crate) root: &'a Path,
    pub(crate) stop: Stop,
    /// Results of earlier sessions.
    pub(crate) cache: Option<&'a ResultCache>,
    /// Counts the inputs that are done.
    pub(crate) progress: Option<&'a Progress>,
}

impl Session<'_> {
    /// Examines and judges inputs.
    ///
    /// # Errors
    /// If the request or a configuration is invalid.
    pub(crate) fn run(&self, mut inputs: Inputs) -> Result<Outcome, CheckError> {
        let request = self.request;
        let mut resolver = ConfigResolver::new(request)?;
        let policy = request.acceptance_policy()?;
        let resolve = |input: &Input| {
            let manifest = input.named_by.as_ref().map(|named_by| Path::new(&named_by.origin.path));
            resolver.resolve(input.path(), manifest)
        };
        let mut configs: Vec<_> = inputs.list.iter().map(resolve).collect();
        let ignored = resolver.finish()?;
        let all = inputs.list.len();
        if let Some(revision) = &request.since {
            since::leave_out(revision, &mut inputs, &mut configs)?;
        }
        let is_whole = inputs.list.len() == all;
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let threads = if request.jobs == 0 { cores } else { request.jobs.min(cores) };
        // A job waits for the process that works for it.
        let jobs = threads.min(inputs.list.len()).max(1);
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let pool =
            pool.map_err(|error| format!("cannot start {jobs} jobs: {error}; use --jobs 1"))?;
        let wall = &Wall::new(threads.div_ceil(jobs), &self.stop).map_err(nameless)?;
        let loaded: Vec<_> =
            pool.install(|| inputs.list.par_iter().map(|input| self.load(input, wall)).collect());
        let Preparation { all: scripts, unmatched } = script::prepare(configs.iter().zip(&loaded))?;
        let mut examiners = Vec::new();
        let mut run =
            Run { static_only: true, skipped: inputs.skipped, config: ignored, ..Run::default() };
        run.config.extend(unmatched);
        for (resolved, script) in configs.iter().zip(&scripts) {
            let config = &resolved.config;
            let calling = Calling::new(config, request, script.clone()).until(self.stop.calls());
            let execution = (!config.static_only.value).then_some(&calling);
            let implied = config.hosts.origin == Origin::Default;
            let examiner = Examiner::new(
                configuration::profiles(&config.hosts.value)?,
                implied,
                execution,
                wall,
            )
            .map_err(nameless)?;
            for host in &config.hosts.value {
                if !run.hosts.contains(host) {
                    run.hosts.push(host.clone());
                }
            }
            run.strict |= config.strict.value;
            run.fail_on = [run.fail_on, config.fail_on.value].into_iter().flatten().min();
            if examiner.executes() {
                run.static_only = false;
                run.calls = run.calls.max(calling.calls);
                run.seed = calling.seed;
            }
            examiners.push(examiner);
        }
        if let Some(progress) = self.progress {
            progress.begin(inputs.list.len());
        }
        let firsts = firsts(&inputs.list, &loaded, &examiners);
        let kept = if request.no_cache { None } else { KeptResults::of_user() };
        let examined: Vec<_> = pool.install(|| {
            let loaded = inputs.list.par_iter().zip(loaded).zip(&examiners);
            let examined = loaded.enumerate().map(|(id, ((input, loaded), examiner))| {
                let examined = match firsts[id] == id {
                    true => self.artifact(input, loaded, examiner, kept.as_ref()),
                    false => (copy(input, loaded), Vec::new()),
                };
                self.progress.inspect(|progress| progress.step());
                examined
            });
            examined.collect()
        });
        let examined = with_copies(examined, &firsts);
        let mut executed = Vec::new();
        for (id, (mut artifact, skipped)) in examined.into_iter().enumerate() {
            let hosts = &configs[id].config.hosts.value;
            if artifact.hosts.is_empty() && *hosts != run.hosts {
                let host = |id: &String| ImpliedHost { id: id.clone(), settings: BTreeMap::new() };
                artifact.hosts = hosts.iter().map(host).collect();
            }
            artifact.given = scripts[id].reported().filter(|_| examiners[id].executes()).cloned();
            let is_complete = !skipped.iter().any(Skipped::is_inconclusive);
            executed.push(examiners[id].executes() && request.exports.is_empty() && is_complete);
            run.artifacts.push(artifact);
            run.skipped.extend(skipped.into_iter().map(|it| Skipped { artifact: Some(id), ..it }));
        }
        run.skipped.extend(uncalled::all(&run.artifacts));
        if let Some(detail) = exec::MISSING.map(str::to_owned)
            && configs.iter().any(|it| !it.config.static_only.value)
        {
            let reason = "no-engine".to_owned();
            run.skipped.push(Skipped { reason, detail, ..Skipped::default() });
        }
        // Patterns and acceptances may be for what was left out.
        if is_whole {
            run.skipped.extend(patterns::unmatched(request, &configs, &run.artifacts));
        }
        refuted::fail_in_tests(&run);
        let mut outcome = Outcome { run, configs, executed };
        outcome.settle(if is_whole { self.paths } else { &[] }, policy);
        Ok(outcome)
    }

    fn load(&self, input: &Input, wall: &Wall) -> Loaded {
        match self.stop.is_abandoned() {
            true => Loaded {
                path: String::new(),
                bytes: Err(Box::default()),
                text: None,
                wrapping: None,
            },
            false => input.read_as(|path, bytes| match Loaded::is_converted(&bytes) {
                true => wall.convert(path, bytes),
                false => Loaded { path, bytes: Ok(bytes), text: None, wrapping: None },
            }),
        }
    }

    /// The artifact made from an input, and what was skipped in it.
    fn artifact(
        &self,
        input: &Input,
        loaded: Loaded,
        examiner: &Examiner<'_>,
        kept: Option<&KeptResults>,
    ) -> (Artifact, Vec<Skipped>) {
        let Loaded { path, bytes, text, wrapping } = loaded;
        let mut artifact = Artifact {
            wrapping,
            origin: input.named_by.as_ref().map(|named_by| named_by.origin.clone()),
            ..Artifact::new(path, Vec::new(), Err(Failure::default()))
        };
        let examined = bytes.and_then(|bytes| {
            artifact.bytes = bytes;
            let text = text.as_deref().map(|text| (artifact.path.as_str(), text));
            let digest = || sha256(&artifact.bytes);
            // Texts that encode to the same bytes differ in their lines.
            if text.is_none() && (self.cache.is_some() || kept.is_some()) {
                let digest = artifact.sha256.insert(digest());
                self.examine(examiner, &artifact.bytes, digest, input.implied(), kept)
            } else {
                let (digest, examined) = rayon::join(digest, || {
                    examiner.examine(&artifact.bytes, text, input.implied())
                });
                artifact.sha256 = Some(digest);
                examined
            }
        });
        match examined {
            Ok(Examined {
                report,
                hosts,
                observed,
                made_up_imports,
                unfiltered,
                skipped,
                lines,
                ..
            }) => {
                let sources = match (input.path(), &text) {
                    (Some(file), None) => source_lines::located(lines, file, self.root),
                    (file, _) => source_lines::of_text(lines, file.is_some()),
                };
                let result = Ok(report);
                (
                    Artifact {
                        text,
                        hosts,
                        observed,
                        made_up_imports,
                        unfiltered,
                        sources,
                        result,
                        ..artifact
                    },
                    skipped,
                )
            }
            Err(failure) => {
                artifact.bytes = Vec::new();
                artifact.result = Err(*failure);
                (artifact, Vec::new())
            }
        }
    }

    /// Examines a component, or returns the result of an earlier session.
    fn examine(
        &self,
        examiner: &Examiner<'_>,
        bytes: &[u8],
        digest: &str,
        implied: Implied,
        kept: Option<&KeptResults>,
    ) -> Result<Examined, Box<Failure>> {
        let key = examiner.key(digest, implied);
        if let Some(examined) = self.cache.and_then(|cache| cache.get(&key)) {
            return Ok(examined);
        }
        let kept = kept.filter(|_| examiner.is_worth_keeping(bytes));
        let examined = match kept.and_then(|kept| kept.get(&key)) {
            Some(examined) => examined,
            None => {
                let examined = examiner.examine(bytes, None, implied)?;
                if let Some(kept) = kept.filter(|_| examined.is_repeatable) {
                    kept.put(&key, &examined);
                }
                examined
            }
        };
        // A stopped execution is incomplete.
        if let Some(cache) = self.cache
            && !(examiner.executes() && self.stop.stops_calls())
        {
            cache.put(key, &examined);
        }
        Ok(examined)
    }
}

fn nameless(error: io::Error) -> String {
    format!("cannot find the path of this program: {error}")
}

/// For each input the first one that holds the same bytes and is examined in the same way: its own index if there is none
/// before it. A copy that no manifest names is judged for the host of one that a manifest names.
fn firsts(inputs: &[Input], loaded: &[Loaded], examiners: &[Examiner<'_>]) -> Vec<usize> {
    let mut seen: BTreeMap<String, Vec<(Implied, usize)>> = BTreeMap::new();
    let length = |loaded: &Loaded| loaded.bytes.as_ref().map_or(0, Vec::len);
    let mut lengths: BTreeMap<usize, usize> = BTreeMap::new();
    loaded.iter().for_each(|loaded| *lengths.entry(length(loaded)).or_default() += 1);
    let all = inputs.iter().zip(loaded).zip(examiners).enumerate();
    let mut first =
        |(id, ((input, loaded), examiner)): (usize, ((&Input, &Loaded), &Examiner<'_>))| {
            let Ok(bytes) = &loaded.bytes else { return id };
            if lengths[&bytes.len()] == 1 {
                return id;
            }
            let text = loaded.text.as_ref().map(sha256);
            let key = examiner.key(&sha256(bytes), Implied::Nothing);
            let key = format!("{key} {text:?} {:?}", loaded.wrapping);
            let seen = seen.entry(key).or_default();
            let is_alike = |(implied, _): &&(Implied, usize)| {
                input.named_by.is_none() || *implied == input.implied()
            };
            match seen.iter().find(is_alike) {
                Some((_, first)) => *first,
                None => {
                    seen.push((input.implied(), id));
                    id
                }
            }
        };
    all.map(&mut first).collect()
}

/// The artifact of an input with the same bytes as another one, before that is examined.
fn copy(input: &Input, loaded: Loaded) -> Artifact {
    Artifact {
        origin: input.named_by.as_ref().map(|named_by| named_by.origin.clone()),
        text: loaded.text,
        wrapping: loaded.wrapping,
        ..Artifact::new(loaded.path, loaded.bytes.unwrap_or_default(), Err(Failure::default()))
    }
}

/// Fills in what was found in the first input with the same bytes.
fn with_copies(
    mut examined: Vec<(Artifact, Vec<Skipped>)>,
    firsts: &[usize],
) -> Vec<(Artifact, Vec<Skipped>)> {
    for (id, first) in firsts.iter().enumerate().filter(|(id, first)| id != *first) {
        let (first, skipped) = examined[*first].clone();
        let (own, own_skipped) = &mut examined[id];
        *own_skipped = skipped;
        let mut sources = first.sources;
        for source in sources.values_mut().filter(|it| it.path == first.path) {
            source.path.clone_from(&own.path);
        }
        let (path, bytes) = (std::mem::take(&mut own.path), std::mem::take(&mut own.bytes));
        let (origin, text) = (own.origin.take(), own.text.take());
        *own = Artifact { path, origin, bytes, text, sources, ..first };
    }
    examined
}
