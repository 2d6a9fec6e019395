//! A place in an input.

use serde::{Deserialize, Serialize};

use crate::location::{ItemKind, Location, SourceLine, Span, Step};
use crate::report::run::{self, Sources};

/// A place in an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The items that lead there, in words.
    pub path: String,
    /// The number of the core module, in file order over the whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core_module: Option<u32>,
    /// The function, in the core module's function index space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<u32>,
    /// The name of the last item on the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The first byte of the file.
    pub offset: u64,
    /// How many bytes it takes.
    pub length: u64,
    /// The line of a text that it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A line of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The text's path.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Whether the text is in the project and not newer than the binary, so that the line is the one meant.
    #[serde(default)]
    pub present: bool,
}

impl Source {
    fn of(source: &run::Source) -> Self {
        let SourceLine { path, line, column } = source.line.clone();
        Source { path, line, column, present: source.present }
    }
}

impl Place {
    pub(in crate::report) fn of(location: &Location, sources: &Sources) -> Self {
        let function = location.step(ItemKind::Func);
        Place {
            path: location.to_string(),
            core_module: location.step(ItemKind::CoreModule).map(|step| step.index),
            function: function.map(|step| step.index),
            name: location.path.last().and_then(|step| Some(step.shown_name()?.into_owned())),
            offset: location.span.start,
            length: location.span.len(),
            source: sources.get(location).map(Source::of),
        }
    }

    /// Whether it is the whole input rather than something in it.
    pub fn is_whole(&self) -> bool {
        self.path == Location::default().to_string()
    }

    /// The place as a location, as far as the numbers of module and function go.
    pub(crate) fn location(&self) -> Location {
        let step = |kind, index: Option<u32>| index.map(|index| Step { kind, index, name: None });
        let module = step(ItemKind::CoreModule, self.core_module);
        let function = step(ItemKind::Func, self.function);
        Location {
            path: module.into_iter().chain(function).collect(),
            span: Span::new(self.offset, self.offset.saturating_add(self.length)),
        }
    }
}
