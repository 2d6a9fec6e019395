"""`spark-submit`, or `python -m secondcall_spark`: where Spark's configuration says."""

import sys

from pyspark.sql import SparkSession

from secondcall_fleet.command import main

from .engine import SparkEngine

sys.exit(main("secondcall_spark", lambda _: SparkEngine(SparkSession.builder.appName("secondcall").getOrCreate())))
