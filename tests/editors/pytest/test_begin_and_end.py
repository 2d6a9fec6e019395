"""Start and end of a server."""

import asyncio
import os

import psutil
import pytest
from conftest import PROGRAM
from editor import PATIENCE
from lsprotocol import types

RULE = "run_once_guard"


async def test_positions_are_counted_in_bytes_if_the_client_can(start, capabilities):
    offered = capabilities.general and capabilities.general.position_encodings or []
    editor = await start()
    wanted = "utf-8" if "utf-8" in offered else "utf-16"
    assert editor.initialize_result.capabilities.position_encoding == wanted
    assert editor.initialize_result.server_info.name == "secondcall"


async def test_diagnostics_are_pulled_or_pushed_and_never_both(start, project, capabilities):
    component = project.build("small")
    editor = await start()
    can_pull = capabilities.text_document.diagnostic is not None
    can_refresh = capabilities.workspace.diagnostics is not None
    assert editor.pulls == (can_pull and can_refresh)
    await editor.one(component, RULE)
    project.build("fixed")
    editor.changed(component)
    await editor.none(component)
    assert (editor.pushes == 0) == editor.pulls
    assert (editor.diagnostic_refresh_count > 0) == editor.pulls
    if editor.pulls:
        everything = await editor.workspace_diagnostic_async(
            types.WorkspaceDiagnosticParams(previous_result_ids=[])
        )
        assert all(not it.items for it in everything.items)


async def test_a_client_that_watches_is_asked_to(start):
    editor = await start()
    if editor.watches:
        options = await editor.until(lambda: editor.registered.get("workspace/didChangeWatchedFiles"))
        globs = {watcher["globPattern"] for watcher in options["watchers"]}
        assert {"**/*.wasm", "**/spin.toml", "**/secondcall.toml"} <= globs
    else:
        await editor.execute("secondcall.check")
        assert "workspace/didChangeWatchedFiles" not in editor.registered


async def test_shutdown_and_exit(start, project):
    component = project.build("small")
    editor = await start()
    await editor.one(component, RULE)
    await editor.shutdown_async(None)
    editor.exit(None)
    assert await asyncio.wait_for(editor.process.wait(), PATIENCE) == 0


async def test_exit_without_shutdown_fails(start):
    editor = await start()
    editor.exit(None)
    assert await asyncio.wait_for(editor.process.wait(), PATIENCE) == 1


async def test_after_shutdown_requests_are_refused(start, project):
    editor = await start()
    await editor.shutdown_async(None)
    with pytest.raises(Exception, match="(?i)shut"):
        await editor.hover(project.path("spin.toml"), 0)
    editor.exit(None)
    await asyncio.wait_for(editor.process.wait(), PATIENCE)


def below(process):
    """The processes that a process started, and their children."""
    return psutil.Process(process).children(recursive=True)


@pytest.mark.parametrize("dynamic", ["off", "on"])
async def test_the_server_ends_when_its_client_ends(start, project, dynamic):
    """Even while it calls exports: none of its processes remains."""
    project.build("library")
    editor = await start(trusted=True, dynamic=dynamic)
    started = await editor.until(lambda: below(editor.process.pid)) if dynamic == "on" else []
    editor.process.stdin.close()
    await asyncio.wait_for(editor.process.wait(), PATIENCE)
    await asyncio.to_thread(psutil.wait_procs, started, PATIENCE)
    assert not any(it.is_running() for it in started)


async def test_the_server_ends_when_its_client_is_killed(project):
    end, keep_open = os.pipe()
    client = await asyncio.create_subprocess_exec("sleep", "600", pass_fds=[keep_open])
    server = await asyncio.create_subprocess_exec(PROGRAM, "lsp", stdin=end, cwd=project.folder)
    os.close(end)
    os.close(keep_open)
    client.kill()
    await asyncio.wait_for(server.wait(), PATIENCE)
    await client.wait()
