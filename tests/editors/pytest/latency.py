"""Measures the time from writing a component to its diagnostic. `tests/editors/latency` runs it.

`watched`: the client watches files and reports the write right after the last byte. `polled`: it does not, and the
server polls. `check`: one run of the program on the same file. The results are medians. A round measures each once, in
turn, so that other load on the machine affects all of them. The server is idle before each measurement.
"""

import asyncio
import os
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

from conftest import COMPONENTS
from conftest import PROGRAM
from conftest import Project
from editor import Editor
from editor import uri
from pytest_lsp import client_capabilities

ROUNDS = 15
SIZES = ["small", "library", "large"]
KINDS = {"watched": "visual-studio-code@v1.65.2", "polled": "neovim@v0.11.0"}
# The polling interval of the server, so that a write falls anywhere in it.
PAUSE = 0.25


async def server(kind, folder):
    environment = {**os.environ, "SECONDCALL_CACHE_DIR": str(folder / "cache")}
    editor = Editor(client_capabilities(KINDS[kind]))
    editor.project = Project(folder)
    await editor.begin([PROGRAM, "lsp"], folder, environment, {})
    return editor


async def pushed(editor, component, some):
    """The time at which the client got diagnostics of the component, or none if `some` is false."""
    file = uri(component)
    await editor.until(lambda: bool(editor.published.get(file)) == some)
    return editor.pushed_at[file]


async def latency(editor, name):
    component = editor.project.build("fixed")
    editor.changed(component)
    await pushed(editor, component, False)
    # Until the file no longer counts as being written, at a random time between two polls.
    await asyncio.sleep(1 + random.uniform(0, PAUSE))
    editor.project.build(name)
    written = time.monotonic()
    editor.changed(component)
    return await pushed(editor, component, True) - written


def check(name):
    start = time.monotonic()
    command = [PROGRAM, "check", "--static-only", COMPONENTS / f"{name}.wasm"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.monotonic() - start


async def main():
    random.seed(7)
    with tempfile.TemporaryDirectory() as work:
        editors = {}
        for kind in KINDS:
            folder = pathlib.Path(work).resolve() / kind
            folder.mkdir()
            editors[kind] = await server(kind, folder)
            # Its diagnostic shows that the server has started.
            component = editors[kind].project.build("small")
            editors[kind].changed(component)
            await editors[kind].execute("secondcall.check")
            await pushed(editors[kind], component, True)
        print(f"{'component':10} {'size':>9} {'check':>8} {'watched':>15} {'polled':>15}   median of {ROUNDS}")
        for name in SIZES:
            taken = {"check": [], **{kind: [] for kind in KINDS}}
            for _ in range(ROUNDS):
                taken["check"].append(check(name))
                for kind, editor in editors.items():
                    taken[kind].append(await latency(editor, name))
            size = (COMPONENTS / f"{name}.wasm").stat().st_size
            alone, *others = (statistics.median(taken[it]) * 1000 for it in ["check", *KINDS])
            cells = "".join(f" {it:6.0f} ms ({it / alone:3.1f})" for it in others)
            print(f"{name:10} {size / 1024:6.0f} KB {alone:5.0f} ms{cells}", flush=True)
        for editor in editors.values():
            await editor.end()


asyncio.run(main())
