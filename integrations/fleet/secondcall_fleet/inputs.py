"""Inputs of a fleet: those below a folder or a bucket, and those of a table."""

import urllib.parse
from collections.abc import Iterator, Sequence

import pyarrow.dataset
from pyarrow import fs

from .input import Input
from .storage import filesystem

SUFFIXES = (".wasm",)
"""Ends of the names of components."""


def bucket(uri: str, suffixes: Sequence[str] = SUFFIXES) -> Iterator[Input]:
    """The files below a folder or a bucket (`s3://…`, `gs://…`, `abfs://…`, `hdfs://…`), by the ends of their names.

    Raises `OSError` if it cannot be listed.
    """
    files, base = filesystem(uri)
    base = base.rstrip("/")
    # Each location is opened like the folder: with its host and its options.
    head, _, query = uri.partition("?") if "://" in uri else ("", "", "")
    for found in files.get_file_info(fs.FileSelector(base, recursive=True)):
        if found.type == fs.FileType.File and found.path.endswith(tuple(suffixes)):
            below = urllib.parse.quote(found.path.removeprefix(base))
            location = head.rstrip("/") + below + ("?" + query if query else "") if head else found.path
            yield Input(location, found.size, str(found.mtime_ns))


def table(uri: str) -> Iterator[Input]:
    """The rows of a table (`.parquet`, `.csv`, `.json` with an object a line, or a folder of Parquet files).

    It has a column `location`, and may have `size`, `stamp` and `sha256`, as in `Input`.

    Raises `OSError` if it cannot be read, `ValueError` if it has no such column.
    """
    files, path = filesystem(uri)
    kind = next((kind for kind in ("csv", "json") if path.endswith(f".{kind}")), "parquet")
    rows = pyarrow.dataset.dataset(path, filesystem=files, format=kind)
    if "location" not in rows.schema.names:
        raise ValueError(f"{uri} has no column `location`; it has {', '.join(rows.schema.names)}")
    columns = [name for name in ("location", "size", "stamp", "sha256") if name in rows.schema.names]
    for batch in rows.to_batches(columns=columns):
        for row in batch.to_pylist():
            digest = row.get("sha256") or None
            yield Input(str(row["location"]), int(row.get("size") or 0), str(row.get("stamp") or ""), digest)
