//! `secondcall inspect --fingerprint FILE...`: writes `data/adapters.toml` from published adapters.
//! See `docs/adapters.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::component::{Component, ReadError};
use crate::facts::provenance::Flavor;
use crate::facts::provenance::digest::{Bodies, Digest};
use crate::facts::provenance::releases::PUBLISHED;
use crate::facts::provenance::table::{AdapterTable, Interfaces, KnownBodies, Text};

/// Why no table of adapters can be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum FingerprintError {
    /// The name of a file does not contain release and flavor.
    #[error("{}: name it RELEASE-FLAVOR.wasm, such as 36.0.2-reactor.wasm, or PACKAGE-RELEASE-FLAVOR.wasm", .0.display())]
    Name(PathBuf),
    /// A file cannot be read, or the table cannot be written.
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
    /// A file is not a core module.
    #[error("{}: {source}", .path.display())]
    NotAModule { path: PathBuf, source: ReadError },
}

// The package that ships it, `None` for the published adapters; then the version as numbers, so that 9 sorts before 10.
type Release = (Option<String>, Vec<u32>);

const HEAD: &str = "\
# Function bodies and WASI interfaces of the preview1 adapters that are published on crates.io as
# wasi-preview1-component-adapter-provider (`releases`), and of those that other packages ship inside
# themselves (`carriers`). Read by src/facts/provenance/table.rs. Written by
# `secondcall inspect --fingerprint FILE...`; docs/adapters.md says how and when.

";

#[derive(Default)]
struct Seen {
    releases: BTreeSet<Release>,
    interfaces: BTreeMap<Release, BTreeSet<String>>,
    bodies: BTreeMap<Digest, BTreeSet<(Flavor, Release)>>,
}

/// Writes the table of the adapters in `files` to `out`, the same bytes for the same files in any
/// order. A file is a core module named `RELEASE-FLAVOR.wasm`, or `PACKAGE-RELEASE-FLAVOR.wasm` for one
/// that a package ships.
///
/// # Errors
/// When a file is misnamed, unreadable or no core module, or `out` cannot be written to.
pub(super) fn run(files: &[PathBuf], out: &mut dyn Write) -> Result<(), FingerprintError> {
    let mut seen = Seen::default();
    for path in files {
        let (release, flavor) = named(path).ok_or_else(|| FingerprintError::Name(path.clone()))?;
        let io = |source| FingerprintError::Io { path: path.clone(), source };
        let component = wrapped(&std::fs::read(path).map_err(io)?);
        let not_a_module = |source| FingerprintError::NotAModule { path: path.clone(), source };
        seen.add(&Component::read(&component).map_err(not_a_module)?, &release, flavor);
    }
    let io = |source| FingerprintError::Io { path: PathBuf::from("output"), source };
    out.write_all(HEAD.as_bytes()).and_then(|()| write(&seen.table(), out)).map_err(io)
}

fn named(path: &Path) -> Option<(Release, Flavor)> {
    let (name, flavor) = path.file_name()?.to_str()?.strip_suffix(".wasm")?.rsplit_once('-')?;
    let (package, release) = match name.rsplit_once('-') {
        Some((package, release)) => (Some(package.to_owned()), release),
        None => (None, name),
    };
    let numbers: Result<Vec<u32>, _> = release.split('.').map(str::parse).collect();
    let flavor = PUBLISHED.into_iter().find(|it| it.to_string() == flavor)?;
    Some(((package, numbers.ok()?), flavor))
}

// A component that holds nothing but the module, in section 1.
fn wrapped(module: &[u8]) -> Vec<u8> {
    let mut component = b"\0asm\x0d\0\x01\0\x01".to_vec();
    let mut size = module.len();
    while size >= 0x80 {
        component.push((size % 0x80) as u8 | 0x80);
        size /= 0x80;
    }
    component.push(size as u8);
    component.extend(module);
    component
}

impl Seen {
    fn add(&mut self, component: &Component<'_>, release: &Release, flavor: Flavor) {
        self.releases.insert(release.clone());
        for (_, module) in component.core_modules.iter() {
            for digest in Bodies::of(component.file, module).digests {
                self.bodies.entry(digest).or_default().insert((flavor, release.clone()));
            }
            let imports = module.imports.iter().map(|import| import.module);
            let exports = module.exports.iter().filter_map(|it| it.name.split_once('#'));
            let names = imports.chain(exports.map(|(interface, _)| interface));
            let names = names.filter(|name| name.starts_with("wasi:")).map(str::to_owned);
            self.interfaces.entry(release.clone()).or_default().extend(names);
        }
    }

