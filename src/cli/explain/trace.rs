//! What a runtime, host or guest printed, as lines of messages and the frames of the guest's backtrace. Lines of a host's
//! own stack and code are dropped: they mention what the host calls, not what happened.

use std::iter::Peekable;
use std::str::Lines;

/// A text that somebody pasted.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Lines that are messages, in lower case, in order.
    pub(super) messages: Vec<String>,
    /// The frames of the guest's first backtrace, innermost first.
    pub(super) frames: Vec<Frame>,
    /// How many backtraces of guests it has.
    pub(super) backtraces: usize,
}

/// A frame of a guest's backtrace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Frame {
    /// The name of the core module.
    pub(super) module: Option<String>,
    /// The number of the core module, by the name of a file that jco wrote.
    pub(super) core_module: Option<u32>,
    /// The function, in the module's function index space.
    pub(super) function: Option<u32>,
    /// The function's name.
    pub(super) name: Option<String>,
    /// The byte of its instruction.
    pub(super) offset: Option<Offset>,
    /// The source line that the runtime printed.
    pub(super) source: Option<String>,
}

/// The byte of an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offset {
    /// Counted from the beginning of the file, as wasmtime does.
    File(u64),
    /// Counted from the beginning of the core module, as JavaScript engines do.
    Module(u64),
}

/// What the last lines were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    Message,
    /// A guest's backtrace.
    Guest,
    /// Frames of a host: `Stack backtrace:` of Rust, `goroutine 1 [running]:` of Go.
    Host,
    /// The stack that wazero prints for a guest.
    Wazero,
}

/// How many frames are kept. A stack that is exhausted has thousands.
const MOST_FRAMES: usize = 64;

impl Trace {
    /// Reads a text. Colors are ignored, and escaped line breaks, as logs in JSON have them, are line breaks.
    pub(super) fn of(text: &str) -> Trace {
        let text = unescaped(&without_colors(text));
        let mut trace = Trace::default();
        let mut region = Region::Message;
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            region = trace.line(line, region, &mut lines);
        }
        trace.frames.truncate(MOST_FRAMES);
        trace
    }

    /// Whether the text is about a guest, and not only about a host.
    pub(super) fn is_of_guest(&self) -> bool {
        const WORDS: [&str; 5] =
            ["wasm trap", "wasm backtrace", "wasm error", "runtimeerror:", "wasmtimeerror"];
        let of_guest = |line: &String| WORDS.iter().any(|word| line.contains(word));
        !self.frames.is_empty() || self.messages.iter().any(of_guest)
    }

    /// Takes one line, and those after it that belong to it. Returns the region of the next one.
    fn line(&mut self, line: &str, region: Region, rest: &mut Peekable<Lines<'_>>) -> Region {
        let inner = line.trim();
        let lower = inner.to_lowercase();
        if lower.ends_with("stack backtrace:") || is_goroutine(&lower) {
            return Region::Host;
        }
        if lower.contains("wasm stack trace:") {
            self.backtraces += 1;
            self.messages.push(lower);
            return Region::Wazero;
        }
        if region == Region::Host {
            // A Go runtime prints a line after each function, and an empty line after each stack.
            let goes_on = !inner.is_empty() && !lower.contains("wasm");
            return if goes_on { region } else { self.message(lower) };
        }
        if region == Region::Wazero && line.starts_with(['\t', ' ']) && !inner.is_empty() {
            self.wazero_frame(inner);
            return region;
        }
        let is_after_header = region == Region::Guest;
        if let Some((number, frame)) = wasmtime_frame(line, is_after_header) {
            self.push(frame, number == 0);
            return Region::Guest;
        }
        if let Some(frame) = script_frame(inner) {
            self.push(frame, region != Region::Guest);
            return Region::Guest;
        }
        if region == Region::Guest {
            if let Some(source) = inner.strip_prefix("at ").filter(|it| !it.contains('(')) {
                // Frames of a script engine have their place, and those of the host follow.
                let of_script = |it: &&mut Frame| matches!(it.offset, Some(Offset::Module(_)));
                let last = self.frames.last_mut().filter(|it| it.source.is_none());
                if let Some(frame) = last.filter(|it| !of_script(it)) {
                    frame.source = Some(source.to_owned());
                }
                return region;
            }
            // A function that was inlined into the frame.
            if inner.starts_with("- ") {
                return region;
            }
        }
        // Frames of JavaScript, Java and .NET, and of Firefox and Safari.
        if inner.starts_with("at ") || is_location_of_script(inner) {
            return region;
        }
        if inner.starts_with("File \"") && inner.contains("\", line ") {
            let indented =
                |line: &&str| line.starts_with("    ") && !line.trim_start().starts_with("File \"");
            while rest.next_if(indented).is_some() {}
            return Region::Message;
        }
        // Code above a line of carets.
        let carets = |line: &&str| {
            !line.trim().is_empty() && line.trim().chars().all(|it| matches!(it, '^' | '~'))
        };
        if rest.next_if(carets).is_some() {
            return Region::Message;
        }
        self.message(lower)
    }

    fn message(&mut self, line: String) -> Region {
        let is_header = line.ends_with("wasm backtrace:");
        self.messages.push(line);
        if is_header { Region::Guest } else { Region::Message }
    }

    /// Adds a frame. Only those of the first backtrace are kept.
    fn push(&mut self, frame: Frame, first: bool) {
        self.backtraces += usize::from(first || self.backtraces == 0);
        if self.backtraces == 1 && self.frames.len() < MOST_FRAMES {
            self.frames.push(frame);
        }
    }

    /// `.main(i32) i32` or `mod.$12()`; a line with an address and a source follows it.
    fn wazero_frame(&mut self, line: &str) {
        if let Some((_, source)) = line.strip_prefix("0x").and_then(|it| it.split_once(": ")) {
            if let Some(frame) = self.frames.last_mut() {
                frame.source = Some(source.to_owned());
            }
            return;
        }
        let Some((path, _)) = line.split_once('(') else { return };
        let (module, name) = path.split_once('.').unwrap_or(("", path));
        let number = name.strip_prefix('$').and_then(|it| it.parse().ok());
        let frame = Frame {
            module: some(module),
            function: number,
            name: some(name).filter(|_| number.is_none()),
            ..Frame::default()
        };
        if self.backtraces == 1 {
            self.frames.push(frame);
        }
    }
}

