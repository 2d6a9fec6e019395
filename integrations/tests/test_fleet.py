"""The shared package, with the serial engine."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest
from conftest import Fleet, Tables, deadly, script, tables

from secondcall_fleet import Options, Serial, bucket, examine, schema, table
from secondcall_fleet.input import Input
from secondcall_fleet.program import Refused
from secondcall_fleet.shards import divided

STATIC = ("--static-only",)


def options(program: str, **others: object) -> Options:
    """Options that do not wait."""
    return Options(**{"program": program, "arguments": STATIC, "pause": 0.0, "shard_inputs": 20, **others})


def test_every_input_has_a_row(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """Each input is in the table, each content was examined once, and poison has its error."""
    whole = fleet(200)
    found = examine(bucket(str(whole.folder)), str(tmp_path), Serial(), options(program))
    rows = tables(tmp_path)
    assert found.inputs == len(rows["inputs"]) == whole.inputs == 200
    assert found.distinct == len(rows["components"]) == whole.distinct + whole.poison
    assert len({row["sha256"] for row in rows["components"]}) == found.distinct
    assert sum(row["copy_of"] is not None for row in rows["inputs"]) == whole.copies
    poison = [row for row in rows["inputs"] if row["state"] == "unread"]
    assert len(poison) == whole.poison
    assert all(row["error"] for row in poison)
    assert {"unexpected end-of-file"} < {row["error"] for row in poison}
    assert {row["verdict"] for row in rows["exports"]} == {"single_shot", "stateful", "stateless_proven", "unknown"}
    assert {row["rule"] for row in rows["findings"] if row["kind"] == "fail"} == set(found.rules)
    saved = json.loads((tmp_path / "summary.json").read_text())
    assert (saved["inputs"], saved["states"]) == (200, {"examined": 195, "unread": 5})
    assert f"{whole.copies} copies" in (tmp_path / "summary.md").read_text()


def test_rows_are_those_of_the_report(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """The tables say what the program's own report says."""
    whole = fleet(200)
    examine(bucket(str(whole.folder)), str(tmp_path), Serial(), options(program))
    command = [program, "check", "--static-only", "--no-config", "--format", "json", str(whole.folder)]
    report = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    digests = {it["id"]: it["sha256"] for it in report["artifacts"]}
    rows = tables(tmp_path)
    exports = sorted((it["sha256"], e["name"], e["verdict"]) for it in report["artifacts"] for e in it["exports"])
    assert sorted((row["sha256"], row["export"], row["verdict"]) for row in rows["exports"]) == exports
    findings = sorted((digests[it["artifact"]], it["id"], it["severity"]) for it in report["findings"])
    assert sorted((row["sha256"], row["id"], row["severity"]) for row in rows["findings"]) == findings
    assert findings


def test_columns_have_descriptions(expected: Callable[[int], Tables]) -> None:
    """Each column of each file says what it holds."""
    assert expected(200)["exports"]
    for columns in (schema.INPUTS, schema.COMPONENTS, schema.EXPORTS, schema.FINDINGS, schema.DIGESTS):
        assert all(column.metadata[b"description"] for column in columns)


def test_schema_is_documented() -> None:
    """The page describes each column in the same words."""
    page = (Path(__file__).parents[2] / "docs" / "fleet.md").read_text()
    for columns in (schema.INPUTS, schema.COMPONENTS, schema.EXPORTS, schema.FINDINGS):
        for column in columns:
            assert f"| `{column.name}` | {column.metadata[b'description'].decode()} |" in page, column.name


