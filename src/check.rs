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
mod ordered;
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
mod copies;
pub(crate) mod source_lines;
mod examination;
pub(crate) mod patterns;
mod uncalled;
pub(crate) mod verify;
pub(crate) mod settle;
mod refuted;
pub(crate) mod acceptance;

use std::collections::BTreeMap;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::config::Origin;
use crate::digest::sha256;
use crate::exec;
use crate::report::document::{ImpliedHost, Skipped};
use crate::report::run::{Artifact, Run};
use calling::Calling;
use configuration::{ConfigResolver, ResolvedConfig};
use copies::{Copies, copy, with_copies};
use error::CheckError;
use examination::Examination;
use examine::{Examiner, ResultCache};
use inputs::{Input, Inputs, Loaded};
use kept::KeptResults;
use ordered::{Stages, in_order};
use prepared::Prepared;
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
    run_each(request, paths, progress, None)
}

/// The same. If nothing that is reported of an input depends on another input, the outcomes go to `each`, one for each
/// input and in order, and what is left is returned.
pub(crate) fn run_each(
    request: &Request,
    paths: &[PathBuf],
    progress: Option<&Progress>,
    each: Option<Each<'_>>,
) -> Result<Outcome, CheckError> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let inputs = inputs::find(paths, request.access);
    if inputs.list.is_empty() && inputs.skipped.is_empty() {
        return Err(CheckError::NoInputs(inputs.nothing_found()));
    }
    let (root, stop, cache) = (Path::new(""), Stop::default(), None);
    Session { request, paths, root, stop, cache, progress }.run_each(inputs, each)
}

