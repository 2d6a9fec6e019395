"""The command line that the packages share."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence

from .engine import Engine
from .fleet import examine
from .input import Input
from .inputs import bucket, table
from .options import Options
from .program import Refused
from .registry import Unavailable, registry


def parser(name: str) -> argparse.ArgumentParser:
    """The options. What follows `--` goes to `secondcall check`."""
    defaults = Options()
    options = argparse.ArgumentParser(prog=name, description="Examines a fleet of WebAssembly components with secondcall.")
    source = options.add_argument_group("where the components are; may be combined")
    source.add_argument("--bucket", action="append", default=[], metavar="URI", help="a folder or bucket with .wasm files")
    source.add_argument("--table", action="append", default=[], metavar="URI", help="a table with a column `location`")
    source.add_argument("--registry", action="append", default=[], metavar="HOST", help="an OCI registry with a catalogue")
    source.add_argument("--plain-registry", action="append", default=[], metavar="HOST", help="the same, without TLS")
    options.add_argument("--out", required=True, metavar="URI", help="folder of the results; go on in it after an interruption")
    options.add_argument("--program", default=defaults.program, help="secondcall on every machine")
    options.add_argument(
        "--jobs", type=int, default=defaults.jobs, help="inputs that a worker examines at once; 0: one per core"
    )
    options.add_argument("--shard-bytes", type=int, default=defaults.shard_bytes)
    options.add_argument("--shard-inputs", type=int, default=defaults.shard_inputs)
    options.add_argument("--attempts", type=int, default=defaults.attempts)
    options.add_argument("arguments", nargs="*", metavar="-- OPTION", help="options of secondcall check, such as --static-only")
    return options


def main(name: str, engine: Callable[[Options], Engine], words: Sequence[str] | None = None) -> int:
    """Runs the command, prints the summary and returns the exit code: 0, or 2 if the run was refused."""
    given = parser(name).parse_args(words)
    try:
        options = Options(
            program=given.program,
            arguments=tuple(given.arguments),
            jobs=given.jobs,
            shard_bytes=given.shard_bytes,
            shard_inputs=given.shard_inputs,
            attempts=given.attempts,
        )
        found = examine(_inputs(given), given.out, engine(options), options)
    except (Refused, Unavailable, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(found.markdown())
    return 0


def _inputs(given: argparse.Namespace) -> Iterator[Input]:
    for uri in given.bucket:
        yield from bucket(uri)
    for uri in given.table:
        yield from table(uri)
    for host in given.registry:
        yield from registry(host)
    for host in given.plain_registry:
        yield from registry(host, plain=True)
