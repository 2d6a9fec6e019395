"""A rebuilt component is checked again."""

import os

import pytest
from conftest import MANIFEST_LINE
from lsprotocol import types

RULE = "run_once_guard"


async def test_a_fixed_fault_disappears(start, project):
    source, component = project.source(), project.build("library")
    editor = await start()
    await editor.one(source, RULE)
    project.build("fixed")
    # If the client does not watch files, the server polls.
    editor.changed(component)
    await editor.none(source)
    project.build("library")
    editor.changed(component)
    await editor.one(source, RULE)


async def test_a_component_that_is_built_for_the_first_time(start, project):
    manifest = project.manifest()
    editor = await start()
    it = await editor.one(manifest, "open")
    assert it.severity == types.DiagnosticSeverity.Error
    component = project.build("small")
    editor.changed(component, types.FileChangeType.Created)
    it = await editor.one(manifest, RULE)
    assert it.range.start.line == MANIFEST_LINE


async def test_a_component_that_no_manifest_names_is_found_when_it_is_built(start, project):
    known = project.build("small", "known")
    editor = await start()
    await editor.one(known, RULE)
    source, component = project.source(), project.build("library")
    # The server also searches the folders of known components.
    editor.changed(component, types.FileChangeType.Created)
    await editor.one(source, RULE)


async def test_a_command_finds_what_was_built(start, project):
    known = project.build("small", "known")
    editor = await start()
    await editor.one(known, RULE)
    source, _ = project.source(), project.build("library")
    await editor.execute("secondcall.check")
    await editor.one(source, RULE)


async def test_a_component_that_is_deleted(start, project):
    component = project.build("small")
    editor = await start()
    await editor.one(component, RULE)
    component.unlink()
    editor.changed(component, types.FileChangeType.Deleted)
    await editor.none(component)


async def test_a_component_that_is_written_in_parts(start, project):
    component = project.build("small")
    editor = await start()
    await editor.one(component, RULE)
    whole = component.read_bytes()
    with component.open("wb") as file:
        for part in range(0, len(whole), 4096):
            file.write(whole[part : part + 4096])
            file.flush()
            editor.changed(component)
            for it in await editor.diagnostics_of(component):
                assert it.code == RULE, it
    editor.changed(component)
    await editor.one(component, RULE)


@pytest.mark.xfail(strict=True, reason="the server polls only if the client does not watch files")
async def test_a_client_that_watches_only_what_it_writes_itself(start, project, capabilities):
    """Like Helix: it claims to watch files, but reports only those that it saves."""
    watched = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True, relative_pattern_support=False)
    capabilities.workspace.did_change_watched_files = watched
    component = project.build("small")
    editor = await start()
    await editor.one(component, RULE)
    project.build("fixed")
    await editor.none(component, seconds=3)


async def test_a_source_that_is_edited_after_the_build(start, project):
    """Lines may have moved, so the diagnostic is at the component itself."""
    source, component = project.source(), project.build("library")
    editor = await start()
    it = await editor.one(source, RULE)
    text = source.read_text()
    editor.open(source, text, "c")
    source.write_text(f"// new\n{text}")
    newer = component.stat().st_mtime + 10
    os.utime(source, (newer, newer))
    editor.text_document_did_save(types.DidSaveTextDocumentParams(text_document=editor.document(source)))
    await editor.none(source)
    assert (await editor.one(component, RULE)).message == it.message.removeprefix("library.wasm: ")
