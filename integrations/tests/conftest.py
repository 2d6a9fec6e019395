"""What the tests share: the program, and a fleet of generated components."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from secondcall_fleet import Options, Serial, bucket, examine

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benches"))

import components  # noqa: E402

Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Fleet:
    """Components in a folder."""

    folder: Path
    distinct: int
    copies: int
    poison: int

    @property
    def inputs(self) -> int:
        """All of them."""
        return self.distinct + self.copies + self.poison


@pytest.fixture(scope="session")
def program() -> str:
    """The program to run, which the caller of the tests built."""
    return os.environ["SECONDCALL_PROGRAM"]


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Fleet]:
    """Generates a fleet of so many components, or returns the one that was generated."""
    known: dict[int, Fleet] = {}

    def generated(count: int) -> Fleet:
        if count not in known:
            folder = tmp_path_factory.mktemp("fleet")
            distinct, copies, poison = components.write(count, folder)
            known[count] = Fleet(folder, len(distinct), len(copies), len(poison))
        return known[count]

    return generated


@pytest.fixture(scope="session")
def expected(fleet: Callable[[int], Fleet], program: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Tables]:
    """The tables of a fleet, examined by one process on this machine in one go."""
    known: dict[int, Tables] = {}

    def examined(count: int) -> Tables:
        if count not in known:
            out = tmp_path_factory.mktemp("expected")
            options = Options(program=program, arguments=("--static-only",), shard_inputs=500)
            examine(bucket(str(fleet(count).folder)), str(out), Serial(), options)
            known[count] = tables(out)
        return known[count]

    return examined


def tables(out: Path) -> Tables:
    """The rows of all tables, sorted."""
    found = {"inputs": pyarrow.parquet.read_table(out / "inputs.parquet").to_pylist()}
    for name in ("components", "exports", "findings"):
        paths = sorted((out / name).glob("*.parquet"))
        found[name] = [row for path in paths for row in pyarrow.parquet.read_table(path).to_pylist()]
    return {name: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) for name, rows in found.items()}


def script(folder: Path, name: str, text: str) -> str:
    """A program for this test."""
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def deadly(folder: Path, program: str, after: int) -> str:
    """The program, except that its call number `after` kills the worker that makes it, once."""
    return script(
        folder,
        "deadly",
        f"""#!/bin/sh
mkdir -p {folder}/calls
if [ "$1" = check ]; then
    : >{folder}/calls/$$
    if [ "$(ls {folder}/calls | wc -l)" -ge {after} ] && mkdir {folder}/killed 2>/dev/null; then
        kill -9 $PPID
        sleep 1
    fi
fi
exec {program} "$@"
""",
    )
