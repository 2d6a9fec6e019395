import wit_world
from wit_world.imports import store

inside = 0


class WitWorld(wit_world.WitWorld):
    async def count(self) -> int:
        global inside
        before = inside
        inside += 1
        await store.get("count")
        inside -= 1
        return before
