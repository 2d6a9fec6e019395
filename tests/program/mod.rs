//! The program, called as a person does, in an environment of its own.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// What a call of the program did.
pub(crate) struct Ran {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

/// Calls the program with these arguments.
pub(crate) fn secondcall(arguments: &[impl AsRef<OsStr>]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    let output = command.args(arguments).env_clear().stdin(Stdio::null()).output();
    let output = output.expect("the program can be started");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    Ran { out, err, code: output.status.code() }
}
