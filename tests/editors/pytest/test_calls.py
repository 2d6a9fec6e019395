"""Exports are called only where the user trusts the workspace and wants it."""

import asyncio

import pytest
from conftest import MANIFEST_LINE
from lsprotocol import types

CODE = "run_once_guard"
SEEN = "answers_change"


def rules(diagnostics):
    return {it.code for it in diagnostics}


async def test_what_calls_show_stands_beside_what_the_code_shows(start, project):
    source = project.source()
    project.build("library")
    editor = await start(trusted=True, dynamic="on")
    told = await editor.wait(source, lambda list: SEEN in rules(list))
    assert CODE in rules(told)
    [it] = [it for it in told if it.code == SEEN]
    assert "`count`" in it.message
    hover = await editor.hover(source, it.range.start.line)
    assert "| add | reusable_observed" in hover.contents.value


@pytest.mark.parametrize("options", [{"dynamic": "on"}, {"trusted": True}, {}], ids=["wanted", "trusted", "neither"])
async def test_nothing_is_called_otherwise(start, project, options):
    manifest = project.manifest()
    project.build("small")
    editor = await start(**options)
    await editor.one(manifest, CODE)
    # What a call shows would have come by now.
    await asyncio.sleep(1.5)
    assert rules(await editor.told(manifest)) == {CODE}
    hover = await editor.hover(manifest, MANIFEST_LINE, 12)
    assert "observed" not in hover.contents.value
