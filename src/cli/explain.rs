//! `secondcall explain`: a rule, a host, a word of the report, a finding, or why a call failed, by what was printed.

mod explanation;
mod known;
mod markdown;
mod places;
mod terms;
mod text;
mod trace;

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use super::fetch_options::FetchOptions;
use super::listing::{Format, Listing};
use super::{alone, hosts, last_report, render, rules};
use crate::check;
use crate::check::error::CheckError;
use crate::check::inputs::{self, Loaded};
use crate::check::request::Request;
use crate::config::accept::is_id;
use crate::config::nearest;
use crate::profile::Profile;
use crate::registry::Access;
use crate::report::Judged;
use crate::report::binaries::Binaries;
use crate::report::document::{self, Document};
use crate::report::style::Style;
use crate::report::text::one_finding;
use crate::rule::Rule;
use explanation::Explanation;
use places::Places;
use terms::Term;
use trace::Trace;

/// The longest text that is read, in bytes.
const LONGEST: u64 = 4 << 20;
/// How much of an unknown topic an error repeats, in characters.
const TOPIC_LIMIT: usize = 60;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to explain; standard input if missing
    ///
    /// A rule, a host, a word of the report (verdict, hazard, exit code, reason, severity), the id of a finding, or what
    /// was printed when a call failed: as text, as the name of a file, or - for standard input.
    #[arg(value_name = "TOPIC|TEXT|FILE")]
    topic: Option<String>,
    /// Component that failed, or where to look for a finding
    ///
    /// With the component, offsets in a backtrace become functions and source lines. For the id of a finding: components,
    /// folders, or a report saved with `--format json` [default: the current folder].
    #[arg(value_name = "COMPONENT|REPORT")]
    inputs: Vec<PathBuf>,
    /// Format of the explanation
    #[arg(short, long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    fetch: FetchOptions,
}

