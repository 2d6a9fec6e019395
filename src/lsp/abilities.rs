//! What a client can do. Read member by member, so that one that says something odd of itself is served
//! all the same.

use serde_json::Value;

/// How a position within a line is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// In bytes of UTF-8.
    Utf8,
    /// In units of UTF-16: what every client can do.
    #[default]
    Utf16,
}

/// What a client can do.
#[derive(Debug, Clone, Default)]
pub(super) struct Abilities {
    pub(super) encoding: Encoding,
    /// It asks for diagnostics, and can be told to ask again: then nothing is pushed.
    pub(super) pulls: bool,
    pub(super) related_information: bool,
    /// It can be told which texts' changes are wanted.
    pub(super) registers_changes: bool,
    /// It watches files that it is told of.
    pub(super) watches: bool,
    /// It asks the server for texts under schemes of the server's.
    pub(super) text_content: bool,
    pub(super) progress: bool,
    pub(super) shows_documents: bool,
    pub(super) refreshes_lenses: bool,
    pub(super) action_literals: bool,
    /// Its edits may create a file.
    pub(super) creates_files: bool,
    pub(super) markdown: bool,
}

impl Abilities {
    /// What `capabilities` of `InitializeParams` say.
    pub(super) fn of(capabilities: &Value) -> Self {
        let at = |path: &str| capabilities.pointer(path);
        let can = |path: &str| at(path).and_then(Value::as_bool) == Some(true);
        let holds = |path: &str, word: &str| {
            let list = at(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|it| it.as_str() == Some(word)))
        };
        Abilities {
            encoding: match holds("/general/positionEncodings", "utf-8") {
                true => Encoding::Utf8,
                false => Encoding::Utf16,
            },
            pulls: at("/textDocument/diagnostic").is_some_and(Value::is_object)
                && can("/workspace/diagnostics/refreshSupport"),
            related_information: can("/textDocument/publishDiagnostics/relatedInformation")
                || can("/textDocument/diagnostic/relatedInformation"),
            registers_changes: can("/textDocument/synchronization/dynamicRegistration"),
            watches: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            text_content: at("/workspace/textDocumentContent").is_some_and(Value::is_object),
            progress: can("/window/workDoneProgress"),
            shows_documents: can("/window/showDocument/support"),
            refreshes_lenses: can("/workspace/codeLens/refreshSupport"),
            action_literals: at("/textDocument/codeAction/codeActionLiteralSupport")
                .is_some_and(Value::is_object),
            creates_files: can("/workspace/workspaceEdit/documentChanges")
                && holds("/workspace/workspaceEdit/resourceOperations", "create"),
            markdown: holds("/textDocument/hover/contentFormat", "markdown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_client_that_says_nothing_or_nonsense_can_do_nothing() {
        for odd in
            [json!(null), json!({}), json!({"window": 3, "textDocument": {"diagnostic": true}})]
        {
            let abilities = Abilities::of(&odd);
            assert_eq!(abilities.encoding, Encoding::Utf16);
            assert!(!abilities.pulls && !abilities.progress && !abilities.watches);
        }
    }

    #[test]
    fn diagnostics_are_pulled_only_by_a_client_that_can_be_told_to_ask_again() {
        let pull = json!({"textDocument": {"diagnostic": {}}});
        assert!(!Abilities::of(&pull).pulls);
        let mut refresh = pull;
        refresh["workspace"] = json!({"diagnostics": {"refreshSupport": true}});
        assert!(Abilities::of(&refresh).pulls);
    }
}
