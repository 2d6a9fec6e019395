"""A registry's catalogue, from a small registry on this machine."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import Fleet, tables

from secondcall_fleet import Options, Serial, examine, registry
from secondcall_fleet.registry import Unavailable


class Registry(ThreadingHTTPServer):
    """Repositories with a tag for each manifest. Asks for a token, and pages its lists by two."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.blobs: dict[str, bytes] = {}
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.served: list[str] = []
        self.damaged: set[str] = set()

    @property
    def host(self) -> str:
        """Its address."""
        return f"127.0.0.1:{self.server_port}"

    def push(self, repository: str, tag: str, content: bytes, media_type: str = "application/wasm") -> str:
        """Stores an artifact with one layer, and returns the layer's digest."""
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        self.blobs[digest] = content
        layers = [{"mediaType": media_type, "digest": digest, "size": len(content)}]
        self.repositories.setdefault(repository, {})[tag] = json.dumps({"schemaVersion": 2, "layers": layers}).encode()
        return digest


class Handler(BaseHTTPRequestHandler):
    """Answers as a registry does."""

    server: Registry

    def log_message(self, format: str, *args: Any) -> None:
        """Logs nothing."""

    def do_GET(self) -> None:
        """Answers."""
        server = self.server
        path, _, query = self.path.partition("?")
        if path == "/token":
            return self.answer(b'{"token": "open sesame"}')
        if self.headers.get("Authorization") != "Bearer open sesame":
            where = f'Bearer realm="http://{server.host}/token",service="tests",scope="registry:catalog:*"'
            return self.answer(b"{}", 401, {"WWW-Authenticate": where})
        server.served.append(path)
        name, _, last = path.removeprefix("/v2/").rpartition("/")
        if path == "/v2/_catalog":
            return self.page("repositories", sorted(server.repositories), query, path)
        if path.endswith("/tags/list"):
            repository = name.removesuffix("/tags")
            return self.page("tags", sorted(server.repositories[repository]), query, path)
        if "/manifests/" in path:
            return self.answer(server.repositories[name.removesuffix("/manifests")][last])
        content = server.blobs.get(last)
        if content is None:
            return self.answer(b"{}", 404)
        return self.answer(content[:-1] + b"!" if last in server.damaged else content)

    def page(self, member: str, names: list[str], query: str, path: str) -> None:
        """Two names, and where the next ones are."""
        last = dict(part.split("=") for part in query.split("&")).get("last", "")
        left = [name for name in names if name > last]
        link = {"Link": f'<{path}?n=2&last={left[1]}>; rel="next"'} if len(left) > 2 else {}
        return self.answer(json.dumps({member: left[:2]}).encode(), 200, link)

    def answer(self, content: bytes, code: int = 200, headers: dict[str, str] | None = None) -> None:
        """Sends an answer."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def served() -> Iterator[Registry]:
    """A registry that runs."""
    server = Registry()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_catalogue(served: Registry, fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """Every tag is an input; a blob that several have is read once; a damaged one is no result."""
    paths = sorted(fleet(200).folder.glob("*/component-000[0-1]*.wasm"))[:9]
    for number, path in enumerate(paths):
        served.push(f"apps/app-{number % 5}", f"v{number}", path.read_bytes())
    again = served.push("zoo/copy", "latest", paths[0].read_bytes())
    served.push("zoo/image", "latest", b"layers of a container", "application/vnd.oci.image.layer.v1.tar+gzip")
    damaged = served.push("zoo/damaged", "latest", paths[0].read_bytes() + b"\0\1\0")
    served.damaged.add(damaged)
    inputs = list(registry(served.host, plain=True))
    assert len(inputs) == 11
    options = Options(program=program, arguments=("--static-only",), pause=0.0)
    found = examine(inputs, str(tmp_path), Serial(), options)
    assert found.states == {"examined": 10, "unreachable": 1}
    rows = tables(tmp_path)
    assert sum(row["copy_of"] is not None for row in rows["inputs"]) == 1
    [lost] = [row for row in rows["inputs"] if row["state"] == "unreachable"]
    assert lost["location"].endswith(f"zoo/damaged@{damaged}")
    assert "other bytes" in lost["error"]
    assert sum(path.endswith(again) for path in served.served) == 1


def test_a_registry_that_does_not_answer() -> None:
    """It is an error with its address."""
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
        list(registry("127.0.0.1:9", plain=True))
