"""Divides work into shards of about the same cost."""

from collections.abc import Iterable
from typing import TypeVar

from .options import Options

T = TypeVar("T")


def divided(items: Iterable[tuple[int, T]], options: Options) -> list[list[T]]:
    """Divides items, each with its size in bytes, into shards. Same items, same shards.

    Large ones come first: what takes longest begins first, and no shard waits for a straggler. A shard holds at most
    `shard_bytes`, unless a single item is larger, and at most `shard_inputs` items.
    """
    shards: list[list[T]] = []
    free = 0
    for size, item in sorted(items, key=lambda it: -it[0]):
        if not shards or size > free or len(shards[-1]) == options.shard_inputs:
            shards.append([])
            free = options.shard_bytes
        shards[-1].append(item)
        free -= size
    return shards
