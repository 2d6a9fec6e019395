#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| secondcall_fuzz::execute("analysis", input));
