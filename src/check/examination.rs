//! An input on its way from its file to an artifact, by way of results of earlier checks.

use std::path::Path;

use super::analysis::Examined;
use super::examine::{Examiner, ResultCache};
use super::inputs::{Input, Loaded, ReadFrom};
use super::kept::KeptResults;
use super::source_lines;
use super::stop::Stop;
use super::wall::Wall;
use crate::digest::sha256;
use crate::manifest::Implied;
use crate::report::document::{Failure, Skipped};
use crate::report::run::Artifact;

/// What the examination of each input of a session shares.
#[derive(Debug)]
pub(super) struct Examination<'a> {
    /// The folder of the project.
    pub(super) root: &'a Path,
    pub(super) stop: &'a Stop,
    /// Results of earlier sessions of this process.
    pub(super) cache: Option<&'a ResultCache>,
    /// Results of earlier processes.
    pub(super) kept: Option<KeptResults>,
    pub(super) wall: &'a Wall,
}

impl Examination<'_> {
    /// Reads an input, and makes a component of it.
    pub(super) fn load(&self, input: &Input) -> Loaded {
        match self.stop.is_abandoned() {
            true => Loaded {
                path: String::new(),
                bytes: Err(Box::default()),
                text: None,
                wrapping: None,
            },
            false => input.read_as(|path, bytes| match Loaded::is_converted(&bytes) {
                true => self.wall.convert(path, bytes),
                false => Loaded { path, bytes: Ok(bytes), text: None, wrapping: None },
            }),
        }
    }

    /// The artifact made from an input, and what was skipped in it. `digest` is that of its bytes, if it is known.
    pub(super) fn artifact(
        &self,
        input: &Input,
        loaded: Loaded,
        digest: Option<String>,
        examiner: &Examiner<'_>,
    ) -> (Artifact, Vec<Skipped>) {
        let Loaded { path, bytes, text, wrapping } = loaded;
        let mut artifact = Artifact {
            wrapping,
            fetched: input.fetched().cloned(),
            origin: input.named_by.as_ref().map(|named_by| named_by.origin.clone()),
            ..Artifact::new(path, Vec::new(), Err(Failure::default()))
        };
        let examined = bytes.and_then(|bytes| {
            artifact.bytes = bytes;
            let text = text.as_deref().map(|text| (artifact.path.as_str(), text));
            // Texts that encode to the same bytes differ in their lines.
            let is_kept = text.is_none() && (self.cache.is_some() || self.kept.is_some());
            let digest = digest.or_else(|| is_kept.then(|| sha256(&artifact.bytes)));
            let examine = || match &digest {
                Some(digest) if is_kept => {
                    self.examine(examiner, &artifact.bytes, digest, input.implied())
                }
                _ => examiner.examine(&artifact.bytes, text, input.implied()),
            };
            let (digest, examined) = match &digest {
                Some(known) => (known.clone(), examine()),
                None => rayon::join(|| sha256(&artifact.bytes), examine),
            };
            artifact.sha256 = Some(digest);
            examined
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
                    (_, text) => {
                        let is_named = text.is_some() && input.from != ReadFrom::Stdin;
                        source_lines::of_text(lines, is_named)
                    }
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
    ) -> Result<Examined, Box<Failure>> {
        let key = examiner.key(digest, implied);
        if let Some(examined) = self.cache.and_then(|cache| cache.get(&key)) {
            return Ok(examined);
        }
        let kept = self.kept.as_ref().filter(|_| examiner.is_worth_keeping(bytes));
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
