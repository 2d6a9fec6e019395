//! The names under which a component's modules import preview1. `wasi_snapshot_preview1` is only customary: who wraps a
//! module chooses the name.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::component::Component;
use crate::component::index_space::{ComponentId, CoreModuleId};

/// The imports of preview1 functions.
#[derive(Debug)]
pub(super) struct Services<'a> {
    home: FxHashMap<CoreModuleId, ComponentId>,
    // In the order of the modules: importing module, module name, functions.
    imports: Vec<(CoreModuleId, &'a str, BTreeSet<&'a str>)>,
}

impl<'a> Services<'a> {
    pub(super) fn of(component: &Component<'a>) -> Self {
        let home = component.core_modules.iter().map(|(id, module)| (id, module.home)).collect();
        let mut imports = Vec::new();
        for (id, module) in component.core_modules.iter() {
            let mut by_name: FxHashMap<&str, Option<BTreeSet<&str>>> = FxHashMap::default();
            for import in &module.imports {
                // A name provides preview1 if all its functions are preview1 functions.
                let fields = by_name.entry(import.module).or_insert_with(|| Some(BTreeSet::new()));
                match fields {
                    Some(fields) if is_preview1(import.field) => _ = fields.insert(import.field),
                    _ => *fields = None,
                }
            }
            let mut by_name: Vec<_> =
                by_name.into_iter().filter_map(|(name, fields)| Some((name, fields?))).collect();
            by_name.sort();
            imports.extend(by_name.into_iter().map(|(name, fields)| (id, name, fields)));
        }
        Services { home, imports }
    }

    /// The name under which other modules import the `exports` of `by`: the one with the most functions, of modules in
    /// the same component if there are any.
    pub(super) fn name(&self, by: CoreModuleId, exports: &[&str]) -> Option<&'a str> {
        let fits = self.imports.iter().filter(|(id, _, fields)| {
            *id != by && !fields.is_empty() && fields.iter().all(|field| exports.contains(field))
        });
        let rank = |id: &CoreModuleId, fields: &BTreeSet<_>| {
            (self.home.get(id) == self.home.get(&by), fields.len())
        };
        fits.rev().max_by_key(|(id, _, fields)| rank(id, fields)).map(|(_, name, _)| *name)
    }
}

/// Whether `name` is a function of preview1.
pub(super) fn is_preview1(name: &str) -> bool {
    PREVIEW1.binary_search(&name).is_ok()
}

/// The functions of `wasi_snapshot_preview1`, sorted.
const PREVIEW1: [&str; 46] = [
    "args_get",
    "args_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "environ_get",
    "environ_sizes_get",
    "fd_advise",
    "fd_allocate",
    "fd_close",
    "fd_datasync",
    "fd_fdstat_get",
    "fd_fdstat_set_flags",
    "fd_fdstat_set_rights",
    "fd_filestat_get",
    "fd_filestat_set_size",
    "fd_filestat_set_times",
    "fd_pread",
    "fd_prestat_dir_name",
    "fd_prestat_get",
    "fd_pwrite",
    "fd_read",
    "fd_readdir",
    "fd_renumber",
    "fd_seek",
    "fd_sync",
    "fd_tell",
    "fd_write",
    "path_create_directory",
    "path_filestat_get",
    "path_filestat_set_times",
    "path_link",
    "path_open",
    "path_readlink",
    "path_remove_directory",
    "path_rename",
    "path_symlink",
    "path_unlink_file",
    "poll_oneoff",
    "proc_exit",
    "proc_raise",
    "random_get",
    "sched_yield",
    "sock_accept",
    "sock_recv",
    "sock_send",
    "sock_shutdown",
];
