//! Contents of components as a CycloneDX 1.6 bill of materials. The same input gives the same bytes: no serial number, and
//! a time only if it is given.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use super::anatomy::{AdapterPart, Anatomy, ModulePart, Provider, ToolchainPart};
use super::document::Failure;
use crate::facts::roles::Role;
use crate::location::file_name;
use crate::report::json;

/// A bill of materials. Members are those of `bom-1.6.schema.json` of CycloneDX.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bom {
    bom_format: &'static str,
    spec_version: &'static str,
    version: u32,
    metadata: Metadata,
    components: Vec<Item>,
    dependencies: Vec<Dependency>,
}

#[derive(Serialize)]
struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<String>,
    tools: Tools,
    /// What the bill is about, if that is one file.
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<Item>,
}

#[derive(Serialize)]
struct Tools {
    components: Vec<Item>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Item {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bom_ref: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// `excluded` for what made the file and is not in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hashes: Vec<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Evidence>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    properties: Vec<Property>,
}

#[derive(Serialize)]
struct Hash {
    alg: &'static str,
    content: String,
}

#[derive(Serialize)]
struct Evidence {
    identity: Vec<Identity>,
}

/// How sure it is that a field has its value.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Identity {
    field: &'static str,
    confidence: f64,
    concluded_value: String,
    methods: Vec<Method>,
}

#[derive(Serialize)]
struct Method {
    technique: &'static str,
    confidence: f64,
    value: String,
}

#[derive(Serialize)]
struct Property {
    name: String,
    value: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(rename = "ref")]
    of: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<String>,
}

impl Bom {
    /// The bill of the files that could be read. `time` is that of its making, in RFC 3339.
    pub(super) fn of(
        results: impl Iterator<Item = (String, Result<Anatomy, Failure>)>,
        time: Option<String>,
    ) -> Self {
        let files: Vec<_> =
            results.filter_map(|(path, result)| Some((path, result.ok()?))).collect();
        let tool = Item {
            kind: "application",
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            ..Item::default()
        };
        let mut bom = Bom {
            bom_format: "CycloneDX",
            spec_version: "1.6",
            version: 1,
            metadata: Metadata {
                timestamp: time,
                tools: Tools { components: vec![tool] },
                component: None,
            },
            components: Vec::new(),
            dependencies: Vec::new(),
        };
        let is_alone = files.len() == 1;
        for (number, (path, anatomy)) in files.into_iter().enumerate() {
            let names = Names { file: format!("file-{number}") };
            let file = names.of_file(&path, &anatomy);
            match is_alone {
                true => bom.metadata.component = Some(file),
                false => bom.components.push(file),
            }
            let modules = anatomy.core_modules.iter();
            bom.components.extend(modules.map(|it| names.of_module(it, &anatomy.adapters)));
            bom.components.extend(anatomy.toolchains.iter().map(|it| names.of_toolchain(it)));
            bom.dependencies.extend(names.dependencies(&anatomy));
        }
        bom
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        json::indented(self, out)
    }
}

/// The references of the parts of one file.
struct Names {
    file: String,
}

impl Names {
    fn module(&self, number: u32) -> String {
        format!("{}/core-module-{number}", self.file)
    }

    fn of_file(&self, path: &str, anatomy: &Anatomy) -> Item {
        let mut properties = vec![property("path", path), property("bytes", anatomy.bytes)];
        if let Some(wrapped) = &anatomy.wrapped {
            properties.push(property("core-module-bytes", wrapped.bytes));
        }
        for (field, values) in &anatomy.producers {
            properties.extend(values.iter().map(|it| property(&format!("producers:{field}"), it)));
        }
        properties.extend(anatomy.imports.iter().map(|it| property("import", &it.name)));
        properties.extend(anatomy.exports.iter().map(|it| property("export", &it.name)));
        Item {
            kind: "application",
            mime_type: Some("application/wasm"),
            bom_ref: Some(self.file.clone()),
            name: file_name(path).to_owned(),
            hashes: sha256(&anatomy.sha256),
            properties,
            ..Item::default()
        }
    }