/// Takes the outcome of an input, and says whether to go on.
pub(crate) type Each<'a> = &'a mut dyn FnMut(Outcome) -> ControlFlow<()>;

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
    pub(crate) fn run(&self, inputs: Inputs) -> Result<Outcome, CheckError> {
        self.run_each(inputs, None)
    }

    fn run_each(&self, mut inputs: Inputs, each: Option<Each<'_>>) -> Result<Outcome, CheckError> {
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
        let wall = &Wall::new(threads.div_ceil(jobs), &self.stop).map_err(nameless)?;
        let kept = if request.no_cache { None } else { KeptResults::of_user() };
        let (root, stop, cache) = (self.root, &self.stop, self.cache);
        let examination = Examination { root, stop, cache, kept, wall };
        let unstarted = |error| format!("cannot start {jobs} jobs: {error}; use --jobs 1");
        // What the author gives is checked before anything is called, and depends on the component.
        let mut early = Vec::new();
        let stages = Stages {
            load: |id: usize| {
                let is_given = !configs[id].config.given.is_empty();
                is_given.then(|| examination.load(&inputs.list[id]))
            },
            claim: |_, _: &Option<Loaded>| (),
            work: |_, loaded, ()| loaded,
        };
        in_order(jobs, configs.len(), stages, |_, loaded| {
            early.push(loaded);
            ControlFlow::Continue(())
        })
        .map_err(unstarted)?;
        let prepared = script::prepare(configs.iter().zip(early.iter().map(Option::as_ref)))?;
        let Preparation { all: scripts, unmatched } = prepared;
        let calls_wanted = configs.iter().any(|it| !it.config.static_only.value);
        let (mut run, examiners) = self.examiners(&configs, &scripts, wall)?;
        if let Some(progress) = self.progress {
            progress.begin(inputs.list.len());
        }
        let head = run.clone();
        run.skipped = inputs.skipped;
        run.config = ignored;
        run.config.extend(unmatched);
        let each = each.filter(|_| self.is_independent(&inputs.list, &configs));
        let early: Vec<_> = early.into_iter().map(Mutex::new).collect();
        let is_alone = inputs.list.len() == 1;
        let mut copies = Copies::default();
        let stages = Stages {
            load: |id: usize| {
                let early = early[id].lock().unwrap_or_else(PoisonError::into_inner).take();
                let loaded = early.unwrap_or_else(|| examination.load(&inputs.list[id]));
                let digest = loaded.bytes.as_ref().ok().filter(|_| !is_alone).map(sha256);
                (loaded, digest)
            },
            claim: |id: usize, (loaded, digest): &(Loaded, Option<String>)| match digest {
                Some(digest) => copies.first(id, &inputs.list[id], loaded, digest, &examiners[id]),
                None => id,
            },
            work: |id: usize, (loaded, digest), first: usize| {
                let input = &inputs.list[id];
                let mut examined = match first == id {
                    true => examination.artifact(input, loaded, digest, &examiners[id]),
                    false => (copy(input, loaded), Vec::new()),
                };
                if request.drops_bytes {
                    examined.0.bytes = Vec::new();
                }
                self.progress.inspect(|progress| progress.step());
                (first, examined)
            },
        };
        let finish = |id: usize, artifact: &mut Artifact, skipped: &[Skipped]| {
            let hosts = &configs[id].config.hosts.value;
            if artifact.hosts.is_empty() && *hosts != head.hosts {
                let host = |id: &String| ImpliedHost { id: id.clone(), settings: BTreeMap::new() };
                artifact.hosts = hosts.iter().map(host).collect();
            }
            artifact.given = scripts[id].reported().filter(|_| examiners[id].executes()).cloned();
            let is_complete = !skipped.iter().any(Skipped::is_inconclusive);
            examiners[id].executes() && request.exports.is_empty() && is_complete
        };
        let mut executed = Vec::new();
        if let Some(each) = each {
            let mut failures = BTreeMap::new();
            in_order(jobs, configs.len(), stages, |id, (first, (mut artifact, skipped))| {
                run.first = id + 1;
                if let Err(failure) = &mut artifact.result {
                    match failures.get(&first) {
                        Some(known) => failure.clone_from(known),
                        None if first == id => drop(failures.insert(id, failure.clone())),
                        None => {
                            run.copies.push((first, artifact.path));
                            return ControlFlow::Continue(());
                        }
                    }
                }
                let executed = vec![finish(id, &mut artifact, &skipped)];
                let mut run = Run { first: id, artifacts: vec![artifact], ..head.clone() };
                run.skipped =
                    skipped.into_iter().map(|it| Skipped { artifact: Some(0), ..it }).collect();
                run.skipped.extend(uncalled::all(&run.artifacts));
                refuted::fail_in_tests(&run);
                let mut outcome = Outcome { run, configs: vec![configs[id].clone()], executed };
                outcome.settle(&[], policy);
                each(outcome)
            })
            .map_err(unstarted)?;
            configs.clear();
        } else {
            let (mut examined, mut firsts) = (Vec::new(), Vec::new());
            in_order(jobs, configs.len(), stages, |_, (first, found)| {
                firsts.push(first);
                examined.push(found);
                ControlFlow::Continue(())
            })
            .map_err(unstarted)?;
            let examined = with_copies(examined, &firsts);
            for (id, (mut artifact, skipped)) in examined.into_iter().enumerate() {
                executed.push(finish(id, &mut artifact, &skipped));
                run.artifacts.push(artifact);
                run.skipped
                    .extend(skipped.into_iter().map(|it| Skipped { artifact: Some(id), ..it }));
            }
            run.skipped.extend(uncalled::all(&run.artifacts));
        }
        if let Some(detail) = exec::MISSING.map(str::to_owned)
            && calls_wanted
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

    /// An examiner for each input, and the run without its inputs.
    fn examiners<'w>(
        &self,
        configs: &[ResolvedConfig],
        scripts: &[Prepared],
        wall: &'w Wall,
    ) -> Result<(Run, Vec<Examiner<'w>>), CheckError> {
        let request = self.request;
        let mut examiners = Vec::new();
        let mut run = Run { static_only: true, ..Run::default() };
        for (resolved, script) in configs.iter().zip(scripts) {
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
        Ok((run, examiners))
    }

    /// Whether nothing that is reported of an input depends on another one, except for copies.
    fn is_independent(&self, inputs: &[Input], configs: &[ResolvedConfig]) -> bool {
        let Some(ResolvedConfig { config: any, .. }) = configs.first() else { return true };
        let shared = (&any.levels, any.fail_on.value, any.strict.value);
        let is_plain = |resolved: &ResolvedConfig| {
            let config = &resolved.config;
            config.accept.is_empty()
                && config.exclude_exports.value.is_empty()
                && config.given.is_empty()
                && (&config.levels, config.fail_on.value, config.strict.value) == shared
        };
        self.request.exports.is_empty()
            && inputs.iter().all(|input| input.named_by.is_none())
            && configs.iter().all(is_plain)
    }
}

fn nameless(error: io::Error) -> String {
    format!("cannot find the path of this program: {error}")
}
