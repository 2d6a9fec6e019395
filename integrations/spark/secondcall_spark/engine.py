"""Maps work over tasks with Apache Spark."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas
from pyspark.sql import SparkSession

from secondcall_fleet.engine import Work

PARTITIONS = 50_000
"""Most partitions of a job; beyond, a partition holds several tasks."""


@dataclass(frozen=True)
class SparkEngine:
    """A Spark session, with a partition for each task."""

    session: SparkSession

    def map(self, tasks: Sequence[str], work: Work) -> Iterator[str]:
        """Returns the results when all are done. Spark does the tasks of a worker or a machine that is lost again, as often
        as `spark.task.maxFailures` allows; in local mode that is once, unless the master is `local[2,4]`.
        """

        def batches(frames: Iterable[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
            for frame in frames:
                for task in frame["task"]:
                    yield pandas.DataFrame({"result": [work(task)]})

        rows = self.session.createDataFrame([(task,) for task in tasks], "task string")
        parts = rows.repartition(min(len(tasks), PARTITIONS))
        for row in parts.mapInPandas(batches, "result string").collect():
            yield str(row["result"])
