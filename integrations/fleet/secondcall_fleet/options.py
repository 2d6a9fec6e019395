"""How a fleet is examined."""

from dataclasses import dataclass

OURS = ("--format", "-f", "--output", "-o", "--jobs", "-j", "--since", "--watch", "-w", "--baseline")
"""Options of `secondcall check` that this package chooses, or that have no meaning for bytes without a project."""


@dataclass(frozen=True)
class Options:
    """How a fleet is examined. Workers get a copy."""

    program: str = "secondcall"
    """The program on every machine: a path, or a name to search for."""

    arguments: tuple[str, ...] = ()
    """Further options of `secondcall check`, such as `--static-only` or `--host spin-p2`."""

    shard_bytes: int = 64 << 20
    """Most bytes of a shard, unless a single input has more."""

    shard_inputs: int = 64
    """Most inputs of a shard."""

    jobs: int = 1
    """Inputs that a worker examines at once; 0 for one per core."""

    attempts: int = 3
    """How often an input is read, or examined alone, before it is set aside."""

    pause: float = 1.0
    """Seconds before the second attempt to read; doubled before each further one."""

    patience: float = 1800.0
    """Seconds without a result after which the program is ended. It has limits of its own for each input."""

    def __post_init__(self) -> None:
        """Refuses options that this package chooses.

        Raises `ValueError`.
        """
        for argument in self.arguments:
            if argument.split("=")[0] in OURS:
                raise ValueError(f"{argument} is chosen by this package, or has no meaning here")
        if min(self.shard_bytes, self.shard_inputs, self.attempts, self.jobs + 1) < 1:
            raise ValueError("limits and attempts are at least 1, jobs at least 0")