/// `  0:   0x8df - hello!_start`, also behind the prefix of a log. Without an offset, or without a module, only
/// `after_header` or another frame.
fn wasmtime_frame(line: &str, after_header: bool) -> Option<(u32, Frame)> {
    let (number, rest) = numbered(line)?;
    let (offset, rest) = match rest.strip_prefix("0x").and_then(|it| it.split_once(" - ")) {
        // Addresses of native code are longer.
        Some((digits, rest)) if digits.len() <= 8 => {
            (Some(Offset::File(u64::from_str_radix(digits, 16).ok()?)), rest)
        }
        Some(_) => return None,
        None if after_header => (None, rest),
        None => return None,
    };
    let (module, function) = match rest.split_once('!') {
        Some((module, function)) if !module.contains(' ') || module.starts_with('<') => {
            (module, function)
        }
        // With debug information, wasmtime prints the function alone.
        _ if offset.is_some() => ("", rest),
        _ => return None,
    };
    let index = function
        .strip_prefix("<wasm function ")
        .and_then(|it| it.strip_suffix('>'))
        .or_else(|| function.strip_prefix("wasm-function[")?.strip_suffix(']'));
    let frame = Frame {
        module: some(module),
        function: index.and_then(|it| it.parse().ok()),
        name: some(function).filter(|_| index.is_none()),
        offset,
        ..Frame::default()
    };
    Some((number, frame))
}

/// The number before the last `N: ` that begins a frame, and what follows.
fn numbered(line: &str) -> Option<(u32, &str)> {
    // The prefix of a log may contain colons, but no frame begins in it.
    let end = line.find(" - ").or_else(|| line.find('!'))?;
    let colon = line.get(..end)?.rfind(": ")?;
    let before = line.get(..colon)?;
    let start = before.rfind(|it: char| !it.is_ascii_digit()).map_or(0, |at| at + 1);
    Some((before.get(start..)?.parse().ok()?, line.get(colon + 2..)?.trim_start()))
}

