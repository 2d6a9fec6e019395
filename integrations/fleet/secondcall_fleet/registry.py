"""The catalogue of an OCI registry, and its blobs. The registry says their digests, so that copies are never read."""

import hashlib
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

from .input import Input

SCHEMES = ("oci", "oci+http")
"""`oci` is over TLS; `oci+http` is for a registry on this machine or behind a proxy."""

WASM = "application/wasm"
"""The media type of a layer that is a component, as in the Wasm OCI artifact layout of the CNCF's TAG Runtime."""

MANIFESTS = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.oci.image.index.v1+json")
TIMEOUT = 60.0
LARGEST_ANSWER = 16 << 20


class Unavailable(Exception):
    """A registry that does not answer, or not as one does."""


def registry(host: str, *, plain: bool = False) -> Iterator[Input]:
    """The components of all tags of all repositories of a registry. Other artifacts are left out.

    `plain` is for a registry without TLS. Reads what is public: a token is asked for where the registry wants one.

    Raises `Unavailable`.
    """
    scheme = SCHEMES[plain]
    client = _Client(scheme, host)
    for repository in client.pages("/v2/_catalog", "repositories"):
        for tag in client.pages(f"/v2/{repository}/tags/list", "tags"):
            yield from _components(client, scheme, host, repository, tag)


def blob(location: str, largest: int) -> bytes:
    """The bytes of `oci://registry/repository@sha256:…`.

    Raises `Unavailable`, also if the bytes have another digest, and `ValueError` if there are more than `largest`.
    """
    parts = urllib.parse.urlsplit(location)
    repository, _, digest = parts.path.lstrip("/").partition("@")
    content = _Client(parts.scheme, parts.netloc).get(f"/v2/{repository}/blobs/{digest}", largest)
    if digest != f"sha256:{hashlib.sha256(content).hexdigest()}":
        raise Unavailable(f"{location}: the registry sent other bytes")
    return content


def _components(client: "_Client", scheme: str, host: str, repository: str, reference: str) -> Iterator[Input]:
    manifest = client.json(f"/v2/{repository}/manifests/{reference}")
    for entry in manifest.get("manifests") or []:
        yield from _components(client, scheme, host, repository, entry["digest"])
    for layer in manifest.get("layers") or []:
        algorithm, _, digest = layer["digest"].partition(":")
        if layer.get("mediaType") == WASM and algorithm == "sha256":
            location = f"{scheme}://{host}/{repository}@sha256:{digest}"
            yield Input(location, int(layer["size"]), "", digest)


class _Client:
    """Reads from one registry."""

    def __init__(self, scheme: str, host: str) -> None:
        self.base = f"{'http' if scheme == 'oci+http' else 'https'}://{host}"
        self.token: str | None = None

    def pages(self, path: str, member: str) -> Iterator[str]:
        """The names in a list that the registry gives in pages."""
        url: str | None = f"{self.base}{path}?n=1000"
        while url:
            content, link = self._get(url, LARGEST_ANSWER)
            yield from _object(content, url).get(member) or []
            following = re.match(r'\s*<([^>]+)>;\s*rel="?next', link or "")
            url = urllib.parse.urljoin(url, following[1]) if following else None

    def json(self, path: str) -> dict[str, Any]:
        """An object."""
        return _object(self.get(path, LARGEST_ANSWER), path)

    def get(self, path: str, largest: int) -> bytes:
        """A file."""
        return self._get(self.base + path, largest)[0]

    def _get(self, url: str, largest: int) -> tuple[bytes, str | None]:
        for attempt in (1, 2):
            request = urllib.request.Request(url, headers={"Accept": ", ".join(MANIFESTS)})
            if self.token:
                # A registry sends blobs from elsewhere; the token is not for that place.
                request.add_unredirected_header("Authorization", f"Bearer {self.token}")
            try:
                with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                    content = answer.read(largest + 1)
                    if len(content) > largest:
                        raise ValueError(f"{url} is larger than {largest} bytes")
                    return content, answer.headers.get("Link")
            except urllib.error.HTTPError as error:
                challenge = error.headers.get("WWW-Authenticate") or ""
                if error.code != 401 or attempt == 2 or not challenge.startswith("Bearer "):
                    raise Unavailable(f"{url}: {error}") from error
                self.token = self._asked_for(challenge)
            except (OSError, ValueError) as error:
                if isinstance(error, ValueError):
                    raise
                raise Unavailable(f"{url}: {error}") from error
        raise AssertionError("the second attempt returns or raises")

    def _asked_for(self, challenge: str) -> str:
        """A token for what is public."""
        wanted = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        realm = wanted.pop("realm", "")
        if urllib.parse.urlsplit(realm).scheme not in ("http", "https"):
            raise Unavailable(f"{self.base} asks for a token and does not say where it is")
        url = f"{realm}?{urllib.parse.urlencode(wanted)}"
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
                given = _object(answer.read(LARGEST_ANSWER), url)
        except OSError as error:
            raise Unavailable(f"{url}: {error}") from error
        return str(given.get("token") or given.get("access_token") or "")


def _object(content: bytes, url: str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except ValueError as error:
        raise Unavailable(f"{url}: no JSON: {error}") from error
    if not isinstance(value, dict):
        raise Unavailable(f"{url}: no object")
    return value
