"""Apache Spark in local mode: 2,000 components, a worker killed on the way."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Fleet, Tables, deadly, tables

from secondcall_fleet import Options, bucket, examine

sql = pytest.importorskip("pyspark.sql")
errors = pytest.importorskip("pyspark.errors")

from secondcall_spark import SparkEngine  # noqa: E402


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator["sql.SparkSession"]:
    """A session on this machine, with four attempts for each task as a cluster has them."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local[2,4]").appName("tests")
    builder = builder.config("spark.ui.enabled", "false").config("spark.local.dir", str(tmp_path_factory.mktemp("spark")))
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    session = builder.config("spark.log.level", "ERROR").getOrCreate()
    yield session
    session.stop()


@pytest.mark.parametrize("kills", [False, True])
def test_spark(
    session: "sql.SparkSession",
    fleet: Callable[[int], Fleet],
    expected: Callable[[int], Tables],
    program: str,
    tmp_path: Path,
    kills: bool,
) -> None:
    """The tables are those of one process, whether a worker is killed or not."""
    used = deadly(tmp_path, program, 8) if kills else program
    options = Options(program=used, arguments=("--static-only",), shard_inputs=100)
    started = time.monotonic()
    found = examine(bucket(str(fleet(2000).folder)), str(tmp_path / "out"), SparkEngine(session), options)
    print(f"spark, {'a worker killed' if kills else 'undisturbed'}: {time.monotonic() - started:.1f} s")
    assert (tmp_path / "killed").exists() == kills
    assert found.states == {"examined": 1995, "unread": 5}
    assert tables(tmp_path / "out") == expected(2000)


def test_wrong_options(session: "sql.SparkSession", fleet: Callable[[int], Fleet], program: str, tmp_path: Path) -> None:
    """What the program says is in the error."""
    options = Options(program=program, arguments=("--host", "no-such-host"))
    with pytest.raises(errors.PythonException, match="no-such-host"):
        examine(bucket(str(fleet(200).folder)), str(tmp_path), SparkEngine(session), options)
