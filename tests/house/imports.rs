//! The modules of `src` and what each names, from the syntax trees of its files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use syn::visit::{self, Visit};
use syn::{Attribute, File, ItemUse, Macro, Path, UseTree};

/// The path of a module from the crate's root: `["report", "text"]`.
pub(super) type Module = Vec<String>;

/// What the files of `src` declare and name.
pub(super) struct Imports {
    /// Each module with its file. `src/lib.rs` and `src/main.rs` are none.
    pub(super) modules: BTreeMap<Module, String>,
    /// Each module with the modules whose items it names outside its tests.
    pub(super) edges: BTreeMap<Module, BTreeSet<Module>>,
    /// Each file with the external crates it names outside its tests.
    pub(super) libraries: BTreeMap<String, BTreeSet<String>>,
    /// Each parent with its children in the order of their declarations.
    pub(super) children: BTreeMap<Module, Vec<String>>,
}

impl Imports {
    /// Parses `files`, paths below `src` from the repository's root.
    pub(super) fn of(files: &[String]) -> Self {
        let parse = |file: &String| {
            let text = fs::read_to_string(super::root().join(file)).unwrap();
            let tree = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
            (file.clone(), tree)
        };
        let trees: Vec<(String, File)> = files.iter().map(parse).collect();
        let is_module = |file: &str| !matches!(file, "src/lib.rs" | "src/main.rs");
        let modules: BTreeMap<_, _> = trees
            .iter()
            .filter(|(file, _)| is_module(file))
            .map(|(file, _)| (module(file), file.clone()))
            .collect();
        let mut imports = Imports {
            modules,
            edges: BTreeMap::new(),
            libraries: BTreeMap::new(),
            children: BTreeMap::new(),
        };
        for (file, tree) in &trees {
            let own = module(file);
            let declared = tree.items.iter().filter_map(|item| match item {
                syn::Item::Mod(item) if item.content.is_none() => Some(item.ident.to_string()),
                _ => None,
            });
            imports.children.entry(own.clone()).or_default().extend(declared);
            let mut names = Names::default();
            names.visit_file(tree);
            for path in names.paths {
                match imports.resolve(&own, &path) {
                    Some(Ok(to)) if to != own && is_module(file) => {
                        imports.edges.entry(own.clone()).or_default().insert(to);
                    }
                    Some(Err(library)) => {
                        imports.libraries.entry(file.clone()).or_default().insert(library);
                    }
                    _ => {}
                }
            }
        }
        imports
    }

    /// The module that a path in `own` leads to, or else the crate that it begins with.
    fn resolve(&self, own: &Module, path: &[String]) -> Option<Result<Module, String>> {
        let first = path.first()?;
        let mut from = match first.as_str() {
            "crate" => Module::new(),
            "self" => own.clone(),
            "super" => own[..own.len().saturating_sub(1)].to_vec(),
            name if self.modules.contains_key(&[&own[..], &[name.to_owned()]].concat()) => {
                [&own[..], &[name.to_owned()]].concat()
            }
            name => return Some(Err(name.to_owned())),
        };
        for step in &path[1..] {
            match step.as_str() {
                "super" => drop(from.pop()),
                step => from.push(step.to_owned()),
            }
        }
        // The rest of the path are items.
        while !from.is_empty() && !self.modules.contains_key(&from) {
            from.pop();
        }
        (!from.is_empty()).then_some(Ok(from))
    }
}

/// `src/report/text.rs` is the module `report::text`.
fn module(file: &str) -> Module {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    match path {
        "lib" | "main" => Module::new(),
        path => path.split('/').map(str::to_owned).collect(),
    }
}

/// Every path that a file names outside its tests.
#[derive(Default)]
struct Names {
    paths: Vec<Vec<String>>,
}

impl Names {
    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) => self.paths.push(with(name.ident.to_string())),
            UseTree::Rename(name) => self.paths.push(with(name.ident.to_string())),
            UseTree::Glob(_) => self.paths.push(before.to_vec()),
            UseTree::Group(group) => group.items.iter().for_each(|it| self.tree(before, it)),
        }
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if !is_test(&item.attrs) {
            self.tree(&[], &item.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast Path) {
        // A path of one step is a name in scope.
        if path.segments.len() > 1 {
            self.paths.push(path.segments.iter().map(|it| it.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        // What stands in a macro is not parsed: paths are found among its tokens.
        let text = item.tokens.to_string().replace(' ', "");
        for (at, _) in text.match_indices("crate::").chain(text.match_indices("super::")) {
            let rest = &text[at..];
            let end = rest.find(|it: char| !it.is_alphanumeric() && !matches!(it, '_' | ':'));
            let path = rest[..end.unwrap_or(rest.len())].split("::").map(str::to_owned);
            self.paths.push(path.filter(|it| !it.is_empty()).collect());
        }
        visit::visit_macro(self, item);
    }
}
