//! The whole program, as a person or a pipeline meets it: `tests/cli/*.txt` are transcripts.
//!
//! ```text
//! $ secondcall rules < FILE       a command; `cat` is known as well, and `VARIABLE=value` before it
//! …                               what it writes to standard output
//! ! …                             what it writes to standard error
//! => 0                            its exit code
//! ```
//!
//! Each transcript has a folder of its own, with the files that [`Folder::new`] makes in it.
//! `BLESS=1` rewrites all but the commands.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod inputs;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A file with an acceptance that holds for a while, and one that nothing needs.
const CONFIGURATION: &[u8] = b"\
version = 1
hosts = [\"jco-transpiled\"]

# The job runner makes an instance for each run.
[[accept]]
rule = \"run_once_guard\"
export = \"wasi:cli/run\"
component = \"fires.wat\"
reason = \"called once\"
until = 2027-03-01

[[accept]]
rule = \"exits_after_success\"
export = \"tick\"
reason = \"of an export that is gone\"
";

/// An acceptance for one of two identical files.
const TWINS: &[u8] = b"\
[[accept]]
rule = \"run_once_guard\"
export = \"wasi:cli/run\"
component = \"accepted.wasm\"
reason = \"called once\"
";

/// A manifest with a table of ours for one of its components.
const MANIFEST: &[u8] = b"\
spin_manifest_version = 2
[component.api]
source = \"api.wat\"
[component.api.tool.secondcall]
hosts = [\"spin-p2\"]
[component.other]
source = \"other.wat\"
";

/// A library of C that says nothing of its world.
const LIBRARY: &[u8] = b"\
(module
  (import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))
  (func (export \"add\")))
";

/// A manifest that names a core module, of which Spin makes a component.
const CORE_MANIFEST: &[u8] = b"\
spin_manifest_version = 2
[component.program]
source = \"build/program.wasm\"
";

/// A folder to call the program in.
struct Folder {
    folder: TempDir,
    /// Whether the program is told to execute nothing.
    static_only: String,
}

impl Folder {
    fn new() -> Folder {
        let folder = TempDir::new().unwrap();
        let folder = Folder { folder, static_only: "true".to_owned() };
        let fixture = |path: &str| fs::read(root().join("rules").join(path)).unwrap();
        let fires = fixture("run_once_guard/fires_wasip2_run.wat");
        let quiet = fixture("run_once_guard/quiet_run_ctors_once.wat");
        let several = fixture("exits_after_success/fires_possible_main_exits.wat");
        let binary = |text: &[u8]| wat::parse_bytes(text).unwrap().into_owned();
        let module = binary(b"(module)");
        folder.write("fires.wat", &fires);
        folder.write("quiet.wat", &quiet);
        folder.write("kept.wat", include_bytes!("fix/kept.wat"));
        folder.write("several.wat", &several);
        folder.write("syntax.wat", b"(component\n  (core modul))\n");
        folder.write("build/fires.wasm", &binary(&fires));
        folder.write("build/deep/quiet.wasm", &binary(&quiet));
        folder.write("build/deep/module.wasm", &module);
        folder.write("build/notes.txt", b"Nothing to see here.");
        folder.write("modules/module.wasm", &module);
        // As Cargo leaves them; and copies that only a configuration tells apart.
        folder.write("copies/release/api.wasm", &binary(&fires));
        folder.write("copies/release/deps/api-0123456789abcdef.wasm", &binary(&fires));
        folder.write("twins/secondcall.toml", TWINS);
        folder.write("twins/accepted.wasm", &binary(&fires));
        folder.write("twins/other.wasm", &binary(&fires));
        for number in 0..24 {
            let section = [0, 2, 1, b'a' + number];
            let name = char::from(b'a' + number);
            folder.write(&format!("many/{name}.wasm"), &[&binary(&fires)[..], &section].concat());
            folder.write(&format!("clean/{name}.wasm"), &[&binary(&quiet)[..], &section].concat());
        }
        folder.write("module.wasm", &module);
        folder.write("broken.wasm", &binary(&fires)[..100]);
        let program = fs::read(root().join("tests/inputs/program.wat")).unwrap();
        folder.write("core/program.wat", &program);
        folder.write("methods.wat", include_bytes!("inputs/methods.wat"));
        folder.write("core/build/program.wasm", &binary(&program));
        folder.write("core/my-library.wasm", &binary(LIBRARY));
        folder.write("core/spin.toml", CORE_MANIFEST);
        let invalid = "(component (core module (func $f (result i32) i64.const 1)))";
        let newer = "(component (core module (memory 1) (func (memory.discard (i32.const 0) (i32.const 0)))))";
        folder.write("invalid.wasm", &binary(invalid.as_bytes()));
        let invalid =
            "(component\n  (core module\n    (func $f (result i32)\n      (i64.const 1))))\n";
        folder.write("invalid.wat", invalid.as_bytes());
        folder.write("newer.wasm", &binary(newer.as_bytes()));
        folder.write("draft.wasm", b"\0asm\x0a\0\x01\0");
        folder.write("noise.wasm", b"\x7fELF");
        folder.write("zero.wasm", b"");
        folder.write("flawed/empty.wasm", b"");
        folder.write("flawed/noise.wasm", b"\x7fELF");
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
        folder.write("flawed/pointer.wasm", pointer);
        folder.write("flawed/quiet.wasm", &binary(&quiet));
        fs::create_dir(folder.folder.path().join("empty")).unwrap();
        folder.write("unreadable/spin.toml", b"spin_manifest_version = 2 # \xff\n");
        folder.write("unreadable/Cargo.toml", b"[package] # \xff\n");
        folder.write("unreadable/values.yaml", b"name: \xff\n");
        folder.manifests(&binary(&fires), &binary(&quiet));
        copy(&root().join("tests/calls"), &folder.folder.path().join("calls"));
        // Ids as an earlier version of the program made them.
        copy(&root().join("tests/versions"), &folder.folder.path().join("versions"));
        let cart = fs::read(root().join("tests/calls/cart.wat")).unwrap();
        folder.write("calls/project/cart.wasm", &binary(&cart));
        folder.write("calls/mistakes/cart.wasm", &binary(&cart));
        let three = fs::read(root().join("tests/exec/async/race_of_three.wat")).unwrap();
        folder.write("calls/pool/three.wasm", &binary(&three));
        // Nothing above this folder has a say.
        folder.write(".git/HEAD", b"");
        folder.write("repository/secondcall.toml", CONFIGURATION);
        folder.write("repository/jobs/fires.wat", &fires);
        folder.write("repository/jobs/several.wat", &several);
        folder.write("repository/jobs/several.wasm", &binary(&several));
        folder.write("table/secondcall.toml", b"calls = 4\nhosts = [\"jco-serve\"]\n");
        folder.write("table/spin.toml", MANIFEST);
        folder.write("table/api.wat", &fires);
        folder.write("table/other.wat", &fires);
        folder.write("mistakes/secondcall.toml", b"hosts = [\"spin\"]\nfail_on = \"note\"\n");
        folder.write(
            "mistakes/Cargo.toml",
            b"[package]\nname = \"x\"\n[package.metadata.secondcall]\nhost = \"spec\"\n",
        );
        folder.write("mistakes/fires.wasm", &binary(&fires));
        folder
    }

    /// Projects with a manifest each, and the components that they name: `once` is a program, and
    /// `greet` handles requests; both work once.
    fn manifests(&self, once: &[u8], quiet: &[u8]) {
        let example = |name: &str| {
            let text = fs::read(root().join("examples/gate").join(name)).unwrap();
            wat::parse_bytes(&text).unwrap().into_owned()
        };
        let (greet, mended) = (example("greet.wat"), example("greet-mended.wat"));
        for (folder, bytes) in [("gate/before", &greet), ("gate/after", &mended)] {
            copy(&root().join("examples/gate"), &self.folder.path().join(folder));
            self.write(&format!("{folder}/build/greet.wasm"), bytes);
        }
        copy(&root().join("tests/manifests"), self.folder.path());
        for (path, bytes) in [
            ("spin-harmless/target/wasm32-wasip1/release/api.wasm", once),
            ("spin-fails/api.wasm", &greet),
            ("spin-1/api.wasm", once),
            ("spin-all/api.wasm", &greet),
            ("spin-all/clock.wasm", once),
            ("spin-all/inline.wasm", quiet),
            ("wasmcloud/api.wasm", &greet),
            ("wadm/build/hello_s.wasm", once),
            ("crate/target/wasm32-wasip1/debug/web_api.wasm", once),
            ("crate/target/wasm32-wasip1/release/web_api.wasm", quiet),
            ("crate/target/wasm32-wasip2/debug/night-run.wasm", once),
            ("fix/api.wasm", &greet),
            ("fix/library/target/wasm32-wasip2/release/night-run.wasm", once),
            ("fix/program/target/wasm32-wasip2/release/run.wasm", once),
            ("fix/both/target/wasm32-wasip2/release/run.wasm", once),
            ("compose/deps/own/greeter.wasm", &greet),
            ("compose/deps/own/store.wasm", quiet),
            ("wash/target/wasm32-wasip2/release/web.wasm", &greet),
            ("wash/worker.wasm", &greet),
            ("project/target/wasm32-wasip1/release/api.wasm", once),
            ("project/app/dist/other.wasm", quiet),
            ("api.wasm", quiet),
        ] {
            self.write(path, bytes);
        }
    }

    /// Real components, and a manifest that names two of them and one that is not built.
    fn real(&self, components: &Path) {
        // What one of them records as its source; it is there before the component is.
        let source = fs::read(root().join("tests/toolchains/c/library.c")).unwrap();
        self.write("src/library.c", &source);
        // Those in other languages hold an engine of many megabytes, and are not always built.
        for language in ["assemblyscript", "c", "composition", "zig"] {
            let to = self.folder.path().join("components").join(language);
            copy(&components.join(language), &to);
        }
        let manifest = "spin_manifest_version = 2\n\
            [component.greeter]\nsource = \"hello.wasm\"\n\
            [component.counter]\nsource = \"library.wasm\"\n\
            [component.unbuilt]\nsource = \"unbuilt.wasm\"\nbuild.command = \"make unbuilt\"\n";
        self.write("real/spin.toml", manifest.as_bytes());
        for name in ["hello.wasm", "library.wasm"] {
            let from = components.join("c").join(name);
            self.write(&format!("real/{name}"), &fs::read(from).unwrap());
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The program, called in this folder, in an environment of its own.
    fn program(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
        command.args(words).current_dir(self.folder.path()).env_clear();
        // What is executed is told in transcripts of its own.
        command.env("SECONDCALL_STATIC_ONLY", &self.static_only);
        command.env("SECONDCALL_PANIC_ON_REFUTED", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.program(words).output().unwrap()
    }

    /// What a line of a transcript does.
    fn run_line(&self, line: &str) -> String {
        let (line, input) = match line.split_once(" < ") {
            Some((line, input)) => (line, Some(input)),
            None => (line, None),
        };
        let words = words(line);
        let assigned = words.iter().take_while(|word| is_assignment(word)).count();
        let (variables, words) = words.split_at(assigned);
        if words[0] == "cat" {
            let text = fs::read_to_string(self.folder.path().join(&words[1])).unwrap();
            return format!("{text}=> 0\n");
        }
        assert_eq!(words[0], "secondcall", "a transcript calls our program");
        let mut command = self.program(&words[1..].iter().map(String::as_str).collect::<Vec<_>>());
        command.envs(variables.iter().filter_map(|variable| variable.split_once('=')));
        if let Some(input) = input {
            command.stdin(fs::File::open(self.folder.path().join(input)).unwrap());
        }
        told(&command.output().unwrap())
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Copies what is in a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn is_assignment(word: &str) -> bool {
    let name = word.split('=').next().unwrap();
    word.contains('=') && name.chars().all(|it| it.is_ascii_uppercase() || it == '_')
}

/// The words of a line, some of them in single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('\'').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// What a command wrote, and how it ended. Spaces at the ends of lines are nothing to look at.
fn told(output: &Output) -> String {
    let stdout = std::str::from_utf8(&output.stdout).unwrap();
    assert!(stdout.is_empty() || stdout.ends_with('\n'), "a report ends its last line: {stdout}");
    let stderr = std::str::from_utf8(&output.stderr).unwrap();
    let lines = stdout.lines().map(str::to_owned);
    let lines = lines.chain(stderr.lines().map(|line| format!("! {line}")));
    let told: String = lines.map(|line| line.trim_end().to_owned() + "\n").collect();
    told + &format!("=> {}\n", output.status.code().unwrap())
}

#[test]
fn transcripts() {
    transcripts_in(&root().join("tests/cli"), "true");
}

/// A transcript holds text only.
#[test]
fn a_repaired_component_goes_to_standard_output() {
    let folder = Folder::new();
    let to_file = folder.run(&["fix", "fires.wat", "-o", "fresh.wasm", "--unverified"]);
    let to_pipe = folder.run(&["fix", "fires.wat", "-o", "-", "--unverified"]);
    assert!(to_file.status.success() && to_pipe.status.success());
    assert_eq!(to_pipe.stdout, fs::read(folder.folder.path().join("fresh.wasm")).unwrap());
    let notes = String::from_utf8(to_pipe.stderr).unwrap();
    let told = String::from_utf8(to_file.stdout).unwrap();
    assert_eq!(notes, told.replace("written to fresh.wasm", "written to standard output"));
    assert!(to_file.stderr.is_empty());
}

/// Those in which exports are called.
#[test]
#[cfg(feature = "exec")]
fn transcripts_of_execution() {
    transcripts_in(&root().join("tests/cli/exec"), "false");
}

/// Those of real components, which `tests/toolchains/components` builds into the folder that
/// `SECONDCALL_COMPONENTS` names.
#[test]
fn transcripts_of_real_components() {
    let test = "transcripts_of_real_components";
    let Some(components) = inputs::folder("SECONDCALL_COMPONENTS", test) else { return };
    transcripts_with(&root().join("tests/cli/toolchains"), "true", |folder| {
        folder.real(&components);
    });
    let folder = Folder::new();
    folder.real(&components);
    let fragile = "components/composition/fragile.wasm";
    folder.run(&["check", fragile, "--output", "json=report.json"]);
    let log = folder.run(&["render", "report.json", "--format", "sarif"]);
    let log: serde_json::Value = serde_json::from_slice(&log.stdout).unwrap();
    let [result] = log["runs"][0]["results"].as_array().unwrap().as_slice() else {
        panic!("one export fails: {log:#}")
    };
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&fragile.into(), &1.into())
    );
    assert_eq!(result["partialFingerprints"]["primaryLocationLineHash"], "a81b7800:1");
    let steps = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    let said = steps.as_array().unwrap().iter().map(|it| &it["location"]["message"]["text"]);
    let calls: Vec<_> = said.filter_map(|it| it.as_str()?.split(' ').next()).collect();
    assert_eq!(calls, ["1st", "2nd", "2nd"]);
}

fn transcripts_in(folder: &Path, static_only: &str) {
    transcripts_with(folder, static_only, |_| {});
}

/// Runs the transcripts in a folder; `furnish` adds files to the folder of each.
fn transcripts_with(folder: &Path, static_only: &str, furnish: impl Fn(&Folder)) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension() == Some("txt".as_ref()));
    paths.sort();
    let mut differing = Vec::new();
    for path in paths {
        let expected = fs::read_to_string(&path).unwrap();
        let folder = Folder { static_only: static_only.to_owned(), ..Folder::new() };
        furnish(&folder);
        let (head, _) = expected.split_once("$ ").unwrap();
        let mut told = head.to_owned();
        let commands = expected.lines().filter_map(|line| line.strip_prefix("$ "));
        let blocks: Vec<_> =
            commands.map(|line| format!("$ {line}\n{}", folder.run_line(line))).collect();
        told += &blocks.join("\n");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &told).unwrap();
        } else if told != expected {
            let at = told.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count();
            let first = told.lines().nth(at).unwrap_or("(nothing)");
            differing.push(format!("{}:{}: now {first}", path.display(), at + 1));
        }
    }
    assert!(differing.is_empty(), "BLESS=1 rewrites:\n{}", differing.join("\n"));
}

/// A proof that calls refute asks users to report it, and ends runs of tests. No component is known whose proof is wrong: the
/// calls are those of another one, put into the cache in place of its own.
#[test]
#[cfg(feature = "exec")]
fn a_refuted_proof_is_a_bug() {
    let folder = Folder { static_only: "false".to_owned(), ..Folder::new() };
    let check = |name: &str, options: &[&str], panics: &str| {
        let path = format!("{name}.wat");
        let mut command = folder.program(&[&["check", path.as_str()], options].concat());
        command.env("SECONDCALL_CACHE_DIR", folder.folder.path().join(name));
        command.env("SECONDCALL_PANIC_ON_REFUTED", panics);
        told(&command.output().unwrap())
    };
    let observation = |name: &str, left: u32| {
        let text = format!(
            "(component
              (core module $m (memory 1)
                (func (export \"f\")
                  (if (i32.load (i32.const 1040)) (then unreachable))
                  (i32.store (i32.const 1040) (i32.const {left}))))
              (core instance $m (instantiate $m))
              (func (export \"f\") (canon lift (core func $m \"f\"))))"
        );
        folder.write(&format!("{name}.wat"), text.as_bytes());
        let told = check(name, &["--host", "jco-transpiled"], "1");
        let mut stored =
            fs::read_dir(folder.folder.path().join(name).join("observations")).unwrap();
        (told, stored.next().unwrap().unwrap().path())
    };
    let (told, of_once) = observation("once", 1);
    assert!(told.contains("error[run_once_guard]") && told.ends_with("=> 1\n"), "{told}");
    let (told, of_any) = observation("any", 0);
    assert!(!told.contains("run_once_guard") && told.ends_with("=> 0\n"), "{told}");
    fs::copy(of_any, of_once).unwrap();
    let formats = ["human", "concise", "agent", "json", "ndjson", "sarif", "github", "gitlab"];
    for format in formats.into_iter().chain(["junit", "markdown"]) {
        let told = check("once", &["--host", "jco-transpiled", "--format", format], "");
        assert!(told.ends_with("=> 0\n"), "{told}");
        let plain = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(plain.contains("a bug of secondcall: 8 calls returned"), "{told}");
        let asks = !["concise", "markdown"].contains(&format);
        assert_eq!(
            plain.contains("lease report it, with what `secondcall bug-report`"),
            asks,
            "{told}"
        );
    }
    let told = check("once", &[], "1");
    assert!(told.contains("! once.wat: run_once_guard: a bug of secondcall"), "{told}");
    assert!(told.ends_with("=> 101\n"), "{told}");
}

#[test]
fn a_baseline_may_be_pruned_from_another_folder() {
    let folder = Folder::new();
    folder.run(&["baseline", "write", "build", "several.wat", "--output", "build/all.json"]);
    let prune = ["baseline", "prune", "deep", "--baseline", "all.json"];
    let below = folder.folder.path().join("build");
    let pruned = folder.program(&prune).current_dir(below).output().unwrap();
    assert_eq!(told(&pruned), "all.json: 0 removed, 3 kept\n=> 0\n");
}

/// `ulimit -f` stands for a full disk: a file gets 512 bytes at most.
#[test]
#[cfg(unix)]
fn a_full_disk_leaves_whole_files_and_the_report() {
    let folder = Folder::new();
    let limited = |words: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 1; exec \"$0\" {words}");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_secondcall")]);
        command.current_dir(folder.folder.path()).env("SECONDCALL_STATIC_ONLY", "true");
        told(&command.output().unwrap())
    };
    let read = |path: &str| fs::read_to_string(folder.folder.path().join(path)).ok();
    let before: BTreeSet<_> = listing(folder.folder.path());
    let full = "File too large (os error 27)";

    let expected = format!("! error: cannot write secondcall.toml: {full}\n=> 2\n");
    assert_eq!(limited("config init"), expected);

    folder.write("report.json", b"the one of yesterday");
    let check = "check fires.wat --format concise";
    let report = told(&folder.run(&check.split(' ').collect::<Vec<_>>()));
    let outputs = "--output json=report.json --output sarif=none.sarif --output concise=c.txt";
    let expected = report.replace("=> 0\n", "")
        + &format!("! error: cannot write report.json: {full}\n")
        + &format!("! cannot write none.sarif: {full}\n=> 2\n");
    assert_eq!(limited(&format!("{check} {outputs}")), expected);
    assert_eq!(read("report.json").unwrap(), "the one of yesterday");
    assert_eq!(read("c.txt").unwrap(), report.replace("=> 0\n", ""));

    let config = read("repository/secondcall.toml").unwrap();
    let reason = "x".repeat(400);
    let allow = format!("allow memory_grows repository --reason {reason}");
    let expected = format!("! error: cannot write repository/secondcall.toml: {full}\n=> 2\n");
    assert_eq!(limited(&allow), expected);
    assert_eq!(read("repository/secondcall.toml").unwrap(), config);

    let after = listing(folder.folder.path());
    let new: Vec<_> = after.difference(&before).map(|it| it.to_str().unwrap()).collect();
    assert_eq!(new, ["c.txt", "report.json"]);
}

/// The names of what a folder holds.
fn listing(folder: &Path) -> BTreeSet<OsString> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

#[test]
#[cfg(unix)]
fn a_written_file_stays_what_it_was() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    let path = |name: &str| folder.folder.path().join(name);
    folder.write("shared.json", b"");
    fs::set_permissions(path("shared.json"), fs::Permissions::from_mode(0o664)).unwrap();
    symlink("shared.json", path("link.json")).unwrap();
    for output in ["json=link.json", "json=/dev/null"] {
        let words = ["check", "quiet.wat", "--format", "concise", "--output", output];
        assert_eq!(told(&folder.run(&words)), "=> 0\n", "{output}");
    }
    assert!(fs::symlink_metadata(path("link.json")).unwrap().is_symlink());
    assert!(fs::read_to_string(path("shared.json")).unwrap().starts_with('{'));
    assert_eq!(fs::metadata(path("shared.json")).unwrap().permissions().mode() & 0o777, 0o664);
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let folder = Folder::new();
    let commands: [&[&str]; 10] = [
        &["check", "fires.wat", "--exit-zero"],
        &["check", "fires.wat", "--format", "json", "--exit-zero"],
        &["explain", "run_once_guard"],
        &["rules"],
        &["hosts"],
        &["wat", "fires.wat"],
        &["inspect", "fires.wat"],
        &["graph", "fires.wat"],
        &["completions", "bash"],
        &["man"],
    ];
    for words in commands {
        let mut child = folder.program(words).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(told(&output), "=> 0\n", "{words:?}");
    }
}

#[test]
fn a_pipe_may_close_in_the_middle() {
    let folder = Folder::new();
    let component = fs::read(folder.folder.path().join("build/fires.wasm")).unwrap();
    for number in 0..80 {
        // A custom section makes each another component: identical ones are reported once.
        let section = [0, 2, 1, b' ' + number];
        folder.write(&format!("many/{number}.wasm"), &[&component[..], &section].concat());
    }
    let words = ["check", "many", "--format", "json"];
    // More than a pipe takes before somebody reads.
    assert!(folder.run(&words).stdout.len() > 1 << 16);
    let mut child = folder.program(&words).spawn().unwrap();
    let mut one = [0];
    child.stdout.take().unwrap().read_exact(&mut one).unwrap();
    assert_eq!(told(&child.wait_with_output().unwrap()), "=> 0\n");
}

#[test]
fn same_bytes_same_words() {
    let folder = Folder::new();
    for format in ["human", "concise", "json"] {
        let with_jobs = |jobs: &str| {
            let words =
                ["check", "fires.wat", "build", "several.wat", "broken.wasm", "--jobs", jobs];
            folder.run(&[&words[..], &["--format", format]].concat())
        };
        let once = with_jobs("1");
        assert!(!once.stdout.is_empty());
        for jobs in ["1", "2", "7"] {
            assert_eq!(with_jobs(jobs), once, "{format} with {jobs} jobs");
        }
    }
    for listing in ["rules", "hosts"] {
        assert_eq!(folder.run(&[listing]), folder.run(&[listing]));
    }
}

#[test]
fn a_file_and_standard_output_tell_the_same() {
    let folder = Folder::new();
    for format in ["human", "concise", "json"] {
        let target = format!("{format}=report");
        let words = ["check", "fires.wat", "broken.wasm", "--color", "never", "--format", format];
        let output = folder.run(&[&words[..], &["--output", &target]].concat());
        assert_eq!(
            fs::read(folder.folder.path().join("report")).unwrap(),
            output.stdout,
            "{format}"
        );
    }
}

#[test]
fn json_of_the_program_is_what_the_schema_says() {
    let schema = fs::read_to_string(root().join("schemas/report-v1.json")).unwrap();
    let validator = jsonschema::draft202012::new(&serde_json::from_str(&schema).unwrap()).unwrap();
    let folder = Folder::new();
    let paths = ["fires.wat", "quiet.wat", "several.wat", "broken.wasm", "module.wasm", "none"];
    let output = folder.run(&[&["check", "--format", "json"], &paths[..]].concat());
    let document = serde_json::from_slice(&output.stdout).unwrap();
    let errors: Vec<_> = validator.iter_errors(&document).map(|it| it.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn standard_input_is_an_input_like_any_other() {
    let folder = Folder::new();
    let mut child = folder
        .program(&["check", "-", "--format", "concise"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let text = fs::read(folder.folder.path().join("fires.wat")).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let told_of_stdin = told(&child.wait_with_output().unwrap());
    let told_of_file = told(&folder.run(&["check", "fires.wat", "--format", "concise"]));
    assert_eq!(told_of_stdin, told_of_file.replace("fires.wat", "-"));
}

#[test]
fn a_bug_report_has_nothing_private() {
    let folder = Folder::new();
    folder.write("secret-plan.wat", &fs::read(folder.folder.path().join("fires.wat")).unwrap());
    let words = ["bug-report", "secret-plan.wat", "broken.wasm", "--host", "spin-p3"];
    let secrets = ["--export", "wasi:cli/secret", "--guest-env", "TOKEN=secret"];
    let output = folder.run(&[&words[..], &secrets].concat());
    let report = told(&output);
    for said in [
        concat!("* secondcall ", env!("CARGO_PKG_VERSION")),
        "* system: ",
        "* hosts = [\"spin-p3\"] (option)",
        "* static-only = true (environment)",
        "* 373 bytes, SHA-256 ",
        "* 1 core module, 4 functions, 1 export",
        "* findings in the code: run_once_guard (certain) 1",
        "* cannot be read: read at offset 0x61",
        "=> 0",
    ] {
        assert!(report.contains(said), "{said} is not in\n{report}");
    }
    let defaults = told(&folder.run(&["bug-report", "fires.wat"]));
    assert!(!defaults.contains("(file)") && !defaults.contains("hosts"), "{defaults}");
    let path = folder.folder.path().to_str().unwrap();
    for private in ["secret", "broken", "wasi:cli", "TOKEN", path] {
        assert!(!report.contains(private), "{private} is in\n{report}");
    }
}
