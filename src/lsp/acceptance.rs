//! Edits that accept a finding: an entry added to the nearest secondcall.toml.

use std::fs;

use gen_lsp_types::{
    CreateFile, DocumentChange, OptionalVersionedTextDocumentIdentifier, Position, Range,
    TextDocumentEdit, TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};

use super::annotated::AnnotatedFinding;
use super::capabilities::Encoding;
use super::position;
use super::workspace::Workspace;
use crate::check::acceptance::{amended, entry};
use crate::check::configuration::nearest_file;
use crate::check::error::CheckError;
use crate::config::accept::Entry;
use crate::config::amend::EMPTY;

/// The edit that accepts a finding for `reason`.
///
/// # Errors
/// If the entry cannot be added to the existing file: a sentence.
pub(super) fn edit(
    workspace: &Workspace,
    found: &AnnotatedFinding<'_>,
    reason: &str,
) -> Result<WorkspaceEdit, String> {
    let file = workspace.folders.file(&found.artifact.path);
    // A file outside of repositories belongs to the workspace's folder.
    let folder = workspace.folders.containing(&file).or(file.parent()).unwrap_or(&file);
    let (path, exists) = nearest_file(&file, &[folder.to_owned()]);
    let path = match path.is_absolute() || exists {
        true => workspace.folders.file(path),
        false => folder.join(path),
    };
    let old = match workspace.buffer(&path) {
        Some(text) => text.to_owned(),
        None if exists => fs::read_to_string(&path).map_err(|error| error.to_string())?,
        None => String::new(),
    };
    let entry = Entry { reason: reason.to_owned(), ..entry(found.document, found.finding) };
    let base = if exists { &old } else { EMPTY };
    let new =
        amended(&path.display().to_string(), base, &entry).map_err(CheckError::into_message)?;
    let uri = workspace.uri(&path);
    let change = difference(&old, &new, workspace.capabilities.encoding);
    if exists || !workspace.capabilities.creates_files {
        let changes = Some([(uri, vec![change])].into());
        return Ok(WorkspaceEdit { changes, ..WorkspaceEdit::default() });
    }
    let create = CreateFile { uri: uri.clone(), options: None, annotation_id: None };
    let text_document = OptionalVersionedTextDocumentIdentifier {
        version: None,
        text_document_identifier: TextDocumentIdentifier { uri },
    };
    let insert = TextDocumentEdit { text_document, edits: vec![change.into()] };
    let changes =
        vec![DocumentChange::CreateFile(create), DocumentChange::TextDocumentEdit(insert)];
    Ok(WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() })
}

/// The edit of whole lines that turns `old` into `new`.
fn difference(old: &str, new: &str, encoding: Encoding) -> TextEdit {
    let (old, new): (Vec<_>, Vec<_>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.iter().rev().zip(new.iter().rev());
    let end = rest.take(old.len().min(new.len()) - start).take_while(|(a, b)| a == b).count();
    let position = |line: usize| Position { line: line as u32, character: 0 };
    let mut to = position(old.len() - end);
    if end == 0
        && let Some(last) = old.last().filter(|last| !last.ends_with('\n'))
    {
        // Without a line break, the text ends within its last line.
        to = Position { line: old.len() as u32 - 1, character: position::width(last, encoding) };
    }
    let from = position(start).min(to);
    let new_text = new[start..new.len() - end].concat();
    TextEdit { range: Range { start: from, end: to }, new_text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(old: &str, edit: &TextEdit) -> String {
        let at = |position: Position| {
            let lines = old.split_inclusive('\n').take(position.line as usize);
            lines.map(str::len).sum::<usize>() + position.character as usize
        };
        let Range { start, end } = edit.range;
        format!("{}{}{}", &old[..at(start)], edit.new_text, &old[at(end)..])
    }

    #[test]
    fn an_edit_turns_the_old_text_into_the_new() {
        for (old, new) in [
            ("", "a\n"),
            ("a\n", "a\nb\n"),
            ("a", "a\nb\n"),
            ("a\nb", "a\nb"),
            ("a\nb\nc\n", "a\nx\nc\n"),
            ("a\na\n", "a\na\na\n"),
            ("x\n", ""),
        ] {
            assert_eq!(applied(old, &difference(old, new, Encoding::Utf8)), new, "{old:?}");
        }
    }
}