/// What was explained.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Topic {
    Rule(rules::Item),
    Host(&'static Profile),
    Term(&'static Term),
    Finding { finding: Box<document::Finding>, path: String, rule: Option<rules::Item> },
    Failure(Explanation),
}

pub(super) fn run(
    arguments: &Arguments,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> failure::Result {
    let topic = match arguments.topic.as_deref().map(str::trim) {
        None | Some("-") => standard_input(arguments)?,
        Some(topic) => topic.to_owned(),
    };
    let topic = topic.trim();
    if topic.is_empty() {
        let help = "the mark of the verdict table is explained by `secondcall explain mark -`";
        let help = if arguments.topic.as_deref() == Some("-") { help } else { "" };
        let separator = if help.is_empty() { "" } else { "; " };
        let message = format!("there is no text: paste what was printed{separator}{help}");
        return Err(CheckError::usage(message));
    }
    // The words of `exit code 5`, without quotes.
    let words = arguments.inputs.iter().map(|path| path.to_string_lossy());
    let words = [topic.into()].into_iter().chain(words).collect::<Vec<_>>().join(" ");
    let explained = if let Some(named) = named(&words, rules) {
        named
    } else if named(topic, rules).is_some() {
        let message = format!("`{topic}` takes no component: secondcall explain {topic}");
        return Err(CheckError::usage(message));
    } else if let Some(message) = terms::unknown_exit_code(&words) {
        return Err(CheckError::usage(message));
    } else if is_id(topic) {
        return finding(topic, arguments, rules, style, out);
    } else {
        let text = file(topic)?;
        let name = text.as_ref().map(|_| topic);
        let text = text.unwrap_or_else(|| topic.to_owned());
        match reported(&text, rules) {
            Some((_, topic)) if arguments.inputs.is_empty() => topic,
            _ => Topic::Failure(failure(&text, name, arguments, rules)?),
        }
    };
    let written = match arguments.format {
        Format::Json => Listing::of("secondcall-explanation", &explained).write(out),
        Format::Human => match &explained {
            Topic::Rule(item) => text::page(item.rule, style, out),
            Topic::Host(host) => hosts::explained(host, style, out),
            Topic::Term(term) => text::term(term, rules, style, out),
            Topic::Failure(failure) => text::failure(failure, rules, style, out),
            // It was printed with its code.
            Topic::Finding { .. } => Ok(()),
        },
    };
    written.map(|()| ExitCode::Clean).map_err(unwritten)
}

/// The rule, host or word of the report with this name.
fn named(name: &str, rules: &[&'static Rule]) -> Option<Topic> {
    let alike = |rule: &&&Rule| rule.id == name || rule.id.replace('_', "-") == name;
    let rule = rules.iter().find(alike).map(|rule| Topic::Rule(rules::Item::of(rule)));
    let host = || Profile::by_id(name).map(Topic::Host);
    rule.or_else(host).or_else(|| terms::find(name).map(Topic::Term))
}

/// The word in the heading of the first finding of a report: `error[run_once_guard]: …`.
fn reported<'a>(text: &'a str, rules: &[&'static Rule]) -> Option<(&'a str, Topic)> {
    let words = text.lines().flat_map(|line| {
        let after = ["error[", "warning[", "note["].map(|it| Some(line.split_once(it)?.1));
        after.into_iter().flatten()
    });
    let mut words = words.filter_map(|it| Some(it.split_once(']')?.0));
    words.find_map(|word| match named(word, rules)? {
        Topic::Term(term) if !matches!(&*term.kind, "stage" | "diagnostic") => None,
        topic => Some((word, topic)),
    })
}

/// Reads standard input, unless a person would have to type it without being asked.
fn standard_input(arguments: &Arguments) -> Result<String, CheckError> {
    if arguments.topic.is_none() && io::stdin().is_terminal() {
        let help = "name a rule, a host or an exit code, or paste what was printed: \
                    secondcall explain < trace.txt";
        return Err(CheckError::usage(format!("nothing to explain: {help}")));
    }
    limited(io::stdin().lock(), "standard input")
}

/// The text of a file; `None` if there is no file with this name.
fn file(name: &str) -> Result<Option<String>, CheckError> {
    let path = Path::new(name);
    if name.contains('\n') || !path.is_file() {
        return Ok(None);
    }
    let file = File::open(path).map_err(|error| format!("cannot read {name}: {error}"))?;
    let text = limited(file, name)?;
    let (what, help) = match text.trim_start() {
        wasm if wasm.starts_with("\0asm") || wasm.starts_with('(') || wasm.starts_with(";;") => (
            "a component",
            format!("what it printed comes first: secondcall explain trace.txt {name}"),
        ),
        report if report.starts_with('{') && report.contains("\"secondcall-report\"") => {
            ("a saved report", format!("an id comes first: secondcall explain ID {name}"))
        }
        _ => return Ok(Some(text)),
    };
    Err(CheckError::usage(format!("{name} is {what}; {help}")))
}

fn limited(source: impl Read, name: &str) -> Result<String, CheckError> {
    let mut bytes = Vec::new();
    let read = source.take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("cannot read {name}: {error}"))?;
    if bytes.len() as u64 > LONGEST {
        let message = format!("{name} is longer than 4 MiB: cut out the part about one failure");
        return Err(CheckError::usage(message));
    }
    // PowerShell redirects as UTF-16.
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => {
            let pairs = rest.chunks_exact(2).map(|it| u16::from_le_bytes([it[0], it[1]]));
            String::from_utf16_lossy(&pairs.collect::<Vec<_>>())
        }
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    };
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// Explains a text that was printed when a call failed, from `file` if it is the name of one.
///
/// # Errors
/// If it is not known, and names no function of the component either.
fn failure(
    text: &str,
    file: Option<&str>,
    arguments: &Arguments,
    rules: &[&'static Rule],
) -> Result<Explanation, CheckError> {
    let mut trace = Trace::of(text);
    let mut causes = known::recognize(&trace);
    if causes.is_empty() && file.is_none() && text.lines().count() == 1 {
        // The name of a trap alone: `unreachable`.
        trace = Trace::of(&format!("wasm trap: {text}"));
        causes = known::recognize(&trace);
    }
    let input = component(&arguments.inputs, arguments.fetch.access())?;
    let places = match &input {
        Some(input) => {
            let component = failure::component(input)?;
            let text = input.text.as_deref().map(|it| (&*input.path, it));
            let shift = input.wrapping.as_ref().and_then(|it| it.shift);
            Places::of(&trace, &component, text, shift, findings(&arguments.inputs))
        }
        None => Places::without_component(&trace),
    };
    if causes.is_empty() && !places.frames.iter().any(|it| it.location.is_some()) {
        return Err(CheckError::usage(unknown(text, file, &trace, rules)));
    }
    let component = input.map(|input| input.path);
    Ok(Explanation::of(causes, places, &trace, component))
}

/// The findings in the code of a component, and those of earlier calls if their observation was kept.
fn findings(inputs: &[PathBuf]) -> Vec<Judged> {
    let mut request = Request { no_ignores: true, only_kept: true, ..Request::default() };
    let found = check::run(&request, inputs, None).or_else(|_| {
        // The configuration has errors, which are not what was asked for.
        request.no_config = true;
        check::run(&request, inputs, None)
    });
    let artifacts = found.map(|outcome| outcome.run.artifacts).unwrap_or_default();
    let reports = artifacts.into_iter().filter_map(|it| it.result.ok());
    reports.flat_map(|report| report.findings).collect()
}

/// The one component that `inputs` name, if any.
fn component(inputs: &[PathBuf], access: Access) -> Result<Option<Loaded>, CheckError> {
    if inputs.is_empty() {
        return Ok(None);
    }
    let found = inputs::find(inputs, access);
    match found.list.as_slice() {
        [] => Err(CheckError::NoInputs(found.nothing_found())),
        [input] => Ok(Some(alone::read(input))),
        list => Err(CheckError::usage(format!(
            "there are {} components: name the one that failed",
            list.len()
        ))),
    }
}

/// Why a topic cannot be explained.
fn unknown(text: &str, file: Option<&str>, trace: &Trace, rules: &[&'static Rule]) -> String {
    if let Some((word, _)) = reported(text, rules) {
        return format!("this is from a report of secondcall: secondcall explain {word}");
    }
    let topic = text.trim();
    let shown = Style::PLAIN.printable(topic.lines().next().unwrap_or_default(), TOPIC_LIMIT);
    if file.is_some() || topic.contains(char::is_whitespace) || !trace.frames.is_empty() {
        let name =
            file.map_or_else(|| format!("the text that begins with `{shown}`"), str::to_owned);
        let why = match trace.frames.is_empty() {
            false => {
                "with the component, its backtrace can be read: secondcall explain trace.txt app.wasm"
            }
            true => "data/failures.toml in secondcall's sources lists the texts that it knows",
        };
        return format!("secondcall does not know {name}: {why}");
    }
    if Path::new(topic).is_dir() {
        return format!("{shown} is a folder: name a file in it");
    }
    if topic.contains(['.', '/', '\\']) {
        return format!("there is no file {shown}");
    }
    let hosts = Profile::all().iter().map(|host| host.id.as_str());
    // Any other word of two characters is close to one of these.
    let words = terms::all().iter().map(|term| term.id.as_str()).filter(|id| id.len() > 2);
    let words = words.filter(|id| id.parse::<u8>().is_err());
    let all = rules.iter().map(|rule| rule.id).chain(hosts).chain(words);
    let help = nearest::did_you_mean(&topic.replace('-', "_"), all.clone());
    let help = if help.is_empty() { nearest::did_you_mean(topic, all) } else { help };
    let help = match (help.is_empty(), nearest_rule(topic, rules)) {
        (false, _) => help,
        (true, Some(id)) => format!("did you mean `{id}`?"),
        (true, None) => "`secondcall help explain` says what can be explained".to_owned(),
    };
    format!("there is nothing called `{shown}` to explain; {help}")
}

/// The rule that shares the most words with `topic`, if it shares any.
fn nearest_rule(topic: &str, rules: &[&'static Rule]) -> Option<&'static str> {
    let topic = topic.to_lowercase();
    let topic: Vec<_> = topic.split(|it: char| !it.is_alphanumeric()).collect();
    let shared = |rule: &&&'static Rule| {
        rule.id.split('_').filter(|word| word.len() > 2 && topic.contains(word)).count()
    };
    // The first of those that share the most.
    let best = rules.iter().rev().max_by_key(shared)?;
    (shared(&best) > 0).then_some(best.id)
}

/// Prints the finding with this id, from a saved report or by checking the inputs.
fn finding(
    id: &str,
    arguments: &Arguments,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> failure::Result {
    let is_report = |path: &PathBuf| path.extension().is_some_and(|it| it == "json");
    let has_it = |document: &Document| document.findings.iter().any(|it| it.id == id);
    if let [path] = arguments.inputs.as_slice()
        && is_report(path)
    {
        let document = render::saved(path)?;
        let binaries = render::binaries(&document);
        return show(id, &document, &binaries, arguments.format, rules, style, out);
    }
    if arguments.inputs.is_empty()
        && let Some(document) = last_report::kept().filter(&has_it)
    {
        let binaries = render::binaries(&document);
        return show(id, &document, &binaries, arguments.format, rules, style, out);
    }
    let here = [PathBuf::from(".")];
    let paths = if arguments.inputs.is_empty() { &here[..] } else { &arguments.inputs };
    // Most findings follow from the code or from calls that were made. Others need new calls.
    let access = arguments.fetch.access();
    let mut request = Request { no_ignores: true, only_kept: true, access, ..Request::default() };
    let quick = check::run(&request, paths, None)?;
    request.only_kept = false;
    let run = match has_it(&Document::of(&quick.run)) {
        true => quick.run,
        false => check::run(&request, paths, None)?.run,
    };
    let document = super::output::document(&run);
    show(id, &document, &Binaries::of(&run), arguments.format, rules, style, out)
}

fn show(
    id: &str,
    document: &Document,
    binaries: &Binaries<'_>,
    format: Format,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> failure::Result {
    let found: Vec<_> = document.findings.iter().filter(|it| it.id == id).collect();
    if found.is_empty() {
        let help = "name the component or the report that has it: secondcall explain ID app.wasm";
        return Err(CheckError::usage(format!("there is no finding {id} here; {help}")));
    }
    let rule_of = |finding: &document::Finding| rules.iter().find(|it| it.id == finding.rule);
    let mut written = found.iter().enumerate().try_for_each(|(at, finding)| match format {
        Format::Human => {
            if at > 0 {
                writeln!(out)?;
            }
            one_finding(document, finding, binaries, style, out)
        }
        Format::Json => {
            let rule = rule_of(finding).map(|rule| rules::Item::of(rule));
            let path = document.artifact(finding.artifact).map_or("", |it| &it.path).to_owned();
            let finding = Box::new((*finding).clone());
            let topic = Topic::Finding { finding, path, rule };
            Listing::of("secondcall-explanation", &topic).write(out)
        }
    });
    if let (Format::Human, Some(rule)) = (format, found.first().and_then(|it| rule_of(it))) {
        written = written.and_then(|()| text::how_to_fix(rule, style, out));
    }
    written.map(|()| ExitCode::Clean).map_err(unwritten)
}
