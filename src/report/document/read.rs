//! A saved document, read back.

use serde::Deserialize;
use thiserror::Error;

use crate::report::document::Document;
use crate::report::document::FORMAT;
use crate::report::document::VERSION;

/// Why a text is no document that can be told.
#[derive(Debug, Error)]
pub enum Unreadable {
    /// It is not JSON.
    #[error("it is not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON of another kind.
    #[error("it is no report of secondcall: it does not say `\"format\": \"{FORMAT}\"`")]
    Foreign,
    /// It has a version that this program does not know.
    #[error(
        "it is a report of version {0}, and this secondcall reads version {VERSION}; use a newer secondcall"
    )]
    Newer(u32),
    /// Members are missing or wrong.
    #[error("it is a damaged report: {0}")]
    Damaged(serde_json::Error),
}

/// As much of a document as says what it is.
#[derive(Deserialize)]
struct Kind {
    format: Option<serde_json::Value>,
    version: Option<u32>,
}

impl Document {
    /// Reads what the format `json` wrote.
    ///
    /// # Errors
    /// If it is no report, one of a newer version, or a damaged one.
    pub fn read(text: &[u8]) -> Result<Document, Unreadable> {
        let value: serde_json::Value = serde_json::from_slice(text).map_err(Unreadable::NotJson)?;
        let kind = Kind::deserialize(&value).map_err(|_| Unreadable::Foreign)?;
        if kind.format.is_none_or(|format| format != FORMAT) {
            return Err(Unreadable::Foreign);
        }
        match kind.version {
            Some(VERSION) => {}
            Some(version) if version > VERSION => return Err(Unreadable::Newer(version)),
            _ => return Err(Unreadable::Foreign),
        }
        // From the text once more: an error then names a line.
        let document: Document = serde_json::from_slice(text).map_err(Unreadable::Damaged)?;
        Ok(document)
    }
}
