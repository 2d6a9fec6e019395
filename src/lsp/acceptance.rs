//! The edit that accepts a finding: one more entry in the nearest secondcall.toml.

use std::path::Path;

use gen_lsp_types::{
    CreateFile, DocumentChange, OptionalVersionedTextDocumentIdentifier, Position, Range,
    TextDocumentEdit, TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};

use super::abilities::{Abilities, Encoding};
use super::documents::Documents;
use super::position;
use crate::check::acceptance::amended;
use crate::check::settle::Refusal;
use crate::config::amend::{EMPTY, Entry};

/// The edit that adds an acceptance to our file at `path`, which is there already or not.
///
/// # Errors
/// When the file that is there cannot be added to: a sentence.
pub(super) fn edit(
    path: &Path,
    exists: bool,
    entry: &Entry,
    documents: &Documents,
    abilities: &Abilities,
) -> Result<WorkspaceEdit, String> {
    let open = documents.texts().get(path).cloned();
    let old = match (open, exists) {
        (Some(text), _) => text,
        (None, true) => std::fs::read_to_string(path).map_err(|it| it.to_string())?,
        (None, false) => String::new(),
    };
    let before = if exists { &old } else { EMPTY };
    let new = amended(&path.display().to_string(), before, entry).map_err(words)?;
    let uri = documents.uri(path);
    let change = difference(&old, &new, abilities.encoding);
    if exists || !abilities.creates_files {
        return Ok(WorkspaceEdit {
            changes: Some([(uri, vec![change])].into()),
            ..WorkspaceEdit::default()
        });
    }
    let create = CreateFile { uri: uri.clone(), options: None, annotation_id: None };
    let insert = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            version: None,
            text_document_identifier: TextDocumentIdentifier { uri },
        },
        edits: vec![change.into()],
    };
    Ok(WorkspaceEdit {
        document_changes: Some(vec![
            DocumentChange::CreateFile(create),
            DocumentChange::TextDocumentEdit(insert),
        ]),
        ..WorkspaceEdit::default()
    })
}

fn words(refusal: Refusal) -> String {
    match refusal {
        Refusal::Message(words) | Refusal::NoInputs(words) | Refusal::Unread(words) => words,
        Refusal::Diagnostics(list) => {
            let first =
                list.first().map(|it| format!("{}:{}: {}", it.span.path, it.span.line, it.message));
            first.unwrap_or_default()
        }
    }
}

/// The edit of whole lines that makes `new` of `old`.
fn difference(old: &str, new: &str, encoding: Encoding) -> TextEdit {
    let (before, after): (Vec<_>, Vec<_>) =
        (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let start = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let rest = before.iter().rev().zip(after.iter().rev());
    let room = before.len().min(after.len()) - start;
    let end = rest.take(room).take_while(|(a, b)| a == b).count();
    let position = |line: usize| Position { line: line as u32, character: 0 };
    let mut to = position(before.len() - end);
    if end == 0
        && let Some(last) = before.last().filter(|last| !last.ends_with('\n'))
    {
        // The last line has no end of its own; its own text ends where it does.
        to = Position { line: before.len() as u32 - 1, character: position::count(last, encoding) };
    }
    let mut from = position(start);
    if from > to {
        from = to;
    }
    let text = after[start..after.len() - end].concat();
    TextEdit { range: Range { start: from, end: to }, new_text: text }
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
    fn an_edit_makes_the_new_text() {
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
