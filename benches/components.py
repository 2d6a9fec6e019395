#!/usr/bin/env python3
"""Writes a folder of small components that differ, as a fleet has them. The same arguments give the same bytes.

usage: benches/components.py [--copies N] [--poison N] [--filler BYTES] COUNT FOLDER

COUNT files in all: N of them have the bytes of another one (a twentieth), N are no components (5). Each of the others has
one to four exports, which return the same, count, trap at the second call or keep memory, and up to BYTES of data (4096).
"""

import argparse
import pathlib

from series import ADD, END, EQZ, I32, MUL, U32, Numbers, const, get, name, section, unsigned, vector

STORE, LOAD, GLOBAL_GET, GLOBAL_SET = b"\x36\x02\x00", b"\x28\x02\x00", b"\x23\x00", b"\x24\x00"


def pure(numbers):
    """Returns the same for the same argument."""
    return get(0) + const(1 + numbers.below(9000)) + MUL + const(numbers.below(1 << 20)) + ADD


def counting(numbers):
    """Returns how often it was called."""
    return GLOBAL_GET + const(1 + numbers.below(9)) + ADD + GLOBAL_SET + GLOBAL_GET


def once(numbers):
    """Traps at its second call."""
    guard = const(8) + LOAD + b"\x04\x40\x00" + END
    return guard + const(8) + const(1 + numbers.below(9)) + STORE + const(numbers.below(100))


def keeping(numbers):
    """Takes a page of memory at each call."""
    return const(1 + numbers.below(3)) + b"\x40\x00" + EQZ


KINDS = [pure, pure, counting, once, pure, keeping]


def component(number, filler):
    """The component of this number, with less than `filler` bytes of data."""
    numbers = Numbers(number * 7919 + 1)
    bodies = [KINDS[numbers.below(len(KINDS))](numbers) for _ in range(1 + numbers.below(4))]
    exports = [f"f{index}" for index in range(len(bodies))]
    functions = [b"\x00" + body + END for body in bodies]
    data = numbers.below(filler).to_bytes(4, "little") * (numbers.below(filler) // 4) + number.to_bytes(4, "little")
    module = b"\0asm\1\0\0\0" + b"".join(
        [
            section(1, vector([b"\x60" + vector([bytes([I32])]) + vector([bytes([I32])])])),
            section(3, vector([b"\x00"] * len(bodies))),
            section(5, vector([b"\x00" + unsigned(2)])),
            section(6, vector([bytes([I32, 1]) + const(0) + END])),
            section(7, vector([name(it) + b"\x00" + unsigned(index) for index, it in enumerate(exports)])),
            section(10, vector([unsigned(len(it)) + it for it in functions])),
            section(11, vector([b"\x00" + const(1024) + END + unsigned(len(data)) + data])),
        ]
    )
    whole = b"\0asm\x0d\0\1\0" + section(1, module) + section(2, vector([b"\x00\x00\x00"]))
    whole += section(7, vector([b"\x40" + vector([name("x") + bytes([U32])]) + bytes([0, U32])]))
    for index, it in enumerate(exports):
        whole += section(6, vector([b"\x00\x00\x01\x00" + name(it)]))
        whole += section(8, vector([b"\x00\x00" + unsigned(index) + b"\x00\x00"]))
        whole += section(11, vector([b"\x00" + name(it) + b"\x01" + unsigned(index) + b"\x00"]))
    return whole


def poison(number):
    """Bytes that are no component: a truncated one, no WebAssembly, an unknown section, an empty file, a broken text."""
    whole = component(number, 4096)
    return [whole[: len(whole) // 2], b"PK\3\4 no wasm", whole + b"\x7f", b"", b"(component (oops))"][number % 5] + b" " * (number // 5)


def write(count, folder, copies=None, broken=5, filler=4096):
    """Writes the files, and returns their paths: distinct ones, copies, broken ones."""
    copies = count // 20 if copies is None else copies
    folder = pathlib.Path(folder)
    distinct = count - copies - broken
    contents = [component(number, filler) for number in range(distinct)]
    contents += [contents[number * 7 % distinct] for number in range(copies)]
    contents += [poison(number) for number in range(broken)]
    paths = []
    for number, content in enumerate(contents):
        # Copies and broken ones stand among the others.
        path = folder / f"{number * 7919 % 100:02}" / f"component-{number:05}.wasm"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths[:distinct], paths[distinct : distinct + copies], paths[distinct + copies :]


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].splitlines()[0])
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--copies", type=int)
    parser.add_argument("--poison", type=int, default=5)
    parser.add_argument("--filler", type=int, default=4096)
    arguments = parser.parse_args()
    write(arguments.count, arguments.folder, arguments.copies, arguments.poison, arguments.filler)


if __name__ == "__main__":
    main()
