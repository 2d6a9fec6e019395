"""Ray Data in local mode: 2,000 components, a worker killed on the way."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import Fleet, Tables, deadly, tables

from secondcall_fleet import Options, bucket, examine

ray = pytest.importorskip("ray")

from secondcall_ray import RayEngine  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """A cluster of this machine."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=200_000_000)
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


@pytest.mark.parametrize("kills", [False, True])
def test_ray(
    fleet: Callable[[int], Fleet], expected: Callable[[int], Tables], program: str, tmp_path: Path, kills: bool
) -> None:
    """The tables are those of one process, whether a worker is killed or not."""
    used = deadly(tmp_path, program, 8) if kills else program
    options = Options(program=used, arguments=("--static-only",), shard_inputs=100)
    started = time.monotonic()
    found = examine(bucket(str(fleet(2000).folder)), str(tmp_path / "out"), RayEngine(), options)
    print(f"ray, {'a worker killed' if kills else 'undisturbed'}: {time.monotonic() - started:.1f} s")
    assert (tmp_path / "killed").exists() == kills
    assert found.states == {"examined": 1995, "unread": 5}
    assert tables(tmp_path / "out") == expected(2000)
