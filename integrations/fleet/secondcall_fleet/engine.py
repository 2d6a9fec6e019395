"""What an engine does: it maps a function over tasks, somewhere."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

Work = Callable[[str], str]
"""Does a task and returns its result. Both are JSON. It may be done again after a failure, and by two workers at once."""


class Engine(Protocol):
    """Maps work over tasks."""

    def map(self, tasks: Sequence[str], work: Work) -> Iterator[str]:
        """Returns the result of each task, in any order. Does a task again if its worker ends."""
        ...


class Serial:
    """Does one task after another, here: for a fleet that one machine examines, and for tests."""

    def map(self, tasks: Sequence[str], work: Work) -> Iterator[str]:
        """Returns the results in order."""
        return map(work, tasks)
