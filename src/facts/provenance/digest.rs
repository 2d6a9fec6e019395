//! Digests of function bodies that stay the same when wit-component embeds an adapter: it renumbers functions, types and
//! globals, removes unused ones, and adds code that allocates the stack.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use rustc_hash::FxHashSet;
use sha2::{Digest as _, Sha256};
use wasmparser::{BinaryReader, BlockType, FunctionBody, Operator};

use crate::component::core_module::{CoreModule, Extern};
use crate::component::index_space::{FuncIdx, Idx};

/// The first eight bytes of the SHA-256 of a normalised function body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(u64);

/// The digests of a module's function bodies.
#[derive(Debug, Clone, Default)]
pub struct Bodies {
    /// One digest per function body, in order, except functions that wit-component adds.
    pub digests: Vec<Digest>,
    /// Whether a body contains [`STATE_MAGIC`].
    pub state_magic: bool,
}

/// `u32::from_le_bytes(*b"ugh!")`: `State::magic1` and `magic2` of wasmtime's
/// `crates/wasi-preview1-component-adapter/src/lib.rs`.
pub const STATE_MAGIC: i32 = 560_490_357;

// The adapter's stack and state are one page each; see `PAGE_SIZE` in wit-component's `gc.rs`.
const PAGE: i32 = 65_536;
// Longest function that wit-component adds, in bytes of code.
const ADDED_MAX: usize = 160;

impl Bodies {
    /// Reads every function body of `module`, a module of `file`.
    pub fn of(file: &[u8], module: &CoreModule<'_>) -> Self {
        let defined = || {
            let all = module.functions.iter();
            all.filter_map(|(func, function)| Some((func, function.body.clone()?)))
        };
        let added: FxHashSet<FuncIdx> =
            defined().filter(|(_, body)| is_added(file, body)).map(|(func, _)| func).collect();
        let names = imported_names(module);
        let mut bodies = Bodies::default();
        for (func, range) in defined() {
            if !added.contains(&func) {
                let body = FunctionBody::new(reader(file, &range));
                // A malformed body has a digest that equals no known one.
                let digest = normalised(&body, &names, &added, &mut bodies.state_magic);
                bodies.digests.push(digest.unwrap_or(Digest(0)));
            }
        }
        bodies
    }
}

fn reader<'a>(file: &'a [u8], range: &Range<usize>) -> BinaryReader<'a> {
    BinaryReader::new(&file[range.clone()], range.start as u64)
}

// `realloc_via_memory_grow` grows a memory, which no adapter does itself; `allocate_stack` sets a
// global to what it allocated plus a page.
fn is_added(file: &[u8], range: &Range<usize>) -> bool {
    if range.len() > ADDED_MAX {
        return false;
    }
    let body = FunctionBody::new(reader(file, range));
    let Ok(operators) = body.get_operators_reader() else {
        return false;
    };
    let operators: Vec<_> = operators.into_iter().map_while(Result::ok).collect();
    let allocates = |window: &[Operator<'_>]| {
        matches!(
            window,
            [
                Operator::I32Const { value: PAGE },
                Operator::Call { .. },
                Operator::I32Const { value: PAGE },
                Operator::I32Add,
                Operator::GlobalSet { .. },
            ]
        )
    };
    operators.windows(5).any(allocates)
        || operators.iter().any(|it| matches!(it, Operator::MemoryGrow { .. }))
}

// The names of imported functions, without versions. The main module's allocator has none: it goes
// by several names, and wit-component writes one where the main module has none.
fn imported_names(module: &CoreModule<'_>) -> Vec<Option<String>> {
    let functions = module.imports.iter().filter(|it| matches!(it.item, Extern::Func(_)));
    let name = |module: &str, field: &str| {
        let allocates = field.contains("realloc") && !module.starts_with("wasi:");
        let interface = module.split_once('@').map_or(module, |(name, _)| name);
        (!allocates).then(|| format!("{interface}#{field}"))
    };
    functions.map(|it| name(it.module, it.field)).collect()
}

fn normalised(
    body: &FunctionBody<'_>,
    imported: &[Option<String>],
    added: &FxHashSet<FuncIdx>,
    state_magic: &mut bool,
) -> wasmparser::Result<Digest> {
    let mut hash = Sha256::new();
    for local in body.get_locals_reader()? {
        let (count, ty) = local?;
        hash.update(format!("{count} {ty};"));
    }
    let mut operators = body.get_operators_reader()?;
    let mut first = true;
    while !operators.eof() {
        let start = operators.original_position();
        let operator = operators.read()?;
        let stack_is_allocated = std::mem::take(&mut first)
            && matches!(operator, Operator::Call { function_index } if added.contains(&Idx::new(function_index)));
        if stack_is_allocated {
            continue;
        }
        *state_magic |= matches!(operator, Operator::I32Const { value: STATE_MAGIC });
        match operator {
            Operator::Call { function_index } => {
                hash.update(b"call ");
                match imported.get(function_index as usize) {
                    Some(Some(name)) => hash.update(name.as_bytes()),
                    _ => hash.update(b"*"),
                }
            }
            Operator::CallIndirect { .. } => hash.update(b"call_indirect"),
            Operator::GlobalGet { .. } => hash.update(b"global.get"),
            Operator::GlobalSet { .. } => hash.update(b"global.set"),
            Operator::Block { blockty: BlockType::FuncType(_) } => hash.update(b"block"),
            Operator::Loop { blockty: BlockType::FuncType(_) } => hash.update(b"loop"),
            Operator::If { blockty: BlockType::FuncType(_) } => hash.update(b"if"),
            // Linkers pad relocatable numbers; encoders do not.
            Operator::I32Const { value } => hash.update(format!("i32.const {value}")),
            Operator::I64Const { value } => hash.update(format!("i64.const {value}")),
            _ => {
                let base = body.range().start;
                let (start, end) = (start - base, operators.original_position() - base);
                hash.update(&body.as_bytes()[start as usize..end as usize]);
            }
        }
        hash.update(b";");
    }
    let hash = hash.finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    Ok(Digest(u64::from_be_bytes(first)))
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Digest)
    }
}
