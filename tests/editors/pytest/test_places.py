"""The line of a diagnostic."""

import os
import pathlib

import pytest
from conftest import MANIFEST_LINE
from lsprotocol import types

RULE = "run_once_guard"
RULES = pathlib.Path(__file__).parents[3] / "rules" / RULE
ONCE = (RULES / "fires_wasip2_run.wat").read_text()
AGAIN = (RULES / "quiet_set_before_test.wat").read_text()


def line_of(text, word):
    [line] = [number for number, line in enumerate(text.splitlines()) if word in line]
    return line


async def test_at_the_line_of_c_that_traps(start, project):
    source, component = project.source(), project.build("library")
    editor = await start()
    it = await editor.one(source, RULE)
    assert it.range.start.line == line_of(source.read_text(), "__builtin_trap")
    line = source.read_text().splitlines()[it.range.start.line]
    assert line[it.range.start.character :].startswith("__builtin_trap"), it.range
    assert it.message.startswith("library.wasm: `boom` traps when called again in the same instance")
    assert "\nhelp: " in it.message
    assert it.severity == types.DiagnosticSeverity.Error
    assert it.source == "secondcall"
    assert await editor.diagnostics_of(component) == []


async def test_not_in_a_source_that_was_edited_after_the_build(start, project):
    source, component = project.source(), project.build("library")
    os.utime(source)
    newer = component.stat().st_mtime + 10
    os.utime(source, (newer, newer))
    editor = await start()
    it = await editor.one(component, RULE)
    assert it.range.start.line == 0
    assert await editor.diagnostics_of(source) == []


async def test_at_the_line_of_the_manifest_that_names_the_component(start, project):
    manifest, component = project.manifest(), project.build("small")
    editor = await start()
    it = await editor.one(manifest, RULE)
    start_, end = it.range.start, it.range.end
    assert start_.line == end.line == MANIFEST_LINE
    text = manifest.read_text().splitlines()[MANIFEST_LINE]
    assert text[start_.character : end.character].strip('"') == "build/library.wasm"
    # Spin creates an instance for each call.
    assert it.severity == types.DiagnosticSeverity.Information
    assert await editor.diagnostics_of(component) == []


async def test_at_the_component_if_there_is_nothing_else(start, project):
    component = project.build("small")
    editor = await start()
    it = await editor.one(component, RULE)
    assert it.range.start.line == it.range.end.line == 0
    assert it.message.startswith("`boom` traps when called again")


async def test_in_an_unsaved_document(start, project):
    file = project.path("once.wat")
    editor = await start()
    editor.open(file, AGAIN, "wat")
    editor.change(file, ONCE)
    it = await editor.one(file, RULE)
    assert it.range.start.line == line_of(ONCE, "unreachable")
    editor.change(file, f";; é\n\n{ONCE}")
    moved = line_of(ONCE, "unreachable") + 2
    [it] = await editor.wait(file, lambda list: [it.range.start.line for it in list] == [moved])
    assert it.message.startswith("`wasi:cli/run@0.2.0#run` traps when called again")
    editor.change(file, ONCE.replace("unreachable", "unreachabl", 1))
    it = await editor.one(file, "read")
    assert it.severity == types.DiagnosticSeverity.Error
    editor.change(file, AGAIN)
    await editor.none(file)
    editor.close(file)
    assert not file.exists()


async def test_documents_are_requested_by_pattern_if_the_client_can(start, capabilities):
    editor = await start()
    selective = capabilities.text_document.synchronization.dynamic_registration
    sync = editor.initialize_result.capabilities.text_document_sync
    assert sync.change == (types.TextDocumentSyncKind.None_ if selective else types.TextDocumentSyncKind.Full)
    if selective:
        options = await editor.until(lambda: editor.registered.get("textDocument/didChange"))
        assert {it["pattern"] for it in options["documentSelector"]} == {"**/*.wat", "**/secondcall.toml"}


@pytest.mark.parametrize("component", ["small", "library"])
async def test_what_explains_it_can_be_opened(start, project, component):
    """The text of the function contains each instruction, whether or not the finding is at a source line."""
    project.build(component)
    place = project.source() if component == "library" else project.manifest()
    editor = await start()
    it = await editor.one(place, RULE)
    assert len(it.related_information) >= 3
    shown = []
    for related in it.related_information:
        text = await editor.text(related.location.uri)
        shown.append(text.splitlines()[related.location.range.start.line])
    for word in ["i32.load", "i32.store", "unreachable"]:
        assert any(word in line for line in shown), (word, shown)


async def test_in_a_folder_behind_a_link(start, project):
    """URIs keep the editor's spelling of a path."""
    source, component = project.source(), project.build("library")
    link = project.folder.parent / "a link, é & (more)"
    link.symlink_to(project.folder)
    editor = await start(folder=link)
    await editor.one(link / "src/library.c", RULE)
    assert await editor.diagnostics_of(source) == []
    assert await editor.diagnostics_of(component) == []
