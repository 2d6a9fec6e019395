//! C programs that keep the rules of C: each export has a flag, and may clear it through a pointer that is hard to follow.
//!
//! Where a program clears another variable instead, its flag stays set and the proof may stay, too.

#[path = "c/pointer.rs"]
mod pointer;
#[path = "c/place.rs"]
mod place;
#[path = "c/write.rs"]
mod write;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::random::Random;
use place::Place;

/// Exports with a flag.
const EXPORTS: u64 = 4;

const HEAD: &str = "
typedef unsigned u32; typedef unsigned char u8; typedef unsigned short u16; typedef unsigned long long u64;
#define FAR __attribute__((noinline))
#define NAMED(name) __attribute__((export_name(name)))
volatile u32 sink;
void *memset(void *to, int byte, u32 n) { volatile char *p = to; while (n--) *p++ = (char)byte; return to; }
void *memcpy(void *to, const void *from, u32 n) { volatile char *p = to; const char *q = from; while (n--) *p++ = *q++; return to; }
FAR void touch(char *at, u32 x) { at[x & 7] = (char)x; sink += at[1]; }
FAR void framed(u32 x) { char room[16]; touch(room, x); touch(room + 8, x + 1); sink += room[x & 15]; }
";

/// A program that is being written.
#[derive(Debug)]
pub(crate) struct Writer<'r> {
    random: &'r mut Random,
    /// Definitions at the top level, in the order of their use.
    text: String,
    names: u32,
}

/// A program, and the options to compile and link it with.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) source: String,
    compiler: Vec<&'static str>,
    linker: Vec<&'static str>,
}

/// The program of a seed.
pub(crate) fn program(seed: u64) -> Program {
    let mut random = Random::new(seed);
    let level = random.pick(&["-O0", "-O1", "-O2", "-Os", "-O3"]);
    let (mut compiler, mut linker) = (vec![level], Vec::new());
    for option in ["-msimd128", "-mbulk-memory", "-fPIC"] {
        if random.percent(25) {
            compiler.push(option);
        }
    }
    for option in ["--no-stack-first", "-zstack-size=1024", "--strip-all"] {
        if random.percent(50) {
            linker.push(option);
        }
    }
    let mut writer = Writer { random: &mut random, text: HEAD.to_owned(), names: 0 };
    writer.objects();
    for export in 0..EXPORTS {
        writer.export(export);
    }
    writer.noise();
    Program { source: writer.text, compiler, linker }
}

impl Writer<'_> {
    fn name(&mut self, of: &str) -> String {
        self.names += 1;
        format!("{of}{}", self.names)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random.below(bound)
    }

    fn export(&mut self, number: u64) {
        let flag = self.place();
        let cleared = match self.random.percent(60) {
            true => flag.clone(),
            false => self.place(),
        };
        let clear = self.clearing(&cleared);
        let framed = if self.random.percent(60) { "framed(x);" } else { "" };
        let flag = flag.lvalue;
        self.text += &match self.random.percent(80) {
            true => format!(
                "NAMED(\"f{number}\") void f{number}(u32 x) {{ if ({flag}) __builtin_trap(); {flag} = 1; {framed} {clear} }}\n"
            ),
            false => format!(
                "NAMED(\"f{number}\") u32 f{number}(u32 x) {{ u32 old = {flag}; {flag} = old + 1; {framed} {clear} return old; }}\n"
            ),
        };
    }

    /// An export that reads and writes other variables, so that code names them.
    fn noise(&mut self) {
        let mut body = String::new();
        for _ in 0..self.below(8) {
            let Place { lvalue, .. } = self.place();
            body += &match self.random.percent(50) {
                true => format!("sink += {lvalue}; "),
                false => format!("{lvalue} = x; "),
            };
        }
        self.text += &format!("NAMED(\"noise\") void noise(u32 x) {{ framed(x); {body} }}\n");
    }
}

/// A C compiler: Python with the package `ziglang`.
#[derive(Debug)]
pub(crate) struct Compiler {
    python: PathBuf,
    folder: PathBuf,
}

impl Compiler {
    /// The compiler with which `tests/toolchains/build` filled a folder; it writes below `target`.
    pub(crate) fn of(toolchains: &Path) -> Self {
        let python = std::fs::read_to_string(toolchains.join("python"))
            .expect("the folder says what built it: run tests/toolchains/build again");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("c");
        std::fs::create_dir_all(&folder).expect("the folder can be made");
        Compiler { python: python.trim().into(), folder }
    }

    /// The module of a program, and where its objects are.
    pub(crate) fn compile(&self, seed: u64, program: &Program) -> (Vec<u8>, Vec<Range<u64>>) {
        let file = |kind: &str| self.folder.join(format!("c-{seed}.{kind}"));
        let (source, object, module, map) = (file("c"), file("o"), file("wasm"), file("map"));
        std::fs::write(&source, &program.source).expect("the program can be written");
        let mut compiler = self.command("cc");
        compiler.args(["-target", "wasm32-freestanding", "-w", "-c", "-fno-strict-aliasing"]);
        compiler.args(["-fno-sanitize=undefined", "-fno-builtin"]).args(&program.compiler);
        run(compiler.arg("-o").args([&object, &source]));
        let mut linker = self.command("wasm-ld");
        linker.arg("--no-entry").args(&program.linker);
        linker.arg(format!("-Map={}", map.display()));
        run(linker.arg("-o").args([&module, &object]));
        let bytes = std::fs::read(&module).expect("the linker wrote a module");
        let objects = objects(&std::fs::read_to_string(&map).expect("the linker wrote a map"));
        for made in [object, module, map] {
            std::fs::remove_file(made).expect("a file can be removed");
        }
        (bytes, objects)
    }

    fn command(&self, name: &str) -> Command {
        let (mut command, cache) = (Command::new(&self.python), self.folder.join("cache"));
        command.args(["-m", "ziglang", name]);
        command.env("ZIG_LOCAL_CACHE_DIR", &cache).env("ZIG_GLOBAL_CACHE_DIR", &cache);
        command
    }
}

/// The objects that a linker's map lists: address, offset in the file and size, in hexadecimal digits, and a name. Those of
/// sections have a dot or a colon.
fn objects(map: &str) -> Vec<Range<u64>> {
    let object = |line: &str| {
        let [address, _, size, name] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            return None;
        };
        let hex = |digits: &str| u64::from_str_radix(digits, 16).ok();
        let (start, size) = (hex(address)?, hex(size)?);
        (size > 0 && !name.contains(['.', ':'])).then(|| start..start + size)
    };
    let objects: Vec<_> = map.lines().filter_map(object).collect();
    assert!(!objects.is_empty(), "the map lists objects:\n{map}");
    objects
}

fn run(command: &mut Command) {
    let output = command.output().expect("the compiler can be started");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {message}");
}
