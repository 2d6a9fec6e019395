"""How long after a component was written its diagnostic is there. `tests/editors/latency` runs it.

`watched` is a client that watches files and says so right after the last byte; for one that does not, the server
looks itself: `polled`. `check` is the program from its start to its end on the same file. Medians; a round is one of
each, in turn, so that what else the machine does falls on all of them. The server's other work is done before.
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
# As long as the server's pause between two looks, so that a write falls anywhere in it.
PAUSE = 0.25


async def server(kind, folder):
    environment = {**os.environ, "SECONDCALL_CACHE_DIR": str(folder / "cache")}
    editor = Editor(client_capabilities(KINDS[kind]))
    editor.project = Project(folder)
    await editor.begin([PROGRAM, "lsp"], folder, environment, {})
    return editor


async def pushed(editor, component, some):
    """When the client had diagnostics of the component, or none."""
    file = uri(component)
    await editor.until(lambda: bool(editor.published.get(file)) == some)
    return editor.pushed_at[file]


async def latency(editor, name):
    component = editor.project.build("mended")
    editor.changed(component)
    await pushed(editor, component, False)
    # Past the time in which a file counts as being written, and anywhere between two looks.
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
            # A component that is always there, so that its diagnostic tells that the server is at work.
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