    fn table(&self) -> AdapterTable {
        let mut by_names: BTreeMap<&BTreeSet<String>, BTreeSet<&Release>> = BTreeMap::new();
        for (release, names) in &self.interfaces {
            by_names.entry(names).or_default().insert(release);
        }
        let mut interfaces: Vec<_> = by_names.into_iter().collect();
        interfaces.sort_by(|a, b| a.1.cmp(&b.1));
        let interfaces = interfaces.into_iter().map(|(names, releases)| Interfaces {
            releases: self.runs(&releases),
            names: names.iter().cloned().map(Text::from).collect(),
        });

        let mut by_adapters: BTreeMap<&BTreeSet<(Flavor, Release)>, Vec<Digest>> = BTreeMap::new();
        for (digest, adapters) in &self.bodies {
            by_adapters.entry(adapters).or_default().push(*digest);
        }
        let bodies = by_adapters.into_iter().map(|(adapters, digests)| {
            let of = |flavor| {
                let releases = adapters.iter().filter(|(it, _)| *it == flavor);
                self.runs(&releases.map(|(_, release)| release).collect())
            };
            KnownBodies {
                command: of(Flavor::Command),
                reactor: of(Flavor::Reactor),
                proxy: of(Flavor::Proxy),
                digests: digests.iter().map(|it| it.to_string().into()).collect(),
            }
        });
        AdapterTable {
            releases: self.releases.iter().filter(|it| it.0.is_none()).map(spelled).collect(),
            carriers: self.releases.iter().filter(|it| it.0.is_some()).map(spelled).collect(),
            interfaces: interfaces.collect(),
            bodies: bodies.collect(),
        }
    }

    fn runs(&self, releases: &BTreeSet<&Release>) -> Vec<Text> {
        let mut runs: Vec<(&Release, &Release)> = Vec::new();
        let mut running = false;
        for release in &self.releases {
            let has = releases.contains(release);
            match runs.last_mut() {
                Some(run) if has && running && run.1.0 == release.0 => run.1 = release,
                _ if has => runs.push((release, release)),
                _ => {}
            }
            running = has;
        }
        let spell = |(first, last): (&Release, &Release)| match first == last {
            true => spelled(first),
            false => format!("{}..{}", spelled(first), spelled(last)).into(),
        };
        runs.into_iter().map(spell).collect()
    }
}

fn spelled((package, numbers): &Release) -> Text {
    let numbers = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
    (package.iter().map(|package| format!("{package} ")).collect::<String>() + &numbers).into()
}

fn write(table: &AdapterTable, out: &mut dyn Write) -> io::Result<()> {
    list(out, "releases", &table.releases)?;
    list(out, "carriers", &table.carriers)?;
    for group in &table.interfaces {
        writeln!(out, "\n[[interfaces]]")?;
        list(out, "releases", &group.releases)?;
        list(out, "names", &group.names)?;
    }
    for group in &table.bodies {
        writeln!(out, "\n[[bodies]]")?;
        list(out, "command", &group.command)?;
        list(out, "reactor", &group.reactor)?;
        list(out, "proxy", &group.proxy)?;
        list(out, "digests", &group.digests)?;
    }
    Ok(())
}

// A list of texts without quotes in them, in lines of about a hundred columns.
fn list(out: &mut dyn Write, key: &str, values: &[Text]) -> io::Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let flat = values.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>();
    if flat.iter().map(|it| it.len() + 2).sum::<usize>() + key.len() < 96 {
        return writeln!(out, "{key} = [{}]", flat.join(", "));
    }
    writeln!(out, "{key} = [")?;
    let mut column = 0;
    for value in flat {
        if column > 0 && column + value.len() > 94 {
            writeln!(out)?;
            column = 0;
        }
        write!(out, "{}{value},", if column == 0 { "    " } else { " " })?;
        column += value.len() + 2;
    }
    writeln!(out, "\n]")
}
