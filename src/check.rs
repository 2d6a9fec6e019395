//! The session that the terminal and the editor share: inputs, configuration, examination, settlement. Prints nothing
//! and knows no exit code.

pub(crate) mod request;
pub(crate) mod progress;
pub(crate) mod inputs;
pub(crate) mod configuration;
pub(crate) mod prepared;
pub(crate) mod script;
pub(crate) mod calling;
pub(crate) mod examine;
pub(crate) mod source_lines;
pub(crate) mod settle;
pub(crate) mod acceptance;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use rayon::prelude::*;

use crate::component::ReadError;
use crate::config::Origin;
use crate::manifest::Implied;
use crate::profile::Profile;
use crate::report::document::{Failure, ImpliedHost, Skipped};
use crate::report::run::{Artifact, Run};
use calling::Calling;
use configuration::Configurations;
use examine::{Examined, Examiner, Memory};
use inputs::{Input, Source, Sources};
use progress::Progress;
use request::Request;
use script::Preparation;
use settle::{Gathered, Refusal};

/// Stack of a thread that analyzes, in bytes: followed calls nest.
pub(crate) const STACK: usize = 64 << 20;

/// Finds the inputs that `paths` name (the current folder if there are none), examines and judges them. Ignores any
/// baseline.
///
/// # Errors
/// If there are no inputs, or the request or a configuration is invalid.
pub(crate) fn gather(
    request: &Request,
    paths: &[PathBuf],
    progress: Option<&Progress>,
) -> Result<Gathered, Refusal> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let sources = inputs::find(paths);
    if sources.list.is_empty() {
        return Err(Refusal::NoInputs(sources.nothing_found()));
    }
    let (root, stop, memory) = (Path::new(""), Stop::default(), None);
    Examination { request, paths, root, stop, memory, progress }.of(sources)
}

/// Ends an examination early, from another thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop {
    calls: Arc<AtomicBool>,
    all: Arc<AtomicBool>,
}

impl Stop {
    /// Makes no more calls; the code is still read.
    pub(crate) fn stop_calls(&self) {
        self.calls.store(true, Relaxed);
    }

    /// Nobody waits for the result any more: from now on it has gaps.
    pub(crate) fn abandon(&self) {
        self.all.store(true, Relaxed);
        self.stop_calls();
    }

    pub(crate) fn is_abandoned(&self) -> bool {
        self.all.load(Relaxed)
    }
}

/// How inputs are to be examined that were found before.
#[derive(Debug)]
pub(crate) struct Examination<'a> {
    pub(crate) request: &'a Request,
    /// What was searched for them.
    pub(crate) paths: &'a [PathBuf],
    /// The project's folder: lines of texts below it can be opened.
    pub(crate) root: &'a Path,
    pub(crate) stop: Stop,
    /// What was examined before.
    pub(crate) memory: Option<&'a Memory>,
    /// Counts the inputs that are done.
    pub(crate) progress: Option<&'a Progress>,
}

