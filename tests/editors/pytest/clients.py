"""The capabilities of the clients, as recorded by pytest-lsp."""

from lsprotocol import types
from pytest_lsp import client_capabilities


def visual_studio_code_now():
    """Visual Studio Code with the client library that `editors/vscode` is built with, vscode-languageclient 11."""
    can = client_capabilities("visual-studio-code@v1.65.2")
    can.general.position_encodings = [types.PositionEncodingKind.Utf16]
    can.text_document.diagnostic = types.DiagnosticClientCapabilities(
        dynamic_registration=True, related_document_support=False
    )
    can.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    can.workspace.text_document_content = types.TextDocumentContentClientCapabilities(dynamic_registration=True)
    return can


def of(spec):
    return lambda: client_capabilities(spec)


CLIENTS = {
    "code-1.65": of("visual-studio-code@v1.65.2"),
    "code-now": visual_studio_code_now,
    "neovim-0.7": of("neovim@v0.7.0"),
    "neovim-0.10": of("neovim@v0.10.0"),
    "neovim-0.11": of("neovim@v0.11.0"),
}