def test_a_second_run_examines_what_is_new(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """Results count whatever the next run is given; files of unfinished shards and inputs that are gone do not."""
    whole = fleet(200)
    inputs = list(bucket(str(whole.folder)))
    examine(inputs[:120], str(tmp_path), Serial(), options(program))
    components = {path: path.stat().st_mtime_ns for path in (tmp_path / "components").iterdir()}
    (tmp_path / "exports" / "unfinished.parquet").write_bytes(b"half of a file")
    (tmp_path / "findings" / "other.parquet.1234.part").write_bytes(b"half of a file")
    found = examine(inputs, str(tmp_path), Serial(), options(program))
    assert found.inputs == 200
    assert components.items() < {path: path.stat().st_mtime_ns for path in (tmp_path / "components").iterdir()}.items()
    once = tmp_path / "once"
    examine(inputs, str(once), Serial(), options(program))
    assert tables(tmp_path) == tables(once)
    broken = script(tmp_path, "broken", f'#!/bin/sh\n[ "$1" = check ] && exit 99\nexec {program} "$@"\n')
    assert examine(inputs, str(once), Serial(), options(broken)).states == found.states


def test_an_interrupted_run_goes_on(
    fleet: Callable[[int], Fleet], expected: Callable[[int], Tables], program: str, tmp_path: Path
) -> None:
    """A run that is killed in the middle loses at most what was under way."""
    counting = script(
        tmp_path, "counting", f'#!/bin/sh\n[ "$1" = check ] && echo "$@" >>{tmp_path}/calls\nexec {program} "$@"\n'
    )
    command = [sys.executable, "-m", "secondcall_fleet", "--bucket", str(fleet(200).folder), "--out", str(tmp_path / "out")]
    command += ["--program", counting, "--shard-inputs", "10", "--", *STATIC]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    while len(list((tmp_path / "out" / "components").glob("*.parquet"))) < 5:
        assert running.poll() is None, "it ended before it was interrupted"
        time.sleep(0.005)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    done = len(list((tmp_path / "out" / "components").glob("*.parquet")))
    assert done < 20
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    assert tables(tmp_path / "out") == expected(200)
    examined = [
        word for line in (tmp_path / "calls").read_text().splitlines() for word in line.split() if word.endswith(".wasm")
    ]
    assert len(examined) - len(set(examined)) <= 10, "only what was under way is examined again"


def test_a_worker_that_is_killed_costs_nothing(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """The wrapper that the tests of the engines use does kill its worker."""
    command = [sys.executable, "-m", "secondcall_fleet", "--bucket", str(fleet(200).folder), "--out", str(tmp_path / "out")]
    command += ["--program", deadly(tmp_path, program, 3), "--", *STATIC]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize("ending", ["exit 101", "kill -9 $$", "sleep 60", "echo nonsense"])
def test_what_ends_the_program_is_set_aside(
    fleet: Callable[[int], Fleet], expected: Callable[[int], Tables], program: str, tmp_path: Path, ending: str
) -> None:
    """An input that ends, hangs or confuses the program is set aside with its error, and no other one is."""
    rows = expected(200)
    guilty = next(row["sha256"] for row in rows["components"] if row["state"] == "examined")
    fragile = script(tmp_path, "fragile", f'#!/bin/sh\ncase "$*" in *{guilty}*) {ending};; esac\nexec {program} "$@"\n')
    patience = 2.0 if "sleep" in ending else 600.0
    found = examine(bucket(str(fleet(200).folder)), str(tmp_path), Serial(), options(fragile, attempts=2, patience=patience))
    after = tables(tmp_path)
    [aside] = [row for row in after["components"] if row["state"] == "set_aside"]
    assert aside["sha256"] == guilty
    assert aside["error"]
    assert found.states["set_aside"] == sum(row["sha256"] == guilty for row in rows["inputs"])
    for name in ("components", "exports", "findings"):
        rest = [row for row in rows[name] if row["sha256"] != guilty]
        assert [row for row in after[name] if row["sha256"] != guilty] == rest


def test_a_program_that_recovers_loses_nothing(
    fleet: Callable[[int], Fleet], expected: Callable[[int], Tables], program: str, tmp_path: Path
) -> None:
    """Halves and attempts find every result when the program ends for a reason of its own."""
    ends = f'if [ "$1" = check ] && [ "$(($$ % 3))" = 0 ]; then {program} "$@" | head -5; exit 101; fi'
    moody = script(tmp_path, "moody", f'#!/bin/sh\n{ends}\nexec {program} "$@"\n')
    examine(bucket(str(fleet(200).folder)), str(tmp_path), Serial(), options(moody, attempts=20))
    assert tables(tmp_path) == expected(200)


def test_wrong_options_end_the_run(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """No input is blamed for an option."""
    inputs = list(bucket(str(fleet(200).folder)))
    with pytest.raises(Refused, match="no-such-host"):
        examine(inputs, str(tmp_path / "one"), Serial(), options(program, arguments=("--host", "no-such-host")))
    assert not list((tmp_path / "one" / "components").iterdir())
    with pytest.raises(Refused, match="cannot run"):
        examine(inputs, str(tmp_path / "two"), Serial(), options(str(tmp_path / "missing")))
    examine(inputs[:3], str(tmp_path / "three"), Serial(), options(program))
    with pytest.raises(Refused, match="choose another folder"):
        examine(inputs, str(tmp_path / "three"), Serial(), options(program, arguments=(*STATIC, "--strict")))
    with pytest.raises(ValueError, match="--format"):
        Options(arguments=("--format=json",))


def test_inputs_that_cannot_be_read_are_tried_again(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """A missing file has a row with its error, and counts when it is there."""
    late, out = tmp_path / "late.wasm", tmp_path / "out"
    some = next(bucket(str(fleet(200).folder)))
    inputs = [some, Input(str(late))]
    assert examine(inputs, str(out), Serial(), options(program)).states == {"examined": 1, "unreachable": 1}
    [row] = [row for row in tables(out)["inputs"] if row["state"] == "unreachable"]
    assert (row["location"], row["sha256"]) == (str(late), None)
    assert "FileNotFoundError" in row["error"]
    late.write_bytes(Path(some.location).read_bytes())
    assert examine(inputs, str(out), Serial(), options(program)).states == {"examined": 2}
    assert len(tables(out)["components"]) == 1


def test_bytes_that_change_meanwhile(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """No result is stored under the digest of other bytes."""
    some = next(bucket(str(fleet(200).folder)))
    changed = Input(some.location, some.size, "", "0" * 64)
    found = examine([changed], str(tmp_path), Serial(), options(program))
    assert (found.states, found.exports) == ({"unreachable": 1}, 0)
    assert found.not_examined[0]["error"] == "its bytes changed during the run"


@pytest.mark.parametrize("kind", ["parquet", "csv", "json"])
def test_a_table_of_paths(fleet: Callable[[int], Fleet], program: str, tmp_path: Path, kind: str) -> None:
    """Tables name inputs; sizes may be missing."""
    paths = [it.location for it in bucket(str(fleet(200).folder))][:30]
    file = tmp_path / f"paths.{kind}"
    if kind == "parquet":
        pyarrow.parquet.write_table(pyarrow.table({"location": paths, "size": [None] * 30, "owner": ["me"] * 30}), file)
    elif kind == "csv":
        file.write_text("owner,location\n" + "".join(f"me,{path}\n" for path in paths))
    else:
        file.write_text("".join(json.dumps({"location": path}) + "\n" for path in paths))
    found = examine(table(str(file)), str(tmp_path / "out"), Serial(), options(program))
    assert found.inputs == 30
    assert "unreachable" not in found.states
    if kind == "csv":
        file.write_text("path\nx\n")
        with pytest.raises(ValueError, match="no column `location`"):
            list(table(str(file)))


def test_with_calls(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """With calls, rows say how many were made and what they showed."""
    inputs = list(bucket(str(fleet(200).folder)))[:12]
    examine(inputs, str(tmp_path), Serial(), options(program, arguments=()))
    rows = tables(tmp_path)
    called = [row for row in rows["exports"] if row["calls"]]
    assert called
    assert all(row["fresh_calls"] and row["fresh_succeeded"] is not None for row in called)
    assert any(row["evidence"] == "observed" for row in rows["findings"])
    assert all(row["answers"] for row in rows["components"] if row["state"] == "examined")


def test_a_bucket_by_its_uri(fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """Locations below a URI can be opened, whatever their names."""
    content = next(iter(sorted(fleet(200).folder.glob("*/*.wasm")))).read_bytes()
    folder = tmp_path / "some where"
    names = ["plain.wasm", "a b.wasm", "50%20#1?.wasm", "ü/ä.wasm"]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "other.txt").write_bytes(content)
    for uri in (str(folder), f"{folder.as_uri()}/"):
        found = list(bucket(uri))
        assert len(found) == len(names)
        out = tmp_path / f"out-{len(uri)}"
        assert examine(found, out.as_uri(), Serial(), options(program)).states == {"examined": len(names)}
        assert len(tables(out)["components"]) == 1


def test_shards_are_divided_by_size() -> None:
    """Shards are full, large items come first, and no limit is exceeded unless by one item."""
    sizes = [3, 100, 40, 40, 40, 7, 500, 1, 1, 1]
    shards = divided(((size, size) for size in sizes), Options(shard_bytes=100, shard_inputs=3))
    assert shards == [[500], [100], [40, 40], [40, 7, 3], [1, 1, 1]]
    assert divided((), Options()) == []
