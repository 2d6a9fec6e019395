//! Finds embedded preview1 adapters by structure, not by name: modules without a memory of their own that implement
//! preview1 functions with WASI 0.2 imports.

use std::collections::BTreeSet;

use super::digest::Bodies;
use super::flavor::Flavor;
use super::releases::{Fit, Releases};
use super::service::{Services, is_preview1};
use crate::component::Component;
use crate::component::core_module::{CoreModule, Extern};
use crate::component::index_space::CoreModuleId;

/// An embedded preview1 adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// The module.
    pub module: CoreModuleId,
    /// The module name that it provides: `wasi_snapshot_preview1`, or another if its importers use another.
    pub name: String,
    /// The flavor.
    pub flavor: Flavor,
    /// First and last published release that it can be, by version; `None` if none, or if too few of its function bodies
    /// are known.
    pub releases: Option<(String, String)>,
    /// Its origin otherwise: the packages that ship the same adapter, or what its WASI interfaces suggest if too few of
    /// its bodies are known. Continues the words "preview1 adapter".
    pub origin: Option<String>,
    /// Function bodies equal to those of the most similar release, and all function bodies except those that
    /// wit-component adds. They differ after an optimizer or if the release is not published.
    pub matched: (u32, u32),
}

/// Further exports of the published adapters.
const BESIDES: [&str; 6] = [
    "adapter_close_badfd",
    "adapter_monotonic_clock_set_paused",
    "adapter_open_badfd",
    "cabi_export_realloc",
    "cabi_import_realloc",
    "reset_adapter_state",
];

/// Interfaces that the proxy adapter does not import, without versions; see the feature `proxy` of
/// wasmtime's `crates/wasi-preview1-component-adapter`.
const NOT_IN_PROXY: [&str; 4] =
    ["wasi:cli/environment", "wasi:cli/exit", "wasi:cli/terminal-", "wasi:filesystem/"];

/// Functions that need one of [`NOT_IN_PROXY`] in every other flavor.
const NEEDS_MORE_THAN_PROXY: [&str; 9] = [
    "args_get",
    "args_sizes_get",
    "environ_get",
    "environ_sizes_get",
    "fd_close",
    "fd_read",
    "fd_write",
    "path_open",
    "proc_exit",
];

/// Every embedded adapter, in the order of the modules.
pub(super) fn find(component: &Component<'_>) -> Vec<Adapter> {
    let mut services: Option<Services<'_>> = None;
    let mut adapters = Vec::new();
    for (id, module) in component.core_modules.iter() {
        let functions: Vec<&str> = exported(module).filter(|name| is_preview1(name)).collect();
        let runs = exported(module).any(is_run);
        if functions.is_empty() && !runs {
            continue;
        }
        let services = services.get_or_insert_with(|| Services::of(component));
        let service = services.name(id, &functions);
        let adapter = match published(component, module, &functions, runs) {
            Some(known) => Some(known),
            None if service.is_some() && !functions.is_empty() => Some(Match::library(module)),
            None => None,
        };
        if let Some(known) = adapter {
            let name = service.or_else(|| debug_name(module)).unwrap_or("wasi_snapshot_preview1");
            adapters.push(Adapter {
                module: id,
                name: name.to_owned(),
                flavor: known.flavor,
                releases: known.releases,
                origin: known.origin,
                matched: known.matched,
            });
        }
    }
    adapters
}

struct Match {
    flavor: Flavor,
    releases: Option<(String, String)>,
    origin: Option<String>,
    matched: (u32, u32),
}

impl Match {
    fn library(module: &CoreModule<'_>) -> Self {
        let bodies = module.functions.len() - module.imported_funcs();
        let bodies = u32::try_from(bodies).unwrap_or(u32::MAX);
        Match { flavor: Flavor::Library, releases: None, origin: None, matched: (0, bodies) }
    }
}

/// Fewest function bodies that identify a release. wit-component keeps more of a published adapter; fewer may match by
/// chance.
const FEWEST_BODIES: u32 = 8;

