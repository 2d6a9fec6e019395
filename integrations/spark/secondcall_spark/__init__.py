"""secondcall over a whole fleet of components, with Apache Spark."""

from .engine import SparkEngine

__all__ = ["SparkEngine"]
