//! `check --watch`: runs a check again after each change of its inputs.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::check::inputs;
use crate::check::paths::as_given;
use crate::check::stamp::{Stamps, stamp};
use crate::registry::Access;
use crate::report::style::{LINE_LIMIT, Style};
use crate::report::wording::counted;

/// Pause between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(200);
/// A build is over if no file changed for this long.
const QUIET: Duration = Duration::from_millis(300);
/// Longest wait for a build that goes on writing.
const LONGEST: Duration = Duration::from_secs(20);
/// Pause between two searches for new inputs, at least; and the share of the time that searches take, at most.
const SEARCH: (Duration, u32) = (Duration::from_secs(2), 20);

/// The files of a check.
pub(super) struct Watched<'a> {
    /// What was searched for inputs.
    pub(super) paths: &'a [PathBuf],
    /// Files that matter whether or not they are inputs.
    pub(super) files: Vec<PathBuf>,
}

impl Watched<'_> {
    /// The stamps of all files, including those that are found now. A registry is not asked whether a tag has moved.
    pub(super) fn stamps(&self) -> Stamps {
        let found = inputs::find(self.paths, Access::CACHE);
        let inputs =
            found.list.iter().map(|it| it.path().map_or(it.shown_path().into(), Path::to_owned));
        let manifests = found.manifests.iter().map(|it| it.path.clone());
        let files = inputs.chain(manifests).chain(self.files.iter().cloned());
        files.map(|file| (file.clone(), stamp(&file))).collect()
    }

    /// Waits until a file changes, appears or is gone, and then until the build that did it is over. `before` are stamps
    /// from before the check, which a build may have outrun.
    pub(super) fn wait(&self, before: Stamps, err: &mut dyn Write) {
        let mut known = self.stamps();
        for (file, stamp) in before {
            known.entry(file).and_modify(|it| *it = stamp);
        }
        // Ignores a closed standard error: the reports still come.
        let _ = writeln!(err, "watching {}; Ctrl-C ends", counted(known.len() as u64, "file"));
        let (mut searched, mut pause) = (Instant::now(), SEARCH.0);
        loop {
            thread::sleep(INTERVAL);
            let now = if searched.elapsed() < pause {
                known.keys().map(|file| (file.clone(), stamp(file))).collect()
            } else {
                let start = Instant::now();
                let now = self.stamps();
                (searched, pause) = (Instant::now(), SEARCH.0.max(start.elapsed() * SEARCH.1));
                now
            };
            if now != known {
                let changed = now.iter().filter(|(file, stamp)| known.get(*file) != Some(stamp));
                let gone = known.iter().filter(|(file, _)| !now.contains_key(*file));
                let changed: Vec<_> = changed.chain(gone).map(|(file, _)| as_given(file)).collect();
                let first = changed.first().map_or("", String::as_str);
                let more = match changed.len() {
                    0 | 1 => String::new(),
                    count => format!(" and {} more", count - 1),
                };
                known = now;
                settle(&mut known);
                if io::stdout().is_terminal() && io::stderr().is_terminal() {
                    print(err, "\x1b[2J\x1b[3J\x1b[H");
                }
                let line = Style::PLAIN.printable(&format!("changed: {first}{more}"), LINE_LIMIT);
                print(err, &format!("{line}\n"));
                return;
            }
        }
    }
}

/// Waits until no file changes any more.
fn settle(known: &mut Stamps) {
    let start = Instant::now();
    let mut last = start;
    while last.elapsed() < QUIET && start.elapsed() < LONGEST {
        thread::sleep(INTERVAL / 4);
        let now = known.keys().map(|file| (file.clone(), stamp(file))).collect();
        if now != *known {
            *known = now;
            last = Instant::now();
        }
    }
}

fn print(err: &mut dyn Write, text: &str) {
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
