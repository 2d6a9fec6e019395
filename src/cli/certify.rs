//! `secondcall certify`: what a check found of a component, as a signed statement.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::slice;

use clap::Args;

use super::check_options::CheckOptions;
use super::envelope::{self, Form};
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use super::output::{document, files_to_write};
use super::{image, keys};
use crate::atomic_file;
use crate::check::error::CheckError;
use crate::check::inputs;
use crate::check::request::Request;
use crate::check::settle::baseline;
use crate::config::date;
use crate::registry::{Access, Attached, Reference, Signed};
use crate::report::certificate::{Found, PREDICATE, Statement, Subject};
use crate::report::json;
use crate::report::style::{LINE_LIMIT, Style};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Component to check: a binary, or a reference to an image with one
    #[arg(value_name = "FILE")]
    path: PathBuf,
    /// Private ed25519 key in PEM (PKCS#8), to sign with
    #[arg(short, long, value_name = "FILE", required_unless_present = "unsigned")]
    key: Option<PathBuf>,
    /// Write the statement without a signature, to be signed elsewhere
    #[arg(long, conflicts_with = "key")]
    unsigned: bool,
    /// Write a Sigstore bundle, for cosign 3 and Kyverno
    ///
    /// The signed statement is in it.
    #[arg(long, conflicts_with = "unsigned")]
    bundle: bool,
    /// Manifest of an OCI image with the component in it
    ///
    /// The certificate is then about that image, too: a registry, cosign and Kyverno know an image by the digest of its
    /// manifest. May be repeated.
    #[arg(long = "image", value_name = "MANIFEST")]
    images: Vec<PathBuf>,
    /// Attach it to the image in its registry
    ///
    /// FILE must name the image, such as oci://registry/name:tag. `verify` finds it there, and with --bundle also cosign 3 and
    /// Kyverno. Docker's or wkg's credentials must allow to write.
    #[arg(long, conflicts_with = "unsigned")]
    attach: bool,
    /// Time to record, such as 2026-11-29T12:00:00Z, or `now`; without it, no time is recorded
    #[arg(long, value_name = "TIME", value_parser = time)]
    time: Option<String>,
    /// File to write, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    options: CheckOptions,
}

fn time(text: &str) -> Result<String, String> {
    match text {
        "now" => Ok(date::at(std::time::SystemTime::now())),
        text => date::time(text),
    }
}

pub(super) fn run(
    arguments: &Arguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> failure::Result {
    let Arguments { path, options, .. } = arguments;
    if arguments.attach {
        is_attachable(path, options.access()).map_err(|message| usage(path, message))?;
    }
    files_to_write(arguments.output.iter().map(PathBuf::as_path))?;
    let key = arguments.key.as_deref().map(keys::read_private).transpose()?;
    // A level says what is wanted, and not what was found.
    let request = Request { no_levels: true, ..options.request() };
    // Each of them would be examined before the answer is no.
    if path.is_dir() {
        let found = inputs::find(slice::from_ref(path), request.access).list.len();
        if found > 1 {
            return Err(usage(path, &format!("it holds {found} components: name one")));
        }
    }
    let mut outcome = options.check_as(&request, slice::from_ref(path))?;
    if let Some(path) = request.baseline() {
        outcome.hide(&baseline(&path)?, request.no_ignores);
    }
    let mut document = document(&outcome.run);
    // The configuration's does not count here.
    document.head.run.fail_on = options.chosen_fail_on().flatten();
    if let Some(failure) = document.errors.first() {
        return Err(CheckError::unreadable(format!("{}: {}", failure.path, failure.sentence())));
    }
    let artifact = match document.artifacts.as_slice() {
        [artifact] if !artifact.is_encoded() => artifact,
        [_] => return Err(usage(path, "only a binary component has bytes to certify")),
        [] => return Err(CheckError::NoInputs(format!("{}: no component", path.display()).into())),
        _ => return Err(usage(path, "it leads to several components: name one")),
    };
    if let Some(host) = artifact.hosts.iter().find(|it| !it.settings.is_empty()) {
        let id = &host.id;
        let text = format!("it limits the calls of {id}: name the component, with --host {id}");
        return Err(usage(path, &text));
    }
    let images = arguments.images.iter().map(|manifest| {
        image::subject(manifest, &artifact.sha256).map_err(|message| usage(manifest, &message))
    });
    let mut images = images.collect::<Result<Vec<_>, _>>()?;
    let fetched = artifact.fetched.as_ref();
    let manifest = fetched.and_then(|it| it.manifest.as_ref()?.strip_prefix("sha256:"));
    if let (Some(fetched), Some(manifest)) = (fetched, manifest) {
        let is_new = images.iter().all(|it| it.digest.sha256 != manifest);
        images.extend(is_new.then(|| Subject::new(fetched.reference.clone(), manifest.to_owned())));
    }
    let statement = Statement::of(&document, artifact, images, arguments.time.clone());
    let mut text = Vec::new();
    json::compact(&statement, &mut text).map_err(unwritten)?;
    let form = if arguments.bundle { Form::Bundle } else { Form::Envelope };
    if let Some(key) = &key {
        text = envelope::sealed(&text, key, form)?.into_bytes();
    }
    let text = [&text[..], b"\n"].concat();
    match &arguments.output {
        None => out.write_all(&text).map_err(unwritten)?,
        Some(file) => {
            atomic_file::write(file, &text)
                .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        }
    }
    // If standard error is closed, nobody reads it.
    for Subject { name, digest } in statement.subject.iter().skip(1) {
        let text = format!("image: sha256:{} ({name})", digest.sha256);
        let _ = writeln!(err, "{}", Style::PLAIN.printable(&text, LINE_LIMIT));
    }
    for answer in &artifact.answers {
        let text = format!("found: {}: {}", answer.host, answer.text);
        let _ = writeln!(err, "{}", Style::PLAIN.printable(&text, LINE_LIMIT));
    }
    if let (true, Some(image)) = (arguments.attach, fetched.and_then(|it| it.manifest.as_ref())) {
        let signed =
            Signed { bytes: &text, is_bundle: form == Form::Bundle, predicate_type: PREDICATE };
        let Attached { reference, is_new } =
            inputs::argument(path, options.access()).attach(image, &signed).map_err(|failure| {
                let why = failure.sentence();
                usage(path, &format!("the certificate is written, and not attached: {why}"))
            })?;
        let head = if is_new { "attached" } else { "attached already" };
        let text = format!("{head}: {reference}");
        let _ = writeln!(err, "{}", Style::PLAIN.printable(&text, LINE_LIMIT));
    }
    if arguments.time.is_none() {
        let text = "note: no time is recorded (--time now): a policy with `max-age` refuses it";
        let _ = writeln!(err, "{text}");
    }
    let least = options.chosen_fail_on().flatten();
    let fails = |it: &Found| least.is_some_and(|least| it.severity >= least);
    Ok(match statement.predicate.findings.iter().any(fails) {
        true => ExitCode::Findings,
        false => ExitCode::of_skipped(&outcome),
    })
}

/// # Errors
/// If nothing can be attached to what `path` names: the reason.
fn is_attachable(path: &Path, access: Access) -> Result<(), &'static str> {
    if !path.to_str().is_some_and(Reference::is) {
        return Err(
            "--attach needs the image's name, such as oci://registry/name:tag: a file, also one with --image, does not say \
             where the image is",
        );
    }
    match access.network {
        true => Ok(()),
        false => Err("--attach asks the registry, and --offline forbids it"),
    }
}

fn usage(path: &Path, text: &str) -> CheckError {
    CheckError::usage(format!("{}: {text}", path.display()))
}
