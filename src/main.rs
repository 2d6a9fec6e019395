//! The secondcall program.

fn main() -> ! {
    secondcall::program::main()
}
