//! Repairs a component: plans, rewrites, compares calls of the result with calls of the original, and only then writes it.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use crate::atomic_file;
use crate::check::error::CheckError;
use crate::check::inputs::{self, Loaded};
use crate::check::patterns::mismatch;
use crate::check::request::Request;
use crate::check::verify::{self, Compared, How, Pair};
use crate::cli::alone;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure::{self, unwritten};
use crate::component::Component;
use crate::config::glob;
use crate::exec;
use crate::location::ExportName;
use crate::repair::verification::{Reused, Verification};
use crate::repair::{Choice, RepairError, Repaired, ResetModule, repair};
use crate::report::style::{LINE_LIMIT, Style};
use crate::report::wording::counted;

/// A component to repair.
pub(super) struct Repair<'a> {
    /// `-` is standard input.
    pub(super) path: &'a Path,
    /// The file to write, or `-` for standard output; `None` to write nothing and only say what would be done.
    pub(super) output: Option<&'a Path>,
    /// Globs of exports that keep the state of the call before.
    pub(super) keep: &'a [String],
    /// Whether `wasi:cli/run` returns instead of exiting.
    pub(super) exits: bool,
    pub(super) unverified: bool,
}

impl Repair<'_> {
    pub(super) fn run(
        &self,
        mut request: Request,
        style: Style,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> failure::Result {
        let verifies = self.output.is_some() && !self.unverified;
        if let Some(reason) = exec::MISSING.filter(|_| verifies) {
            let message = format!("the repaired component cannot be verified: {reason}");
            return Err(CheckError::usage(message));
        }
        let source = inputs::argument(self.path, request.access);
        let input = alone::read(&source);
        let component = failure::component(&input)?;
        let fresh = std::mem::take(&mut request.exports);
        let names: Vec<_> = component.exports.iter().map(|it| &it.name).collect();
        for (option, patterns) in [("--keep", self.keep), ("--export", &fresh)] {
            let mut unmatched = patterns.iter().filter_map(|it| mismatch(option, it, &names));
            if let Some(message) = unmatched.next() {
                return Err(CheckError::usage(message));
            }
        }
        let matches =
            |globs: &[String], name: &_| globs.iter().any(|it| glob::matches_export(it, name));
        let keeps = |name: &ExportName| {
            matches(self.keep, name) || !fresh.is_empty() && !matches(&fresh, name)
        };
        let choice = Choice { keeps: &keeps, exits: self.exits, verified: !self.unverified };
        let mut lines = Lines::of(&input.path, self.output, style, (out, err))?;
        let repaired = match repair(&component, &choice) {
            Ok(repaired) => repaired,
            Err(RepairError::Refused(refusals)) => {
                for refusal in refusals {
                    lines.write(&format!("not repaired: {refusal}"))?;
                }
                return Ok(ExitCode::Findings);
            }
            Err(error) => return Err(CheckError::usage(format!("{}: {error}", input.path))),
        };
        lines.plan(&component, &repaired)?;
        let Some(output) = self.output else {
            lines.write("nothing is written, as --dry-run asks")?;
            return Ok(ExitCode::Clean);
        };
        if !verifies {
            lines.write("not verified, as --unverified asks: the component says so, too")?;
        } else if !self.verify(
            &request,
            source.path(),
            &input,
            &component,
            &repaired,
            &mut lines,
        )? {
            return Ok(ExitCode::Findings);
        }
        lines.save(output, &repaired.bytes)?;
        Ok(ExitCode::Clean)
    }

    /// Calls original and result, and prints what is alike or the first difference.
    fn verify(
        &self,
        request: &Request,
        path: Option<&Path>,
        input: &Loaded,
        original: &Component<'_>,
        repaired: &Repaired,
        lines: &mut Lines<'_>,
    ) -> Result<bool, CheckError> {
        let Repaired { bytes: rewritten, keeping, exiting, .. } = repaired;
        let how = How::Repaired { keeping, exiting };
        let pair = Pair { path, input, original, rewritten, how };
        let Compared { verification, exits, first } = verify::compare(request, &pair)?;
        lines.verification(&verification)?;
        if exits && exiting.is_empty() && !verification.is_complete() {
            lines.write("an exit ends the instance: --exit lets `wasi:cli/run` return instead")?;
        }
        if let Some((export, first)) = first.filter(|_| !verification.is_complete()) {
            lines.write(&format!(
                "`{export}` needs an earlier call of `{first}`: --keep '{export}' lets it find what that call left"
            ))?;
        }
        Ok(verification.is_complete())
    }
}

/// Prints lines about a component, below its path, and saves it.
pub(super) struct Lines<'a> {
    /// `None` once it is printed.
    path: Option<&'a str>,
    style: Style,
    out: &'a mut dyn Write,
    /// Standard output, if the component goes there; `out` is standard error then.
    component: Option<&'a mut dyn Write>,
}

