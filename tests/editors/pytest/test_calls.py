"""Exports are called only if the user trusts the workspace and enables calls."""

import asyncio

import pytest
from conftest import MANIFEST_LINE
from lsprotocol import types
from test_begin_and_end import below

CODE = "run_once_guard"
OBSERVED = "answers_change"


def rules(diagnostics):
    return {it.code for it in diagnostics}


async def test_findings_of_calls_are_shown_next_to_those_of_the_code(start, project):
    source = project.source()
    project.build("library")
    editor = await start(trusted=True, dynamic="on")
    found = await editor.wait(source, lambda list: OBSERVED in rules(list))
    assert CODE in rules(found)
    [it] = [it for it in found if it.code == OBSERVED]
    assert "`count`" in it.message
    hover = await editor.hover(source, it.range.start.line)
    assert "| add | stateless_proven" in hover.contents.value


@pytest.mark.parametrize("options", [{"dynamic": "on"}, {"trusted": True}, {}], ids=["wanted", "trusted", "neither"])
async def test_nothing_is_called_otherwise(start, project, options):
    manifest = project.manifest()
    project.build("small")
    editor = await start(**options)
    await editor.one(manifest, CODE)
    # Enough time for a finding of calls to arrive.
    await asyncio.sleep(1.5)
    assert rules(await editor.diagnostics_of(manifest)) == {CODE}
    hover = await editor.hover(manifest, MANIFEST_LINE, 12)
    assert "observed" not in hover.contents.value


def kinds(editor, title):
    """The kinds of reports of each progress with this title, by token."""
    said = editor.progress_reports.items()
    return {token: [it.kind for it in reports] for token, reports in said if reports and reports[0].title == title}


async def test_calls_that_take_long_can_be_cancelled(start, project):
    component = project.build("large")
    editor = await start(trusted=True, dynamic="on")
    await editor.one(component, CODE)
    running = await editor.until(lambda: kinds(editor, "secondcall: calling exports"))
    [token] = running
    [begin] = editor.progress_reports[token]
    assert begin.cancellable is True
    assert begin.message == project.folder.name
    await editor.until(lambda: below(editor.process.pid))
    editor.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
    await editor.until(lambda: kinds(editor, "secondcall: calling exports")[token] == ["begin", "end"])
    await editor.until(lambda: not below(editor.process.pid))
    # Findings from the code remain.
    assert CODE in rules(await editor.diagnostics_of(component))
    # A new check calls again.
    await editor.execute("secondcall.check")
    await editor.wait(component, lambda list: OBSERVED in rules(list))


async def test_progress_that_nobody_cancels_ends(start, project):
    component = project.build("large")
    editor = await start(trusted=True, dynamic="on")
    found = await editor.wait(component, lambda list: OBSERVED in rules(list))
    assert CODE in rules(found)
    await editor.until(lambda: all(it == ["begin", "end"] for it in kinds(editor, "secondcall: calling exports").values()))
