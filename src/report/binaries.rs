//! The bytes and texts of the inputs, for excerpts of their code, and pictures of them. A report can be written without
//! them.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::digest::sha256;
use crate::report::document::{Artifact, Source};
use crate::report::graph::Picture;
use crate::report::run::Run;

/// A binary, and the text that it was encoded from, if any.
type Binary<'a> = (Cow<'a, [u8]>, Option<Text<'a>>);

/// A text whose lines are found without those before them, so that many excerpts of one file read it once.
#[derive(Debug)]
pub(crate) struct Text<'a> {
    text: Cow<'a, str>,
    /// Where each line begins.
    starts: OnceCell<Vec<usize>>,
}

impl<'a> Text<'a> {
    fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Text { text: text.into(), starts: OnceCell::new() }
    }

    /// A line, counted from 1, without its end.
    pub(crate) fn line(&self, number: u32) -> Option<&str> {
        let starts = self.starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n').map(|(at, _)| at + 1);
            [0].into_iter().chain(breaks).collect()
        });
        let index = (number as usize).checked_sub(1)?;
        let rest = self.text.get(*starts.get(index)?..).filter(|rest| !rest.is_empty())?;
        match starts.get(index + 1) {
            Some(end) => rest.get(..end - starts[index])?.lines().next(),
            None => Some(rest),
        }
    }
}

/// The available binaries and texts.
#[derive(Debug, Default)]
pub struct Binaries<'a> {
    /// By the artifacts' ids.
    bytes: BTreeMap<usize, Binary<'a>>,
    /// Source files, by the paths in the document.
    sources: BTreeMap<String, Text<'a>>,
    /// By the artifacts' ids.
    pictures: BTreeMap<usize, Picture>,
}

impl<'a> Binaries<'a> {
    /// The binaries of a run that was just made.
    pub fn of(run: &'a Run) -> Self {
        let all = run.artifacts.iter().enumerate();
        let bytes =
            all.map(|(id, it)| (id, (Cow::from(&it.bytes), it.text.as_deref().map(Text::new))));
        Binaries { bytes: bytes.collect(), ..Binaries::default() }
    }

    /// Adds `bytes`, and the text that they were encoded from, if their digest is the artifact's.
    pub fn offer(&mut self, artifact: &Artifact, bytes: Vec<u8>, text: Option<String>) {
        if sha256(&bytes) == artifact.sha256 {
            self.bytes.insert(artifact.id, (Cow::from(bytes), text.map(Text::new)));
        }
    }

    /// Adds the texts of source files, by their paths in the document.
    pub(crate) fn add_sources(&mut self, texts: BTreeMap<String, String>) {
        self.sources.extend(texts.into_iter().map(|(path, text)| (path, Text::new(text))));
    }

    /// Adds pictures, by the artifacts' ids.
    pub(crate) fn add_pictures(&mut self, pictures: BTreeMap<usize, Picture>) {
        self.pictures.extend(pictures);
    }

    /// The picture of an artifact; `None` if it was not drawn.
    pub(crate) fn picture(&self, artifact: &Artifact) -> Option<&Picture> {
        self.pictures.get(&artifact.id)
    }

    /// The binary of an artifact; `None` if it is not available.
    pub fn get(&self, artifact: &Artifact) -> Option<&[u8]> {
        self.bytes.get(&artifact.id).map(|(bytes, _)| bytes.as_ref())
    }

    /// Whether an artifact was encoded from a text that is available.
    pub fn is_text(&self, artifact: &Artifact) -> bool {
        self.bytes.get(&artifact.id).is_some_and(|(_, text)| text.is_some())
    }

    /// The text that a source line of an artifact's place stands in.
    pub(crate) fn text(&self, artifact: &Artifact, source: &Source) -> Option<&Text<'a>> {
        if source.path == artifact.path {
            return self.bytes.get(&artifact.id)?.1.as_ref();
        }
        self.sources.get(&source.path).filter(|_| source.present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_text() {
        for text in ["", "a", "a\n", "a\r\nb", "\n\nc\n", "é\nü"] {
            let (all, found) = (text.lines(), Text::new(text));
            let all: Vec<_> = all.collect();
            for (number, line) in (1..).zip(&all) {
                assert_eq!(found.line(number), Some(*line), "{text:?}");
            }
            assert_eq!((found.line(0), found.line(all.len() as u32 + 1)), (None, None), "{text:?}");
        }
    }
}
