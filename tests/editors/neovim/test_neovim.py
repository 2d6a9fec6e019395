"""What a user of Neovim sees. Compares the screens in docs/editor.md with the actual ones."""

import os
import pathlib
import re
import shutil
import subprocess

import psutil
import pytest
from terminal import PATIENCE
from terminal import Neovim
from terminal import versions

ROOT = pathlib.Path(__file__).parents[3]
PAGE = ROOT / "docs/editor.md"
COMPONENTS = pathlib.Path(os.environ["SECONDCALL_EDITOR_COMPONENTS"])
MESSAGE = "library.wasm: `boom` traps when called again in the same instance"
ERROR = 1
MANIFEST = """\
spin_manifest_version = 2

[application]
name = "library"

[component.library]
source = "build/library.wasm"
"""


def version(program):
    first = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.match(r"NVIM v(\d+\.\d+)", first).group(1)


PROGRAMS = {version(it): it for it in versions()}


@pytest.fixture
def project(tmp_path):
    folder = tmp_path.resolve() / "project"
    for name in ["src", "build", ".git"]:
        (folder / name).mkdir(parents=True)
    source = folder / "src/library.c"
    shutil.copyfile(COMPONENTS / "library.c", source)
    past = source.stat().st_mtime - 100
    os.utime(source, (past, past))
    build(folder, "library")
    return folder


def build(folder, component):
    shutil.copyfile(COMPONENTS / f"{component}.wasm", folder / "build/library.wasm")


@pytest.fixture(params=PROGRAMS)
def neovim(request, tmp_path, project):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/secondcall").symlink_to(os.environ["SECONDCALL_PROGRAM"])
    home = {f"XDG_{name}_HOME": str(tmp_path / name) for name in ["CONFIG", "DATA", "STATE", "CACHE"]}
    environment = {
        **os.environ,
        **home,
        "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}",
        "SECONDCALL_PLUGIN": str(ROOT / "editors/neovim"),
    }
    init = pathlib.Path(__file__).parent / "init.lua"
    started = Neovim(PROGRAMS[request.param], project, environment, init)
    yield started
    if not started.gone:
        assert started.quit() == 0


def opened(neovim, project):
    """Opens the C program, and returns its diagnostic, with the cursor on its line."""
    source = project / "src/library.c"
    neovim.open(source)
    [it] = neovim.until(neovim.diagnostics)
    assert it["file"] == str(source)
    neovim.api.current.window.cursor = (it["lnum"] + 1, it["col"])
    return it


def test_the_diagnostic_is_at_the_line_that_traps(neovim, project):
    it = opened(neovim, project)
    line = (project / "src/library.c").read_text().splitlines()[it["lnum"]]
    assert line[it["col"] :].startswith("__builtin_trap")
    assert it["message"].startswith(MESSAGE)
    assert (it["severity"], it["code"], it["source"]) == (ERROR, "run_once_guard", "secondcall")


def test_it_disappears_when_the_fault_is_fixed_and_built(neovim, project):
    opened(neovim, project)
    build(project, "fixed")
    neovim.until(lambda: not neovim.diagnostics())
    assert MESSAGE not in neovim.picture()
    build(project, "library")
    neovim.until(neovim.diagnostics)


def test_one_server_runs_and_ends_with_neovim(neovim, project):
    opened(neovim, project)
    manifest = project / "spin.toml"
    neovim.open(manifest)
    servers = [it for it in neovim.started() if it.cmdline()[-1:] == ["lsp"]]
    assert len(servers) == 1
    assert neovim.quit() == 0
    psutil.wait_procs(servers, timeout=PATIENCE)
    assert not any(it.is_running() for it in servers)


def test_the_manifest_shows_the_verdicts(neovim, project):
    manifest = project / "spin.toml"
    manifest.write_text(MANIFEST)
    os.remove(project / "src/library.c")
    neovim.open(manifest)
    [it] = neovim.until(neovim.diagnostics)
    assert it["lnum"] + 1 == MANIFEST.count("\n")
    neovim.api.current.window.cursor = (it["lnum"] + 1, it["col"])
    hover(neovim, "single_shot")


def test_a_finding_is_accepted(neovim, project):
    opened(neovim, project)
    neovim.lua(
        """
        vim.ui.select = function(items, _, choose)
          _G.titles = vim.tbl_map(function(it) return (it.action or it[2]).title end, items)
          choose(items[1], 1)
        end
        vim.ui.input = function(_, answer) answer('our host calls it once') end
        vim.lsp.buf.code_action()
        """
    )
    neovim.until(lambda: neovim.lua("return _G.titles"))
    assert neovim.lua("return _G.titles") == [
        "Accept `run_once_guard` in `boom`, with a reason",
        "Explain `run_once_guard`",
        "Show the function's text",
    ]
    neovim.until(lambda: any(it.name.endswith("secondcall.toml") for it in neovim.api.buffers))
    neovim.api.command("wall")
    neovim.until(lambda: not neovim.diagnostics())
    assert 'reason = "our host calls it once"' in (project / "secondcall.toml").read_text()


@pytest.mark.skipif("0.11" not in PROGRAMS, reason="the screens in the page are from Neovim 0.11")
@pytest.mark.parametrize("neovim", ["0.11"], indirect=True)
def test_the_screens_in_the_page_are_current(neovim, project):
    it = opened(neovim, project)
    neovim.api.current.window.cursor = (it["lnum"] - 4, 0)
    neovim.api.command("normal! zt")
    neovim.until(lambda: MESSAGE in "\n".join(neovim.screen.display))
    picture = neovim.picture()
    compare("neovim: the line", picture)
    [line] = [line for line in picture.splitlines() if MESSAGE in line]
    assert line in (ROOT / "README.md").read_text().splitlines()
    neovim.api.current.window.cursor = (it["lnum"] + 1, it["col"])
    neovim.lua("vim.diagnostic.open_float()")
    neovim.until(lambda: "help: " in "\n".join(neovim.screen.display))
    compare("neovim: the diagnostic", neovim.picture())
    manifest = project / "spin.toml"
    manifest.write_text(MANIFEST)
    neovim.open(manifest)
    # The server learns of the new file when it is saved.
    neovim.api.command("silent write")
    neovim.api.current.window.cursor = (MANIFEST.count("\n"), 12)
    hover(neovim, "single_shot")
    compare("neovim: the verdicts", neovim.picture())


def hover(neovim, word):
    """Shows the hover at the cursor, once the server has one."""
    answered = """
        local place = vim.lsp.util.make_position_params(0, 'utf-8')
        local answers = vim.lsp.buf_request_sync(0, 'textDocument/hover', place, 5000) or {}
        for _, answer in pairs(answers) do
          if answer.result then return true end
        end
    """
    neovim.until(lambda: neovim.lua(answered))
    neovim.lua("vim.lsp.buf.hover()")
    neovim.until(lambda: word in "\n".join(neovim.screen.display))


def compare(name, shown):
    """Compares the block behind the comment of this name in docs/editor.md with the screen."""
    page = PAGE.read_text()
    pattern = re.compile(rf"(<!-- {name} -->\n+```text\n)(.*?)(```\n)", re.DOTALL)
    match = pattern.search(page)
    assert match, f"docs/editor.md has no block `{name}`"
    if os.environ.get("BLESS"):
        PAGE.write_text(pattern.sub(lambda it: it[1] + shown + it[3], page))
    else:
        assert match[2] == shown, "BLESS=1 tests/editors/run PROGRAM updates docs/editor.md"
