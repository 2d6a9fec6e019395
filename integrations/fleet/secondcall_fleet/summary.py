"""The numbers of a fleet, and a page that shows them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute

from .store import Store

LISTED = 50
"""Most inputs that the page names."""


@dataclass(frozen=True)
class Summary:
    """The numbers of a fleet."""

    inputs: int
    """Inputs of the last run."""
    input_bytes: int
    """Their size, as far as it is known."""
    distinct: int
    """Different contents among them."""
    states: dict[str, int]
    """Inputs by state."""
    exports: int
    """Exports of the distinct contents of the folder."""
    verdicts: dict[str, int]
    """Those exports by verdict."""
    findings: dict[str, int]
    """Findings of the distinct contents of the folder, without good news, by severity."""
    rules: dict[str, int]
    """Those findings by rule."""
    not_examined: list[dict[str, str]]
    """The first inputs without a report: location, state and error."""
    seconds: float
    """Time of the last run."""

    def markdown(self) -> str:
        """A page."""
        lines = ["# secondcall: a fleet", ""]
        copies = self.inputs - self.distinct - self.states.get("unreachable", 0)
        lines += [
            f"{self.inputs} inputs ({self.input_bytes / 1e6:.1f} MB), {self.distinct} different contents,"
            f" {max(copies, 0)} copies; {self.seconds:.1f} s for the last run.",
            "",
        ]
        lines += _table(["state", "inputs"], self.states)
        lines += _table(["verdict", "exports"], self.verdicts)
        lines += _table(["severity", "findings"], self.findings)
        lines += _table(["rule", "findings"], self.rules)
        if self.not_examined:
            lines += ["## Without a report", ""]
            lines += [f"* `{it['location']}` ({it['state']}): {it['error']}" for it in self.not_examined]
            more = sum(self.states.values()) - self.states.get("examined", 0) - len(self.not_examined)
            lines += [f"* and {more} more in `inputs.parquet`"] if more else []
            lines.append("")
        return "\n".join(lines)


def summary(store: Store, inputs: Sequence[dict[str, Any]], seconds: float) -> Summary:
    """The numbers of a folder after a run over `inputs`."""
    verdicts = _counted(store, "exports", "verdict")
    findings: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for batch in store.batches("findings", ["kind", "severity", "rule"]):
        bad = batch.filter(pyarrow.compute.equal(batch["kind"], "fail"))
        findings.update(bad["severity"].to_pylist())
        rules.update(bad["rule"].to_pylist())
    without = [it for it in inputs if it["state"] != "examined"]
    return Summary(
        inputs=len(inputs),
        input_bytes=sum(it["size"] or 0 for it in inputs),
        distinct=len({it["sha256"] for it in inputs if it["sha256"]}),
        states=_sorted(Counter(it["state"] for it in inputs)),
        exports=sum(verdicts.values()),
        verdicts=_sorted(verdicts),
        findings=_sorted(findings),
        rules=_sorted(rules),
        not_examined=[{name: str(it[name]) for name in ("location", "state", "error")} for it in without[:LISTED]],
        seconds=round(seconds, 3),
    )


def _counted(store: Store, folder: str, column: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for batch in store.batches(folder, [column]):
        for entry in pyarrow.compute.value_counts(batch[column]).to_pylist():
            counts[entry["values"]] += entry["counts"]
    return counts


def _sorted(counts: Counter[str]) -> dict[str, int]:
    """The most frequent first."""
    return dict(sorted(counts.items(), key=lambda it: (-it[1], it[0])))


def _table(head: list[str], counts: dict[str, int]) -> list[str]:
    if not counts:
        return []
    rows = [f"| {name} | {count} |" for name, count in counts.items()]
    return [f"| {head[0]} | {head[1]} |", "|---|---:|", *rows, ""]
