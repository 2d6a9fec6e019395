"""A client: opens documents, waits for diagnostics, applies edits."""

import asyncio
import os
import pathlib
import time
import urllib.parse
import urllib.request
from typing import Union

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES
from pytest_lsp.client import register_lsp_features

# Seconds; more than anything takes, even on a busy machine.
PATIENCE = float(os.environ.get("SECONDCALL_PATIENCE", 40))
GLANCE = 0.02


def uri(path):
    return pathlib.Path(path).as_uri()


def file_of(uri):
    return pathlib.Path(urllib.request.url2pathname(urllib.parse.urlparse(uri).path))


def converter():
    """The converter of lsprotocol, except that an action with a command is not parsed as a bare command."""
    converter = default_converter()

    def structured(value, _):
        bare = isinstance(value.get("command"), str)
        return converter.structure(value, types.Command if bare else types.CodeAction)

    converter.register_structure_hook(Union[types.Command, types.CodeAction], structured)
    return converter


class Editor(LanguageClient):
    def __init__(self, capabilities):
        super().__init__(converter_factory=converter)
        self.can = capabilities
        self.initialize_result = None
        self.published = {}
        self.pushed_at = {}
        self.pushes = 0
        self.registered = {}
        self.edits = []
        self.refreshed_lenses = 0
        self.versions = {}
        register_lsp_features(self, {**DEFAULT_CLIENT_FEATURES, **FEATURES})

    @property
    def pulls(self):
        return self.initialize_result.capabilities.diagnostic_provider is not None

    @property
    def watches(self):
        watched = self.can.workspace.did_change_watched_files
        return watched is not None and watched.dynamic_registration is True

    @property
    def process(self):
        return self._server

    async def begin(self, command, folder, environment, options):
        await self.start_io(*map(str, command), env=environment, cwd=str(folder))
        self.initialize_result = await self.initialize_session(
            types.InitializeParams(
                capabilities=self.can,
                workspace_folders=[types.WorkspaceFolder(uri=uri(folder), name=folder.name)],
                root_uri=uri(folder),
                initialization_options=options or None,
            )
        )

    async def end(self):
        """Shuts down, and checks that the server ends as well."""
        if self.process.returncode is None:
            await asyncio.wait_for(self.shutdown_session(), PATIENCE)
            assert self.process.returncode == 0
        await self.stop()
        assert self.error is None, self.error

    async def until(self, holds):
        """Waits until a condition holds, and returns its value."""
        async with asyncio.timeout(PATIENCE):
            while not (it := holds()):
                assert self.process.returncode is None, "the server has ended"
                assert self.error is None, self.error
                await asyncio.sleep(GLANCE)
            return it

    async def wait(self, file, wanted, seconds=PATIENCE):
        """The diagnostics of a file, once `wanted` holds for them; pushed or pulled, as negotiated."""
        last = None
        try:
            async with asyncio.timeout(seconds):
                while True:
                    seen = self.diagnostic_refresh_count
                    last = await self.diagnostics_of(file)
                    if wanted(last):
                        return last
                    assert self.process.returncode is None, "the server has ended"
                    while self.pulls and seen == self.diagnostic_refresh_count:
                        await asyncio.sleep(GLANCE)
                    await asyncio.sleep(GLANCE)
        except TimeoutError:
            raise AssertionError(f"{file} has {last}") from None

    async def diagnostics_of(self, file):
        """The current diagnostics of a file."""
        if not self.pulls:
            return list(self.published.get(uri(file), []))
        parameters = types.DocumentDiagnosticParams(text_document=self.document(file))
        report = await self.text_document_diagnostic_async(parameters)
        return list(report.items)

    async def one(self, file, rule, seconds=PATIENCE):
        """The only diagnostic of a file, once it has this rule."""
        [it] = await self.wait(file, lambda list: [it.code for it in list] == [rule], seconds)
        return it

    async def none(self, file, seconds=PATIENCE):
        await self.wait(file, lambda list: not list, seconds)

    def document(self, file):
        return types.TextDocumentIdentifier(uri=uri(file))

    def open(self, file, text, language):
        self.versions[file] = 1
        item = types.TextDocumentItem(uri=uri(file), language_id=language, version=1, text=text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))

    def change(self, file, text):
        self.versions[file] += 1
        document = types.VersionedTextDocumentIdentifier(uri=uri(file), version=self.versions[file])
        whole = types.TextDocumentContentChangeWholeDocument(text=text)
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(text_document=document, content_changes=[whole])
        )

    def close(self, file):
        self.text_document_did_close(types.DidCloseTextDocumentParams(text_document=self.document(file)))

    def changed(self, file, kind=types.FileChangeType.Changed):
        """Reports that a file was written, if this client watches files."""
        if self.watches:
            event = types.FileEvent(uri=uri(file), type=kind)
            self.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=[event]))

    async def actions(self, file, line):
        """The code actions of a line, by the first word of their titles."""
        place = types.Position(line=line, character=0)
        parameters = types.CodeActionParams(
            text_document=self.document(file),
            range=types.Range(start=place, end=place),
            context=types.CodeActionContext(diagnostics=await self.diagnostics_of(file)),
        )
        actions = await self.text_document_code_action_async(parameters) or []
        assert all(isinstance(action, types.CodeAction) for action in actions)
        return {action.title.split()[0]: action for action in actions}

    async def hover(self, file, line, character=0):
        place = types.Position(line=line, character=character)
        parameters = types.HoverParams(text_document=self.document(file), position=place)
        return await self.text_document_hover_async(parameters)

    async def lenses(self, file):
        parameters = types.CodeLensParams(text_document=self.document(file))
        return await self.text_document_code_lens_async(parameters) or []

    async def execute(self, command, *arguments):
        parameters = types.ExecuteCommandParams(command=command, arguments=list(arguments))
        return await self.workspace_execute_command_async(parameters)

    async def text(self, uri):
        """The text of a URI: of a file, or of a scheme of the server."""
        if uri.startswith("file:"):
            return file_of(uri).read_text()
        assert self.can.workspace.text_document_content is not None, "this client opens files only"
        parameters = types.TextDocumentContentParams(uri=uri)
        return (await self.workspace_text_document_content_async(parameters)).text