/// A frame of a JavaScript engine: `at m.f (wasm://wasm/1b0f4622:wasm-function[54]:0x1dd8)`,
/// `at f (app.core2.wasm:0x1dd8)` or `f@http://host/app.core.wasm:wasm-function[54]:0x1dd8`.
fn script_frame(line: &str) -> Option<Frame> {
    let (name, place) = match line.strip_prefix("at ") {
        Some(frame) => match frame.strip_suffix(')').and_then(|it| it.rsplit_once(" (")) {
            Some((name, place)) => (name, place),
            None => ("", frame),
        },
        None => line.split_once('@').filter(|(_, place)| place.contains("wasm"))?,
    };
    let name = name.strip_prefix("async ").unwrap_or(name);
    if place == "[wasm code]" {
        let name = name.strip_prefix("<?>.wasm-function[")?.strip_suffix(']')?;
        let function = name.parse().ok();
        let name = some(name).filter(|_| function.is_none());
        return Some(Frame { function, name, ..Frame::default() });
    }
    let (file, offset) = place.rsplit_once(":0x")?;
    let offset = u64::from_str_radix(offset, 16).ok()?;
    let (file, function) = match file.rsplit_once(":wasm-function[") {
        Some((file, index)) => (file, Some(index.strip_suffix(']')?.parse().ok()?)),
        None => (file, None),
    };
    let of_wasm = function.is_some() || file.ends_with(".wasm");
    let script = file.rsplit('/').next().unwrap_or(file);
    // V8 names the module in the address and before the function: `wasm://wasm/m-0b215726`, `m.boom`.
    let module = file.strip_prefix("wasm://wasm/").and_then(|it| it.rsplit_once('-'));
    let module = module.map_or("", |(module, _)| module);
    let name = name.strip_prefix(module).and_then(|it| it.strip_prefix('.')).unwrap_or(name);
    of_wasm.then(|| Frame {
        module: some(module),
        core_module: core_number(script),
        function,
        name: some(name),
        offset: Some(Offset::Module(offset)),
        source: None,
    })
}

/// The number of the core module in a file that `jco transpile` wrote: 0 for `app.core.wasm`, 1 for `app.core2.wasm`.
fn core_number(file: &str) -> Option<u32> {
    let (_, number) = file.strip_suffix(".wasm")?.rsplit_once(".core")?;
    match number {
        "" => Some(0),
        number => number.parse::<u32>().ok()?.checked_sub(1),
    }
}

fn is_goroutine(line: &str) -> bool {
    line.starts_with("goroutine ") && line.ends_with(":")
}

/// `f@http://host/app.js:12:3`, a frame of Firefox or Safari.
fn is_location_of_script(line: &str) -> bool {
    let mut parts = line.rsplitn(3, ':');
    let mut number = || {
        parts.next().is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
    };
    number() && number() && line.contains('@') && line.contains("://")
}

/// A name, unless there is none.
fn some(name: &str) -> Option<String> {
    let name = name.trim();
    (!name.is_empty() && name != "<unknown>").then(|| name.to_owned())
}

/// The text without escape sequences of a terminal.
fn without_colors(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        plain.push_str(&rest[..at]);
        let sequence = &rest[at + 1..];
        let mut bytes = sequence.bytes();
        let end = match bytes.next() {
            Some(b'[') => bytes.position(|it| !(b' '..=b'?').contains(&it)),
            Some(b']') => bytes.position(|it| matches!(it, b'\x07' | b'\x1b')),
            _ => None,
        };
        // The byte that ends it is one of it, unless another sequence begins there.
        let tail = end.and_then(|end| sequence.get(end + 1..)).unwrap_or(sequence);
        let own = |it: char| it == '\u{7}' || it.is_ascii_alphabetic() || it == '~';
        rest = tail.strip_prefix("\u{1b}\\").or_else(|| tail.strip_prefix(own)).unwrap_or(tail);
    }
    plain + rest
}