// The match of a module with the published adapters; `None` if it is none of them.
fn published(
    component: &Component<'_>,
    module: &CoreModule<'_>,
    functions: &[&str],
    runs: bool,
) -> Option<Match> {
    if !has_published_shape(module) {
        return None;
    }
    let bodies = Bodies::of(component.file, module);
    let flavors: &[Flavor] =
        if runs { &[Flavor::Command] } else { &[Flavor::Reactor, Flavor::Proxy] };
    let releases = Releases::known();
    let interfaces = interfaces(module);
    let mut fits = releases.fits(flavors, &bodies.digests, &interfaces);
    let imports = |field: &str| {
        module.imports.iter().any(|it| it.module == "__main_module__" && it.field == field)
    };
    let matched = fits.iter().map(|fit| fit.matched).max().unwrap_or(0);
    let total = u32::try_from(bodies.digests.len()).unwrap_or(u32::MAX);
    let known = if runs { imports("_start") } else { bodies.state_magic || 2 * matched > total };
    if !known {
        return None;
    }
    let flavor = flavor(module, functions, runs, &fits, total);
    fits.retain(|fit| flavor == Flavor::ReactorOrProxy || fit.flavor == flavor);
    let matched = fits.iter().map(|fit| fit.matched).max().unwrap_or(0);
    fits.retain(|fit| fit.matched == matched);
    let (range, origin) = if total < FEWEST_BODIES {
        (None, None)
    } else if 10 * matched < 9 * total {
        // Small bodies may be equal by chance. If the others are unknown, after an optimizer or in an unpublished
        // release, only the interfaces identify it.
        (None, Some(releases.hint(&interfaces)))
    } else {
        (releases.range(&fits), releases.carriers(&fits).map(|it| format!("as shipped in {it}")))
    };
    Some(Match { flavor, releases: range, origin, matched: (matched, total) })
}

fn flavor(
    module: &CoreModule<'_>,
    functions: &[&str],
    runs: bool,
    fits: &[Fit],
    total: u32,
) -> Flavor {
    if runs {
        return Flavor::Command;
    }
    let beyond_proxy = |name: &str| NOT_IN_PROXY.iter().any(|it| name.starts_with(it));
    if module.imports.iter().any(|it| beyond_proxy(it.module)) {
        return Flavor::Reactor;
    }
    let matched = |flavor| fits.iter().find(|fit| fit.flavor == flavor).map_or(0, |it| it.matched);
    let (reactor, proxy) = (matched(Flavor::Reactor), matched(Flavor::Proxy));
    if reactor != proxy && 2 * reactor.max(proxy) > total {
        return if proxy > reactor { Flavor::Proxy } else { Flavor::Reactor };
    }
    if functions.iter().any(|name| NEEDS_MORE_THAN_PROXY.contains(name)) {
        return Flavor::Proxy;
    }
    Flavor::ReactorOrProxy
}

// The published adapters have no memory, table elements or data: wit-component's `gc.rs` refuses adapters that do. They
// import only WASI, the main module and its memory.
fn has_published_shape(module: &CoreModule<'_>) -> bool {
    let is_known = |name: &str| is_preview1(name) || is_run(name) || BESIDES.contains(&name);
    let is_memory = |item| matches!(item, Extern::Memory(_));
    module.data.is_empty()
        && module.elements.is_empty()
        && module.memories.iter().all(|(_, memory)| memory.imported)
        && exported(module).all(is_known)
        && module.imports.iter().all(|it| match it.module {
            "env" => is_memory(it.item),
            "__main_module__" => true,
            name => name.starts_with("wasi:"),
        })
}

fn interfaces<'a>(module: &CoreModule<'a>) -> Vec<&'a str> {
    let imports = module.imports.iter().map(|it| it.module).filter(|it| it.starts_with("wasi:"));
    let run =
        exported(module).filter(|name| is_run(name)).filter_map(|name| name.split('#').next());
    imports.chain(run).collect::<BTreeSet<_>>().into_iter().collect()
}

fn exported<'m, 'a>(module: &'m CoreModule<'a>) -> impl Iterator<Item = &'a str> + 'm {
    let functions = module.exports.iter().filter(|it| matches!(it.item, Extern::Func(_)));
    functions.map(|it| it.name)
}

fn is_run(name: &str) -> bool {
    name.starts_with("wasi:cli/run") && name.ends_with("#run")
}

fn debug_name<'a>(module: &CoreModule<'a>) -> Option<&'a str> {
    module.name?.strip_prefix("wit-component:adapter:")
}
