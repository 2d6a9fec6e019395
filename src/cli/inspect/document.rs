//! The JSON document that `schemas/inspect-v1.json` describes. Version 1 only gains members.

use std::io::{self, Write};

use serde::Serialize;

use super::anatomy::Anatomy;
use crate::report::json;

const FORMAT: &str = "secondcall-inspect";
const VERSION: u32 = 1;

#[derive(Serialize)]
pub(super) struct Document {
    format: &'static str,
    version: u32,
    tool: Tool,
    files: Vec<File>,
    errors: Vec<Failure>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct File {
    path: String,
    #[serde(flatten)]
    anatomy: Anatomy,
}

/// Why a file could not be read.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Failure {
    pub(super) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) offset: Option<u64>,
    pub(super) message: String,
}

impl Document {
    pub(super) fn of(results: Vec<(String, Result<Anatomy, Failure>)>) -> Self {
        let mut document = Document {
            format: FORMAT,
            version: VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            files: Vec::new(),
            errors: Vec::new(),
        };
        for (path, result) in results {
            match result {
                Ok(anatomy) => document.files.push(File { path, anatomy }),
                Err(failure) => document.errors.push(failure),
            }
        }
        document
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        json::indented(self, out)
    }
}
