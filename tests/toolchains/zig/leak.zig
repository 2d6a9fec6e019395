// A library for no operating system that takes pages and keeps them.
const State = struct { ticks: u32, pages: u32 };

var state: State = .{ .ticks = 0, .pages = 0 };

noinline fn reserve() void {
    if (@wasmMemoryGrow(0, 1) >= 0) state.pages += 1;
}

export fn keep() void {
    reserve();
}

export fn tick() u32 {
    state.ticks +%= 1;
    return state.ticks;
}
