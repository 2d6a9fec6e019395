"""The program under test, the clients that it is tested with, and a working folder."""

import os
import pathlib
import shutil

import pytest
from clients import CLIENTS
from editor import Editor

PROGRAM = pathlib.Path(os.environ["SECONDCALL_PROGRAM"])
COMPONENTS = pathlib.Path(os.environ["SECONDCALL_EDITOR_COMPONENTS"])
# Seconds by which a source is older than its component.
BEFORE = 100


class Project:
    """A folder with components and their sources."""

    def __init__(self, folder):
        self.folder = folder
        self.path("src").mkdir()
        self.path("build").mkdir()
        # The root of the repository, where an acceptance is written by default.
        self.path(".git").mkdir()

    def path(self, name):
        return self.folder / name

    def write(self, name, text):
        self.path(name).write_text(text)
        return self.path(name)

    def source(self):
        """The C program of `library`."""
        file = self.path("src/library.c")
        shutil.copyfile(COMPONENTS / "library.c", file)
        past = file.stat().st_mtime - BEFORE
        os.utime(file, (past, past))
        return file

    def build(self, component, name="library"):
        """A component, as if it were just built."""
        file = self.path(f"build/{name}.wasm")
        shutil.copyfile(COMPONENTS / f"{component}.wasm", file)
        return file

    def manifest(self):
        """A manifest that names `build/library.wasm`."""
        return self.write("spin.toml", MANIFEST)


MANIFEST = """\
spin_manifest_version = 2

[application]
name = "library"
version = "1.0.0"

[[trigger.http]]
route = "/..."
component = "library"

[component.library]
source = "build/library.wasm"
"""
MANIFEST_LINE = MANIFEST.splitlines().index('source = "build/library.wasm"')


@pytest.fixture
def project(tmp_path):
    folder = tmp_path.resolve() / "project"
    folder.mkdir()
    return Project(folder)


@pytest.fixture(params=CLIENTS.values(), ids=CLIENTS.keys())
def capabilities(request):
    return request.param()


@pytest.fixture
def environment(tmp_path_factory):
    """Uses a temporary cache instead of the user's."""
    return {**os.environ, "SECONDCALL_CACHE_DIR": str(tmp_path_factory.mktemp("cache"))}


@pytest.fixture
async def start(project, capabilities, environment):
    """Starts the server for a client, in the project."""
    editors = []

    async def started(folder=project.folder, **options):
        editor = Editor(capabilities)
        editors.append(editor)
        await editor.begin([PROGRAM, "lsp"], folder, environment, options)
        return editor

    yield started
    for editor in editors:
        await editor.end()
