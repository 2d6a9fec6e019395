"""secondcall over a whole fleet of components, whatever engine distributes the work."""

from .engine import Engine, Serial
from .fleet import examine
from .input import Input
from .inputs import bucket, table
from .options import Options
from .registry import registry
from .summary import Summary

__all__ = ["Engine", "Input", "Options", "Serial", "Summary", "bucket", "examine", "registry", "table"]