    /// A core module; an adapter with its release, and how sure that is.
    fn of_module(&self, module: &ModulePart, adapters: &[AdapterPart]) -> Item {
        let number = module.core_module;
        let adapter = adapters.iter().find(|it| it.core_module == number);
        let mut properties = vec![
            property("core-module", number),
            property("bytes", module.bytes),
            property("offset", module.offset),
        ];
        if let Some(role) = module.role {
            properties.push(property("role", role_word(role)));
        }
        for (field, values) in &module.producers {
            properties.extend(values.iter().map(|it| property(&format!("producers:{field}"), it)));
        }
        let own = || module.name.clone().filter(|it| !it.is_empty());
        let item = Item {
            kind: "library",
            mime_type: Some("application/wasm"),
            bom_ref: Some(self.module(number)),
            name: own().unwrap_or_else(|| format!("core module {number}")),
            hashes: sha256(&module.sha256),
            ..Item::default()
        };
        let Some(adapter) = adapter else { return Item { properties, ..item } };
        properties.push(property("adapter:flavor", &adapter.flavor));
        if let Some(releases) = &adapter.releases {
            properties.push(property("adapter:first-release", &releases.first));
            properties.push(property("adapter:last-release", &releases.last));
        }
        let matched = &adapter.matched;
        properties.push(property(
            "adapter:matched-functions",
            format!("{} of {}", matched.functions, matched.of),
        ));
        Item {
            name: format!("{} ({} adapter)", adapter.name, adapter.flavor),
            version: version(adapter),
            description: adapter.origin.clone(),
            evidence: evidence(adapter),
            properties,
            ..item
        }
    }

    /// A program that took part in making the file, and is not in it.
    fn of_toolchain(&self, toolchain: &ToolchainPart) -> Item {
        let is_declared = toolchain.seen.starts_with("producers:");
        Item {
            kind: "application",
            bom_ref: Some(format!("{}/toolchain-{}", self.file, toolchain.name)),
            name: toolchain.name.clone(),
            version: toolchain.version.clone(),
            scope: Some("excluded"),
            properties: vec![
                property("known-by", if is_declared { "declared" } else { "inferred" }),
                property("seen", &toolchain.seen),
            ],
            ..Item::default()
        }
    }

    /// The file needs its modules, and a module those that fill its imports.
    fn dependencies(&self, anatomy: &Anatomy) -> Vec<Dependency> {
        let mut needed: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for module in &anatomy.core_modules {
            needed.entry(module.core_module).or_default();
        }
        for instance in &anatomy.core_instances {
            let of = needed.entry(instance.core_module).or_default();
            of.extend(instance.imports.iter().filter_map(|it| match it.source.provider {
                Provider::Core { core_module, .. } => Some(core_module),
                _ => None,
            }));
            of.remove(&instance.core_module);
        }
        let of_file = Dependency {
            of: self.file.clone(),
            depends_on: needed.keys().map(|it| self.module(*it)).collect(),
        };
        let of_modules = needed.iter().map(|(of, on)| Dependency {
            of: self.module(*of),
            depends_on: on.iter().map(|it| self.module(*it)).collect(),
        });
        [of_file].into_iter().chain(of_modules).collect()
    }
}

fn property(name: &str, value: impl ToString) -> Property {
    Property { name: format!("secondcall:{name}"), value: value.to_string() }
}

fn sha256(digest: &str) -> Vec<Hash> {
    vec![Hash { alg: "SHA-256", content: digest.to_owned() }]
}

fn role_word(role: Role) -> String {
    // The word of the JSON format.
    let word = serde_json::to_value(role).ok();
    word.and_then(|it| it.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The release, if it can be only one.
fn version(adapter: &AdapterPart) -> Option<String> {
    let releases = adapter.releases.as_ref()?;
    (releases.first == releases.last).then(|| releases.first.clone())
}

/// How sure the release is: the share of functions that are those of a published one.
fn evidence(adapter: &AdapterPart) -> Option<Evidence> {
    let releases = adapter.releases.as_ref().filter(|_| adapter.matched.of > 0)?;
    let (functions, of) = (adapter.matched.functions, adapter.matched.of);
    let confidence = (f64::from(functions) / f64::from(of) * 1000.0).round() / 1000.0;
    let releases = match version(adapter) {
        Some(release) => release,
        None => format!("{} to {}", releases.first, releases.last),
    };
    let value = format!("{functions} of {of} functions are those of wasmtime's release {releases}");
    let methods = vec![Method { technique: "hash-comparison", confidence, value }];
    let field = "version";
    Some(Evidence {
        identity: vec![Identity { field, confidence, concluded_value: releases, methods }],
    })
}
