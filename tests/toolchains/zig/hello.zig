// A command without libc: the start code of Zig's standard library leaves through `proc_exit`.
const std = @import("std");

pub fn main() void {
    std.debug.print("hello\n", .{});
}