impl<'a> Lines<'a> {
    /// Lines about the component at `path`, which goes to `output`.
    ///
    /// # Errors
    /// If that is a terminal.
    pub(super) fn of(
        path: &'a str,
        output: Option<&Path>,
        style: Style,
        (out, err): (&'a mut dyn Write, &'a mut dyn Write),
    ) -> Result<Lines<'a>, CheckError> {
        let path = Some(path);
        if output.is_none_or(|it| it.as_os_str() != "-") {
            return Ok(Lines { path, style, out, component: None });
        }
        if io::stdout().is_terminal() {
            let help = "name a file, or redirect: secondcall fix app.wasm -o - > app.fresh.wasm";
            return Err(format!("a component is not for a terminal: {help}").into());
        }
        Ok(Lines { path, style, out: err, component: Some(out) })
    }

    /// Writes the component, whole or not at all, and says where.
    pub(super) fn save(&mut self, output: &Path, bytes: &[u8]) -> Result<(), CheckError> {
        if let Some(out) = &mut self.component {
            out.write_all(bytes).map_err(unwritten)?;
            return self.write("written to standard output");
        }
        atomic_file::write(output, bytes)
            .map_err(|error| format!("cannot write {}: {error}", output.display()))?;
        self.write(&format!("written to {}", output.display()))
    }

    pub(super) fn write(&mut self, line: &str) -> Result<(), CheckError> {
        if let Some(path) = self.path.take() {
            writeln!(self.out, "{}", self.style.printable(path, LINE_LIMIT)).map_err(unwritten)?;
        }
        writeln!(self.out, "  {}", self.style.printable(line, LINE_LIMIT)).map_err(unwritten)
    }

    fn plan(&mut self, component: &Component<'_>, repaired: &Repaired) -> Result<(), CheckError> {
        for module in &repaired.modules {
            self.write(&reset(module))?;
        }
        if repaired.kinds > 0 {
            let kinds = counted(repaired.kinds as u64, "kind");
            self.write(&format!(
                "handles of {kinds} are remembered, and dropped at the next call"
            ))?;
        }
        if repaired.resources {
            self.write("while a resource of the component is alive, its state stays")?;
        }
        for export in &repaired.exiting {
            self.write(&format!(
                "`{export}` returns `err` instead of exiting with failure, and `ok` instead of success"
            ))?;
        }
        for export in &repaired.keeping {
            self.write(&format!(
                "`{export}` goes on with the state of the call before, until another export is called"
            ))?;
        }
        if repaired.lost_names {
            self.write("a name section is malformed: what cannot be read of it is left out")?;
        }
        let bytes: u64 = repaired.modules.iter().map(ResetModule::bytes).sum();
        if bytes > 0 {
            let stack = match repaired.modules.iter().any(|module| module.stack.is_some()) {
                true => ", and the part of the stack that was used",
                false => "",
            };
            self.write(&format!("each call resets {}{stack}", counted(bytes, "byte")))?;
        }
        let (before, after) = (component.file.len(), repaired.bytes.len());
        let change = after as i64 - before as i64;
        self.write(&format!("{before} bytes become {after} ({change:+})"))
    }

    pub(super) fn verification(&mut self, verification: &Verification) -> Result<(), CheckError> {
        if let Some(difference) = verification.differences.first() {
            return self.write(&format!("not written: {difference}"));
        }
        for (export, why) in &verification.unseen {
            self.write(&format!(
                "not written: `{export}` could not be compared: {why}; --unverified writes it anyway"
            ))?;
        }
        for compared in &verification.compared {
            let export = &compared.export;
            let line = match compared.reused {
                Some(Reused { calls, repeats }) => format!(
                    "verified: {calls} calls of `{export}` on one instance, and {repeats} more, like fresh ones"
                ),
                None => format!(
                    "verified: {} of `{export}`, each on a fresh instance, like the original's; its state stays",
                    counted(u64::from(compared.fresh), "call")
                ),
            };
            self.write(&line)?;
        }
        Ok(())
    }
}

/// What is reset of a core module.
fn reset(module: &ResetModule) -> String {
    let name = module.name.as_ref().map_or(String::new(), |name| format!(" `{name}`"));
    let globals = (module.globals > 0).then(|| counted(module.globals as u64, "global"));
    let stack = module.stack.map_or(String::new(), |stack| {
        format!(", of its stack of {stack} bytes only what was used")
    });
    let memories = module.pages.iter().map(|pages| {
        let pages = counted(u64::from(*pages), "page");
        format!("a memory of {pages}{stack}")
    });
    let tables = (module.tables > 0).then(|| counted(module.tables as u64, "table"));
    let parts: Vec<_> = globals.into_iter().chain(tables).chain(memories).collect();
    format!("resets core module {}{name}: {}", module.index, parts.join(" and "))
}
