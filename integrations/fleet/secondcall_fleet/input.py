"""An input of a fleet."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Input:
    """An input, before it is read."""

    location: str
    """Where its bytes are: a path, a URI that `pyarrow.fs` knows, or `oci://registry/repository@sha256:…`."""

    size: int = 0
    """Bytes; 0 if unknown."""

    stamp: str = ""
    """Changes when its bytes change, such as the time of the change; empty if its bytes never change."""

    sha256: str | None = None
    """The digest of its bytes, if the source knows it."""
