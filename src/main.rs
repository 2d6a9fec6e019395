//! The secondcall program.

fn main() {}
