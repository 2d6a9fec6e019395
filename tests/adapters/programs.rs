//! Small programs that use preview1, and what tools do to a component: embed, strip, change.

use secondcall::facts::provenance::Flavor;
use wit_component::{ComponentEncoder, StringEncoding};

/// A program that uses preview1.
#[derive(Debug)]
pub(crate) struct Program {
    /// What to call it in messages.
    pub(crate) name: &'static str,
    /// Its imports.
    pub(crate) imports: &'static [&'static str],
    /// Whether it has an allocator, so that wit-component lets the adapter use it.
    pub(crate) allocates: bool,
}

/// The programs.
pub(crate) const SHAPES: [Program; 10] = [
    Program {
        name: "rust",
        imports: &["environ_get", "environ_sizes_get", "fd_write", "proc_exit"],
        allocates: false,
    },
    Program {
        name: "rust with an allocator",
        imports: &["environ_get", "environ_sizes_get", "fd_write", "proc_exit", "random_get"],
        allocates: true,
    },
    Program {
        name: "c",
        imports: &["fd_close", "fd_fdstat_get", "fd_seek", "fd_write", "proc_exit"],
        allocates: false,
    },
    Program {
        name: "files",
        imports: &[
            "fd_close",
            "fd_prestat_dir_name",
            "fd_prestat_get",
            "fd_read",
            "fd_readdir",
            "path_open",
        ],
        allocates: true,
    },
    Program { name: "printer", imports: &["fd_write"], allocates: true },
    Program { name: "quitter", imports: &["proc_exit"], allocates: false },
    Program { name: "clock", imports: &["clock_time_get"], allocates: true },
    Program { name: "dice", imports: &["random_get"], allocates: false },
    Program { name: "idler", imports: &["sched_yield"], allocates: false },
    Program { name: "everything", imports: &EVERYTHING, allocates: true },
];

/// The functions of preview1 with their parameters; all but `proc_exit` return an `i32`.
const PREVIEW1: [(&str, &str); 46] = [
    ("args_get", "i32 i32"),
    ("args_sizes_get", "i32 i32"),
    ("clock_res_get", "i32 i32"),
    ("clock_time_get", "i32 i64 i32"),
    ("environ_get", "i32 i32"),
    ("environ_sizes_get", "i32 i32"),
    ("fd_advise", "i32 i64 i64 i32"),
    ("fd_allocate", "i32 i64 i64"),
    ("fd_close", "i32"),
    ("fd_datasync", "i32"),
    ("fd_fdstat_get", "i32 i32"),
    ("fd_fdstat_set_flags", "i32 i32"),
    ("fd_fdstat_set_rights", "i32 i64 i64"),
    ("fd_filestat_get", "i32 i32"),
    ("fd_filestat_set_size", "i32 i64"),
    ("fd_filestat_set_times", "i32 i64 i64 i32"),
    ("fd_pread", "i32 i32 i32 i64 i32"),
    ("fd_prestat_dir_name", "i32 i32 i32"),
    ("fd_prestat_get", "i32 i32"),
    ("fd_pwrite", "i32 i32 i32 i64 i32"),
    ("fd_read", "i32 i32 i32 i32"),
    ("fd_readdir", "i32 i32 i32 i64 i32"),
    ("fd_renumber", "i32 i32"),
    ("fd_seek", "i32 i64 i32 i32"),
    ("fd_sync", "i32"),
    ("fd_tell", "i32 i32"),
    ("fd_write", "i32 i32 i32 i32"),
    ("path_create_directory", "i32 i32 i32"),
    ("path_filestat_get", "i32 i32 i32 i32 i32"),
    ("path_filestat_set_times", "i32 i32 i32 i32 i64 i64 i32"),
    ("path_link", "i32 i32 i32 i32 i32 i32 i32"),
    ("path_open", "i32 i32 i32 i32 i32 i64 i64 i32 i32"),
    ("path_readlink", "i32 i32 i32 i32 i32 i32"),
    ("path_remove_directory", "i32 i32 i32"),
    ("path_rename", "i32 i32 i32 i32 i32 i32"),
    ("path_symlink", "i32 i32 i32 i32 i32"),
    ("path_unlink_file", "i32 i32 i32"),
    ("poll_oneoff", "i32 i32 i32 i32"),
    ("proc_exit", "i32"),
    ("proc_raise", "i32"),
    ("random_get", "i32 i32"),
    ("sched_yield", ""),
    ("sock_accept", "i32 i32 i32"),
    ("sock_recv", "i32 i32 i32 i32 i32 i32"),
    ("sock_send", "i32 i32 i32 i32 i32"),
    ("sock_shutdown", "i32 i32"),
];

const EVERYTHING: [&str; PREVIEW1.len()] = {
    let mut names = [""; PREVIEW1.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = PREVIEW1[i].0;
        i += 1;
    }
    names
};

/// A component: `shape` with an adapter that serves the import module `service`. A command has
/// `_start`; other flavors have an exported function `tick`.
pub(crate) fn embedded(shape: &Program, service: &str, adapter: &[u8], flavor: Flavor) -> Vec<u8> {
    let mut text = String::from("(module");
    for import in shape.imports {
        let (_, parameters) =
            PREVIEW1.iter().find(|(name, _)| name == import).expect("preview1 has the function");
        let result = if *import == "proc_exit" { "" } else { "(result i32)" };
        text += &format!(r#"(import "{service}" "{import}" (func (param {parameters}) {result}))"#);
    }
    text += r#"(memory (export "memory") 1)"#;
    if shape.allocates {
        text +=
            r#"(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)"#;
    }
    text += if flavor == Flavor::Command {
        r#"(func (export "_start")))"#
    } else {
        r#"(func (export "tick") (result i32) i32.const 1))"#
    };
    let world = match flavor {
        Flavor::Command => "",
        _ => TICK,
    };
    let module = with_world(&text, world);
    ComponentEncoder::default()
        .module(&module)
        .and_then(|it| it.adapter(service, adapter))
        .and_then(|it| it.encode())
        .expect("the adapter fits the program")
}

/// A component that wit-component's linker makes from a shared library, `component link`'s way.
pub(crate) fn linked(adapter: &[u8]) -> Vec<u8> {
    let library = with_world(
        r#"(module
            (@dylink.0 (mem-info))
            (import "env" "memory" (memory 1))
            (import "wasi_snapshot_preview1" "fd_write"
              (func (param i32 i32 i32 i32) (result i32)))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)
            (func (export "tick") (result i32) i32.const 1))"#,
        TICK,
    );
    let mut linker = wit_component::Linker::default();
    let added = linker.library("libtick.so", &library, false).is_ok()
        && linker.encoder().adapter("wasi_snapshot_preview1", adapter).is_ok();
    assert!(added, "the library and the adapter can be linked");
    linker.encode().expect("the library can be linked")
}

const TICK: &str = "export tick: func() -> u32;";

fn with_world(text: &str, world: &str) -> Vec<u8> {
    let mut module = wat::parse_str(text).expect("the program is valid");
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve
        .push_str("world.wit", &format!("package a:b; world w {{ {world} }}"))
        .expect("the world is valid");
    let world = resolve.select_world(&[package], None).expect("there is one world");
    wit_component::embed_component_metadata(
        &mut module,
        &resolve,
        world,
        StringEncoding::UTF8,
        false,
    )
    .expect("the world can be embedded");
    module
}
