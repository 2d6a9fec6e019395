"""Files, wherever they are, read and written whole."""

import os
import time
import urllib.parse
import uuid
from collections.abc import Callable
from typing import TypeVar

from pyarrow import fs

from . import registry

T = TypeVar("T")

IN_PLACE = ("s3", "gcs", "abfs")
"""File systems where a file appears when it is complete, and cannot be renamed at no cost."""

LARGEST = 1 << 30
"""Most bytes of an input, as in `secondcall`."""


def filesystem(uri: str) -> tuple[fs.FileSystem, str]:
    """The file system of a URI or a path, and the path in it."""
    if "://" in uri:
        files, path = fs.FileSystem.from_uri(uri)
        return files, path
    return fs.LocalFileSystem(), os.path.abspath(uri)


def read(location: str) -> bytes:
    """The bytes of an input.

    Raises `OSError`, `registry.Unavailable` and `ValueError` if there are none, or more than `LARGEST`.
    """
    if urllib.parse.urlsplit(location).scheme in registry.SCHEMES:
        return registry.blob(location, LARGEST)
    files, path = filesystem(location)
    with files.open_input_stream(path) as stream:
        content: bytes = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError("it is larger than 1 GiB")
    return content


def write(files: fs.FileSystem, path: str, content: bytes) -> None:
    """Writes a file whole or not at all.

    Raises `OSError`.
    """
    in_place = files.type_name in IN_PLACE
    target = path if in_place else f"{path}.{uuid.uuid4().hex}.part"
    with files.open_output_stream(target) as stream:
        stream.write(content)
    if not in_place:
        files.move(target, path)


def attempted(attempts: int, pause: float, work: Callable[[], T]) -> T:
    """The result of work that may fail now and succeed later. Raises its last error."""
    for attempt in range(attempts - 1):
        try:
            return work()
        except (OSError, registry.Unavailable):
            time.sleep(pause * 2**attempt)
    return work()
