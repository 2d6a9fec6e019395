"""An exported interface: one function that only answers, one that counts."""

from wit_world import exports

calls = 0


class Counter(exports.Counter):
    def greet(self, name: str) -> str:
        return "hello " + name

    def tick(self) -> int:
        global calls
        calls += 1
        return calls
