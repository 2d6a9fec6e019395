//! JSON documents of the commands that list something: a format, its version, the tool and the members.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::Serialize;

use crate::report::json::indented;

/// The format of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text for people
    #[default]
    Human,
    /// JSON for programs, as in schemas/
    Json,
}

/// A document. Within version 1, members are only added.
#[derive(Serialize)]
pub(super) struct Listing<T> {
    format: &'static str,
    version: u32,
    tool: Tool,
    #[serde(flatten)]
    members: T,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

impl<T: Serialize> Listing<T> {
    pub(super) fn of(format: &'static str, members: T) -> Self {
        let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
        Listing { format, version: 1, tool, members }
    }

    /// Writes the document, indented.
    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        indented(self, out)
    }
}