/// The text with the line breaks, tabs and quotes that are escaped in lines about a guest.
fn unescaped(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let is_escaped = line.contains("\\n") && line.to_lowercase().contains("wasm");
        match is_escaped {
            true => line.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\""),
            false => line.to_owned(),
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_all_engines() {
        let frame = |line: &str| {
            let frame = script_frame(line.trim());
            let frame = frame.or_else(|| wasmtime_frame(line, true).map(|(_, frame)| frame));
            frame.map(|it| {
                let (Offset::File(offset) | Offset::Module(offset)) =
                    it.offset.unwrap_or(Offset::File(0));
                let name = it.name.unwrap_or_else(|| format!("#{}", it.function.unwrap_or(99)));
                format!("{} {name} {offset:x}", it.module.unwrap_or_default())
            })
        };
        for (line, expected) in [
            ("    0:  0x8df - hello!_start", Some("hello _start 8df")),
            ("    0:    0xc4f - <unknown>!<wasm function 6>", Some(" #6 c4f")),
            ("api-1  | 10:35:01 0: 0xc4f - m!a::b::{{c}}", Some("m a::b::{{c}} c4f")),
            ("    0: m!rec", Some("m rec 0")),
            ("    0: 0xf949e - panic_abort::abort::h05", Some(" panic_abort::abort::h05 f949e")),
            (
                "1: 0x32fd - wit-component:adapter:wasi_snapshot_preview1!wasi:cli/run@0.2.12#run",
                Some("wit-component:adapter:wasi_snapshot_preview1 wasi:cli/run@0.2.12#run 32fd"),
            ),
            ("at wasm://wasm/ee6e701e:wasm-function[6]:0x186", Some(" #6 186")),
            ("at m.boom (wasm://wasm/m-0b215726:wasm-function[0]:0x94)", Some("m boom 94")),
            ("at f (http://localhost/a.core2.wasm:0x94)", Some(" f 94")),
            ("f@http://localhost/a.core2.wasm:wasm-function[7]:0x94", Some(" f 94")),
            ("<?>.wasm-function[run]@[wasm code]", Some(" run 0")),
            ("    0: failed to invoke `run` function", None),
            ("    1: wasm trap: wasm `unreachable` instruction executed", None),
            ("   0:     0x562b8a1c7d3e - std::panicking::begin_panic", None),
            ("    at Object.run (file:///app/hello.js:7138:10)", None),
            ("    at main (main.go:12)", None),
        ] {
            assert_eq!(frame(line).as_deref(), expected, "{line}");
        }
        assert_eq!(core_number("a.core.wasm"), Some(0));
        assert_eq!(core_number("a.core3.wasm"), Some(2));
        assert_eq!(core_number("a.wasm"), None);
    }

    #[test]
    fn what_a_host_says_of_itself_is_no_message() {
        let python = "Traceback (most recent call last):\n  File \"a.py\", line 4, in <module>\n    \
                      f.post_return(store)\n    ~~~~~~~^^^^^^^\nKeyError: 'x'";
        let messages = Trace::of(python).messages;
        assert_eq!(messages, ["traceback (most recent call last):", "keyerror: 'x'"]);
        let go = "panic: no\n\ngoroutine 1 [running]:\nmain.callPostReturn(0x1)\n\t/a/main.go:1 +0x1\nexit status 2\n";
        assert_eq!(Trace::of(go).messages, ["panic: no", ""]);
    }

    #[test]
    fn escape_sequences_are_dropped() {
        let text = "\u{1b}[1;31ma\u{1b}[0m\u{1b}]8;;https://x\u{1b}\\b\u{1b}]8;;\u{7}c";
        assert_eq!(without_colors(text), "abc");
        let open = "\u{1b}[".repeat(1 << 16);
        assert!(without_colors(&open).len() < 2);
    }

    #[test]
    fn no_text_is_too_odd() {
        for text in
            ["", "\u{1b}", "\u{1b}[", "\u{1b}]8;;", "0: ", ": - !", "at (", "@wasm", "0: 0x - !"]
        {
            Trace::of(text);
            Trace::of(&text.repeat(1000));
        }
    }
}
