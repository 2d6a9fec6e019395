"""Examines a fleet: finds which inputs have the same bytes, examines one of each, and writes the tables."""

import dataclasses
import json
import time
from collections.abc import Iterable

from . import schema, work
from .engine import Engine
from .input import Input
from .options import Options
from .program import Refused, Row, version
from .shards import divided
from .store import Store
from .summary import Summary, summary


def examine(inputs: Iterable[Input], folder: str, engine: Engine, options: Options | None = None) -> Summary:
    """Examines inputs, and writes the results below `folder`, a path or a URI that every worker can write to.

    What an earlier call has done with the same options counts, however it ended: call it again after an interruption, or
    with more inputs. Inputs that could not be read are tried again.

    Raises `Refused` if the program cannot be run or refuses its options, or if `folder` holds results of others.
    """
    started = time.monotonic()
    options = options or Options()
    store = Store(folder)
    store.begin({"program": version(options.program), "arguments": list(options.arguments)})
    store.clean()
    wanted = list({it.location: it for it in sorted(inputs, key=lambda it: it.location)}.values())
    known = _digested(wanted, folder, store, engine, options)
    read = [(it, known[it.location]) for it in wanted]
    unreachable = _examined(read, folder, store, engine, options)
    store.clean()
    states = _states(store, {digest for digest, _, _ in known.values() if digest})
    rows = _rows(read, states, unreachable)
    store.write_table("inputs.parquet", rows, schema.INPUTS)
    found = summary(store, rows, time.monotonic() - started)
    store.write("summary.json", json.dumps(dataclasses.asdict(found), indent=2).encode() + b"\n")
    store.write("summary.md", found.markdown().encode())
    return found


Known = tuple[str | None, int | None, str | None]
"""Of a location: the digest and the size of its bytes, and why they could not be read."""


def _digested(wanted: list[Input], folder: str, store: Store, engine: Engine, options: Options) -> dict[str, Known]:
    """What is known of each location, after the bytes of those were read whose source does not say their digest."""
    known: dict[str, Known] = {it.location: (it.sha256, it.size or None, None) for it in wanted if it.sha256}
    stamps = {it.location: it.stamp for it in wanted if not it.sha256}

    def take(with_errors: bool) -> None:
        for batch in store.batches("digests", ["location", "stamp", "size", "sha256", "error"]):
            for row in batch.to_pylist():
                if stamps.get(row["location"]) == row["stamp"] and (row["sha256"] or with_errors):
                    is_better = row["sha256"] or row["location"] not in known
                    if is_better:
                        known[row["location"]] = (row["sha256"], row["size"], row["error"])

    take(with_errors=False)
    unknown = [(it.size, (it.location, it.stamp)) for it in wanted if it.location not in known]
    if unknown:
        tasks = [json.dumps(shard) for shard in divided(unknown, options)]
        for _ in engine.map(tasks, work.Digest(folder, options)):
            pass
        take(with_errors=True)
    lost = [it.location for it in wanted if it.location not in known]
    if lost:
        raise Refused(f"the engine lost the results of {len(lost)} inputs, such as {lost[0]}")
    return known


def _examined(read: list[tuple[Input, Known]], folder: str, store: Store, engine: Engine, options: Options) -> dict[str, str]:
    """Examines the contents that have no result yet, each once. Returns why some could not be read, by digest."""
    done = set(_states(store, None))
    left: dict[str, tuple[int, tuple[str, str]]] = {}
    for it, (digest, size, _) in read:
        if digest and digest not in done:
            left.setdefault(digest, (size or 0, (digest, it.location)))
    tasks = [json.dumps(shard) for shard in divided(left.values(), options)]
    unreachable: dict[str, str] = {}
    for result in engine.map(tasks, work.Examine(folder, options)) if tasks else ():
        unreachable |= json.loads(result)["unreachable"]
    return unreachable


def _states(store: Store, wanted: set[str] | None) -> dict[str, Row]:
    """State and error of each content that has a result; only of those in `wanted`, if it is given."""
    states: dict[str, Row] = {}
    for batch in store.batches("components", ["sha256", "state", "error"]):
        states |= {row["sha256"]: row for row in batch.to_pylist() if wanted is None or row["sha256"] in wanted}
    return states


def _rows(read: list[tuple[Input, Known]], states: dict[str, Row], unreachable: dict[str, str]) -> list[Row]:
    """The table of inputs."""
    first: dict[str, str] = {}
    rows = []
    for it, (digest, size, error) in read:
        row: Row = {"location": it.location, "size": size, "sha256": digest}
        if digest and digest in states:
            row |= {"state": states[digest]["state"], "error": states[digest]["error"]}
        else:
            why = error or unreachable.get(digest or "") or "the engine gave no result for it"
            row |= {"state": "unreachable", "error": why}
        if digest:
            original = first.setdefault(digest, it.location)
            row["copy_of"] = None if original == it.location else original
        rows.append(row)
    return rows
