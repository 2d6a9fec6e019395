"""Maps work over tasks with Ray Data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import ray.data

from secondcall_fleet.engine import Work

BLOCKS = 10_000
"""Most blocks of a dataset; beyond, a block holds several tasks."""


@dataclass(frozen=True)
class RayEngine:
    """Ray Data, in the cluster to which this process is connected, or else on this machine."""

    cores: float = 1.0
    """Cores that a task takes, as Ray counts them; `Options.jobs` is how many it uses."""

    def map(self, tasks: Sequence[str], work: Work) -> Iterator[str]:
        """Returns the results as they are done. Ray does the tasks of a worker or a machine that is lost again."""
        rows = [{"task": task} for task in tasks]
        data = ray.data.from_items(rows, override_num_blocks=min(len(rows), BLOCKS))
        # A batch of one task, so that a result is there as soon as it is done.
        done = data.map_batches(_Batch(work), batch_size=1, batch_format="pyarrow", num_cpus=self.cores)
        for row in done.iter_rows():
            yield str(row["result"])


@dataclass(frozen=True)
class _Batch:
    """The work of a batch."""

    work: Work
    # Ray asks a function for its name.
    __name__ = "secondcall"

    def __call__(self, batch: pa.Table) -> dict[str, Any]:
        return {"result": [self.work(task) for task in batch["task"].to_pylist()]}
