//! Queries of formats on a document.

use std::cmp::Reverse;

use crate::finding::Kind;
use crate::report::document::artifact::Artifact;
use crate::report::document::finding::Finding;
use crate::report::document::model::{Document, Failure, Summary};
use crate::report::document::place::Source;
use crate::report::document::skipped::{Skipped, Skips};
use crate::verdict::Severity;

/// An input, read or not.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// One that could be read.
    Read(&'a Artifact),
    /// One that could not.
    Unread(&'a Failure),
}

impl Document {
    /// Makes paths below `folder`, an absolute path with `/`, relative to it.
    pub fn below(mut self, folder: &str) -> Document {
        let shorten = |path: &mut String| {
            if let Some(rest) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) {
                *path = rest.to_owned();
            }
        };
        self.artifacts.iter_mut().for_each(|it| shorten(&mut it.path));
        self.artifacts.iter_mut().flat_map(|it| &mut it.also).for_each(shorten);
        self.copies.iter_mut().for_each(|(_, path)| shorten(path));
        self.errors.iter_mut().for_each(|it| shorten(&mut it.path));
        self.skipped.iter_mut().filter_map(|it| it.path.as_mut()).for_each(shorten);
        let exports = self.artifacts.iter_mut().flat_map(|it| &mut it.exports);
        let functions = exports.filter_map(|it| it.core_function.as_mut());
        let places = self.findings.iter_mut().flat_map(|it| &mut it.locations);
        let places = functions.chain(places.map(|it| &mut it.place));
        places
            .filter_map(|it| it.source.as_mut())
            .filter(|it| it.present)
            .for_each(|it| shorten(&mut it.path));
        let of_artifacts = self.artifacts.iter_mut().filter_map(|it| it.origin.as_mut());
        let of_errors = self.errors.iter_mut().filter_map(|it| it.origin.as_mut());
        let of_config = self.config.iter_mut().map(|it| &mut it.origin);
        let of_skipped = self.skipped.iter_mut().filter_map(|it| it.origin.as_mut());
        let origins = of_artifacts.chain(of_errors).chain(of_skipped).chain(of_config);
        origins.for_each(|origin| shorten(&mut origin.path));
        self
    }

    /// The document with the next part of its run.
    pub fn followed_by(mut self, part: Document) -> Document {
        let summary = self.summary.with(&part.summary);
        self.artifacts.extend(part.artifacts);
        for (id, path) in part.copies {
            let artifact = self.artifacts.iter_mut().find(|artifact| artifact.id == id);
            artifact.into_iter().for_each(|it| it.also.push(path.clone()));
        }
        self.findings.extend(part.findings);
        self.skipped.extend(part.skipped);
        self.errors.extend(part.errors);
        self.config.extend(part.config);
        Document { summary, ..self }
    }

    /// The document of one artifact alone.
    pub fn only(&self, artifact: usize) -> Document {
        let findings = self.findings.iter().filter(|it| it.artifact == artifact);
        let count = |severity| {
            let all = findings.clone().filter(|it| it.kind == Kind::Fail);
            all.filter(|it| it.severity == severity).count() as u64
        };
        let skipped = self.skipped.iter().filter(|it| it.artifact == Some(artifact));
        Document {
            head: self.head.clone(),
            artifacts: self.artifact(artifact).into_iter().cloned().collect(),
            copies: Vec::new(),
            findings: findings.clone().cloned().collect(),
            skipped: skipped.cloned().collect(),
            errors: Vec::new(),
            config: Vec::new(),
            summary: Summary {
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                notes: count(Severity::Note),
                inconclusive: 0,
                skipped: 0,
                unread: 0,
                ..self.summary
            },
        }
    }

    /// The document with no more than the `most` worst failures; with `failing`, only with those that make the run fail.
    /// The numbers are still those of the run.
    pub fn worst(&self, most: usize, failing: bool) -> Document {
        let all = self.findings.iter().enumerate().filter(|(_, it)| it.kind == Kind::Fail);
        let mut wanted: Vec<_> = all.filter(|(_, it)| !failing || self.fails(it)).collect();
        wanted.sort_by_key(|(_, it)| Reverse(it.severity));
        wanted.truncate(most);
        wanted.sort_by_key(|(index, _)| *index);
        let findings = wanted.into_iter().map(|(_, finding)| finding.clone()).collect();
        Document { findings, ..self.clone() }
    }

    /// The inputs in the order in which they were given.
    pub fn inputs(&self) -> Vec<Input<'_>> {
        let read = self.artifacts.iter().map(|it| (it.id, Input::Read(it)));
        let unread = self.errors.iter().map(|it| (it.id, Input::Unread(it)));
        let mut all: Vec<_> = read.chain(unread).collect();
        all.sort_by_key(|(id, _)| *id);
        all.into_iter().map(|(_, input)| input).collect()
    }

    /// The source lines of all places.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let exports = self.artifacts.iter().flat_map(|it| &it.exports);
        let functions = exports.filter_map(|it| it.core_function.as_ref());
        let places = self.findings.iter().flat_map(|it| &it.locations).map(|it| &it.place);
        functions.chain(places).filter_map(|it| it.source.as_ref())
    }

    /// The artifact with this id.
    pub fn artifact(&self, id: usize) -> Option<&Artifact> {
        self.artifacts.iter().find(|artifact| artifact.id == id)
    }

    /// The failures of an artifact, in order, without the findings that are good news.
    pub fn problems(&self, artifact: &Artifact) -> impl Iterator<Item = &Finding> {
        let id = artifact.id;
        self.findings.iter().filter(move |it| it.artifact == id && it.kind == Kind::Fail)
    }

    /// Whether a finding makes the run fail.
    pub fn fails(&self, finding: &Finding) -> bool {
        let least = self.head.run.fail_on;
        finding.kind == Kind::Fail && least.is_some_and(|least| finding.severity >= least)
    }

    /// What was not examined, in order.
    pub fn skips(&self) -> impl Iterator<Item = Skips<'_>> {
        Skips::of(&self.skipped, |it| self.path_of(it))
    }

    /// The path of what was skipped.
    pub fn path_of<'a>(&'a self, skipped: &'a Skipped) -> Option<&'a str> {
        let artifact = skipped.artifact.and_then(|id| self.artifact(id));
        artifact.map(|it| it.path.as_str()).or(skipped.path.as_deref())
    }
}
