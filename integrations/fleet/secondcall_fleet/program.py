"""Runs `secondcall check` over files, and turns its lines into rows."""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .options import Options

Row = dict[str, Any]

REPORTED = (0, 1, 4, 5)
"""Exit codes of a run whose report is complete: clean, findings, an input that cannot be read, something not examined."""

FORMAT, VERSION = "secondcall-report", 1


class Refused(Exception):
    """The program cannot be run, or refuses its options: no input is to blame, and no attempt will help."""


class Ended(Exception):
    """The program ended without a complete report."""


@dataclass
class Rows:
    """What was found, as rows of the tables."""

    components: list[Row] = field(default_factory=list)
    exports: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)

    def add(self, other: "Rows") -> None:
        """Takes over the rows of another."""
        self.components += other.components
        self.exports += other.exports
        self.findings += other.findings


def version(program: str) -> str:
    """What the program says of itself, such as `secondcall 0.1.0`.

    Raises `Refused` if it cannot be run.
    """
    try:
        return subprocess.run([program, "--version"], check=True, capture_output=True, text=True, timeout=60).stdout.strip()
    except (OSError, subprocess.SubprocessError) as error:
        raise Refused(f"cannot run {program}: {error}") from error


def check(contents: Mapping[str, bytes], options: Options, rows: Rows) -> None:
    """Examines contents by their digests, and adds what is found to `rows`.

    If the program ends early, `rows` has what was complete before. Raises `Ended` then, and `Refused`.
    """
    with tempfile.TemporaryDirectory(prefix="secondcall-") as folder:
        for digest, content in contents.items():
            (Path(folder) / f"{digest}.wasm").write_bytes(content)
        sizes = {digest: len(content) for digest, content in contents.items()}
        reader = _Reader(sizes)
        # Without a folder of its own, a worker's calls would write to the user's.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SECONDCALL_")}
        try:
            with _lines(_command(options, list(contents)), folder, environment, options.patience) as lines:
                for line in lines:
                    reader.take(line)
        finally:
            rows.add(reader.complete())
    missing = contents.keys() - {row["sha256"] for row in rows.components}
    if missing:
        raise Ended(f"the report lacks {len(missing)} of {len(contents)} inputs")


def _command(options: Options, digests: Sequence[str]) -> list[str]:
    command = [options.program, "check", "--format", "ndjson", "--no-progress", "--no-cache", "--jobs", str(options.jobs)]
    if not any(it.split("=")[0] in ("--config", "-c") for it in options.arguments):
        command.append("--no-config")
    return [*command, *options.arguments, "--", *(f"{digest}.wasm" for digest in digests)]


@contextmanager
def _lines(command: list[str], folder: str, environment: dict[str, str], patience: float) -> Iterator[Iterator[str]]:
    """The lines that a command prints. Raises what `check` raises once they are read."""
    with tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                start_new_session=True,
            )
        except OSError as error:
            raise Refused(f"cannot run {command[0]}: {error}") from error
        try:
            yield _within(process, patience)
            code = process.wait(timeout=patience)
        except subprocess.TimeoutExpired as error:
            raise Ended(f"it printed its report and went on for {patience:g} s") from error
        finally:
            _kill(process)
            if process.stdout:
                process.stdout.close()
        if code not in REPORTED:
            errors.seek(0)
            said = errors.read(65536).decode(errors="replace").strip()
            if code in (2, 3):
                raise Refused(said or f"exit code {code}")
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            raise Ended(f"the program ended with {how}" + (f": {said[-2000:]}" if said else ""))


def _kill(process: "subprocess.Popen[str]") -> None:
    """Ends a process and those that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _within(process: "subprocess.Popen[str]", patience: float) -> Iterator[str]:
    """The lines of a process. Raises `Ended` if it prints none for so many seconds."""
    lines: queue.Queue[str | None] = queue.Queue(maxsize=1024)
    stream = process.stdout

    def read() -> None:
        try:
            for line in stream or ():
                lines.put(line)
        except ValueError:
            pass  # It was closed.
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = lines.get(timeout=patience)
        except queue.Empty:
            raise Ended(f"it printed nothing for {patience:g} s") from None
        if line is None:
            return
        yield line


class _Reader:
    """Collects lines until what belongs to an input is complete."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self.all = Rows()
        # The input whose lines are being read: its number in the report, and its rows.
        self.number: int | None = None
        self.current = Rows()
        self.is_whole = False

    def complete(self) -> Rows:
        """The rows of inputs whose last line was read."""
        if self.is_whole:
            self._next(None)
        return self.all

    def take(self, text: str) -> None:
        """Takes a line. Raises `Ended` if it is none of a report that this package knows."""
        try:
            line = json.loads(text)
            kind = line["type"]
        except (ValueError, KeyError, TypeError) as error:
            raise Ended(f"a line is no part of a report: {text[:200]!r}") from error
        if kind == "run" and (line["format"], line["version"]) != (FORMAT, VERSION):
            raise Refused(f"the report has format {line['format']} {line['version']}, not {FORMAT} {VERSION}")
        if kind == "artifact":
            self._next(line["id"])
            digest = Path(line["path"]).stem
            self.current.components.append(_component(digest, self.sizes[digest], line))
            self.current.exports.extend(_export(digest, it) for it in line["exports"])
        elif kind == "error":
            self._next(None)
            digest = Path(line["path"]).stem
            unread = {"state": "unread", "stage": line["stage"], "error": line["message"]}
            self.current.components.append({"sha256": digest, "size": self.sizes[digest], **unread})
        elif kind == "finding" and line["artifact"] == self.number:
            self.current.findings.append(_finding(self.current.components[0]["sha256"], line))
        elif kind == "skipped" and self.number is not None and line.get("artifact") == self.number:
            for row in self.current.exports:
                if row["export"] == line.get("export"):
                    row.update(skipped=line["reason"], detail=line["detail"])
        elif kind == "summary":
            self.is_whole = True

    def _next(self, number: int | None) -> None:
        self.all.add(self.current)
        self.current, self.number = Rows(), number


def _component(digest: str, size: int, line: Row) -> Row:
    answers = [{name: it[name] for name in ("host", "outlook", "text")} for it in line.get("answers", [])]
    return {
        "sha256": digest,
        "size": size,
        "state": "examined",
        "kind": line["kind"],
        "core_modules": line["core_modules"],
        "functions": line["functions"],
        "toolchains": line["toolchains"],
        "adapters": [it["flavor"] for it in line["adapters"]],
        "stubbed_imports": line.get("made_up_imports", []),
        "answers": answers,
    }


def _export(digest: str, line: Row) -> Row:
    fresh = line.get("fresh") or {}
    return {
        "sha256": digest,
        "export": line["name"],
        "type": line.get("type"),
        "verdict": line["verdict"],
        "verdict_calls": line.get("verdict_calls"),
        "evidence": line.get("evidence"),
        "calls": len(line.get("calls", [])),
        "fresh_calls": fresh.get("calls"),
        "fresh_succeeded": fresh.get("succeeded"),
        "detail": line.get("obstacle"),
    }


def _finding(digest: str, line: Row) -> Row:
    place = line["locations"][0] if line["locations"] else {}
    same = ("id", "rule", "hazard", "kind", "severity", "evidence", "export", "message", "help", "reason", "calls", "words")
    return {
        "sha256": digest,
        **{name: line.get(name) for name in same},
        "cause": (line.get("cause") or {}).get("sentence"),
        "place": place.get("path"),
        "offset": place.get("offset"),
        "fails": line["hosts"]["fails"],
        "harmless": line["hosts"]["harmless"],
    }
