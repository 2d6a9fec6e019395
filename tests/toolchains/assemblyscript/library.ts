// A library on the bare canonical ABI, with strings in UTF-16, as AssemblyScript has them.
// Results are kept until the host has read them; then the collector may have them.
const TABLE_BYTES = 64 * 1024;

const area = memory.data(8);

let calls: u32 = 0;
let greeting = "";
let squares = new StaticArray<u8>(0);

export function cabi_realloc(old: usize, oldSize: usize, align: usize, size: usize): usize {
  return old ? heap.realloc(old, size) : heap.alloc(size);
}

export function greet(name: usize, units: i32): usize {
  greeting = "hello " + String.UTF16.decodeUnsafe(name, <usize>units << 1);
  heap.free(name);
  return result(changetype<usize>(greeting), greeting.length);
}

export function cabi_post_greet(returned: usize): void {
  greeting = "";
  __collect();
}

export function tick(): u32 {
  return ++calls;
}

export function table(): usize {
  squares = new StaticArray<u8>(TABLE_BYTES);
  for (let i = 0; i < TABLE_BYTES; i++) squares[i] = <u8>(i * i);
  return result(changetype<usize>(squares), TABLE_BYTES);
}

export function cabi_post_table(returned: usize): void {
  squares = new StaticArray<u8>(0);
  __collect();
}

function result(start: usize, length: i32): usize {
  store<usize>(area, start);
  store<i32>(area, length, sizeof<usize>());
  return area;
}
