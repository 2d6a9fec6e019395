//! What the client supports. Read member by member, so that a malformed one disables a feature and not the server.

use serde_json::Value;

/// The unit of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    Utf8,
    /// UTF-16 code units, which every client supports.
    #[default]
    Utf16,
}

#[derive(Debug, Clone, Default)]
pub(super) struct ClientCapabilities {
    pub(super) encoding: Encoding,
    /// Requests diagnostics, and can be asked to do so again. Nothing is pushed then.
    pub(super) pulls: bool,
    pub(super) related_information: bool,
    /// Accepts a registration of the buffers whose changes the server needs.
    pub(super) registers_changes: bool,
    /// Watches files on the server's behalf.
    pub(super) watches: bool,
    /// Opens virtual documents.
    pub(super) text_content: bool,
    pub(super) progress: bool,
    pub(super) shows_documents: bool,
    pub(super) refreshes_lenses: bool,
    pub(super) action_literals: bool,
    /// Applies edits that create a file.
    pub(super) creates_files: bool,
    pub(super) markdown: bool,
}

impl ClientCapabilities {
    /// Reads the member `capabilities` of `InitializeParams`.
    pub(super) fn of(capabilities: &Value) -> Self {
        let at = |path: &str| capabilities.pointer(path);
        let has = |path: &str| at(path).is_some_and(Value::is_object);
        let is_true = |path: &str| at(path).and_then(Value::as_bool) == Some(true);
        let lists = |path: &str, word: &str| {
            let list = at(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|it| it.as_str() == Some(word)))
        };
        let utf8 = lists("/general/positionEncodings", "utf-8");
        ClientCapabilities {
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            pulls: has("/textDocument/diagnostic")
                && is_true("/workspace/diagnostics/refreshSupport"),
            related_information: is_true("/textDocument/publishDiagnostics/relatedInformation")
                || is_true("/textDocument/diagnostic/relatedInformation"),
            registers_changes: is_true("/textDocument/synchronization/dynamicRegistration"),
            watches: is_true("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            text_content: has("/workspace/textDocumentContent"),
            progress: is_true("/window/workDoneProgress"),
            shows_documents: is_true("/window/showDocument/support"),
            refreshes_lenses: is_true("/workspace/codeLens/refreshSupport"),
            action_literals: has("/textDocument/codeAction/codeActionLiteralSupport"),
            creates_files: is_true("/workspace/workspaceEdit/documentChanges")
                && lists("/workspace/workspaceEdit/resourceOperations", "create"),
            markdown: lists("/textDocument/hover/contentFormat", "markdown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pulling_needs_refresh_support() {
        let refresh = json!({"diagnostics": {"refreshSupport": true}});
        for (capabilities, pulls) in [
            (json!(null), false),
            (json!({}), false),
            (
                json!({"window": 3, "textDocument": {"diagnostic": true}, "workspace": refresh}),
                false,
            ),
            (json!({"textDocument": {"diagnostic": {}}}), false),
            (json!({"textDocument": {"diagnostic": {}}, "workspace": refresh}), true),
        ] {
            let read = ClientCapabilities::of(&capabilities);
            assert_eq!(read.pulls, pulls, "{capabilities}");
            assert_eq!(read.encoding, Encoding::Utf16);
            assert!(!read.progress && !read.watches);
        }
    }
}
