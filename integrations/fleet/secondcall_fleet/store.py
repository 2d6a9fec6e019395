"""The folder of a fleet's results. Workers add files, each whole; the driver reads them and removes what is unfinished."""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
from pyarrow import fs

from . import schema, storage
from .program import Refused, Rows

LAYOUT = 1
"""The version of the folder's layout and of the tables. Within it, columns are only added."""

TABLES = {"components": schema.COMPONENTS, "exports": schema.EXPORTS, "findings": schema.FINDINGS}
FOLDERS = ("digests", *TABLES)


class Store:
    """A folder of results, on any file system that `pyarrow.fs` knows."""

    def __init__(self, uri: str) -> None:
        self.files, self.base = storage.filesystem(uri)

    def begin(self, run: Mapping[str, Any]) -> None:
        """Creates the folder, or goes on in it.

        Raises `Refused` if it holds the results of another program or other options.
        """
        for name in FOLDERS:
            self.files.create_dir(f"{self.base}/{name}")
        known = self.read("run.json")
        wanted = {"layout": LAYOUT, **run}
        if known is None:
            self.write("run.json", json.dumps(wanted, indent=2).encode() + b"\n")
        elif json.loads(known) != json.loads(json.dumps(wanted)):
            raise Refused(
                f"{self.base} holds results of {known.decode().strip()}; choose another folder for {json.dumps(wanted)}"
            )

    def read(self, name: str) -> bytes | None:
        """A file of the folder; `None` if there is none."""
        path = f"{self.base}/{name}"
        if self.files.get_file_info(path).type != fs.FileType.File:
            return None
        with self.files.open_input_stream(path) as stream:
            content: bytes = stream.read()
        return content

    def write(self, name: str, content: bytes) -> None:
        """Writes a file of the folder."""
        storage.write(self.files, f"{self.base}/{name}", content)

    def write_table(self, name: str, rows: Sequence[Mapping[str, Any]], columns: pa.Schema) -> None:
        """Writes rows as Parquet."""
        whole = pa.Table.from_pylist([dict(row) for row in rows], schema=columns)
        self.write_arrow(name, whole)

    def write_arrow(self, name: str, rows: pa.Table) -> None:
        """Writes a table as Parquet."""
        out = io.BytesIO()
        pyarrow.parquet.write_table(rows, out, compression="zstd")
        self.write(name, out.getvalue())

    def write_shard(self, name: str, rows: Rows) -> None:
        """Writes what was found in a shard. It counts as soon as its last file is there."""
        self.write_table(f"exports/{name}.parquet", rows.exports, schema.EXPORTS)
        self.write_table(f"findings/{name}.parquet", rows.findings, schema.FINDINGS)
        self.write_table(f"components/{name}.parquet", rows.components, schema.COMPONENTS)

    def clean(self) -> None:
        """Removes files of shards that were not finished. Nobody may be writing."""
        finished = set(self._names("components"))
        for folder in ("exports", "findings"):
            for name in self._names(folder):
                if name not in finished:
                    self.files.delete_file(f"{self.base}/{folder}/{name}")
        for folder in FOLDERS:
            for name in self._names(folder, ".part"):
                self.files.delete_file(f"{self.base}/{folder}/{name}")

    def batches(self, folder: str, columns: Sequence[str]) -> Iterable[pa.RecordBatch]:
        """The rows of a table, in batches, in the order of its files' names."""
        paths = [f"{self.base}/{folder}/{name}" for name in self._names(folder)]
        rows = pyarrow.dataset.dataset(paths, schema=(TABLES | {"digests": schema.DIGESTS})[folder], filesystem=self.files)
        return rows.to_batches(columns=list(columns)) if paths else ()

    def _names(self, folder: str, suffix: str = ".parquet") -> list[str]:
        found = self.files.get_file_info(fs.FileSelector(f"{self.base}/{folder}"))
        return sorted(it.base_name for it in found if it.base_name.endswith(suffix))


def name_of(parts: Iterable[str]) -> str:
    """A name for a shard: the same for the same parts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