impl Examination<'_> {
    /// Examines and judges them.
    ///
    /// # Errors
    /// When what the user wrote cannot be meant.
    pub(crate) fn of(&self, sources: Sources) -> Result<Gathered, Refusal> {
        let request = self.request;
        let mut configurations = Configurations::new(request)?;
        let terms = request.terms()?;
        let effective = |source: &Source| {
            let manifest = source.named.as_ref().map(|it| Path::new(&it.origin.path));
            configurations.of(source.file(), manifest)
        };
        let effective: Vec<_> = sources.list.iter().map(effective).collect();
        configurations.check()?;
        // More jobs than inputs have nothing to do, and each takes memory; 0 stays what it means.
        let jobs = request.jobs.min(sources.list.len());
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK).build();
        let pool =
            pool.map_err(|error| format!("cannot start {jobs} jobs: {error}; use --jobs 1"))?;
        let inputs: Vec<_> =
            pool.install(|| sources.list.par_iter().map(|source| self.input(source)).collect());
        let Preparation { all: scripts, unmatched } =
            script::prepare(effective.iter().zip(&inputs))?;
        let mut examiners = Vec::new();
        let mut run = Run {
            static_only: true,
            skipped: sources.skipped,
            config: unmatched,
            ..Run::default()
        };
        for (effective, script) in effective.iter().zip(&scripts) {
            let config = &effective.config;
            let calling = Calling::new(config, request, script.clone()).until(&self.stop.calls);
            let execution = (!config.static_only.value).then_some(&calling);
            let implied = config.hosts.origin == Origin::Default;
            let examiner = Examiner::new(Profile::by_ids(&config.hosts.value)?, implied, execution)
                .map_err(|error| format!("cannot find this program itself: {error}"))?;
            let new = |host: &&String| !run.hosts.contains(host);
            let new: Vec<_> = config.hosts.value.iter().filter(new).cloned().collect();
            run.hosts.extend(new);
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
            progress.begin(sources.list.len());
        }
        let examined: Vec<_> = pool.install(|| {
            let read = sources.list.par_iter().zip(inputs).zip(&examiners);
            let examined = read.map(|((source, input), examiner)| {
                let examined = self.artifact(source, input, examiner);
                self.progress.inspect(|progress| progress.step());
                examined
            });
            examined.collect()
        });
        let mut executed = Vec::new();
        for (id, (mut artifact, skipped)) in examined.into_iter().enumerate() {
            let hosts = &effective[id].config.hosts.value;
            if artifact.hosts.is_empty() && *hosts != run.hosts {
                let chosen =
                    |id: &String| ImpliedHost { id: id.clone(), settings: BTreeMap::new() };
                artifact.hosts = hosts.iter().map(chosen).collect();
            }
            artifact.given = scripts[id].told().filter(|_| examiners[id].executes()).cloned();
            let complete = !skipped.iter().any(Skipped::is_inconclusive);
            executed.push(examiners[id].executes() && request.exports.is_empty() && complete);
            run.artifacts.push(artifact);
            run.skipped.extend(skipped.into_iter().map(|it| Skipped { artifact: Some(id), ..it }));
        }
        let mut gathered = Gathered { run, effective, executed };
        gathered.settle(self.paths, terms);
        Ok(gathered)
    }

    /// Examines an input; one that was met before is remembered.
    fn examined(
        &self,
        examiner: &Examiner<'_>,
        bytes: &[u8],
        text: Option<(&str, &str)>,
        implied: Implied,
    ) -> Result<Examined, ReadError> {
        // Texts that encode to the same bytes have other lines.
        let Some(memory) = self.memory.filter(|_| text.is_none()) else {
            return examiner.examine(bytes, text, implied);
        };
        let key = examiner.key(bytes, implied);
        if let Some(examined) = memory.get(&key) {
            return Ok(examined);
        }
        let examined = examiner.examine(bytes, text, implied)?;
        // What was stopped may not pass for what was called to an end.
        if !(examiner.executes() && self.stop.calls.load(Relaxed)) {
            memory.put(key, &examined);
        }
        Ok(examined)
    }

    fn input(&self, source: &Source) -> Input {
        match self.stop.is_abandoned() {
            true => Input { path: String::new(), bytes: Err(Failure::default()), text: None },
            false => source.read(),
        }
    }

    fn artifact(
        &self,
        source: &Source,
        input: Input,
        examiner: &Examiner<'_>,
    ) -> (Artifact, Vec<Skipped>) {
        let Input { path, bytes, text } = input;
        let mut artifact = Artifact {
            origin: source.named.as_ref().map(|it| it.origin.clone()),
            ..Artifact::new(path, Vec::new(), Err(Failure::default()))
        };
        let examined = bytes.and_then(|bytes| {
            artifact.bytes = bytes;
            let text = text.as_deref().map(|text| (artifact.path.as_str(), text));
            let examined = self.examined(examiner, &artifact.bytes, text, source.implied());
            examined.map_err(|error| Failure {
                stage: "read".to_owned(),
                offset: Some(error.offset()),
                message: error.to_string(),
                ..Failure::default()
            })
        });
        match examined {
            Ok(Examined { report, hosts, observed, made_up_imports, skipped, lines }) => {
                let sources = match (source.file(), text) {
                    (Some(file), None) => source_lines::located(lines, file, self.root),
                    (file, _) => source_lines::told(lines, file.is_some()),
                };
                let result = Ok(report);
                (
                    Artifact { hosts, observed, made_up_imports, sources, result, ..artifact },
                    skipped,
                )
            }
            Err(failure) => {
                artifact.bytes = Vec::new();
                artifact.result = Err(failure);
                (artifact, Vec::new())
            }
        }
    }
}
