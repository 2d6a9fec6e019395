//! The component as its bytes declare it. Infers nothing and judges nothing; only reading can fail.

pub mod index_space;
pub mod canonical;
pub mod core_module;
pub mod definition;
pub mod value_types;
pub mod wit;
pub mod world;
mod claims;
mod core_sections;
mod handles;
mod component_sections;
mod instruction;
pub(crate) mod layout;
pub(crate) mod validity;
mod read;
mod resource_names;
pub(crate) mod wrap;

use rustc_hash::FxHashMap;

use crate::location::{Location, Span};
use core_module::CoreModule;
use definition::{Definition, Item};
use index_space::{ComponentId, CoreModuleId, IndexSpace};
use world::WorldFunction;

/// A component with everything nested in it.
#[derive(Debug)]
pub struct Component<'a> {
    /// The whole file.
    pub file: &'a [u8],
    /// Every core module, at any depth, in file order.
    pub core_modules: IndexSpace<CoreModuleId, CoreModule<'a>>,
    /// Every component definition, at any depth, in file order; the root is the first.
    pub definitions: IndexSpace<ComponentId, Definition<'a>>,
    /// Every function that the root imports.
    pub imports: Vec<WorldFunction>,
    /// Every function that the root exports.
    pub exports: Vec<WorldFunction>,
    /// Whether functions are missing from these lists: shared types can stand for more of them than any machine holds.
    pub omits_functions: bool,
}

/// Why a component cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file is a core module.
    #[error(
        "this is a core module, not a component: wrap it with `wasm-tools component new` first"
    )]
    CoreModule,
    /// The file does not begin with `\0asm`.
    #[error("this is not WebAssembly: a component begins with `\\0asm`")]
    NotWasm,
    /// The file uses a draft of the component model's binary format.
    #[error(
        "this component uses draft encoding {0:#x} of the binary format (today's is 0xd): \
         rebuild it with newer tools"
    )]
    DraftEncoding(u16),
    /// The file is malformed or uses an unknown feature.
    #[error("{message}")]
    Malformed {
        /// Offset in the file, in bytes.
        offset: u64,
        /// The error.
        message: String,
    },
}

impl ReadError {
    /// Offset of the error in the file, in bytes.
    pub fn offset(&self) -> u64 {
        match self {
            ReadError::NotWasm => 0,
            ReadError::CoreModule | ReadError::DraftEncoding(_) => 4,
            ReadError::Malformed { offset, .. } => *offset,
        }
    }
}

impl<'a> Component<'a> {
    /// The root's definition.
    pub fn root(&self) -> &Definition<'a> {
        let (_, root) = self.definitions.iter().next().expect("a read component has a root");
        root
    }

    /// The component around each nested one.
    pub fn parents(&self) -> FxHashMap<ComponentId, ComponentId> {
        let mut parents = FxHashMap::default();
        for (id, definition) in self.definitions.iter() {
            let nested = definition.items.iter().filter_map(|item| match item {
                Item::Component(nested) => Some(*nested),
                _ => None,
            });
            parents.extend(nested.map(|nested| (nested, id)));
        }
        parents
    }

    /// The location of the whole component.
    pub fn location(&self) -> Location {
        Location { path: Vec::new(), span: self.span() }
    }

    /// The bytes of the whole file.
    pub fn span(&self) -> Span {
        Span::new(0, self.file.len() as u64)
    }
}
