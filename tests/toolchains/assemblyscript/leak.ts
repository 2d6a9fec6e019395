// A library that keeps what it allocates, so that the collector finds nothing.
const BYTES = 16 * 1024;

const kept: StaticArray<u8>[] = [];

// @ts-ignore: a decorator on a function
@inline
function block(): StaticArray<u8> {
  return new StaticArray<u8>(BYTES);
}

function remember(): void {
  kept.push(block());
}

export function keep(): void {
  remember();
}
