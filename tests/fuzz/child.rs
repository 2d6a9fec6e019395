//! The process that executes a target. Inputs are made from numbers, so that the process that started it can make the one
//! that ended it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::MEMORY;
use super::targets::random::Random;
use super::targets::{LARGEST, Reads, Target, generate, shells, tree};
use super::{seeds, texts};

/// Stack of the thread that executes, in bytes: that of the program's own threads.
const STACK: usize = 64 << 20;
/// Processor time of an execution, at most.
const TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 16 } else { 4 });
/// Memory of an execution, in bytes: so much, and so many times the size of its input.
const BYTES: (usize, usize) = (96 << 20, 8);
/// An execution that takes so long is ended, in processor time or in time.
const HANGS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(600));
/// Failures that are kept, at most.
const MOST: usize = 20;

/// The message of the last panic of this process.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// What a process is to execute: `count` inputs from the number `first` on, for so many seconds at most.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) target: &'static Target,
    pub(crate) first: u64,
    pub(crate) count: u64,
    pub(crate) seconds: u64,
}

/// Makes the inputs of a target.
pub(crate) struct Maker {
    target: &'static Target,
    components: Vec<Vec<u8>>,
    texts: Vec<Vec<u8>>,
}

impl Maker {
    pub(crate) fn new(target: &'static Target) -> Self {
        let components = shells::components(LARGEST);
        Maker { target, texts: seeds::texts(target.name, &components), components }
    }

    /// The input with this number.
    pub(crate) fn input(&self, number: u64) -> Vec<u8> {
        let random = &mut Random::new(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        if self.target.reads == Reads::Component {
            let shells = &self.components;
            let mut any = || &shells[random.below(shells.len() as u64) as usize];
            let (shell, donor) = (any(), any());
            if random.percent(45) {
                let size = 1 + random.below(4096) as usize;
                let food = random.bytes(size);
                // An expanded input is understood by another version of the generator, too.
                let made = panic::catch_unwind(|| generate::component(&food, shells));
                return made.ok().flatten().unwrap_or_default();
            }
            if let (Some(mut tree), Some(donor), false) =
                (tree::Part::of(shell), tree::Part::of(donor), random.percent(20))
            {
                (0..=random.below(5)).for_each(|_| tree.mutate(random, &donor));
                return tree.encode();
            }
            let mut bytes = shell.clone();
            (0..=random.below(5)).for_each(|_| tree::change(&mut bytes, random));
            return bytes;
        }
        let mut any = || &self.texts[random.below(self.texts.len() as u64) as usize];
        let (text, donor) = (any(), any());
        match serde_json::from_slice(text) {
            Ok(value) if random.percent(80) => {
                let mut value = texts::disturbed(value, random);
                if self.target.name == "lsp" {
                    texts::shuffle(&mut value, random);
                }
                value.to_string().into_bytes()
            }
            _ => texts::damaged(text, donor, random),
        }
    }
}

/// Executes an order, and writes the number of each input to `progress` before it is made. Prints a line for each failure
/// and one for what was done, and keeps inputs that fail in `folder`.
pub(crate) fn run(order: Order, progress: &Path, folder: &Path) {
    panic::set_hook(Box::new(|panic| {
        *PANIC.lock().expect("no panic holds it") = panic.to_string()
    }));
    let current: &'static AtomicU64 = Box::leak(Box::new(AtomicU64::new(order.first)));
    thread::spawn(move || watch(current));
    let (progress, folder) = (progress.to_owned(), folder.to_owned());
    let work = move || execute(&order, current, &progress, &folder);
    let worker = thread::Builder::new().stack_size(STACK).spawn(work);
    worker.expect("a thread can be started").join().expect("the harness itself does not panic");
}

fn execute(order: &Order, current: &AtomicU64, progress: &Path, folder: &Path) {
    let begun = Instant::now();
    let maker = Maker::new(order.target);
    let mut progress = Progress(File::create(progress).expect("the progress can be written"));
    // What a target makes once is not of its first input.
    let _: thread::Result<bool> =
        panic::catch_unwind(|| (order.target.body)(&maker.input(order.first)));
    let (mut done, mut accepted, mut failures) = (0, 0, 0);
    for number in order.first..order.first + order.count {
        if begun.elapsed() > Duration::from_secs(order.seconds) || failures == MOST {
            break;
        }
        current.store(number, Ordering::Relaxed);
        progress.write(number);
        let input = maker.input(number);
        match measured(order.target, &input) {
            Ok(is_accepted) => accepted += u64::from(is_accepted),
            Err(what) => {
                failures += 1;
                let kept = keep(order.target, number, &input, folder);
                say(&format!("failed {number}: {what}: {kept}"));
            }
        }
        done += 1;
    }
    say(&format!("done {done} {accepted}"));
}

/// Executes a target once. Returns whether the input is accepted.
///
/// # Errors
/// What is wrong with that: a panic, or too much time or memory.
fn measured(target: &Target, input: &[u8]) -> Result<bool, String> {
    MEMORY.reset_peak_usage();
    let (before, begun) = (MEMORY.current_usage(), processor_time());
    let done = panic::catch_unwind(AssertUnwindSafe(|| (target.body)(input)));
    let (time, memory) = (processor_time() - begun, MEMORY.peak_usage().saturating_sub(before));
    let most = BYTES.0 + BYTES.1 * input.len();
    match done {
        Err(_) => Err(PANIC.lock().expect("no panic holds it").replace('\n', " ")),
        Ok(_) if time > TIME => Err(format!("takes {time:?}")),
        Ok(_) if memory > most => Err(format!("takes {memory} bytes, more than {most}")),
        Ok(is_accepted) => Ok(is_accepted),
    }
}

/// Keeps an input in a folder, and returns its path.
pub(crate) fn keep(target: &Target, number: u64, input: &[u8], folder: &Path) -> String {
    let path = folder.join(format!("{}-{number}", target.name));
    fs::write(&path, input).expect("an input can be kept");
    path.display().to_string()
}

struct Progress(File);

impl Progress {
    /// Replaces the number in the file.
    fn write(&mut self, number: u64) {
        use std::io::{Seek, SeekFrom};
        let written =
            self.0.seek(SeekFrom::Start(0)).and_then(|_| self.0.write_all(&number.to_le_bytes()));
        written.expect("the progress can be written");
    }
}

/// Ends this process when one execution does not end.
fn watch(current: &AtomicU64) {
    let (mut number, mut since) =
        (current.load(Ordering::Relaxed), (processor_time(), Instant::now()));
    loop {
        thread::sleep(Duration::from_millis(200));
        let is = current.load(Ordering::Relaxed);
        if is != number {
            (number, since) = (is, (processor_time(), Instant::now()));
        } else if processor_time() - since.0 > HANGS.0 || since.1.elapsed() > HANGS.1 {
            process::exit(super::HUNG);
        }
    }
}

/// Processor time of this process. Elsewhere than on Unix, the time that passed.
fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        use rustix::time::{ClockId, clock_gettime};
        clock_gettime(ClockId::ProcessCPUTime).try_into().expect("time does not run backwards")
    }
    #[cfg(not(unix))]
    {
        use std::sync::LazyLock;
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

fn say(line: &str) {
    let mut out = io::stdout();
    writeln!(out, "{line}").and_then(|()| out.flush()).expect("standard output can be written to");
}