def published(client: Editor, params: types.PublishDiagnosticsParams):
    client.pushes += 1
    client.pushed_at[params.uri] = time.monotonic()
    client.published[params.uri] = params.diagnostics


def registered(client: Editor, params: types.RegistrationParams):
    client.registered.update({it.method: it.register_options for it in params.registrations})


def refreshed_lenses(client: Editor, params: None):
    client.refreshed_lenses += 1


def applied(client: Editor, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
    client.edits.append(params.edit)
    return types.ApplyWorkspaceEditResult(applied=True)


FEATURES = {
    types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: published,
    types.CLIENT_REGISTER_CAPABILITY: registered,
    types.WORKSPACE_CODE_LENS_REFRESH: refreshed_lenses,
    types.WORKSPACE_APPLY_EDIT: applied,
}


def apply(edit):
    """Applies an edit to the files. Returns the files that were created or changed."""
    files = {}

    def insert(uri, edits):
        file = file_of(uri)
        text = files.get(file, file.read_text() if file.exists() else "")
        for change in sorted(edits, key=lambda it: it.range.start.line, reverse=True):
            # The server sends edits of whole lines.
            assert change.range.start.character == change.range.end.character == 0
            lines = text.splitlines(keepends=True)
            lines[change.range.start.line : change.range.end.line] = [change.new_text]
            text = "".join(lines)
        files[file] = text

    for uri, edits in (edit.changes or {}).items():
        insert(uri, edits)
    for change in edit.document_changes or []:
        if isinstance(change, types.CreateFile):
            files[file_of(change.uri)] = ""
        else:
            insert(change.text_document.uri, change.edits)
    for file, text in files.items():
        file.write_text(text)
    return list(files)
