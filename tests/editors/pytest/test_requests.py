"""Hover, code lenses, code actions and commands."""

import pytest
from conftest import MANIFEST_LINE
from editor import apply
from editor import file_of
from lsprotocol import types

RULE = "run_once_guard"


@pytest.fixture
def manifest(project):
    project.build("small")
    return project.manifest()


async def test_hover_shows_the_verdicts(start, manifest):
    editor = await start()
    await editor.one(manifest, RULE)
    hover = await editor.hover(manifest, MANIFEST_LINE, 12)
    assert hover.contents.kind == types.MarkupKind.Markdown
    text = hover.contents.value
    assert text.startswith("**library.wasm** on spin-p2\n")
    assert "| boom | single_shot | certain |" in text
    assert "| add | stateless_proven | certain |" in text
    assert "traps when called again" in text
    assert hover.range.start.line == MANIFEST_LINE
    assert await editor.hover(manifest, 0) is None


async def test_hover_at_the_source(start, project):
    source = project.source()
    project.build("library")
    editor = await start()
    it = await editor.one(source, RULE)
    hover = await editor.hover(source, it.range.start.line)
    assert "| boom | single_shot | certain |" in hover.contents.value
    assert await editor.hover(source, 0) is None


async def test_a_lens_counts_and_shows_the_report(start, manifest, capabilities):
    editor = await start()
    await editor.one(manifest, RULE)
    [lens] = await editor.lenses(manifest)
    assert lens.range.start.line == MANIFEST_LINE
    assert lens.command.title == "7 exports · spin-p2: calls none of these exports"
    assert editor.initialize_result.capabilities.execute_command_provider.commands.count(lens.command.command) == 1
    text = await shown(editor, lens.command)
    assert "note[run_once_guard]: `boom` traps when called again" in text
    assert "unreachable" in text
    refreshes = capabilities.workspace.code_lens and capabilities.workspace.code_lens.refresh_support
    assert (editor.refreshed_lenses > 0) == bool(refreshes)


async def shown(editor, command):
    """The text that a command shows."""
    before = len(editor.shown_documents)
    result = await editor.execute(command.command, *(command.arguments or []))
    if isinstance(result, str):
        return result
    await editor.until(lambda: len(editor.shown_documents) > before)
    return await editor.text(editor.shown_documents[-1].uri)


async def test_actions_explain_and_show(start, manifest):
    editor = await start()
    it = await editor.one(manifest, RULE)
    actions = await editor.actions(manifest, MANIFEST_LINE)
    assert list(actions) == ["Accept", "Explain", "Show"]
    assert list(actions["Accept"].diagnostics) == [it]
    assert (await shown(editor, actions["Explain"].command)).startswith("# ")
    text = await shown(editor, actions["Show"].command)
    assert text.startswith(";; core module 0, func ")
    assert "unreachable" in text
    assert await editor.actions(manifest, 0) == {}


async def test_a_finding_is_accepted_with_a_reason(start, project, manifest):
    """A client that asks the user gets an edit to apply."""
    editor = await start(asksReason=True)
    await editor.one(manifest, RULE)
    action = (await editor.actions(manifest, MANIFEST_LINE))["Accept"]
    assert action.edit is None
    assert action.command.command == "secondcall.askReason"
    [argument] = action.command.arguments
    assert argument["rule"] == RULE
    assert argument["export"] == "boom"
    with pytest.raises(Exception, match="say why"):
        await editor.execute("secondcall.accept", {**argument, "reason": " "})
    await editor.execute("secondcall.accept", {**argument, "reason": "our host calls it once"})
    edit = await editor.until(lambda: editor.edits.pop() if editor.edits else None)
    [file] = apply(edit)
    assert file == project.path("secondcall.toml")
    assert 'reason = "our host calls it once"' in file.read_text()
    editor.changed(file, types.FileChangeType.Created)
    if not editor.watches:
        saved = types.DidSaveTextDocumentParams(text_document=editor.document(file))
        editor.text_document_did_save(saved)
    await editor.none(manifest)
    # The finding is accepted, so there is nothing left to do.
    assert await editor.actions(manifest, MANIFEST_LINE) == {}


async def test_without_a_reason_the_configuration_asks_for_one(start, project, manifest):
    editor = await start()
    await editor.one(manifest, RULE)
    action = (await editor.actions(manifest, MANIFEST_LINE))["Accept"]
    [file] = apply(action.edit)
    text = file.read_text()
    assert 'reason = ""' in text
    editor.open(file, text, "toml")
    saved = types.DidSaveTextDocumentParams(text_document=editor.document(file))
    editor.text_document_did_save(saved)
    [it] = await editor.wait(file, len)
    assert "reason" in it.message
    assert text.splitlines()[it.range.start.line].startswith("reason")


async def test_a_repaired_copy_is_written_beside_the_component(start, project, manifest):
    copy = project.path("build/library.fresh.wasm")
    editor = await start(trusted=True)
    await editor.one(manifest, RULE)
    action = (await editor.actions(manifest, MANIFEST_LINE))["Write"]
    assert "`library.fresh.wasm`" in action.title
    said = await editor.execute(action.command.command, *action.command.arguments)
    assert "are like the original's" in said
    repaired = copy.read_bytes()
    with pytest.raises(Exception, match="is not overwritten"):
        await editor.execute(action.command.command, *action.command.arguments)
    action = (await editor.actions(manifest, MANIFEST_LINE))["Replace"]
    copy.write_bytes(b"")
    await editor.execute(action.command.command, *action.command.arguments)
    assert copy.read_bytes() == repaired


async def test_commands_that_are_not_there_are_refused(start):
    editor = await start()
    for command in ["secondcall.nothing", "rm"]:
        with pytest.raises(Exception, match="unknown command"):
            await editor.execute(command)


async def test_no_other_file_is_shown(start, project):
    editor = await start()
    project.write("secret.wasm", "")
    other = file_of("file:///etc/passwd")
    if editor.can.workspace.text_document_content is None:
        return
    with pytest.raises(Exception, match="no check has read"):
        await editor.text(f"secondcall-wat:{other}/core0/func0.wat")
