"""Components of a given size, for the cost as a function of size. The same size gives the same bytes.

Each has one core module as a compiler makes it: functions with a stack frame, loops, loads and stores of static objects,
direct and indirect calls; a table; many data segments with pointers among their bytes; eight exports.
"""

I32, U32 = 0x7F, 0x79
EXPORTS = 8
# The first static object, in bytes; the stack is below it.
BASE = 1 << 20
# The part of a module that is code; the rest are data.
CODE = 0.75


def unsigned(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value):
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def vector(items):
    return unsigned(len(items)) + b"".join(items)


def section(number, content):
    return bytes([number]) + unsigned(len(content)) + content


def name(text):
    return unsigned(len(text)) + text.encode()


class Numbers:
    """A linear congruential generator (the constants are those of Numerical Recipes)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return (self.state >> 8) % limit


def const(value):
    return b"\x41" + signed(value)


def get(local):
    return b"\x20" + unsigned(local)


def put(local):
    return b"\x21" + unsigned(local)


def tee(local):
    return b"\x22" + unsigned(local)


def load(offset):
    return b"\x28\x02" + unsigned(offset)


def store(offset):
    return b"\x36\x02" + unsigned(offset)


ADD, SUB, MUL, AND, XOR, SHR, LESS, EQZ = b"\x6a", b"\x6b", b"\x6c", b"\x71", b"\x73", b"\x76", b"\x49", b"\x45"
END, DROP = b"\x0b", b"\x1a"
# Local 0 is the parameter, 1 the frame, 2 the result, 3 a counter.
ENTER = b"\x23\x00" + const(48) + SUB + tee(1) + b"\x24\x00"
LEAVE = get(1) + const(48) + ADD + b"\x24\x00" + get(2) + END


def scan(numbers, functions, data):
    """Sums an array."""
    at, count = BASE + 4 * numbers.below(data // 8), 4 + numbers.below(60)
    body = get(3) + const(2) + b"\x74" + const(at) + ADD + load(0) + get(2) + ADD + put(2)
    step = get(3) + const(1) + ADD + tee(3) + const(count) + LESS + b"\x0d\x00"
    return const(0) + put(3) + b"\x03\x40" + body + step + END


def update(numbers, functions, data):
    """Changes fields of a static object, some on one path only."""
    at = BASE + 4 * numbers.below(data // 8)
    first = const(0) + const(at) + load(0) + get(2) + XOR + store(at)
    test = get(0) + const(1 << numbers.below(8)) + AND + EQZ
    second = const(at) + const(numbers.below(1000)) + store(4)
    third = const(at) + get(0) + store(8) + get(1) + const(at) + store(12)
    return first + test + b"\x04\x40" + second + b"\x05" + third + END


def frame(numbers, functions, data):
    """Writes the frame and reads it back."""
    slot = 4 * numbers.below(11)
    return get(1) + get(2) + get(0) + const(1 + numbers.below(9000)) + MUL + ADD + store(slot) + get(1) + load(slot) + put(2)


def call(numbers, functions, data):
    """Calls a function, and passes the address of a local variable or of a static object."""
    address = get(1) + const(8) + ADD if numbers.below(2) else const(BASE + 4 * numbers.below(data // 8))
    return address + b"\x10" + unsigned(numbers.below(functions)) + get(2) + ADD + put(2)


def call_indirect(numbers, functions, data):
    index = get(0) + const(numbers.below(5)) + SHR + const(63) + AND
    return get(2) + index + b"\x11\x00\x00" + put(2)


def through(numbers, functions, data):
    """Writes through the parameter."""
    return get(0) + get(2) + store(4 * numbers.below(16)) + get(0) + load(4 * numbers.below(16)) + put(2)


PARTS = [scan, update, frame, call, call, through, update, call_indirect]


def function(number, functions, data):
    numbers = Numbers(number)
    parts = [PARTS[numbers.below(len(PARTS))](numbers, functions, data) for _ in range(6 + numbers.below(18))]
    body = b"\x01\x03\x7f" + ENTER + b"".join(parts) + LEAVE
    return unsigned(len(body)) + body


def segment(number, at, data):
    numbers = Numbers(number)
    words = []
    for _ in range(32 + numbers.below(128)):
        is_pointer = numbers.below(4) == 0
        words.append((BASE + 4 * numbers.below(data // 8) if is_pointer else numbers.below(1 << 24)).to_bytes(4, "little"))
    content = b"".join(words)
    return b"\x00" + const(at) + END + unsigned(len(content)) + content, len(content)


def module(size):
    data = max(4096, int(size * (1 - CODE)))
    segments, at = [], BASE
    while at < BASE + data:
        encoded, length = segment(len(segments), at, data)
        segments.append(encoded)
        at += length + 16
    # A function's callees come before it; their number is known from the size of a sample.
    sample = sum(len(function(number, 1000, data)) for number in range(200)) / 200
    count = max(64, int((size * CODE) / sample))
    functions = [function(number, max(number, 1), data) for number in range(count)]
    elements = [unsigned(number * count // 64) for number in range(64)]
    exports = [name(f"f{number}") + b"\x00" + unsigned(count - 1 - number) for number in range(EXPORTS)]
    pages = at // 65536 + 2
    return b"\0asm\1\0\0\0" + b"".join(
        [
            section(1, vector([b"\x60" + vector([bytes([I32])]) + vector([bytes([I32])])])),
            section(3, vector([b"\x00"] * count)),
            section(4, vector([b"\x70\x00" + unsigned(64)])),
            section(5, vector([b"\x00" + unsigned(pages)])),
            section(6, vector([bytes([I32, 1]) + const(BASE) + END])),
            section(7, vector(exports)),
            section(9, vector([b"\x00" + const(0) + END + vector(elements)])),
            section(10, vector(functions)),
            section(11, vector(segments)),
        ]
    )


def component(size):
    """A component of about `size` bytes."""
    whole = b"\0asm\x0d\0\1\0" + section(1, module(size)) + section(2, b"\1\0\0\0")
    whole += section(7, vector([b"\x40" + vector([name("x") + bytes([U32])]) + bytes([0, U32])]))
    for number in range(EXPORTS):
        alias = b"\x00\x00\x01\x00" + name(f"f{number}")
        lift = b"\x00\x00" + unsigned(number) + b"\x00\x00"
        export = b"\x00" + name(f"f{number}") + b"\x01" + unsigned(number) + b"\x00"
        whole += section(6, vector([alias])) + section(8, vector([lift])) + section(11, vector([export]))
    return whole
