"""The tables of a fleet. Each column has its meaning as metadata `description`."""

import pyarrow as pa


def _column(name: str, kind: pa.DataType, description: str) -> pa.Field:
    return pa.field(name, kind, metadata={"description": description})


_TEXT, _COUNT, _LIST = pa.string(), pa.int64(), pa.list_(pa.string())

DIGESTS = pa.schema(
    [
        _column("location", _TEXT, "where the bytes are"),
        _column("stamp", _TEXT, "changes when they change"),
        _column("size", _COUNT, "bytes; null if they could not be read"),
        _column("sha256", _TEXT, "their digest; null if they could not be read"),
        _column("error", _TEXT, "why they could not be read"),
    ]
)
"""What is known of each location: the working table `digests/`."""

INPUTS = pa.schema(
    [
        _column("location", _TEXT, "where the bytes are"),
        _column("size", _COUNT, "bytes; null if unknown"),
        _column("sha256", _TEXT, "their digest; null if they could not be read"),
        _column("state", _TEXT, "examined, unread, set_aside or unreachable"),
        _column("error", _TEXT, "why it was not examined"),
        _column("copy_of", _TEXT, "the location with the same bytes that was read; null if this is it"),
    ]
)
"""One row for each input: `inputs.parquet`."""

COMPONENTS = pa.schema(
    [
        _column("sha256", _TEXT, "the digest of the input's bytes"),
        _column("size", _COUNT, "bytes"),
        _column("state", _TEXT, "examined; unread: the report says why; set_aside: no report could be had"),
        _column("stage", _TEXT, "of an unread input: where it failed, as `errors[].stage` of the report"),
        _column("error", _TEXT, "why it was not examined"),
        _column("kind", _TEXT, "as `artifacts[].kind` of the report"),
        _column("core_modules", _COUNT, "number of core modules"),
        _column("functions", _COUNT, "number of core functions with a body"),
        _column("toolchains", _LIST, "the toolchains seen"),
        _column("adapters", _LIST, "flavors of embedded preview1 adapters"),
        _column("stubbed_imports", _LIST, "imports that were stubbed for calls"),
        _column(
            "answers",
            pa.list_(pa.struct([("host", _TEXT), ("outlook", _TEXT), ("text", _TEXT)])),
            "how it fares under each host, as `artifacts[].answers` of the report",
        ),
    ]
)
"""One row for each distinct content: `components/`."""

EXPORTS = pa.schema(
    [
        _column("sha256", _TEXT, "the component"),
        _column("export", _TEXT, "its full name"),
        _column("type", _TEXT, "its type in WIT's words"),
        _column("verdict", _TEXT, "as `exports[].verdict` of the report"),
        _column("verdict_calls", _COUNT, "the call that failed, or how many were compared"),
        _column("evidence", _TEXT, "how certain the verdict is; null if it is unknown"),
        _column("calls", _COUNT, "calls on one instance that are reported"),
        _column("fresh_calls", _COUNT, "calls on fresh instances; null if there were none"),
        _column("fresh_succeeded", _COUNT, "how many of them succeeded"),
        _column("skipped", _TEXT, "why it was not examined to the end, in a word"),
        _column("detail", _TEXT, "the same in a sentence; or why there is no verdict"),
    ]
)
"""One row for each export of each distinct content: `exports/`."""

FINDINGS = pa.schema(
    [
        _column("sha256", _TEXT, "the component"),
        _column("id", _TEXT, "the finding, the same after a rebuild"),
        _column("rule", _TEXT, "its rule"),
        _column("hazard", _TEXT, "the kind of harm"),
        _column("kind", _TEXT, "fail, or pass for good news"),
        _column("severity", _TEXT, "note, warning or error, under the chosen hosts"),
        _column("evidence", _TEXT, "how certain it is"),
        _column("export", _TEXT, "the export; null for the whole component"),
        _column("message", _TEXT, "what happens"),
        _column("help", _TEXT, "the next step for the author"),
        _column("reason", _TEXT, "why it has its severity"),
        _column("calls", _COUNT, "of an observed one: the call that shows it"),
        _column("words", _TEXT, "the guest's own message"),
        _column("cause", _TEXT, "the state that makes the call differ, in a sentence"),
        _column("place", _TEXT, "the first place in the code"),
        _column("offset", _COUNT, "its offset in the component's bytes"),
        _column("fails", _LIST, "hosts under which it fails"),
        _column("harmless", _LIST, "hosts that call this export and under which it is harmless"),
    ]
)
"""One row for each finding of each distinct content: `findings/`."""
