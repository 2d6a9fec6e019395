//! A place in an input, and the source line it was made from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::location::{ItemKind, Location, SourceLine, Span, Step};

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
    /// The source line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// The source lines of an artifact's places.
pub type Sources = BTreeMap<Location, Source>;

/// A source line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file's path: as the user would write it if it is present, else as the compiler wrote it.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1; `None` where the binary names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Whether the file is in the project and not newer than the binary, so that the line is the one meant.
    #[serde(default)]
    pub present: bool,
}

impl Source {
    /// `line`, with the path by which a user finds it if it is `present`.
    pub fn new(line: SourceLine, present: bool) -> Self {
        let SourceLine { path, line, column } = line;
        Source { path, line, column, present }
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
            source: sources.get(location).cloned(),
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
