"""What workers do: read inputs for their digests, and examine contents. A task that is done again gives the same files."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import registry, schema, storage
from .options import Options
from .program import Ended, Row, Rows, check
from .store import Store, name_of

UNREADABLE = (OSError, registry.Unavailable, ValueError)


@dataclass(frozen=True)
class Digest:
    """Reads inputs for their digests. A task lists locations with their stamps."""

    folder: str
    options: Options

    def __call__(self, task: str) -> str:
        """Writes a file of `digests/`."""
        wanted: list[tuple[str, str]] = json.loads(task)
        rows: list[Row] = []
        for location, stamp in wanted:
            row: Row = {"location": location, "stamp": stamp}
            try:
                content = _read(location, self.options)
                row |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            except UNREADABLE as error:
                row |= {"error": _sentence(error)}
            rows.append(row)
        name = name_of(f"{location} {stamp}" for location, stamp in wanted)
        Store(self.folder).write_table(f"digests/{name}.parquet", rows, schema.DIGESTS)
        return json.dumps({"inputs": len(rows)})


@dataclass(frozen=True)
class Examine:
    """Examines contents. A task lists digests, each with a location."""

    folder: str
    options: Options

    def __call__(self, task: str) -> str:
        """Writes a file of each table. Returns why contents could not be read, by digest."""
        wanted: list[tuple[str, str]] = json.loads(task)
        contents: dict[str, bytes] = {}
        unreachable: dict[str, str] = {}
        for digest, location in wanted:
            try:
                content = _read(location, self.options)
                if hashlib.sha256(content).hexdigest() == digest:
                    contents[digest] = content
                else:
                    unreachable[digest] = "its bytes changed during the run"
            except UNREADABLE as error:
                unreachable[digest] = _sentence(error)
        if contents:
            rows = examined(contents, self.options)
            rows.components.sort(key=lambda row: list(contents).index(row["sha256"]))
            Store(self.folder).write_shard(name_of(contents), rows)
        return json.dumps({"inputs": len(wanted), "unreachable": unreachable})


def examined(contents: Mapping[str, bytes], options: Options) -> Rows:
    """What is found in contents, by digest. Where the program ends, the inputs without a result are tried in halves, so
    that one that ends it again is set aside alone.

    Raises `program.Refused`.
    """
    rows = Rows()
    alone: dict[str, int] = {}
    groups: list[Sequence[str]] = [list(contents)]
    while groups:
        group = groups.pop()
        try:
            check({digest: contents[digest] for digest in group}, options, rows)
        except Ended as error:
            done = {row["sha256"] for row in rows.components}
            left = [digest for digest in group if digest not in done]
            if len(left) > 1:
                groups += [left[len(left) // 2 :], left[: len(left) // 2]]
            elif left:
                [digest] = left
                # With others it may have failed because of them.
                alone[digest] = alone.get(digest, 0) + (len(group) == 1)
                if alone[digest] < options.attempts:
                    groups.append(left)
                else:
                    aside = {"state": "set_aside", "error": str(error)}
                    rows.components.append({"sha256": digest, "size": len(contents[digest]), **aside})
    return rows


def _read(location: str, options: Options) -> bytes:
    return storage.attempted(options.attempts, options.pause, lambda: storage.read(location))


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
